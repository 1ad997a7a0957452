//! Where nodes and problems are.

use fluxproof_yaml::{Document, FileId, Node, Parsed, Span, Style, node_at, parse};

fn read(text: &str) -> Parsed {
    parse(FileId(0), text)
}

fn snippet(text: &str, span: Span) -> &str {
    &text[span.start as usize..span.end as usize]
}

fn at<'d>(document: &'d Document, path: &[&str]) -> Node<'d> {
    node_at(document, path).unwrap_or_else(|| unreachable!("{path:?}"))
}

#[test]
fn every_node_has_the_text_that_a_person_edits() {
    let text = "\
# head
a: &n !t v # behind
b:
  - x
  -   'it''s'
c: {d: [1, \"q\\n\"], e: *n}
f: |-  # note
  one

  two

g: >+
    folded

h: plain
  over lines
i:
\"j\" : 1
? k
: - l
m: !!str
";
    let parsed = read(text);
    assert_eq!(parsed.problems, []);
    let document = &parsed.documents[0];
    for (path, expected) in [
        (&["a"][..], "v"),
        (&["b"], "- x\n  -   'it''s'"),
        (&["b", "1"], "'it''s'"),
        (&["c"], "{d: [1, \"q\\n\"], e: *n}"),
        (&["c", "d"], "[1, \"q\\n\"]"),
        (&["c", "d", "1"], "\"q\\n\""),
        (&["c", "e"], "*n"),
        (&["f"], "|-  # note\n  one\n\n  two"),
        (&["g"], ">+\n    folded\n"),
        (&["h"], "plain\n  over lines"),
        (&["i"], ""),
        (&["j"], "1"),
        (&["k"], "- l"),
        (&["m"], ""),
    ] {
        let found = snippet(text, at(document, path).span());
        let found = if path == ["b"] { format!("- {}", found.trim_start_matches("- ")) } else { found.to_owned() };
        assert_eq!(found.trim_end_matches(' '), expected, "{path:?}");
    }
    assert_eq!(at(document, &["i"]).span().start as usize, text.find("i:\n").expect("i") + 2, "behind the colon");
    let node = at(document, &["a"]);
    assert_eq!((node.anchor(), node.tag(), node.style()), (Some("n"), Some("!t"), Style::Plain));
    assert_eq!(node.anchor_span().map(|span| snippet(text, span)), Some("&n"));
    assert_eq!(node.tag_span().map(|span| snippet(text, span)), Some("!t"));
    let comments: Vec<&str> = document.comments().iter().map(|comment| snippet(text, comment.span)).collect();
    assert_eq!(comments, ["# head", "# behind", "# note"]);
}

#[test]
fn keys_have_spans_too() {
    let text = "'a b': {c: 1}\n? - x\n: y\n";
    let parsed = read(text);
    let root = parsed.documents[0].root().expect("a root");
    let keys: Vec<&str> = root.entries().map(|(key, _)| snippet(text, key.span())).collect();
    assert_eq!(keys, ["'a b'", "- x"]);
    assert_eq!(root.entry("a b").map(|(key, _)| snippet(text, key.span())), Some("'a b'"));
}

#[test]
fn documents_have_spans_and_their_comments() {
    let text = "# one\na: 1\n---\n# two\nb: 2\n...\n# three\n---\n---\nc: 3\n# four\n";
    let parsed = read(text);
    let documents: Vec<(&str, Vec<&str>)> = parsed
        .documents
        .iter()
        .map(|document| {
            let comments = document.comments().iter().map(|comment| snippet(text, comment.span)).collect();
            (snippet(text, document.span()), comments)
        })
        .collect();
    assert_eq!(documents.len(), 4);
    assert_eq!(documents[0].1, ["# one"]);
    assert!(documents[1].0.starts_with("---\n# two\nb: 2") && documents[1].1 == ["# two"], "{documents:?}");
    assert!(parsed.documents[2].root().is_none() && documents[2].1 == ["# three"], "{documents:?}");
    assert!(documents[3].0.contains("c: 3"));
}

#[test]
fn a_file_of_comments_has_no_document() {
    let parsed = read("# only\n# these\n");
    assert_eq!((parsed.documents.len(), parsed.comments.len(), parsed.problems.len()), (0, 2, 0));
    assert_eq!(read("").documents.len(), 0);
    assert_eq!(read("\u{feff}").documents.len(), 0);
}

#[test]
fn byte_order_marks_and_windows_lines() {
    let text = "\u{feff}a: 1\r\nb: |\r\n  x\r\n  y\r\nc:\r\n- é\r\n";
    let parsed = read(text);
    assert_eq!(parsed.problems, []);
    let document = &parsed.documents[0];
    assert_eq!(snippet(text, at(document, &["a"]).span()), "1");
    assert_eq!(snippet(text, at(document, &["b"]).span()), "|\r\n  x\r\n  y");
    assert_eq!(at(document, &["b"]).text(), "x\ny\n");
    assert_eq!(snippet(text, at(document, &["c", "0"]).span()), "é");
}

#[test]
fn directives_and_tags() {
    let text = "%YAML 1.2\n%TAG !e! tag:example.com,2000:\n---\na: !e!x 1\nb: !<tag:y> 2\nc: !!int 3\nd: !local 4\n";
    let parsed = read(text);
    assert_eq!(parsed.problems, []);
    let tags: Vec<_> = parsed.documents[0].root().expect("a root").entries().map(|(_, value)| value.tag()).collect();
    let expected = ["tag:example.com,2000:x", "tag:y", "tag:yaml.org,2002:int", "!local"];
    assert_eq!(tags, expected.map(Some));
}

#[test]
fn a_name_can_be_given_twice() {
    let parsed = read("a: &x 1\nb: *x\nc: &x 2\nd: *x\n");
    assert_eq!(parsed.problems, []);
    let document = &parsed.documents[0];
    let texts = ["b", "d"].map(|key| at(document, &[key]).resolved().text());
    assert_eq!(texts, ["1", "2"]);
    assert_eq!(at(document, &["b"]).text(), "x");
}

#[test]
fn equal_keys_are_reported_with_both_places() {
    let text = "a:\n  k: 1\n  'k': 2\n  k: 3\nb: {x: 1, x: 2}\n";
    let problems = read(text).problems;
    let places: Vec<(u32, u32)> = problems.iter().map(|p| (p.related[0].span.start, p.span.start)).collect();
    assert_eq!(places, [(5, 12), (5, 21), (30, 36)]);
    assert_eq!(problems[0].message, "the key `k` is here twice");
    let many: String = (0..40).map(|n| format!("k{}: 1\n", n % 30)).collect();
    assert_eq!(read(&many).problems.len(), 10, "mappings with many keys, too");
    assert_eq!(read("<<: {a: 1}\n<<: {b: 1}\n").problems.len(), 1, "yaml.v3 refuses two merge keys");
}

#[test]
fn what_is_broken_is_said_at_its_place() {
    for (text, place, message) in [
        ("a: [1, 2\n", "[", "`[` is not closed"),
        ("a: {b: 1\n", "{", "`{` is not closed"),
        ("a: [1, 2}\n", "[", "`[` is closed by `}`"),
        ("a: 'b\n", "'", "a quoted text is not closed"),
        ("a: \"b\n", "\"", "a quoted text is not closed"),
        ("a:\n\tb: 1\n", "\t", "a tab stands where YAML wants spaces"),
        ("a: 1\n\tb: 2\n", "\t", "a tab stands where YAML wants spaces"),
        ("- a\n-\t- b\n", "\t", "a tab stands where YAML wants spaces"),
        ("a: b: c\n", ":", "a mapping cannot begin here"),
        ("a: @b\n", "@", "a text cannot begin with `@`"),
        ("a: `b`\n", "`", "a text cannot begin with ``"),
        ("a: *x\n", "*x", "unknown anchor"),
        ("a: !e!x 1\n", "!", "the handle of this tag is not declared"),
        ("a: 1\nb\nc: 2\n", "b", "a key without `:`"),
        ("a: - b\n", "-", "a sequence cannot begin here"),
        ("a: 1\n  b: 2\n", ":", "a mapping cannot begin here"),
        ("a: \"\\q\"\n", "", ""),
        ("%YAML 1.2\na: 1\n", "", ""),
    ] {
        let parsed = read(&format!("{text}---\nnext: 1\n"));
        let problem = parsed.problems.first().unwrap_or_else(|| unreachable!("{text}"));
        assert!(problem.message.contains(message), "{text}: {problem:?}");
        assert!(problem.help.is_some(), "{text}: {problem:?}");
        let found = snippet(text, problem.span);
        assert!(found.starts_with(place), "{text}: {found:?} {problem:?}");
        let next = parsed.documents.last().and_then(|document| document.root()?.get("next"));
        assert!(next.is_some() || text.starts_with('%'), "{text}: the next is read");
    }
}

#[test]
fn lookups_follow_aliases_and_items() {
    let parsed = read("base: &b {x: [1, {y: 2}]}\nuse: *b\nz: 1\n");
    let document = &parsed.documents[0];
    assert_eq!(at(document, &["use", "x", "1", "y"]).text(), "2");
    assert!(node_at(document, &["use", "x", "2"]).is_none() && node_at(document, &["z", "a"]).is_none());
    assert_eq!(node_at(document, &[]), document.root());
}
