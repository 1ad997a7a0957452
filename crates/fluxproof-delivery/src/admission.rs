//! Admission webhooks that lie in the repository as plain manifests.

use crate::provide::What;
use fluxproof_kustomize::Resource;
use fluxproof_yaml::Value;

/// The kinds of the CRDs that a build holds, by group and plural name: webhook rules name plurals.
pub(crate) type Kinds = Vec<(String, String, String)>;

/// Group, plural and kind of a CRD.
pub(crate) fn kind_of(crd: &Resource) -> Option<(String, String, String)> {
    let at = |path: &[&str]| crd.at(path).and_then(Value::as_str).map(str::to_owned);
    Some((at(&["spec", "group"])?, at(&["spec", "names", "plural"])?, at(&["spec", "names", "kind"])?))
}

/// What a webhook configuration admits and refuses while its service does not answer; `failurePolicy` is Fail by default
/// (admissionregistration.k8s.io/v1).
pub(crate) fn webhooks(resource: &Resource, kinds: &Kinds) -> Vec<What> {
    let is_configuration = matches!(resource.kind(), "ValidatingWebhookConfiguration" | "MutatingWebhookConfiguration");
    if resource.group() != "admissionregistration.k8s.io" || !is_configuration {
        return Vec::new();
    }
    let hooks = resource.at(&["webhooks"]).map_or(&[][..], Value::items);
    hooks.iter().filter(|hook| refuses(hook)).flat_map(|hook| admitted(hook, kinds)).collect()
}

fn refuses(hook: &Value) -> bool {
    // A selector may leave objects out: then it is not known what is refused.
    let all = ["namespaceSelector", "objectSelector", "matchConditions"];
    hook.str_at(&["failurePolicy"]) != Some("Ignore")
        && !all.iter().any(|field| hook.get(field).is_some_and(has_content))
}

fn has_content(value: &Value) -> bool {
    !value.entries().is_empty() || !value.items().is_empty()
}

fn admitted(hook: &Value, kinds: &Kinds) -> Vec<What> {
    let rules = hook.get("rules").map_or(&[][..], Value::items);
    rules.iter().filter(|rule| on_create(rule)).flat_map(|rule| by_group(hook, rule, kinds)).collect()
}

/// A dry run of a server-side apply of a new object is a CREATE.
fn on_create(rule: &Value) -> bool {
    strings(rule, "operations").any(|operation| matches!(operation, "CREATE" | "*"))
}

fn by_group(hook: &Value, rule: &Value, kinds: &Kinds) -> Vec<What> {
    let of_group = |group: &str| What::Webhook {
        name: hook.str_at(&["name"]).unwrap_or_default().to_owned(),
        service: service(hook),
        group: group.to_owned(),
        kinds: strings(rule, "resources").flat_map(|plural| kinds_of(kinds, group, plural)).collect(),
    };
    strings(rule, "apiGroups").filter(|group| !group.is_empty() && *group != "*").map(of_group).collect()
}

fn service(hook: &Value) -> String {
    let at = |field| hook.str_at(&["clientConfig", "service", field]).unwrap_or_default();
    format!("{}/{}", at("namespace"), at("name"))
}

fn kinds_of(kinds: &Kinds, group: &str, plural: &str) -> Vec<String> {
    let named = |known: &&(String, String, String)| known.0 == group && (known.1 == plural || plural == "*");
    kinds.iter().filter(named).map(|known| known.2.clone()).collect()
}

fn strings<'a>(value: &'a Value, field: &str) -> impl Iterator<Item = &'a str> {
    value.get(field).map_or(&[][..], Value::items).iter().filter_map(Value::as_str)
}
