//! A tolerant reader of Go templates: conditions and names are evaluated where that can be done from values that are
//! known, and everything else is unknown, never an error.

mod eval;
mod functions;
mod lex;
mod oracle;
mod parse;
pub(crate) mod val;

pub(crate) use oracle::Oracle;
pub(crate) use val::{HOLE, Truth, Val};

use eval::Run;
use fluxproof_yaml::{Budget, FileId, Table, Value, parse as parse_yaml};
use std::collections::BTreeMap;
use std::rc::Rc;

/// A template that was read, or why it was not.
#[derive(Debug, Clone)]
pub(crate) struct Template(Result<parse::Template, String>);

/// Named templates of a chart and of the charts below it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Names(parse::Defines);

/// What one run of a template printed.
pub(crate) struct Printed {
    pub(crate) text: String,
    /// Whether it came to the bounds of a run: there may be more.
    pub(crate) cut: bool,
}

impl Template {
    /// Reads a template.
    pub(crate) fn read(text: &str) -> Self {
        Self(parse::parse(text))
    }

    /// Why it could not be read.
    pub(crate) fn problem(&self) -> Option<&str> {
        self.0.as_ref().err().map(String::as_str)
    }

    /// The paths below `.Values` that its conditions ask for, its named templates among them.
    pub(crate) fn asked_values(&self) -> Vec<String> {
        self.0.as_ref().map(parse::Template::asked_values).unwrap_or_default()
    }

    /// What it prints with this `.` and the oracle's answers of this run.
    pub(crate) fn print(
        &self,
        names: &Names,
        files: &BTreeMap<String, Rc<str>>,
        oracle: &mut Oracle,
        dot: &Val,
    ) -> Printed {
        let Ok(template) = &self.0 else { return Printed { text: String::new(), cut: true } };
        let mut run = Run::new(&names.0, files, oracle);
        let text = run.template(&template.nodes, dot);
        Printed { text, cut: run.is_exhausted() }
    }
}

impl Names {
    /// Takes what a template defines; of two with one name the later one counts.
    pub(crate) fn add(&mut self, template: &Template) {
        if let Ok(template) = &template.0 {
            self.0.extend(template.defines.iter().map(|(name, nodes)| (name.clone(), nodes.clone())));
        }
    }
}

/// The first document of a text as Helm reads it (sigs.k8s.io/yaml).
pub(crate) fn document(text: &str) -> Option<Value> {
    let parsed = parse_yaml(FileId(0), text);
    if !parsed.problems.is_empty() {
        return None;
    }
    let root = parsed.documents.first()?.root()?;
    root.to_value(Table::GoYaml2, &mut Budget { nodes: 300_000 }).ok()
}

/// The value of a YAML text; unknown where it is none.
fn from_yaml(text: &str) -> Val {
    if text.trim().is_empty() {
        return Val::map(BTreeMap::new());
    }
    document(text).map_or(Val::Unknown, |value| Val::of(&value))
}
