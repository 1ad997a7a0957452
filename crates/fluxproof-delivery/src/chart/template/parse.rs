//! A Go template as a tree (text/template/parse/parse.go).

use super::lex::{Piece, Token, pieces, tokens};
use std::collections::BTreeMap;
use std::rc::Rc;

/// How deep blocks and parentheses may be nested: a bound for hostile templates.
const MAX_DEPTH: usize = 60;

/// An expression.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Expr {
    /// `.`
    Dot,
    /// `$x`; `$` has no name.
    Variable(String),
    /// A string.
    Text(Rc<str>),
    /// A number as written.
    Number(String),
    /// `true`, `false`
    Bool(bool),
    /// `nil`
    Nil,
    /// `.a.b` of something.
    Field(Box<Expr>, Vec<String>),
    /// A function with arguments.
    Call(String, Vec<Expr>),
    /// A method with arguments: `.Files.Get "x"`.
    Method(Box<Expr>, Vec<Expr>),
}

/// A condition or a value that an action asks for: the text of it names it among unknown ones.
#[derive(Debug, Clone)]
pub(super) struct Asked {
    pub(super) expr: Expr,
    pub(super) text: Rc<str>,
    /// `$x :=` in front of it.
    pub(super) declares: Vec<String>,
}

/// A list of nodes, shared between templates that include each other.
pub(super) type Nodes = Rc<Vec<Node>>;

/// A node.
#[derive(Debug, Clone)]
pub(super) enum Node {
    Text(Rc<str>),
    Print(Expr),
    Declare(String, Expr),
    Assign(String, Expr),
    If(Vec<(Asked, Nodes)>, Nodes),
    With(Vec<(Asked, Nodes)>, Nodes),
    Range(Asked, Nodes, Nodes),
    Template(Expr, Option<Expr>),
    Break,
    Continue,
}

/// The named templates.
pub(super) type Defines = BTreeMap<String, Nodes>;

/// A template and what it defines.
#[derive(Debug, Clone, Default)]
pub(super) struct Template {
    pub(super) nodes: Nodes,
    pub(super) defines: Defines,
}

impl Template {
    /// The paths below `.Values` that conditions ask for.
    pub(super) fn asked_values(&self) -> Vec<String> {
        let mut paths = Vec::new();
        self.defines.values().chain([&self.nodes]).for_each(|nodes| asked_in(nodes, &mut paths));
        paths
    }
}

fn asked_in(nodes: &[Node], out: &mut Vec<String>) {
    for node in nodes {
        match node {
            Node::If(branches, otherwise) | Node::With(branches, otherwise) => {
                for (asked, body) in branches {
                    values_in(&asked.expr, out);
                    asked_in(body, out);
                }
                asked_in(otherwise, out);
            }
            Node::Range(_, body, otherwise) => {
                asked_in(body, out);
                asked_in(otherwise, out);
            }
            _ => {}
        }
    }
}

fn values_in(expr: &Expr, out: &mut Vec<String>) {
    match expr {
        Expr::Field(base, names) if names.len() > 1 && names[0] == "Values" => {
            if matches!(**base, Expr::Dot | Expr::Variable(_)) {
                out.push(names[1..].join("."));
            }
        }
        Expr::Field(base, _) => values_in(base, out),
        Expr::Call(_, arguments) => arguments.iter().for_each(|argument| values_in(argument, out)),
        Expr::Method(base, arguments) => [&**base].into_iter().chain(arguments).for_each(|e| values_in(e, out)),
        _ => {}
    }
}

/// Reads a template.
///
/// # Errors
/// What could not be read, in words.
pub(super) fn parse(text: &str) -> Result<Template, String> {
    let pieces = pieces(text)?;
    let mut parser = Parser { pieces: &pieces, at: 0, defines: Defines::new() };
    let (nodes, end) = parser.block(0)?;
    match end {
        Ended::Text => Ok(Template { nodes, defines: parser.defines }),
        _ => Err("an end without a beginning".to_owned()),
    }
}

/// What ended a list of nodes.
enum Ended {
    Text,
    Closed,
    /// `else`, and what stands behind it.
    Otherwise(String),
}

struct Parser<'p, 't> {
    pieces: &'p [Piece<'t>],
    at: usize,
    defines: Defines,
}

impl Parser<'_, '_> {
    fn block(&mut self, depth: usize) -> Result<(Nodes, Ended), String> {
        if depth > MAX_DEPTH {
            return Err("blocks nested too deep".to_owned());
        }
        let mut nodes = Vec::new();
        while let Some(piece) = self.pieces.get(self.at).copied() {
            self.at += 1;
            match piece {
                Piece::Text(text) => nodes.push(Node::Text(text.into())),
                Piece::Action(action) => {
                    let (word, rest) = keyword(action);
                    match word {
                        "end" => return Ok((nodes.into(), Ended::Closed)),
                        "else" => return Ok((nodes.into(), Ended::Otherwise(rest.to_owned()))),
                        _ => nodes.extend(self.action(word, rest, action, depth)?),
                    }
                }
            }
        }
        Ok((nodes.into(), Ended::Text))
    }

    fn action(&mut self, word: &str, rest: &str, action: &str, depth: usize) -> Result<Option<Node>, String> {
        Ok(Some(match word {
            "if" | "with" => self.branches(word, rest, depth)?,
            "range" => self.range(rest, depth)?,
            "define" => return self.define(rest, depth).map(|_| None),
            "block" => self.named_block(rest, depth)?,
            "template" => template_call(rest)?,
            "break" => Node::Break,
            "continue" => Node::Continue,
            _ => print(action)?,
        }))
    }

    fn branches(&mut self, word: &str, rest: &str, depth: usize) -> Result<Node, String> {
        let mut branches = Vec::new();
        let mut condition = asked(rest)?;
        loop {
            let (body, end) = self.block(depth + 1)?;
            branches.push((condition, body));
            let otherwise = match end {
                Ended::Closed => Nodes::default(),
                Ended::Text => return Err(format!("a {word} without an end")),
                Ended::Otherwise(rest) => match keyword(&rest) {
                    ("if" | "with", rest) => {
                        condition = asked(rest)?;
                        continue;
                    }
                    _ => self.body(depth)?,
                },
            };
            return Ok(if word == "if" { Node::If(branches, otherwise) } else { Node::With(branches, otherwise) });
        }
    }

    /// A list of nodes up to its `end`.
    fn body(&mut self, depth: usize) -> Result<Nodes, String> {
        match self.block(depth + 1)? {
            (nodes, Ended::Closed) => Ok(nodes),
            _ => Err("a block without an end".to_owned()),
        }
    }

    fn range(&mut self, rest: &str, depth: usize) -> Result<Node, String> {
        let over = asked(rest)?;
        let (body, end) = self.block(depth + 1)?;
        let otherwise = match end {
            Ended::Closed => Nodes::default(),
            Ended::Otherwise(_) => self.body(depth)?,
            Ended::Text => return Err("a range without an end".to_owned()),
        };
        Ok(Node::Range(over, body, otherwise))
    }

    fn define(&mut self, rest: &str, depth: usize) -> Result<String, String> {
        let name = match tokens(rest)?.into_iter().next() {
            Some(Token::Text(name)) => name,
            _ => return Err("a define without a name".to_owned()),
        };
        let body = self.body(depth)?;
        self.defines.insert(name.clone(), body);
        Ok(name)
    }

    fn named_block(&mut self, rest: &str, depth: usize) -> Result<Node, String> {
        let call = template_call(rest)?;
        self.define(rest, depth)?;
        Ok(call)
    }
}

/// The first word of an action and what stands behind it.
fn keyword(action: &str) -> (&str, &str) {
    let end = action.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(action.len());
    (&action[..end], action[end..].trim())
}

fn template_call(rest: &str) -> Result<Node, String> {
    let mut reader = Reader { tokens: tokens(rest)?, at: 0, depth: 0 };
    let name = reader.operand()?.ok_or("a template without a name")?;
    let argument = if reader.at < reader.tokens.len() { Some(reader.pipeline()?) } else { None };
    Ok(Node::Template(name, argument))
}

fn print(action: &str) -> Result<Node, String> {
    let mut reader = Reader { tokens: tokens(action)?, at: 0, depth: 0 };
    if let [Token::Variable(name), sign @ (Token::Declare | Token::Assign), ..] = &reader.tokens[..] {
        let (name, declares) = (name.clone(), *sign == Token::Declare);
        reader.at = 2;
        let value = reader.whole()?;
        return Ok(if declares { Node::Declare(name, value) } else { Node::Assign(name, value) });
    }
    reader.whole().map(Node::Print)
}

/// The condition of an `if`, or what a `range` goes over, with the variables that it declares.
fn asked(rest: &str) -> Result<Asked, String> {
    let mut reader = Reader { tokens: tokens(rest)?, at: 0, depth: 0 };
    let sign = reader.tokens.iter().position(|token| matches!(token, Token::Declare | Token::Assign));
    let mut declares = Vec::new();
    if let Some(sign) = sign {
        declares.extend(reader.tokens[..sign].iter().filter_map(|token| match token {
            Token::Variable(name) => Some(name.clone()),
            _ => None,
        }));
        reader.at = sign + 1;
    }
    Ok(Asked { expr: reader.whole()?, text: rest.into(), declares })
}

struct Reader {
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
}

impl Reader {
    fn whole(&mut self) -> Result<Expr, String> {
        let expr = self.pipeline()?;
        if self.at < self.tokens.len() {
            return Err("an action with something behind it".to_owned());
        }
        Ok(expr)
    }

    fn next(&mut self) -> Option<Token> {
        let token = self.tokens.get(self.at).cloned();
        self.at += 1;
        token
    }

    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    /// Commands behind each other: what one gives is the last argument of the next.
    fn pipeline(&mut self) -> Result<Expr, String> {
        let mut value = self.command(None)?;
        while self.peek() == Some(&Token::Pipe) {
            self.at += 1;
            value = self.command(Some(value))?;
        }
        Ok(value)
    }

    fn command(&mut self, given: Option<Expr>) -> Result<Expr, String> {
        let function = match self.peek() {
            Some(Token::Word(word)) if !matches!(word.as_str(), "true" | "false" | "nil") => Some(word.clone()),
            _ => None,
        };
        let first = match &function {
            Some(_) => {
                self.at += 1;
                Expr::Nil
            }
            None => self.operand()?.ok_or("an empty command")?,
        };
        let mut arguments = Vec::new();
        while let Some(argument) = self.operand()? {
            arguments.push(argument);
        }
        arguments.extend(given);
        Ok(match function {
            Some(name) => Expr::Call(name, arguments),
            None if arguments.is_empty() => first,
            None => Expr::Method(Box::new(first), arguments),
        })
    }

    /// An operand with its fields; none where the command ends.
    fn operand(&mut self) -> Result<Option<Expr>, String> {
        let mut base = match self.peek() {
            None | Some(Token::Pipe | Token::Close) => return Ok(None),
            Some(_) => self.simple()?,
        };
        let mut fields = Vec::new();
        while let Some(Token::Field(name, false)) = self.peek() {
            fields.push(name.clone());
            self.at += 1;
        }
        if !fields.is_empty() {
            base = match base {
                Expr::Field(inner, mut first) => {
                    first.append(&mut fields);
                    Expr::Field(inner, first)
                }
                other => Expr::Field(Box::new(other), fields),
            };
        }
        Ok(Some(base))
    }

    fn simple(&mut self) -> Result<Expr, String> {
        Ok(match self.next().ok_or("an empty command")? {
            Token::Field(name, _) if name.is_empty() => Expr::Dot,
            Token::Field(name, _) => Expr::Field(Box::new(Expr::Dot), vec![name]),
            Token::Variable(name) => Expr::Variable(name),
            Token::Text(text) => Expr::Text(text.into()),
            Token::Number(number) => Expr::Number(number),
            Token::Word(word) => match word.as_str() {
                "true" => Expr::Bool(true),
                "false" => Expr::Bool(false),
                "nil" => Expr::Nil,
                _ => Expr::Call(word, Vec::new()),
            },
            Token::Open => self.parenthesis()?,
            other => return Err(format!("an action with {other:?}")),
        })
    }

    fn parenthesis(&mut self) -> Result<Expr, String> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err("parentheses nested too deep".to_owned());
        }
        let inside = self.pipeline()?;
        self.depth -= 1;
        match self.next() {
            Some(Token::Close) => Ok(inside),
            _ => Err("a parenthesis that is not closed".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expression(action: &str) -> Expr {
        asked(action).expect("an expression").expr
    }

    #[test]
    fn a_pipeline_gives_its_value_as_the_last_argument() {
        let field = |name: &str| Expr::Field(Box::new(Expr::Dot), vec![name.to_owned()]);
        let inner = Expr::Call("default".to_owned(), vec![Expr::Text("b".into()), field("a")]);
        assert_eq!(expression(".a | default \"b\" | quote"), Expr::Call("quote".to_owned(), vec![inner.clone()]));
        assert_eq!(expression("not (default \"b\" .a)"), Expr::Call("not".to_owned(), vec![inner]));
        assert!(matches!(expression(".Files.Get \"x\""), Expr::Method(_, arguments) if arguments.len() == 1));
        assert!(matches!(expression("(index .a 0).b.c"), Expr::Field(_, fields) if fields == ["b", "c"]));
    }

    #[test]
    fn a_template_that_is_no_tree_is_an_error() {
        for text in ["{{ if .a }}", "{{ end }}", "{{ range .a }}{{ else }}", "{{ (a }}", "{{ define }}{{ end }}"] {
            assert!(parse(text).is_err(), "{text}");
        }
        let deep = "{{ if .a }}".repeat(1000) + &"{{ end }}".repeat(1000);
        assert!(parse(&deep).is_err());
    }

    #[test]
    fn defines_and_blocks_have_names() {
        let template = parse("{{ define \"a\" }}x{{ end }}{{ block \"b\" . }}y{{ end }}z").expect("a template");
        assert_eq!(template.defines.keys().collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(template.nodes.len(), 2);
    }
}
