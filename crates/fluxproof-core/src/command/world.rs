//! What a command line and the repository's config say of the world outside.

use super::options::Args;
use super::types::{Outcome, Terminal};
use crate::report::problems;
use crate::style::tame;
use fluxproof_delivery::World;
use fluxproof_yaml::Sources;

/// What is known of the outside; an answer where the config or an option is wrong.
pub(crate) fn world(args: &Args, terminal: Terminal, sources: &Sources) -> Result<World, Outcome> {
    let (mut world, problems) = World::of(sources);
    if !problems.is_empty() {
        let text = problems::human(sources, &problems, terminal);
        let stderr = tame(&text, terminal.color).into_bytes();
        return Err(Outcome { stderr, status: 2, ..Outcome::default() });
    }
    options(args, &mut world, sources).map_err(|why| Outcome::refuse(2, &why))?;
    Ok(world)
}

/// Entries of the command line stand instead of the config's; sources and charts beside them.
fn options(args: &Args, world: &mut World, sources: &Sources) -> Result<(), String> {
    if !args.entries.is_empty() {
        world.entries.clear();
    }
    args.entries.iter().try_for_each(|text| said("entry", world.add_entry(text, sources)))?;
    args.local_sources.iter().try_for_each(|text| said("local-source", world.add_source(text, sources)))?;
    args.charts.iter().try_for_each(|text| said("chart", world.add_chart(text, sources)))
}

fn said(option: &str, result: Result<(), String>) -> Result<(), String> {
    result.map_err(|why| format!("--{option}: {why}"))
}
