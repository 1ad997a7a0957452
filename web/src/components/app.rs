//! The page as a whole: the view that is open, the requests that a change of the state asks for, and the keys.
use super::Handle;
use super::banner::banner;
use super::build::{build, use_source};
use super::check::check;
use super::configure::configure;
use super::delivery::delivery;
use super::dialogs::Dialogs;
use super::file_view::reveal;
use super::footer::footer;
use super::header::header;
use super::parts::{focus, id, tomb};
use super::rules::rules;
use crate::engine::{self, Folder};
use crate::state::{Action, Answer, Dialog, Lane, Repository, State, Theme, View};
use crate::wire::Cluster;
use crate::{proof, text};
use gloo_events::{EventListener, EventListenerOptions};
use gloo_timers::callback::Timeout;
use std::cell::Cell;
use std::future::Future;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

impl Reducible for State {
    type Action = Action;

    fn reduce(self: Rc<Self>, action: Action) -> Rc<Self> {
        Rc::new(Rc::unwrap_or_clone(self).after(action))
    }
}

#[derive(Properties)]
pub(crate) struct AppProps {
    pub(crate) start: Rc<State>,
}

impl PartialEq for AppProps {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.start, &other.start)
    }
}

type Requests = Rc<Cell<u32>>;

/// Numbers a request, and takes its answer to the state, which drops it when a newer one was asked.
fn ask(app: &Handle, requests: &Requests, lane: Lane, answer: impl Future<Output = Answer> + 'static) {
    let id = requests.get() + 1;
    requests.set(id);
    let dispatcher = app.dispatcher();
    dispatcher.dispatch(Action::Asked(lane, id));
    spawn_local(async move { dispatcher.dispatch(Action::Answered(lane, id, answer.await)) });
}

#[component]
pub(crate) fn App(props: &AppProps) -> Html {
    let app = use_reducer_eq({
        let start = props.start.clone();
        move || (*start).clone()
    });
    let requests = use_memo((), |()| Cell::new(0));
    let over = use_state(|| false);
    let open = opener(&app, &requests);
    let example = exampler(&open);
    let download = downloader(&app, &requests);
    use_generated(&app, &requests);
    use_explained(&app, &requests);
    use_certificate(&app, &requests);
    use_snippet(&app, &requests);
    use_targets(&app, &requests);
    use_built(&app, &requests);
    use_fetched(&app, &requests);
    use_source(&app);
    use_address(&app);
    use_document(&app);
    use_keys(&app, &download);
    use_drop(&app, &over, &open);
    use_effect_with(app.focus.clone(), |(times, path)| {
        if *times > 0 {
            focus(&id(path));
        }
    });
    use_effect_with(app.lens.clone(), |lens| {
        if lens.is_some() {
            reveal();
        }
    });
    html! {
        <>
            { header(&app) }
            <main id="main" tabindex="-1" data-state={if app.current() { "current" } else if app.trap.is_some() { "error" } else { "invalid" }}>
                { banner(&app) }
                { match app.view {
                    View::Configure => configure(&app, &download),
                    View::Check => check(&app, &open, &example),
                    View::Delivery => delivery(&app),
                    View::Build => build(&app),
                    View::Rules => rules(&app, &example),
                } }
                { for over.then(overlay) }
            </main>
            { footer(&app) }
            <Dialogs app={app.clone()} />
            <p class="vh" role="status" aria-live="polite">{ spoken(&app) }</p>
        </>
    }
}

fn overlay() -> Html {
    html! { <div class="overlay"><div class="ov-in">{ tomb("assumed") }<p class="ov-h">{ text::DROP_OVER }</p><p>{ text::DROP_OVER_LEAD }</p></div></div> }
}

/// The verdict in one sentence, for those who do not see it change.
fn spoken(app: &State) -> String {
    let report = match (app.view, &app.repository) {
        (View::Check, Repository::Checked { report, .. }) => Some(report.clone()),
        (View::Configure, _) if app.problems.is_empty() => app.layout.as_ref().map(|layout| layout.report.clone()),
        (View::Configure, _) => {
            return app.problems.first().map(|problem| problem.message.clone()).unwrap_or_default();
        }
        _ => None,
    };
    report.map_or_else(String::new, |report| {
        let totals = proof::Totals::of(&report);
        let word = if totals.holds() { text::PROVEN } else { text::NOT_PROVEN };
        format!("{word}. {}.", text::of_requirements(totals.proven, totals.asked()))
    })
}

fn opener(app: &Handle, requests: &Requests) -> Callback<Folder> {
    let (app, requests) = (app.clone(), requests.clone());
    Callback::from(move |folder: Folder| {
        let (name, total) = (folder.name(), folder.count());
        app.dispatch(Action::Go(View::Check));
        if let Some(window) = web_sys::window() {
            // The address follows the view; where it may not be set, the view has changed all the same.
            drop(window.location().set_hash(View::Check.hash()));
        }
        app.dispatch(Action::Reading { name: name.clone(), done: 0, total });
        let dispatcher = app.dispatcher();
        let progress = move |done: u32, total: u32| {
            dispatcher.dispatch(Action::Reading { name: name.clone(), done: done as usize, total: total as usize })
        };
        ask(&app, &requests, Lane::Check, async move { engine::check(&folder, progress).await });
    })
}

/// Opens the broken example of a rule, by the rule's name.
fn exampler(open: &Callback<Folder>) -> Callback<String> {
    let open = open.clone();
    Callback::from(move |name: String| {
        let open = open.clone();
        spawn_local(async move {
            if let Some(folder) = engine::example(name).await {
                open.emit(folder);
            }
        });
    })
}

fn downloader(app: &Handle, requests: &Requests) -> Callback<()> {
    let (app, requests) = (app.clone(), requests.clone());
    Callback::from(move |()| {
        let Some(layout) = app.layout.clone().filter(|_| app.problems.is_empty()) else {
            return;
        };
        let (config, crds) = (app.layout_config.clone(), app.crds.0 > 0);
        ask(&app, &requests, Lane::Zip, async move { engine::download(&config, crds, &layout.zip.name).await });
    })
}

/// Generates again when the config changes: at once for a choice, after a pause while typing.
#[hook]
fn use_generated(app: &Handle, requests: &Requests) {
    let (handle, requests) = (app.clone(), requests.clone());
    use_effect_with((app.sent.clone(), app.urgent, app.crds.0), move |(config, urgent, crds)| {
        let (config, crds) = (config.clone(), *crds > 0);
        let pause = if *urgent { 0 } else { 150 };
        let timer =
            Timeout::new(pause, move || ask(&handle, &requests, Lane::Generate, engine::generate(config, crds)));
        move || drop(timer)
    });
}

/// Asks for the certificate of the cluster that was opened, where the worker has it.
#[hook]
fn use_certificate(app: &Handle, requests: &Requests) {
    let (handle, requests) = (app.clone(), requests.clone());
    use_effect_with(app.wanted, move |wanted| {
        let layout = handle.layout.as_ref();
        let kept = |at: &usize| layout.and_then(|layout| layout.report.clusters.get(*at)).is_some_and(Cluster::is_kept);
        if let Some(cluster) = wanted.filter(|at| kept(at) && !handle.certificates.contains_key(at)) {
            ask(&handle, &requests, Lane::Certificate, engine::certificate(cluster));
        }
    });
}

#[hook]
fn use_explained(app: &Handle, requests: &Requests) {
    let (handle, requests) = (app.clone(), requests.clone());
    use_effect_with(app.rule.clone(), move |name| {
        if handle.rules.iter().any(|rule| rule.name == *name) {
            ask(&handle, &requests, Lane::Explain, engine::explain(name.clone()));
        }
    });
}

/// Fetches the file of the chosen finding out of the worker, where the repository is.
#[hook]
fn use_snippet(app: &Handle, requests: &Requests) {
    let (handle, requests) = (app.clone(), requests.clone());
    let path = match &app.repository {
        Repository::Checked { report, .. } => {
            report.findings.get(app.finding).map(|finding| finding.location.path.clone())
        }
        _ => None,
    };
    use_effect_with((path, app.opened), move |(path, _)| {
        if let Some(path) = path.clone() {
            ask(&handle, &requests, Lane::Snippet, engine::snippet(path));
        }
    });
}

/// Lists what can be built, when the builds are looked at and when there are other ones.
#[hook]
fn use_targets(app: &Handle, requests: &Requests) {
    let (handle, requests) = (app.clone(), requests.clone());
    use_effect_with((app.view == View::Build, subject(app)), move |(shown, _)| {
        if *shown {
            ask(&handle, &requests, Lane::Targets, engine::targets(layout(&handle)));
        }
    });
}

/// Builds what is chosen.
#[hook]
fn use_built(app: &Handle, requests: &Requests) {
    let (handle, requests) = (app.clone(), requests.clone());
    use_effect_with((app.listings, app.target), move |(_, target)| {
        if let Some(target) = handle.targets.get(*target) {
            ask(&handle, &requests, Lane::Build, engine::build(target.clone(), layout(&handle)));
        }
    });
}

/// Fetches the file that a line of a build comes from.
#[hook]
fn use_fetched(app: &Handle, requests: &Requests) {
    let (handle, requests) = (app.clone(), requests.clone());
    let path = app.source.as_ref().filter(|_| app.of_repository()).map(|place| place.path.clone());
    use_effect_with((path, app.opened), move |(path, _)| {
        if let Some(path) = path.clone() {
            ask(&handle, &requests, Lane::Source, engine::source(path));
        }
    });
}

/// What is built from: the repository that was opened last, by its number, or the layout of a config.
fn subject(app: &State) -> Result<u32, Rc<str>> {
    if app.of_repository() { Ok(app.opened) } else { Err(app.layout_config.clone()) }
}

/// The layout, where builds are of it.
fn layout(app: &State) -> Option<Rc<crate::wire::Generated>> {
    app.layout.clone().filter(|_| !app.of_repository())
}

/// Follows the address: `#check`, `#rules/dependency-cycle`.
#[hook]
fn use_address(app: &Handle) {
    let app = app.clone();
    use_effect_with((), move |()| {
        let go = move || {
            let hash = address();
            let (view, rest) = hash.split_once('/').unwrap_or((&hash, ""));
            let first = app.rules.first().map(|rule| rule.name.clone()).unwrap_or_default();
            let Some(view) = View::named(view) else {
                return;
            };
            app.dispatch(Action::Go(view));
            if view == View::Rules {
                app.dispatch(Action::Rule(if rest.is_empty() { first } else { rest.to_owned() }));
            }
        };
        go();
        let listener = web_sys::window().map(|window| EventListener::new(&window, "hashchange", move |_| go()));
        move || drop(listener)
    });
}

fn address() -> String {
    let hash = web_sys::window().and_then(|window| window.location().hash().ok()).unwrap_or_default();
    hash.trim_start_matches('#').to_owned()
}

/// The title and the theme stand on the document itself.
#[hook]
fn use_document(app: &Handle) {
    use_effect_with((app.view, app.theme), |(view, theme)| {
        let Some(document) = web_sys::window().and_then(|window| window.document()) else {
            return;
        };
        document.set_title(&format!("{} · {}", view.title(), text::TITLE));
        let name = match theme {
            Theme::System => "system",
            Theme::Light => "light",
            Theme::Dark => "dark",
        };
        if let Some(root) = document.document_element() {
            // Setting an attribute with a valid name cannot fail.
            drop(root.set_attribute("data-theme", name));
        }
    });
}

#[hook]
fn use_keys(app: &Handle, download: &Callback<()>) {
    let (app, download) = (app.clone(), download.clone());
    use_effect_with((app.clone(), download), move |(app, download)| {
        let (app, download) = (app.clone(), download.clone());
        let listener = web_sys::window().map(|window| {
            EventListener::new_with_options(
                &window,
                "keydown",
                EventListenerOptions::enable_prevent_default(),
                move |event| {
                    if let Some(event) = event.dyn_ref::<KeyboardEvent>() {
                        press(&app, &download, event);
                    }
                },
            )
        });
        move || drop(listener)
    });
}

fn press(app: &Handle, download: &Callback<()>, event: &KeyboardEvent) {
    let control = event.ctrl_key() || event.meta_key();
    match event.key().as_str() {
        "Enter" if control && app.view == View::Configure => download.emit(()),
        "F8" if app.view == View::Check => {
            if let Some(next) = app.neighbour(!event.shift_key()) {
                app.dispatch(Action::Finding(next));
                focus("fd-h");
            }
        }
        "?" if !control && !typing(event) => app.dispatch(Action::Dialog(Some(Dialog::Help))),
        _ => return,
    }
    event.prevent_default();
}

fn typing(event: &KeyboardEvent) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    target.is_some_and(|target| target.closest("input, select, textarea, [role=tree]").ok().flatten().is_some())
}

/// A folder may be dropped anywhere.
#[hook]
fn use_drop(app: &Handle, over: &UseStateHandle<bool>, open: &Callback<Folder>) {
    let (app, over, open) = (app.clone(), over.clone(), open.clone());
    use_effect_with((app.clone(), *over), move |_| {
        let listen = |name: &'static str, act: fn(&UseStateHandle<bool>, &Callback<Folder>, &DragEvent)| {
            let (over, open) = (over.clone(), open.clone());
            web_sys::window().map(|window| {
                EventListener::new_with_options(
                    &window,
                    name,
                    EventListenerOptions::enable_prevent_default(),
                    move |event| {
                        if let Some(event) = event.dyn_ref::<DragEvent>() {
                            act(&over, &open, event);
                        }
                    },
                )
            })
        };
        let listeners = [listen("dragover", drag), listen("dragleave", leave), listen("drop", fall)];
        move || drop(listeners)
    });
}

fn drag(over: &UseStateHandle<bool>, _: &Callback<Folder>, event: &DragEvent) {
    let files = event.data_transfer().is_some_and(|transfer| transfer.types().includes(&"Files".into(), 0));
    if files {
        event.prevent_default();
        if !**over {
            over.set(true);
        }
    }
}

fn leave(over: &UseStateHandle<bool>, _: &Callback<Folder>, event: &DragEvent) {
    if event.related_target().is_none() {
        over.set(false);
    }
}

fn fall(over: &UseStateHandle<bool>, open: &Callback<Folder>, event: &DragEvent) {
    event.prevent_default();
    over.set(false);
    let Some(transfer) = event.data_transfer() else {
        return;
    };
    let open = open.clone();
    spawn_local(async move {
        let folder = engine::dropped(&transfer).await;
        if let Some(folder) = folder.ok().filter(|folder| folder.count() > 0) {
            open.emit(folder);
        }
    });
}
