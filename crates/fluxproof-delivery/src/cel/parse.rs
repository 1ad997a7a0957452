//! From words to a tree (cel-spec doc/langdef.md, Syntax), with a bound for size and depth.

use super::Flaw;
use super::lex::{Token, Word, words};
use super::tree::{Expr, Macro, MacroKind, Node, Operator, Place};
use super::value::Value;

/// The longest expression that is read, in bytes.
const MAX_TEXT: usize = 32 << 10;
/// How many expressions may lie in each other.
const MAX_DEPTH: usize = 40;
/// How many nodes may lie above each other, and so how deep an evaluation goes.
const MAX_HEIGHT: usize = 100;

/// Reads an expression.
pub(super) fn parse(text: &str) -> Result<Expr, Flaw> {
    if text.len() > MAX_TEXT {
        return Err(Flaw::too_large((0, text.len())));
    }
    if text.trim().is_empty() {
        return Err(Flaw::new((0, text.len()), "the expression is empty"));
    }
    let mut parser = Parser { tokens: words(text)?, at: 0, depth: 0 };
    let tree = parser.expression()?;
    match parser.peek() {
        Word::End => Ok(tree),
        _ => Err(parser.unexpected()),
    }
}

struct Parser {
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
}

type Parsed = Result<Expr, Flaw>;

/// Names that CEL keeps for languages around it.
const RESERVED: [&str; 15] = [
    "as",
    "break",
    "const",
    "continue",
    "else",
    "for",
    "function",
    "if",
    "import",
    "let",
    "loop",
    "package",
    "namespace",
    "return",
    "var",
];

impl Parser {
    fn peek(&self) -> &Word {
        self.tokens.get(self.at).map_or(&Word::End, |token| &token.word)
    }

    fn place(&self) -> Place {
        let last = self.tokens.len() - 1;
        self.tokens[self.at.min(last)].place
    }

    /// Where the word before this one ends.
    fn end(&self) -> usize {
        self.tokens[self.at.saturating_sub(1)].place.1
    }

    fn is(&self, sign: &str) -> bool {
        matches!(self.peek(), Word::Sign(found) if *found == sign)
    }

    fn eat(&mut self, sign: &str) -> bool {
        let found = self.is(sign);
        self.at += usize::from(found);
        found
    }

    fn want(&mut self, sign: &str, what: &str) -> Result<(), Flaw> {
        if self.eat(sign) { Ok(()) } else { Err(Flaw::new(self.place(), format!("{what}: {}", self.found()))) }
    }

    fn found(&self) -> String {
        match self.peek() {
            Word::End => "here the expression ends".to_owned(),
            Word::Sign(sign) => format!("here is {sign}"),
            Word::Name(name) => format!("here is {name}"),
            Word::Literal(value) => format!("here is {}", value.written()),
        }
    }

    fn unexpected(&self) -> Flaw {
        let message = match self.peek() {
            Word::End => "the expression ends too early".to_owned(),
            Word::Sign("=") => "= is no operator: write == to compare".to_owned(),
            Word::Name(name) if matches!(name.as_str(), "and" | "AND") => format!("{name} is no operator: write &&"),
            Word::Name(name) if matches!(name.as_str(), "or" | "OR") => format!("{name} is no operator: write ||"),
            Word::Name(name) if name == "is" => "is is no operator: write ==".to_owned(),
            Word::Sign(sign) => format!("{sign} cannot stand here"),
            Word::Name(name) => format!("{name} cannot stand here: an operator is missing before it"),
            Word::Literal(value) => format!("{} cannot stand here: an operator is missing before it", value.written()),
        };
        Flaw::new(self.place(), message)
    }

    fn make(&self, start: usize, node: Node) -> Parsed {
        let tree = Expr::new((start, self.end()), node);
        if tree.height > MAX_HEIGHT { Err(Flaw::too_large(tree.place)) } else { Ok(tree) }
    }

    fn expression(&mut self) -> Parsed {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(Flaw::too_large(self.place()));
        }
        let tree = self.choice();
        self.depth -= 1;
        tree
    }

    fn choice(&mut self) -> Parsed {
        let start = self.place().0;
        let condition = self.any()?;
        if !self.eat("?") {
            return Ok(condition);
        }
        let yes = self.any()?;
        self.want(":", "a ? needs a : and what holds otherwise")?;
        let no = self.expression()?;
        self.make(start, Node::Choice(Box::new([condition, yes, no])))
    }

    fn any(&mut self) -> Parsed {
        self.several("||", Self::all, Node::Any)
    }

    fn all(&mut self) -> Parsed {
        self.several("&&", Self::relation, Node::All)
    }

    fn several(&mut self, sign: &str, part: fn(&mut Self) -> Parsed, node: fn(Vec<Expr>) -> Node) -> Parsed {
        let start = self.place().0;
        let mut parts = vec![part(self)?];
        while self.eat(sign) {
            parts.push(part(self)?);
        }
        match parts.len() {
            1 => Ok(parts.remove(0)),
            _ => self.make(start, node(parts)),
        }
    }

    fn relation(&mut self) -> Parsed {
        self.chain(relation, Self::sum)
    }

    fn sum(&mut self) -> Parsed {
        self.chain(sum, Self::product)
    }

    fn product(&mut self) -> Parsed {
        self.chain(product, Self::unary)
    }

    fn chain(&mut self, operator: fn(&Word) -> Option<Operator>, part: fn(&mut Self) -> Parsed) -> Parsed {
        let start = self.place().0;
        let mut left = part(self)?;
        while let Some(found) = operator(self.peek()) {
            self.at += 1;
            let right = part(self)?;
            left = self.make(start, Node::Binary(found, Box::new(left), Box::new(right)))?;
        }
        Ok(left)
    }

    fn unary(&mut self) -> Parsed {
        let start = self.place().0;
        let (sign, node): (_, fn(Box<Expr>) -> Node) = match self.peek() {
            Word::Sign("!") => ("!", Node::Not),
            Word::Sign("-") => ("-", Node::Negative),
            _ => return self.member(),
        };
        let mut count = 0;
        while self.eat(sign) {
            count += 1;
        }
        let mut tree = self.member()?;
        for _ in 0..count {
            tree = self.make(start, node(Box::new(tree)))?;
        }
        Ok(tree)
    }

    fn member(&mut self) -> Parsed {
        let start = self.place().0;
        let mut tree = self.primary()?;
        loop {
            tree = match self.peek() {
                Word::Sign(".") => self.dot(start, tree)?,
                Word::Sign("[") => self.index(start, tree)?,
                Word::Sign("{") if matches!(tree.node, Node::Name(_) | Node::Select(..)) => self.message(start)?,
                _ => return Ok(tree),
            };
        }
    }

    fn dot(&mut self, start: usize, target: Expr) -> Parsed {
        self.at += 1;
        let optional = self.eat("?");
        let Word::Name(name) = self.peek().clone() else {
            return Err(Flaw::new(self.place(), format!("a name must follow the dot: {}", self.found())));
        };
        self.at += 1;
        if optional {
            return self.make(start, Node::OptionalSelect(Box::new(target), name));
        }
        if !self.eat("(") {
            return self.make(start, Node::Select(Box::new(target), name));
        }
        let arguments = self.arguments(")")?;
        self.method(start, target, name, arguments)
    }

    fn method(&mut self, start: usize, target: Expr, name: String, arguments: Vec<Expr>) -> Parsed {
        let kind = match (name.as_str(), arguments.len()) {
            ("all", 2) => MacroKind::All,
            ("exists", 2) => MacroKind::Exists,
            ("exists_one" | "existsOne", 2) => MacroKind::ExistsOne,
            ("filter", 2) => MacroKind::Filter,
            ("map", 2 | 3) => MacroKind::Map,
            ("optMap" | "optFlatMap", 2) => return self.make(start, Node::Foreign),
            _ => return self.make(start, Node::Call(name, Some(Box::new(target)), arguments)),
        };
        let mut arguments = arguments.into_iter();
        let variable = arguments.next().map(|first| (first.place, first.node));
        let Some((_, Node::Name(variable))) = variable else {
            let place = variable.map_or((start, self.end()), |(place, _)| place);
            return Err(Flaw::new(place, format!("the first argument of {name}() must be a simple name")));
        };
        let (second, third) = (arguments.next(), arguments.next());
        let (only, Some(body)) = (if third.is_some() { second.clone() } else { None }, third.or(second)) else {
            return Err(self.unexpected());
        };
        self.make(start, Node::Macro(Box::new(Macro { kind, range: target, name: variable, only, body })))
    }

    fn index(&mut self, start: usize, target: Expr) -> Parsed {
        self.at += 1;
        let optional = self.eat("?");
        let key = self.expression()?;
        self.want("]", "a [ is not closed by a ]")?;
        let (target, key) = (Box::new(target), Box::new(key));
        let node = if optional { Node::OptionalIndex(target, key) } else { Node::Index(target, key) };
        self.make(start, node)
    }

    fn message(&mut self, start: usize) -> Parsed {
        self.at += 1;
        self.entries()?;
        self.make(start, Node::Foreign)
    }

    fn primary(&mut self) -> Parsed {
        let start = self.place().0;
        if let Word::Literal(value) = self.peek().clone() {
            self.at += 1;
            return self.make(start, Node::Literal(value));
        }
        if self.eat("(") {
            let inner = self.expression()?;
            self.want(")", "a ( is not closed by a )")?;
            return Ok(inner);
        }
        if self.eat("[") {
            let items = self.list_items()?;
            return self.make(start, items);
        }
        if self.eat("{") {
            let entries = self.entries()?;
            return self.make(start, entries);
        }
        self.eat(".");
        self.named(start)
    }

    fn named(&mut self, start: usize) -> Parsed {
        let Word::Name(name) = self.peek().clone() else { return Err(self.unexpected()) };
        if RESERVED.contains(&name.as_str()) || matches!(name.as_str(), "void" | "while") {
            return Err(Flaw::new(self.place(), format!("{name} is a reserved word")));
        }
        if name == "not" {
            return Err(Flaw::new(self.place(), "not is no operator: write !"));
        }
        self.at += 1;
        if !self.eat("(") {
            return self.make(start, Node::Name(name));
        }
        let arguments = self.arguments(")")?;
        if name == "has" && arguments.len() == 1 {
            return self.has(start, arguments);
        }
        self.make(start, Node::Call(name, None, arguments))
    }

    fn has(&mut self, start: usize, mut arguments: Vec<Expr>) -> Parsed {
        let argument = arguments.remove(0);
        match argument.node {
            Node::Select(inner, field) => self.make(start, Node::Has(inner, field)),
            _ => Err(Flaw::new(argument.place, "has() asks for a field: write has(a.b)")),
        }
    }

    fn arguments(&mut self, close: &str) -> Result<Vec<Expr>, Flaw> {
        let mut all = Vec::new();
        if self.eat(close) {
            return Ok(all);
        }
        loop {
            all.push(self.expression()?);
            if self.eat(close) {
                return Ok(all);
            }
            self.want(",", "a ( is not closed by a )")?;
        }
    }

    fn list_items(&mut self) -> Result<Node, Flaw> {
        let (mut items, mut foreign) = (Vec::new(), false);
        while !self.eat("]") {
            foreign |= self.eat("?");
            items.push(self.expression()?);
            if !self.is("]") {
                self.want(",", "a [ is not closed by a ]")?;
            }
        }
        Ok(if foreign { Node::Foreign } else { Node::List(items) })
    }

    fn entries(&mut self) -> Result<Node, Flaw> {
        let (mut entries, mut foreign) = (Vec::new(), false);
        while !self.eat("}") {
            foreign |= self.eat("?");
            let key = self.expression()?;
            self.want(":", "a key needs a : and its value")?;
            entries.push((key, self.expression()?));
            if !self.is("}") {
                self.want(",", "a { is not closed by a }")?;
            }
        }
        Ok(if foreign { Node::Foreign } else { Node::Map(entries) })
    }
}

fn relation(word: &Word) -> Option<Operator> {
    let Word::Sign(sign) = word else { return None };
    Some(match *sign {
        "==" => Operator::Equal,
        "!=" => Operator::NotEqual,
        "<" => Operator::Less,
        "<=" => Operator::LessEqual,
        ">" => Operator::Greater,
        ">=" => Operator::GreaterEqual,
        "in" => Operator::In,
        _ => return None,
    })
}

fn sum(word: &Word) -> Option<Operator> {
    match word {
        Word::Sign("+") => Some(Operator::Add),
        Word::Sign("-") => Some(Operator::Subtract),
        _ => None,
    }
}

fn product(word: &Word) -> Option<Operator> {
    match word {
        Word::Sign("*") => Some(Operator::Multiply),
        Word::Sign("/") => Some(Operator::Divide),
        Word::Sign("%") => Some(Operator::Remainder),
        _ => None,
    }
}

impl Value {
    /// The value as an expression writes it.
    fn written(&self) -> String {
        match self {
            Self::Text(text) => format!("'{text}'"),
            Self::Bool(flag) => flag.to_string(),
            Self::Int(number) => number.to_string(),
            Self::Uint(number) => format!("{number}u"),
            Self::Double(number) => number.to_string(),
            Self::Null => "null".to_owned(),
            _ => "a value".to_owned(),
        }
    }
}
