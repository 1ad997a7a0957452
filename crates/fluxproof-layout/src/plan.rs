//! What a layout brings: its stores, and what these need.

use crate::provider::{Needs, Scope, SecretNeed, StoreKind, needs as needs_of, render};
use crate::values::Section;
use crate::vault;
use serde_json::Value as Json;

/// A store of the layout.
#[derive(Debug, Clone)]
pub(crate) struct Store<'l> {
    config: Section<'l>,
    /// What stands before the store's own fields: `store.` for the first.
    own: &'static str,
    operator: &'l str,
    version: &'l str,
    /// Its provider's section, as the config has it.
    section: Json,
    /// What must be there beside it.
    needs: Needs,
    /// The Secrets that it logs in with. The certificate of an authority is no credential, whatever object holds it.
    secrets: Vec<SecretNeed>,
}

/// How the Secrets of a store come about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Credential {
    /// Encrypted, in the tree.
    Sops,
    /// By hand.
    OutOfBand,
    /// From another store.
    ExternalSecret,
}

/// A Secret that stores log in with.
#[derive(Debug, Clone)]
pub(crate) struct Brought<'s, 'l> {
    pub(crate) secret: SecretNeed,
    pub(crate) store: &'s Store<'l>,
}

/// Every store, the first one first.
pub(crate) fn stores<'l>(root: &Section<'l>) -> Vec<Store<'l>> {
    let (operator, version) = (root.text("namespaces.operator"), root.text("version"));
    let further = root.items("stores").into_iter().map(|config| Store::of(config, "", operator, version));
    std::iter::once(Store::of(root.clone(), "store.", operator, version)).chain(further).collect()
}

impl<'l> Store<'l> {
    fn of(config: Section<'l>, own: &'static str, operator: &'l str, version: &'l str) -> Self {
        let section = match config.text("provider") {
            "vault" => vault::section(&config),
            provider => config.get(provider).cloned().unwrap_or_default(),
        };
        let (needs, secrets) = (Needs::default(), Vec::new());
        let store = Self { config, own, operator, version, section, needs, secrets };
        let of = |section: &Json| needs_of(store.provider(), section, &store.scope());
        let (needs, secrets) = (of(&store.section), of(&without_authorities(store.section.clone())).secrets);
        Self { needs, secrets, ..store }
    }

    fn text(&self, field: &str) -> &'l str {
        self.config.text(&format!("{}{field}", self.own))
    }

    /// The section that it is described in.
    pub(crate) fn config(&self) -> &Section<'l> {
        &self.config
    }

    /// The path of one of its own fields from the root of the config.
    pub(crate) fn at(&self, field: &str) -> String {
        self.config.at(&format!("{}{field}", self.own))
    }

    /// The path of its provider's section from the root of the config.
    pub(crate) fn at_provider(&self) -> String {
        self.config.at(self.provider())
    }

    pub(crate) fn is_first(&self) -> bool {
        !self.own.is_empty()
    }

    pub(crate) fn name(&self) -> &'l str {
        self.text("name")
    }

    pub(crate) fn kind(&self) -> &'l str {
        self.text("kind")
    }

    pub(crate) fn is_cluster_wide(&self) -> bool {
        self.kind() == "ClusterSecretStore"
    }

    /// The namespace that it is for; empty for all.
    pub(crate) fn own_namespace(&self) -> &'l str {
        if self.is_cluster_wide() { "" } else { self.text("namespace") }
    }

    pub(crate) fn provider(&self) -> &'l str {
        self.config.text("provider")
    }

    pub(crate) fn refresh_interval(&self) -> &'l str {
        self.text("refreshInterval")
    }

    pub(crate) fn conditions(&self) -> Vec<Section<'l>> {
        if self.is_cluster_wide() { self.config.items(&format!("{}conditions", self.own)) } else { Vec::new() }
    }

    pub(crate) fn credential(&self) -> Credential {
        match self.text("credential.source") {
            "outOfBand" => Credential::OutOfBand,
            "externalSecret" => Credential::ExternalSecret,
            _ => Credential::Sops,
        }
    }

    /// The store that its Secrets come from, and their key there.
    pub(crate) fn origin(&self) -> (&'l str, &'l str) {
        (self.text("credential.store"), self.text("credential.key"))
    }

    /// Where what it names is, and for which release it is written.
    pub(crate) fn scope(&self) -> Scope<'l> {
        match self.is_cluster_wide() {
            true => Scope { kind: StoreKind::ClusterSecretStore, namespace: self.operator, version: self.version },
            false => Scope { kind: StoreKind::SecretStore, namespace: self.text("namespace"), version: self.version },
        }
    }

    /// Its provider's section, as the config has it.
    pub(crate) fn section(&self) -> &Json {
        &self.section
    }

    /// Its provider's section, as the store has it.
    pub(crate) fn spec(&self) -> Json {
        render(self.provider(), &self.section, &self.scope())
    }

    pub(crate) fn needs(&self) -> &Needs {
        &self.needs
    }

    /// Whether it comes after the others, because its Secrets come from one of them.
    pub(crate) fn is_late(&self) -> bool {
        self.credential() == Credential::ExternalSecret && !self.secrets.is_empty()
    }
}

fn without_authorities(section: Json) -> Json {
    match section {
        Json::Object(map) => {
            let kept = map.into_iter().filter(|(key, _)| key != "caProvider");
            Json::Object(kept.map(|(key, value)| (key, without_authorities(value))).collect())
        }
        other => other,
    }
}

/// The Secrets of all stores that come about in one way, each once, with the first store that needs it.
pub(crate) fn secrets<'s, 'l>(stores: impl IntoIterator<Item = &'s Store<'l>>, by: Credential) -> Vec<Brought<'s, 'l>>
where
    'l: 's,
{
    let mut all: Vec<Brought<'s, 'l>> = Vec::new();
    for store in stores.into_iter().filter(|store| store.credential() == by) {
        for secret in &store.secrets {
            let same = |known: &&mut Brought<'_, '_>| {
                known.secret.name == secret.name && known.secret.namespace == secret.namespace
            };
            match all.iter_mut().find(same) {
                Some(known) => {
                    let new = secret.keys.iter().filter(|key| !known.secret.keys.contains(key)).cloned();
                    let new: Vec<String> = new.collect();
                    known.secret.keys.extend(new);
                }
                None => all.push(Brought { secret: secret.clone(), store }),
            }
        }
    }
    all
}
