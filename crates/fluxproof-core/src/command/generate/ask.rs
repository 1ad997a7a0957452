//! Questions for the fields of the config, for who sits at a terminal without one.

use super::settings::{Values, value};
use crate::command::dialogue::Dialogue;
use crate::command::options::Args;
use crate::command::types::Outcome;
use fluxproof_layout::{Field, Kind, Layout, Refusal, check, fields, get, put, read};
use serde_json::Value as Json;

/// Groups that are always gone through; of the others it is asked first.
const ALWAYS: usize = 2;

/// Asks for the config, and where to write the tree: the config as JSON, and the folder, where one was named.
///
/// # Errors
/// The next question, or a refusal.
pub(super) fn ask(dialogue: &mut Dialogue<'_>, args: &Args) -> Result<(Vec<u8>, Option<String>), Outcome> {
    let mut values = Values::new();
    for (path, text) in &args.settings {
        put(&mut values, path, value(path, text).map_err(|message| Outcome::refuse(2, &message))?);
    }
    let mut head = "An empty answer takes what stands in brackets, ? explains.\n".to_owned();
    for (number, group) in groups().into_iter().enumerate() {
        let open: Vec<&Field> = fields().iter().filter(|field| field.group == group && is_asked(args, field)).collect();
        let any = open.iter().any(|field| counts(field, &values));
        if !any || (number >= ALWAYS && !dialogue.yes(&format!("{head}\n{group}: other than the defaults?"))?) {
            continue;
        }
        head = if number < ALWAYS { format!("{head}\n{group}\n") } else { String::new() };
        for field in open {
            if counts(field, &values) {
                one(dialogue, field, &mut values, &mut head)?;
            }
        }
    }
    let config = Json::Object(values).to_string().into_bytes();
    let folder = place(dialogue, args, &config)?;
    Ok((config, folder))
}

fn groups() -> Vec<&'static str> {
    let mut groups: Vec<&str> = Vec::new();
    for field in fields() {
        if !groups.contains(&field.group) {
            groups.push(field.group);
        }
    }
    groups
}

/// Lists of sections are written in a config, and what an option says is not asked again.
fn is_asked(args: &Args, field: &Field) -> bool {
    field.kind != Kind::Items && !args.settings.iter().any(|(path, _)| path == field.path)
}

/// Whether a field counts, given the others.
fn counts(field: &Field, values: &Values) -> bool {
    field.when.is_none_or(|when| {
        let other = fields().iter().find(|other| other.path == when.path);
        let text = get(values, when.path).and_then(Json::as_str).or(other.and_then(|other| other.default));
        text == Some(when.is) && other.is_none_or(|other| counts(other, values))
    })
}

/// One field: asked until the answer is one.
fn one(dialogue: &mut Dialogue<'_>, field: &Field, values: &mut Values, head: &mut String) -> Result<(), Outcome> {
    loop {
        let answer = dialogue.answer(&format!("{head}{}", question(field)))?;
        head.clear();
        match answer {
            "" => return Ok(()),
            "?" => *head = format!("  {}\n", field.help),
            _ => match accepted(field, answer, values) {
                Ok(value) => {
                    put(values, field.path, value);
                    return Ok(());
                }
                Err(message) => *head = format!("  {message}\n"),
            },
        }
    }
}

fn question(field: &Field) -> String {
    let default = field.default.filter(|default| !default.is_empty()).unwrap_or("nothing");
    let numbered = field.choices.iter().enumerate().map(|(index, choice)| format!("{} {}", index + 1, choice.value));
    let choices: Vec<String> = numbered.collect();
    let choices = if choices.is_empty() { String::new() } else { format!(": {}", choices.join(", ")) };
    let advice = field.advice.map(|advice| format!("  ({advice})\n")).unwrap_or_default();
    format!("{advice}  {}{choices} [{default}]: ", field.label)
}

/// The value of an answer, or why it is none.
fn accepted(field: &Field, answer: &str, values: &Values) -> Result<Json, String> {
    let number = answer.parse::<usize>().ok().and_then(|number| field.choices.get(number.checked_sub(1)?));
    let text = number.map_or(answer, |choice| choice.value);
    let text = if text == "\"\"" { "" } else { text };
    if field.kind.is_text() {
        let said = |(message, help): Refusal| help.iter().fold(message, |out, help| format!("{out}; {help}"));
        return check(field, text).map(|()| Json::from(text)).map_err(said);
    }
    let value = value(field.path, text)?;
    let mut tried = values.clone();
    put(&mut tried, field.path, value.clone());
    let problems = read(Json::Object(tried).to_string().as_bytes()).err().unwrap_or_default();
    let own = problems.iter().find(|problem| problem.field == field.path);
    match own {
        Some(problem) => Err(problem.help.iter().fold(problem.message.clone(), |out, help| format!("{out}; {help}"))),
        None => Ok(value),
    }
}

/// The summary, where it goes, and whether it may.
fn place(dialogue: &mut Dialogue<'_>, args: &Args, config: &[u8]) -> Result<Option<String>, Outcome> {
    let Ok(layout) = read(config) else { return Ok(None) };
    let summary = summary(&layout);
    let folder = match (&args.operand, &args.zip) {
        (None, None) if !args.stdout && !args.diff && !args.dry_run => {
            let answer = dialogue.answer(&format!("\n{summary}\nFolder to write to [none, only show it]: "))?;
            if answer.is_empty() {
                return Ok(None);
            }
            answer.to_owned()
        }
        (Some(folder), _) => folder.clone(),
        (None, Some(zip)) => zip.clone(),
        _ => return Ok(None),
    };
    let question = if args.operand.is_some() || args.zip.is_some() {
        format!("\n{summary}\nwrite {folder}?")
    } else {
        format!("write {folder}?")
    };
    let writes = !(args.diff || args.dry_run);
    if writes && !dialogue.yes(&question)? {
        return Err(Outcome { stderr: b"nothing was written\n".to_vec(), status: 2, ..Outcome::default() });
    }
    Ok((args.operand.is_none() && args.zip.is_none()).then_some(folder))
}

/// What differs from the defaults.
fn summary(layout: &Layout) -> String {
    let differences = layout.differences();
    if differences.is_empty() {
        return "The default layout.".to_owned();
    }
    format!("What differs from the defaults:\n{:#}", Json::Object(differences))
}
