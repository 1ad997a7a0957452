//! `build`: the objects of a kustomization, or of a Flux Kustomization, as YAML.

use super::check::sources;
use super::options::Args;
use super::types::{Inputs, Outcome, Terminal};
use super::world::world;
use crate::report::{problems, provenance};
use crate::style::tame;
use fluxproof_delivery::flux_kustomization;
use fluxproof_kustomize::{Build, Options, Workspace, build};
use fluxproof_yaml::{Problem, RepoPath, Sources};

pub(crate) fn run(args: &Args, terminal: Terminal, inputs: Inputs) -> Outcome {
    let (sources, _) = sources(inputs.tree);
    let folder = RepoPath::root().join_clamped(&inputs.at);
    let workspace = Workspace::new(&sources);
    let built = match &args.flux {
        None => build(&workspace, &folder, Options::kustomize()),
        Some(name) => match flux(args, terminal, &sources, &folder, name) {
            Ok(built) => built,
            Err(outcome) => return outcome,
        },
    };
    let refused = refused(&built);
    if !refused.is_empty() {
        return failed(&sources, &built, &refused, terminal);
    }
    match text(args, &sources, &built, terminal) {
        Ok(text) => Outcome::out(text),
        Err(problem) => failed(&sources, &built, &[problem], terminal),
    }
}

fn flux(args: &Args, terminal: Terminal, sources: &Sources, folder: &RepoPath, name: &str) -> Result<Build, Outcome> {
    let world = world(args, terminal, sources)?;
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
    built.problems.iter().cloned().chain(remote).chain(unknown).collect()
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
