//! What is done once, at the root (`makeCustomizedResMap`, `Kustomizer.Run`).

use super::{Accumulator, Builder, Level};
use crate::Resource;
use crate::workspace::not_a_resource;
use crate::{generate, plugin, reference};

/// Objects with this annotation are for tools, not for clusters.
const LOCAL: &str = "config.kubernetes.io/local-config";

impl Builder<'_, '_> {
    /// Hashes, references, `vars`, the order, and what `buildMetadata` asks for.
    pub(super) fn finish(&mut self, level: Level<'_>, accumulator: &mut Accumulator) {
        for step in [generate::add_hashes, reference::fix_names, reference::vars::resolve] {
            let result = step(self, accumulator);
            self.check(result);
        }
        self.drop_local(accumulator);
        let sorted = self.sort(level, accumulator);
        self.check(sorted);
        let labelled = plugin::build_metadata(self, level, accumulator);
        self.check(labelled);
        let unprintable = accumulator.set.iter().find_map(|resource| resource.value.key_problem());
        self.check(unprintable.map_or(Ok(()), Err));
    }

    /// `IgnoreLocal`: what is left of each object must still be one, and no two may have come to be the same.
    fn drop_local(&mut self, accumulator: &mut Accumulator) {
        let none = accumulator.set.iter().find_map(|resource| not_a_resource(&resource.value));
        accumulator.set.retain(|resource| !is_local(resource));
        let problem = none.or_else(|| accumulator.set.first_double());
        self.check(problem.map_or(Ok(()), Err));
    }
}

fn is_local(resource: &Resource) -> bool {
    resource.annotation(LOCAL).is_some_and(|value| value != "false")
}
