//! What a folded scalar is after yaml.v3 has printed it and read it again.
//!
//! kustomize prints every object once on its way out (`RNode.String`), each scalar in the style it had. The emitter of
//! yaml.v3 looks at the first character of the text where it should look at the one behind a break
//! (`yaml_emitter_write_folded_scalar`), so that a line that is indented more than the others gets an empty line before it.

/// The text that comes back, where it is another one.
pub(crate) fn reprinted(text: &str) -> Option<String> {
    let body = text.strip_suffix('\n').unwrap_or(text);
    let at_risk =
        body.ends_with('\n') || body.contains("\n ") || body.contains("\n\t") || text.starts_with([' ', '\t']);
    if !body.contains('\n') || !at_risk || !may_be_folded(text) {
        return None;
    }
    let new = read(&printed(text), Chomping::of(text));
    (new != text).then_some(new)
}

/// Whether the emitter keeps the style (`yaml_emitter_analyze_scalar`): else it takes quotes, which lose nothing.
fn may_be_folded(text: &str) -> bool {
    let special =
        |c: char| (c.is_control() && c != '\n' && c != '\t') || matches!(c, '\u{feff}' | '\u{2028}' | '\u{2029}');
    !text.contains(" \n") && !text.ends_with(' ') && !text.contains(special)
}

/// The lines behind the `>`, without their indentation.
fn printed(text: &str) -> String {
    let doubles = text.trim_start_matches('\n').starts_with(|c: char| c != ' ' && c != '\t');
    let (mut out, mut breaks, mut leading) = (String::with_capacity(text.len() + 8), true, true);
    for c in text.chars() {
        if c == '\n' {
            if !breaks && !leading && doubles {
                out.push('\n');
            }
        } else if breaks {
            leading = c == ' ' || c == '\t';
        }
        breaks = c == '\n';
        out.push(c);
    }
    out
}

/// What becomes of the breaks at the end.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Chomping {
    Strip,
    Clip,
    Keep,
}

impl Chomping {
    /// As the emitter hints (`yaml_emitter_write_block_scalar_hints`).
    fn of(text: &str) -> Self {
        match text.strip_suffix('\n') {
            None => Self::Strip,
            Some(rest) if rest.is_empty() || rest.ends_with('\n') => Self::Keep,
            Some(_) => Self::Clip,
        }
    }
}

/// Reads printed lines (`yaml_parser_scan_block_scalar`).
fn read(printed: &str, chomping: Chomping) -> String {
    let mut rest = printed.trim_start_matches('\n');
    let mut out = "\n".repeat(printed.len() - rest.len());
    while !rest.is_empty() {
        let line = rest.split('\n').next().unwrap_or("");
        let next = rest[line.len()..].trim_start_matches('\n');
        let breaks = rest.len() - line.len() - next.len();
        out.push_str(line);
        match (next.is_empty(), chomping) {
            (false, _) => push_breaks(&mut out, breaks, !is_indented(line) && !is_indented(next)),
            (true, Chomping::Strip) => {}
            (true, Chomping::Clip) => out.push('\n'),
            (true, Chomping::Keep) => push_breaks(&mut out, breaks, false),
        }
        rest = next;
    }
    out
}

fn is_indented(line: &str) -> bool {
    line.starts_with([' ', '\t'])
}

/// Breaks between two lines: where both begin at the margin, one is a space and of more the first is not there.
fn push_breaks(out: &mut String, breaks: usize, folds: bool) {
    match (folds, breaks) {
        (true, 1) => out.push(' '),
        (true, more) => out.extend(std::iter::repeat_n('\n', more.saturating_sub(1))),
        (false, all) => out.extend(std::iter::repeat_n('\n', all)),
    }
}

#[cfg(test)]
mod tests {
    use super::reprinted;

    #[test]
    fn what_comes_back_of_folded_texts() {
        for (text, again) in [
            ("a(c,\n  b\n)", Some("a(c,\n\n  b\n)")),
            ("a\n  b\n  c\nd\n", Some("a\n\n  b\n  c\nd\n")),
            ("  a\nb", Some("  a\nb")),
            ("  a\nb\nc", Some("  a\nb c")),
            ("a\n\n", Some("a\n\n\n")),
            ("a b", None),
            ("a\nb\n", None),
            ("a\n\nb", None),
            ("a \n  b", None),
            ("a\u{1}\n  b", None),
        ] {
            let again = again.filter(|again| *again != text);
            assert_eq!(reprinted(text).as_deref(), again, "{text:?}");
        }
    }
}
