//! Every provider of External Secrets: what is accepted, what is refused, how it is written.

#![expect(clippy::panic, reason = "a test fails by panicking")]

use fluxproof_layout::provider::{FormKind, form, json_schema, yaml_with};
use fluxproof_layout::provider::{Scope, StoreKind, check, needs, providers, render, sample, title, yaml};
use serde_json::{Value, json};

const ACCEPTED: &str = include_str!("providers/accepted.tsv");
const REFUSED: &str = include_str!("providers/refused.tsv");
const KINDS: [StoreKind; 2] = [StoreKind::ClusterSecretStore, StoreKind::SecretStore];

fn scope(kind: StoreKind, version: &str) -> Scope<'_> {
    Scope { kind, namespace: "external-secrets", version }
}

fn cluster() -> Scope<'static> {
    scope(StoreKind::ClusterSecretStore, "2.9.0")
}

fn rows(table: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    table.lines().filter(|line| !line.starts_with('#')).map(|line| line.split('\t').collect())
}

fn section(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// Every section that is valid: the samples, and the table.
fn accepted() -> Vec<(&'static str, &'static str, Value)> {
    let samples = providers().into_iter().map(|provider| (provider, "2.9.0", sample(provider)));
    samples.chain(rows(ACCEPTED).map(|row| (row[0], row[1], section(row[2])))).collect()
}

#[test]
fn there_are_43_with_a_title_and_a_sample() {
    assert_eq!(providers().len(), 43);
    for provider in providers() {
        assert!(!title(provider).is_empty(), "{provider}");
        assert!(sample(provider).as_object().is_some_and(|sample| !sample.is_empty()), "{provider}");
    }
}

#[test]
fn what_is_valid_is_accepted_and_so_is_its_rendering() {
    for (provider, version, section) in accepted() {
        for kind in KINDS {
            let scope = scope(kind, version);
            assert_eq!(check(provider, &section, &scope), [], "{provider} {section}");
            let rendered = render(provider, &section, &scope);
            assert_eq!(check(provider, &rendered, &scope), [], "{provider} {rendered}");
            assert_eq!(render(provider, &rendered, &scope), rendered, "{provider}");
        }
    }
}

#[test]
fn what_the_operator_would_refuse_is_refused_at_its_place_and_nowhere_else() {
    for row in rows(REFUSED) {
        let [provider, kind, at, text] = row[..] else { panic!("{row:?}") };
        for own in KINDS.into_iter().filter(|own| kind == "-" || kind == format!("{own:?}")) {
            let issues = check(provider, &section(text), &scope(own, "2.9.0"));
            assert!(issues.iter().any(|issue| issue.path == at), "{provider} {text}: {issues:?}");
            for issue in &issues {
                let near = issue.path.starts_with(at) || at.starts_with(&issue.path);
                assert!(near, "{provider} {text}: {issues:?}");
                assert!(!issue.message.is_empty() && !issue.help.is_empty(), "{issue:?}");
                assert!(!issue.message.ends_with('.'), "{issue:?}");
            }
        }
    }
}

#[test]
fn a_row_that_is_refused_in_one_kind_of_store_is_accepted_in_the_other() {
    for row in rows(REFUSED).filter(|row| row[1] == "SecretStore") {
        assert_eq!(check(row[0], &section(row[3]), &cluster()), [], "{row:?}");
    }
}

/// Every value below one, with where it is.
fn places(value: &Value, at: &str, out: &mut Vec<String>) {
    let mut below = |key: String, value: &Value| {
        let at = format!("{at}/{key}");
        out.push(at.clone());
        places(value, &at, out);
    };
    match value {
        Value::Object(map) => map.iter().for_each(|(key, value)| below(key.clone(), value)),
        Value::Array(items) => items.iter().enumerate().for_each(|(place, value)| below(place.to_string(), value)),
        _ => {}
    }
}

fn places_of(section: &Value) -> Vec<String> {
    let mut out = vec![String::new()];
    places(section, "", &mut out);
    out
}

/// `/data/0/key` as an issue has it.
fn dotted(pointer: &str) -> String {
    let mut out = String::new();
    for key in pointer.split('/').filter(|key| !key.is_empty()) {
        match key.parse::<usize>() {
            Ok(place) => out.push_str(&format!("[{place}]")),
            Err(_) if out.is_empty() => out.push_str(key),
            Err(_) => out.push_str(&format!(".{key}")),
        }
    }
    out
}

#[test]
fn an_unknown_field_is_refused_everywhere() {
    for (provider, version, section) in accepted() {
        for pointer in places_of(&section) {
            let mut broken = section.clone();
            let Some(Value::Object(map)) = broken.pointer_mut(&pointer) else { continue };
            if pointer.ends_with("aders") || pointer.ends_with("aults") || pointer.ends_with("Tags") {
                continue;
            }
            map.insert("nmae".to_owned(), json!("a"));
            let at = dotted(&format!("{pointer}/nmae"));
            let issues = check(provider, &broken, &scope(StoreKind::ClusterSecretStore, version));
            assert!(issues.iter().any(|issue| issue.path == at), "{provider} {broken}: {issues:?}");
        }
    }
}

#[test]
fn a_value_of_another_type_is_refused_everywhere() {
    for (provider, version, section) in accepted() {
        for pointer in places_of(&section) {
            let mut broken = section.clone();
            let value = broken.pointer_mut(&pointer).expect("a value");
            *value = if value.is_array() { json!({"a": 1}) } else { json!([1.5]) };
            let at = dotted(&pointer);
            let issues = check(provider, &broken, &scope(StoreKind::ClusterSecretStore, version));
            assert!(issues.iter().any(|issue| issue.path == at), "{provider} {broken}: {issues:?}");
        }
    }
}

#[test]
fn what_a_sample_has_is_there_for_a_reason_or_free() {
    let mut refused = 0;
    for provider in providers() {
        let section = sample(provider);
        for field in form(provider).into_iter().filter(|field| field.required && !field.path.starts_with('@')) {
            let pointer = format!("/{}", field.path.replace("[]", ".0").replace('.', "/"));
            let (parent, key) = pointer.rsplit_once('/').expect("a slash");
            let mut broken = section.clone();
            let Some(Value::Object(map)) = broken.pointer_mut(parent) else { continue };
            if map.remove(key).is_some() {
                let issues = check(provider, &broken, &cluster());
                let (at, above) = (dotted(&pointer), dotted(parent));
                let told = issues.iter().any(|issue| issue.path == at || issue.path == above);
                assert!(told, "{provider} without {}: {issues:?}", field.path);
                refused += 1;
            }
        }
    }
    assert!(refused > 120, "{refused}");
}

#[test]
fn a_wrong_choice_is_refused() {
    let mut refused = 0;
    for (provider, version, section) in accepted() {
        for field in form(provider).into_iter().filter(|field| field.kind == FormKind::Choice) {
            let pointer = format!("/{}", field.path.replace('.', "/"));
            let mut broken = section.clone();
            let Some(value) = broken.pointer_mut(&pointer) else { continue };
            *value = json!("nonsense");
            let issues = check(provider, &broken, &scope(StoreKind::ClusterSecretStore, version));
            let issue = issues.iter().find(|issue| issue.path == field.path).expect(&field.path);
            assert!(field.choices.iter().all(|choice| issue.help.contains(&choice.value)), "{issue:?}");
            refused += 1;
        }
    }
    assert!(refused > 20, "{refused}");
}

#[test]
fn a_typo_is_told_from_what_was_meant() {
    for (provider, section, at, help) in [
        ("aws", json!({"regoin": "a"}), "regoin", "did you mean region?"),
        ("aws", json!({"serviceAccountRef": {}}), "serviceAccountRef", "did you mean auth.jwt.serviceAccountRef?"),
        ("gitlab", json!({"auth": {"secretRef": {}}}), "auth.secretRef", "did you mean SecretRef?"),
        ("conjur", json!({"auth": {"zzzzzzzzz": {}}}), "auth.zzzzzzzzz", "the fields here are apikey, cert and jwt"),
        (
            "doppler",
            json!({"token": "a"}),
            "token",
            "the fields here are auth, config, format, nameTransformer and project",
        ),
    ] {
        let issues = check(provider, &section, &cluster());
        let issue = issues.iter().find(|issue| issue.path == at).expect(at);
        assert_eq!(issue.help, help);
    }
    let unknown = check("awss", &json!({}), &cluster());
    assert_eq!(
        (unknown[0].message.as_str(), unknown[0].help.as_str()),
        ("there is no provider \"awss\"", "did you mean aws?")
    );
}

#[test]
fn all_mistakes_are_found_at_once() {
    let section =
        json!({"service": "S3", "regoin": "a", "auth": {"jwt": {"serviceAccountRef": {"name": "A_B"}}}, "prefix": 1});
    let paths: Vec<String> = check("aws", &section, &cluster()).into_iter().map(|issue| issue.path).collect();
    assert_eq!(paths, ["service", "regoin", "auth.jwt.serviceAccountRef.name", "prefix"]);
}

#[test]
fn what_came_later_is_refused_with_the_version_that_has_it() {
    let old = |version| scope(StoreKind::ClusterSecretStore, version);
    for (provider, version, text, at, hint) in [
        ("ngrok", "0.20.1", "{}", "", "use 0.20.2"),
        ("alibaba", "1.0.0", "{}", "", "another provider"),
        (
            "pulumi",
            "2.4.0",
            r#"{"organization": "a", "project": "b", "environment": "c", "auth": {"nonsense": 1}}"#,
            "auth",
            "use 2.5.0",
        ),
        (
            "pulumi",
            "2.4.1",
            r#"{"organization": "a", "project": "b", "environment": "c"}"#,
            "accessToken",
            "use External Secrets 2.5.0",
        ),
        ("doppler", "1.1.1", r#"{"auth": {"oidcConfig": {}}}"#, "auth.secretRef", "1.2.0"),
        ("aws", "2.7.0", r#"{"service": "CertificateManager", "region": "eu-central-1"}"#, "service", "use 2.8.0"),
        ("webhook", "0.20.3", r#"{"url": "https://a"}"#, "result", "0.20.4"),
    ] {
        let issues = check(provider, &section(text), &old(version));
        let issue = issues.iter().find(|issue| issue.path == at).expect(at);
        assert!(issue.help.contains(hint), "{issues:?}");
    }
    assert_eq!(check("webhook", &json!({"url": "https://a"}), &old("0.20.4")), []);
    for (provider, version, section) in accepted().into_iter().filter(|(_, version, _)| *version != "0.16.1") {
        assert_eq!(check(provider, &section, &old("2.10.0")), [], "{provider} {version}");
    }
}

/// A row's version is the first that takes it: the release before refuses it.
#[test]
fn a_section_is_refused_by_the_version_before_the_one_that_has_it() {
    for row in rows(ACCEPTED).filter(|row| row[1] != "0.16.1" && !["volcengine", "dvls"].contains(&row[0])) {
        let (rest, patch) = row[1].rsplit_once('.').expect("a version");
        let before = match patch.parse::<u32>().expect("a number") {
            0 => "0.16.1".to_owned(),
            patch => format!("{rest}.{}", patch - 1),
        };
        assert!(!check(row[0], &section(row[2]), &scope(StoreKind::SecretStore, &before)).is_empty(), "{row:?}");
    }
}

#[test]
fn a_cluster_store_says_where_everything_is() {
    let rendered = render("kubernetes", &sample("kubernetes"), &cluster());
    assert_eq!(rendered["auth"]["serviceAccount"]["namespace"], "external-secrets");
    assert_eq!(rendered["server"]["caProvider"]["namespace"], "external-secrets");
    let own = json!({"auth": {"serviceAccount": {"name": "a", "namespace": "external-secrets"}}});
    let rendered = render("kubernetes", &own, &scope(StoreKind::SecretStore, "2.9.0"));
    assert_eq!(rendered, json!({"auth": {"serviceAccount": {"name": "a"}}}));
    let rendered = render(
        "openBao",
        &json!({"server": "https://a", "path": null, "auth": {"userPass": {"username": "a"}}}),
        &cluster(),
    );
    assert_eq!(rendered, json!({"auth": {"userPass": {"path": "userpass", "username": "a"}}, "server": "https://a"}));
}

#[test]
fn needs_are_what_the_store_names() {
    let found = needs("webhook", &sample("webhook"), &cluster());
    assert_eq!(found.secrets.len(), 1);
    assert_eq!(
        (found.secrets[0].name.as_str(), found.secrets[0].namespace.as_str()),
        ("webhook-credentials", "external-secrets")
    );
    assert_eq!(found.secrets[0].labels, [("external-secrets.io/type", "webhook")]);
    let found = needs("akeyless", &sample("akeyless"), &cluster());
    assert_eq!(found.secrets[0].keys, ["access-id", "access-type", "access-type-param"]);
    let found = needs("aws", &sample("aws"), &cluster());
    assert_eq!(found.accounts[0].annotations, ["eks.amazonaws.com/role-arn"]);
    let found = needs("doppler", &json!({"auth": {"secretRef": {"dopplerToken": {"name": "a"}}}}), &cluster());
    assert_eq!(found.secrets[0].keys, ["dopplerToken"]);
    let found = needs("bitwardensecretsmanager", &sample("bitwardensecretsmanager"), &cluster());
    assert_eq!(found.chart_values, [("bitwarden-sdk-server.enabled", "true")]);
    let found = needs("kubernetes", &sample("kubernetes"), &cluster());
    assert_eq!(found.config_maps[0].name, "kube-root-ca.crt");
    assert_eq!(found.accounts[0].name, "external-secrets-reader");
    assert_eq!(needs("nonsense", &json!({}), &cluster()), fluxproof_layout::provider::Needs::default());
}

#[test]
fn yaml_is_what_was_rendered() {
    for (provider, version, section) in accepted() {
        let rendered = render(provider, &section, &scope(StoreKind::ClusterSecretStore, version));
        let text = yaml(&rendered, 6, false);
        let read: Value = serde_yaml::from_str(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
        assert_eq!(read, rendered, "{text}");
        assert!(text.lines().all(|line| line.starts_with("      ") && line.trim_end() == line), "{text}");
    }
}

/// Texts that would leave a scalar that is not written with care.
const HOSTILE: &[&str] = &[
    "a: b",
    "- a",
    "#a",
    "a\n  b: c",
    "\"",
    "'",
    "${A}",
    "$${A}",
    "\u{2028}",
    "yes",
    "1e3",
    "",
    " ",
    "{{ .a }}",
    "*a",
    "a\\",
    "\t",
    "&a b",
];

#[test]
fn no_text_leaves_its_scalar() {
    for hostile in HOSTILE {
        let mut value = json!({"headers": {}, "list": [], "items": [{"a": [], "b": {}}]});
        value["headers"][*hostile] = json!(hostile);
        value["list"] = json!([hostile, [hostile], {}, {"a": hostile}]);
        value["items"][0]["a"] = json!([hostile]);
        let read: Value = serde_yaml::from_str(&yaml(&value, 2, false)).expect(hostile);
        assert_eq!(read, value, "{hostile:?}");
        let substituted = yaml(&value, 2, true).replace("$$", "$");
        let read: Value = serde_yaml::from_str(&substituted).expect(hostile);
        assert_eq!(read, value, "{hostile:?}");
        assert!(!yaml(&value, 2, true).replace("$$", "").contains("${"), "{hostile:?}");
    }
}

#[test]
fn a_variable_stands_where_the_caller_wants_it() {
    let value = json!({"a": {"b": "c"}, "d": [{"e": "f"}, "g"]});
    let raw = |path: &str| {
        ["a.b", "d[0].e", "d[1]"]
            .contains(&path)
            .then(|| format!("${{{}}}", path.replace(['.', '['], "_").replace(']', "")))
    };
    assert_eq!(yaml_with(&value, 0, true, &raw), "a:\n  b: ${a_b}\nd:\n  - e: ${d_0_e}\n  - ${d_1}\n");
}

/// As much of JSON Schema as the schema uses.
fn fits(schema: &Value, value: &Value) -> bool {
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    let known = |list: &Value, value: &Value| list.as_array().is_none_or(|list| list.contains(value));
    let has = |name: &Value| value.get(name.as_str().unwrap_or_default()).is_some();
    let required =
        |schema: &Value| schema["required"].as_array().is_none_or(|names| value.is_null() || names.iter().all(has));
    let inside = value.as_object().into_iter().flatten().all(|(key, value)| match &schema["properties"][key] {
        Value::Null => schema["additionalProperties"].is_object() && fits(&schema["additionalProperties"], value),
        own => fits(own, value),
    });
    let one = schema["oneOf"].as_array().is_none_or(|of| of.iter().filter(|schema| required(schema)).count() == 1);
    let items = value.as_array().into_iter().flatten().all(|item| fits(&schema["items"], item));
    known(&schema["type"], &json!(kind)) && known(&schema["enum"], value) && required(schema) && inside && one && items
}

#[test]
fn the_json_schema_takes_what_is_valid_and_refuses_what_is_unknown() {
    for (provider, _, section) in accepted() {
        let schema = json_schema(provider);
        assert!(fits(&schema, &section), "{provider} {section}");
        assert!(!fits(&schema, &json!({"nonsense": 1})) && !fits(&schema, &json!([])), "{provider}");
        assert!(schema["title"].is_string() && schema["description"].is_string(), "{provider}");
    }
    for provider in providers() {
        for field in form(provider) {
            assert!(field.json()["path"] == json!(field.path) && field.json()["kind"].is_string());
        }
    }
}

#[test]
fn sections_that_are_no_sections_are_only_wrong() {
    for value in
        [json!(null), json!([]), json!("a"), json!(1), json!({"auth": {"auth": []}}), json!({"data": [[], null, 1]})]
    {
        for provider in providers().into_iter().chain(["", "nonsense", "$secretKey"]) {
            let issues = check(provider, &value, &cluster());
            assert!(provider == "gcpsm" && value.is_null() || !issues.is_empty(), "{provider} {value}");
            drop(needs(provider, &value, &cluster()));
            drop(yaml(&render(provider, &value, &cluster()), 0, true));
        }
    }
}

#[test]
fn the_rendered_vault_store_is_one() {
    let config = |text: &str| fluxproof_layout::render(&fluxproof_layout::read(text.as_bytes()).expect(text));
    for text in [
        "",
        "vault: {auth: {method: token}}",
        "vault: {namespace: a, auth: {method: appRole}}",
        "vault: {version: v1, ca: {source: configMap}}",
        "vault: {ca: {source: secret}}",
    ] {
        let tree = config(text).expect("a tree");
        let file =
            tree.files.iter().find(|file| file.path.as_str().ends_with("clusterSecretStore.yaml")).expect("the store");
        let store: Value = serde_yaml::from_str(&file.text).expect("YAML");
        assert_eq!(check("vault", &store["spec"]["provider"]["vault"], &cluster()), [], "{}", file.text);
    }
}

#[test]
fn forms_have_words_and_conditions_that_can_hold() {
    for provider in providers() {
        let fields = form(provider);
        for (place, field) in fields.iter().enumerate() {
            let context = format!("{provider}: {}", field.path);
            assert!(!field.label.is_empty() && !field.label.starts_with(' '), "{context}");
            assert!(!fields[..place].iter().any(|other| other.path == field.path), "{context} is there twice");
            assert_eq!(field.choices.is_empty(), !["choice", "ways"].contains(&field.kind.name()), "{context}");
            if let Some(when) = &field.when {
                let other = fields[..place].iter().find(|other| other.path == when.path);
                let other = other.unwrap_or_else(|| panic!("{context}: {} comes later", when.path));
                assert!(other.choices.iter().any(|choice| choice.value == when.is), "{context}: {when:?}");
            }
        }
    }
}
