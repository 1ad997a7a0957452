//! What holds of sections that nobody would write.

use fluxproof_layout::provider::{Scope, StoreKind, check, form, needs, providers, render, sample, yaml};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

const KEYS: &[&str] = &[
    "auth",
    "secretRef",
    "name",
    "key",
    "namespace",
    "value",
    "data",
    "server",
    "url",
    "region",
    "serviceAccountRef",
    "caProvider",
    "type",
    "vaults",
    "headers",
    "secrets",
    "result",
    "path",
    "a b",
    "${x}",
    "",
    "kubernetes",
    "jwt",
    "appRole",
    "audiences",
];

fn scalar() -> impl Strategy<Value = Value> {
    prop_oneof![
        any::<Option<bool>>().prop_map(|value| json!(value)),
        any::<i64>().prop_map(|value| json!(value)),
        "\\PC{0,8}".prop_map(|value| json!(value)),
        "[a-z]{1,4}(\\$\\{[A-Z]\\})?\n?".prop_map(|value| json!(value)),
    ]
}

fn value() -> impl Strategy<Value = Value> {
    scalar().prop_recursive(5, 24, 4, |inner| {
        let entry = (prop::sample::select(KEYS), inner.clone());
        prop_oneof![
            prop::collection::vec(inner, 0..3).prop_map(Value::from),
            prop::collection::vec(entry, 0..5).prop_map(|entries| {
                let map: Map<String, Value> = entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
                Value::Object(map)
            }),
        ]
    })
}

/// A valid section with another value somewhere.
fn broken(provider: &str, place: usize, value: Value) -> Value {
    let mut section = sample(provider);
    let fields: Vec<String> =
        form(provider).into_iter().map(|field| field.path).filter(|path| !path.starts_with('@')).collect();
    let path = &fields[place % fields.len()];
    let mut at = &mut section;
    for key in path.split('.').map(|key| key.trim_end_matches("[]")).take(1 + place % 4) {
        let Value::Object(map) = at else { return section };
        at = map.entry(key).or_insert_with(|| json!({}));
    }
    *at = value;
    section
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(256) })]

    #[test]
    fn nothing_panics_and_what_is_written_reads_back(
        number in 0usize..43, place in 0usize..400, value in value(), cluster: bool, substituted: bool,
    ) {
        let provider = providers()[number];
        let kind = if cluster { StoreKind::ClusterSecretStore } else { StoreKind::SecretStore };
        let scope = Scope { kind, namespace: "external-secrets", version: "2.9.0" };
        for section in [value.clone(), broken(provider, place, value)] {
            let issues = check(provider, &section, &scope);
            let rendered = render(provider, &section, &scope);
            prop_assert_eq!(&render(provider, &rendered, &scope), &rendered);
            let text = yaml(&rendered, 4, substituted);
            let arrived = if substituted { text.replace("$$", "$") } else { text.clone() };
            let read: Value = serde_yaml::from_str(&arrived).map_err(|error| TestCaseError::fail(format!("{error}\n{text}")))?;
            prop_assert_eq!(read, rendered.clone(), "{}", text);
            if issues.is_empty() {
                prop_assert_eq!(check(provider, &rendered, &scope), vec![]);
                let needs = needs(provider, &section, &scope);
                prop_assert!(needs.secrets.iter().all(|need| !need.name.is_empty() && !need.namespace.is_empty()));
            }
        }
    }
}
