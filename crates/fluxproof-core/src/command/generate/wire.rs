//! The answers of `generate` as JSON.

use super::Made;
use super::target::{Change, Target};
use crate::report::json;
use fluxproof_layout::LayoutProblem;
use serde::Serialize;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Generated<'a> {
    schema_version: &'static str,
    files: Vec<FileDto<'a>>,
    zip: ZipDto<'a>,
    report: json::Report<'a>,
}

#[derive(Serialize)]
struct FileDto<'a> {
    path: &'a str,
    text: &'a str,
}

#[derive(Serialize)]
struct ZipDto<'a> {
    name: &'a str,
    size: usize,
    sha256: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Refused {
    schema_version: &'static str,
    problems: Vec<ProblemDto>,
}

#[derive(Serialize)]
struct ProblemDto {
    path: String,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<u32>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Compared<'a> {
    schema_version: &'static str,
    changes: Vec<ChangeDto<'a>>,
}

#[derive(Serialize)]
struct ChangeDto<'a> {
    path: &'a str,
    change: &'static str,
}

/// What was generated, with its proof.
pub(super) fn generated(made: &Made) -> String {
    json::text(&Generated {
        schema_version: "1",
        files: made.tree.files.iter().map(|file| FileDto { path: file.path.as_str(), text: &file.text }).collect(),
        zip: ZipDto { name: &made.archive.name, size: made.archive.bytes.len(), sha256: &made.archive.sha256 },
        report: json::report(&made.analysis, true),
    })
}

/// Why nothing was.
pub(super) fn refused(problems: &[LayoutProblem]) -> String {
    let dto = |problem: &'_ LayoutProblem| ProblemDto {
        path: problem.field.clone(),
        message: problem.message.clone(),
        help: problem.help.clone(),
        line: problem.line,
        column: problem.column,
    };
    json::text(&Refused { schema_version: "1", problems: problems.iter().map(dto).collect() })
}

/// What writing would change.
pub(super) fn compared(target: &Target<'_>) -> String {
    let dto = |(path, change): &'_ (String, Change)| (path.clone(), change.name());
    let changes: Vec<(String, &'static str)> = target.changes.iter().map(dto).collect();
    let changes = changes.iter().map(|(path, change)| ChangeDto { path, change }).collect();
    json::text(&Compared { schema_version: "1", changes })
}
