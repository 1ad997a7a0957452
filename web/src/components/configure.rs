//! The Configure view: the form, the files, the file, the verdict.
use super::Handle;
use super::certificate::{assumptions, certificate, targets};
use super::file_tree::file_tree;
use super::file_view::file_view;
use super::form::config_form;
use super::parts::{Copy, act, icon, mark};
use super::verdict::{VerdictBar, WORKING, counts, headline, strip, word};
use crate::proof::Totals;
use crate::state::Action;
use crate::text;
use crate::wire::Generated;
use yew::prelude::*;

pub(crate) fn configure(app: &Handle, download: &Callback<()>) -> Html {
    let totals = app.layout.as_ref().map(|layout| Totals::of(&layout.report));
    html! {
        <>
            <div class="v-configure">
                { config_form(app) }
                <section class="work" aria-labelledby="files-h">{ file_tree(app) }{ file_view(app) }</section>
                { proof_pane(app, download) }
            </div>
            { for totals.map(|totals| html! { <VerdictBar {totals}>{ short(app, download) }</VerdictBar> }) }
        </>
    }
}

fn short(app: &Handle, download: &Callback<()>) -> Html {
    match app.problems.first() {
        Some(_) => {
            html! { <a class="btn" href="#configure" onclick={to_field(app)}>{ corrections(app) }</a> }
        }
        None => {
            html! { <button class="btn primary" type="button" onclick={download.reform(|_: MouseEvent| ())}>{ text::DOWNLOAD }</button> }
        }
    }
}

fn corrections(app: &Handle) -> String {
    format!("{} to correct", text::count(app.problems.len(), "field"))
}

/// Moves the focus to the first field to correct.
fn to_field(app: &Handle) -> Callback<MouseEvent> {
    let dispatcher = app.dispatcher();
    Callback::from(move |event: MouseEvent| {
        event.prevent_default();
        dispatcher.dispatch(Action::Correct);
    })
}

fn proof_pane(app: &Handle, download: &Callback<()>) -> Html {
    let Some(layout) = &app.layout else {
        return html! { <section class="verdict-box" aria-labelledby="vd-h"><div class="verdict">{ headline(WORKING, "vd-h", 2) }</div></section> };
    };
    html! {
        <section class="verdict-box" aria-labelledby="vd-h">
            <div class="verdict">
                <div class="say">
                    { headline(word(Totals::of(&layout.report)), "vd-h", 2) }
                    { counts(Totals::of(&layout.report)) }
                    { note(app, Totals::of(&layout.report)) }
                </div>
                { strip(&layout.report) }
                <div class="do">{ button(app, download) }{ facts(app, layout) }</div>
            </div>
            <div class="vmore">
                { before(app, layout) }
                { terminal(app) }
                { assumptions(&layout.report) }
                { certificate(app, &layout.report) }
                { targets(&layout.report) }
            </div>
        </section>
    }
}

fn note(app: &Handle, totals: Totals) -> Html {
    let stale = |said: &str, more: Html| html! { <p class="vnote stale">{ mark("late") }<span>{ said.to_owned() }{ more }</span></p> };
    if app.trap.is_some() {
        return stale(text::STALE_TRAP, Html::default());
    }
    match app.problems.first() {
        Some(_) => stale(
            text::STALE_CONFIG,
            html! { <>{ " " }<button class="fixit" type="button" onclick={to_field(app)}>{ corrections(app) }</button>{ "." }</> },
        ),
        None if totals.holds() => html! { <p class="vnote">{ text::HOLDS }</p> },
        None => Html::default(),
    }
}

/// A button that cannot work stays focusable and says why.
fn button(app: &Handle, download: &Callback<()>) -> Html {
    let off = !app.problems.is_empty();
    let onclick = if off { to_field(app) } else { download.reform(|_: MouseEvent| ()) };
    html! {
        <button id="download" class="btn primary" type="button" aria-disabled={off.then_some("true")} aria-describedby="download-facts" {onclick}>
            { icon("down-to") }{ text::DOWNLOAD }<kbd>{ "Ctrl Enter" }</kbd>
        </button>
    }
}

fn facts(app: &Handle, layout: &Generated) -> Html {
    if !app.problems.is_empty() {
        return html! { <p class="meta" id="download-facts">{ format!("Waits for a valid configuration. {}.", corrections(app)) }</p> };
    }
    let size = format!("{}, {}", text::count(layout.files.len(), "file"), text::bytes(layout.zip.size));
    let digest = layout.zip.sha256.trim_start_matches("sha256:").to_owned();
    html! {
        <p class="meta" id="download-facts">
            <span class="num">{ &layout.zip.name }</span>
            <span class="num">{ size }</span>
            <span class="digest">{ "sha256 " }<code class="sha" id="zip-digest" title={digest.clone()}>{ digest.get(..12).unwrap_or(&digest).to_owned() }</code><Copy text={digest} label="Copy the whole digest" tiny=true /></span>
        </p>
    }
}

/// The README of the tree says what has to be done by hand.
fn before(app: &Handle, layout: &Generated) -> Html {
    let Some(readme) = layout.files.iter().find(|file| file.path.ends_with("README.md")) else {
        return Html::default();
    };
    let path = readme.path.clone();
    html! {
        <>
            <h3>{ text::BEFORE_COMMIT }</h3>
            <p class="todo"><button class="fixit" type="button" onclick={act(app, move || Action::File(path.clone()))}>{ "README.md" }</button>{ " says what has to be there first, for this very selection." }</p>
        </>
    }
}

fn terminal(app: &Handle) -> Html {
    let config: &str = &app.layout_config;
    let crds = if config.contains(r#""source":"vendored""#) { " --crds DIR" } else { "" };
    let command = if config == "{}" {
        "fluxproof generate .".to_owned()
    } else {
        format!("echo '{}' | fluxproof generate . --config -{crds}", config.replace('\'', r"'\''"))
    };
    html! {
        <>
            <h3>{ text::FROM_TERMINAL }</h3>
            <div class="cmd"><pre tabindex="0" role="region" aria-label="Command"><code>{ command.clone() }</code></pre><Copy text={command} label="Copy the command" /></div>
        </>
    }
}
