//! `cargo xtask charts [--write] --source URL --date DATE [--with DIR] PATH…`: makes rows of `data/charts.tsv`,
//! `data/chart-webhooks.tsv` and `data/chart-sources.tsv` from charts: archives (`.tgz`) or folders with a Chart.yaml.
//!
//! A chart is read as the model reads it, with its own values; then each value that may switch something is turned, one
//! at a time, and what appears or goes away names the switch in the row. Charts that a chart depends on and that do not lie
//! in it are looked for below `--with`.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a task tells what it does")]

mod archive;
mod facts;
mod files;
mod tables;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

const USAGE: &str = "usage: cargo xtask charts [--write] --source URL --date YYYY-MM-DD [--with DIR] ARCHIVE_OR_DIR...";

/// The command line.
#[derive(Default)]
struct Options {
    write: bool,
    source: String,
    date: String,
    with: Option<PathBuf>,
    charts: Vec<PathBuf>,
}

fn main() -> ExitCode {
    let Some(options) = options(std::env::args().skip(1)) else {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    };
    let mut rows = tables::Rows::default();
    let mut failed = false;
    for path in &options.charts {
        match chart(path, &options) {
            Ok(found) => rows.add(found),
            Err(error) => {
                eprintln!("{}: {error}", path.display());
                failed = true;
            }
        }
    }
    let done = if options.write { rows.write(Path::new("data")) } else { rows.print() };
    match done {
        Ok(()) if !failed => ExitCode::SUCCESS,
        Ok(()) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn options(mut args: impl Iterator<Item = String>) -> Option<Options> {
    let mut options = Options::default();
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--write" => options.write = true,
            "--source" => options.source = args.next()?,
            "--date" => options.date = args.next()?,
            "--with" => options.with = Some(args.next()?.into()),
            _ => options.charts.push(arg.into()),
        }
    }
    let whole = !options.source.is_empty() && !options.date.is_empty() && !options.charts.is_empty();
    whole.then_some(options)
}

fn chart(path: &Path, options: &Options) -> Result<facts::ChartRows, String> {
    let sources = files::read(path, options.with.as_deref())?;
    facts::of(&sources, &options.source, &options.date).ok_or_else(|| "there is no Chart.yaml with a name".to_owned())
}
