//! A layout to files.

mod context;
mod instances;
mod variables;

use crate::template::{ENTRY, FOLDER, TEMPLATES, Template};
use crate::validate::validate;
use crate::{Layout, LayoutProblem, Tree, TreeFile, quote};
use context::Plan;
use fluxproof_yaml::RepoPath;
use instances::Instance;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, Value, merge_maps};
use minijinja::{AutoEscape, Environment, Error, UndefinedBehavior};
use serde_json::{Value as Json, json};

/// Renders a layout.
///
/// # Errors
/// Everything that is wrong with it; then nothing is rendered.
pub fn render(layout: &Layout) -> Result<Tree, Vec<LayoutProblem>> {
    let problems = validate(layout);
    if !problems.is_empty() {
        return Err(problems);
    }
    files(layout).map(|files| Tree { files }).map_err(defect)
}

/// What a proof of the tree must take to be there and nobody writes: in embed mode the Kustomization that applies the
/// folder, unless it is the one that `flux bootstrap` makes.
///
/// # Errors
/// As [`render`].
pub fn surroundings(layout: &Layout) -> Result<Tree, Vec<LayoutProblem>> {
    let root = layout.root();
    let bootstrapped = root.is("embed.kustomization", "flux-system") && root.is("namespaces.flux", "flux-system");
    if root.is("mode", "repository") || bootstrapped {
        return Ok(Tree { files: Vec::new() });
    }
    let problems = validate(layout);
    if !problems.is_empty() {
        return Err(problems);
    }
    let text = entry(layout).map_err(defect)?;
    let path = RepoPath::root().join_clamped("outside/external-secrets/entry.yaml");
    Ok(Tree { files: vec![TreeFile { path, text }] })
}

fn entry(layout: &Layout) -> Result<String, Error> {
    let plan = Plan::of(layout, layout);
    let this = json!({"name": "outside", "version": null});
    let context = merge_maps([value(json!({ "this": this })), value(plan.context(&[]))]);
    environment(&plan)?.get_template(ENTRY)?.render(context)
}

fn defect(error: Error) -> Vec<LayoutProblem> {
    let message = format!("a template of this program is wrong: {error:#}");
    vec![LayoutProblem::new("", message).help("please report this with the config")]
}

/// A file that is to be made.
struct Made {
    path: RepoPath,
    template: &'static Template,
    /// The template that it is made by.
    source: &'static str,
    this: Json,
}

fn files(layout: &Layout) -> Result<Vec<TreeFile>, Error> {
    let marked = variables::mark(layout);
    let plan = Plan::of(layout, &marked);
    let mut made: Vec<Made> = TEMPLATES.iter().flat_map(|template| of_template(template, &plan)).collect();
    fluxproof_order::sort_by(&mut made, |a, b| a.path.cmp(&b.path));
    let noted: Vec<_> = made.iter().map(|made| (made.path.clone(), made.template)).collect();
    let (environment, context) = (environment(&plan)?, value(plan.context(&noted)));
    let mut files = Vec::new();
    for Made { path, source, this, .. } in made {
        let context = merge_maps([value(json!({ "this": this })), context.clone()]);
        let text = variables::written(environment.get_template(source)?.render(context)?);
        files.push(TreeFile { path, text });
    }
    files.extend(vendored(&plan));
    fluxproof_order::sort_by(&mut files, |a, b| a.path.cmp(&b.path));
    Ok(files)
}

/// The copy of the CRDs, as it was given.
fn vendored<'p>(plan: &'p Plan<'_>) -> impl Iterator<Item = TreeFile> + 'p {
    let files = plan.layout.crds().iter().filter(|_| plan.root.is("crds.source", "vendored"));
    let path = |name: &str| RepoPath::root().join_clamped(&format!("{}/crds/{name}", plan.root.text("folder")));
    files.map(move |(name, text)| TreeFile { path: path(name), text: text.clone() })
}

fn of_template(template: &'static Template, plan: &Plan<'_>) -> Vec<Made> {
    let made = |Instance { name, source, this }: Instance| Made {
        path: place(template, &name, plan),
        template,
        source: source.unwrap_or(template.source),
        this,
    };
    instances::of(template.part, plan).into_iter().map(made).collect()
}

fn place(template: &Template, name: &str, plan: &Plan<'_>) -> RepoPath {
    let path = match template.path.strip_prefix(FOLDER) {
        Some(rest) => format!("{}{rest}", plan.root.text("folder")),
        None => template.path.to_owned(),
    };
    RepoPath::root().join_clamped(&path.replacen('*', name, 1))
}

fn value(json: Json) -> Value {
    Value::from(Serde(json))
}

fn environment(plan: &Plan<'_>) -> Result<Environment<'static>, Error> {
    let mut environment = Environment::new();
    environment.set_syntax(syntax()?);
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| AutoEscape::None);
    environment.add_filter("mount", |text: String| text.trim_matches('/').to_owned());
    environment.add_filter("yaml", |text: String| quote::yaml(&text));
    environment.add_filter("substituted", |text: String| quote::yaml_substituted(&text));
    let written = if !plan.variables.is_empty() { quote::yaml_substituted } else { quote::yaml };
    environment.add_filter("written", move |text: String| written(&text));
    environment.add_filter("sh", |text: String| quote::shell(&text));
    environment.add_filter("hcl", |text: String| quote::hcl(&text));
    environment.add_filter("code", |text: String| quote::code(&text));
    for template in TEMPLATES {
        environment.add_template(template.source, template.text)?;
    }
    for (name, text) in instances::OTHERS {
        environment.add_template(name, text)?;
    }
    Ok(environment)
}

fn syntax() -> Result<SyntaxConfig, Error> {
    SyntaxConfig::builder()
        .block_delimiters("<%", "%>")
        .variable_delimiters("<<", ">>")
        .comment_delimiters("<#", "#>")
        .trim_blocks(true)
        .lstrip_blocks(true)
        .keep_trailing_newline(true)
        .build()
}
