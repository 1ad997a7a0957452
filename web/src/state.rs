//! What the page shows, as one value, and the actions that change it. A pure reducer: it talks to
//! nobody, so every rule of the page can be tested natively.
use crate::build::{Built, Place, Target};
use crate::config::Config;
use crate::describe::{Field, Preset};
use crate::rule::{Page, Rule};
use crate::wire::{Generated, Problem, Report, Requirement};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// What was learnt of the plugin when the page started.
#[derive(Clone, Debug, Default)]
pub(crate) struct Engine {
    pub(crate) version: String,
    pub(crate) digest: Option<String>,
    pub(crate) size: u64,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum View {
    #[default]
    Configure,
    Check,
    Delivery,
    Build,
    Rules,
}

impl View {
    /// The view of an address, without its `#`. No address is the first view.
    pub(crate) fn named(name: &str) -> Option<Self> {
        match name {
            "" | "configure" => Some(Self::Configure),
            "check" => Some(Self::Check),
            "delivery" => Some(Self::Delivery),
            "build" => Some(Self::Build),
            "rules" => Some(Self::Rules),
            _ => None,
        }
    }

    pub(crate) const fn hash(self) -> &'static str {
        match self {
            Self::Configure => "#configure",
            Self::Check => "#check",
            Self::Delivery => "#delivery",
            Self::Build => "#build",
            Self::Rules => "#rules",
        }
    }

    pub(crate) const fn title(self) -> &'static str {
        match self {
            Self::Configure => "Configure",
            Self::Check => "Check",
            Self::Delivery => "Delivery",
            Self::Build => "Build",
            Self::Rules => "Rules",
        }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Theme {
    #[default]
    System,
    Light,
    Dark,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialog {
    Privacy,
    Help,
    Skipped,
}

/// What the delivery and the builds are looked at of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Subject {
    #[default]
    Layout,
    Repository,
}

/// Requests of one lane overtake each other: only the newest answer counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lane {
    Generate,
    Check,
    Snippet,
    Explain,
    Zip,
    Targets,
    Build,
    Source,
    Certificate,
}

impl Lane {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Generate => "generate",
            Self::Check => "check",
            Self::Snippet => "snippet",
            Self::Explain => "explain",
            Self::Zip => "zip",
            Self::Targets => "targets",
            Self::Build => "build",
            Self::Source => "source",
            Self::Certificate => "certificate",
        }
    }
}

/// A line of a file that something points at, with what it says there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Lens {
    pub(crate) path: String,
    pub(crate) line: usize,
    pub(crate) said: String,
}

/// The repository that was opened.
#[derive(Clone, Debug, Default)]
pub(crate) enum Repository {
    #[default]
    None,
    Reading {
        name: String,
        done: usize,
        total: usize,
    },
    Checked {
        name: String,
        report: Rc<Report>,
        ms: f64,
    },
    /// Read, but there was nothing of Flux in it, or it could not be checked. The plugin's words.
    Refused(String),
}

#[derive(Clone, Debug, Default)]
pub(crate) struct State {
    /// Changes with every action; two states of one page are equal only if they are the same.
    revision: u64,
    pub(crate) engine: Rc<Engine>,
    pub(crate) fields: Rc<Vec<Field>>,
    /// The configs to start from, each with what is sent of it.
    pub(crate) presets: Rc<Vec<(Preset, String)>>,
    pub(crate) rules: Rc<Vec<Rule>>,
    pub(crate) view: View,
    pub(crate) theme: Theme,
    pub(crate) dialog: Option<Dialog>,
    pub(crate) trap: Option<String>,
    pub(crate) config: Rc<Config>,
    /// What is sent of it.
    pub(crate) sent: Rc<str>,
    /// The items of lists that are open, by their paths.
    pub(crate) cards: BTreeSet<String>,
    /// The control that is to have the focus, and how often one was.
    pub(crate) focus: (u32, String),
    /// The names of the files with the CRDs, which the worker has, and how often some were given.
    pub(crate) crds: (u32, Rc<Vec<String>>),
    /// Whether the last edit was a choice: it is answered at once, typing after a pause.
    pub(crate) urgent: bool,
    pub(crate) problems: Rc<Vec<Problem>>,
    /// The last good layout, and how long it took.
    pub(crate) layout: Option<Rc<Generated>>,
    pub(crate) layout_config: Rc<str>,
    pub(crate) layout_ms: f64,
    /// The certificates of its clusters that were asked for, and which one is now.
    pub(crate) certificates: BTreeMap<usize, Rc<Vec<Requirement>>>,
    pub(crate) wanted: Option<usize>,
    pub(crate) file: String,
    pub(crate) folded: BTreeSet<String>,
    /// The row that has the tree's one tab stop, once it was moved.
    pub(crate) row: Option<String>,
    pub(crate) lens: Option<Lens>,
    pub(crate) repository: Repository,
    /// How many repositories were checked: the same path in another one is another file.
    pub(crate) opened: u32,
    pub(crate) finding: usize,
    pub(crate) snippet: Option<(String, Rc<str>)>,
    pub(crate) query: String,
    pub(crate) hidden: BTreeSet<u8>,
    pub(crate) subject: Subject,
    pub(crate) requirement: (usize, usize),
    pub(crate) rule: String,
    pub(crate) rule_query: String,
    pub(crate) page: Option<Rc<Page>>,
    /// What can be built, which of it is, and what it comes to; the plugin's words where it cannot be.
    pub(crate) targets: Rc<Vec<Target>>,
    pub(crate) target: usize,
    /// How often it was listed: the same folder of another layout is built anew.
    pub(crate) listings: u32,
    pub(crate) built: Option<Result<Rc<Built>, String>>,
    /// The line of the build that has the tab stop.
    pub(crate) line: usize,
    /// The place that a line comes from, and the file of the repository that was fetched for it.
    pub(crate) source: Option<Place>,
    pub(crate) fetched: Option<(String, Rc<str>)>,
    newest: [u32; 9],
}

impl PartialEq for State {
    fn eq(&self, other: &Self) -> bool {
        self.revision == other.revision
    }
}

#[derive(Debug)]
pub(crate) enum Answer {
    Layout {
        generated: Generated,
        config: Rc<str>,
        ms: f64,
    },
    Checked {
        name: String,
        report: Report,
        ms: f64,
    },
    Refused(String),
    Snippet {
        path: String,
        text: String,
    },
    Page(Page),
    Certificate {
        cluster: usize,
        certificate: Rc<Vec<Requirement>>,
    },
    Targets(Vec<Target>),
    Built(Result<Built, String>),
    Source {
        path: String,
        text: String,
    },
    Trapped(String),
    /// Nothing to show: a download, or an answer that was overtaken in the worker.
    Nothing,
}

#[derive(Debug)]
pub(crate) enum Action {
    Go(View),
    Theme(Theme),
    Dialog(Option<Dialog>),
    Dismiss,
    Edit {
        path: String,
        value: Value,
        urgent: bool,
    },
    Preset(usize),
    /// A new item of a list, and which of its fields has the focus.
    Add(String, String),
    Remove(String, usize),
    Open(String, bool),
    Focus(String),
    Correct,
    Certificate(usize),
    Crds(Vec<String>),
    Reset,
    Asked(Lane, u32),
    Answered(Lane, u32, Answer),
    Reading {
        name: String,
        done: usize,
        total: usize,
    },
    Close,
    File(String),
    Fold(String, bool),
    Row(String),
    Lens(Lens),
    Finding(usize),
    Query(String),
    Toggle(u8),
    Subject(Subject),
    Requirement(usize, usize),
    Rule(String),
    RuleQuery(String),
    Target(usize),
    Line(usize),
    Source(usize, Place),
}

impl State {
    pub(crate) fn new(engine: Engine, fields: Vec<Field>, presets: Vec<Preset>, rules: Vec<Rule>) -> Self {
        let sent = |preset: &Preset| Config::of(preset.config.clone(), &fields).json(&fields);
        let presets = presets.into_iter().map(|preset| (preset.clone(), sent(&preset))).collect();
        Self {
            engine: Rc::new(engine),
            sent: Config::default().json(&fields).into(),
            presets: Rc::new(presets),
            fields: Rc::new(fields),
            rules: Rc::new(rules),
            urgent: true,
            ..Self::default()
        }
    }

    /// The state after an action.
    pub(crate) fn after(mut self, action: Action) -> Self {
        self.revision += 1;
        match action {
            Action::Asked(lane, id) => self.newest[lane as usize] = id,
            Action::Answered(lane, id, answer) if self.newest[lane as usize] == id => self.answered(answer),
            Action::Answered(..) => {}
            Action::Edit { path, value, urgent } => self.edit(urgent, |config| config.set(&path, value)),
            Action::Add(list, first) => self.add(&list, &first),
            Action::Remove(list, number) => self.remove(&list, number),
            Action::Preset(index) => self.start(index),
            Action::Reset => self.replace(Config::default()),
            Action::Focus(path) => self.focus(path),
            Action::Correct => self.correct(),
            Action::Certificate(cluster) => self.wanted = Some(cluster).filter(|one| self.wanted != Some(*one)),
            Action::Open(item, true) => drop(self.cards.insert(item)),
            Action::Open(item, false) => drop(self.cards.remove(&item)),
            Action::Crds(names) => self.crds = (self.crds.0 + 1, Rc::new(names)),
            other => self.show(other),
        }
        self
    }

    fn edit(&mut self, urgent: bool, change: impl FnOnce(&mut Config)) {
        change(Rc::make_mut(&mut self.config));
        self.sent = self.config.json(&self.fields).into();
        self.urgent = urgent;
    }

    fn replace(&mut self, config: Config) {
        self.edit(true, |old| *old = config);
        self.cards.clear();
    }

    fn start(&mut self, preset: usize) {
        if let Some((preset, _)) = self.presets.get(preset) {
            self.replace(Config::of(preset.config.clone(), &self.fields.clone()));
        }
    }

    /// A new item is open, and its first control has the focus.
    fn add(&mut self, list: &str, first: &str) {
        let mut number = 0;
        self.edit(true, |config| number = config.add(list));
        let item = format!("{list}[{number}]");
        self.focus(crate::config::join(&item, first));
        self.cards.insert(item);
    }

    /// The items behind the one that goes move up, and stay open or closed.
    fn remove(&mut self, list: &str, number: usize) {
        self.edit(true, |config| config.remove(list, number));
        let cards = std::mem::take(&mut self.cards);
        self.cards = cards.into_iter().filter_map(|card| crate::config::moved(&card, list, number)).collect();
        self.focus(format!("{list}.add"));
    }

    fn focus(&mut self, path: String) {
        self.focus = (self.focus.0 + 1, path);
    }

    /// Leads to the first problem, and opens what hides it.
    fn correct(&mut self) {
        if let Some(problem) = self.problems.first() {
            let spot = self.config.spot(&self.fields, &problem.path);
            self.cards.extend(spot.items);
            self.focus(spot.path);
        }
    }

    fn show(&mut self, action: Action) {
        match action {
            Action::Go(view) => self.view = view,
            Action::Theme(theme) => self.theme = theme,
            Action::Dialog(dialog) => self.dialog = dialog,
            Action::Dismiss => self.trap = None,
            Action::Reading { name, done, total } => self.repository = Repository::Reading { name, done, total },
            Action::Close => self.repository = Repository::None,
            Action::Finding(index) => self.finding = index,
            Action::Query(query) => self.query = query,
            Action::Toggle(severity) => toggle(&mut self.hidden, severity),
            Action::Subject(subject) => (self.subject, self.requirement) = (subject, (0, 0)),
            Action::Requirement(cluster, index) => self.requirement = (cluster, index),
            Action::Rule(name) => self.rule = name,
            Action::RuleQuery(query) => self.rule_query = query,
            other => self.browse(other),
        }
    }

    fn browse(&mut self, action: Action) {
        match action {
            Action::File(path) => {
                self.row = Some(path.clone());
                self.file = path;
                self.lens = None;
            }
            Action::Fold(path, true) => drop(self.folded.insert(path)),
            Action::Fold(path, false) => drop(self.folded.remove(&path)),
            Action::Row(path) => self.row = Some(path),
            Action::Target(target) => {
                self.target = target;
                self.forget_build();
            }
            Action::Line(line) => self.line = line,
            Action::Source(line, place) => (self.line, self.source) = (line, Some(place)),
            Action::Lens(lens) => {
                self.folded.retain(|folder| !lens.path.starts_with(&format!("{folder}/")));
                self.file.clone_from(&lens.path);
                self.row = Some(lens.path.clone());
                self.lens = Some(lens);
            }
            _ => {}
        }
    }

    fn answered(&mut self, answer: Answer) {
        match answer {
            Answer::Layout { generated, config, ms } => self.generated(generated, config, ms),
            Answer::Checked { name, report, ms } => {
                self.repository = Repository::Checked { name, report: Rc::new(report), ms };
                (self.requirement, self.snippet, self.fetched) = ((0, 0), None, None);
                self.opened += 1;
                self.finding = self.listed().first().copied().unwrap_or_default();
                self.subject = Subject::Repository;
            }
            Answer::Refused(why) => self.repository = Repository::Refused(why),
            Answer::Snippet { path, text } => self.snippet = Some((path, text.into())),
            Answer::Targets(targets) => {
                // The same thing stays chosen where it is still there.
                let chosen = self.targets.get(self.target);
                self.target = targets.iter().position(|one| Some(one) == chosen).unwrap_or_default();
                self.targets = Rc::new(targets);
                self.listings += 1;
                self.forget_build();
            }
            Answer::Built(built) => {
                self.built = Some(built.map(Rc::new));
                self.line = 0;
            }
            Answer::Source { path, text } => self.fetched = Some((path, text.into())),
            Answer::Certificate { cluster, certificate } => drop(self.certificates.insert(cluster, certificate)),
            Answer::Page(page) => self.page = Some(Rc::new(page)),
            Answer::Trapped(report) => {
                self.trap = Some(report);
                if let Repository::Reading { .. } = self.repository {
                    self.repository = Repository::None;
                }
            }
            Answer::Nothing => {}
        }
    }

    /// An invalid config keeps the last good tree and its verdict, which is then no longer current.
    fn generated(&mut self, generated: Generated, config: Rc<str>, ms: f64) {
        if !generated.problems.is_empty() {
            self.problems = Rc::new(generated.problems);
            return;
        }
        self.problems = Rc::default();
        self.trap = None;
        self.lens = self.lens.take().filter(|_| self.layout_config == config);
        (self.layout_config, self.layout_ms) = (config, ms);
        if !generated.files.iter().any(|file| file.path == self.file) {
            self.file = first(&generated);
            self.row = None;
        }
        (self.certificates, self.wanted) = (BTreeMap::new(), None);
        self.newest[Lane::Certificate as usize] = 0;
        self.layout = Some(Rc::new(generated));
    }

    /// Whether the layout shown is that of the config as it stands.
    pub(crate) fn current(&self) -> bool {
        self.problems.is_empty() && self.trap.is_none()
    }

    fn forget_build(&mut self) {
        (self.built, self.source, self.line) = (None, None, 0);
        // What is still on its way is of something else.
        self.newest[Lane::Build as usize] = 0;
    }

    /// Whether builds are those of the repository, and not of the layout.
    pub(crate) fn of_repository(&self) -> bool {
        self.subject == Subject::Repository && matches!(self.repository, Repository::Checked { .. })
    }

    /// The text of the file that the chosen line comes from.
    pub(crate) fn source_text(&self) -> Option<Rc<str>> {
        let path = &self.source.as_ref()?.path;
        if self.of_repository() {
            return self.fetched.as_ref().filter(|(name, _)| name == path).map(|(_, text)| text.clone());
        }
        self.layout.as_ref()?.files.iter().find(|file| file.path == *path).map(|file| file.text.clone())
    }

    /// The report the delivery view looks at.
    pub(crate) fn subject(&self) -> Option<Rc<Report>> {
        match (self.subject, &self.repository) {
            (Subject::Repository, Repository::Checked { report, .. }) => Some(report.clone()),
            _ => self.layout.as_ref().map(|layout| layout.report.clone()),
        }
    }

    /// The indices of the findings that the filters let through, in the order of the list.
    pub(crate) fn listed(&self) -> Vec<usize> {
        let Repository::Checked { report, .. } = &self.repository else {
            return Vec::new();
        };
        let query = self.query.to_lowercase();
        let mut listed: Vec<usize> = (0..report.findings.len())
            .filter(|index| {
                let finding = &report.findings[*index];
                let words = format!("{} {} {}", finding.rule, finding.location.path, finding.message).to_lowercase();
                !self.hidden.contains(&(finding.severity as u8)) && words.contains(&query)
            })
            .collect();
        let rank = |index: &usize| {
            let said = crate::text::consequence(report.findings[*index].verdict);
            crate::text::CONSEQUENCES.iter().position(|one| *one == said)
        };
        listed.sort_by_key(rank);
        listed
    }

    /// The finding before or after this one, around the end.
    pub(crate) fn neighbour(&self, forward: bool) -> Option<usize> {
        let listed = self.listed();
        let here = listed.iter().position(|index| *index == self.finding);
        let step = if forward { 1 } else { listed.len().saturating_sub(1) };
        let next = here.map_or(0, |here| here + step);
        listed.get(next.checked_rem(listed.len())?).copied()
    }
}

fn toggle(set: &mut BTreeSet<u8>, one: u8) {
    if !set.remove(&one) {
        set.insert(one);
    }
}

/// The file shown first: the store, which is what most came for, or simply the first.
fn first(generated: &Generated) -> String {
    let paths = || generated.files.iter().map(|file| &file.path);
    paths()
        .find(|path| path.ends_with("deployment-operator.yaml"))
        .or_else(|| paths().next())
        .cloned()
        .unwrap_or_default()
}

#[cfg(test)]
mod tests;
