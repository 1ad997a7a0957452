//! A rule as the plugin lists it, and its page.
use crate::wire::Severity;

shape! {
    #[derive(Clone, Debug, Default)]
    struct Rule {
        name: String = "name",
        summary: String = "summary",
        severity: Severity = "severity",
    }
}

/// The page of a rule, in Markdown.
#[derive(Clone, Debug, Default)]
pub(crate) struct Page {
    pub(crate) name: String,
    pub(crate) text: String,
}
