//! The report: the wire format against its published schema, and what people read.

use crate::support::{Files, bare, execute, inputs, invocation, kustomization, over, page_repository, stderr, stdout};
use fluxproof_core::command::Inputs;
use serde_json::Value;
use std::collections::BTreeSet;

fn json(text: &str) -> Value {
    serde_json::from_str(text).expect("JSON")
}

fn report(line: &str, files: &Files) -> Value {
    json(&stdout(&over(line, files)))
}

/// What is wrong with a report, and how to make it so.
type Spoilt = (&'static str, fn(&mut Value));

/// The repositories of every rule's page.
fn repositories() -> Vec<(String, Files)> {
    let of = |rule: &&fluxproof_rules::Rule| {
        ["Broken", "Mended"].map(|section| (format!("{} {section}", rule.name), page_repository(rule.name, section)))
    };
    fluxproof_rules::rules().iter().flat_map(of).collect()
}

#[test]
fn every_report_is_as_the_schema_says() {
    let schema = json(&stdout(&bare("schema report")));
    for (name, files) in repositories() {
        for line in ["check --format json", "prove --format json"] {
            let wrong = crate::schema::violations(&schema, &report(line, &files));
            assert!(wrong.is_empty(), "{name}: {line}: {wrong:#?}");
        }
    }
}

#[test]
fn the_schema_refuses_what_is_no_report() {
    let schema = json(&stdout(&bare("schema report")));
    let good = report("prove --format json", &page_repository("missing-path", "Broken"));
    let spoilt: [Spoilt; 5] = [
        ("a severity that is none", |r| r["findings"][0]["severity"] = "fatal".into()),
        ("a line 0", |r| r["findings"][0]["location"]["line"] = 0.into()),
        ("a null", |r| r["findings"][0]["why"] = Value::Null),
        ("a short fingerprint", |r| r["findings"][0]["fingerprint"] = "abc".into()),
        ("no clusters", |r| drop(r.as_object_mut().and_then(|map| map.remove("clusters")))),
    ];
    for (what, spoil) in spoilt {
        let mut report = good.clone();
        spoil(&mut report);
        assert!(!crate::schema::violations(&schema, &report).is_empty(), "{what}");
    }
}

#[test]
fn the_numbers_of_a_proof_add_up() {
    for (name, files) in repositories() {
        let report = report("prove --format json", &files);
        for cluster in report["clusters"].as_array().expect("clusters") {
            let (proof, certificate) = (&cluster["proof"], cluster["certificate"].as_array().expect("a certificate"));
            let number = |key: &str| proof[key].as_u64().expect("a number");
            assert_eq!(number("requirements"), number("proven") + number("broken") + number("assumed"), "{name}");
            assert_eq!(number("requirements"), certificate.len() as u64, "{name}");
            let kinds: u64 = proof["byVerdict"].as_object().expect("kinds").values().filter_map(Value::as_u64).sum();
            assert_eq!(number("broken"), kinds, "{name}");
            let proven = certificate.iter().filter(|r| r["verdict"] == "proven");
            assert!(
                proven.clone().all(|r| !r["path"].as_array().expect("a path").is_empty()),
                "{name}: a proof is a chain"
            );
            assert_eq!(number("proven"), proven.count() as u64, "{name}");
        }
    }
}

#[test]
fn places_in_lines_and_in_bytes_are_the_same_places() {
    let name = "\"caf\u{e9} \u{1f680}\"";
    let mut text = b"# \xf0\x9f\x9a\x80 \xc3\xa9\n".to_vec();
    text.extend(kustomization("apps", "./missing # \u{1f680}", &format!("  dependsOn: [{{name: {name}}}]\n")));
    let files = vec![("clusters/demo/apps.yaml".to_owned(), text.clone())];
    let text = String::from_utf8(text).expect("UTF-8");
    let report = report("check --format json", &files);
    let findings = report["findings"].as_array().expect("findings");
    assert_eq!(findings.len(), 2, "{report:#}");
    for finding in findings {
        let at = |key: &str| usize::try_from(finding["location"][key].as_u64().expect("a number")).expect("small");
        for (byte, line, column) in [("byteStart", "line", "column"), ("byteEnd", "endLine", "endColumn")] {
            let before: usize = text.split_inclusive('\n').take(at(line) - 1).map(str::len).sum();
            let chars: usize = text[before..].chars().take(at(column) - 1).map(char::len_utf8).sum();
            assert_eq!(before + chars, at(byte), "{finding:#}");
        }
    }
}

#[test]
fn a_report_does_not_depend_on_the_order_of_the_files() {
    for (name, mut files) in repositories() {
        let first = over("prove --format json", &files).stdout;
        files.reverse();
        assert_eq!(first, over("prove --format json", &files).stdout, "{name}");
    }
}

#[test]
fn fingerprints_tell_findings_apart_and_survive_moved_lines() {
    let fingerprints = |files: &Files| -> Vec<String> {
        let report = report("check --format json", files);
        let all = report["findings"].as_array().expect("findings").iter();
        all.filter_map(|finding| finding["fingerprint"].as_str().map(str::to_owned)).collect()
    };
    for (name, files) in repositories() {
        let before = fingerprints(&files);
        let unique: BTreeSet<&String> = before.iter().collect();
        assert_eq!(unique.len(), before.len(), "{name}: two findings with one fingerprint");
        let moved: Files =
            files.into_iter().map(|(path, text)| (path, [b"# a line more\n".to_vec(), text].concat())).collect();
        assert_eq!(before, fingerprints(&moved), "{name}");
    }
}

#[test]
fn colour_changes_nothing_but_colour() {
    for (name, files) in repositories() {
        for line in ["check", "prove", "graph"] {
            let [plain, coloured] =
                [false, true].map(|color| stdout(&execute(&invocation(line, 80, color), inputs(&files))));
            assert!(!plain.contains('\u{1b}'), "{name}: {line}");
            assert_eq!(plain, without_escapes(&coloured), "{name}: {line}");
        }
    }
}

fn without_escapes(text: &str) -> String {
    let parts = text.split('\u{1b}').enumerate();
    parts
        .map(|(index, part)| if index == 0 { part } else { part.split_once('m').map_or("", |(_, rest)| rest) })
        .collect()
}

#[test]
fn a_repository_cannot_drive_the_terminal() {
    let name = "\"apps\\e]0;owned\\a\\e[2J\\u202Ex\"";
    let files = vec![(
        "clusters/demo/apps.yaml".to_owned(),
        kustomization(name, "./apps", "  dependsOn: [{name: \"q\\e[8mx\"}]\n"),
    )];
    for line in ["check", "prove", "graph", "graph --format dot", "graph --format mermaid", "graph --format svg"] {
        for color in [false, true] {
            let text = stdout(&execute(&invocation(line, 80, color), inputs(&files)));
            assert!(text.contains("apps"), "{line}");
            let hostile = ["\u{1b}]", "\u{1b}[2J", "\u{1b}[8m", "\u{7}", "\u{202e}"];
            assert!(!hostile.iter().any(|escape| text.contains(escape)), "{line}, colour {color}: {text:?}");
        }
    }
}

#[test]
fn prose_keeps_to_the_width_of_the_terminal() {
    for (name, files) in repositories() {
        for width in [80, 120] {
            let text = stdout(&execute(&invocation("check", width, false), inputs(&files)));
            let indented = text.lines().filter(|line| line.starts_with("   ") && !line.contains('|'));
            for line in
                indented.filter(|line| line.trim().contains(' ') && line.trim().split(' ').all(|word| word.len() < 40))
            {
                assert!(line.chars().count() <= usize::from(width), "{name}, {width} columns: {line}");
            }
        }
    }
}

/// Compares a text with what is recorded; with UPDATE=1 records it.
#[expect(clippy::disallowed_methods, reason = "tests read the checkout, and record in it")]
fn is_recorded(name: &str, text: impl AsRef<str>) {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/commands/expected").join(name);
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, text.as_ref()).expect("the recorded text is written");
    }
    assert_eq!(text.as_ref(), std::fs::read_to_string(&path).expect("a recorded text"), "{name}");
}

#[test]
fn a_race_is_told_as_a_story() {
    let files = page_repository("custom-resource-before-webhook", "Broken");
    let text = stdout(&execute(&invocation("check", 100, false), inputs(&files)));
    is_recorded("race.txt", text);
}

#[test]
fn a_proof_is_shown_requirement_by_requirement() {
    let files = page_repository("missing-path", "Mended");
    is_recorded("prove.txt", stdout(&over("prove", &files)));
}

#[test]
fn a_graph_is_drawn_in_waves() {
    let files = page_repository("custom-resource-before-webhook", "Mended");
    is_recorded("graph.txt", stdout(&over("graph", &files)));
    let graph = report("graph --format json", &files);
    let nodes = graph["clusters"][0]["nodes"].as_array().expect("nodes");
    let wave = |id: &str| nodes.iter().find(|node| node["id"] == id).and_then(|node| node["wave"].as_u64());
    assert!(wave("Kustomization/flux-system/stores") > wave("Kustomization/flux-system/operator"));
}

#[test]
fn a_broken_requirement_is_a_missing_edge_in_every_drawing() {
    let files = page_repository("custom-resource-before-webhook", "Broken");
    for (format, sign) in
        [("tree", "☒ missing"), ("dot", "style=dashed"), ("mermaid", "-.->"), ("svg", "stroke-dasharray=\"6 4\"")]
    {
        let text = stdout(&over(&format!("graph --format {format}"), &files));
        assert!(text.contains(sign), "{format}: {text}");
    }
    let graph = report("graph --format json", &files);
    let edges = graph["clusters"][0]["edges"].as_array().expect("edges");
    assert!(edges.iter().any(|edge| edge["kind"] == "missing" && edge["d"].is_string()), "{edges:?}");
}

#[test]
fn a_drawing_runs_no_script_and_sets_no_style_attribute() {
    for (name, files) in repositories() {
        let text = stdout(&over("graph --format svg", &files));
        assert!(["<script", " style=", " on", "javascript:"].iter().all(|word| !text.contains(word)), "{name}");
        assert!(text.contains("<title id=\"t\">") && text.contains("<desc id=\"d\">"), "{name}");
    }
}

#[test]
fn a_critical_path_adds_up_what_is_declared() {
    let more = "  wait: true\n  timeout: 3m\n";
    let files = vec![
        ("clusters/demo/a.yaml".to_owned(), kustomization("a", "./a", more)),
        ("clusters/demo/b.yaml".to_owned(), kustomization("b", "./b", "  dependsOn: [{name: a}]\n")),
        ("a/kustomization.yaml".to_owned(), b"resources: []\n".to_vec()),
        ("b/kustomization.yaml".to_owned(), b"resources: []\n".to_vec()),
    ];
    let graph = report("graph --format json", &files);
    let path = &graph["clusters"][0]["criticalPath"];
    // The source's 60 s and a look, the wait of 3 min, and a look.
    assert_eq!((path["leastSeconds"].as_u64(), path["mostSeconds"].as_u64()), (Some(0), Some(300)), "{path}");
    let steps = path["steps"].as_array().expect("steps");
    assert_eq!(steps.last().map(|step| &step["because"]), Some(&serde_json::json!("dependsOn")), "{path}");
}

#[test]
fn one_cluster_of_several_is_chosen_by_name() {
    let cluster = |name: &str| (format!("clusters/{name}/apps.yaml"), kustomization("apps", "./apps", ""));
    let files =
        vec![cluster("blue"), cluster("green"), ("apps/kustomization.yaml".to_owned(), b"resources: []\n".to_vec())];
    for line in ["check", "prove", "graph"] {
        let text = stdout(&over(&format!("{line} --cluster blue"), &files));
        assert!(text.contains("blue") && !text.contains("green"), "{line}: {text}");
        let wrong = over(&format!("{line} --cluster bleu"), &files);
        assert!(wrong.status == 2 && stderr(&wrong).contains("did you mean blue?"), "{}", stderr(&wrong));
    }
}

#[test]
fn names_that_look_alike_stay_two_nodes() {
    let files = ["a-b", "a.b"].map(|name| (format!("clusters/demo/{name}.yaml"), kustomization(name, "./apps", "")));
    let text = stdout(&over("graph --format mermaid", &files.to_vec()));
    assert_eq!(text.lines().filter(|line| line.contains("[\"Kustomization")).count(), 3, "{text}");
    let edges: BTreeSet<&str> = text.lines().filter(|line| line.contains("applies")).collect();
    assert_eq!(edges.len(), 2, "{text}");
}

#[test]
fn no_input_ends_in_a_panic() {
    let (_, files) = repositories().swap_remove(2);
    for (index, (_, text)) in files.iter().enumerate() {
        for at in (0..text.len()).step_by(7) {
            for junk in [&b"\xff"[..], b"\0", b"\t", b"\r\n", b"&a *a", b"[{", b"\xe2\x80\xae", b"---\n", b""] {
                let mut spoilt = files.clone();
                spoilt[index].1 = [&text[..at], junk, text.get(at + 3..).unwrap_or_default()].concat();
                let outcome = over("check", &spoilt);
                assert!([0, 1, 4].contains(&outcome.status), "{}", stderr(&outcome));
            }
        }
    }
    assert_eq!(execute(&invocation("check", 0, true), Inputs::default()).status, 4);
}

/// A cluster with so many Kustomizations that read the same ConfigMap, which nothing orders before them.
fn readers(count: usize) -> Files {
    let object = |name: &str, more: &str| {
        format!(
            "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {{name: {name}, namespace: flux-system}}\n\
             spec: {{interval: 10m, path: ./{name}, prune: true, sourceRef: {{kind: GitRepository, name: flux-system}}{more}}}\n"
        )
    };
    let from = ", postBuild: {substituteFrom: [{kind: ConfigMap, name: settings}]}";
    let map = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings, namespace: flux-system}\ndata: {a: b}\n";
    let mut files = vec![("clusters/demo/settings.yaml".to_owned(), object("settings", ""))];
    files.push(("settings/map.yaml".to_owned(), map.to_owned()));
    for number in 0..count {
        files.push((format!("clusters/demo/app-{number}.yaml"), object(&format!("app-{number}"), from)));
        files.push((
            format!("app-{number}/map.yaml"),
            map.replace("settings", &format!("own-{number}")).replace("flux-system", "default"),
        ));
    }
    files.into_iter().map(|(path, text)| (path, text.into_bytes())).collect()
}

#[test]
fn one_cause_is_told_once() {
    let told = |count: usize| stdout(&over("check", &readers(count)));
    let seven = told(7);
    assert_eq!(seven.matches("error[reference-before-object]").count(), 1, "{seven}");
    assert!(seven.contains("  the same 6 more times\n    clusters/demo/app-1.yaml:"), "{seven}");
    assert!(seven.contains("app-5.yaml") && !seven.contains("app-6.yaml"), "{seven}");
    assert!(seven.contains("    and 1 more (--format json lists them)\n"), "{seven}");
    assert!(seven.ends_with("7 errors in 16 files\n"), "{seven}");
    assert!(told(2).contains("  the same once more\n") && !told(1).contains("the same"));
    let all = report("check --format json", &readers(7));
    assert_eq!(all["findings"].as_array().map(Vec::len), Some(7), "a program reads them all");
}
