//! The edits that bring what a new tree says to a text that somebody has edited.
//!
//! What only you changed stays; what only the new text changes arrives; where both changed one value, that is a conflict.
//! The edits are of your text, so its comments and its form stay.

use super::place::{column, dash, end, is_flow, line_end, line_start, moved, slot, start, with_comments};
use super::same::{By, inline, keys, same};
use crate::values::join;
use fluxproof_yaml::{Edit, Node, NodeKind, Span};
use std::collections::BTreeMap;
use std::ops::Range;

/// A value that both changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Clash {
    /// The keys that lead to it.
    pub(super) at: String,
    /// Where it stands in your text; none where you removed it.
    pub(super) yours: Option<Span>,
    /// Where it stands in the new one; none where that has none.
    pub(super) new: Option<Span>,
}

/// A node in the base, in your text, and in the new one.
#[derive(Clone, Copy)]
pub(super) struct Three<'d> {
    pub(super) base: Option<Node<'d>>,
    pub(super) yours: Option<Node<'d>>,
    pub(super) new: Option<Node<'d>>,
}

/// A key and its value.
type Pair<'d> = (Node<'d>, Node<'d>);

/// What is planned.
pub(super) struct Plan<'t> {
    pub(super) base: &'t str,
    pub(super) yours: &'t str,
    pub(super) new: &'t str,
    /// Whether the new text wins where both changed a value.
    pub(super) force: bool,
    pub(super) edits: Vec<Edit>,
    pub(super) clashes: Vec<Clash>,
}

/// What becomes of a part of your text.
pub(super) enum Fate {
    Stays,
    Merges,
    Changes,
    Goes,
    Comes,
}

impl<'t> Plan<'t> {
    /// A plan without edits so far.
    pub(super) fn new(base: &'t str, yours: &'t str, new: &'t str, force: bool) -> Self {
        Self { base, yours, new, force, edits: Vec::new(), clashes: Vec::new() }
    }

    pub(super) fn edit(&mut self, from: usize, to: usize, text: String) {
        let span = |start: usize, end: usize| {
            let number = |byte| u32::try_from(byte).unwrap_or(u32::MAX);
            Span::new(fluxproof_yaml::FileId(0), number(start), number(end))
        };
        let span = span(from, to);
        match self.edits.last_mut() {
            Some(last) if from == to && last.span == span => last.text.push_str(&text),
            _ => self.edits.push(Edit { span, text }),
        }
    }

    fn clash(&mut self, at: &str, three: Three<'_>) {
        let span = |node: Option<Node<'_>>| node.map(Node::span);
        self.clashes.push(Clash { at: at.to_owned(), yours: span(three.yours), new: span(three.new) });
    }

    /// What becomes of a node that stands below a collection; a conflict is remembered.
    pub(super) fn fate(&mut self, at: &str, three: Three<'_>) -> Fate {
        let Three { base, yours, new } = three;
        if same(base, new) || same(yours, new) {
            return Fate::Stays;
        }
        let collections = [yours, new].iter().all(|node| node.is_some_and(|node| is_collection(node, yours)));
        if collections && base.is_none_or(|base| is_collection(base, yours)) {
            return Fate::Merges;
        }
        if !same(base, yours) {
            self.clash(at, three);
            if !self.force {
                return Fate::Stays;
            }
        }
        match (yours, new) {
            (Some(_), Some(_)) => Fate::Changes,
            (Some(_), None) => Fate::Goes,
            _ => Fate::Comes,
        }
    }

    /// Plans for a mapping that your text has and the new one has.
    pub(super) fn mapping(&mut self, at: &str, base: Option<Node<'_>>, yours: Node<'_>, new: Node<'_>) {
        let all = Keys::of(base, yours, new);
        let mut coming = Vec::new();
        for key in &all.order {
            let (base, mine, theirs) = all.three(key);
            let three = Three { base: value(base), yours: value(mine), new: value(theirs) };
            let path = join(at, key);
            match (self.fate(&path, three), mine, theirs) {
                (Fate::Merges, Some(mine), Some(theirs)) => self.below(&path, three, mine, theirs),
                (Fate::Changes, Some(mine), Some(theirs)) => self.change(is_flow(yours), mine, theirs),
                (Fate::Goes, Some(mine), _) => self.remove(yours, mine.0, mine.1, base.map(|pair| pair.0)),
                (Fate::Comes, _, Some(theirs)) => coming.push(theirs),
                _ => {}
            }
        }
        for pair in coming {
            self.add_entry(yours, new, pair, &all);
        }
    }

    fn below(&mut self, at: &str, three: Three<'_>, mine: Pair<'_>, theirs: Pair<'_>) {
        let (before, clashes) = (self.edits.len(), self.clashes.len());
        let whole = match mine.1.kind() {
            NodeKind::Mapping => {
                self.mapping(at, three.base, mine.1, theirs.1);
                emptied(mine.1, &self.edits[before..])
            }
            _ => !self.sequence(at, three.base, mine.1, theirs.1),
        };
        if whole {
            self.edits.truncate(before);
            self.clashes.truncate(clashes);
            self.whole(at, three, mine, theirs);
        }
    }

    /// A collection whose parts cannot be told apart changes as a whole.
    fn whole(&mut self, at: &str, three: Three<'_>, mine: Pair<'_>, theirs: Pair<'_>) {
        if !same(three.base, three.yours) {
            self.clash(at, three);
            if !self.force {
                return;
            }
        }
        self.change(false, mine, theirs);
    }

    /// The new value behind your key.
    fn change(&mut self, in_flow: bool, mine: Pair<'_>, theirs: Pair<'_>) {
        let place = slot(self.yours, mine.0, mine.1);
        let text = if in_flow {
            format!(": {}", inline(theirs.1).unwrap_or_default())
        } else {
            let (from, to) = (column(self.new, start(theirs.0)), column(self.yours, start(mine.0)));
            let comments = self.comments(mine.0, place.clone(), to);
            let behind = if comments.is_empty() { "" } else { "\n" };
            format!("{}{behind}{}", moved(&self.new[slot(self.new, theirs.0, theirs.1)], from, to), comments.trim_end())
        };
        self.edit(place.start, place.end, text);
    }

    /// Plans for a list; false where its items cannot be told apart.
    fn sequence(&mut self, at: &str, base: Option<Node<'_>>, yours: Node<'_>, new: Node<'_>) -> bool {
        for by in [By::Name, By::Content] {
            let of = |list| keys(list, by);
            let (Some(was), Some(mine), Some(theirs)) = (of(base), of(Some(yours)), of(Some(new))) else { continue };
            if reordered(&was, &theirs) || (by == By::Content && crossed(&was, &mine, &theirs)) {
                return false;
            }
            return self.items(at, base.map(|base| (base, was.as_slice())), (yours, &mine), (new, &theirs));
        }
        false
    }

    fn items(&mut self, at: &str, base: Option<List<'_, '_>>, yours: List<'_, '_>, new: List<'_, '_>) -> bool {
        let before = self.edits.len();
        let mut coming = Vec::new();
        for key in yours.1.iter().chain(new.1.iter().filter(|key| !yours.1.contains(key))) {
            let three =
                Three { base: base.and_then(|base| item(base, key)), yours: item(yours, key), new: item(new, key) };
            match (self.fate(&format!("{at}[{}]", shown(key)), three), three.yours, three.new) {
                (Fate::Merges, Some(mine), Some(theirs)) if mine.kind() == NodeKind::Mapping => {
                    self.mapping(&format!("{at}[{}]", shown(key)), three.base, mine, theirs);
                }
                (Fate::Goes, Some(mine), _) => self.remove(yours.0, mine, mine, three.base),
                (Fate::Comes, _, Some(_)) => coming.push(key.clone()),
                (Fate::Stays, ..) => {}
                _ => return false,
            }
        }
        if emptied(yours.0, &self.edits[before..]) {
            return false;
        }
        coming.iter().all(|key| self.add_item(yours, new, key))
    }

    /// Removes an entry or an item, with the comments above it that the base has too.
    fn remove(&mut self, parent: Node<'_>, first: Node<'_>, last: Node<'_>, base: Option<Node<'_>>) {
        if is_flow(parent) {
            return self.remove_inline(parent, first, last);
        }
        let at = dash(self.yours, first).filter(|_| parent.kind() == NodeKind::Sequence).unwrap_or(start(first));
        let line = line_start(self.yours, at);
        let from = if base.is_some() { with_comments(self.yours, line, at - line) } else { line };
        let to = line_end(self.yours, end(self.yours, last));
        let comments = self.comments(first, from..to, at - line);
        if self.yours[line..at].trim().is_empty() || parent.kind() == NodeKind::Sequence {
            self.edit(from, to, comments);
        } else {
            // The first key behind a dash: the next one takes its place.
            let next = self.yours[to..].find(|c: char| c != ' ').map_or(to, |blanks| to + blanks);
            self.edit(at, next, String::new());
        }
    }

    /// Your comments in a part that goes, each on a line of its own; those that the generator wrote go.
    pub(super) fn comments(&self, node: Node<'_>, range: Range<usize>, column: usize) -> String {
        let spans =
            node.document().comments().iter().map(|comment| comment.span.start as usize..comment.span.end as usize);
        let inside = spans.filter(|span| range.contains(&span.start)).map(|span| self.yours[span].trim_end());
        let yours = inside.filter(|comment| !self.base.contains(comment));
        yours.map(|comment| format!("{}{comment}\n", " ".repeat(column))).collect()
    }

    fn remove_inline(&mut self, parent: Node<'_>, first: Node<'_>, last: Node<'_>) {
        let (from, to) = (start(first), end(self.yours, last));
        let behind = &self.yours[to..parent.span().end as usize];
        if let Some(comma) = behind.find(',').filter(|at| behind[..*at].trim().is_empty()) {
            let rest = &behind[comma + 1..];
            let blanks = rest.len() - rest.trim_start_matches(' ').len();
            return self.edit(from, to + comma + 1 + blanks, String::new());
        }
        let before = &self.yours[parent.span().start as usize..from];
        let comma = before.rfind(',').filter(|at| before[at + 1..].trim().is_empty());
        self.edit(comma.map_or(from, |at| parent.span().start as usize + at), to, String::new());
    }

    /// An entry of the new mapping behind the one that it follows there.
    fn add_entry(&mut self, yours: Node<'_>, new: Node<'_>, (key, value): Pair<'_>, all: &Keys<'_>) {
        if is_flow(yours) || yours.kind() != NodeKind::Mapping {
            let text = format!("{}: {}", key.text(), inline(value).unwrap_or_default());
            return self.add_inline(yours, yours.entries().last().map(|(_, value)| value), text);
        }
        let Some((first, _)) = yours.entries().next() else { return };
        let to = column(self.yours, start(first));
        let text = if is_flow(new) {
            format!("{}{}: {}\n", " ".repeat(to), key.text(), inline(value).unwrap_or_default())
        } else {
            self.lines(start(key), end(self.new, value), to)
        };
        let earlier = new.entries().take_while(|(other, _)| *other != key);
        let behind = earlier.filter_map(|(other, _)| all.yours.get(other.text())).last();
        let at = self.behind(behind.map(|(_, value)| *value), first, yours.entries().next().map(|(_, value)| value));
        self.insert(at, text);
    }

    /// Where to insert: behind a part, else before the first line, else (that line has a dash) behind the first part.
    fn behind(&self, part: Option<Node<'_>>, first: Node<'_>, first_value: Option<Node<'_>>) -> usize {
        let line = line_start(self.yours, start(first));
        let alone = self.yours[line..start(first)].trim().is_empty();
        match part.or(first_value.filter(|_| !alone)) {
            Some(part) => line_end(self.yours, end(self.yours, part)),
            None => with_comments(self.yours, line, start(first) - line),
        }
    }

    /// Whole lines of the new text with the comments above them, moved to a column.
    fn lines(&self, first: usize, last: usize, to: usize) -> String {
        let line = line_start(self.new, first);
        let from = first - line;
        let above = with_comments(self.new, line, from);
        let comments =
            self.new[above..line].lines().map(|comment| format!("{}{}\n", " ".repeat(to), comment.trim_start()));
        let body = moved(&self.new[first..line_end(self.new, last)], from, to);
        let body = body.trim_end_matches('\n');
        format!("{}{}{body}\n", comments.collect::<String>(), " ".repeat(to))
    }

    fn insert(&mut self, at: usize, text: String) {
        let unended = at > 0 && self.yours.as_bytes().get(at - 1) != Some(&b'\n');
        self.edit(at, at, if unended { format!("\n{}", text.trim_end_matches('\n')) } else { text });
    }

    fn add_inline(&mut self, parent: Node<'_>, last: Option<Node<'_>>, text: String) {
        match last {
            Some(last) => {
                let at = end(self.yours, last);
                self.edit(at, at, format!(", {text}"));
            }
            None => {
                let at = start(parent) + 1;
                self.edit(at, at, text);
            }
        }
    }

    /// An item of the new list behind the one that it follows there; false where it cannot be placed.
    fn add_item(&mut self, yours: List<'_, '_>, new: List<'_, '_>, key: &str) -> bool {
        let Some(theirs) = item(new, key) else { return true };
        if is_flow(yours.0) {
            let text = inline(theirs).unwrap_or_default();
            self.add_inline(yours.0, yours.0.items().last(), text);
            return true;
        }
        let Some(first) = yours.0.items().next() else { return false };
        let (Some(mine), Some(text)) = (dash(self.yours, first), self.item_lines(new.0, theirs, yours.0)) else {
            return false;
        };
        let earlier = new.1.iter().take_while(|other| *other != key);
        let at = match earlier.filter_map(|other| item(yours, other)).last() {
            Some(part) => line_end(self.yours, end(self.yours, part)),
            None => with_comments(self.yours, line_start(self.yours, mine), column(self.yours, mine)),
        };
        self.insert(at, text);
        true
    }

    fn item_lines(&self, list: Node<'_>, theirs: Node<'_>, yours: Node<'_>) -> Option<String> {
        let to = column(self.yours, dash(self.yours, yours.items().next()?)?);
        if is_flow(list) {
            return Some(format!("{}- {}\n", " ".repeat(to), inline(theirs)?));
        }
        Some(self.lines(dash(self.new, theirs)?, end(self.new, theirs), to))
    }
}

/// A list and the keys of its items.
type List<'d, 'k> = (Node<'d>, &'k [String]);

fn item<'d>((list, keys): List<'d, '_>, key: &str) -> Option<Node<'d>> {
    list.items().zip(keys).find(|(_, own)| *own == key).map(|(item, _)| item)
}

fn value<'d>(pair: Option<Pair<'d>>) -> Option<Node<'d>> {
    pair.map(|(_, value)| value)
}

/// The name in an item's key.
fn shown(key: &str) -> &str {
    key.rsplit(['=', '/']).next().unwrap_or(key).trim_matches('"')
}

/// Whether this is a collection of the same kind as yours, and no alias of one.
fn is_collection(node: Node<'_>, yours: Option<Node<'_>>) -> bool {
    matches!(node.kind(), NodeKind::Mapping | NodeKind::Sequence)
        && yours.is_some_and(|yours| yours.kind() == node.kind())
}

/// Whether edits take all that is in a collection away, and put nothing there.
fn emptied(node: Node<'_>, edits: &[Edit]) -> bool {
    let children: Vec<usize> = match node.kind() {
        NodeKind::Mapping => node.entries().map(|(key, _)| start(key)).collect(),
        _ => node.items().map(start).collect(),
    };
    let gone = |at: &usize| {
        let covers = |edit: &Edit| (edit.span.start as usize) <= *at && *at < edit.span.end as usize;
        edits.iter().any(covers)
    };
    let only_comments = |text: &str| text.lines().all(|line| line.trim_start().starts_with('#'));
    edits.iter().all(|edit| only_comments(&edit.text)) && !children.is_empty() && children.iter().all(gone)
}

/// Whether what both lists hold stands in another order.
fn reordered(was: &[String], theirs: &[String]) -> bool {
    let common = |a: &[String], b: &[String]| a.iter().filter(|key| b.contains(key)).cloned().collect::<Vec<_>>();
    common(was, theirs) != common(theirs, was)
}

/// Whether an item may have been changed on both sides: it is gone from both, and the new list has another.
fn crossed(was: &[String], mine: &[String], theirs: &[String]) -> bool {
    let gone = was.iter().any(|key| !mine.contains(key) && !theirs.contains(key));
    gone && theirs.iter().any(|key| !was.contains(key) && !mine.contains(key))
}

/// The entries of three mappings by key.
struct Keys<'d> {
    base: BTreeMap<&'d str, Pair<'d>>,
    yours: BTreeMap<&'d str, Pair<'d>>,
    new: BTreeMap<&'d str, Pair<'d>>,
    /// Your keys in your order, then those that only the new one has.
    order: Vec<&'d str>,
}

impl<'d> Keys<'d> {
    fn of(base: Option<Node<'d>>, yours: Node<'d>, new: Node<'d>) -> Self {
        let entries = |node: Node<'d>| node.entries().map(|(key, value)| (key.text(), (key, value))).collect();
        let yours_all: BTreeMap<&str, Pair<'_>> = entries(yours);
        let mut order: Vec<&str> = yours.entries().map(|(key, _)| key.text()).collect();
        order.extend(new.entries().map(|(key, _)| key.text()).filter(|key| !yours_all.contains_key(key)));
        Self { base: base.map(entries).unwrap_or_default(), yours: yours_all, new: entries(new), order }
    }

    fn three(&self, key: &str) -> (Option<Pair<'d>>, Option<Pair<'d>>, Option<Pair<'d>>) {
        let of = |map: &BTreeMap<&'d str, Pair<'d>>| map.get(key).copied();
        (of(&self.base), of(&self.yours), of(&self.new))
    }
}
