//! The tree of an expression.

use super::value::Value;

/// Bytes inside an expression: the first, and the one after the last.
pub(super) type Place = (usize, usize);

/// An expression with its place.
#[derive(Debug, Clone)]
pub(super) struct Expr {
    pub(super) place: Place,
    pub(super) node: Node,
    /// How many nodes lie above each other, itself included.
    pub(super) height: usize,
}

/// What an expression is.
#[derive(Debug, Clone)]
pub(super) enum Node {
    Literal(Value),
    Name(String),
    /// `a.b`
    Select(Box<Expr>, String),
    /// `a.?b`
    OptionalSelect(Box<Expr>, String),
    /// `has(a.b)`
    Has(Box<Expr>, String),
    /// `a[b]`
    Index(Box<Expr>, Box<Expr>),
    /// `a[?b]`
    OptionalIndex(Box<Expr>, Box<Expr>),
    Not(Box<Expr>),
    Negative(Box<Expr>),
    /// `a && b && c`
    All(Vec<Expr>),
    /// `a || b || c`
    Any(Vec<Expr>),
    Binary(Operator, Box<Expr>, Box<Expr>),
    /// `a ? b : c`
    Choice(Box<[Expr; 3]>),
    List(Vec<Expr>),
    Map(Vec<(Expr, Expr)>),
    /// A function, or a method of its target.
    Call(String, Option<Box<Expr>>, Vec<Expr>),
    Macro(Box<Macro>),
    /// Something that CEL has and Flux's expressions do not use: a message, an optional element.
    Foreign,
}

/// An operator between two values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    In,
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
}

/// `list.all(x, body)` and its like.
#[derive(Debug, Clone)]
pub(super) struct Macro {
    pub(super) kind: MacroKind,
    pub(super) range: Expr,
    pub(super) name: String,
    /// The condition of `map` with three arguments.
    pub(super) only: Option<Expr>,
    pub(super) body: Expr,
}

/// Which macro.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum MacroKind {
    All,
    Exists,
    ExistsOne,
    Filter,
    Map,
}

impl Expr {
    /// An expression over others.
    pub(super) fn new(place: Place, node: Node) -> Self {
        let mut height = 0;
        node.each(&mut |child| height = height.max(child.height));
        Self { place, node, height: height + 1 }
    }
}

impl Node {
    /// Visits what stands directly below.
    pub(super) fn each<'e>(&'e self, visit: &mut dyn FnMut(&'e Expr)) {
        match self {
            Self::Literal(_) | Self::Name(_) | Self::Foreign => {}
            Self::Select(inner, _) | Self::OptionalSelect(inner, _) | Self::Has(inner, _) => visit(inner),
            Self::Not(inner) | Self::Negative(inner) => visit(inner),
            Self::Index(a, b) | Self::OptionalIndex(a, b) | Self::Binary(_, a, b) => {
                [a, b].into_iter().for_each(|e| visit(e))
            }
            Self::All(all) | Self::Any(all) | Self::List(all) => all.iter().for_each(visit),
            Self::Choice(three) => three.iter().for_each(visit),
            Self::Map(entries) => {
                entries.iter().for_each(|(key, value)| [key, value].into_iter().for_each(&mut *visit))
            }
            Self::Call(_, target, arguments) => target.iter().map(|e| &**e).chain(arguments).for_each(visit),
            Self::Macro(made) => {
                [Some(&made.range), made.only.as_ref(), Some(&made.body)].into_iter().flatten().for_each(visit)
            }
        }
    }
}
