//! The expressions of Flux: `readyExpr` of a dependency, `healthCheckExprs` of a Kustomization or a HelmRelease.
//!
//! They are answered by evaluating them on small objects in the states that matter, never by looking for words in them
//! (fluxcd/pkg runtime/cel: cel-go with optional types and the extensions for strings, sets and encoders).

mod awaited;
mod check;
mod eval;
mod functions;
mod health;
mod lex;
mod parse;
mod ready;
mod strings;
#[cfg(test)]
mod tests;
mod tree;
mod value;

pub use awaited::Awaited;
pub use health::{Health, HealthCheckExpression, Vacuous};
pub use ready::{Implies, Pins, ReadyExpression};

pub(crate) use health::health_check_expressions;

use eval::Machine;
use tree::Expr;
use value::{Outcome, Value};

/// What is wrong with an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flaw {
    /// The first byte inside the expression.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
    /// What is wrong and what to write.
    pub message: String,
    /// Whether Flux refuses it too; otherwise it is only beyond what is looked at here.
    pub certain: bool,
}

impl Flaw {
    fn new(span: tree::Place, message: impl Into<String>) -> Self {
        Self { start: span.0, end: span.1, message: message.into(), certain: true }
    }

    fn too_large(span: tree::Place) -> Self {
        Self { certain: false, ..Self::new(span, "the expression is larger than what is looked at here") }
    }
}

/// An expression, as far as it can be read.
#[derive(Debug, Clone)]
pub(crate) struct Expression(Result<Expr, Flaw>);

impl Expression {
    /// Reads an expression; what is wrong with it is kept.
    pub(crate) fn read(text: &str) -> Self {
        Self(parsed(text))
    }

    /// Reads an expression that Flux compiles before it runs: names, functions and the type must be right.
    pub(crate) fn compile(text: &str, names: &[&str]) -> Self {
        Self(parsed(text).and_then(|tree| check::check(&tree, names).map(|()| tree)))
    }

    /// What is wrong with it.
    pub(crate) fn flaw(&self) -> Option<&Flaw> {
        self.0.as_ref().err()
    }

    /// Its truth over these variables.
    pub(crate) fn truth(&self, variables: &Value) -> Truth {
        let Ok(tree) = &self.0 else { return Truth::of_flaw(self.flaw()) };
        Truth::of(Machine::new(variables).run(tree))
    }
}

/// A variable of Flux in the text stands for a text that is not known.
fn parsed(text: &str) -> Result<Expr, Flaw> {
    match text.find("${") {
        Some(at) => Err(Flaw { certain: false, ..Flaw::new((at, at + 2), "the expression holds a variable") }),
        None => parse::parse(text),
    }
}

/// What an expression says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Truth {
    /// Yes.
    True,
    /// No.
    False,
    /// It cannot be evaluated: a field is missing, a type is wrong.
    Error,
    /// It depends on what is not known here.
    Unknown,
}

impl Truth {
    fn of(outcome: Outcome) -> Self {
        match outcome {
            Ok(Value::Bool(true)) => Self::True,
            Ok(Value::Bool(false)) => Self::False,
            Ok(Value::Unknown) | Err(value::Stop::Unknown) => Self::Unknown,
            Ok(_) | Err(value::Stop::Error(_)) => Self::Error,
        }
    }

    fn of_flaw(flaw: Option<&Flaw>) -> Self {
        if flaw.is_some_and(|flaw| flaw.certain) { Self::Error } else { Self::Unknown }
    }

    /// Whether it cannot be true.
    fn never_true(self) -> bool {
        matches!(self, Self::False | Self::Error)
    }
}
