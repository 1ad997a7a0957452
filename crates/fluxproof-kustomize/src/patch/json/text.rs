//! JSON as Go reads it, with the place of every value: patches that begin with `[` are no YAML.

use fluxproof_yaml::{Data, EcoString, EcoVec, Entry, FileId, Span, Type, Value};

/// How deep JSON may nest here.
const MAX_DEPTH: usize = 256;

/// The value of a text that is nothing but JSON; none where it is not.
pub(super) fn read(file: FileId, text: &str) -> Option<Value> {
    let mut reader = Reader { file, text, at: 0 };
    let value = reader.value(0)?;
    reader.space();
    (reader.at == text.len()).then_some(value)
}

struct Reader<'t> {
    file: FileId,
    text: &'t str,
    at: usize,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn space(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start_matches([' ', '\t', '\r', '\n']).len();
    }

    /// Takes a text that comes next, with the space before it.
    fn eat(&mut self, text: &str) -> Option<()> {
        self.space();
        self.rest().starts_with(text).then(|| self.at += text.len())
    }

    fn span(&self, start: usize) -> Span {
        let offset = |at| u32::try_from(at).unwrap_or(u32::MAX);
        Span::new(self.file, offset(start), offset(self.at))
    }

    fn value(&mut self, depth: usize) -> Option<Value> {
        if depth >= MAX_DEPTH {
            return None;
        }
        self.space();
        let start = self.at;
        let data = match self.rest().bytes().next()? {
            b'{' => self.map(depth)?,
            b'[' => self.seq(depth)?,
            b'"' => Data::Scalar(self.string()?, Type::Str),
            _ => self.word()?,
        };
        Some(Value::new(self.span(start), data))
    }

    fn seq(&mut self, depth: usize) -> Option<Data> {
        self.eat("[")?;
        let mut items = EcoVec::new();
        if self.eat("]").is_some() {
            return Some(Data::Seq(items));
        }
        loop {
            items.push(self.value(depth + 1)?);
            if self.eat("]").is_some() {
                return Some(Data::Seq(items));
            }
            self.eat(",")?;
        }
    }

    fn map(&mut self, depth: usize) -> Option<Data> {
        self.eat("{")?;
        let mut entries = EcoVec::<Entry>::new();
        if self.eat("}").is_some() {
            return Some(Data::Map(entries));
        }
        loop {
            self.space();
            let start = self.at;
            let key = self.string()?;
            let key_span = self.span(start);
            self.eat(":")?;
            let value = self.value(depth + 1)?;
            // Of two equal keys the last one counts.
            entries.retain(|entry| entry.key != key);
            entries.push(Entry::new(key, key_span, value));
            if self.eat("}").is_some() {
                return Some(Data::Map(entries));
            }
            self.eat(",")?;
        }
    }

    fn word(&mut self) -> Option<Data> {
        for (word, kind) in [("null", Type::Null), ("true", Type::Bool), ("false", Type::Bool)] {
            if self.rest().starts_with(word) {
                self.at += word.len();
                return Some(Data::Scalar(word.into(), kind));
            }
        }
        let rest = self.rest();
        let length = rest.find(|c: char| !matches!(c, '0'..='9' | '+' | '-' | '.' | 'e' | 'E')).unwrap_or(rest.len());
        let text = EcoString::from(rest.get(..length).filter(|text| is_number(text))?);
        self.at += length;
        let kind = if text.contains(['.', 'e', 'E']) { Type::Float } else { Type::Int };
        Some(Data::Scalar(text, kind))
    }

    fn string(&mut self) -> Option<EcoString> {
        self.rest().starts_with('"').then(|| self.at += 1)?;
        let mut out = EcoString::new();
        loop {
            let next = self.next()?;
            match next {
                '"' => return Some(out),
                '\\' => out.push(self.escape()?),
                '\0'..='\x1f' => return None,
                other => out.push(other),
            }
        }
    }

    fn next(&mut self) -> Option<char> {
        let next = self.rest().chars().next()?;
        self.at += next.len_utf8();
        Some(next)
    }

    fn escape(&mut self) -> Option<char> {
        Some(match self.next()? {
            'b' => '\u{08}',
            'f' => '\u{0C}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => self.unicode()?,
            same @ ('"' | '\\' | '/') => same,
            _ => return None,
        })
    }

    /// `\u1234`, two of them for what lies beyond; half a pair is U+FFFD, as in Go.
    fn unicode(&mut self) -> Option<char> {
        let first = self.hex()?;
        if !(0xD800..0xDC00).contains(&first) || !self.rest().starts_with("\\u") {
            return Some(char::from_u32(first).unwrap_or('\u{FFFD}'));
        }
        let before = self.at;
        self.at += 2;
        let second = self.hex()?;
        if (0xDC00..0xE000).contains(&second) {
            return char::from_u32(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00));
        }
        self.at = before;
        Some('\u{FFFD}')
    }

    fn hex(&mut self) -> Option<u32> {
        let digits = self.rest().get(..4).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
        let number = u32::from_str_radix(digits, 16).ok()?;
        self.at += 4;
        Some(number)
    }
}

/// `-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?`
fn is_number(text: &str) -> bool {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (mantissa, exponent) = unsigned.split_once(['e', 'E']).map_or((unsigned, None), |(m, e)| (m, Some(e)));
    let (whole, fraction) = mantissa.split_once('.').map_or((mantissa, None), |(w, f)| (w, Some(f)));
    digits(whole)
        && (whole == "0" || !whole.starts_with('0'))
        && fraction.is_none_or(digits)
        && exponent.is_none_or(|exponent| digits(exponent.strip_prefix(['+', '-']).unwrap_or(exponent)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use fluxproof_yaml::to_json;

    fn json(text: &str) -> Option<String> {
        read(FileId(0), text).map(|value| to_json(&value).expect(text))
    }

    #[test]
    fn json_is_read_and_nothing_else() {
        let text = r#" [ {"a": "\u00e9\n\ud83d\ude00\ud800x", "b": [-1.5e3, true, null], "a/b": {}} ] "#;
        assert_eq!(json(text).as_deref(), Some("[{\"a\":\"é\\n😀\u{FFFD}x\",\"a/b\":{},\"b\":[-1500,true,null]}]"));
        assert_eq!(json(r#"{"a": 1, "a": 2}"#).as_deref(), Some(r#"{"a":2}"#));
        for text in [
            "[{op: add}]",
            "[1,]",
            "[01]",
            "[1.]",
            "['a']",
            "[] x",
            "[\"\t\"]",
            "[# c\n]",
            "",
            "[\"\\x\"]",
            "[nul]",
            "[+1]",
        ] {
            assert_eq!(json(text), None, "{text}");
        }
    }

    #[test]
    fn values_know_their_place() {
        let value = read(FileId(0), r#"[{"op": "add"}]"#).expect("JSON");
        let op = value.items()[0].entry("op").expect("op");
        assert_eq!((op.key_span.start, op.value.span.start, op.value.span.end), (2, 8, 13));
        assert!(read(FileId(0), &"[".repeat(100_000)).is_none());
    }
}
