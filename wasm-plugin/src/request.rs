//! A request frame as the core's own types.

use crate::frame;
use fluxproof_core::command::{Content, InputFile, Inputs, Invocation, Terminal};
use serde::Deserialize;

/// What is asked.
#[derive(Debug)]
pub(crate) enum Request {
    Plan(Invocation),
    Run(Invocation, Inputs),
    Step(Invocation, Inputs),
}

#[derive(Deserialize)]
struct Header {
    op: String,
    args: Vec<String>,
    #[serde(default)]
    color: bool,
    #[serde(default)]
    width: Option<u16>,
    #[serde(default)]
    interactive: bool,
    #[serde(default)]
    core: Option<String>,
    #[serde(default)]
    tree: Vec<File>,
    #[serde(default)]
    at: String,
    #[serde(default)]
    asked: Vec<String>,
    #[serde(default)]
    top: bool,
    #[serde(default)]
    beside: Vec<Folder>,
    #[serde(default)]
    config: Option<usize>,
    #[serde(default)]
    existing: Vec<String>,
    #[serde(default)]
    answers: Vec<String>,
    #[serde(default)]
    closed: bool,
    #[serde(default)]
    problems: Vec<String>,
}

#[derive(Deserialize)]
struct Folder {
    tree: Vec<File>,
    #[serde(default)]
    unread: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct File {
    path: String,
    #[serde(default)]
    size: Option<usize>,
    #[serde(default)]
    too_large: Option<u64>,
    #[serde(default)]
    unread: Option<String>,
}

/// Reads a request frame.
pub(crate) fn read(bytes: &[u8]) -> Result<Request, String> {
    let frame = frame::read(bytes)?;
    let header: Header = serde_json::from_slice(frame.header).map_err(|error| error.to_string())?;
    let width = header.width.unwrap_or(Terminal::default().width);
    let terminal = Terminal { color: header.color, width, interactive: header.interactive };
    let invocation = Invocation { args: header.args, terminal, core_digest: header.core };
    if header.op == "plan" {
        return Ok(Request::Plan(invocation));
    }
    let mut blobs = frame.blobs;
    let tree = files(header.tree, &mut blobs)?;
    let beside = folders(header.beside, &mut blobs)?;
    let config = header.config.map(|size| take(&mut blobs, size)).transpose()?;
    let Header { at, asked, top, existing, answers, closed, problems, .. } = header;
    let inputs = Inputs { tree, at, asked, top, beside, config, existing, answers, closed, problems };
    Ok(if header.op == "step" { Request::Step(invocation, inputs) } else { Request::Run(invocation, inputs) })
}

fn folders(folders: Vec<Folder>, blobs: &mut &[u8]) -> Result<Vec<Result<Vec<InputFile>, String>>, String> {
    let mut all = Vec::with_capacity(folders.len());
    for Folder { tree, unread } in folders {
        let tree = files(tree, blobs)?;
        all.push(unread.map_or(Ok(tree), Err));
    }
    Ok(all)
}

fn files(files: Vec<File>, blobs: &mut &[u8]) -> Result<Vec<InputFile>, String> {
    let mut all = Vec::with_capacity(files.len());
    for file in files {
        all.push(input(file, blobs)?);
    }
    Ok(all)
}

fn input(file: File, blobs: &mut &[u8]) -> Result<InputFile, String> {
    let content = match (file.size, file.too_large, file.unread) {
        (Some(size), ..) => Content::Bytes(take(blobs, size)?),
        (_, Some(size), _) => Content::TooLarge(size),
        (_, _, Some(why)) => Content::Unread(why),
        _ => Content::Listed,
    };
    Ok(InputFile { path: file.path, content })
}

fn take(blobs: &mut &[u8], size: usize) -> Result<Vec<u8>, String> {
    let (blob, rest) = blobs.split_at_checked(size).ok_or("the blobs are shorter than the header says")?;
    *blobs = rest;
    Ok(blob.to_vec())
}
