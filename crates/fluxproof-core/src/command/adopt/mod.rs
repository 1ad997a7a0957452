//! `adopt`: an existing layout as a config, and the way from one to the other.

mod config;
mod found;

use super::check;
use super::generate::{Change, Target, sealed};
use super::options::Args;
use super::types::{Inputs, Outcome, Terminal, Writes};
use crate::report::Analysis;
use crate::style::{Ink, Style, tame};
use config::{Adopted, adopted};
use fluxproof_layout::{Section, Tree, TreeFile, render};
use fluxproof_yaml::Value;
use found::Found;
use std::fmt::Write;

pub(crate) fn run(args: &Args, terminal: Terminal, digest: Option<String>, inputs: Inputs) -> Outcome {
    adopt(args, terminal, digest, inputs).unwrap_or_else(|outcome| outcome)
}

fn adopt(args: &Args, terminal: Terminal, digest: Option<String>, inputs: Inputs) -> Result<Outcome, Outcome> {
    let given = inputs.clone();
    let analysis = check::read(args, terminal, inputs, digest)?;
    let root = args.operand.as_deref().unwrap_or(".");
    let all: Vec<Found<'_>> = analysis.deliveries.clusters.iter().filter_map(Found::in_cluster).collect();
    let found = match &all[..] {
        [found] => found,
        [] => {
            return Err(Outcome::refuse(
                4,
                &format!("no cluster of {root} has a HelmRelease of the chart external-secrets"),
            ));
        }
        _ => {
            let names: Vec<&str> = all.iter().map(|found| found.cluster.name.as_str()).collect();
            return Err(Outcome::refuse(
                2,
                &format!("several clusters have External Secrets: {}; name one with --cluster", names.join(", ")),
            ));
        }
    };
    let adopted =
        adopted(found).ok_or_else(|| Outcome::refuse(3, "what was found makes no config; please report this"))?;
    let style = Style { color: terminal.color };
    if args.diff {
        return Ok(proposed(&given, &adopted, style));
    }
    let said = differences(&analysis, found, &adopted, style);
    let config = text(&adopted);
    Ok(match &args.config {
        None => Outcome { stderr: said.into_bytes(), ..Outcome::out(config) },
        Some(file) => written(args, &given, file, config, said)?,
    })
}

/// The config with a comment for each thing that it cannot say.
fn text(adopted: &Adopted) -> String {
    let mut out = "# What fluxproof adopt found; with --diff it shows what comes of it.\n".to_owned();
    out.push_str(if adopted.text.trim() == "{}" { "{}\n" } else { &adopted.text });
    if !adopted.left.is_empty() {
        out.push_str("\n# Not carried over:\n");
    }
    for (what, why) in &adopted.left {
        let _ = writeln!(out, "# - {what} ({why})");
    }
    tame(&out, false)
}

fn written(args: &Args, inputs: &Inputs, file: &str, config: String, said: String) -> Result<Outcome, Outcome> {
    if !args.force && inputs.existing.iter().any(|path| path == file) {
        return Err(Outcome::refuse(2, &format!("{file} exists, and nothing was written; overwrite it with --force")));
    }
    let (root, name) = file.rsplit_once('/').unwrap_or((".", file));
    let root = if root.is_empty() { "/" } else { root }.to_owned();
    let files = vec![(name.to_owned(), config.into_bytes())];
    let writes = Writes { root, files, replace: args.force, ..Writes::default() };
    Ok(Outcome { writes: Some(Box::new(writes)), ..Outcome::out(said) })
}

/// What the rules say of what is there, in the folders of External Secrets.
fn differences(analysis: &Analysis, found: &Found<'_>, adopted: &Adopted, style: Style) -> String {
    let mut out = String::new();
    let folder = found.folder();
    for finding in &analysis.findings {
        let path = analysis.sources.path(finding.location.file);
        let own = folder.is_none_or(|folder| path.is_in(folder))
            || found.entry.span.is_some_and(|span| span.file == finding.location.file);
        if own {
            let place = analysis.sources.line_column(finding.location.file, finding.location.start);
            let rule = style.paint(Ink::Strong, finding.rule);
            let _ = writeln!(out, "  {rule}: {} ({path}:{})", finding.message, place.line);
        }
    }
    if out.is_empty() {
        return "No rule objects to what is there.\n".to_owned();
    }
    let head = "What differs from the race-free layout, each with the rule that it breaks:\n";
    let steps = steps(found, adopted);
    tame(&format!("{head}{out}{steps}"), style.color)
}

/// The migration in commits. What needs a new spec comes a commit after it.
fn steps(found: &Found<'_>, adopted: &Adopted) -> String {
    let layout = adopted.layout.root();
    let folder = layout.text("folder");
    format!(
        "\nOn a living cluster, in this order; never in one commit, for a Kustomization reconciles a commit before its own new spec is there:\n\
         1. Prepare. All of the proposed tree (adopt --diff) but {folder}/operator/deployment.yaml, {folder}/crs and the Secrets, which stay as they are.\n{}{}\
         2. Move. {folder}/operator/deployment.yaml and {folder}/crs. The HelmRelease keeps its name and namespace; about 40 s without operator and webhook, existing Secrets do not notice.\n{}\
         3. Tidy. Remove the files that the proposed tree does not have, and Secrets that no store names any more.\n",
        upgrade(found, layout.text("version")),
        keep(found),
        grant(&layout),
    )
}

fn upgrade(found: &Found<'_>, version: &str) -> String {
    let other = found.release.version.as_deref().filter(|runs| *runs != version && !runs.contains('$'));
    other.map_or(String::new(), |runs| {
        format!("   The cluster runs {runs}, the config says {version}: take the cluster there first, or write what runs into the config and upgrade afterwards.\n")
    })
}

/// A release that brings the CRDs would take them along when it moves.
fn keep(found: &Found<'_>) -> String {
    let off = |path: &[&str]| found.value(path).and_then(Value::as_bool) == Some(false);
    if off(&["installCRDs"]) {
        return String::new();
    }
    format!(
        "   In HelmRelease/{} one change: values.crds.annotations: {{helm.sh/resource-policy: keep}} (no installCRDs: false yet).\n   \
         Wait until kubectl get crd externalsecrets.external-secrets.io -o jsonpath='{{.metadata.annotations.helm\\.sh/resource-policy}}' says keep.\n",
        found.release.object.name
    )
}

fn grant(layout: &Section<'_>) -> String {
    let by_account = layout.is("provider", "vault") && layout.is("vault.auth.method", "kubernetes");
    let (namespace, account) =
        (layout.text("namespaces.operator"), layout.text("vault.auth.kubernetes.serviceAccount"));
    if by_account {
        format!("   Before that, grant the role in Vault to {namespace}/{account}.\n")
    } else {
        String::new()
    }
}

/// The proposed tree against what is there. Secrets and the README that are there stay out of it.
fn proposed(inputs: &Inputs, adopted: &Adopted, style: Style) -> Outcome {
    let tree = render(&adopted.layout).map(sealed).unwrap_or(Tree { files: Vec::new() });
    let there = |path: &str| inputs.tree.iter().any(|file| file.path == path);
    let stays = |file: &TreeFile| {
        let secret = file.text.lines().any(|line| line.trim() == "kind: Secret");
        there(file.path.as_str()) && (secret || file.path.as_str() == "README.md")
    };
    let (own, files): (Vec<TreeFile>, Vec<TreeFile>) = tree.files.into_iter().partition(stays);
    let tree = Tree { files };
    let existing = inputs.tree.iter().map(|file| file.path.clone()).collect();
    let given = Inputs { existing, ..inputs.clone() };
    let target = Target::of(&given, &tree);
    let mut outcome = Outcome::out(target.diff(&tree, style));
    let left = target.paths(Change::Kept).filter(|path| !own.iter().any(|file| file.path.as_str() == *path));
    let kept: String = left.map(|path| format!("  {path}\n")).collect();
    if !kept.is_empty() {
        outcome.stderr = tame(&format!("not in the proposed tree:\n{kept}"), false).into_bytes();
    }
    outcome.status = u8::from(target.differs());
    outcome
}
