//! Text of a file with a line gutter, coloured as YAML.
use super::parts::mark;
use crate::yaml::{self, Ink};
use std::collections::BTreeSet;
use yew::prelude::*;

/// A text to show, and what is to be seen in it.
#[derive(Clone, Copy)]
pub(crate) struct Sheet<'t> {
    pub(crate) text: &'t str,
    pub(crate) label: &'t str,
    /// Lines that carry the proof, 1-based.
    pub(crate) proof: &'t BTreeSet<usize>,
    /// The first and last line of what is wrong.
    pub(crate) bad: Option<(usize, usize)>,
    pub(crate) lens: Option<&'t (usize, AttrValue)>,
    /// The lines to show, first and last; all where absent.
    pub(crate) window: Option<(usize, usize)>,
    pub(crate) yaml: bool,
}

static NONE: BTreeSet<usize> = BTreeSet::new();

impl<'t> Sheet<'t> {
    pub(crate) const fn new(text: &'t str, label: &'t str) -> Self {
        Self { text, label, proof: &NONE, bad: None, lens: None, window: None, yaml: true }
    }
}

pub(crate) fn code(sheet: &Sheet<'_>) -> Html {
    let lines = if sheet.yaml {
        yaml::lines(sheet.text)
    } else {
        sheet.text.lines().map(|line| vec![(Ink::Plain, line)]).collect()
    };
    let (first, last) = sheet.window.unwrap_or((1, lines.len()));
    let shown = lines.into_iter().enumerate().map(|(at, pieces)| (at + 1, pieces));
    let shown = shown.filter(|(number, _)| (first..=last).contains(number));
    html! {
        <pre class="code" tabindex="0" role="region" aria-label={sheet.label.to_owned()}>
            <code>{ for shown.map(|(number, pieces)| line(sheet, number, &pieces)) }</code>
        </pre>
    }
}

fn line(sheet: &Sheet<'_>, number: usize, pieces: &[yaml::Piece<'_>]) -> Html {
    let bad = sheet.bad.is_some_and(|(first, last)| (first..=last).contains(&number));
    let class = classes!("l", sheet.proof.contains(&number).then_some("proof"), bad.then_some("bad"));
    let piece = |(ink, text): &yaml::Piece<'_>| match ink {
        Ink::Plain => html! { { (*text).to_owned() } },
        _ => html! { <b class={ink.class()}>{ (*text).to_owned() }</b> },
    };
    let lens = sheet
        .lens
        .filter(|(at, _)| *at == number)
        .map(|(_, said)| html! { <span class={classes!("lens", bad.then_some("bad"))} id="lens">{ said }</span> });
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
