//! Questions at a terminal, and the fields of the config as options.

use crate::support::{bare, execute, invocation, stderr, stdout};
use fluxproof_core::command::{Inputs, Outcome};

/// A run at a terminal with these answers.
fn at(line: &str, answers: &[&str]) -> Outcome {
    let mut invocation = invocation(line, 100, false);
    invocation.terminal.interactive = true;
    let answers = answers.iter().map(|answer| (*answer).to_owned()).collect();
    execute(&invocation, Inputs { answers, ..Inputs::default() })
}

/// Answers questions by a rule until there is an answer; the questions that were asked, too.
fn talk(line: &str, reply: &dyn Fn(&str) -> &'static str) -> (Outcome, Vec<String>) {
    let (mut answers, mut questions): (Vec<&str>, Vec<String>) = (Vec::new(), Vec::new());
    loop {
        let outcome = at(line, &answers);
        let Some(question) = outcome.ask.clone() else { return (outcome, questions) };
        answers.push(reply(&question));
        questions.push(question);
        assert!(questions.len() < 300, "{questions:#?}");
    }
}

fn files(outcome: Outcome) -> Vec<(String, Vec<u8>)> {
    outcome.writes.expect("something to write").files
}

#[test]
fn empty_answers_are_the_default_layout() {
    let reply = |question: &str| if question.contains("write out?") { "y" } else { "" };
    let (outcome, questions) = talk("generate out", &reply);
    assert_eq!(outcome.status, 0, "{}", stderr(&outcome));
    assert_eq!(files(outcome), files(bare("generate out")));
    assert!(
        questions.iter().any(|question| question.contains("Server [https://vault.example.com:8200]: ")),
        "{questions:#?}"
    );
    assert!(questions.last().is_some_and(|last| last.contains("The default layout.")), "{questions:#?}");
    assert!(questions.iter().any(|question| question.contains("other than the defaults? [y/N] ")), "{questions:#?}");
}

#[test]
fn only_fields_that_count_are_asked_and_wrong_answers_again() {
    let reply = |question: &str| match question {
        _ if question.contains("has no scheme") && question.ends_with("Server [https://vault.example.com:8200]: ") => {
            "https://vault.internal"
        }
        _ if question.contains("Server [") => "vault.internal",
        _ if question.contains("Method: 1 kubernetes, 2 appRole, 3 token") => "3",
        _ if question.contains("Authentication: other than the defaults?") => "y",
        _ if question.contains("write out?") => "yes",
        _ => "",
    };
    let (outcome, questions) = talk("generate out", &reply);
    let asked = |text: &str| questions.iter().any(|question| question.contains(text));
    assert!(asked("has no scheme") || asked("is not a URL"), "{questions:#?}");
    assert!(asked("vault-token") && !asked("vault-approle"), "{questions:#?}");
    assert!(asked("\"server\": \"https://vault.internal\""), "{questions:#?}");
    let expected = bare("generate out --vault-server https://vault.internal --vault-auth-method token");
    assert_eq!(files(outcome), files(expected));
}

#[test]
fn a_question_mark_explains_and_nothing_is_written_without_a_yes() {
    let first = at("generate out", &[]).ask.expect("a question");
    let help = at("generate out", &["?"]).ask.expect("the question again");
    assert!(help.len() > 20 && first.ends_with(help.lines().last().expect("the question")), "{first}\n{help}");
    let (outcome, _) = talk("generate out", &|_| "");
    assert_eq!(
        (outcome.status, outcome.writes.is_none(), stderr(&outcome).as_str()),
        (2, true, "nothing was written\n")
    );
    let (shown, _) = talk("generate", &|_| "");
    assert!(shown.status == 0 && shown.writes.is_none());
    let reply = |question: &str| {
        if question.contains("Folder to write to") {
            "there"
        } else if question.contains("write there?") {
            "y"
        } else {
            ""
        }
    };
    let (named, _) = talk("generate", &reply);
    let writes = named.writes.expect("files");
    assert_eq!((writes.root.as_str(), writes.replace), ("there", false));
}

#[test]
fn nobody_is_asked_who_has_said_it_all() {
    for line in ["generate out --config -", "generate out --no-input"] {
        assert!(at(line, &[]).ask.is_none(), "{line}");
    }
    assert!(bare("generate out").ask.is_none());
}

#[test]
fn each_field_is_an_option() {
    let help = stdout(&bare("generate --help"));
    for field in fluxproof_layout::fields().iter().filter(|field| field.kind != fluxproof_layout::Kind::Items) {
        let kebab: String = field.path.chars().fold(String::new(), |out, c| match c {
            '.' => out + "-",
            _ if c.is_uppercase() => format!("{out}-{}", c.to_lowercase()),
            _ => format!("{out}{c}"),
        });
        assert!(help.contains(&format!("  --{kebab} ")), "{}", field.path);
    }
    let by_set = bare("generate out --set vault.auth.method=token --set vault.auth.token.key=k");
    let by_option = bare("generate out --vault-auth-method=token --vault-auth-token-key k");
    assert_eq!(files(by_set), files(by_option));
    for (line, said) in [
        ("generate --set vault.servr=x", "there is no field 'vault.servr'; did you mean vault.server?"),
        ("generate --set x", "'x' is not PATH=VALUE"),
        ("generate --vault-servr x", "did you mean --vault-server?"),
        ("generate --vault-server", "needs a value: URL"),
        ("generate --vault-server ftp://x", "vault.server"),
        ("generate --network-policies maybe", "is true or false"),
        ("generate --admission-replicas many", "is a number"),
        ("generate --update --set version=2.8.0", "--update takes the config from the tree"),
        ("check --vault-server x", "check has no option --vault-server"),
    ] {
        let outcome = bare(line);
        assert_eq!(outcome.status, 2, "{line}");
        assert!(stderr(&outcome).contains(said), "{line}: {}", stderr(&outcome));
    }
}

#[test]
fn options_go_over_the_config() {
    let given = || Inputs { config: Some(b"version: 2.8.0\nvault: {path: kv}\n".to_vec()), ..Inputs::default() };
    let over = execute(&invocation("generate out --config - --version 2.7.0", 100, false), given());
    let same = bare("generate out --version 2.7.0 --vault-path kv");
    assert_eq!(files(over), files(same));
    let wrong = Inputs { config: Some(b"vault: {servr: x}\n".to_vec()), ..Inputs::default() };
    let outcome = execute(&invocation("generate --config c.yaml --version 2.7.0", 100, false), wrong);
    assert!(stderr(&outcome).starts_with("error: c.yaml:1:9: "), "{}", stderr(&outcome));
}
