//! Properties on random documents, with serde_yaml (libyaml) as a second reader.
#![expect(clippy::expect_used, reason = "a test may fail loudly")]

mod oracle;
mod tree;

use fluxproof_yaml::{Budget, Document, Edit, FileId, Node, NodeKind, Parsed, Span, Style, Table, apply_edits, parse};
use proptest::prelude::*;

/// At least 400 cases of each; `PROPTEST_CASES` asks for more.
fn config() -> ProptestConfig {
    let default = ProptestConfig::default();
    ProptestConfig { cases: default.cases.max(400), failure_persistence: None, ..default }
}

/// Every node of a document, parents first.
fn nodes(document: &Document) -> Vec<Node<'_>> {
    let mut found: Vec<Node<'_>> = document.root().into_iter().collect();
    let mut at = 0;
    while let Some(node) = found.get(at).copied() {
        at += 1;
        match node.kind() {
            NodeKind::Sequence => found.extend(node.items()),
            NodeKind::Mapping => found.extend(node.entries().flat_map(|(key, value)| [key, value])),
            NodeKind::Scalar | NodeKind::Alias => {}
        }
    }
    found
}

fn snippet(text: &str, span: Span) -> &str {
    text.get(span.start as usize..span.end as usize).expect("a span in bounds and on characters")
}

/// Every span of everything is in bounds, on characters, and inside its parent's.
fn check_spans(text: &str, parsed: &Parsed) {
    for problem in &parsed.problems {
        snippet(text, problem.span);
        for related in &problem.related {
            snippet(text, related.span);
        }
    }
    for comment in parsed.comments.iter().chain(parsed.documents.iter().flat_map(|document| document.comments())) {
        assert!(snippet(text, comment.span).starts_with('#'));
    }
    for document in &parsed.documents {
        snippet(text, document.span());
        for node in nodes(document) {
            snippet(text, node.span());
            node.tag_span().map(|span| assert!(snippet(text, span).starts_with('!'))).unwrap_or_default();
            node.anchor_span().map(|span| assert!(snippet(text, span).starts_with(['&', '*']))).unwrap_or_default();
            check_children(node);
        }
    }
}

fn check_children(node: Node<'_>) {
    if node.kind() == NodeKind::Alias {
        return;
    }
    let entries = node.entries().flat_map(|(key, value)| [key, value]);
    let mut from = node.span().start;
    for child in entries.chain(node.items()) {
        assert!(child.span().start >= from, "{child:?} overlaps in {node:?}");
        assert!(child.span().end <= node.span().end, "{child:?} leaves {node:?}");
        from = child.span().end;
    }
}

/// The text of a plain scalar is the scalar once more.
fn check_plain(text: &str, parsed: &Parsed) {
    for node in parsed.documents.iter().flat_map(nodes) {
        let written = snippet(text, node.span());
        if node.kind() == NodeKind::Scalar && node.style() == Style::Plain && !written.contains(['\n', '\r']) {
            assert_eq!(written, node.text());
        }
    }
}

fn check_all(text: &str) -> Parsed {
    let parsed = parse(FileId(0), text);
    check_spans(text, &parsed);
    check_plain(text, &parsed);
    for root in parsed.documents.iter().filter_map(Document::root) {
        for table in [Table::GoYaml2, Table::GoYaml3] {
            if let Err(problem) = root.to_value(table, &mut Budget { nodes: 10_000 }) {
                snippet(text, problem.span);
            }
        }
    }
    oracle::compare(text, &parsed);
    parsed
}

/// What YAML is made of, and what breaks it.
const PIECES: &[&str] = &[
    "a",
    "b",
    "a: ",
    "b: ",
    "- ",
    "\n",
    "\n",
    "\n  ",
    "\n    ",
    "  ",
    "[",
    "]",
    "{",
    "}",
    ", ",
    "'",
    "\"",
    "|\n",
    ">-\n",
    "|2+\n",
    "&x ",
    "*x",
    " # c\n",
    "---\n",
    "...\n",
    "!t ",
    "!!str ",
    "? ",
    ": ",
    ":",
    "\t",
    "é",
    "\u{10348}",
    "\r\n",
    "\r",
    "%YAML 1.2\n",
    "%TAG !e! x\n",
    "<<: ",
    "0x1",
    "~",
    "yes",
    "1.5",
    "\\n",
    "\\",
    "%",
    "@",
    "\u{feff}",
    "\u{85}",
    "\0",
    "\u{1}",
    "<<: *x\n",
    "- - ",
    "? - ",
    "x: y\n",
    "- z\n",
    "k:\n  - v\n",
];

proptest! {
    #![proptest_config(config())]

    #[test]
    fn random_pieces_are_read_without_panic(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..40)) {
        check_all(&pieces.concat());
    }

    #[test]
    fn random_bytes_are_read_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        check_all(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn documents_are_read_as_they_were_meant(tree in tree::tree()) {
        let text = tree::written(&tree);
        let parsed = check_all(&text);
        prop_assert_eq!(&parsed.problems, &[], "{}", text);
        let root = parsed.documents[0].root();
        prop_assert!(root.is_some_and(|root| tree::is_meant(&tree, root)), "{}\n{:?}", text, tree);
    }

    #[test]
    fn damaged_documents_are_read_without_panic(
        tree in tree::tree(),
        damage in prop::collection::vec((any::<prop::sample::Index>(), prop::sample::select(PIECES), 0usize..4), 1..4),
    ) {
        let mut text = tree::written(&tree);
        for (at, piece, cut) in damage {
            let places: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
            let place = at.index(places.len());
            let end = places.get(place + cut).copied().unwrap_or(text.len());
            text.replace_range(places[place]..end, piece);
        }
        check_all(&text);
    }

    #[test]
    fn an_edit_changes_one_scalar_and_nothing_else(tree in tree::tree(), which in any::<prop::sample::Index>()) {
        let text = tree::written(&tree);
        let parsed = parse(FileId(0), &text);
        let before = nodes(&parsed.documents[0]);
        let values: Vec<usize> = (0..before.len()).filter(|at| before[*at].kind() == NodeKind::Scalar).collect();
        prop_assume!(!values.is_empty());
        let target = values[which.index(values.len())];
        let span = before[target].span();
        prop_assume!(span.start < span.end);
        let edited = apply_edits(&text, &[Edit { span, text: "zzz".to_owned() }]).expect("an edit");
        prop_assert_eq!(edited.len(), text.len() - (span.end - span.start) as usize + 3);
        prop_assert!(edited.starts_with(&text[..span.start as usize]) && edited.ends_with(&text[span.end as usize..]));
        let again = parse(FileId(0), &edited);
        let after = nodes(&again.documents[0]);
        prop_assert_eq!(before.len(), after.len(), "{}\n{}", text, edited);
        for (at, (old, new)) in before.iter().zip(&after).enumerate() {
            let expected = if at == target { "zzz" } else { old.text() };
            prop_assert_eq!(new.text(), expected, "{}\n{}", text, edited);
        }
    }
}
