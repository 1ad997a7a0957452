//! What came, and went, from release to release.

use crate::Release;
use crate::schema::{properties, required, selector};
use serde_json::Value as Json;
use std::collections::BTreeMap;

/// What a release says of a path: its choices, and whether it is demanded where its object is there.
type Known = BTreeMap<String, (Vec<String>, bool)>;

/// The text of `provider-history.tsv`.
pub(crate) fn text(releases: &[Release], date: &str) -> String {
    let (first, last) = (name(releases.first()), name(releases.last()));
    let mut out = format!(
        "# What came to, and went from, the providers of External Secrets after {first}, the first release that a layout is made for.\n\
         # Source: config/crds/bases/external-secrets.io_clustersecretstores.yaml at each tag of github.com/external-secrets/external-secrets, \
         v{first} to v{last}. Read {date}.\n\
         # provider, field, value: in its schema since this version. removed: no longer since this version. needed: required before this version.\n\
         # what\tpath\tversion\n"
    );
    let known: Vec<Known> = releases.iter().map(|release| known(&release.providers)).collect();
    let mut rows: Vec<(String, &str, String, &str)> = Vec::new();
    for (pair, release) in known.windows(2).zip(&releases[1..]) {
        rows.extend(
            changes(&pair[0], &pair[1])
                .into_iter()
                .map(|(what, path)| (order(&path), what, path, release.name.as_str())),
        );
    }
    let lasting =
        |path: &str| known.last().is_some_and(|known| known.contains_key(path.split('=').next().unwrap_or(path)));
    rows.retain(|(_, what, path, _)| *what == "removed" || lasting(path));
    rows.sort();
    for (_, what, path, version) in rows {
        out.push_str(&format!("{what}\t{path}\t{version}\n"));
    }
    out
}

fn name(release: Option<&Release>) -> &str {
    release.map_or("", |release| &release.name)
}

/// By provider whatever its capitals, then by path.
fn order(path: &str) -> String {
    let (provider, rest) = path.split_once('.').unwrap_or((path, ""));
    format!("{}\t{rest}", provider.to_lowercase())
}

fn known(providers: &Json) -> Known {
    let mut out = Known::new();
    for (name, schema) in properties(providers) {
        gather(schema, name, false, &mut out);
    }
    out
}

fn gather(schema: &Json, path: &str, is_required: bool, out: &mut Known) {
    let choices = schema["enum"].as_array().into_iter().flatten().filter_map(Json::as_str).map(str::to_owned);
    out.insert(path.to_owned(), (choices.collect(), is_required));
    let item = schema.get("items").unwrap_or(schema);
    if selector(item).is_none() {
        for (name, field) in properties(&item["properties"]) {
            gather(field, &format!("{path}.{name}"), required(item).contains(&name.as_str()), out);
        }
    }
}

/// What a release has, or no longer has, that the one before did not. What comes with its object is not told.
fn changes(before: &Known, after: &Known) -> Vec<(&'static str, String)> {
    let mut out = Vec::new();
    for (path, (choices, is_required)) in after {
        let above = path.rsplit_once('.').map(|(above, _)| above);
        match before.get(path) {
            None if above.is_none() => out.push(("provider", path.clone())),
            None if above.is_some_and(|above| before.contains_key(above)) => out.push(("field", path.clone())),
            None => {}
            Some((old, was_required)) => {
                let new = choices.iter().filter(|choice| !old.is_empty() && !old.contains(choice));
                out.extend(new.map(|choice| ("value", format!("{path}={choice}"))));
                let is_free = *was_required && !is_required;
                out.extend(is_free.then(|| ("needed", path.clone())));
            }
        }
    }
    let gone = before.keys().filter(|path| !path.contains('.') && !after.contains_key(*path));
    out.extend(gone.map(|path| ("removed", path.clone())));
    out
}
