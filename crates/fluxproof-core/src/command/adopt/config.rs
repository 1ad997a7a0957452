//! What was found, as a config.

use super::found::Found;
use fluxproof_delivery::ReleaseNode;
use fluxproof_kustomize::Resource;
use fluxproof_layout::{Layout, LayoutProblem, put, read, render};
use fluxproof_yaml::{Budget, Document, FileId, Table, Value, View, parse, to_json, to_yaml};
use serde_json::{Map, Value as Json, json};

/// A config, and what of the repository it cannot say.
pub(super) struct Adopted {
    pub(super) layout: Layout,
    /// The config as YAML.
    pub(super) text: String,
    /// What could not be carried over: the field or the place, and why.
    pub(super) left: Vec<(String, String)>,
}

/// Makes the config of what was found. A value that the generator refuses is left out, and named.
pub(super) fn adopted(found: &Found<'_>) -> Option<Adopted> {
    let mut values = collected(found);
    let mut left = Vec::new();
    for _ in 0..=values.len() {
        match read(config(&values).as_bytes()).and_then(|layout| render(&layout).map(|_| layout)) {
            Ok(layout) => {
                left.extend(stores_left(found, &layout));
                left.extend(values_left(found));
                return Some(Adopted { text: yaml(&Json::Object(layout.differences())), layout, left });
            }
            Err(problems) => refuse(&mut values, &problems, &mut left),
        }
    }
    None
}

/// Takes out the values that are refused; where that is none of them, the last.
fn refuse(values: &mut Vec<(String, Json)>, problems: &[LayoutProblem], left: &mut Vec<(String, String)>) {
    let before = values.len();
    for problem in problems {
        let blamed = |path: &str| problem.field == path || problem.field.starts_with(&format!("{path}."));
        if let Some(at) = values.iter().position(|(path, _)| blamed(path)) {
            let (path, value) = values.remove(at);
            left.push((format!("{path}: {}", short(&value)), problem.message.clone()));
        }
    }
    if values.len() == before
        && let Some((path, value)) = values.pop()
    {
        let why = problems.first().map(|problem| problem.message.clone()).unwrap_or_default();
        left.push((format!("{path}: {}", short(&value)), why));
    }
}

fn short(value: &Json) -> String {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    text.chars().take(80).collect()
}

fn config(values: &[(String, Json)]) -> String {
    let mut root = Map::new();
    for (path, value) in values {
        put(&mut root, path, value.clone());
    }
    Json::Object(root).to_string()
}

/// JSON as YAML, in kustomize's form.
fn yaml(json: &Json) -> String {
    let text = json.to_string();
    let parsed = parse(FileId(0), &text);
    let value = parsed.documents.iter().find_map(Document::root);
    let value = value.and_then(|root| root.to_value(Table::GoYaml3, &mut Budget::default()).ok());
    value.and_then(|value| to_yaml(&value).ok()).unwrap_or(text)
}

/// The values by their paths in the config.
fn collected(found: &Found<'_>) -> Vec<(String, Json)> {
    let mut values = Vec::new();
    let mut put = |path: &str, value: Option<Json>| values.extend(value.map(|value| (path.to_owned(), value)));
    let release = found.release;
    put("version", version(found).map(Json::from));
    put("namespaces.operator", Some(json!(release.target_namespace)));
    put("namespaces.flux", release.object.namespace.clone().map(Json::from));
    put("serviceAccount.name", found.value(&["serviceAccount", "name"]).and_then(Value::as_str).map(Json::from));
    put("admission.replicas", found.value(&["webhook", "replicaCount"]).and_then(Value::as_int).map(Json::from));
    let monitored = found.value(&["serviceMonitor", "enabled"]).and_then(Value::as_bool);
    put("monitoring.serviceMonitor", monitored.map(Json::from));
    chart(release, &mut put);
    crds(found, &mut put);
    place(found, &mut put);
    let mut stores = found.stores.iter();
    if let Some(first) = stores.next() {
        store(first, "store.", &mut put);
        provider(first, &mut put);
    }
    let more: Vec<Json> = stores.map(|further| item(further)).collect();
    put("stores", (!more.is_empty()).then(|| Json::Array(more)));
    // An authority's certificate in the operator's namespace is there by default.
    let default = |path: &str, value: &Json| {
        path.starts_with("vault.ca.") && path.ends_with(".namespace") && *value == release.target_namespace
    };
    values.retain(|(path, value)| !default(path, value));
    values
}

type Put<'p> = dyn FnMut(&str, Option<Json>) + 'p;

/// The version that runs: of the chart, or of the CRDs where the chart's is a range or a variable.
fn version(found: &Found<'_>) -> Option<String> {
    let exact = |text: &&str| text.split('.').count() == 3 && text.split('.').all(|part| part.parse::<u32>().is_ok());
    let chart = found.release.version.as_deref().filter(exact);
    chart.or(found.crds.and_then(|(_, tag)| tag.strip_prefix('v')).filter(exact)).map(str::to_owned)
}

fn chart(release: &ReleaseNode, put: &mut Put<'_>) {
    let Some(url) = release.repository_url.as_deref() else { return };
    if !url.starts_with("oci://") {
        return put("chart.helmRepository.url", Some(json!(url)));
    }
    put("chart.source", Some(json!("oci")));
    // An OCIRepository names the chart itself, a HelmRepository of type oci the folder of charts.
    let whole = url.trim_end_matches('/').rsplit('/').next() == release.chart.as_deref();
    let name = release.chart.as_deref().unwrap_or_default();
    let url = if whole { url.to_owned() } else { format!("{}/{name}", url.trim_end_matches('/')) };
    put("chart.oci.url", Some(json!(url)));
}

fn crds(found: &Found<'_>, put: &mut Put<'_>) {
    let Some((node, _)) = found.crds else {
        // Vendored CRDs come with --crds; without them the next best is what lies nearest to the chart.
        let source = if found.vendored { "git" } else { "helm" };
        return put("crds.source", Some(json!(source)));
    };
    put("crds.source", Some(json!("git")));
    let url = node.source.and_then(|source| found.cluster.sources[source].url.clone());
    put("crds.git.url", url.map(|url| json!(url.trim_end_matches(".git"))));
}

/// Where the layout stands in the repository, and which source holds that.
fn place(found: &Found<'_>, put: &mut Put<'_>) {
    let name = found.entry.object.name.as_str();
    let cluster = found.cluster.entry.as_str().strip_prefix("clusters/").filter(|name| !name.contains('/'));
    match cluster {
        Some(cluster) if name == "external-secrets" => put("cluster", Some(json!(cluster))),
        _ => {
            put("mode", Some(json!("embed")));
            put("embed.kustomization", Some(json!(name)));
        }
    }
    put("folder", found.folder().map(|folder| json!(folder.as_str())).filter(|folder| folder != ""));
    let Some(entry) = &found.entry.resource else { return };
    for (path, key) in [("repository.kind", "kind"), ("repository.name", "name"), ("repository.namespace", "namespace")]
    {
        put(path, entry.value.str_at(&["spec", "sourceRef", key]).map(Json::from));
    }
    put("intervals.kustomizations", entry.value.str_at(&["spec", "interval"]).map(Json::from));
}

/// The fields of a store that are not its provider's.
fn store(store: &Resource, prefix: &str, put: &mut Put<'_>) {
    put(&format!("{prefix}name"), Some(json!(store.name())));
    put(&format!("{prefix}kind"), Some(json!(store.kind())));
    let own = (store.kind() == "SecretStore").then(|| store.value.str_at(&["metadata", "namespace"])).flatten();
    put(&format!("{prefix}namespace"), own.map(Json::from));
}

fn item(further: &Resource) -> Json {
    let mut item = Map::new();
    let mut into = |path: &str, value: Option<Json>| {
        if let Some(value) = value {
            put(&mut item, path, value);
        }
    };
    store(further, "", &mut into);
    provider(further, &mut into);
    Json::Object(item)
}

/// The provider's section: Vault by its fields, every other in External Secrets' own words.
fn provider(store: &Resource, put: &mut Put<'_>) {
    let Some(entry) = store.value.at(&["spec", "provider"]).and_then(|all| all.entries().first()) else { return };
    put("provider", Some(json!(entry.key.as_str())));
    if entry.key == "vault" {
        return vault(&entry.value, put);
    }
    let text = to_json(&entry.value).ok();
    put(&entry.key, text.and_then(|text| serde_json::from_str(&text).ok()));
}

/// The fields of Vault in the config and in a store; of several that lead to one field the first that is there.
const VAULT: &[(&str, &str)] = &[
    ("server", "server"),
    ("path", "path"),
    ("version", "version"),
    ("namespace", "namespace"),
    ("readYourWrites", "readYourWrites"),
    ("forwardInconsistent", "forwardInconsistent"),
    ("ca.bundle", "caBundle"),
    ("tls.secret", "tls.certSecretRef.name"),
    ("tls.certKey", "tls.certSecretRef.key"),
    ("tls.keyKey", "tls.keySecretRef.key"),
    ("auth.namespace", "auth.namespace"),
    ("auth.kubernetes.mountPath", "auth.kubernetes.mountPath"),
    ("auth.kubernetes.role", "auth.kubernetes.role"),
    ("auth.kubernetes.serviceAccount", "auth.kubernetes.serviceAccountRef.name"),
    ("auth.token.secret", "auth.tokenSecretRef.name"),
    ("auth.token.key", "auth.tokenSecretRef.key"),
    ("auth.appRole.path", "auth.appRole.path"),
    ("auth.appRole.secret", "auth.appRole.secretRef.name"),
    ("auth.appRole.roleIdKey", "auth.appRole.roleRef.key"),
    ("auth.appRole.secretIdKey", "auth.appRole.secretRef.key"),
    ("auth.jwt.path", "auth.jwt.path"),
    ("auth.jwt.role", "auth.jwt.role"),
    ("auth.jwt.serviceAccount", "auth.jwt.kubernetesServiceAccountToken.serviceAccountRef.name"),
    ("auth.jwt.secret", "auth.jwt.secretRef.name"),
    ("auth.jwt.key", "auth.jwt.secretRef.key"),
    ("auth.cert.path", "auth.cert.path"),
    ("auth.cert.role", "auth.cert.vaultRole"),
    ("auth.cert.secret", "auth.cert.clientCert.name"),
    ("auth.cert.certKey", "auth.cert.clientCert.key"),
    ("auth.cert.keyKey", "auth.cert.secretRef.key"),
    ("auth.iam.path", "auth.iam.path"),
    ("auth.iam.role", "auth.iam.vaultRole"),
    ("auth.iam.region", "auth.iam.region"),
    ("auth.iam.assume", "auth.iam.role"),
    ("auth.gcp.path", "auth.gcp.path"),
    ("auth.gcp.role", "auth.gcp.role"),
    ("auth.gcp.projectId", "auth.gcp.projectID"),
    ("auth.gcp.location", "auth.gcp.location"),
    ("auth.ldap.path", "auth.ldap.path"),
    ("auth.ldap.username", "auth.ldap.username"),
    ("auth.ldap.secret", "auth.ldap.secretRef.name"),
    ("auth.ldap.key", "auth.ldap.secretRef.key"),
    ("auth.userPass.path", "auth.userPass.path"),
    ("auth.userPass.username", "auth.userPass.username"),
    ("auth.userPass.secret", "auth.userPass.secretRef.name"),
    ("auth.userPass.key", "auth.userPass.secretRef.key"),
];

fn vault(vault: &Value, put: &mut Put<'_>) {
    let at = |path: &str| vault.at(&path.split('.').collect::<Vec<_>>());
    let methods = at("auth").map(Value::entries).unwrap_or_default().iter().map(|entry| entry.key.as_str());
    let method = methods.into_iter().find(|key| *key != "namespace").unwrap_or("none");
    let method = if method == "tokenSecretRef" { "token" } else { method };
    put("vault.auth.method", Some(json!(method)));
    for (field, path) in VAULT {
        let of_other =
            field.strip_prefix("auth.").and_then(|rest| rest.split_once('.')).is_some_and(|(own, _)| own != method);
        put(&format!("vault.{field}"), at(path).filter(|_| !of_other).and_then(scalar));
    }
    if method == "kubernetes" {
        let audiences = at("auth.kubernetes.serviceAccountRef.audiences");
        let first = audiences.and_then(|all| all.items().first()).and_then(Value::as_str).unwrap_or_default();
        put("vault.auth.kubernetes.audience", Some(json!(first)));
    }
    authority(&at, put);
}

fn authority<'v>(at: &dyn Fn(&str) -> Option<&'v Value>, put: &mut Put<'_>) {
    if at("caBundle").is_some() {
        return put("vault.ca.source", Some(json!("bundle")));
    }
    let kind = match at("caProvider.type").and_then(Value::as_str) {
        Some("Secret") => "secret",
        Some("ConfigMap") => "configMap",
        _ => return,
    };
    put("vault.ca.source", Some(json!(kind)));
    for key in ["name", "key", "namespace"] {
        put(&format!("vault.ca.{kind}.{key}"), at(&format!("caProvider.{key}")).and_then(scalar));
    }
}

fn scalar(value: &Value) -> Option<Json> {
    match value.view() {
        View::Str(text) => Some(json!(text)),
        View::Bool(flag) => Some(json!(flag)),
        View::Int(number) => Some(json!(number)),
        _ => None,
    }
}

/// What the stores say that the generated ones do not.
fn stores_left(found: &Found<'_>, layout: &Layout) -> Vec<(String, String)> {
    let tree = render(layout).map(|tree| tree.files).unwrap_or_default();
    let texts = tree.iter().filter(|file| file.path.as_str().ends_with(".yaml"));
    let generated: Vec<Value> = texts.flat_map(|file| objects(&file.text)).collect();
    let mut left = Vec::new();
    for store in &found.stores {
        let is = |object: &&Value| {
            object.str_at(&["kind"]) == Some(store.kind()) && object.str_at(&["metadata", "name"]) == Some(store.name())
        };
        let new = generated.iter().find(is).and_then(|object| object.get("spec"));
        let Some(spec) = store.value.get("spec") else { continue };
        differing(spec, new, &format!("{}/{}: spec", store.kind(), store.name()), &mut left);
    }
    left
}

fn objects(text: &str) -> Vec<Value> {
    let parsed = parse(FileId(0), text);
    let roots = parsed.documents.iter().filter_map(Document::root);
    roots.filter_map(|root| root.to_value(Table::GoYaml3, &mut Budget::default()).ok()).collect()
}

/// The scalars of one value that the other has otherwise, or not. Values are not shown: a path is enough to find them.
fn differing(old: &Value, new: Option<&Value>, at: &str, left: &mut Vec<(String, String)>) {
    match old.view() {
        View::Map(entries) => {
            for entry in entries {
                let path = format!("{at}.{}", entry.key);
                differing(&entry.value, new.and_then(|new| new.get(&entry.key)), &path, left);
            }
        }
        View::Seq(items) => {
            for (index, item) in items.iter().enumerate() {
                differing(item, new.and_then(|new| new.items().get(index)), &format!("{at}[{index}]"), left);
            }
        }
        _ => match new.map(Value::view) {
            Some(view) if view == old.view() => {}
            Some(_) => left.push((at.to_owned(), "the layout writes another value".to_owned())),
            None => left.push((at.to_owned(), "the layout does not write it".to_owned())),
        },
    }
}

/// Chart values that the config knows under names of its own, or sets itself.
const KNOWN: &[&str] = &["installCRDs", "crds", "serviceAccount", "serviceMonitor"];

fn values_left(found: &Found<'_>) -> Vec<(String, String)> {
    let all = found.release.values.as_ref().map(Value::entries).unwrap_or_default();
    let unknown = all.iter().filter(|entry| !KNOWN.contains(&entry.key.as_str()));
    let said = |key: &str| {
        (
            format!("HelmRelease/{}: values.{key}", found.release.object.name),
            "add it to operator/deployment.yaml by hand; generate --update keeps it".to_owned(),
        )
    };
    let mut left: Vec<(String, String)> = unknown.map(|entry| said(&entry.key)).collect();
    if found.release.more_values {
        left.push(("HelmRelease: valuesFrom".to_owned(), "what it adds is not known here".to_owned()));
    }
    left
}
