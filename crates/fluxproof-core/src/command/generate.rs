//! `generate`: render, prove, and only then write.

use super::check::analyse;
use super::options::Args;
use super::types::{Content, Inputs, Outcome, Terminal, Writes};
use crate::archive::{Archive, archive};
use crate::report::{Analysis, human, json};
use crate::style::{Ink, Style, tame};
use fluxproof_layout::{Layout, LayoutProblem, Tree, read_with, render, surroundings};
use fluxproof_yaml::Sources;
use serde::Serialize;
use std::fmt::Write;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Generated<'a> {
    schema_version: &'static str,
    files: Vec<FileDto<'a>>,
    zip: ZipDto<'a>,
    report: json::Report<'a>,
}

#[derive(Serialize)]
struct FileDto<'a> {
    path: &'a str,
    text: &'a str,
}

#[derive(Serialize)]
struct ZipDto<'a> {
    name: &'a str,
    size: usize,
    sha256: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Refused {
    schema_version: &'static str,
    problems: Vec<ProblemDto>,
}

#[derive(Serialize)]
struct ProblemDto {
    path: String,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<u32>,
}

/// A tree that is proven, and its archive.
struct Made {
    tree: Tree,
    analysis: Analysis,
    archive: Archive,
}

pub(crate) fn run(args: &Args, terminal: Terminal, core_digest: Option<String>, inputs: &Inputs) -> Outcome {
    let config = inputs.config.as_deref().unwrap_or(fluxproof_layout::default_config().as_bytes());
    let crds = match crds(args, inputs) {
        Ok(crds) => crds,
        Err(message) => return Outcome::refuse(2, &message),
    };
    let (tree, around) = match read_with(config, crds).and_then(|layout| trees(&layout)) {
        Ok(trees) => trees,
        Err(problems) => return refused(args, &problems),
    };
    let made = match make(tree, &around, core_digest) {
        Ok(made) => made,
        Err(message) => return Outcome::refuse(3, &message),
    };
    let clashes = clashes(args, inputs, &made.tree);
    if !clashes.is_empty() {
        return overwrite_refused(args, &clashes);
    }
    answer(args, terminal, made)
}

/// The files of the folder that the CRDs are in.
fn crds(args: &Args, inputs: &Inputs) -> Result<Vec<(String, String)>, String> {
    let (Some(folder), Some(read)) = (&args.crds, inputs.beside.first()) else { return Ok(Vec::new()) };
    let files = read.as_ref().map_err(|why| format!("the CRDs in {folder} cannot be read: {why}"))?;
    let mut out = Vec::new();
    for file in files {
        let Content::Bytes(bytes) = &file.content else {
            return Err(format!("the CRDs in {folder} cannot be read: {} is too large or no file", file.path));
        };
        let text = String::from_utf8(bytes.clone()).map_err(|_| format!("{} in {folder} is not UTF-8", file.path))?;
        out.push((file.path.clone(), text));
    }
    Ok(out)
}

/// The tree, and what stands around an embedded one: it is proven with that, and written without.
fn trees(layout: &Layout) -> Result<(Tree, Tree), Vec<LayoutProblem>> {
    Ok((render(layout)?, surroundings(layout)?))
}

/// Proves a rendered tree; one that is not proven is a defect of ours, and is never written.
fn make(tree: Tree, around: &Tree, core_digest: Option<String>) -> Result<Made, String> {
    let files = tree.files.iter().chain(&around.files);
    let sources = Sources::from_texts(files.map(|file| (file.path.clone(), file.text.as_str())));
    let analysis = analyse(sources, &fluxproof_delivery::World::default(), core_digest);
    let broken = analysis.deliveries.clusters.iter().any(|delivery| crate::report::Counts::of(delivery).broken > 0);
    if broken || !analysis.findings.is_empty() || analysis.deliveries.clusters.is_empty() {
        let findings: Vec<&str> = analysis.findings.iter().map(|finding| finding.message.as_str()).collect();
        return Err(format!(
            "the layout of this config is not proven, so nothing was written; please report this: {}",
            findings.join("; ")
        ));
    }
    let archive = archive(&tree)?;
    Ok(Made { tree, analysis, archive })
}

fn refused(args: &Args, problems: &[LayoutProblem]) -> Outcome {
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
    let stdout = if args.format == "json" { refused_json(problems) } else { String::new() };
    Outcome { stdout: stdout.into_bytes(), stderr: tame(&stderr, false).into_bytes(), status: 2, writes: None }
}

fn refused_json(problems: &[LayoutProblem]) -> String {
    let dto = |problem: &'_ LayoutProblem| ProblemDto {
        path: problem.field.clone(),
        message: problem.message.clone(),
        help: problem.help.clone(),
        line: problem.line,
        column: problem.column,
    };
    let problems = problems.iter().map(dto).collect();
    json::text(&Refused { schema_version: "1", problems })
}

/// The files that would be overwritten.
fn clashes(args: &Args, inputs: &Inputs, tree: &Tree) -> Vec<String> {
    if args.force || args.zip.is_some() || args.operand.is_none() {
        return Vec::new();
    }
    let paths = tree.files.iter().map(|file| file.path.as_str().to_owned());
    paths.filter(|path| inputs.existing.iter().any(|existing| existing == path)).collect()
}

fn overwrite_refused(args: &Args, clashes: &[String]) -> Outcome {
    let folder = args.operand.as_deref().unwrap_or(".");
    let list: String = clashes.iter().map(|path| format!("  {path}\n")).collect();
    let message = format!(
        "error: {folder} already has {} of these files, and nothing was written\n{list}help: choose another folder, or overwrite them with --force\n",
        clashes.len()
    );
    Outcome { stderr: tame(&message, false).into_bytes(), status: 2, ..Outcome::default() }
}

fn answer(args: &Args, terminal: Terminal, made: Made) -> Outcome {
    if args.zip.as_deref() == Some("-") {
        return Outcome::out(made.archive.bytes);
    }
    let stdout = if args.format == "json" { generated_json(&made) } else { human_text(args, terminal, &made) };
    Outcome { stdout: stdout.into_bytes(), writes: writes(args, made), ..Outcome::default() }
}

fn writes(args: &Args, made: Made) -> Option<Writes> {
    if let Some(zip) = &args.zip {
        let (root, name) = zip.rsplit_once('/').unwrap_or((".", zip));
        let root = if root.is_empty() { "/" } else { root };
        return Some(Writes { root: root.to_owned(), files: vec![(name.to_owned(), made.archive.bytes)] });
    }
    let files = made.tree.files.into_iter().map(|file| (file.path.as_str().to_owned(), file.text.into_bytes()));
    args.operand.as_ref().map(|root| Writes { root: root.clone(), files: files.collect() })
}

fn generated_json(made: &Made) -> String {
    json::text(&Generated {
        schema_version: "1",
        files: made.tree.files.iter().map(|file| FileDto { path: file.path.as_str(), text: &file.text }).collect(),
        zip: ZipDto { name: &made.archive.name, size: made.archive.bytes.len(), sha256: &made.archive.sha256 },
        report: json::report(&made.analysis, true),
    })
}

fn human_text(args: &Args, terminal: Terminal, made: &Made) -> String {
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
