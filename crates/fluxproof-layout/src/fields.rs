//! What a field of the config is. The list itself stands in `table.rs`.

/// One field of the config. Every value is a text.
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
    /// What a form has to know: `text`, `url`, `choice` or `duration`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Url | Self::OciUrl => "url",
            Self::Choice => "choice",
            Self::Duration => "duration",
            _ => "text",
        }
    }
}

impl Field {
    pub(crate) const fn new(path: &'static str, kind: Kind, label: &'static str) -> Self {
        Self { path, label, help: "", default: None, kind, choices: &[], group: "", when: None, advice: None }
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

    pub(crate) const fn advice(mut self, advice: &'static str) -> Self {
        self.advice = Some(advice);
        self
    }
}

/// The fields, in the order of a form. This is the one description of the config.
#[must_use]
pub fn fields() -> &'static [Field] {
    crate::table::FIELDS
}

/// The field of a path.
pub(crate) fn field(path: &str) -> Option<&'static Field> {
    fields().iter().find(|field| field.path == path)
}
