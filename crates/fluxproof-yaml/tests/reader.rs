//! What the reader takes, what it refuses, and where it goes on.

use fluxproof_yaml::{Document, FileId, Node, NodeKind, Parsed, Span, node_at, parse};

fn read(text: &str) -> Parsed {
    parse(FileId(0), text)
}

fn snippet(text: &str, span: Span) -> &str {
    &text[span.start as usize..span.end as usize]
}

fn at<'d>(document: &'d Document, path: &[&str]) -> Node<'d> {
    node_at(document, path).unwrap_or_else(|| unreachable!("{path:?}"))
}

/// The text of the one scalar of a document.
fn scalar(text: &str) -> String {
    let parsed = read(text);
    assert_eq!(parsed.problems, [], "{text:?}");
    at(&parsed.documents[0], &[]).text().to_owned()
}

#[test]
fn escapes_are_those_of_go_yaml() {
    assert_eq!(scalar(r#""\0\a\b\t\n\v\f\r\e\ \"\/\\""#), "\0\u{7}\u{8}\t\n\u{b}\u{c}\r\u{1b} \"/\\");
    assert_eq!(scalar(r#""\N\_\L\P\x41\u00e9\U0001F600""#), "\u{85}\u{a0}\u{2028}\u{2029}Aé😀");
    assert_eq!(scalar("\"a \\\n  \\ b\\\tc\""), "a  b\tc");
    for broken in [r#""\'""#, r#""\x4""#, r#""\x4g""#, r#""\u+041""#, r#""\U00110000""#, r#""\ud83d\ude00""#] {
        let parsed = read(broken);
        assert_eq!(parsed.problems.len(), 1, "{broken}");
        assert_eq!(snippet(broken, parsed.problems[0].span), "\\", "{broken}");
    }
}

#[test]
fn lines_are_folded() {
    for (text, expected) in [
        ("a\n b\n\n\n c", "a b\n\nc"),
        ("'a  \n  b\n\n\tc '", "a b\nc "),
        ("\"a\n\n\n b\\n \\\n\n  c\"", "a\n\nb\n \nc"),
        ("'it''s'", "it's"),
        ("''''", "'"),
        ("\"\"", ""),
        (">\n a\n b\n\n  c\n d\n\n\n", "a b\n\n c\nd\n"),
        (">-\n a\r\n b\r\n", "a b"),
        ("|+\n a\n\n\n", "a\n\n\n"),
        ("|2-\n   a\n  b", " a\nb"),
        ("|\n\n  a", "\na"),
        ("|", ""),
        ("|+\n\n\n", "\n\n"),
        ("--- |\na\nb\n...\n", "a\nb\n"),
        ("a # b#c", "a"),
        ("a#b:c", "a#b:c"),
    ] {
        assert_eq!(scalar(text), expected, "{text:?}");
    }
}

#[test]
fn tabs_separate_and_do_not_indent() {
    for text in
        ["a:\tb\n", "- \tb\n", "a: [\tb,\n  \tc]\n", "a: 'b\n\tc'\n", "a: b\t# c\n\t\n\t# d\n", "a:\n  b: 1\n  \t\n"]
    {
        assert_eq!(read(text).problems, [], "{text:?}");
    }
    // As go-yaml has it: no block begins behind a tab.
    for text in [
        "-\ta: 1\n",
        "- \t- b\n",
        "a:\n \tb: 1\n",
        "\ta: 1\n",
        "? \t- a\n",
        "a: [\n\tb]\n",
        "a: b\n\tc\n",
        "a: |\n\tb\n",
    ] {
        let problems = read(text).problems;
        let place = problems.first().map(|problem| snippet(text, problem.span));
        assert_eq!((problems.len(), place), (1, Some("\t")), "{text:?}: {problems:?}");
    }
}

#[test]
fn anchors_of_keys_and_of_their_mappings() {
    let text =
        "a: &m\n  &k x: 1\nb: &s\n  &t [*s, &u y]: *t\nc: [&p [*p, &q z]: *p, *q]\nd: [*m, *k, *s, *t, *u, *p, *q]\n";
    let parsed = read(text);
    assert_eq!(parsed.problems, []);
    let document = &parsed.documents[0];
    let targets: Vec<&str> = at(document, &["d"]).items().map(|alias| snippet(text, alias.resolved().span())).collect();
    let expected = ["&k x: 1", "x", "&t [*s, &u y]: *t", "[*s, &u y]", "y", "[*p, &q z]", "z"];
    assert_eq!(targets, expected);
    let (key, value) = at(document, &["b"]).entries().next().unwrap_or_else(|| unreachable!("an entry"));
    assert_eq!(value.resolved(), key);
    let inner = key.items().next().map(Node::resolved);
    assert_eq!(inner, Some(at(document, &["b"])), "an alias inside of the key leads to the mapping");
}

#[test]
fn keys_without_braces_and_without_anything() {
    let text = "[a: b , ? c : d, : e, f: , {g, ? h, ? }, \"i\":j, [k]: l]";
    let parsed = read(text);
    assert_eq!(parsed.problems, []);
    let root = at(&parsed.documents[0], &[]);
    let items: Vec<&str> = root.items().map(|item| snippet(text, item.span())).collect();
    assert_eq!(items, ["a: b", "? c : d", ": e", "f:", "{g, ? h, ? }", "\"i\":j", "[k]: l"]);
    assert!(root.items().all(|item| item.kind() == NodeKind::Mapping));
    assert_eq!(at(&parsed.documents[0], &["4"]).entries().count(), 3);
}

#[test]
fn block_collections_begin_at_their_first_sign() {
    let text = "a:\n- x\n- - y\n  - z\nb:\n  ? - k\n  : v\n";
    let parsed = read(text);
    for (path, expected) in [(&["a"][..], "- x\n- - y\n  - z"), (&["a", "1"], "- y\n  - z"), (&["b"], "- k\n  : v")] {
        let found = snippet(text, at(&parsed.documents[0], path).span());
        assert_eq!(found.trim_start_matches("? "), expected);
    }
}

#[test]
fn keys_have_their_longest() {
    let longest = "é".repeat(1024);
    for text in
        [format!("{longest}: 1"), format!("{{{longest}: 1}}"), format!("[{longest}: 1]"), format!("? {longest}x\n: 1")]
    {
        assert_eq!(read(&text).problems, []);
    }
    for text in [
        format!("{longest}x: 1"),
        format!("a: 1\n{longest}x: 1"),
        format!("{{{longest}x: 1}}"),
        format!("[{longest}x: 1]"),
    ] {
        let problems = read(&text).problems;
        assert!(problems[0].message.contains("a key is longer"), "{problems:?}");
    }
}

#[test]
fn every_flaw_has_its_words_and_its_place() {
    for (text, place, message) in [
        ("a: ]\n", "]", "a bracket is closed that was not opened"),
        ("[a]]\n", "]", "a bracket is closed that was not opened"),
        ("a: ? b\n", "?", "a key cannot begin here"),
        ("a: 'b'\n  c: d\n", "c", "the entry of a mapping is expected here"),
        ("a: 1\n- b\n", "-", "the entry of a mapping is expected here"),
        ("- a\nb\n", "b", "`- ` is expected here"),
        ("a: 'b' c\n", "c", "something follows a value that is complete"),
        ("'a'\nb: 1\n", "b", "something follows the end of the document"),
        ("a: 'b'#c\n", "#", "a comment follows without a space"),
        ("a: |x\n  b\n", "|", "the text of a block begins on the line"),
        ("a: |0\n  b\n", "|", "the text of a block begins on the line"),
        ("a: |3\n  b\n", "b", "the first line of a block text is indented less"),
        ("a: \"\\q\"\n", "\\", "unknown escape"),
        ("a: \"\\ud800\"\n", "\\", "an escape names no character"),
        ("a: ['b' c]\n", "c", "a comma is missing"),
        ("a: [b,,c]\n", ",", "an item is missing"),
        ("a: {b: : c}\n", ":", "an item is missing"),
        ("a: [- b]\n", "-", "`- ` stands between brackets"),
        ("a: {b:[c]}\n", ":", "a bracket follows `:` without a space"),
        ("a: [b\n  : c]\n", ":", "a `:` follows a text of several lines"),
        ("a: [1, 2\nb: 3\n", ":", "a `:` follows a text of several lines"),
        ("a: {b: 1, c\nd: 3\n", ":", "a `:` follows a text of several lines"),
        ("a: !<b c\n", "!", "this is no tag"),
        ("a: !b%zz c\n", "!", "this is no tag"),
        ("a: & b\n", "&", "without a name"),
        ("a: &b[c]\n", "&", "without a name"),
        ("a: &b &c d\n", "&", "a second anchor or tag"),
        ("a: &b *c\n", "&", "an alias has an anchor or a tag"),
        ("%YAML 2.0\n---\na: 1\n", "%", "this directive cannot be read"),
        ("%YAML 1.2\n%YAML 1.2\n---\n", "%", "this directive cannot be read"),
        ("%TAG !e! x\n%TAG !e! y\n---\n", "%", "this directive cannot be read"),
        ("a: 1\n%YAML 1.2\n", "%", "a directive follows the content"),
        ("%YAML 1.2\na: 1\n", "a", "`---` is missing"),
        ("a: 1\n... b\n", "b", "something follows `...`"),
        ("a: \u{feff}b\n", "\u{feff}", "a byte order mark"),
        ("a: &b\u{feff} c\n", "&", "a byte order mark"),
    ] {
        let problems = read(text).problems;
        let found = problems.iter().find(|problem| problem.message.contains(message));
        let problem = found.unwrap_or_else(|| unreachable!("{text:?}: {problems:?}"));
        assert_eq!(snippet(text, problem.span), place, "{text:?}: {problem:?}");
        assert!(problem.help.is_some(), "{text:?}: {problem:?}");
    }
}

#[test]
fn reading_goes_on_at_the_next_marker() {
    for (text, documents) in [
        ("a: 'b\n---\nc: 1\n---\nd: 1\n", &["c: 1", "d: 1"][..]),
        ("a: ]\n...\nc: 1\n", &["c: 1"]),
        ("a: ]\r--- \rc: 1\r", &["c: 1"]),
        ("a: ]\n ---\n---c\n....\n--- c\n", &["c"]),
        ("a: ]\n... b\n--- c\n", &["c"]),
        ("a: ]\n\u{feff}--- c\n", &["c"]),
        ("[a]\nb: 1\n---\nc: 1\n", &["c: 1"]),
        ("%YAML 3.0\n---\na: 1\n---\nc: 1\n", &["c: 1"]),
        ("%YAML 1.2\na: 1\n---\nc: 1\n", &["c: 1"]),
        ("a: 1\n--- b: 1\n--- c\n", &["a: 1", "c"]),
        ("[a, b\n--- c\n", &["c"]),
    ] {
        let parsed = read(text);
        let roots = parsed.documents.iter().map(|document| snippet(text, at(document, &[]).span()));
        assert_eq!((roots.collect::<Vec<_>>(), parsed.problems.len()), (documents.to_vec(), 1), "{text:?}");
    }
}

#[test]
fn comments_belong_to_the_document_they_are_in() {
    let text = "# a\nx # b\n# c\n--- # d\n[y, # e\n z] # f\n... # g\n# h\n";
    let parsed = read(text);
    let shown = |document: &Document| -> Vec<&str> {
        document.comments().iter().map(|comment| snippet(text, comment.span)).collect()
    };
    let found: Vec<Vec<&str>> = parsed.documents.iter().map(shown).collect();
    assert_eq!(found, [vec!["# a", "# b", "# c"], vec!["# d", "# e", "# f"]]);
    let rest: Vec<&str> = parsed.comments.iter().map(|comment| snippet(text, comment.span)).collect();
    assert_eq!(rest, ["# g", "# h"]);
}
