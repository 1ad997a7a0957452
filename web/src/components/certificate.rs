//! What the proof assumes, and the certificate: every requirement with what guarantees it.
use super::Handle;
use super::parts::{act, mark};
use super::verdict::standing_mark;
use crate::proof;
use crate::state::{Action, Lens};
use crate::text;
use crate::wire::{Cluster, Report, Requirement};
use yew::prelude::*;

/// The facts outside the repository that the proof rests on.
pub(crate) fn assumptions(report: &Report) -> Html {
    let all = proof::assumptions(report);
    if all.is_empty() {
        return Html::default();
    }
    html! {
        <>
            <h3>{ text::ASSUMED_HEAD }</h3>
            <ul class="facts">
                { for all.iter().map(|one| html! { <li>{ mark("assumed") }<span>{ &one.what }<span class="why">{ &one.why }</span></span></li> }) }
            </ul>
        </>
    }
}

/// What the proof holds for: the versions that were found or taken for given.
pub(crate) fn targets(report: &Report) -> Html {
    let named = [
        ("Flux", &report.targets.flux),
        ("Kubernetes", &report.targets.kubernetes),
        ("External Secrets", &report.targets.external_secrets),
    ];
    let known: Vec<String> = named
        .iter()
        .filter(|(_, version)| !version.is_empty())
        .map(|(name, version)| format!("{name} {version}"))
        .collect();
    if known.is_empty() {
        return Html::default();
    }
    html! { <p class="hint targets">{ format!("Holds for {}.", known.join(", ")) }</p> }
}

/// The groups of the certificate; each requirement leads to its line.
pub(crate) fn certificate(app: &Handle, report: &Report) -> Html {
    html! {
        <>
            <div class="cert-h"><h3>{ text::CERTIFICATE }</h3><a href="#delivery" class="num">{ text::SEE_TABLE }</a></div>
            <div class="cert">
                { match &report.clusters[..] {
                    [one] => groups(app, &one.certificate),
                    several => several.iter().enumerate().map(|(at, one)| cluster(app, at, one)).collect(),
                } }
            </div>
        </>
    }
}

/// Of several clusters, the one that was opened shows its groups.
fn cluster(app: &Handle, at: usize, one: &Cluster) -> Html {
    let proof = &one.proof;
    let open = app.wanted == Some(at);
    let kept = app.certificates.get(&at);
    html! {
        <div class="cl" key={at}>
            <button class="card-t" type="button" aria-expanded={open.to_string()} onclick={act(app, move || Action::Certificate(at))}>
                <svg class="ic chev" aria-hidden="true"><use href="#i-chev"></use></svg>
                <span class="card-n">{ proof::named(one).to_owned() }</span>
                <span class="num">{ tally(proof.proven, proof.broken, proof.assumed) }</span>
            </button>
            { for open.then(|| groups(app, kept.map_or(&one.certificate[..], |kept| &kept[..]))) }
        </div>
    }
}

fn groups(app: &Handle, certificate: &[Requirement]) -> Html {
    proof::groups(certificate).into_iter().map(|(name, members)| group(app, name, &members)).collect()
}

fn tally(proven: usize, broken: usize, assumed: usize) -> String {
    match (proven + broken, assumed) {
        (0, _) => format!("{assumed} assumed"),
        (asked, 0) => format!("{proven} of {asked}"),
        (asked, _) => format!("{proven} of {asked}, {assumed} assumed"),
    }
}

fn group(app: &Handle, name: &str, members: &[&Requirement]) -> Html {
    let (proven, broken, assumed) = proof::counted(members);
    html! {
        <details key={name.to_owned()} open={broken > 0}>
            <summary><span>{ text::group(name).to_owned() }</span>{ " " }<span class="num">{ tally(proven, broken, assumed) }</span></summary>
            <ol class="reqs">{ for members.iter().map(|one| item(app, one)) }</ol>
        </details>
    }
}

fn item(app: &Handle, one: &Requirement) -> Html {
    let words = html! { <><span class="no">{ one.number }</span>{ format!(" {}: ", one.need) }<span class="needs">{ &one.needs }</span></> };
    let place = proof::place(one).filter(|place| {
        app.layout.as_ref().is_some_and(|layout| layout.files.iter().any(|file| file.path == place.path))
    });
    let title = match place {
        Some(place) => {
            let lens = Lens { path: place.path.clone(), line: place.line, said: said(one) };
            let dispatcher = app.dispatcher();
            let onclick = Callback::from(move |_: MouseEvent| dispatcher.dispatch(Action::Lens(lens.clone())));
            html! { <button class="fixit rq" type="button" title={format!("{}:{}", place.path, place.line)} {onclick}>{ words }</button> }
        }
        None => html! { <span class="rq">{ words }</span> },
    };
    html! { <li>{ standing_mark(one.verdict.standing()) }{ title }<span class="why">{ proof::because(one) }</span></li> }
}

fn said(one: &Requirement) -> String {
    let because = proof::because(one);
    let reason = if because.is_empty() { String::new() } else { format!(" Guaranteed by: {because}.") };
    format!("Requirement {}. {}: {}.{reason}", one.number, one.need, one.needs)
}
