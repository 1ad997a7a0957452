//! Whether two nodes mean the same.

use fluxproof_yaml::{Budget, Data, Node, Table, Type, Value, to_json};

/// Whether both mean the same, whatever their style, comments and order of keys.
pub(super) fn same(a: Option<Node<'_>>, b: Option<Node<'_>>) -> bool {
    match (a, b) {
        (None, None) => true,
        (Some(a), Some(b)) => matches!((value(a), value(b)), (Some(a), Some(b)) if equal(&a, &b)),
        _ => false,
    }
}

fn value(node: Node<'_>) -> Option<Value> {
    node.to_value(Table::GoYaml3, &mut Budget::default()).ok()
}

/// Trees are no deeper than the reader lets them be.
fn equal(a: &Value, b: &Value) -> bool {
    match (&a.data, &b.data) {
        (Data::Scalar(_, Type::Null), Data::Scalar(_, Type::Null)) => true,
        (Data::Scalar(a, one), Data::Scalar(b, other)) => one == other && a == b,
        (Data::Seq(a), Data::Seq(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| equal(a, b)),
        (Data::Map(a), Data::Map(map)) => {
            a.len() == map.len()
                && a.iter().all(|entry| b.get(&entry.key).is_some_and(|value| equal(&entry.value, value)))
        }
        _ => false,
    }
}

/// A node as JSON in one line: YAML that can stand between brackets.
pub(super) fn inline(node: Node<'_>) -> Option<String> {
    to_json(&value(node)?).ok().map(|text| text.trim_end().to_owned())
}

/// The fields that tell the items of a list apart.
const NAMES: &[&[&str]] =
    &[&["apiVersion", "kind", "namespace", "name"], &["secretKey"], &["path"], &["key"], &["apiVersion", "kind"]];

/// How the items of a list are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum By {
    /// By fields that name them: an item can change and stay the same item.
    Name,
    /// By all that is in them.
    Content,
}

/// The keys of a list's items; none where two have one key.
pub(super) fn keys(list: Option<Node<'_>>, by: By) -> Option<Vec<String>> {
    let mut keys: Vec<String> = Vec::new();
    for item in list.into_iter().flat_map(Node::items) {
        let key = match by {
            By::Name => name(item)?,
            By::Content => inline(item)?,
        };
        if keys.contains(&key) {
            return None;
        }
        keys.push(key);
    }
    Some(keys)
}

/// A text is its own name; an object has one where it has the last of the fields.
fn name(item: Node<'_>) -> Option<String> {
    let item = item.resolved();
    if item.kind() == fluxproof_yaml::NodeKind::Scalar {
        return inline(item);
    }
    let field = |key: &str| item.get(key).map(Node::text).filter(|text| !text.is_empty());
    let named = NAMES.iter().find(|fields| fields.last().and_then(|last| field(last)).is_some())?;
    let parts: Vec<&str> = named.iter().map(|key| field(key).unwrap_or("")).collect();
    Some(format!("{}={}", named.last().unwrap_or(&""), parts.join("/")))
}
