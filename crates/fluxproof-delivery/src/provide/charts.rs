//! What the chart of a HelmRelease brings: read from the chart, said in the config, or known from the tables.

use super::{Provided, What, eso_definition};
use crate::World;
use crate::chart::{ChartContent, ChartObject, Detail, MissingChart, Presence, Rule, Scope, Stage, Webhook};
use crate::conversion::Services;
use crate::facts::{ChartFacts as Known, ChartWebhook, Confidence, Facts, eso};
use crate::model::{Provider, ReleaseNode};
use crate::world::ChartFacts as Said;
use fluxproof_yaml::{Span, Value};

/// What one release brings, being collected.
struct Brought<'a> {
    by: Provider,
    span: Option<Span>,
    out: &'a mut Vec<Provided>,
}

impl Brought<'_> {
    fn add(&mut self, what: What) -> &mut Provided {
        let at = self.out.len();
        self.out.push(Provided::new(what, self.by, self.span));
        &mut self.out[at]
    }
}

/// What a release brings.
pub(super) fn by_release(
    index: usize,
    release: &ReleaseNode,
    (facts, world, services): (&Facts, &World, &Services),
    out: &mut Vec<Provided>,
) {
    let mut brought = Brought { by: Provider::Release(index), span: Some(release.resource.span), out };
    if release.creates_namespace {
        // Helm makes it once all templates are mapped to their kinds (pkg/action/install.go).
        brought.add(What::Namespace(release.target_namespace.clone()));
    }
    if let Some(content) = &release.content {
        read(release, content, facts, &mut brought);
        return answered(release, content, services, &mut brought);
    }
    let Some(chart) = release.chart.as_deref() else { return };
    let name = chart.trim_end_matches('/').rsplit('/').next().unwrap_or(chart);
    if let Some(said) = world.chart_facts.get(name) {
        return said_in_config(release, said, &mut brought);
    }
    if let Some(known) = facts.chart(chart, release.repository_url.as_deref()) {
        from_tables(release, known, release.values.as_ref(), &mut brought);
    }
}

/// A chart that was read.
fn read(release: &ReleaseNode, content: &ChartContent, facts: &Facts, brought: &mut Brought<'_>) {
    let skips = release.resource.value.str_at(&["spec", "install", "crds"]) == Some("Skip");
    for object in content.objects.iter().filter(|o| o.stage != Stage::OtherHook) {
        if object.stage == Stage::CrdFolder && skips {
            continue;
        }
        for (what, presence) in of_object(object, content, release) {
            let provided = brought.add(what);
            provided.early = object.stage == Stage::CrdFolder;
            if presence == Presence::Possible {
                let release = &release.object;
                provided.maybe = Some(format!("whether {release} brings it hangs on what is not known here"));
            }
        }
    }
    content.missing.iter().for_each(|missing| below(release, missing, facts, brought));
}

/// A chart that another depends on and that is not in its folder: what the tables know of it.
fn below(release: &ReleaseNode, missing: &MissingChart, facts: &Facts, brought: &mut Brought<'_>) {
    let Some(known) = facts.chart(&missing.name, Some(&missing.repository)) else { return };
    let values = release.values.as_ref().and_then(|values| values.get(&missing.key));
    from_tables(release, known, values, brought);
}

/// What a Service must answer for the CRDs and the APIServices of a chart: its own, where the chart does not say which.
fn answered(release: &ReleaseNode, content: &ChartContent, services: &Services, brought: &mut Brought<'_>) {
    for object in content.objects.iter().filter(|o| o.stage != Stage::OtherHook && o.presence == Presence::Certain) {
        let Some((what, service)) = service_of(object) else { continue };
        let by = if service.is_empty() { Some(brought.by) } else { services.find(release.universe, &service) };
        let maybe = by.is_none().then(|| format!("who brings the Service {service} is not known"));
        let provided = Provided::new(what, by.unwrap_or(brought.by), brought.span);
        brought.out.push(Provided { later: true, maybe, ..provided });
    }
}

fn service_of(object: &ChartObject) -> Option<(What, String)> {
    match &object.detail {
        Detail::Definition(crd) => {
            let (service, stored) = (crd.conversion.clone()?, crd.stored.clone()?);
            let (group, kind) = (crd.group.clone(), crd.kind.clone());
            Some((What::Conversion { service: service.clone(), group, kind, stored }, service))
        }
        Detail::ApiService { group, version, service } => {
            let service = service.clone().unwrap_or_default();
            let (group, version) = (group.clone(), version.clone());
            Some((What::Api { service: service.clone(), group, version }, service))
        }
        _ => None,
    }
}

fn of_object(object: &ChartObject, content: &ChartContent, release: &ReleaseNode) -> Vec<(What, Presence)> {
    match (&object.detail, &object.name, &object.namespace) {
        (Detail::Definition(crd), ..) => {
            let (group, kind, served) = (crd.group.clone(), Some(crd.kind.clone()), crd.served.clone());
            vec![(What::Definition { group, kind, served }, object.presence)]
        }
        (Detail::Webhooks(hooks), ..) => {
            hooks.iter().flat_map(|hook| webhook(object, hook, content, release)).collect()
        }
        (_, Some(name), _) if object.group().is_empty() && object.kind == "Namespace" => {
            vec![(What::Namespace(name.clone()), object.presence)]
        }
        (_, Some(name), Some(namespace)) if object.group().is_empty() && is_asked_for(&object.kind) => {
            vec![(What::Object(object.kind.clone(), namespace.clone(), name.clone()), object.presence)]
        }
        _ => Vec::new(),
    }
}

fn is_asked_for(kind: &str) -> bool {
    matches!(kind, "Secret" | "ConfigMap" | "ServiceAccount")
}

/// A webhook that refuses while it does not answer, for each group that it is asked about.
fn webhook(
    object: &ChartObject,
    hook: &Webhook,
    content: &ChartContent,
    release: &ReleaseNode,
) -> Vec<(What, Presence)> {
    // What is spared, or whether it refuses at all, is not known: then nothing is said of it.
    if hook.refuses == Some(false) || hook.scope == Scope::Some {
        return Vec::new();
    }
    let doubted = hook.scope == Scope::Most || hook.refuses.is_none();
    let presence = if doubted { Presence::Possible } else { object.presence.max(hook.presence) };
    let service = hook.service.clone().unwrap_or_else(|| format!("{}/{}", release.target_namespace, hook.name));
    let rules = hook.rules.iter().flatten();
    let each = rules.flat_map(|rule| rule.groups.iter().map(move |group| (group, rule)));
    each.filter_map(|(group, rule)| {
        let kinds = kinds(group, rule, content)?;
        Some((
            What::Webhook { name: hook.name.clone(), service: service.clone(), group: group.clone(), kinds },
            presence,
        ))
    })
    .collect()
}

/// The kinds that a rule is about; `*` for every one, none for subresources only.
fn kinds(group: &str, rule: &Rule, content: &ChartContent) -> Option<Vec<String>> {
    if rule.resources.iter().any(|resource| matches!(resource.as_str(), "*" | "*/*")) {
        return Some(vec!["*".to_owned()]);
    }
    let whole: Vec<&String> = rule.resources.iter().filter(|resource| !resource.contains('/')).collect();
    let kind = |plural: &String| {
        let crd = content.definitions().find(|(_, crd)| crd.group == group && crd.plural == *plural);
        crd.map_or_else(|| plural.clone(), |(_, crd)| crd.kind.clone())
    };
    (!whole.is_empty()).then(|| whole.into_iter().map(kind).collect())
}

/// A chart whose owner says what it brings.
fn said_in_config(release: &ReleaseNode, said: &Said, brought: &mut Brought<'_>) {
    let parts = |text: &str| match text.split_once('/') {
        Some((group, kind)) => (group.to_owned(), Some(kind.to_owned())),
        None => (text.to_owned(), None),
    };
    for (group, kind) in said.crds.iter().map(|text| parts(text)) {
        brought.add(What::Definition { group, kind, served: Vec::new() });
    }
    for (group, kind) in said.webhooks.iter().map(|text| parts(text)) {
        let service = format!("{}/{}", release.target_namespace, release.release_name);
        brought.add(What::Webhook {
            name: group.clone(),
            service,
            group,
            kinds: vec![kind.unwrap_or_else(|| "*".to_owned())],
        });
    }
    for namespace in &said.namespaces {
        brought.add(What::Namespace(namespace.clone()));
    }
}

/// A chart that the tables know.
fn from_tables(release: &ReleaseNode, known: Known<'_>, values: Option<&Value>, brought: &mut Brought<'_>) {
    let likely = known.confidence() != Confidence::Certain;
    if known.is_external_secrets() {
        external_secrets(release).into_iter().for_each(|what| brought.add(what).likely = likely);
        return;
    }
    for (group, kind) in known.kinds(values, release.more_values) {
        let (group, kind) = (group.to_owned(), kind.map(str::to_owned));
        brought.add(What::Definition { group, kind, served: Vec::new() }).likely = likely;
    }
    for hook in known.webhooks(values) {
        brought.add(known_webhook(release, known, &hook)).likely = likely;
    }
}

fn known_webhook(release: &ReleaseNode, known: Known<'_>, hook: &ChartWebhook) -> What {
    let every = || vec!["*".to_owned()];
    let named: Vec<String> = hook.kinds.iter().map(|kind| (*kind).to_owned()).collect();
    What::Webhook {
        name: hook.name.to_owned(),
        service: format!("{}/{}", release.target_namespace, service(release, known.name(), hook.service)),
        group: hook.group.to_owned(),
        kinds: if named.is_empty() { every() } else { named },
    }
}

/// The name of a service; what begins with `-` follows the full name of the release, as charts make it (`NAME.fullname`).
fn service(release: &ReleaseNode, chart: &str, service: &str) -> String {
    let own = &release.release_name;
    let service = if service == "-" { "" } else { service };
    match (service.is_empty() || service.starts_with('-'), own.contains(chart)) {
        (false, _) => service.replace("{release}", own),
        (true, true) => format!("{own}{service}"),
        (true, false) => format!("{own}-{chart}{service}"),
    }
}

/// The version that a release of External Secrets runs; the newest known where it cannot be read.
fn eso_version(release: &ReleaseNode) -> eso::EsoVersion {
    release.version.as_deref().and_then(eso::EsoVersion::parse).unwrap_or_else(eso::EsoVersion::newest)
}

fn external_secrets(release: &ReleaseNode) -> Vec<What> {
    let version = eso_version(release);
    let values = release.values.as_ref();
    let namespace = eso::namespace(version, &release.target_namespace, values);
    let service = eso::webhook_service_name(version, &release.release_name, values);
    let mut all: Vec<What> = eso::chart_crds(version, values).iter().map(eso_definition).collect();
    for hook in eso::webhooks(version, values) {
        all.push(What::Webhook {
            name: hook.name.to_string(),
            service: format!("{namespace}/{service}"),
            group: "external-secrets.io".to_owned(),
            kinds: hook.kinds.iter().map(ToString::to_string).collect(),
        });
    }
    let account = eso::service_account(&release.release_name, values);
    if account.created {
        all.push(What::Object("ServiceAccount".to_owned(), namespace.to_owned(), account.name));
    }
    all
}
