//! FluxInstances: as resources, or as values of the flux-instance chart, inline, in a ConfigMap or in a file of their own.

use super::{Entry, Sync, around, yaml_documents};
use crate::build::Artifacts;
use crate::model::{ObjectRef, Reason};
use crate::read::SOURCE_API;
use fluxproof_yaml::{Budget, FileId, RepoPath, Span, Table, Value, parse};

/// The entries that FluxInstances sync.
pub(super) fn entries(artifacts: &Artifacts<'_>) -> Vec<Entry> {
    let workspace = artifacts.workspace();
    yaml_documents(workspace).flat_map(|(file, value)| of_document(artifacts, file, value)).collect()
}

fn of_document(artifacts: &Artifacts<'_>, file: FileId, value: &Value) -> Vec<Entry> {
    let found = |sync: Option<&Value>, namespace: &str| sync.and_then(|sync| entry(artifacts, file, sync, namespace));
    let own = value.str_at(&["metadata", "namespace"]).unwrap_or("flux-system");
    match value.str_at(&["kind"]) {
        Some("FluxInstance") => found(value.at(&["spec", "sync"]), own).into_iter().collect(),
        Some("HelmRelease") => {
            let target = value.str_at(&["spec", "targetNamespace"]).unwrap_or(own);
            found(value.at(&["spec", "values", "instance", "sync"]), target).into_iter().collect()
        }
        Some("ConfigMap") => {
            let texts = value.get("data").map_or(&[][..], Value::entries);
            texts.iter().filter_map(|text| of_text(artifacts, file, &text.value, own)).collect()
        }
        Some(_) => Vec::new(),
        None => found(value.at(&["instance", "sync"]), "flux-system").into_iter().collect(),
    }
}

/// Values inside a ConfigMap.
fn of_text(artifacts: &Artifacts<'_>, file: FileId, text: &Value, namespace: &str) -> Option<Entry> {
    let inside = text.as_str().filter(|text| text.contains("instance:") && text.contains("sync:"))?;
    let values = parse(file, inside);
    let values = values.documents.first()?.root()?.to_value(Table::GoYaml3, &mut Budget::default()).ok()?;
    let entry = entry(artifacts, file, values.at(&["instance", "sync"])?, namespace)?;
    Some(Entry { span: Some(text.span), ..entry })
}

fn entry(artifacts: &Artifacts<'_>, file: FileId, sync: &Value, namespace: &str) -> Option<Entry> {
    let path = sync.get("path")?;
    let text = path.as_str()?;
    let (within, folder) = folder(artifacts, file, text)?;
    let name = sync.str_at(&["name"]).filter(|name| !name.is_empty()).unwrap_or(namespace);
    let source = ObjectRef {
        api_version: SOURCE_API.to_owned(),
        kind: sync.str_at(&["kind"]).unwrap_or("GitRepository").to_owned(),
        namespace: Some(namespace.to_owned()),
        name: name.to_owned(),
    };
    let own = |key: &str| sync.str_at(&[key]).map(str::to_owned);
    let sync = Sync { source, url: own("url"), reference: own("ref") };
    let span = Some(Span { end: path.span.end, ..path.span });
    Some(Entry { sync: Some(sync), span, ..Entry::of_folder(folder, within, Reason::FluxInstance) })
}

/// The outermost folder around the file that has the path.
fn folder(artifacts: &Artifacts<'_>, file: FileId, path: &str) -> Option<(RepoPath, RepoPath)> {
    let sources = artifacts.workspace().sources();
    let has = |root: &RepoPath| {
        let folder = root.join_clamped(path);
        let whole = folder == *root && !matches!(path.trim_matches(['.', '/']), "");
        (!path.contains("${") && !whole && sources.has_folder(&folder)).then_some(folder)
    };
    around(sources.path(file)).into_iter().find_map(|root| has(&root).map(|folder| (root, folder)))
}
