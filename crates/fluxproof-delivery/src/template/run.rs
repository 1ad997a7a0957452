//! Running a template's tree.

use super::MOST;
use super::parse::{Argument, Node, Pipe};
use fluxproof_yaml::{FileId, Span, Value, View, to_yaml};

const NOWHERE: Span = Span { file: FileId(0), start: 0, end: 0 };

/// The text of a tree for these inputs.
pub(super) fn run(nodes: &[Node<'_>], inputs: &Value) -> Option<String> {
    let mut run = Run { inputs, variables: Vec::new(), out: String::new(), steps: 0 };
    run.block(nodes, &Value::null(NOWHERE))?;
    Some(run.out)
}

struct Run<'i> {
    inputs: &'i Value,
    /// Names and values, the innermost last.
    variables: Vec<(String, Value)>,
    out: String,
    steps: usize,
}

impl Run<'_> {
    fn block(&mut self, nodes: &[Node<'_>], dot: &Value) -> Option<()> {
        let outer = self.variables.len();
        for node in nodes {
            self.steps += 1;
            (self.steps < MOST && self.out.len() < MOST).then_some(())?;
            self.node(node, dot)?;
        }
        self.variables.truncate(outer);
        Some(())
    }

    fn node(&mut self, node: &Node<'_>, dot: &Value) -> Option<()> {
        match node {
            Node::Text(text) => self.out.push_str(text),
            Node::Put(pipe) => {
                let text = shown(&self.pipe(pipe, dot)?)?;
                self.out.push_str(&text);
            }
            Node::Set(name, pipe) => {
                let value = self.pipe(pipe, dot)?;
                self.variables.push(((*name).to_owned(), value));
            }
            Node::If(branches) | Node::With(branches) => {
                for (condition, body) in branches {
                    let value =
                        condition.as_ref().map(|pipe| self.pipe(pipe, dot)).map_or(Some(None), |v| v.map(Some))?;
                    if value.as_ref().is_none_or(is_true) {
                        let inside = value.filter(|_| matches!(node, Node::With(_)));
                        return self.block(body, inside.as_ref().unwrap_or(dot));
                    }
                }
            }
            Node::Range(names, over, body, otherwise) => {
                let over = self.pipe(over, dot)?;
                return self.range(names, &over, body, otherwise, dot);
            }
        }
        Some(())
    }

    fn range(
        &mut self,
        names: &[&str],
        over: &Value,
        body: &[Node<'_>],
        otherwise: &[Node<'_>],
        dot: &Value,
    ) -> Option<()> {
        let items: Vec<(Value, Value)> = match over.view() {
            View::Seq(items) => items.iter().enumerate().map(|(at, item)| (number(at), item.clone())).collect(),
            View::Map(entries) => {
                let mut entries: Vec<_> = entries.iter().collect();
                entries.sort_by(|a, b| a.key.cmp(&b.key));
                entries.iter().map(|entry| (text(&entry.key), entry.value.clone())).collect()
            }
            View::Null => Vec::new(),
            _ => return None,
        };
        if items.is_empty() {
            return self.block(otherwise, dot);
        }
        for (key, item) in items {
            let outer = self.variables.len();
            match names {
                [value] => self.variables.push(((*value).to_owned(), item.clone())),
                [key_name, value] => {
                    self.variables.push(((*key_name).to_owned(), key));
                    self.variables.push(((*value).to_owned(), item.clone()));
                }
                _ => {}
            }
            self.block(body, &item)?;
            self.variables.truncate(outer);
        }
        Some(())
    }

    fn pipe(&self, pipe: &Pipe<'_>, dot: &Value) -> Option<Value> {
        let mut last = None;
        for call in pipe {
            last = Some(self.call(call, last, dot)?);
        }
        last
    }

    fn call(&self, call: &[Argument<'_>], piped: Option<Value>, dot: &Value) -> Option<Value> {
        let (first, rest) = call.split_first()?;
        let function = match first {
            Argument::Name(name) if is_function(name) => name,
            value if rest.is_empty() && piped.is_none() => return self.value(value, dot),
            _ => return None,
        };
        let arguments = rest.iter().map(|argument| self.value(argument, dot)).collect::<Option<Vec<Value>>>()?;
        apply(function, &arguments.into_iter().chain(piped).collect::<Vec<_>>())
    }

    fn value(&self, argument: &Argument<'_>, dot: &Value) -> Option<Value> {
        let name = match argument {
            Argument::Text(text) => return Some(self::text(text)),
            Argument::Inner(pipe, fields) => return field(&self.pipe(pipe, dot)?, fields),
            Argument::Name(name) => *name,
        };
        let (head, fields) = name.split_once('.').map_or((name, ""), |(head, fields)| (head, fields));
        match head {
            "" => field(dot, fields),
            "inputs" => field(self.inputs, fields),
            // A ResourceSet's template runs without data: `$` is nothing.
            "$" => None,
            _ if head.starts_with('$') => {
                let known = self.variables.iter().rev().find(|(name, _)| name == head)?;
                field(&known.1, fields)
            }
            "true" | "false" | "nil" => Some(Value::plain(NOWHERE, if head == "nil" { "null" } else { head })),
            _ if name.parse::<f64>().is_ok() => Some(Value::plain(NOWHERE, name)),
            _ => None,
        }
    }
}

/// The value at a path; none where a key is missing, as `missingkey=error` has it.
fn field(value: &Value, path: &str) -> Option<Value> {
    let mut at = value;
    for part in path.split('.').filter(|part| !part.is_empty()) {
        at = at.get(part)?;
    }
    Some(at.clone())
}

fn text(text: &str) -> Value {
    Value::string(NOWHERE, text)
}

fn number(at: usize) -> Value {
    Value::plain(NOWHERE, at.to_string())
}

fn truth(flag: bool) -> Option<Value> {
    Some(Value::plain(NOWHERE, flag.to_string()))
}

/// What Go takes for true: what is not empty.
fn is_true(value: &Value) -> bool {
    match value.view() {
        View::Null => false,
        View::Bool(flag) => flag,
        View::Int(number) => number != 0,
        View::Float(number) => number != 0.0,
        View::Str(text) => !text.is_empty(),
        View::Seq(items) => !items.is_empty(),
        View::Map(entries) => !entries.is_empty(),
    }
}

/// A value as it is put into the text; a list or mapping as Go prints it is of no use to YAML.
fn shown(value: &Value) -> Option<String> {
    match value.view() {
        View::Seq(_) | View::Map(_) => None,
        View::Null => Some("<no value>".to_owned()),
        View::Str(text) => Some(text.to_owned()),
        View::Bool(flag) => Some(flag.to_string()),
        View::Int(number) => Some(number.to_string()),
        View::Float(number) => Some(number.to_string()),
    }
}

const FUNCTIONS: [&str; 26] = [
    "and",
    "or",
    "not",
    "eq",
    "ne",
    "index",
    "quote",
    "squote",
    "default",
    "upper",
    "lower",
    "trim",
    "trimSuffix",
    "trimPrefix",
    "replace",
    "toYaml",
    "indent",
    "nindent",
    "printf",
    "toString",
    "empty",
    "hasPrefix",
    "hasSuffix",
    "contains",
    "hasKey",
    "len",
];

fn is_function(name: &str) -> bool {
    FUNCTIONS.contains(&name)
}

fn apply(function: &str, arguments: &[Value]) -> Option<Value> {
    let shown_at = |at: usize| arguments.get(at).and_then(shown);
    match (function, arguments) {
        ("and", [_, ..]) => arguments.iter().find(|value| !is_true(value)).or(arguments.last()).cloned(),
        ("or", [_, ..]) => arguments.iter().find(|value| is_true(value)).or(arguments.last()).cloned(),
        ("not", [value]) => truth(!is_true(value)),
        ("empty", [value]) => truth(!is_true(value)),
        ("eq", [_, _]) => truth(shown_at(0)? == shown_at(1)?),
        ("ne", [_, _]) => truth(shown_at(0)? != shown_at(1)?),
        ("index", [value, key]) => match key.as_int() {
            Some(at) => value.items().get(usize::try_from(at).ok()?).cloned(),
            None => value.get(key.as_str()?).cloned(),
        },
        ("hasKey", [value, key]) => truth(value.get(key.as_str()?).is_some()),
        ("len", [value]) => match value.view() {
            View::Seq(items) => Some(number(items.len())),
            View::Map(entries) => Some(number(entries.len())),
            View::Str(text) => Some(number(text.len())),
            _ => None,
        },
        ("default", [otherwise, value]) => Some(if is_true(value) { value.clone() } else { otherwise.clone() }),
        ("toYaml", [value]) => Some(text(to_yaml(value).ok()?.trim_end_matches('\n'))),
        ("printf", [_, rest @ ..]) => printf(&shown_at(0)?, rest).as_deref().map(text),
        _ => of_text(function, &arguments.iter().map(shown).collect::<Option<Vec<String>>>()?),
    }
}

fn of_text(function: &str, arguments: &[String]) -> Option<Value> {
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let indented = |count: &str, text: &str| {
        let pad = " ".repeat(count.parse::<usize>().ok().filter(|count| *count < 100)?);
        Some(text.split('\n').map(|line| format!("{pad}{line}")).collect::<Vec<_>>().join("\n"))
    };
    let result = match (function, &arguments[..]) {
        ("quote", [text]) => format!("{text:?}"),
        ("squote", [text]) => format!("'{text}'"),
        ("toString", [text]) => (*text).to_owned(),
        ("upper", [text]) => text.to_uppercase(),
        ("lower", [text]) => text.to_lowercase(),
        ("trim", [text]) => text.trim().to_owned(),
        ("trimSuffix", [end, text]) => text.strip_suffix(end).unwrap_or(text).to_owned(),
        ("trimPrefix", [start, text]) => text.strip_prefix(start).unwrap_or(text).to_owned(),
        ("replace", [old, new, text]) => text.replace(old, new),
        ("indent", [count, text]) => indented(count, text)?,
        ("nindent", [count, text]) => format!("\n{}", indented(count, text)?),
        ("hasPrefix", [start, text]) => return truth(text.starts_with(start)),
        ("hasSuffix", [end, text]) => return truth(text.ends_with(end)),
        ("contains", [inside, text]) => return truth(text.contains(inside)),
        _ => return None,
    };
    Some(text(&result))
}

/// `printf` with the verbs that people use.
fn printf(format: &str, arguments: &[Value]) -> Option<String> {
    let mut arguments = arguments.iter();
    let mut parts = format.split('%');
    let mut out = parts.next()?.to_owned();
    for part in parts {
        let verb = part.chars().next().filter(|verb| matches!(verb, 's' | 'd' | 'v' | 'q'))?;
        let value = shown(arguments.next()?)?;
        out.push_str(&if verb == 'q' { format!("{value:?}") } else { value });
        out.push_str(&part[1..]);
    }
    arguments.next().is_none().then_some(out)
}
