//! The plugins that are built into kustomize, by their kinds.

use super::{Transformer, value_add};
use crate::build::{Accumulator, Builder, Level};
use crate::generate::{Kind, add_hashes};
use crate::operators::{annotations, images, labels, namespace, prefix, replacements, replicas, suffix};
use crate::patch;
use fluxproof_yaml::{Problem, Value};

/// What a kind stands for.
#[derive(Clone, Copy)]
pub(super) enum Builtin {
    Generator(Kind),
    /// `IAMPolicyGenerator`
    Policy,
    Helm,
    Transformer(Transformer),
}

/// The transformers. `SortOrderTransformer` is none of them: kustomize has it for the root only.
const TRANSFORMERS: &[(&str, Transformer)] = &[
    ("AnnotationsTransformer", annotations::plugin),
    ("HashTransformer", hashes),
    ("ImageTagTransformer", images::plugin),
    ("LabelTransformer", labels::plugin),
    ("NamespaceTransformer", namespace::plugin),
    ("PatchJson6902Transformer", patch::json_plugin),
    ("PatchStrategicMergeTransformer", patch::strategic_plugin),
    ("PatchTransformer", patch::plugin),
    ("PrefixSuffixTransformer", prefix_and_suffix),
    ("PrefixTransformer", prefix::plugin),
    ("ReplacementTransformer", replacements::plugin),
    ("ReplicaCountTransformer", replicas::plugin),
    ("SuffixTransformer", suffix::plugin),
    ("ValueAddTransformer", value_add::plugin),
];

/// The plugin of a kind.
pub(super) fn builtin(kind: &str) -> Option<Builtin> {
    match kind {
        "ConfigMapGenerator" => Some(Builtin::Generator(Kind::ConfigMap)),
        "SecretGenerator" => Some(Builtin::Generator(Kind::Secret)),
        "IAMPolicyGenerator" => Some(Builtin::Policy),
        "HelmChartInflationGenerator" => Some(Builtin::Helm),
        _ => {
            let known = TRANSFORMERS.iter().find(|(name, _)| *name == kind);
            known.map(|(_, transformer)| Builtin::Transformer(*transformer))
        }
    }
}

fn hashes(
    builder: &mut Builder<'_, '_>,
    _: Level<'_>,
    _: &Value,
    accumulator: &mut Accumulator,
) -> Result<(), Problem> {
    add_hashes(builder, accumulator)
}

fn prefix_and_suffix(
    builder: &mut Builder<'_, '_>,
    level: Level<'_>,
    config: &Value,
    accumulator: &mut Accumulator,
) -> Result<(), Problem> {
    prefix::plugin(builder, level, config, accumulator)?;
    suffix::plugin(builder, level, config, accumulator)
}
