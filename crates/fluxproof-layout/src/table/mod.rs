//! The fields of the config, a file for each part of it.

mod applications;
mod operator;
mod provider;
mod repository;
mod store;
mod timing;
mod vault;

use crate::fields::{Choice, Field};
use std::sync::OnceLock;

const PROVIDER: &str = "Provider";
const VAULT: &str = "Vault";
const LOGIN: &str = "Authentication";
const STORE: &str = "Store";
const SECRETS: &str = "Secrets";
const STORES: &str = "More stores";
const VERSIONS: &str = "Versions";
const OPERATOR: &str = "Operator";
const NAMES: &str = "Names";
const REPOSITORY: &str = "Repository";
const CLUSTERS: &str = "Clusters and tenants";
const APPLICATIONS: &str = "Applications";
const TIMING: &str = "Timing";

const fn choice(value: &'static str, label: &'static str) -> Choice {
    Choice { value, label }
}

/// Every field, in the order of a form.
pub(crate) fn fields() -> &'static [Field] {
    static FIELDS: OnceLock<Vec<Field>> = OnceLock::new();
    FIELDS.get_or_init(|| {
        [
            provider::FIELDS,
            vault::FIELDS,
            store::FIRST,
            store::SECRETS,
            &[store::more(further())],
            operator::FIELDS,
            repository::FIELDS,
            applications::FIELDS,
            timing::FIELDS,
        ]
        .concat()
    })
}

/// The fields of a further store: those of the first, with its own at the top.
fn further() -> &'static [Field] {
    static FIELDS: OnceLock<Vec<Field>> = OnceLock::new();
    FIELDS.get_or_init(|| [store::FURTHER, provider::FIELDS, vault::FIELDS].concat())
}
