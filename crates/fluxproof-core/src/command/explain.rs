//! `explain`, `rules` and `schema`.

use super::options::{Args, did_you_mean};
use super::types::{Outcome, Terminal};
use crate::report::json;
use crate::style::{Ink, Style};
use fluxproof_rules::{Severity, rule, rules};
use serde::Serialize;

#[derive(Serialize)]
struct RuleDto {
    name: &'static str,
    severity: &'static str,
    summary: &'static str,
}

/// The page of a rule.
pub(crate) fn explain(args: &Args, terminal: Terminal) -> Outcome {
    let Some(name) = args.operand.as_deref() else {
        return Outcome::refuse(2, "explain needs the name of a rule; fluxproof rules lists them");
    };
    match rule(name) {
        Some(rule) => Outcome::out(page(rule.page, Style { color: terminal.color })),
        None => {
            let names = rules().iter().map(|rule| rule.name);
            let near = did_you_mean(name, names, "; fluxproof rules lists them");
            Outcome::refuse(2, &format!("there is no rule '{name}'{near}"))
        }
    }
}

/// Markdown as it is, its headings strong where there is colour.
fn page(text: &str, style: Style) -> String {
    let line = |line: &str| if line.starts_with('#') { style.paint(Ink::Strong, line) } else { line.to_owned() };
    text.lines().map(|text| line(text) + "\n").collect()
}

/// `rules`, for people or programs.
pub(crate) fn list(args: &Args, terminal: Terminal) -> Outcome {
    let all: Vec<_> = rules().iter().map(|rule| (rule.name, rule.severity, rule.summary)).collect();
    if args.format == "json" {
        let all: Vec<RuleDto> = all
            .into_iter()
            .map(|(name, severity, summary)| RuleDto { name, severity: severity.name(), summary })
            .collect();
        return Outcome::out(json::text(&all));
    }
    let style = Style { color: terminal.color };
    let width = all.iter().map(|(name, ..)| name.len()).max().unwrap_or(0);
    let line = |(name, severity, summary): (&str, Severity, &str)| {
        let ink = match severity {
            Severity::Error => Ink::Bad,
            Severity::Warning => Ink::Warn,
            Severity::Info => Ink::Info,
        };
        format!("{name:<width$}  {}  {summary}\n", style.paint(ink, &format!("{:<7}", severity.name())))
    };
    Outcome::out(all.into_iter().map(line).collect::<String>())
}

/// A JSON Schema, or the description of the config's fields.
pub(crate) fn schema(args: &Args) -> Outcome {
    match args.operand.as_deref() {
        Some("config") => Outcome::out(fluxproof_delivery::CONFIG_SCHEMA),
        Some("layout") => Outcome::out(fluxproof_layout::schema()),
        Some("fields") => Outcome::out(fluxproof_layout::fields_json()),
        Some("presets") => Outcome::out(fluxproof_layout::presets_json()),
        Some("report") => Outcome::out(json::SCHEMA),
        _ => Outcome::refuse(2, "schema prints one of config, layout, report, fields, presets"),
    }
}
