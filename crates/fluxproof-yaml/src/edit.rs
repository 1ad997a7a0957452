//! Text edits by span: what is not edited stays as it is, to the byte.

use crate::Span;

/// Replaces the bytes of `span` by `text`; an empty span inserts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// What is replaced.
    pub span: Span,
    /// By what.
    pub text: String,
}

/// Why edits cannot be applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EditError {
    /// Two edits touch the same bytes.
    Overlap,
    /// An edit is outside the text or splits a character.
    OutOfText,
}

/// Applies edits of one file to its text, whatever their order.
///
/// # Errors
/// When two of them overlap or one is not within the text. Nothing is applied then.
pub fn apply_edits(text: &str, edits: &[Edit]) -> Result<String, EditError> {
    let mut sorted: Vec<&Edit> = edits.iter().collect();
    fluxproof_order::sort_by_key(&mut sorted, |edit| (edit.span.start, edit.span.end));
    let mut out = String::with_capacity(text.len());
    let mut at = 0usize;
    for edit in sorted {
        let (start, end) = (edit.span.start as usize, edit.span.end as usize);
        if start < at {
            return Err(EditError::Overlap);
        }
        out.push_str(text.get(at..start).ok_or(EditError::OutOfText)?);
        text.get(start..end).ok_or(EditError::OutOfText)?;
        out.push_str(&edit.text);
        at = end;
    }
    out.push_str(text.get(at..).ok_or(EditError::OutOfText)?);
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::FileId;

    fn edit(start: u32, end: u32, text: &str) -> Edit {
        Edit { span: Span::new(FileId(0), start, end), text: text.to_owned() }
    }

    #[test]
    fn edits_apply_in_the_order_of_the_text() {
        let edits = [edit(6, 7, "C"), edit(0, 1, "A"), edit(3, 3, "+"), edit(7, 7, "!")];
        assert_eq!(apply_edits("a: b: c", &edits).as_deref(), Ok("A: +b: C!"));
        assert_eq!(apply_edits("a", &[]).as_deref(), Ok("a"));
    }

    #[test]
    fn what_cannot_be_applied_changes_nothing() {
        assert_eq!(apply_edits("abc", &[edit(0, 2, ""), edit(1, 3, "")]), Err(EditError::Overlap));
        assert_eq!(apply_edits("abc", &[edit(2, 4, "")]), Err(EditError::OutOfText));
        assert_eq!(apply_edits("é", &[edit(0, 1, "")]), Err(EditError::OutOfText));
        assert_eq!(apply_edits("abc", &[edit(2, 1, "")]), Err(EditError::OutOfText));
    }
}
