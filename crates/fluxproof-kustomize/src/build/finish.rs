//! What is done once, at the root (`makeCustomizedResMap`, `Kustomizer.Run`).

use super::{Accumulator, Builder, Level};
use crate::Resource;
use crate::workspace::nameless;
use crate::{generate, plugin, reference};
use fluxproof_yaml::Problem;

/// Objects with this annotation are for tools, not for clusters.
const LOCAL: &str = "config.kubernetes.io/local-config";

impl Builder<'_, '_> {
    /// Hashes, references, `vars`, the order, and what `buildMetadata` asks for.
    pub(super) fn finish(&mut self, level: Level<'_>, accumulator: &mut Accumulator) {
        for step in [generate::add_hashes, reference::fix_names, reference::vars::resolve] {
            let result = step(self, accumulator);
            self.check(result);
        }
        let nameless: Vec<Problem> = accumulator.set.iter().filter_map(|resource| nameless(&resource.value)).collect();
        nameless.into_iter().for_each(|problem| self.fail(problem));
        let twice = accumulator.set.twice();
        twice.into_iter().for_each(|problem| self.fail(problem));
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
