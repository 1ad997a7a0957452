//! The generated files as an ARIA tree: one tab stop, arrows, Home, End, type-ahead, Enter.
use super::Handle;
use super::parts::{focus, icon};
use crate::state::Action;
use crate::tree::{self, Move, Row};
use yew::prelude::*;

pub(crate) fn file_tree(app: &Handle) -> Html {
    let Some(layout) = &app.layout else {
        return Html::default();
    };
    let paths: Vec<&str> = layout.files.iter().map(|file| file.path.as_str()).collect();
    let rows = tree::rows(&paths);
    let seen = tree::visible(&rows, &app.folded);
    let stop =
        app.row.clone().filter(|path| seen.iter().any(|row| row.path == *path)).unwrap_or_else(|| stop(app, &seen));
    let onkeydown = {
        let (app, rows, stop) = (app.clone(), rows.clone(), stop.clone());
        Callback::from(move |event: KeyboardEvent| press(&app, &rows, &stop, &event))
    };
    html! {
        <div class="filetree">
            <div class="pane-h"><h2 id="files-h">{ "Files" }</h2><span class="num">{ paths.len() }</span></div>
            <ul role="tree" aria-labelledby="files-h" class="tree" {onkeydown}>
                { for seen.iter().map(|row| item(app, row, row.path == stop)) }
            </ul>
        </div>
    }
}

fn stop(app: &Handle, seen: &[Row]) -> String {
    let selected = seen.iter().find(|row| row.path == app.file);
    selected.or_else(|| seen.first()).map(|row| row.path.clone()).unwrap_or_default()
}

fn press(app: &Handle, rows: &[Row], at: &str, event: &KeyboardEvent) {
    if event.ctrl_key() || event.meta_key() || event.alt_key() {
        return;
    }
    let Some(found) = tree::key(rows, &app.folded, at, &event.key()) else {
        return;
    };
    event.prevent_default();
    event.stop_propagation();
    match found {
        Move::Focus(path) => {
            focus(&id(&path));
            app.dispatch(Action::Row(path));
        }
        Move::Fold(path, fold) => {
            app.dispatch(Action::Row(path.clone()));
            app.dispatch(Action::Fold(path, fold));
        }
        Move::Choose(path) => app.dispatch(Action::File(path)),
    }
}

fn id(path: &str) -> String {
    format!("row-{path}")
}

fn item(app: &Handle, row: &Row, stop: bool) -> Html {
    let open = !app.folded.contains(&row.path);
    let onclick = {
        let (dispatcher, path, folder) = (app.dispatcher(), row.path.clone(), row.folder);
        Callback::from(move |_: MouseEvent| {
            focus(&id(&path));
            if folder {
                dispatcher.dispatch(Action::Row(path.clone()));
                dispatcher.dispatch(Action::Fold(path.clone(), open));
            } else {
                dispatcher.dispatch(Action::File(path.clone()));
            }
        })
    };
    let parts = row.label.split_inclusive('/').map(
        |part| html! { <><span class={classes!(row.folder.then_some("nb"))}>{ part.to_owned() }</span><wbr /></> },
    );
    let name = html! { { for parts } };
    html! {
        <li key={row.path.clone()} id={id(&row.path)} role="treeitem" class={if row.folder { "dir" } else { "file" }}
            aria-level={row.level.to_string()} aria-posinset={row.position.to_string()} aria-setsize={row.siblings.to_string()}
            aria-expanded={row.folder.then(|| open.to_string())} aria-selected={(app.file == row.path).to_string()}
            tabindex={if stop { "0" } else { "-1" }} {onclick}>
            <span class={classes!("row", format!("lv{}", row.level.min(6)))}>
                { for row.folder.then(|| html! { <svg class="ic chev" aria-hidden="true"><use href="#i-chev"></use></svg> }) }
                { icon(if row.folder { "folder" } else { "file" }) }
                <span class="nm">{ name }</span>
            </span>
        </li>
    }
}
