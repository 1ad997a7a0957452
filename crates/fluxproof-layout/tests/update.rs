//! An update: what a person made of the tree stays, what the config changed arrives.

#![expect(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

#[expect(unreachable_pub, dead_code, reason = "each test file takes what it needs")]
mod support;

use fluxproof_layout::{Conflict, Tree, TreeFile, Update, update};
use fluxproof_yaml::RepoPath;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_yaml::Value;
use std::collections::BTreeMap;
use support::{documents, text, tree};

fn path(text: &str) -> RepoPath {
    RepoPath::new(text).expect("a path")
}

fn yours(tree: &Tree) -> BTreeMap<RepoPath, String> {
    tree.files.iter().map(|file| (file.path.clone(), file.text.clone())).collect()
}

/// One file, merged.
fn merged(name: &str, [base, yours, new]: [&str; 3], force: bool) -> (String, Vec<Conflict>) {
    let tree = |text: &str| Tree { files: vec![TreeFile { path: path(name), text: text.to_owned() }] };
    let yours = BTreeMap::from([(path(name), yours.to_owned())]);
    let mut out = update(&tree(base), &yours, &tree(new), force);
    (out.files.remove(0).text, out.conflicts)
}

/// Merges without a conflict.
#[track_caller]
fn agreed(texts: [&str; 3], expected: &str) {
    for force in [false, true] {
        assert_eq!(merged("a.yaml", texts, force), (expected.to_owned(), Vec::new()), "{texts:?}");
    }
}

#[test]
fn values_keys_comments_and_items_of_both_come_together() {
    agreed(["a: 1\nb: 2\n", "a: 1\nb: 3 # mine\n", "a: 9\nb: 2\n"], "a: 9\nb: 3 # mine\n");
    agreed(["a: 1 # x\nb: 2\n", "a: 1 # mine\nb: 3\n", "a: 9 # x\nb: 2\n"], "a: 9 # mine\nb: 3\n");
    agreed(["a: 1\n", "# mine\na: 1\nc: 3\n", "a: 1\nb: 2\n"], "# mine\na: 1\nb: 2\nc: 3\n");
    agreed(
        ["a: {b: 1}\n", "a: {b: 1, mine: 2}\n", "a: {b: 1, c: [x]}\n"],
        "a: {b: 1, mine: 2, \"c\": [\"x\"]}\n".replace("\"c\"", "c").as_str(),
    );
    agreed(
        ["r:\n  - a\n  - b\n", "r:\n  - a # first\n  - b\n  - mine\n", "r:\n  - a\n  - c\n  - b\n"],
        "r:\n  - a # first\n  - c\n  - b\n  - mine\n",
    );
    agreed(["r: [a, b]\n", "r: [a, b, mine]\n", "r: [b, c]\n"], "r: [b, mine, \"c\"]\n");
    agreed(
        [
            "r:\n- name: x\n  v: 1\n",
            "r:\n    - name: x\n      v: 1\n      mine: y\n",
            "r:\n- name: x\n  v: 2\n- name: z\n",
        ],
        "r:\n    - name: x\n      v: 2\n      mine: y\n    - name: z\n",
    );
}

#[test]
fn what_the_config_no_longer_has_goes_and_nothing_else() {
    agreed(["a: 1\nb: 2\nc: 3\n", "a: 1\nb: 2\nc: 4\n", "a: 1\nc: 3\n"], "a: 1\nc: 4\n");
    agreed(
        ["a:\n  # why\n  b: 1\n  c: 2\n", "a:\n  # why\n  b: 1\n  # mine\n  c: 2\n  d: 3\n", "a:\n  b: 1\n"],
        "a:\n  # why\n  b: 1\n  # mine\n  d: 3\n",
    );
    agreed(["r: [a]\nx: 1\n", "r: [a]\nx: 2\n", "r: []\nx: 1\n"], "r: []\nx: 2\n");
    agreed(["r:\n  - a\nx: 1\n", "r:\n  - a\nx: 2\n", "r: []\nx: 1\n"], "r: []\nx: 2\n");
    agreed(["a: 1\nb:\n  c: 1\n", "a: 2\nb:\n  c: 1\n", "a: 1\nb: {}\n"], "a: 2\nb: {}\n");
    agreed(["a: 1\nb: |\n  x\n  y\n", "a: 2\nb: |\n  x\n  y\n", "a: 1\nb: |\n  z\n"], "a: 2\nb: |\n  z\n");
}

#[test]
fn documents_are_told_apart_by_what_they_are() {
    let document = |name: &str, value: u8| format!("kind: K\nmetadata:\n  name: {name}\nv: {value}\n");
    let (a, b, c) = (document("a", 1), document("b", 1), document("c", 1));
    let base = format!("{a}---\n{b}");
    let edited = format!("{a}---\n# mine\n{}", document("b", 2));
    agreed([&base, &edited, &format!("{b}---\n{c}")], &format!("---\n# mine\n{}---\n{c}", document("b", 2)));
}

#[test]
fn what_both_changed_is_a_conflict_at_both_places() {
    let texts = ["s:\n  a: 1\n  b: 1\n", "s:\n  a: 2\n  b: 1\n", "# new\ns:\n  a: 3\n  b: 2\n"];
    let (text, conflicts) = merged("a.yaml", texts, false);
    assert_eq!(text, "s:\n  a: 2\n  b: 2\n", "the rest is merged");
    let places: Vec<_> = conflicts
        .iter()
        .map(|c| (c.at.as_str(), c.yours.map(|at| (at.line, at.column)), c.new.map(|at| at.line)))
        .collect();
    assert_eq!(places, [("s.a", Some((2, 6)), Some(3))]);
    assert_eq!(merged("a.yaml", texts, true).0, "s:\n  a: 3\n  b: 2\n");
    for texts in [
        ["a: 1\nb: 1\n", "b: 1\n", "a: 2\nb: 1\n"],
        ["a: 1\nb: 1\n", "a: 2\nb: 1\n", "b: 1\n"],
        ["a: 1\n", "a: 1\nb: 1\n", "a: 1\nb: 2\n"],
        ["a: [x, y]\n", "a: [x, y, z]\n", "a: [y, x]\n"],
        ["a:\n  - b: 1\n", "a:\n  - b: 2\n", "a:\n  - b: 3\n"],
        ["a: 1\n", "a: [\n", "a: 2\n"],
        ["a: &x 1\nb: *x\n", "a: &x 2\nb: *x\n", "a: 3\nb: 1\n"],
    ] {
        let (text, conflicts) = merged("a.yaml", texts, false);
        assert!(conflicts.len() == 1, "{texts:?} {conflicts:?}");
        assert_eq!(text, texts[1], "{texts:?}");
    }
}

#[test]
fn prose_is_merged_by_lines() {
    let base = "one\ntwo\nthree\nfour\nfive\n";
    let (text, conflicts) =
        merged("README.md", [base, "one\ntwo\nthree\nfour\nmine\n", "new\ntwo\nthree\nfour\nfive\n"], false);
    assert_eq!((text.as_str(), conflicts), ("new\ntwo\nthree\nfour\nmine\n", Vec::new()));
    let (_, conflicts) =
        merged("README.md", [base, "mine\ntwo\nthree\nfour\nfive\n", "new\ntwo\nthree\nfour\nfive\n"], false);
    assert_eq!((conflicts[0].yours.map(|at| at.line), conflicts[0].new.map(|at| at.line)), (Some(1), Some(1)));
}

#[test]
fn files_come_go_and_stay_away() {
    let (base, new) = (tree(""), tree("chart: {source: oci}"));
    let mut mine = yours(&base);
    mine.remove(&path("README.md"));
    mine.insert(path("infrastructure/external-secrets/mine.yaml"), "a: 1\n".to_owned());
    let out = update(&base, &mine, &new, false);
    assert_eq!((out.absent, out.removed, out.conflicts), (vec![path("README.md")], vec![], vec![]));
    assert_eq!(
        text(&Tree { files: out.files }, "infrastructure/external-secrets/operator/chart.yaml"),
        text(&new, "infrastructure/external-secrets/operator/chart.yaml")
    );
    let back = update(&new, &yours(&new), &base, false);
    assert_eq!(back.removed, [path("infrastructure/external-secrets/operator/chart.yaml")]);
    assert_eq!(back.files, base.files);
    let mut edited = yours(&new);
    edited.insert(back.removed[0].clone(), "mine: 1\n".to_owned());
    let kept = update(&new, &edited, &base, false);
    assert_eq!((kept.removed.len(), kept.conflicts.len()), (0, 1), "{:?}", kept.conflicts);
    assert_eq!(update(&new, &edited, &base, true).removed, back.removed);
    let foreign =
        update(&Tree { files: vec![] }, &BTreeMap::from([(path("README.md"), "mine".to_owned())]), &base, false);
    assert_eq!(foreign.conflicts.len(), 1);
}

/// Configs that differ in what they write into which files.
fn config() -> impl Strategy<Value = String> {
    let parts: Vec<BoxedStrategy<&'static str>> = vec![
        select(vec!["", "version: 2.8.0", "version: 2.7.0"]).boxed(),
        select(vec!["", "store: {name: other}"]).boxed(),
        select(vec!["", "chart: {source: oci}", "chart: {helmRepository: {url: \"https://charts.internal\"}}"]).boxed(),
        select(vec!["", "intervals: {kustomizations: 30m, retry: 2m}", "intervals: {sources: 2h}"]).boxed(),
        select(vec!["", "namespaces: {operator: eso}", "namespaces: {flux: gitops}"]).boxed(),
        select(vec!["", "timeouts: {stores: 7m, helmRelease: 8m, operator: 20m}"]).boxed(),
        select(vec!["", "repository: {kind: OCIRepository, name: fleet, namespace: sources}"]).boxed(),
        select(vec![
            "",
            "vault: {server: \"https://vault.internal:8200\", namespace: team}",
            "vault: {auth: {method: token}}",
            "vault: {auth: {method: appRole}, path: kv}",
            "vault: {ca: {source: configMap}}",
        ])
        .boxed(),
    ];
    parts.prop_map(|parts| parts.into_iter().filter(|part| !part.is_empty()).map(|part| format!("{part}\n")).collect())
}

/// What a person does to a file.
#[derive(Debug, Clone, Copy)]
enum Edit {
    Comment,
    Behind,
    Value,
    Key,
    Item,
}

fn edits() -> impl Strategy<Value = Vec<(Edit, Index, Index)>> {
    let kind = select(vec![Edit::Comment, Edit::Behind, Edit::Value, Edit::Key, Edit::Item]);
    prop::collection::vec((kind, any::<Index>(), any::<Index>()), 1..6)
}

/// Edits a file, and gives the line that must still be there afterwards.
fn edit(text: &str, kind: Edit, at: Index, number: usize) -> Option<(String, String)> {
    let lines: Vec<&str> = text.lines().collect();
    let fits = |line: &&&str| {
        let (bare, behind) = (line.trim_start(), line.trim_start().split_once(": "));
        let plain = behind
            .is_some_and(|(_, value)| !value.starts_with(['|', '>', '{', '[', '&']) && !bare.starts_with(['#', '-']));
        match kind {
            Edit::Comment => true,
            Edit::Behind | Edit::Value | Edit::Key => plain,
            Edit::Item => bare.starts_with("- ") && !bare.contains(": ") && !bare.ends_with(':'),
        }
    };
    let all: Vec<usize> = (0..lines.len()).filter(|index| fits(&&lines[*index])).collect();
    let line = *(!all.is_empty()).then(|| at.get(&all))?;
    let indent = &lines[line][..lines[line].len() - lines[line].trim_start().len()];
    let (mine, replaces) = match kind {
        Edit::Comment => (format!("# mine {number}"), false),
        Edit::Behind => (format!("{} # mine {number}", lines[line].split(" #").next()?), true),
        Edit::Value => (format!("{}: mine-{number}", lines[line].split_once(": ")?.0), true),
        Edit::Key => (format!("{indent}mine{number}: true"), false),
        Edit::Item => (format!("{indent}- mine-{number}"), false),
    };
    let mut out: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
    if replaces {
        out[line] = mine.clone()
    } else {
        out.insert(line + usize::from(!matches!(kind, Edit::Comment)), mine.clone())
    }
    // A comment may stand where it cannot: inside a block of text it would be text.
    Some((out.join("\n") + "\n", mine.split(" # ").last().map_or(mine.clone(), str::to_owned)))
}

/// What the new document says otherwise than the old one must be so in the merged one. Lists are looked at by the checks above.
fn arrived(base: &Value, new: &Value, merged: &Value, at: &str) {
    match (base, new) {
        (Value::Mapping(old), Value::Mapping(map)) => {
            for (key, value) in map {
                let at = format!("{at}/{key:?}");
                arrived(old.get(key).unwrap_or(&Value::Null), value, merged.get(key).unwrap_or(&Value::Null), &at);
            }
        }
        (Value::Sequence(_), Value::Sequence(_)) => {}
        _ if base == new => {}
        _ => assert_eq!(merged, new, "{at}"),
    }
}

fn by_kind(text: &str) -> BTreeMap<String, Value> {
    // No file of a layout has a kind twice.
    let name = |value: &Value| format!("{:?}", value["kind"]);
    documents(text).into_iter().map(|value| (name(&value), value)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn edits_survive_and_the_config_arrives((old, new, edits) in (config(), config(), edits())) {
        let (base, new) = (tree(&old), tree(&new));
        let mut mine = yours(&base);
        let mut marks: Vec<(RepoPath, String)> = Vec::new();
        for (number, (kind, file, at)) in edits.into_iter().enumerate() {
            let file = file.get(&base.files).path.clone();
            let is_yaml = file.as_str().ends_with(".yaml");
            let kind = if is_yaml { kind } else { Edit::Comment };
            if let Some((text, mark)) = edit(&mine[&file], kind, at, number) {
                mine.insert(file.clone(), text);
                marks.push((file, mark));
            }
        }
        // An unchanged config changes nothing.
        let same = update(&base, &mine, &base, false);
        let unchanged: BTreeMap<RepoPath, String> = same.files.iter().map(|file| (file.path.clone(), file.text.clone())).collect();
        prop_assert_eq!((&unchanged, same.conflicts), (&mine, vec![]));

        let Update { files, conflicts, removed, .. } = update(&base, &mine, &new, false);
        for conflict in &conflicts {
            prop_assert!(marks.iter().any(|(file, _)| *file == conflict.path), "{:?}", conflict);
        }
        let out = Tree { files };
        for file in &out.files {
            let edited = marks.iter().any(|(path, _)| *path == file.path);
            let there = |tree: &Tree| tree.files.iter().find(|other| other.path == file.path).map(|file| file.text.clone());
            if !edited {
                prop_assert_eq!(Some(file.text.clone()), there(&new));
                continue;
            }
            for (_, mark) in marks.iter().filter(|(path, _)| *path == file.path) {
                let gone = mark.starts_with("mine") && !mine[&file.path].contains(mark.as_str());
                prop_assert!(gone || file.text.contains(mark.as_str()) || !mine[&file.path].contains(mark.as_str()), "{mark}\n{}\n{}", mine[&file.path], file.text);
            }
            let conflicted = conflicts.iter().any(|conflict| conflict.path == file.path);
            let (Some(was), Some(will)) = (there(&base), there(&new)) else { continue };
            if file.path.as_str().ends_with(".yaml") && !conflicted {
                let (was, will, is) = (by_kind(&was), by_kind(&will), by_kind(&file.text));
                for (name, document) in &will {
                    arrived(was.get(name).unwrap_or(&Value::Null), document, is.get(name).unwrap_or(&Value::Null), name);
                }
            }
        }
        for path in removed {
            prop_assert!(!marks.iter().any(|(file, _)| *file == path));
        }
    }
}
