//! The functions of templates: those of Go (text/template funcs.go), of Helm (pkg/engine) and of sprig that charts use
//! to decide, to name and to hand values on. What is not here, or not known, is unknown.

use super::eval::Run;
use super::val::{HOLE, Map, Truth, Val};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

/// How many times a text may be repeated, and how long a list of `until` may be.
const MAX_COUNT: i64 = 1000;

/// Calls a function.
pub(super) fn call(run: &mut Run<'_>, name: &str, arguments: &[Val]) -> Val {
    let name = name.strip_prefix("must").map_or_else(|| name.to_owned(), lower_first);
    match (name.as_str(), arguments) {
        ("include", [name, dot]) => {
            let text = name.known_text().and_then(|name| run.include(name, dot));
            text.map_or(Val::Unknown, Val::text)
        }
        ("tpl", [text, dot]) => {
            let text = text.known_text().and_then(|text| run.text_template(text, dot));
            text.map_or(Val::Unknown, Val::text)
        }
        ("fail", _) => Val::Nil,
        (name, arguments) => {
            let found = logic(name, arguments).or_else(|| maps(name, arguments)).or_else(|| lists(name, arguments));
            found.or_else(|| texts(name, arguments)).or_else(|| numbers(name, arguments)).unwrap_or(Val::Unknown)
        }
    }
}

fn lower_first(name: &str) -> String {
    let mut chars = name.chars();
    chars.next().map(|first| first.to_lowercase().chain(chars).collect()).unwrap_or_default()
}

fn logic(name: &str, arguments: &[Val]) -> Option<Val> {
    Some(match (name, arguments) {
        ("not", [value]) => value.truth().not().value(),
        ("eq", [first, rest @ ..]) => any(rest.iter().map(|other| equal(first, other))).value(),
        ("ne", [a, b]) => equal(a, b).not().value(),
        ("lt" | "le" | "gt" | "ge", [a, b]) => compared(name, a, b)?.value(),
        ("default", [otherwise, value]) => first_of(&[value, otherwise]),
        ("default", [otherwise]) => otherwise.clone(),
        ("coalesce", values) => first_of(&values.iter().collect::<Vec<_>>()),
        ("empty", [value]) => value.truth().not().value(),
        ("all", values) => any(values.iter().map(|v| v.truth().not())).not().value(),
        ("any", values) => any(values.iter().map(Val::truth)).value(),
        ("ternary", [yes, no, test]) => match test.truth() {
            Truth::Yes => yes.clone(),
            Truth::No => no.clone(),
            Truth::Unknown => Val::Unknown,
        },
        ("required", [_, value]) => value.clone(),
        ("kindIs", [kind, value]) => Truth::of(value.kind()? == kind.known_text()?).value(),
        ("kindOf", [value]) => Val::text(value.kind()?),
        ("typeIs", [kind, value]) => Truth::of(type_of(value)? == kind.known_text()?).value(),
        ("typeOf", [value]) => Val::text(type_of(value)?),
        _ => return None,
    })
}

fn type_of(value: &Val) -> Option<&'static str> {
    Some(match value.kind()? {
        "slice" => "[]interface {}",
        "map" => "map[string]interface {}",
        "invalid" => "<nil>",
        kind => kind,
    })
}

fn any(truths: impl Iterator<Item = Truth>) -> Truth {
    truths.fold(Truth::No, |all, truth| match (all, truth) {
        (Truth::Yes, _) | (_, Truth::Yes) => Truth::Yes,
        (Truth::Unknown, _) | (_, Truth::Unknown) => Truth::Unknown,
        _ => Truth::No,
    })
}

/// The first value that is not empty; unknown where one before it may not be.
fn first_of(values: &[&Val]) -> Val {
    for value in values {
        match value.truth() {
            Truth::Yes => return (*value).clone(),
            Truth::Unknown => return Val::Unknown,
            Truth::No => {}
        }
    }
    values.last().map_or(Val::Nil, |value| (*value).clone())
}

fn equal(a: &Val, b: &Val) -> Truth {
    match (a, b) {
        (Val::Str(x), Val::Str(y)) if !x.contains(HOLE) && !y.contains(HOLE) => Truth::of(x == y),
        (Val::Bool(x), Val::Bool(y)) => Truth::of(x == y),
        (Val::Int(x), Val::Int(y)) => Truth::of(x == y),
        (Val::Float(_) | Val::Int(_), Val::Float(_) | Val::Int(_)) => {
            number(a).zip(number(b)).map_or(Truth::Unknown, |(x, y)| Truth::of((x - y).abs() < f64::EPSILON))
        }
        (Val::Nil, Val::Nil) => Truth::Yes,
        (Val::Nil, Val::Str(text)) | (Val::Str(text), Val::Nil) if !text.contains(HOLE) => Truth::No,
        (Val::Nil, Val::Bool(_) | Val::Int(_)) | (Val::Bool(_) | Val::Int(_), Val::Nil) => Truth::No,
        _ => Truth::Unknown,
    }
}

fn number(value: &Val) -> Option<f64> {
    match value {
        #[expect(clippy::cast_precision_loss, reason = "as Go's float64")]
        Val::Int(number) => Some(*number as f64),
        Val::Float(number) => Some(*number),
        _ => None,
    }
}

fn compared(name: &str, a: &Val, b: &Val) -> Option<Truth> {
    let order = match (a.known_text(), b.known_text()) {
        (Some(x), Some(y)) => x.cmp(y),
        _ => number(a)?.partial_cmp(&number(b)?)?,
    };
    Some(Truth::of(match name {
        "lt" => order.is_lt(),
        "le" => order.is_le(),
        "gt" => order.is_gt(),
        _ => order.is_ge(),
    }))
}

fn maps(name: &str, arguments: &[Val]) -> Option<Val> {
    Some(match (name, arguments) {
        ("dict", pairs) => dict(pairs),
        ("get", [map, key]) => known_map(map)?.borrow().get(key.known_text()?),
        ("hasKey", [map, key]) => known_map(map)?.borrow().has(key.known_text()?).value(),
        ("set", [map, key, value]) => set(map, key, value),
        ("unset", [map, key]) => {
            known_map(map)?.borrow_mut().entries.remove(key.known_text()?);
            map.clone()
        }
        ("merge", [first, rest @ ..]) => merged(first, rest, false),
        ("mergeOverwrite", [first, rest @ ..]) => merged(first, rest, true),
        ("deepCopy", [value]) => value.copy(),
        ("keys", [map]) => closed(map)?.entries.keys().map(Val::text).collect::<Vec<_>>().into(),
        ("values", [map]) => closed(map)?.entries.into_values().collect::<Vec<_>>().into(),
        ("pick", [map, keys @ ..]) => {
            let keys: Option<Vec<&str>> = keys.iter().map(Val::known_text).collect();
            filtered(map, &keys?, true)?
        }
        ("omit", [map, keys @ ..]) => {
            let keys: Option<Vec<&str>> = keys.iter().map(Val::known_text).collect();
            filtered(map, &keys?, false)?
        }
        ("dig", [path @ .., otherwise, map]) => dig(path, otherwise, map)?,
        ("index", [value, keys @ ..]) => keys.iter().fold(value.clone(), |value, key| indexed(&value, key)),
        _ => return None,
    })
}

impl Map {
    fn get(&self, key: &str) -> Val {
        let otherwise = || if self.open { Val::Unknown } else { Val::text("") };
        self.entries.get(key).cloned().unwrap_or_else(otherwise)
    }

    fn has(&self, key: &str) -> Truth {
        match (self.entries.get(key), self.open) {
            (Some(_), false) => Truth::Yes,
            (None, false) => Truth::No,
            _ => Truth::Unknown,
        }
    }
}

impl From<Vec<Val>> for Val {
    fn from(items: Vec<Val>) -> Self {
        Self::list(items)
    }
}

fn known_map(value: &Val) -> Option<&Rc<RefCell<Map>>> {
    match value {
        Val::Map(map) => Some(map),
        _ => None,
    }
}

/// The map, where all of it is known.
fn closed(value: &Val) -> Option<Map> {
    let map = known_map(value)?.borrow();
    (!map.open).then(|| map.clone())
}

fn dict(pairs: &[Val]) -> Val {
    let mut map = Map::default();
    for pair in pairs.chunks(2) {
        match (pair[0].known_text(), pair.get(1)) {
            (Some(key), Some(value)) => _ = map.entries.insert(key.to_owned(), value.clone()),
            _ => map.open = true,
        }
    }
    Val::Map(Rc::new(RefCell::new(map)))
}

fn set(map: &Val, key: &Val, value: &Val) -> Val {
    if let Val::Map(held) = map {
        match key.known_text() {
            Some(key) => _ = held.borrow_mut().entries.insert(key.to_owned(), value.clone()),
            None => held.borrow_mut().open = true,
        }
    }
    map.clone()
}

fn filtered(map: &Val, keys: &[&str], keep: bool) -> Option<Val> {
    let map = known_map(map)?.borrow();
    let wanted = |key: &str| keys.contains(&key) == keep;
    let entries = map.entries.iter().filter(|(key, _)| wanted(key)).map(|(key, value)| (key.clone(), value.clone()));
    Some(Val::Map(Rc::new(RefCell::new(Map { entries: fluxproof_order::gather(entries), open: map.open }))))
}

/// Maps into the first one, which is changed as in Go.
fn merged(first: &Val, rest: &[Val], overwrite: bool) -> Val {
    for other in rest {
        merge_into(first, other, overwrite, 0);
    }
    first.clone()
}

fn merge_into(into: &Val, from: &Val, overwrite: bool, depth: usize) {
    let Val::Map(target) = into else { return };
    let Val::Map(source) = from else {
        target.borrow_mut().open |= matches!(from, Val::Unknown);
        return;
    };
    if depth > 30 || Rc::ptr_eq(target, source) {
        return;
    }
    let source = source.borrow().clone();
    target.borrow_mut().open |= source.open;
    for (key, value) in source.entries {
        let held = target.borrow().entries.get(&key).cloned();
        match (&held, &value) {
            (Some(held @ Val::Map(_)), Val::Map(_)) => merge_into(held, &value, overwrite, depth + 1),
            _ => {
                let chosen = chosen(held, value, overwrite);
                target.borrow_mut().entries.insert(key, chosen);
            }
        }
    }
}

/// What mergo keeps: the first value that is not empty, or with `overwrite` the last.
fn chosen(held: Option<Val>, value: Val, overwrite: bool) -> Val {
    let Some(held) = held else { return value.copy() };
    match if overwrite { value.truth() } else { held.truth().not() } {
        Truth::Yes => value.copy(),
        Truth::No => held,
        Truth::Unknown => Val::Unknown,
    }
}

fn dig(path: &[Val], otherwise: &Val, map: &Val) -> Option<Val> {
    let mut value = map.clone();
    for key in path {
        let next = {
            let map = known_map(&value)?.borrow();
            match (map.entries.get(key.known_text()?), map.open) {
                (Some(next), _) => next.clone(),
                (None, true) => return None,
                (None, false) => return Some(otherwise.clone()),
            }
        };
        value = next;
    }
    Some(value)
}

fn indexed(value: &Val, key: &Val) -> Val {
    match (value, key) {
        (Val::List(items), Val::Int(at)) => {
            usize::try_from(*at).ok().and_then(|at| items.get(at)).cloned().unwrap_or(Val::Unknown)
        }
        (value, key) => key.known_text().map_or(Val::Unknown, |key| value.field(key)),
    }
}

fn lists(name: &str, arguments: &[Val]) -> Option<Val> {
    Some(match (name, arguments) {
        ("list" | "tuple", items) => Val::list(items.to_vec()),
        ("first", [Val::List(items)]) => items.first().cloned().unwrap_or(Val::Nil),
        ("last", [Val::List(items)]) => items.last().cloned().unwrap_or(Val::Nil),
        ("rest", [Val::List(items)]) => Val::list(items.iter().skip(1).cloned().collect()),
        ("initial", [Val::List(items)]) => Val::list(items[..items.len().saturating_sub(1)].to_vec()),
        ("append" | "push", [Val::List(items), item]) => Val::list(items.iter().chain([item]).cloned().collect()),
        ("prepend", [Val::List(items), item]) => Val::list([item].into_iter().chain(items.iter()).cloned().collect()),
        ("concat", lists) => {
            let lists: Option<Vec<&Rc<Vec<Val>>>> = lists.iter().map(as_list).collect();
            Val::list(lists?.into_iter().flat_map(|items| items.iter().cloned()).collect())
        }
        ("has", [item, Val::List(items)]) => any(items.iter().map(|other| equal(item, other))).value(),
        ("without", [Val::List(items), gone @ ..]) => {
            let goes = |item: &Val| any(gone.iter().map(|other| equal(item, other))) == Truth::Yes;
            Val::list(items.iter().filter(|item| !goes(item)).cloned().collect())
        }
        ("uniq" | "sortAlpha", [Val::List(items)]) => sorted(items)?,
        ("compact", [Val::List(items)]) => {
            Val::list(items.iter().filter(|item| item.truth() != Truth::No).cloned().collect())
        }
        ("join", [separator, Val::List(items)]) => {
            let items: Vec<String> = items.iter().map(Val::printed).collect();
            Val::text(items.join(separator.known_text()?))
        }
        ("splitList", [separator, text]) => {
            Val::list(text.known_text()?.split(separator.known_text()?).map(Val::text).collect())
        }
        ("split", [separator, text]) => {
            let parts = text.known_text()?.split(separator.known_text()?).enumerate();
            Val::map(fluxproof_order::gather(parts.map(|(at, part)| (format!("_{at}"), Val::text(part)))))
        }
        ("until", [Val::Int(count)]) => Val::list((0..(*count).clamp(0, MAX_COUNT)).map(Val::Int).collect()),
        _ => return None,
    })
}

fn as_list(value: &Val) -> Option<&Rc<Vec<Val>>> {
    match value {
        Val::List(items) => Some(items),
        _ => None,
    }
}

/// Texts in order, each once: whether a chart asks for `uniq` or `sortAlpha` changes nothing that is read here.
fn sorted(items: &[Val]) -> Option<Val> {
    let texts: Option<BTreeMap<&str, &Val>> = items.iter().map(|item| Some((item.known_text()?, item))).collect();
    Some(Val::list(texts?.into_values().cloned().collect()))
}

fn texts(name: &str, arguments: &[Val]) -> Option<Val> {
    Some(match (name, arguments) {
        ("quote", values) => Val::text(joined(values, super::val::double_quoted)),
        ("squote", values) => Val::text(joined(values, |text| format!("'{text}'"))),
        ("print" | "cat", values) => {
            Val::text(values.iter().map(Val::printed).collect::<Vec<_>>().join(if name == "cat" { " " } else { "" }))
        }
        ("println", values) => Val::text(values.iter().map(Val::printed).collect::<Vec<_>>().join(" ") + "\n"),
        ("printf", [format, values @ ..]) => Val::text(formatted(format.known_text()?, values)?),
        ("toString", [value]) => Val::text(text_of(value)?),
        ("toYaml" | "toYamlPretty", [value]) => Val::text(value.yaml()),
        ("fromYaml" | "fromJson" | "fromYamlArray" | "fromJsonArray", [Val::Str(text)]) => super::from_yaml(text),
        ("indent", [Val::Int(count), text]) => Val::text(indented(*count, &text_of(text)?)),
        ("nindent", [Val::Int(count), text]) => Val::text(format!("\n{}", indented(*count, &text_of(text)?))),
        ("trim", [text]) => Val::text(text_of(text)?.trim()),
        ("lower", [text]) => Val::text(text_of(text)?.to_lowercase()),
        ("upper", [text]) => Val::text(text_of(text)?.to_uppercase()),
        ("trimSuffix", [suffix, text]) => Val::text(trimmed_end(&text_of(text)?, suffix.known_text()?)),
        ("trimPrefix", [prefix, text]) => {
            let text = text_of(text)?;
            Val::text(text.strip_prefix(prefix.known_text()?).unwrap_or(&text))
        }
        ("trimAll", [chars, text]) => {
            let chars: Vec<char> = chars.known_text()?.chars().collect();
            Val::text(text.known_text()?.trim_matches(&chars[..]))
        }
        ("trunc", [Val::Int(count), text]) => Val::text(truncated(*count, &text_of(text)?)),
        ("replace", [old, new, text]) => Val::text(text_of(text)?.replace(old.known_text()?, &text_of(new)?)),
        ("repeat", [Val::Int(count), text]) => {
            Val::text(text.known_text()?.repeat(usize::try_from((*count).clamp(0, MAX_COUNT)).ok()?))
        }
        ("contains", [part, text]) => Truth::of(text.known_text()?.contains(part.known_text()?)).value(),
        ("hasPrefix", [part, text]) => Truth::of(text.known_text()?.starts_with(part.known_text()?)).value(),
        ("hasSuffix", [part, text]) => Truth::of(text.known_text()?.ends_with(part.known_text()?)).value(),
        _ => return None,
    })
}

/// As `quote` does: nothing is left out.
fn joined(values: &[Val], quote: impl Fn(&str) -> String) -> String {
    let values = values.iter().filter(|value| !matches!(value, Val::Nil));
    values.map(|value| quote(&value.printed())).collect::<Vec<_>>().join(" ")
}

/// The text of a scalar, holes and all.
fn text_of(value: &Val) -> Option<String> {
    matches!(value, Val::Str(_) | Val::Int(_) | Val::Float(_) | Val::Bool(_)).then(|| value.printed())
}

fn trimmed_end(text: &str, suffix: &str) -> String {
    // A hole at the end may end with anything.
    text.strip_suffix(suffix).unwrap_or(text).to_owned()
}

/// The first so many characters. A text with a hole may be cut anywhere behind it.
fn truncated(count: i64, text: &str) -> String {
    let Ok(count) = usize::try_from(count) else { return HOLE.to_string() };
    if text.contains(HOLE) { text.to_owned() } else { text.chars().take(count).collect() }
}

fn indented(count: i64, text: &str) -> String {
    let pad = " ".repeat(usize::try_from(count.clamp(0, 200)).unwrap_or(0));
    let lines: Vec<String> = text.split('\n').map(|line| format!("{pad}{line}")).collect();
    lines.join("\n")
}

fn formatted(format: &str, values: &[Val]) -> Option<String> {
    let (mut out, mut values, mut chars) = (String::new(), values.iter(), format.chars());
    while let Some(c) = chars.next() {
        if c != '%' {
            out.push(c);
            continue;
        }
        match chars.next()? {
            '%' => out.push('%'),
            's' | 'd' | 'v' | 't' => out.push_str(&values.next()?.printed()),
            'q' => out.push_str(&super::val::double_quoted(&values.next()?.printed())),
            _ => return None,
        }
    }
    Some(out)
}

fn numbers(name: &str, arguments: &[Val]) -> Option<Val> {
    Some(match (name, arguments) {
        ("int" | "int64" | "float64" | "atoi", [value]) => whole(value)?,
        ("len", [Val::List(items)]) => Val::Int(i64::try_from(items.len()).ok()?),
        ("len", [map @ Val::Map(_)]) => Val::Int(i64::try_from(closed(map)?.entries.len()).ok()?),
        ("len", [text]) => Val::Int(i64::try_from(text.known_text()?.len()).ok()?),
        ("add", values) => Val::Int(integers(values)?.into_iter().fold(0, i64::saturating_add)),
        ("add1", [Val::Int(value)]) => Val::Int(value.saturating_add(1)),
        ("sub", [Val::Int(a), Val::Int(b)]) => Val::Int(a.saturating_sub(*b)),
        ("mul", values) => Val::Int(integers(values)?.into_iter().fold(1, i64::saturating_mul)),
        ("div", [Val::Int(a), Val::Int(b)]) => Val::Int(a.checked_div(*b)?),
        ("min", values) => Val::Int(integers(values)?.into_iter().min()?),
        ("max", values) => Val::Int(integers(values)?.into_iter().max()?),
        _ => return None,
    })
}

fn whole(value: &Val) -> Option<Val> {
    Some(Val::Int(match value {
        Val::Int(number) => *number,
        Val::Nil => 0,
        Val::Bool(flag) => i64::from(*flag),
        other => other.known_text()?.parse().unwrap_or(0),
    }))
}

fn integers(values: &[Val]) -> Option<Vec<i64>> {
    values.iter().map(|value| if let Val::Int(number) = value { Some(*number) } else { None }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(name: &str, arguments: &[Val]) -> String {
        let (defines, files, mut oracle) = Default::default();
        let mut run = Run::new(&defines, &files, &mut oracle);
        call(&mut run, name, arguments).printed().replace(HOLE, "?")
    }

    fn hole() -> Val {
        Val::text(HOLE.to_string())
    }

    #[test]
    fn names_are_made_as_helm_makes_them() {
        let t = |text: &str| Val::text(text);
        assert_eq!(printed("printf", &[t("%s-%d%%"), t("a"), Val::Int(3)]), "a-3%");
        assert_eq!(printed("printf", &[t("%s-x"), hole()]), "?-x");
        assert_eq!(printed("trunc", &[Val::Int(3), t("abcdef")]), "abc");
        assert_eq!(printed("trimSuffix", &[t("-"), t("abc-")]), "abc");
        assert_eq!(printed("default", &[t("d"), t("")]), "d");
        assert_eq!(printed("default", &[t("d"), hole()]), "?");
        assert_eq!(printed("nindent", &[Val::Int(2), t("a: 1\nb: 2")]), "\n  a: 1\n  b: 2");
        assert_eq!(printed("contains", &[t("a"), hole()]), "?");
        assert_eq!(printed("nosuch", &[t("a")]), "?");
        assert_eq!(printed("mustToYaml", &[t("a b")]), "\"a b\"");
    }

    #[test]
    fn maps_are_changed_for_all_who_hold_them() {
        let map = Val::map(BTreeMap::new());
        printed("set", &[map.clone(), Val::text("a"), Val::Int(1)]);
        assert_eq!(map.field("a").printed(), "1");
        printed("mergeOverwrite", &[map.clone(), dict(&[Val::text("a"), Val::Int(2)])]);
        assert_eq!(map.field("a").printed(), "2");
        printed("merge", &[map.clone(), dict(&[Val::text("a"), Val::Int(3), Val::text("b"), Val::Int(4)])]);
        assert_eq!((map.field("a").printed(), map.field("b").printed()), ("2".to_owned(), "4".to_owned()));
        assert_eq!(printed("hasKey", &[map.clone(), Val::text("c")]), "false");
        printed("merge", &[map.clone(), Val::Unknown]);
        assert_eq!(printed("hasKey", &[map, Val::text("c")]), "?");
    }
}
