//! The Check view: a repository is opened, read and proven.
use super::Handle;
use super::detail::detail;
use super::findings::findings;
use super::parts::{act, mark, tomb};
use super::verdict::{VerdictBar, counts, headline, strip, word};
use crate::engine::{self, Folder};
use crate::proof::Totals;
use crate::state::{Action, Dialog, Repository};
use crate::text;
use crate::wire::Report;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;
use yew::prelude::*;

pub(crate) fn check(app: &Handle, open: &Callback<Folder>, example: &Callback<String>) -> Html {
    match &app.repository {
        Repository::None => target(open, hint(), examples(app, example)),
        Repository::Refused(why) => target(
            open,
            html! { <p class="msg err" role="alert">{ mark("broken") }<span>{ why }</span></p> },
            examples(app, example),
        ),
        Repository::Reading { name, done, total } => reading(name, *done, *total),
        Repository::Checked { name, report, .. } => checked(app, name, report),
    }
}

/// How many rules are offered, each with a small repository that breaks it.
const SHOWN: usize = 6;

fn examples(app: &Handle, example: &Callback<String>) -> Html {
    let line = |rule: &crate::rule::Rule| {
        let name = rule.name.clone();
        let onclick = example.reform(move |_: MouseEvent| name.clone());
        html! { <li><button class="fixit" type="button" {onclick}>{ &rule.summary }</button><code class="num">{ &rule.name }</code></li> }
    };
    html! { <section aria-labelledby="ex-h"><h2 id="ex-h">{ text::EXAMPLES }</h2><ul class="exl">{ for app.rules.iter().take(SHOWN).map(line) }</ul></section> }
}

fn hint() -> Html {
    html! { <p class="hint">{ text::DROP_HINT }</p> }
}

/// Where a folder is chosen. A drop is taken anywhere on the page.
fn target(open: &Callback<Folder>, said: Html, below: Html) -> Html {
    let onclick = Callback::from(|_: MouseEvent| {
        let document = web_sys::window().and_then(|window| window.document());
        let input = document.and_then(|document| document.get_element_by_id("folder"));
        if let Some(input) = input.and_then(|input| input.dyn_into::<HtmlInputElement>().ok()) {
            input.click();
        }
    });
    let onchange = {
        let open = open.clone();
        Callback::from(move |event: Event| {
            let input: HtmlInputElement = event.target_unchecked_into();
            open.emit(engine::picked(&input));
            input.set_value("");
        })
    };
    html! {
        <div class="v-empty">
            <div class="drophere">
                <div class="target">
                    { tomb("assumed") }
                    <h1>{ text::DROP_HEAD }</h1>
                    <p class="lead">{ text::DROP_LEAD }</p>
                    <input id="folder" class="vh" type="file" webkitdirectory=true multiple=true tabindex="-1" aria-label={text::OPEN_FOLDER} {onchange} />
                    <div class="row center"><button class="btn primary" type="button" {onclick}>{ text::OPEN_FOLDER }</button></div>
                    { said }
                </div>
                { below }
            </div>
        </div>
    }
}

fn reading(name: &str, done: usize, total: usize) -> Html {
    html! {
        <div class="v-empty"><div class="drophere"><div class="target">
            { tomb("assumed") }
            <h1>{ format!("Reading {name}") }</h1>
            <div class="prog"><label for="pg">{ format!("{} of {}", text::thousands(done), text::count(total, "file")) }</label><progress id="pg" max={total.to_string()} value={done.to_string()}></progress></div>
        </div></div></div>
    }
}

fn checked(app: &Handle, name: &str, report: &Report) -> Html {
    let totals = Totals::of(report);
    html! {
        <>
            <div class="v-check">
                <div class="vband">
                    <div class="verdict">
                        <div class="say">
                            { headline(word(totals), "vc-h", 1) }
                            { counts(totals) }
                            <p class="vnote">{ about(name, report) }{ skipped(app, report) }</p>
                        </div>
                        { strip(report) }
                        <div class="do"><button class="btn" type="button" onclick={act(app, || Action::Close)}>{ text::OPEN_ANOTHER }</button></div>
                    </div>
                </div>
                { findings(app) }
                { detail(app) }
            </div>
            <VerdictBar {totals}><button class="btn" type="button" onclick={act(app, || Action::Close)}>{ text::OPEN_ANOTHER }</button></VerdictBar>
        </>
    }
}

fn about(name: &str, report: &Report) -> Html {
    let clusters: Vec<&str> = report.clusters.iter().map(crate::proof::named).collect();
    let sum = |count: fn(&crate::wire::Cluster) -> usize| report.clusters.iter().map(count).sum::<usize>();
    let which = match clusters.as_slice() {
        [] => String::new(),
        [one] => format!(", cluster {one}"),
        many => format!(", {} clusters", many.len()),
    };
    let said = format!(
        "{which}: {}, {}, {}. ",
        text::count(report.summary.files, "file"),
        text::count(sum(|one| one.kustomizations), "Kustomization"),
        text::count(sum(|one| one.helm_releases), "HelmRelease")
    );
    html! { <><strong>{ name.to_owned() }</strong>{ said }</> }
}

fn skipped(app: &Handle, report: &Report) -> Html {
    match report.summary.skipped.len() {
        0 => Html::default(),
        count => {
            html! { <button class="fixit" type="button" onclick={act(app, || Action::Dialog(Some(Dialog::Skipped)))}>{ format!("{} skipped", text::count(count, "file")) }</button> }
        }
    }
}
