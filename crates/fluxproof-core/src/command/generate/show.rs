//! What `generate` prints.

use super::Made;
use super::wire;
use crate::command::options::Args;
use crate::command::types::{Outcome, Terminal};
use crate::report::human;
use crate::style::{Ink, Style, tame};
use fluxproof_layout::{LayoutProblem, Tree, TreeFile};
use std::fmt::Write;

/// Everything that is wrong with a config.
pub(super) fn refused(args: &Args, problems: &[LayoutProblem]) -> Outcome {
    let mut stderr = String::new();
    let file = args.config.as_deref().unwrap_or("the config");
    for problem in problems {
        let place = problem
            .line
            .zip(problem.column)
            .map(|(line, column)| format!("{file}:{line}:{column}: "))
            .unwrap_or_default();
        let field = if problem.field.is_empty() { String::new() } else { format!("{}: ", problem.field) };
        let _ = writeln!(stderr, "error: {place}{field}{}", problem.message);
        if let Some(help) = &problem.help {
            let _ = writeln!(stderr, "help: {help}");
        }
    }
    stderr.push_str("nothing was written\n");
    let stdout = if args.format == "json" { wire::refused(problems) } else { String::new() };
    Outcome { stdout: stdout.into_bytes(), stderr: tame(&stderr, false).into_bytes(), status: 2, ..Outcome::default() }
}

/// The tree, its proof, and what comes next.
pub(super) fn human(args: &Args, terminal: Terminal, made: &Made) -> String {
    let style = Style { color: terminal.color };
    let root =
        args.zip.as_deref().or(args.operand.as_deref()).unwrap_or("(nothing written: name a folder, or --zip FILE)");
    let mut out = format!("{}\n{}\n", style.paint(Ink::Strong, root), picture(&made.tree));
    for delivery in &made.analysis.deliveries.clusters {
        out.push_str(&human::summary(delivery, &made.analysis.findings, human::ASSUMED_SHOWN, style));
    }
    if made.tree.files.iter().any(|file| file.path.as_str() == "README.md") && args.operand.is_some() {
        let _ = writeln!(out, "\nnext: read {root}/README.md, commit, push");
    }
    out
}

/// All files as one YAML stream, each under its path; what is no YAML is a comment.
pub(super) fn stream(tree: &Tree) -> String {
    tree.files.iter().map(document).collect()
}

fn document(file: &TreeFile) -> String {
    let path = file.path.as_str();
    let is_yaml = [".yaml", ".yml"].iter().any(|end| path.ends_with(end));
    let text = file.text.strip_prefix("---\n").unwrap_or(&file.text);
    let comment = |line: &str| if line.is_empty() { "#\n".to_owned() } else { format!("# {line}\n") };
    let body = if is_yaml { text.to_owned() } else { text.lines().map(comment).collect() };
    format!("---\n# {path}\n{body}")
}

/// The tree as a picture, folders before files.
fn picture(tree: &Tree) -> String {
    let paths: Vec<Vec<&str>> = tree.files.iter().map(|file| file.path.parts().collect()).collect();
    let mut out = String::new();
    draw(&paths, "", &mut out);
    out
}

/// Draws one level. Trees of the generator are a few folders deep.
fn draw(paths: &[Vec<&str>], indent: &str, out: &mut String) {
    let mut names: Vec<(bool, &str)> =
        paths.iter().filter_map(|path| Some((path.len() == 1, *path.first()?))).collect();
    fluxproof_order::sort(&mut names);
    names.dedup();
    for (index, (is_file, name)) in names.iter().enumerate() {
        let last = index + 1 == names.len();
        let (branch, below) = if last { ("└── ", "    ") } else { ("├── ", "│   ") };
        let _ = writeln!(out, "{indent}{branch}{name}{}", if *is_file { "" } else { "/" });
        if !is_file {
            let inner: Vec<Vec<&str>> =
                paths.iter().filter(|p| p.len() > 1 && p[0] == *name).map(|p| p[1..].to_vec()).collect();
            draw(&inner, &format!("{indent}{below}"), out);
        }
    }
}
