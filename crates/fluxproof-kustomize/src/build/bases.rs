//! A base that many overlays share is built once.

use super::{Accumulator, Builder, External, Options};
use crate::Doubt;
use crate::spec::Schema;
use fluxproof_yaml::{Problem, RepoPath, Value};
use std::collections::BTreeMap;
use std::rc::Rc;

/// The folder, how it is built, and the `openapi` that was there before.
type Key = (RepoPath, Options, Schema);

/// A built base and all that was said about it.
#[derive(Debug)]
struct Base {
    accumulator: Rc<Accumulator>,
    problems: Vec<Problem>,
    error: Option<String>,
    external: Vec<External>,
    doubts: Vec<Doubt>,
    notes: Vec<Problem>,
    /// The folders that it is made of: none of them may be one that is being built.
    entered: Vec<RepoPath>,
    schema: Schema,
}

/// The bases that were built.
#[derive(Debug, Default)]
pub(crate) struct Bases(BTreeMap<Key, Rc<Base>>);

impl Builder<'_, '_> {
    /// What a folder gives, built now or before.
    pub(super) fn built(&mut self, folder: &RepoPath, item: &Value) -> Rc<Accumulator> {
        if self.origins {
            return Rc::new(self.build_base(folder, item));
        }
        let key = (folder.clone(), self.options, self.schema.key());
        let known = self.workspace.bases.borrow().0.get(&key).cloned().filter(|base| self.may_use(base));
        let base = known.unwrap_or_else(|| self.make(key, folder, item));
        self.take(&base);
        base.accumulator.clone()
    }

    /// Whether a base holds no folder that is being built, which would be a cycle, and met no `openapi` in another state.
    fn may_use(&self, base: &Base) -> bool {
        let is_open = |inner: &RepoPath| self.open.iter().any(|open| open.is_in(inner));
        self.schema.may_use(&base.schema) && !base.entered.iter().any(is_open)
    }

    /// Builds a base apart, so that what is said about it is known.
    fn make(&mut self, key: Key, folder: &RepoPath, item: &Value) -> Rc<Base> {
        let mut apart = Builder::new(self.workspace, self.options);
        apart.open.clone_from(&self.open);
        apart.schema = self.schema.clone();
        let accumulator = apart.build_base(folder, item);
        let base = Rc::new(Base {
            accumulator: Rc::new(accumulator),
            problems: apart.problems,
            error: apart.error,
            external: apart.external,
            doubts: apart.doubts,
            notes: apart.notes,
            entered: apart.entered,
            schema: apart.schema,
        });
        self.workspace.bases.borrow_mut().0.insert(key, base.clone());
        base
    }

    fn take(&mut self, base: &Base) {
        self.rewrap(base.error.as_ref());
        self.problems.extend(base.problems.iter().cloned());
        self.external.extend(base.external.iter().cloned());
        self.doubts.extend(base.doubts.iter().cloned());
        self.notes.extend(base.notes.iter().cloned());
        self.entered.extend(base.entered.iter().cloned());
        self.schema.take(&base.schema);
    }
}
