//! Every word the page says by itself, in one table. What the plugin says comes from the plugin.
use crate::proof::Standing;
use crate::wire::{Severity, Verdict};

pub(crate) const TITLE: &str = "fluxproof";
pub(crate) const PRIVACY: &str = "Nothing you type or drop here leaves this browser";
pub(crate) const PRIVACY_SHORT: &str = "Stays in this browser";
pub(crate) const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; connect-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'";

pub(crate) const NOT_LOADED: &str = "Not loaded";
pub(crate) const WORKING: &str = "Proving";
pub(crate) const PROVEN: &str = "Proven";
pub(crate) const NOT_PROVEN: &str = "Not proven";
pub(crate) const NOTHING: &str = "Nothing to check";
pub(crate) const HOLDS: &str = "It comes up on an empty cluster without a failed reconcile.";
pub(crate) const STALE_CONFIG: &str = "For the last valid configuration.";
pub(crate) const STALE_TRAP: &str = "Last good verdict, from before the checker stopped.";

pub(crate) const DOWNLOAD: &str = "Download zip";
pub(crate) const ASSUMED_HEAD: &str = "Assumed, not proven";
pub(crate) const CERTIFICATE: &str = "Certificate";
pub(crate) const SEE_TABLE: &str = "See it as a table";
pub(crate) const BEFORE_COMMIT: &str = "Before you commit";
pub(crate) const FROM_TERMINAL: &str = "The same from a terminal";

pub(crate) const TRAP_HEAD: &str = "The checker stopped, and was started again.";
pub(crate) const TRAP_TEXT: &str = "Your configuration is kept. What you see below is its last good verdict. If it stops again, send the report: it holds the version and the place in the program, nothing of what you typed.";
pub(crate) const NO_MODULE_HEAD: &str = "The checker could not be loaded.";
pub(crate) const NO_MODULE_TEXT: &str = "Without it this page proves nothing. Load the page again; if that does not help, the same checks run in a terminal: fluxproof check.";

pub(crate) const DROP_HEAD: &str = "Open a Flux repository";
pub(crate) const DROP_LEAD: &str =
    "Drop its folder here, or choose it. It is read here, in this browser, and nowhere else.";
pub(crate) const DROP_OVER: &str = "Drop to check";
pub(crate) const DROP_OVER_LEAD: &str = "Read here, in this browser. Nothing is sent.";
pub(crate) const DROP_HINT: &str =
    "Up to 20,000 files or 100 MB. .git and node_modules are left out; a file over 3 MB is skipped, and listed.";
pub(crate) const OPEN_FOLDER: &str = "Open folder";
pub(crate) const EXAMPLES: &str = "Or start from an example";
pub(crate) const CHECK_EXAMPLE: &str = "Check this example";
pub(crate) const BUILD_LEAD: &str =
    "Choose a place on the right of a line to see the text that says it, or what it stands over.";
pub(crate) const BUILDING: &str = "Building.";
pub(crate) const NOTHING_TO_BUILD: &str = "Nothing here has a kustomization.";
pub(crate) const CHOOSE_LINE: &str = "The file and the line that the chosen line of the build comes from.";
pub(crate) const SAYS_LINE: &str = "this is what the build has";
pub(crate) const OPEN_ANOTHER: &str = "Open another";

/// Groups of the form that are folded: their defaults fit, or few need them.
pub(crate) const FOLDED: [&str; 7] =
    ["Secrets", "More stores", "Operator", "Names", "Clusters and tenants", "Applications", "Timing"];
pub(crate) const FEW_NEED: &str = "Few need these";
pub(crate) const OWN: &str = "Your own";
pub(crate) const OWN_HELP: &str = "Changed since a preset was chosen.";
pub(crate) const CRDS: &str = "Files with the CRDs";
pub(crate) const CRDS_HELP: &str =
    "deploy/crds/bundle.yaml of External Secrets in the version above, or all files of its config/crds/bases.";
pub(crate) const CRDS_KEPT: &str = "Read here, in this browser, and copied into the tree.";

/// One item of a list, by the list's path.
pub(crate) fn item(list: &str) -> &'static str {
    match list.rsplit('.').next().unwrap_or(list) {
        "stores" => "store",
        "clusters" => "cluster",
        "tenants" => "tenant",
        "applications" => "application",
        "conditions" => "condition",
        "accounts" => "account",
        _ => "entry",
    }
}

/// With a capital at the start.
pub(crate) fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}

/// A group of the certificate, by the name the report gives it.
pub(crate) fn group(name: &str) -> &str {
    match name {
        "sources" => "Sources and paths",
        "content" => "Content",
        "namespaces" => "Namespaces",
        "definitions" => "Definitions",
        "webhooks" => "Webhooks",
        "dependencies" => "Dependencies",
        "secrets" => "Credentials",
        other => other,
    }
}

/// A verdict by its consequence: what a person decides by.
pub(crate) const fn consequence(verdict: Option<Verdict>) -> &'static str {
    match verdict {
        Some(Verdict::Deadlock | Verdict::Unsatisfiable) => "Never comes up",
        Some(Verdict::StickyRace) => "Can get stuck",
        Some(Verdict::SelfHealingRace) => "Comes up late",
        Some(Verdict::UpgradeRace) => "Breaks later",
        Some(Verdict::Assumed | Verdict::Proven | Verdict::Unknown) | None => "Beside the order",
    }
}

/// In which order the consequences are listed.
pub(crate) const CONSEQUENCES: [&str; 5] =
    ["Never comes up", "Can get stuck", "Comes up late", "Breaks later", "Beside the order"];

pub(crate) const fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Proven => "Proven",
        Verdict::Assumed => "Assumed",
        Verdict::Deadlock => "Deadlock",
        Verdict::Unsatisfiable => "Never met",
        Verdict::StickyRace => "Can get stuck",
        Verdict::SelfHealingRace => "Late, then heals",
        Verdict::UpgradeRace => "Breaks on upgrade",
        Verdict::Unknown => "Not known here",
    }
}

pub(crate) const fn standing(standing: Standing) -> &'static str {
    match standing {
        Standing::Proven => "proven",
        Standing::Broken => "broken",
        Standing::Assumed => "assumed",
    }
}

pub(crate) const fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "Error",
        Severity::Warning => "Warning",
        Severity::Info => "Info",
    }
}

/// A message of the command as a sentence of the page: `error:` and `help:` are said by the place it stands in.
pub(crate) fn plain(message: &str) -> String {
    let line = |line: &str| {
        let said = line.trim_start_matches("error: ").trim_start_matches("help: ");
        (!said.is_empty()).then(|| capital(said) + ".")
    };
    message.lines().filter_map(line).collect::<Vec<_>>().join(" ")
}

/// `1 file`, `12 files`.
pub(crate) fn count(number: usize, one: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{} {one}{plural}", thousands(number))
}

/// `20000` as `20,000`.
pub(crate) fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut said = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            said.push(',');
        }
        said.push(digit);
    }
    said
}

/// Bytes as a person says them: `682 B`, `4.7 kB`.
#[expect(clippy::cast_precision_loss, reason = "one decimal is shown")]
pub(crate) fn bytes(size: u64) -> String {
    match size {
        0..1000 => format!("{size} B"),
        1000..1_000_000 => format!("{:.1} kB", size as f64 / 1e3),
        _ => format!("{:.1} MB", size as f64 / 1e6),
    }
}

/// Milliseconds: `11 ms`, `0.4 s`.
pub(crate) fn took(ms: f64) -> String {
    if ms < 1.0 {
        "under 1 ms".to_owned()
    } else if ms < 300.0 {
        format!("{ms:.0} ms")
    } else {
        format!("{:.1} s", ms / 1000.0)
    }
}

/// `31 of 31 requirements`.
pub(crate) fn of_requirements(proven: usize, asked: usize) -> String {
    format!("{proven} of {}", count(asked, "requirement"))
}

/// `2 outside facts assumed`; nothing where none is.
pub(crate) fn facts_assumed(assumed: usize) -> Option<String> {
    (assumed > 0).then(|| format!("{} assumed", count(assumed, "outside fact")))
}

/// Seconds of delay: `10 min`, `45 s`.
pub(crate) fn delay(seconds: u64) -> String {
    if seconds >= 120 && seconds.is_multiple_of(60) { format!("{} min", seconds / 60) } else { format!("{seconds} s") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_as_words_do() {
        assert_eq!(count(1, "file"), "1 file");
        assert_eq!(count(20_000, "file"), "20,000 files");
        assert_eq!(bytes(682), "682 B");
        assert_eq!(bytes(4_712), "4.7 kB");
        assert_eq!(delay(600), "10 min");
        assert_eq!(delay(90), "90 s");
        assert_eq!(facts_assumed(0), None);
        assert_eq!(plain("error: no file\nhelp: name one\n"), "No file. Name one.");
    }
}
