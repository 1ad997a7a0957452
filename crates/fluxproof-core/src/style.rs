//! Colours of the terminal: by meaning, and off by default.

/// What a piece of text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ink {
    /// Proven, done.
    Good,
    /// Broken.
    Bad,
    /// Late, stuck.
    Warn,
    /// Advice.
    Info,
    /// Beside the point.
    Faint,
    /// The point.
    Strong,
}

/// Writes in colour, or plainly.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Style {
    pub(crate) color: bool,
}

impl Style {
    /// The text in its ink.
    pub(crate) fn paint(self, ink: Ink, text: &str) -> String {
        if !self.color {
            return text.to_owned();
        }
        let code = match ink {
            Ink::Good => "32",
            Ink::Bad => "1;31",
            Ink::Warn => "33",
            Ink::Info => "34",
            Ink::Faint => "2",
            Ink::Strong => "1",
        };
        format!("\u{1b}[{code}m{text}\u{1b}[0m")
    }
}

/// The escapes that this program and its renderer of snippets write: weights and colours, nothing that moves or hides.
const OURS: &[&str] = &[
    "\u{1b}[0m",
    "\u{1b}[1m",
    "\u{1b}[2m",
    "\u{1b}[32m",
    "\u{1b}[33m",
    "\u{1b}[34m",
    "\u{1b}[1;31m",
    "\u{1b}[91m",
    "\u{1b}[92m",
    "\u{1b}[93m",
    "\u{1b}[94m",
    "\u{1b}[96m",
];

/// Text that may hold parts of a file, without what would drive the terminal: control characters, and marks that turn the
/// direction of the text, are shown as U+FFFD. Our own escapes stay where there is colour.
pub(crate) fn tame(text: &str, color: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let ours = OURS.iter().find(|escape| color && c == '\u{1b}' && rest.starts_with(**escape));
        let taken = ours.map_or(c.len_utf8(), |escape| escape.len());
        match ours {
            Some(escape) => out.push_str(escape),
            None => out.push(if drives(c) { '\u{fffd}' } else { c }),
        }
        rest = &rest[taken..];
    }
    out
}

fn drives(c: char) -> bool {
    let turns = matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    turns || (c.is_control() && c != '\n' && c != '\t')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_cannot_drive_the_terminal() {
        let hostile = "a\u{1b}]0;title\u{7}b\u{1b}[2Jc\u{9b}1md\u{202e}e";
        for color in [false, true] {
            assert_eq!(tame(hostile, color), "a\u{fffd}]0;title\u{fffd}b\u{fffd}[2Jc\u{fffd}1md\u{fffd}e");
        }
    }

    #[test]
    fn our_own_colours_stay() {
        let style = Style { color: true };
        for ink in [Ink::Good, Ink::Bad, Ink::Warn, Ink::Info, Ink::Faint, Ink::Strong] {
            let text = style.paint(ink, "x");
            assert_eq!(tame(&text, true), text);
            assert_ne!(tame(&text, false), text);
        }
    }
}
