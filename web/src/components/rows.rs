//! A field that is a map: a row for each name and its value.
use super::field::{Spot, described, notes};
use super::parts::{icon, id};
use crate::config::{draft, pairs, shown, typed};
use crate::describe::{Field, Kind};
use crate::state::Action;
use serde_json::Value;
use web_sys::HtmlInputElement;
use yew::prelude::*;

type Rows = Vec<(String, Value)>;

pub(crate) fn rows(spot: &Spot<'_>) -> Html {
    let all = pairs(spot.value());
    let label = &spot.field.label;
    html! {
        <fieldset class="many" id={spot.id()} tabindex="-1" aria-describedby={described(spot)}>
            <legend>{ label }{ " " }<span class="opt">{ "name and value" }</span></legend>
            { for (0..all.len()).map(|at| row(spot, &all, at)) }
            <button class="btn sm" type="button" id={id(&format!("{}.add", spot.path()))} onclick={add(spot, &all)}>{ icon("plus") }{ "Add" }<span class="vh">{ format!(" to {label}") }</span></button>
            { notes(spot) }
        </fieldset>
    }
}

fn row(spot: &Spot<'_>, all: &Rows, at: usize) -> Html {
    let Some((name, value)) = all.get(at) else { return Html::default() };
    let said = |part: &str| format!("{}, {part} of row {}", spot.field.label, at + 1);
    let twice = !name.is_empty() && all.iter().take(at).any(|(other, _)| other == name);
    html! {
        <div class={classes!("pair", twice.then_some("bad"))} key={at}>
            <input id={format!("{}-{at}", spot.id())} type="text" aria-label={said("name")} value={name.clone()} placeholder="name" spellcheck="false" autocomplete="off" autocapitalize="off"
                aria-invalid={twice.then_some("true")} oninput={change(spot, all, at, rename)} />
            <input type="text" aria-label={said("value")} value={shown(value)} placeholder="value" spellcheck="false" autocomplete="off" autocapitalize="off"
                oninput={change(spot, all, at, if spot.field.kind == Kind::Numbers { renumber } else { revalue })} />
            <button class="icon" type="button" aria-label={format!("Remove {} from {}", if name.is_empty() { "this row" } else { name }, spot.field.label)} onclick={remove(spot, all, at)}>{ icon("close") }</button>
            { for twice.then(|| html! { <p class="msg err">{ "This name is above already: the last row counts." }</p> }) }
        </div>
    }
}

fn rename(row: &mut (String, Value), text: String) {
    row.0 = text;
}

fn revalue(row: &mut (String, Value), text: String) {
    row.1 = text.into();
}

fn renumber(row: &mut (String, Value), text: String) {
    row.1 = typed(&text, &Field { kind: Kind::Numbers, ..Field::default() });
}

fn change(spot: &Spot<'_>, all: &Rows, at: usize, how: fn(&mut (String, Value), String)) -> Callback<InputEvent> {
    let all = all.clone();
    spot.edit(false, move |event: InputEvent| {
        let mut all = all.clone();
        if let Some(row) = all.get_mut(at) {
            how(row, event.target_unchecked_into::<HtmlInputElement>().value());
        }
        draft(all)
    })
}

fn add(spot: &Spot<'_>, all: &Rows) -> Callback<MouseEvent> {
    let (app, path, mut all) = (spot.app.dispatcher(), spot.path(), all.clone());
    all.push((String::new(), Value::from("")));
    let first = format!("{path}[{}]", all.len() - 1);
    Callback::from(move |_| {
        app.dispatch(Action::Edit { path: path.clone(), value: draft(all.clone()), urgent: true });
        app.dispatch(Action::Focus(first.clone()));
    })
}

fn remove(spot: &Spot<'_>, all: &Rows, at: usize) -> Callback<MouseEvent> {
    let (app, path, mut all) = (spot.app.dispatcher(), spot.path(), all.clone());
    all.remove(at);
    Callback::from(move |_| {
        app.dispatch(Action::Edit { path: path.clone(), value: draft(all.clone()), urgent: true });
        app.dispatch(Action::Focus(format!("{path}.add")));
    })
}
