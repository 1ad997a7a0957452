//! The footer: which engine this is, so that it can be compared with the one in CI.
use super::Handle;
use crate::state::{Repository, View};
use crate::text;
use yew::prelude::*;

pub(crate) fn footer(app: &Handle) -> Html {
    let took = match (app.view, &app.repository) {
        (View::Configure, _) => app.layout.as_ref().map(|_| format!("proved in {}", text::took(app.layout_ms))),
        (View::Check, Repository::Checked { ms, .. }) => Some(format!("read and checked in {}", text::took(*ms))),
        _ => None,
    };
    html! {
        <footer class="foot">
            <p class="eng">
                <span>{ &app.engine.version }</span>
                { match &app.engine.digest {
                    Some(digest) => html! { <span>{ "plugin sha256 " }<code id="digest" title={digest.clone()}>{ digest.get(..16).unwrap_or(digest) }</code>{ ", the file CI runs" }</span> },
                    None => html! { <span>{ "plugin digest not available: this page is not served over https" }</span> },
                } }
                <span class="hide-s">{ text::bytes(app.engine.size) }</span>
                { for took.map(|took| html! { <span class="num hide-s">{ took }</span> }) }
            </p>
        </footer>
    }
}
