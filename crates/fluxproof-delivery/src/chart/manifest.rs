//! Objects from what templates print, and from the files of `crds/`.

use super::content::{ChartDefinition, ChartObject, Detail, Presence, Rule, Scope, Stage, Webhook};
use super::template::{HOLE, document};
use crate::facts::kubernetes;
use fluxproof_yaml::Value;

/// What the objects of one text have in common.
#[derive(Debug, Clone, Copy)]
pub(super) struct From<'a> {
    pub(super) file: &'a str,
    /// The namespace of the release.
    pub(super) namespace: &'a str,
    /// Whether the file is one of `crds/`.
    pub(super) crd_folder: bool,
}

/// The objects of a text, and whether it may hold more than could be read.
pub(super) fn objects(text: &str, from: From<'_>) -> (Vec<ChartObject>, bool) {
    let (mut all, mut more) = (Vec::new(), false);
    for text in documents(text) {
        let text = without_schemas(&text);
        if text.trim_matches(|c: char| c.is_whitespace() || c == HOLE).is_empty() {
            more |= text.contains(HOLE);
            continue;
        }
        let text = holes_in_place(&text);
        match document(&text) {
            Some(value) => more |= !add(&value, from, &mut all),
            None => match from_lines(&text, from) {
                Some(object) => all.push(object),
                None => more |= text.contains("apiVersion") || text.contains(HOLE),
            },
        }
    }
    (all, more)
}

/// The documents of a text, without what stands between them: a line that begins with `---` parts them.
fn documents(text: &str) -> Vec<String> {
    let mut all = vec![String::new()];
    for line in text.lines() {
        match line.strip_prefix("---") {
            Some(rest) => all.push(format!("{}\n", rest.trim_start())),
            None => {
                if let Some(last) = all.last_mut() {
                    last.push_str(line);
                    last.push('\n');
                }
            }
        }
    }
    all.retain(|text| text.lines().any(|line| !line.trim().is_empty() && !line.trim_start().starts_with('#')));
    all
}

/// The schemas of CRDs are most of their text, and nobody here asks for them.
fn without_schemas(text: &str) -> String {
    let mut out = String::new();
    let mut skipped: Option<usize> = None;
    for line in text.lines() {
        let indent = line.len() - line.trim_start().len();
        if skipped.is_some_and(|outer| line.trim().is_empty() || indent > outer) {
            continue;
        }
        skipped = (line.trim_start() == "openAPIV3Schema:").then_some(indent);
        out.push_str(line);
        out.push('\n');
    }
    out
}

/// A hole that is a line of its own: a value where the line above asks for one, else entries that are not known.
fn holes_in_place(text: &str) -> String {
    let is_hole = |line: &str| !line.trim().is_empty() && line.trim().chars().all(|c| c == HOLE);
    if !text.lines().any(is_hole) {
        return text.to_owned();
    }
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    let indent = |line: &str| line.len() - line.trim_start().len();
    let keeps = |at: usize| {
        let asked = at > 0 && lines[at - 1].trim_end().ends_with(':') && indent(lines[at - 1]) < indent(lines[at]);
        asked && lines.get(at + 1).is_none_or(|next| indent(next) <= indent(lines[at - 1]))
    };
    let kept = lines.iter().enumerate().filter(|(at, line)| !is_hole(line) || keeps(*at));
    kept.map(|(_, line)| format!("{line}\n")).collect()
}

/// The text of a scalar that is all known.
fn known(text: &str) -> Option<String> {
    (!text.contains(HOLE) && !text.is_empty()).then(|| text.to_owned())
}

fn text(value: &Value, path: &[&str]) -> Option<String> {
    known(value.str_at(path)?)
}

fn has_hole(value: &Value) -> bool {
    value.as_str().is_some_and(|text| text.contains(HOLE))
}

/// Adds the object, or those of a list; false where it is none that can be named.
fn add(value: &Value, from: From<'_>, out: &mut Vec<ChartObject>) -> bool {
    if value.str_at(&["kind"]).is_some_and(|kind| kind.ends_with("List")) && value.get("items").is_some() {
        let items = value.get("items").map_or(&[][..], Value::items);
        let unread = items.iter().filter(|item| !add(item, from, out)).count();
        return unread == 0;
    }
    match object(value, from) {
        Some(object) => {
            if !from.crd_folder || matches!(object.detail, Detail::Definition(_)) {
                out.push(object);
            }
            true
        }
        None => !value.is_map() || value.entries().is_empty(),
    }
}

fn object(value: &Value, from: From<'_>) -> Option<ChartObject> {
    let (api_version, kind) = (text(value, &["apiVersion"])?, text(value, &["kind"])?);
    let namespace = match value.at(&["metadata", "namespace"]).filter(|value| !value.is_null()) {
        Some(value) => value.as_str().and_then(known),
        None if is_cluster_scoped(&api_version, &kind) => None,
        None => known(from.namespace),
    };
    let annotation = |key: &str| value.at(&["metadata", "annotations"]).and_then(|all| all.str_at(&[key]));
    let stage = if from.crd_folder { Stage::CrdFolder } else { stage(annotation("helm.sh/hook")) };
    Some(ChartObject {
        detail: detail(value, &api_version, &kind),
        name: text(value, &["metadata", "name"]),
        namespace,
        presence: Presence::Certain,
        stage,
        keep: annotation("helm.sh/resource-policy") == Some("keep"),
        file: from.file.to_owned(),
        api_version,
        kind,
    })
}

fn is_cluster_scoped(api_version: &str, kind: &str) -> bool {
    let group = api_version.split_once('/').map_or("", |(group, _)| group);
    kubernetes::is_cluster_scoped(group, kind) == Some(true)
}

fn stage(hook: Option<&str>) -> Stage {
    let Some(hook) = hook else { return Stage::Template };
    let is = |name: &str| hook.split(',').any(|part| part.trim() == name);
    if is("pre-install") || is("crd-install") {
        Stage::PreInstall
    } else if is("post-install") {
        Stage::PostInstall
    } else {
        Stage::OtherHook
    }
}

fn detail(value: &Value, api_version: &str, kind: &str) -> Detail {
    let group = api_version.split_once('/').map_or("", |(group, _)| group);
    match (group, kind) {
        ("apiextensions.k8s.io", "CustomResourceDefinition") => {
            definition(value).map_or(Detail::None, Detail::Definition)
        }
        ("admissionregistration.k8s.io", "MutatingWebhookConfiguration") => Detail::Webhooks(webhooks(value, true)),
        ("admissionregistration.k8s.io", "ValidatingWebhookConfiguration") => Detail::Webhooks(webhooks(value, false)),
        ("apiregistration.k8s.io", "APIService") => api_service(value).unwrap_or(Detail::None),
        _ => Detail::None,
    }
}

fn definition(crd: &Value) -> Option<ChartDefinition> {
    let versions = crd.at(&["spec", "versions"]).map_or(&[][..], Value::items);
    let served = versions.iter().filter(|v| v.get("served").and_then(Value::as_bool) != Some(false));
    let mut served: Vec<String> = served.filter_map(|v| text(v, &["name"])).collect();
    served.extend(text(crd, &["spec", "version"]).filter(|_| versions.is_empty()));
    let is_stored = |v: &&Value| v.get("storage").and_then(Value::as_bool) == Some(true);
    let stored = versions.iter().find(is_stored).and_then(|v| text(v, &["name"]));
    let converts = crd.str_at(&["spec", "conversion", "strategy"]) == Some("Webhook");
    let client = ["webhook", "webhookClientConfig"].iter().find_map(|key| crd.at(&["spec", "conversion", key]));
    let client = client.map(|client| client.get("clientConfig").unwrap_or(client));
    Some(ChartDefinition {
        group: text(crd, &["spec", "group"])?,
        kind: text(crd, &["spec", "names", "kind"])?,
        plural: text(crd, &["spec", "names", "plural"]).unwrap_or_default(),
        namespaced: text(crd, &["spec", "scope"]).map(|scope| scope == "Namespaced"),
        served,
        stored,
        conversion: converts.then(|| client.and_then(service).unwrap_or_default()),
    })
}

/// `namespace/name` of the Service in a client configuration.
fn service(client: &Value) -> Option<String> {
    let service = client.get("service")?;
    Some(format!("{}/{}", text(service, &["namespace"])?, text(service, &["name"])?))
}

fn api_service(value: &Value) -> Option<Detail> {
    let spec = value.get("spec")?;
    spec.get("service")?;
    Some(Detail::ApiService {
        group: text(spec, &["group"])?,
        version: text(spec, &["version"])?,
        service: service(spec),
    })
}

fn webhooks(value: &Value, mutating: bool) -> Vec<Webhook> {
    let hooks = value.get("webhooks").map_or(&[][..], Value::items);
    hooks.iter().filter_map(|hook| webhook(hook, mutating)).collect()
}

fn webhook(hook: &Value, mutating: bool) -> Option<Webhook> {
    Some(Webhook {
        name: text(hook, &["name"])?,
        mutating,
        service: hook.get("clientConfig").and_then(service),
        rules: rules(hook.get("rules")),
        refuses: match hook.str_at(&["failurePolicy"]) {
            None | Some("Fail") => Some(true),
            Some("Ignore") => Some(false),
            Some(_) => None,
        },
        scope: scope(hook),
        presence: Presence::Certain,
    })
}

fn scope(hook: &Value) -> Scope {
    let conditions = hook.get("matchConditions").is_some_and(is_set);
    let selectors = ["namespaceSelector", "objectSelector"].into_iter().filter_map(|key| hook.get(key));
    let of_selector = |selector: &Value| match selector {
        selector if !is_set(selector) => Scope::All,
        selector if takes_out(selector) => Scope::Most,
        _ => Scope::Some,
    };
    let scope = selectors.map(of_selector).max().unwrap_or(Scope::All);
    if conditions { Scope::Some } else { scope }
}

fn is_set(value: &Value) -> bool {
    !value.entries().is_empty() || !value.items().is_empty() || has_hole(value)
}

/// Whether a selector only takes out what has a label.
fn takes_out(selector: &Value) -> bool {
    let expressions = selector.get("matchExpressions").map_or(&[][..], Value::items);
    let out = |e: &Value| matches!(e.str_at(&["operator"]), Some("NotIn" | "DoesNotExist"));
    !selector.get("matchLabels").is_some_and(is_set) && !expressions.is_empty() && expressions.iter().all(out)
}

fn rules(rules: Option<&Value>) -> Option<Vec<Rule>> {
    let Some(rules) = rules.filter(|rules| !rules.is_null()) else { return Some(Vec::new()) };
    if !rules.is_seq() {
        return None;
    }
    let rules: Option<Vec<Option<Rule>>> = rules.items().iter().map(rule).collect();
    Some(rules?.into_iter().flatten().collect())
}

/// A rule; nothing inside for one about deleting only, nothing at all where it is not known.
fn rule(rule: &Value) -> Option<Option<Rule>> {
    let list = |key: &str| {
        let items = rule.get(key)?;
        let texts: Option<Vec<String>> = items.items().iter().map(|item| item.as_str().map(str::to_owned)).collect();
        texts.filter(|texts| items.is_seq() && !texts.iter().any(|text| text.contains(HOLE)))
    };
    let operations = list("operations")?;
    let counts = operations.iter().any(|operation| matches!(operation.as_str(), "*" | "CREATE" | "UPDATE"));
    let (groups, resources) = (list("apiGroups")?, list("resources")?);
    Some(counts.then_some(Rule { groups, resources }))
}

/// The object of a text that is no YAML (two branches of an unknown condition at once, an indent that is not known): what
/// its lines say plainly.
fn from_lines(text: &str, from: From<'_>) -> Option<ChartObject> {
    let at = |key: &str| {
        let found = text.lines().find_map(|line| line.strip_prefix(key))?;
        known(found.trim().trim_matches(['"', '\'']))
    };
    let (api_version, kind) = (at("apiVersion:")?, at("kind:")?);
    let inside = |key: &str| {
        let found = text.lines().find_map(|line| line.trim_start().strip_prefix(key))?;
        known(found.trim().trim_matches(['"', '\'']))
    };
    let definition = || {
        Some(ChartDefinition {
            group: inside("group:")?,
            kind: text
                .lines()
                .filter(|l| l.starts_with(' '))
                .find_map(|l| known(l.trim_start().strip_prefix("kind:")?.trim()))?,
            plural: inside("plural:").unwrap_or_default(),
            namespaced: inside("scope:").map(|scope| scope == "Namespaced"),
            served: Vec::new(),
            stored: None,
            conversion: None,
        })
    };
    let is_definition = kind == "CustomResourceDefinition";
    Some(ChartObject {
        detail: if is_definition { Detail::Definition(definition()?) } else { Detail::None },
        name: text.lines().find_map(|line| known(line.strip_prefix("  name:")?.trim().trim_matches(['"', '\'']))),
        namespace: None,
        presence: Presence::Possible,
        stage: if from.crd_folder { Stage::CrdFolder } else { Stage::Template },
        keep: false,
        file: from.file.to_owned(),
        api_version,
        kind,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Vec<ChartObject>, bool) {
        let text = text.replace('?', &HOLE.to_string());
        objects(&text, From { file: "templates/a.yaml", namespace: "here", crd_folder: false })
    }

    #[test]
    fn objects_are_read_around_what_is_not_known() {
        let (all, more) = read(
            "# nothing\n---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a-?\n  labels:\n    ?\ndata:\n  ?\n  x: y\n--- # next\napiVersion: v1\nkind: Secret\nmetadata: { name: s, namespace: ? }\n",
        );
        assert_eq!(all.len(), 2, "{all:?}");
        assert_eq!((all[0].name.as_deref(), all[0].namespace.as_deref()), (None, Some("here")));
        assert_eq!((all[1].name.as_deref(), all[1].namespace.as_deref()), (Some("s"), None));
        assert!(!more);
        assert!(read("?\n").1 && read("apiVersion: ?\nkind: X\n").1, "there may be anything");
        assert!(!read("\n---\n# x\n---\n").1);
    }

    #[test]
    fn a_text_that_is_no_yaml_is_read_by_its_lines() {
        let (all, _) = read("apiVersion: v1\nkind: Service\nmetadata:\n  name: a\n a: b\n  c: [\n");
        assert_eq!(all[0].presence, Presence::Possible);
        assert_eq!(all[0].name.as_deref(), Some("a"));
    }

    #[test]
    fn definitions_have_their_versions_and_conversion() {
        let crd = "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata:\n  name: bs.a.io\n  annotations: { helm.sh/resource-policy: keep }\nspec:\n  group: a.io\n  scope: Cluster\n  names: { kind: B, plural: bs }\n  conversion:\n    strategy: Webhook\n    webhook: { clientConfig: { service: { name: hook, namespace: ns } } }\n  versions:\n    - name: v1\n      served: true\n      storage: true\n      schema:\n        openAPIV3Schema:\n          type: object\n          description: |-\n            {{ anything }}\n    - name: v1beta1\n      served: false\n";
        let (all, _) = read(crd);
        assert!(all[0].keep);
        let expected = ChartDefinition {
            group: "a.io".to_owned(),
            kind: "B".to_owned(),
            plural: "bs".to_owned(),
            namespaced: Some(false),
            served: vec!["v1".to_owned()],
            stored: Some("v1".to_owned()),
            conversion: Some("ns/hook".to_owned()),
        };
        assert_eq!(all[0].detail, Detail::Definition(expected));
    }

    #[test]
    fn webhooks_have_policies_and_rules() {
        let text = "apiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingWebhookConfiguration\nmetadata: { name: a }\nwebhooks:\n- name: w.a.io\n  clientConfig: { service: { name: s, namespace: ns } }\n  failurePolicy: ?\n  rules:\n  - { apiGroups: [a.io], resources: [bs], operations: [CREATE] }\n  - { apiGroups: [a.io], resources: [cs], operations: [DELETE] }\n- name: x.a.io\n  objectSelector: { matchLabels: { a: b } }\n  rules:\n    ?\n";
        let (all, _) = read(text);
        let Detail::Webhooks(hooks) = &all[0].detail else { panic!("{all:?}") };
        assert_eq!((hooks[0].refuses, hooks[0].service.as_deref(), hooks[0].scope), (None, Some("ns/s"), Scope::All));
        let rule = Rule { groups: vec!["a.io".to_owned()], resources: vec!["bs".to_owned()] };
        assert_eq!(hooks[0].rules.as_deref(), Some(&[rule][..]));
        assert_eq!((hooks[1].refuses, hooks[1].scope, hooks[1].rules.is_none()), (Some(true), Scope::Some, true));
    }
}
