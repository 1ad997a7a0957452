//! The `openapi` field: which definitions say how lists are merged (`openapi.SetSchema`).

use super::definitions::{Lookup, is_builtin};
use super::openapi;
use crate::build::{Builder, Definitions, Level};
use crate::kustomization::{entry, field};
use fluxproof_yaml::{FileId, Problem, Span, Value};
use std::rc::Rc;

/// The version that kustomize 5.8.1 has built in, the only one.
const BUILTIN_VERSION: &str = "v1.21.2";

/// Which definitions a build uses.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Schema {
    /// The file of the first `openapi.path`.
    pub(crate) file: Option<FileId>,
    /// Whether an `openapi` was met: the first one stays.
    is_set: bool,
    /// Whether kustomize's own definitions were asked for before that: then they stay beside those of the file.
    beside: bool,
    /// Whether they were asked for so far.
    asked: bool,
}

impl Schema {
    /// Says that a resource of this kind was met. To know its scope kustomize reads its own definitions, unless it knows
    /// the kind by heart.
    pub(crate) fn meet(&mut self, api_version: &str, kind: &str) {
        self.asked = self.asked || (!self.is_set && !is_builtin(api_version, kind));
    }

    /// What tells builds of one base apart, as far as that is known before.
    pub(crate) fn key(&self) -> Self {
        Self { asked: false, ..self.clone() }
    }

    /// Whether a base that came to `after` would do so from here, too.
    pub(crate) fn may_use(&self, after: &Self) -> bool {
        self.is_set || !after.is_set || !self.asked || after.beside
    }

    /// Goes on behind a base that came to `after`.
    pub(crate) fn take(&mut self, after: &Self) {
        *self = Self { asked: self.asked || after.asked, ..after.clone() };
    }
}

impl Builder<'_, '_> {
    /// Takes the `openapi` of a kustomization over, unless one was met before.
    pub(crate) fn set_schema(&mut self, level: Level<'_>) {
        let Some(openapi) = field(level.kustomization, "openapi") else { return };
        let path = entry(openapi, "path").map(|entry| &entry.value);
        let file = path.map_or(Ok(None), |path| self.file(level, path));
        let result = file.and_then(|file| self.take_schema(openapi, file, path.is_some()));
        self.check(result);
    }

    fn take_schema(&mut self, openapi: &Value, file: Option<FileId>, has_path: bool) -> Result<(), Problem> {
        if self.schema.is_set {
            return Ok(());
        }
        let version = field(openapi, "version");
        let text = version.and_then(Value::as_str).unwrap_or_default();
        let problem = |message| Err(Problem::new(version.map_or(openapi.span, |version| version.span), message));
        if has_path {
            if version.is_some() {
                return problem("builtin version and custom schema provided, cannot use both");
            }
            let asked = self.schema.asked;
            self.schema = Schema { file, is_set: true, beside: asked, asked };
        } else if !text.is_empty() {
            if text != BUILTIN_VERSION {
                return problem("the specified OpenAPI version is not built in");
            }
            self.schema.is_set = true;
        }
        Ok(())
    }

    /// What is known of kinds at this point of the build.
    pub(crate) fn lookup(&mut self) -> Result<Lookup, Problem> {
        let Some(file) = self.schema.file else {
            self.schema.asked = true;
            return Ok(Lookup::builtin());
        };
        let builtin = self.schema.beside || self.options.definitions == Definitions::Added;
        let known = self.workspace.definitions.borrow().get(&file).cloned();
        let definitions = match known {
            Some(definitions) => definitions,
            None => Rc::new(openapi::read(self.definitions_in(file)?)),
        };
        self.workspace.definitions.borrow_mut().insert(file, definitions.clone());
        Ok(Lookup { file: Some(definitions), builtin })
    }

    fn definitions_in(&self, file: FileId) -> Result<&Value, Problem> {
        if let Some(problem) = self.workspace.configuration_problems(file).first() {
            let message = format!("invalid schema file: {}", problem.message);
            return Err(Problem { message, ..problem.clone() });
        }
        let empty = || Problem::new(Span::new(file, 0, 0), "invalid schema file: it is empty");
        self.workspace.configuration(file).ok_or_else(empty)
    }
}
