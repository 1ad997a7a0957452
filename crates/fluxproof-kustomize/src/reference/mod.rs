//! Names by which objects know each other.

mod candidates;
mod expand;
mod lookup;
mod names;
pub(crate) mod vars;

pub(crate) use names::fix_names;
