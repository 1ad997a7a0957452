//! replacements: a field of one resource copied into fields of others.

use crate::Workspace;
use crate::build::items;
use crate::resource::{Resource, child, set, string};
use crate::select::{self, Match};
use fluxproof_yaml::{Data, Problem, RepoPath, Value};

/// Applies the replacements of a kustomization.
pub(crate) fn apply(
    workspace: &Workspace<'_>,
    folder: &RepoPath,
    kustomization: &Value,
    resources: &mut [Resource],
    problems: &mut Vec<Problem>,
) {
    for item in items(kustomization, "replacements") {
        match item.get("path").and_then(Value::as_str) {
            None => one(item, resources, problems),
            Some(path) => from_file(workspace, folder, path, resources, problems),
        }
    }
}

fn from_file(
    workspace: &Workspace<'_>,
    folder: &RepoPath,
    path: &str,
    resources: &mut [Resource],
    problems: &mut Vec<Problem>,
) {
    let file = folder.join(path).ok().and_then(|path| workspace.sources().find(&path));
    for document in file.map_or(&[][..], |file| workspace.documents(file)) {
        let list = if document.items().is_empty() { std::slice::from_ref(document) } else { document.items() };
        list.iter().for_each(|item| one(item, resources, problems));
    }
}

fn one(item: &Value, resources: &mut [Resource], problems: &mut Vec<Problem>) {
    let Some(source) = item.get("source") else { return };
    let Some(value) = source_value(source, resources) else {
        problems
            .push(Problem::new(source.span, "nothing to select from: no resource has the source of this replacement"));
        return;
    };
    for target in items(item, "targets") {
        for resource in resources.iter_mut().filter(|resource| is_target(resource, target)) {
            into_fields(resource, target, &value, problems);
        }
    }
}

fn is_target(resource: &Resource, target: &Value) -> bool {
    let selects = |selector: &Value| exact(resource, selector);
    let rejected = items(target, "reject").iter().any(selects);
    target.get("select").is_some_and(selects) && !rejected
}

/// A selector of a replacement names exact values (kyaml `resid`), not expressions; absent fields match anything.
fn exact(resource: &Resource, selector: &Value) -> bool {
    let fields = [
        ("group", resource.group()),
        ("version", resource.version()),
        ("kind", resource.kind()),
        ("name", resource.name()),
        ("namespace", resource.namespace().unwrap_or("")),
    ];
    fields.iter().all(|(key, actual)| selector.str_at(&[key]).is_none_or(|wanted| wanted == *actual))
        && select::target(resource, &without_names(selector)) == Match::Yes
}

/// The label and annotation selectors alone.
fn without_names(selector: &Value) -> Value {
    let mut selector = selector.clone();
    if let Some(entries) = selector.entries_mut() {
        entries.retain(|entry| entry.key.ends_with("Selector"));
    }
    selector
}

fn source_value(source: &Value, resources: &[Resource]) -> Option<Value> {
    let resource = resources.iter().find(|resource| exact(resource, source))?;
    let path = source.str_at(&["fieldPath"]).unwrap_or("metadata.name");
    let mut value = resource.value.clone();
    let mut found = None;
    visit(&mut value, &split(path), false, &mut |field| found = Some(field.clone()));
    let found = found?;
    match source.get("options").and_then(|options| options.str_at(&["delimiter"])) {
        Some(delimiter) => {
            let index = index(source.get("options")?);
            let text = crate_text(&found)?;
            let part = text.split(delimiter).nth(usize::try_from(index).ok()?)?.to_owned();
            Some(string(&part, found.span))
        }
        None => Some(found),
    }
}

fn index(options: &Value) -> i64 {
    match options.get("index").map(|value| &value.data) {
        Some(Data::Int(index)) => *index,
        _ => 0,
    }
}

fn crate_text(value: &Value) -> Option<String> {
    Some(match &value.data {
        Data::Str(text) => text.to_string(),
        Data::Int(number) => number.to_string(),
        Data::Bool(flag) => flag.to_string(),
        Data::Float(number) => number.to_string(),
        _ => return None,
    })
}

fn into_fields(resource: &mut Resource, target: &Value, value: &Value, problems: &mut Vec<Problem>) {
    let options = target.get("options");
    let create = options.and_then(|o| o.get("create")).and_then(Value::as_bool).unwrap_or(false);
    let paths = items(target, "fieldPaths");
    for path in paths {
        let Some(text) = path.as_str() else { continue };
        let mut hit = false;
        visit(&mut resource.value, &split(text), create, &mut |field| {
            hit = true;
            write(field, value, options);
        });
        if !hit {
            problems.push(Problem::new(path.span, format!("unable to find field \"{text}\" in replacement target")));
        }
    }
    if paths.is_empty() {
        visit(&mut resource.value, &split("metadata.name"), create, &mut |field| *field = value.clone());
    }
}

fn write(field: &mut Value, value: &Value, options: Option<&Value>) {
    let delimiter = options.and_then(|o| o.str_at(&["delimiter"]));
    let (Some(delimiter), Some(options)) = (delimiter, options) else {
        *field = value.clone();
        return;
    };
    let (Some(old), Some(new)) = (crate_text(field), crate_text(value)) else { return };
    let mut parts: Vec<String> = old.split(delimiter).map(str::to_owned).collect();
    match usize::try_from(index(options)) {
        Err(_) => parts.insert(0, new),
        Ok(at) if at < parts.len() => parts[at] = new,
        Ok(_) => parts.push(new),
    }
    *field = string(&parts.join(delimiter), value.span);
}

/// `spec.containers.[name=web].image` into parts; dots inside brackets and `\.` belong to a part.
fn split(path: &str) -> Vec<String> {
    let (mut parts, mut part, mut inside, mut escaped) = (Vec::new(), String::new(), false, false);
    for c in path.chars() {
        match c {
            '\\' if !escaped => {
                escaped = true;
                continue;
            }
            '[' => inside = true,
            ']' => inside = false,
            '.' if !inside && !escaped => {
                parts.push(std::mem::take(&mut part));
                escaped = false;
                continue;
            }
            _ => {}
        }
        escaped = false;
        part.push(c);
    }
    parts.push(part);
    parts.retain(|part| !part.is_empty());
    parts
}

/// Calls `f` for every field at a path; with `create`, makes the mappings on the way.
fn visit(value: &mut Value, path: &[String], create: bool, f: &mut dyn FnMut(&mut Value)) {
    let Some((part, rest)) = path.split_first() else { return f(value) };
    let span = value.span;
    if let Data::Seq(list) = &mut value.data {
        return visit_list(list, part, rest, create, f);
    }
    if create && value.get(part).is_none() {
        if rest.is_empty() {
            set(value, part, string("", span));
        } else {
            let _ = child(value, part, span);
        }
    }
    if let Some(next) = value.get_mut(part) {
        visit(next, rest, create, f);
    }
}

fn visit_list(list: &mut [Value], part: &str, rest: &[String], create: bool, f: &mut dyn FnMut(&mut Value)) {
    let condition = part.strip_prefix('[').and_then(|p| p.strip_suffix(']')).and_then(|p| p.split_once('='));
    for (index, item) in list.iter_mut().enumerate() {
        let chosen = match condition {
            Some((key, wanted)) => item.str_at(&[key]) == Some(wanted),
            None => part == "*" || part.parse() == Ok(index),
        };
        if chosen {
            visit(item, rest, create, f);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_split_at_dots_outside_brackets() {
        assert_eq!(split("spec.ref.tag"), ["spec", "ref", "tag"]);
        assert_eq!(split("spec.list.[name=a.b].x"), ["spec", "list", "[name=a.b]", "x"]);
        assert_eq!(split("metadata.annotations.a\\.b/c"), ["metadata", "annotations", "a.b/c"]);
    }
}
