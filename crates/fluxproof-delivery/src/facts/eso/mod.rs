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
