//! Hostile texts end in problems: quickly, in little memory and with half the stack that WebAssembly has.
#![expect(clippy::expect_used, clippy::disallowed_types, reason = "a test may fail loudly and look at the clock")]

use fluxproof_yaml::{Budget, DEPTH_LIMIT, FileId, Parsed, Problem, Table, Value, parse};
use std::time::{Duration, Instant};

/// Half of what WebAssembly has.
const STACK: usize = 512 << 10;

/// What takes a second in release. This is no measurement, and so has room for debug builds on busy machines: what is
/// not linear takes minutes.
const PATIENCE: Duration = Duration::from_secs(30);

/// Reads and expands a text on a small stack, and drops everything there.
fn read(text: impl Into<String>) -> (usize, Vec<Problem>) {
    let text = text.into();
    let work = move || {
        let begin = Instant::now();
        let parsed = parse(FileId(0), &text);
        let (values, mut problems) = expand(&parsed);
        problems.extend(parsed.problems.iter().cloned());
        drop(values.clone());
        assert_eq!(values, values.clone());
        for problem in &problems {
            assert!(
                text.is_char_boundary(problem.span.start as usize) && text.is_char_boundary(problem.span.end as usize)
            );
        }
        assert!(begin.elapsed() < PATIENCE, "{:?}", begin.elapsed());
        (parsed.documents.len(), problems)
    };
    let thread = std::thread::Builder::new().stack_size(STACK).spawn(work).expect("a thread");
    thread.join().expect("no panic and no overflow")
}

fn expand(parsed: &Parsed) -> (Vec<Value>, Vec<Problem>) {
    let (mut values, mut problems) = (Vec::new(), Vec::new());
    for root in parsed.documents.iter().filter_map(|document| document.root()) {
        for table in [Table::GoYaml3, Table::GoYaml2] {
            match root.to_value(table, &mut Budget::default()) {
                Ok(value) => values.push(value),
                Err(problem) => problems.push(problem),
            }
        }
    }
    (values, problems)
}

fn refused(text: impl Into<String>, message: &str) {
    let (_, problems) = read(text);
    assert!(problems.iter().any(|problem| problem.message.contains(message)), "{message}: {problems:.2000?}");
}

const DEEP: usize = 100_000;

/// Debug builds are given a tenth: they are ten times as slow.
const SHARE: usize = if cfg!(debug_assertions) { 10 } else { 1 };

#[test]
fn depth_is_a_problem_at_its_place() {
    for open in ["[", "{a: ", "[{a: ", "- ", "? ", "- - - ", "[a, "] {
        refused(open.repeat(DEEP), "nested deeper than");
    }
    let mut steps = String::new();
    for depth in 0..2_000 {
        steps.push_str(&" ".repeat(depth));
        steps.push_str("a:\n");
    }
    refused(steps, "nested deeper than");
    refused(format!("{}{}", "[".repeat(DEEP), "]".repeat(DEEP)), "nested deeper than");
}

#[test]
fn the_document_behind_a_deep_one_is_read() {
    let (documents, problems) = read(format!("{}\n---\na: 1\n", "[".repeat(DEEP)));
    assert_eq!((documents, problems.len()), (1, 1));
    assert_eq!(problems[0].span.start as usize, DEPTH_LIMIT);
}

#[test]
fn the_allowed_depth_is_read_expanded_and_dropped() {
    let text = format!("{}1{}", "[".repeat(DEPTH_LIMIT), "]".repeat(DEPTH_LIMIT));
    assert_eq!(read(text), (1, Vec::new()));
    let text = format!("{}1{}", "{a: ".repeat(DEPTH_LIMIT), "}".repeat(DEPTH_LIMIT));
    assert_eq!(read(text), (1, Vec::new()));
}

#[test]
fn aliases_cannot_nest_what_brackets_cannot() {
    let mut text = String::from("- &a0 [x]\n");
    for at in 1..5_000 {
        text.push_str(&format!("- &a{at} [*a{}]\n", at - 1));
    }
    refused(text, "nested deeper than");
}

#[test]
fn alias_bombs_run_out_of_budget() {
    let mut text = String::from("a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n");
    for at in 1..40 {
        let before = at - 1;
        text.push_str(&format!("a{at}: &a{at} [{}]\n", vec![format!("*a{before}"); 9].join(", ")));
    }
    refused(text, "expand to too many nodes");
    let mut merges = String::from("a0: &a0 {k0: 1, l0: 1}\n");
    for at in 1..60 {
        let before = at - 1;
        merges.push_str(&format!("a{at}: &a{at} {{<<: [*a{before}, *a{before}], k{at}: 1}}\n"));
    }
    refused(merges, "expand to too many nodes");
}

#[test]
fn characters_that_yaml_has_no_place_for() {
    let (documents, problems) = read("a: 1\n---\nb: x\0y\n---\nc: \"\u{1}\" # \u{7f}\n---\nd: 1\n");
    assert_eq!(documents, 2, "the documents around them are read");
    let messages: Vec<&str> = problems.iter().map(|problem| problem.message.as_str()).collect();
    assert_eq!(messages, ["the text contains a NUL character", "the text contains the character U+0001"]);
    refused("\0".repeat((3 << 20) / SHARE), "NUL");
    refused("---\n\0\n".repeat(100_000 / SHARE), "NUL");
    refused("a: \u{fffe}", "U+FFFE");
    refused("a: \u{80}", "U+0080");
    assert_eq!(read("a: \u{85}\u{a0}\u{feff}é\u{10ffff}\n").1, []);
}

#[test]
fn huge_texts_are_refused_or_read() {
    refused(format!("a: {}", "x".repeat(100 << 20)), "longer than 64 MB");
    let size = if cfg!(debug_assertions) { 3 << 20 } else { 30 << 20 };
    for text in [
        format!("a: {}", "x".repeat(size)),
        format!("a: '{}'", "x".repeat(size)),
        format!("a: \"{}\"", "\\n".repeat(size / 2)),
        format!("a: |\n  {}", "x".repeat(size)),
        format!("a: |\n{}", "  x\n".repeat(size / 8)),
        format!("# {}\na: 1", "x".repeat(size)),
    ] {
        assert_eq!(read(text), (1, Vec::new()));
    }
}

#[test]
fn what_is_not_closed_is_a_problem() {
    let fill = "x ".repeat((3 << 19) / SHARE);
    let lines = "x\n".repeat((3 << 19) / SHARE);
    for text in [
        "&",
        "*",
        "&a",
        "!",
        "!<",
        "%",
        "a: &",
        "- *",
        "%YAML",
        "%TAG ! x\n",
        "@",
        "`",
        "a: 'b",
        "[",
        "{a",
        "? [",
        "|",
        ">x",
    ] {
        read(text);
    }
    refused("&", "broken YAML");
    refused("*", "broken YAML");
    refused(format!("a: '{fill}"), "not closed");
    refused(format!("a: \"{fill}"), "not closed");
    refused(format!("a: \"{lines}"), "not closed");
    refused(format!("a: '{lines}"), "not closed");
    refused(format!("[{}", "a, ".repeat(300_000 / SHARE)), "not closed");
    refused(format!("{{{}", "a: b, ".repeat(200_000 / SHARE)), "not closed");
    refused("a: 'b\n---\n".repeat(100_000 / SHARE), "not closed");
}

#[test]
fn many_of_anything_stays_quick() {
    for text in [
        "---\n".repeat(300_000 / SHARE),
        "# c\n".repeat(200_000 / SHARE),
        "a: 1\n# c\n".repeat(50_000 / SHARE),
        "&a ".repeat(100_000 / SHARE),
        "- &a x\n".repeat(100_000 / SHARE),
        format!("- &a x\n{}", "- *a\n".repeat(100_000 / SHARE)),
        "- *a\n".repeat(50_000 / SHARE),
        "- !t x\n".repeat(100_000 / SHARE),
        "a: 1\n".repeat(50_000 / SHARE),
        "? ".repeat(200) + &"a\n".repeat(50_000 / SHARE),
        "a:\n".repeat(100_000 / SHARE),
        "\t".repeat(100_000 / SHARE),
        " ".repeat((1 << 20) / SHARE),
        "\n".repeat((1 << 20) / SHARE),
        "\r\n".repeat((1 << 19) / SHARE),
        "...\n".repeat(200_000 / SHARE),
        "%TAG !a! b\n".repeat(50_000 / SHARE),
        ": ".repeat(100),
        "a".repeat((1 << 20) / SHARE) + ": 1",
        "[".repeat(200) + &"a: ".repeat(100_000 / SHARE),
        "<<: {}\n".repeat(20_000 / SHARE),
        "{<<: {a: 1}, <<: {b: 1}}".to_owned(),
        (0..50_000 / SHARE).map(|at| format!("k{at}: v\n")).collect(),
    ] {
        read(text);
    }
}
