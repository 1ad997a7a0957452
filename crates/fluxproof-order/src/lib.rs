//! Sorting by one routine for all types.
//!
//! The standard library has a copy of its sort for every type and order, of some 4 KB of WebAssembly each. Here the places
//! are sorted, by one copy, and then the items are brought into their places. It is stable, and costs an indirect call a
//! comparison, but nothing for what is in order already. Sorted maps are gathered item by item, for the same reason: the
//! standard library sorts what it collects into them.

use std::cmp::Ordering;

/// Sorts items; equal ones keep their order.
pub fn sort<T: Ord>(items: &mut [T]) {
    sort_by(items, T::cmp);
}

/// Sorts items by a key; those with equal keys keep their order.
pub fn sort_by_key<T, K: Ord>(items: &mut [T], key: impl Fn(&T) -> K) {
    sort_by(items, |a, b| key(a).cmp(&key(b)));
}

/// Sorts items by a key that is made once for each; those with equal keys keep their order.
pub fn sort_by_cached_key<T, K: Ord>(items: &mut [T], key: impl Fn(&T) -> K) {
    let keys: Vec<K> = items.iter().map(key).collect();
    arrange(items, places(keys.len(), &|a, b| keys[a].cmp(&keys[b])));
}

/// Sorts items by an order; equal ones keep theirs.
pub fn sort_by<T>(items: &mut [T], order: impl Fn(&T, &T) -> Ordering) {
    if items.is_sorted_by(|a, b| order(a, b).is_le()) {
        return;
    }
    let places = places(items.len(), &|a, b| order(&items[a], &items[b]));
    arrange(items, places);
}

/// Gathers items in a sorted map or set. Of equal keys the first stays, with the last value.
pub fn gather<C: Default + Extend<T>, T>(items: impl IntoIterator<Item = T>) -> C {
    let mut all = C::default();
    all.extend(items);
    all
}

/// Brings each item into its place.
fn arrange<T>(items: &mut [T], mut places: Vec<usize>) {
    for start in 0..items.len() {
        let mut at = start;
        while places[at] != at {
            let from = std::mem::replace(&mut places[at], at);
            if from != start {
                items.swap(at, from);
            }
            at = from;
        }
    }
}

/// Which item comes to each place.
#[inline(never)]
fn places(count: usize, order: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut places: Vec<usize> = (0..count).collect();
    places.sort_by(|a, b| order(*a, *b));
    places
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    /// Items without a pattern, many of them equal in their first half.
    fn items(count: u32) -> Vec<(u32, u32)> {
        (0..count).map(|n| (n.wrapping_mul(2_654_435_761) >> 28, n)).collect()
    }

    #[test]
    fn it_sorts_as_the_standard_library_does() {
        for count in 0..200 {
            let (mut own, mut theirs) = (items(count), items(count));
            sort_by_key(&mut own, |item| item.0);
            theirs.sort_by_key(|item| item.0);
            assert_eq!(own, theirs);
            sort_by_cached_key(&mut own, |item| item.1 % 7);
            theirs.sort_by_cached_key(|item| item.1 % 7);
            assert_eq!(own, theirs);
            sort_by(&mut own, |a, b| b.cmp(a));
            theirs.sort_by(|a, b| b.cmp(a));
            assert_eq!(own, theirs);
            sort(&mut own);
            theirs.sort();
            assert_eq!(own, theirs);
        }
    }

    #[test]
    fn it_gathers_as_the_standard_library_does() {
        let keyed = || items(200).into_iter();
        let (own, theirs): (BTreeMap<u32, u32>, BTreeMap<u32, u32>) = (gather(keyed()), keyed().collect());
        assert_eq!(own, theirs);
    }
}
