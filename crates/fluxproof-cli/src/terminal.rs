//! What the output is shown on.

use fluxproof_core::command::Terminal;
use std::io::IsTerminal;

/// Colour on a terminal, unless NO_COLOR says no; CLICOLOR_FORCE and FORCE_COLOR say yes anywhere.
pub(crate) fn detect() -> Terminal {
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty() && value != "0");
    let forced = set("CLICOLOR_FORCE") || set("FORCE_COLOR");
    let color =
        forced || (std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty()));
    let width = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    Terminal { color, width: width.unwrap_or(Terminal::default().width) }
}
