//! JSON pointers as gopkg.in/evanphx/json-patch.v4 follows them (`findObject`, `partialDoc`, `partialArray`).

use fluxproof_yaml::{Data, EcoString, Entry, Value};

/// Where a pointer leads: through these to a container, and there to a key. What stands before the first slash is not
/// looked at.
pub(super) struct Pointer {
    folders: Vec<EcoString>,
    pub(super) key: EcoString,
}

impl Pointer {
    /// None where there is no slash: the whole document has no container.
    pub(super) fn read(path: &str) -> Option<Self> {
        let mut parts: Vec<EcoString> = path.split('/').skip(1).map(decoded).collect();
        let key = parts.pop()?;
        Some(Self { folders: parts, key })
    }

    /// How deep below the document the place is.
    pub(super) fn depth(&self) -> usize {
        self.folders.len() + 1
    }

    /// The mapping or list that has, or will have, the key.
    pub(super) fn container<'v>(&self, document: &'v Value) -> Option<&'v Value> {
        let found = self.folders.iter().try_fold(document, |value, key| match value.data {
            Data::Seq(_) => value.items().get(index(value, key).ok()?),
            _ => value.get(key),
        });
        found.filter(|value| value.is_map() || value.is_seq())
    }

    /// The same to change.
    pub(super) fn container_mut<'v>(&self, document: &'v mut Value) -> Option<&'v mut Value> {
        self.container(document)?;
        self.folders.iter().try_fold(document, |value, key| child_mut(value, key))
    }
}

fn child_mut<'v>(value: &'v mut Value, key: &str) -> Option<&'v mut Value> {
    if !value.is_seq() {
        return value.get_mut(key);
    }
    let at = index(value, key).ok()?;
    value.items_mut()?.make_mut().get_mut(at)
}

/// `~1` is a slash, `~0` a tilde.
fn decoded(part: &str) -> EcoString {
    let mut out = EcoString::new();
    let mut rest = part;
    while let Some(at) = rest.find('~') {
        out.push_str(&rest[..at]);
        let (character, length) = match rest.as_bytes().get(at + 1) {
            Some(b'1') => ('/', 2),
            Some(b'0') => ('~', 2),
            _ => ('~', 1),
        };
        out.push(character);
        rest = &rest[at + length..];
    }
    out.push_str(rest);
    out
}

/// The index that a key means in a list of so many places; one below zero counts from the end.
fn index_in(places: usize, key: &str) -> Result<usize, String> {
    let number = atoi(key)?;
    let invalid = || format!("Unable to access invalid index: {number}: invalid index referenced");
    let places = i64::try_from(places).unwrap_or(i64::MAX);
    let number = if number < 0 { number.checked_add(places) } else { Some(number) };
    usize::try_from(number.filter(|number| *number < places).unwrap_or(-1)).map_err(|_| invalid())
}

fn atoi(text: &str) -> Result<i64, String> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let why = match !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        true => "value out of range",
        false => "invalid syntax",
    };
    text.parse::<i64>().map_err(|_| format!("strconv.Atoi: parsing {text:?}: {why}"))
}

/// The index of an item that is there.
pub(super) fn index(list: &Value, key: &str) -> Result<usize, String> {
    index_in(list.items().len(), key)
}

/// What a container has under a key: an item that is not there is an error, a field that is not there is nothing.
pub(super) fn get<'v>(container: &'v Value, key: &str) -> Result<Option<&'v Value>, String> {
    match container.is_seq() {
        true => index(container, key).map(|at| container.items().get(at)),
        false => Ok(container.get(key)),
    }
}

/// Puts a value into a container: a new item before the one that is there, or the field.
pub(super) fn add(
    container: &mut Value,
    key: &str,
    value: Value,
    replace: &dyn Fn(&mut Value, Value),
) -> Result<(), String> {
    let places = container.items().len();
    if let Some(items) = container.items_mut() {
        let at = match key {
            "-" => places,
            key => index_in(places + 1, key).map_err(|error| match error.starts_with("strconv") {
                true => format!("value was not a proper array index: '{key}': {error}"),
                false => error,
            })?,
        };
        items.insert(at, value);
        return Ok(());
    }
    set(container, key, value, replace)
}

/// Puts a value where one is, or a new field.
pub(super) fn set(
    container: &mut Value,
    key: &str,
    value: Value,
    replace: &dyn Fn(&mut Value, Value),
) -> Result<(), String> {
    if container.is_seq() {
        index(container, key)?;
    }
    let key_span = value.span;
    match child_mut(container, key) {
        Some(place) => replace(place, value),
        None => {
            if let Some(entries) = container.entries_mut() {
                entries.push(Entry::new(key.into(), key_span, value));
            }
        }
    }
    Ok(())
}

/// Takes a value out of a container.
pub(super) fn remove(container: &mut Value, key: &str) -> Result<Value, String> {
    if container.is_seq() {
        let at = index(container, key)?;
        let none = || "Unable to access the index".to_owned();
        return container.items_mut().map(|items| items.remove(at)).ok_or_else(none);
    }
    let at = container.entries().iter().position(|entry| entry.key == key);
    let removed = at.and_then(|at| container.entries_mut().map(|entries| entries.remove(at).value));
    removed.ok_or_else(|| format!("Unable to remove nonexistent key: {key}: missing value"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_read_from_left_to_right() {
        assert_eq!(["a~1b", "a~0b", "~01", "~", "~2~1"].map(decoded), ["a/b", "a~b", "~1", "~", "~2/"]);
        let pointer = Pointer::read("/a/b~1c").expect("a pointer");
        assert_eq!((pointer.depth(), &*pointer.key), (2, "b/c"));
        assert!(Pointer::read("").is_none() && Pointer::read("a").is_none());
    }

    #[test]
    fn indices_below_zero_count_from_the_end() {
        assert_eq!(
            (index_in(3, "0"), index_in(3, "+2"), index_in(3, "-1"), index_in(3, "-3")),
            (Ok(0), Ok(2), Ok(2), Ok(0))
        );
        for (key, error) in
            [("3", "index: 3: invalid"), ("-4", "index: -4: invalid"), ("x", "parsing \"x\": invalid syntax")]
        {
            assert!(index_in(3, key).expect_err(key).contains(error), "{key}");
        }
        assert!(index_in(3, "99999999999999999999").expect_err("large").ends_with("value out of range"));
        assert!(index_in(3, "-9223372036854775808").is_err());
    }
}
