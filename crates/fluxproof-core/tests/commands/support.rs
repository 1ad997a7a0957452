//! What the tests of the commands share: a host without a disk, and repositories out of the rules' own pages.

use fluxproof_core::command::{Content, InputFile, Inputs, Invocation, Outcome, Plan, Terminal, plan, run};

/// A repository: paths and contents.
pub(crate) type Files = Vec<(String, Vec<u8>)>;

/// A command line on a terminal of this width, in colour or not.
pub(crate) fn invocation(line: &str, width: u16, color: bool) -> Invocation {
    let args = line.split_whitespace().map(str::to_owned).collect();
    Invocation { args, terminal: Terminal { color, width, interactive: false }, core_digest: None }
}

/// Plans and runs a command as a host would, over these inputs.
pub(crate) fn execute(invocation: &Invocation, inputs: Inputs) -> Outcome {
    match plan(invocation) {
        Plan::Answer(outcome) => outcome,
        Plan::Read(_) => run(invocation, inputs),
    }
}

/// A command over a repository, 100 columns wide, plain.
pub(crate) fn over(line: &str, files: &Files) -> Outcome {
    execute(&invocation(line, 100, false), inputs(files))
}

/// A command over nothing.
pub(crate) fn bare(line: &str) -> Outcome {
    execute(&invocation(line, 100, false), Inputs::default())
}

/// What a host would have read of these files.
pub(crate) fn inputs(files: &Files) -> Inputs {
    let file =
        |(path, bytes): &(String, Vec<u8>)| InputFile { path: path.clone(), content: Content::Bytes(bytes.clone()) };
    Inputs { tree: files.iter().map(file).collect(), ..Inputs::default() }
}

/// Standard output as text.
pub(crate) fn stdout(outcome: &Outcome) -> String {
    String::from_utf8(outcome.stdout.clone()).expect("standard output is UTF-8")
}

/// Standard error as text.
pub(crate) fn stderr(outcome: &Outcome) -> String {
    String::from_utf8(outcome.stderr.clone()).expect("standard error is UTF-8")
}

/// The repository in a section (`Broken`, `Mended`) of a rule's page.
pub(crate) fn page_repository(rule: &str, section: &str) -> Files {
    let page = fluxproof_rules::rule(rule).expect("the rule exists").page;
    let body = page.split(&format!("\n## {section}\n")).nth(1).expect("the section exists");
    let body = body.split("\n## ").next().unwrap_or("");
    let file = |block: &str| {
        let (path, rest) = block.split_once('\n').expect("a path ends its line");
        let text = rest.split("\n```").next().unwrap_or("").to_owned() + "\n";
        (path.trim().to_owned(), text.into_bytes())
    };
    let files: Files = body.split("```yaml file=").skip(1).map(file).collect();
    assert!(!files.is_empty(), "{rule}: {section} holds a repository");
    files
}

/// A Flux Kustomization of this name that applies this folder, with more lines of spec.
pub(crate) fn kustomization(name: &str, path: &str, more: &str) -> Vec<u8> {
    format!(
        "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata:\n  name: {name}\n  namespace: flux-system\n\
         spec:\n  interval: 10m\n  path: {path}\n  prune: true\n{more}  sourceRef:\n    kind: GitRepository\n    name: flux-system\n"
    )
    .into_bytes()
}
