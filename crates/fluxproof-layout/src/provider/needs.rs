//! What must be in the cluster, or be set in the chart, beside a store.

use super::reference::{Reference, noun, references};
use super::schema::provider;
use super::{Scope, render, rules};
use serde_json::Value as Json;

/// What must be there beside a store.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Needs {
    /// The Secrets, each once, by the order in which the store names them.
    pub secrets: Vec<SecretNeed>,
    /// The ServiceAccounts, each once.
    pub accounts: Vec<AccountNeed>,
    /// The ConfigMaps, each once.
    pub config_maps: Vec<ConfigMapNeed>,
    /// Values of the operator's chart: path and value.
    pub chart_values: Vec<(&'static str, &'static str)>,
}

/// A Secret that a store names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretNeed {
    /// Its name.
    pub name: String,
    /// Its namespace.
    pub namespace: String,
    /// The keys that are read, each once.
    pub keys: Vec<String>,
    /// The labels that the operator looks for.
    pub labels: Vec<(&'static str, &'static str)>,
}

/// A ServiceAccount that a store names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountNeed {
    /// Its name.
    pub name: String,
    /// Its namespace.
    pub namespace: String,
    /// The audiences that the store asks for.
    pub audiences: Vec<String>,
    /// The annotations that the operator reads.
    pub annotations: Vec<&'static str>,
}

/// A ConfigMap that a store names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigMapNeed {
    /// Its name.
    pub name: String,
    /// Its namespace.
    pub namespace: String,
    /// The keys that are read, each once.
    pub keys: Vec<String>,
}

/// What must be there beside the store of a section.
#[must_use]
pub fn needs(provider_name: &str, section: &Json, scope: &Scope<'_>) -> Needs {
    let chart_values = rules::notes(provider_name, "chart").into_iter().filter_map(|(_, value)| value.split_once('='));
    let mut needs = Needs { chart_values: chart_values.collect(), ..Needs::default() };
    let Some(provider) = provider(provider_name) else { return needs };
    let rendered = render(provider_name, section, scope);
    for reference in references(provider, &rendered) {
        match noun(&reference) {
            "ServiceAccount" => needs.account(provider.name, &reference, scope),
            "ConfigMap" => needs.config_map(&reference, scope),
            _ => needs.secret(provider.name, &reference, scope),
        }
    }
    needs
}

fn place(reference: &Reference<'_>, scope: &Scope<'_>) -> (String, String) {
    let namespace = reference.text("namespace").unwrap_or(scope.namespace);
    (reference.text("name").unwrap_or_default().to_owned(), namespace.to_owned())
}

fn keys(provider: &str, reference: &Reference<'_>) -> Vec<String> {
    let listed = rules::notes(provider, "keys").into_iter().find(|(path, _)| *path == reference.known);
    if let Some((_, keys)) = listed.filter(|(_, keys)| !keys.is_empty()) {
        return keys.split(',').map(str::to_owned).collect();
    }
    let key = reference.text("key").or_else(|| rules::default_key(provider, &reference.known));
    key.map(str::to_owned).into_iter().collect()
}

/// Adds what is not there yet.
fn add<T: PartialEq>(to: &mut Vec<T>, items: impl IntoIterator<Item = T>) {
    for item in items {
        if !to.contains(&item) {
            to.push(item);
        }
    }
}

impl Needs {
    fn secret(&mut self, provider: &str, reference: &Reference<'_>, scope: &Scope<'_>) {
        let (name, namespace) = place(reference, scope);
        let keys = keys(provider, reference);
        let labels =
            rules::notes(provider, "label").into_iter().filter_map(|(_, label)| label.split_once('=')).collect();
        match self.secrets.iter_mut().find(|known| known.name == name && known.namespace == namespace) {
            Some(known) => add(&mut known.keys, keys),
            None => self.secrets.push(SecretNeed { name, namespace, keys, labels }),
        }
    }

    fn config_map(&mut self, reference: &Reference<'_>, scope: &Scope<'_>) {
        let (name, namespace) = place(reference, scope);
        let keys = reference.text("key").map(str::to_owned);
        match self.config_maps.iter_mut().find(|known| known.name == name && known.namespace == namespace) {
            Some(known) => add(&mut known.keys, keys),
            None => self.config_maps.push(ConfigMapNeed { name, namespace, keys: keys.into_iter().collect() }),
        }
    }

    fn account(&mut self, provider: &str, reference: &Reference<'_>, scope: &Scope<'_>) {
        let (name, namespace) = place(reference, scope);
        let listed = reference.value.get("audiences").and_then(Json::as_array);
        let audiences: Vec<String> = listed.into_iter().flatten().filter_map(Json::as_str).map(str::to_owned).collect();
        let noted = rules::notes(provider, "annotation").into_iter().filter(|(path, _)| *path == reference.known);
        let annotations: Vec<&str> = noted.map(|(_, annotation)| annotation).collect();
        match self.accounts.iter_mut().find(|known| known.name == name && known.namespace == namespace) {
            Some(known) => {
                add(&mut known.audiences, audiences);
                add(&mut known.annotations, annotations);
            }
            None => self.accounts.push(AccountNeed { name, namespace, audiences, annotations }),
        }
    }
}
