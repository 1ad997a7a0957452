//! What a chart brings, and the values that bring or withhold it, found by turning one value at a time.

use fluxproof_delivery::{ChartContent, ChartReader, Presence, Scope, Webhook, WebhookRule};
use fluxproof_yaml::{RepoPath, Sources};
use std::collections::{BTreeMap, BTreeSet};

/// A release and a namespace whose names stand nowhere else.
const RELEASE: &str = "zzrelease";
const NAMESPACE: &str = "zznamespace";

/// What a template must speak of to bring something that counts here; a file may hold anything.
const WORDS: &[&str] = &["CustomResourceDefinition", "WebhookConfiguration", ".Files."];

/// The rows of one chart.
#[derive(Debug, Default)]
pub(crate) struct ChartRows {
    pub(crate) chart: String,
    /// Columns of `charts.tsv` behind the name.
    pub(crate) definitions: Vec<Vec<String>>,
    /// Columns of `chart-webhooks.tsv` behind the name.
    pub(crate) webhooks: Vec<Vec<String>>,
    /// Columns of `chart-sources.tsv` behind the name.
    pub(crate) source: Vec<String>,
    /// What could not be read.
    pub(crate) notes: Vec<String>,
}

/// The values that decide over something: any of the first brings it, each of the others must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Switches {
    with: BTreeSet<String>,
    without: BTreeSet<String>,
}

/// The rows of the chart at the root of the sources.
pub(crate) fn of(sources: &Sources, source: &str, date: &str) -> Option<ChartRows> {
    let root = RepoPath::root();
    let mut reader = ChartReader::read(sources, &root)?;
    let whole = reader.content(RELEASE, NAMESPACE, None);
    reader.keep_only(sources, &root, WORDS);
    let turned = turned(&reader);
    let mut notes: Vec<String> = whole.missing.iter().map(|m| format!("{} is not in it", m.name)).collect();
    notes.extend(whole.open.clone());
    Some(ChartRows {
        definitions: definitions(&reader, &turned),
        webhooks: webhooks(&reader, &turned),
        source: vec![whole.version.clone(), source.to_owned(), date.to_owned()],
        chart: whole.name,
        notes,
    })
}

/// What the chart brings with each of its switches turned; the condition is what then holds.
fn turned(reader: &ChartReader) -> Vec<(String, String, ChartContent)> {
    let named = |path: &str, on: bool| if on { path.to_owned() } else { format!("!{path}") };
    let each = reader.switches().into_iter().map(|(path, on)| {
        let content = reader.content_with(RELEASE, NAMESPACE, &set(&path, if on { "false" } else { "true" }));
        (named(&path, on), named(&path, !on), content)
    });
    each.collect()
}

/// A value at a dotted path, as YAML.
fn set(path: &str, value: &str) -> String {
    let open: String = path.split('.').map(|key| format!("{{\"{key}\": ")).collect();
    format!("{open}{value}{}", "}".repeat(path.split('.').count()))
}

/// For each thing that the chart may bring, the values that decide over it.
fn decided<K: Ord + Clone>(
    reader: &ChartReader,
    turned: &[(String, String, ChartContent)],
    things: impl Fn(&ChartContent) -> BTreeSet<K>,
) -> BTreeMap<K, Switches> {
    let base = things(&reader.content(RELEASE, NAMESPACE, None));
    let mut all: BTreeMap<K, Switches> = base.iter().map(|thing| (thing.clone(), Switches::default())).collect();
    for (before, after, content) in turned {
        let now = things(content);
        for thing in base.difference(&now) {
            all.entry(thing.clone()).or_default().without.insert(before.clone());
        }
        for thing in now.difference(&base) {
            all.entry(thing.clone()).or_default().with.insert(after.clone());
        }
    }
    all
}

fn list(items: impl IntoIterator<Item = String>) -> String {
    items.into_iter().collect::<Vec<_>>().join(",")
}

/// One row for each group and set of switches; one that is empty where there is none.
fn definitions(reader: &ChartReader, turned: &[(String, String, ChartContent)]) -> Vec<Vec<String>> {
    let crds = |content: &ChartContent| {
        content.definitions().map(|(_, crd)| (crd.group.clone(), crd.kind.clone())).collect::<BTreeSet<_>>()
    };
    let mut rows: BTreeMap<(String, Switches), BTreeSet<String>> = BTreeMap::new();
    for ((group, kind), switches) in decided(reader, turned, crds) {
        rows.entry((group, switches)).or_default().insert(kind);
    }
    if rows.is_empty() {
        return vec![vec![String::new(); 4]];
    }
    let row = |((group, switches), kinds): ((String, Switches), BTreeSet<String>)| {
        vec![group, list(kinds), list(switches.with), list(switches.without)]
    };
    rows.into_iter().map(row).collect()
}

/// A webhook and one group that it is asked about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Asked {
    name: String,
    mutating: bool,
    group: String,
    kinds: String,
    service: String,
}

fn webhooks(reader: &ChartReader, turned: &[(String, String, ChartContent)]) -> Vec<Vec<String>> {
    let asked = |content: &ChartContent| {
        let chart = content.name.clone();
        content.webhooks().flat_map(|(_, hook)| asked(hook, content, &chart)).collect::<BTreeSet<_>>()
    };
    let row = |(asked, switches): (Asked, Switches)| {
        let sort = if asked.mutating { "mutating" } else { "validating" };
        let policy = "Fail".to_owned();
        let columns = [asked.name, sort.to_owned(), asked.group, asked.kinds, asked.service, policy];
        columns.into_iter().chain([list(switches.without), list(switches.with)]).collect()
    };
    decided(reader, turned, asked).into_iter().map(row).collect()
}

/// What a webhook that refuses is asked about, by group; groups of Kubernetes itself do not count.
fn asked(hook: &Webhook, content: &ChartContent, chart: &str) -> Vec<Asked> {
    if hook.refuses != Some(true) || hook.scope == Scope::Some || hook.presence == Presence::Possible {
        return Vec::new();
    }
    let mut by_group: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for rule in hook.rules.iter().flatten() {
        for group in rule.groups.iter().filter(|group| group.contains('.') && !group.ends_with(".k8s.io")) {
            by_group.entry(group.clone()).or_default().extend(kinds(group, rule, content));
        }
    }
    let named = |(group, kinds): (String, BTreeSet<String>)| Asked {
        name: hook.name.clone(),
        mutating: hook.mutating,
        kinds: if kinds.contains("*") { "*".to_owned() } else { list(kinds) },
        service: service(hook, chart),
        group,
    };
    by_group.into_iter().filter(|(_, kinds)| !kinds.is_empty()).map(named).collect()
}

fn kinds(group: &str, rule: &WebhookRule, content: &ChartContent) -> Vec<String> {
    let kind = |plural: &String| {
        let crd = content.definitions().find(|(_, crd)| crd.group == *group && crd.plural == *plural);
        crd.map_or_else(|| plural.clone(), |(_, crd)| crd.kind.clone())
    };
    let whole = rule.resources.iter().filter(|resource| !resource.contains('/') || *resource == "*/*");
    whole.map(|plural| if plural.starts_with('*') { "*".to_owned() } else { kind(plural) }).collect()
}

/// The name of the Service: what follows the full name of the release begins with `-`, that of the release stands as `{release}`.
fn service(hook: &Webhook, chart: &str) -> String {
    let name = hook.service.as_deref().and_then(|service| service.split_once('/')).map_or("", |(_, name)| name);
    match name.strip_prefix(&format!("{RELEASE}-{chart}")) {
        Some("") => "-".to_owned(),
        Some(rest) => rest.to_owned(),
        None => name.replace(RELEASE, "{release}"),
    }
}
