//! Where the secrets are: the provider, and a section for each that ESO itself describes.

use super::{PROVIDER, choice};
use crate::fields::{Choice, Field, Kind};

/// The providers of External Secrets, the most used first. Source: apis/externalsecrets/v1/secretstore_types.go.
const NAMES: &[Choice] = &[
    choice("vault", "HashiCorp Vault"),
    choice("openBao", "OpenBao"),
    choice("aws", "AWS"),
    choice("gcpsm", "Google Secret Manager"),
    choice("azurekv", "Azure Key Vault"),
    choice("onepasswordSDK", "1Password"),
    choice("onepassword", "1Password Connect"),
    choice("bitwardensecretsmanager", "Bitwarden Secrets Manager"),
    choice("doppler", "Doppler"),
    choice("infisical", "Infisical"),
    choice("gitlab", "GitLab"),
    choice("akeyless", "Akeyless"),
    choice("conjur", "CyberArk Conjur"),
    choice("kubernetes", "Kubernetes"),
    choice("oracle", "Oracle Vault"),
    choice("ibm", "IBM Secrets Manager"),
    choice("scaleway", "Scaleway"),
    choice("pulumi", "Pulumi ESC"),
    choice("webhook", "Webhook"),
    choice("fake", "Fake, for tests"),
    choice("barbican", "OpenStack Barbican"),
    choice("beyondtrust", "BeyondTrust"),
    choice("beyondtrustworkloadcredentials", "BeyondTrust Workload Credentials"),
    choice("chef", "Chef"),
    choice("cloudrusm", "Cloud.ru"),
    choice("crd", "Custom resource"),
    choice("delinea", "Delinea"),
    choice("dvls", "Devolutions Server"),
    choice("fortanix", "Fortanix"),
    choice("github", "GitHub"),
    choice("keepersecurity", "Keeper"),
    choice("nebiusmysterybox", "Nebius MysteryBox"),
    choice("ngrok", "ngrok"),
    choice("onboardbase", "Onboardbase"),
    choice("ovh", "OVHcloud"),
    choice("passbolt", "Passbolt"),
    choice("passworddepot", "Password Depot"),
    choice("previder", "Previder"),
    choice("secretserver", "Delinea Secret Server"),
    choice("senhasegura", "Senhasegura"),
    choice("volcengine", "Volcengine"),
    choice("yandexcertificatemanager", "Yandex Certificate Manager"),
    choice("yandexlockbox", "Yandex Lockbox"),
];

/// The section of a provider whose fields are those of External Secrets itself.
const fn section(name: &'static str) -> Field {
    Field::new(name, Kind::Provider, "Its settings")
        .help("The provider's settings, in the words of External Secrets: what stands below spec.provider in a store.")
        .group(PROVIDER)
        .when("provider", name)
}

pub(super) const FIELDS: &[Field] = &[
    Field::new("provider", Kind::Choice, "Provider")
        .default("vault")
        .help("Where the secrets are.")
        .group(PROVIDER)
        .choices(NAMES),
    section("openBao"),
    section("aws"),
    section("gcpsm"),
    section("azurekv"),
    section("onepasswordSDK"),
    section("onepassword"),
    section("bitwardensecretsmanager"),
    section("doppler"),
    section("infisical"),
    section("gitlab"),
    section("akeyless"),
    section("conjur"),
    section("kubernetes"),
    section("oracle"),
    section("ibm"),
    section("scaleway"),
    section("pulumi"),
    section("webhook"),
    section("fake"),
    section("barbican"),
    section("beyondtrust"),
    section("beyondtrustworkloadcredentials"),
    section("chef"),
    section("cloudrusm"),
    section("crd"),
    section("delinea"),
    section("dvls"),
    section("fortanix"),
    section("github"),
    section("keepersecurity"),
    section("nebiusmysterybox"),
    section("ngrok"),
    section("onboardbase"),
    section("ovh"),
    section("passbolt"),
    section("passworddepot"),
    section("previder"),
    section("secretserver"),
    section("senhasegura"),
    section("volcengine"),
    section("yandexcertificatemanager"),
    section("yandexlockbox"),
];
