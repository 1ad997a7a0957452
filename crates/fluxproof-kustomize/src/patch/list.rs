//! Lists that are merged by the keys of their items (`yaml/walk/associative_sequence.go`).
//!
//! Where all items have a key of their own, they are found by it. Everything else - several keys, keys that are missing
//! or there twice, sets of scalars - is done in kyaml's own steps, because what comes out is a matter of these steps:
//! an item without its key, for one, empties the list.

use super::directive::{Directive, of_list};
use super::merge::{Kind, Merge, Outcome, kind_of, wrong_kind};
use crate::spec::Place;
use crate::tree::is_absent;
use fluxproof_yaml::{EcoString, Problem, Value};
use std::collections::BTreeMap;

/// The values of the keys of an item.
type Values = Vec<EcoString>;

impl Merge<'_> {
    /// Merges two lists, of which one may be missing.
    pub(super) fn lists(
        &self,
        resource: Option<&mut Value>,
        patch: Option<&mut Value>,
        place: Option<Place>,
    ) -> Result<Outcome, Problem> {
        match (resource.filter(|resource| !is_absent(resource)), patch) {
            (None, None) => Ok(Outcome::Gone),
            (None, Some(patch)) => self.own_list(patch, place).map(|()| Outcome::Patch),
            (Some(_), Some(patch)) if is_absent(patch) => Ok(Outcome::Gone),
            (Some(resource), None) => self.merge_list(resource, None, place).map(|()| Outcome::Resource),
            (Some(resource), Some(patch)) => match of_list(patch)? {
                Directive::Delete => Ok(Outcome::Gone),
                Directive::Replace => self.own_list(patch, place).map(|()| Outcome::Patch),
                Directive::Merge => self.merge_list(resource, Some(patch), place).map(|()| Outcome::Resource),
            },
        }
    }

    /// Merges a list with itself.
    pub(super) fn own_list(&self, list: &mut Value, place: Option<Place>) -> Result<(), Problem> {
        let lists = Lists { ours: list.items().to_vec(), theirs: Vec::new(), alone: true };
        let merged = self.stepwise(lists, place)?;
        put(list, merged);
        Ok(())
    }

    fn merge_list(&self, resource: &mut Value, patch: Option<&mut Value>, place: Option<Place>) -> Result<(), Problem> {
        let keys = self.keys(place).unwrap_or_default();
        let theirs = patch.map_or_else(Vec::new, |patch| patch.items().to_vec());
        let by_key = match keys {
            [key] => {
                indexed(resource.items(), key).filter(|_| indexed(&theirs, key).is_some()).map(|index| (key, index))
            }
            _ => None,
        };
        let merged = match by_key {
            Some((key, index)) => self.by_key(resource.items(), theirs, key, &index, place)?,
            None => self.stepwise(Lists { ours: resource.items().to_vec(), theirs, alone: false }, place)?,
        };
        put(resource, merged);
        Ok(())
    }

    /// The items of the patch, each merged with the one of its key, then what is left of the resource's.
    fn by_key(
        &self,
        ours: &[Value],
        theirs: Vec<Value>,
        key: &EcoString,
        index: &BTreeMap<EcoString, usize>,
        place: Option<Place>,
    ) -> Result<Vec<Value>, Problem> {
        let mut left: Vec<Option<Value>> = ours.iter().cloned().map(Some).collect();
        let mut merged = Vec::with_capacity(ours.len() + theirs.len());
        for mut item in theirs {
            let at = key_of(&item, key).and_then(|text| index.get(text));
            let mut counterpart = at.and_then(|at| left.get_mut(*at)).and_then(Option::take);
            let outcome = self.both(counterpart.as_mut(), Some(&mut item), self.items(place))?;
            merged.extend(match (outcome, counterpart) {
                (Outcome::Gone, _) => None,
                // kyaml puts the item of the resource back over one that replaces it.
                (_, Some(counterpart)) => Some(counterpart).filter(|item| !is_nothing(item)),
                (_, None) => Some(self.new_item(item)).filter(|item| !is_nothing(item)),
            });
        }
        for mut item in left.into_iter().flatten() {
            if self.is_settled(&item, self.items(place))
                || self.both(Some(&mut item), None, self.items(place))? == Outcome::Resource && !is_nothing(&item)
            {
                merged.push(item);
            }
        }
        Ok(merged)
    }

    fn new_item(&self, item: Value) -> Value {
        let at = item.span;
        if item.change.is_some() { item } else { item.written(self.by, at) }
    }

    pub(super) fn is_settled_list(&self, items: &[Value], keys: &[EcoString], place: Option<Place>) -> bool {
        let [key] = keys else { return items.is_empty() };
        indexed(items, key).is_some() && items.iter().all(|item| self.is_settled(item, self.items(place)))
    }

    /// `setAssociativeSequenceElements`
    fn stepwise(&self, mut lists: Lists, place: Option<Place>) -> Result<Vec<Value>, Problem> {
        let (keys, all) = lists.keys_and_values(self.keys(place).unwrap_or_default());
        let (mut valid_keys, mut added) = (Values::new(), Vec::new());
        for values in &all {
            let valid_values;
            (valid_keys, valid_values) = valid(&all, values, &keys);
            match self.item(&mut lists, &valid_keys, &valid_values, self.items(place))? {
                Some(item) => set_element(&mut added, Some(item), &valid_keys, &valid_values)?,
                None => set_element(&mut lists.ours, None, &valid_keys, &valid_values)?,
            }
        }
        if all.is_empty() { Ok(lists.ours) } else { append(added, &lists.ours, &valid_keys) }
    }

    /// Merges the items that have these values.
    fn item(
        &self,
        lists: &mut Lists,
        keys: &[EcoString],
        values: &[EcoString],
        place: Option<Place>,
    ) -> Result<Option<Value>, Problem> {
        let (keys, values) = valid(&[values.to_vec()], values, keys);
        let ours = find(&lists.ours, &keys, &values).and_then(|at| lists.ours.get_mut(at));
        if lists.alone {
            let Some(ours) = ours else { return Ok(None) };
            return Ok(self.own(ours, place)?.then(|| ours.clone()).filter(|item| !is_nothing(item)));
        }
        let mut theirs = find(&lists.theirs, &keys, &values).and_then(|at| lists.theirs.get_mut(at));
        let mut ours = ours;
        let item = match self.both(ours.as_deref_mut(), theirs.as_deref_mut(), place)? {
            Outcome::Gone => None,
            Outcome::Resource => ours.map(|ours| ours.clone()),
            Outcome::Patch => theirs.map(|theirs| self.new_item(theirs.clone())),
        };
        Ok(item.filter(|item| !is_nothing(item)))
    }
}

/// The two lists, or the one that is merged with itself.
struct Lists {
    ours: Vec<Value>,
    theirs: Vec<Value>,
    alone: bool,
}

impl Lists {
    /// The keys of the items, and the values that they have, those of the patch first. The key of scalars is `""`.
    fn keys_and_values(&self, keys: &[EcoString]) -> (Values, Vec<Values>) {
        let mut all = Vec::new();
        let mut seen = std::collections::BTreeSet::new();
        for item in self.theirs.iter().chain(&self.ours) {
            let values: Values = match keys {
                [] => vec![item.scalar_text().cloned().unwrap_or_default()],
                keys => keys.iter().map(|key| key_of(item, key).cloned().unwrap_or_default()).collect(),
            };
            if seen.insert(values.clone()) {
                all.push(values);
            }
        }
        if keys.len() > 1 {
            merge_values(&mut all);
        }
        (if keys.is_empty() { vec![EcoString::new()] } else { keys.to_vec() }, all)
    }
}

/// The text under a key, `""` for one that is no scalar; none where there is nothing (`ElementValuesList`).
fn key_of<'v>(item: &'v Value, key: &str) -> Option<&'v EcoString> {
    item.get(key).filter(|value| !is_absent(value)).and_then(Value::scalar_text)
}

/// Where the items are by their keys; none where not every item has one of its own.
fn indexed(items: &[Value], key: &str) -> Option<BTreeMap<EcoString, usize>> {
    let mut index = BTreeMap::new();
    for (at, item) in items.iter().enumerate() {
        let text = key_of(item, key).filter(|text| !text.is_empty())?;
        if index.insert(text.clone(), at).is_some() {
            return None;
        }
    }
    Some(index)
}

/// `mergeValues`: values that agree where both are set stand for one item.
fn merge_values(all: &mut [Values]) {
    for i in 0..all.len() {
        let Some(first) = all.get(i).cloned() else { return };
        for j in 0..all.len() {
            if let Some(both) = all.get(j).and_then(|second| agreed(&first, second)) {
                for at in [i, j] {
                    if let Some(place) = all.get_mut(at) {
                        place.clone_from(&both);
                    }
                }
            }
        }
    }
}

/// `match`
fn agreed(first: &[EcoString], second: &[EcoString]) -> Option<Values> {
    let mut common = false;
    let mut both = Values::new();
    for (first, second) in first.iter().zip(second) {
        common |= first == second;
        if first != second && !first.is_empty() && !second.is_empty() {
            return None;
        }
        both.push(if first.is_empty() { second.clone() } else { first.clone() });
    }
    common.then_some(both)
}

/// `validateKeys`: the keys that some item has, and the values for them.
fn valid(all: &[Values], values: &[EcoString], keys: &[EcoString]) -> (Values, Values) {
    let is_used = |at: usize| all.iter().any(|values| values.get(at).is_some_and(|value| !value.is_empty()));
    let used: Vec<bool> = (0..keys.len()).map(is_used).collect();
    if !used.contains(&true) {
        return (keys.to_vec(), values.to_vec());
    }
    let kept =
        |list: &[EcoString]| list.iter().zip(&used).filter(|(_, used)| **used).map(|(text, _)| text.clone()).collect();
    (kept(keys), kept(values))
}

/// The first item that has these values (`ElementMatcher`).
fn find(items: &[Value], keys: &[EcoString], values: &[EcoString]) -> Option<usize> {
    let text = |value: &Value| value.scalar_text().cloned().unwrap_or_default();
    if keys.first().is_none_or(|key| key.is_empty()) {
        let wanted = values.first().cloned().unwrap_or_default();
        return items.iter().position(|item| text(item) == wanted);
    }
    let has = |item: &Value| {
        keys.iter().zip(values).all(|(key, value)| item.get(key).is_some_and(|found| text(found) == *value))
    };
    items.iter().position(|item| item.is_map() && has(item))
}

/// `ElementSetter`: replaces the items that have these values, or removes them; a new one comes to the end. An empty
/// value fits any, and items that are nothing are dropped on the way.
pub(super) fn set_element(
    items: &mut Vec<Value>,
    element: Option<Value>,
    keys: &[EcoString],
    values: &[EcoString],
) -> Result<(), Problem> {
    let seeks_maps = [keys.first(), values.first()].iter().all(|first| first.is_some_and(|text| !text.is_empty()));
    let mut found = false;
    let mut kept = Vec::with_capacity(items.len() + 1);
    for item in items.drain(..) {
        if is_nothing(&item) {
            continue;
        }
        if seeks_maps && !item.is_map() {
            kept.push(item);
        } else if fits(&item, keys, values)? {
            found = true;
            kept.extend(element.clone());
        } else if !values.is_empty() {
            kept.push(item);
        }
    }
    kept.extend(element.filter(|element| !found && !is_absent(element)));
    *items = kept;
    Ok(())
}

fn fits(item: &Value, keys: &[EcoString], values: &[EcoString]) -> Result<bool, Problem> {
    if values.is_empty() {
        return Ok(false);
    }
    for (key, value) in keys.iter().zip(values) {
        let kind = if key.is_empty() { Kind::Scalar } else { Kind::Map };
        if kind_of(item) != kind {
            return Err(wrong_kind(kind, item));
        }
        let found = if key.is_empty() { Some(item) } else { item.get(key) };
        let is_it = |found: &Value| found.scalar_text().map_or("", |text| text.as_str()) == value.as_str();
        if !found.is_some_and(|found| (value.is_empty() && !key.is_empty()) || is_it(found)) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// `appendListNode`: adds the items of the resource to those that were merged, and puts them over those of their keys.
fn append(mut merged: Vec<Value>, ours: &[Value], keys: &[EcoString]) -> Result<Vec<Value>, Problem> {
    for item in ours {
        let mut values = Values::new();
        if keys.first().is_none_or(|key| key.is_empty()) {
            values.push(item.scalar_text().cloned().unwrap_or_default());
        } else if !matches!(kind_of(item), Kind::Map) && !is_absent(item) {
            return Err(wrong_kind(Kind::Map, item));
        } else {
            for key in keys {
                match item.get(key) {
                    Some(value) => values.push(value.scalar_text().cloned().unwrap_or_default()),
                    None => merged.push(item.clone()),
                }
            }
            if keys.len() > 1 {
                set_element(&mut merged, None, keys, &values)?;
            }
        }
        set_element(&mut merged, Some(item.clone()), keys, &values)?;
    }
    Ok(merged)
}

/// What kyaml takes for no item: null, and an empty mapping.
fn is_nothing(item: &Value) -> bool {
    is_absent(item) || (item.is_map() && item.entries().is_empty())
}

fn put(list: &mut Value, items: Vec<Value>) {
    if let Some(place) = list.items_mut() {
        *place = items.into();
    }
}
