//! What each template is made for.

use super::context::Plan;
use crate::plan::{Credential, Store};
use crate::template::Part;
use serde_json::{Value as Json, json};

/// One file of a template.
pub(super) struct Instance {
    /// What stands for the `*` in its path.
    pub(super) name: String,
    /// The template that it is made by, where it is not the one itself.
    pub(super) source: Option<&'static str>,
    /// What the template sees as `this`.
    pub(super) this: Json,
}

/// Templates that stand for another where the kind differs.
pub(super) const OTHERS: &[(&str, &str)] = &[
    ("clusterExternalSecret.yaml", include_str!("../../templates/apps/application/clusterExternalSecret.yaml.j2")),
    ("pushSecret.yaml", include_str!("../../templates/apps/application/pushSecret.yaml.j2")),
];

fn one(name: &str, this: Json) -> Instance {
    Instance { name: name.to_owned(), source: None, this }
}

fn once(wanted: bool) -> Vec<Instance> {
    if wanted { vec![one("", Json::Null)] } else { Vec::new() }
}

/// One for each item of a list, called by one of its keys.
fn each(items: Json, key: &str) -> Vec<Instance> {
    let Json::Array(items) = items else { return Vec::new() };
    let named = |this: Json| {
        let name = this[key].as_str().unwrap_or_default().to_owned();
        one(&name, this)
    };
    items.into_iter().map(named).collect()
}

fn stores(plan: &Plan<'_>, stores: &[Store<'_>]) -> Vec<Instance> {
    each(stores.iter().map(|store| plan.store(store)).collect(), "file")
}

/// What a part of the tree is made for; nothing where the config does not want it.
pub(super) fn of(part: Part, plan: &Plan<'_>) -> Vec<Instance> {
    let root = &plan.root;
    let repository = root.is("mode", "repository");
    let of_clusters = |wanted: bool| if repository && wanted { each(plan.clusters(), "name") } else { Vec::new() };
    let of_applications = || if repository { plan.applications() } else { Json::Null };
    match part {
        Part::Always => once(true),
        Part::Repository => once(repository),
        Part::Crds => once(!root.is("crds.source", "helm")),
        Part::Vendored => once(root.is("crds.source", "vendored")),
        Part::Sources => once(root.is("crds.source", "git") || root.is("chart.source", "helmRepository")),
        Part::Oci => once(root.is("chart.source", "oci")),
        Part::NetworkPolicies => once(root.flag("networkPolicies")),
        Part::Accounts => once(plan.accounts() != json!([])),
        Part::Sops => once(repository && plan.secrets(Credential::Sops) != json!([])),
        Part::Late => once(!plan.late.is_empty()),
        Part::Secret => each(plan.secrets(Credential::Sops), "file"),
        Part::Credential => each(plan.secrets(Credential::ExternalSecret), "file"),
        Part::Store => stores(plan, &plan.main),
        Part::LateStore => stores(plan, &plan.late),
        Part::Cluster => of_clusters(true),
        Part::Settings => of_clusters(plan.has_variables()),
        Part::Instance => of_clusters(root.is("bootstrap", "fluxInstance")),
        Part::Applications => of_clusters(!root.items("applications").is_empty()),
        Part::Tenants => of_clusters(!root.items("tenants").is_empty()),
        Part::Application => each(of_applications(), "name"),
        Part::ApplicationNamespace => namespaces(of_applications()),
        Part::ApplicationSecret => secrets(of_applications()),
        Part::Tenant if repository => tenants(plan),
        Part::Tenant => Vec::new(),
    }
}

fn namespaces(applications: Json) -> Vec<Instance> {
    let mut all = each(applications, "name");
    all.retain(|instance| instance.this["brings_namespace"] == true);
    all
}

/// The secret of each application, by the template of its kind.
fn secrets(applications: Json) -> Vec<Instance> {
    let mut all = each(applications, "name");
    for instance in &mut all {
        let file = instance.this["file"].as_str().unwrap_or_default().to_owned();
        instance.source = OTHERS.iter().map(|(name, _)| *name).find(|name| *name == file);
        instance.name = format!("{}/{file}", instance.name);
    }
    all
}

fn tenants(plan: &Plan<'_>) -> Vec<Instance> {
    let store = plan.main.iter().find(|store| store.is_cluster_wide());
    let tenant = |name: &str| one(name, json!({"name": name, "store": store.map_or("", |store| store.name())}));
    plan.root.items("tenants").iter().map(|item| tenant(item.text("name"))).collect()
}
