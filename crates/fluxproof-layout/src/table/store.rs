//! The store itself, and how the Secrets come about that it logs in with.

use super::{SECRETS as GROUP, STORE, STORES, choice};
use crate::fields::Kind::{Choice as Choose, Duration, Items, Label, Map, Name, Text, Texts};
use crate::fields::{Choice, Field};

const KINDS: &[Choice] = &[choice("ClusterSecretStore", "Cluster"), choice("SecretStore", "Namespace")];
const SOURCES: &[Choice] = &[
    choice("sops", "SOPS, encrypted in Git"),
    choice("outOfBand", "By hand, outside Git"),
    choice("externalSecret", "ExternalSecret from another store"),
];

/// Who may use a ClusterSecretStore: one condition that holds is enough.
const CONDITION: &[Field] = &[
    Field::new("namespaces", Texts, "Namespaces").help("The namespaces that may use the store.").group(STORE),
    Field::new("namespaceRegexes", Texts, "Patterns")
        .help("Regular expressions of Go that a part of the namespace's name matches; write ^ and $ for the whole.")
        .group(STORE),
    Field::new("matchLabels", Map, "Labels").help("Labels that the namespace has.").group(STORE),
];

/// The fields of a store, below `store.` for the first and at the top of an item for each further one.
macro_rules! store {
    ($at:literal, $name:expr, $group:expr) => {
        &[
            $name.help("The store that ExternalSecrets name in secretStoreRef.").group($group),
            Field::new(concat!($at, "kind"), Choose, "Reach")
                .default("ClusterSecretStore")
                .help("A store for every namespace, or for one.")
                .group($group)
                .choices(KINDS),
            Field::new(concat!($at, "namespace"), Label, "Its namespace")
                .help("The namespace that the store is for. The layout brings it, unless namespaces.existing names it.")
                .group($group)
                .when(concat!($at, "kind"), "SecretStore"),
            Field::new(concat!($at, "conditions"), Items, "Who may use it")
                .help("The namespaces that may use the store: one condition that holds is enough, and none lets all.")
                .group($group)
                .when(concat!($at, "kind"), "ClusterSecretStore")
                .items(CONDITION),
            Field::new(concat!($at, "refreshInterval"), Duration, "Check")
                .help("How often the operator logs in to see whether the store is still good; empty for its own 5 minutes.")
                .group($group),
            Field::new(concat!($at, "credential.source"), Choose, "Its Secrets come")
                .default("sops")
                .help("How the Secrets come about that the store logs in with. A login without Secrets needs none.")
                .group($group)
                .choices(SOURCES),
            Field::new(concat!($at, "credential.store"), Name, "From store")
                .help("The store of this layout that the Secrets come from.")
                .group($group)
                .when(concat!($at, "credential.source"), "externalSecret"),
            Field::new(concat!($at, "credential.key"), Text, "Under key")
                .help("The key under which that store has them; each key of the Secret is a property of it.")
                .group($group)
                .when(concat!($at, "credential.source"), "externalSecret"),
        ]
    };
}

pub(super) const FIRST: &[Field] = store!("store.", Field::new("store.name", Name, "Name").default("vault"), STORE);

pub(super) const FURTHER: &[Field] = store!("", Field::new("name", Name, "Name"), STORES);

/// The list of further stores.
pub(super) fn more(items: &'static [Field]) -> Field {
    Field::new("stores", Items, "More stores")
        .help("Further stores, each with the fields of the first: name, kind, provider, and the provider's section.")
        .group(STORES)
        .items(items)
}

pub(super) const SECRETS: &[Field] = &[
    Field::new("sops.secret", Name, "SOPS key")
        .default("sops-age")
        .help("The Secret in Flux's namespace with the key that SOPS decrypts by. It is made by hand, outside Git.")
        .group(GROUP),
    Field::new("sops.recipient", Text, "Public key")
        .help("The public key of age that Secrets are encrypted for: age1 and so on. It is not secret.")
        .group(GROUP),
];
