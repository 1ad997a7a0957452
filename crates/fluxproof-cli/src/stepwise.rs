//! Reading a repository as far as a build asks for it: the folder's kustomization, what that names, what this names in turn.

use crate::{read, walk};
use fluxproof_core::command::{Inputs, Invocation, More, Outcome, Reads, Step, WalkLimits, step};
use std::path::{Path, PathBuf};

/// What is read so far, and what may still be.
struct Reading {
    root: PathBuf,
    limits: WalkLimits,
    budget: WalkLimits,
    inputs: Inputs,
}

/// Reads until the core has its answer.
pub(crate) fn answer(invocation: &Invocation, reads: &Reads) -> Outcome {
    let folder = reads.tree.as_deref().unwrap_or(".");
    let mut reading = Reading::new(folder, reads.limits);
    loop {
        match step(invocation, &reading.inputs) {
            Step::Answer(outcome) => return outcome,
            Step::More(more) if more.above > 0 => reading.climb(more.above),
            Step::More(More { paths, .. }) => reading.read(paths),
        }
    }
}

impl Reading {
    /// Begins in a folder: below the root of the repository that it is in, else below itself.
    fn new(folder: &str, limits: WalkLimits) -> Self {
        let path = Path::new(folder);
        if let Err(why) = walk::is_folder(path) {
            let inputs = Inputs { problems: vec![format!("{folder} cannot be read: {why}")], ..Inputs::default() };
            return Self { root: path.to_owned(), limits, budget: limits, inputs };
        }
        match read::around(path) {
            Some((root, at)) => Self::below(root, at, true, limits),
            None => {
                let root = path.canonicalize().unwrap_or_else(|_| path.to_owned());
                Self::below(root, String::new(), false, limits)
            }
        }
    }

    fn below(root: PathBuf, at: String, top: bool, limits: WalkLimits) -> Self {
        let inputs = Inputs { at: at.clone(), top, ..Inputs::default() };
        let mut reading = Self { root, limits, budget: limits, inputs };
        reading.read(vec![at]);
        reading
    }

    fn read(&mut self, paths: Vec<String>) {
        for path in &paths {
            self.inputs.tree.extend(walk::look(&self.root, path, self.limits, &mut self.budget));
        }
        self.inputs.asked.extend(paths);
    }

    /// Begins anew some folders higher, or as high as it goes.
    fn climb(&mut self, above: usize) {
        let (mut root, mut at) = (self.root.clone(), self.inputs.at.clone());
        for _ in 0..above {
            let Some(name) = root.file_name().map(|name| name.to_string_lossy().into_owned()) else {
                return *self = Self::below(root, at, true, self.limits);
            };
            at = if at.is_empty() { name } else { format!("{name}/{at}") };
            root.pop();
        }
        *self = Self::below(root, at, false, self.limits);
    }
}
