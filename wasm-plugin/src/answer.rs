//! The core's answer as a frame.

use crate::frame;
use crate::request::Request;
use fluxproof_core::command::{KUSTOMIZATION_FILES, More, Outcome, Plan, Reads, Step, plan, run, step};
use serde::Serialize;

#[derive(Serialize)]
struct OutcomeHeader<'a> {
    status: u8,
    stdout: usize,
    stderr: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    writes: Option<WritesHeader<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ask: Option<&'a str>,
}

#[derive(Serialize)]
struct WritesHeader<'a> {
    root: &'a str,
    files: Vec<FileHeader<'a>>,
    removed: &'a [String],
    replace: bool,
}

#[derive(Serialize)]
struct FileHeader<'a> {
    path: &'a str,
    size: usize,
}

#[derive(Serialize)]
struct AnswerHeader<'a> {
    answer: OutcomeHeader<'a>,
}

#[derive(Serialize)]
struct ReadHeader<'a> {
    read: ReadsHeader<'a>,
}

#[derive(Serialize)]
struct ReadsHeader<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    tree: Option<&'a str>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    around: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    stepwise: Option<StepwiseHeader>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    beside: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    config: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    target: Option<&'a str>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    contents: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    output: Option<&'a str>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    asks: bool,
    limits: LimitsHeader,
}

/// What a host that reads step by step has to know.
#[derive(Serialize)]
struct StepwiseHeader {
    kustomizations: [&'static str; 3],
}

#[derive(Serialize)]
struct MoreHeader<'a> {
    more: MoreBody<'a>,
}

#[derive(Serialize)]
struct MoreBody<'a> {
    above: usize,
    paths: &'a [String],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LimitsHeader {
    file_bytes: u64,
    files: u64,
    total_bytes: u64,
}

/// Answers a request.
pub(crate) fn answer(request: Request) -> Vec<u8> {
    match request {
        Request::Plan(invocation) => match plan(&invocation) {
            Plan::Answer(outcome) => framed(&AnswerHeader { answer: header(&outcome) }, &outcome),
            Plan::Read(reads) => frame::write(&json(&ReadHeader { read: reads_header(&reads) }), &[]),
        },
        Request::Run(invocation, inputs) => {
            let outcome = run(&invocation, inputs);
            framed(&header(&outcome), &outcome)
        }
        Request::Step(invocation, inputs) => match step(&invocation, &inputs) {
            Step::Answer(outcome) => framed(&AnswerHeader { answer: header(&outcome) }, &outcome),
            Step::More(more) => frame::write(&json(&more_header(&more)), &[]),
        },
    }
}

/// An answer of status 3.
pub(crate) fn refuse(message: &str) -> Vec<u8> {
    let outcome = Outcome { stderr: format!("error: {message}\n").into_bytes(), status: 3, ..Outcome::default() };
    framed(&header(&outcome), &outcome)
}

fn header(outcome: &Outcome) -> OutcomeHeader<'_> {
    let writes = outcome.writes.as_ref().map(|writes| WritesHeader {
        root: &writes.root,
        files: writes.files.iter().map(|(path, bytes)| FileHeader { path, size: bytes.len() }).collect(),
        removed: &writes.removed,
        replace: writes.replace,
    });
    OutcomeHeader {
        status: outcome.status,
        stdout: outcome.stdout.len(),
        stderr: outcome.stderr.len(),
        writes,
        ask: outcome.ask.as_deref(),
    }
}

fn reads_header(reads: &Reads) -> ReadsHeader<'_> {
    let limits = LimitsHeader {
        file_bytes: reads.limits.file_bytes,
        files: reads.limits.files,
        total_bytes: reads.limits.total_bytes,
    };
    ReadsHeader {
        tree: reads.tree.as_deref(),
        around: reads.around,
        stepwise: reads.stepwise.then_some(StepwiseHeader { kustomizations: KUSTOMIZATION_FILES }),
        beside: &reads.beside,
        config: reads.config.as_deref(),
        target: reads.target.as_deref(),
        contents: reads.contents,
        output: reads.output.as_deref(),
        asks: reads.asks,
        limits,
    }
}

fn more_header(more: &More) -> MoreHeader<'_> {
    MoreHeader { more: MoreBody { above: more.above, paths: &more.paths } }
}

fn framed(header: &impl Serialize, outcome: &Outcome) -> Vec<u8> {
    let mut blobs: Vec<&[u8]> = vec![&outcome.stdout, &outcome.stderr];
    blobs.extend(outcome.writes.iter().flat_map(|writes| writes.files.iter().map(|(_, bytes)| bytes.as_slice())));
    frame::write(&json(header), &blobs)
}

fn json(header: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(header).unwrap_or_default()
}
