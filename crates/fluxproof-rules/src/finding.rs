//! What a rule says.

use fluxproof_delivery::{BrokenKind, ObjectRef, TraceStep};
use fluxproof_yaml::Span;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Advice.
    Info,
    /// Works, but not always or not for long.
    Warning,
    /// Fails.
    Error,
}

impl Severity {
    /// The word of the wire format.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// How sure it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Confidence {
    /// A smell.
    Hint,
    /// Rests on a table or a convention.
    Likely,
    /// Follows from the repository and the controllers' code.
    Certain,
}

impl Confidence {
    /// The word of the wire format.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Hint => "hint",
            Self::Likely => "likely",
            Self::Certain => "certain",
        }
    }
}

/// A further place and what it has to do with the finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// Where.
    pub span: Span,
    /// What is there.
    pub message: String,
}

/// One finding: what, why, what to do, where.
#[derive(Debug, Clone)]
pub struct Finding {
    /// The rule's name.
    pub rule: &'static str,
    /// How bad.
    pub severity: Severity,
    /// How sure.
    pub confidence: Confidence,
    /// How the requirement fails, for findings about order.
    pub verdict: Option<BrokenKind>,
    /// What: one lowercase sentence that names the object.
    pub message: String,
    /// Why.
    pub why: String,
    /// What to do.
    pub help: String,
    /// The clusters where it holds, by name.
    pub clusters: Vec<String>,
    /// The Flux object that applies the object.
    pub owner: Option<ObjectRef>,
    /// The object at fault.
    pub object: Option<ObjectRef>,
    /// The field at fault, as a path: `spec.dependsOn[0]`.
    pub field: String,
    /// Where.
    pub location: Span,
    /// What the place itself is, in a few words: the label under the caret.
    pub label: String,
    /// Further places.
    pub related: Vec<Label>,
    /// The schedule that fails.
    pub trace: Vec<TraceStep>,
    /// What one lost round costs, in seconds.
    pub delay_seconds: Option<u64>,
}
