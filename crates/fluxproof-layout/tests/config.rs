//! The config: its description, its defaults, and what is said of mistakes.

#![expect(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

#[expect(unreachable_pub, dead_code, reason = "each test file takes what it needs")]
mod support;

use fluxproof_layout::{
    Layout, LayoutProblem, default_config, fields, fields_json, presets, presets_json, read, schema, validate,
};
use serde_json::Value;
use std::collections::BTreeSet;

fn problems(config: &str) -> Vec<LayoutProblem> {
    read(config.as_bytes()).expect_err(config)
}

/// Field, line and column of each problem.
fn places(config: &str) -> Vec<(String, Option<u32>, Option<u32>)> {
    problems(config).into_iter().map(|problem| (problem.field, problem.line, problem.column)).collect()
}

#[test]
fn an_empty_config_is_the_default() {
    for config in
        ["", "{}", "---\n", "# nothing\n", "vault:\n", "vault: {auth: }", "store: {name: null}", "{\"vault\": {}}"]
    {
        assert_eq!(support::layout(config), Layout::default(), "{config}");
    }
    assert_eq!(support::layout(default_config()), Layout::default());
    assert_eq!(validate(&Layout::default()), []);
}

#[test]
fn every_field_has_its_default() {
    let paths: BTreeSet<&str> = fields().iter().map(|field| field.path).collect();
    assert_eq!(paths.len(), fields().len(), "a path is there twice");
    let layout = Layout::default();
    for field in fields() {
        let value = layout.root().get(field.path).cloned().unwrap_or_default();
        assert_eq!(value, field.default_value(), "{}", field.path);
    }
    assert_eq!(layout.differences(), serde_json::Map::new());
}

/// The default layout with what a field's condition asks for.
fn where_it_counts(field: &fluxproof_layout::Field) -> Layout {
    let Some(when) = field.when else { return Layout::default() };
    let other = fields().iter().find(|other| other.path == when.path).expect("a field");
    let mut layout = where_it_counts(other);
    layout.set(when.path, when.is);
    layout
}

#[test]
fn every_choice_can_be_taken_and_no_other() {
    for field in fields().iter().filter(|field| !field.choices.is_empty()) {
        let mut layout = where_it_counts(field);
        for choice in field.choices {
            layout.set(field.path, choice.value);
            assert!(validate(&layout).iter().all(|problem| problem.field != field.path || field.path == "crds.source"));
        }
        layout.set(field.path, "kubernets");
        let wrong = validate(&layout);
        let wrong = wrong.iter().find(|problem| problem.field == field.path).expect(field.path);
        assert!(wrong.help.as_deref().is_some_and(|help| help.starts_with("write one of ")), "{wrong:?}");
    }
}

#[test]
fn fields_are_described() {
    for field in fields() {
        assert!(!field.label.is_empty() && !field.group.is_empty() && field.help.ends_with('.'), "{}", field.path);
        assert_eq!(field.choices.is_empty(), field.kind.name() != "choice", "{}", field.path);
        if let Some(when) = field.when {
            let other = fields().iter().find(|other| other.path == when.path).expect(field.path);
            assert!(other.choices.iter().any(|choice| choice.value == when.is), "{}", field.path);
        }
    }
    let json: Value = serde_json::from_str(&fields_json()).expect("JSON");
    assert_eq!(json.as_array().map(Vec::len), Some(fields().len()));
    assert_eq!(json[0]["path"], "provider");
    assert_eq!(json[0]["kind"], "choice");
}

#[test]
fn every_preset_is_valid_and_says_only_what_differs() {
    let json: Value = serde_json::from_str(&presets_json()).expect("JSON");
    for (index, preset) in presets().iter().enumerate() {
        let layout = read(preset.config.as_bytes()).unwrap_or_else(|problems| panic!("{}: {problems:?}", preset.name));
        let config: Value = serde_json::from_str(preset.config).expect(preset.name);
        assert_eq!(Value::Object(layout.differences()), config, "{}", preset.name);
        assert_eq!((&json[index]["config"], json[index]["name"].as_str()), (&config, Some(preset.name)));
    }
}

#[test]
fn the_schema_has_every_field_and_no_other() {
    let schema: Value = serde_json::from_str(&schema()).expect("JSON");
    let mut found = 0;
    let mut open = vec![&schema];
    while let Some(at) = open.pop() {
        match at.get("properties").and_then(Value::as_object) {
            Some(properties) => {
                assert_eq!(at["additionalProperties"], false);
                open.extend(properties.values());
            }
            None => found += 1,
        }
    }
    assert_eq!(found, fields().len());
    for field in fields() {
        let pointer = format!("/properties/{}", field.path.replace('.', "/properties/"));
        let at = schema.pointer(&pointer).expect(field.path);
        assert_eq!(at["default"], field.default_value());
        assert_eq!(at["description"], field.help);
    }
    assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
}

/// As much of JSON Schema as the schema uses; what it says of defaults must hold of the default config.
#[test]
fn the_schema_accepts_the_default_config() {
    let schema: Value = serde_json::from_str(&schema()).expect("JSON");
    let config: Value = serde_yaml::from_str(default_config()).expect("YAML");
    let mut open = vec![(&schema, &config)];
    while let Some((schema, value)) = open.pop() {
        let kind = match value {
            Value::Object(_) => "object",
            Value::Null => "null",
            Value::Bool(_) => "boolean",
            Value::Number(_) => "integer",
            Value::Array(_) => "array",
            Value::String(_) => "string",
        };
        assert!(schema["type"].as_array().expect("types").iter().any(|known| known == kind), "{value}");
        if let Some(allowed) = schema.get("enum").and_then(Value::as_array) {
            assert!(allowed.contains(value), "{value}");
        }
        for (key, value) in value.as_object().into_iter().flatten() {
            open.push((schema["properties"].get(key).unwrap_or_else(|| panic!("{key}")), value));
        }
    }
}

#[test]
fn all_mistakes_are_found_at_once_each_at_its_place() {
    let config = "\
cluster: ../prod
version: 1.3.0
vault:
  server: vault.example.com:8200
  sever: https://vault
  version: 2
  auth:
    method: kubernets
timeouts: {helmRelease: 5m, operator: 5m}
store: [vault]
";
    let expected = [
        ("cluster", 1, 10),
        ("version", 2, 10),
        ("vault.server", 4, 11),
        ("vault.sever", 5, 3),
        ("vault.version", 6, 12),
        ("vault.auth.method", 8, 13),
        ("timeouts.operator", 9, 39),
        ("store", 10, 8),
    ];
    let expected: Vec<_> = expected.map(|(field, line, column)| (field.to_owned(), Some(line), Some(column))).into();
    assert_eq!(places(config), expected);
    let helps: Vec<String> = problems(config).into_iter().filter_map(|problem| problem.help).collect();
    assert_eq!(helps.len(), expected.len(), "each says what to do: {helps:#?}");
    assert!(helps.iter().any(|help| help == "did you mean server?"));
}

#[test]
fn a_span_is_the_bytes_of_the_value() {
    let config = "# ä\nvault: {server: \"ftp://vault\", path: ä}\n";
    let problem = problems(config).remove(0);
    let (start, end) = problem.span.expect("a span");
    assert_eq!(&config[start as usize..end as usize], "\"ftp://vault\"");
}

#[test]
fn json_is_read_too() {
    let config =
        "{\n\t\"vault\": {\n\t\t\"server\": \"https://vault.internal:8200\",\n\t\t\"nmespace\": \"a\"\n\t}\n}\n";
    assert_eq!(places(config), [("vault.nmespace".to_owned(), Some(4), Some(3))]);
    assert_eq!(support::layout(&config.replace("nmespace", "namespace")).root().text("vault.namespace"), "a");
}

#[test]
fn texts_that_are_no_configs_are_refused() {
    for (config, message) in [
        ("- a", "not a mapping"),
        ("text", "not a mapping"),
        ("a: [", "broken YAML"),
        ("cluster: a\ncluster: b\n", "twice"),
        ("cluster: a\n---\ncluster: b\n", "second document"),
        ("version: 2.10", "a number, not a text"),
        ("cluster: [a]", "a list, not a text"),
        ("cluster: true", "true or false, not a text"),
        ("vault: *a", "unknown anchor"),
        ("clusters: a", "a text, not a list"),
        ("clusterz: a", "no field"),
    ] {
        assert!(problems(config)[0].message.contains(message), "{config}: {:?}", problems(config));
    }
    let problem = read(b"cluster: \xff").expect_err("refused").remove(0);
    assert_eq!(
        (problem.message.as_str(), problem.line, problem.column),
        ("the config is not UTF-8", Some(1), Some(10))
    );
}

#[test]
fn windows_and_byte_order_marks_are_read() {
    let config = "\u{feff}cluster: prod\r\nvault:\r\n  sever: a\r\n";
    assert_eq!(places(config), [("vault.sever".to_owned(), Some(3), Some(3))]);
    assert_eq!(support::layout(&config.replace("sever: a", "path: kv")).root().text("vault.path"), "kv");
}

#[test]
fn anchors_and_merge_keys_work() {
    let config = "embed: {kustomization: &name apps}\nstore: {name: *name}\n";
    assert_eq!(support::layout(config).root().text("store.name"), "apps");
}

#[test]
fn a_deep_or_exploding_config_is_only_wrong() {
    let deep = format!("vault: {}1{}", "[".repeat(100_000), "]".repeat(100_000));
    assert!(read(deep.as_bytes()).is_err());
    let mut bomb = String::from("a0: &a0 [x, x]\n");
    for level in 1..40 {
        bomb.push_str(&format!("a{level}: &a{level} [*a{0}, *a{0}]\n", level - 1));
    }
    assert!(read(bomb.as_bytes()).is_err());
}

#[test]
fn fields_that_contradict_each_other_are_refused() {
    for (config, field) in [
        ("timeouts: {operator: 5m}", "timeouts.operator"),
        ("timeouts: {helmRelease: 1h}", "timeouts.operator"),
        (
            "vault: {auth: {method: appRole, appRole: {roleIdKey: id, secretIdKey: id}}}",
            "vault.auth.appRole.secretIdKey",
        ),
        ("vault: {auth: {kubernetes: {serviceAccount: default}}}", "vault.auth.kubernetes.serviceAccount"),
        ("vault: {ca: {source: bundle}}", "vault.ca.bundle"),
        ("namespaces: {operator: flux-system}", "namespaces.operator"),
        ("repository: {name: external-secrets}", "repository.name"),
        ("{mode: embed, embed: {kustomization: external-secrets-crs}}", "embed.kustomization"),
        ("{bootstrap: fluxInstance, repository: {namespace: sources}}", "repository.namespace"),
        ("{vault: {auth: {method: token}}, sops: {secret: vault-token}}", "sops.secret"),
        ("{store: {kind: SecretStore}}", "store.namespace"),
        ("{mode: embed, namespaces: {flux: flux}}", "embed.kustomization"),
        ("{serviceAccount: {annotations: {a b: c}}}", "serviceAccount.annotations.a b"),
        ("{vault: {headers: {a b: c}}}", "vault.headers.a b"),
        ("{serviceAccount: {annotations: {-/a: c}}}", "serviceAccount.annotations.-/a"),
        ("{version: 0.16.1, monitoring: {grafanaDashboard: true}}", "monitoring.grafanaDashboard"),
        ("{store: {conditions: [{}]}}", "store.conditions[0]"),
        ("{stores: [{provider: aws, aws: {service: SecretsManager, region: a}}]}", "stores[0].name"),
        ("{stores: [{name: vault}]}", "stores[0].name"),
        ("{provider: aws, aws: {service: SecretManager, region: eu-central-1}}", "aws.service"),
        (
            "{vault: {auth: {method: ldap}}, store: {credential: {source: externalSecret, store: other, key: a}}}",
            "store.credential.store",
        ),
        ("{crds: {source: vendored}}", "crds.source"),
        ("{clusters: [{name: demo}]}", "clusters[0].name"),
        ("{clusters: [{name: b, values: {store.name: a}}]}", "clusters[0].values.store.name"),
        ("{applications: [{name: a, store: b}]}", "applications[0].store"),
        ("{applications: [{name: a, kind: ClusterExternalSecret}]}", "applications[0].namespaceLabels"),
    ] {
        let found = problems(config);
        assert_eq!(found.iter().map(|problem| &*problem.field).collect::<Vec<_>>(), [field], "{config}: {found:?}");
    }
}

#[test]
fn fields_of_a_choice_that_is_not_taken_do_not_count() {
    for config in [
        "vault: {auth: {token: {secret: NOT A NAME}}}",
        "embed: {kustomization: external-secrets-crs}",
        "{mode: embed, cluster: ../x}",
        "chart: {oci: {url: nonsense}}",
    ] {
        assert!(read(config.as_bytes()).is_ok(), "{config}");
    }
}
