//! Random configs in the hosts: the same zip everywhere, and what kustomize itself makes of the trees.
#![expect(clippy::expect_used, clippy::panic, reason = "a test ends with a message")]

use fluxproof_layout::Layout;
use fluxproof_tests::{Host, Tree};
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};
use serde_json::Value;
use std::path::Path;
use std::process::Command;

#[expect(unreachable_pub, reason = "a module of a test has no other crate")]
#[path = "../crates/fluxproof-layout/tests/configs/mod.rs"]
mod configs;

/// How many configs an ordinary run looks at: the same in each.
const CASES: u32 = 8;

fn runner() -> TestRunner {
    let usual = Config { failure_persistence: None, max_shrink_iters: 0, ..Config::default() };
    if std::env::var_os("PROPTEST_CASES").is_some() {
        return TestRunner::new(usual);
    }
    let always = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    TestRunner::new_with_rng(Config { cases: CASES, ..usual }, always)
}

/// The CRDs that a vendored copy is made of, as a folder beside what is generated.
fn with_crds() -> Tree {
    let tree = Tree::empty();
    for (name, text) in configs::crds() {
        tree.put(&format!("repo/crds/{name}"), text.as_bytes());
    }
    tree
}

fn config(layout: &Layout) -> String {
    Value::Object(layout.differences()).to_string()
}

#[test]
fn every_host_makes_the_same_zip_of_every_config() {
    let tree = with_crds();
    let same = |layout: Layout| {
        let args = ["generate", "--config", "-", "--crds", "crds", "--zip", "-"];
        let zips = Host::ALL.map(|host| host.run(&tree.repo(), &args, config(&layout).as_bytes(), false));
        let [native, others @ ..] = &zips;
        match native.status == 0 && others.iter().all(|other| other == native) {
            true => Ok(()),
            false => {
                Err(TestCaseError::fail(format!("{}\n{}", config(&layout), String::from_utf8_lossy(&native.stderr))))
            }
        }
    };
    runner().run(&configs::valid(), same).unwrap_or_else(|error| panic!("{error}"));
}

/// The folders with a kustomization.
fn kustomizations(folder: &Path, out: &mut Vec<std::path::PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        if entry.path().is_dir() {
            kustomizations(&entry.path(), out);
        } else if entry.file_name() == "kustomization.yaml" {
            out.push(folder.to_owned());
        }
    }
}

/// `FLUXPROOF_KUSTOMIZE=/usr/bin/kustomize cargo test -p fluxproof-tests --test layouts -- --ignored`
#[test]
#[ignore = "wants kustomize itself: FLUXPROOF_KUSTOMIZE names it"]
fn kustomize_builds_every_folder_to_the_same_bytes() {
    let kustomize = std::env::var("FLUXPROOF_KUSTOMIZE").expect("FLUXPROOF_KUSTOMIZE");
    let same = |layout: Layout| {
        let tree = with_crds();
        let args = ["generate", "out", "--config", "-", "--crds", "crds"];
        let made = Host::Native.run(&tree.repo(), &args, config(&layout).as_bytes(), true);
        assert_eq!(made.status, 0, "{made:?}");
        let mut folders = Vec::new();
        kustomizations(&tree.repo().join("out"), &mut folders);
        for folder in folders {
            let ours = Host::Native.run(&folder, &["build", "."], b"", false);
            let theirs = Command::new(&kustomize).arg("build").arg(&folder).output().expect("kustomize");
            if ours.stdout != theirs.stdout {
                let texts = [&theirs.stdout, &theirs.stderr, &ours.stdout]
                    .map(|text| String::from_utf8_lossy(text).into_owned());
                return Err(TestCaseError::fail(format!("{}\n{}", folder.display(), texts.join("\n----\n"))));
            }
        }
        Ok(())
    };
    runner().run(&configs::valid(), same).unwrap_or_else(|error| panic!("{error}"));
}
