//! What folders of public Git repositories hold.

use super::eso::EsoVersion as Version;
use super::origin::normal;
use super::table::Table;

static CRDS: Table = Table::new(include_str!("../../../../data/git-crds.tsv"));

/// The groups and kinds of the CRDs in a folder of a repository at a tag; none where that is not known.
pub(crate) fn crds(url: &str, tag: &str, folder: &str) -> Vec<(&'static str, &'static str)> {
    let Some(version) = Version::parse(tag) else { return Vec::new() };
    let folder = folder.trim_start_matches("./").trim_matches('/');
    let url = normal(url);
    let rows = CRDS.of(&url).filter(|row| row.column(1) == folder);
    let holds = rows.filter(|row| version.is_in(row.column(2), row.column(3)));
    holds.flat_map(|row| row.list(5).into_iter().map(move |kind| (row.column(4), kind))).collect()
}

#[cfg(test)]
mod tests {
    use super::super::table::tests::{is_sorted, is_well_formed};
    use super::*;

    #[test]
    fn the_table_is_sorted_and_sourced() {
        is_well_formed(&CRDS);
        is_sorted(&CRDS, &[0, 1, 4, 2]);
    }

    #[test]
    fn a_folder_holds_what_it_does_at_its_tag() {
        let url = "https://github.com/kubernetes-sigs/gateway-api.git";
        let has = |tag, folder, kind| crds(url, tag, folder).contains(&("gateway.networking.k8s.io", kind));
        assert!(has("v1.2.0", "./config/crd", "HTTPRoute") && has("v1.2.0", "config/crd/experimental/", "TLSRoute"));
        assert!(!has("v1.2.0", "./config/crd", "TLSRoute") && has("v1.6.0", "./config/crd", "TLSRoute"));
        assert!(has("v99.0.0", "./config/crd", "HTTPRoute"), "a newer one is taken to be like the newest");
        for (tag, folder) in [("main", "./config/crd"), ("v1.2.0", "./config"), ("v1.x", "config/crd")] {
            assert!(crds(url, tag, folder).is_empty(), "{tag} {folder}");
        }
        assert!(crds("https://github.com/other/gateway-api", "v1.2.0", "config/crd").is_empty());
        let templates = crds("https://github.com/cert-manager/cert-manager", "v1.18.0", "deploy/crds");
        assert!(templates.is_empty(), "at that tag they are templates of Helm");
    }
}
