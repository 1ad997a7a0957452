//! How a string of the config is written: in YAML, in a shell, in a Vault policy, in Markdown.

use std::fmt::Write;

/// The words that some version of YAML reads as something else than a string, in lower case.
const WORDS: &[&str] = &["y", "n", "yes", "no", "on", "off", "true", "false", "null"];

/// The plainest scalar that every reader of YAML 1.1 and 1.2 takes for this very string: plain, or in double quotes.
pub(crate) fn yaml(text: &str) -> String {
    if is_plain(text) { text.to_owned() } else { double_quoted(text) }
}

/// The same for a file that Flux runs its variable substitution over: `$$` arrives as `$`, wherever it stands.
pub(crate) fn yaml_substituted(text: &str) -> String {
    yaml(text).replace('$', "$$")
}

fn is_plain(text: &str) -> bool {
    let Some(first) = text.bytes().next() else { return false };
    let first_is_safe = first.is_ascii_alphabetic() || matches!(first, b'/' | b'_') || starts_like_no_number(text);
    let spaced = text.ends_with([' ', ':']) || text.contains("  ") || text.contains(": ");
    let safe = |b: u8| b.is_ascii_alphanumeric() || b"-_./:+@= ".contains(&b);
    first_is_safe && !spaced && text.bytes().all(safe) && !WORDS.contains(&text.to_ascii_lowercase().as_str())
}

/// Whether a text that starts with a digit has a letter that no number and no date has: `10m`, `1password`.
fn starts_like_no_number(text: &str) -> bool {
    let in_no_number = |b: u8| b"ghijklmnpqrsuvwy".contains(&b.to_ascii_lowercase());
    text.starts_with(|c: char| c.is_ascii_digit()) && !text.contains([':', ' ']) && text.bytes().any(in_no_number)
}

fn double_quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        escape(c, &mut out);
    }
    out.push('"');
    out
}

fn escape(c: char, out: &mut String) {
    let code = u32::from(c);
    match c {
        '"' => out.push_str("\\\""),
        '\\' => out.push_str("\\\\"),
        '\n' => out.push_str("\\n"),
        '\t' => out.push_str("\\t"),
        '\r' => out.push_str("\\r"),
        ' '..='~' => out.push(c),
        _ if is_visible(code) => out.push(c),
        _ if code <= 0xff => drop(write!(out, "\\x{code:02X}")),
        _ if code <= 0xffff => drop(write!(out, "\\u{code:04X}")),
        _ => drop(write!(out, "\\U{code:08X}")),
    }
}

/// Whether a character above ASCII stands for itself: no control, no line break, no space without width, no turn of the
/// writing direction, no half of a pair.
fn is_visible(code: u32) -> bool {
    let hidden = matches!(code, 0x200B..=0x200F | 0x2028..=0x202E | 0x2060..=0x206F | 0xFEFF | 0xFFF0..=0xFFFF);
    (0xA1..=0xD7FF).contains(&code) && !hidden && code != 0xAD
        || (0xE000..=0xFFEF).contains(&code) && !hidden
        || (0x1_0000..=0xD_FFFF).contains(&code) && code & 0xFFFE != 0xFFFE
}

/// One word of a POSIX shell.
pub(crate) fn shell(text: &str) -> String {
    let safe = |b: u8| b.is_ascii_alphanumeric() || b"-_./:@%+=,".contains(&b);
    if !text.is_empty() && text.bytes().all(safe) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// The inside of a string of HCL, which Vault's policies are written in.
pub(crate) fn hcl(text: &str) -> String {
    text.replace('\\', r"\\").replace('"', "\\\"")
}

/// Inline code of Markdown: as many backticks as the text does not have.
pub(crate) fn code(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let space = if longest > 0 { " " } else { "" };
    format!("{fence}{space}{text}{space}{fence}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_be_plain_is_plain() {
        for text in
            ["vault", "10m", "1h30m", "v2.9.0", "https://vault.example.com:8200", "auth/k8s", "1password", "a b"]
        {
            assert_eq!(yaml(text), text);
        }
    }

    #[test]
    fn what_some_reader_takes_for_something_else_is_quoted() {
        for text in [
            "",
            "yes",
            "No",
            "oN",
            "y",
            "null",
            "~",
            "1",
            "1.5",
            "0x1f",
            "1_000",
            "1e3",
            "2.9.0",
            "2026-11-23",
            "1:30",
            ".inf",
            "-",
            "---",
            "- a",
            "? a",
            "a: b",
            "a:",
            "a #b",
            "#a",
            "*a",
            "&a",
            "!a",
            "%a",
            "@a",
            "`a`",
            "{a}",
            "[a]",
            "|",
            ">",
            "'a'",
            "<<",
            "=",
            " a",
            "a ",
            "a\nb",
            "ä",
        ] {
            assert!(yaml(text).starts_with('"'), "{text}");
        }
    }

    #[test]
    fn escapes_are_those_of_yaml() {
        assert_eq!(yaml("a\"b\\c\nd\te\u{7}f\u{2028}g\u{202e}ä"), r#""a\"b\\c\nd\te\x07f\u2028g\u202Eä""#);
        assert_eq!(yaml("\u{85}\u{a0}\u{feff}"), r#""\x85\xA0\uFEFF""#);
    }

    #[test]
    fn a_variable_of_flux_is_escaped_where_flux_substitutes() {
        assert_eq!(yaml("a${b}"), r#""a${b}""#);
        assert_eq!(yaml_substituted("a${b}"), r#""a$${b}""#);
        assert_eq!(yaml_substituted("a$${b}$c"), r#""a$$$${b}$$c""#);
    }

    #[test]
    fn words_of_a_shell_stay_words() {
        assert_eq!(shell("auth/kubernetes"), "auth/kubernetes");
        assert_eq!(shell("a b; rm -rf '$HOME'"), r"'a b; rm -rf '\''$HOME'\'''");
        assert_eq!(shell(""), "''");
    }

    #[test]
    fn inline_code_survives_backticks() {
        assert_eq!(code("a"), "`a`");
        assert_eq!(code("a``b"), "``` a``b ```");
    }
}
