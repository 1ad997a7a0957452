//! Text of a file with a line gutter, coloured as YAML.
use super::parts::mark;
use crate::yaml::{self, Ink};
use std::collections::BTreeSet;
use std::rc::Rc;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(crate) struct CodeProps {
    pub(crate) text: Rc<str>,
    pub(crate) label: AttrValue,
    /// Lines that carry the proof, 1-based.
    #[prop_or_default]
    pub(crate) proof: BTreeSet<usize>,
    /// The first and last line of what is wrong.
    #[prop_or_default]
    pub(crate) bad: Option<(usize, usize)>,
    #[prop_or_default]
    pub(crate) lens: Option<(usize, AttrValue)>,
    /// The lines to show, first and last; all where absent.
    #[prop_or_default]
    pub(crate) window: Option<(usize, usize)>,
    #[prop_or(true)]
    pub(crate) yaml: bool,
}

#[component]
pub(crate) fn Code(props: &CodeProps) -> Html {
    let lines = if props.yaml {
        yaml::lines(&props.text)
    } else {
        props
            .text
            .lines()
            .map(|line| vec![(Ink::Plain, line)])
            .collect()
    };
    let (first, last) = props.window.unwrap_or((1, lines.len()));
    let shown = lines
        .into_iter()
        .enumerate()
        .map(|(at, pieces)| (at + 1, pieces));
    let shown = shown.filter(|(number, _)| (first..=last).contains(number));
    html! {
        <pre class="code" tabindex="0" role="region" aria-label={props.label.clone()}>
            <code>{ for shown.map(|(number, pieces)| line(props, number, &pieces)) }</code>
        </pre>
    }
}

fn line(props: &CodeProps, number: usize, pieces: &[yaml::Piece<'_>]) -> Html {
    let bad = props
        .bad
        .is_some_and(|(first, last)| (first..=last).contains(&number));
    let class = classes!(
        "l",
        props.proof.contains(&number).then_some("proof"),
        bad.then_some("bad")
    );
    let piece = |(ink, text): &yaml::Piece<'_>| match ink {
        Ink::Plain => html! { { (*text).to_owned() } },
        _ => html! { <b class={ink.class()}>{ (*text).to_owned() }</b> },
    };
    let lens = props.lens.as_ref().filter(|(at, _)| *at == number).map(|(_, said)| html! { <span class={classes!("lens", bad.then_some("bad"))} id="lens">{ said }</span> });
    html! {
        <>
            <span {class} data-n={number.to_string()}>{ for pieces.iter().map(piece) }</span>
            { for lens }
        </>
    }
}

/// What is said under a file of how much of it carries the proof.
pub(crate) fn carried(lines: usize, proof: usize) -> Html {
    match proof {
        0 => html! { <span class="key">{ "No line here carries the proof" }</span> },
        _ => {
            html! { <span class="key">{ mark("proven") }{ format!("{proof} of {} carry the proof", crate::text::count(lines, "line")) }</span> }
        }
    }
}
