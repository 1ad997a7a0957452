//! Clusters, tenants and applications: their names, and what they say of the rest.

use super::of_text;
use crate::fields::{Kind, field, fields};
use crate::plan::Store;
use crate::quote;
use crate::values::Section;
use crate::{Layout, LayoutProblem};
use serde_json::Value as Json;

/// Everything that is wrong with them.
pub(super) fn problems(layout: &Layout, all: &[Store<'_>]) -> Vec<LayoutProblem> {
    let root = layout.root();
    let mut out: Vec<LayoutProblem> = crds(layout).into_iter().collect();
    if !root.is("mode", "repository") {
        return out;
    }
    out.extend(names(&root, "clusters", &[root.text("cluster")]));
    out.extend(names(&root, "tenants", &[root.text("namespaces.operator"), root.text("namespaces.flux")]));
    out.extend(names(&root, "applications", super::together::OWN_KUSTOMIZATIONS));
    root.items("clusters").iter().for_each(|cluster| clusters(&root, cluster, &mut out));
    root.items("applications").iter().for_each(|application| applications(&root, all, application, &mut out));
    out.extend(tenants(&root, all));
    out
}

/// CRDs that are to lie in the tree have to be given.
fn crds(layout: &Layout) -> Option<LayoutProblem> {
    let root = layout.root();
    if !root.is("crds.source", "vendored") {
        return None;
    }
    let needed = ["externalsecrets", "secretstores", "clustersecretstores"];
    let has = |kind: &&str| layout.crds().iter().any(|(_, text)| text.contains(&format!("{kind}.external-secrets.io")));
    let message = match layout.crds() {
        [] => "the CRDs are to lie in this repository, but were not given",
        _ if needed.iter().all(has) => return None,
        _ => "the files of CRDs lack those of External Secrets",
    };
    let version = root.text("version");
    Some(LayoutProblem::new("crds.source", message).help(format!(
        "give the folder config/crds/bases of External Secrets v{version}, or one with its deploy/crds/bundle.yaml: --crds DIR"
    )))
}

/// Every item of a list has a name, and no two have the same.
fn names(root: &Section<'_>, list: &str, taken: &[&str]) -> Vec<LayoutProblem> {
    let mut known: Vec<&str> = taken.to_vec();
    let mut out = Vec::new();
    for item in root.items(list) {
        let name = item.text("name");
        if name.is_empty() {
            out.push(LayoutProblem::new(&item.at("name"), "the name is missing").help("write a name"));
        } else if known.contains(&name) {
            let message = format!("the name {name:?} is taken");
            out.push(LayoutProblem::new(&item.at("name"), message).help("write another name"));
        }
        known.push(name);
    }
    out
}

fn clusters(root: &Section<'_>, cluster: &Section<'_>, out: &mut Vec<LayoutProblem>) {
    if cluster.get("version").is_some() && root.is("crds.source", "vendored") {
        let message = "the CRDs in this repository are of one version, for every cluster";
        out.push(LayoutProblem::new(&cluster.at("version"), message).help("leave it out, or take the CRDs from Git"));
    }
    let values = cluster.get("values").and_then(Json::as_object);
    for (path, value) in values.into_iter().flatten() {
        let problem = of_variable(root, path, value.as_str().unwrap_or_default());
        out.extend(problem.map(|(message, help)| {
            LayoutProblem::new(&format!("{}.{path}", cluster.at("values")), message).help(help)
        }));
    }
}

/// Why a value cannot differ by cluster.
fn of_variable(root: &Section<'_>, path: &str, value: &str) -> Option<(String, String)> {
    let may = |field: &&crate::Field| {
        path.starts_with("vault.") && matches!(field.kind, Kind::Text | Kind::TextOrNothing | Kind::Url)
    };
    let Some(field) = field(fields(), path).filter(may).filter(|_| root.is("provider", "vault")) else {
        let help = "name a text of the first store: vault.server, vault.namespace, vault.auth.kubernetes.mountPath";
        return Some((format!("{path:?} cannot differ by cluster"), help.to_owned()));
    };
    if let Some((message, help)) = of_text(field, value) {
        return Some((message, help.unwrap_or_default()));
    }
    let travels = |text: &str| quote::yaml(text) == text && !text.contains('$');
    let (own, base) = (travels(value), travels(root.text(path)) || root.text(path).is_empty());
    (!own || !base).then(|| {
        let message = format!("the value of {path} would not be the same text after Flux has put it in");
        (message, "use letters, digits and /:.-_ in every cluster's value".to_owned())
    })
}

fn applications(root: &Section<'_>, all: &[Store<'_>], application: &Section<'_>, out: &mut Vec<LayoutProblem>) {
    let wanted = match application.text("store") {
        "" => root.text("store.name"),
        name => name,
    };
    let namespace = match application.text("namespace") {
        "" => application.text("name"),
        namespace => namespace,
    };
    let message = match all.iter().find(|store| store.name() == wanted) {
        None => format!("there is no store {wanted:?} in this layout"),
        Some(store) if !store.is_cluster_wide() && store.own_namespace() != namespace => {
            format!("SecretStore {wanted:?} is for namespace {:?}, not for {namespace:?}", store.own_namespace())
        }
        Some(_) => return labels(application, out),
    };
    out.push(LayoutProblem::new(&application.at("store"), message).help("name a store that the application reaches"));
}

fn labels(application: &Section<'_>, out: &mut Vec<LayoutProblem>) {
    let labels = application.get("namespaceLabels").and_then(Json::as_object);
    let needs = application.is("kind", "ClusterExternalSecret") && labels.is_none_or(serde_json::Map::is_empty);
    if needs {
        let message = "a ClusterExternalSecret is for namespaces with certain labels, but none are written";
        out.push(LayoutProblem::new(&application.at("namespaceLabels"), message).help("write the labels: {team: a}"));
    }
}

/// A tenant's first secret needs a store that it reaches.
fn tenants(root: &Section<'_>, all: &[Store<'_>]) -> Option<LayoutProblem> {
    let reached = all.iter().any(|store| store.is_cluster_wide() && !store.is_late());
    (!reached && !root.items("tenants").is_empty()).then(|| {
        LayoutProblem::new("tenants", "no store is for the tenants: every one is for another namespace")
            .help("add a ClusterSecretStore")
    })
}
