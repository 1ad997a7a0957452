//! The playground. It speaks JSON with the plugin module, the very file that CI runs, in a Web Worker;
//! it links nothing of the engine.
#[macro_use]
mod read;

mod components;
mod config;
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
            Ok(start) => mount(State::new(start.engine, start.fields, start.rules)),
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

/// Without the checker there is nothing to show but why.
fn refuse(why: &str) {
    let document = web_sys::window().and_then(|window| window.document());
    if let Some(line) = document.and_then(|document| document.get_element_by_id("no-checker")) {
        line.set_text_content(Some(&format!("{} {} ({why})", text::NO_MODULE_HEAD, text::NO_MODULE_TEXT)));
        // The attribute is there, as index.html has it.
        drop(line.remove_attribute("hidden"));
    }
}
