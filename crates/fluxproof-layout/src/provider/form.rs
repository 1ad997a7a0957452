//! What a form shows of a provider: its fields with words for people, and the ways of which one is chosen.

use super::annotation::{Annotation, Way, annotations, ways};
use super::schema::{Field, Limit, Selector, Shape, provider};
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
    /// Whether few need it: it has no words of its own.
    pub advanced: bool,
}

/// What the value of a field may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FormKind {
    /// A text.
    Text,
    /// True or false.
    Flag,
    /// A whole number.
    Integer,
    /// One of the choices.
    Choice,
    /// A list of texts.
    Texts,
    /// Texts or numbers by free keys.
    Map,
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
    /// The name: `text`, `flag`, `integer`, `choice`, `texts`, `map`, `name`, `key` or `ways`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Flag => "flag",
            Self::Integer => "integer",
            Self::Choice => "choice",
            Self::Texts => "texts",
            Self::Map => "map",
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
    let mut builder = Builder { provider, ways: ways(provider_name), out: Vec::new() };
    if builder.ways.is_empty() {
        builder.ways = derived_ways(provider, "");
    }
    let annotations = annotations(provider_name);
    for annotation in &annotations {
        builder.annotated(annotation);
    }
    for (path, field) in leaves(provider) {
        if !annotations.iter().any(|annotation| annotation.path == path) {
            builder.field(&path, field, None);
        }
    }
    builder.out
}

struct Builder<'b> {
    provider: &'b Field,
    ways: Vec<Way>,
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
        self.choice_above(path);
        match (field.shape.selector(), &field.shape) {
            (Some(selector), _) => self.selector(path, field, selector, words),
            (None, Shape::List(item)) if item.selector().is_some() => {}
            _ => {
                let field = self.leaf(path, field, words);
                self.out.push(field);
            }
        }
    }

    /// The innermost choice that a path is below of, and those around it.
    fn choice_above(&mut self, path: &str) {
        let Some(way) = self.way_of(path, None) else { return };
        let at = format!("@{}", way.choice);
        if self.out.iter().any(|field| field.path == at) {
            return;
        }
        let (own, choice) = (way.path.clone(), way.choice.clone());
        if let Some(outer) = self.way_of(&own, Some(&choice)) {
            let outer = outer.path.clone();
            self.choice_above(&outer);
        }
        let ways: Vec<&Way> = self.ways.iter().filter(|way| way.choice == choice).collect();
        let choices = ways.iter().map(|way| FormChoice {
            value: way.path.clone(),
            label: way.label.clone(),
            help: way.help.clone(),
        });
        let field = FormField {
            label: label_of_choice(&choice),
            kind: FormKind::Ways,
            choices: choices.collect(),
            required: true,
            when: self.when(&own, Some(&choice)),
            default: ways.first().map(|way| way.path.clone()),
            ..empty(at)
        };
        self.out.push(field);
    }

    /// The innermost way that a path is below of, apart from those of one choice.
    fn way_of(&self, path: &str, apart: Option<&str>) -> Option<&Way> {
        let path = path.replace("[]", "");
        let above =
            |way: &&Way| path == way.path || path.strip_prefix(&way.path).is_some_and(|rest| rest.starts_with('.'));
        let open = self.ways.iter().filter(|way| Some(way.choice.as_str()) != apart);
        open.filter(above).max_by_key(|way| way.path.len())
    }

    fn when(&self, path: &str, apart: Option<&str>) -> Option<FormWhen> {
        let way = self.way_of(path, apart)?;
        Some(FormWhen { path: format!("@{}", way.choice), is: way.path.clone() })
    }

    /// A selector is its name and its key.
    fn selector(&mut self, path: &str, field: &Field, selector: Selector, words: Option<&Annotation>) {
        let base = self.leaf(path, field, words);
        let (name, key) = match &base.example {
            Some(example) => {
                example.split_once('/').map_or((Some(example.as_str()), None), |(n, k)| (Some(n), Some(k)))
            }
            None => (None, None),
        };
        let (name, key) = (name.map(str::to_owned), key.map(str::to_owned));
        let (noun, has_key) = match selector {
            Selector::ServiceAccount | Selector::SecretName => ("", false),
            Selector::SecretKey => (": Secret", !self.is_whole(path)),
            Selector::ConfigMapKey | Selector::CaProvider => (": name", true),
        };
        let part = |key: &str, label: &str, kind, example: Option<String>| FormField {
            path: join(path, key),
            label: format!("{}{label}", base.label),
            kind,
            example,
            ..base.clone()
        };
        self.out.push(part("name", noun, FormKind::Name, name));
        if has_key {
            let default = rules::default_key(self.provider.name, path).map(str::to_owned);
            let required = base.required && default.is_none();
            self.out.push(FormField { default, required, ..part("key", ": key", FormKind::Key, key) });
        }
    }

    /// Whether the operator reads a Secret without being told a key.
    fn is_whole(&self, path: &str) -> bool {
        rules::notes(self.provider.name, "keys").iter().any(|(known, _)| *known == path.replace("[]", ""))
    }

    fn leaf(&self, path: &str, field: &Field, words: Option<&Annotation>) -> FormField {
        let choices = match &field.shape {
            Shape::Text(choices) => choices.iter().filter(|choice| !choice.is_empty()).collect(),
            _ => Vec::new(),
        };
        let choice =
            |value: &&&str| FormChoice { value: (**value).to_owned(), label: spaced(value), help: String::new() };
        let condition = words.and_then(|words| words.when).and_then(|when| when.split_once('='));
        let when = condition.map(|(path, is)| FormWhen { path: path.to_owned(), is: is.to_owned() });
        FormField {
            label: words.map_or_else(|| derived_label(path), |words| words.label.to_owned()),
            help: words.map(|words| words.help.to_owned()).unwrap_or_default(),
            kind: kind(&field.shape),
            choices: choices.iter().map(choice).collect(),
            required: self.is_required(path, field),
            when: when.or_else(|| self.when(path, None)),
            default: field.default.map(str::to_owned),
            example: words.and_then(|words| words.example).map(str::to_owned),
            advanced: words.is_none(),
            ..empty(path.to_owned())
        }
    }

    /// Whether a field must be there while the objects around it must, or were chosen.
    fn is_required(&self, path: &str, field: &Field) -> bool {
        let demanded = rules::notes(self.provider.name, "needed").iter().any(|(known, _)| *known == path);
        let is_way = |path: &str| self.ways.iter().any(|way| way.path == path);
        if !(field.required || demanded || is_way(path)) || field.default.is_some() {
            return false;
        }
        let mut above = path;
        while let Some((parent, _)) = above.rsplit_once('.') {
            let must = self.provider.at(parent).is_some_and(|parent| parent.required);
            let must = must || rules::notes(self.provider.name, "needed").iter().any(|(known, _)| *known == parent);
            if is_way(parent) || is_way(above) {
                return true;
            }
            if !must {
                return false;
            }
            above = parent;
        }
        true
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

fn kind(shape: &Shape) -> FormKind {
    match shape {
        Shape::Flag => FormKind::Flag,
        Shape::Integer => FormKind::Integer,
        Shape::List(_) => FormKind::Texts,
        Shape::Map(_) => FormKind::Map,
        Shape::Text(choices) if !choices.is_empty() => FormKind::Choice,
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
            Shape::Object(None | Some(Selector::CaProvider), fields) if !fields.is_empty() => below(field, &path, out),
            _ => out.push((path, field)),
        }
    }
}

/// The namespace of a selector, which is filled in.
fn is_place(outer: &Field, inner: &Field) -> bool {
    outer.shape.selector().is_some() && inner.name == "namespace"
}

/// Where the schema demands one of several fields, they are the ways.
fn derived_ways(field: &Field, path: &str) -> Vec<Way> {
    let mut out = Vec::new();
    for limit in &field.limits {
        let (Limit::One(of) | Limit::UpToOne(of)) = limit else { continue };
        let way = |name: &&str| Way {
            path: join(path, name),
            label: spaced(name.strip_suffix("Ref").unwrap_or(name)),
            choice: if path.is_empty() { "login".to_owned() } else { path.to_owned() },
            help: String::new(),
        };
        out.extend(of.iter().filter(|_| of.len() > 1 && !of.contains(&"caBundle")).map(way));
    }
    for field in field.fields() {
        out.extend(derived_ways(field, &join(path, field.name)));
    }
    out
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
    let last = keys.next().unwrap_or(path);
    let short = last.strip_suffix("SecretRef").or_else(|| last.strip_suffix("Ref")).unwrap_or(last);
    let vague = ["value", "secret", "name", "key", "type", "url", "path", ""].contains(&short);
    match keys.next().filter(|_| vague) {
        Some(above) => spaced(&format!("{above} {last}")),
        None => spaced(if short.is_empty() { last } else { short }),
    }
}

/// `clientTimeOutSeconds` as words: a capital starts one, unless it stands among capitals.
fn spaced(name: &str) -> String {
    let chars: Vec<char> = name.chars().collect();
    let mut out = String::new();
    for (place, c) in chars.iter().enumerate() {
        let before = place.checked_sub(1).and_then(|place| chars.get(place));
        let after = chars.get(place + 1);
        let starts = before.is_some_and(|before| before.is_lowercase() && c.is_uppercase());
        let lone =
            after.is_none_or(|after| !after.is_uppercase()) && before.is_some_and(|before| !before.is_uppercase());
        if starts {
            out.push(' ');
        }
        match () {
            () if place == 0 => out.extend(c.to_uppercase()),
            () if starts && lone => out.extend(c.to_lowercase()),
            () => out.push(*c),
        }
    }
    out
}
