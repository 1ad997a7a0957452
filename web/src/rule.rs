//! A rule as the plugin lists it, and its page.
use crate::wire::Severity;
use serde::Deserialize;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Rule {
    pub(crate) name: String,
    pub(crate) summary: String,
    pub(crate) severity: Severity,
    pub(crate) category: String,
}

/// The page of a rule, in Markdown.
#[derive(Clone, Debug, Default)]
pub(crate) struct Page {
    pub(crate) name: String,
    pub(crate) text: String,
}
