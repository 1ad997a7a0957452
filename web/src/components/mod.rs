//! The page, one component a file: functions of the state that dispatch actions. Only what has a hook of
//! its own is a component in the sense of Yew; each of those costs 8 kB.
pub(crate) mod app;
mod banner;
mod build;
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
mod items;
mod parts;
mod rows;
mod rules;
mod section;
mod verdict;

use crate::state::State;
use yew::UseReducerHandle;

/// The state, and the way to change it.
pub(crate) type Handle = UseReducerHandle<State>;
