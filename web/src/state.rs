//! What the page shows, as one value, and the actions that change it. A pure reducer: it talks to
//! nobody, so every rule of the page can be tested natively.
use crate::config::{Config, Field};
use crate::rule::{Page, Rule};
use crate::wire::{Generated, Problem, Report};
use serde_json::Value;
use std::collections::BTreeSet;
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
    Rules,
}

impl View {
    /// The view of an address, without its `#`. No address is the first view.
    pub(crate) fn named(name: &str) -> Option<Self> {
        match name {
            "" | "configure" => Some(Self::Configure),
            "check" => Some(Self::Check),
            "delivery" => Some(Self::Delivery),
            "rules" => Some(Self::Rules),
            _ => None,
        }
    }

    pub(crate) const fn hash(self) -> &'static str {
        match self {
            Self::Configure => "#configure",
            Self::Check => "#check",
            Self::Delivery => "#delivery",
            Self::Rules => "#rules",
        }
    }

    pub(crate) const fn title(self) -> &'static str {
        match self {
            Self::Configure => "Configure",
            Self::Check => "Check",
            Self::Delivery => "Delivery",
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

/// What the delivery is looked at of.
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
}

impl Lane {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Generate => "generate",
            Self::Check => "check",
            Self::Snippet => "snippet",
            Self::Explain => "explain",
            Self::Zip => "zip",
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
    pub(crate) rules: Rc<Vec<Rule>>,
    pub(crate) view: View,
    pub(crate) theme: Theme,
    pub(crate) dialog: Option<Dialog>,
    pub(crate) trap: Option<String>,
    pub(crate) config: Rc<Config>,
    /// Whether the last edit was a choice: it is answered at once, typing after a pause.
    pub(crate) urgent: bool,
    pub(crate) problems: Rc<Vec<Problem>>,
    /// The last good layout, and how long it took.
    pub(crate) layout: Option<Rc<Generated>>,
    pub(crate) layout_config: Rc<str>,
    pub(crate) layout_ms: f64,
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
    newest: [u32; 5],
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
        config: String,
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
}

impl State {
    pub(crate) fn new(engine: Engine, fields: Vec<Field>, rules: Vec<Rule>) -> Self {
        Self {
            engine: Rc::new(engine),
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
            Action::Answered(lane, id, answer) if self.newest[lane as usize] == id => {
                self.answered(answer)
            }
            Action::Answered(..) => {}
            Action::Edit {
                path,
                value,
                urgent,
            } => self.edit(path, value, urgent),
            Action::Reset => self.config = Rc::default(),
            other => self.show(other),
        }
        self
    }

    fn edit(&mut self, path: String, value: Value, urgent: bool) {
        Rc::make_mut(&mut self.config).set(path, value);
        self.urgent = urgent;
    }

    fn show(&mut self, action: Action) {
        match action {
            Action::Go(view) => self.view = view,
            Action::Theme(theme) => self.theme = theme,
            Action::Dialog(dialog) => self.dialog = dialog,
            Action::Dismiss => self.trap = None,
            Action::Reading { name, done, total } => {
                self.repository = Repository::Reading { name, done, total }
            }
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
            Action::Lens(lens) => {
                self.folded
                    .retain(|folder| !lens.path.starts_with(&format!("{folder}/")));
                self.file.clone_from(&lens.path);
                self.row = Some(lens.path.clone());
                self.lens = Some(lens);
            }
            _ => {}
        }
    }

    fn answered(&mut self, answer: Answer) {
        match answer {
            Answer::Layout {
                generated,
                config,
                ms,
            } => self.generated(generated, config, ms),
            Answer::Checked { name, report, ms } => {
                self.repository = Repository::Checked {
                    name,
                    report: Rc::new(report),
                    ms,
                };
                (self.requirement, self.snippet) = ((0, 0), None);
                self.opened += 1;
                self.finding = self.listed().first().copied().unwrap_or_default();
                self.subject = Subject::Repository;
            }
            Answer::Refused(why) => self.repository = Repository::Refused(why),
            Answer::Snippet { path, text } => self.snippet = Some((path, text.into())),
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
    fn generated(&mut self, generated: Generated, config: String, ms: f64) {
        if !generated.problems.is_empty() {
            self.problems = Rc::new(generated.problems);
            return;
        }
        self.problems = Rc::default();
        self.trap = None;
        self.lens = self.lens.take().filter(|_| *self.layout_config == config);
        (self.layout_config, self.layout_ms) = (config.into(), ms);
        if !generated.files.iter().any(|file| file.path == self.file) {
            self.file = first(&generated);
            self.row = None;
        }
        self.layout = Some(Rc::new(generated));
    }

    /// Whether the layout shown is that of the config as it stands.
    pub(crate) fn current(&self) -> bool {
        self.problems.is_empty() && self.trap.is_none()
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
                let words = format!(
                    "{} {} {}",
                    finding.rule, finding.location.path, finding.message
                )
                .to_lowercase();
                !self.hidden.contains(&(finding.severity as u8)) && words.contains(&query)
            })
            .collect();
        let rank = |index: &usize| {
            let said = crate::text::consequence(report.findings[*index].verdict);
            crate::text::CONSEQUENCES
                .iter()
                .position(|one| *one == said)
        };
        listed.sort_by_key(rank);
        listed
    }

    /// The finding before or after this one, around the end.
    pub(crate) fn neighbour(&self, forward: bool) -> Option<usize> {
        let listed = self.listed();
        let here = listed.iter().position(|index| *index == self.finding);
        let step = if forward {
            1
        } else {
            listed.len().saturating_sub(1)
        };
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
mod tests {
    use super::*;
    use crate::wire::{File, Finding, Severity, Verdict};
    use serde_json::json;

    fn layout(paths: &[&str]) -> Generated {
        let files = paths.iter().map(|path| File {
            path: (*path).to_owned(),
            text: "a: b\n".into(),
        });
        Generated {
            files: files.collect(),
            ..Generated::default()
        }
    }

    fn good(config: &str) -> Answer {
        Answer::Layout {
            generated: layout(&["README.md", "x/deployment-operator.yaml"]),
            config: config.to_owned(),
            ms: 1.0,
        }
    }

    fn invalid() -> Answer {
        let problems = vec![Problem {
            path: "vault.server".into(),
            ..Problem::default()
        }];
        Answer::Layout {
            generated: Generated {
                problems,
                ..Generated::default()
            },
            config: "bad".into(),
            ms: 1.0,
        }
    }

    fn after(actions: Vec<Action>) -> State {
        actions.into_iter().fold(
            State::new(Engine::default(), Vec::new(), Vec::new()),
            State::after,
        )
    }

    #[test]
    fn an_overtaken_answer_is_dropped() {
        let state = after(vec![
            Action::Asked(Lane::Generate, 1),
            Action::Asked(Lane::Generate, 2),
            Action::Answered(Lane::Generate, 1, good("old")),
        ]);
        assert!(state.layout.is_none());
        let state = state.after(Action::Answered(Lane::Generate, 2, good("new")));
        assert_eq!(&*state.layout_config, "new");
    }

    #[test]
    fn lanes_do_not_overtake_each_other() {
        let state = after(vec![
            Action::Asked(Lane::Generate, 1),
            Action::Asked(Lane::Check, 2),
            Action::Answered(Lane::Generate, 1, good("c")),
        ]);
        assert!(state.layout.is_some());
    }

    #[test]
    fn an_invalid_config_keeps_the_last_good_layout() {
        let state = after(vec![
            Action::Asked(Lane::Generate, 1),
            Action::Answered(Lane::Generate, 1, good("c")),
            Action::Asked(Lane::Generate, 2),
            Action::Answered(Lane::Generate, 2, invalid()),
        ]);
        assert_eq!(&*state.layout_config, "c");
        assert!(state.layout.is_some() && !state.current());
        let state = state
            .after(Action::Asked(Lane::Generate, 3))
            .after(Action::Answered(Lane::Generate, 3, good("d")));
        assert!(state.current());
    }

    #[test]
    fn a_trap_keeps_what_is_there_and_ends_reading() {
        let reading = Action::Reading {
            name: "fleet".into(),
            done: 1,
            total: 2,
        };
        let state = after(vec![
            reading,
            Action::Asked(Lane::Check, 1),
            Action::Answered(Lane::Check, 1, Answer::Trapped("unreachable".into())),
        ]);
        assert!(matches!(state.repository, Repository::None) && !state.current());
        assert!(state.after(Action::Dismiss).current());
    }

    #[test]
    fn the_chosen_file_stays_while_it_exists() {
        let state = after(vec![
            Action::Asked(Lane::Generate, 1),
            Action::Answered(Lane::Generate, 1, good("c")),
        ]);
        assert_eq!(state.file, "x/deployment-operator.yaml");
        let state = state
            .after(Action::File("README.md".into()))
            .after(Action::Answered(Lane::Generate, 1, good("d")));
        assert_eq!(state.file, "README.md");
        let gone = Answer::Layout {
            generated: layout(&["only.yaml"]),
            config: "e".into(),
            ms: 1.0,
        };
        assert_eq!(
            state.after(Action::Answered(Lane::Generate, 1, gone)).file,
            "only.yaml"
        );
    }

    #[test]
    fn a_lens_opens_the_folders_above_its_file() {
        let lens = Lens {
            path: "a/b/c.yaml".into(),
            line: 3,
            said: String::new(),
        };
        let state = after(vec![
            Action::Fold("a".into(), true),
            Action::Fold("z".into(), true),
            Action::Lens(lens),
        ]);
        assert_eq!(state.folded, BTreeSet::from(["z".to_owned()]));
        assert_eq!(state.file, "a/b/c.yaml");
    }

    fn found(rule: &str, severity: Severity, verdict: Option<Verdict>) -> Finding {
        Finding {
            rule: rule.into(),
            severity,
            verdict,
            ..Finding::default()
        }
    }

    fn checked() -> State {
        let findings = vec![
            found("late", Severity::Warning, Some(Verdict::SelfHealingRace)),
            found("beside", Severity::Info, None),
            found("never", Severity::Error, Some(Verdict::Deadlock)),
        ];
        let answer = Answer::Checked {
            name: "fleet".into(),
            report: Report {
                findings,
                ..Report::default()
            },
            ms: 1.0,
        };
        after(vec![
            Action::Asked(Lane::Check, 1),
            Action::Answered(Lane::Check, 1, answer),
        ])
    }

    #[test]
    fn findings_are_listed_by_consequence_and_filtered() {
        let state = checked();
        assert_eq!(state.listed(), [2, 0, 1]);
        assert_eq!(
            state.clone().after(Action::Query("LATE".into())).listed(),
            [0]
        );
        assert_eq!(
            state.after(Action::Toggle(Severity::Error as u8)).listed(),
            [0, 1]
        );
    }

    #[test]
    fn the_neighbour_goes_around_the_end() {
        let state = checked().after(Action::Finding(1));
        assert_eq!(
            (state.neighbour(true), state.neighbour(false)),
            (Some(2), Some(0))
        );
        assert_eq!(State::default().neighbour(true), None);
    }

    #[test]
    fn reset_forgets_what_was_typed() {
        let edit = Action::Edit {
            path: "a".into(),
            value: json!(1),
            urgent: true,
        };
        assert_eq!(*after(vec![edit, Action::Reset]).config, Config::default());
    }

    #[test]
    fn a_view_is_found_by_its_address() {
        for view in [View::Configure, View::Check, View::Delivery, View::Rules] {
            assert_eq!(View::named(view.hash().trim_start_matches('#')), Some(view));
        }
        assert_eq!(View::named("main"), None);
    }
}
