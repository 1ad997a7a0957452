//! `sortOptions`, and the order of the command line (`SortOrderTransformer.go`).

use super::{Accumulator, Builder, Level, Order};
use crate::kustomization::{field, items, text};
use crate::model::{FIRST, Gvk, LAST, Resource};
use fluxproof_yaml::{Problem, Value};
use std::cmp::Ordering;

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
    let resources = std::mem::take(accumulator.set.all_mut());
    let mut keyed: Vec<(usize, Gvk, String, Resource)> =
        resources.into_iter().map(|r| (r.gvk().rank(&first, &last), r.gvk(), sort_text(&r), r)).collect();
    fluxproof_order::sort_by(&mut keyed, |a, b| {
        a.0.cmp(&b.0).then_with(|| by_gvk(&a.1, &b.1)).then_with(|| a.2.cmp(&b.2))
    });
    *accumulator.set.all_mut() = keyed.into_iter().map(|(.., resource)| resource).collect();
}

/// `gvkLessThan`: Namespaces of the core group come before those of others.
fn by_gvk(a: &Gvk, b: &Gvk) -> Ordering {
    let order = a.sort_text().cmp(&b.sort_text());
    let namespaces = a.kind == "Namespace" && b.kind == "Namespace" && (a.group.is_empty() || b.group.is_empty());
    if namespaces { order.reverse() } else { order }
}

/// `legacyResIDSortString`
fn sort_text(resource: &Resource) -> String {
    let or = |text: &str, none: &str| if text.is_empty() { none.to_owned() } else { text.to_owned() };
    let id = resource.id();
    format!("{}|{}|{}", id.gvk, or(&id.namespace, "~X"), or(&id.name, "~N"))
}
