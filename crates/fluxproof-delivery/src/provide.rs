//! Who brings what: definitions, webhooks, namespaces, and the objects that stores refer to.

mod charts;
#[cfg(test)]
mod tests;

use crate::World;
use crate::admission::{self, Kinds};
use crate::checked::Named;
use crate::conversion::{self, Services};
use crate::expand::Expansion;
use crate::facts::{Facts, eso, git};
use crate::graph::Event;
use crate::model::{Content, KustomizationNode, Provider};
use crate::names::Places;
use crate::runtime;
use fluxproof_kustomize::Resource;
use fluxproof_yaml::{Span, Value};

/// One thing that somebody brings.
#[derive(Debug, Clone)]
pub struct Provided {
    /// What.
    pub what: What,
    /// Who brings it.
    pub by: Provider,
    /// Whether this rests on a chart's name only.
    pub likely: bool,
    /// Where it is written, or what brings it.
    pub span: Option<Span>,
    /// Whether another controller makes it after the apply, or it works only some time after: an apply does not wait for it.
    pub later: bool,
    /// Whether a release brings it before it looks at its templates: from the folder `crds/` of its chart.
    pub early: bool,
    /// Why it may not be brought at all.
    pub maybe: Option<String>,
}

impl Provided {
    fn new(what: What, by: Provider, span: Option<Span>) -> Self {
        Self { what, by, likely: false, span, later: false, early: false, maybe: None }
    }

    /// Whether what comes after it can count on it: a webhook that is not there refuses nothing.
    pub(crate) fn is_sure(&self) -> bool {
        self.maybe.is_none() || matches!(self.what, What::Webhook { .. })
    }
}

/// What is brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// A CRD; without a kind, every kind of the group.
    Definition {
        /// `external-secrets.io`
        group: String,
        /// `ClusterSecretStore`; absent where only the group is known.
        kind: Option<String>,
        /// The versions it serves; none where they are not known.
        served: Vec<String>,
    },
    /// Admission of these kinds of a group.
    Webhook {
        /// The webhook's own name.
        name: String,
        /// Its Service: `namespace/name`.
        service: String,
        /// The group.
        group: String,
        /// The kinds, or their plurals where the kinds are not known; `*` is every kind of the group.
        kinds: Vec<String>,
    },
    /// Conversion between the versions of a CRD.
    Conversion {
        /// Its Service: `namespace/name`.
        service: String,
        /// The group.
        group: String,
        /// The kind.
        kind: String,
        /// The version that is stored: objects of every other one are converted.
        stored: String,
    },
    /// A group of the API that a Service of the cluster serves (an APIService).
    Api {
        /// Its Service: `namespace/name`.
        service: String,
        /// The group.
        group: String,
        /// The version.
        version: String,
    },
    /// A namespace.
    Namespace(String),
    /// A Secret, ConfigMap, ServiceAccount or store: kind, namespace (none in the cluster's scope: empty), name.
    Object(String, String, String),
}

impl What {
    /// What a step of a proof says once it is there.
    pub(crate) fn event(&self) -> String {
        match self {
            Self::Definition { group, kind: Some(kind), .. } => format!("CRD of {kind} ({group}) is established"),
            Self::Definition { group, kind: None, .. } => format!("CRDs of {group} are established"),
            Self::Webhook { service, .. } => format!("webhook {service} serves"),
            Self::Conversion { service, kind, .. } => format!("{service} converts {kind}"),
            Self::Api { service, group, .. } => format!("{service} serves {group}"),
            Self::Namespace(name) => format!("Namespace {name} is active"),
            Self::Object(kind, namespace, name) if namespace.is_empty() => format!("{kind} {name} exists"),
            Self::Object(kind, namespace, name) => format!("{kind} {namespace}/{name} exists"),
        }
    }

    /// What an object is called.
    pub(crate) fn name(&self) -> String {
        match self {
            Self::Object(kind, namespace, name) => format!("{kind} {namespace}/{name}"),
            other => other.event(),
        }
    }

    /// Whether it is a webhook that is asked about this kind of its group.
    pub(crate) fn admits(&self, kind: &str) -> bool {
        let Self::Webhook { kinds, .. } = self else { return false };
        kinds.iter().any(|known| known == kind || known == "*" || *known == plural(kind))
    }

    /// What the index has it under.
    fn key(&self) -> String {
        match self {
            Self::Definition { group, .. } => format!("definition {group}"),
            Self::Webhook { group, .. } => format!("webhook {group}"),
            Self::Conversion { group, kind, .. } => format!("conversion {group}/{kind}"),
            Self::Api { group, .. } => format!("definition {group}"),
            Self::Namespace(name) => format!("namespace {name}"),
            Self::Object(kind, namespace, name) => format!("object {kind}/{namespace}/{name}"),
        }
    }

    /// The event that it precedes where a Kustomization applies it.
    pub(crate) fn applied_by(&self, kustomization: usize) -> Event {
        match self {
            Self::Object(kind, ..) if matches!(kind.as_str(), "Secret" | "ConfigMap" | "ServiceAccount") => {
                Event::Settled(kustomization)
            }
            _ => Event::Applied(kustomization),
        }
    }

    /// Whether it works only once the pods behind a Service do.
    pub(crate) fn is_served(&self) -> bool {
        matches!(self, Self::Webhook { .. } | Self::Conversion { .. } | Self::Api { .. })
    }

    /// Whether kustomize-controller applies it in its first stage (pkg/ssa utils/is.go: CRD, Namespace, ClusterRole).
    pub(crate) fn is_definition(&self) -> bool {
        matches!(self, Self::Definition { .. } | Self::Namespace(_))
    }
}

/// Provided things by the cluster they are brought to and by what a need asks for, each list in the order of the provided.
#[derive(Debug, Default)]
pub(crate) struct Index(Places);

impl Index {
    /// The index of these.
    pub(crate) fn of(provided: &[Provided], expansion: &Expansion<'_>) -> Self {
        let mut index = Self::default();
        for (at, thing) in provided.iter().enumerate() {
            let key = key(expansion.universe(thing.by), &thing.what.key());
            index.0.entry(key).or_default().push(at);
        }
        index
    }

    /// The CRDs of a group.
    pub(crate) fn definitions(&self, universe: usize, group: &str) -> &[usize] {
        self.at(universe, &format!("definition {group}"))
    }

    /// The webhooks that admit kinds of a group, or of every group.
    pub(crate) fn webhooks(&self, universe: usize, group: &str) -> Vec<usize> {
        let every = self.at(universe, "webhook *").iter();
        self.at(universe, &format!("webhook {group}")).iter().chain(every).copied().collect()
    }

    /// The conversions of a kind.
    pub(crate) fn conversions(&self, universe: usize, group: &str, kind: &str) -> &[usize] {
        self.at(universe, &format!("conversion {group}/{kind}"))
    }

    /// The namespaces of a name.
    pub(crate) fn namespaces(&self, universe: usize, name: &str) -> &[usize] {
        self.at(universe, &format!("namespace {name}"))
    }

    /// The objects of this identity.
    pub(crate) fn object(&self, universe: usize, kind: &str, namespace: &str, name: &str) -> &[usize] {
        self.at(universe, &format!("object {kind}/{namespace}/{name}"))
    }

    fn at(&self, universe: usize, what: &str) -> &[usize] {
        self.0.get(&key(universe, what)).map_or(&[], Vec::as_slice)
    }
}

fn key(universe: usize, what: &str) -> String {
    format!("{universe} {what}")
}

/// Everything that the cluster's Kustomizations and HelmReleases bring, in their order.
pub(crate) fn provided(expansion: &Expansion<'_>, facts: &Facts, world: &World) -> Vec<Provided> {
    let mut all = Vec::new();
    let (kinds, services, checked) = (kinds(expansion), Services::of(expansion), Named::of(expansion));
    for (index, node) in expansion.kustomizations.iter().enumerate() {
        by_kustomization(index, node, (&kinds, &services, &checked), &mut all);
    }
    for (index, release) in expansion.releases.iter().enumerate() {
        charts::by_release(index, release, (facts, world, &services), &mut all);
        all.extend(checked.in_chart(release).into_iter().map(|(what, certain)| {
            let maybe =
                (!certain).then(|| format!("whether {} brings it hangs on what is not known here", release.object));
            Provided { maybe, ..Provided::new(what, Provider::Release(index), Some(release.resource.span)) }
        }));
    }
    all
}

/// The kinds of all CRDs that lie in the repository.
fn kinds(expansion: &Expansion<'_>) -> Kinds {
    let all = expansion.kustomizations.iter().flat_map(|node| node.resources());
    all.filter(|r| r.kind() == "CustomResourceDefinition").filter_map(admission::kind_of).collect()
}

fn by_kustomization(
    index: usize,
    node: &KustomizationNode,
    (kinds, services, checked): (&Kinds, &Services, &Named),
    out: &mut Vec<Provided>,
) {
    let by = Provider::Kustomization(index);
    if let Content::ExternalSecretsCrds { tag, path } = &node.content {
        let crds = eso_git_crds(tag, path);
        out.extend(crds.into_iter().map(|what| Provided::new(what, by, node.span)));
    }
    if let Content::KnownCrds { url, tag, path } = &node.content {
        let crds = git::crds(url, tag, path).into_iter();
        out.extend(crds.map(|(group, kind)| Provided::new(definition_of(group, kind), by, node.span)));
    }
    for resource in node.resources() {
        let span = Some(resource.span);
        let mut add = |what, later| out.push(Provided { later, ..Provided::new(what, by, span) });
        let what = of_resource(resource).or_else(|| checked.resource(node.universe, resource));
        what.into_iter().for_each(|what| add(what, false));
        runtime::made_of(resource).into_iter().for_each(|what| add(what, true));
        admission::webhooks(resource, kinds).into_iter().for_each(|what| add(what, true));
        out.extend(conversion::served(resource).map(|what| answered(what, node.universe, by, span, services)));
    }
}

/// What a Service must answer, brought by who brings that Service; where nobody does, it may be there or not.
fn answered(what: What, universe: usize, by: Provider, span: Option<Span>, services: &Services) -> Provided {
    let service = match &what {
        What::Conversion { service, .. } | What::Api { service, .. } => service.clone(),
        _ => String::new(),
    };
    let found = services.find(universe, &service);
    let maybe = found.is_none().then(|| format!("who brings the Service {service} is not known"));
    Provided { later: true, maybe, ..Provided::new(what, found.unwrap_or(by), span) }
}

fn of_resource(resource: &Resource) -> Option<What> {
    match (resource.group(), resource.kind()) {
        ("apiextensions.k8s.io", "CustomResourceDefinition") => definition(&resource.value),
        ("", "Namespace") => Some(What::Namespace(resource.name().to_owned())),
        ("", kind @ ("Secret" | "ConfigMap" | "ServiceAccount")) => {
            let namespace = resource.namespace().unwrap_or("default");
            Some(What::Object(kind.to_owned(), namespace.to_owned(), resource.name().to_owned()))
        }
        ("external-secrets.io", kind @ ("ClusterSecretStore" | "SecretStore")) => {
            let namespace = resource.namespace().filter(|_| kind == "SecretStore").unwrap_or_default();
            Some(What::Object(kind.to_owned(), namespace.to_owned(), resource.name().to_owned()))
        }
        _ => None,
    }
}

fn definition(crd: &Value) -> Option<What> {
    let versions = crd.at(&["spec", "versions"]).map_or(&[][..], Value::items);
    let served = versions.iter().filter(|v| v.get("served").and_then(Value::as_bool) != Some(false));
    Some(What::Definition {
        group: crd.str_at(&["spec", "group"])?.to_owned(),
        kind: Some(crd.str_at(&["spec", "names", "kind"])?.to_owned()),
        served: served.filter_map(|v| v.str_at(&["name"])).map(str::to_owned).collect(),
    })
}

fn eso_git_crds(tag: &str, path: &str) -> Vec<What> {
    let found = eso::EsoVersion::parse(tag).zip(eso::crd_path(path));
    found.map(|(version, path)| eso::crds(version, path).iter().map(eso_definition).collect()).unwrap_or_default()
}

fn definition_of(group: &str, kind: &str) -> What {
    What::Definition { group: group.to_owned(), kind: Some(kind.to_owned()), served: Vec::new() }
}

fn eso_definition(crd: &eso::Crd) -> What {
    What::Definition {
        group: crd.group.to_string(),
        kind: Some(crd.kind.to_string()),
        served: crd.served.iter().map(ToString::to_string).collect(),
    }
}

/// The plural that Kubernetes would guess for a kind (apimachinery meta.UnsafeGuessKindToResource).
pub(crate) fn plural(kind: &str) -> String {
    let kind = kind.to_lowercase();
    match kind.strip_suffix('y') {
        Some(stem) => format!("{stem}ies"),
        None if kind.ends_with(['s', 'x']) || kind.ends_with("ch") => format!("{kind}es"),
        None => format!("{kind}s"),
    }
}
