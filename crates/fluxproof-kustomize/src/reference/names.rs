//! References follow the objects that were renamed (`namereferencetransformer.go`, `api/filters/nameref`).

use super::candidates::{Candidates, Referral, Referrer, Sought};
use crate::Resource;
use crate::build::{Accumulator, Builder};
use crate::model::Gvk;
use crate::spec::{Backreference, Make, Row, Rows, visit};
use crate::tree::Writer;
use fluxproof_yaml::{Data, EcoString, Problem, Sources, Span, Value};

/// The places where objects name others, by the kind of the object; and what each place names.
struct References<'c> {
    sources: &'c Sources,
    rows: Rows,
    targets: Vec<&'c Gvk>,
}

/// One place in one object.
struct Place<'p> {
    sources: &'p Sources,
    candidates: &'p Candidates,
    referrer: &'p Referrer,
    target: &'p Gvk,
    is_role: bool,
}

/// Writes the names of now where names of before stand. An object that was not renamed is left alone, and so is a name
/// in a place that no row knows.
pub(crate) fn fix_names(builder: &mut Builder<'_, '_>, accumulator: &mut Accumulator) -> Result<(), Problem> {
    let config = accumulator.config.clone();
    let references = References::new(builder.sources(), &config.name_reference);
    if !accumulator.set.iter().any(|resource| references.rows.places(&resource.original_id().gvk).next().is_some()) {
        return Ok(());
    }
    let candidates = Candidates::new(&accumulator.set);
    if candidates.is_empty() {
        return Ok(());
    }
    for resource in accumulator.set.all_mut() {
        let fixed = references.fix(resource, &candidates);
        builder.check(fixed);
    }
    Ok(())
}

impl<'c> References<'c> {
    fn new(sources: &'c Sources, references: &'c [Backreference]) -> Self {
        let rows = Rows::new(references.iter().flat_map(|reference| &reference.referrers));
        let targets = references.iter().flat_map(|one| one.referrers.iter().map(|_| &one.gvk)).collect();
        Self { sources, rows, targets }
    }

    fn fix(&self, resource: &mut Resource, candidates: &Candidates) -> Result<(), Problem> {
        let original = resource.original_id().gvk;
        let mut places = self.rows.places(&original).peekable();
        if places.peek().is_none() {
            return Ok(());
        }
        let referrer = Referrer::new(resource)?;
        for at in places {
            let (Some(row), Some(target)) = (self.rows.get(at), self.targets.get(at)) else { continue };
            let is_role = row.spec.path.ends_with("roleRef/name");
            let place = Place { sources: self.sources, candidates, referrer: &referrer, target, is_role };
            place.fix(resource, row)?;
        }
        Ok(())
    }
}

impl Place<'_> {
    fn fix(&self, resource: &mut Resource, row: &Row) -> Result<(), Problem> {
        visit(resource, row, Make::Nothing, writer(resource.span), &mut |value| self.fixed(value)).map_err(|problem| {
            let context = format!("updating name reference in '{}' field of '{}'", row.spec.path, resource.id());
            Problem { message: format!("{context}: {}", problem.message), ..problem }
        })
    }

    /// What a reference becomes: a name, a mapping with a name and a namespace, or a list of either.
    fn fixed(&self, value: &Value) -> Result<Option<Value>, Problem> {
        match &value.data {
            Data::Scalar(..) if value.is_null() => Ok(None),
            Data::Scalar(text, _) => self.fixed_name(value, text),
            Data::Map(_) => self.fixed_map(value),
            Data::Seq(items) => {
                let mut changed: Option<Value> = None;
                for (at, item) in items.iter().enumerate() {
                    if item.is_seq() {
                        let message = "a list in a list is expected to be either a string or a map of string";
                        return Err(Problem::new(item.span, message));
                    }
                    if let Some(new) = self.fixed(item)? {
                        let list = changed.get_or_insert_with(|| value.clone()).items_mut();
                        list.and_then(|items| items.make_mut().get_mut(at)).into_iter().for_each(|p| *p = new.clone());
                    }
                }
                Ok(changed)
            }
        }
    }

    fn fixed_name(&self, value: &Value, name: &EcoString) -> Result<Option<Value>, Problem> {
        let referral = self.find(value, name, None, false)?.filter(|referral| referral.name != name);
        Ok(referral.map(|referral| writer(referral.asked.0).retyped(self.sources, value, referral.name.clone())))
    }

    fn fixed_map(&self, map: &Value) -> Result<Option<Value>, Problem> {
        let Some(name) = map.get("name") else {
            return Err(Problem::new(map.span, "path config error; no 'name' field in node"));
        };
        let text = name.scalar_text().map_or("", EcoString::as_str);
        let namespace = map.get("namespace").map(|namespace| namespace.scalar_text().map_or("", EcoString::as_str));
        let Some(referral) = self.find(name, text, namespace, true)? else { return Ok(None) };
        let same = |key: &str, text: &str| map.get(key).and_then(Value::scalar_text).is_some_and(|old| old == text);
        let parts = [("name", referral.name, referral.asked.0), ("namespace", referral.namespace, referral.asked.1)];
        let mut parts = parts.into_iter().filter(|(key, text, _)| !text.is_empty() && !same(key, text)).peekable();
        Ok(parts.peek().is_some().then(|| {
            let mut changed = map.clone();
            parts.for_each(|(key, text, at)| self.set(&mut changed, key, text, writer(at)));
            changed
        }))
    }

    fn find(
        &self,
        place: &Value,
        name: &str,
        namespace: Option<&str>,
        with_namespace: bool,
    ) -> Result<Option<Referral<'_>>, Problem> {
        let (target, is_role, span) = (self.target, self.is_role, place.span);
        self.candidates.find(self.referrer, &Sought { name, namespace, with_namespace, target, is_role, span })
    }

    fn set(&self, map: &mut Value, key: &str, text: &EcoString, writer: Writer) {
        let new = map.get(key).map(|old| writer.retyped(self.sources, old, text.clone()));
        match (map.get_mut(key), new) {
            (Some(place), Some(new)) => *place = new,
            _ => writer.push(map, key, Value::string(writer.at, text.clone())),
        }
    }
}

/// References have no field of their own that asks for them: `at` asks for the new name.
fn writer(at: Span) -> Writer {
    Writer::new("nameReference", at)
}
