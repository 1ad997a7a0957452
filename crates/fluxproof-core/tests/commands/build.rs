//! `build` over a disk that is read as far as it is asked for.

use crate::support::{invocation, stderr, stdout};
use fluxproof_core::command::{Content, InputFile, Inputs, KUSTOMIZATION_FILES, More, Outcome, Step, step};
use std::collections::BTreeMap;

/// A disk: whole paths and texts, and the folder where the tree begins.
struct Disk {
    files: BTreeMap<&'static str, &'static str>,
    root: String,
    inputs: Inputs,
    /// The paths that were read, in order.
    read: Vec<String>,
}

impl Disk {
    fn new(files: &[(&'static str, &'static str)], folder: &str) -> Self {
        let files = files.iter().copied().collect();
        let mut disk = Self { files, root: folder.to_owned(), inputs: Inputs::default(), read: Vec::new() };
        disk.look(vec![String::new()]);
        disk
    }

    fn look(&mut self, paths: Vec<String>) {
        for path in &paths {
            let inside = KUSTOMIZATION_FILES.iter().map(|name| format!("{path}/{name}"));
            for path in inside.chain([path.clone()]) {
                let path = path.trim_start_matches('/');
                if let Some(text) = self.files.get(format!("{}/{path}", self.root).as_str()) {
                    self.read.push(path.to_owned());
                    let content = Content::Bytes(text.as_bytes().to_vec());
                    self.inputs.tree.push(InputFile { path: path.to_owned(), content });
                }
            }
        }
        self.inputs.asked.extend(paths);
    }

    fn climb(&mut self, above: usize) {
        for _ in 0..above {
            let Some((root, name)) = self.root.clone().rsplit_once('/').map(|(a, b)| (a.to_owned(), b.to_owned()))
            else {
                self.inputs.top = true;
                break;
            };
            let at = format!("{name}/{}", self.inputs.at);
            (self.root, self.inputs.at) = (root, at.trim_end_matches('/').to_owned());
        }
        (self.inputs.tree, self.inputs.asked) = (Vec::new(), Vec::new());
        self.look(vec![self.inputs.at.clone()]);
    }

    /// The answer, and how often more was asked for.
    fn answer(&mut self, line: &str) -> (Outcome, usize) {
        for round in 0..20 {
            match step(&invocation(line, 100, false), &self.inputs) {
                Step::Answer(outcome) => return (outcome, round),
                Step::More(More { above: 0, paths }) => self.look(paths),
                Step::More(More { above, .. }) => self.climb(above),
            }
        }
        panic!("more and more is asked for");
    }
}

const MAP: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n";

#[test]
fn a_build_asks_for_what_its_kustomizations_name_and_for_nothing_else() {
    let files = [
        ("disk/repo/kustomization.yaml", "resources: [apps, a.yaml]\n"),
        ("disk/repo/a.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: b}\n"),
        ("disk/repo/apps/kustomization.yml", "resources: [a.yaml]\n"),
        ("disk/repo/apps/a.yaml", MAP),
        ("disk/repo/apps/other.yaml", MAP),
    ];
    let mut disk = Disk::new(&files, "disk/repo");
    let (outcome, rounds) = disk.answer("build disk/repo");
    assert_eq!((outcome.status, rounds), (0, 2), "{}", stderr(&outcome));
    assert!(stdout(&outcome).starts_with(MAP), "{}", stdout(&outcome));
    assert_eq!(disk.read, ["kustomization.yaml", "a.yaml", "apps/kustomization.yml", "apps/a.yaml"]);
}

#[test]
fn a_base_above_the_folder_lets_the_tree_begin_higher() {
    let files = [
        ("disk/repo/apps/one/kustomization.yaml", "resources: [../../base]\n"),
        ("disk/repo/base/kustomization.yaml", "resources: [a.yaml]\n"),
        ("disk/repo/base/a.yaml", MAP),
    ];
    let mut disk = Disk::new(&files, "disk/repo/apps/one");
    let (outcome, _) = disk.answer("build .");
    assert_eq!((outcome.status, stdout(&outcome).as_str()), (0, MAP), "{}", stderr(&outcome));
    assert_eq!((disk.root.as_str(), disk.inputs.at.as_str()), ("disk/repo", "apps/one"));
}

#[test]
fn what_is_nowhere_is_looked_for_once() {
    let files = [("disk/kustomization.yaml", "resources: [gone.yaml, ../../../gone]\n")];
    let (outcome, rounds) = Disk::new(&files, "disk").answer("build .");
    assert!(outcome.status == 1 && rounds <= 3, "{rounds}: {}", stderr(&outcome));
    assert!(stderr(&outcome).contains("gone.yaml: no such file or directory"), "{}", stderr(&outcome));
    assert!(stderr(&outcome).contains("'../../../gone': the path leaves"), "{}", stderr(&outcome));
}

#[test]
fn an_empty_folder_has_no_kustomization() {
    let (outcome, _) = Disk::new(&[], "disk").answer("build .");
    assert!(outcome.status == 1 && stderr(&outcome).contains("unable to find one of"), "{}", stderr(&outcome));
}

#[test]
fn the_load_restrictor_is_that_of_kustomize() {
    let files = [("disk/apps/kustomization.yaml", "resources: [../a.yaml]\n"), ("disk/a.yaml", MAP)];
    let (refused, _) = Disk::new(&files, "disk/apps").answer("build .");
    assert!(refused.status == 1 && stderr(&refused).contains("security; file 'a.yaml'"), "{}", stderr(&refused));
    let (lenient, _) = Disk::new(&files, "disk/apps").answer("build . --load-restrictor LoadRestrictionsNone");
    assert_eq!((lenient.status, stdout(&lenient).as_str()), (0, MAP), "{}", stderr(&lenient));
}
