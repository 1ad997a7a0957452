//! A field that is a list of sections: a card for each, of which only the open ones show their fields.
use super::field::{Spot, described, notes};
use super::parts::{act, icon, id, mark};
use super::section::section;
use crate::config::{Section, is_below, lines, pairs, shown};
use crate::describe::{Field, Kind};
use crate::state::Action;
use crate::text;
use serde_json::Value;
use yew::prelude::*;

pub(crate) fn items(spot: &Spot<'_>) -> Html {
    let path = spot.path();
    let first = spot.field.items.first().map(|field| field.path.clone()).unwrap_or_default();
    let add = {
        let path = path.clone();
        act(spot.app, move || Action::Add(path.clone(), first.clone()))
    };
    html! {
        <fieldset class="many" id={spot.id()} tabindex="-1" aria-describedby={described(spot)}>
            <legend>{ &spot.field.label }</legend>
            { notes(spot) }
            <ul class="cards">{ for spot.part.items(spot.field).into_iter().enumerate().map(|(at, item)| card(spot, at, item)) }</ul>
            <button class="btn sm" type="button" id={id(&format!("{path}.add"))} onclick={add}>{ icon("plus") }{ format!("Add {}", text::item(&path)) }</button>
        </fieldset>
    }
}

fn card(spot: &Spot<'_>, at: usize, item: Section<'_>) -> Html {
    let list = spot.path();
    let path = format!("{list}[{at}]");
    let open = spot.app.cards.contains(&path);
    let wrong = spot.app.problems.iter().any(|problem| problem.path == path || is_below(&problem.path, &path));
    let name = name(&item).unwrap_or_else(|| format!("{} {}", text::capital(text::item(&list)), at + 1));
    let toggle = {
        let path = path.clone();
        act(spot.app, move || Action::Open(path.clone(), !open))
    };
    let label = format!("Remove {} {name}", text::item(&list));
    let remove = act(spot.app, move || Action::Remove(list.clone(), at));
    let body = format!("{}-b", id(&path));
    html! {
        <li class={classes!("card", open.then_some("open"))} key={at}>
            <div class="card-h">
                <button class="card-t" type="button" id={id(&path)} aria-expanded={open.to_string()} aria-controls={open.then(|| body.clone())} onclick={toggle}>
                    <svg class="ic chev" aria-hidden="true"><use href="#i-chev"></use></svg>
                    <span class="card-n">{ name }</span>
                    <span class="num">{ kind(&item) }</span>
                    { for wrong.then(|| html! { <>{ mark("broken") }<span class="vh">{ "to correct" }</span></> }) }
                </button>
                <button class="icon" type="button" aria-label={label} onclick={remove}>{ icon("close") }</button>
            </div>
            { for open.then(|| html! { <div class="card-b" id={body}>{ section(spot.app, &path, &spot.field.items) }</div> }) }
        </li>
    }
}

/// What an item is called: its name, or the first text that it says.
fn name(item: &Section<'_>) -> Option<String> {
    let said = |field: &Field| match (field.kind, item.value(field)) {
        (Kind::Texts, value) => lines(value).collect::<Vec<_>>().join(", "),
        (Kind::Map, value) => {
            pairs(value).iter().map(|(name, value)| format!("{name}={}", shown(value))).collect::<Vec<_>>().join(", ")
        }
        (Kind::Text, Value::String(text)) if field.default.is_null() => text.clone(),
        _ => String::new(),
    };
    item.fields.iter().map(said).find(|said| !said.is_empty())
}

/// What sort of item it is: its provider, its kind, or whatever else is chosen of it first.
fn kind(item: &Section<'_>) -> String {
    let field = item.fields.iter().find(|field| field.path == "provider");
    let Some(field) = field.or_else(|| item.fields.iter().find(|field| field.kind == Kind::Choice)) else {
        return String::new();
    };
    let value = item.value(field);
    let choice = field.choices.iter().find(|choice| choice.value == *value);
    choice.map_or_else(|| shown(value), |choice| choice.label.clone())
}
