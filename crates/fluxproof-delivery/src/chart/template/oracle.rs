//! Answers for conditions that are not known: a template is run again until each has been answered both ways.
//!
//! What is in every run is certain, what is in some only is possible. One condition has one answer within a run, so
//! two parts of a template that ask the same agree.

use std::collections::BTreeMap;

/// How often one template is run at most.
const MAX_RUNS: usize = 12;

/// The answers.
#[derive(Debug, Default)]
pub(crate) struct Oracle {
    /// For each condition, whether it was answered with no, and with yes.
    given: BTreeMap<String, [bool; 2]>,
    current: BTreeMap<String, bool>,
    runs: usize,
}

impl Oracle {
    /// Begins a run; false where nothing is left to try.
    pub(crate) fn next_run(&mut self) -> bool {
        self.current.clear();
        self.runs += 1;
        self.runs == 1 || (self.runs <= MAX_RUNS && self.given.values().any(|given| *given != [true, true]))
    }

    /// Whether some condition was never answered in one way: there may be more than the runs have shown.
    pub(crate) fn is_short(&self) -> bool {
        self.given.values().any(|given| *given != [true, true])
    }

    /// The answer to a condition in this run: one that it has not had yet, where there is one.
    pub(crate) fn answer(&mut self, condition: &str) -> bool {
        if let Some(answer) = self.current.get(condition) {
            return *answer;
        }
        let given = self.given.entry(condition.to_owned()).or_default();
        let answer = !given[1] || given[0];
        given[usize::from(answer)] = true;
        self.current.insert(condition.to_owned(), answer);
        answer
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_condition_is_answered_both_ways_also_one_within_another() {
        let (mut oracle, mut seen) = (Oracle::default(), Vec::new());
        while oracle.next_run() {
            let a = oracle.answer("a");
            assert_eq!(oracle.answer("a"), a, "one answer within a run");
            seen.push((a, a.then(|| oracle.answer("b"))));
        }
        assert_eq!(seen, [(true, Some(true)), (false, None), (true, Some(false))]);
        assert!(!oracle.is_short());
    }
}
