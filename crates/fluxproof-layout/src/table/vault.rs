//! The provider Vault: the server, and the ten ways to log in. Source: apis/externalsecrets/v1/secretstore_vault_types.go.

use super::{LOGIN, VAULT, choice};
use crate::fields::Kind::{Certificate, Choice as Choose, Key, Label, Map, Name, Switch, Text, TextOrNothing, Url};
use crate::fields::{Choice, Field};

const METHOD: &str = "vault.auth.method";
const CA: &str = "vault.ca.source";

const KV: &[Choice] = &[choice("v1", "v1"), choice("v2", "v2")];
const CAS: &[Choice] = &[
    choice("system", "Public"),
    choice("configMap", "In a ConfigMap"),
    choice("secret", "In a Secret"),
    choice("bundle", "Written here"),
];
const METHODS: &[Choice] = &[
    choice("kubernetes", "Kubernetes"),
    choice("appRole", "AppRole"),
    choice("token", "Token"),
    choice("jwt", "JWT"),
    choice("cert", "Certificate"),
    choice("iam", "AWS IAM"),
    choice("gcp", "Google Cloud"),
    choice("ldap", "LDAP"),
    choice("userPass", "User and password"),
    choice("none", "None: an agent or proxy logs in"),
];
const ACCOUNT_OR_SECRET: &[Choice] = &[choice("serviceAccount", "A service account"), choice("secret", "A Secret")];
const CLOUD: &[Choice] = &[
    choice("operator", "The operator's own identity"),
    choice("serviceAccount", "A service account"),
    choice("secret", "A Secret"),
];

/// The mount path of a login.
const fn mount(path: &'static str, default: &'static str, method: &'static str) -> Field {
    Field::new(path, Text, "Mount path")
        .default(default)
        .help("Where the login is mounted in Vault: auth/<mount path>.")
        .group(LOGIN)
        .when(METHOD, method)
}

/// A Secret of a login.
const fn secret(path: &'static str, default: &'static str, when: &'static str, is: &'static str) -> Field {
    Field::new(path, Name, "Secret")
        .default(default)
        .help("The Secret that the store logs in with. Under SOPS it is generated empty.")
        .group(LOGIN)
        .when(when, is)
}

/// A key of that Secret.
const fn key(
    path: &'static str,
    label: &'static str,
    default: &'static str,
    when: &'static str,
    is: &'static str,
) -> Field {
    Field::new(path, Key, label).default(default).help("The key in that Secret.").group(LOGIN).when(when, is)
}

/// A service account of a login.
const fn account(path: &'static str, when: &'static str, is: &'static str) -> Field {
    Field::new(path, Label, "Service account")
        .default("external-secrets")
        .help("The service account, in the operator's namespace, whose token the login shows. The layout brings it.")
        .group(LOGIN)
        .when(when, is)
}

/// The audience of a service account's token.
const fn audience(path: &'static str, default: &'static str, when: &'static str, is: &'static str) -> Field {
    Field::new(path, TextOrNothing, "Audience")
        .default(default)
        .help("The audience of the account's token. Vault 1.21 and later want it in the role; empty for a role without one.")
        .group(LOGIN)
        .when(when, is)
}

/// A text of a login that may be left out.
const fn text(path: &'static str, label: &'static str, help: &'static str, method: &'static str) -> Field {
    Field::new(path, Text, label).help(help).group(LOGIN).when(METHOD, method)
}

const JWT: &str = "vault.auth.jwt.source";
const IAM: &str = "vault.auth.iam.source";
const GCP: &str = "vault.auth.gcp.source";

pub(super) const FIELDS: &[Field] = &[
    Field::new("vault.server", Url, "Server")
        .default("https://vault.example.com:8200")
        .help("Where the cluster reaches Vault: http or https, with the port.")
        .group(VAULT)
        .when("provider", "vault"),
    Field::new("vault.path", Text, "Mount path")
        .default("secret")
        .help("Where the key-value engine is mounted.")
        .group(VAULT)
        .when("provider", "vault"),
    Field::new("vault.version", Choose, "KV version")
        .default("v2")
        .help("The version of the key-value engine.")
        .group(VAULT)
        .choices(KV)
        .when("provider", "vault"),
    Field::new("vault.namespace", Text, "Vault namespace")
        .help("Only Vault Enterprise and HCP have namespaces.")
        .group(VAULT)
        .when("provider", "vault"),
    Field::new(CA, Choose, "Certificate authority")
        .default("system")
        .help(
            "Who signed Vault's certificate: a public authority, or your own, whose certificate is in an \
             object of the cluster or written here.",
        )
        .group(VAULT)
        .choices(CAS)
        .when("provider", "vault"),
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
    Field::new("vault.tls.secret", Name, "Client certificate")
        .help("The Secret with the certificate that the operator shows to Vault's TLS; empty for none.")
        .group(VAULT)
        .when("provider", "vault"),
    Field::new("vault.tls.certKey", Key, "Key of certificate")
        .default("tls.crt")
        .help("The key of the certificate in that Secret.")
        .group(VAULT)
        .when("provider", "vault"),
    Field::new("vault.tls.keyKey", Key, "Key of private key")
        .default("tls.key")
        .help("The key of the private key in that Secret.")
        .group(VAULT)
        .when("provider", "vault"),
    Field::new("vault.headers", Map, "Headers")
        .help("Headers that every request to Vault has.")
        .group(VAULT)
        .when("provider", "vault"),
    Field::new("vault.readYourWrites", Switch, "Read your writes")
        .help("Reads of a Vault with several nodes see what was written before.")
        .group(VAULT)
        .when("provider", "vault"),
    Field::new("vault.forwardInconsistent", Switch, "Forward reads")
        .help("Sends a read that a node cannot answer yet to the active one. Only with reading your writes.")
        .group(VAULT)
        .when("provider", "vault"),
    Field::new("vault.checkAndSet", Switch, "Check and set")
        .help("Writes of a PushSecret name the version that they replace. For the key-value engine v2.")
        .group(VAULT)
        .when("provider", "vault"),
    Field::new(METHOD, Choose, "Method")
        .default("kubernetes")
        .help("How External Secrets logs in to Vault. Kubernetes needs no Secret at all.")
        .group(LOGIN)
        .choices(METHODS)
        .when("provider", "vault"),
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
        .help("The service account, in the operator's namespace, that the role is bound to. The layout brings it.")
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
        .help("The Secret with the role id and the secret id. Under SOPS it is generated empty.")
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
    Field::new("vault.auth.token.secret", Name, "Secret")
        .default("vault-token")
        .help("The Secret with the token. Under SOPS it is generated empty.")
        .group(LOGIN)
        .when(METHOD, "token")
        .advice("External Secrets does not renew a token: when it expires, the store stops."),
    Field::new("vault.auth.token.key", Key, "Key")
        .default("token")
        .help("The key of the token in that Secret.")
        .group(LOGIN)
        .when(METHOD, "token"),
    mount("vault.auth.jwt.path", "jwt", "jwt"),
    text("vault.auth.jwt.role", "Role", "The role in Vault; empty for the login's default role.", "jwt"),
    Field::new(JWT, Choose, "Token from")
        .default("serviceAccount")
        .help("Where the JWT is from: the token of a service account, or a Secret.")
        .group(LOGIN)
        .choices(ACCOUNT_OR_SECRET)
        .when(METHOD, "jwt"),
    account("vault.auth.jwt.serviceAccount", JWT, "serviceAccount"),
    audience("vault.auth.jwt.audience", "vault", JWT, "serviceAccount"),
    secret("vault.auth.jwt.secret", "vault-jwt", JWT, "secret"),
    key("vault.auth.jwt.key", "Key", "jwt", JWT, "secret"),
    mount("vault.auth.cert.path", "cert", "cert"),
    text("vault.auth.cert.role", "Role", "The role in Vault; empty for whichever fits the certificate.", "cert"),
    secret("vault.auth.cert.secret", "vault-client", METHOD, "cert"),
    key("vault.auth.cert.certKey", "Key of certificate", "tls.crt", METHOD, "cert"),
    key("vault.auth.cert.keyKey", "Key of private key", "tls.key", METHOD, "cert"),
    mount("vault.auth.iam.path", "aws", "iam"),
    Field::new("vault.auth.iam.role", Text, "Role")
        .default("external-secrets")
        .help("The role in Vault.")
        .group(LOGIN)
        .when(METHOD, "iam"),
    Field::new("vault.auth.iam.region", Text, "Region")
        .default("us-east-1")
        .help("The region of AWS that the login is signed for.")
        .group(LOGIN)
        .when(METHOD, "iam"),
    text("vault.auth.iam.assume", "Role of AWS", "The role of AWS to assume first; empty for none.", "iam"),
    text("vault.auth.iam.externalId", "External id", "The external id that role asks for.", "iam"),
    text("vault.auth.iam.serverId", "Server id", "The value of X-Vault-AWS-IAM-Server-ID that Vault asks for.", "iam"),
    Field::new(IAM, Choose, "Identity")
        .default("operator")
        .help("Whose identity of AWS logs in.")
        .group(LOGIN)
        .choices(CLOUD)
        .when(METHOD, "iam"),
    account("vault.auth.iam.serviceAccount", IAM, "serviceAccount"),
    secret("vault.auth.iam.secret", "vault-aws", IAM, "secret"),
    key("vault.auth.iam.idKey", "Key of access key id", "access-key-id", IAM, "secret"),
    key("vault.auth.iam.secretKey", "Key of secret access key", "secret-access-key", IAM, "secret"),
    mount("vault.auth.gcp.path", "gcp", "gcp"),
    Field::new("vault.auth.gcp.role", Text, "Role")
        .default("external-secrets")
        .help("The role in Vault.")
        .group(LOGIN)
        .when(METHOD, "gcp"),
    text("vault.auth.gcp.projectId", "Project", "The project of Google Cloud; empty for the operator's own.", "gcp"),
    text("vault.auth.gcp.location", "Location", "The location of the cluster.", "gcp"),
    Field::new(GCP, Choose, "Identity")
        .default("operator")
        .help("Whose identity of Google Cloud logs in.")
        .group(LOGIN)
        .choices(CLOUD)
        .when(METHOD, "gcp"),
    account("vault.auth.gcp.serviceAccount", GCP, "serviceAccount"),
    secret("vault.auth.gcp.secret", "vault-gcp", GCP, "secret"),
    key("vault.auth.gcp.key", "Key", "key.json", GCP, "secret"),
    mount("vault.auth.ldap.path", "ldap", "ldap"),
    Field::new("vault.auth.ldap.username", Text, "User")
        .default("external-secrets")
        .help("The user's name.")
        .group(LOGIN)
        .when(METHOD, "ldap"),
    secret("vault.auth.ldap.secret", "vault-ldap", METHOD, "ldap"),
    key("vault.auth.ldap.key", "Key of password", "password", METHOD, "ldap"),
    mount("vault.auth.userPass.path", "userpass", "userPass"),
    Field::new("vault.auth.userPass.username", Text, "User")
        .default("external-secrets")
        .help("The user's name.")
        .group(LOGIN)
        .when(METHOD, "userPass"),
    secret("vault.auth.userPass.secret", "vault-user", METHOD, "userPass"),
    key("vault.auth.userPass.key", "Key of password", "password", METHOD, "userPass"),
    Field::new("vault.auth.namespace", Text, "Namespace of login")
        .help("The Vault namespace to log in to, where it is not the one of the secrets.")
        .group(LOGIN)
        .when("provider", "vault"),
];
