//! The Build view: what a folder or a Flux Kustomization comes to, and beside each line the text that says it.
use super::Handle;
use super::code::{Sheet, code};
use super::delivery::subject;
use super::file_view::reveal;
use super::parts::{act, focus, icon, mark};
use crate::build::{Built, Line, Origin, Place, Target, sources};
use crate::state::Action;
use crate::{text, yaml};
use std::rc::Rc;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

/// Lines that are shown; a terminal prints them all.
const SHOWN: usize = 2_000;

pub(crate) fn build(app: &Handle) -> Html {
    html! {
        <div class="v-build">
            <div class="pick">
                <h1>{ "Build" }</h1>
                { subject(app) }
                { choice(app) }
                <p class="hint">{ text::BUILD_LEAD }</p>
            </div>
            { match &app.built {
                None => html! { <p class="none">{ if app.targets.is_empty() { text::NOTHING_TO_BUILD } else { text::BUILDING } }</p> },
                Some(Err(why)) => html! { <section class="prov" aria-label="The build"><pre class="said" role="alert" tabindex="0">{ why }</pre></section> },
                Some(Ok(built)) => lines(app, built),
            } }
            { source(app) }
        </div>
    }
}

fn choice(app: &Handle) -> Html {
    let onchange = {
        let dispatcher = app.dispatcher();
        Callback::from(move |event: Event| {
            let select: HtmlSelectElement = event.target_unchecked_into();
            dispatcher.dispatch(Action::Target(usize::try_from(select.selected_index()).unwrap_or_default()));
        })
    };
    let of = |flux: bool| app.targets.iter().enumerate().filter(move |(_, target)| target.flux.is_empty() != flux);
    let option =
        |(at, target): (usize, &Target)| html! { <option selected={at == app.target}>{ target.label() }</option> };
    let group = |flux: bool, label: &'static str| {
        let any = of(flux).next().is_some();
        html! { <>{ for any.then(|| html! { <optgroup {label}>{ for of(flux).map(option) }</optgroup> }) }</> }
    };
    html! {
        <div class="field"><label for="bt">{ "What is built" }</label>
        <div class="sel"><select id="bt" {onchange} disabled={app.targets.is_empty()}>{ group(true, "Flux Kustomizations") }{ group(false, "Folders, as kustomize build") }</select>{ icon("down") }</div></div>
    }
}

fn lines(app: &Handle, built: &Rc<Built>) -> Html {
    let all = built.lines.len();
    let texts: Vec<&str> = built.lines.iter().take(SHOWN).map(|line| line.text.as_str()).collect();
    let joined = texts.join("\n");
    let pieces = yaml::lines(&joined);
    let rows = built.lines.iter().zip(pieces).enumerate();
    let mut last = "";
    let mut shown = Vec::new();
    for (at, (line, pieces)) in rows {
        let path = line.origin.as_ref().map_or("", |origin| origin.place.path.as_str());
        shown.push(row(app, at, line, &pieces, !path.is_empty() && path == last));
        last = path;
    }
    html! {
        <section class="prov" aria-label="The build, line by line">
            <div class="bar"><h2>{ app.targets.get(app.target).map(Target::label) }</h2><span class="num">{ format!("{} from {}", text::count(all, "line"), text::count(sources(built), "file")) }</span></div>
            <div class="provwrap" onkeydown={keys(app, built)}>
                <table>
                    <thead><tr><th scope="col">{ "What is applied" }</th><th scope="col">{ "Where it comes from" }</th></tr></thead>
                    <tbody>{ for shown }</tbody>
                </table>
                { for (all > SHOWN).then(|| html! { <p class="none">{ format!("The first {}. fluxproof build --provenance prints all.", text::count(SHOWN, "line")) }</p> }) }
            </div>
        </section>
    }
}

fn row(app: &Handle, at: usize, line: &Line, pieces: &[yaml::Piece<'_>], again: bool) -> Html {
    let piece = |(ink, text): &yaml::Piece<'_>| html! { <b class={ink.class()}>{ (*text).to_owned() }</b> };
    let current = app.line == at;
    html! {
        <tr key={at} class={classes!(current.then_some("cur"))}>
            <td class="yl"><code>{ for pieces.iter().map(piece) }</code></td>
            <td class="yo">{ for line.origin.as_ref().map(|origin| origins(app, at, origin, again)) }</td>
        </tr>
    }
}

/// The text that says a line, and what that stands over. All of a line's places are one stop with the arrow keys.
fn origins(app: &Handle, at: usize, origin: &Origin, again: bool) -> Html {
    let one = |(step, origin): (usize, &Origin)| {
        let full = format!("{}:{}", origin.place.path, origin.place.line);
        let short = if again && step == 0 { format!(":{}", origin.place.line) } else { full.clone() };
        let place = origin.place.clone();
        let current = app.source.as_ref() == Some(&place) && app.line == at;
        html! {
            <>
                { for (step > 0).then_some(" over ") }
                <button class="fixit" type="button" id={(step == 0).then(|| format!("bl-{at}"))} tabindex={if app.line == at { "0" } else { "-1" }} aria-label={full} aria-current={current.then_some("true")} onclick={act(app, move || Action::Source(at, place.clone()))}>{ short }</button>
                { for (!origin.by.is_empty()).then(|| html! { <span class="by">{ " " }{ &origin.by }</span> }) }
            </>
        }
    };
    html! { <>{ for origin.history().into_iter().enumerate().map(one) }</> }
}

/// The arrow keys walk the lines that have an origin.
fn keys(app: &Handle, built: &Rc<Built>) -> Callback<KeyboardEvent> {
    let (dispatcher, built, line) = (app.dispatcher(), built.clone(), app.line);
    Callback::from(move |event: KeyboardEvent| {
        let with_origin = |at: &usize| built.lines.get(*at).is_some_and(|line| line.origin.is_some());
        let end = built.lines.len().min(SHOWN);
        let next = match event.key().as_str() {
            "ArrowDown" => (line + 1..end).find(with_origin),
            "ArrowUp" => (0..line.min(end)).rev().find(with_origin),
            "Home" => (0..end).find(with_origin),
            "End" => (0..end).rev().find(with_origin),
            _ => return,
        };
        event.prevent_default();
        if let Some(next) = next {
            dispatcher.dispatch(Action::Line(next));
            focus(&format!("bl-{next}"));
        }
    })
}

/// The file that a line comes from, at its place.
fn source(app: &Handle) -> Html {
    let Some(Place { path, line }) = &app.source else {
        return html! { <section class="origin" aria-label="Where a line comes from"><p class="none">{ text::CHOOSE_LINE }</p></section> };
    };
    let text = app.source_text();
    let lens = (*line, AttrValue::from(text::SAYS_LINE));
    html! {
        <section class="origin" aria-labelledby="og-h">
            <div class="bar">{ mark("info") }<h2 id="og-h"><code>{ format!("{path}:{line}") }</code></h2></div>
            { for text.as_deref().map(|text| html! { { code(&Sheet { lens: Some(&lens), ..Sheet::new(text, path) }) } }) }
        </section>
    }
}

/// Brings the place into sight once the file is there.
#[hook]
pub(crate) fn use_source(app: &Handle) {
    let there = app.source_text().is_some();
    use_effect_with((app.source.clone(), app.line, there), |(source, ..)| {
        if source.is_some() {
            reveal();
        }
    });
}
