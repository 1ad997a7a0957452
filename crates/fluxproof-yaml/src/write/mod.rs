//! A [`Value`] to text: the YAML that `kustomize build` prints, and the JSON that it hashes.
//!
//! kustomize's `Resource.AsYAML` writes JSON with `encoding/json` and turns it into YAML with sigs.k8s.io/yaml, that is
//! go.yaml.in/yaml/v2 (`encode.go`, `emitterc.go`, `sorter.go`). Comments, styles and the order of keys are lost there,
//! and what JSON cannot say is an error. This is that way in one pass: `yaml` walks the value, `emitter` knows where on the
//! line it stands, `style` chooses how a text is written, `quote` writes it, `number` says numbers as Go does, and
//! `order` sorts keys.

mod again;
mod emitter;
mod json;
mod number;
mod order;
mod quote;
mod refold;
mod reread;
mod style;
mod yaml;

#[cfg(test)]
mod tests;

pub use again::{scalar_again, scalar_json};
pub use emitter::Line;
pub use json::to_json;
pub use order::natural_order;
pub(crate) use refold::refolded;
pub use yaml::{to_yaml, to_yaml_mapped};
