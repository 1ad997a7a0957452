//! The Delivery view: every requirement of every cluster as a table, and the chain of the chosen one.
use super::Handle;
use super::certificate::targets;
use super::parts::{act, mark, standing};
use super::verdict::{counts, headline, strip, word};
use crate::proof::{self, Standing, Totals};
use crate::state::{Action, Repository, Subject};
use crate::text;
use crate::wire::{Cluster, Report, Requirement, Step, Verdict};
use yew::prelude::*;

pub(crate) fn delivery(app: &Handle) -> Html {
    let Some(report) = app.subject() else {
        return html! { <p class="none">{ "Nothing to deliver yet." }</p> };
    };
    let totals = Totals::of(&report);
    html! {
        <div class="v-delivery">
            <div class="vband slim">
                <div class="verdict">
                    <div class="say">{ headline(word(totals), "vd-h", 1) }{ counts(totals) }{ targets(&report) }</div>
                    { strip(&report) }
                </div>
            </div>
            <section class="canvas" aria-label="Delivery">
                { subject(app) }
                { for report.clusters.iter().enumerate().map(|(at, cluster)| table(app, &report, at, cluster)) }
            </section>
            { chain(app, &report) }
        </div>
    }
}

/// Whose delivery or build: the layout's, or that of the repository, where one is open.
pub(crate) fn subject(app: &Handle) -> Html {
    let Repository::Checked { name, .. } = &app.repository else {
        return Html::default();
    };
    let one = |subject: Subject, label: String| {
        html! {
            <label><input type="radio" name="subject" checked={app.subject == subject} onchange={act(app, move || Action::Subject(subject))} /><span>{ label }</span></label>
        }
    };
    html! {
        <div class="bar"><fieldset class="seg"><legend class="vh">{ "Of" }</legend><div class="segs">
            { one(Subject::Layout, "This layout".to_owned()) }{ one(Subject::Repository, name.clone()) }
        </div></fieldset></div>
    }
}

/// The certificate of a cluster: of the layout's, the worker may have kept it back.
fn certificate<'a>(app: &'a Handle, report: &'a Report, at: usize) -> &'a [Requirement] {
    let own = report.clusters.get(at).map(|cluster| &cluster.certificate[..]).unwrap_or_default();
    let kept = app.certificates.get(&at).filter(|_| report.clusters.get(at).is_some_and(Cluster::is_kept));
    kept.map_or(own, |kept| kept)
}

fn table(app: &Handle, report: &Report, at: usize, cluster: &Cluster) -> Html {
    let name = proof::named(cluster).to_owned();
    let lines = certificate(app, report, at);
    if lines.is_empty() && cluster.is_kept() {
        let show = act(app, move || Action::Certificate(at));
        let said = text::of_requirements(cluster.proof.proven, cluster.proof.proven);
        return html! { <div class="bar"><h2>{ format!("Delivery of {name}") }</h2><span class="num">{ said }</span><button class="fixit" type="button" onclick={show}>{ "Show" }<span class="vh">{ format!(" the delivery of {name}") }</span></button></div> };
    }
    html! {
        <>
            <div class="bar"><h2>{ format!("Delivery of {name}") }</h2><span class="num">{ format!("{}, {}", text::count(cluster.kustomizations, "Kustomization"), text::count(cluster.resources, "resource")) }</span></div>
            <div class="tblwrap" tabindex="0" role="region" aria-label={format!("Requirements of {name}")}>
                <table class="tbl">
                    <caption class="vh">{ "What must come first, for every object, and why it does or does not" }</caption>
                    <thead><tr>{ for ["No.", "Object", "Must come first", "Why", "Order"].map(|head| html! { <th scope="col">{ head }</th> }) }</tr></thead>
                    <tbody>{ for lines.iter().enumerate().map(|(index, one)| line(app, at, index, one)) }</tbody>
                </table>
            </div>
        </>
    }
}

fn line(app: &Handle, cluster: usize, index: usize, one: &Requirement) -> Html {
    let current = app.requirement == (cluster, index);
    let (kind, name) = one.need.split_once('/').unwrap_or(("", &one.need));
    let because = proof::because(one);
    html! {
        <tr key={index} class={classes!(current.then_some("cur"), (one.verdict.standing() == Standing::Broken).then_some("bad"))}>
            <td class="num">{ one.number }</td>
            <th scope="row"><button class="fixit" type="button" aria-current={current.then_some("true")} onclick={act(app, move || Action::Requirement(cluster, index))}><span class="kd">{ kind.to_owned() }</span>{ " " }{ name.to_owned() }</button></th>
            <td data-l="Must come first">{ &one.needs }</td>
            <td data-l="Why">{ if because.is_empty() { html! { <span class="none-s">{ "nothing" }</span> } } else { html! { { because } } } }</td>
            <td>{ order(one.verdict) }</td>
        </tr>
    }
}

fn order(verdict: Verdict) -> Html {
    let class = match verdict.standing() {
        Standing::Proven => "ord-p",
        Standing::Broken => "ord-b",
        Standing::Assumed => "ord-a",
    };
    html! { <span class={classes!("ord", class)}>{ mark(standing(verdict.standing())) }{ text::verdict(verdict) }</span> }
}

fn chain(app: &Handle, report: &Report) -> Html {
    let (cluster, index) = app.requirement;
    let all = certificate(app, report, cluster);
    let Some(one) = all.get(index) else { return Html::default() };
    let all = all.len();
    html! {
        <aside class="chain" aria-labelledby="ch-h">
            <p class="kick">{ order(one.verdict) }<span class="num">{ format!("requirement {} of {all}", one.number) }</span></p>
            <h2 id="ch-h">{ format!("{}: {}", one.need, one.needs) }</h2>
            { for (!one.why.is_empty()).then(|| html! { <p class="cause">{ &one.why }</p> }) }
            { for (!one.path.is_empty()).then(|| html! { <><h3>{ "Chain" }</h3><ol class="links">{ for one.path.iter().map(|step| link(step, one.verdict.standing())) }</ol></> }) }
            { for one.location.as_ref().map(|place| html! { <p class="hint"><code>{ format!("{}:{}", place.path, place.line) }</code></p> }) }
        </aside>
    }
}

fn link(step: &Step, whole: Standing) -> Html {
    html! {
        <li class={classes!((whole == Standing::Assumed).then_some("un"))}>
            { mark(if whole == Standing::Assumed { "assumed" } else { "proven" }) }
            <span>
                <b>{ &step.event }</b>
                { for (!step.because.is_empty()).then(|| html! { <span class="why">{ format!("because of: {}", step.because) }</span> }) }
                { for step.location.as_ref().map(|place| html! { <span class="why"><code>{ format!("{}:{}", place.path, place.line) }</code></span> }) }
            </span>
        </li>
    }
}
