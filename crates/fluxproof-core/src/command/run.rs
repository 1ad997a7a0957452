//! From a command line to an answer.

use super::options::{Args, parse};
use super::types::{Inputs, Invocation, Outcome, Plan, Reads, Terminal};
use super::{check, explain, generate, graph, help};

/// Says what a command line needs the host to read, or answers it at once.
#[must_use]
pub fn plan(invocation: &Invocation) -> Plan {
    let args = match parse(&invocation.args) {
        Ok(args) => args,
        Err(message) => return Plan::Answer(Outcome::refuse(2, &message)),
    };
    if let Some(outcome) = at_once(&args, terminal(invocation, &args)) {
        return Plan::Answer(outcome);
    }
    Plan::Read(reads(&args))
}

/// Runs a command over what the host has read.
#[must_use]
pub fn run(invocation: &Invocation, inputs: Inputs) -> Outcome {
    let args = match parse(&invocation.args) {
        Ok(args) => args,
        Err(message) => return Outcome::refuse(2, &message),
    };
    let terminal = terminal(invocation, &args);
    if let Some(outcome) = at_once(&args, terminal) {
        return outcome;
    }
    if let Some(problem) = inputs.problems.first() {
        return Outcome::refuse(3, problem);
    }
    match args.command {
        "generate" => generate::run(&args, terminal, invocation.core_digest.clone(), &inputs),
        "graph" => graph::run(&args, terminal, inputs),
        _ => check::run(&args, terminal, invocation.core_digest.clone(), inputs),
    }
}

fn terminal(invocation: &Invocation, args: &Args) -> Terminal {
    Terminal { color: args.color.unwrap_or(invocation.terminal.color), width: invocation.terminal.width.clamp(60, 160) }
}

/// What needs nothing to be read.
fn at_once(args: &Args, terminal: Terminal) -> Option<Outcome> {
    if args.version {
        return Some(Outcome::out(format!("fluxproof {}\n", env!("CARGO_PKG_VERSION"))));
    }
    if args.help {
        return Some(Outcome::out(help::text(args.command)));
    }
    match args.command {
        "explain" => Some(explain::explain(args, terminal)),
        "rules" => Some(explain::list(args, terminal)),
        "schema" => Some(explain::schema(args)),
        _ => None,
    }
}

fn reads(args: &Args) -> Reads {
    let folder = || Some(args.operand.clone().unwrap_or_else(|| ".".to_owned()));
    if args.command != "generate" {
        return Reads { tree: folder(), ..Reads::default() };
    }
    Reads { config: args.config.clone(), target: args.operand.clone(), ..Reads::default() }
}
