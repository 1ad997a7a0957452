//! A layout to files.

use crate::template::{ENTRY, Part, TEMPLATES, Template};
use crate::validate::validate;
use crate::{AuthMethod, CaSource, ChartSource, Layout, LayoutProblem, Mode, Tree, TreeFile, picture, quote};
use fluxproof_yaml::RepoPath;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, Value};
use minijinja::{AutoEscape, Environment, Error, UndefinedBehavior};
use serde::Serialize;

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
    let bootstrapped = layout.embed.kustomization == "flux-system" && layout.namespaces.flux == "flux-system";
    if layout.mode == Mode::Repository || bootstrapped {
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
    environment()?.render_named_str(ENTRY, text, Value::from(Serde(Context::of(layout, &[]))))
}

fn defect(error: Error) -> Vec<LayoutProblem> {
    let message = format!("a template of this program is wrong: {error:#}");
    vec![LayoutProblem::new("", message).help("please report this with the config")]
}

fn files(layout: &Layout) -> Result<Vec<TreeFile>, Error> {
    let chosen: Vec<(RepoPath, &Template)> =
        TEMPLATES.iter().filter(|template| is_chosen(template.part, layout)).map(|t| (place(t, layout), t)).collect();
    let context = Value::from(Serde(Context::of(layout, &chosen)));
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
    match part {
        Part::Always => true,
        Part::Repository => layout.mode == Mode::Repository,
        Part::AppRole => layout.vault.auth.method == AuthMethod::AppRole,
        Part::Token => layout.vault.auth.method == AuthMethod::Token,
        Part::Oci => layout.chart.source == ChartSource::Oci,
    }
}

fn place(template: &Template, layout: &Layout) -> RepoPath {
    let path = template.path.replace("clusters/cluster/", &format!("clusters/{}/", layout.cluster));
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
#[derive(Serialize)]
struct Context<'l> {
    #[serde(flatten)]
    layout: &'l Layout,
    tag: String,
    entry: &'l str,
    account: Option<&'l str>,
    secret: Option<Secret<'l>>,
    ca: Option<CaObject<'l>>,
    files: Vec<File>,
    picture: String,
}

/// The Secret that the store logs in with.
#[derive(Serialize)]
struct Secret<'l> {
    file: &'static str,
    name: &'l str,
    fields: Vec<&'l str>,
    decryption: &'l str,
}

/// The object with the certificate of Vault's authority.
#[derive(Serialize)]
struct CaObject<'l> {
    kind: &'static str,
    name: &'l str,
    key: &'l str,
    namespace: &'l str,
}

/// A generated file, for the README.
#[derive(Serialize)]
struct File {
    path: String,
    why: &'static str,
}

impl<'l> Context<'l> {
    fn of(layout: &'l Layout, chosen: &[(RepoPath, &Template)]) -> Self {
        let noted: Vec<_> = chosen.iter().map(|(path, template)| (path.clone(), template.note.to_owned())).collect();
        let file = |(path, template): &(RepoPath, &Template)| File { path: path.to_string(), why: template.why };
        let embedded = layout.mode == Mode::Embed;
        Self {
            layout,
            tag: format!("v{}", layout.version),
            entry: if embedded { &layout.embed.kustomization } else { "external-secrets" },
            account: account(layout),
            secret: secret(layout),
            ca: ca(layout),
            files: chosen.iter().map(file).collect(),
            picture: picture::picture(&noted),
        }
    }
}

/// The operator's account, where the chart has to be told its name.
fn account(layout: &Layout) -> Option<&str> {
    let name = layout.vault.auth.kubernetes.service_account.as_str();
    (layout.vault.auth.method == AuthMethod::Kubernetes && name != "external-secrets").then_some(name)
}

fn secret(layout: &Layout) -> Option<Secret<'_>> {
    let auth = &layout.vault.auth;
    match auth.method {
        AuthMethod::Kubernetes => None,
        AuthMethod::AppRole => Some(Secret {
            file: "secret-approle.yaml",
            name: &auth.app_role.secret,
            fields: vec![&auth.app_role.role_id_key, &auth.app_role.secret_id_key],
            decryption: &auth.app_role.decryption_secret,
        }),
        AuthMethod::Token => Some(Secret {
            file: "secret-token.yaml",
            name: &auth.token.secret,
            fields: vec![&auth.token.key],
            decryption: &auth.token.decryption_secret,
        }),
    }
}

fn ca(layout: &Layout) -> Option<CaObject<'_>> {
    let (kind, reference) = match layout.vault.ca.source {
        CaSource::ConfigMap => ("ConfigMap", &layout.vault.ca.config_map),
        CaSource::Secret => ("Secret", &layout.vault.ca.secret),
        CaSource::System | CaSource::Bundle => return None,
    };
    let namespace = reference.namespace.as_deref().unwrap_or(&layout.namespaces.operator);
    Some(CaObject { kind, name: &reference.name, key: &reference.key, namespace })
}
