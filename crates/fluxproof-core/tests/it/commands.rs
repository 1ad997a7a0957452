//! Command lines, exit statuses and formats.

use crate::support::{fluxproof, fluxproof_with, over, text};

const LONE: &str = "\
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: apps
  namespace: flux-system
spec:
  interval: 10m
  path: ./apps
  prune: true
  sourceRef:
    kind: GitRepository
    name: flux-system
";

#[test]
fn exit_statuses_mean_what_they_say() {
    assert_eq!(fluxproof("check tests/repos/guide-2021").status, 1);
    assert_eq!(fluxproof("check tests/repos/guide-2021 --fail-on never").status, 0);
    assert_eq!(fluxproof("chekc").status, 2);
    assert_eq!(over("check", &[("a.txt", b"nothing")]).status, 4);
    assert_eq!(
        over("check", &[("clusters/a/apps.yaml", LONE.as_bytes()), ("apps/kustomization.yaml", b"resources: []\n")])
            .status,
        0
    );
}

#[test]
fn mistakes_on_the_command_line_say_what_was_meant() {
    for (line, expected) in [
        ("chekc", "did you mean check?"),
        ("check . --fromat json", "did you mean --format?"),
        ("check . --format jsn", "is one of human, json"),
        ("explain custom-resource-before-cdr", "did you mean custom-resource-before-crd?"),
        ("explain", "explain needs the name of a rule"),
        ("check a b", "unexpected argument 'b'"),
        ("check --format", "--format needs a value"),
    ] {
        let outcome = fluxproof(line);
        assert_eq!(outcome.status, 2, "{line}");
        assert!(text(&outcome).contains(expected), "{line}: {}", text(&outcome));
    }
}

#[test]
fn every_command_has_help_and_every_rule_a_page() {
    for name in ["generate", "check", "prove", "graph", "explain", "rules", "schema"] {
        let outcome = fluxproof(&format!("{name} --help"));
        assert_eq!(outcome.status, 0);
        assert!(text(&outcome).starts_with(&format!("fluxproof {name}: ")), "{}", text(&outcome));
    }
    for rule in fluxproof_rules::rules() {
        assert!(text(&fluxproof(&format!("explain {}", rule.name))).starts_with(&format!("# {}", rule.name)));
    }
}

#[test]
fn a_broken_file_that_no_build_needs_is_named_with_its_position() {
    let files: &[(&str, &[u8])] = &[
        ("clusters/a/apps.yaml", LONE.as_bytes()),
        ("apps/kustomization.yaml", b"resources: []\n"),
        ("docs/broken.yaml", b"a: [1, 2\nb: }\n"),
        ("docs/latin1.yaml", b"a: caf\xe9\n"),
    ];
    let outcome = over("check", files);
    assert_eq!(outcome.status, 0, "{}", text(&outcome));
    assert!(text(&outcome).contains("not read: docs/broken.yaml: 2:2: broken YAML"), "{}", text(&outcome));
    assert!(text(&outcome).contains("not read: docs/latin1.yaml: 1:7: not UTF-8 at byte 6"), "{}", text(&outcome));
}

#[test]
fn a_broken_file_that_a_build_needs_is_a_finding() {
    let files: &[(&str, &[u8])] =
        &[("clusters/a/apps.yaml", LONE.as_bytes()), ("apps/broken.yaml", b"a: [1, 2\nb: }\n")];
    let outcome = over("check", files);
    assert_eq!(outcome.status, 1);
    assert!(text(&outcome).contains("error[build-fails]"), "{}", text(&outcome));
}

#[test]
fn generate_refuses_to_overwrite_and_names_every_mistake_at_once() {
    use fluxproof_core::command::{Inputs, Invocation, run};
    let invocation = Invocation { args: vec!["generate".to_owned(), "out".to_owned()], ..Invocation::default() };
    let inputs = Inputs { existing: vec!["README.md".to_owned()], ..Inputs::default() };
    let outcome = run(&invocation, inputs);
    assert!(
        outcome.status == 2 && outcome.writes.is_none() && text(&outcome).contains("README.md"),
        "{}",
        text(&outcome)
    );
    let outcome = fluxproof_with("generate --config -", Some("vault:\n  server: nowhere\n  sever: x\nversion: 1\n"));
    assert_eq!(outcome.status, 2);
    for place in [":2:", ":3:", ":4:"] {
        assert!(text(&outcome).contains(place), "{place}: {}", text(&outcome));
    }
    assert!(outcome.writes.is_none());
}

#[test]
fn the_zip_is_the_same_every_time_and_holds_the_tree() {
    let zip = fluxproof("generate --zip -").stdout;
    assert_eq!(zip, fluxproof("generate --zip -").stdout);
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(&zip)).expect("a zip");
    let json: serde_json::Value = serde_json::from_slice(&fluxproof("generate --format json").stdout).expect("JSON");
    let files = json["files"].as_array().expect("files");
    assert_eq!(archive.len(), files.len());
    for (index, file) in files.iter().enumerate() {
        let mut text = String::new();
        let mut entry = archive.by_index(index).expect("an entry");
        assert_eq!(Some(entry.name().expect("a name").as_ref()), file["path"].as_str());
        std::io::Read::read_to_string(&mut entry, &mut text).expect("text");
        assert_eq!(Some(text.as_str()), file["text"].as_str());
    }
}

#[test]
fn values_of_secrets_are_in_no_output() {
    for line in [
        "check tests/repos/guide-2021",
        "prove tests/repos/guide-2021",
        "check tests/repos/guide-2021 --format json",
        "prove tests/repos/guide-2021 --format json",
        "graph tests/repos/guide-2021",
    ] {
        assert!(!text(&fluxproof(line)).contains("put-your-token-here"), "{line}");
    }
}

#[test]
fn a_terminal_is_not_driven_by_a_repository() {
    let evil = LONE.replace("name: apps\n", "name: \"apps\\e[2J\"\n");
    let outcome = over("check", &[("clusters/a/apps.yaml", evil.as_bytes())]);
    assert!(!text(&outcome).contains('\u{1b}'), "{}", text(&outcome));
}

#[test]
fn nothing_is_called_proven_while_a_file_of_a_build_is_unread() {
    use fluxproof_core::command::{Content, InputFile, Inputs, Invocation, run};
    let file = |path: &str, content| InputFile { path: path.to_owned(), content };
    let tree = vec![
        file("apps/huge.yaml", Content::TooLarge(4 << 20)),
        file("clusters/a/apps.yaml", Content::Bytes(LONE.as_bytes().to_vec())),
    ];
    let invocation = Invocation { args: vec!["check".to_owned()], ..Invocation::default() };
    let outcome = run(&invocation, Inputs { tree, ..Inputs::default() });
    let text = text(&outcome);
    assert!(!text.contains("■ proven") && text.contains("may apply more than is read"), "{text}");
}
