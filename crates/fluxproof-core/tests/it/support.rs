//! Running a command line as a host does, over folders of this checkout.

use fluxproof_core::command::{Content, InputFile, Inputs, Invocation, Outcome, Plan, plan, run};
use std::path::{Path, PathBuf};

/// The root of the checkout.
pub(crate) fn root() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

/// Runs a command line; folders are relative to the checkout.
pub(crate) fn fluxproof(line: &str) -> Outcome {
    fluxproof_with(line, None)
}

/// The same with a config on standard input.
pub(crate) fn fluxproof_with(line: &str, config: Option<&str>) -> Outcome {
    let args = line.split_whitespace().map(str::to_owned).collect();
    let invocation = Invocation { args, ..Invocation::default() };
    match plan(&invocation) {
        Plan::Answer(outcome) => outcome,
        Plan::Read(reads) => {
            let tree = reads.tree.map(|folder| files(&root().join(folder))).unwrap_or_default();
            let config = reads.config.and(config).map(|text| text.as_bytes().to_vec());
            run(&invocation, Inputs { tree, config, ..Inputs::default() })
        }
    }
}

/// Runs a command line over texts.
pub(crate) fn over(line: &str, files: &[(&str, &[u8])]) -> Outcome {
    let args = line.split_whitespace().map(str::to_owned).collect();
    let tree = files
        .iter()
        .map(|(path, bytes)| InputFile { path: (*path).to_owned(), content: Content::Bytes(bytes.to_vec()) });
    run(&Invocation { args, ..Invocation::default() }, Inputs { tree: tree.collect(), ..Inputs::default() })
}

fn files(folder: &Path) -> Vec<InputFile> {
    let mut all = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(next) = open.pop() {
        for entry in std::fs::read_dir(&next).unwrap_or_else(|error| panic!("{}: {error}", next.display())) {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                open.push(path);
            } else {
                let relative =
                    path.strip_prefix(folder).expect("below the folder").to_string_lossy().replace('\\', "/");
                all.push(InputFile { path: relative, content: Content::Bytes(std::fs::read(&path).expect("a file")) });
            }
        }
    }
    all
}

/// What a command prints: both streams.
pub(crate) fn text(outcome: &Outcome) -> String {
    String::from_utf8_lossy(&outcome.stdout).into_owned() + &String::from_utf8_lossy(&outcome.stderr)
}

/// Compares a file with what it should hold; with UPDATE=1 writes it.
pub(crate) fn same(path: &Path, expected: &str) {
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(path, expected).expect("the file can be written");
        return;
    }
    let found = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        found == expected,
        "{} is not up to date; read the difference, then UPDATE=1 cargo test\n--- found\n{found}\n--- expected\n{expected}",
        path.display()
    );
}
