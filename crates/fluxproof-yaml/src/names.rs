//! One allocation for texts that repeat.

use ecow::EcoString;

/// The short texts that were met last: keys and kinds repeat, and one allocation does for all of them. What fits into
/// an [`EcoString`] itself needs none.
pub(crate) struct Names([Option<EcoString>; Names::COUNT]);

impl Default for Names {
    fn default() -> Self {
        Self([const { None }; Names::COUNT])
    }
}

impl Names {
    const COUNT: usize = 64;
    const LONGEST: usize = 32;

    /// The text as a shared one.
    pub(crate) fn get(&mut self, text: &str) -> EcoString {
        if text.len() <= EcoString::INLINE_LIMIT || text.len() > Self::LONGEST {
            return EcoString::from(text);
        }
        let (first, last) = (usize::from(text.as_bytes()[0]), usize::from(text.as_bytes()[text.len() - 1]));
        let place = (first * 5 + last * 3 + text.len() * 7) % Self::COUNT;
        match &self.0[place] {
            Some(name) if *name == text => name.clone(),
            _ => self.0[place].insert(EcoString::from(text)).clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_shared_and_never_confused() {
        let mut names = Names::default();
        let (long, longer) = ("x".repeat(Names::LONGEST), "x".repeat(Names::LONGEST + 1));
        let first = names.get(&long);
        assert_eq!(first.as_ptr(), names.get(&long).as_ptr());
        for text in ["", "a", "b", "ab", "kustomize-controller", "kustomise-controller", &long, &longer] {
            assert_eq!(names.get(text), text);
        }
    }
}
