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

/// What the chart brings with one of its switches turned, and what held before and holds then.
struct Turned {
    before: String,
    after: String,
    content: ChartContent,
}

/// The chart with each of its switches turned.
fn turned(reader: &ChartReader) -> Vec<Turned> {
    let named = |path: &str, on: bool| if on { path.to_owned() } else { format!("!{path}") };
    let each = reader.switches().into_iter().map(|(path, on)| {
        let content = reader.content_with(RELEASE, NAMESPACE, &set(&path, if on { "false" } else { "true" }));
        Turned { before: named(&path, on), after: named(&path, !on), content }
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
    turned: &[Turned],
    things: impl Fn(&ChartContent) -> BTreeSet<K>,
) -> BTreeMap<K, Switches> {
    let base = things(&reader.content(RELEASE, NAMESPACE, None));
    let mut all: BTreeMap<K, Switches> = base.iter().map(|thing| (thing.clone(), Switches::default())).collect();
    for Turned { before, after, content } in turned {
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
fn definitions(reader: &ChartReader, turned: &[Turned]) -> Vec<Vec<String>> {
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
    group: String,
    mutating: bool,
    name: String,
}

fn webhooks(reader: &ChartReader, turned: &[Turned]) -> Vec<Vec<String>> {
    let base = reader.content(RELEASE, NAMESPACE, None);
    let contents: Vec<&ChartContent> = [&base].into_iter().chain(turned.iter().map(|turned| &turned.content)).collect();
    let policies = policies(reader);
    let row = |(asked, switches): (Asked, Switches)| {
        let (kinds, service) = kinds_and_service(&asked, &contents, &base.name);
        let sort = if asked.mutating { "mutating" } else { "validating" };
        let policy = policies.iter().find(|(_, content)| !all_asked(content).contains(&asked));
        let policy = policy.map_or("Fail".to_owned(), |(path, _)| path.clone());
        let columns = [asked.name, sort.to_owned(), asked.group, kinds, service, policy];
        columns.into_iter().chain([list(switches.without), list(switches.with)]).collect()
    };
    decided(reader, turned, all_asked).into_iter().map(row).collect()
}

/// What the chart brings where a value that says `Fail` says `Ignore`.
fn policies(reader: &ChartReader) -> Vec<(String, ChartContent)> {
    let content = |path: String| {
        let content = reader.content_with(RELEASE, NAMESPACE, &set(&path, "Ignore"));
        (path, content)
    };
    reader.policies().into_iter().map(content).collect()
}

fn all_asked(content: &ChartContent) -> BTreeSet<Asked> {
    content.webhooks().flat_map(|(_, hook)| asked(hook)).collect()
}

/// What a webhook that refuses is asked about, by group; groups of Kubernetes itself do not count.
fn asked(hook: &Webhook) -> Vec<Asked> {
    if hook.refuses != Some(true) || hook.scope == Scope::Some || hook.presence == Presence::Possible {
        return Vec::new();
    }
    let rules = hook.rules.iter().flatten().filter(|rule| is_about_objects(rule));
    let groups = rules.flat_map(|rule| &rule.groups).filter(|group| group.contains('.') && !group.ends_with(".k8s.io"));
    let named = |group: &String| Asked { group: group.clone(), mutating: hook.mutating, name: hook.name.clone() };
    groups.map(named).collect()
}

/// Whether a rule is about more than parts of objects (`pods/exec`).
fn is_about_objects(rule: &WebhookRule) -> bool {
    rule.resources.iter().any(|resource| !resource.contains('/') || resource == "*/*")
}

/// The kinds of a webhook, with the CRDs of every content as a dictionary, and its Service.
fn kinds_and_service(asked: &Asked, contents: &[&ChartContent], chart: &str) -> (String, String) {
    let is_it = |hook: &Webhook| hook.name == asked.name && hook.mutating == asked.mutating;
    let hook = contents.iter().flat_map(|content| content.webhooks()).map(|(_, hook)| hook).find(|hook| is_it(hook));
    let Some(hook) = hook else { return Default::default() };
    let mut kinds: BTreeSet<String> = BTreeSet::new();
    for rule in hook.rules.iter().flatten().filter(|rule| rule.groups.contains(&asked.group)) {
        kinds.extend(self::kinds(&asked.group, rule, contents));
    }
    let kinds = if kinds.contains("*") { "*".to_owned() } else { list(kinds) };
    (kinds, service(hook, chart))
}

fn kinds(group: &str, rule: &WebhookRule, contents: &[&ChartContent]) -> Vec<String> {
    let kind = |plural: &String| {
        let mut crds = contents.iter().flat_map(|content| content.definitions());
        let crd = crds.find(|(_, crd)| crd.group == *group && crd.plural == *plural);
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
