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
    sorted.sort_by_key(|edit| (edit.span.start, edit.span.end));
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
