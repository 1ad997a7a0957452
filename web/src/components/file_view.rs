//! The chosen file, for reading, with the lines that carry the proof marked.
use super::Handle;
use super::code::{Sheet, carried, code};
use super::parts::{Copy, icon};
use crate::{engine, proof, text};
use web_sys::{ScrollIntoViewOptions, ScrollLogicalPosition};
use yew::prelude::*;

pub(crate) fn file_view(app: &Handle) -> Html {
    let Some(layout) = &app.layout else {
        return Html::default();
    };
    let Some(file) = layout.files.iter().find(|file| file.path == app.file) else {
        return Html::default();
    };
    let (folders, name) = file.path.rsplit_once('/').map_or(("", file.path.as_str()), |split| split);
    let lines = proof::carried(&layout.report, &file.path).into_keys().collect::<std::collections::BTreeSet<_>>();
    let lens = app
        .lens
        .as_ref()
        .filter(|lens| lens.path == file.path)
        .map(|lens| (lens.line, AttrValue::from(lens.said.clone())));
    let download = {
        let (name, text) = (name.to_owned(), file.text.clone());
        Callback::from(move |_: MouseEvent| engine::save_text(&name, &text))
    };
    let total = file.text.lines().count();
    html! {
        <div class="editor">
            <div class="bar">
                <p class="crumbs">{ for folders.split('/').filter(|one| !one.is_empty()).map(|one| html! { <>{ one.to_owned() }<span class="sl">{ "/" }</span></> }) }<strong>{ name.to_owned() }</strong></p>
                <div class="acts">
                    <Copy text={file.text.to_string()} label="Copy this file" />
                    <button class="icon" type="button" aria-label="Download this file" onclick={download}>{ icon("down-to") }</button>
                </div>
            </div>
            { code(&Sheet { proof: &lines, lens: lens.as_ref(), yaml: !name.ends_with(".md"), ..Sheet::new(&file.text, &file.path) }) }
            <p class="filefoot">
                { carried(total, lines.len()) }
                <span class="num">{ format!("{}, {}", text::count(total, "line"), text::bytes(file.text.len() as u64)) }</span>
            </p>
        </div>
    }
}

/// Brings the line that something points at into sight.
pub(crate) fn reveal() {
    let lens =
        web_sys::window().and_then(|window| window.document()).and_then(|document| document.get_element_by_id("lens"));
    if let Some(lens) = lens {
        let options = ScrollIntoViewOptions::new();
        options.set_block(ScrollLogicalPosition::Nearest);
        lens.scroll_into_view_with_scroll_into_view_options(&options);
    }
}
