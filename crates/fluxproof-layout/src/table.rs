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
    Field::new("vault.server", Url, Some("https://vault.example.com:8200"), "Server", "Where the cluster reaches Vault: http or https, with the port.")
        .group(VAULT),
    Field::new("vault.path", Text, Some("secret"), "Mount path", "Where the key-value engine is mounted.").group(VAULT),
    Field::new("vault.version", Choose, Some("v2"), "KV version", "The version of the key-value engine.")
        .group(VAULT)
        .choices(KV),
    Field::new("vault.namespace", Text, None, "Vault namespace", "Only Vault Enterprise and HCP have namespaces.").group(VAULT),
    Field::new(CA, Choose, Some("system"), "Certificate authority", "Who signed Vault's certificate: a public authority, or your own, whose certificate is in an object of the cluster or written here.")
        .group(VAULT)
        .choices(CAS),
    Field::new("vault.ca.configMap.name", Name, Some("vault-ca"), "ConfigMap", "The ConfigMap with the authority's certificate. It is not generated.")
        .group(VAULT)
        .when(CA, "configMap"),
    Field::new("vault.ca.configMap.key", Key, Some("ca.crt"), "Key", "The key in that ConfigMap.").group(VAULT).when(CA, "configMap"),
    Field::new("vault.ca.configMap.namespace", Label, None, "Its namespace", "The namespace of that ConfigMap; empty for the operator's.")
        .group(VAULT)
        .when(CA, "configMap"),
    Field::new("vault.ca.secret.name", Name, Some("vault-ca"), "Secret", "The Secret with the authority's certificate. It is not generated.")
        .group(VAULT)
        .when(CA, "secret"),
    Field::new("vault.ca.secret.key", Key, Some("ca.crt"), "Key", "The key in that Secret.").group(VAULT).when(CA, "secret"),
    Field::new("vault.ca.secret.namespace", Label, None, "Its namespace", "The namespace of that Secret; empty for the operator's.")
        .group(VAULT)
        .when(CA, "secret"),
    Field::new("vault.ca.bundle", Certificate, None, "Certificate", "The authority's certificate: PEM in base64, as base64 -w0 ca.crt prints it. It is public.")
        .group(VAULT)
        .when(CA, "bundle"),
    Field::new(METHOD, Choose, Some("kubernetes"), "Method", "How External Secrets logs in to Vault. Kubernetes needs no Secret at all.")
        .group(LOGIN)
        .choices(METHODS),
    Field::new("vault.auth.kubernetes.mountPath", Text, Some("kubernetes"), "Mount path", "Where the Kubernetes login is mounted in Vault: auth/<mount path>.")
        .group(LOGIN)
        .when(METHOD, "kubernetes"),
    Field::new("vault.auth.kubernetes.role", Text, Some("external-secrets"), "Role", "The role in Vault that the operator asks for.")
        .group(LOGIN)
        .when(METHOD, "kubernetes"),
    Field::new("vault.auth.kubernetes.serviceAccount", Label, Some("external-secrets"), "Service account", "The operator's own service account; the chart creates it under this name, and the role is bound to it.")
        .group(LOGIN)
        .when(METHOD, "kubernetes"),
    Field::new("vault.auth.kubernetes.audience", TextOrNothing, Some("vault"), "Audience", "The audience of the account's token. Vault 1.21 and later want it in the role; empty for a role without one.")
        .group(LOGIN)
        .when(METHOD, "kubernetes"),
    Field::new("vault.auth.appRole.path", Text, Some("approle"), "Mount path", "Where AppRole is mounted in Vault: auth/<mount path>.")
        .group(LOGIN)
        .when(METHOD, "appRole"),
    Field::new("vault.auth.appRole.secret", Name, Some("vault-approle"), "Secret", "The Secret with the role id and the secret id. It is generated empty.")
        .group(LOGIN)
        .when(METHOD, "appRole"),
    Field::new("vault.auth.appRole.roleIdKey", Key, Some("role-id"), "Key of role id", "The key of the role id in that Secret.")
        .group(LOGIN)
        .when(METHOD, "appRole"),
    Field::new("vault.auth.appRole.secretIdKey", Key, Some("secret-id"), "Key of secret id", "The key of the secret id in that Secret.")
        .group(LOGIN)
        .when(METHOD, "appRole"),
    Field::new("vault.auth.appRole.decryptionSecret", Name, Some("sops-age"), "SOPS key", SOPS).group(LOGIN).when(METHOD, "appRole"),
    Field::new("vault.auth.token.secret", Name, Some("vault-token"), "Secret", "The Secret with the token. It is generated empty.")
        .group(LOGIN)
        .when(METHOD, "token")
        .advice("External Secrets does not renew a token: when it expires, the store stops."),
    Field::new("vault.auth.token.key", Key, Some("token"), "Key", "The key of the token in that Secret.").group(LOGIN).when(METHOD, "token"),
    Field::new("vault.auth.token.decryptionSecret", Name, Some("sops-age"), "SOPS key", SOPS).group(LOGIN).when(METHOD, "token"),
    Field::new("store.name", Name, Some("vault"), "Name", "The ClusterSecretStore that ExternalSecrets name in secretStoreRef.").group(STORE),
    Field::new("version", Version, Some("2.9.0"), "External Secrets", "The release; chart and CRDs both follow it. 0.16.1 or later.").group(VERSIONS),
    Field::new("chart.source", Choose, Some("helmRepository"), "Chart from", "Where Flux fetches the chart.").group(VERSIONS).choices(CHARTS),
    Field::new("chart.helmRepository.url", Url, Some("https://charts.external-secrets.io"), "Repository", "The Helm repository, or a mirror of it.")
        .group(VERSIONS)
        .when("chart.source", "helmRepository"),
    Field::new("chart.oci.url", OciUrl, Some("oci://ghcr.io/external-secrets/charts/external-secrets"), "Artifact", "The chart in an OCI registry, or a mirror of it, without a tag.")
        .group(VERSIONS)
        .when("chart.source", "oci"),
    Field::new("namespaces.operator", Label, Some("external-secrets"), "Operator namespace", "Where External Secrets runs. The layout brings this namespace.").group(NAMES),
    Field::new("namespaces.flux", Label, Some("flux-system"), "Flux namespace", "Where the objects of Flux live.").group(NAMES),
    Field::new("mode", Choose, Some("repository"), "Generate", "A repository with the cluster's entry and a README, or only the folder infrastructure/external-secrets for a repository that has its own entry.")
        .group(REPOSITORY)
        .choices(MODES),
    Field::new("cluster", Folder, Some("demo"), "Cluster", "The folder under clusters/ that Flux was bootstrapped with.").group(REPOSITORY).when("mode", "repository"),
    Field::new("embed.kustomization", Name, Some("flux-system"), "Applied by", "The Kustomization, in Flux's namespace, that applies the folder. It must not wait: a part of the folder depends on it.")
        .group(REPOSITORY)
        .when("mode", "embed"),
    Field::new("repository.name", Name, Some("flux-system"), "Flux source", "The source in the cluster that holds this repository.").group(REPOSITORY),
    Field::new("repository.kind", Choose, Some("GitRepository"), "Kind of source", "The kind of that source.").group(REPOSITORY).choices(KINDS),
    Field::new("repository.namespace", Label, None, "Its namespace", "The namespace of that source; empty for Flux's.").group(REPOSITORY),
    Field::new("intervals.kustomizations", Duration, Some("10m"), "Reconcile", "How often the Kustomizations and the HelmRelease are looked at without a change.").group(TIMING),
    Field::new("intervals.sources", Duration, Some("1h"), "Sources", "How often the sources of CRDs and chart are looked at.").group(TIMING),
    Field::new("intervals.retry", Duration, Some("1m"), "Retry", "How soon what failed is tried again.").group(TIMING),
    Field::new("timeouts.helmRelease", Duration, Some("5m"), "HelmRelease", "How long Helm waits for the operator's pods.").group(TIMING),
    Field::new("timeouts.operator", Duration, Some("6m"), "Operator", "How long its Kustomization waits for the HelmRelease: longer than Helm waits.").group(TIMING),
    Field::new("timeouts.crds", Duration, Some("3m"), "CRDs", "How long the CRDs are waited for.").group(TIMING),
    Field::new("timeouts.stores", Duration, Some("3m"), "Store", "How long the store's login to Vault is waited for. A mend has to wait as long.").group(TIMING),
];
