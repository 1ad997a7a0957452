//! The config form, generated from the layout's own description of its fields.
use super::Handle;
use super::field;
use super::parts::act;
use crate::config::Field;
use crate::state::Action;
use crate::text;
use yew::prelude::*;

pub(crate) fn config_form(app: &Handle) -> Html {
    let onsubmit = Callback::from(|event: SubmitEvent| event.prevent_default());
    html! {
        <form class="form" aria-labelledby="cfg-h" {onsubmit}>
            <div class="pane-h">
                <h1 id="cfg-h">{ "Layout" }</h1>
                { for (!app.config.untouched(&app.fields)).then(|| html! {
                    <div class="acts"><button class="btn quiet sm" type="button" onclick={act(app, || Action::Reset)}>{ "Reset" }</button></div>
                }) }
            </div>
            { for groups(&app.fields).into_iter().map(|(name, fields)| group(app, name, &fields)) }
        </form>
    }
}

/// The fields by group, in the order in which the groups first appear.
fn groups(fields: &[Field]) -> Vec<(&str, Vec<&Field>)> {
    let mut groups: Vec<(&str, Vec<&Field>)> = Vec::new();
    for field in fields {
        match groups.iter_mut().find(|(name, _)| *name == field.group) {
            Some((_, members)) => members.push(field),
            None => groups.push((&field.group, vec![field])),
        }
    }
    groups
}

/// A group of durations alone is folded: their defaults fit each other.
fn group(app: &Handle, name: &str, fields: &[&Field]) -> Html {
    let shown: Vec<&Field> = fields.iter().copied().filter(|field| app.config.shown(field, &app.fields)).collect();
    let controls = paired(&shown).into_iter().map(|(one, full)| field::field(app, one, full));
    let controls = html! { <div class="fields">{ for controls }</div> };
    if fields.iter().any(|field| field.kind != "duration") {
        return html! { <fieldset key={name.to_owned()} class="grp"><legend>{ name.to_owned() }</legend>{ controls }</fieldset> };
    }
    let wrong = shown.iter().any(|field| app.problems.iter().any(|problem| problem.path == field.path));
    html! {
        <details key={name.to_owned()} class="grp fold" open={wrong}>
            <summary>{ name.to_owned() }{ " " }<span class="num">{ text::count(shown.len(), "field") }</span></summary>
            <fieldset><legend class="vh">{ name.to_owned() }</legend>{ controls }</fieldset>
        </details>
    }
}

/// Two short fields share a line; a short one without a neighbour takes it whole.
fn paired<'f>(fields: &[&'f Field]) -> Vec<(&'f Field, bool)> {
    let mut paired = Vec::new();
    let mut fields = fields.iter().copied().peekable();
    while let Some(first) = fields.next() {
        match fields.next_if(|next| !field::wide(first) && !field::wide(next)) {
            Some(second) => paired.extend([(first, false), (second, false)]),
            None => paired.push((first, true)),
        }
    }
    paired
}
