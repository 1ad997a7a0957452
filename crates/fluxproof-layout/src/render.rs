//! A layout to files.

use crate::template::{ENTRY, Part, TEMPLATES, Template};
use crate::validate::validate;
use crate::values::Section;
use crate::{Layout, LayoutProblem, Tree, TreeFile, picture, quote};
use fluxproof_yaml::RepoPath;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, Value};
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
    let text = TEMPLATES.iter().find(|template| template.path == ENTRY).map_or("", |template| template.text);
    environment()?.render_named_str(ENTRY, text, context(layout, &[]))
}

fn defect(error: Error) -> Vec<LayoutProblem> {
    let message = format!("a template of this program is wrong: {error:#}");
    vec![LayoutProblem::new("", message).help("please report this with the config")]
}

fn files(layout: &Layout) -> Result<Vec<TreeFile>, Error> {
    let chosen: Vec<(RepoPath, &Template)> =
        TEMPLATES.iter().filter(|template| is_chosen(template.part, layout)).map(|t| (place(t, layout), t)).collect();
    let context = context(layout, &chosen);
    let environment = environment()?;
    let mut files = Vec::new();
    for (path, template) in chosen {
        let text = environment.render_named_str(template.path, template.text, context.clone())?;
        files.push(TreeFile { path, text });
    }
    fluxproof_order::sort_by(&mut files, |a, b| a.path.cmp(&b.path));
    Ok(files)
}

fn is_chosen(part: Part, layout: &Layout) -> bool {
    let root = layout.root();
    match part {
        Part::Always => true,
        Part::Repository => root.is("mode", "repository"),
        Part::AppRole => root.is("vault.auth.method", "appRole"),
        Part::Token => root.is("vault.auth.method", "token"),
        Part::Oci => root.is("chart.source", "oci"),
    }
}

fn place(template: &Template, layout: &Layout) -> RepoPath {
    let path = template.path.replace("clusters/cluster/", &format!("clusters/{}/", layout.root().text("cluster")));
    RepoPath::root().join_clamped(&path)
}

fn environment() -> Result<Environment<'static>, Error> {
    let mut environment = Environment::new();
    environment.set_syntax(syntax()?);
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| AutoEscape::None);
    environment.add_filter("mount", |text: String| text.trim_matches('/').to_owned());
    environment.add_filter("yaml", |text: String| quote::yaml(&text));
    environment.add_filter("substituted", |text: String| quote::yaml_substituted(&text));
    environment.add_filter("sh", |text: String| quote::shell(&text));
    environment.add_filter("hcl", |text: String| quote::hcl(&text));
    environment.add_filter("code", |text: String| quote::code(&text));
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

/// What the templates see: the config under its own names, and what follows from it.
fn context(layout: &Layout, chosen: &[(RepoPath, &Template)]) -> Value {
    let root = layout.root();
    let noted: Vec<_> = chosen.iter().map(|(path, template)| (path.clone(), template.note.to_owned())).collect();
    let file = |(path, template): &(RepoPath, &Template)| json!({"path": path.as_str(), "why": template.why});
    let mut context = root.values().clone();
    let embedded = root.is("mode", "embed");
    let derived = [
        ("tag", json!(format!("v{}", root.text("version")))),
        ("entry", json!(if embedded { root.text("embed.kustomization") } else { "external-secrets" })),
        ("account", json!(account(&root))),
        ("secret", json!(secret(&root))),
        ("ca", json!(ca(&root))),
        ("files", chosen.iter().map(file).collect()),
        ("picture", json!(picture::picture(&noted))),
    ];
    context.extend(derived.map(|(name, value)| (name.to_owned(), value)));
    Value::from(Serde(Json::Object(context)))
}

/// The operator's account, where the chart has to be told its name.
fn account<'l>(root: &Section<'l>) -> Option<&'l str> {
    let name = root.text("vault.auth.kubernetes.serviceAccount");
    (root.is("vault.auth.method", "kubernetes") && name != "external-secrets").then_some(name)
}

/// The Secret that the store logs in with.
fn secret(root: &Section<'_>) -> Option<Json> {
    let (file, method, keys): (_, _, &[&str]) = match root.text("vault.auth.method") {
        "appRole" => ("secret-approle.yaml", "appRole", &["roleIdKey", "secretIdKey"]),
        "token" => ("secret-token.yaml", "token", &["key"]),
        _ => return None,
    };
    let of = |field: &str| root.text(&format!("vault.auth.{method}.{field}"));
    let keys: Vec<&str> = keys.iter().map(|key| of(key)).collect();
    Some(json!({"file": file, "name": of("secret"), "fields": keys, "decryption": of("decryptionSecret")}))
}

/// The object with the certificate of Vault's authority.
fn ca(root: &Section<'_>) -> Option<Json> {
    let kind = match root.text("vault.ca.source") {
        "configMap" => "ConfigMap",
        "secret" => "Secret",
        _ => return None,
    };
    let of = |field: &str| root.text(&format!("vault.ca.{}.{field}", root.text("vault.ca.source")));
    let namespace = if of("namespace").is_empty() { root.text("namespaces.operator") } else { of("namespace") };
    Some(json!({"kind": kind, "name": of("name"), "key": of("key"), "namespace": namespace}))
}
