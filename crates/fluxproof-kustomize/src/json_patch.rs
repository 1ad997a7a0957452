//! JSON patches, RFC 6902 as evanphx/json-patch 4 reads it: indices may be negative, `-` is behind the last.

use crate::tree::{MAX_DEPTH, depth, remove, set, size};
use fluxproof_yaml::{Data, Entry, Value};

/// How many nodes the `copy` operations of one patch may make: a bound for hostile trees.
const MAX_COPIED: usize = 200_000;

/// Applies one operation. What cannot be done is said in kustomize's words; the object may then be half changed.
pub(crate) fn apply(root: &mut Value, operation: &Value, copied: &mut usize) -> Result<(), String> {
    let op = operation.str_at(&["op"]).unwrap_or_default();
    let Some(text) = operation.str_at(&["path"]) else {
        return Err("a JSON patch operation without a path".to_owned());
    };
    let path = pointer(text)?;
    let value = || operation.get("value").cloned().ok_or_else(|| format!("{op} operation has no value"));
    match op {
        "add" => add(root, &path, value()?),
        "replace" => replace(root, &path, value()?),
        "remove" => take(root, &path, op).map(|_| ()),
        "test" => test(root, &path, operation.get("value"), text),
        "move" => {
            let from = pointer(operation.str_at(&["from"]).unwrap_or_default())?;
            let value = take(root, &from, op)?;
            add(root, &path, value)
        }
        "copy" => {
            let from = operation.str_at(&["from"]).unwrap_or_default();
            let value = get(root, &pointer(from)?).cloned().ok_or_else(|| missing("copy", from))?;
            *copied += size(&value);
            if *copied > MAX_COPIED { Err("the patch copies too much".to_owned()) } else { add(root, &path, value) }
        }
        _ => Err(format!("Unexpected kind: {op}")),
    }
}

fn missing(op: &str, path: &str) -> String {
    format!("{op} operation does not apply: doc is missing path: \"{path}\": missing value")
}

fn joined(path: &[String]) -> String {
    path.iter().map(|part| format!("/{}", part.replace('~', "~0").replace('/', "~1"))).collect()
}

fn pointer(text: &str) -> Result<Vec<String>, String> {
    if !text.is_empty() && !text.starts_with('/') {
        return Err(format!("the JSON pointer {text} does not start with a slash"));
    }
    Ok(text.split('/').skip(1).map(|part| part.replace("~1", "/").replace("~0", "~")).collect())
}

/// The index that a part means in a list of this length; below zero counts from the end.
fn index(part: &str, length: usize) -> Option<usize> {
    let number: i64 = part.parse().ok()?;
    let length = i64::try_from(length).ok()?;
    usize::try_from(if number < 0 { number + length } else { number }).ok()
}

fn get<'v>(root: &'v Value, path: &[String]) -> Option<&'v Value> {
    path.iter().try_fold(root, |value, part| match &value.data {
        Data::Seq(items) => items.get(index(part, items.len())?),
        _ => value.get(part),
    })
}

fn get_mut<'v>(root: &'v mut Value, path: &[String]) -> Option<&'v mut Value> {
    path.iter().try_fold(root, |value, part| match &mut value.data {
        Data::Seq(items) => {
            let at = index(part, items.len())?;
            items.get_mut(at)
        }
        Data::Map(entries) => entries.iter_mut().find(|entry| *entry.key == **part).map(|entry| &mut entry.value),
        _ => None,
    })
}

/// The collection that holds the last part of a path.
fn parent<'v, 'p>(root: &'v mut Value, path: &'p [String], op: &str) -> Result<(&'v mut Value, &'p str), String> {
    let Some((last, parents)) = path.split_last() else { return Err(format!("{op} operation on the whole object")) };
    let value = get_mut(root, parents).ok_or_else(|| missing(op, &joined(path)))?;
    Ok((value, last))
}

fn add(root: &mut Value, path: &[String], value: Value) -> Result<(), String> {
    if path.len() + depth(&value) > MAX_DEPTH {
        return Err("the patch nests too deep".to_owned());
    }
    let (parent, last) = parent(root, path, "add")?;
    match &mut parent.data {
        Data::Map(_) => set(parent, last, value.span, value),
        Data::Seq(items) if last == "-" => items.push(value),
        Data::Seq(items) => match index(last, items.len() + 1).filter(|at| *at <= items.len()) {
            Some(at) => items.insert(at, value),
            None => {
                return Err(format!(
                    "add operation does not apply: error in add for path: '{}': Unable to access invalid index: {last}: invalid index referenced",
                    joined(path)
                ));
            }
        },
        _ => return Err(missing("add", &joined(path))),
    }
    Ok(())
}

fn replace(root: &mut Value, path: &[String], value: Value) -> Result<(), String> {
    if path.len() + depth(&value) > MAX_DEPTH {
        return Err("the patch nests too deep".to_owned());
    }
    let old = get_mut(root, path).filter(|_| !path.is_empty());
    *old.ok_or_else(|| {
        format!("replace operation does not apply: doc is missing key: {}: missing value", joined(path))
    })? = value;
    Ok(())
}

fn take(root: &mut Value, path: &[String], op: &str) -> Result<Value, String> {
    let gone = format!("{op} operation does not apply: doc is missing path: \"{}\": missing value", joined(path));
    let (parent, last) = parent(root, path, op)?;
    if let Data::Seq(items) = &mut parent.data {
        let at = index(last, items.len()).filter(|at| *at < items.len()).ok_or(gone)?;
        return Ok(items.remove(at));
    }
    let value = parent.get(last).cloned().ok_or(gone)?;
    remove(parent, last);
    Ok(value)
}

fn test(root: &Value, path: &[String], wanted: Option<&Value>, text: &str) -> Result<(), String> {
    let actual = get(root, path).filter(|value| !value.is_null());
    let same = match (actual, wanted.filter(|value| !value.is_null())) {
        (None, None) => true,
        (Some(a), Some(b)) => equal(a, b),
        _ => false,
    };
    if same { Ok(()) } else { Err(format!("testing value {text} failed: test failed")) }
}

/// Whether two values are the same JSON.
fn equal(a: &Value, b: &Value) -> bool {
    let mut open = vec![(a, b)];
    while let Some((a, b)) = open.pop() {
        let same = match (&a.data, &b.data) {
            (Data::Seq(a), Data::Seq(b)) => {
                open.extend(a.iter().zip(b));
                a.len() == b.len()
            }
            (Data::Map(a), Data::Map(_)) => {
                let pairs: Option<Vec<_>> =
                    a.iter().map(|entry: &Entry| Some((&entry.value, b.get(&entry.key)?))).collect();
                let complete = pairs.is_some() && a.len() == b.entries().len();
                open.extend(pairs.into_iter().flatten());
                complete
            }
            (Data::Seq(_) | Data::Map(_), _) | (_, Data::Seq(_) | Data::Map(_)) => false,
            (a, b) => a == b,
        };
        if !same {
            return false;
        }
    }
    true
}
