//! A chart with the values of a release: what it brings.

use super::content::{ChartContent, ChartObject, Detail, MissingChart, Presence, Webhook};
use super::folder::{Chart, Dependency, is_rendered};
use super::manifest::{From, objects};
use super::template::{Names, Oracle, Template, Truth, Val};
use fluxproof_yaml::Value;
use std::collections::BTreeMap;

/// What a release gives to its chart.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ReleaseValues<'v> {
    /// The name of the release.
    pub(crate) name: &'v str,
    /// Its namespace.
    pub(crate) namespace: &'v str,
    /// Its values, merged; those of the chart stand below them.
    pub(crate) values: Option<&'v Value>,
    /// Whether others, that are not known, may stand between the two or above both.
    pub(crate) more_values: bool,
}

struct Rendering<'r> {
    release: ReleaseValues<'r>,
    names: Names,
    tags: Val,
    content: ChartContent,
}

/// What a chart brings with these values.
pub(super) fn content(chart: &Chart, release: ReleaseValues<'_>) -> ChartContent {
    let values = values_of(chart, release);
    let content = ChartContent { name: chart.name.clone(), version: chart.version.clone(), ..ChartContent::default() };
    let mut rendering = Rendering { release, names: chart.names(), tags: values.field("tags"), content };
    rendering.chart(chart, &values, Presence::Certain);
    fluxproof_order::sort(&mut rendering.content.open);
    rendering.content.open.dedup();
    rendering.content
}

/// The values of a release over those of its chart (helm.sh/helm pkg/chart/common/util/coalesce.go).
fn values_of(chart: &Chart, release: ReleaseValues<'_>) -> Val {
    let given = release.values.map_or_else(|| Val::map(BTreeMap::new()), Val::of);
    match release.more_values {
        true => over(&opened(&given), &chart.values.doubted()),
        false => over(&given, &chart.values),
    }
}

/// The same maps, which may have more entries.
fn opened(values: &Val) -> Val {
    let copy = values.copy();
    open_all(&copy);
    copy
}

fn open_all(values: &Val) {
    if let Val::Map(map) = values {
        map.borrow_mut().open = true;
        map.borrow().entries.values().for_each(open_all);
    }
}

/// Values over defaults: maps are merged, nothing takes a default away, everything else is replaced.
fn over(given: &Val, defaults: &Val) -> Val {
    let (Val::Map(given_map), Val::Map(default_map)) = (given, defaults) else {
        return if matches!(given, Val::Nil) { Val::Nil } else { given.copy() };
    };
    let (given_map, default_map) = (given_map.borrow(), default_map.borrow());
    let mut entries = BTreeMap::new();
    for (key, value) in &default_map.entries {
        match given_map.entries.get(key) {
            Some(Val::Nil) => {}
            Some(other) => _ = entries.insert(key.clone(), over(other, value)),
            None => _ = entries.insert(key.clone(), value.copy()),
        }
    }
    for (key, value) in &given_map.entries {
        if !default_map.entries.contains_key(key) {
            entries.insert(key.clone(), value.copy());
        }
    }
    let merged = Val::map(entries);
    if let Val::Map(map) = &merged {
        map.borrow_mut().open = given_map.open || default_map.open;
    }
    merged
}

impl Rendering<'_> {
    fn chart(&mut self, chart: &Chart, values: &Val, presence: Presence) {
        self.content.open.extend(chart.problems.iter().map(|problem| format!("{}: {problem}", chart.name)));
        for (path, text) in &chart.crds {
            let (found, more) = objects(text, self.from(path, true));
            self.add(found, presence);
            self.note(more, || format!("{}: {path} could not be read whole", chart.name));
        }
        self.charts(chart, values, presence);
        if !chart.library {
            let dot = self.dot(chart, values);
            for (path, template) in chart.templates.iter().filter(|(path, _)| is_rendered(path)) {
                self.template(chart, path, template, &dot, presence);
            }
        }
    }

    fn from<'a>(&'a self, file: &'a str, crd_folder: bool) -> From<'a> {
        From { file, namespace: self.release.namespace, crd_folder }
    }

    fn note(&mut self, holds: bool, why: impl Fn() -> String) {
        if holds {
            self.content.open.push(why());
        }
    }

    fn add(&mut self, found: Vec<ChartObject>, presence: Presence) {
        let weakened = |object: ChartObject| ChartObject { presence: object.presence.max(presence), ..object };
        self.content.objects.extend(found.into_iter().map(weakened));
    }

    /// Runs a template until every unknown condition has been answered both ways.
    fn template(&mut self, chart: &Chart, path: &str, template: &Template, dot: &Val, presence: Presence) {
        let (mut oracle, mut found, mut more) = (Oracle::default(), Found::default(), false);
        while oracle.next_run() {
            let printed = template.print(&self.names, &chart.files, &mut oracle, &dot.copy());
            let (objects, unread) = objects(&printed.text, self.from(path, false));
            more |= unread || printed.cut;
            found.add_run(objects);
        }
        more |= oracle.is_short();
        self.add(found.objects(), presence);
        self.note(more, || format!("{}: {path} could not be read whole", chart.name));
    }

    fn dot(&self, chart: &Chart, values: &Val) -> Val {
        let text = |text: &str| if text.contains("${") { Val::Unknown } else { Val::text(text) };
        let about = [("Name", &chart.name), ("Version", &chart.version), ("AppVersion", &chart.app_version)];
        let release = [
            ("Name", text(self.release.name)),
            ("Namespace", text(self.release.namespace)),
            ("Service", Val::text("Helm")),
            ("IsInstall", Val::Unknown),
            ("IsUpgrade", Val::Unknown),
            ("Revision", Val::Unknown),
        ];
        let map = |entries: Vec<(&str, Val)>| {
            Val::map(fluxproof_order::gather(entries.into_iter().map(|(k, v)| (k.to_owned(), v))))
        };
        let mut chart = map(about.iter().map(|(key, value)| (*key, Val::text(value))).collect());
        if let Val::Map(map) = &mut chart {
            map.borrow_mut().open = true;
        }
        map(vec![
            ("Values", values.copy()),
            ("Chart", chart),
            ("Release", map(release.to_vec())),
            ("Files", Val::Files),
            ("Capabilities", Val::Unknown),
            ("Template", Val::Unknown),
            ("Subcharts", Val::Unknown),
        ])
    }

    /// The charts below one, each with its part of the values.
    fn charts(&mut self, chart: &Chart, values: &Val, presence: Presence) {
        for dependency in &chart.dependencies {
            let Some(enabled) = self.enabled(dependency, values) else { continue };
            let presence = presence.max(enabled);
            match chart.charts.iter().find(|below| below.name == dependency.name) {
                Some(below) => self.below(below, dependency.key(), values, presence),
                None => self.content.missing.push(missing(dependency, presence)),
            }
        }
        let listed = |below: &&Chart| chart.dependencies.iter().any(|dependency| dependency.name == below.name);
        for below in chart.charts.iter().filter(|below| !listed(below)) {
            self.below(below, &below.name, values, presence);
        }
        let unlisted = |packed: &&String| !chart.dependencies.iter().any(|d| packed.starts_with(&d.name));
        let packed = chart.packed.iter().filter(unlisted);
        self.content.open.extend(packed.map(|name| format!("{}: charts/{name}.tgz is packed", chart.name)));
        let imports = chart.dependencies.iter().any(|dependency| dependency.imports_values);
        self.note(imports, || format!("{}: a chart below it hands values up", chart.name));
    }

    fn below(&mut self, below: &Chart, key: &str, values: &Val, presence: Presence) {
        let own = match values.field(key) {
            Val::Nil => below.values.copy(),
            Val::Unknown => below.values.doubted(),
            given => over(&given, &below.values),
        };
        let global = values.field("global");
        if let (Val::Map(map), Val::Map(_)) = (&own, &global) {
            let merged = over(&global, &own.field("global"));
            map.borrow_mut().entries.insert("global".to_owned(), merged);
        }
        self.chart(below, &own, presence);
    }

    /// Whether a chart below is let in: its condition, else its tags, else yes; none where it is not.
    fn enabled(&self, dependency: &Dependency, values: &Val) -> Option<Presence> {
        for path in dependency.condition.split(',').map(str::trim).filter(|path| !path.is_empty()) {
            match path.split('.').fold(values.clone(), |value, key| value.field(key)) {
                Val::Nil => {}
                Val::Bool(true) => return Some(Presence::Certain),
                Val::Bool(false) => return None,
                _ => return Some(Presence::Possible),
            }
        }
        let tags: Vec<Truth> = dependency
            .tags
            .iter()
            .map(|tag| self.tags.field(tag))
            .filter_map(|tag| match tag {
                Val::Nil => None,
                tag => Some(tag.truth()),
            })
            .collect();
        match tags {
            tags if tags.is_empty() || tags.contains(&Truth::Yes) => Some(Presence::Certain),
            tags if tags.contains(&Truth::Unknown) => Some(Presence::Possible),
            _ => None,
        }
    }
}

fn missing(dependency: &Dependency, presence: Presence) -> MissingChart {
    MissingChart {
        name: dependency.name.clone(),
        key: dependency.key().to_owned(),
        version: dependency.version.clone(),
        repository: dependency.repository.clone(),
        presence,
    }
}

/// The objects of several runs: what is in all of them is certain.
#[derive(Default)]
struct Found {
    runs: usize,
    objects: Vec<(Key, ChartObject, usize)>,
}

/// What is one object in two runs: group, kind, name, namespace, and which one of those that have all this alike.
type Key = (String, String, Option<String>, Option<String>, usize);

impl Found {
    fn add_run(&mut self, objects: Vec<ChartObject>) {
        self.runs += 1;
        let mut met: BTreeMap<Key, usize> = BTreeMap::new();
        for object in objects {
            let group = object.group().to_owned();
            let mut key = (group, object.kind.clone(), object.name.clone(), object.namespace.clone(), 0);
            let nth = met.entry(key.clone()).or_default();
            key.4 = *nth;
            *nth += 1;
            match self.objects.iter_mut().find(|(held, ..)| *held == key) {
                Some((_, held, runs)) => {
                    merge(held, object);
                    *runs += 1;
                }
                None => self.objects.push((key, object, 1)),
            }
        }
    }

    fn objects(self) -> Vec<ChartObject> {
        let runs = self.runs;
        let sure = |(_, object, seen): (Key, ChartObject, usize)| match seen == runs {
            true => object,
            false => ChartObject { presence: Presence::Possible, ..object },
        };
        self.objects.into_iter().map(sure).collect()
    }
}

/// One object in two runs: what differs is not known.
fn merge(held: &mut ChartObject, other: ChartObject) {
    held.presence = held.presence.max(other.presence);
    held.keep &= other.keep;
    match (&mut held.detail, other.detail) {
        (Detail::Webhooks(held), Detail::Webhooks(others)) => merge_webhooks(held, others),
        (Detail::Definition(held), Detail::Definition(other)) => {
            held.served.extend(other.served.into_iter().filter(|v| !held.served.contains(v)).collect::<Vec<_>>());
            held.conversion = held.conversion.take().or(other.conversion);
        }
        _ => {}
    }
}

fn merge_webhooks(held: &mut Vec<Webhook>, others: Vec<Webhook>) {
    for hook in held.iter_mut() {
        match others.iter().find(|other| other.name == hook.name) {
            None => hook.presence = Presence::Possible,
            Some(other) => {
                hook.refuses = hook.refuses.filter(|refuses| other.refuses == Some(*refuses));
                hook.scope = hook.scope.max(other.scope);
                if hook.rules != other.rules {
                    hook.rules = None;
                }
                if hook.service != other.service {
                    hook.service = None;
                }
            }
        }
    }
    for other in others {
        if !held.iter().any(|hook| hook.name == other.name) {
            held.push(Webhook { presence: Presence::Possible, ..other });
        }
    }
}
