//! The selectors of Kubernetes for labels: `a=b,c in (d,e),!f` (`k8s.io/apimachinery/pkg/labels/selector.go`, as kyaml has it).

use fluxproof_yaml::{EcoString, Value};

/// What a map of labels must have. An empty list takes all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct LabelSelector(Vec<Requirement>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Requirement {
    key: String,
    operator: Operator,
    values: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operator {
    In,
    NotIn,
    Exists,
    Missing,
    Greater,
    Less,
}

impl LabelSelector {
    /// Reads a selector; the error is Kubernetes' own text.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let mut parser = Parser { tokens: tokens(text), at: 0 };
        parser.requirements().map(Self)
    }

    /// Whether a mapping, none being an empty one, has all that is asked for.
    pub(crate) fn takes(&self, labels: Option<&Value>) -> bool {
        let text = |key: &str| labels.and_then(|labels| labels.get(key)).map(text_of);
        self.0.iter().all(|requirement| requirement.takes(text(&requirement.key)))
    }
}

/// The text of a label as kyaml has it: `""` for what is no scalar.
fn text_of(value: &Value) -> &str {
    value.scalar_text().map_or("", EcoString::as_str)
}

impl Requirement {
    fn takes(&self, found: Option<&str>) -> bool {
        let listed = |text: &str| self.values.iter().any(|value| value == text);
        match self.operator {
            Operator::In => found.is_some_and(listed),
            Operator::NotIn => !found.is_some_and(listed),
            Operator::Exists => found.is_some(),
            Operator::Missing => found.is_none(),
            Operator::Greater => self.compare(found).is_some_and(|(found, bound)| found > bound),
            Operator::Less => self.compare(found).is_some_and(|(found, bound)| found < bound),
        }
    }

    fn compare(&self, found: Option<&str>) -> Option<(i64, i64)> {
        Some((found?.parse().ok()?, self.values.first()?.parse().ok()?))
    }
}

const SYMBOLS: [&str; 8] = ["==", "!=", "=", "!", "(", ")", ",", ">"];

/// The words of a selector; the end is an empty one. A run of symbols that is none of them is kept whole.
fn tokens(text: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start_matches(is_space);
    while !rest.is_empty() && !rest.starts_with('\0') {
        let (token, behind) = rest.split_at(token_length(rest));
        tokens.push(token);
        rest = behind.trim_start_matches(is_space);
    }
    tokens.push("");
    tokens
}

fn token_length(text: &str) -> usize {
    let symbol = SYMBOLS.iter().chain(&["<"]).find(|symbol| text.starts_with(**symbol));
    let word = || text.find(|c| is_space(c) || is_symbol(c) || c == '\0').unwrap_or(text.len());
    symbol.map_or_else(word, |symbol| symbol.len())
}

fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n')
}

fn is_symbol(c: char) -> bool {
    matches!(c, '=' | '!' | '(' | ')' | ',' | '>' | '<')
}

/// Whether a token can be a key or a value; `in` and `notin` can.
fn is_word(token: &str) -> bool {
    token.chars().next().is_some_and(|first| !is_symbol(first))
}

struct Parser<'t> {
    tokens: Vec<&'t str>,
    at: usize,
}

impl<'t> Parser<'t> {
    fn peek(&self) -> &'t str {
        self.tokens.get(self.at).copied().unwrap_or("")
    }

    fn next(&mut self) -> &'t str {
        let token = self.peek();
        self.at += 1;
        token
    }

    fn requirements(&mut self) -> Result<Vec<Requirement>, String> {
        let mut all = Vec::new();
        let begins = |token: &str| is_word(token) || token == "!";
        loop {
            match self.peek() {
                "" => return Ok(all),
                token if begins(token) => {}
                token => return Err(format!("found '{token}', expected: !, identifier, or 'end of string'")),
            }
            let requirement = self.requirement().map_err(|error| format!("unable to parse requirement: {error}"))?;
            all.push(requirement);
            match self.next() {
                "" => return Ok(all),
                "," if begins(self.peek()) => {}
                "," => return Err(format!("found '{}', expected: identifier after ','", self.peek())),
                token => return Err(format!("found '{token}', expected: ',' or 'end of string'")),
            }
        }
    }

    fn requirement(&mut self) -> Result<Requirement, String> {
        let negated = self.peek() == "!";
        self.at += usize::from(negated);
        let key = self.next();
        if !is_word(key) {
            return Err(format!("found '{key}', expected: identifier"));
        }
        check_key(key)?;
        let (operator, values) = match self.peek() {
            _ if negated => (Operator::Missing, Vec::new()),
            "" | "," => (Operator::Exists, Vec::new()),
            _ => self.restriction()?,
        };
        values.iter().try_for_each(|value| check_value(key, value))?;
        Ok(Requirement { key: key.to_owned(), operator, values })
    }

    fn restriction(&mut self) -> Result<(Operator, Vec<String>), String> {
        match self.next() {
            "in" => Ok((Operator::In, self.list()?)),
            "notin" => Ok((Operator::NotIn, self.list()?)),
            "=" | "==" => Ok((Operator::In, vec![self.exact()?])),
            "!=" => Ok((Operator::NotIn, vec![self.exact()?])),
            ">" => Ok((Operator::Greater, vec![self.number()?])),
            "<" => Ok((Operator::Less, vec![self.number()?])),
            token => Err(format!("found '{token}', expected: '=', '!=', '==', 'in', notin'")),
        }
    }

    fn exact(&mut self) -> Result<String, String> {
        match self.peek() {
            "" | "," => Ok(String::new()),
            _ => match self.next() {
                word if is_word(word) => Ok(word.to_owned()),
                token => Err(format!("found '{token}', expected: identifier")),
            },
        }
    }

    fn number(&mut self) -> Result<String, String> {
        let text = self.exact()?;
        match text.parse::<i64>() {
            Ok(_) => Ok(text),
            Err(_) => Err("for 'Gt', 'Lt' operators, the value must be an integer".to_owned()),
        }
    }

    /// `(a,,b)`: an empty value between two commas, and before and behind one at an end.
    fn list(&mut self) -> Result<Vec<String>, String> {
        match self.next() {
            "(" => {}
            token => return Err(format!("found '{token}' expected: '('")),
        }
        match self.peek() {
            ")" | "," => {}
            word if is_word(word) => {}
            token => return Err(format!("found '{token}', expected: ',', ')' or identifier")),
        }
        let mut values = vec![String::new()];
        loop {
            match (self.next(), values.last_mut()) {
                (")", _) => return Ok(values),
                (",", _) => values.push(String::new()),
                (word, Some(last)) if is_word(word) && last.is_empty() => word.clone_into(last),
                (token, Some(last)) if last.is_empty() => {
                    return Err(format!("found '{token}', expected: ',', or identifier"));
                }
                (token, _) => return Err(format!("found '{token}', expected: ',' or ')'")),
            }
        }
    }
}

const NAME: &str = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
const NAME_RULE: &str =
    "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";
const LABEL: &str = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";

/// `IsQualifiedName`
fn check_key(key: &str) -> Result<(), String> {
    let errors = key_errors(key);
    if errors.is_empty() { Ok(()) } else { Err(format!("invalid label key {key:?}: {}", errors.join("; "))) }
}

fn key_errors(key: &str) -> Vec<String> {
    let mut errors = Vec::new();
    let name = match key.split_once('/') {
        None => key,
        Some((_, name)) if name.contains('/') => {
            let rule = rule(NAME_RULE, NAME, &["MyName", "my.name", "123-abc"]);
            let optional = "with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')";
            return vec![format!("a qualified name {rule} {optional}")];
        }
        Some((prefix, name)) => {
            errors.extend(prefix_errors(prefix));
            name
        }
    };
    if name.is_empty() {
        errors.push("name part must be non-empty".to_owned());
    } else if name.len() > 63 {
        errors.push("name part must be no more than 63 characters".to_owned());
    }
    if !is_name(name) {
        errors.push(format!("name part {}", rule(NAME_RULE, NAME, &["MyName", "my.name", "123-abc"])));
    }
    errors
}

fn prefix_errors(prefix: &str) -> Vec<String> {
    if prefix.is_empty() {
        return vec!["prefix part must be non-empty".to_owned()];
    }
    let mut errors = Vec::new();
    if prefix.len() > 253 {
        errors.push("prefix part must be no more than 253 characters".to_owned());
    }
    if !prefix.split('.').all(is_dns_label) {
        let text = "a DNS-1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must \
                    start and end with an alphanumeric character";
        errors.push(format!("prefix part {}", rule(text, &format!("{LABEL}(\\.{LABEL})*"), &["example.com"])));
    }
    errors
}

/// `IsValidLabelValue`
fn check_value(key: &str, value: &str) -> Result<(), String> {
    let mut errors = Vec::new();
    if value.len() > 63 {
        errors.push("must be no more than 63 characters".to_owned());
    }
    if !value.is_empty() && !is_name(value) {
        let text = format!("a valid label must be an empty string or {}", NAME_RULE.trim_start_matches("must "));
        errors.push(rule(&text, &format!("({NAME})?"), &["MyValue", "my_value", "12345"]));
    }
    if errors.is_empty() {
        return Ok(());
    }
    Err(format!("invalid label value: {value:?}: at key: {key:?}: {}", errors.join("; ")))
}

fn is_name(text: &str) -> bool {
    let inner = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    has_ends(text, |c| c.is_ascii_alphanumeric()) && text.chars().all(inner)
}

fn is_dns_label(text: &str) -> bool {
    let outer = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    has_ends(text, outer) && text.chars().all(|c| outer(c) || c == '-')
}

fn has_ends(text: &str, fits: impl Fn(char) -> bool) -> bool {
    text.chars().next().is_some_and(&fits) && text.chars().next_back().is_some_and(&fits)
}

/// `RegexError`
fn rule(text: &str, pattern: &str, examples: &[&str]) -> String {
    let examples: Vec<String> = examples.iter().map(|example| format!("'{example}', ")).collect();
    format!("{text} (e.g. {}regex used for validation is '{pattern}')", examples.join(" or "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use fluxproof_yaml::{Budget, FileId, Table, parse};

    fn takes(selector: &str, labels: &str) -> bool {
        let parsed = parse(FileId(0), labels);
        let root = parsed.documents[0].root().expect("a root");
        let value = root.to_value(Table::GoYaml3, &mut Budget::default()).expect("a value");
        LabelSelector::parse(selector).expect("a selector").takes(Some(&value))
    }

    #[test]
    fn every_operator_works_as_in_kubernetes() {
        for selector in
            ["", "a=b", "a == b", "a", "!c", "a in (x,b)", "a notin (c)", "z notin (b)", "z!=b", "n>1", "n<3"]
        {
            assert!(takes(selector, "{a: b, n: 2}"), "{selector}");
        }
        for selector in ["a=c", "z", "!a", "a in (x)", "a in ()", "a notin (b)", "a!=b", "n>2", "a>1", "z<1", "a=b,n=3"]
        {
            assert!(!takes(selector, "{a: b, n: 2}"), "{selector}");
        }
    }

    #[test]
    fn values_may_be_empty_and_keywords_are_values_too() {
        assert!(takes("a=", "{a: ''}") && takes("a in (,x)", "{a: ''}") && takes("a in (x,)", "{a: ''}"));
        assert!(takes("a in (in,notin)", "{a: in}") && takes("in in (x)", "{in: x}"));
        assert!(takes("a=", "{a: {}}"), "what is no scalar has no text");
        assert!(
            !LabelSelector::parse("a=b").expect("one").takes(None)
                && LabelSelector::parse("!b").expect("one").takes(None)
        );
    }

    #[test]
    fn errors_have_the_words_of_kubernetes() {
        let error = |text| LabelSelector::parse(text).expect_err(text);
        assert_eq!(error("a=b c"), "found 'c', expected: ',' or 'end of string'");
        assert_eq!(error("a,"), "found '', expected: identifier after ','");
        assert_eq!(error("a b"), "unable to parse requirement: found 'b', expected: '=', '!=', '==', 'in', notin'");
        assert_eq!(error("=a"), "found '=', expected: !, identifier, or 'end of string'");
        assert!(error("-a=b").starts_with("unable to parse requirement: invalid label key \"-a\": name part must"));
        assert!(error("a=-").contains("invalid label value: \"-\": at key: \"a\": a valid label must be an empty"));
        assert!(error("a>x").ends_with("the value must be an integer"));
    }
}
