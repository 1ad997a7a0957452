//! Annotations are their texts (`RNode.SetAnnotations`) until the object is printed to be JSON: a tag and a fold count then.

use crate::tree::Writer;
use fluxproof_yaml::{Budget, FileId, Sources, Value, parse};

/// The tag of a text in base64.
const BINARY: &str = "!!binary";

/// Makes of the annotations of an object what is read of them after they were printed.
pub(super) fn print(object: &mut Value, sources: &Sources, writer: Writer) {
    let annotations = object.at(&["metadata", "annotations"]).map_or(&[][..], Value::entries);
    let printed =
        annotations.iter().map(|entry| printed(&entry.value, sources).map(|value| (entry.key.clone(), value)));
    let printed: Vec<_> = printed.flatten().collect();
    for (key, value) in printed {
        let annotations = object.get_mut("metadata").and_then(|metadata| metadata.get_mut("annotations"));
        if let Some(place) = annotations.and_then(|annotations| annotations.get_mut(&key)) {
            writer.put(place, value);
        }
    }
}

/// What an annotation becomes; none where that is what it is, and where something else has written it.
fn printed(value: &Value, sources: &Sources) -> Option<Value> {
    let written = Some(sources.snippet(value.span)).filter(|_| value.change.is_none())?;
    let before = sources.text(value.span.file).get(..value.span.start as usize)?;
    let tag = if before.trim_end().ends_with(BINARY) { BINARY } else { "" };
    if tag.is_empty() && !written.starts_with('>') {
        return None;
    }
    let parsed = parse(FileId(0), &format!("{tag} {written}"));
    let new = parsed.documents.first()?.root()?.to_printed_value(&mut Budget::default()).ok()?;
    (new.data != value.data).then_some(Value { span: value.span, ..new })
}
