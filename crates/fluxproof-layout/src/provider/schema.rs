//! The fields of every provider, read from `data/providers.txt`.

use std::str::Lines;
use std::sync::LazyLock;

const TEXT: &str = include_str!("../../data/providers.txt");

/// One field of a provider's section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Field {
    /// Its key.
    pub(crate) name: &'static str,
    /// Whether the schema demands it.
    pub(crate) required: bool,
    /// What its value is.
    pub(crate) shape: Shape,
    /// What the value, or what stands in it, has to fulfil.
    pub(crate) limits: Vec<Limit>,
    /// The value that the API server fills in.
    pub(crate) default: Option<&'static str>,
}

/// What a value is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Shape {
    /// An object of these fields; a selector refers to another object of the cluster.
    Object(Option<Selector>, Vec<Field>),
    /// A text; one of the choices, where there are any.
    Text(Vec<&'static str>),
    /// Bytes in base64.
    Bytes,
    /// True or false.
    Flag,
    /// A whole number.
    Integer,
    /// Free keys with values of one shape.
    Map(Box<Shape>),
    /// A list.
    List(Box<Shape>),
}

/// What a selector refers to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Selector {
    /// A key of a Secret.
    SecretKey,
    /// A Secret with keys that are known.
    SecretName,
    /// A ServiceAccount.
    ServiceAccount,
    /// A key of a ConfigMap.
    ConfigMapKey,
    /// A certificate in a Secret or a ConfigMap.
    CaProvider,
}

/// What a schema demands of a value beside its shape.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Limit {
    /// A text of this form.
    Form(&'static str),
    /// A text that is not empty.
    Filled,
    /// The least number.
    Least(i64),
    /// Exactly one of these fields is there.
    One(Vec<&'static str>),
    /// At most one of these fields is there.
    UpToOne(Vec<&'static str>),
    /// At least one is there; of `a+b` both.
    Some(Vec<&'static str>),
    /// None of these keys is there.
    Without(Vec<&'static str>),
}

static PROVIDERS: LazyLock<Vec<Field>> = LazyLock::new(|| read(TEXT));

const SELECTORS: &[(&str, Selector)] = &[
    ("secretKey", Selector::SecretKey),
    ("secretName", Selector::SecretName),
    ("serviceAccount", Selector::ServiceAccount),
    ("configMapKey", Selector::ConfigMapKey),
    ("caProvider", Selector::CaProvider),
];

/// Every provider, by name.
pub(crate) fn providers() -> &'static [Field] {
    &PROVIDERS
}

/// The section of a provider.
pub(crate) fn provider(name: &str) -> Option<&'static Field> {
    providers().iter().find(|provider| provider.name == name)
}

impl Field {
    /// The fields below it; none for what is no object.
    pub(crate) fn fields(&self) -> &[Field] {
        self.shape.fields()
    }

    /// The field below it at a path, lists written as `items[]`.
    pub(crate) fn at(&self, path: &str) -> Option<&Field> {
        path.split('.').try_fold(self, |at, key| {
            let key = key.strip_suffix("[]").unwrap_or(key);
            at.fields().iter().find(|field| field.name == key)
        })
    }
}

impl Shape {
    /// The fields of an object, or of the objects in a list.
    pub(crate) fn fields(&self) -> &[Field] {
        match self {
            Self::Object(_, fields) => fields,
            Self::List(item) => item.fields(),
            _ => &[],
        }
    }

    /// What the object refers to.
    pub(crate) fn selector(&self) -> Option<Selector> {
        match self {
            Self::Object(selector, _) => *selector,
            _ => None,
        }
    }
}

/// A line of the text.
struct Line {
    depth: usize,
    name: &'static str,
    kind: &'static str,
    rest: &'static str,
}

/// The lines that are still to be read.
struct Reader {
    lines: Lines<'static>,
    next: Option<Line>,
    selectors: Vec<Field>,
}

fn read(text: &'static str) -> Vec<Field> {
    let mut reader = Reader { lines: text.lines(), next: None, selectors: Vec::new() };
    reader.advance();
    let mut providers = Vec::new();
    while let Some(field) = reader.field(0) {
        match field.name.strip_prefix('$') {
            Some(name) => reader.selectors.push(Field { name, ..field }),
            None => providers.push(field),
        }
    }
    providers
}

impl Reader {
    fn advance(&mut self) -> Option<Line> {
        let next = self.lines.find(|line| !line.starts_with('#')).and_then(line);
        std::mem::replace(&mut self.next, next)
    }

    /// The next field, where it stands at this depth.
    fn field(&mut self, depth: usize) -> Option<Field> {
        if self.next.as_ref()?.depth != depth {
            return None;
        }
        let line = self.advance()?;
        let below: Vec<Field> = std::iter::from_fn(|| self.field(depth + 1)).collect();
        let (limits, default) = line.rest.split_once("= ").map_or((line.rest, None), |(a, b)| (a, Some(b)));
        Some(Field {
            name: line.name.trim_end_matches('*'),
            required: line.name.ends_with('*'),
            shape: self.shape(line.kind, below),
            limits: limits.split_whitespace().filter_map(limit).collect(),
            default,
        })
    }

    fn shape(&self, kind: &'static str, below: Vec<Field>) -> Shape {
        if let Some(item) = kind.strip_prefix('[') {
            return Shape::List(Box::new(self.shape(item.trim_end_matches(']'), below)));
        }
        let (name, inside) = kind.split_once('(').unwrap_or((kind, ""));
        let inside = inside.trim_end_matches(')');
        match name {
            "object" => Shape::Object(None, below),
            "bytes" => Shape::Bytes,
            "boolean" => Shape::Flag,
            "integer" => Shape::Integer,
            "map" => Shape::Map(Box::new(self.shape(inside, below))),
            "string" if inside.is_empty() => Shape::Text(Vec::new()),
            "string" => Shape::Text(inside.split('|').collect()),
            selector => self.selector(selector),
        }
    }

    fn selector(&self, name: &str) -> Shape {
        let fields = self.selectors.iter().find(|field| field.name == name).map(Field::fields).unwrap_or_default();
        let selector = SELECTORS.iter().find(|(known, _)| *known == name).map(|(_, selector)| *selector);
        Shape::Object(selector, fields.to_vec())
    }
}

fn line(text: &'static str) -> Option<Line> {
    let (name, value) = text.split_once(": ")?;
    let (kind, rest) = value.split_once(' ').unwrap_or((value, ""));
    let depth = (name.len() - name.trim_start().len()) / 2;
    Some(Line { depth, name: name.trim_start(), kind, rest })
}

fn limit(word: &'static str) -> Option<Limit> {
    let (name, inside) = word.split_once(['(', ':']).unwrap_or((word, ""));
    let list = || inside.trim_end_matches(')').split(',').collect();
    Some(match name {
        "as" => Limit::Form(inside),
        "filled" => Limit::Filled,
        "min" => Limit::Least(inside.parse().ok()?),
        "one" => Limit::One(list()),
        "upToOne" => Limit::UpToOne(list()),
        "some" => Limit::Some(list()),
        "without" => Limit::Without(list()),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(shape: &Shape) -> String {
        match shape {
            Shape::Object(Some(selector), _) => {
                SELECTORS.iter().find(|(_, known)| known == selector).map(|(name, _)| (*name).to_owned()).expect("it")
            }
            Shape::Object(None, _) => "object".to_owned(),
            Shape::Text(choices) if choices.is_empty() => "string".to_owned(),
            Shape::Text(choices) => format!("string({})", choices.join("|")),
            Shape::Bytes => "bytes".to_owned(),
            Shape::Flag => "boolean".to_owned(),
            Shape::Integer => "integer".to_owned(),
            Shape::Map(item) => format!("map({})", kind(item)),
            Shape::List(item) => format!("[{}]", kind(item)),
        }
    }

    fn limit_text(limit: &Limit) -> String {
        match limit {
            Limit::Form(form) => format!(" as:{form}"),
            Limit::Filled => " filled".to_owned(),
            Limit::Least(least) => format!(" min:{least}"),
            Limit::One(fields) => format!(" one({})", fields.join(",")),
            Limit::UpToOne(fields) => format!(" upToOne({})", fields.join(",")),
            Limit::Some(fields) => format!(" some({})", fields.join(",")),
            Limit::Without(keys) => format!(" without({})", keys.join(",")),
        }
    }

    fn print(field: &Field, depth: usize, out: &mut String) {
        let star = if field.required { "*" } else { "" };
        out.push_str(&format!("{:indent$}{}{star}: {}", "", field.name, kind(&field.shape), indent = depth * 2));
        field.limits.iter().for_each(|limit| out.push_str(&limit_text(limit)));
        if let Some(default) = field.default {
            out.push_str(&format!(" = {default}"));
        }
        out.push('\n');
        if !matches!(&field.shape, Shape::Object(Some(_), _)) {
            field.fields().iter().for_each(|field| print(field, depth + 1, out));
        }
    }

    #[test]
    fn what_is_read_is_what_is_written() {
        let mut out = String::new();
        providers().iter().for_each(|provider| print(provider, 0, &mut out));
        let start = TEXT.find("\nakeyless:").expect("the first") + 1;
        assert_eq!(out, TEXT[start..]);
        assert_eq!(providers().len(), 43);
    }

    #[test]
    fn selectors_have_their_fields() {
        let token = provider("doppler").and_then(|it| it.at("auth.secretRef.dopplerToken")).expect("the token");
        assert_eq!(token.shape.selector(), Some(Selector::SecretKey));
        assert_eq!(token.fields().iter().map(|field| field.name).collect::<Vec<_>>(), ["key", "name", "namespace"]);
        assert_eq!(token.fields()[1].limits, [Limit::Form("name")]);
    }

    #[test]
    fn a_text_that_is_no_schema_is_only_empty() {
        for text in ["", "a", ": ", "a: b c(", "  x: object\n", "a: object\n      b: string\nc: [["] {
            drop(read(text));
        }
    }
}
