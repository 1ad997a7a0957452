//! `build`: the objects of a kustomization, or of a Flux Kustomization, as YAML.

use super::check::sources;
use super::options::Args;
use super::types::{Inputs, More, Outcome, Step, Terminal};
use super::world::world;
use crate::report::{problems, provenance};
use crate::style::tame;
use fluxproof_delivery::flux_kustomization;
use fluxproof_kustomize::{Build, KUSTOMIZATION_FILES, Missing, Options, Restriction, Workspace, build};
use fluxproof_yaml::{Problem, RepoPath, Sources};
use std::collections::BTreeSet;

pub(crate) fn run(args: &Args, terminal: Terminal, inputs: Inputs) -> Outcome {
    let (sources, _) = sources(inputs.tree);
    if sources.is_empty() {
        return nothing(args);
    }
    let folder = RepoPath::root().join_clamped(&inputs.at);
    let workspace = Workspace::frugal(&sources);
    let built = match &args.flux {
        None => build(&workspace, &folder, options(args)),
        Some(name) => match flux(args, terminal, &sources, &folder, name) {
            Ok(built) => built,
            Err(outcome) => return outcome,
        },
    };
    outcome(args, &sources, &built, terminal)
}

/// Builds what was read so far; where the build looked for more than that, it is asked for.
pub(crate) fn step(args: &Args, terminal: Terminal, inputs: &Inputs) -> Step {
    let (sources, _) = sources(inputs.tree.clone());
    if sources.is_empty() {
        return Step::Answer(nothing(args));
    }
    let workspace = Workspace::frugal(&sources);
    let built = build(&workspace, &RepoPath::root().join_clamped(&inputs.at), options(args));
    match more(&workspace.missing(), inputs) {
        Some(more) => Step::More(more),
        None => Step::Answer(outcome(args, &sources, &built, terminal)),
    }
}

/// The folder has not one file that a problem could point at.
fn nothing(args: &Args) -> Outcome {
    let folder = args.operand.as_deref().unwrap_or(".");
    Outcome::refuse(1, &format!("unable to find one of {} in directory '{folder}'", KUSTOMIZATION_FILES.join(", ")))
}

fn options(args: &Args) -> Options {
    let restriction = if args.unrestricted { Restriction::None } else { Restriction::RootOnly };
    Options { restriction, ..Options::kustomize() }
}

/// What a build looked for and nobody has looked for yet.
fn more(missing: &Missing, inputs: &Inputs) -> Option<More> {
    if missing.above > 0 && !inputs.top {
        return Some(More { above: missing.above, paths: Vec::new() });
    }
    let asked: BTreeSet<&str> = fluxproof_order::gather(inputs.asked.iter().map(String::as_str));
    let came_along =
        |path: &RepoPath| KUSTOMIZATION_FILES.contains(&path.name()) && asked.contains(path.parent().as_str());
    let new = missing.paths.iter().filter(|path| !asked.contains(path.as_str()) && !came_along(path));
    let paths: Vec<String> = new.map(|path| path.as_str().to_owned()).collect();
    (!paths.is_empty()).then_some(More { above: 0, paths })
}

fn outcome(args: &Args, sources: &Sources, built: &Build, terminal: Terminal) -> Outcome {
    let refused = refused(built);
    if !refused.is_empty() {
        return failed(sources, built, &refused, terminal);
    }
    match text(args, sources, built, terminal) {
        Ok(text) => Outcome::out(text),
        Err(problem) => failed(sources, built, &[problem], terminal),
    }
}

fn flux(args: &Args, terminal: Terminal, sources: &Sources, folder: &RepoPath, name: &str) -> Result<Build, Outcome> {
    let world = world(args, terminal, sources, Vec::new())?;
    flux_kustomization(sources, &world, folder, name).map_err(|message| Outcome::refuse(2, &message))
}

/// What kustomize would refuse, and what it would fetch: without it the output would not be the whole.
fn refused(built: &Build) -> Vec<Problem> {
    let remote = built.external.iter().map(|external| {
        Problem::new(external.span, format!("{} lies outside the repository", external.url))
            .note("fluxproof reads no network, so that its answer is the same everywhere")
            .help("keep a copy of it in the repository, and name that")
    });
    let unknown = built.doubts.iter().map(|doubt| Problem::new(doubt.span, doubt.what.clone()));
    // What is not known comes first: the rest may follow from it.
    unknown.chain(remote).chain(built.problems.iter().cloned()).collect()
}

fn failed(sources: &Sources, built: &Build, refused: &[Problem], terminal: Terminal) -> Outcome {
    let mut text = problems::human(sources, refused, terminal);
    // People search for the words that kustomize ends with.
    if let Some(error) = built.error.as_ref().filter(|error| refused.iter().all(|problem| problem.message != **error)) {
        text.push_str(&format!("kustomize says: Error: {error}\n"));
    }
    Outcome { stderr: tame(&text, terminal.color).into_bytes(), status: 1, ..Outcome::default() }
}

fn text(args: &Args, sources: &Sources, built: &Build, terminal: Terminal) -> Result<String, Problem> {
    match (args.provenance, args.format.as_str()) {
        (true, "json") => provenance::json(sources, &built.resources),
        (true, _) => provenance::human(sources, &built.resources, terminal),
        _ => built.objects(),
    }
}
