//! Every rule's page is its test: the repositories under `## Broken` and `## Mended` are checked, and each
//! `# error: [rule]` comment (or `warning`, `info`) is a finding of that rule on that very line. What stands under
//! `## Not known, not reported` has none.

#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::panic,
    reason = "tests read the checkout and may fail"
)]

use fluxproof_rules::{Finding, Rule, check, rules};
use fluxproof_yaml::{RepoPath, Sources};
use std::collections::BTreeSet;

/// A repository written in a section of a page: paths and texts.
type Files = Vec<(String, String)>;

fn section(page: &str, heading: &str) -> Files {
    optional(page, heading).unwrap_or_else(|| panic!("no section {heading}"))
}

fn optional(page: &str, heading: &str) -> Option<Files> {
    let body = page.split(&format!("\n## {heading}\n")).nth(1)?;
    let body = body.split("\n## ").next().unwrap_or("");
    let blocks = body.split("```yaml file=").skip(1);
    let file = |block: &str| {
        let (path, rest) = block.split_once('\n').expect("a path ends its line");
        (path.trim().to_owned(), rest.split("\n```").next().unwrap_or("").to_owned() + "\n")
    };
    Some(blocks.map(file).collect())
}

fn sources(files: &Files) -> Sources {
    Sources::from_texts(
        files.iter().map(|(path, text)| (RepoPath::new(path).expect("a path inside the page"), text.as_str())),
    )
}

/// What Flux does with a repository, by the configuration in it where there is one.
fn delivered(sources: &Sources) -> fluxproof_delivery::Deliveries {
    let (world, problems) = fluxproof_delivery::World::of(sources);
    assert!(problems.is_empty(), "{problems:?}");
    fluxproof_delivery::deliver(sources, &world)
}

/// `path:line severity [rule]` for every comment that announces a finding of this rule.
fn expected(files: &Files, rule: &Rule) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for (path, text) in files {
        for (number, line) in text.lines().enumerate() {
            for severity in ["error", "warning", "info"] {
                if line.contains(&format!("# {severity}: [{}]", rule.name)) {
                    all.insert(format!("{path}:{} {severity} [{}]", number + 1, rule.name));
                }
            }
        }
    }
    all
}

fn found(sources: &Sources, rule: &Rule) -> BTreeSet<String> {
    let findings = check(sources, &delivered(sources));
    let line = |f: &Finding| {
        let place = sources.line_column(f.location.file, f.location.start);
        format!("{}:{} {} [{}]", sources.path(f.location.file), place.line, f.severity.name(), f.rule)
    };
    findings.iter().filter(|f| f.rule == rule.name).map(line).collect()
}

#[test]
fn each_page_shows_what_its_rule_finds() {
    for rule in rules() {
        let broken = section(rule.page, "Broken");
        let announced = expected(&broken, rule);
        assert!(!announced.is_empty(), "{}: the page announces no finding", rule.name);
        assert_eq!(found(&sources(&broken), rule), announced, "{}: Broken", rule.name);
        let mended = section(rule.page, "Mended");
        assert_eq!(found(&sources(&mended), rule), BTreeSet::new(), "{}: Mended", rule.name);
        let unknown = optional(rule.page, "Not known, not reported").unwrap_or_default();
        assert_eq!(found(&sources(&unknown), rule), BTreeSet::new(), "{}: Not known", rule.name);
    }
}

#[test]
fn what_a_page_mends_stays_clean_of_errors() {
    for rule in rules() {
        let mended = sources(&section(rule.page, "Mended"));
        let findings = check(&mended, &delivered(&mended));
        let errors: Vec<&str> = findings.iter().filter(|f| f.severity.name() == "error").map(|f| f.rule).collect();
        assert!(errors.is_empty(), "{}: Mended still has {errors:?}", rule.name);
    }
}

#[test]
fn every_finding_says_why_and_what_to_do() {
    for rule in rules() {
        let broken = sources(&section(rule.page, "Broken"));
        for finding in check(&broken, &delivered(&broken)) {
            assert!(!finding.why.is_empty() && !finding.help.is_empty(), "{}: {}", finding.rule, finding.message);
            assert!(!finding.message.ends_with('.'), "{}: a message has no final period", finding.message);
            assert!(!finding.clusters.is_empty() && !finding.label.is_empty(), "{}", finding.message);
        }
    }
}

#[test]
fn registry_files_and_pages_are_the_same_set() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
    let stems = |folder: &str, extension: &str| -> BTreeSet<String> {
        let entries = std::fs::read_dir(format!("{root}/{folder}")).expect("the folder is there");
        let names = entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned());
        names
            .filter_map(|name| name.strip_suffix(extension).map(|stem| stem.replace('_', "-")))
            .filter(|n| n != "mod")
            .collect()
    };
    let registered: BTreeSet<String> = rules().iter().map(|rule| rule.name.to_owned()).collect();
    assert_eq!(registered, stems("crates/fluxproof-rules/src/rules", ".rs"));
    assert_eq!(registered, stems("docs/rules", ".md"));
    assert!(rules().is_sorted_by_key(|rule| rule.name), "rules come by name");
}

/// Two objects with one defect each: a rule that stops at the first is found here.
#[test]
fn rules_do_not_stop_at_the_first_finding() {
    for rule in rules() {
        let broken = section(rule.page, "Broken");
        // The configuration of the repository stays at its root.
        let (root, rest): (Files, Files) = broken.into_iter().partition(|(path, _)| path == "fluxproof.yaml");
        let moved_twice = rest.iter().flat_map(|(path, text)| {
            [(format!("one/{path}"), moved(text, "one")), (format!("two/{path}"), moved(text, "two"))]
        });
        let twice: Files = root.into_iter().chain(moved_twice).collect();
        let found = found(&sources(&twice), rule);
        let expected = expected(&twice, rule);
        assert_eq!(found, expected, "{}: two repositories side by side", rule.name);
    }
}

/// The same repository one folder deeper.
fn moved(text: &str, folder: &str) -> String {
    text.replace("path: ./config", "path: @config")
        .replace("path: ./", &format!("path: ./{folder}/"))
        .replace("chart: ./", &format!("chart: ./{folder}/"))
        .replace("path: @config", "path: ./config")
}
