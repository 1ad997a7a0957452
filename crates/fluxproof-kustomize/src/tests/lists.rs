//! Files, folders, components, remote entries, and what is refused.

use super::{built, check, check_at, sources};

const ROLE: &str = "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: one}\n";

#[test]
fn files_folders_and_bases_come_in_order() {
    check(
        "=== kustomization.yaml
resources: [b.yaml, base/, ./c.yml]
bases: [old]
=== b.yaml
{apiVersion: v1, kind: ConfigMap, metadata: {name: b}}
---
---
{apiVersion: v1, kind: ConfigMap, metadata: {name: b2}}
=== c.yml
{apiVersion: v1, kind: ConfigMap, metadata: {name: c}}
=== base/kustomization.yml
resources: [x.yaml]
=== base/x.yaml
{apiVersion: v1, kind: ConfigMap, metadata: {name: x}}
=== old/Kustomization
resources: [../old.yaml]
=== old.yaml
{apiVersion: v1, kind: ConfigMap, metadata: {name: old}}
",
        &["ConfigMap b", "ConfigMap b2", "ConfigMap x", "ConfigMap c", "ConfigMap old"],
    );
}

#[test]
fn lists_are_taken_apart_behind_the_other_documents() {
    check(
        "=== kustomization.yaml
resources: [a.yaml]
=== a.yaml
kind: List
apiVersion: v1
items:
  - {apiVersion: v1, kind: ConfigMap, metadata: {name: in-list}}
---
{apiVersion: v1, kind: ConfigMap, metadata: {name: plain}}
---
{apiVersion: example.com/v1, kind: AllowList, metadata: {name: kept}, spec: {}}
",
        &["ConfigMap plain", "AllowList kept spec={}", "ConfigMap in-list"],
    );
}

#[test]
fn entries_that_are_not_there_are_problems_and_the_rest_is_built() {
    check(
        "=== apps/kustomization.yaml
resources: [gone.yaml, ../../x.yaml, /abs.yaml, empty, a.yaml, 7]
=== apps/a.yaml
{apiVersion: v1, kind: ServiceAccount, metadata: {name: one}}
=== apps/empty/note.txt
x
",
        &["!unable to find one of 'kustomization.yaml', 'kustomization.yml' or 'Kustomization' in directory '.'"],
    );
    check_at(
        "apps",
        "=== apps/kustomization.yaml
resources: [gone.yaml, ../../x.yaml, /abs.yaml, empty, a.yaml, 7]
=== apps/a.yaml
{apiVersion: v1, kind: ServiceAccount, metadata: {name: one}}
=== apps/empty/note.txt
x
",
        &[
            "ServiceAccount one",
            "!accumulating resources from 'gone.yaml': no such file or directory",
            "!accumulating resources from '../../x.yaml': the path leaves the repository",
            "!accumulating resources from '/abs.yaml': the path leaves the repository",
            "!unable to find one of 'kustomization.yaml', 'kustomization.yml' or 'Kustomization' in directory 'apps/empty'",
            "!accumulating resources from an entry that is not a string",
        ],
    );
}

#[test]
fn the_problem_stands_at_its_entry() {
    let sources = sources("=== kustomization.yaml\nresources:\n  - gone.yaml\n");
    let build = built(&sources, "");
    assert_eq!(sources.snippet(build.problems[0].span), "gone.yaml");
}

#[test]
fn remote_entries_are_external() {
    check(
        "=== kustomization.yaml\nresources: ['https://h.example/crds.yaml', github.com/o/r//deploy?ref=v1]\n",
        &["@https://h.example/crds.yaml", "@github.com/o/r//deploy?ref=v1"],
    );
}

#[test]
fn cycles_end() {
    check(
        "=== kustomization.yaml\nresources: [., a]\n=== a/kustomization.yaml\nresources: [../b]\n=== b/kustomization.yaml\nresources: [../a]\n",
        &[
            "!cycle detected: candidate root '.' contains visited root '.'",
            "!cycle detected: candidate root 'a' contains visited root 'a'",
        ],
    );
    check_at(
        "a/b",
        "=== a/kustomization.yaml\nresources: [b]\n=== a/b/kustomization.yaml\nresources: [..]\n",
        &["!cycle detected: candidate root 'a' contains visited root 'a/b'"],
    );
}

#[test]
fn one_base_twice_is_a_clash_that_is_said_once_for_each_object() {
    let tree = format!(
        "=== kustomization.yaml\nresources: [a, b]\n=== a/kustomization.yaml\nresources: [../base]\n=== b/kustomization.yaml\n\
         resources: [../base]\n=== base/kustomization.yaml\nresources: [r.yaml]\n=== base/r.yaml\n{ROLE}"
    );
    check(
        &tree,
        &[
            "ServiceAccount one",
            "!may not add resource with an already registered id: ServiceAccount.v1.[noGrp]/one.[noNs]",
        ],
    );
}

#[test]
fn no_namespace_is_the_default_one() {
    check(
        "=== kustomization.yaml
resources: [a.yaml]
=== a.yaml
{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}
---
{apiVersion: v1, kind: ConfigMap, metadata: {name: a, namespace: default}}
---
{apiVersion: v1, kind: ConfigMap, metadata: {name: a, namespace: other}}
",
        &[
            "ConfigMap a",
            "ConfigMap other/a",
            "!may not add resource with an already registered id: ConfigMap.v1.[noGrp]/a.default",
        ],
    );
}

#[test]
fn documents_that_are_no_objects_are_problems() {
    check(
        "=== kustomization.yaml
resources: [a.yaml, broken.yaml]
=== a.yaml
{apiVersion: v1, metadata: {name: a}}
---
{apiVersion: v1, kind: ConfigMap, metadata: {}}
=== broken.yaml
a: [
",
        &[
            "!accumulating resources from 'a.yaml': missing kind in object",
            "!accumulating resources from 'a.yaml': missing metadata.name in object",
            &format!(
                "!{}",
                super::built(&sources("=== kustomization.yaml\nresources: [b.yaml]\n=== b.yaml\na: [\n"), "").problems
                    [0]
                .message
            ),
        ],
    );
}

#[test]
fn unread_files_leave_a_doubt_and_no_problem() {
    use fluxproof_yaml::{RepoPath, SourceFile, Sources};
    let path = |text: &str| RepoPath::new(text).expect("a path");
    let file = |name: &str, text: &str, unread: Option<&str>| SourceFile {
        path: path(name),
        text: text.into(),
        unread: unread.map(str::to_owned),
    };
    let sources = Sources::new([
        file("kustomization.yaml", "resources: [big.yaml]\n", None),
        file("big.yaml", "", Some("larger than 3 MB")),
    ]);
    let build = built(&sources, "");
    assert_eq!(build.problems, []);
    assert_eq!(build.doubts[0].what, "big.yaml is not read: larger than 3 MB");
}

#[test]
fn fields_are_checked() {
    check(
        "=== kustomization.yaml\nResources: [a.yaml]\nresource: [b.yaml]\nnamespace: [x]\n=== a.yaml\n{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}\n",
        &[
            "ConfigMap a",
            "!invalid Kustomization: json: unknown field \"resource\"",
            "!invalid Kustomization: namespace must be a string",
        ],
    );
    check("=== kustomization.yaml\n# nothing\n", &["!kustomization.yaml is empty"]);
    check(
        "=== kustomization.yaml\napiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nspec: {}\n",
        &["!apiVersion for Kustomization should be kustomize.config.k8s.io/v1beta1"],
    );
    check("=== kustomization.yaml\nkind: Deployment\nresources: []\n", &["!kind should be Kustomization or Component"]);
    check(
        "=== kustomization.yaml\nresources: []\n=== kustomization.yml\nresources: []\n",
        &["!Found multiple kustomization files under: ."],
    );
}

#[test]
fn components_work_on_what_their_parent_has() {
    let component = "=== extra/kustomization.yaml
apiVersion: kustomize.config.k8s.io/v1alpha1
kind: Component
namespace: moved
resources: [more.yaml]
=== extra/more.yaml
{apiVersion: v1, kind: ConfigMap, metadata: {name: more}}
=== a.yaml
{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}
";
    check(
        &format!("=== kustomization.yaml\nresources: [a.yaml]\ncomponents: [extra]\n{component}"),
        &["ConfigMap moved/a", "ConfigMap moved/more"],
    );
    check(
        &format!("=== kustomization.yaml\nresources: [extra]\ncomponents: [a.yaml, gone]\n{component}"),
        &[
            "!expected kind != 'Component' for path 'extra'",
            "!accumulating components from 'a.yaml': not a directory",
            "!accumulating components from 'gone': no such file or directory",
        ],
    );
    check(
        "=== kustomization.yaml\ncomponents: [b]\n=== b/kustomization.yaml\nresources: []\n",
        &["!expected kind 'Component' for path 'b' but got 'Kustomization'"],
    );
}

#[test]
fn deep_nesting_ends_with_a_doubt() {
    let level = |n: usize| format!("=== {n}/kustomization.yaml\nresources: [../{}]\n", n + 1);
    let tree: String = (0..200).map(level).collect();
    let build = built(&sources(&tree), "0");
    assert_eq!(build.problems, []);
    assert_eq!(build.doubts[0].what, "64 is not followed: kustomizations nest deeper than 64");
}
