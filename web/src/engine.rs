//! The plugin behind its worker, as async functions. Only this module and `main` speak with JavaScript.
use crate::describe::{Field, Preset, whole};
use crate::read::{Read, parse};
use crate::rule::{Page, Rule};
use crate::state::{Answer, Engine, Lane};
use crate::{build, wire};
use serde_json::json;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{DataTransfer, Element, HtmlInputElement};

#[wasm_bindgen(raw_module = "./host.js")]
extern "C" {
    type Reply;
    #[wasm_bindgen(method, getter)]
    fn status(this: &Reply) -> Option<u8>;
    #[wasm_bindgen(method, getter)]
    fn stdout(this: &Reply) -> Option<String>;
    #[wasm_bindgen(method, getter)]
    fn stderr(this: &Reply) -> Option<String>;
    #[wasm_bindgen(method, getter)]
    fn bytes(this: &Reply) -> Option<js_sys::Uint8Array>;
    #[wasm_bindgen(method, getter)]
    fn ms(this: &Reply) -> Option<f64>;
    #[wasm_bindgen(method, getter)]
    fn trap(this: &Reply) -> Option<String>;
    #[wasm_bindgen(method, getter)]
    fn digest(this: &Reply) -> Option<String>;
    #[wasm_bindgen(method, getter)]
    fn size(this: &Reply) -> Option<f64>;
    #[wasm_bindgen(method, getter)]
    fn failed(this: &Reply) -> Option<String>;

    /// A folder as the person gave it: its name, and its files.
    #[derive(Clone)]
    pub(crate) type Folder;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn name(this: &Folder) -> String;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn count(this: &Folder) -> usize;
    #[wasm_bindgen(method, getter)]
    fn files(this: &Folder) -> JsValue;

    async fn plugin() -> Reply;
    async fn ask(request: &str, files: &JsValue, progress: &JsValue) -> Reply;
    pub(crate) fn picked(input: &HtmlInputElement) -> Folder;
    #[wasm_bindgen(catch)]
    pub(crate) async fn dropped(transfer: &DataTransfer) -> Result<Folder, JsValue>;
    fn made(name: &str, files: &str) -> Folder;
    fn save(name: &str, content: &JsValue, kind: &str);
    #[wasm_bindgen(catch)]
    pub(crate) async fn copy(text: &str) -> Result<JsValue, JsValue>;
    pub(crate) fn watch(target: &Element, bar: &Element);
}

/// What has to be known before the page can be drawn.
pub(crate) struct Start {
    pub(crate) engine: Engine,
    pub(crate) fields: Vec<Field>,
    pub(crate) presets: Vec<Preset>,
    pub(crate) rules: Vec<Rule>,
}

/// Waits for the plugin and asks it what it can do.
pub(crate) async fn start() -> Result<Start, String> {
    let module = plugin().await;
    if let Some(why) = module.failed() {
        return Err(why);
    }
    let version = say("version", &["--version"]).await?;
    let fields = whole(parse(&say("fields", &["schema", "fields"]).await?)?);
    let presets = parse(&say("presets", &["schema", "presets"]).await?)?;
    let rules = rules(&say("rules", &["rules", "--format", "json"]).await?)?;
    let engine = Engine {
        version: version.lines().next().unwrap_or_default().to_owned(),
        digest: module.digest(),
        size: module.size().unwrap_or_default() as u64,
    };
    Ok(Start { engine, fields, presets, rules })
}

/// `rules --format json` is a list, or an object that holds one.
fn rules(text: &str) -> Result<Vec<Rule>, String> {
    let value: serde_json::Value = parse(text)?;
    Ok(Vec::read(value.get("rules").unwrap_or(&value)))
}

async fn say(lane: &str, args: &[&str]) -> Result<String, String> {
    let reply = ask(&json!({ "lane": lane, "args": args }).to_string(), &JsValue::UNDEFINED, &JsValue::UNDEFINED).await;
    match reply.trap() {
        Some(trap) => Err(trap),
        None if reply.status() == Some(0) => Ok(reply.stdout().unwrap_or_default()),
        None => Err(format!("{}: {}", args.join(" "), reply.stderr().unwrap_or_default())),
    }
}

async fn request(lane: Lane, args: &[&str], config: Option<&str>) -> Reply {
    let request = json!({ "lane": lane.name(), "args": args, "config": config });
    ask(&request.to_string(), &JsValue::UNDEFINED, &JsValue::UNDEFINED).await
}

/// What every answer may be instead of what was asked for.
fn settled(reply: &Reply) -> Option<Answer> {
    match (reply.trap(), reply.status()) {
        (Some(trap), _) => Some(Answer::Trapped(trap)),
        (None, None) => Some(Answer::Nothing),
        (None, Some(3)) => Some(Answer::Trapped(reply.stderr().unwrap_or_default())),
        _ => None,
    }
}

/// The arguments that name the files with the CRDs, where some were given.
const fn given(crds: bool) -> &'static [&'static str] {
    if crds { &["--crds", "crds"] } else { &[] }
}

/// A certificate that the worker kept back.
pub(crate) async fn certificate(cluster: usize) -> Answer {
    let request = json!({ "lane": "certificate", "certificate": cluster });
    let reply = ask(&request.to_string(), &JsValue::UNDEFINED, &JsValue::UNDEFINED).await;
    let certificate = reply.stdout().and_then(|text| parse(&text).ok());
    certificate.map_or(Answer::Nothing, |certificate| Answer::Certificate { cluster, certificate })
}

/// Hands the worker the files with the CRDs, and says their names.
pub(crate) async fn give(folder: Folder) -> Vec<String> {
    let request = json!({ "lane": "crds", "crds": true }).to_string();
    let reply = ask(&request, &folder.files(), &JsValue::UNDEFINED).await;
    reply.stdout().unwrap_or_default().lines().map(str::to_owned).collect()
}

/// Generates the layout of a config and proves it.
pub(crate) async fn generate(config: Rc<str>, crds: bool) -> Answer {
    let args = [&["generate", "--format", "json", "--config", "-"], given(crds)].concat();
    let reply = request(Lane::Generate, &args, Some(&config)).await;
    if let Some(answer) = settled(&reply) {
        return answer;
    }
    let ms = reply.ms().unwrap_or_default();
    match parse::<wire::Generated>(&reply.stdout().unwrap_or_default()) {
        Ok(generated) => Answer::Layout { generated, config, ms },
        Err(error) => Answer::Trapped(format!("generate: {error}; {}", reply.stderr().unwrap_or_default())),
    }
}

/// Asks for the zip of a config and hands it to the browser as a download.
pub(crate) async fn download(config: &str, crds: bool, name: &str) -> Answer {
    let args = [&["generate", "--zip", "-", "--config", "-"], given(crds)].concat();
    let request = json!({ "lane": Lane::Zip.name(), "binary": true, "args": args, "config": config });
    let reply = ask(&request.to_string(), &JsValue::UNDEFINED, &JsValue::UNDEFINED).await;
    match (settled(&reply), reply.bytes()) {
        (Some(answer), _) => answer,
        (None, Some(bytes)) if reply.status() == Some(0) => {
            save(name, &bytes, "application/zip");
            Answer::Nothing
        }
        _ => Answer::Trapped(format!("zip: {}", reply.stderr().unwrap_or_default())),
    }
}

/// Reads a folder in the worker and proves it. `progress` hears of files done and in all.
pub(crate) async fn check(folder: &Folder, progress: impl Fn(u32, u32) + 'static) -> Answer {
    let progress = Closure::<dyn Fn(u32, u32)>::new(progress);
    // To the plugin the name is a word in its messages: what it reads is what the worker hands it.
    let name = folder.name();
    let operand = if name.is_empty() || name.starts_with('-') { "." } else { &name };
    let args = ["prove", operand, "--format", "json", "--fail-on", "never"];
    let request = json!({ "lane": Lane::Check.name(), "args": args });
    let reply = ask(&request.to_string(), &folder.files(), progress.as_ref()).await;
    if let Some(answer) = settled(&reply) {
        return answer;
    }
    let ms = reply.ms().unwrap_or_default();
    match parse::<wire::Report>(&reply.stdout().unwrap_or_default()) {
        Ok(report) if reply.status() != Some(4) => Answer::Checked { name, report, ms },
        _ => Answer::Refused(crate::text::plain(&reply.stderr().unwrap_or_default())),
    }
}

/// The text of one file of the repository that was opened last.
pub(crate) async fn snippet(path: String) -> Answer {
    match file(Lane::Snippet, &path).await {
        Some(text) => Answer::Snippet { path, text },
        None => Answer::Nothing,
    }
}

/// A file of the repository, out of the worker.
async fn file(lane: Lane, path: &str) -> Option<String> {
    let request = json!({ "lane": lane.name(), "text": path });
    let reply = ask(&request.to_string(), &JsValue::UNDEFINED, &JsValue::UNDEFINED).await;
    reply.stdout().filter(|_| reply.status() == Some(0))
}

/// A request about the files of a layout, or about the repository that was opened last.
async fn about(lane: Lane, args: &[&str], at: &str, layout: Option<&wire::Generated>) -> Reply {
    let texts = |layout: &wire::Generated| {
        layout.files.iter().map(|file| (file.path.clone(), file.text.to_string())).collect::<Vec<_>>()
    };
    let request = json!({ "lane": lane.name(), "args": args, "at": at, "texts": layout.map(texts) });
    ask(&request.to_string(), &JsValue::UNDEFINED, &JsValue::UNDEFINED).await
}

/// What can be built of a layout, or of the repository.
pub(crate) async fn targets(layout: Option<Rc<wire::Generated>>) -> Answer {
    let graph = about(Lane::Targets, &["graph", ".", "--format", "json"], "", layout.as_deref()).await;
    if let Some(answer) = settled(&graph) {
        return answer;
    }
    let graph = parse::<build::Graph>(&graph.stdout().unwrap_or_default()).unwrap_or_default();
    if let Some(layout) = layout {
        return Answer::Targets(build::targets(&graph, layout.files.iter().map(|file| file.path.as_str())));
    }
    let request = json!({ "lane": Lane::Targets.name(), "list": true });
    let listed = ask(&request.to_string(), &JsValue::UNDEFINED, &JsValue::UNDEFINED).await;
    let listed = listed.stdout().unwrap_or_default();
    Answer::Targets(build::targets(&graph, listed.lines()))
}

/// Builds a folder or a Flux Kustomization, each line with its origin.
pub(crate) async fn build(target: build::Target, layout: Option<Rc<wire::Generated>>) -> Answer {
    let reply = about(Lane::Build, &target.args(), &target.at, layout.as_deref()).await;
    if let Some(answer) = settled(&reply) {
        return answer;
    }
    match parse(&reply.stdout().unwrap_or_default()) {
        Ok(built) if reply.status() == Some(0) => Answer::Built(Ok(built)),
        _ => Answer::Built(Err(reply.stderr().unwrap_or_default())),
    }
}

/// The text of a file that a build was made from.
pub(crate) async fn source(path: String) -> Answer {
    match file(Lane::Source, &path).await {
        Some(text) => Answer::Source { path, text },
        None => Answer::Nothing,
    }
}

/// The page of a rule.
pub(crate) async fn explain(name: String) -> Answer {
    let reply = request(Lane::Explain, &["explain", &name], None).await;
    settled(&reply).unwrap_or_else(|| Answer::Page(Page { text: reply.stdout().unwrap_or_default(), name }))
}

/// The first example of a rule's page, the broken one, as a folder.
pub(crate) async fn example(name: String) -> Option<Folder> {
    let request = json!({ "lane": "example", "args": ["explain", &name] });
    let reply = ask(&request.to_string(), &JsValue::UNDEFINED, &JsValue::UNDEFINED).await;
    let text = reply.stdout().filter(|_| reply.status() == Some(0))?;
    let (_, files) = crate::markdown::examples(&text).into_iter().next()?;
    Some(made(&name, &json!(files).to_string()))
}

/// A text as a file to download.
pub(crate) fn save_text(name: &str, text: &str) {
    save(name, &text.into(), "text/plain;charset=utf-8");
}
