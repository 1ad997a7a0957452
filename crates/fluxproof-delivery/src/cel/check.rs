//! What Flux checks before it runs a `readyExpr`: that names and functions exist, and that the type is a truth
//! (fluxcd/pkg runtime/cel, WithCompile, WithStructVariables, WithOutputType).

use super::Flaw;
use super::functions::{FUNCTIONS, is_namespace, type_of_name};
use super::tree::{Expr, Node, Operator};
use super::value::Value;

/// The type of an expression, as far as it matters here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Type {
    Bool,
    /// A field of an object: any type, and so not certainly a truth.
    Dyn,
    /// Another type, by name.
    Other(&'static str),
    /// A type that is not worked out here.
    Open,
}

/// Checks an expression over these variables.
pub(super) fn check(tree: &Expr, names: &[&str]) -> Result<(), Flaw> {
    let mut checker = Checker { names: names.iter().map(|name| (*name).to_owned()).collect() };
    match checker.of(tree)? {
        Type::Bool | Type::Open => Ok(()),
        Type::Dyn => Err(Flaw::new(
            tree.place,
            "the expression must be true or false: compare the field, for example with == true",
        )),
        Type::Other(name) => {
            Err(Flaw::new(tree.place, format!("the expression must be true or false, and is a {name}")))
        }
    }
}

struct Checker {
    names: Vec<String>,
}

impl Checker {
    fn of(&mut self, tree: &Expr) -> Result<Type, Flaw> {
        match &tree.node {
            Node::Literal(Value::Bool(_)) => Ok(Type::Bool),
            Node::Literal(Value::Unknown) => Ok(Type::Other("bytes")),
            Node::Literal(value) => Ok(Type::Other(value.type_name())),
            Node::Name(name) => self.name(tree, name),
            Node::Select(..) | Node::Index(..) => self.below(tree, Type::Dyn),
            Node::Has(..) | Node::Not(_) | Node::Any(_) | Node::All(_) => self.truths(tree),
            Node::Binary(operator, ..) if is_comparison(*operator) => self.below(tree, Type::Bool),
            Node::Call(name, target, _) => self.call(tree, name, target.as_deref()),
            Node::Macro(made) => self.macro_type(made),
            Node::List(_) => self.below(tree, Type::Other("list")),
            Node::Map(_) => self.below(tree, Type::Other("map")),
            _ => self.below(tree, Type::Open),
        }
    }

    fn name(&self, tree: &Expr, name: &str) -> Result<Type, Flaw> {
        if self.names.iter().any(|known| known == name) {
            return Ok(Type::Open);
        }
        if type_of_name(name).is_some() {
            return Ok(Type::Other("type"));
        }
        let known = if self.names.is_empty() { "none".to_owned() } else { self.names.join(" and ") };
        Err(Flaw::new(tree.place, format!("there is no {name}: the expression knows {known}")))
    }

    fn below(&mut self, tree: &Expr, own: Type) -> Result<Type, Flaw> {
        let mut children = Vec::new();
        tree.node.each(&mut |child| children.push(child));
        for child in children {
            self.of(child)?;
        }
        Ok(own)
    }

    /// Operands of `!`, `&&` and `||` must be truths; a field may be one.
    fn truths(&mut self, tree: &Expr) -> Result<Type, Flaw> {
        let mut children = Vec::new();
        tree.node.each(&mut |child| children.push(child));
        for child in children {
            let found = self.of(child)?;
            if let (Type::Other(name), false) = (found, matches!(tree.node, Node::Has(..))) {
                return Err(Flaw::new(child.place, format!("this must be true or false, and is a {name}")));
            }
        }
        Ok(Type::Bool)
    }

    fn call(&mut self, tree: &Expr, name: &str, target: Option<&Expr>) -> Result<Type, Flaw> {
        let namespace = target.filter(|target| is_namespace(&target.node) && !self.is_variable(target));
        let full = match namespace.map(|target| &target.node) {
            Some(Node::Name(namespace)) => format!("{namespace}.{name}"),
            _ => name.to_owned(),
        };
        if !FUNCTIONS.contains(&full.as_str()) {
            return Err(Flaw::new(tree.place, unknown_function(&full)));
        }
        let mut children = Vec::new();
        tree.node.each(&mut |child| children.push(child));
        for child in children.into_iter().skip(usize::from(namespace.is_some())) {
            self.of(child)?;
        }
        Ok(result(&full))
    }

    fn is_variable(&self, target: &Expr) -> bool {
        matches!(&target.node, Node::Name(name) if self.names.contains(name))
    }

    fn macro_type(&mut self, made: &super::tree::Macro) -> Result<Type, Flaw> {
        use super::tree::MacroKind::{All, Exists, ExistsOne, Filter, Map};
        self.of(&made.range)?;
        self.names.push(made.name.clone());
        if let Some(only) = &made.only {
            self.of(only)?;
        }
        let body = self.of(&made.body)?;
        self.names.pop();
        match (made.kind, body) {
            (All | Exists | ExistsOne | Filter, Type::Other(name)) => {
                Err(Flaw::new(made.body.place, format!("this must be true or false, and is a {name}")))
            }
            (All | Exists | ExistsOne, _) => Ok(Type::Bool),
            (Filter | Map, _) => Ok(Type::Other("list")),
        }
    }
}

fn unknown_function(name: &str) -> String {
    match name {
        "all" | "exists" | "exists_one" | "existsOne" | "filter" | "map" => {
            format!("{name}() takes a name and an expression: list.{name}(x, ...)")
        }
        _ => format!("there is no function {name}()"),
    }
}

fn is_comparison(operator: Operator) -> bool {
    use Operator::{Equal, Greater, GreaterEqual, In, Less, LessEqual, NotEqual};
    matches!(operator, Equal | NotEqual | Less | LessEqual | Greater | GreaterEqual | In)
}

fn result(function: &str) -> Type {
    match function {
        "startsWith" | "endsWith" | "contains" | "matches" | "bool" | "hasValue" | "sets.contains"
        | "sets.equivalent" | "sets.intersects" => Type::Bool,
        "size" | "int" | "indexOf" | "lastIndexOf" => Type::Other("int"),
        "string" | "lowerAscii" | "upperAscii" | "trim" | "replace" | "substring" | "charAt" | "join" => {
            Type::Other("string")
        }
        "dyn" => Type::Dyn,
        _ => Type::Open,
    }
}
