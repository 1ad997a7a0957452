//! The commands and their options: one table for parsing, for help and for did-you-mean.

use super::generate;
use crate::report::Threshold;

/// One option.
pub(crate) struct Opt {
    pub(crate) name: &'static str,
    /// What its value is called; empty for a switch.
    pub(crate) value: &'static str,
    pub(crate) help: &'static str,
}

/// One command.
pub(crate) struct Command {
    pub(crate) name: &'static str,
    /// Its operand, as the usage line shows it.
    pub(crate) operand: &'static str,
    pub(crate) summary: &'static str,
    pub(crate) options: &'static [&'static Opt],
}

const FORMAT: Opt = Opt { name: "format", value: "human|json", help: "how to print [default: human]" };
const GRAPH_FORMAT: Opt =
    Opt { name: "format", value: "tree|dot|mermaid|json|svg", help: "how to draw [default: tree]" };
const FAIL_ON: Opt = Opt {
    name: "fail-on",
    value: "error|warning|info|never",
    help: "from which severity on to exit with 1 [default: error]",
};
const COLOR: Opt =
    Opt { name: "color", value: "auto|always|never", help: "whether to print in colour [default: auto]" };
const CONFIG: Opt = Opt {
    name: "config",
    value: "FILE",
    help: "the layout's config, YAML or JSON; - reads standard input [default: the built-in one]",
};
const CRDS: Opt = Opt {
    name: "crds",
    value: "DIR",
    help: "the folder of External Secrets' CRDs, which crds.source: vendored copies into the tree",
};
const ZIP: Opt =
    Opt { name: "zip", value: "FILE", help: "write one zip instead of a folder; - writes it to standard output" };
const FLUX: Opt = Opt {
    name: "flux",
    value: "NAME",
    help: "build what this Flux Kustomization applies (NAME or NAMESPACE/NAME), as kustomize-controller does",
};
const PROVENANCE: Opt = Opt {
    name: "provenance",
    value: "",
    help: "say for each line which file:line it comes from, and what it overrode",
};
const ENTRY: Opt = Opt {
    name: "entry",
    value: "DIR",
    help: "a folder that a cluster's first Kustomization applies, below the repository's root; may be repeated",
};
const LOCAL_SOURCE: Opt = Opt {
    name: "local-source",
    value: "KIND/NAMESPACE/NAME=DIR",
    help: "the folder of this repository that a Flux source holds; may be repeated",
};
const CHART: Opt = Opt {
    name: "chart",
    value: "NAME=DIR",
    help: "the folder that a chart lies in (NAME or NAME@VERSION), of this repository or outside; may be repeated",
};
const CHARTS: Opt = Opt {
    name: "charts",
    value: "DIR",
    help: "a folder of charts, each known by the name and version in its Chart.yaml; may be repeated",
};
const LOAD_RESTRICTOR: Opt = Opt {
    name: "load-restrictor",
    value: "LoadRestrictionsRootOnly|LoadRestrictionsNone",
    help: "which files a kustomization may name, in kustomize's words [default: LoadRestrictionsRootOnly]",
};
const CLUSTER: Opt =
    Opt { name: "cluster", value: "NAME", help: "only this cluster, by its name or the folder of its entry" };
const FORCE: Opt = Opt { name: "force", value: "", help: "overwrite files that exist" };
const DIFF: Opt =
    Opt { name: "diff", value: "", help: "show what would change in DIR, and write nothing; 1 where anything would" };
const DRY_RUN: Opt = Opt {
    name: "dry-run",
    value: "",
    help: "list what would change in DIR, and write nothing; 1 where anything would",
};
const ADOPTED: Opt =
    Opt { name: "config", value: "FILE", help: "write the config to a file [default: standard output]" };
const ADOPT_DIFF: Opt =
    Opt { name: "diff", value: "", help: "show the proposed tree against what is there; 1 where they differ" };
const SET: Opt = Opt {
    name: "set",
    value: "PATH=VALUE",
    help: "a field of the config, as vault.server=https://vault:8200; may be repeated; each field is an option too",
};
const NO_INPUT: Opt = Opt { name: "no-input", value: "", help: "ask nothing, also at a terminal" };
const UPDATE: Opt = Opt {
    name: "update",
    value: "",
    help: "bring DIR to its fluxproof-layout.yaml (or to --config); what was edited there stays",
};
const STDOUT: Opt = Opt { name: "stdout", value: "", help: "print every file, as one YAML stream" };

/// Every command, in the order of the help.
pub(crate) const COMMANDS: &[Command] = &[
    Command {
        name: "generate",
        operand: "[DIR]",
        summary: "write a race-free layout for External Secrets, proven before it is written",
        options: &[&CONFIG, &SET, &CRDS, &UPDATE, &DIFF, &DRY_RUN, &STDOUT, &ZIP, &FORMAT, &FORCE, &NO_INPUT, &COLOR],
    },
    Command {
        name: "adopt",
        operand: "[DIR]",
        summary: "read an existing External Secrets layout into a config, and say the way to the race-free one",
        options: &[&ADOPTED, &CLUSTER, &ADOPT_DIFF, &FORCE, &COLOR],
    },
    Command {
        name: "check",
        operand: "[DIR]",
        summary: "find what breaks when Flux delivers this repository",
        options: &[&CLUSTER, &ENTRY, &LOCAL_SOURCE, &CHART, &CHARTS, &FORMAT, &FAIL_ON, &COLOR],
    },
    Command {
        name: "prove",
        operand: "[DIR]",
        summary: "print the certificate: every requirement and its chain of guarantees",
        options: &[&CLUSTER, &ENTRY, &LOCAL_SOURCE, &CHART, &CHARTS, &FORMAT, &FAIL_ON, &COLOR],
    },
    Command {
        name: "build",
        operand: "[DIR]",
        summary: "print the objects of a kustomization: the bytes of kustomize build",
        options: &[&FLUX, &ENTRY, &LOCAL_SOURCE, &PROVENANCE, &LOAD_RESTRICTOR, &FORMAT, &COLOR],
    },
    Command {
        name: "graph",
        operand: "[DIR]",
        summary: "show what Flux applies, and in which order",
        options: &[&CLUSTER, &ENTRY, &LOCAL_SOURCE, &CHART, &CHARTS, &GRAPH_FORMAT, &COLOR],
    },
    Command { name: "explain", operand: "RULE", summary: "show the page of a rule", options: &[&COLOR] },
    Command { name: "rules", operand: "", summary: "list the rules", options: &[&FORMAT, &COLOR] },
    Command {
        name: "schema",
        operand: "config|layout|report|fields|presets",
        summary: "print a JSON Schema, the description of the layout's fields, or configs to start from",
        options: &[],
    },
];

/// A parsed command line.
#[derive(Debug, Clone, Default)]
pub(crate) struct Args {
    pub(crate) command: &'static str,
    pub(crate) operand: Option<String>,
    pub(crate) format: String,
    pub(crate) config: Option<String>,
    pub(crate) crds: Option<String>,
    pub(crate) zip: Option<String>,
    pub(crate) force: bool,
    pub(crate) update: bool,
    pub(crate) no_input: bool,
    /// Fields of the config: path and value.
    pub(crate) settings: Vec<(String, String)>,
    pub(crate) diff: bool,
    pub(crate) dry_run: bool,
    pub(crate) stdout: bool,
    pub(crate) flux: Option<String>,
    pub(crate) cluster: Option<String>,
    pub(crate) provenance: bool,
    pub(crate) entries: Vec<String>,
    pub(crate) local_sources: Vec<String>,
    pub(crate) charts: Vec<ChartOption>,
    /// Whether a kustomization may name files outside its folder.
    pub(crate) unrestricted: bool,
    pub(crate) fail_on: Threshold,
    pub(crate) color: Option<bool>,
    pub(crate) help: bool,
    pub(crate) version: bool,
}

/// `--chart NAME=DIR`, or `--charts DIR`.
#[derive(Debug, Clone)]
pub(crate) struct ChartOption {
    /// `NAME` or `NAME@VERSION`; absent for a folder of charts that have names of their own.
    pub(crate) name: Option<String>,
    pub(crate) folder: String,
}

/// Reads a command line.
///
/// # Errors
/// A message that says what is wrong and what would be right.
pub(crate) fn parse(words: &[String]) -> Result<Args, String> {
    let mut args = Args { format: "human".to_owned(), ..Args::default() };
    let mut words = words.iter().map(String::as_str);
    let Some(first) = words.next() else { return Ok(Args { help: true, ..args }) };
    match first {
        "--help" | "-h" | "help" => return help_of(args, words.next()),
        "--version" | "-V" => return Ok(Args { version: true, ..args }),
        _ => {}
    }
    let command = named(first).ok_or_else(|| unknown_command(first))?;
    args.command = command.name;
    while let Some(word) = words.next() {
        match word.strip_prefix("--") {
            Some("") => words.try_for_each(|word| operand(command, word, &mut args))?,
            Some(name) => option(command, name, &mut words, &mut args)?,
            None if word == "-h" => args.help = true,
            None if word.len() > 1 && word.starts_with('-') => return Err(unknown_option(command, word)),
            None => operand(command, word, &mut args)?,
        }
    }
    Ok(args)
}

fn help_of(args: Args, name: Option<&str>) -> Result<Args, String> {
    let command = match name {
        Some(name) => named(name).ok_or_else(|| unknown_command(name))?.name,
        None => "",
    };
    Ok(Args { help: true, command, ..args })
}

fn operand(command: &Command, word: &str, args: &mut Args) -> Result<(), String> {
    if args.operand.is_some() || command.operand.is_empty() {
        return Err(format!("unexpected argument '{word}'; see fluxproof {} --help", command.name));
    }
    args.operand = Some(word.to_owned());
    Ok(())
}

fn named(name: &str) -> Option<&'static Command> {
    COMMANDS.iter().find(|command| command.name == name)
}

fn unknown_command(name: &str) -> String {
    let names = COMMANDS.iter().map(|command| command.name);
    format!("there is no command '{name}'{}", did_you_mean(name, names, "; see fluxproof --help"))
}

fn unknown_option(command: &Command, word: &str) -> String {
    let fields = generate::flags().filter(|_| command.name == "generate").map(|field| generate::flag(field.path));
    let names: Vec<String> = command.options.iter().map(|option| option.name.to_owned()).chain(fields).collect();
    let names = names.iter().map(String::as_str);
    let otherwise = format!("; see fluxproof {} --help", command.name);
    let near = did_you_mean(word.trim_start_matches('-'), names, &otherwise).replace("mean ", "mean --");
    format!("{} has no option {word}{near}", command.name)
}

/// `; did you mean x?` where something is near, else the alternative.
pub(crate) fn did_you_mean<'a>(wrong: &str, right: impl Iterator<Item = &'a str>, otherwise: &str) -> String {
    let near = right.map(|name| (fluxproof_delivery::distance(wrong, name), name)).min();
    match near.filter(|(distance, name)| *distance <= 2.max(name.len() / 3)) {
        Some((_, name)) => format!("; did you mean {name}?"),
        None => otherwise.to_owned(),
    }
}

fn option<'a>(
    command: &Command,
    word: &str,
    words: &mut impl Iterator<Item = &'a str>,
    args: &mut Args,
) -> Result<(), String> {
    let (name, inline) = word.split_once('=').map_or((word, None), |(name, value)| (name, Some(value)));
    if name == "help" {
        args.help = true;
        return Ok(());
    }
    let Some(known) = command.options.iter().find(|option| option.name == name) else {
        return setting(command, name, inline, words, args);
    };
    if known.value.is_empty() {
        switch(args, name);
        return inline.map_or(Ok(()), |_| Err(format!("--{name} takes no value")));
    }
    let next = || words.next().filter(|value| !value.starts_with("--"));
    let value = inline.or_else(next).filter(|value| !value.is_empty());
    let value = value.ok_or_else(|| format!("--{name} needs a value: {}", known.value))?;
    let choices = known.value.contains('|').then(|| known.value.split('|').collect::<Vec<_>>());
    if choices.is_some_and(|choices| !choices.contains(&value)) {
        return Err(format!("--{name} is one of {}, not '{value}'", known.value.replace('|', ", ")));
    }
    match name {
        "chart" => args.charts.push(named_chart(value)?),
        "set" => args.settings.push(named_setting(value)?),
        "charts" => args.charts.push(ChartOption { name: None, folder: value.to_owned() }),
        _ => set(args, name, value),
    }
    Ok(())
}

/// An option of `generate` that is a field of the config.
fn setting<'a>(
    command: &Command,
    name: &str,
    inline: Option<&str>,
    words: &mut impl Iterator<Item = &'a str>,
    args: &mut Args,
) -> Result<(), String> {
    let field = generate::flags().find(|field| command.name == "generate" && generate::flag(field.path) == name);
    let Some(field) = field else { return Err(unknown_option(command, &format!("--{name}"))) };
    let value = inline.or_else(|| words.next().filter(|value| !value.starts_with("--")));
    let value = value.ok_or_else(|| format!("--{name} needs a value: {}", generate::called(field)))?;
    args.settings.push((field.path.to_owned(), value.to_owned()));
    Ok(())
}

fn named_setting(text: &str) -> Result<(String, String), String> {
    let named = text.split_once('=').filter(|(path, _)| !path.is_empty());
    let (path, value) = named.ok_or_else(|| format!("--set: '{text}' is not PATH=VALUE"))?;
    Ok((path.to_owned(), value.to_owned()))
}

fn switch(args: &mut Args, name: &str) {
    match name {
        "provenance" => args.provenance = true,
        "update" => args.update = true,
        "no-input" => args.no_input = true,
        "diff" => args.diff = true,
        "dry-run" => args.dry_run = true,
        "stdout" => args.stdout = true,
        _ => args.force = true,
    }
}

fn named_chart(text: &str) -> Result<ChartOption, String> {
    let named = text.split_once('=').filter(|(name, folder)| !name.is_empty() && !folder.is_empty());
    let (name, folder) = named.ok_or_else(|| format!("--chart: '{text}' is not NAME=DIR"))?;
    Ok(ChartOption { name: Some(name.to_owned()), folder: folder.to_owned() })
}

fn set(args: &mut Args, name: &str, value: &str) {
    match name {
        "format" => value.clone_into(&mut args.format),
        "config" => args.config = Some(value.to_owned()),
        "crds" => args.crds = Some(value.to_owned()),
        "cluster" => args.cluster = Some(value.to_owned()),
        "flux" => args.flux = Some(value.to_owned()),
        "entry" => args.entries.push(value.to_owned()),
        "local-source" => args.local_sources.push(value.to_owned()),
        "load-restrictor" => args.unrestricted = value == "LoadRestrictionsNone",
        "zip" => args.zip = Some(value.to_owned()),
        "fail-on" => args.fail_on = Threshold::named(value),
        _ => {
            args.color = match value {
                "always" => Some(true),
                "never" => Some(false),
                _ => None,
            }
        }
    }
}
