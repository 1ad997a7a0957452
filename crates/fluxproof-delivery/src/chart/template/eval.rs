//! Running a template: what it prints, with a hole where that is not known.

use super::functions;
use super::oracle::Oracle;
use super::parse::{Asked, Defines, Expr, Node, Nodes, parse};
use super::val::{HOLE, Map, Truth, Val};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

/// How many nodes and expressions one run may take: a bound for hostile charts.
const MAX_STEPS: usize = 400_000;

/// How much one run may print, in bytes.
const MAX_OUTPUT: usize = 8 << 20;

/// How deep templates may include each other.
const MAX_INCLUDES: usize = 24;

/// A run of one template.
pub(super) struct Run<'r> {
    pub(super) defines: &'r Defines,
    /// The files of the chart, by their paths in it.
    pub(super) files: &'r BTreeMap<String, Rc<str>>,
    pub(super) oracle: &'r mut Oracle,
    pub(super) steps: usize,
    printed: usize,
    includes: usize,
    variables: Vec<(String, Val)>,
}

/// Whether a list of nodes was left early.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Flow {
    On,
    Break,
    Continue,
}

impl<'r> Run<'r> {
    pub(super) fn new(defines: &'r Defines, files: &'r BTreeMap<String, Rc<str>>, oracle: &'r mut Oracle) -> Self {
        Self { defines, files, oracle, steps: 0, printed: 0, includes: 0, variables: Vec::new() }
    }

    /// Whether the run has come to its bounds: what it printed is not all.
    pub(super) fn is_exhausted(&self) -> bool {
        self.steps > MAX_STEPS || self.printed > MAX_OUTPUT
    }

    /// What a template prints for a value of `.`, which is also its `$`.
    pub(super) fn template(&mut self, nodes: &Nodes, dot: &Val) -> String {
        let mut out = String::new();
        let outer = std::mem::take(&mut self.variables);
        self.variables.push((String::new(), dot.clone()));
        self.nodes(nodes, dot, &mut out);
        self.variables = outer;
        out
    }

    /// What a named template prints; none where it is not known.
    pub(super) fn include(&mut self, name: &str, dot: &Val) -> Option<String> {
        let nodes = self.defines.get(name)?.clone();
        if self.includes >= MAX_INCLUDES {
            return None;
        }
        self.includes += 1;
        let text = self.template(&nodes, dot);
        self.includes -= 1;
        Some(text)
    }

    /// What a text prints that is itself a template (`tpl`).
    pub(super) fn text_template(&mut self, text: &str, dot: &Val) -> Option<String> {
        if !text.contains("{{") {
            return Some(text.to_owned());
        }
        let template = parse(text).ok().filter(|_| self.includes < MAX_INCLUDES)?;
        self.includes += 1;
        let text = self.template(&template.nodes, dot);
        self.includes -= 1;
        Some(text)
    }

    fn nodes(&mut self, nodes: &[Node], dot: &Val, out: &mut String) -> Flow {
        let scope = self.variables.len();
        let mut flow = Flow::On;
        for node in nodes {
            self.steps += 1;
            if self.is_exhausted() {
                break;
            }
            flow = self.node(node, dot, out);
            if flow != Flow::On {
                break;
            }
        }
        self.variables.truncate(scope);
        flow
    }

    fn print(&mut self, text: &str, out: &mut String) {
        self.printed += text.len();
        out.push_str(text);
    }

    fn node(&mut self, node: &Node, dot: &Val, out: &mut String) -> Flow {
        match node {
            Node::Text(text) => self.print(text, out),
            Node::Print(expr) => {
                let text = self.expr(expr, dot).printed();
                self.print(&text, out);
            }
            Node::Declare(name, expr) => {
                let value = self.expr(expr, dot);
                self.variables.push((name.clone(), value));
            }
            Node::Assign(name, expr) => {
                let value = self.expr(expr, dot);
                self.assign(name, value);
            }
            Node::If(branches, otherwise) => return self.branches(branches, otherwise, false, dot, out),
            Node::With(branches, otherwise) => return self.branches(branches, otherwise, true, dot, out),
            Node::Range(over, body, otherwise) => return self.range(over, body, otherwise, dot, out),
            Node::Template(name, argument) => self.call(name, argument.as_ref(), dot, out),
            Node::Break => return Flow::Break,
            Node::Continue => return Flow::Continue,
        }
        Flow::On
    }

    fn assign(&mut self, name: &str, value: Val) {
        if let Some((_, held)) = self.variables.iter_mut().rev().find(|(held, _)| held == name) {
            *held = value;
        }
    }

    fn call(&mut self, name: &Expr, argument: Option<&Expr>, dot: &Val, out: &mut String) {
        let name = self.expr(name, dot);
        let argument = argument.map_or(Val::Nil, |expr| self.expr(expr, dot));
        let text = name.known_text().and_then(|name| self.include(name, &argument));
        self.print(&text.unwrap_or_else(|| HOLE.to_string()), out);
    }

    /// `if` and `with`; variables that a condition declares are seen to the end of the whole.
    fn branches(
        &mut self,
        branches: &[(Asked, Nodes)],
        otherwise: &Nodes,
        with: bool,
        dot: &Val,
        out: &mut String,
    ) -> Flow {
        let scope = self.variables.len();
        for (asked, body) in branches {
            let value = self.asked(asked, dot);
            if let Some(name) = asked.declares.first() {
                self.variables.push((name.clone(), value.clone()));
            }
            if self.holds(&value, asked) {
                let inner = if with { value } else { dot.clone() };
                let flow = self.nodes(body, &inner, out);
                self.variables.truncate(scope);
                return flow;
            }
        }
        let flow = self.nodes(otherwise, dot, out);
        self.variables.truncate(scope);
        flow
    }

    fn asked(&mut self, asked: &Asked, dot: &Val) -> Val {
        self.expr(&asked.expr, dot)
    }

    fn holds(&mut self, value: &Val, asked: &Asked) -> bool {
        match value.truth() {
            Truth::Yes => true,
            Truth::No => false,
            Truth::Unknown => self.oracle.answer(&asked.text),
        }
    }

    fn range(&mut self, over: &Asked, body: &Nodes, otherwise: &Nodes, dot: &Val, out: &mut String) -> Flow {
        let value = self.asked(over, dot);
        let items = self.items(&value, over);
        if items.is_empty() {
            return self.nodes(otherwise, dot, out);
        }
        for (key, item) in items {
            let scope = self.variables.len();
            match &over.declares[..] {
                [one] => self.variables.push((one.clone(), item.clone())),
                [first, second, ..] => {
                    self.variables.push((first.clone(), key));
                    self.variables.push((second.clone(), item.clone()));
                }
                [] => {}
            }
            let flow = self.nodes(body, &item, out);
            self.variables.truncate(scope);
            if flow == Flow::Break || self.is_exhausted() {
                break;
            }
        }
        Flow::On
    }

    /// What a range goes over: keys and values. Something not known is one item that is not known, or none.
    fn items(&mut self, value: &Val, asked: &Asked) -> Vec<(Val, Val)> {
        let index = |at: usize| Val::Int(i64::try_from(at).unwrap_or(i64::MAX));
        let (mut items, open) = match value {
            Val::List(items) => (items.iter().enumerate().map(|(at, item)| (index(at), item.clone())).collect(), false),
            Val::Map(map) => {
                let map = map.borrow();
                let pairs: Vec<_> = map.entries.iter().map(|(key, value)| (Val::text(key), value.clone())).collect();
                (pairs, map.open)
            }
            Val::Int(count) => {
                ((0..usize::try_from(*count).unwrap_or(0).min(1000)).map(|at| (index(at), index(at))).collect(), false)
            }
            other => (Vec::new(), other.truth() == Truth::Unknown),
        };
        if open && self.oracle.answer(&asked.text) {
            items.push((Val::Unknown, Val::Unknown));
        }
        items
    }

    /// The value of an expression.
    pub(super) fn expr(&mut self, expr: &Expr, dot: &Val) -> Val {
        self.steps += 1;
        match expr {
            Expr::Dot => dot.clone(),
            Expr::Variable(name) => self.variable(name),
            Expr::Text(text) => Val::Str(text.clone()),
            Expr::Number(text) => number(text),
            Expr::Bool(flag) => Val::Bool(*flag),
            Expr::Nil => Val::Nil,
            Expr::Field(base, names) => {
                let base = self.expr(base, dot);
                names.iter().fold(base, |value, name| value.field(name))
            }
            Expr::Call(name, arguments) => self.function(name, arguments, dot),
            Expr::Method(base, arguments) => self.method(base, arguments, dot),
        }
    }

    fn variable(&self, name: &str) -> Val {
        let held = self.variables.iter().rev().find(|(held, _)| held == name);
        held.map_or(Val::Unknown, |(_, value)| value.clone())
    }

    fn function(&mut self, name: &str, arguments: &[Expr], dot: &Val) -> Val {
        if self.is_exhausted() {
            return Val::Unknown;
        }
        match name {
            "and" => self.until(arguments, Truth::No, dot),
            "or" => self.until(arguments, Truth::Yes, dot),
            _ => {
                let values: Vec<Val> = arguments.iter().map(|argument| self.expr(argument, dot)).collect();
                functions::call(self, name, &values)
            }
        }
    }

    /// `and`, `or`: the first argument of this truth, else the last one; unknown where an unknown one may decide.
    fn until(&mut self, arguments: &[Expr], stop: Truth, dot: &Val) -> Val {
        let (mut last, mut unknown) = (Val::Nil, false);
        for argument in arguments {
            last = self.expr(argument, dot);
            match last.truth() {
                truth if truth == stop => return if unknown { stop_or_unknown(last, stop) } else { last },
                Truth::Unknown => unknown = true,
                _ => {}
            }
        }
        if unknown { Val::Unknown } else { last }
    }

    fn method(&mut self, base: &Expr, arguments: &[Expr], dot: &Val) -> Val {
        let base = self.expr(base, dot);
        let argument = arguments.first().map_or(Val::Nil, |argument| self.expr(argument, dot));
        match (&base, argument.known_text()) {
            (Val::Method(name), Some(path)) if &**name == "Get" => {
                self.files.get(path).map_or(Val::text(""), |text| Val::Str(text.clone()))
            }
            (Val::Method(name), Some(pattern)) if &**name == "Glob" => self.glob(pattern),
            _ => Val::Unknown,
        }
    }

    fn glob(&self, pattern: &str) -> Val {
        let found = self.files.iter().filter(|(path, _)| matches(pattern, path));
        let entries = fluxproof_order::gather(found.map(|(path, text)| (path.clone(), Val::Str(text.clone()))));
        Val::Map(Rc::new(RefCell::new(Map { entries, open: false })))
    }
}

/// What is false (or true) whatever the unknown one before it is: only its truth is known.
fn stop_or_unknown(_: Val, stop: Truth) -> Val {
    stop.value()
}

fn number(text: &str) -> Val {
    let hex = text.strip_prefix("0x").and_then(|digits| i64::from_str_radix(digits, 16).ok());
    let whole = text.parse().ok().or(hex).map(Val::Int);
    whole.or_else(|| text.parse().ok().map(Val::Float)).unwrap_or(Val::Unknown)
}

/// Whether a path fits a pattern of `.Files.Glob`: `*` and `?` stop at `/`, `**` does not.
fn matches(pattern: &str, path: &str) -> bool {
    match pattern.chars().next() {
        None => path.is_empty(),
        Some('*') => {
            let deep = pattern.starts_with("**");
            let rest = pattern.trim_start_matches('*');
            let end = if deep { path.len() } else { path.find('/').unwrap_or(path.len()) };
            (0..=end).filter(|at| path.is_char_boundary(*at)).any(|at| matches(rest, &path[at..]))
        }
        Some(c) => {
            let mut rest = path.chars();
            let fits = rest.next().is_some_and(|p| p == c || (c == '?' && p != '/'));
            fits && matches(&pattern[c.len_utf8()..], rest.as_str())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::tests::yaml;

    /// Every text that a template can print for these values.
    fn texts(text: &str, values: &str) -> Vec<String> {
        let template = parse(text).expect("a template");
        let files = BTreeMap::from([("crds/a.yaml".to_owned(), Rc::from("kind: A\n"))]);
        let (mut oracle, mut all) = (Oracle::default(), Vec::new());
        while oracle.next_run() {
            let root =
                BTreeMap::from([("Values".to_owned(), Val::of(&yaml(values))), ("Files".to_owned(), Val::Files)]);
            let mut run = Run::new(&template.defines, &files, &mut oracle);
            all.push(run.template(&template.nodes, &Val::map(root)).replace(HOLE, "?"));
        }
        all.sort();
        all.dedup();
        all
    }

    fn text(template: &str, values: &str) -> String {
        texts(template, values).join("|")
    }

    #[test]
    fn conditions_are_those_of_go() {
        let template =
            "{{ if and .Values.a (not .Values.b) }}1{{ else if eq .Values.c \"x\" \"y\" }}2{{ else }}3{{ end }}";
        assert_eq!(text(template, "a: true"), "1");
        assert_eq!(text(template, "a: true\nb: 1\nc: y"), "2");
        assert_eq!(text(template, "a: ''\nc: z"), "3");
        assert_eq!(text(template, "a: ${x}"), "1|3");
        assert_eq!(text(template, "a: ${x}\nb: true\nc: y"), "2", "an unknown one that decides nothing");
        assert_eq!(text("{{ if or .Values.a .Values.b }}1{{ end }}", "a: ${x}\nb: 1"), "1");
        assert_eq!(text("{{ with .Values.a }}{{ .b }}{{ $.Values.c }}{{ else }}n{{ end }}", "a: { b: 1 }\nc: 2"), "12");
        assert_eq!(text("{{ if .Capabilities.x }}1{{ end }}{{ if .Values.x.y.z }}2{{ end }}", "x: null"), "");
    }

    #[test]
    fn ranges_go_over_lists_and_maps_with_variables() {
        let template = "{{ $n := 0 }}{{ range $k, $v := .Values.m }}{{ $k }}={{ $v }};{{ $n = add $n 1 }}{{ else }}no{{ end }}{{ $n }}";
        assert_eq!(text(template, "m: { b: 1, a: 2 }"), "a=2;b=1;2");
        assert_eq!(text(template, "m: [x]"), "0=x;1");
        assert_eq!(text(template, "m: {}"), "no0");
        assert_eq!(texts(template, "m: ${x}"), ["?=?;1", "no0"]);
        let skipping = "{{ range .Values.m }}{{ if eq . 2 }}{{ continue }}{{ end }}{{ if eq . 4 }}{{ break }}{{ end }}{{ . }}{{ end }}";
        assert_eq!(text(skipping, "m: [1, 2, 3, 4, 5]"), "13");
    }

    #[test]
    fn templates_include_each_other_to_an_end() {
        let template = "{{ define \"n\" }}{{ .a }}-{{ template \"s\" . }}{{ end }}{{ define \"s\" }}s{{ end }}{{ include \"n\" .Values | quote }}";
        assert_eq!(text(template, "a: x"), "\"x-s\"");
        assert_eq!(text("{{ include \"gone\" . }}", "{}"), "?");
        let endless = "{{ define \"a\" }}x{{ include \"a\" . }}{{ include \"a\" . }}{{ end }}{{ include \"a\" . }}";
        assert!(text(endless, "{}").contains('?'));
        assert_eq!(text("{{ tpl .Values.t . }}", "t: '{{ .Values.u }}!'\nu: 1"), "1!");
    }

    #[test]
    fn files_of_the_chart_are_read() {
        assert_eq!(text("{{ .Files.Get \"crds/a.yaml\" }}", "{}"), "kind: A\n");
        assert_eq!(
            text("{{ range $p, $_ := .Files.Glob \"crds/*.yaml\" }}{{ $.Files.Get $p }}{{ end }}", "{}"),
            "kind: A\n"
        );
        assert!(matches("**/*.yaml", "a/b/c.yaml") && !matches("*.yaml", "a/c.yaml") && matches("a?c*", "abc"));
    }
}
