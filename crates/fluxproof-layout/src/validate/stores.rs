//! Whether the stores can be written: their names and places, their providers, and how their Secrets come about.

use super::together::TAKEN_ACCOUNTS;
use crate::LayoutProblem;
use crate::plan::{Credential, Store, secrets};
use crate::provider::check;
use crate::values::{Section, join};
use serde_json::Value as Json;

/// Everything that is wrong with the stores.
pub(super) fn problems(root: &Section<'_>, all: &[Store<'_>]) -> Vec<LayoutProblem> {
    let mut out = Vec::new();
    for (index, store) in all.iter().enumerate() {
        out.extend(name(store, &all[..index]));
        out.extend(namespace(store, root));
        out.extend(conditions(store));
        out.extend(provider(store));
        out.extend(certificate(store));
        out.extend(keys(store));
        out.extend(accounts(store));
        out.extend(credential(store, all));
    }
    out.extend(key(root, all));
    out
}

/// The key of SOPS is looked for in Flux's namespace; a Secret of the same name elsewhere is taken for it by people and checks.
fn key(root: &Section<'_>, all: &[Store<'_>]) -> Option<LayoutProblem> {
    let name = root.text("sops.secret");
    let every = [Credential::Sops, Credential::OutOfBand, Credential::ExternalSecret];
    let of_stores = every.iter().flat_map(|by| secrets(all, *by)).any(|brought| brought.secret.name == name);
    let of_applications = root.items("applications").iter().any(|application| {
        let secret = application.text("secret");
        name == if secret.is_empty() { application.text("name") } else { secret }
    });
    let of_tenants = root.items("tenants").iter().any(|tenant| tenant.is("name", name));
    (of_stores || of_applications || of_tenants).then(|| {
        let message = format!("another Secret of this layout has the name {name:?} of the key of SOPS");
        LayoutProblem::new("sops.secret", message).help("give one of them another name")
    })
}

fn name(store: &Store<'_>, before: &[Store<'_>]) -> Option<LayoutProblem> {
    let at = store.at("name");
    if store.name().is_empty() {
        let help = "write the name that ExternalSecrets have in secretStoreRef";
        return Some(LayoutProblem::new(&at, "the store has no name").help(help));
    }
    let key = |store: &Store<'_>| (store.name().to_owned(), store.own_namespace().to_owned());
    let twin = before.iter().any(|other| key(other) == key(store));
    twin.then(|| {
        let message = format!("there are two stores {:?}", store.name());
        LayoutProblem::new(&at, message).help("give one of them another name")
    })
}

fn namespace(store: &Store<'_>, root: &Section<'_>) -> Option<LayoutProblem> {
    let (at, namespace) = (store.at("namespace"), store.own_namespace());
    if !store.is_cluster_wide() && namespace.is_empty() {
        let help = "write the namespace, or make it a ClusterSecretStore";
        return Some(LayoutProblem::new(&at, "a SecretStore is for one namespace, but none is named").help(help));
    }
    let in_flux = !store.is_cluster_wide() && root.is("namespaces.flux", namespace);
    in_flux.then(|| {
        let message = format!("the store would be in the namespace {namespace:?} of Flux");
        LayoutProblem::new(&at, message).help("name the namespace of the application that uses it")
    })
}

/// A condition that names nothing lets nobody use the store.
fn conditions(store: &Store<'_>) -> Vec<LayoutProblem> {
    let says = |section: &Section<'_>, field: &str| match section.get(field) {
        Some(Json::Array(items)) => !items.is_empty(),
        Some(Json::Object(map)) => !map.is_empty(),
        _ => false,
    };
    let empty =
        |section: &Section<'_>| !["namespaces", "namespaceRegexes", "matchLabels"].iter().any(|it| says(section, it));
    let problem = |section: Section<'_>| {
        LayoutProblem::new(section.at("").trim_end_matches('.'), "the condition names no namespace")
            .help("write namespaces, namespaceRegexes or matchLabels")
    };
    store.conditions().into_iter().filter(empty).map(problem).collect()
}

/// What the provider's schema and the operator say of the section.
fn provider(store: &Store<'_>) -> Vec<LayoutProblem> {
    if !store.is_cluster_wide() && store.own_namespace().is_empty() {
        return Vec::new();
    }
    let at = store.at_provider();
    let issues = check(store.provider(), store.section(), &store.scope()).into_iter();
    issues.map(|issue| LayoutProblem::new(&join(&at, &issue.path), issue.message).help(issue.help)).collect()
}

/// Vault's authority, where its certificate is to be written in the config.
fn certificate(store: &Store<'_>) -> Option<LayoutProblem> {
    let config = store.config();
    let missing = store.provider() == "vault"
        && config.is("vault.ca.source", "bundle")
        && config.get("vault.ca.bundle").is_none();
    missing.then(|| {
        let message = "the authority's certificate is to be written here, but is not";
        LayoutProblem::new(&config.at("vault.ca.bundle"), message)
            .help("write what base64 -w0 ca.crt prints, or choose another vault.ca.source")
    })
}

fn keys(store: &Store<'_>) -> Option<LayoutProblem> {
    let config = store.config();
    let key = config.text("vault.auth.appRole.roleIdKey");
    let same = store.provider() == "vault"
        && config.is("vault.auth.method", "appRole")
        && config.is("vault.auth.appRole.secretIdKey", key);
    same.then(|| {
        let message = format!("role id and secret id have the same key {key:?}");
        LayoutProblem::new(&config.at("vault.auth.appRole.secretIdKey"), message).help("write two different keys")
    })
}

/// The chart's other two accounts, and the one that each namespace has.
fn accounts(store: &Store<'_>) -> Option<LayoutProblem> {
    let taken = store.needs().accounts.iter().find(|account| TAKEN_ACCOUNTS.contains(&account.name.as_str()))?;
    let message = format!("the service account {:?} is somebody else's", taken.name);
    let config = store.config();
    let at = match store.provider() {
        "vault" => config.at(&format!("vault.auth.{}.serviceAccount", config.text("vault.auth.method"))),
        _ => store.at_provider(),
    };
    Some(LayoutProblem::new(&at, message).help("name an account of the store's own"))
}

fn credential(store: &Store<'_>, all: &[Store<'_>]) -> Vec<LayoutProblem> {
    if !store.is_late() {
        return Vec::new();
    }
    let (origin, key) = store.origin();
    let mut out = Vec::new();
    if let Some((message, help)) = origin_refused(store, origin, all) {
        out.push(LayoutProblem::new(&store.at("credential.store"), message).help(help));
    }
    if key.is_empty() {
        let problem = LayoutProblem::new(&store.at("credential.key"), "the key in the other store is missing");
        out.push(problem.help("write the key under which that store has the Secret's values"));
    }
    out
}

fn origin_refused(store: &Store<'_>, origin: &str, all: &[Store<'_>]) -> Option<(String, &'static str)> {
    let Some(from) = all.iter().find(|other| other.name() == origin) else {
        return Some((format!("there is no store {origin:?} in this layout"), "name one of its stores"));
    };
    if from.name() == store.name() {
        return Some(("the store would get its Secrets from itself".to_owned(), "name another store"));
    }
    if from.credential() == Credential::ExternalSecret && from.is_late() {
        let message = format!("the Secrets of store {origin:?} come from another store, too");
        return Some((message, "name a store that needs no other"));
    }
    let reaches = from.is_cluster_wide() || from.own_namespace() == store.scope().namespace;
    (!reaches).then(|| (format!("SecretStore {origin:?} is for another namespace"), "name a ClusterSecretStore"))
}
