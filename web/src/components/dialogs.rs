//! The dialogs: what leaves the browser, the keys, the skipped files.
use super::Handle;
use super::parts::act;
use crate::state::{Action, Dialog, Repository};
use crate::text;
use web_sys::HtmlDialogElement;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(crate) struct DialogProps {
    pub(crate) app: Handle,
}

#[component]
pub(crate) fn Dialogs(DialogProps { app }: &DialogProps) -> Html {
    let node = use_node_ref();
    {
        let node = node.clone();
        use_effect_with(app.dialog, move |dialog| {
            if let Some(element) = node.cast::<HtmlDialogElement>() {
                if dialog.is_some() && !element.open() {
                    // A dialog that is already open is the only refusal, and it is asked for above.
                    drop(element.show_modal());
                } else if dialog.is_none() {
                    element.close();
                }
            }
        });
    }
    html! {
        <dialog ref={node} aria-labelledby="dialog-h" onclose={act(app, || Action::Dialog(None))}>
            { match app.dialog {
                Some(Dialog::Privacy) => privacy(),
                Some(Dialog::Help) => keys(),
                Some(Dialog::Skipped) => skipped(app),
                None => Html::default(),
            } }
            <div class="row"><button class="btn primary" type="button" onclick={act(app, || Action::Dialog(None))}>{ "Close" }</button></div>
        </dialog>
    }
}

fn privacy() -> Html {
    html! {
        <>
            <h2 id="dialog-h">{ "What leaves this browser: nothing" }</h2>
            <p>{ "The page ships a Content-Security-Policy that allows requests to its own address only. After loading there are none at all. No analytics, no fonts or scripts from elsewhere." }</p>
            <p>{ "What you type and what you open is kept in memory, until you close or reload the page. Nothing is stored." }</p>
            <pre class="code" tabindex="0" role="region" aria-label="Policy"><code>{ text::POLICY }</code></pre>
        </>
    }
}

fn keys() -> Html {
    let keys = [
        (vec!["Ctrl Enter"], "Download zip"),
        (vec!["F8", "Shift F8"], "Next, previous finding"),
        (vec!["↑", "↓"], "Walk through the files; → and ← open and close a folder"),
        (vec!["Home", "End"], "First and last file"),
        (vec!["?"], "This list"),
    ];
    let key = |name: &&str| html! { <><kbd>{ *name }</kbd>{ " " }</> };
    html! {
        <>
            <h2 id="dialog-h">{ "Keyboard" }</h2>
            <dl class="keys">
                { for keys.iter().map(|(names, what)| html! { <div><dt>{ for names.iter().map(key) }</dt><dd>{ *what }</dd></div> }) }
            </dl>
        </>
    }
}

fn skipped(app: &Handle) -> Html {
    let Repository::Checked { report, .. } = &app.repository else {
        return Html::default();
    };
    html! {
        <>
            <h2 id="dialog-h">{ "Files that were not read" }</h2>
            <div class="scroll skipped" tabindex="0" role="region" aria-label="Files that were not read">
                <ul class="facts">
                    { for report.summary.skipped.iter().map(|one| html! { <li><span><code>{ &one.path }</code>{ " " }{ &one.why }</span></li> }) }
                </ul>
            </div>
        </>
    }
}
