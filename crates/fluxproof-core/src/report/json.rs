//! Report v1, the wire format: the same bytes in every host. Names are fixed; absent means not known.

use super::place::Places;
use super::{Analysis, Counts, assumptions, certificate};
use fluxproof_delivery::{Delivery, ObjectRef, Requirement, TraceStep, Verdict};
use fluxproof_rules::{Finding, Severity};
use fluxproof_yaml::Span;
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// The JSON Schema of this format.
pub(crate) const SCHEMA: &str = include_str!("report.schema.json");

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Report<'a> {
    schema_version: &'static str,
    tool: Tool<'a>,
    targets: Targets,
    summary: Summary<'a>,
    clusters: Vec<Cluster<'a>>,
    findings: Vec<FindingDto<'a>>,
}

#[derive(Serialize)]
struct Tool<'a> {
    name: &'static str,
    version: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    core: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Targets {
    flux: &'static str,
    kubernetes: &'static str,
    external_secrets: String,
}

#[derive(Serialize)]
struct Summary<'a> {
    errors: usize,
    warnings: usize,
    infos: usize,
    suppressed: usize,
    files: usize,
    skipped: Vec<Skipped<'a>>,
}

#[derive(Serialize)]
struct Skipped<'a> {
    path: &'a str,
    why: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Cluster<'a> {
    name: &'a str,
    entry: String,
    reason: &'static str,
    kustomizations: usize,
    helm_releases: usize,
    resources: usize,
    proof: Proof,
    #[serde(skip_serializing_if = "Option::is_none")]
    certificate: Option<Vec<RequirementDto<'a>>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Proof {
    requirements: usize,
    proven: usize,
    broken: usize,
    assumed: usize,
    by_verdict: BTreeMap<&'static str, usize>,
    assumptions: Vec<AssumptionDto>,
}

#[derive(Serialize)]
struct AssumptionDto {
    what: String,
    why: String,
    count: usize,
}

#[derive(Serialize)]
struct RequirementDto<'a> {
    number: usize,
    group: &'static str,
    need: String,
    needs: String,
    verdict: &'static str,
    path: Vec<StepDto<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<Location<'a>>,
    #[serde(skip_serializing_if = "String::is_empty")]
    why: String,
    /// The schedule that fails, where the requirement is broken.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    trace: Vec<TraceDto<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    costs: Option<Costs>,
}

#[derive(Serialize)]
struct StepDto<'a> {
    event: &'a str,
    because: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<Location<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location<'a> {
    path: &'a str,
    line: u32,
    column: u32,
    end_line: u32,
    end_column: u32,
    byte_start: u32,
    byte_end: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct FindingDto<'a> {
    rule: &'a str,
    severity: &'static str,
    confidence: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    verdict: Option<&'static str>,
    message: &'a str,
    why: &'a str,
    help: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    cluster: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    clusters: Option<&'a [String]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    owner: Option<ObjectDto<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    object: Option<ObjectDto<'a>>,
    location: Location<'a>,
    related: Vec<Location<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    trace: Vec<TraceDto<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    costs: Option<Costs>,
    fixes: [(); 0],
    fingerprint: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ObjectDto<'a> {
    api_version: &'a str,
    kind: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    namespace: Option<&'a str>,
    name: &'a str,
}

#[derive(Serialize)]
struct TraceDto<'a> {
    at: String,
    actor: &'a str,
    event: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Costs {
    delay_seconds: u64,
}

/// The report as a value; with the certificate where it is asked for.
pub(crate) fn report(analysis: &Analysis, with_certificate: bool) -> Report<'_> {
    let places = Places::new(&analysis.sources);
    let deliveries = analysis.deliveries.clusters.iter();
    Report {
        schema_version: "1",
        tool: Tool { name: "fluxproof", version: env!("CARGO_PKG_VERSION"), core: analysis.core_digest.as_deref() },
        targets: targets(analysis),
        summary: summary(analysis),
        clusters: deliveries.map(|delivery| cluster(&places, delivery, with_certificate)).collect(),
        findings: analysis.findings.iter().map(|finding| dto(&places, finding)).collect(),
    }
}

/// The report as text, ending in a line break.
pub(crate) fn text(value: &impl Serialize) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default() + "\n"
}

fn targets(analysis: &Analysis) -> Targets {
    let releases = analysis.deliveries.clusters.iter().flat_map(|delivery| &delivery.releases);
    let eso = releases.filter(|release| release.chart.as_deref() == Some("external-secrets"));
    let found = eso.filter_map(|release| release.version.clone()).next();
    Targets { flux: "2.9", kubernetes: "1.36", external_secrets: found.unwrap_or_else(|| "2.9.0".to_owned()) }
}

fn summary(analysis: &Analysis) -> Summary<'_> {
    Summary {
        errors: analysis.count(Severity::Error),
        warnings: analysis.count(Severity::Warning),
        infos: analysis.count(Severity::Info),
        suppressed: 0,
        files: analysis.deliveries.files,
        skipped: analysis.skipped.iter().map(|(path, why)| Skipped { path, why }).collect(),
    }
}

fn cluster<'a>(places: &Places<'a>, delivery: &'a Delivery, with_certificate: bool) -> Cluster<'a> {
    Cluster {
        name: &delivery.name,
        entry: delivery.entry.to_string(),
        reason: delivery.reason.name(),
        kustomizations: delivery.kustomizations.len(),
        helm_releases: delivery.releases.len(),
        resources: delivery.resources(),
        proof: proof(delivery),
        certificate: with_certificate.then(|| certificate(places, delivery)),
    }
}

fn proof(delivery: &Delivery) -> Proof {
    let counts = Counts::of(delivery);
    let mut by_verdict = BTreeMap::new();
    for requirement in &delivery.requirements {
        if let Verdict::Broken(broken) = &requirement.verdict {
            *by_verdict.entry(broken.kind.name()).or_insert(0) += 1;
        }
    }
    Proof {
        requirements: counts.all,
        proven: counts.proven,
        broken: counts.broken,
        assumed: counts.assumed,
        by_verdict,
        assumptions: assumptions(delivery)
            .into_iter()
            .map(|(what, why, count)| AssumptionDto { what, why, count })
            .collect(),
    }
}

fn certificate<'a>(places: &Places<'a>, delivery: &'a Delivery) -> Vec<RequirementDto<'a>> {
    let numbered = delivery.requirements.iter().enumerate();
    numbered.map(|(index, requirement)| requirement_dto(places, index + 1, requirement)).collect()
}

fn requirement_dto<'a>(places: &Places<'a>, number: usize, requirement: &'a Requirement) -> RequirementDto<'a> {
    let (path, why) = match &requirement.verdict {
        Verdict::Proven(steps) => {
            let step = |step: &'a fluxproof_delivery::Step| StepDto {
                event: &step.event,
                because: step.because,
                location: step.span.map(|span| location(places, span, None)),
            };
            (steps.iter().map(step).collect(), String::new())
        }
        _ => (Vec::new(), certificate::why(requirement)),
    };
    let broken = if let Verdict::Broken(broken) = &requirement.verdict { Some(broken) } else { None };
    RequirementDto {
        number,
        group: requirement.group.name(),
        need: requirement.object.to_string(),
        needs: certificate::needs(requirement),
        verdict: requirement.verdict.name(),
        path,
        location: requirement.span.map(|span| location(places, span, None)),
        why,
        trace: broken.map_or(&[][..], |broken| &broken.trace).iter().map(|step| trace(places, step)).collect(),
        costs: broken.and_then(|broken| broken.delay_seconds).map(|delay_seconds| Costs { delay_seconds }),
    }
}

fn location<'a>(places: &Places<'a>, span: Span, message: Option<&'a str>) -> Location<'a> {
    let place = places.place(span);
    Location {
        path: place.path,
        line: place.start.line,
        column: place.start.column,
        end_line: place.end.line,
        end_column: place.end.column,
        byte_start: span.start,
        byte_end: span.end,
        message,
    }
}

fn dto<'a>(places: &Places<'a>, finding: &'a Finding) -> FindingDto<'a> {
    let one = (finding.clusters.len() == 1).then(|| finding.clusters[0].as_str());
    FindingDto {
        rule: finding.rule,
        severity: finding.severity.name(),
        confidence: finding.confidence.name(),
        verdict: finding.verdict.map(fluxproof_delivery::BrokenKind::name),
        message: &finding.message,
        why: &finding.why,
        help: &finding.help,
        cluster: one,
        clusters: (finding.clusters.len() > 1).then_some(finding.clusters.as_slice()),
        owner: finding.owner.as_ref().map(object),
        object: finding.object.as_ref().map(object),
        location: location(places, finding.location, None),
        related: finding.related.iter().map(|label| location(places, label.span, Some(&label.message))).collect(),
        trace: finding.trace.iter().map(|step| trace(places, step)).collect(),
        costs: finding.delay_seconds.map(|delay_seconds| Costs { delay_seconds }),
        fixes: [],
        fingerprint: fingerprint(finding),
    }
}

fn object(object: &ObjectRef) -> ObjectDto<'_> {
    ObjectDto {
        api_version: &object.api_version,
        kind: &object.kind,
        namespace: object.namespace.as_deref(),
        name: &object.name,
    }
}

fn trace<'a>(places: &Places<'a>, step: &'a TraceStep) -> TraceDto<'a> {
    let at = step.span.map(|span| places.place(span));
    TraceDto {
        at: format!("T{}", step.at),
        actor: step.actor,
        event: &step.event,
        error: step.error.as_deref(),
        path: at.as_ref().map(|place| place.path),
        line: at.as_ref().map(|place| place.start.line),
    }
}

/// From rule, clusters, identity and field; never from line numbers.
fn fingerprint(finding: &Finding) -> String {
    let mut hash = Sha256::new();
    let name = |object: &Option<ObjectRef>| object.as_ref().map(|o| format!("{}|{o}", o.group())).unwrap_or_default();
    let parts = [
        finding.rule.to_owned(),
        finding.clusters.join(","),
        name(&finding.owner),
        name(&finding.object),
        finding.field.clone(),
    ];
    parts.iter().for_each(|part| hash.update(format!("{}:{part};", part.len())));
    hex(&hash.finalize()[..8])
}

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
