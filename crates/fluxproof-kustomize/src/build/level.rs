//! One kustomization on what there is so far, in kustomize's order (`accumulateTarget`).

use super::{Accumulator, Builder, Level};
use crate::operators::{annotations, images, labels, namespace, prefix, replicas, suffix};
use crate::reference::vars;
use crate::spec::Config;
use crate::{generate, patch, plugin};
use fluxproof_yaml::{Problem, Span};
use std::sync::Arc;

/// What changes the resources of a level.
type Operator = fn(&mut Builder<'_, '_>, Level<'_>, &mut Accumulator) -> Result<(), Problem>;

/// The operators in the order of `configureBuiltinTransformers` with their names there, then those that are listed as
/// objects.
const OPERATORS: [(&str, Operator); 13] = [
    ("PatchStrategicMergeTransformer", patch::strategic_merges),
    ("PatchTransformer", patch::patches),
    ("NamespaceTransformer", namespace::apply),
    ("PrefixTransformer", prefix::apply),
    ("SuffixTransformer", suffix::apply),
    ("LabelTransformer", labels::apply),
    ("AnnotationsTransformer", annotations::apply),
    ("PatchJson6902Transformer", patch::json_patches),
    ("ReplicaCountTransformer", replicas::apply),
    ("ImageTagTransformer", images::apply),
    ("ReplacementTransformer", crate::operators::replacements::apply),
    ("", plugin::transformers),
    ("", plugin::validators),
];

impl Builder<'_, '_> {
    /// Adds what a kustomization makes to what there is so far, then changes all of it.
    pub(super) fn level(&mut self, level: Level<'_>, accumulator: &mut Accumulator) {
        self.open.push(level.folder.clone());
        self.entered.push(level.folder.clone());
        self.resources(level, accumulator);
        self.configure(level, accumulator);
        self.generate(level, accumulator);
        self.components(level, accumulator);
        for (name, operator) in OPERATORS {
            self.operate(operator, level, accumulator);
            plugin::record_operator(self, level, name, accumulator);
        }
        let merged = vars::merge(self, level, accumulator);
        self.check(merged);
        self.open.pop();
    }

    fn operate(&mut self, operator: Operator, level: Level<'_>, accumulator: &mut Accumulator) {
        if self.spend(accumulator.set.len(), level.kustomization.span) {
            let result = operator(self, level, accumulator);
            self.check(result);
            accumulator.set.drop_empty();
        }
    }

    /// `configurations` and `crds`: where operators look.
    fn configure(&mut self, level: Level<'_>, accumulator: &mut Accumulator) {
        let configure = [Config::of_level, Config::of_crds];
        for config in configure {
            let merged =
                config(self, level).and_then(|config| accumulator.merge_config(&config, level.kustomization.span));
            self.check(merged);
        }
    }

    fn generate(&mut self, level: Level<'_>, accumulator: &mut Accumulator) {
        for generator in [generate::config_maps, generate::secrets, generate::helm_charts, plugin::generators] {
            let result = generator(self, level, accumulator);
            self.check(result);
        }
    }
}

impl Accumulator {
    /// Merges its own field specs into none: kustomize goes on with a new accumulator behind a component.
    pub(super) fn merge_own_config(&mut self, span: Span) -> Result<(), Problem> {
        let own = std::mem::take(&mut self.config);
        let merged = if own.is_default() { Ok(own) } else { Config::default().merge(&own, span) };
        merged.map(|config| self.config = config)
    }

    /// Takes the field specs of another one over (`MergeConfig`).
    pub(super) fn merge_config(&mut self, other: &Arc<Config>, span: Span) -> Result<(), Problem> {
        if !Arc::ptr_eq(&self.config, other) && !other.is_empty() {
            self.config = self.config.merge(other, span)?;
        }
        Ok(())
    }
}
