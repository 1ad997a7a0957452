//! Strategic merges as kyaml does them (`yaml/merge2`, `yaml/walk`): in place, both sides at once.
//!
//! A walk looks at all of the resource, also at what the patch does not speak of: an empty value is dropped there, and a
//! merged list is merged with nothing, which can drop items, too. What would stay as it is is not copied.

use super::directive::{Directive, of_list, of_map};
use crate::spec::{Lookup, Place};
use crate::tree::{is_absent, is_quoted};
use fluxproof_yaml::{Data, EcoString, Entry, Problem, Sources, Type, Value};
use std::collections::{BTreeMap, BTreeSet};

/// What a place holds after a walk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    /// The node of the resource, changed in place.
    Resource,
    /// The node of the patch.
    Patch,
    /// Nothing.
    Gone,
}

/// A strategic merge.
pub(super) struct Merge<'l> {
    pub(super) lookup: &'l Lookup,
    /// The texts that values stand in.
    pub(super) sources: &'l Sources,
    /// The field that has the patch.
    pub(super) by: &'static str,
}

/// Where a key stands in two mappings.
type Sides = BTreeMap<EcoString, (Option<usize>, Option<usize>)>;

impl Merge<'_> {
    /// Merges a patch into a resource and says whether that is still there. A patch that is to replace all of it does
    /// nothing: kustomize keeps the node that it has.
    pub(super) fn apply(&self, resource: &mut Value, patch: &mut Value) -> Result<bool, Problem> {
        Ok(self.both(Some(resource), Some(patch), None)? != Outcome::Gone)
    }

    /// Puts what the patch has where the resource has something. kyaml keeps quotes when it puts a scalar there, which
    /// makes a string of it.
    fn replace(&self, place: &mut Value, patch: &Value) {
        let mut new = patch.clone();
        let at = new.span;
        if let Data::Scalar(_, kind) = &mut new.data
            && is_quoted(self.sources, place)
        {
            *kind = Type::Str;
        }
        place.replace(new, self.by, at);
    }

    /// What is known of a place: what its parent knows, else what its own kind says.
    fn place(&self, known: Option<Place>, sides: [Option<&Value>; 2]) -> Option<Place> {
        let kind = |side: &Value| {
            let text = |field: &str| side.get(field).filter(|value| !is_absent(value)).and_then(Value::scalar_text);
            self.lookup.of_kind(text("apiVersion")?, text("kind")?)
        };
        known.or_else(|| sides.into_iter().flatten().find_map(kind))
    }

    /// The keys of a list, where it is one that is merged.
    pub(super) fn keys(&self, place: Option<Place>) -> Option<&[EcoString]> {
        self.lookup.keys(place?)
    }

    pub(super) fn items(&self, place: Option<Place>) -> Option<Place> {
        self.lookup.items(place?)
    }

    /// Merges two sides, of which one may be missing (`Walker.Walk`).
    pub(super) fn both(
        &self,
        resource: Option<&mut Value>,
        patch: Option<&mut Value>,
        known: Option<Place>,
    ) -> Result<Outcome, Problem> {
        let place = self.place(known, [resource.as_deref(), patch.as_deref()]);
        match common_kind([resource.as_deref(), patch.as_deref()])? {
            Kind::Map => self.maps(resource, patch, place),
            Kind::Seq if self.keys(place).is_some() => self.lists(resource, patch, place),
            _ => Ok(match patch {
                Some(patch) if is_absent(patch) => Outcome::Gone,
                Some(_) => Outcome::Patch,
                None => Outcome::Resource,
            }),
        }
    }

    fn maps(
        &self,
        resource: Option<&mut Value>,
        patch: Option<&mut Value>,
        place: Option<Place>,
    ) -> Result<Outcome, Problem> {
        match (resource.filter(|resource| !is_absent(resource) || patch.is_none()), patch) {
            (None, None) => Ok(Outcome::Gone),
            (Some(resource), None) if is_absent(resource) => Ok(kept_null(resource)),
            (_, Some(patch)) if is_absent(patch) => Ok(Outcome::Gone),
            (Some(resource), None) => {
                self.fields(resource, &mut Value::map(resource.span, []), place)?;
                Ok(Outcome::Resource)
            }
            // A directive that is none is let through here.
            (None, Some(patch)) => match of_map(patch) {
                Ok(Directive::Delete) => Ok(Outcome::Gone),
                _ => self.own_fields(patch, place).map(|()| Outcome::Patch),
            },
            (Some(resource), Some(patch)) => match of_map(patch)? {
                Directive::Delete => Ok(Outcome::Gone),
                Directive::Replace => self.own_fields(patch, place).map(|()| Outcome::Patch),
                Directive::Merge => self.fields(resource, patch, place).map(|()| Outcome::Resource),
            },
        }
    }

    fn fields(&self, resource: &mut Value, patch: &mut Value, place: Option<Place>) -> Result<(), Problem> {
        let mut gone = Vec::new();
        refuse_empty_key(resource, [&*resource, &*patch])?;
        for (key, (ours, theirs)) in sides(resource, patch) {
            let place = place.and_then(|place| self.lookup.field(place, &key));
            let stays = |at: usize| resource.entries().get(at).is_none_or(|entry| self.is_settled(&entry.value, place));
            if theirs.is_none() && ours.is_none_or(stays) {
                continue;
            }
            let theirs = theirs.and_then(|at| entry_mut(patch, at));
            match ours {
                Some(at) => gone.extend(self.field(resource, at, theirs, place)?),
                None => self.new_field(resource, theirs, place)?,
            }
        }
        remove(resource, &gone);
        Ok(())
    }

    /// Merges one field of a resource; its index, where nothing is left of it.
    fn field(
        &self,
        resource: &mut Value,
        at: usize,
        theirs: Option<&mut Entry>,
        place: Option<Place>,
    ) -> Result<Option<usize>, Problem> {
        let Some(ours) = entry_mut(resource, at) else { return Ok(None) };
        let mut theirs = theirs.map(|entry| &mut entry.value);
        match self.both(Some(&mut ours.value), theirs.as_deref_mut(), place)? {
            Outcome::Resource => return Ok(None),
            Outcome::Gone => return Ok(Some(at)),
            Outcome::Patch => {}
        }
        if let Some(theirs) = theirs {
            self.replace(&mut ours.value, theirs);
        }
        Ok(None)
    }

    fn new_field(&self, resource: &mut Value, theirs: Option<&mut Entry>, place: Option<Place>) -> Result<(), Problem> {
        let Some(theirs) = theirs else { return Ok(()) };
        if self.both(None, Some(&mut theirs.value), place)? == Outcome::Patch {
            let at = theirs.value.span;
            let entry = Entry { value: theirs.value.clone().written(self.by, at), ..theirs.clone() };
            if let Some(entries) = resource.entries_mut() {
                entries.push(entry);
            }
        }
        Ok(())
    }

    /// A node of the patch that is new in the resource, or takes the place of what is there: it is merged with itself.
    pub(super) fn own(&self, node: &mut Value, known: Option<Place>) -> Result<bool, Problem> {
        let place = self.place(known, [Some(&*node), None]);
        match kind_of(node) {
            Kind::Scalar => Ok(!is_absent(node)),
            Kind::Map if of_map(node)? == Directive::Delete => Ok(false),
            Kind::Map => self.own_fields(node, place).map(|()| true),
            Kind::Seq if self.keys(place).is_none() => Ok(true),
            Kind::Seq if of_list(node)? == Directive::Delete => Ok(false),
            Kind::Seq => self.own_list(node, place).map(|()| true),
        }
    }

    fn own_fields(&self, node: &mut Value, place: Option<Place>) -> Result<(), Problem> {
        let mut gone = Vec::new();
        refuse_empty_key(node, [&*node])?;
        for at in 0..node.entries().len() {
            let Some(entry) = entry_mut(node, at) else { break };
            let place = place.and_then(|place| self.lookup.field(place, &entry.key));
            if !self.own(&mut entry.value, place)? {
                gone.push(at);
            }
        }
        remove(node, &gone);
        Ok(())
    }

    /// Whether a walk with nothing on the other side leaves a value as it is.
    pub(super) fn is_settled(&self, value: &Value, known: Option<Place>) -> bool {
        let place = self.place(known, [Some(value), None]);
        match &value.data {
            Data::Scalar(text, _) => !text.is_empty() || !is_absent(value),
            Data::Seq(items) => self.keys(place).is_none_or(|keys| self.is_settled_list(items, keys, place)),
            Data::Map(entries) => entries.iter().all(|entry| {
                if entry.key.is_empty() {
                    return false;
                }
                let place = place.and_then(|place| self.lookup.field(place, &entry.key));
                self.is_settled(&entry.value, place)
            }),
        }
    }
}

/// The field of an empty name is the node itself to kyaml, and is no scalar (`FieldMatcher`).
fn refuse_empty_key<const N: usize>(node: &Value, sides: [&Value; N]) -> Result<(), Problem> {
    let is_there = sides.iter().any(|side| side.entry("").is_some());
    if is_there { Err(wrong_kind(Kind::Scalar, node)) } else { Ok(()) }
}

/// What both sides are; a mapping where neither is anything.
fn common_kind(sides: [Option<&Value>; 2]) -> Result<Kind, Problem> {
    let mut kinds = sides.into_iter().flatten().filter(|side| !is_absent(side));
    let kind = kinds.next().map_or(Kind::Map, kind_of);
    kinds.find(|side| kind_of(side) != kind).map_or(Ok(kind), |other| Err(wrong_kind(kind, other)))
}

/// A null that is written out stays, one that is not does not.
fn kept_null(null: &Value) -> Outcome {
    if null.scalar_text().is_some_and(|text| !text.is_empty()) { Outcome::Resource } else { Outcome::Gone }
}

fn sides(resource: &Value, patch: &Value) -> Sides {
    let mut sides = Sides::new();
    for (at, entry) in resource.entries().iter().enumerate() {
        sides.entry(entry.key.clone()).or_default().0 = Some(at);
    }
    for (at, entry) in patch.entries().iter().enumerate() {
        sides.entry(entry.key.clone()).or_default().1 = Some(at);
    }
    sides
}

fn entry_mut(map: &mut Value, at: usize) -> Option<&mut Entry> {
    map.entries_mut()?.make_mut().get_mut(at)
}

fn remove(map: &mut Value, gone: &[usize]) {
    if gone.is_empty() {
        return;
    }
    let gone: BTreeSet<usize> = fluxproof_order::gather(gone.iter().copied());
    let mut at = 0..;
    if let Some(entries) = map.entries_mut() {
        entries.retain(|_| at.next().is_none_or(|at| !gone.contains(&at)));
    }
}

/// The kinds of nodes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Scalar,
    Seq,
    Map,
}

pub(super) fn kind_of(value: &Value) -> Kind {
    match value.data {
        Data::Scalar(..) => Kind::Scalar,
        Data::Seq(_) => Kind::Seq,
        Data::Map(_) => Kind::Map,
    }
}

/// `InvalidNodeKindError`, to which the text of the node is added where texts are known.
pub(super) fn wrong_kind(expected: Kind, found: &Value) -> Problem {
    let name = |kind| match kind {
        Kind::Scalar => "ScalarNode",
        Kind::Seq => "SequenceNode",
        Kind::Map => "MappingNode",
    };
    let message = format!("{WRONG_KIND}: expected {} but got {}", name(expected), name(kind_of(found)));
    Problem::new(found.span, message)
}

const WRONG_KIND: &str = "wrong node kind";

/// Adds the text of a node to what says that it is of the wrong kind.
pub(super) fn with_text(problem: Problem, sources: &Sources) -> Problem {
    if !problem.message.starts_with(WRONG_KIND) {
        return problem;
    }
    let (all, span) = (sources.text(problem.span.file), problem.span);
    let before = all.get(..span.start as usize).unwrap_or("");
    let indent = before.len() - before.rfind('\n').map_or(0, |at| at + 1);
    let mut text = String::new();
    for line in all.get(span.start as usize..span.end as usize).unwrap_or("").lines() {
        let spaces = line.len() - line.trim_start_matches(' ').len();
        text.push_str(line.get(spaces.min(indent)..).unwrap_or(line));
        text.push('\n');
    }
    let message = format!("{}: node contents:\n{text}", problem.message);
    Problem { message, ..problem }
}
