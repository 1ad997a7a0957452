//! Which releases of External Secrets the layout can be made for.

const RELEASES: &str = include_str!("../data/eso-releases.tsv");

/// A release as numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Release(u32, u32, u32);

/// What the table says of a release.
struct Row {
    release: Release,
    has_chart: bool,
    serves_v1: bool,
    has_bases: bool,
}

/// Why there is no layout for a release: what, and what to do.
pub(crate) type Refusal = (String, String);

impl std::fmt::Display for Release {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}.{}", self.0, self.1, self.2)
    }
}

impl Release {
    /// `2.9.0` and nothing else: no `v`, no range, no leading zero.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('.').map(number);
        let release = Self(parts.next()??, parts.next()??, parts.next()??);
        parts.next().is_none().then_some(release)
    }
}

fn number(text: &str) -> Option<u32> {
    let canonical = text.bytes().all(|b| b.is_ascii_digit()) && (text.len() == 1 || !text.starts_with('0'));
    canonical.then(|| text.parse().ok())?
}

fn rows() -> impl Iterator<Item = Row> {
    RELEASES.lines().filter(|line| !line.starts_with('#')).filter_map(row)
}

fn row(line: &str) -> Option<Row> {
    let mut columns = line.split('\t');
    Some(Row {
        release: Release::parse(columns.next()?)?,
        has_chart: columns.next()? == "yes",
        serves_v1: columns.next()?.split(',').any(|version| version == "v1"),
        has_bases: columns.next()? == "yes",
    })
}

fn is_usable(row: &Row) -> bool {
    row.has_chart && row.serves_v1 && row.has_bases
}

/// The newest release that the table knows.
pub(crate) fn newest() -> Option<Release> {
    rows().map(|row| row.release).max()
}

/// Says why there is no layout for a version. One that is newer than the table, or a newer patch of a known minor, is
/// taken to be like the rows before it.
///
/// # Errors
/// What is wrong and what would do.
pub(crate) fn check(text: &str) -> Result<(), Refusal> {
    let Some(release) = Release::parse(text) else {
        return Err((format!("{text:?} is not a release of External Secrets"), "write it as 2.9.0".to_owned()));
    };
    match rows().find(|row| row.release == release) {
        Some(row) => judge(&row),
        None if may_exist(release) => Ok(()),
        None => Err((format!("External Secrets {release} was never released"), nearest(release))),
    }
}

fn judge(row: &Row) -> Result<(), Refusal> {
    let release = row.release;
    let why = if !row.has_chart {
        format!("there is no chart for External Secrets {release}")
    } else if !row.serves_v1 {
        format!("External Secrets {release} does not serve external-secrets.io/v1, in which the store is written")
    } else if !row.has_bases {
        format!("the CRDs in config/crds/bases of External Secrets {release} lack their conversion webhook")
    } else {
        return Ok(());
    };
    Err((why, nearest(release)))
}

pub(crate) fn nearest(release: Release) -> String {
    let next = rows().filter(is_usable).map(|row| row.release).filter(|usable| *usable >= release).min();
    match next.or_else(newest) {
        Some(usable) => format!("use {usable}"),
        None => "use another release".to_owned(),
    }
}

/// Whether a release that the table lacks may have come after it: newer than all, or than all of its minor.
fn may_exist(release: Release) -> bool {
    let newest_of_minor = rows().map(|row| row.release).filter(|r| (r.0, r.1) == (release.0, release.1)).max();
    newest().is_none_or(|newest| newest < release)
        || newest_of_minor.is_some_and(|newest| newest < release && is_recent(release))
}

/// Old minors get no patches any more (stability-support.md).
fn is_recent(release: Release) -> bool {
    newest().is_some_and(|newest| newest.0 == release.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(version: &str) -> Refusal {
        check(version).expect_err(version)
    }

    #[test]
    fn what_the_layout_can_be_made_for() {
        for version in ["0.16.1", "0.20.1", "1.3.1", "2.9.0", "2.8.1", "2.10.0", "3.0.0"] {
            assert_eq!(check(version), Ok(()), "{version}");
        }
    }

    #[test]
    fn releases_without_a_chart_are_refused() {
        for (version, instead) in [("1.3.0", "use 1.3.1"), ("0.20.0", "use 0.20.1")] {
            assert_eq!(
                refusal(version),
                (format!("there is no chart for External Secrets {version}"), instead.to_owned())
            );
        }
    }

    #[test]
    fn releases_without_v1_or_complete_bases_are_refused() {
        assert!(refusal("0.15.1").0.contains("does not serve external-secrets.io/v1"));
        assert!(refusal("0.16.0").0.contains("conversion webhook"));
        assert_eq!(refusal("0.15.1").1, "use 0.16.1");
    }

    #[test]
    fn releases_that_never_were_are_refused() {
        for version in ["1.9.9", "1.4.0", "0.16.3", "2.0.2-"] {
            assert!(check(version).is_err(), "{version}");
        }
        assert_eq!(refusal("1.9.9").1, "use 2.0.0");
    }

    #[test]
    fn only_exact_versions_are_versions() {
        for version in
            ["v2.9.0", "2.9", "2.x", ">=2.0.0", "", "02.9.0", "2.9.0.1", "99999999999.0.0", "2.9.0-rc1", "latest"]
        {
            assert!(refusal(version).0.contains("is not a release"), "{version}");
        }
    }
}
