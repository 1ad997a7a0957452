use super::*;
use crate::describe::whole;
use crate::read::Read;
use serde_json::json;

fn fields() -> Vec<Field> {
    whole(Read::read(&json!([
        {"path": "provider", "kind": "choice", "default": "vault"},
        {"path": "aws", "kind": "provider", "default": {}, "when": {"path": "provider", "is": "aws"}, "fields": [
            {"path": "region", "kind": "text"},
            {"path": "@login", "kind": "ways", "required": true, "default": "auth.jwt", "choices": [
                {"value": "auth.jwt"}, {"value": "auth.secretRef"}, {"value": "."}]},
            {"path": "auth.jwt.name", "kind": "name", "when": {"path": "@login", "is": "auth.jwt"}},
            {"path": "auth.secretRef.name", "kind": "name", "when": {"path": "@login", "is": "auth.secretRef"}},
            {"path": "sessionTags[].key", "kind": "text"},
            {"path": "days", "kind": "integer"}
        ]},
        {"path": "vault.server", "default": "https://vault", "when": {"path": "provider", "is": "vault"}},
        {"path": "vault.namespace"},
        {"path": "vault.auth.method", "default": "kubernetes"},
        {"path": "vault.auth.token.key", "default": "token", "when": {"path": "vault.auth.method", "is": "token"}},
        {"path": "prune", "kind": "switch", "default": true},
        {"path": "replicas", "kind": "count", "default": 1},
        {"path": "existing", "kind": "texts", "default": []},
        {"path": "headers", "kind": "map", "default": {}},
        {"path": "stores", "kind": "items", "default": [], "items": [
            {"path": "name"},
            {"path": "provider", "kind": "choice", "default": "vault"},
            {"path": "aws", "kind": "provider", "default": {}, "when": {"path": "provider", "is": "aws"}},
            {"path": "conditions", "kind": "items", "default": [], "items": [{"path": "namespaces", "kind": "texts", "default": []}]}
        ]}
    ])))
}

fn config(edits: &[(&str, Value)]) -> Config {
    let mut config = Config::default();
    for (path, value) in edits {
        config.set(path, value.clone());
    }
    config
}

fn sent(edits: &[(&str, Value)]) -> Value {
    serde_json::from_str(&config(edits).json(&fields())).unwrap_or_default()
}

#[test]
fn only_what_differs_is_sent() {
    assert_eq!(Config::default().json(&fields()), "{}");
    let edits = [("vault.namespace", json!("team")), ("vault.server", json!("https://v")), ("prune", json!(true))];
    assert_eq!(config(&edits).json(&fields()), r#"{"vault":{"server":"https://v","namespace":"team"}}"#);
}

#[test]
fn a_field_that_does_not_apply_is_not_sent() {
    assert_eq!(sent(&[("vault.auth.token.key", json!("t"))]), json!({}));
    let edits = [("vault.auth.token.key", json!("t")), ("vault.auth.method", json!("token"))];
    assert_eq!(sent(&edits), json!({"vault": {"auth": {"method": "token", "token": {"key": "t"}}}}));
}

#[test]
fn drafts_are_not_sent() {
    assert_eq!(
        sent(&[("existing", json!(["a", "", "b"])), ("headers", json!([["", "x"]]))]),
        json!({"existing": ["a", "b"]})
    );
    assert_eq!(sent(&[("headers", json!([["x.y", "1"], ["", ""]]))]), json!({"headers": {"x.y": "1"}}));
}

#[test]
fn items_are_sent_however_little_they_say() {
    let mut config = Config::default();
    assert_eq!(config.add("stores"), 0);
    assert_eq!(config.add("stores"), 1);
    config.set("stores[1].name", json!("b"));
    assert_eq!(config.add("stores[1].conditions"), 0);
    config.set("stores[1].conditions[0].namespaces", json!(["x"]));
    let second = json!({"name": "b", "conditions": [{"namespaces": ["x"]}]});
    assert_eq!(config.json(&fields()), json!({"stores": [{}, second]}).to_string());
    config.remove("stores", 0);
    assert_eq!(config.json(&fields()), json!({"stores": [second]}).to_string());
    config.remove("stores", 7);
    config.remove("stores", 0);
    assert_eq!(config.json(&fields()), "{}");
}

#[test]
fn of_several_ways_the_chosen_one_is_there_and_no_other() {
    let aws = ("provider", json!("aws"));
    let region = ("aws.region", json!("eu"));
    assert_eq!(sent(std::slice::from_ref(&aws)), json!({"provider": "aws"}));
    let base = [aws, region, ("aws.auth.jwt.name", json!("a"))];
    let with = |more: &[(&str, Value)]| sent(&[&base, more].concat())["aws"].clone();
    assert_eq!(with(&[]), json!({"region": "eu", "auth": {"jwt": {"name": "a"}}}));
    assert_eq!(with(&[("aws.@login", json!("auth.secretRef"))]), json!({"region": "eu", "auth": {"secretRef": {}}}));
    assert_eq!(with(&[("aws.@login", json!("."))])["auth"]["jwt"], Value::Null);
    assert_eq!(sent(&base[1..]), json!({}), "another provider's settings do not apply");
}

#[test]
fn a_whole_config_comes_back_as_it_was() {
    let fields = fields();
    let aws = |auth: Value| json!({"region": "eu", "auth": auth, "sessionTags": [{"key": "k"}], "days": 7, "caBundle": {"x": 1}});
    let configs = [
        json!({"provider": "aws", "aws": aws(json!({"jwt": {"name": "a", "more": "b"}}))}),
        json!({"provider": "aws", "aws": {"region": "eu"}}),
        json!({"stores": [{"name": "s", "provider": "aws", "aws": aws(json!({"secretRef": {"name": "a"}}))}]}),
        json!({"replicas": 3, "existing": ["a"], "headers": {"x.y": "1"}, "prune": false}),
    ];
    for config in configs {
        let json = Config::of(config.clone(), &fields).json(&fields);
        assert_eq!(serde_json::from_str::<Value>(&json).ok(), Some(config));
    }
}

#[test]
fn a_row_of_a_map_is_edited_in_its_place() {
    let fields = fields();
    let mut config = Config::of(json!({"headers": {"a": "1", "b": "2"}}), &fields);
    config.set("headers[1][1]", json!("3"));
    config.set("headers[2]", json!(["", ""]));
    config.set("headers[2][0]", json!("c.d"));
    config.remove("headers", 0);
    assert_eq!(config.json(&fields), json!({"headers": {"b": "3", "c.d": ""}}).to_string());
}

#[test]
fn what_is_typed_has_the_type_of_its_field() {
    let fields = fields();
    let field = |path: &str| fields.iter().find(|field| field.path == path).cloned().unwrap_or_default();
    assert_eq!(typed("", &field("vault.namespace")), Value::Null, "an emptied optional field is absent");
    assert_eq!(typed("", &field("vault.server")), json!(""));
    assert_eq!(typed("3", &field("replicas")), json!(3));
    assert_eq!(typed("three", &field("replicas")), json!("three"), "the plugin says what is wrong with it");
    assert_eq!(typed("007", &field("vault.namespace")), json!("007"));
}

#[test]
fn a_problem_has_its_spot() {
    let mut config = config(&[("stores[0].provider", json!("aws")), ("stores[0].aws.region", json!("eu"))]);
    config.add("stores[0].conditions");
    let spot = |problem: &str| config.spot(&fields(), problem);
    let found = |path: &str, items: &[&str]| Spot {
        path: path.to_owned(),
        items: items.iter().map(|item| (*item).to_owned()).collect(),
    };
    assert_eq!(spot("vault.server"), found("vault.server", &[]));
    assert_eq!(spot("stores"), found("stores", &[]));
    assert_eq!(spot("stores[0]"), found("stores[0].name", &["stores[0]"]), "an item as a whole is said at its name");
    assert_eq!(spot("stores[0].aws.region"), found("stores[0].aws.region", &["stores[0]"]));
    assert_eq!(spot("stores[0].aws.auth"), found("stores[0].aws.@login", &["stores[0]"]));
    assert_eq!(spot("stores[0].aws.unknown"), found("stores[0].aws", &["stores[0]"]));
    let inner = "stores[0].conditions[0]";
    assert_eq!(spot(&format!("{inner}.namespaces[1]")), found(&format!("{inner}.namespaces"), &["stores[0]", inner]));
    assert_eq!(spot(""), Spot::default());
    assert_eq!(spot("vault.auth.token.key"), Spot::default(), "it is not shown");
}
