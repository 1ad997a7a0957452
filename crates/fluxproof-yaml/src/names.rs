//! One allocation for texts that repeat.

use std::sync::Arc;

/// The short texts that were met last: keys and kinds repeat, and one allocation does for all of them.
pub(crate) struct Names([Option<Arc<str>>; Names::COUNT]);

impl Default for Names {
    fn default() -> Self {
        Self([const { None }; Names::COUNT])
    }
}

impl Names {
    const COUNT: usize = 64;
    const LONGEST: usize = 32;

    /// The text as a shared one.
    pub(crate) fn get(&mut self, text: &str) -> Arc<str> {
        let (Some(first), Some(last)) = (text.as_bytes().first(), text.as_bytes().last()) else { return Arc::from("") };
        if text.len() > Self::LONGEST {
            return Arc::from(text);
        }
        let place = (usize::from(*first) * 5 + usize::from(*last) * 3 + text.len() * 7) % Self::COUNT;
        match &self.0[place] {
            Some(name) if **name == *text => name.clone(),
            _ => self.0[place].insert(Arc::from(text)).clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_shared_and_never_confused() {
        let mut names = Names::default();
        let long = "x".repeat(Names::LONGEST + 1);
        let first = names.get("kind");
        assert!(Arc::ptr_eq(&first, &names.get("kind")));
        for text in ["", "a", "b", "ab", "kind", "kond", "name", &long] {
            assert_eq!(&*names.get(text), text);
        }
    }
}
