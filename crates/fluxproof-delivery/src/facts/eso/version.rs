//! Versions, and the releases that there are.

use crate::facts::table::{Row, Table};
use std::fmt;
use std::sync::OnceLock;

static RELEASES: Table = Table::new(include_str!("../../../../../data/eso-releases.tsv"));

/// A version of External Secrets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct EsoVersion(pub u32, pub u32, pub u32);

impl fmt::Display for EsoVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.0, self.1, self.2)
    }
}

impl EsoVersion {
    /// `2.9.0` or `v2.9.0`; none for ranges and anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.trim().strip_prefix('v').unwrap_or(text.trim()).split('.');
        let mut next = || number(parts.next()?);
        let version = Self(next()?, next()?, next()?);
        parts.next().is_none().then_some(version)
    }

    /// The newest version that the tables know. Newer ones are taken to be like it.
    #[must_use]
    pub fn newest() -> Self {
        releases().last().map_or(Self(0, 0, 0), |(version, _)| *version)
    }

    /// Whether a row that holds from `since` to `until` (empty: to this day) holds for this version.
    pub(crate) fn is_in(self, since: &str, until: &str) -> bool {
        Self::parse(since).is_some_and(|since| since <= self) && Self::parse(until).is_none_or(|until| self <= until)
    }
}

/// A number as a version has it: digits, no sign.
fn number(text: &str) -> Option<u32> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
}

/// Where a version stands to the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Position {
    /// It is a row.
    Exact,
    /// Newer than every row: what is said of it is said of the newest one.
    Newer,
    /// No such release, between two that there are.
    Between,
}

/// The release that the tables take for a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Nearest {
    /// The newest row at or below the version.
    pub row: EsoVersion,
    /// How it stands to that row.
    pub position: Position,
}

/// The newest release at or below a version; none below the oldest row, 0.3.9.
#[must_use]
pub fn nearest(version: EsoVersion) -> Option<Nearest> {
    let after = releases().partition_point(|(row, _)| *row <= version);
    let row = releases().get(after.checked_sub(1)?)?.0;
    let position = match row {
        row if row == version => Position::Exact,
        row if row == EsoVersion::newest() => Position::Newer,
        _ => Position::Between,
    };
    Some(Nearest { row, position })
}

/// Whether there is a chart of this very version; none where the table does not know the version.
///
/// Some tags have none: 0.7.3, 0.8.8 to 0.8.17, 0.9.15, 0.12.0, 0.20.0 and 1.3.0.
#[must_use]
pub fn chart_exists(version: EsoVersion) -> Option<bool> {
    let at = releases().binary_search_by_key(&version, |(row, _)| *row).ok()?;
    Some(releases()[at].1.column(2).is_empty())
}

/// The releases, the oldest first.
fn releases() -> &'static [(EsoVersion, Row)] {
    static READ: OnceLock<Vec<(EsoVersion, Row)>> = OnceLock::new();
    let version = |row: Row| Some((EsoVersion::parse(row.column(0))?, row));
    READ.get_or_init(|| RELEASES.rows().filter_map(version).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::table::tests::is_well_formed;

    #[test]
    fn the_table_is_in_order_and_dated() {
        is_well_formed(&RELEASES);
        let versions: Vec<EsoVersion> = releases().iter().map(|(version, _)| *version).collect();
        assert!(versions.is_sorted() && versions.len() == RELEASES.rows().count() && versions.len() == 117);
        let is_date = |text: &str| text.len() == 10 && text.starts_with("20") && text.matches('-').count() == 2;
        assert!(releases().iter().all(|(_, row)| is_date(row.column(1))));
    }

    #[test]
    fn versions_are_exact_or_none() {
        assert_eq!(EsoVersion::parse("2.9.0"), Some(EsoVersion(2, 9, 0)));
        assert_eq!(EsoVersion::parse("v2.9.0"), Some(EsoVersion(2, 9, 0)));
        for text in ["2.x", ">=1.0.0", "^2.9.0", "2.9", "2.9.0-rc1", "0.9.15-2", "2.9.+0", "", "${v}", "main", "2..0"] {
            assert_eq!(EsoVersion::parse(text), None, "{text}");
        }
    }

    #[test]
    fn the_nearest_row_is_at_or_below() {
        let near = |a, b, c| nearest(EsoVersion(a, b, c)).map(|n| (n.row, n.position));
        assert_eq!(near(2, 9, 0), Some((EsoVersion(2, 9, 0), Position::Exact)));
        assert_eq!(near(2, 10, 0), Some((EsoVersion(2, 9, 0), Position::Newer)));
        assert_eq!(near(1, 3, 9), Some((EsoVersion(1, 3, 2), Position::Between)));
        assert_eq!(near(0, 3, 8), None);
        assert_eq!(EsoVersion::newest(), EsoVersion(2, 9, 0));
    }

    #[test]
    fn some_tags_have_no_chart() {
        for text in ["0.7.3", "0.8.8", "0.8.17", "0.9.15", "0.12.0", "0.20.0", "1.3.0"] {
            assert_eq!(chart_exists(EsoVersion::parse(text).expect("a version")), Some(false), "{text}");
        }
        for text in ["0.3.9", "0.12.1", "0.20.1", "1.3.1", "2.9.0"] {
            assert_eq!(chart_exists(EsoVersion::parse(text).expect("a version")), Some(true), "{text}");
        }
        assert_eq!(chart_exists(EsoVersion(2, 10, 0)), None);
        assert_eq!(releases().iter().filter(|(_, row)| !row.column(2).is_empty()).count(), 15);
    }
}
