//! Configs to start from, each a layout that many want.

use serde_json::{Map, Value as Json, json};

/// A config to start from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Preset {
    /// What a form calls it.
    pub name: &'static str,
    /// What it is: a sentence or two.
    pub help: &'static str,
    /// What differs from the defaults, as JSON.
    pub config: &'static str,
}

const PRESETS: &[Preset] = &[
    Preset {
        name: "Kubernetes auth, no stored secret",
        help: "The default: the store logs in to Vault with the token of a service account.",
        config: "{}",
    },
    Preset {
        name: "The guide, without its races",
        help: "What Flux's guide to Vault and External Secrets builds, a token in a Secret, in an order that comes up.",
        config: r#"{"vault": {"auth": {"method": "token"}}}"#,
    },
    Preset {
        name: "Helm owns the CRDs",
        help: "The chart brings the CRDs, and the stores wait for it.",
        config: r#"{"crds": {"source": "helm"}}"#,
    },
    Preset {
        name: "Several clusters, one base",
        help: "Two clusters with an entry each; what differs between them is a variable.",
        config: r#"{
            "cluster": "prod",
            "clusters": [{"name": "staging", "values": {"vault.server": "https://vault.staging.example.com:8200"}}]
        }"#,
    },
    Preset {
        name: "Tenants with service accounts",
        help: "Two teams, each with a namespace and an account that delivers its folder after the stores.",
        config: r#"{"tenants": [{"name": "team-a"}, {"name": "team-b"}]}"#,
    },
    Preset {
        name: "AWS with workload identity",
        help: "Secrets Manager, by a role of AWS that a service account has (IRSA).",
        config: r#"{
            "provider": "aws",
            "aws": {
                "service": "SecretsManager",
                "region": "eu-central-1",
                "auth": {"jwt": {"serviceAccountRef": {"name": "external-secrets-aws"}}}
            },
            "store": {"name": "aws"},
            "accounts": [{
                "name": "external-secrets-aws",
                "annotations": {"eks.amazonaws.com/role-arn": "arn:aws:iam::111122223333:role/external-secrets"}
            }]
        }"#,
    },
    Preset {
        name: "Google Cloud with workload identity",
        help: "Secret Manager, by an account of Google Cloud that a service account stands for.",
        config: r#"{
            "provider": "gcpsm",
            "gcpsm": {
                "projectID": "example-project",
                "auth": {"workloadIdentity": {
                    "serviceAccountRef": {"name": "external-secrets-gcp"},
                    "clusterLocation": "europe-west3",
                    "clusterName": "prod"
                }}
            },
            "store": {"name": "gcp"},
            "accounts": [{
                "name": "external-secrets-gcp",
                "annotations": {
                    "iam.gke.io/gcp-service-account": "external-secrets@example-project.iam.gserviceaccount.com"
                }
            }]
        }"#,
    },
    Preset {
        name: "Azure with workload identity",
        help: "Key Vault, by an application of Entra that a service account stands for.",
        config: r#"{
            "provider": "azurekv",
            "azurekv": {
                "vaultUrl": "https://example.vault.azure.net",
                "authType": "WorkloadIdentity",
                "serviceAccountRef": {"name": "external-secrets-azure"}
            },
            "store": {"name": "azure"},
            "accounts": [{
                "name": "external-secrets-azure",
                "annotations": {
                    "azure.workload.identity/client-id": "00000000-0000-0000-0000-000000000000",
                    "azure.workload.identity/tenant-id": "00000000-0000-0000-0000-000000000000"
                }
            }]
        }"#,
    },
];

/// The configs to start from; the default comes first.
#[must_use]
pub fn presets() -> &'static [Preset] {
    PRESETS
}

/// The presets as JSON: `name`, `help` and `config` of each.
#[must_use]
pub fn presets_json() -> String {
    let preset = |preset: &Preset| {
        let config: Map<String, Json> = serde_json::from_str(preset.config).unwrap_or_default();
        json!({"name": preset.name, "help": preset.help, "config": config})
    };
    format!("{:#}\n", PRESETS.iter().map(preset).collect::<Json>())
}
