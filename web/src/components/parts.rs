//! The small parts: icons, marks, buttons that copy.
use super::Handle;
use crate::engine;
use crate::markdown::{self, Span};
use crate::proof::Standing;
use crate::state::Action;
use crate::wire::Severity;
use gloo_timers::callback::Timeout;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlElement;
use yew::prelude::*;

/// An icon of the sprite in index.html.
pub(crate) fn icon(name: &str) -> Html {
    html! { <svg class="ic" aria-hidden="true"><use href={format!("#i-{name}")}></use></svg> }
}

/// A mark beside words that say the same.
pub(crate) fn mark(name: &str) -> Html {
    html! { <svg class="mark" aria-hidden="true"><use href={format!("#m-{name}")}></use></svg> }
}

/// A mark that stands alone, with its name.
pub(crate) fn named_mark(name: &str, label: &str) -> Html {
    html! { <svg class="mark" role="img" aria-label={label.to_owned()}><use href={format!("#m-{name}")}></use></svg> }
}

pub(crate) fn tomb(name: &str) -> Html {
    html! { <svg class="tomb" aria-hidden="true"><use href={format!("#m-{name}")}></use></svg> }
}

pub(crate) const fn standing(standing: Standing) -> &'static str {
    match standing {
        Standing::Proven => "proven",
        Standing::Broken => "broken",
        Standing::Assumed => "assumed",
    }
}

pub(crate) const fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "broken",
        Severity::Warning => "late",
        Severity::Info => "info",
    }
}

/// A sentence of the plugin, with its `code` as code.
pub(crate) fn prose(text: &str) -> Html {
    let span = |span: Span<'_>| match span {
        Span::Text(text) => html! { { text.to_owned() } },
        Span::Code(text) => html! { <code>{ text.to_owned() }</code> },
        Span::Strong(text) => html! { <strong>{ text.to_owned() }</strong> },
        Span::Link(words, address) => {
            html! { <a href={address.to_owned()} rel="noreferrer" target="_blank">{ words.to_owned() }</a> }
        }
    };
    html! { <>{ for markdown::spans(text).into_iter().map(span) }</> }
}

/// The id of a field's control.
pub(crate) fn id(path: &str) -> String {
    let letter = |letter: char| match letter {
        '.' | '[' | '/' | '@' => Some('-'),
        ']' => None,
        other => Some(other),
    };
    format!("f-{}", path.chars().filter_map(letter).collect::<String>())
}

/// Moves the focus to an element, if the page has it. What is folded around it is opened.
pub(crate) fn focus(id: &str) {
    let document = web_sys::window().and_then(|window| window.document());
    let element = document.and_then(|document| document.get_element_by_id(id));
    while let Some(folded) = element.as_ref().and_then(|it| it.closest("details:not([open])").ok().flatten()) {
        // The attribute has a valid name.
        drop(folded.set_attribute("open", ""));
    }
    if let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        // What is in the page takes the focus; there is nothing to do where it does not.
        drop(element.focus());
    }
}

/// Dispatches an action when pressed.
pub(crate) fn act<E: 'static>(app: &Handle, action: impl Fn() -> Action + 'static) -> Callback<E> {
    let dispatcher = app.dispatcher();
    Callback::from(move |_| dispatcher.dispatch(action()))
}

#[derive(Properties, PartialEq)]
pub(crate) struct CopyProps {
    pub(crate) text: AttrValue,
    pub(crate) label: AttrValue,
    #[prop_or_default]
    pub(crate) tiny: bool,
}

/// Copies a text and says so for two seconds.
#[component]
pub(crate) fn Copy(props: &CopyProps) -> Html {
    let done = use_state(|| false);
    let onclick = {
        let (text, done) = (props.text.clone(), done.clone());
        Callback::from(move |_: MouseEvent| {
            let (text, done) = (text.clone(), done.clone());
            spawn_local(async move {
                if engine::copy(&text).await.is_ok() {
                    done.set(true);
                    Timeout::new(2_000, move || done.set(false)).forget();
                }
            });
        })
    };
    let label = if *done { AttrValue::from("Copied") } else { props.label.clone() };
    html! {
        <button class={classes!("icon", props.tiny.then_some("tiny"))} type="button" aria-label={label.clone()} title={label} {onclick}>
            { icon(if *done { "check" } else { "copy" }) }
        </button>
    }
}
