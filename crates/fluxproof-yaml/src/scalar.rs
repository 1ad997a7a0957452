//! What a scalar means to Go programs: two tables.
//!
//! go-yaml v3 reads for kustomize, go-yaml v2 (sigs.k8s.io/yaml) for the API server's clients. They differ in the words of
//! YAML 1.1 (`yes`, `on`, `y`), which v3 leaves as strings (go-yaml `resolve.go` of both).

use crate::Style;

/// Which Go library reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Table {
    /// yaml.v3: kustomize.
    GoYaml3,
    /// yaml.v2: the YAML 1.1 words are booleans.
    GoYaml2,
}

/// A resolved scalar.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Scalar<'t> {
    /// Nothing.
    Null,
    /// A boolean.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// Another number.
    Float(f64),
    /// A string.
    Str(&'t str),
}

const NULLS: &[&str] = &["", "~", "null", "Null", "NULL"];
const TRUE: &[&str] = &["true", "True", "TRUE"];
const FALSE: &[&str] = &["false", "False", "FALSE"];
const YES: &[&str] = &["y", "Y", "yes", "Yes", "YES", "on", "On", "ON"];
const NO: &[&str] = &["n", "N", "no", "No", "NO", "off", "Off", "OFF"];

/// Resolves the text of a scalar as it is written and tagged.
pub(crate) fn resolve<'t>(table: Table, text: &'t str, style: Style, tag: Option<&str>) -> Scalar<'t> {
    match tag.map(|tag| tag.strip_prefix("tag:yaml.org,2002:").unwrap_or(tag)) {
        None if style == Style::Plain => plain(table, text),
        Some("int" | "float" | "bool" | "null") => plain(table, text),
        _ => Scalar::Str(text),
    }
}

fn plain(table: Table, text: &str) -> Scalar<'_> {
    let first = text.bytes().next().unwrap_or(b'~');
    match first {
        b'0'..=b'9' | b'+' | b'-' | b'.' => number(text),
        _ => word(table, text),
    }
}

fn word(table: Table, text: &str) -> Scalar<'_> {
    if text.len() > 5 {
        return Scalar::Str(text);
    }
    let old = table == Table::GoYaml2;
    match text {
        _ if NULLS.contains(&text) => Scalar::Null,
        _ if TRUE.contains(&text) || (old && YES.contains(&text)) => Scalar::Bool(true),
        _ if FALSE.contains(&text) || (old && NO.contains(&text)) => Scalar::Bool(false),
        _ => Scalar::Str(text),
    }
}

fn number(text: &str) -> Scalar<'_> {
    if let Some(special) = special(text) {
        return Scalar::Float(special);
    }
    let digits = text.replace('_', "");
    if let Some(number) = integer(&digits) {
        return number;
    }
    match is_float(&digits).then(|| digits.parse::<f64>()) {
        Some(Ok(number)) => Scalar::Float(number),
        _ => Scalar::Str(text),
    }
}

fn special(text: &str) -> Option<f64> {
    Some(match text {
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => f64::INFINITY,
        "-.inf" | "-.Inf" | "-.INF" => f64::NEG_INFINITY,
        ".nan" | ".NaN" | ".NAN" => f64::NAN,
        _ => return None,
    })
}

/// Go's `strconv.ParseInt(text, 0, 64)`: a leading zero is octal.
fn integer(text: &str) -> Option<Scalar<'static>> {
    let (negative, digits) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let lower = digits.to_ascii_lowercase();
    let (radix, body) = match lower.as_bytes() {
        [b'0', b'x', ..] => (16, &lower[2..]),
        [b'0', b'b', ..] => (2, &lower[2..]),
        [b'0', b'o', ..] => (8, &lower[2..]),
        [b'0', _, ..] => (8, &lower[1..]),
        _ => (10, lower.as_str()),
    };
    if body.is_empty() || body.starts_with(['+', '-']) {
        return None;
    }
    let value = i128::from_str_radix(body, radix).ok()?;
    let value = if negative { -value } else { value };
    Some(match i64::try_from(value) {
        Ok(value) => Scalar::Int(value),
        #[expect(clippy::cast_precision_loss, reason = "an integer that has no place in 64 bits is a float in Go, too")]
        Err(_) => Scalar::Float(value as f64),
    })
}

/// `^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$`
fn is_float(text: &str) -> bool {
    let text = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (mantissa, exponent) = text.split_once(['e', 'E']).map_or((text, None), |(m, e)| (m, Some(e)));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let exponent_fits = exponent.is_none_or(|e| digits(e.strip_prefix(['-', '+']).unwrap_or(e)));
    let mantissa_fits = match mantissa.split_once('.') {
        None => digits(mantissa),
        Some(("", fraction)) => digits(fraction),
        Some((whole, fraction)) => digits(whole) && (fraction.is_empty() || digits(fraction)),
    };
    mantissa_fits && exponent_fits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_tables_as_go_has_them() {
        use Scalar::{Bool, Float, Int, Null, Str};
        for (text, v3, v2) in [
            ("", Null, Null),
            ("~", Null, Null),
            ("null", Null, Null),
            ("true", Bool(true), Bool(true)),
            ("yes", Str("yes"), Bool(true)),
            ("y", Str("y"), Bool(true)),
            ("off", Str("off"), Bool(false)),
            ("tRue", Str("tRue"), Str("tRue")),
            ("1", Int(1), Int(1)),
            ("-1", Int(-1), Int(-1)),
            ("+1", Int(1), Int(1)),
            ("017", Int(15), Int(15)),
            ("0o17", Int(15), Int(15)),
            ("0b101", Int(5), Int(5)),
            ("0x1F", Int(31), Int(31)),
            ("1_000", Int(1000), Int(1000)),
            ("089", Float(89.0), Float(89.0)),
            ("1.5", Float(1.5), Float(1.5)),
            ("1e3", Float(1000.0), Float(1000.0)),
            (".5", Float(0.5), Float(0.5)),
            ("1.", Float(1.0), Float(1.0)),
            (".inf", Float(f64::INFINITY), Float(f64::INFINITY)),
            ("2.9.0", Str("2.9.0"), Str("2.9.0")),
            ("2026-01-01", Str("2026-01-01"), Str("2026-01-01")),
            ("1:30", Str("1:30"), Str("1:30")),
            ("-", Str("-"), Str("-")),
            (".", Str("."), Str(".")),
            ("0x", Str("0x"), Str("0x")),
            ("- 1", Str("- 1"), Str("- 1")),
        ] {
            assert_eq!(resolve(Table::GoYaml3, text, Style::Plain, None), v3, "v3 {text}");
            assert_eq!(resolve(Table::GoYaml2, text, Style::Plain, None), v2, "v2 {text}");
        }
    }

    #[test]
    fn quotes_and_tags_decide() {
        assert_eq!(resolve(Table::GoYaml3, "1", Style::DoubleQuoted, None), Scalar::Str("1"));
        assert_eq!(resolve(Table::GoYaml3, "1", Style::Plain, Some("tag:yaml.org,2002:str")), Scalar::Str("1"));
        assert_eq!(resolve(Table::GoYaml3, "1", Style::DoubleQuoted, Some("tag:yaml.org,2002:int")), Scalar::Int(1));
        assert_eq!(resolve(Table::GoYaml3, "1", Style::Plain, Some("!custom")), Scalar::Str("1"));
    }
}
