//! Vault's section of a store, in the words of External Secrets.
//!
//! Source: apis/externalsecrets/v1/secretstore_vault_types.go.

use crate::values::{Section, put};
use serde_json::{Map, Value as Json};

/// Where each field of the config stands in the store: those of the server first, those of each login below it.
const SERVER: &[(&str, &str)] = &[
    ("server", "server"),
    ("namespace", "namespace"),
    ("path", "path"),
    ("version", "version"),
    ("headers", "headers"),
    ("readYourWrites", "readYourWrites"),
    ("forwardInconsistent", "forwardInconsistent"),
    ("checkAndSet", "checkAndSet.required"),
    ("ca.bundle", "caBundle"),
];

const CA: &[(&str, &str)] = &[("name", "name"), ("namespace", "namespace"), ("key", "key")];

/// A login: its name in the config, what must hold of it, and where its fields stand below `auth`. An account or a Secret is
/// named once and stands wherever its keys do.
struct Login {
    method: &'static str,
    source: Option<&'static str>,
    fields: &'static [(&'static str, &'static str)],
}

const fn login(method: &'static str, fields: &'static [(&'static str, &'static str)]) -> Login {
    Login { method, source: None, fields }
}

const fn by(method: &'static str, source: &'static str, fields: &'static [(&'static str, &'static str)]) -> Login {
    Login { method, source: Some(source), fields }
}

const LOGINS: &[Login] = &[
    login(
        "kubernetes",
        &[
            ("mountPath", "kubernetes.mountPath"),
            ("role", "kubernetes.role"),
            ("serviceAccount", "kubernetes.serviceAccountRef.name"),
            ("audience", "kubernetes.serviceAccountRef.audiences"),
        ],
    ),
    login(
        "appRole",
        &[
            ("path", "appRole.path"),
            ("secret", "appRole.roleRef.name"),
            ("roleIdKey", "appRole.roleRef.key"),
            ("secret", "appRole.secretRef.name"),
            ("secretIdKey", "appRole.secretRef.key"),
        ],
    ),
    login("token", &[("secret", "tokenSecretRef.name"), ("key", "tokenSecretRef.key")]),
    login("jwt", &[("path", "jwt.path"), ("role", "jwt.role")]),
    by(
        "jwt",
        "serviceAccount",
        &[
            ("serviceAccount", "jwt.kubernetesServiceAccountToken.serviceAccountRef.name"),
            ("audience", "jwt.kubernetesServiceAccountToken.serviceAccountRef.audiences"),
        ],
    ),
    by("jwt", "secret", &[("secret", "jwt.secretRef.name"), ("key", "jwt.secretRef.key")]),
    login(
        "cert",
        &[
            ("path", "cert.path"),
            ("role", "cert.vaultRole"),
            ("secret", "cert.clientCert.name"),
            ("certKey", "cert.clientCert.key"),
            ("secret", "cert.secretRef.name"),
            ("keyKey", "cert.secretRef.key"),
        ],
    ),
    login(
        "iam",
        &[
            ("path", "iam.path"),
            ("region", "iam.region"),
            ("role", "iam.vaultRole"),
            ("assume", "iam.role"),
            ("externalId", "iam.externalID"),
            ("serverId", "iam.vaultAwsIamServerID"),
        ],
    ),
    by("iam", "serviceAccount", &[("serviceAccount", "iam.jwt.serviceAccountRef.name")]),
    by(
        "iam",
        "secret",
        &[
            ("secret", "iam.secretRef.accessKeyIDSecretRef.name"),
            ("idKey", "iam.secretRef.accessKeyIDSecretRef.key"),
            ("secret", "iam.secretRef.secretAccessKeySecretRef.name"),
            ("secretKey", "iam.secretRef.secretAccessKeySecretRef.key"),
        ],
    ),
    login(
        "gcp",
        &[("path", "gcp.path"), ("role", "gcp.role"), ("projectId", "gcp.projectID"), ("location", "gcp.location")],
    ),
    by("gcp", "serviceAccount", &[("serviceAccount", "gcp.serviceAccountRef.name")]),
    by(
        "gcp",
        "secret",
        &[
            ("secret", "gcp.secretRef.secretAccessKeySecretRef.name"),
            ("key", "gcp.secretRef.secretAccessKeySecretRef.key"),
        ],
    ),
    login(
        "ldap",
        &[
            ("path", "ldap.path"),
            ("username", "ldap.username"),
            ("secret", "ldap.secretRef.name"),
            ("key", "ldap.secretRef.key"),
        ],
    ),
    login(
        "userPass",
        &[
            ("path", "userPass.path"),
            ("username", "userPass.username"),
            ("secret", "userPass.secretRef.name"),
            ("key", "userPass.secretRef.key"),
        ],
    ),
];

/// The section of a store whose provider is Vault; the namespaces of what it names are left to the store's kind.
pub(crate) fn section(config: &Section<'_>) -> Json {
    let mut out = Map::new();
    let bundled = config.is("vault.ca.source", "bundle");
    for (field, path) in SERVER.iter().filter(|(field, _)| bundled || *field != "ca.bundle") {
        copy(config, &format!("vault.{field}"), path, &mut out);
    }
    authority(config, &mut out);
    certificate(config, &mut out);
    auth(config, &mut out);
    Json::Object(out)
}

/// Copies a value that says something; a text goes into a list where the store has one.
fn copy(config: &Section<'_>, field: &str, path: &str, out: &mut Map<String, Json>) {
    let Some(value) = config.get(field).filter(|value| says_something(value)) else { return };
    let listed = path.ends_with(".audiences");
    put(out, path, if listed { Json::Array(vec![value.clone()]) } else { value.clone() });
}

fn says_something(value: &Json) -> bool {
    match value {
        Json::Null | Json::Bool(false) => false,
        Json::String(text) => !text.is_empty(),
        Json::Object(map) => !map.is_empty(),
        _ => true,
    }
}

fn authority(config: &Section<'_>, out: &mut Map<String, Json>) {
    let source = config.text("vault.ca.source");
    let kind = match source {
        "configMap" => "ConfigMap",
        "secret" => "Secret",
        _ => return,
    };
    put(out, "caProvider.type", kind.into());
    for (field, path) in CA {
        copy(config, &format!("vault.ca.{source}.{field}"), &format!("caProvider.{path}"), out);
    }
}

/// The certificate that the operator shows to Vault's TLS.
fn certificate(config: &Section<'_>, out: &mut Map<String, Json>) {
    if config.get("vault.tls.secret").is_none() {
        return;
    }
    for (part, key) in [("certSecretRef", "certKey"), ("keySecretRef", "keyKey")] {
        copy(config, "vault.tls.secret", &format!("tls.{part}.name"), out);
        copy(config, &format!("vault.tls.{key}"), &format!("tls.{part}.key"), out);
    }
}

fn auth(config: &Section<'_>, out: &mut Map<String, Json>) {
    let method = config.text("vault.auth.method");
    if method == "none" {
        return;
    }
    copy(config, "vault.auth.namespace", "auth.namespace", out);
    let source = config.text(&format!("vault.auth.{method}.source"));
    let chosen = |login: &&Login| login.method == method && login.source.is_none_or(|known| known == source);
    for (field, path) in LOGINS.iter().filter(chosen).flat_map(|login| login.fields) {
        copy(config, &format!("vault.auth.{method}.{field}"), &format!("auth.{path}"), out);
    }
}
