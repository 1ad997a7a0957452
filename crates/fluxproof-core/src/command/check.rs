//! `check` and `prove`.

use super::options::{Args, did_you_mean};
use super::types::{Content, InputFile, Inputs, Outcome, Terminal};
use super::world::world;
use crate::report::{Analysis, human, json, prove};
use crate::style::tame;
use fluxproof_delivery::{World, deliver};
use fluxproof_yaml::{Problem, RepoPath, SourceFile, Sources, Span};

pub(crate) fn run(args: &Args, terminal: Terminal, core_digest: Option<String>, inputs: Inputs) -> Outcome {
    let analysis = match read(args, terminal, inputs, core_digest) {
        Ok(analysis) => analysis,
        Err(outcome) => return outcome,
    };
    let certificate = args.command == "prove";
    if analysis.is_empty() && args.format != "json" {
        return nothing(args, human::not_read(&analysis, terminal));
    }
    let stdout = match (args.format.as_str(), certificate) {
        ("json", _) => json::text(&json::report(&analysis, certificate)),
        (_, true) => prove::prove(&analysis, terminal),
        _ => human::check(&analysis, terminal),
    };
    if analysis.is_empty() {
        return nothing(args, stdout);
    }
    Outcome { stdout: stdout.into_bytes(), status: analysis.status(args.fail_on), ..Outcome::default() }
}

pub(crate) fn nothing(args: &Args, stdout: String) -> Outcome {
    let folder = args.operand.as_deref().unwrap_or(".");
    let message = format!(
        "error: there is nothing to check in {folder}: it has no Flux Kustomization\nhelp: name the root of the repository that Flux reads, or with --entry a folder that Flux applies from elsewhere\n"
    );
    let stderr = tame(&message, false).into_bytes();
    Outcome { stdout: stdout.into_bytes(), stderr, status: 4, ..Outcome::default() }
}

/// What the host read, analysed; paths that are none of a repository are named among the files that were not read.
pub(crate) fn read(
    args: &Args,
    terminal: Terminal,
    inputs: Inputs,
    core_digest: Option<String>,
) -> Result<Analysis, Outcome> {
    let (sources, refused) = sources(inputs.tree);
    let world = world(args, terminal, &sources, inputs.beside)?;
    let mut analysis = analyse(sources, &world, core_digest);
    analysis.skipped.extend(refused);
    fluxproof_order::sort(&mut analysis.skipped);
    if let Some(name) = &args.cluster {
        only(&mut analysis, name).map_err(|why| Outcome::refuse(2, &why))?;
    }
    Ok(analysis)
}

/// Keeps one cluster, named by its name or by the folder of its entry, and the findings of it.
fn only(analysis: &mut Analysis, name: &str) -> Result<(), String> {
    let entry = name.trim_start_matches("./").trim_end_matches('/');
    let clusters = &mut analysis.deliveries.clusters;
    let named = |cluster: &fluxproof_delivery::Delivery| cluster.name == name || cluster.entry.as_str() == entry;
    if !clusters.iter().any(named) {
        let all: Vec<&str> = clusters.iter().map(|cluster| cluster.name.as_str()).collect();
        let known = format!("; the clusters are {}", all.join(", "));
        return Err(format!("--cluster: there is no cluster '{name}'{}", did_you_mean(name, all.into_iter(), &known)));
    }
    clusters.retain(named);
    let kept: Vec<String> = clusters.iter().map(|cluster| cluster.name.clone()).collect();
    analysis.findings.retain_mut(|finding| {
        let everywhere = finding.clusters.is_empty();
        finding.clusters.retain(|cluster| kept.contains(cluster));
        everywhere || !finding.clusters.is_empty()
    });
    Ok(())
}

/// What the host read as sources, and the paths that are none of a repository with the reasons.
pub(crate) fn sources(tree: Vec<InputFile>) -> (Sources, Vec<(String, String)>) {
    let (mut files, mut refused) = (Vec::with_capacity(tree.len()), Vec::new());
    for file in tree {
        match RepoPath::new(&file.path) {
            Ok(path) => files.push(source_file(path, file.content)),
            Err(why) => refused.push((file.path, why.to_string())),
        }
    }
    (Sources::new(files), refused)
}

/// Sources, their delivery, and what the rules say of it.
pub(crate) fn analyse(sources: Sources, world: &World, core_digest: Option<String>) -> Analysis {
    let deliveries = deliver(&sources, world);
    let findings = fluxproof_rules::check(&sources, &deliveries);
    let skipped = skipped(&sources, &deliveries);
    Analysis { sources, deliveries, findings, skipped, core_digest }
}

/// Files that were not read, and those whose YAML is broken and that no build needs: each with its first problem.
fn skipped(sources: &Sources, deliveries: &fluxproof_delivery::Deliveries) -> Vec<(String, String)> {
    let file = |id| sources.file(id).and_then(|file| Some((file.path.to_string(), file.unread.clone()?)));
    let mut all: Vec<(String, String)> = sources.ids().filter(|id| !sources.is_listed(*id)).filter_map(file).collect();
    let mut last = None;
    let read = |file| sources.file(file).is_some_and(|file| file.unread.is_none());
    let mut built = vec![Vec::new(); sources.len()];
    deliveries.spans_in_builds().for_each(|span| built[span.file.0 as usize].push(span));
    let is_built = |span: Span| built[span.file.0 as usize].contains(&span);
    let left_out = |problem: &&Problem| read(problem.span.file) && !is_built(problem.span);
    for problem in deliveries.unread.iter().filter(left_out) {
        if last != Some(problem.span.file) {
            let place = sources.line_column(problem.span.file, problem.span.start);
            all.push((
                sources.path(problem.span.file).to_string(),
                format!("{}:{}: {}", place.line, place.column, problem.message),
            ));
        }
        last = Some(problem.span.file);
    }
    fluxproof_order::sort(&mut all);
    all
}

pub(crate) fn source_file(path: RepoPath, content: Content) -> SourceFile {
    match content {
        Content::Bytes(bytes) => SourceFile::read(path, bytes),
        Content::TooLarge(size) => SourceFile::unread(path, format!("larger than 3 MB ({size} bytes)")),
        Content::Unread(why) => SourceFile::unread(path, why),
        Content::Listed => SourceFile::listed(path),
    }
}
