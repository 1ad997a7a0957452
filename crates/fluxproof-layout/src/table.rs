//! The fields of the config.

use crate::fields::Kind::{
    Certificate, Choice as Choose, Duration, Folder, Key, Label, Name, OciUrl, Text, TextOrNothing, Url, Version,
};
use crate::fields::{Choice, Field};

const VAULT: &str = "Vault";
const LOGIN: &str = "Authentication";
const STORE: &str = "Store";
const VERSIONS: &str = "Versions";
const NAMES: &str = "Names";
const REPOSITORY: &str = "Repository";
const TIMING: &str = "Timing";

const METHOD: &str = "vault.auth.method";
const CA: &str = "vault.ca.source";

const fn choice(value: &'static str, label: &'static str) -> Choice {
    Choice { value, label }
}

const KV: &[Choice] = &[choice("v1", "v1"), choice("v2", "v2")];
const CAS: &[Choice] = &[
    choice("system", "Public"),
    choice("configMap", "In a ConfigMap"),
    choice("secret", "In a Secret"),
    choice("bundle", "Written here"),
];
const METHODS: &[Choice] =
    &[choice("kubernetes", "Kubernetes"), choice("appRole", "AppRole"), choice("token", "Token")];
const CHARTS: &[Choice] = &[choice("helmRepository", "Helm repository"), choice("oci", "OCI")];
const MODES: &[Choice] = &[choice("repository", "Repository"), choice("embed", "Folder only")];
const KINDS: &[Choice] =
    &[choice("GitRepository", "GitRepository"), choice("OCIRepository", "OCIRepository"), choice("Bucket", "Bucket")];

const SOPS: &str =
    "The Secret in Flux's namespace with the key that SOPS decrypts by. It is made by hand, outside Git.";

pub(crate) const FIELDS: &[Field] = &[
    Field::new("vault.server", Url, "Server")
        .default("https://vault.example.com:8200")
        .help("Where the cluster reaches Vault: http or https, with the port.")
        .group(VAULT),
    Field::new("vault.path", Text, "Mount path")
        .default("secret")
        .help("Where the key-value engine is mounted.")
        .group(VAULT),
    Field::new("vault.version", Choose, "KV version")
        .default("v2")
        .help("The version of the key-value engine.")
        .group(VAULT)
        .choices(KV),
    Field::new("vault.namespace", Text, "Vault namespace")
        .help("Only Vault Enterprise and HCP have namespaces.")
        .group(VAULT),
    Field::new(CA, Choose, "Certificate authority")
        .default("system")
        .help(
            "Who signed Vault's certificate: a public authority, or your own, whose certificate is in an \
             object of the cluster or written here.",
        )
        .group(VAULT)
        .choices(CAS),
    Field::new("vault.ca.configMap.name", Name, "ConfigMap")
        .default("vault-ca")
        .help("The ConfigMap with the authority's certificate. It is not generated.")
        .group(VAULT)
        .when(CA, "configMap"),
    Field::new("vault.ca.configMap.key", Key, "Key")
        .default("ca.crt")
        .help("The key in that ConfigMap.")
        .group(VAULT)
        .when(CA, "configMap"),
    Field::new("vault.ca.configMap.namespace", Label, "Its namespace")
        .help("The namespace of that ConfigMap; empty for the operator's.")
        .group(VAULT)
        .when(CA, "configMap"),
    Field::new("vault.ca.secret.name", Name, "Secret")
        .default("vault-ca")
        .help("The Secret with the authority's certificate. It is not generated.")
        .group(VAULT)
        .when(CA, "secret"),
    Field::new("vault.ca.secret.key", Key, "Key")
        .default("ca.crt")
        .help("The key in that Secret.")
        .group(VAULT)
        .when(CA, "secret"),
    Field::new("vault.ca.secret.namespace", Label, "Its namespace")
        .help("The namespace of that Secret; empty for the operator's.")
        .group(VAULT)
        .when(CA, "secret"),
    Field::new("vault.ca.bundle", Certificate, "Certificate")
        .help("The authority's certificate: PEM in base64, as base64 -w0 ca.crt prints it. It is public.")
        .group(VAULT)
        .when(CA, "bundle"),
    Field::new(METHOD, Choose, "Method")
        .default("kubernetes")
        .help("How External Secrets logs in to Vault. Kubernetes needs no Secret at all.")
        .group(LOGIN)
        .choices(METHODS),
    Field::new("vault.auth.kubernetes.mountPath", Text, "Mount path")
        .default("kubernetes")
        .help("Where the Kubernetes login is mounted in Vault: auth/<mount path>.")
        .group(LOGIN)
        .when(METHOD, "kubernetes"),
    Field::new("vault.auth.kubernetes.role", Text, "Role")
        .default("external-secrets")
        .help("The role in Vault that the operator asks for.")
        .group(LOGIN)
        .when(METHOD, "kubernetes"),
    Field::new("vault.auth.kubernetes.serviceAccount", Label, "Service account")
        .default("external-secrets")
        .help(
            "The operator's own service account; the chart creates it under this name, and the role is bound \
             to it.",
        )
        .group(LOGIN)
        .when(METHOD, "kubernetes"),
    Field::new("vault.auth.kubernetes.audience", TextOrNothing, "Audience")
        .default("vault")
        .help(
            "The audience of the account's token. Vault 1.21 and later want it in the role; empty for a role \
             without one.",
        )
        .group(LOGIN)
        .when(METHOD, "kubernetes"),
    Field::new("vault.auth.appRole.path", Text, "Mount path")
        .default("approle")
        .help("Where AppRole is mounted in Vault: auth/<mount path>.")
        .group(LOGIN)
        .when(METHOD, "appRole"),
    Field::new("vault.auth.appRole.secret", Name, "Secret")
        .default("vault-approle")
        .help("The Secret with the role id and the secret id. It is generated empty.")
        .group(LOGIN)
        .when(METHOD, "appRole"),
    Field::new("vault.auth.appRole.roleIdKey", Key, "Key of role id")
        .default("role-id")
        .help("The key of the role id in that Secret.")
        .group(LOGIN)
        .when(METHOD, "appRole"),
    Field::new("vault.auth.appRole.secretIdKey", Key, "Key of secret id")
        .default("secret-id")
        .help("The key of the secret id in that Secret.")
        .group(LOGIN)
        .when(METHOD, "appRole"),
    Field::new("vault.auth.appRole.decryptionSecret", Name, "SOPS key")
        .default("sops-age")
        .help(SOPS)
        .group(LOGIN)
        .when(METHOD, "appRole"),
    Field::new("vault.auth.token.secret", Name, "Secret")
        .default("vault-token")
        .help("The Secret with the token. It is generated empty.")
        .group(LOGIN)
        .when(METHOD, "token")
        .advice("External Secrets does not renew a token: when it expires, the store stops."),
    Field::new("vault.auth.token.key", Key, "Key")
        .default("token")
        .help("The key of the token in that Secret.")
        .group(LOGIN)
        .when(METHOD, "token"),
    Field::new("vault.auth.token.decryptionSecret", Name, "SOPS key")
        .default("sops-age")
        .help(SOPS)
        .group(LOGIN)
        .when(METHOD, "token"),
    Field::new("store.name", Name, "Name")
        .default("vault")
        .help("The ClusterSecretStore that ExternalSecrets name in secretStoreRef.")
        .group(STORE),
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
    Field::new("namespaces.operator", Label, "Operator namespace")
        .default("external-secrets")
        .help("Where External Secrets runs. The layout brings this namespace.")
        .group(NAMES),
    Field::new("namespaces.flux", Label, "Flux namespace")
        .default("flux-system")
        .help("Where the objects of Flux live.")
        .group(NAMES),
    Field::new("mode", Choose, "Generate")
        .default("repository")
        .help(
            "A repository with the cluster's entry and a README, or only the folder \
             infrastructure/external-secrets for a repository that has its own entry.",
        )
        .group(REPOSITORY)
        .choices(MODES),
    Field::new("cluster", Folder, "Cluster")
        .default("demo")
        .help("The folder under clusters/ that Flux was bootstrapped with.")
        .group(REPOSITORY)
        .when("mode", "repository"),
    Field::new("embed.kustomization", Name, "Applied by")
        .default("flux-system")
        .help(
            "The Kustomization, in Flux's namespace, that applies the folder. It must not wait: a part of \
             the folder depends on it.",
        )
        .group(REPOSITORY)
        .when("mode", "embed"),
    Field::new("repository.name", Name, "Flux source")
        .default("flux-system")
        .help("The source in the cluster that holds this repository.")
        .group(REPOSITORY),
    Field::new("repository.kind", Choose, "Kind of source")
        .default("GitRepository")
        .help("The kind of that source.")
        .group(REPOSITORY)
        .choices(KINDS),
    Field::new("repository.namespace", Label, "Its namespace")
        .help("The namespace of that source; empty for Flux's.")
        .group(REPOSITORY),
    Field::new("intervals.kustomizations", Duration, "Reconcile")
        .default("10m")
        .help("How often the Kustomizations and the HelmRelease are looked at without a change.")
        .group(TIMING),
    Field::new("intervals.sources", Duration, "Sources")
        .default("1h")
        .help("How often the sources of CRDs and chart are looked at.")
        .group(TIMING),
    Field::new("intervals.retry", Duration, "Retry")
        .default("1m")
        .help("How soon what failed is tried again.")
        .group(TIMING),
    Field::new("timeouts.helmRelease", Duration, "HelmRelease")
        .default("5m")
        .help("How long Helm waits for the operator's pods.")
        .group(TIMING),
    Field::new("timeouts.operator", Duration, "Operator")
        .default("6m")
        .help("How long its Kustomization waits for the HelmRelease: longer than Helm waits.")
        .group(TIMING),
    Field::new("timeouts.crds", Duration, "CRDs").default("3m").help("How long the CRDs are waited for.").group(TIMING),
    Field::new("timeouts.stores", Duration, "Store")
        .default("3m")
        .help("How long the store's login to Vault is waited for. A mend has to wait as long.")
        .group(TIMING),
];
