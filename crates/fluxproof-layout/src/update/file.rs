//! One file: what you made of the old text, brought together with the new text.

use super::lines3;
use super::plan::{Clash, Fate, Plan, Three};
use fluxproof_yaml::{Document, FileId, LineColumn, Node, NodeKind, RepoPath, Sources, Span, apply_edits, parse};

/// A change of yours that the new text contradicts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// The file.
    pub path: RepoPath,
    /// What both changed: the keys that lead to a value; empty for the file, or for lines of it.
    pub at: String,
    /// Where it stands in your file; none where you removed it.
    pub yours: Option<LineColumn>,
    /// Where it stands in the new file; none where that has none.
    pub new: Option<LineColumn>,
}

/// Three texts of one file.
#[derive(Clone, Copy)]
pub(super) struct Texts<'t> {
    pub(super) base: &'t str,
    pub(super) yours: &'t str,
    pub(super) new: &'t str,
}

/// Merges a file. Where both changed the same, yours stays, or with `force` the new.
pub(super) fn merge(path: &RepoPath, texts: Texts<'_>, force: bool) -> (String, Vec<Conflict>) {
    let Texts { base, yours, new } = texts;
    if base == yours || yours == new {
        return (new.to_owned(), Vec::new());
    }
    if base == new {
        return (yours.to_owned(), Vec::new());
    }
    let is_yaml = [".yaml", ".yml"].iter().any(|end| path.as_str().ends_with(end));
    let merged = if is_yaml { yaml(texts, force) } else { Some(lines3::merge(texts, force)) };
    match merged {
        Some((text, clashes)) => (text, conflicts(path, texts, clashes)),
        // A text that cannot be read, or edited with certainty, is a conflict as a whole.
        None => (if force { new } else { yours }.to_owned(), vec![whole(path)]),
    }
}

/// A conflict about a file as a whole.
pub(super) fn whole(path: &RepoPath) -> Conflict {
    Conflict { path: path.clone(), at: String::new(), yours: None, new: None }
}

fn conflicts(path: &RepoPath, texts: Texts<'_>, clashes: Vec<Clash>) -> Vec<Conflict> {
    let name = |name: &str| RepoPath::root().join_clamped(name);
    let sources = Sources::from_texts([(name("0"), texts.yours), (name("1"), texts.new)]);
    let place = |file: u32, span: Option<Span>| span.map(|span| sources.line_column(FileId(file), span.start));
    let conflict = |clash: Clash| {
        let (yours, new) = (place(0, clash.yours), place(1, clash.new));
        Conflict { path: path.clone(), at: clash.at, yours, new }
    };
    clashes.into_iter().map(conflict).collect()
}

/// Merges YAML by what it says. The result is looked at again: it must read, hold all that the new text changed, and all
/// that you did; none where it does not.
fn yaml(texts: Texts<'_>, force: bool) -> Option<(String, Vec<Clash>)> {
    let (text, clashes) = planned(texts, force)?;
    let Texts { base, yours, new } = texts;
    let arrived = planned(Texts { base, yours: &text, new }, true)?.0 == text;
    let stayed = planned(Texts { base, yours: &text, new: yours }, true)?.0 == text;
    let sound = clashes.is_empty() && arrived && stayed;
    // With a conflict one side gives way, so only the other is there in full.
    let decided = !clashes.is_empty() && if force { arrived } else { stayed };
    (sound || decided).then_some((text, clashes))
}

fn planned(texts: Texts<'_>, force: bool) -> Option<(String, Vec<Clash>)> {
    let (base, yours, new) = (read(texts.base)?, read(texts.yours)?, read(texts.new)?);
    let mut plan = Plan::new(texts.base, texts.yours, texts.new, force);
    documents(&mut plan, &base, &yours, &new)?;
    let text = apply_edits(texts.yours, &plan.edits).ok()?;
    read(&text)?;
    Some((text, plan.clashes))
}

/// The documents of a text that can be read as a whole.
fn read(text: &str) -> Option<Vec<Document>> {
    let parsed = parse(FileId(0), text);
    parsed
        .problems
        .is_empty()
        .then(|| parsed.documents.into_iter().filter(|document| document.root().is_some()).collect())
}

fn documents(plan: &mut Plan<'_>, base: &[Document], yours: &[Document], new: &[Document]) -> Option<()> {
    // A kind that no text has twice is name enough: a renamed object is still the same.
    let twice: Vec<String> = [base, yours, new].into_iter().flat_map(doubles).collect();
    let (was, mine, theirs) = (names(base, &twice)?, names(yours, &twice)?, names(new, &twice)?);
    for name in mine.iter().chain(theirs.iter().filter(|name| !mine.contains(name))) {
        let document =
            |all: &'_ [Document], names: &[String]| names.iter().position(|own| own == name).map(|at| all[at].span());
        let three =
            Three { base: root(base, &was, name), yours: root(yours, &mine, name), new: root(new, &theirs, name) };
        let before = plan.clashes.len();
        match (plan.fate("", three), three.yours, three.new) {
            (Fate::Merges, Some(mine), Some(theirs)) if mine.kind() == NodeKind::Mapping => {
                plan.mapping("", three.base, mine, theirs)
            }
            (Fate::Goes, Some(root), _) => {
                let span = document(yours, &mine)?;
                let (from, to) = (span.start as usize, span.end as usize);
                let comments = plan.comments(root, from..to, 0);
                plan.edit(from, to, comments);
            }
            (Fate::Comes, ..) => {
                let span = document(new, &theirs)?;
                let text = plan.new.get(span.start as usize..span.end as usize)?.trim_end_matches('\n');
                let mark = if text.starts_with("---") { "" } else { "---\n" };
                let end = plan.yours.len();
                let gap = if plan.yours.ends_with('\n') { "" } else { "\n" };
                plan.edit(end, end, format!("{gap}{mark}{text}\n"));
            }
            (Fate::Stays, ..) => {}
            _ => return None,
        }
        if names_matter(yours, new) {
            plan.clashes[before..].iter_mut().for_each(|clash| clash.at = format!("{name}: {}", clash.at));
        }
    }
    Some(())
}

fn names_matter(yours: &[Document], new: &[Document]) -> bool {
    yours.len() > 1 || new.len() > 1
}

fn root<'d>(all: &'d [Document], names: &[String], name: &str) -> Option<Node<'d>> {
    names.iter().position(|own| own == name).and_then(|at| all[at].root())
}

/// The text at a path of an object; empty where there is none.
fn field(root: Node<'_>, path: &[&str]) -> String {
    path.iter().try_fold(root, |node, key| node.get(key)).map(|node| node.text().to_owned()).unwrap_or_default()
}

/// The kinds that more than one object has.
fn doubles(documents: &[Document]) -> Vec<String> {
    let mut kinds: Vec<String> =
        documents.iter().filter_map(Document::root).map(|root| field(root, &["kind"])).collect();
    fluxproof_order::sort(&mut kinds);
    kinds.chunk_by(|a, b| a == b).filter(|same| same.len() > 1).map(|same| same[0].clone()).collect()
}

/// What each document is: the kind of an object and, where that does not tell it apart, its name; else its number. None
/// where two are the same.
fn names(documents: &[Document], twice: &[String]) -> Option<Vec<String>> {
    let mut names: Vec<String> = Vec::new();
    for (number, root) in documents.iter().filter_map(Document::root).enumerate() {
        let (kind, name) = (field(root, &["kind"]), field(root, &["metadata", "name"]));
        let full = match (kind.is_empty(), twice.contains(&kind)) {
            (true, _) => format!("document {}", number + 1),
            (_, false) => kind,
            _ => format!("{kind}/{name}"),
        };
        if names.contains(&full) {
            return None;
        }
        names.push(full);
    }
    Some(names)
}
