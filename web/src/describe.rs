//! The layout's fields as the plugin describes them, made whole: what a provider's own fields say in fewer words is said in
//! those of the layout.
use crate::config::{is_below, join};
use crate::read::Read;
use serde_json::{Map, Value};
use std::rc::Rc;

shape! {
    /// One field of the layout, or of a provider.
    #[derive(Clone, Debug, Default)]
    struct Field {
        /// Dotted, as in `vault.server`: the key in the config and in its problems.
        path: String = "path",
        label: String = "label",
        help: String = "help",
        default: Value = "default",
        kind: Kind = "kind",
        choices: Rc<Vec<Choice>> = "choices",
        group: String = "group",
        when: Option<When> = "when",
        advice: Option<String> = "advice",
        items: Rc<Vec<Field>> = "items",
        fields: Rc<Vec<Field>> = "fields",
        required: bool = "required",
        advanced: bool = "advanced",
        example: String = "example",
    }
}

shape! {
    /// One value of a field with few.
    #[derive(Clone, Debug, Default)]
    struct Choice {
        value: Value = "value",
        label: String = "label",
        help: String = "help",
    }
}

shape! {
    /// The field exists only while another has this value.
    #[derive(Clone, Debug, Default)]
    struct When {
        path: String = "path",
        is: Value = "is",
    }
}

shape! {
    /// A config to start from.
    #[derive(Clone, Debug, Default)]
    struct Preset {
        name: String = "name",
        help: String = "help",
        config: Value = "config",
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Kind {
    #[default]
    Text,
    /// A text in the letters of code.
    Code,
    Choice,
    Duration,
    Switch,
    Count,
    Texts,
    Map,
    Numbers,
    Items,
    /// A provider's own fields.
    Section,
    /// Which of several objects is there.
    Ways,
}

impl Read for Kind {
    fn read(value: &Value) -> Self {
        match value.as_str().unwrap_or_default() {
            "url" | "path" => Self::Code,
            "choice" => Self::Choice,
            "duration" => Self::Duration,
            "switch" | "flag" => Self::Switch,
            "count" | "integer" => Self::Count,
            "texts" => Self::Texts,
            "map" => Self::Map,
            "numbers" => Self::Numbers,
            "items" => Self::Items,
            "provider" => Self::Section,
            "ways" => Self::Ways,
            _ => Self::Text,
        }
    }
}

impl Field {
    /// Whether a problem of this path is said at the field, in the part of the config at `at`.
    pub(crate) fn claims(&self, at: &str, problem: &str) -> bool {
        if self.kind == Kind::Ways {
            let ways = || self.choices.iter().map(|way| text(&way.value));
            let around = ways().next().and_then(|way| way.rsplit_once('.').map(|(around, _)| join(at, around)));
            return around.is_some_and(|around| around == problem) || ways().any(|way| problem == join(at, &way));
        }
        let path = join(at, &self.path);
        let around = path.strip_suffix(".name"); // a Secret as a whole is said at its name
        problem == path || around == Some(problem) || is_below(problem, &path)
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// What few need of the fields that the layout itself describes.
const RARE: [&str; 6] =
    ["vault.tls.", "vault.headers", "vault.readYour", "vault.forward", "vault.checkAnd", "vault.auth.namespace"];

/// The fields with each provider's own ones, also in the items of a list.
pub(crate) fn whole(fields: Vec<Field>) -> Vec<Field> {
    let mut fields: Vec<Field> = fields.into_iter().map(described).collect();
    let sections: Vec<Field> = fields.iter().filter(|field| field.kind == Kind::Section).cloned().collect();
    for field in fields.iter_mut().filter(|field| field.kind == Kind::Items) {
        let inside = field.items.iter().cloned().map(described).map(|mut inner| {
            inner.required |= inner.path == "name"; // the plugin asks it of every item
            let own = sections.iter().find(|section| section.path == inner.path && inner.kind == Kind::Section);
            own.map_or_else(|| inner.clone(), |own| Field { fields: own.fields.clone(), ..inner.clone() })
        });
        field.items = Rc::new(inside.collect());
    }
    fields
}

fn described(mut field: Field) -> Field {
    field.advanced |= RARE.iter().any(|rare| field.path.starts_with(rare));
    if field.kind == Kind::Section {
        field.fields = Rc::new(section(&field.fields));
    }
    field
}

/// The fields of a provider: those of each item of a list become the list's.
fn section(fields: &[Field]) -> Vec<Field> {
    let mut out: Vec<Field> = Vec::new();
    for field in fields.iter().map(plain) {
        let Some((list, rest)) = field.path.split_once("[].") else {
            out.push(field);
            continue;
        };
        let inside = format!("{list}[].");
        let when = |field: &Field| field.when.clone().filter(|when| !when.path.starts_with(&inside));
        let own = field.when.clone().and_then(|when| {
            let path = when.path.strip_prefix(&inside)?.to_owned();
            Some(When { path, is: when.is })
        });
        let item = Field { path: rest.to_owned(), when: own, ..field.clone() };
        match out.iter_mut().find(|field| field.path == list) {
            Some(list) => Rc::make_mut(&mut list.items).push(item),
            None => out.push(Field {
                path: list.to_owned(),
                label: spaced(list),
                kind: Kind::Items,
                default: Value::Array(Vec::new()),
                when: when(&field),
                items: Rc::new(vec![item]),
                advanced: field.advanced,
                ..Field::default()
            }),
        }
    }
    out
}

/// A provider's field with a default of its own type, and a path that is one key where it names no field.
fn plain(field: &Field) -> Field {
    let mut field = field.clone();
    let one_key = |path: &str| if path.starts_with('@') { path.replace('.', "/") } else { path.to_owned() };
    field.path = one_key(&field.path);
    if let Some(when) = &mut field.when {
        when.path = one_key(&when.path);
    }
    let said = text(&field.default);
    field.default = match field.kind {
        Kind::Switch => Value::Bool(said == "true"),
        Kind::Count => said.parse::<i64>().map_or(Value::Null, Value::from),
        Kind::Texts => Value::Array(Vec::new()),
        Kind::Map | Kind::Numbers => Value::Object(Map::new()),
        _ => field.default,
    };
    if field.kind == Kind::Ways && field.default.is_null() {
        unchosen(&mut field);
    }
    field
}

/// Where no way has to be taken, none is a choice too.
fn unchosen(field: &mut Field) {
    let none = Value::from(".");
    if !field.choices.iter().any(|way| way.value == none) {
        let choice = Choice { value: none.clone(), label: "None".to_owned(), help: String::new() };
        Rc::make_mut(&mut field.choices).push(choice);
    }
    field.default = none;
}

/// `sessionTags` as words.
fn spaced(path: &str) -> String {
    let key = path.rsplit('.').next().unwrap_or(path);
    let mut words = String::new();
    for (at, letter) in key.chars().enumerate() {
        if at > 0 && letter.is_uppercase() {
            words.push(' ');
        }
        words.extend(if at == 0 { letter.to_uppercase().next() } else { letter.to_lowercase().next() });
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_providers_fields_are_said_in_those_of_the_layout() {
        let fields: Vec<Field> = Read::read(&json!([
            {"path": "aws", "kind": "provider", "fields": [
                {"path": "@auth.x", "kind": "ways", "choices": [{"value": "auth.x.jwt", "label": "An account"}]},
                {"path": "auth.x.jwt.name", "kind": "name", "when": {"path": "@auth.x", "is": "auth.x.jwt"}},
                {"path": "verify", "kind": "flag", "default": "true"},
                {"path": "sessionTags[].key", "kind": "text"},
                {"path": "sessionTags[].value", "kind": "text"}
            ]},
            {"path": "stores", "kind": "items", "items": [{"path": "aws", "kind": "provider"}]}
        ]));
        let fields = whole(fields);
        let aws = &fields[1].items[0].fields;
        let paths: Vec<&str> = aws.iter().map(|field| field.path.as_str()).collect();
        assert_eq!(paths, ["@auth/x", "auth.x.jwt.name", "verify", "sessionTags"]);
        assert_eq!((aws[0].default.clone(), aws[0].choices.len()), (json!("."), 2), "none is a choice");
        assert_eq!(aws[2].default, json!(true));
        assert_eq!((aws[3].label.as_str(), aws[3].items.len()), ("Session tags", 2));
    }

    #[test]
    fn a_problem_is_claimed_by_its_field() {
        let field = |path: &str, kind| Field { path: path.to_owned(), kind, ..Field::default() };
        assert!(field("aws", Kind::Section).claims("stores[0]", "stores[0].aws.region"));
        assert!(!field("aws", Kind::Section).claims("stores[0]", "stores[0].awsx"));
        assert!(field("list", Kind::Texts).claims("", "list[2]"));
        assert!(
            field("a.secret.name", Kind::Text).claims("", "a.secret")
                && !field("a.secret.key", Kind::Text).claims("", "a.secret")
        );
        let way = Choice { value: "auth.x.jwt".into(), ..Choice::default() };
        let ways = Field { choices: Rc::new(vec![way]), ..field("@login", Kind::Ways) };
        assert!(
            ways.claims("aws", "aws.auth.x") && ways.claims("aws", "aws.auth.x.jwt") && !ways.claims("aws", "aws.auth")
        );
    }
}
