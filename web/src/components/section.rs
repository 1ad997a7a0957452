//! A part of the config: its fields by group, few of them folded, and what is wrong with it as a whole.
use super::Handle;
use super::field::{self, Spot, wrong};
use super::parts::id;
use crate::config::{Section, is_below};
use crate::describe::{Field, Kind};
use crate::text;
use yew::prelude::*;

/// All of an item, or of a provider's settings.
pub(crate) fn section(app: &Handle, at: &str, fields: &[Field]) -> Html {
    let part = app.config.section(at, fields);
    // The first group is what the part itself is.
    let group = |(number, (name, members)): (usize, (&str, Vec<&Field>))| match controls(app, part, at, &members) {
        Some(inside) if number == 0 => inside,
        Some(inside) => html! { <fieldset class="sub"><legend>{ name.to_owned() }</legend>{ inside }</fieldset> },
        None => Html::default(),
    };
    let groups = groups(fields).into_iter().enumerate().map(group);
    html! { <>{ unclaimed(app, part, at) }{ for groups }</> }
}

/// The fields by group, in the order in which the groups first appear.
pub(crate) fn groups(fields: &[Field]) -> Vec<(&str, Vec<&Field>)> {
    let mut groups: Vec<(&str, Vec<&Field>)> = Vec::new();
    for field in fields {
        match groups.iter_mut().find(|(name, _)| *name == field.group) {
            Some((_, members)) => members.push(field),
            None => groups.push((&field.group, vec![field])),
        }
    }
    groups
}

/// The controls of those fields that apply; none where none does.
pub(crate) fn controls<'a>(app: &'a Handle, part: Section<'a>, at: &'a str, fields: &[&'a Field]) -> Option<Html> {
    let (rare, usual): (Vec<&'a Field>, Vec<&'a Field>) =
        fields.iter().copied().filter(|field| part.shown(field)).partition(|field| field.advanced);
    let grid = |fields: &[&'a Field]| {
        let one = |(field, full): (&'a Field, bool)| field::field(&Spot { app, part, at, field }, full);
        html! { <div class="fields">{ for paired(fields).into_iter().map(one) }</div> }
    };
    let folded = (!rare.is_empty()).then(|| {
        let open = rare.iter().any(|field| part.sent_of(field).is_some() || is_wrong(app, at, field));
        html! {
            <details class="more" {open}>
                <summary>{ text::FEW_NEED }{ " " }<span class="num">{ rare.len() }</span></summary>
                { grid(&rare) }
            </details>
        }
    });
    (!usual.is_empty() || folded.is_some())
        .then(|| html! { <>{ for (!usual.is_empty()).then(|| grid(&usual)) }{ for folded }</> })
}

/// Whether something is to be corrected at a field, or inside it.
pub(crate) fn is_wrong(app: &Handle, at: &str, field: &Field) -> bool {
    app.problems.iter().any(|problem| field.claims(at, &problem.path))
}

/// What is wrong with the part, and is said at no field of it.
pub(crate) fn unclaimed(app: &Handle, part: Section<'_>, at: &str) -> Html {
    let inside = |path: &str| at.is_empty() || path == at || is_below(path, at);
    let claimed = |path: &str| part.fields.iter().any(|field| field.claims(at, path) && part.shown(field));
    let problems = app.problems.iter().filter(|problem| inside(&problem.path) && !claimed(&problem.path));
    let said: Vec<Html> = problems.map(|problem| wrong(problem, None)).collect();
    if said.is_empty() {
        return Html::default();
    }
    // The control of an item is its card's.
    let name = if at.ends_with(']') { format!("{}-w", id(at)) } else { id(at) };
    html! { <div class="whole" id={name} tabindex="-1">{ for said }</div> }
}

/// Two short fields share a line; a short one without a neighbour takes it whole.
fn paired<'f>(fields: &[&'f Field]) -> Vec<(&'f Field, bool)> {
    let wide = |field: &Field| field.kind == Kind::Section || field::wide(field);
    let mut paired = Vec::new();
    let mut fields = fields.iter().copied().peekable();
    while let Some(first) = fields.next() {
        match fields.next_if(|next| !wide(first) && !wide(next)) {
            Some(second) => paired.extend([(first, false), (second, false)]),
            None => paired.push((first, true)),
        }
    }
    paired
}
