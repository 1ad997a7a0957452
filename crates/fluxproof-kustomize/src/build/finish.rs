//! What is done once, at the root (`makeCustomizedResMap`, `Kustomizer.Run`).

use super::{Accumulator, Builder, Level};
use crate::Resource;
use crate::{generate, plugin, reference};

/// Objects with this annotation are for tools, not for clusters.
const LOCAL: &str = "config.kubernetes.io/local-config";

impl Builder<'_, '_> {
    /// Hashes, references, `vars`, the order, and what `buildMetadata` asks for.
    pub(super) fn finish(&mut self, level: Level<'_>, accumulator: &mut Accumulator) {
        for step in [generate::add_hashes, reference::fix_names, reference::vars::resolve] {
            let result = step(self, accumulator);
            self.check(result);
            accumulator.set.follow_shared();
        }
        accumulator.set.retain(|resource| !is_local(resource));
        let sorted = self.sort(level, accumulator);
        self.check(sorted);
        let labelled = plugin::build_metadata(self, level, accumulator);
        self.check(labelled);
    }
}

fn is_local(resource: &Resource) -> bool {
    resource.annotation(LOCAL).is_some_and(|value| value != "false")
}
