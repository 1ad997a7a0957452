//! What is said when the checker stopped.
use super::Handle;
use super::parts::{Copy, act, icon, mark};
use crate::state::Action;
use crate::text;
use yew::prelude::*;

pub(crate) fn banner(app: &Handle) -> Html {
    let Some(trap) = &app.trap else {
        return Html::default();
    };
    let report =
        format!("{}  plugin sha256 {}\n{trap}", app.engine.version, app.engine.digest.as_deref().unwrap_or("unknown"));
    html! {
        <div class="banner" role="alert">
            { mark("broken") }
            <div><p class="b-h">{ text::TRAP_HEAD }</p><p>{ text::TRAP_TEXT }</p></div>
            <div class="b-do">
                <Copy text={report.clone()} label="Copy the report" />
                <button class="icon" type="button" aria-label="Dismiss this message" onclick={act(app, || Action::Dismiss)}>{ icon("close") }</button>
            </div>
            <pre class="report" tabindex="0" role="region" aria-label="Report"><code>{ report }</code></pre>
        </div>
    }
}
