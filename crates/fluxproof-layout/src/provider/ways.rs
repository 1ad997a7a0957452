//! The ways of which one is chosen: how to log in, where a value comes from.

use super::annotation::{Way, ways};
use super::form::{FormChoice, FormWhen};
use super::schema::{Field, Limit};
use super::words::spaced;
use super::{join, rules};

/// The ways of a provider.
pub(crate) struct Ways<'p> {
    provider: &'p Field,
    all: Vec<Way>,
}

impl Way {
    pub(crate) fn choice(&self) -> FormChoice {
        FormChoice { value: self.path.clone(), label: self.label.clone(), help: self.help.clone() }
    }
}

impl<'p> Ways<'p> {
    pub(crate) fn new(provider: &'p Field) -> Self {
        let mut all = ways(provider.name);
        all.extend(derived_ways(provider, &all));
        Self { provider, all }
    }

    /// The ways of a choice.
    pub(crate) fn of(&self, choice: &str) -> Vec<&Way> {
        self.all.iter().filter(|way| way.choice == choice).collect()
    }

    /// Whether there is another way beside it.
    pub(crate) fn is_choice(&self, way: &Way) -> bool {
        self.of(&way.choice).len() > 1
    }

    /// The innermost way that a path is below of, apart from those of one choice.
    pub(crate) fn around(&self, path: &str, apart: Option<&str>) -> Option<&Way> {
        let path = path.replace("[]", "");
        let is_below =
            |above: &str| path.strip_prefix(above).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
        let open = self.all.iter().filter(|way| Some(way.choice.as_str()) != apart && is_below(&way.path));
        open.max_by_key(|way| way.path.len())
    }

    /// The choice that a path depends on.
    pub(crate) fn when(&self, path: &str, apart: Option<&str>) -> Option<FormWhen> {
        let way = self.around(path, apart)?;
        if !self.is_choice(way) {
            return self.when(&way.path, Some(&way.choice));
        }
        Some(FormWhen { path: format!("@{}", way.choice), is: way.path.clone() })
    }

    /// Whether one of the ways has to be taken: the object that they are in is there, or the table says that they matter.
    pub(crate) fn is_open(&self, way: &Way) -> bool {
        let (above, _) = way.path.rsplit_once('.').unwrap_or_default();
        way.is_told
            || above.is_empty()
            || self.provider.at(above).is_some_and(|field| self.is_required(above, field, None))
    }

    /// Whether a field must be there while it is shown: it, and the objects around it, must be, or were chosen.
    pub(crate) fn is_required(&self, path: &str, field: &Field, when: Option<&str>) -> bool {
        if field.default.is_some() {
            return false;
        }
        if let Some(way) = self.all.iter().find(|way| way.path == path) {
            return self.is_choice(way) || self.is_open(way);
        }
        let Some((above, _)) = path.rsplit_once('.').filter(|_| !self.is_needed_while(path, when)) else {
            return self.must(path, field, when);
        };
        let outer = self.provider.at(above);
        self.must(path, field, when) && outer.is_some_and(|outer| self.is_required(above, outer, when))
    }

    /// Whether the schema or the operator demands a field beside its siblings.
    fn must(&self, path: &str, field: &Field, when: Option<&str>) -> bool {
        let is_needed = rules::notes(self.provider.name, "needed").iter().any(|(known, _)| *known == path);
        field.required || is_needed || self.is_needed_while(path, when)
    }

    /// Whether the operator demands a field while `when` holds.
    fn is_needed_while(&self, path: &str, when: Option<&str>) -> bool {
        let notes = rules::notes(self.provider.name, "neededIf");
        let conditions = notes.iter().find(|(known, _)| *known == path).and_then(|(_, with)| with.split(' ').next());
        when.is_some_and(|when| conditions.is_some_and(|conditions| conditions.split('|').any(|one| one == when)))
    }
}

/// Where the schema or the operator demands one of several fields, they are the ways, apart from those that the table has.
fn derived_ways(provider: &Field, known: &[Way]) -> Vec<Way> {
    let mut groups = rules::notes(provider.name, "one")
        .into_iter()
        .map(|(at, of)| (at.to_owned(), of.split(',').collect()))
        .collect();
    demanded(provider, "", &mut groups);
    let mut out: Vec<Way> = Vec::new();
    for (at, of) in groups {
        let at = if at == "." { "" } else { &at };
        let mut ways: Vec<Way> = of.iter().map(|name| derived_way(at, name)).collect();
        ways.retain(|way| !is_secret(provider.name, &way.path));
        let is_known = ways.iter().any(|way| known.iter().chain(&out).any(|known| known.path == way.path));
        out.extend(ways.into_iter().filter(|_| !is_known));
    }
    out
}

fn derived_way(at: &str, name: &str) -> Way {
    let choice = if at.is_empty() { "login" } else { at };
    let label = match name {
        "secretRef" => "In a Secret".to_owned(),
        "value" => "Written here".to_owned(),
        _ => spaced(name.strip_suffix("Ref").unwrap_or(name)),
    };
    Way { path: join(at, name), label, choice: choice.to_owned(), help: String::new(), is_told: false }
}

/// The fields of which the schema takes one, by the object that they are in.
fn demanded(field: &Field, path: &str, out: &mut Vec<(String, Vec<&'static str>)>) {
    for limit in &field.limits {
        if let Limit::One(of) | Limit::UpToOne(of) = limit
            && of.len() > 1
            && !of.contains(&"caBundle")
        {
            out.push((path.to_owned(), of.clone()));
        }
    }
    field.fields().iter().for_each(|field| demanded(field, &join(path, field.name), out));
}

/// A secret in plain text, which no form asks for.
pub(crate) fn is_secret(provider: &str, path: &str) -> bool {
    rules::notes(provider, "secret").iter().any(|(known, _)| *known == path)
}
