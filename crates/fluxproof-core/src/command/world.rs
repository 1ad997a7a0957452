//! What a command line and the repository's config say of the world outside.

use super::check;
use super::options::{Args, ChartOption};
use super::types::{InputFile, Outcome, Terminal};
use crate::report::problems;
use crate::style::tame;
use fluxproof_delivery::{ChartPlace, World};
use fluxproof_yaml::{RepoPath, SourceFile, Sources};

/// What a host has read of the folders beside the tree, one for each that an option names.
type Beside = Vec<Result<Vec<InputFile>, String>>;

/// What is known of the outside; an answer where the config or an option is wrong.
pub(crate) fn world(args: &Args, terminal: Terminal, sources: &Sources, beside: Beside) -> Result<World, Outcome> {
    let (mut world, problems) = World::of(sources);
    if !problems.is_empty() {
        let text = problems::human(sources, &problems, terminal);
        let stderr = tame(&text, terminal.color).into_bytes();
        return Err(Outcome { stderr, status: 2, ..Outcome::default() });
    }
    let done = options(args, &mut world, sources).and_then(|()| charts(args, &mut world, sources, beside));
    done.map_err(|why| Outcome::refuse(2, &why))?;
    Ok(world)
}

/// Entries of the command line stand instead of the config's; sources beside them.
fn options(args: &Args, world: &mut World, sources: &Sources) -> Result<(), String> {
    if !args.entries.is_empty() {
        world.entries.clear();
    }
    args.entries.iter().try_for_each(|text| said("entry", world.add_entry(text, sources)))?;
    args.local_sources.iter().try_for_each(|text| said("local-source", world.add_source(text, sources)))
}

/// Charts beside the config's: in a folder of the repository, else in one outside, which the host has read.
fn charts(args: &Args, world: &mut World, sources: &Sources, beside: Beside) -> Result<(), String> {
    let mut read = beside.into_iter();
    let mut outside: Vec<SourceFile> = Vec::new();
    let mut places = Vec::new();
    for (at, chart) in args.charts.iter().enumerate() {
        let place = match (World::folder(&chart.folder, sources), read.next()) {
            (Ok(folder), _) => ChartPlace { folder, outside: false },
            (Err(_), Some(Ok(files))) => {
                let folder = RepoPath::root().join_clamped(&at.to_string());
                outside.extend(below(&folder, files));
                ChartPlace { folder, outside: true }
            }
            (Err(why), read) => return Err(not_there(chart, &why, read.and_then(Result::err))),
        };
        places.push(place);
    }
    world.chart_files = Sources::new(outside);
    let mut all = args.charts.iter().zip(places);
    all.try_for_each(|(chart, place)| match &chart.name {
        Some(name) => said("chart", world.add_chart(name, place, sources)),
        None => said("charts", world.add_charts(&place, sources)),
    })
}

fn not_there(chart: &ChartOption, why: &str, unread: Option<String>) -> String {
    let option = if chart.name.is_some() { "chart" } else { "charts" };
    match unread {
        Some(unread) => format!("--{option}: {why}, and outside of it {} cannot be read: {unread}", chart.folder),
        None => format!("--{option}: {why}"),
    }
}

/// The files of a folder outside, at places of their own; what has no path of a repository is left out.
fn below(folder: &RepoPath, files: Vec<InputFile>) -> Vec<SourceFile> {
    let placed = |file: InputFile| Some(check::source_file(folder.join(&file.path).ok()?, file.content));
    files.into_iter().filter_map(placed).collect()
}

fn said(option: &str, result: Result<(), String>) -> Result<(), String> {
    result.map_err(|why| format!("--{option}: {why}"))
}
