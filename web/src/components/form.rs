//! The config form, generated from the layout's own description of its fields.
use super::Handle;
use super::parts::{act, icon};
use super::section::{controls, groups, is_wrong, unclaimed};
use crate::config::Section;
use crate::describe::{Field, Kind};
use crate::engine;
use crate::state::Action;
use crate::text;
use wasm_bindgen_futures::spawn_local;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

pub(crate) fn config_form(app: &Handle) -> Html {
    let onsubmit = Callback::from(|event: SubmitEvent| event.prevent_default());
    let part = app.config.section("", &app.fields);
    html! {
        <form class="form" aria-labelledby="cfg-h" {onsubmit}>
            <div class="pane-h">
                <h1 id="cfg-h">{ "Layout" }</h1>
                { for (&*app.sent != "{}").then(|| html! {
                    <div class="acts"><button class="btn quiet sm" type="button" onclick={act(app, || Action::Reset)}>{ "Reset" }</button></div>
                }) }
            </div>
            { preset(app) }
            { unclaimed(app, part, "") }
            { for groups(&app.fields).into_iter().map(|(name, fields)| group(app, part, name, &fields)) }
        </form>
    }
}

/// Configs to start from. One that was changed since is none of them.
fn preset(app: &Handle) -> Html {
    let chosen = app.presets.iter().position(|(_, sent)| **sent == *app.sent);
    let onchange = {
        let dispatcher = app.dispatcher();
        Callback::from(move |event: Event| {
            if let Ok(index) = event.target_unchecked_into::<HtmlSelectElement>().value().parse() {
                dispatcher.dispatch(Action::Preset(index));
            }
        })
    };
    let help = chosen.and_then(|chosen| app.presets.get(chosen)).map_or(text::OWN_HELP, |(preset, _)| &preset.help);
    html! {
        <div class="field preset">
            <label for="preset">{ "Preset" }</label>
            <div class="sel">
                <select id="preset" aria-describedby="preset-h" {onchange}>
                    { for chosen.is_none().then(|| html! { <option selected=true value="">{ text::OWN }</option> }) }
                    { for app.presets.iter().enumerate().map(|(at, (preset, _))| html! {
                        <option value={at.to_string()} selected={chosen == Some(at)}>{ &preset.name }</option>
                    }) }
                </select>
                { icon("down") }
            </div>
            <p class="hint help" id="preset-h">{ help.to_owned() }</p>
        </div>
    }
}

/// A group with good defaults is folded until something of it is set.
fn group<'a>(app: &'a Handle, part: Section<'a>, name: &str, fields: &[&'a Field]) -> Html {
    let Some(inside) = controls(app, part, "", fields) else { return Html::default() };
    let inside = html! { <>{ inside }{ for fields.iter().any(|field| field.path == "crds.source").then(|| crds(app, part)) }</> };
    if !text::FOLDED.contains(&name) {
        return html! { <fieldset key={name.to_owned()} class="grp"><legend>{ name.to_owned() }</legend>{ inside }</fieldset> };
    }
    let set = fields.iter().filter(|field| part.sent_of(field).is_some()).count();
    let open = set > 0 || fields.iter().any(|field| is_wrong(app, "", field));
    html! {
        <details key={name.to_owned()} class="grp fold" {open}>
            <summary>{ name.to_owned() }{ " " }<span class="num">{ size(part, fields, set) }</span></summary>
            <fieldset><legend class="vh">{ name.to_owned() }</legend>{ inside }</fieldset>
        </details>
    }
}

/// How much there is in a group: items of a list, fields that are set, or fields.
fn size<'a>(part: Section<'a>, fields: &[&'a Field], set: usize) -> String {
    let lists = fields.iter().filter(|field| field.kind == Kind::Items);
    let items = lists.map(|field| (part.items(field).len(), text::item(&field.path)));
    let items: Vec<String> =
        items.filter(|(number, _)| *number > 0).map(|(number, one)| text::count(number, one)).collect();
    match set {
        _ if !items.is_empty() => items.join(", "),
        0 => text::count(fields.iter().filter(|field| part.shown(field)).count(), "field"),
        set => format!("{set} set"),
    }
}

/// The files with the CRDs, where a copy of them is to lie in the repository.
fn crds(app: &Handle, part: Section<'_>) -> Html {
    let source = part.fields.iter().find(|field| field.path == "crds.source");
    if source.is_none_or(|source| *part.value(source) != "vendored") {
        return Html::default();
    }
    let onchange = {
        let dispatcher = app.dispatcher();
        Callback::from(move |event: Event| {
            let folder = engine::picked(&event.target_unchecked_into::<HtmlInputElement>());
            let dispatcher = dispatcher.clone();
            spawn_local(async move { dispatcher.dispatch(Action::Crds(engine::give(folder).await)) });
        })
    };
    let names = &app.crds.1;
    let given = if names.len() > 3 { text::count(names.len(), "file") } else { names.join(", ") };
    html! {
        <div class="field crds">
            <label for="f-crds">{ text::CRDS }</label>
            <input id="f-crds" type="file" multiple=true accept=".yaml,.yml" aria-describedby="f-crds-h" {onchange} />
            <p class="hint help" id="f-crds-h">{ if names.is_empty() { text::CRDS_HELP.to_owned() } else { format!("{given}. {}", text::CRDS_KEPT) } }</p>
        </div>
    }
}
