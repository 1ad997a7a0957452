//! External Secrets: what its repository and its chart bring, by version.

mod crds;
mod names;
mod values;
mod version;
mod webhooks;

pub use crds::{Crd, CrdPath, PathState, Scope, chart_crds, crd_path, crds, path_state};
pub use names::{ServiceAccount, namespace, service_account, service_account_name, webhook_service_name};
pub use values::{UnknownValue, unknown_values, values_keys};
pub use version::{EsoVersion, Nearest, Position, chart_exists, nearest};
pub use webhooks::{FailurePolicy, Webhook, all_webhooks, webhooks};

use fluxproof_yaml::{Data, Value};

/// The value at a dotted path.
fn at<'v>(values: Option<&'v Value>, path: &str) -> Option<&'v Value> {
    path.split('.').try_fold(values?, |value, key| value.get(key))
}

/// A value as a template's `if` takes it; `null` takes the default away.
fn is_on(values: Option<&Value>, path: &str, default: bool) -> bool {
    match at(values, path).map(|value| &value.data) {
        None => default,
        Some(Data::Null) => false,
        Some(Data::Bool(on)) => *on,
        Some(Data::Int(number)) => *number != 0,
        Some(Data::Float(number)) => *number != 0.0,
        Some(Data::Str(text)) => !text.is_empty(),
        Some(Data::Seq(items)) => !items.is_empty(),
        Some(Data::Map(entries)) => !entries.is_empty(),
    }
}

/// A string that is set and not empty.
fn text<'v>(values: Option<&'v Value>, path: &str) -> Option<&'v str> {
    at(values, path)?.as_str().filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use fluxproof_yaml::{Budget, FileId, Table, Value, parse};

    /// The value of a YAML text.
    pub(super) fn yaml(text: &str) -> Value {
        let parsed = parse(FileId(0), text);
        assert!(parsed.problems.is_empty(), "{:?}", parsed.problems);
        let root = parsed.documents[0].root().expect("a root");
        root.to_value(Table::GoYaml3, &mut Budget { nodes: 10_000 }).expect("a value")
    }
}
