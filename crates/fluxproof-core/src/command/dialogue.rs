//! Questions and answers. Nothing waits here: a run that lacks an answer ends with the question, and begins again with one
//! answer more.

use super::types::{Inputs, Outcome};
use crate::style::tame;

/// The answers that nobody has taken yet.
pub(crate) struct Dialogue<'i> {
    answers: std::slice::Iter<'i, String>,
    closed: bool,
}

impl<'i> Dialogue<'i> {
    /// The answers that a host has collected.
    pub(crate) fn new(inputs: &'i Inputs) -> Self {
        Self { answers: inputs.answers.iter(), closed: inputs.closed }
    }

    /// The answer to a question.
    ///
    /// # Errors
    /// The question where there is no answer yet; a refusal where none comes any more.
    pub(crate) fn answer(&mut self, question: &str) -> Result<&'i str, Outcome> {
        match self.answers.next() {
            Some(answer) => Ok(answer.trim()),
            None if self.closed => {
                Err(Outcome::refuse(2, "the input ended before the last question; nothing was written"))
            }
            None => Err(Outcome { ask: Some(tame(question, true)), ..Outcome::default() }),
        }
    }

    /// The answer to a question of yes or no; nothing is no.
    ///
    /// # Errors
    /// As [`Dialogue::answer`].
    pub(crate) fn yes(&mut self, question: &str) -> Result<bool, Outcome> {
        let mut shown = format!("{question} [y/N] ");
        loop {
            match self.answer(&shown)?.to_lowercase().as_str() {
                "y" | "yes" => return Ok(true),
                "" | "n" | "no" => return Ok(false),
                _ => shown = format!("please answer y or n\n{question} [y/N] "),
            }
        }
    }
}
