//! Showing differences, and counting.

use crate::compare::Outcome;
use crate::tree::Tree;
use std::fmt;

/// Prints a difference, and the tree that has it.
pub(crate) fn show(seed: u64, tree: &Tree, outcome: &Outcome) {
    println!("==== seed {seed}: {}", title(outcome));
    for (name, text) in tree {
        println!("## {name}\n{text}");
    }
    println!("---- difference\n{}\n", difference(outcome));
}

fn title(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Same => "the same",
        Outcome::Explained => "known, and explained",
        Outcome::BothFail { .. } => "both refuse, in other words",
        Outcome::Bytes { .. } => "other bytes",
        Outcome::OursFails { .. } => "only ours refuses",
        Outcome::TheirsFails { .. } => "only kustomize refuses",
    }
}

fn difference(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Same | Outcome::Explained => String::new(),
        Outcome::Bytes { theirs, ours } => lines(theirs, ours),
        Outcome::BothFail { theirs, ours, .. } => format!("-{theirs}\n+{ours}"),
        Outcome::OursFails { ours } => format!("+{ours}"),
        Outcome::TheirsFails { theirs } => format!("-{theirs}"),
    }
}

/// What is between the common start and the common end of two texts, with one line before it.
fn lines(theirs: &str, ours: &str) -> String {
    let (old, new): (Vec<&str>, Vec<&str>) = (theirs.lines().collect(), ours.lines().collect());
    let start = old.iter().zip(&new).take_while(|(one, other)| one == other).count();
    let same = |(one, other): &(&&str, &&str)| one == other;
    let end = old[start..].iter().rev().zip(new[start..].iter().rev()).take_while(same).count();
    let before = old[start.saturating_sub(1)..start].iter().map(|line| format!(" {line}"));
    let removed = old[start..old.len() - end].iter().map(|line| format!("-{line}"));
    let added = new[start..new.len() - end].iter().map(|line| format!("+{line}"));
    before.chain(removed).chain(added).collect::<Vec<_>>().join("\n")
}

/// How many trees came to what.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    same: u64,
    explained: u64,
    same_words: u64,
    other_words: u64,
    bytes: u64,
    ours: u64,
    theirs: u64,
}

impl Counts {
    pub(crate) fn count(&mut self, outcome: &Outcome) {
        *match outcome {
            Outcome::Same => &mut self.same,
            Outcome::Explained => &mut self.explained,
            Outcome::BothFail { same_words: true, .. } => &mut self.same_words,
            Outcome::BothFail { same_words: false, .. } => &mut self.other_words,
            Outcome::Bytes { .. } => &mut self.bytes,
            Outcome::OursFails { .. } => &mut self.ours,
            Outcome::TheirsFails { .. } => &mut self.theirs,
        } += 1;
    }

    pub(crate) fn differences(&self) -> u64 {
        self.bytes + self.ours + self.theirs
    }

    pub(crate) fn all(&self) -> u64 {
        self.same + self.explained + self.same_words + self.other_words + self.differences()
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} trees: {} built to the same bytes", self.all(), self.same)?;
        if self.explained > 0 {
            writeln!(f, "{} differ as is known and explained", self.explained)?;
        }
        writeln!(
            f,
            "{} refused by both, {} of them in other words",
            self.same_words + self.other_words,
            self.other_words
        )?;
        write!(f, "{} differences: {} in bytes, ", self.differences(), self.bytes)?;
        write!(f, "{} refused only by ours, {} only by kustomize", self.ours, self.theirs)
    }
}
