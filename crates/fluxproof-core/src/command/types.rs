//! What passes between a host and the core.

use crate::style::tame;

/// A command line and where it was typed.
#[derive(Debug, Clone, Default)]
pub struct Invocation {
    /// The arguments, without the program's name.
    pub args: Vec<String>,
    /// The terminal.
    pub terminal: Terminal,
    /// The digest of the plugin module that this host was built with: `sha256:<hex>`.
    pub core_digest: Option<String>,
}

/// What the output is shown on.
#[derive(Debug, Clone, Copy)]
pub struct Terminal {
    /// Whether colours are understood and wanted.
    pub color: bool,
    /// Columns.
    pub width: u16,
    /// Whether somebody sits there who can be asked.
    pub interactive: bool,
}

impl Default for Terminal {
    fn default() -> Self {
        Self { color: false, width: 100, interactive: false }
    }
}

/// What the host does next.
#[derive(Debug, Clone)]
pub enum Plan {
    /// Nothing is to be read: this is the answer.
    Answer(Outcome),
    /// Read this, then call [`crate::command::run`].
    Read(Reads),
}

/// What a command needs to see.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reads {
    /// A folder, whole.
    pub tree: Option<String>,
    /// Whether the tree is the whole repository around that folder (the nearest folder above that has a `.git`; the
    /// folder itself where there is none), and every file of it is read.
    pub around: bool,
    /// Whether the host reads that repository step by step, as [`crate::command::step`] asks for it, beginning with the
    /// folder itself.
    pub stepwise: bool,
    /// Folders outside the tree, whole: each is a tree of its own, with bounds of its own. They need not exist.
    pub beside: Vec<String>,
    /// A file; `-` for standard input.
    pub config: Option<String>,
    /// A folder whose paths are listed; it need not exist.
    pub target: Option<String>,
    /// Whether every file of the target is read too.
    pub contents: bool,
    /// A file that is to be written: it is among the existing paths, by this name, where it is there.
    pub output: Option<String>,
    /// Whether the command may ask: an [`Outcome`] that has a question is no answer yet.
    pub asks: bool,
    /// The bounds of what is read.
    pub limits: WalkLimits,
}

/// The bounds of a walk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WalkLimits {
    /// The largest file that is read, in bytes.
    pub file_bytes: u64,
    /// How many files are read.
    pub files: u64,
    /// How many bytes are read in all.
    pub total_bytes: u64,
}

impl Default for WalkLimits {
    fn default() -> Self {
        Self { file_bytes: 3 << 20, files: 20_000, total_bytes: 100 << 20 }
    }
}

/// What comes of what a host has read step by step.
#[derive(Debug, Clone)]
pub enum Step {
    /// It is enough: this is the answer.
    Answer(Outcome),
    /// Read this too, then call [`crate::command::step`] again.
    More(More),
}

/// What else a host is to read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct More {
    /// How many folders higher the tree is to begin; what was read so far is then to be read anew. 0: `paths` are asked for.
    pub above: usize,
    /// Paths of the tree: a file is read, of a folder its kustomization files are, and a path where nothing is stays away.
    pub paths: Vec<String>,
}

/// What the host has read.
#[derive(Debug, Clone, Default)]
pub struct Inputs {
    /// The files of the tree.
    pub tree: Vec<InputFile>,
    /// Where in the tree the folder is that was asked for, `/`-separated; empty for the tree itself.
    pub at: String,
    /// The paths of the tree that were read or looked for, where it is read step by step.
    pub asked: Vec<String>,
    /// Whether the tree cannot begin higher, where it is read step by step.
    pub top: bool,
    /// The files of each folder that was asked for beside the tree, in that order; or why it cannot be read.
    pub beside: Vec<Result<Vec<InputFile>, String>>,
    /// The config.
    pub config: Option<Vec<u8>>,
    /// The paths under the target, `/`-separated, relative to it.
    pub existing: Vec<String>,
    /// The lines that were answered so far, in the order of the questions.
    pub answers: Vec<String>,
    /// Whether no more answers come: the input has ended.
    pub closed: bool,
    /// What could not be read at all: the run ends with status 3.
    pub problems: Vec<String>,
}

/// A file of the tree.
#[derive(Debug, Clone)]
pub struct InputFile {
    /// `/`-separated, relative to the root of the tree.
    pub path: String,
    /// What is in it.
    pub content: Content,
}

/// The content of a file.
#[derive(Debug, Clone)]
pub enum Content {
    /// It was read.
    Bytes(Vec<u8>),
    /// It is larger than the limit: its size in bytes.
    TooLarge(u64),
    /// It was not read: why.
    Unread(String),
    /// It exists; nobody needs what is in it.
    Listed,
}

/// What a command answers.
#[derive(Debug, Clone, Default)]
pub struct Outcome {
    /// For standard output.
    pub stdout: Vec<u8>,
    /// For standard error.
    pub stderr: Vec<u8>,
    /// The exit status: 0 clean, 1 findings, 2 usage, 3 the tool failed, 4 nothing to check.
    pub status: u8,
    /// What to write.
    pub writes: Option<Box<Writes>>,
    /// A question instead of an answer: the host shows it, and runs the command again with one more answer.
    pub ask: Option<String>,
}

/// Files to write, and files to remove: all or none.
#[derive(Debug, Clone, Default)]
pub struct Writes {
    /// The folder.
    pub root: String,
    /// Paths relative to it, and contents.
    pub files: Vec<(String, Vec<u8>)>,
    /// Paths relative to it that are to be gone.
    pub removed: Vec<String>,
    /// Whether files that exist may be replaced.
    pub replace: bool,
}

impl Outcome {
    /// An answer on standard output.
    pub(crate) fn out(text: impl Into<Vec<u8>>) -> Self {
        Self { stdout: text.into(), ..Self::default() }
    }

    /// A refusal on standard error.
    pub(crate) fn refuse(status: u8, text: &str) -> Self {
        Self { stderr: tame(&format!("error: {text}\n"), false).into_bytes(), status, ..Self::default() }
    }
}
