//! Pieces as a tree.

use super::lex::{Piece, Word};

/// A node of a template.
pub(super) enum Node<'t> {
    Text(&'t str),
    Put(Pipe<'t>),
    /// `$x := pipeline`.
    Set(&'t str, Pipe<'t>),
    If(Branches<'t>),
    With(Branches<'t>),
    /// The names of key and value, what is gone through, the body, and what stands for nothing.
    Range(Vec<&'t str>, Pipe<'t>, Vec<Node<'t>>, Vec<Node<'t>>),
}

/// The branches of an `if` or a `with`; the last one without a condition is `else`.
pub(super) type Branches<'t> = Vec<(Option<Pipe<'t>>, Vec<Node<'t>>)>;

/// Calls, each with the result of the one before as its last argument.
pub(super) type Pipe<'t> = Vec<Vec<Argument<'t>>>;

/// A part of a call.
pub(super) enum Argument<'t> {
    Name(&'t str),
    Text(String),
    /// A pipeline in parentheses, and the fields of its result.
    Inner(Pipe<'t>, &'t str),
}

type Pieces<'t> = std::iter::Peekable<std::vec::IntoIter<Piece<'t>>>;

/// How deep blocks and parentheses may nest: a bound for hostile trees.
const DEPTH: usize = 64;

/// The tree of a template; none where it is not of the language, or uses more of it than is known here.
pub(super) fn parse(pieces: Vec<Piece<'_>>) -> Option<Vec<Node<'_>>> {
    let mut pieces = pieces.into_iter().peekable();
    let (nodes, end) = block(&mut pieces, DEPTH)?;
    end.is_none().then_some(nodes)
}

/// The words that end a block: `end`, or `else` with what follows it.
type End<'t> = Option<Vec<Word<'t>>>;

fn block<'t>(pieces: &mut Pieces<'t>, depth: usize) -> Option<(Vec<Node<'t>>, End<'t>)> {
    let mut nodes = Vec::new();
    let depth = depth.checked_sub(1)?;
    while let Some(piece) = pieces.next() {
        let words = match piece {
            Piece::Text(text) => {
                nodes.push(Node::Text(text));
                continue;
            }
            Piece::Action(words) => words,
        };
        match words.first() {
            None => {}
            Some(Word::Name("end" | "else")) => return Some((nodes, Some(words))),
            Some(Word::Name("if")) => nodes.push(Node::If(branches(pieces, &words[1..], depth)?)),
            Some(Word::Name("with")) => nodes.push(Node::With(branches(pieces, &words[1..], depth)?)),
            Some(Word::Name("range")) => nodes.push(range(pieces, &words[1..], depth)?),
            Some(Word::Name("define" | "template" | "block" | "break" | "continue")) => return None,
            Some(Word::Name(name)) if name.starts_with('$') && is_set(&words) => {
                nodes.push(Node::Set(name, pipe(&words[2..])?));
            }
            Some(_) => nodes.push(Node::Put(pipe(&words)?)),
        }
    }
    Some((nodes, None))
}

fn is_set(words: &[Word<'_>]) -> bool {
    matches!(words.get(1), Some(Word::Declare))
}

fn branches<'t>(pieces: &mut Pieces<'t>, condition: &[Word<'t>], depth: usize) -> Option<Branches<'t>> {
    let mut branches = Vec::new();
    let mut condition = Some(pipe(condition)?);
    loop {
        let (body, end) = block(pieces, depth)?;
        branches.push((condition.take(), body));
        let end = end?;
        match (&end[..], branches.last()) {
            ([Word::Name("end")], _) => return Some(branches),
            ([Word::Name("else")], Some((Some(_), _))) => {}
            ([Word::Name("else"), Word::Name("if"), rest @ ..], Some((Some(_), _))) => condition = Some(pipe(rest)?),
            _ => return None,
        }
    }
}

fn range<'t>(pieces: &mut Pieces<'t>, words: &[Word<'t>], depth: usize) -> Option<Node<'t>> {
    let (names, over) = match words {
        [Word::Name(key), Word::Comma, Word::Name(value), Word::Declare, over @ ..] => (vec![*key, *value], over),
        [Word::Name(value), Word::Declare, over @ ..] => (vec![*value], over),
        over => (Vec::new(), over),
    };
    let over = pipe(over)?;
    let (body, end) = block(pieces, depth)?;
    let otherwise = match &end?[..] {
        [Word::Name("end")] => Vec::new(),
        [Word::Name("else")] => {
            let (otherwise, end) = block(pieces, depth)?;
            matches!(&end?[..], [Word::Name("end")]).then_some(otherwise)?
        }
        _ => return None,
    };
    Some(Node::Range(names, over, body, otherwise))
}

fn pipe<'t>(words: &[Word<'t>]) -> Option<Pipe<'t>> {
    let mut at = 0;
    let (pipe, close) = calls(words, &mut at, DEPTH)?;
    (close.is_none() && pipe.iter().all(|call| !call.is_empty())).then_some(pipe)
}

/// The calls up to the end, or up to what closes them.
fn calls<'t>(words: &[Word<'t>], at: &mut usize, depth: usize) -> Option<(Pipe<'t>, Option<&'t str>)> {
    let depth = depth.checked_sub(1)?;
    let mut pipe: Pipe<'t> = vec![Vec::new()];
    while let Some(word) = words.get(*at) {
        *at += 1;
        let argument = match word {
            Word::Name(name) => Argument::Name(name),
            Word::Text(text) => Argument::Text(text.clone()),
            Word::Open => {
                let (inner, close) = calls(words, at, depth)?;
                Argument::Inner(inner, close?)
            }
            Word::Close(fields) => return Some((pipe, Some(fields))),
            Word::Pipe => {
                pipe.push(Vec::new());
                continue;
            }
            Word::Declare | Word::Assign | Word::Comma => return None,
        };
        pipe.last_mut()?.push(argument);
    }
    Some((pipe, None))
}
