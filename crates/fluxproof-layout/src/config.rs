//! The config as types. What each field means stands in the table of [`crate::fields`], and nowhere else.

#![expect(missing_docs, reason = "fields() describes every field; a second text here would only drift from it")]

use serde::{Deserialize, Serialize};

/// What to generate. `{}` is the default layout.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Layout {
    pub vault: Vault,
    pub store: Store,
    pub version: String,
    pub chart: Chart,
    pub mode: Mode,
    pub cluster: String,
    pub embed: Embed,
    pub repository: Repository,
    pub namespaces: Namespaces,
    pub intervals: Intervals,
    pub timeouts: Timeouts,
}

/// The Vault server and the login to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Vault {
    pub server: String,
    pub path: String,
    pub version: KvVersion,
    pub namespace: Option<String>,
    pub ca: Ca,
    pub auth: Auth,
}

/// The version of Vault's key-value engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum KvVersion {
    V1,
    V2,
}

/// The authority that signed Vault's certificate.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Ca {
    pub source: CaSource,
    pub config_map: CaReference,
    pub secret: CaReference,
    pub bundle: Option<String>,
}

/// Where the authority's certificate is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum CaSource {
    #[default]
    System,
    ConfigMap,
    Secret,
    Bundle,
}

/// An object in the operator's namespace that holds the certificate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct CaReference {
    pub name: String,
    pub key: String,
    pub namespace: Option<String>,
}

/// The login to Vault; only the section of the chosen method is used.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Auth {
    pub method: AuthMethod,
    pub kubernetes: KubernetesLogin,
    pub app_role: AppRole,
    pub token: Token,
}

/// How the operator logs in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum AuthMethod {
    #[default]
    Kubernetes,
    AppRole,
    Token,
}

/// The login by the operator's own service account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct KubernetesLogin {
    pub mount_path: String,
    pub role: String,
    pub service_account: String,
    pub audience: String,
}

/// The login by a role id and a secret id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct AppRole {
    pub path: String,
    pub secret: String,
    pub role_id_key: String,
    pub secret_id_key: String,
    pub decryption_secret: String,
}

/// The login by a token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Token {
    pub secret: String,
    pub key: String,
    pub decryption_secret: String,
}

/// The ClusterSecretStore.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Store {
    pub name: String,
}

/// Where the chart is from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Chart {
    pub source: ChartSource,
    pub helm_repository: ChartRepository,
    pub oci: ChartRepository,
}

/// The kind of the chart's source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ChartSource {
    HelmRepository,
    Oci,
}

/// A source of charts.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct ChartRepository {
    pub url: String,
}

/// What is generated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Mode {
    Repository,
    Embed,
}

/// The place in a repository that has its own entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Embed {
    pub kustomization: String,
}

/// The Flux source that holds the repository.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Repository {
    pub kind: SourceKind,
    pub name: String,
    pub namespace: Option<String>,
}

/// The kind of a Flux source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum SourceKind {
    GitRepository,
    #[serde(rename = "OCIRepository")]
    OciRepository,
    Bucket,
}

/// Namespaces.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Namespaces {
    pub operator: String,
    pub flux: String,
}

/// How often Flux looks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Intervals {
    pub sources: String,
    pub kustomizations: String,
    pub retry: String,
}

/// How long Flux waits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Timeouts {
    pub helm_release: String,
    pub operator: String,
    pub crds: String,
    pub stores: String,
}

impl Default for Layout {
    fn default() -> Self {
        Self {
            vault: Vault::default(),
            store: Store::default(),
            version: "2.9.0".to_owned(),
            chart: Chart::default(),
            mode: Mode::Repository,
            cluster: "demo".to_owned(),
            embed: Embed::default(),
            repository: Repository::default(),
            namespaces: Namespaces::default(),
            intervals: Intervals::default(),
            timeouts: Timeouts::default(),
        }
    }
}

impl Default for Vault {
    fn default() -> Self {
        Self {
            server: "https://vault.example.com:8200".to_owned(),
            path: "secret".to_owned(),
            version: KvVersion::V2,
            namespace: None,
            ca: Ca::default(),
            auth: Auth::default(),
        }
    }
}

impl Default for CaReference {
    fn default() -> Self {
        Self { name: "vault-ca".to_owned(), key: "ca.crt".to_owned(), namespace: None }
    }
}

impl Default for KubernetesLogin {
    fn default() -> Self {
        Self {
            mount_path: "kubernetes".to_owned(),
            role: "external-secrets".to_owned(),
            service_account: "external-secrets".to_owned(),
            audience: "vault".to_owned(),
        }
    }
}

impl Default for AppRole {
    fn default() -> Self {
        Self {
            path: "approle".to_owned(),
            secret: "vault-approle".to_owned(),
            role_id_key: "role-id".to_owned(),
            secret_id_key: "secret-id".to_owned(),
            decryption_secret: "sops-age".to_owned(),
        }
    }
}

impl Default for Token {
    fn default() -> Self {
        Self { secret: "vault-token".to_owned(), key: "token".to_owned(), decryption_secret: "sops-age".to_owned() }
    }
}

impl Default for Store {
    fn default() -> Self {
        Self { name: "vault".to_owned() }
    }
}

impl Default for Chart {
    fn default() -> Self {
        Self {
            source: ChartSource::HelmRepository,
            helm_repository: ChartRepository { url: "https://charts.external-secrets.io".to_owned() },
            oci: ChartRepository { url: "oci://ghcr.io/external-secrets/charts/external-secrets".to_owned() },
        }
    }
}

impl Default for Embed {
    fn default() -> Self {
        Self { kustomization: "flux-system".to_owned() }
    }
}

impl Default for Repository {
    fn default() -> Self {
        Self { kind: SourceKind::GitRepository, name: "flux-system".to_owned(), namespace: None }
    }
}

impl Default for Namespaces {
    fn default() -> Self {
        Self { operator: "external-secrets".to_owned(), flux: "flux-system".to_owned() }
    }
}

impl Default for Intervals {
    fn default() -> Self {
        Self { sources: "1h".to_owned(), kustomizations: "10m".to_owned(), retry: "1m".to_owned() }
    }
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            helm_release: "5m".to_owned(),
            operator: "6m".to_owned(),
            crds: "3m".to_owned(),
            stores: "3m".to_owned(),
        }
    }
}
