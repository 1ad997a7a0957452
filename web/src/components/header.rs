//! The header: the views, the privacy line, the theme.
use super::Handle;
use super::parts::{act, icon};
use crate::state::{Action, Dialog, Theme, View};
use crate::text;
use yew::prelude::*;

pub(crate) fn header(app: &Handle) -> Html {
    html! {
        <header class="top">
            <a class="brand" href="#configure">
                <svg class="brandmark" aria-hidden="true"><use href="#brand"></use></svg><span>{ text::TITLE }</span>
            </a>
            <nav class="views" aria-label="Views">
                { for [View::Configure, View::Check, View::Delivery, View::Build, View::Rules].map(|view| link(app, view)) }
            </nav>
            <button class="privacy" type="button" aria-haspopup="dialog" onclick={act(app, || Action::Dialog(Some(Dialog::Privacy)))}>
                { icon("lock") }
                <span class="p-long">{ text::PRIVACY }</span>
                <span class="p-short" aria-hidden="true">{ text::PRIVACY_SHORT }</span>
            </button>
            <div class="tools">
                <fieldset class="theme">
                    <legend class="vh">{ "Theme" }</legend>
                    { theme(app, Theme::System, "auto", "System") }
                    { theme(app, Theme::Light, "sun", "Light") }
                    { theme(app, Theme::Dark, "moon", "Dark") }
                </fieldset>
                <button class="icon" type="button" aria-label="Keyboard shortcuts" aria-haspopup="dialog" onclick={act(app, || Action::Dialog(Some(Dialog::Help)))}>
                    <span aria-hidden="true">{ "?" }</span>
                </button>
            </div>
        </header>
    }
}

fn link(app: &Handle, view: View) -> Html {
    let current = (app.view == view).then_some("page");
    html! { <a href={view.hash()} aria-current={current}>{ view.title() }</a> }
}

fn theme(app: &Handle, theme: Theme, sign: &str, label: &'static str) -> Html {
    html! {
        <label>
            <input type="radio" name="theme" checked={app.theme == theme} onchange={act(app, move || Action::Theme(theme))} />
            <span>{ icon(sign) }<span class="vh">{ label }</span></span>
        </label>
    }
}
