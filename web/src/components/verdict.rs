//! The verdict: one word, one sentence, one strip; and its short form at the foot of a narrow page.
use super::parts::{mark, standing, tomb};
use crate::proof::{self, Standing, Totals};
use crate::text;
use crate::wire::{Cluster, Report};
use yew::prelude::*;

/// One word: proven or not.
#[derive(Clone, Copy)]
pub(crate) struct Word {
    pub(crate) text: &'static str,
    pub(crate) class: &'static str,
    pub(crate) mark: &'static str,
}

pub(crate) const WORKING: Word = Word { text: text::WORKING, class: "wait", mark: "assumed" };

pub(crate) fn word(totals: Totals) -> Word {
    if totals.holds() {
        Word { text: text::PROVEN, class: "ok", mark: "proven" }
    } else if totals.asked() == 0 && totals.errors == 0 {
        Word { text: text::NOTHING, class: "wait", mark: "assumed" }
    } else {
        Word { text: text::NOT_PROVEN, class: "no", mark: "broken" }
    }
}

/// The word in the largest type of the page. `level` is the heading's.
pub(crate) fn headline(word: Word, id: &'static str, level: usize) -> Html {
    let inside = html! { <>{ tomb(word.mark) }<span>{ word.text }</span></> };
    let class = classes!("vword", word.class);
    if level == 1 {
        html! { <h1 {id} {class}>{ inside }</h1> }
    } else {
        html! { <h2 {id} {class}>{ inside }</h2> }
    }
}

/// `31 of 31 requirements, 2 outside facts assumed`.
pub(crate) fn counts(totals: Totals) -> Html {
    let said = text::of_requirements(totals.proven, totals.asked());
    match text::facts_assumed(totals.assumed) {
        Some(facts) => {
            html! { <p class="vcount">{ said }{ ", " }<span class="nb">{ facts }</span></p> }
        }
        None => html! { <p class="vcount">{ said }</p> },
    }
}

/// How many squares a person still takes in.
const SQUARES: usize = 600;

/// One square a requirement, in the certificate's order, or one a cluster. One image, with a sentence as its name.
pub(crate) fn strip(report: &Report) -> Html {
    let totals = Totals::of(report);
    let all = totals.asked() + totals.assumed;
    let by_cluster = all > SQUARES && report.clusters.len() > 1;
    let (squares, one) = if by_cluster { (report.clusters.len(), "cluster") } else { (all, "requirement") };
    let label = format!(
        "{}, one a {one}: {} proven, {} broken, {} assumed",
        text::count(squares, "square"),
        totals.proven,
        totals.broken,
        totals.assumed
    );
    let square = |standing: Standing| {
        let class = match standing {
            Standing::Proven => "p",
            Standing::Broken => "b",
            Standing::Assumed => "a",
        };
        html! { <i class={classes!("q", class)}></i> }
    };
    if by_cluster {
        let worst = |cluster: &Cluster| if cluster.proof.broken > 0 { Standing::Broken } else { Standing::Proven };
        let squares = report.clusters.iter().map(|cluster| square(worst(cluster)));
        return html! { <div class="strip" role="img" aria-label={label}><span class="g">{ for squares }</span></div> };
    }
    let groups = report.clusters.iter().flat_map(|cluster| proof::groups(&cluster.certificate));
    html! {
        <div class="strip" role="img" aria-label={label}>
            { for groups.map(|(_, members)| html! { <span class="g">{ for members.iter().map(|one| square(one.verdict.standing())) }</span> }) }
        </div>
    }
}

/// The mark and the word of a standing, for tables and lists.
pub(crate) fn standing_mark(one: Standing) -> Html {
    super::parts::named_mark(standing(one), text::standing(one))
}

#[derive(Properties, PartialEq)]
pub(crate) struct BarProps {
    pub(crate) totals: Totals,
    pub(crate) children: Children,
}

/// The short verdict, while the full one is out of sight.
#[component]
pub(crate) fn VerdictBar(props: &BarProps) -> Html {
    let node = use_node_ref();
    {
        let node = node.clone();
        use_effect_with((), move |()| {
            let full = full_verdict();
            if let (Some(full), Some(bar)) = (full, node.cast::<web_sys::Element>()) {
                crate::engine::watch(&full, &bar);
            }
        });
    }
    let word = word(props.totals);
    html! {
        <div class="vbar" ref={node} role="region" aria-label="Verdict in short">
            <p>
                <span class={classes!("vw", word.class)}>{ mark(word.mark) }{ word.text }</span>
                <span class="num">{ format!("{} of {}", props.totals.proven, props.totals.asked()) }</span>
            </p>
            { for props.children.iter() }
        </div>
    }
}

fn full_verdict() -> Option<web_sys::Element> {
    web_sys::window()?.document()?.query_selector(".verdict").ok().flatten()
}
