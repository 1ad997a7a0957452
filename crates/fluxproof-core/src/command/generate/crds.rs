//! The CRDs that are copied into the tree.

use super::super::options::Args;
use super::super::types::{Content, InputFile, Inputs};

/// Name and text of each file of the folder that `--crds` names.
pub(super) fn read(args: &Args, inputs: &Inputs) -> Result<Vec<(String, String)>, String> {
    let (Some(folder), Some(files)) = (&args.crds, inputs.beside.first()) else { return Ok(Vec::new()) };
    let files = files.as_ref().map_err(|why| format!("the CRDs in {folder} cannot be read: {why}"))?;
    files.iter().map(|file| Ok((file.path.clone(), text(folder, file)?))).collect()
}

fn text(folder: &str, file: &InputFile) -> Result<String, String> {
    let why = match &file.content {
        Content::Bytes(bytes) => match String::from_utf8(bytes.clone()) {
            Ok(text) => return Ok(text),
            Err(_) => "it is not UTF-8".to_owned(),
        },
        Content::TooLarge(size) => format!("its {size} bytes are too many"),
        Content::Unread(why) => why.clone(),
        Content::Listed => "it was not read".to_owned(),
    };
    Err(format!("{} in {folder} cannot be read: {why}", file.path))
}
