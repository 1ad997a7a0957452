//! What the trees are like.

use crate::grammar::choices;
use crate::kinds::KINDS;
use crate::rules::{FIELDS, RULES};
use crate::tree::{made, tree};
use std::collections::BTreeSet;

#[test]
fn a_seed_is_a_tree() {
    for seed in 0..50 {
        assert_eq!(tree(seed), tree(seed));
        assert!(tree(seed).contains_key("top/kustomization.yaml"), "{seed}");
    }
    assert_ne!(tree(1), tree(2));
}

#[test]
fn every_alternative_is_taken_by_some_tree() {
    let taken: BTreeSet<_> = (0..6000).flat_map(|seed| made(seed).taken).collect();
    let fields = FIELDS.iter().copied();
    let texts = fields.chain(KINDS.iter().map(|kind| kind.2)).chain(RULES.iter().map(|rule| rule.1));
    for (text, count) in texts.flat_map(choices) {
        for at in 0..count {
            assert!(taken.contains(&(text, at)), "alternative {at} of {text}");
        }
    }
}

#[test]
fn no_rule_is_missing_and_none_is_never_called() {
    let own = ["name", "kind", "id", "patch"];
    let texts = FIELDS.iter().copied().chain(KINDS.iter().map(|kind| kind.2)).chain(RULES.iter().map(|rule| rule.1));
    let called: BTreeSet<&str> = texts.flat_map(|text| text.split('«').skip(1)).map(rule_name).collect();
    let written: BTreeSet<&str> = RULES.iter().map(|rule| rule.0).chain(own).collect();
    let only_called: Vec<_> = called.difference(&written).collect();
    let only_written: Vec<_> = written.difference(&called).filter(|name| **name != "metadata").collect();
    assert!(only_called.is_empty() && only_written.is_empty(), "{only_called:?} {only_written:?}");
}

fn rule_name(text: &str) -> &str {
    let name = text.split('»').next().unwrap_or("").trim_start_matches('+');
    name.split('.').next().unwrap_or(name)
}
