//! `generate --update`: a new config comes to a tree that somebody has edited.

use super::record::{base, is_config};
use super::target::Target;
use super::{compared, show, trees};
use crate::command::check::analyse;
use crate::command::dialogue::Dialogue;
use crate::command::options::Args;
use crate::command::types::{Content, Inputs, Outcome, Terminal, Writes};
use crate::report::{Analysis, human};
use crate::style::{Style, tame};
use fluxproof_delivery::World;
use fluxproof_layout::{Conflict, LAYOUT_FILE, Record, Tree, TreeFile, Update, read_with, update};
use fluxproof_rules::Severity;
use fluxproof_yaml::{RepoPath, Sources};
use std::collections::{BTreeMap, BTreeSet};

type Texts = BTreeMap<RepoPath, String>;

pub(super) fn run(
    args: &Args,
    terminal: Terminal,
    digest: Option<String>,
    inputs: &Inputs,
) -> Result<Outcome, Outcome> {
    let yours = texts(inputs);
    let (path, text) = carried(args, inputs, &yours)?;
    let (body, record) = Record::split(&text);
    let config = inputs.config.as_deref().unwrap_or(body.as_bytes());
    let vendored = vendored(path.as_ref(), &yours);
    let given = super::crds(args, inputs)?;
    let crds = if given.is_empty() { vendored.clone() } else { given };
    let (new, around) = read_with(config, crds).and_then(|layout| trees(&layout)).map_err(|problems| {
        let named = Args { config: args.config.clone().or(path.as_ref().map(ToString::to_string)), ..args.clone() };
        show::refused(&named, &problems)
    })?;
    let record = record.unwrap_or_else(|| Record::new("", body, Vec::new()));
    let base = base(&record, &yours, vendored);
    let merged = |force| settled(update(&base, &yours, &without_config(&new), force), &new, config);
    let mut out = merged(args.force);
    if !out.conflicts.is_empty() && !args.force && !(args.diff || args.dry_run) {
        decide(args, terminal, inputs, &out.conflicts)?;
        out = merged(true);
    }
    let analysis = proven(&yours, &out, &around, digest)?;
    Ok(answer(args, terminal, inputs, &out, &analysis))
}

/// The files of the target that are texts.
fn texts(inputs: &Inputs) -> Texts {
    let text = |content: &Content| match content {
        Content::Bytes(bytes) => String::from_utf8(bytes.clone()).ok(),
        _ => None,
    };
    inputs.tree.iter().filter_map(|file| Some((RepoPath::new(&file.path).ok()?, text(&file.content)?))).collect()
}

/// The config that travels in the tree.
fn carried(args: &Args, inputs: &Inputs, yours: &Texts) -> Result<(Option<RepoPath>, String), Outcome> {
    let root = args.operand.as_deref().unwrap_or(".");
    let found: Vec<&RepoPath> = yours.keys().filter(|path| is_config(path)).collect();
    match found[..] {
        [path] if path.parts().count() > 1 => Ok((Some(path.clone()), yours[path].clone())),
        [path] => Err(Outcome::refuse(2, &format!("{root} is the folder of {path}; name the root of the repository"))),
        [] if inputs.config.is_some() => Ok((None, String::new())),
        [] => Err(Outcome::refuse(2, &format!("{root} has no {LAYOUT_FILE}; name the config with --config"))),
        _ => {
            let all: Vec<String> = found.iter().map(|path| format!("\n  {path}")).collect();
            Err(Outcome::refuse(2, &format!("{root} has more than one {LAYOUT_FILE}{}", all.concat())))
        }
    }
}

/// The CRDs that are in the tree already.
fn vendored(config: Option<&RepoPath>, yours: &Texts) -> Vec<(String, String)> {
    let Some(folder) = config.map(|path| path.parent().join_clamped("crds")) else { return Vec::new() };
    let files = yours.iter().filter(|(path, _)| path.parent() == folder && path.name() != "kustomization.yaml");
    files.map(|(path, text)| (path.name().to_owned(), text.clone())).collect()
}

fn without_config(tree: &Tree) -> Tree {
    Tree { files: tree.files.iter().filter(|file| !is_config(&file.path)).cloned().collect() }
}

/// The merged tree with its config: what a person wrote of it stays, the record is that of the new tree.
fn settled(mut out: Update, new: &Tree, config: &[u8]) -> Update {
    let record = new.files.iter().find(|file| is_config(&file.path));
    if let Some((path, record)) = record.and_then(|file| Some((&file.path, Record::split(&file.text).1?))) {
        let text = record.behind(&String::from_utf8_lossy(config));
        let at = out.files.partition_point(|file| file.path < *path);
        out.files.insert(at, TreeFile { path: path.clone(), text });
    }
    out
}

/// Conflicts are decided by who sits at the terminal; nobody there, nothing is written.
fn decide(args: &Args, terminal: Terminal, inputs: &Inputs, conflicts: &[Conflict]) -> Result<(), Outcome> {
    let list: String = conflicts.iter().map(|conflict| format!("error: {}\n", shown(conflict))).collect();
    let refusal = |help: &str| {
        let stderr = tame(&format!("{list}{help}nothing was written\n"), false).into_bytes();
        Outcome { stderr, status: 1, ..Outcome::default() }
    };
    if !terminal.interactive {
        return Err(refusal("help: set your values back, or let the config win with --force; --diff shows the rest\n"));
    }
    let question = format!("{list}let the config win there in {}?", args.operand.as_deref().unwrap_or("."));
    if Dialogue::new(inputs).yes(&question)? { Ok(()) } else { Err(refusal("")) }
}

fn shown(conflict: &Conflict) -> String {
    let what = if conflict.at.is_empty() { "it" } else { conflict.at.trim_end_matches(": ") };
    let place = conflict.yours.map(|at| format!(":{}:{}", at.line, at.column)).unwrap_or_default();
    let new = match (conflict.new, conflict.yours) {
        (Some(at), Some(_)) => {
            format!("{what} was edited here, and the config changes it too (line {} of the new file)", at.line)
        }
        (Some(at), None) => {
            format!("{what} was removed here, and the config changes it (line {} of the new file)", at.line)
        }
        (None, Some(_)) => format!("{what} was edited here, and the config removes it"),
        (None, None) => "it was edited, and cannot be merged with what the config makes of it".to_owned(),
    };
    format!("{}{place}: {new}", conflict.path)
}

/// Proves the whole repository as it would be. What was wrong before does not stop an update; what it makes wrong does.
fn proven(yours: &Texts, out: &Update, around: &Tree, digest: Option<String>) -> Result<Analysis, Outcome> {
    let before = checked(yours.clone(), around, digest.clone());
    let mut after = yours.clone();
    out.removed.iter().for_each(|path| drop(after.remove(path)));
    after.extend(out.files.iter().map(|file| (file.path.clone(), file.text.clone())));
    let after = checked(after, around, digest);
    let known: BTreeSet<&str> = errors(&before).collect();
    let worse: Vec<&str> = errors(&after).filter(|message| !known.contains(message)).collect();
    if worse.is_empty() {
        return Ok(after);
    }
    let list: String = worse.iter().map(|message| format!("error: {message}\n")).collect();
    let text = format!("{list}the updated tree is not proven, so nothing was written\n");
    Err(Outcome { stderr: tame(&text, false).into_bytes(), status: 1, ..Outcome::default() })
}

fn checked(mut texts: Texts, around: &Tree, digest: Option<String>) -> Analysis {
    texts.extend(around.files.iter().map(|file| (file.path.clone(), file.text.clone())));
    let sources = Sources::from_texts(texts.iter().map(|(path, text)| (path.clone(), text.as_str())));
    analyse(sources, &World::default(), digest)
}

fn errors(analysis: &Analysis) -> impl Iterator<Item = &str> {
    let errors = analysis.findings.iter().filter(|finding| finding.severity == Severity::Error);
    errors.map(|finding| finding.message.as_str())
}

fn answer(args: &Args, terminal: Terminal, inputs: &Inputs, out: &Update, analysis: &Analysis) -> Outcome {
    let tree = Tree { files: out.files.clone() };
    let style = Style { color: terminal.color };
    let removed: Vec<String> = out.removed.iter().map(ToString::to_string).collect();
    let target = Target::updated(inputs, &tree, &removed, &out.absent);
    if args.diff || args.dry_run {
        let mut outcome = compared(args, &target, &tree, style);
        let list: String = out.conflicts.iter().map(|conflict| format!("conflict: {}\n", shown(conflict))).collect();
        outcome.stderr = tame(&list, false).into_bytes();
        outcome.status |= u8::from(!out.conflicts.is_empty());
        return outcome;
    }
    let root = args.operand.as_deref().unwrap_or(".");
    let mut text = target.list(root, style);
    for delivery in &analysis.deliveries.clusters {
        text.push_str(&human::summary(delivery, &analysis.findings, human::ASSUMED_SHOWN, style));
    }
    let changed = tree.files.iter().filter(|file| target.changes_file(file.path.as_str()));
    let files: Vec<(String, Vec<u8>)> =
        changed.map(|file| (file.path.to_string(), file.text.clone().into_bytes())).collect();
    let writes = Writes { root: root.to_owned(), files, removed, replace: true };
    let nothing = writes.files.is_empty() && writes.removed.is_empty();
    Outcome { writes: (!nothing).then(|| Box::new(writes)), ..Outcome::out(text) }
}
