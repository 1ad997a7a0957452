//! The page, one component a file. They read the state and dispatch actions; nothing else.
pub(crate) mod app;
mod banner;
mod certificate;
mod check;
mod code;
mod configure;
mod delivery;
mod detail;
mod dialogs;
mod field;
mod file_tree;
mod file_view;
mod findings;
mod footer;
mod form;
mod header;
mod parts;
mod rules;
mod verdict;

use crate::state::State;
use yew::prelude::*;

/// The state, and the way to change it.
pub(crate) type Handle = UseReducerHandle<State>;

/// What every component is given.
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) app: Handle,
}
