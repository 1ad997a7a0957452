//! What a form shows of a provider: its fields with words for people, and the ways of which one is chosen.

use super::annotation::{Annotation, Way, annotations};
use super::schema::{Field, Limit, Selector, Shape, provider};
use super::ways::{Ways, is_secret};
use super::words::spaced;
use super::{join, rules};

/// A field of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormField {
    /// Where it is in the section: `auth.secretRef.name`, with `[]` for each item of a list. A choice of ways is no field of
    /// the section: its path starts with `@`, and it says which of the objects that its choices name is there.
    pub path: String,
    /// What a form calls it.
    pub label: String,
    /// What it is; may be empty where the label says it.
    pub help: String,
    /// What its value may be.
    pub kind: FormKind,
    /// The values, where there are few.
    pub choices: Vec<FormChoice>,
    /// Whether it must be set while it is shown.
    pub required: bool,
    /// It counts only while another field has a certain value.
    pub when: Option<FormWhen>,
    /// What External Secrets takes where it is not set.
    pub default: Option<String>,
    /// What a value looks like.
    pub example: Option<String>,
    /// Whether few need it.
    pub advanced: bool,
}

/// What the value of a field may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FormKind {
    /// A text.
    Text,
    /// A URL.
    Url,
    /// True or false.
    Switch,
    /// A whole number.
    Integer,
    /// One of the choices.
    Choice,
    /// A list of texts.
    Texts,
    /// Texts by free keys.
    Map,
    /// Whole numbers by free keys.
    Numbers,
    /// The name of an object of the cluster.
    Name,
    /// A key of a Secret or a ConfigMap.
    Key,
    /// Which of several ways is taken.
    Ways,
}

/// One value of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormChoice {
    /// The value; of a way the path of what is there then, or `.` for none of them.
    pub value: String,
    /// What a form calls it.
    pub label: String,
    /// What it is.
    pub help: String,
}

/// A condition on another field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormWhen {
    /// The other field.
    pub path: String,
    /// Its value.
    pub is: String,
}

impl FormKind {
    /// The name: `text`, `url`, `switch`, `integer`, `choice`, `texts`, `map`, `numbers`, `name`, `key` or `ways`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Url => "url",
            Self::Switch => "switch",
            Self::Integer => "integer",
            Self::Choice => "choice",
            Self::Texts => "texts",
            Self::Map => "map",
            Self::Numbers => "numbers",
            Self::Name => "name",
            Self::Key => "key",
            Self::Ways => "ways",
        }
    }
}

/// The fields of a provider's form: those with words for people first. None for a provider that there is not.
#[must_use]
pub fn form(provider_name: &str) -> Vec<FormField> {
    let Some(provider) = provider(provider_name) else { return Vec::new() };
    let mut builder = Builder { provider, ways: Ways::new(provider), out: Vec::new() };
    let annotations = annotations(provider_name);
    for annotation in &annotations {
        builder.annotated(annotation);
    }
    for (path, field) in leaves(provider).into_iter().filter(|(path, _)| !is_secret(provider_name, path)) {
        if !annotations.iter().any(|annotation| annotation.path == path) {
            builder.field(&path, field, None);
        }
    }
    builder.out
}

struct Builder<'b> {
    provider: &'b Field,
    ways: Ways<'b>,
    out: Vec<FormField>,
}

impl Builder<'_> {
    fn annotated(&mut self, annotation: &Annotation) {
        if let Some(field) = self.provider.at(annotation.path) {
            self.field(annotation.path, field, Some(annotation));
        }
    }

    /// Adds a field, behind the choices that it depends on.
    fn field(&mut self, path: &str, field: &Field, words: Option<&Annotation>) {
        self.choice_above(path, None);
        match (field.shape.selector(), &field.shape) {
            (Some(selector), _) => self.selector(path, field, selector, words),
            (None, Shape::List(item)) if item.selector().is_some() => {}
            _ => {
                let field = self.leaf(path, field, words);
                self.out.push(field);
            }
        }
    }

    /// The innermost choice that a path is below of, and before it those around it.
    fn choice_above(&mut self, path: &str, apart: Option<&str>) {
        let Some(way) = self.ways.around(path, apart).cloned() else { return };
        self.choice_above(&way.path, Some(&way.choice));
        let at = format!("@{}", way.choice);
        if self.ways.is_choice(&way) && !self.out.iter().any(|field| field.path == at) {
            let choice = self.choice(&way, at);
            self.out.push(choice);
        }
    }

    fn choice(&self, way: &Way, at: String) -> FormField {
        let ways = self.ways.of(&way.choice);
        let required = self.ways.is_open(way);
        FormField {
            label: label_of_choice(&way.choice),
            kind: FormKind::Ways,
            default: ways.first().filter(|_| required).map(|way| way.path.clone()),
            choices: ways.into_iter().map(Way::choice).collect(),
            required,
            when: self.ways.when(&way.path, Some(&way.choice)),
            ..empty(at)
        }
    }

    /// A selector is its name and, of most, its key.
    fn selector(&mut self, path: &str, field: &Field, selector: Selector, words: Option<&Annotation>) {
        let base = self.leaf(path, field, words);
        let (name, key) = name_and_key(base.example.as_deref());
        let noun = self.noun(path, selector);
        self.out.push(part(&base, "name", noun.unwrap_or_default(), FormKind::Name, name));
        if noun.is_some() {
            let default = rules::default_key(self.provider.name, path).map(str::to_owned);
            let required = base.required && default.is_none();
            self.out.push(FormField { default, required, ..part(&base, "key", ": key", FormKind::Key, key) });
        }
    }

    /// What the object is, where a key of it is asked for too.
    fn noun(&self, path: &str, selector: Selector) -> Option<&'static str> {
        match selector {
            Selector::SecretKey if !self.is_whole(path) => Some(": Secret"),
            Selector::ConfigMapKey => Some(": ConfigMap"),
            _ => None,
        }
    }

    fn is_url(&self, path: &str) -> bool {
        let mut forms = rules::notes(self.provider.name, "form").into_iter();
        forms.any(|(known, form)| known == path && ["url", "https"].contains(&form))
    }

    /// Whether the operator reads a Secret without being told a key.
    fn is_whole(&self, path: &str) -> bool {
        rules::notes(self.provider.name, "keys").iter().any(|(known, _)| *known == path.replace("[]", ""))
    }

    fn leaf(&self, path: &str, field: &Field, words: Option<&Annotation>) -> FormField {
        let when = words.and_then(condition).or_else(|| self.ways.when(path, None));
        let required = self.ways.is_required(path, field, words.and_then(|words| words.when));
        let example = words.and_then(|words| words.example);
        FormField {
            label: words.map_or_else(|| derived_label(path), |words| words.label.to_owned()),
            help: words.map(|words| words.help.to_owned()).unwrap_or_default(),
            kind: if self.is_url(path) { FormKind::Url } else { kind(field) },
            choices: choices(&field.shape),
            required,
            advanced: !required && when.is_none() && example.is_none(),
            when,
            default: field.default.map(str::to_owned),
            example: example.map(str::to_owned),
            ..empty(path.to_owned())
        }
    }
}

fn condition(words: &Annotation) -> Option<FormWhen> {
    let (path, is) = words.when?.split_once('=')?;
    Some(FormWhen { path: path.to_owned(), is: is.to_owned() })
}

fn choices(shape: &Shape) -> Vec<FormChoice> {
    let Shape::Text(choices) = shape else { return Vec::new() };
    let choice =
        |value: &&str| FormChoice { value: (*value).to_owned(), label: (*value).to_owned(), help: String::new() };
    choices.iter().filter(|choice| !choice.is_empty()).map(choice).collect()
}

/// An example `NAME/KEY`, or `NAME` alone.
fn name_and_key(example: Option<&str>) -> (Option<&str>, Option<&str>) {
    let parts = example.and_then(|example| example.split_once('/'));
    parts.map_or((example, None), |(name, key)| (Some(name), Some(key)))
}

/// One field of a selector.
fn part(base: &FormField, key: &str, noun: &str, kind: FormKind, example: Option<&str>) -> FormField {
    FormField {
        path: join(&base.path, key),
        label: format!("{}{noun}", base.label),
        kind,
        example: example.map(str::to_owned),
        ..base.clone()
    }
}

fn empty(path: String) -> FormField {
    FormField {
        path,
        label: String::new(),
        help: String::new(),
        kind: FormKind::Text,
        choices: Vec::new(),
        required: false,
        when: None,
        default: None,
        example: None,
        advanced: false,
    }
}

fn kind(field: &Field) -> FormKind {
    match &field.shape {
        Shape::Flag => FormKind::Switch,
        Shape::Integer => FormKind::Integer,
        Shape::List(_) => FormKind::Texts,
        Shape::Map(item) if **item == Shape::Integer => FormKind::Numbers,
        Shape::Map(_) => FormKind::Map,
        Shape::Text(choices) if !choices.is_empty() => FormKind::Choice,
        Shape::Text(_) if field.limits.contains(&Limit::Form("name")) => FormKind::Name,
        Shape::Text(_) if field.limits.contains(&Limit::Form("key")) => FormKind::Key,
        Shape::Text(_) | Shape::Bytes | Shape::Object(..) => FormKind::Text,
    }
}

/// What a person can set: texts, numbers, lists of them, maps, selectors; of a selector for a certificate each field.
pub(crate) fn leaves(provider: &Field) -> Vec<(String, &Field)> {
    let mut out = Vec::new();
    below(provider, "", &mut out);
    out
}

fn below<'f>(field: &'f Field, path: &str, out: &mut Vec<(String, &'f Field)>) {
    for field in field.fields().iter().filter(|inner| !is_place(field, inner)) {
        let path = join(path, field.name);
        match &field.shape {
            Shape::List(item) if !item.fields().is_empty() => below(field, &format!("{path}[]"), out),
            Shape::Object(_, fields) if fields.is_empty() => {}
            Shape::Object(None | Some(Selector::CaProvider), _) => below(field, &path, out),
            _ => out.push((path, field)),
        }
    }
}

/// The namespace of a selector, which is filled in.
fn is_place(outer: &Field, inner: &Field) -> bool {
    outer.shape.selector().is_some() && inner.name == "namespace"
}

fn label_of_choice(choice: &str) -> String {
    match choice {
        "auth" => "Login".to_owned(),
        _ => spaced(choice.rsplit('.').next().unwrap_or(choice)),
    }
}

/// The words of the last key; with the one above it where it says little by itself.
fn derived_label(path: &str) -> String {
    let mut keys = path.rsplit('.').map(|key| key.trim_end_matches("[]"));
    let (last, above) = (keys.next().unwrap_or(path), keys.next());
    let short = last.strip_suffix("SecretRef").or_else(|| last.strip_suffix("Ref")).unwrap_or(last);
    match (short, above) {
        ("secret" | "value", Some(above)) => spaced(above),
        ("name" | "key" | "type" | "url" | "path", Some(above)) => spaced(&format!("{above}_{short}")),
        _ => spaced(short),
    }
}
