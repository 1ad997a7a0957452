//! `sortOptions`, and the order of the command line (`SortOrderTransformer.go`).

use super::{Accumulator, Builder, Level, Order};
use crate::kustomization::{field, items, text};
use crate::model::{FIRST, Gvk, LAST, Resource};
use fluxproof_yaml::{EcoString, Problem, Value};
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

const UNKNOWN_ORDER: &str = "the field 'sortOptions.order' must be one of [fifo, legacy]";
const FIFO_WITH_LISTS: &str =
    "the field 'sortOptions.legacySortOptions' is set but the selected sort order is 'fifo', not 'legacy'";

impl Builder<'_, '_> {
    /// Puts the resources in the order that the kustomization, or else the caller, asks for.
    pub(super) fn sort(&self, level: Level<'_>, accumulator: &mut Accumulator) -> Result<(), Problem> {
        let legacy = self.options.order == Order::Legacy;
        let Some(options) = field(level.kustomization, "sortOptions") else {
            if legacy {
                sort_legacy(accumulator, None);
            }
            return Ok(());
        };
        let lists = field(options, "legacySortOptions");
        match text(options, "order").and_then(Value::as_str) {
            Some("legacy") => {
                sort_legacy(accumulator, lists);
                Ok(())
            }
            Some("fifo") => match lists {
                Some(lists) => Err(Problem::new(lists.span, FIFO_WITH_LISTS)),
                None => Ok(()),
            },
            _ => Err(Problem::new(options.span, UNKNOWN_ORDER)),
        }
    }
}

/// Sorts by kind; the lists of a kustomization take the place of both of kustomize's own.
fn sort_legacy(accumulator: &mut Accumulator, lists: Option<&Value>) {
    let list = |name| lists.map_or(&[][..], |lists| items(lists, name)).iter().filter_map(Value::as_str).collect();
    let (first, last): (Vec<&str>, Vec<&str>) = match lists {
        None => (FIRST.to_vec(), LAST.to_vec()),
        Some(_) => (list("orderFirst"), list("orderLast")),
    };
    let classes = classes(accumulator.set.iter(), &first, &last);
    fluxproof_order::sort_by_cached_key(accumulator.set.all_mut(), |resource| {
        let class = classes.get(&resource.gvk()).copied().unwrap_or_default();
        (
            class,
            Place { namespace: resource.namespace().unwrap_or("~X").into(), name: or(resource.name(), "~N").into() },
        )
    });
}

/// The kinds of resources, numbered in their order.
fn classes<'r>(resources: impl Iterator<Item = &'r Resource>, first: &[&str], last: &[&str]) -> BTreeMap<Gvk, usize> {
    let kinds: BTreeSet<Gvk> = fluxproof_order::gather(resources.map(Resource::gvk));
    let mut kinds: Vec<Gvk> = kinds.into_iter().collect();
    fluxproof_order::sort_by(&mut kinds, |a, b| {
        let ranks = a.rank(first, last).cmp(&b.rank(first, last));
        ranks.then_with(|| by_gvk(a, b)).then_with(|| a.to_string().cmp(&b.to_string()))
    });
    fluxproof_order::gather(kinds.into_iter().enumerate().map(|(at, gvk)| (gvk, at)))
}

/// Where a resource stands among those of its kind: by the text `namespace|name` (`legacyResIDSortString`).
#[derive(PartialEq, Eq)]
struct Place {
    namespace: EcoString,
    name: EcoString,
}

impl Place {
    fn text(&self) -> impl Iterator<Item = u8> + '_ {
        [&*self.namespace, "|", &*self.name].into_iter().flat_map(str::bytes)
    }
}

impl Ord for Place {
    fn cmp(&self, other: &Self) -> Ordering {
        if self.namespace == other.namespace {
            return self.name.cmp(&other.name);
        }
        self.text().cmp(other.text())
    }
}

impl PartialOrd for Place {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

fn or<'t>(text: &'t str, none: &'t str) -> &'t str {
    if text.is_empty() { none } else { text }
}

/// `gvkLessThan`: Namespaces of the core group come before those of others.
fn by_gvk(a: &Gvk, b: &Gvk) -> Ordering {
    let order = a.sort_text().cmp(&b.sort_text());
    let namespaces = a.kind == "Namespace" && b.kind == "Namespace" && (a.group.is_empty() || b.group.is_empty());
    if namespaces { order.reverse() } else { order }
}
