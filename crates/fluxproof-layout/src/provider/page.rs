//! The pages of `docs/providers`, made from the tables. `UPDATE=1 cargo test -p fluxproof-layout` writes them anew.

#![expect(clippy::disallowed_methods, reason = "the pages are written and read by a test")]

use super::schema::providers;
use super::*;
use crate::quote::code;
use std::fmt::Write;
use std::path::{Path, PathBuf};

const SCOPE: Scope<'_> = Scope { kind: StoreKind::ClusterSecretStore, namespace: "external-secrets", version: "2.9.0" };

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/providers")
}

fn file(provider: &str) -> String {
    format!("{}.md", provider.to_lowercase())
}

fn page(provider: &str) -> String {
    let mut out = format!("# {}\n\n{}\n", title(provider), description(provider));
    if let Some(since) = history::since(provider) {
        let _ = writeln!(out, "From External Secrets {since} on.");
    }
    if provider == "vault" {
        out.push_str("\nIts fields in the config are described in [configuration.md](../configuration.md).\n");
    } else {
        let _ = write!(
            out,
            "\n## Config\n\n```yaml\nprovider: {provider}\n{provider}:\n{}```\n",
            yaml(&sample(provider), 2, false)
        );
    }
    out.push_str(&prerequisites(provider));
    out.push_str(&store(provider));
    if provider != "vault" {
        out.push_str(&fields(provider));
        out.push_str(&checks(provider));
    }
    out
}

fn store(provider: &str) -> String {
    let section = yaml(&render(provider, &sample(provider), &SCOPE), 6, false);
    format!(
        "\n## The store\n\n```yaml\napiVersion: external-secrets.io/v1\nkind: ClusterSecretStore\nmetadata:\n  name: {}\nspec:\n  provider:\n    {provider}:\n{section}```\n",
        provider.to_lowercase()
    )
}

fn prerequisites(provider: &str) -> String {
    let needs = needs(provider, &sample(provider), &SCOPE);
    if needs == Needs::default() {
        return String::new();
    }
    let mut out = String::from("\n## What must be there\n\n");
    for (path, value) in &needs.chart_values {
        let _ = writeln!(out, "- The value {} of the operator's chart.", code(&format!("{path}: {value}")));
    }
    needs.config_maps.iter().for_each(|need| out.push_str(&config_map(need)));
    let commands: Vec<String> = needs.accounts.iter().map(account).chain(needs.secrets.iter().map(secret)).collect();
    if !commands.is_empty() {
        let what = if needs.secrets.is_empty() {
            "The ServiceAccount"
        } else {
            "Each Secret, its keys from files of their names"
        };
        let _ = write!(out, "- {what}:\n\n```sh\n{}```\n", commands.join(""));
    }
    out
}

fn config_map(need: &ConfigMapNeed) -> String {
    let note = if need.name == "kube-root-ca.crt" { ", which Kubernetes puts into each namespace" } else { "" };
    let keys: Vec<String> = need.keys.iter().map(|key| code(key)).collect();
    format!("- ConfigMap {} in {} with the key {}{note}.\n", code(&need.name), code(&need.namespace), keys.join(", "))
}

fn account(need: &AccountNeed) -> String {
    let of = format!("kubectl -n {}", need.namespace);
    let mut out = format!("{of} create serviceaccount {}\n", need.name);
    for annotation in &need.annotations {
        let _ = writeln!(out, "{of} annotate serviceaccount {} {annotation}=VALUE", need.name);
    }
    out
}

fn secret(need: &SecretNeed) -> String {
    let of = format!("kubectl -n {}", need.namespace);
    let keys: String = need.keys.iter().map(|key| format!(" --from-file={key}")).collect();
    let files = if keys.is_empty() { " --from-file=FOLDER" } else { &keys };
    let mut out = format!("{of} create secret generic {}{files}\n", need.name);
    for (key, value) in &need.labels {
        let _ = writeln!(out, "{of} label secret {} {key}={value}", need.name);
    }
    out
}

fn fields(provider: &str) -> String {
    let fields = form(provider);
    let mut out = String::from("\n## Fields\n\n");
    for choice in fields.iter().filter(|field| field.kind == FormKind::Ways) {
        let _ = writeln!(out, "{}, one of:\n", choice.label);
        choice.choices.iter().for_each(|way| out.push_str(&way_line(way)));
        out.push('\n');
    }
    out.push_str("| field | what it is |\n|---|---|\n");
    for field in fields.iter().filter(|field| field.kind != FormKind::Ways) {
        match of_selector(field, &fields) {
            Some((_, "key")) => {}
            part => out.push_str(&row(field, part.map(|(path, _)| path))),
        }
    }
    out + "\n\\* must be set, where it belongs to what was chosen.\n"
}

fn way_line(way: &FormChoice) -> String {
    let path = if way.value == "." { "none of them".to_owned() } else { code(&way.value) };
    let help = if way.help.is_empty() { String::new() } else { format!(". {}", way.help) };
    format!("- {path}: {}{help}\n", way.label)
}

/// The selector that a field is the name or the key of, where both are in the form.
fn of_selector<'f>(field: &'f FormField, fields: &[FormField]) -> Option<(&'f str, &'f str)> {
    let (path, part) = field.path.rsplit_once('.')?;
    let has =
        |key: &str, end: &str| fields.iter().any(|field| field.path == join(path, key) && field.label.ends_with(end));
    (matches!(part, "name" | "key") && has("key", ": key") && !has("type", "")).then_some((path, part))
}

fn row(field: &FormField, selector: Option<&str>) -> String {
    let star = if field.required { "\\*" } else { "" };
    let (path, label) = match selector {
        Some(path) => (format!("{} (`name`, `key`)", code(path)), field.label.split(": ").next().unwrap_or_default()),
        None => (code(&field.path), field.label.as_str()),
    };
    format!("| {path}{star} | {} |\n", told(label, field))
}

fn told(label: &str, field: &FormField) -> String {
    let mut out = format!("{label}.");
    if !field.help.is_empty() && field.help != format!("The {}.", label.to_lowercase()) {
        let _ = write!(out, " {}", field.help);
    }
    if !field.choices.is_empty() {
        let choices: Vec<String> = field.choices.iter().map(|choice| code(&choice.value)).collect();
        let _ = write!(out, " One of {}.", choices.join(", "));
    }
    if let Some(default) = &field.default {
        let _ = write!(out, " Default {}.", code(default));
    }
    out.replace('|', "\\|")
}

fn checks(provider: &str) -> String {
    let mut lines = rules::sentences(provider);
    lines.extend(history::sentences(provider));
    let lines: String = lines.iter().map(|line| format!("- {line}\n")).collect();
    if lines.is_empty() { lines } else { format!("\n## Checks beyond the schema\n\n{lines}") }
}

fn index() -> String {
    let mut out = String::from(
        "# Providers\n\nA store can be of any provider of External Secrets: `provider: NAME`, and beside it a section of that name with External \
         Secrets' own\nfields. They are checked against its schema and against what its operator refuses; of a selector in a ClusterSecretStore the \
         namespace\nis filled in.\n\n| provider | what it is |\n|---|---|\n",
    );
    for provider in providers() {
        let name = provider.name;
        let _ = writeln!(out, "| [{}]({}) {} | {} |", title(name), file(name), code(name), description(name));
    }
    out
}

#[test]
fn pages_are_those_of_the_tables() {
    let mut pages: Vec<(String, String)> =
        providers().iter().map(|provider| (file(provider.name), page(provider.name))).collect();
    pages.push(("README.md".to_owned(), index()));
    let updating = std::env::var("UPDATE").is_ok_and(|value| value == "1");
    for (name, text) in &pages {
        let path = folder().join(name);
        if updating {
            std::fs::create_dir_all(folder()).expect("the folder");
            std::fs::write(&path, text).expect(name);
        }
        assert!(std::fs::read_to_string(&path).unwrap_or_default() == *text, "docs/providers/{name} is out of date");
    }
    let written = std::fs::read_dir(folder()).expect("the folder").count();
    assert_eq!(written, pages.len(), "a page of no provider");
}
