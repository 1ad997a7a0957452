//! One field of the config, by its kind: text, a switch, a few choices side by side, or many in a list.
use super::Handle;
use super::parts::{icon, mark};
use crate::config::{self, Choice, Field};
use crate::state::Action;
use serde_json::Value;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

/// The control, its label, its advice, and what is wrong with it, together.
pub(crate) fn field(app: &Handle, field: &Field, full: bool) -> Html {
    let value = app.config.value(field).clone();
    let control = match (&field.default, field.choices.len()) {
        (Value::Bool(_), _) => switch(app, field, value == Value::Bool(true)),
        (_, 0) => input(app, field, &value),
        (_, 1..=3) if short(&field.choices) => segmented(app, field, &value),
        (_, 1..=6) => radios(app, field, &value),
        _ => select(app, field, &value),
    };
    html! { <div key={field.path.clone()} class={if full { "full" } else { "half" }} title={field.help.clone()}>{ control }</div> }
}

/// Whether a field needs the whole width of the form.
pub(crate) fn wide(field: &Field) -> bool {
    let letters: usize = field.choices.iter().map(|choice| name(choice).chars().count()).sum();
    let long = config::shown(&field.default).chars().count() > 14 || field.label.chars().count() > 16;
    let optional = field.default == Value::Null && field.label.chars().count() > 8;
    let advised = field.advice.is_some();
    let crowded = field.choices.len() > 2 || letters > 12;
    long || optional
        || advised
        || crowded
        || matches!(field.default, Value::Bool(_))
        || matches!(field.kind.as_str(), "url" | "ociUrl" | "path")
}

/// Whether the choices fit side by side.
fn short(choices: &[Choice]) -> bool {
    choices.iter().map(|choice| name(choice).chars().count() + 3).sum::<usize>() <= 30
}

fn name(choice: &Choice) -> String {
    if choice.label.is_empty() { config::shown(&choice.value) } else { choice.label.clone() }
}

pub(crate) fn id(field: &Field) -> String {
    format!("f-{}", field.path.replace('.', "-"))
}

fn edit(app: &Handle, field: &Field, value: Value, urgent: bool) {
    app.dispatch(Action::Edit { path: field.path.clone(), value, urgent });
}

fn input(app: &Handle, field: &Field, value: &Value) -> Html {
    let on = |urgent: bool| {
        let (app, field) = (app.clone(), field.clone());
        move |text: String| edit(&app, &field, config::typed(&text, &field), urgent)
    };
    let (typing, done) = (on(false), on(true));
    let text = |event: &Event| event.target_unchecked_into::<HtmlInputElement>().value();
    let oninput = Callback::from(move |event: InputEvent| typing(text(&event)));
    let onchange = Callback::from(move |event: Event| done(text(&event)));
    let bad = problem(app, field).is_some();
    let mono = matches!(field.kind.as_str(), "url" | "ociUrl" | "path");
    html! {
        <div class={classes!("field", mono.then_some("mono"), bad.then_some("bad"))}>
            <label for={id(field)}>{ &field.label }{ for optional(field) }</label>
            <input id={id(field)} type="text" value={config::shown(value)} placeholder={(field.default == Value::Null).then_some("none")} spellcheck="false" autocomplete="off" autocapitalize="off"
                aria-invalid={bad.then_some("true")} aria-describedby={described(app, field)} {oninput} {onchange} />
            { notes(app, field) }
        </div>
    }
}

fn optional(field: &Field) -> Option<Html> {
    (field.default == Value::Null).then(|| html! { <>{ " " }<span class="opt">{ "optional" }</span></> })
}

fn switch(app: &Handle, field: &Field, on: bool) -> Html {
    let onchange = {
        let (app, field) = (app.clone(), field.clone());
        Callback::from(move |_: Event| edit(&app, &field, Value::Bool(!on), true))
    };
    html! {
        <div class="field">
            <label class="chk" for={id(field)}><input id={id(field)} type="checkbox" checked={on} aria-describedby={described(app, field)} {onchange} /><span>{ &field.label }</span></label>
            { notes(app, field) }
        </div>
    }
}

fn segmented(app: &Handle, field: &Field, value: &Value) -> Html {
    html! {
        <fieldset class="seg" aria-describedby={described(app, field)}>
            <legend>{ &field.label }</legend>
            <div class="segs">{ for field.choices.iter().map(|choice| option(app, field, choice, value)) }</div>
            { notes(app, field) }
        </fieldset>
    }
}

fn radios(app: &Handle, field: &Field, value: &Value) -> Html {
    html! {
        <fieldset class="auth" aria-describedby={described(app, field)}>
            <legend>{ &field.label }</legend>
            <div class="radios">{ for field.choices.iter().map(|choice| option(app, field, choice, value)) }</div>
            { notes(app, field) }
        </fieldset>
    }
}

fn option(app: &Handle, field: &Field, choice: &Choice, value: &Value) -> Html {
    let onchange = {
        let (app, field, value) = (app.clone(), field.clone(), choice.value.clone());
        Callback::from(move |_: Event| edit(&app, &field, value.clone(), true))
    };
    html! {
        <label>
            <input type="radio" name={id(field)} value={config::shown(&choice.value)} checked={choice.value == *value} {onchange} />
            <span>{ name(choice) }</span>
        </label>
    }
}

fn select(app: &Handle, field: &Field, value: &Value) -> Html {
    let onchange = {
        let (app, field) = (app.clone(), field.clone());
        Callback::from(move |event: Event| {
            let index = event.target_unchecked_into::<HtmlSelectElement>().selected_index();
            if let Some(choice) = usize::try_from(index).ok().and_then(|index| field.choices.get(index)) {
                edit(&app, &field, choice.value.clone(), true);
            }
        })
    };
    let one = |choice: &Choice| html! { <option selected={choice.value == *value}>{ name(choice) }</option> };
    html! {
        <div class="field">
            <label for={id(field)}>{ &field.label }</label>
            <div class="sel"><select id={id(field)} aria-describedby={described(app, field)} {onchange}>{ for field.choices.iter().map(one) }</select>{ icon("down") }</div>
            { notes(app, field) }
        </div>
    }
}

fn problem<'a>(app: &'a Handle, field: &Field) -> Option<&'a crate::wire::Problem> {
    app.problems.iter().find(|problem| problem.path == field.path)
}

fn described(app: &Handle, field: &Field) -> String {
    let error = problem(app, field).map(|_| format!("{}-e", id(field)));
    let help = (!field.help.is_empty()).then(|| format!("{}-h", id(field)));
    error.into_iter().chain(help).collect::<Vec<_>>().join(" ")
}

/// What is wrong first, then what is advised, then what the field is.
fn notes(app: &Handle, field: &Field) -> Html {
    html! {
        <>
            { for problem(app, field).map(|problem| html! {
                <p class="msg err" id={format!("{}-e", id(field))}>{ mark("broken") }<span>{ &problem.message }{ for help(&problem.help) }</span></p>
            }) }
            { for field.advice.as_ref().map(|advice| html! { <p class="msg adv">{ mark("info") }<span>{ advice }</span></p> }) }
            { for (!field.help.is_empty()).then(|| html! { <p class="hint help" id={format!("{}-h", id(field))}>{ &field.help }</p> }) }
        </>
    }
}

fn help(text: &str) -> Option<Html> {
    (!text.is_empty()).then(|| html! { <>{ ". " }{ text.to_owned() }</> })
}
