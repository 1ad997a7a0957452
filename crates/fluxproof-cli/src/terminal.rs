//! What the output is shown on.

use fluxproof_core::command::Terminal;
use std::io::{BufRead, IsTerminal};

/// Colour on a terminal, unless NO_COLOR says no; CLICOLOR_FORCE and FORCE_COLOR say yes anywhere.
pub(crate) fn detect() -> Terminal {
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty() && value != "0");
    let forced = set("CLICOLOR_FORCE") || set("FORCE_COLOR");
    let color =
        forced || (std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty()));
    let width = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let interactive = std::io::stdin().is_terminal() && std::io::stderr().is_terminal();
    Terminal { color, width: width.unwrap_or(Terminal::default().width), interactive }
}

/// The next line of standard input, without its end; none where the input ends.
pub(crate) fn line() -> Option<String> {
    let mut bytes = Vec::new();
    let read = std::io::stdin().lock().read_until(b'\n', &mut bytes).unwrap_or(0);
    (read > 0).then(|| String::from_utf8_lossy(&bytes).trim_end_matches(['\n', '\r']).to_owned())
}
