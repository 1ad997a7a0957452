//! Forms of texts.

use crate::check::Refusal;
use crate::check::{check, shown};
use crate::fields::{Field, Kind};

/// Why a text is not of a form; none where it is.
pub(crate) fn refused(form: &str, text: &str) -> Option<Refusal> {
    match form {
        "name" => check(&Field::new("", Kind::Name, ""), text).err(),
        "label" => check(&Field::new("", Kind::Label, ""), text).err(),
        "key" => check(&Field::new("", Kind::Key, ""), text).err(),
        _ => {
            let (is_good, example) = FORMS.iter().find(|(name, ..)| *name == form).map(|(_, is, like)| (is, like))?;
            (!is_good(text)).then(|| (format!("{} is not of its form", shown(text)), Some(format!("write {example}"))))
        }
    }
}

/// What a text of a form looks like.
#[cfg(test)]
pub(crate) fn example(form: &str) -> &'static str {
    FORMS.iter().find(|(name, ..)| *name == form).map(|(_, _, like)| *like).unwrap_or_default()
}

/// A form, whether a text is of it, and what such a text looks like.
type Form = (&'static str, fn(&str) -> bool, &'static str);

const FORMS: &[Form] = &[
    ("region", is_region, "the name of a region, as eu-central-1"),
    ("scalewayRegion", is_scaleway_region, "fr-par, nl-ams or pl-waw"),
    ("gsa", is_google_account, "it as account@project.iam.gserviceaccount.com"),
    ("uuid", is_uuid, "it as 11111111-2222-4333-8444-555555555555"),
    ("uuid4", is_uuid4, "a UUID of version 4, as 11111111-2222-4333-8444-555555555555"),
    ("url", has_host, "a URL with scheme and host, as https://host"),
    ("https", is_https, "a URL of https, as https://host"),
    ("domain", is_domain, "a domain without a scheme, as api.example.com"),
    ("trimmed", is_trimmed, "it without spaces at its ends"),
    ("base64", is_base64, "what base64 -w0 prints"),
];

fn is_region(text: &str) -> bool {
    (1..=50).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

/// `validation.IsRegion` of scaleway-sdk-go: two letters, a dash, three letters.
fn is_scaleway_region(text: &str) -> bool {
    let letters = |part: &str, count| part.len() == count && part.bytes().all(|b| b.is_ascii_lowercase());
    text.split_once('-').is_some_and(|(country, city)| letters(country, 2) && letters(city, 3))
}

fn is_google_account(text: &str) -> bool {
    text.strip_suffix(".iam.gserviceaccount.com").is_some_and(|text| text.contains('@'))
}

fn is_uuid(text: &str) -> bool {
    let lengths = text.split('-').map(str::len);
    lengths.eq([8, 4, 4, 4, 12]) && text.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-')
}

fn is_uuid4(text: &str) -> bool {
    let at = |place: usize| text.as_bytes().get(place).copied().unwrap_or(0).to_ascii_lowercase();
    is_uuid(text) && at(14) == b'4' && b"89ab".contains(&at(19))
}

fn has_host(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once("://") else { return false };
    let host = rest.split(['/', '?', '#']).next().unwrap_or("");
    let is_scheme = scheme.bytes().all(|b| b.is_ascii_alphanumeric()) && !scheme.is_empty();
    is_scheme && !host.is_empty() && !host.starts_with(':') && !text.contains(char::is_whitespace)
}

fn is_https(text: &str) -> bool {
    text.starts_with("https://") && has_host(text)
}

fn is_domain(text: &str) -> bool {
    let host = text.split_once(':').map_or(text, |(host, _)| host);
    let is_label = |part: &str| {
        let good = |b: u8| b.is_ascii_alphanumeric() || b == b'-';
        !part.is_empty() && part.len() <= 63 && !part.starts_with('-') && !part.ends_with('-') && part.bytes().all(good)
    };
    !text.contains("://") && host.contains('.') && (!host.is_ascii() || host.split('.').all(is_label))
}

fn is_trimmed(text: &str) -> bool {
    text.trim() == text
}

fn is_base64(text: &str) -> bool {
    let body = text.trim_end_matches('=');
    let good = |b: u8| b.is_ascii_alphanumeric() || b"+/".contains(&b);
    text.len().is_multiple_of(4) && text.len() - body.len() <= 2 && body.bytes().all(good)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_what_they_say() {
        for (form, good, bad) in [
            ("region", "eu-central-1", "EU"),
            ("scalewayRegion", "fr-par", "fr-par-1"),
            ("gsa", "a@b.iam.gserviceaccount.com", "a.iam.gserviceaccount.com"),
            ("uuid", "11111111-2222-1333-8444-555555555555", "11111111-2222-4333-8444-55555555555"),
            ("uuid4", "11111111-2222-4333-b444-555555555555", "11111111-2222-1333-8444-555555555555"),
            ("url", "https://host/{{a}}", "host/x"),
            ("url", "http://[::1]:80?q", "https:///x"),
            ("https", "https://host:1", "http://host"),
            ("domain", "api.example.com:443", "https://api.example.com"),
            ("trimmed", "a b", "a "),
            ("base64", "aGVsbG8=", "-----BEGIN"),
            ("name", "a.b", "A"),
            ("label", "a-b", "a.b"),
            ("key", "a_b.c", "a b"),
        ] {
            assert_eq!(refused(form, good), None, "{form}");
            assert!(refused(form, bad).is_some_and(|(_, help)| help.is_some()), "{form}");
        }
    }
}
