//! The fluxproof command: all native IO, for the native build and for WASI alike. What is printed is decided in the core.

mod link;
mod read;
mod stepwise;
mod terminal;
mod walk;
mod write;

use fluxproof_core::command::{Invocation, Outcome, Plan, Reads, plan, run as answer};
use std::io::Write;

/// Runs a command line and returns the exit status.
///
/// `args` are without the program's name; `out` and `err` are the standard streams.
pub fn run(args: Vec<String>, out: &mut dyn Write, err: &mut dyn Write) -> u8 {
    let digest = option_env!("FLUXPROOF_CORE_DIGEST").map(str::to_owned);
    let invocation = Invocation { args, terminal: terminal::detect(), core_digest: digest };
    let mut outcome = match plan(&invocation) {
        Plan::Answer(outcome) => outcome,
        Plan::Read(reads) if reads.stepwise => stepwise::answer(&invocation, &reads),
        Plan::Read(reads) if reads.asks && invocation.terminal.interactive => dialogue(&invocation, &reads, err),
        Plan::Read(reads) => answer(&invocation, read::inputs(&reads)),
    };
    if let Err(message) = write::all(outcome.writes.take()) {
        outcome = Outcome { stderr: format!("error: {message}\n").into_bytes(), status: 3, ..Outcome::default() };
    }
    // A reader that has gone away (a pager, head) is no failure of ours.
    let _ = out.write_all(&outcome.stdout).and_then(|()| out.flush());
    let _ = err.write_all(&outcome.stderr).and_then(|()| err.flush());
    outcome.status
}

/// Asks what the command asks, until it has its answer.
fn dialogue(invocation: &Invocation, reads: &Reads, err: &mut dyn Write) -> Outcome {
    let mut inputs = read::inputs(reads);
    loop {
        let outcome = answer(invocation, inputs.clone());
        let Some(question) = &outcome.ask else { return outcome };
        let _ = err.write_all(question.as_bytes()).and_then(|()| err.flush());
        match terminal::line() {
            Some(line) => inputs.answers.push(line),
            None => inputs.closed = true,
        }
    }
}
