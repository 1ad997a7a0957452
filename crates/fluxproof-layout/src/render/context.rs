//! What the templates see: the config under its own names, and below `plan` what follows from it.

use super::variables;
use crate::plan::{Brought, Credential, Store, secrets, stores};
use crate::provider::{title, yaml};
use crate::template::Template;
use crate::values::{Section, put};
use crate::{Layout, picture, quote};
use fluxproof_yaml::RepoPath;
use serde_json::{Map, Value as Json, json};

/// What follows from a config.
pub(super) struct Plan<'l> {
    pub(super) layout: &'l Layout,
    pub(super) root: Section<'l>,
    /// The stores before those that need them.
    pub(super) main: Vec<Store<'l>>,
    /// The stores whose Secrets come from others.
    pub(super) late: Vec<Store<'l>>,
    pub(super) variables: Vec<String>,
}

impl<'l> Plan<'l> {
    /// The plan of a layout, and of the same with marks where the stores have variables.
    pub(super) fn of(layout: &'l Layout, marked: &'l Layout) -> Self {
        let root = layout.root();
        let (late, main) = stores(&marked.root()).into_iter().partition(Store::is_late);
        let variables = variables::paths(&root);
        Self { layout, root, main, late, variables }
    }

    fn all(&self) -> impl Iterator<Item = &Store<'l>> {
        self.main.iter().chain(&self.late)
    }

    /// Whether stores have values that differ by cluster.
    pub(super) fn has_variables(&self) -> bool {
        !self.variables.is_empty()
    }

    /// The whole context, for these files.
    pub(super) fn context(&self, files: &[(RepoPath, &Template)]) -> Json {
        let mut context = self.root.values().clone();
        let mut plan = self.facts();
        let file = |(path, template): &(RepoPath, &Template)| json!({"path": path.as_str(), "why": template.why});
        let noted: Vec<_> = files.iter().map(|(path, template)| (path.clone(), template.note.to_owned())).collect();
        plan.insert("files".to_owned(), files.iter().map(file).collect());
        plan.insert("picture".to_owned(), picture::picture(&noted).into());
        context.insert("plan".to_owned(), Json::Object(plan));
        Json::Object(context)
    }

    fn facts(&self) -> Map<String, Json> {
        let root = &self.root;
        let embedded = root.is("mode", "embed");
        let git = root.is("crds.source", "git");
        let config = yaml(&Json::Object(self.layout.differences()), 0, false);
        let facts = [
            ("tag", json!(format!("v{}", root.text("version")))),
            ("entry", json!(if embedded { root.text("embed.kustomization") } else { "external-secrets" })),
            ("versioned", json!(if git { "the tag in repositories.yaml" } else { "deployment-operator.yaml" })),
            ("source", json!(self.source())),
            ("config", json!(config.trim_end())),
            ("crds", self.layout.crds().iter().map(|(name, _)| json!(name)).collect()),
            ("title", json!(title(root.text("provider")))),
            ("provider", json!(self.provider())),
            ("variables", json!(self.has_variables())),
            ("sops_regex", json!(format!("^{}/secret-.*\\.yaml$", root.text("folder").replace('.', "\\.")))),
            ("secrets", self.secrets(Credential::Sops)),
            ("by_hand", self.secrets(Credential::OutOfBand)),
            ("credentials", self.secrets(Credential::ExternalSecret)),
            ("main", self.main.iter().map(|store| self.store(store)).collect()),
            ("late", self.late.iter().map(|store| self.store(store)).collect()),
            ("kinds", kinds(&self.main)),
            ("late_kinds", kinds(&self.late)),
            ("accounts", self.accounts()),
            ("namespaces", json!(self.namespaces())),
            ("chart_values", self.chart_values()),
            ("clusters", self.clusters()),
            ("applications", self.applications()),
        ];
        facts.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
    }

    /// The first store's provider, in the words of the README.
    fn provider(&self) -> String {
        match self.root.text("provider") {
            "vault" => format!("Vault at {}", quote::code(self.root.text("vault.server"))),
            provider => title(provider).to_owned(),
        }
    }

    /// The reference to the source that holds this repository.
    fn source(&self) -> String {
        let of = |field: &str| quote::yaml(self.root.text(&format!("repository.{field}")));
        let mut out = format!("    kind: {}\n    name: {}", of("kind"), of("name"));
        if self.root.get("repository.namespace").is_some() {
            out.push_str(&format!("\n    namespace: {}", of("namespace")));
        }
        out
    }

    /// A store, as its file and the README have it.
    pub(super) fn store(&self, store: &Store<'_>) -> Json {
        let substituted = self.has_variables();
        let conditions: Vec<Json> = store.conditions().iter().map(condition).collect();
        json!({
            "kind": store.kind(),
            "name": store.name(),
            "namespace": store.own_namespace(),
            "file": self.store_file(store),
            "refreshInterval": store.refresh_interval(),
            "conditions": if conditions.is_empty() { String::new() } else { lines(&json!(conditions), 4, substituted) },
            "provider": lines(&json!({ store.provider(): store.spec() }), 4, substituted),
        })
    }

    fn store_file(&self, store: &Store<'_>) -> String {
        let twins = self.all().filter(|other| other.name() == store.name()).count() > 1;
        match (store.is_first(), store.is_cluster_wide()) {
            (true, true) => "clusterSecretStore.yaml".to_owned(),
            (true, false) => "secretStore.yaml".to_owned(),
            _ if twins => format!("store-{}-{}.yaml", store.own_namespace(), store.name()),
            _ => format!("store-{}.yaml", store.name()),
        }
    }

    /// The Secrets that come about in one way.
    pub(super) fn secrets(&self, by: Credential) -> Json {
        secrets(self.all(), by).iter().map(|brought| self.secret(brought, by)).collect()
    }

    fn secret(&self, brought: &Brought<'_, '_>, by: Credential) -> Json {
        let (secret, store) = (&brought.secret, &brought.store);
        let labels: Map<String, Json> =
            secret.labels.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
        let mut out = json!({
            "name": secret.name, "namespace": secret.namespace, "keys": secret.keys, "labels": labels,
            "file": self.secret_file(brought, by), "for": store.name(),
        });
        if by == Credential::ExternalSecret {
            let (origin, key) = store.origin();
            let from = self.main.iter().find(|store| store.name() == origin);
            out["key"] = json!(key);
            out["store"] = json!({"name": origin, "kind": from.map_or("ClusterSecretStore", |store| store.kind())});
        }
        out
    }

    /// The login of a first store by AppRole or token has the name that the guide gave it.
    fn secret_file(&self, brought: &Brought<'_, '_>, by: Credential) -> String {
        let (secret, operator) = (&brought.secret, self.root.text("namespaces.operator"));
        if by == Credential::ExternalSecret {
            return format!("{}-{}.yaml", secret.namespace, secret.name);
        }
        let method = self.root.text("vault.auth.method");
        let is_login = brought.store.is_first()
            && brought.store.provider() == "vault"
            && self.root.is(&format!("vault.auth.{method}.secret"), &secret.name);
        match method {
            "token" if is_login => "secret-token.yaml".to_owned(),
            "appRole" if is_login => "secret-approle.yaml".to_owned(),
            _ if secret.namespace == operator => format!("secret-store-{}.yaml", secret.name),
            _ => format!("secret-{}-{}.yaml", secret.namespace, secret.name),
        }
    }

    /// The service accounts that stores name and nobody else brings.
    pub(super) fn accounts(&self) -> Json {
        let (operator, own) = (self.root.text("namespaces.operator"), self.root.text("serviceAccount.name"));
        let mut all: Vec<(String, String)> = Vec::new();
        for account in self.all().flat_map(|store| &store.needs().accounts) {
            let known = (account.name.clone(), account.namespace.clone());
            if known != (own.to_owned(), operator.to_owned()) && !all.contains(&known) {
                all.push(known);
            }
        }
        let items = self.root.items("accounts");
        let annotations =
            |name: &str| items.iter().find(|item| item.is("name", name)).and_then(|item| item.get("annotations"));
        let account = |(name, namespace): &(String, String)| json!({"name": name, "namespace": namespace, "annotations": annotations(name)});
        all.iter().map(account).collect()
    }

    /// The namespaces of SecretStores that nobody else brings.
    pub(super) fn namespaces(&self) -> Vec<&'l str> {
        let mut all: Vec<&str> = Vec::new();
        for namespace in self.all().map(Store::own_namespace) {
            if !namespace.is_empty() && !self.is_there(namespace) && !all.contains(&namespace) {
                all.push(namespace);
            }
        }
        all
    }

    fn is_there(&self, namespace: &str) -> bool {
        self.root.is("namespaces.operator", namespace)
            || self.root.is("namespaces.flux", namespace)
            || self.root.texts("namespaces.existing").contains(&namespace)
    }

    /// What the providers of the stores need of the chart.
    fn chart_values(&self) -> Json {
        let mut values = Map::new();
        for (path, value) in self.all().flat_map(|store| &store.needs().chart_values) {
            put(&mut values, path, serde_json::from_str(value).unwrap_or_else(|_| (*value).into()));
        }
        if values.is_empty() { json!([]) } else { json!([lines(&Json::Object(values), 4, true)]) }
    }

    /// Every cluster, with what differs in it.
    pub(super) fn clusters(&self) -> Json {
        let first = json!({"name": self.root.text("cluster"), "version": null, "variables": self.values(None)});
        let further = self.root.items("clusters").into_iter().map(|cluster| {
            json!({
                "name": cluster.text("name"),
                "version": cluster.get("version"),
                "variables": self.values(Some(&cluster)),
            })
        });
        std::iter::once(first).chain(further).collect()
    }

    /// The value of every variable in a cluster.
    fn values(&self, cluster: Option<&Section<'_>>) -> Json {
        let own = |path: &str| cluster.and_then(|cluster| cluster.get("values")?.get(path)?.as_str());
        let variable = |path: &String| json!({"name": variables::name(path), "value": own(path).unwrap_or_else(|| self.root.text(path))});
        self.variables.iter().map(variable).collect()
    }

    /// The applications, with what their files say. One whose namespace another one brings comes after that.
    pub(super) fn applications(&self) -> Json {
        let mut brought: Vec<(&str, &str)> = self.namespaces().into_iter().map(|namespace| (namespace, "")).collect();
        let tenants = self.root.items("tenants");
        brought.extend(tenants.iter().map(|tenant| (tenant.text("name"), "")));
        let mut all = Vec::new();
        for application in self.root.items("applications") {
            let name = application.text("name");
            let namespace = first_of(&application, "namespace", name);
            let known = brought.iter().find(|(known, _)| *known == namespace).map(|(_, by)| *by);
            let needed = !application.is("kind", "ClusterExternalSecret") && !self.is_there(namespace);
            let brings = needed && known.is_none();
            if brings {
                brought.push((namespace, name));
            }
            let mut one = self.application(&application, namespace, brings);
            one["beside"] = json!(known.filter(|by| needed && !by.is_empty()));
            all.push(one);
        }
        all.into()
    }

    fn application(&self, application: &Section<'_>, namespace: &str, brings: bool) -> Json {
        let name = application.text("name");
        let wanted = first_of(application, "store", self.root.text("store.name"));
        let of_name = |store: &&Store<'_>| store.name() == wanted;
        let kind = self.main.iter().chain(&self.late).find(of_name).map_or("ClusterSecretStore", |store| store.kind());
        let is_late = self.late.iter().any(|store| of_name(&store));
        json!({
            "name": name, "namespace": namespace, "brings_namespace": brings,
            "file": file_of(application.text("kind")),
            "store": {"kind": kind, "name": wanted},
            "after": if is_late { "external-secrets-crs-late" } else { "external-secrets-crs" },
            "secret": first_of(application, "secret", name),
            "key": first_of(application, "key", name),
            "properties": application.texts("properties"),
            "namespaceLabels": application.get("namespaceLabels"),
        })
    }
}

/// The file of an application's secret.
pub(super) fn file_of(kind: &str) -> &'static str {
    match kind {
        "ClusterExternalSecret" => "clusterExternalSecret.yaml",
        "PushSecret" => "pushSecret.yaml",
        _ => "externalSecret.yaml",
    }
}

/// A text of a section, or what stands for an empty one.
fn first_of<'v>(section: &Section<'v>, field: &str, otherwise: &'v str) -> &'v str {
    if section.text(field).is_empty() { otherwise } else { section.text(field) }
}

fn condition(section: &Section<'_>) -> Json {
    let mut out = Map::new();
    for field in ["namespaces", "namespaceRegexes"] {
        if !section.texts(field).is_empty() {
            out.insert(field.to_owned(), json!(section.texts(field)));
        }
    }
    if let Some(labels) =
        section.get("matchLabels").filter(|labels| labels.as_object().is_some_and(|map| !map.is_empty()))
    {
        put(&mut out, "namespaceSelector.matchLabels", labels.clone());
    }
    Json::Object(out)
}

fn kinds(stores: &[Store<'_>]) -> Json {
    let is_there = |kind: &&str| stores.iter().any(|store| store.kind() == *kind);
    ["ClusterSecretStore", "SecretStore"].into_iter().filter(is_there).collect()
}

/// A value as lines of YAML, without the last line's end: a template has that.
fn lines(value: &Json, indent: usize, substituted: bool) -> String {
    yaml(value, indent, substituted).trim_end().to_owned()
}
