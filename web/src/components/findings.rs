//! The findings, grouped by consequence: what a person decides by.
use super::Handle;
use super::parts::{icon, mark, named_mark, severity};
use crate::state::{Action, Repository};
use crate::text;
use crate::wire::{Finding, Report, Severity};
use web_sys::HtmlInputElement;
use yew::prelude::*;

pub(crate) fn findings(app: &Handle) -> Html {
    let Repository::Checked { report, .. } = &app.repository else {
        return Html::default();
    };
    let listed = app.listed();
    html! {
        <section class="list" aria-labelledby="fl-h">
            <div class="pane-h"><h2 id="fl-h">{ "Findings" }</h2><span class="num">{ report.findings.len() }</span></div>
            { filters(app, report) }
            <div class="scroll" tabindex="0" role="region" aria-label="Findings list">
                { for text::CONSEQUENCES.iter().map(|name| group(app, report, name, &listed)) }
                { for listed.is_empty().then(|| html! { <p class="none">{ nothing(report) }</p> }) }
            </div>
        </section>
    }
}

const fn nothing(report: &Report) -> &'static str {
    if report.findings.is_empty() { "No finding." } else { "No finding matches." }
}

fn filters(app: &Handle, report: &Report) -> Html {
    let oninput = {
        let dispatcher = app.dispatcher();
        Callback::from(move |event: InputEvent| {
            dispatcher.dispatch(Action::Query(event.target_unchecked_into::<HtmlInputElement>().value()))
        })
    };
    html! {
        <div class="filters" role="group" aria-label="Filter findings">
            <div class="find"><label class="vh" for="q">{ "Search rule, file or message" }</label>{ icon("search") }<input id="q" type="search" placeholder="Rule, file or message" spellcheck="false" autocomplete="off" value={app.query.clone()} {oninput} /></div>
            <div class="chips">{ for [(Severity::Error, "Errors"), (Severity::Warning, "Warnings"), (Severity::Info, "Info")].map(|(one, name)| chip(app, report, one, name)) }</div>
        </div>
    }
}

fn chip(app: &Handle, report: &Report, one: Severity, name: &'static str) -> Html {
    let count = report.findings.iter().filter(|finding| finding.severity == one).count();
    let on = !app.hidden.contains(&(one as u8));
    let onclick = super::parts::act(app, move || Action::Toggle(one as u8));
    html! { <button class="chip" type="button" aria-pressed={on.to_string()} {onclick}>{ mark(severity(one)) }{ name }{ " " }<span class="num">{ count }</span></button> }
}

fn group(app: &Handle, report: &Report, name: &'static str, listed: &[usize]) -> Html {
    let members: Vec<usize> =
        listed.iter().copied().filter(|index| text::consequence(report.findings[*index].verdict) == name).collect();
    if members.is_empty() {
        return Html::default();
    }
    let id = format!("fg-{}", name.to_lowercase().replace(' ', "-"));
    html! {
        <section key={name} class="fgrp" aria-labelledby={id.clone()}>
            <h3 {id}>{ name }{ " " }<span class="num">{ members.len() }</span></h3>
            <ul>{ for members.iter().map(|index| item(app, *index, &report.findings[*index])) }</ul>
        </section>
    }
}

fn item(app: &Handle, index: usize, finding: &Finding) -> Html {
    let onclick = {
        let dispatcher = app.dispatcher();
        Callback::from(move |event: MouseEvent| {
            event.prevent_default();
            dispatcher.dispatch(Action::Finding(index));
        })
    };
    let path = &finding.location.path;
    let (folder, name) = path.split_at(path.rfind('/').map_or(0, |slash| slash + 1));
    html! {
        <li key={index}>
            <a class="finding" href="#check" aria-current={(app.finding == index).then_some("true")} {onclick}>
                { named_mark(severity(finding.severity), text::severity(finding.severity)) }
                <span class="fm">{ &finding.message }</span>
                <span class="fr"><code>{ &finding.rule }</code></span>
                <span class="fl"><span class="path"><span class="pd">{ folder.to_owned() }</span><span class="pf">{ format!("{name}:{}", finding.location.line) }</span></span></span>
            </a>
        </li>
    }
}
