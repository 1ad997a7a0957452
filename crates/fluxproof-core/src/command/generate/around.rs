//! What a tree is proven with, and written without.

use super::super::check::analyse;
use crate::report::Analysis;
use fluxproof_delivery::World;
use fluxproof_layout::{Layout, LayoutProblem, Tree, own_source, surroundings};
use fluxproof_yaml::{RepoPath, Sources};

/// What stands around a tree: the Kustomization that applies an embedded one, and the source that holds it.
pub(super) struct Around {
    files: Tree,
    source: String,
}

impl Around {
    pub(super) fn of(layout: &Layout) -> Result<Self, Vec<LayoutProblem>> {
        Ok(Self { files: surroundings(layout)?, source: own_source(layout) })
    }

    /// What the checker says of these files, and what stands around them.
    pub(super) fn check<'t>(
        &'t self,
        files: impl Iterator<Item = (RepoPath, &'t str)>,
        digest: Option<String>,
    ) -> Analysis {
        let around = self.files.files.iter().map(|file| (file.path.clone(), file.text.as_str()));
        let sources = Sources::from_texts(files.chain(around));
        let mut world = World::of(&sources).0;
        // A name that no source can have is a problem of the config, and was told before.
        let _ = world.add_source(&self.source, &sources);
        analyse(sources, &world, digest)
    }
}
