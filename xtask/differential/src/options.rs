//! What the command line says.

use std::path::PathBuf;
use std::time::Duration;

const USAGE: &str =
    "usage: cargo xtask differential KUSTOMIZE [--seed N] [--minutes N | --cases N] [--whole] [--errors]";

/// Trees to build where nothing is said.
const CASES: u64 = 200;

/// What to do.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Options {
    pub(crate) program: PathBuf,
    pub(crate) seed: u64,
    minutes: Option<u64>,
    cases: Option<u64>,
    /// Whether a tree is shown as it was made.
    pub(crate) whole: bool,
    /// Whether errors in other words are shown.
    pub(crate) errors: bool,
}

impl Options {
    pub(crate) fn read(args: &[String]) -> Result<Self, String> {
        let mut args = args.iter().map(String::as_str);
        let program = args.next().filter(|word| !word.starts_with("--")).ok_or(USAGE)?;
        let mut options =
            Self { program: program.into(), seed: 0, minutes: None, cases: None, whole: false, errors: false };
        while let Some(word) = args.next() {
            match word {
                "--whole" => options.whole = true,
                "--errors" => options.errors = true,
                "--seed" => options.seed = number(args.next())?,
                "--minutes" => options.minutes = Some(number(args.next())?),
                "--cases" => options.cases = Some(number(args.next())?),
                _ => return Err(USAGE.to_owned()),
            }
        }
        Ok(options)
    }

    /// Whether there is something left to do.
    pub(crate) fn goes_on(&self, cases: u64, elapsed: Duration) -> bool {
        match (self.cases, self.minutes) {
            (Some(most), _) => cases < most,
            (None, Some(minutes)) => elapsed < Duration::from_secs(60 * minutes),
            (None, None) => cases < CASES,
        }
    }
}

fn number(word: Option<&str>) -> Result<u64, String> {
    word.and_then(|word| word.parse().ok()).ok_or_else(|| USAGE.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<Options, String> {
        Options::read(&line.split(' ').map(str::to_owned).collect::<Vec<_>>())
    }

    #[test]
    fn options_end_a_run() -> Result<(), String> {
        let options = read("kustomize --seed 7 --cases 2 --whole")?;
        assert_eq!((options.seed, options.whole, options.errors), (7, true, false));
        assert!(options.goes_on(1, Duration::from_secs(9)) && !options.goes_on(2, Duration::ZERO));
        let options = read("kustomize --minutes 1")?;
        assert!(options.goes_on(99999, Duration::from_secs(59)) && !options.goes_on(0, Duration::from_secs(60)));
        assert!(read("--seed 1").is_err() && read("kustomize --seed").is_err() && read("kustomize more").is_err());
        Ok(())
    }
}
