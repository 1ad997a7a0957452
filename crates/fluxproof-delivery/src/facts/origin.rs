//! Repositories by their urls.

use super::table::Table;

static SOURCES: Table = Table::new(include_str!("../../../../data/git-sources.tsv"));

/// The url without what spells one place in several ways: `ssh://git@GitHub.com:22/a/b.git/` and
/// `git@github.com:a/b` are both `github.com/a/b`.
pub(crate) fn normal(url: &str) -> String {
    let url = url.trim().to_lowercase();
    let (scheme, rest) = url.split_once("://").map_or((None, url.as_str()), |(scheme, rest)| (Some(scheme), rest));
    let (host, path) = match scheme {
        Some(_) => rest.split_once('/').unwrap_or((rest, "")),
        None => rest.split_once([':', '/']).unwrap_or((rest, "")),
    };
    let host = host.rsplit('@').next().unwrap_or(host).split(':').next().unwrap_or(host);
    let path = path.trim_matches('/');
    let path = path.strip_suffix(".git").unwrap_or(path);
    if path.is_empty() { host.to_owned() } else { format!("{host}/{path}") }
}

/// Whether the table lists this url for a project, as one of these kinds (`git`, `helm`, `oci`).
pub(crate) fn is_of(project: &str, kinds: &[&str], url: &str) -> bool {
    let url = normal(url);
    SOURCES.of(project).any(|row| kinds.contains(&row.column(1)) && row.column(2) == url)
}

#[cfg(test)]
mod tests {
    use super::super::table::tests::{is_sorted, is_well_formed};
    use super::*;

    #[test]
    fn the_table_is_sorted_and_sourced() {
        is_well_formed(&SOURCES);
        is_sorted(&SOURCES, &[0, 1, 2]);
    }

    #[test]
    fn one_place_has_one_normal_url() {
        for url in [
            "https://github.com/a/b",
            "http://GitHub.com/a/b.git",
            "https://token@github.com:443/a/b/",
            "ssh://git@github.com/a/b.git",
            "ssh://git@github.com:22/a/b",
            "git@github.com:a/b.git",
        ] {
            assert_eq!(normal(url), "github.com/a/b", "{url}");
        }
        assert_eq!(normal("https://charts.example.com/"), "charts.example.com");
        assert_eq!(normal(""), "");
    }

    #[test]
    fn a_url_that_only_ends_alike_is_another() {
        assert!(!is_of(
            "external-secrets",
            &["git"],
            "https://example.com/github.com/external-secrets/external-secrets"
        ));
        assert!(!is_of("external-secrets", &["git"], "https://charts.external-secrets.io"));
    }
}
