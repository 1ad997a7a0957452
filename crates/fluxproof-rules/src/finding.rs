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
    /// What all findings of the rule that say the same share: a reader needs the reason once. None where each has its own.
    pub cause: Option<String>,
}

/// What a rule says of a finding that it has begun.
impl Finding {
    /// Why it matters.
    #[must_use]
    pub(crate) fn because(mut self, why: impl Into<String>) -> Self {
        self.why = why.into();
        self
    }

    /// What to do.
    #[must_use]
    pub(crate) fn mend(mut self, help: impl Into<String>) -> Self {
        self.help = help.into();
        self
    }

    /// The object at fault, its field, and who applies it.
    #[must_use]
    pub(crate) fn of(mut self, owner: &ObjectRef, object: ObjectRef, field: impl Into<String>) -> Self {
        (self.owner, self.object, self.field) = (Some(owner.clone()), Some(object), field.into());
        self
    }

    /// How bad and how sure, where that is not the rule's own and certain.
    #[must_use]
    pub(crate) fn rated(mut self, severity: Severity, confidence: Confidence) -> Self {
        (self.severity, self.confidence) = (severity, confidence);
        self
    }

    /// What further findings of the rule may share.
    #[must_use]
    pub(crate) fn caused_by(mut self, cause: impl Into<String>) -> Self {
        self.cause = Some(cause.into());
        self
    }

    /// A further place.
    #[must_use]
    pub(crate) fn with(mut self, span: Span, message: impl Into<String>) -> Self {
        self.related.push(Label { span, message: message.into() });
        self
    }
}
