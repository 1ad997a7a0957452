//! The text that a report shows: values of Secrets are blacked out, to the same length.

use fluxproof_yaml::{Data, FileId, Sources, Span, Table, Value, parse};
use std::borrow::Cow;

/// The text of a file without the values of its Secrets. Every byte that stays keeps its place.
pub(crate) fn shown(sources: &Sources, file: FileId) -> Cow<'_, str> {
    let text = sources.text(file);
    if !text.contains("Secret") {
        return Cow::Borrowed(text);
    }
    let spans = secret_values(file, text);
    if spans.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut bytes = text.as_bytes().to_vec();
    for span in spans {
        bytes[span.start as usize..span.end as usize].iter_mut().filter(|byte| !byte.is_ascii_whitespace()).for_each(|byte| *byte = b'*');
    }
    Cow::Owned(String::from_utf8_lossy(&bytes).into_owned())
}

fn secret_values(file: FileId, text: &str) -> Vec<Span> {
    let mut spans = Vec::new();
    for document in &parse(file, text).documents {
        let Some(value) = document.root().and_then(|root| root.to_value(Table::GoYaml3, &mut Default::default()).ok()) else { continue };
        objects(&value, 4, &mut spans);
    }
    spans
}

/// Secrets, also inside lists and patches of them: whatever says `kind: Secret` here or a few levels down.
fn objects(value: &Value, depth: usize, out: &mut Vec<Span>) {
    if value.str_at(&["kind"]) == Some("Secret") {
        for field in ["data", "stringData"] {
            value.get(field).map_or(&[][..], Value::entries).iter().for_each(|entry| out.push(entry.value.span));
        }
    }
    if depth > 0 {
        value.items().iter().for_each(|item| objects(item, depth - 1, out));
        value.entries().iter().filter(|entry| matches!(entry.value.data, Data::Map(_) | Data::Seq(_))).for_each(|entry| objects(&entry.value, depth - 1, out));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use fluxproof_yaml::RepoPath;

    #[test]
    fn values_of_secrets_are_blacked_out_in_place() {
        let text = "kind: Secret\nstringData:\n  token: hünter2\n  key: |\n    line one\n    two\n---\nkind: ConfigMap\ndata:\n  a: shown\n";
        let sources = Sources::from_texts([(RepoPath::new("s.yaml").expect("a path"), text)]);
        let shown = shown(&sources, FileId(0));
        assert_eq!(shown.len(), text.len());
        assert!(!shown.contains("nter2") && !shown.contains("line one") && shown.contains("a: shown") && shown.contains("token: "));
    }
}
