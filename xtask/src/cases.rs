//! Counting the cases that test runners report.

use std::ops::AddAssign;

/// How many cases passed and failed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Cases {
    pub(crate) passed: u32,
    pub(crate) failed: u32,
}

impl AddAssign for Cases {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

impl Cases {
    /// What a line of a runner's output tells: cargo's `test result:` lines, and the `# pass` and `# fail` of Node's TAP.
    pub(crate) fn of_line(line: &str) -> Self {
        if let Some(rest) = line.strip_prefix("test result: ") {
            return Self { passed: before(rest, " passed"), failed: before(rest, " failed") };
        }
        let after = |prefix: &str| line.strip_prefix(prefix).and_then(|count| count.trim().parse().ok()).unwrap_or(0);
        Self { passed: after("# pass "), failed: after("# fail ") + after("# cancelled ") }
    }

    /// What a step counts that ended with or without success: one that has no cases is itself a case.
    pub(crate) fn settled(self, success: bool) -> Self {
        match (success, self) {
            (true, cases) if cases == Self::default() => Self { passed: 1, failed: 0 },
            (false, cases) if cases.failed == 0 => Self { failed: 1, ..cases },
            (_, cases) => cases,
        }
    }
}

/// The number that stands before a word.
fn before(line: &str, word: &str) -> u32 {
    let number = line.split(word).next().and_then(|start| start.rsplit(' ').next());
    number.and_then(|number| number.parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::Cases;

    #[test]
    fn both_runners_are_read() {
        let cargo =
            "test result: FAILED. 12 passed; 3 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s";
        assert_eq!(Cases::of_line(cargo), Cases { passed: 12, failed: 3 });
        assert_eq!(Cases::of_line("# pass 7"), Cases { passed: 7, failed: 0 });
        assert_eq!(Cases::of_line("# fail 2"), Cases { passed: 0, failed: 2 });
        assert_eq!(Cases::of_line("12 passed in a test of its own"), Cases::default());
    }

    #[test]
    fn a_step_without_cases_is_one() {
        assert_eq!(Cases::default().settled(true), Cases { passed: 1, failed: 0 });
        assert_eq!(Cases::default().settled(false), Cases { passed: 0, failed: 1 });
        assert_eq!(Cases { passed: 4, failed: 0 }.settled(false), Cases { passed: 4, failed: 1 });
    }
}
