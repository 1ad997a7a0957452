//! The help, from the table of commands.

use super::generate;
use super::options::{COMMANDS, Command, Opt};

const HEAD: &str = "\
fluxproof - make GitOps with Flux come up right the first time

Usage: fluxproof COMMAND [OPTIONS]

Commands:
";

const TAIL: &str = "
  --help, -h      this help; fluxproof COMMAND --help says more
  --version, -V   the version

Exit status: 0 clean, 1 findings, 2 usage or configuration, 3 the tool failed, 4 nothing to check.
";

/// The help of a command; of all where the name is empty.
pub(crate) fn text(name: &str) -> String {
    match COMMANDS.iter().find(|command| command.name == name) {
        Some(command) => one(command),
        None => all(),
    }
}

fn all() -> String {
    let line = |command: &Command| format!("  {:<15} {}\n", command.name, command.summary);
    let lines: String = COMMANDS.iter().map(line).collect();
    format!("{HEAD}{lines}{TAIL}")
}

fn one(command: &Command) -> String {
    let operand = if command.operand.is_empty() { String::new() } else { format!(" {}", command.operand) };
    let mut text = format!(
        "fluxproof {}: {}\n\nUsage: fluxproof {}{operand} [OPTIONS]\n",
        command.name, command.summary, command.name
    );
    if command.operand == "[DIR]" {
        let default = match command.name {
            "generate" => "the folder to write; without it the tree is only shown",
            "build" => "the folder of a kustomization, in a repository or not [default: .]",
            _ => "the repository [default: .]",
        };
        text.push_str(&format!("\n  DIR  {default}\n"));
    }
    if !command.options.is_empty() {
        text.push_str("\nOptions:\n");
        text.extend(command.options.iter().map(|option| line(option)));
    }
    if command.name == "generate" {
        text.push_str(&fields());
    }
    text
}

/// The fields of the config, each as an option, by group.
fn fields() -> String {
    let (mut text, mut group) = (String::new(), "");
    for field in generate::flags() {
        if field.group != group {
            group = field.group;
            text.push_str(&format!("\n{group}:\n"));
        }
        let left = format!("--{} {}", generate::flag(field.path), generate::called(field));
        let choices: Vec<&str> = field.choices.iter().map(|choice| choice.value).collect();
        let choices = if choices.is_empty() { String::new() } else { format!(": {}", choices.join(", ")) };
        let default = field.default.filter(|default| !default.is_empty());
        let default = default.map(|default| format!(" [default: {default}]")).unwrap_or_default();
        text.push_str(&format!("  {left}\n      {}{choices}{default}\n", field.label));
    }
    text
}

fn line(option: &Opt) -> String {
    let left = if option.value.is_empty() {
        format!("--{}", option.name)
    } else {
        format!("--{} {}", option.name, option.value)
    };
    if left.len() > 28 {
        format!("  {left}\n{:32}{}\n", "", option.help)
    } else {
        format!("  {left:<29} {}\n", option.help)
    }
}
