//! The words of `data/provider-fields.tsv`.

use super::rows;

const TABLE: &str = include_str!("../../data/provider-fields.tsv");

/// What is said of a field.
pub(crate) struct Annotation {
    pub(crate) path: &'static str,
    pub(crate) label: &'static str,
    pub(crate) example: Option<&'static str>,
    pub(crate) help: &'static str,
    /// `path=value` of another field.
    pub(crate) when: Option<&'static str>,
}

/// One of several ways.
#[derive(Clone)]
pub(crate) struct Way {
    /// What is there when it is chosen; `.` for none of the others.
    pub(crate) path: String,
    pub(crate) label: String,
    /// The choice that it belongs to.
    pub(crate) choice: String,
    pub(crate) help: String,
    /// Whether the table has it.
    pub(crate) is_told: bool,
}

fn of(what: &'static str, provider: &str) -> impl Iterator<Item = Vec<&'static str>> {
    rows(TABLE).filter(move |row| row.len() > 5 && row[..2] == [what, provider])
}

/// The fields of a provider that have words, in the order of a form.
pub(crate) fn annotations(provider: &str) -> Vec<Annotation> {
    of("field", provider)
        .map(|row| Annotation {
            path: row[2],
            label: row[3],
            example: Some(row[4]).filter(|example| !example.is_empty()),
            help: row[5],
            when: row.get(6).copied(),
        })
        .collect()
}

/// The ways of a provider.
pub(crate) fn ways(provider: &str) -> Vec<Way> {
    of("way", provider)
        .map(|row| Way {
            path: row[2].to_owned(),
            label: row[3].to_owned(),
            choice: row[4].to_owned(),
            help: row[5].to_owned(),
            is_told: true,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::form::leaves;
    use super::super::{providers, schema};
    use super::*;

    #[test]
    fn rows_are_of_fields_that_are_in_the_schema() {
        for row in rows(TABLE) {
            let schema = schema::provider(row[1]).unwrap_or_else(|| panic!("{row:?}"));
            let path = row[2];
            assert!(schema.at(path).is_some() || (path == "." && row[0] == "way"), "{row:?}");
            assert!(!row[3].is_empty() && row[5].ends_with('.'), "{row:?}");
            if let Some(when) = row.get(6) {
                let (other, value) = when.split_once('=').unwrap_or_else(|| panic!("{row:?}"));
                let schema::Shape::Text(choices) = &schema.at(other).expect("a field").shape else { panic!("{row:?}") };
                assert!(choices.contains(&value), "{row:?}");
            }
        }
    }

    #[test]
    fn each_field_is_there_once() {
        for provider in providers() {
            let paths: Vec<&str> = annotations(provider).iter().map(|annotation| annotation.path).collect();
            assert!(paths.iter().enumerate().all(|(place, path)| !paths[..place].contains(path)), "{provider}");
        }
    }

    #[test]
    fn what_must_be_set_has_words_where_anything_has() {
        for provider in providers().into_iter().filter(|provider| !annotations(provider).is_empty()) {
            let known: Vec<&str> = annotations(provider).iter().map(|annotation| annotation.path).collect();
            let schema = schema::provider(provider).expect("it");
            for (path, field) in leaves(schema) {
                assert!(!field.required || known.contains(&path.as_str()), "{provider}: {path}");
            }
        }
    }
}
