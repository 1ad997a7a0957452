//! Built objects line by line, each with the text that a person would edit, and what that overrode.

use super::json as report_json;
use super::place::Places;
use crate::command::Terminal;
use crate::style::{Ink, Style};
use fluxproof_kustomize::Resource;
use fluxproof_yaml::{Before, Change, Line, Problem, Sources, Span, to_yaml_mapped};
use serde::Serialize;
use std::sync::Arc;

/// Origins stand in this column, or behind longer lines.
const COLUMN: usize = 64;

/// A line of the output.
#[derive(Serialize)]
struct LineDto {
    text: String,
    /// Absent on the line between two objects.
    #[serde(skip_serializing_if = "Option::is_none")]
    origin: Option<OriginDto>,
}

/// Where a value is written and by what it got here.
#[derive(Serialize)]
struct OriginDto {
    file: String,
    line: u32,
    column: u32,
    /// The field of a kustomization, or the kind of patch; absent for what the file itself says.
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<&'static str>,
    /// What stood there before.
    #[serde(skip_serializing_if = "Option::is_none")]
    over: Option<Box<OriginDto>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct BuildDto {
    schema_version: &'static str,
    lines: Vec<LineDto>,
}

/// The lines and their origins as JSON.
///
/// # Errors
/// For what kustomize cannot print.
pub(crate) fn json(sources: &Sources, resources: &[Resource]) -> Result<String, Problem> {
    Ok(report_json::text(&BuildDto { schema_version: "1", lines: lines(sources, resources)? }))
}

/// The lines, each with its origin behind it.
///
/// # Errors
/// For what kustomize cannot print.
pub(crate) fn human(sources: &Sources, resources: &[Resource], terminal: Terminal) -> Result<String, Problem> {
    let style = Style { color: terminal.color };
    let mut out = String::new();
    for line in lines(sources, resources)? {
        out.push_str(&line.text);
        if let Some(origin) = &line.origin {
            let room = COLUMN.saturating_sub(line.text.chars().count()).max(2);
            out.push_str(&" ".repeat(room));
            out.push_str(&style.paint(Ink::Faint, &format!("# {}", shown(origin))));
        }
        out.push('\n');
    }
    Ok(out)
}

/// `apps/kustomization.yaml:7 images, over base/deployment.yaml:12`
fn shown(origin: &OriginDto) -> String {
    let by = origin.by.map(|by| format!(" {by}")).unwrap_or_default();
    let over = origin.over.as_ref().map(|over| format!(", over {}", shown(over))).unwrap_or_default();
    format!("{}:{}{by}{over}", origin.file, origin.line)
}

fn lines(sources: &Sources, resources: &[Resource]) -> Result<Vec<LineDto>, Problem> {
    let places = Places::new(sources);
    let mut all = Vec::new();
    for resource in resources {
        if !all.is_empty() {
            all.push(LineDto { text: "---".to_owned(), origin: None });
        }
        let (text, origins) = to_yaml_mapped(&resource.value)?;
        let line = |(text, line): (&str, &Line)| LineDto {
            text: text.to_owned(),
            origin: Some(origin(&places, line.span, line.change.as_ref())),
        };
        all.extend(text.lines().zip(&origins).map(line));
    }
    Ok(all)
}

fn origin(places: &Places<'_>, span: Span, change: Option<&Arc<Change>>) -> OriginDto {
    let place = places.place(span);
    let before = |before: &Before| Box::new(origin(places, before.span, before.change.as_ref()));
    OriginDto {
        file: place.path.to_owned(),
        line: place.start.line,
        column: place.start.column,
        by: change.map(|change| change.by),
        over: change.and_then(|change| change.before.as_ref()).map(before),
    }
}
