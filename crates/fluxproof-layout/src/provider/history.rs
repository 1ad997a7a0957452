//! What a release of External Secrets does not have yet, or no longer.

use super::{Issue, rows};
use crate::versions::{Release, nearest};

const TABLE: &str = include_str!("../../data/provider-history.tsv");

/// A row: what, path, version.
fn row(what: &str, path: &str) -> Option<Release> {
    rows(TABLE).find(|row| row.get(..2) == Some(&[what, path])).and_then(|row| Release::parse(row.get(2)?))
}

/// A release that the table cannot place is taken for the newest.
fn is_before(version: &str, since: Release) -> bool {
    Release::parse(version).is_some_and(|version| version < since)
}

/// Says that a release has no such provider.
pub(crate) fn of_provider(provider: &str, version: &str) -> Option<Issue> {
    if let Some(gone) = row("removed", provider) {
        let message = format!("External Secrets has no provider {provider} since {gone}");
        return Some(Issue::new("", message, "choose another provider: a layout cannot be made for this one"));
    }
    too_new("provider", provider, "", &format!("the provider {provider}"), version)
}

/// Says that a release has no such field yet. The path starts with the provider.
pub(crate) fn of_field(path: &str, at: &str, version: &str) -> Option<Issue> {
    too_new("field", path, at, "the field", version)
}

/// Says that a release has no such choice yet.
pub(crate) fn of_value(path: &str, value: &str, at: &str, version: &str) -> Option<Issue> {
    too_new("value", &format!("{path}={value}"), at, value, version)
}

fn too_new(what: &str, path: &str, at: &str, name: &str, version: &str) -> Option<Issue> {
    let since = row(what, path)?;
    is_before(version, since).then(|| {
        let message = format!("External Secrets {version} does not know {name} yet: it came with {since}");
        Issue::new(at, message, format!("{} or a later version, or do without", nearest(since)))
    })
}

/// The fields of a provider that a release still demands, though the newest schema does not.
pub(crate) fn needed(provider: &str, version: &str) -> Vec<(&'static str, Release)> {
    let rows = rows(TABLE).filter(|row| row.first() == Some(&"needed"));
    rows.filter_map(|row| {
        let path = row.get(1)?.strip_prefix(provider)?.strip_prefix('.')?;
        let until = Release::parse(row.get(2)?)?;
        is_before(version, until).then_some((path, until))
    })
    .collect()
}

/// The first release with a provider, where it came after those that a layout is made for.
#[cfg(test)]
pub(crate) fn since(provider: &str) -> Option<Release> {
    row("provider", provider)
}

/// What came later, in words.
#[cfg(test)]
pub(crate) fn sentences(provider: &str) -> Vec<String> {
    let mine = rows(TABLE).filter_map(|row| Some((row[0], row[1].strip_prefix(provider)?.strip_prefix('.')?, row[2])));
    let sentence = |(what, path, version): (&str, &str, &str)| match what {
        "needed" => format!("`{path}` is demanded before {version}."),
        _ => format!("`{}` came with {version}.", path.replace('=', ": ")),
    };
    mine.map(sentence).collect()
}

#[cfg(test)]
mod tests {
    use super::super::schema::provider;
    use super::*;

    #[test]
    fn rows_are_of_fields_that_are_in_the_schema() {
        for row in rows(TABLE) {
            let [what, path, version] = row[..] else { panic!("{row:?}") };
            assert!(Release::parse(version).is_some(), "{row:?}");
            let (name, below) = path.split_once('.').unwrap_or((path, ""));
            let (below, value) = below.split_once('=').unwrap_or((below, ""));
            let known = provider(name).is_some_and(|it| below.is_empty() || it.at(below).is_some());
            assert_eq!(known, what != "removed", "{path}");
            assert_eq!(value.is_empty(), what != "value", "{path}");
        }
    }

    #[test]
    fn a_provider_that_came_later_is_refused_with_the_version_that_has_it() {
        let issue = of_provider("dvls", "1.2.1").expect("refused");
        assert!(issue.message.contains("came with 1.3.0"), "{issue:?}");
        assert!(issue.help.contains("use 1.3.1"), "the first release with a chart: {issue:?}");
        assert_eq!(of_provider("dvls", "1.3.1"), None);
        assert_eq!(of_provider("dvls", "9.9.9"), None);
        assert!(of_provider("alibaba", "1.0.0").is_some_and(|issue| issue.message.contains("since 2.0.0")));
    }
}
