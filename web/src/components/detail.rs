//! One finding: what, why, what to do, where, and how it happens as lanes over time.
use super::Handle;
use super::code::{Sheet, code};
use super::parts::{act, icon, mark, named_mark, prose, severity};
use crate::state::{Action, Repository};
use crate::text;
use crate::wire::{Beat, Finding, Location};
use yew::prelude::*;

pub(crate) fn detail(app: &Handle) -> Html {
    let Repository::Checked { report, .. } = &app.repository else {
        return Html::default();
    };
    let Some(finding) = report.findings.get(app.finding) else {
        return html! { <article class="detail" aria-labelledby="fd-h"><h2 id="fd-h" class="vh">{ "No finding" }</h2><p class="none">{ "Nothing was found. The certificate of every requirement is in " }<a href="#delivery">{ "Delivery" }</a>{ "." }</p></article> };
    };
    html! {
        <article class="detail" aria-labelledby="fd-h">
            { kick(app, finding) }
            <h2 id="fd-h" tabindex="-1">{ &finding.message }</h2>
            { for (!finding.why.is_empty()).then(|| html! { <p class="cause">{ prose(&finding.why) }</p> }) }
            { facts(finding) }
            { for (!finding.help.is_empty()).then(|| html! { <section class="fix"><div class="sec-h"><h3>{ "What to do" }</h3></div><p class="cause">{ prose(&finding.help) }</p></section> }) }
            { snippet(app, finding) }
            { trace(&finding.trace) }
            { related(&finding.related) }
        </article>
    }
}

fn kick(app: &Handle, finding: &Finding) -> Html {
    let listed = app.listed();
    let place =
        listed.iter().position(|index| *index == app.finding).map(|at| format!("{} of {}", at + 1, listed.len()));
    let step = |forward: bool, label: &'static str, sign: &str| {
        let onclick = app.neighbour(forward).map(|next| act(app, move || Action::Finding(next)));
        html! { <button class="icon" type="button" aria-label={label} {onclick}>{ icon(sign) }</button> }
    };
    let class = classes!(
        "sev",
        match finding.severity {
            crate::wire::Severity::Error => "err",
            crate::wire::Severity::Warning => "wrn",
            crate::wire::Severity::Info => "inf",
        }
    );
    html! {
        <div class="kick">
            <span {class}>{ mark(severity(finding.severity)) }{ text::severity(finding.severity) }</span>
            <a href={format!("#rules/{}", finding.rule)}><code>{ &finding.rule }</code></a>
            <span class="num">{ place }</span>
            <span class="acts">{ step(false, "Previous finding, Shift F8", "prev") }{ step(true, "Next finding, F8", "next") }</span>
        </div>
    }
}

fn facts(finding: &Finding) -> Html {
    let place = format!("{}:{}", finding.location.path, finding.location.line);
    let mut facts = vec![("Where", html! { <code>{ place }</code> })];
    facts.extend(finding.verdict.map(|verdict| ("Order", html! { { text::verdict(verdict) } })));
    facts.extend(
        finding
            .costs
            .as_ref()
            .map(|costs| ("Costs", html! { { format!("up to {} a lost round", text::delay(costs.delay_seconds)) } })),
    );
    facts.extend((!finding.cluster.is_empty()).then(|| ("Cluster", html! { { &finding.cluster } })));
    facts.extend((!finding.clusters.is_empty()).then(|| ("Clusters", html! { { finding.clusters.join(", ") } })));
    facts.extend((!finding.confidence.is_empty()).then(|| ("Certainty", html! { { &finding.confidence } })));
    html! { <dl class="facts3">{ for facts.into_iter().map(|(name, fact)| html! { <div><dt>{ name }</dt><dd>{ fact }</dd></div> }) }</dl> }
}

fn snippet(app: &Handle, finding: &Finding) -> Html {
    let Some((path, text)) = app.snippet.as_ref().filter(|(path, _)| *path == finding.location.path) else {
        return Html::default();
    };
    let (line, end) = (finding.location.line, finding.location.end_line.max(finding.location.line));
    let window = (line.saturating_sub(3).max(1), (end.min(line + 12)) + 3);
    html! {
        <section aria-labelledby="sn-h">
            <div class="sec-h"><h3 id="sn-h">{ "Where it stands" }</h3><span class="num">{ path.clone() }</span></div>
            <div class="snippet">{ code(&Sheet { bad: Some((line, end)), window: Some(window), ..Sheet::new(text, path) }) }</div>
        </section>
    }
}

/// The actors of a trace, each a lane, in the order in which they first act.
fn lanes(trace: &[Beat]) -> Vec<&str> {
    let mut lanes: Vec<&str> = Vec::new();
    for beat in trace {
        if !lanes.contains(&beat.actor.as_str()) {
            lanes.push(&beat.actor);
        }
    }
    lanes
}

/// As many steps fit beside each other; more run down the page.
const LANES: usize = 8;

fn trace(trace: &[Beat]) -> Html {
    if trace.is_empty() {
        return Html::default();
    }
    html! {
        <section class="trace" aria-labelledby="tr-h">
            <div class="sec-h"><h3 id="tr-h">{ "How it happens" }</h3><span class="num">{ text::count(trace.len(), "step") }</span></div>
            { if trace.len() > LANES { html! { <ol class="beats">{ for trace.iter().map(|beat| step(Classes::new(), beat)) }</ol> } } else { side_by_side(trace) } }
        </section>
    }
}

fn side_by_side(trace: &[Beat]) -> Html {
    let lanes = lanes(trace);
    let row = |actor: &str| lanes.iter().position(|lane| *lane == actor).map_or(1, |at| at + 1);
    let place = |at: usize, beat: &Beat| {
        let last = trace.len().max(3) - 2;
        let breaks = !beat.error.is_empty();
        let column = if breaks { at.min(last) } else { at };
        classes!(format!("c{column}"), format!("r{}", row(&beat.actor)), breaks.then_some("to-end"))
    };
    html! {
        <div class={classes!("lanes", format!("n{}", trace.len()))}>
            <div class="lane-names" aria-hidden="true">{ for lanes.iter().map(|lane| html! { <span class={format!("ln r{}", row(lane))}>{ (*lane).to_owned() }</span> }) }</div>
            <ol class="steps">{ for trace.iter().enumerate().map(|(at, beat)| step(place(at, beat), beat)) }</ol>
        </div>
    }
}

fn step(place: Classes, beat: &Beat) -> Html {
    let breaks = !beat.error.is_empty();
    html! {
        <li class={classes!("st", place, breaks.then_some("break"))}>
            { for breaks.then(|| named_mark("broken", "Breaks here")) }
            <span class="tt"><b>{ &beat.at }</b></span>
            <span class="who">{ &beat.actor }</span>{ " " }
            <span class="tx">{ prose(&beat.event) }</span>
            { for breaks.then(|| html! { <code class="verb">{ &beat.error }</code> }) }
        </li>
    }
}

fn related(related: &[Location]) -> Html {
    if related.is_empty() {
        return Html::default();
    }
    let one = |place: &Location| html! { <li>{ mark("info") }<span><code>{ format!("{}:{}", place.path, place.line) }</code>{ " " }{ &place.message }</span></li> };
    html! { <section aria-labelledby="rl-h"><div class="sec-h"><h3 id="rl-h">{ "Has to do with it" }</h3></div><ul class="facts">{ for related.iter().map(one) }</ul></section> }
}
