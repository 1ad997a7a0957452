//! Evaluation with four outcomes: a value, an error as CEL has them, unknown, and nothing else.
//!
//! `&&`, `||`, `all` and `exists` decide without an operand that cannot be evaluated, where the others suffice
//! (cel-spec doc/langdef.md, Logical Operators).

use super::functions;
use super::tree::{Expr, Macro, MacroKind, Node, Operator};
use super::value::{Fields, Outcome, Stop, Value, error, no_overload};
use std::collections::BTreeMap;

/// How many nodes one evaluation visits at most; beyond that it is unknown.
const MAX_STEPS: usize = 50_000;

/// An evaluation.
pub(super) struct Machine<'v> {
    variables: &'v Value,
    /// What the macros around bind, the innermost last.
    bound: Vec<(String, Value)>,
    steps: usize,
}

impl<'v> Machine<'v> {
    /// An evaluation over a map of variables.
    pub(super) fn new(variables: &'v Value) -> Self {
        Self { variables, bound: Vec::new(), steps: 0 }
    }

    /// The value of an expression.
    pub(super) fn run(&mut self, tree: &Expr) -> Outcome {
        self.steps += 1;
        if self.steps > MAX_STEPS {
            return Err(Stop::Unknown);
        }
        match &tree.node {
            Node::Literal(Value::Unknown) | Node::Foreign => Err(Stop::Unknown),
            Node::Literal(value) => Ok(value.clone()),
            Node::Name(name) => self.name(name),
            Node::Select(inner, field) => select(self.run(inner)?, field),
            Node::OptionalSelect(inner, field) => {
                let target = self.run(inner)?;
                optional(target, &mut |value| select(value, field))
            }
            Node::Has(inner, field) => has(self.run(inner)?, field),
            Node::Index(target, key) => {
                let target = self.run(target)?;
                index(target, &self.run(key)?)
            }
            Node::OptionalIndex(target, key) => {
                let (target, key) = (self.run(target)?, self.run(key)?);
                optional(target, &mut |value| index(value, &key))
            }
            Node::Not(inner) => self.not(inner),
            Node::Negative(inner) => negative(&self.run(inner)?),
            Node::All(parts) => self.decide(parts.iter(), false, Self::run),
            Node::Any(parts) => self.decide(parts.iter(), true, Self::run),
            Node::Binary(operator, left, right) => {
                let left = self.run(left)?;
                binary(*operator, &left, &self.run(right)?)
            }
            Node::Choice(three) => self.choice(three),
            Node::List(items) => items.iter().map(|item| self.run(item)).collect::<Result<_, _>>().map(Value::List),
            Node::Map(entries) => self.map(entries),
            Node::Call(name, target, arguments) => self.call(name, target.as_deref(), arguments),
            Node::Macro(made) => self.macro_call(made),
        }
    }

    fn name(&self, name: &str) -> Outcome {
        let bound = self.bound.iter().rev().find(|(bound, _)| bound == name);
        if let Some((_, value)) = bound {
            return if *value == Value::Unknown { Err(Stop::Unknown) } else { Ok(value.clone()) };
        }
        if let Value::Map(fields) = self.variables
            && fields.known.contains_key(name)
        {
            return fields.field(name);
        }
        functions::type_of_name(name).map(Value::Type).ok_or_else(|| error(format!("no such attribute: {name}")))
    }

    fn not(&mut self, inner: &Expr) -> Outcome {
        match self.run(inner)? {
            Value::Bool(flag) => Ok(Value::Bool(!flag)),
            _ => Err(no_overload("!")),
        }
    }

    /// One operand of the deciding truth is enough; without one, an unknown, then an error says that nothing is decided.
    fn decide<T>(
        &mut self,
        operands: impl Iterator<Item = T>,
        deciding: bool,
        mut run: impl FnMut(&mut Self, T) -> Outcome,
    ) -> Outcome {
        let mut stop = None;
        for operand in operands {
            match run(self, operand) {
                Ok(Value::Bool(flag)) if flag == deciding => return Ok(Value::Bool(deciding)),
                Ok(Value::Bool(_)) => {}
                Ok(_) => stop = stop.or_else(|| Some(no_overload("a truth"))),
                Err(Stop::Unknown) => stop = Some(Stop::Unknown),
                Err(why) => stop = stop.or(Some(why)),
            }
        }
        stop.map_or(Ok(Value::Bool(!deciding)), Err)
    }

    fn choice(&mut self, three: &[Expr; 3]) -> Outcome {
        let [condition, yes, no] = three;
        match self.run(condition)? {
            Value::Bool(true) => self.run(yes),
            Value::Bool(false) => self.run(no),
            _ => Err(no_overload("? :")),
        }
    }

    /// Keys that are not texts are beyond what Flux's objects have.
    fn map(&mut self, entries: &[(Expr, Expr)]) -> Outcome {
        let mut known = BTreeMap::new();
        for (key, value) in entries {
            let Value::Text(key) = self.run(key)? else { return Err(Stop::Unknown) };
            known.insert(key, self.run(value)?);
        }
        Ok(Value::Map(Fields { known, open: false }))
    }

    fn call(&mut self, name: &str, target: Option<&Expr>, arguments: &[Expr]) -> Outcome {
        if target.is_some_and(|target| functions::is_namespace(&target.node)) {
            return Err(Stop::Unknown);
        }
        let target = target.map(|target| self.run(target)).transpose()?;
        let arguments = arguments.iter().map(|argument| self.run(argument)).collect::<Result<Vec<_>, _>>()?;
        functions::call(name, target, &arguments)
    }

    fn macro_call(&mut self, made: &Macro) -> Outcome {
        let items = match self.run(&made.range)? {
            Value::List(items) => items,
            Value::Map(fields) if fields.open => return Err(Stop::Unknown),
            Value::Map(fields) => fields.known.into_keys().map(Value::Text).collect(),
            _ => return Err(no_overload("a list or a map")),
        };
        match made.kind {
            MacroKind::All => self.decide(items.into_iter(), false, |machine, item| machine.body(made, item)),
            MacroKind::Exists => self.decide(items.into_iter(), true, |machine, item| machine.body(made, item)),
            MacroKind::ExistsOne => Ok(Value::Bool(self.filter(made, items)?.len() == 1)),
            MacroKind::Filter => self.filter(made, items).map(Value::List),
            MacroKind::Map => self.mapped(made, items).map(Value::List),
        }
    }

    fn body(&mut self, made: &Macro, item: Value) -> Outcome {
        self.with(made, item, &made.body)
    }

    fn with(&mut self, made: &Macro, item: Value, body: &Expr) -> Outcome {
        self.bound.push((made.name.clone(), item));
        let outcome = self.run(body);
        self.bound.pop();
        outcome
    }

    fn filter(&mut self, made: &Macro, items: Vec<Value>) -> Result<Vec<Value>, Stop> {
        let mut kept = Vec::new();
        for item in items {
            match self.body(made, item.clone())? {
                Value::Bool(true) => kept.push(item),
                Value::Bool(false) => {}
                _ => return Err(no_overload("a truth")),
            }
        }
        Ok(kept)
    }

    fn mapped(&mut self, made: &Macro, items: Vec<Value>) -> Result<Vec<Value>, Stop> {
        let mut all = Vec::new();
        for item in items {
            let only = made.only.as_ref().map(|only| self.with(made, item.clone(), only)).transpose()?;
            match only {
                None | Some(Value::Bool(true)) => all.push(self.body(made, item)?),
                Some(Value::Bool(false)) => {}
                Some(_) => return Err(no_overload("a truth")),
            }
        }
        Ok(all)
    }
}

fn select(target: Value, field: &str) -> Outcome {
    match target {
        Value::Map(fields) => fields.field(field),
        Value::Optional(_) => optional(target, &mut |value| select(value, field)),
        Value::Unknown => Err(Stop::Unknown),
        other => Err(error(format!("{} has no field {field}", other.type_name()))),
    }
}

fn has(target: Value, field: &str) -> Outcome {
    match target {
        Value::Map(fields) => fields.has(field).map(Value::Bool),
        Value::Optional(None) => Ok(Value::Bool(false)),
        Value::Optional(Some(inner)) => has(*inner, field),
        Value::Unknown => Err(Stop::Unknown),
        other => Err(error(format!("{} has no field {field}", other.type_name()))),
    }
}

/// What a look-up gives, as an optional: nothing where there is no such key.
fn optional(target: Value, look_up: &mut dyn FnMut(Value) -> Outcome) -> Outcome {
    let target = match target {
        Value::Optional(None) => return Ok(Value::Optional(None)),
        Value::Optional(Some(inner)) => *inner,
        other => other,
    };
    match look_up(target) {
        Ok(value @ Value::Optional(_)) => Ok(value),
        Ok(value) => Ok(Value::Optional(Some(Box::new(value)))),
        Err(Stop::Error(message)) if message.starts_with("no such key") => Ok(Value::Optional(None)),
        Err(why) => Err(why),
    }
}

fn index(target: Value, key: &Value) -> Outcome {
    match (target, key) {
        (Value::Unknown, _) | (_, Value::Unknown) => Err(Stop::Unknown),
        (Value::Map(fields), Value::Text(key)) => fields.field(key),
        (Value::Map(_), _) => Err(error("no such key")),
        (Value::List(mut items), Value::Int(at)) => match usize::try_from(*at).ok().filter(|at| *at < items.len()) {
            Some(at) if items[at] == Value::Unknown => Err(Stop::Unknown),
            Some(at) => Ok(items.swap_remove(at)),
            None => Err(error(format!("no such key: index out of bounds: {at}"))),
        },
        (target @ Value::Optional(_), key) => optional(target, &mut |value| index(value, key)),
        (_, _) => Err(no_overload("[]")),
    }
}

fn negative(value: &Value) -> Outcome {
    match value {
        Value::Int(number) => number.checked_neg().map(Value::Int).ok_or_else(|| error("integer overflow")),
        Value::Double(number) => Ok(Value::Double(-number)),
        _ => Err(no_overload("-")),
    }
}

fn binary(operator: Operator, left: &Value, right: &Value) -> Outcome {
    let ordered =
        |holds: fn(std::cmp::Ordering) -> bool| -> Outcome { Ok(Value::Bool(left.order(right)?.is_some_and(holds))) };
    match operator {
        Operator::Equal => left.equals(right).map(Value::Bool),
        Operator::NotEqual => left.equals(right).map(|equal| Value::Bool(!equal)),
        Operator::Less => ordered(std::cmp::Ordering::is_lt),
        Operator::LessEqual => ordered(std::cmp::Ordering::is_le),
        Operator::Greater => ordered(std::cmp::Ordering::is_gt),
        Operator::GreaterEqual => ordered(std::cmp::Ordering::is_ge),
        Operator::In => is_in(left, right),
        _ => arithmetic(operator, left, right),
    }
}

fn is_in(item: &Value, container: &Value) -> Outcome {
    match container {
        Value::List(items) => {
            let mut stop = None;
            for found in items.iter().map(|found| found.equals(item)) {
                match found {
                    Ok(true) => return Ok(Value::Bool(true)),
                    Ok(false) => {}
                    Err(why) => stop = Some(why),
                }
            }
            stop.map_or(Ok(Value::Bool(false)), Err)
        }
        Value::Map(fields) => match item {
            Value::Text(key) => fields.has(key).map(Value::Bool),
            Value::Unknown => Err(Stop::Unknown),
            _ => Ok(Value::Bool(false)),
        },
        Value::Unknown => Err(Stop::Unknown),
        _ => Err(no_overload("in")),
    }
}

fn arithmetic(operator: Operator, left: &Value, right: &Value) -> Outcome {
    match (left, right) {
        (Value::Unknown, _) | (_, Value::Unknown) => Err(Stop::Unknown),
        (Value::Int(a), Value::Int(b)) => whole(
            operator,
            (*a == 0, *b == 0),
            [i64::checked_add, i64::checked_sub, i64::checked_mul, i64::checked_div, i64::checked_rem],
            *a,
            *b,
        )
        .map(Value::Int),
        (Value::Uint(a), Value::Uint(b)) => whole(
            operator,
            (*a == 0, *b == 0),
            [u64::checked_add, u64::checked_sub, u64::checked_mul, u64::checked_div, u64::checked_rem],
            *a,
            *b,
        )
        .map(Value::Uint),
        (Value::Double(a), Value::Double(b)) => real(operator, *a, *b).map(Value::Double),
        (Value::Text(a), Value::Text(b)) if operator == Operator::Add => Ok(Value::Text(format!("{a}{b}"))),
        (Value::List(a), Value::List(b)) if operator == Operator::Add => Ok(Value::List([&a[..], &b[..]].concat())),
        _ => Err(no_overload("arithmetic")),
    }
}

/// Addition, subtraction, multiplication, division, remainder; none where the result has no room.
type Whole<T> = [fn(T, T) -> Option<T>; 5];

fn whole<T>(operator: Operator, zero: (bool, bool), how: Whole<T>, a: T, b: T) -> Result<T, Stop> {
    let at = match operator {
        Operator::Add => 0,
        Operator::Subtract => 1,
        Operator::Multiply => 2,
        Operator::Divide if zero.1 => return Err(error("division by zero")),
        Operator::Divide => 3,
        Operator::Remainder if zero.1 => return Err(error("modulus by zero")),
        _ => 4,
    };
    how[at](a, b).ok_or_else(|| error("integer overflow"))
}

fn real(operator: Operator, a: f64, b: f64) -> Result<f64, Stop> {
    match operator {
        Operator::Add => Ok(a + b),
        Operator::Subtract => Ok(a - b),
        Operator::Multiply => Ok(a * b),
        Operator::Divide => Ok(a / b),
        _ => Err(no_overload("%")),
    }
}
