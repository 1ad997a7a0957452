//! From a command line to an answer.

use super::options::{Args, parse};
use super::types::{Inputs, Invocation, Outcome, Plan, Reads, Step, Terminal, WalkLimits};
use super::{build, check, explain, generate, graph, help};

/// Says what a command line needs the host to read, or answers it at once.
#[must_use]
pub fn plan(invocation: &Invocation) -> Plan {
    let args = match parse(&invocation.args) {
        Ok(args) => args,
        Err(message) => return Plan::Answer(Outcome::refuse(2, &message)),
    };
    if let Some(outcome) = at_once(invocation, &args) {
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
    if let Some(outcome) = at_once(invocation, &args) {
        return outcome;
    }
    let terminal = terminal(invocation, &args);
    if !inputs.problems.is_empty() {
        return Outcome::refuse(3, &inputs.problems.join("\nerror: "));
    }
    match args.command {
        "generate" => generate::run(&args, terminal, invocation.core_digest.clone(), &inputs),
        "build" => build::run(&args, terminal, inputs),
        "graph" => graph::run(&args, terminal, inputs),
        _ => check::run(&args, terminal, invocation.core_digest.clone(), inputs),
    }
}

/// Runs a command over what the host has read of a repository so far, or says what else it needs to see.
#[must_use]
pub fn step(invocation: &Invocation, inputs: &Inputs) -> Step {
    match parse(&invocation.args) {
        Ok(args) if args.command == "build" && args.flux.is_none() && !args.help && inputs.problems.is_empty() => {
            build::step(&args, terminal(invocation, &args), inputs)
        }
        _ => Step::Answer(run(invocation, inputs.clone())),
    }
}

fn terminal(invocation: &Invocation, args: &Args) -> Terminal {
    let Terminal { color, width, interactive } = invocation.terminal;
    Terminal { color: args.color.unwrap_or(color), width: width.clamp(60, 160), interactive }
}

/// What needs nothing to be read.
fn at_once(invocation: &Invocation, args: &Args) -> Option<Outcome> {
    let terminal = terminal(invocation, args);
    if args.version {
        return Some(Outcome::out(version(invocation.core_digest.as_deref())));
    }
    if args.help {
        return Some(Outcome::out(help::text(args.command)));
    }
    match args.command {
        "explain" => Some(explain::explain(args, terminal)),
        "rules" => Some(explain::list(args, terminal)),
        "schema" => Some(explain::schema(args)),
        "generate" => generate::contradiction(args).map(|message| Outcome::refuse(2, message)),
        _ => None,
    }
}

/// The version, and the digest of the module where that is the host's core.
fn version(core_digest: Option<&str>) -> String {
    let core = core_digest.map(|digest| format!("core {digest}\n")).unwrap_or_default();
    format!("fluxproof {}\n{core}", env!("CARGO_PKG_VERSION"))
}

fn reads(args: &Args) -> Reads {
    let folder = || Some(args.operand.clone().unwrap_or_else(|| ".".to_owned()));
    if args.command != "generate" {
        let around = args.command == "build";
        // Flux Kustomizations may lie anywhere; what kustomize needs, the kustomization names, however large it is.
        let stepwise = around && args.flux.is_none();
        let limits = WalkLimits::default();
        let limits = if stepwise { WalkLimits { file_bytes: u64::MAX, ..limits } } else { limits };
        let beside = args.charts.iter().map(|chart| chart.folder.clone()).collect();
        return Reads { tree: folder(), around, stepwise, beside, limits, ..Reads::default() };
    }
    let compares = args.diff || args.dry_run || args.update;
    Reads {
        beside: args.crds.iter().cloned().collect(),
        config: args.config.clone(),
        target: if compares { folder() } else { args.operand.clone() },
        contents: compares,
        output: args.zip.clone().filter(|zip| zip != "-"),
        asks: true,
        ..Reads::default()
    }
}
