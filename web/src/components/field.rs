//! One field of the config, by its kind: text, a switch, a few choices side by side, or many in a list.
use super::Handle;
use super::items::items;
use super::parts::{icon, id, mark};
use super::rows::rows;
use super::section::section;
use crate::config::{self, Section, join};
use crate::describe::{Choice, Field, Kind};
use crate::state::Action;
use crate::wire::Problem;
use serde_json::Value;
use web_sys::{HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement};
use yew::prelude::*;

/// How many choices of a long list are the most used ones, which come first.
const MOST_USED: usize = 20;

/// A field where it stands: in the part of the config at a path.
#[derive(Clone, Copy)]
pub(crate) struct Spot<'a> {
    pub(crate) app: &'a Handle,
    pub(crate) part: Section<'a>,
    pub(crate) at: &'a str,
    pub(crate) field: &'a Field,
}

impl<'a> Spot<'a> {
    /// The field's path from the root of the config.
    pub(crate) fn path(&self) -> String {
        join(self.at, &self.field.path)
    }

    pub(crate) fn id(&self) -> String {
        id(&self.path())
    }

    pub(crate) fn value(&self) -> &'a Value {
        self.part.value(self.field)
    }

    /// Changes the field's value.
    pub(crate) fn edit<E: 'static>(&self, urgent: bool, value: impl Fn(E) -> Value + 'static) -> Callback<E> {
        let (dispatcher, path) = (self.app.dispatcher(), self.path());
        Callback::from(move |event: E| {
            dispatcher.dispatch(Action::Edit { path: path.clone(), value: value(event), urgent });
        })
    }

    /// What is wrong with it. Of a list or a provider's settings, what is wrong with an inner field is said there.
    fn problem(&self) -> Option<&'a Problem> {
        let whole = matches!(self.field.kind, Kind::Items | Kind::Section);
        let path = self.path();
        let mine = |problem: &&Problem| self.field.claims(self.at, &problem.path) && (!whole || problem.path == path);
        self.app.problems.iter().find(mine)
    }
}

/// The control, its label, its advice, and what is wrong with it, together.
pub(crate) fn field(spot: &Spot<'_>, full: bool) -> Html {
    let field = spot.field;
    let control = match (field.kind, field.choices.len()) {
        (Kind::Section, _) => section(spot.app, &spot.path(), &field.fields),
        (Kind::Items, _) => items(spot),
        (Kind::Map | Kind::Numbers, _) => rows(spot),
        (Kind::Switch, _) => switch(spot),
        (Kind::Texts, _) => texts(spot),
        (_, 0) => input(spot),
        _ if field.kind == Kind::Choice && field.default.is_null() && !field.required => select(spot),
        (_, 1..=3) if short(&field.choices) => choices(spot, "seg", "segs"),
        (_, 1..=10) if long(&field.choices) => choices(spot, "auth", "radios long"),
        (_, 1..=10) => choices(spot, "auth", "radios"),
        _ => select(spot),
    };
    html! { <div key={field.path.clone()} class={if full { "full" } else { "half" }} title={field.help.clone()}>{ control }</div> }
}

/// Whether a field needs the whole width of the form.
pub(crate) fn wide(field: &Field) -> bool {
    let letters: usize = field.choices.iter().map(|choice| name(choice).chars().count()).sum();
    let long = config::shown(&field.default).chars().count() > 14 || field.label.chars().count() > 16;
    let optional = is_optional(field) && field.label.chars().count() > 8;
    let advised = field.advice.is_some();
    let crowded = field.choices.len() > 2 || letters > 12;
    let simple = matches!(field.kind, Kind::Text | Kind::Choice | Kind::Duration | Kind::Count);
    long || optional || advised || crowded || !simple || field.example.chars().count() > 18
}

/// Whether the choices fit side by side.
fn short(choices: &[Choice]) -> bool {
    choices.iter().map(|choice| name(choice).chars().count() + 3).sum::<usize>() <= 30
}

/// Whether a choice needs a line of its own.
fn long(choices: &[Choice]) -> bool {
    choices.iter().any(|choice| name(choice).chars().count() > 17)
}

fn name(choice: &Choice) -> String {
    if choice.label.is_empty() { config::shown(&choice.value) } else { choice.label.clone() }
}

fn is_optional(field: &Field) -> bool {
    field.default.is_null() && !field.required
}

fn text(event: &Event) -> String {
    event.target_unchecked_into::<HtmlInputElement>().value()
}

fn input(spot: &Spot<'_>) -> Html {
    let field = spot.field;
    let typed = || {
        let kind = Field { default: field.default.clone(), kind: field.kind, ..Field::default() };
        move |text: String| config::typed(&text, &kind)
    };
    let (typing, done) = (typed(), typed());
    let oninput = spot.edit(false, move |event: InputEvent| typing(text(&event)));
    let onchange = spot.edit(true, move |event: Event| done(text(&event)));
    let bad = spot.problem().is_some();
    let hint = if field.example.is_empty() {
        is_optional(field).then(|| "none".to_owned())
    } else {
        Some(field.example.clone())
    };
    html! {
        <div class={classes!("field", (field.kind == Kind::Code).then_some("mono"), bad.then_some("bad"))}>
            <label for={spot.id()}>{ &field.label }{ for optional(field) }</label>
            <input id={spot.id()} type="text" value={config::shown(spot.value())} placeholder={hint} spellcheck="false" autocomplete="off" autocapitalize="off"
                inputmode={(field.kind == Kind::Count).then_some("numeric")} aria-invalid={bad.then_some("true")} aria-describedby={described(spot)} {oninput} {onchange} />
            { notes(spot) }
        </div>
    }
}

pub(crate) fn optional(field: &Field) -> Option<Html> {
    is_optional(field).then(|| html! { <>{ " " }<span class="opt">{ "optional" }</span></> })
}

/// A list of texts, one a line.
fn texts(spot: &Spot<'_>) -> Html {
    let value = config::lines(spot.value()).collect::<Vec<_>>().join("\n");
    let split = |event: &Event| {
        let text = event.target_unchecked_into::<HtmlTextAreaElement>().value();
        if text.is_empty() { Value::Null } else { text.split('\n').map(Value::from).collect() }
    };
    let oninput = spot.edit(false, move |event: InputEvent| split(&event));
    let onchange = spot.edit(true, move |event: Event| split(&event));
    let (bad, rows) = (spot.problem().is_some(), (value.lines().count() + 1).clamp(2, 8).to_string());
    html! {
        <div class={classes!("field", bad.then_some("bad"))}>
            <label for={spot.id()}>{ &spot.field.label }{ " " }<span class="opt">{ "one a line" }</span></label>
            <textarea id={spot.id()} {rows} {value} placeholder="none" spellcheck="false" autocomplete="off" autocapitalize="off"
                aria-invalid={bad.then_some("true")} aria-describedby={described(spot)} {oninput} {onchange} />
            { notes(spot) }
        </div>
    }
}

fn switch(spot: &Spot<'_>) -> Html {
    let on = *spot.value() == Value::Bool(true);
    let onchange = spot.edit(true, move |_: Event| Value::Bool(!on));
    html! {
        <div class="field">
            <label class="chk" for={spot.id()}><input id={spot.id()} type="checkbox" checked={on} aria-describedby={described(spot)} {onchange} /><span>{ &spot.field.label }</span></label>
            { notes(spot) }
        </div>
    }
}

fn choices(spot: &Spot<'_>, class: &'static str, inside: &'static str) -> Html {
    let chosen = spot.value();
    let help = spot.field.choices.iter().find(|choice| choice.value == *chosen).map(|choice| choice.help.clone());
    html! {
        <fieldset {class} id={spot.id()} tabindex="-1" aria-describedby={described(spot)}>
            <legend>{ &spot.field.label }</legend>
            <div class={inside}>{ for spot.field.choices.iter().map(|choice| option(spot, choice)) }</div>
            { for help.filter(|help| !help.is_empty()).map(|help| html! { <p class="hint help">{ help }</p> }) }
            { notes(spot) }
        </fieldset>
    }
}

fn option(spot: &Spot<'_>, choice: &Choice) -> Html {
    let value = choice.value.clone();
    let onchange = spot.edit(true, move |_: Event| value.clone());
    html! {
        <label>
            <input type="radio" name={spot.id()} value={config::shown(&choice.value)} checked={choice.value == *spot.value()} {onchange} />
            <span>{ name(choice) }</span>
        </label>
    }
}

fn select(spot: &Spot<'_>) -> Html {
    let all = spot.field.choices.clone();
    let chosen = spot.value();
    let onchange = spot.edit(true, move |event: Event| {
        let value = event.target_unchecked_into::<HtmlSelectElement>().value();
        all.iter().map(|choice| &choice.value).find(|one| config::shown(one) == value).cloned().unwrap_or_default()
    });
    let one = |choice: &Choice| html! { <option value={config::shown(&choice.value)} selected={choice.value == *chosen}>{ name(choice) }</option> };
    let (used, more) = spot.field.choices.split_at_checked(MOST_USED).unwrap_or((&spot.field.choices, &[]));
    let none = chosen.is_null().then(|| html! { <option value="" selected=true>{ "Not set" }</option> });
    let none = none.or_else(|| spot.field.default.is_null().then(|| html! { <option value="">{ "Not set" }</option> }));
    let list = if more.is_empty() {
        html! { <>{ for none }{ for used.iter().map(one) }</> }
    } else {
        html! { <><optgroup label="Most used">{ for used.iter().map(one) }</optgroup><optgroup label="More">{ for more.iter().map(one) }</optgroup></> }
    };
    html! {
        <div class="field">
            <label for={spot.id()}>{ &spot.field.label }{ for optional(spot.field) }</label>
            <div class="sel"><select id={spot.id()} aria-describedby={described(spot)} {onchange}>{ list }</select>{ icon("down") }</div>
            { notes(spot) }
        </div>
    }
}

pub(crate) fn described(spot: &Spot<'_>) -> String {
    let error = spot.problem().map(|_| format!("{}-e", spot.id()));
    let help = (!spot.field.help.is_empty()).then(|| format!("{}-h", spot.id()));
    error.into_iter().chain(help).collect::<Vec<_>>().join(" ")
}

/// What is wrong first, then what is advised, then what the field is.
pub(crate) fn notes(spot: &Spot<'_>) -> Html {
    let field = spot.field;
    html! {
        <>
            { for spot.problem().map(|problem| wrong(problem, Some(format!("{}-e", spot.id())))) }
            { for field.advice.as_ref().map(|advice| html! { <p class="msg adv">{ mark("info") }<span>{ advice }</span></p> }) }
            { for (!field.help.is_empty()).then(|| html! { <p class="hint help" id={format!("{}-h", spot.id())}>{ &field.help }</p> }) }
        </>
    }
}

/// What is wrong, in the plugin's words.
pub(crate) fn wrong(problem: &Problem, id: Option<String>) -> Html {
    html! { <p class="msg err" {id}>{ mark("broken") }<span>{ &problem.message }{ for help(&problem.help) }</span></p> }
}

fn help(text: &str) -> Option<Html> {
    (!text.is_empty()).then(|| html! { <>{ ". " }{ text.to_owned() }</> })
}
