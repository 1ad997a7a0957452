//! The objects of a build: what tells them apart, what each remembers, and the set that a level works on.

mod absorb;
mod id;
mod label_selector;
mod resource;
mod scope;
mod selector;
mod set;
pub(crate) mod shared;

pub(crate) use id::{DEFAULT_NAMESPACE, FIRST, Gvk, LAST, NO_NAMESPACE, ResId, split_api_version};
pub(crate) use resource::{Behavior, Previous};
pub use resource::{Doubt, Resource};
pub use scope::is_cluster_scoped;
pub(crate) use selector::{Pattern, Selector};
pub(crate) use set::ResourceSet;
