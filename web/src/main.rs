//! The playground. It speaks JSON with the plugin module, the very file that CI runs, in a Web Worker;
//! it links nothing of the engine.
#[macro_use]
mod read;

mod build;
mod components;
mod config;
mod describe;
mod engine;
mod markdown;
mod proof;
mod rule;
mod state;
mod text;
mod tree;
mod wire;
mod yaml;

use components::app::{App, AppProps};
use state::State;
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;

fn main() {
    spawn_local(async {
        match engine::start().await {
            Ok(start) => mount(State::new(start.engine, start.fields, start.presets, start.rules)),
            Err(why) => refuse(&why),
        }
    });
}

/// Replaces the static shell, which stood until now.
fn mount(state: State) {
    let root =
        web_sys::window().and_then(|window| window.document()).and_then(|document| document.get_element_by_id("app"));
    if let Some(root) = root {
        yew::Renderer::<App>::with_root_and_props(root, AppProps { start: Rc::new(state) }).render();
    }
}

/// Without the checker the shell stays, and says why.
fn refuse(why: &str) {
    let document = web_sys::window().and_then(|window| window.document());
    let find = |selector: &str| document.as_ref()?.query_selector(selector).ok().flatten();
    let said = format!("{} {} ({why})", text::NO_MODULE_HEAD, text::NO_MODULE_TEXT);
    let shell =
        [("#no-checker p", said.as_str()), ("#first-word", text::NOT_LOADED), ("#first-foot", text::NOT_LOADED)];
    for (selector, words) in shell {
        if let Some(element) = find(selector) {
            element.set_text_content(Some(words));
        }
    }
    if let Some(banner) = find("#no-checker") {
        // The attribute is there, as index.html has it.
        drop(banner.remove_attribute("hidden"));
    }
}
