//! `IAMPolicyGenerator`: a ServiceAccount that stands for one of Google's (`api/filters/iampolicygenerator`).

use crate::Resource;
use crate::kustomization::field;
use crate::tree::Writer;
use fluxproof_yaml::{Problem, Value};

const ANNOTATION: &str = "iam.gke.io/gcp-service-account";

/// Makes the object that a plugin object asks for.
pub(super) fn generate(plugin: &Value) -> Result<Resource, Problem> {
    let text = |path: &[&str]| path.iter().try_fold(plugin, |value, name| field(value, name));
    let shown = |path: &[&str]| text(path).and_then(Value::as_str).unwrap_or_default();
    if shown(&["cloud"]) != "gke" {
        let at = field(plugin, "cloud").map_or(plugin.span, |cloud| cloud.span);
        return Err(Problem::new(at, format!("cloud provider {} not supported yet", shown(&["cloud"]))));
    }
    let account = text(&["serviceAccount", "name"]).map_or(plugin.span, |name| name.span);
    let (name, project) = (shown(&["serviceAccount", "name"]), shown(&["serviceAccount", "projectId"]));
    let annotation = Value::string(account, format!("{name}@{project}.iam.gserviceaccount.com"));
    let own = ["name", "namespace"].map(|key| text(&["kubernetesService", key]));
    Ok(Resource::new(object(plugin, annotation, own), plugin.span.file))
}

fn object(plugin: &Value, annotation: Value, [name, namespace]: [Option<&Value>; 2]) -> Value {
    let writer = Writer::new("generators", plugin.span);
    let map = |entries: Vec<(&str, Value)>| {
        let mut map = Value::map(plugin.span, []);
        entries.into_iter().for_each(|(key, value)| writer.push(&mut map, key, value));
        map
    };
    // kustomize writes these two into a text without quotes, and reads it.
    let plain = |value: &Value| Value::plain(value.span, value.as_str().unwrap_or_default());
    let mut metadata = vec![("annotations", map(vec![(ANNOTATION, annotation)]))];
    metadata.push(("name", name.map_or_else(|| Value::null(plugin.span), plain)));
    metadata.extend(namespace.filter(|value| value.as_str() != Some("")).map(|value| ("namespace", plain(value))));
    let text = |text: &str| Value::string(plugin.span, text);
    map(vec![("apiVersion", text("v1")), ("kind", text("ServiceAccount")), ("metadata", map(metadata))])
}
