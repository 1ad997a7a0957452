//! What a field of the config is. The list itself stands in `table.rs`.

use serde_json::{Map, Value as Json};

/// One field of the config.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    /// The keys that lead to it: `vault.auth.method`.
    pub path: &'static str,
    /// What a form calls it.
    pub label: &'static str,
    /// What it is: a sentence or two.
    pub help: &'static str,
    /// Its default; none for a field that may be left out.
    pub default: Option<&'static str>,
    /// What its value may be.
    pub kind: Kind,
    /// The values, where there are few.
    pub choices: &'static [Choice],
    /// Its section in a form.
    pub group: &'static str,
    /// The field counts only while another has a certain value.
    pub when: Option<When>,
    /// Advice that does not depend on the value.
    pub advice: Option<&'static str>,
    /// The fields of each item, where the value is a list of sections; their paths start at the item.
    pub items: &'static [Field],
}

/// What the value of a field may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// One line of text.
    Text,
    /// One line of text, or nothing.
    TextOrNothing,
    /// An `http` or `https` URL without user, query and fragment.
    Url,
    /// An `oci` URL.
    OciUrl,
    /// One of the choices.
    Choice,
    /// A duration as Flux has it: `1m30s`.
    Duration,
    /// A release of External Secrets: `2.9.0`.
    Version,
    /// The name of a Kubernetes object (RFC 1123 subdomain).
    Name,
    /// The name of a namespace or a service account (RFC 1123 label).
    Label,
    /// A key in a Secret or ConfigMap.
    Key,
    /// The name of a folder.
    Folder,
    /// A PEM certificate in base64.
    Certificate,
    /// `true` or `false`.
    Switch,
    /// A whole number from 1 on.
    Count,
    /// A list of texts of one line.
    Texts,
    /// Texts of one line, by name.
    Map,
    /// A list of sections.
    Items,
    /// A folder from the root of the repository.
    Path,
    /// A provider's section, in the words of External Secrets.
    Provider,
}

/// One value of a field that has few.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choice {
    /// The value in the config.
    pub value: &'static str,
    /// What a form calls it.
    pub label: &'static str,
}

/// A condition on another field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct When {
    /// The other field.
    pub path: &'static str,
    /// Its value.
    pub is: &'static str,
}

impl Kind {
    /// Whether the value is one text.
    #[must_use]
    pub fn is_text(self) -> bool {
        !matches!(self, Self::Switch | Self::Count | Self::Texts | Self::Map | Self::Items | Self::Provider)
    }

    /// What a form has to know: `text`, `url`, `choice`, `duration`, `switch`, `count`, `texts`, `map`, `items` or `provider`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Url | Self::OciUrl => "url",
            Self::Choice => "choice",
            Self::Duration => "duration",
            Self::Switch => "switch",
            Self::Count => "count",
            Self::Texts => "texts",
            Self::Map => "map",
            Self::Items => "items",
            Self::Provider => "provider",
            _ => "text",
        }
    }
}

impl Field {
    pub(crate) const fn new(path: &'static str, kind: Kind, label: &'static str) -> Self {
        Self {
            path,
            label,
            help: "",
            default: None,
            kind,
            choices: &[],
            group: "",
            when: None,
            advice: None,
            items: &[],
        }
    }

    /// The default as a value: `null` for a field that may be left out, an empty list or map for several values.
    #[must_use]
    pub fn default_value(&self) -> Json {
        match self.kind {
            Kind::Switch => Json::Bool(self.default == Some("true")),
            Kind::Count => self.default.and_then(|text| text.parse::<u32>().ok()).into(),
            Kind::Texts | Kind::Items => Json::Array(Vec::new()),
            Kind::Map | Kind::Provider => Json::Object(Map::new()),
            _ => self.default.into(),
        }
    }

    pub(crate) const fn default(mut self, default: &'static str) -> Self {
        self.default = Some(default);
        self
    }

    pub(crate) const fn help(mut self, help: &'static str) -> Self {
        self.help = help;
        self
    }

    pub(crate) const fn group(mut self, group: &'static str) -> Self {
        self.group = group;
        self
    }

    pub(crate) const fn choices(mut self, choices: &'static [Choice]) -> Self {
        self.choices = choices;
        self
    }

    pub(crate) const fn when(mut self, path: &'static str, is: &'static str) -> Self {
        self.when = Some(When { path, is });
        self
    }

    pub(crate) const fn items(mut self, items: &'static [Self]) -> Self {
        self.items = items;
        self
    }

    pub(crate) const fn advice(mut self, advice: &'static str) -> Self {
        self.advice = Some(advice);
        self
    }
}

/// The fields, in the order of a form. This is the one description of the config.
#[must_use]
pub fn fields() -> &'static [Field] {
    crate::table::fields()
}

/// The field of a path among those of a section.
pub(crate) fn field(fields: &'static [Field], path: &str) -> Option<&'static Field> {
    fields.iter().find(|field| field.path == path)
}
