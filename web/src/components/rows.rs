//! A field that is a map: a row for each name and its value.
use super::field::{Spot, described, notes};
use super::parts::{act, icon, id};
use crate::config::{pairs, shown, typed};
use crate::describe::{Field, Kind};
use crate::state::Action;
use serde_json::Value;
use web_sys::HtmlInputElement;
use yew::prelude::*;

pub(crate) fn rows(spot: &Spot<'_>) -> Html {
    let all = pairs(spot.value());
    let label = &spot.field.label;
    html! {
        <fieldset class="many" id={spot.id()} tabindex="-1" aria-describedby={described(spot)}>
            <legend>{ label }{ " " }<span class="opt">{ "name and value" }</span></legend>
            { for (0..all.len()).map(|at| row(spot, &all, at)) }
            <button class="btn sm" type="button" id={id(&format!("{}.add", spot.path()))} onclick={add(spot, all.len())}>{ icon("plus") }{ "Add" }<span class="vh">{ format!(" to {label}") }</span></button>
            { notes(spot) }
        </fieldset>
    }
}

fn row(spot: &Spot<'_>, all: &[(String, Value)], at: usize) -> Html {
    let Some((name, value)) = all.get(at) else { return Html::default() };
    let said = |part: &str| format!("{}, {part} of row {}", spot.field.label, at + 1);
    let list = spot.path();
    let remove = act(spot.app, move || Action::Remove(list.clone(), at));
    let twice = !name.is_empty() && all.iter().take(at).any(|(other, _)| other == name);
    html! {
        <div class={classes!("pair", twice.then_some("bad"))} key={at}>
            <input id={format!("{}-{at}", spot.id())} type="text" aria-label={said("name")} value={name.clone()} placeholder="name" spellcheck="false" autocomplete="off" autocapitalize="off"
                aria-invalid={twice.then_some("true")} oninput={change(spot, at, 0)} />
            <input type="text" aria-label={said("value")} value={shown(value)} placeholder="value" spellcheck="false" autocomplete="off" autocapitalize="off"
                oninput={change(spot, at, 1)} />
            <button class="icon" type="button" aria-label={format!("Remove {} from {}", if name.is_empty() { "this row" } else { name }, spot.field.label)} onclick={remove}>{ icon("close") }</button>
            { for twice.then(|| html! { <p class="msg err">{ "This name is above already: the last row counts." }</p> }) }
        </div>
    }
}

/// Changes one part of a row: 0 is its name, 1 its value.
fn change(spot: &Spot<'_>, at: usize, part: usize) -> Callback<InputEvent> {
    let (dispatcher, path) = (spot.app.dispatcher(), format!("{}[{at}][{part}]", spot.path()));
    let kind = if part == 1 { spot.field.kind } else { Kind::Text };
    Callback::from(move |event: InputEvent| {
        let text = event.target_unchecked_into::<HtmlInputElement>().value();
        let value = typed(&text, &Field { kind, default: Value::from(""), ..Field::default() });
        dispatcher.dispatch(Action::Edit { path: path.clone(), value, urgent: false });
    })
}

fn add(spot: &Spot<'_>, rows: usize) -> Callback<MouseEvent> {
    let (app, row) = (spot.app.dispatcher(), format!("{}[{rows}]", spot.path()));
    Callback::from(move |_| {
        app.dispatch(Action::Edit { path: row.clone(), value: Value::from(vec!["", ""]), urgent: true });
        app.dispatch(Action::Focus(row.clone()));
    })
}
