//! The operator: its version, chart, CRDs, webhook and account.

use super::{NAMES, OPERATOR, VERSIONS, choice};
use crate::fields::Kind::{Choice as Choose, Count, Items, Label, Map, Name, OciUrl, Switch, Texts, Url, Version};
use crate::fields::{Choice, Field};

const CHARTS: &[Choice] = &[choice("helmRepository", "Helm repository"), choice("oci", "OCI")];
const CRDS: &[Choice] = &[choice("git", "Git"), choice("helm", "Helm"), choice("vendored", "Vendored")];
const ISSUERS: &[Choice] = &[choice("ClusterIssuer", "ClusterIssuer"), choice("Issuer", "Issuer")];
const CERTIFICATES: &[Choice] = &[choice("certController", "Its own"), choice("certManager", "cert-manager")];

const WEBHOOK: &str = "admission.certificates";

const ACCOUNT: &[Field] = &[
    Field::new("name", Label, "Name").help("The account's name.").group(OPERATOR),
    Field::new("annotations", Map, "Annotations")
        .help("Annotations of the account: the role that a cloud gives it, for instance.")
        .group(OPERATOR),
];

pub(super) const FIELDS: &[Field] = &[
    Field::new("version", Version, "External Secrets")
        .default("2.9.0")
        .help("The release; chart and CRDs both follow it. 0.16.1 or later.")
        .group(VERSIONS),
    Field::new("chart.source", Choose, "Chart from")
        .default("helmRepository")
        .help("Where Flux fetches the chart.")
        .group(VERSIONS)
        .choices(CHARTS),
    Field::new("chart.helmRepository.url", Url, "Repository")
        .default("https://charts.external-secrets.io")
        .help("The Helm repository, or a mirror of it.")
        .group(VERSIONS)
        .when("chart.source", "helmRepository"),
    Field::new("chart.oci.url", OciUrl, "Artifact")
        .default("oci://ghcr.io/external-secrets/charts/external-secrets")
        .help("The chart in an OCI registry, or a mirror of it, without a tag.")
        .group(VERSIONS)
        .when("chart.source", "oci"),
    Field::new("crds.source", Choose, "CRDs from")
        .default("git")
        .help(
            "Who owns the CRDs: a Kustomization from External Secrets' own repository, the chart, with an annotation \
             that keeps them, or this repository, which then holds a copy.",
        )
        .group(VERSIONS)
        .choices(CRDS),
    Field::new("crds.git.url", Url, "Git repository")
        .default("https://github.com/external-secrets/external-secrets")
        .help("External Secrets' own repository, or a mirror of it with the same tags.")
        .group(VERSIONS)
        .when("crds.source", "git"),
    Field::new("admission.replicas", Count, "Webhook replicas")
        .default("1")
        .help("How many pods the webhook has. Two or more get a PodDisruptionBudget.")
        .group(OPERATOR)
        .advice("With one pod, whatever holds an ExternalSecret waits while that pod moves to another node."),
    Field::new(WEBHOOK, Choose, "Webhook certificate")
        .default("certController")
        .help("Who makes the webhook's certificate: the operator's own cert-controller, or cert-manager.")
        .group(OPERATOR)
        .choices(CERTIFICATES),
    Field::new("admission.certManager.issuerKind", Choose, "Kind of issuer")
        .default("ClusterIssuer")
        .help("The kind of cert-manager's issuer.")
        .group(OPERATOR)
        .choices(ISSUERS)
        .when(WEBHOOK, "certManager"),
    Field::new("admission.certManager.issuer", Name, "Issuer")
        .default("selfsigned")
        .help("The issuer; an Issuer is in the operator's namespace. It is not generated.")
        .group(OPERATOR)
        .when(WEBHOOK, "certManager"),
    Field::new("networkPolicies", Switch, "Network policies")
        .help("Lets nothing reach the operator's pods but calls of the webhook, probes and metrics.")
        .group(OPERATOR),
    Field::new("monitoring.serviceMonitor", Switch, "ServiceMonitor")
        .help("A ServiceMonitor for each part of the operator. The CRDs of the Prometheus operator must be there.")
        .group(OPERATOR),
    Field::new("monitoring.grafanaDashboard", Switch, "Grafana dashboard")
        .help("A ConfigMap with the dashboard, for Grafana's sidecar.")
        .group(OPERATOR),
    Field::new("serviceAccount.name", Label, "Account")
        .default("external-secrets")
        .help("The operator's own service account. The chart creates it.")
        .group(OPERATOR),
    Field::new("serviceAccount.annotations", Map, "Its annotations")
        .help("Annotations of that account: the role that a cloud gives it, for instance.")
        .group(OPERATOR),
    Field::new("accounts", Items, "More accounts")
        .help("Annotations of the other service accounts that stores log in with. The layout brings every account that a store names.")
        .group(OPERATOR)
        .items(ACCOUNT),
    Field::new("namespaces.operator", Label, "Operator namespace")
        .default("external-secrets")
        .help("Where External Secrets runs. The layout brings this namespace.")
        .group(NAMES),
    Field::new("namespaces.flux", Label, "Flux namespace")
        .default("flux-system")
        .help("Where the objects of Flux live.")
        .group(NAMES),
    Field::new("namespaces.existing", Texts, "Existing namespaces")
        .help("Namespaces of stores and applications that somebody else brings; the layout brings all others.")
        .group(NAMES),
];
