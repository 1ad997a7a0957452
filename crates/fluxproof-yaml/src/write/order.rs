//! The order of keys: `keyList.Less` in `sorter.go`.

use crate::Entry;
use std::cmp::Ordering;

/// The order in which yaml.v2 writes keys: characters that are no letters before letters, runs of digits as numbers.
///
/// `9` < `10` < `A` < `a` < `a-b` < `a.b` < `a_b`, `k9` < `k10`, `01` behind `1`. Numbers beyond 64 bits wrap, as they do in Go,
/// so that for keys with such this is no order that can be relied on.
#[must_use]
pub fn natural_order(a: &str, b: &str) -> Ordering {
    let same = a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count();
    let start = (0..=same).rev().find(|at| a.is_char_boundary(*at) && b.is_char_boundary(*at)).unwrap_or(0);
    let (rest_a, rest_b) = (&a[start..], &b[start..]);
    match (rest_a.chars().next(), rest_b.chars().next()) {
        (Some(first_a), Some(first_b)) => at_difference(&a[..start], (first_a, rest_a), (first_b, rest_b)),
        (first_a, first_b) => first_a.cmp(&first_b),
    }
}

fn at_difference(same: &str, (first_a, a): (char, &str), (first_b, b): (char, &str)) -> Ordering {
    match (is_letter(first_a), is_letter(first_b)) {
        (true, true) => return first_a.cmp(&first_b),
        (true, false) => return Ordering::Greater,
        (false, true) => return Ordering::Less,
        (false, false) => {}
    }
    // Behind another digit, a zero counts.
    let counts = (first_a == '0' || first_b == '0') && ends_in_number(same);
    let (number_a, digits_a) = number(a, i64::from(counts));
    let (number_b, digits_b) = number(b, i64::from(counts));
    number_a.cmp(&number_b).then(digits_a.cmp(&digits_b)).then(first_a.cmp(&first_b))
}

fn is_letter(character: char) -> bool {
    character.is_alphabetic()
}

fn is_digit(character: char) -> bool {
    character.is_ascii_digit()
}

/// Whether a text ends in digits that are not all zero.
fn ends_in_number(text: &str) -> bool {
    text.chars().rev().take_while(|character| is_digit(*character)).any(|digit| digit != '0')
}

/// The number that a text begins with, and its count of digits.
fn number(text: &str, start: i64) -> (i64, usize) {
    text.chars().take_while(|character| is_digit(*character)).fold((start, 0), |(number, count), digit| {
        let digit = i64::from(u32::from(digit)) - i64::from(u32::from('0'));
        (number.wrapping_mul(10).wrapping_add(digit), count + 1)
    })
}

/// Below this many keys they are sorted by insertion.
const FEW: usize = 12;

/// Sorts entries by their keys. Not the standard library's sort: that one may panic where an order contradicts itself.
pub(super) fn sort(entries: &mut [&Entry]) {
    if entries.is_sorted_by(|a, b| natural_order(&a.key, &b.key).is_le()) {
        return;
    }
    if entries.len() <= FEW {
        return insert(entries);
    }
    let (left, right) = entries.split_at_mut(entries.len() / 2);
    sort(left);
    sort(right);
    let merged = merge(left, right);
    entries.copy_from_slice(&merged);
}

fn insert(entries: &mut [&Entry]) {
    for end in 1..entries.len() {
        let mut at = end;
        while at > 0 && natural_order(&entries[at - 1].key, &entries[at].key).is_gt() {
            entries.swap(at - 1, at);
            at -= 1;
        }
    }
}

fn merge<'v>(mut left: &[&'v Entry], mut right: &[&'v Entry]) -> Vec<&'v Entry> {
    let mut merged = Vec::with_capacity(left.len() + right.len());
    while let ([first, rest_left @ ..], [second, rest_right @ ..]) = (left, right) {
        if natural_order(&first.key, &second.key).is_le() {
            merged.push(*first);
            left = rest_left;
        } else {
            merged.push(*second);
            right = rest_right;
        }
    }
    merged.extend_from_slice(left);
    merged.extend_from_slice(right);
    merged
}
