//! JSON to the shapes of the page. What is absent or of another type is the default; what is unknown is
//! left alone. (Derived deserialisers for the same shapes were a fifth of the page's code.)
use serde_json::Value;
use std::rc::Rc;

/// A shape that is read from JSON.
pub(crate) trait Read: Default {
    fn read(value: &Value) -> Self;
}

/// Declares a struct and how it is read: `field: Type = "key"`.
macro_rules! shape {
    ($(#[$meta:meta])* struct $name:ident { $($(#[$of:meta])* $field:ident: $kind:ty = $key:literal,)* }) => {
        $(#[$meta])*
        pub(crate) struct $name { $($(#[$of])* pub(crate) $field: $kind,)* }

        impl $crate::read::Read for $name {
            fn read(value: &serde_json::Value) -> Self {
                Self { $($field: $crate::read::member(value, $key),)* }
            }
        }
    };
}

/// A member of an object, or the default.
pub(crate) fn member<T: Read>(object: &Value, key: &str) -> T {
    object.get(key).map(T::read).unwrap_or_default()
}

/// A whole text.
///
/// # Errors
/// Where the text is not JSON.
pub(crate) fn parse<T: Read>(text: &str) -> Result<T, String> {
    let value: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
    Ok(T::read(&value))
}

impl Read for Value {
    fn read(value: &Value) -> Self {
        value.clone()
    }
}

impl Read for String {
    fn read(value: &Value) -> Self {
        value.as_str().unwrap_or_default().to_owned()
    }
}

impl Read for Rc<str> {
    fn read(value: &Value) -> Self {
        value.as_str().unwrap_or_default().into()
    }
}

impl Read for u64 {
    fn read(value: &Value) -> Self {
        value.as_u64().unwrap_or_default()
    }
}

impl Read for usize {
    fn read(value: &Value) -> Self {
        usize::try_from(u64::read(value)).unwrap_or_default()
    }
}

impl Read for bool {
    fn read(value: &Value) -> Self {
        value.as_bool().unwrap_or_default()
    }
}

impl<T: Read> Read for Vec<T> {
    fn read(value: &Value) -> Self {
        value.as_array().into_iter().flatten().map(T::read).collect()
    }
}

impl<T: Read> Read for Option<T> {
    fn read(value: &Value) -> Self {
        (!value.is_null()).then(|| T::read(value))
    }
}

impl<T: Read> Read for Rc<T> {
    fn read(value: &Value) -> Self {
        Self::new(T::read(value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    shape! {
        #[derive(Debug, Default, PartialEq)]
        struct Shape {
            name: String = "theName",
            size: usize = "size",
            inside: Option<Rc<Shape>> = "inside",
            list: Vec<bool> = "list",
        }
    }

    #[test]
    fn what_is_absent_or_strange_is_the_default() {
        let shape: Shape =
            parse(r#"{"theName":7,"inside":{"theName":"x","size":-1},"list":[true],"more":[]}"#).unwrap_or_default();
        let inside = Shape { name: "x".into(), ..Shape::default() };
        assert_eq!(shape, Shape { inside: Some(Rc::new(inside)), list: vec![true], ..Shape::default() });
    }

    #[test]
    fn what_is_no_json_is_an_error() {
        assert!(parse::<Shape>("nonsense").is_err());
    }
}
