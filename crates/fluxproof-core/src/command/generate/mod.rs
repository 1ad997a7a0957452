//! `generate`: render, prove, and only then write.

mod record;
mod show;
mod target;
mod update;
mod wire;

use super::check::analyse;
use super::dialogue::Dialogue;
use super::options::Args;
use super::types::{Content, InputFile, Inputs, Outcome, Terminal, Writes};
use crate::archive::{Archive, archive};
use crate::report::Analysis;
use crate::style::{Style, tame};
use fluxproof_layout::{Layout, LayoutProblem, Tree, read_with, render, surroundings};
use fluxproof_yaml::Sources;
use target::{Change, Target};

/// A tree that is proven, and its archive.
struct Made {
    tree: Tree,
    analysis: Analysis,
    archive: Archive,
}

pub(crate) fn run(args: &Args, terminal: Terminal, core_digest: Option<String>, inputs: &Inputs) -> Outcome {
    generate(args, terminal, core_digest, inputs).unwrap_or_else(|outcome| outcome)
}

/// Options that say nothing together.
pub(crate) fn contradiction(args: &Args) -> Option<&'static str> {
    let (shows, elsewhere) = (args.diff || args.dry_run, args.zip.is_some() || args.stdout);
    Some(match () {
        () if args.operand.is_some() && args.zip.is_some() => {
            "generate writes a folder or a zip, not both; leave out DIR or --zip"
        }
        () if args.operand.is_some() && args.stdout => "--stdout writes no folder; leave out DIR or --stdout",
        () if args.zip.is_some() && args.stdout => {
            "the files go into a zip or to standard output; leave out --zip or --stdout"
        }
        () if args.diff && args.dry_run => "--diff shows the changes, --dry-run lists them; leave out one of them",
        () if shows && elsewhere => "--diff and --dry-run compare with a folder; leave out --zip and --stdout",
        () if args.update && elsewhere => "--update changes a folder; leave out --zip and --stdout",
        () if args.update && args.format == "json" && !args.dry_run => "--update --format json needs --dry-run",
        () if shows && args.force && !args.update => "--diff and --dry-run write nothing; leave out --force",
        () if args.stdout && args.force => "--stdout overwrites nothing; leave out --force",
        () if args.format == "json" && (args.diff || args.stdout) => {
            "--diff and --stdout have a form of their own; leave out --format"
        }
        () => return None,
    })
}

fn generate(args: &Args, terminal: Terminal, core_digest: Option<String>, inputs: &Inputs) -> Result<Outcome, Outcome> {
    if args.update {
        return update::run(args, terminal, core_digest, inputs);
    }
    let config = inputs.config.as_deref().unwrap_or(fluxproof_layout::default_config().as_bytes());
    let crds = crds(args, inputs)?;
    let (tree, around) =
        read_with(config, crds).and_then(|layout| trees(&layout)).map_err(|problems| show::refused(args, &problems))?;
    let made = make(tree, &around, core_digest).map_err(|message| Outcome::refuse(3, &message))?;
    if args.stdout {
        return Ok(Outcome::out(show::stream(&made.tree)));
    }
    if let Some(message) = target::blocked(args, inputs, &made.tree) {
        return Err(Outcome::refuse(3, &message));
    }
    let target = Target::of(inputs, &made.tree);
    let style = Style { color: terminal.color };
    if args.diff || args.dry_run {
        return Ok(compared(args, &target, &made.tree, style));
    }
    let replace = consent(args, terminal, inputs, &target)?;
    Ok(answer(args, terminal, made, replace))
}

/// The files of the folder that the CRDs are in.
fn crds(args: &Args, inputs: &Inputs) -> Result<Vec<(String, String)>, Outcome> {
    let (Some(folder), Some(read)) = (&args.crds, inputs.beside.first()) else { return Ok(Vec::new()) };
    let refuse = |why: &str| Outcome::refuse(2, &format!("the CRDs in {folder} cannot be read: {why}"));
    let text = |file: &InputFile| {
        let Content::Bytes(bytes) = &file.content else {
            return Err(refuse(&format!("{} is too large or no file", file.path)));
        };
        let text = String::from_utf8(bytes.clone()).map_err(|_| refuse(&format!("{} is not UTF-8", file.path)))?;
        Ok((file.path.clone(), text))
    };
    read.as_ref().map_err(|why| refuse(why))?.iter().map(text).collect()
}

/// The tree, and what stands around an embedded one: it is proven with that, and written without.
fn trees(layout: &Layout) -> Result<(Tree, Tree), Vec<LayoutProblem>> {
    Ok((record::sealed(render(layout)?), surroundings(layout)?))
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

/// What would change: 1 where anything does.
fn compared(args: &Args, target: &Target<'_>, tree: &Tree, style: Style) -> Outcome {
    let stdout = match (args.diff, args.format.as_str()) {
        (true, _) => target.diff(tree, style),
        (_, "json") => wire::compared(target),
        _ => format!("{}nothing was written\n", target.list(args.operand.as_deref().unwrap_or("."), style)),
    };
    Outcome { status: u8::from(target.differs()), ..Outcome::out(stdout) }
}

/// Whether files that exist may be replaced: by --force, or by who sits at the terminal.
fn consent(args: &Args, terminal: Terminal, inputs: &Inputs, target: &Target<'_>) -> Result<bool, Outcome> {
    let clashes: Vec<&str> = match &args.zip {
        Some(zip) => inputs.existing.iter().filter(|path| *path == zip).map(String::as_str).collect(),
        None => target.paths(Change::Changed).collect(),
    };
    if args.force || clashes.is_empty() {
        return Ok(args.force);
    }
    let said = clash(args, &clashes);
    if !terminal.interactive {
        return Err(overwrite_refused(args, &said));
    }
    let question = format!("{said}\noverwrite {}?", if clashes.len() == 1 { "it" } else { "them" });
    match Dialogue::new(inputs).yes(&question)? {
        true => Ok(true),
        false => Err(Outcome { stderr: b"nothing was written\n".to_vec(), status: 2, ..Outcome::default() }),
    }
}

fn clash(args: &Args, clashes: &[&str]) -> String {
    if let Some(zip) = &args.zip {
        return format!("{zip} exists");
    }
    let list: String = clashes.iter().map(|path| format!("\n  {path}")).collect();
    format!("{} already has {} of these files{list}", args.operand.as_deref().unwrap_or("."), clashes.len())
}

fn overwrite_refused(args: &Args, said: &str) -> Outcome {
    let (first, list) =
        said.split_once('\n').map_or((said, String::new()), |(first, list)| (first, format!("{list}\n")));
    let other = if args.zip.is_some() { "file" } else { "folder" };
    let message = format!(
        "error: {first}, and nothing was written\n{list}help: choose another {other}, or overwrite with --force\n"
    );
    Outcome { stderr: tame(&message, false).into_bytes(), status: 2, ..Outcome::default() }
}

fn answer(args: &Args, terminal: Terminal, made: Made, replace: bool) -> Outcome {
    if args.zip.as_deref() == Some("-") {
        return Outcome::out(made.archive.bytes);
    }
    let stdout = if args.format == "json" { wire::generated(&made) } else { show::human(args, terminal, &made) };
    Outcome { stdout: stdout.into_bytes(), writes: writes(args, made, replace).map(Box::new), ..Outcome::default() }
}

fn writes(args: &Args, made: Made, replace: bool) -> Option<Writes> {
    if let Some(zip) = &args.zip {
        let (root, name) = zip.rsplit_once('/').unwrap_or((".", zip));
        let root = if root.is_empty() { "/" } else { root };
        let files = vec![(name.to_owned(), made.archive.bytes)];
        return Some(Writes { root: root.to_owned(), files, replace, ..Writes::default() });
    }
    let files = made.tree.files.into_iter().map(|file| (file.path.as_str().to_owned(), file.text.into_bytes()));
    args.operand.as_ref().map(|root| Writes {
        root: root.clone(),
        files: files.collect(),
        replace,
        ..Writes::default()
    })
}
