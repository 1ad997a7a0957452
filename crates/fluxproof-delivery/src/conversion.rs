//! Services that must answer before objects of a kind can be made: those that convert between the versions of a CRD, and those
//! behind an APIService.

use crate::expand::Expansion;
use crate::model::Provider;
use crate::provide::What;
use fluxproof_kustomize::Resource;
use fluxproof_yaml::Value;
use std::collections::BTreeMap;

/// Who brings each Service, by cluster and `namespace/name`.
pub(crate) struct Services(BTreeMap<String, Provider>);

impl Services {
    /// The Services of the Kustomizations, and of the charts that could be read.
    pub(crate) fn of(expansion: &Expansion<'_>) -> Self {
        let mut all = BTreeMap::new();
        for (index, node) in expansion.kustomizations.iter().enumerate() {
            for service in node.resources().iter().filter(|r| r.group().is_empty() && r.kind() == "Service") {
                let name = format!("{}/{}", service.namespace().unwrap_or("default"), service.name());
                all.entry(key(node.universe, &name)).or_insert(Provider::Kustomization(index));
            }
        }
        for (index, release) in expansion.releases.iter().enumerate() {
            let objects = release.content.iter().flat_map(|content| &content.objects);
            for service in objects.filter(|object| object.group().is_empty() && object.kind == "Service") {
                let (Some(namespace), Some(name)) = (&service.namespace, &service.name) else { continue };
                let name = format!("{namespace}/{name}");
                all.entry(key(release.universe, &name)).or_insert(Provider::Release(index));
            }
        }
        Self(all)
    }

    /// Who brings a Service to a cluster.
    pub(crate) fn find(&self, universe: usize, service: &str) -> Option<Provider> {
        self.0.get(&key(universe, service)).copied()
    }
}

fn key(universe: usize, service: &str) -> String {
    format!("{universe} {service}")
}

/// What a manifest says must be served by a Service of the cluster: a conversion, or a group of the API.
pub(crate) fn served(resource: &Resource) -> Option<What> {
    match (resource.group(), resource.kind()) {
        ("apiextensions.k8s.io", "CustomResourceDefinition") => converted(&resource.value),
        ("apiregistration.k8s.io", "APIService") => aggregated(resource.at(&["spec"])?),
        _ => None,
    }
}

fn converted(crd: &Value) -> Option<What> {
    let conversion = crd.at(&["spec", "conversion"]).filter(|c| c.str_at(&["strategy"]) == Some("Webhook"))?;
    let versions = crd.at(&["spec", "versions"]).map_or(&[][..], Value::items);
    let is_stored = |v: &&Value| v.get("storage").and_then(Value::as_bool) == Some(true);
    Some(What::Conversion {
        service: service(conversion.at(&["webhook", "clientConfig"])?)?,
        group: crd.str_at(&["spec", "group"])?.to_owned(),
        kind: crd.str_at(&["spec", "names", "kind"])?.to_owned(),
        stored: versions.iter().find(is_stored)?.str_at(&["name"])?.to_owned(),
    })
}

/// Without a Service, the API server itself answers.
fn aggregated(spec: &Value) -> Option<What> {
    let text = |key: &str| spec.str_at(&[key]).map(str::to_owned);
    Some(What::Api { service: service(spec)?, group: text("group")?, version: text("version")? })
}

fn service(client: &Value) -> Option<String> {
    let at = |key: &str| client.str_at(&["service", key]);
    Some(format!("{}/{}", at("namespace")?, at("name")?))
}
