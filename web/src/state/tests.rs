//! What the reducer keeps, drops and shows.

use super::*;
use crate::read::Read;
use crate::wire::{File, Finding, Severity, Verdict};
use serde_json::json;

fn layout(paths: &[&str]) -> Generated {
    let files = paths.iter().map(|path| File { path: (*path).to_owned(), text: "a: b\n".into() });
    Generated { files: files.collect(), ..Generated::default() }
}

fn good(config: &str) -> Answer {
    Answer::Layout { generated: layout(&["README.md", "x/deployment-operator.yaml"]), config: config.into(), ms: 1.0 }
}

fn invalid() -> Answer {
    let problems = vec![Problem { path: "vault.server".into(), ..Problem::default() }];
    Answer::Layout { generated: Generated { problems, ..Generated::default() }, config: "bad".into(), ms: 1.0 }
}

fn fields() -> Vec<Field> {
    crate::describe::whole(Read::read(&json!([
        {"path": "vault.server", "default": "https://v"},
        {"path": "stores", "kind": "items", "default": [], "items": [{"path": "name"}]}
    ])))
}

fn presets() -> Vec<Preset> {
    Read::read(
        &json!([{"name": "none", "config": {}}, {"name": "two", "config": {"stores": [{"name": "a"}, {"name": "b"}]}}]),
    )
}

fn after(actions: Vec<Action>) -> State {
    actions.into_iter().fold(State::new(Engine::default(), fields(), presets(), Vec::new()), State::after)
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
    let state = state.after(Action::Asked(Lane::Generate, 3)).after(Action::Answered(Lane::Generate, 3, good("d")));
    assert!(state.current());
}

#[test]
fn a_trap_keeps_what_is_there_and_ends_reading() {
    let reading = Action::Reading { name: "fleet".into(), done: 1, total: 2 };
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
    let state = after(vec![Action::Asked(Lane::Generate, 1), Action::Answered(Lane::Generate, 1, good("c"))]);
    assert_eq!(state.file, "x/deployment-operator.yaml");
    let state = state.after(Action::File("README.md".into())).after(Action::Answered(Lane::Generate, 1, good("d")));
    assert_eq!(state.file, "README.md");
    let gone = Answer::Layout { generated: layout(&["only.yaml"]), config: "e".into(), ms: 1.0 };
    assert_eq!(state.after(Action::Answered(Lane::Generate, 1, gone)).file, "only.yaml");
}

#[test]
fn a_lens_opens_the_folders_above_its_file() {
    let lens = Lens { path: "a/b/c.yaml".into(), line: 3, said: String::new() };
    let state = after(vec![Action::Fold("a".into(), true), Action::Fold("z".into(), true), Action::Lens(lens)]);
    assert_eq!(state.folded, BTreeSet::from(["z".to_owned()]));
    assert_eq!(state.file, "a/b/c.yaml");
}

fn found(rule: &str, severity: Severity, verdict: Option<Verdict>) -> Finding {
    Finding { rule: rule.into(), severity, verdict, ..Finding::default() }
}

fn checked() -> State {
    let findings = vec![
        found("late", Severity::Warning, Some(Verdict::SelfHealingRace)),
        found("beside", Severity::Info, None),
        found("never", Severity::Error, Some(Verdict::Deadlock)),
    ];
    let answer = Answer::Checked { name: "fleet".into(), report: Report { findings, ..Report::default() }, ms: 1.0 };
    after(vec![Action::Asked(Lane::Check, 1), Action::Answered(Lane::Check, 1, answer)])
}

#[test]
fn findings_are_listed_by_consequence_and_filtered() {
    let state = checked();
    assert_eq!(state.listed(), [2, 0, 1]);
    assert_eq!(state.clone().after(Action::Query("LATE".into())).listed(), [0]);
    assert_eq!(state.after(Action::Toggle(Severity::Error as u8)).listed(), [0, 1]);
}

#[test]
fn the_neighbour_goes_around_the_end() {
    let state = checked().after(Action::Finding(1));
    assert_eq!((state.neighbour(true), state.neighbour(false)), (Some(2), Some(0)));
    assert_eq!(State::default().neighbour(true), None);
}

#[test]
fn reset_forgets_what_was_typed() {
    let edit = Action::Edit { path: "a".into(), value: json!(1), urgent: true };
    assert_eq!(*after(vec![edit, Action::Reset]).config, Config::default());
}

#[test]
fn a_view_is_found_by_its_address() {
    for view in [View::Configure, View::Check, View::Delivery, View::Rules] {
        assert_eq!(View::named(view.hash().trim_start_matches('#')), Some(view));
    }
    assert_eq!(View::named("main"), None);
}

#[test]
fn a_preset_replaces_the_config_and_is_known_again() {
    let edit = Action::Edit { path: "vault.server".into(), value: json!("x"), urgent: false };
    let state = after(vec![edit, Action::Preset(1)]);
    assert_eq!(*state.sent, state.presets[1].1);
    assert!(state.urgent);
    assert_eq!(&*state.after(Action::Preset(0)).sent, "{}");
}

#[test]
fn a_new_item_is_open_and_has_the_focus() {
    let state = after(vec![Action::Preset(1), Action::Add("stores".into(), "name".into())]);
    assert!(state.cards.contains("stores[2]"));
    assert_eq!(state.focus, (1, "stores[2].name".to_owned()));
}

#[test]
fn items_stay_open_when_one_before_them_goes() {
    let open = |item: &str| Action::Open(item.into(), true);
    let state = after(vec![Action::Preset(1), open("stores[0]"), open("stores[1]"), open("stores[1].conditions[0]")]);
    let state = state.after(Action::Remove("stores".into(), 0));
    assert_eq!(state.cards, BTreeSet::from(["stores[0]".to_owned(), "stores[0].conditions[0]".to_owned()]));
    assert_eq!(&*state.sent, r#"{"stores":[{"name":"b"}]}"#);
    assert_eq!(state.focus.1, "stores.add");
}

#[test]
fn the_first_problem_is_led_to() {
    let problems = vec![Problem { path: "stores[1].name".into(), ..Problem::default() }];
    let invalid =
        Answer::Layout { generated: Generated { problems, ..Generated::default() }, config: "".into(), ms: 1.0 };
    let state = after(vec![
        Action::Preset(1),
        Action::Asked(Lane::Generate, 1),
        Action::Answered(Lane::Generate, 1, invalid),
        Action::Correct,
    ]);
    assert!(state.cards.contains("stores[1]"));
    assert_eq!(state.focus.1, "stores[1].name");
}
