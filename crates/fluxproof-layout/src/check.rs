//! Whether a text may be the value of a field.

use crate::fields::{Field, Kind};
use crate::versions;

/// Why a value is refused: what, and what to do.
pub type Refusal = (String, Option<String>);

/// Checks a value by the kind of its field.
///
/// # Errors
/// What is wrong and, where it is not obvious, what to do.
pub fn check(field: &Field, text: &str) -> Result<(), Refusal> {
    if text.is_empty() && field.kind == Kind::TextOrNothing {
        return Ok(());
    }
    if text.is_empty() {
        return refuse("the value is empty", "leave the field out for the default, or write a value");
    }
    match field.kind {
        Kind::Text | Kind::TextOrNothing | Kind::Texts | Kind::Map => line(text),
        Kind::Url => url(text, &["https", "http"]),
        Kind::OciUrl => url(text, &["oci"]),
        Kind::Choice => choice(field, text),
        Kind::Duration => milliseconds(text).map(drop),
        Kind::Version => versions::check(text).map_err(|(message, help)| (message, Some(help))),
        Kind::Name => subdomain(text),
        Kind::Label => label(text, 63),
        Kind::Key => key(text),
        Kind::Folder => folder(text),
        Kind::Path => path(text),
        Kind::Certificate => certificate(text),
        Kind::Switch | Kind::Count | Kind::Items | Kind::Provider => Ok(()),
    }
}

/// Checks a name in a map: of annotations and labels Kubernetes wants a qualified name, of headers HTTP a token.
///
/// # Errors
/// As [`check`].
pub(crate) fn key_of_map(field: &Field, name: &str) -> Result<(), Refusal> {
    let qualified = ["annotations", "matchLabels", "namespaceLabels"].iter().any(|end| field.path.ends_with(end));
    let (prefix, own) = name.split_once('/').map_or((None, name), |(prefix, own)| (Some(prefix), own));
    let good = |b: u8| b.is_ascii_alphanumeric() || b"-_.".contains(&b);
    let ends = |text: &str| {
        let letter = |b: Option<u8>| b.is_some_and(|b| b.is_ascii_alphanumeric());
        letter(text.bytes().next()) && letter(text.bytes().last())
    };
    let is_name =
        own.len() <= 63 && ends(own) && own.bytes().all(good) && prefix.is_none_or(|it| subdomain(it).is_ok());
    let token = name.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b));
    if field.path.ends_with("headers") && !token {
        return refuse(format!("{} is not the name of a header", shown(name)), "write letters, digits and -");
    }
    if !qualified || is_name {
        return check(field, name);
    }
    refuse(
        format!("{} is not a name that Kubernetes takes", shown(name)),
        "write it as example.com/name, or name alone",
    )
}

/// Checks a number.
///
/// # Errors
/// When it is too small or too large.
pub(crate) fn count(number: i64) -> Result<(), Refusal> {
    if (1..=1_000_000).contains(&number) {
        return Ok(());
    }
    refuse(format!("{number} is not a number from 1 to 1000000"), "write such a number")
}

fn refuse(message: impl Into<String>, help: impl Into<String>) -> Result<(), Refusal> {
    Err((message.into(), Some(help.into())))
}

/// Quotes a value for a message; long ones are cut.
pub(crate) fn shown(text: &str) -> String {
    let short: String = text.chars().take(60).collect();
    let rest = if short.len() < text.len() { "…" } else { "" };
    format!("{short:?}{rest}")
}

fn line(text: &str) -> Result<(), Refusal> {
    if text.chars().any(char::is_control) {
        return refuse(
            format!("{} holds a line break or another control character", shown(text)),
            "write it in one line",
        );
    }
    if text.trim() != text {
        return refuse(format!("{} starts or ends with a space", shown(text)), "remove the space");
    }
    if text.len() > 512 {
        return refuse("the text is longer than 512 bytes", "shorten it");
    }
    Ok(())
}

fn choice(field: &Field, text: &str) -> Result<(), Refusal> {
    if field.choices.iter().any(|choice| choice.value == text) {
        return Ok(());
    }
    let values: Vec<&str> = field.choices.iter().map(|choice| choice.value).collect();
    refuse(format!("{} is not one of its values", shown(text)), format!("write one of {}", values.join(", ")))
}

/// A URL without user, query and fragment: scheme, host, port, path.
fn url(text: &str, schemes: &[&str]) -> Result<(), Refusal> {
    let example = format!("write {}://host:port", schemes.first().unwrap_or(&"https"));
    let Some((scheme, rest)) = text.split_once("://") else {
        return refuse(format!("{} has no scheme", shown(text)), example);
    };
    if !schemes.contains(&scheme) {
        return refuse(format!("{} is not a URL of {}", shown(text), schemes.join(" or ")), example);
    }
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    if authority.contains('@') {
        return refuse(
            "the URL holds a user or a password",
            "credentials do not belong into a repository; remove what stands before the @",
        );
    }
    let path_is_good = path.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~/:%+".contains(&b));
    if !is_authority(authority) || !path_is_good {
        return refuse(format!("{} is not a URL of host, port and path", shown(text)), example);
    }
    Ok(())
}

fn is_authority(authority: &str) -> bool {
    let (host, port) = match authority.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((address, port)) => (address, port),
        None => authority.split_at(authority.find(':').unwrap_or(authority.len())),
    };
    let bracketed = authority.starts_with('[');
    let host_is_good = if bracketed { host.parse::<std::net::Ipv6Addr>().is_ok() } else { is_host(host) };
    let is_port =
        |text: &str| text.bytes().all(|b| b.is_ascii_digit()) && text.parse::<u16>().is_ok_and(|port| port > 0);
    host_is_good && (port.is_empty() || port.strip_prefix(':').is_some_and(is_port))
}

fn is_host(host: &str) -> bool {
    let is_part = |part: &str| label_like(part, true);
    !host.is_empty() && host.len() <= 253 && host.strip_suffix('.').unwrap_or(host).split('.').all(is_part)
}

/// Letters, digits and `-`, alphanumeric at both ends, at most 63 bytes.
fn label_like(part: &str, capitals: bool) -> bool {
    let letter = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || (capitals && b.is_ascii_uppercase());
    let ends = part.bytes().next().is_some_and(letter) && part.bytes().last().is_some_and(letter);
    ends && part.len() <= 63 && part.bytes().all(|b| letter(b) || b == b'-')
}

/// A duration in milliseconds, as Go's `time.ParseDuration` reads what Flux's CRDs let pass.
///
/// # Errors
/// When it is none, is shorter than a second, or longer than a year.
pub(crate) fn milliseconds(text: &str) -> Result<u64, Refusal> {
    let example = || Some("write it as 30s, 10m or 1h30m".to_owned());
    let Some(sum) = duration(text) else {
        return Err((format!("{} is not a duration", shown(text)), example()));
    };
    match sum {
        ..1_000.0 => Err((format!("{text} is shorter than a second"), example())),
        31_536_000_001.0.. => Err((format!("{text} is longer than a year"), example())),
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between a second and a year")]
        _ => Ok(sum as u64),
    }
}

fn duration(text: &str) -> Option<f64> {
    let (mut rest, mut sum) = (text, 0.0);
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let (number, tail) = rest.split_at(digits);
        let unit = tail.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(tail.len());
        let (unit, tail) = tail.split_at(unit);
        sum += decimal(number)? * factor(unit)?;
        rest = tail;
    }
    (!text.is_empty()).then_some(sum)
}

/// `[0-9]+(\.[0-9]+)?`
fn decimal(text: &str) -> Option<f64> {
    let whole = text.split('.').all(|part| !part.is_empty()) && text.matches('.').count() <= 1;
    (whole && text.len() <= 12).then(|| text.parse().ok())?
}

fn factor(unit: &str) -> Option<f64> {
    Some(match unit {
        "ms" => 1.0,
        "s" => 1_000.0,
        "m" => 60_000.0,
        "h" => 3_600_000.0,
        _ => return None,
    })
}

fn subdomain(text: &str) -> Result<(), Refusal> {
    if text.len() <= 253 && text.split('.').all(|part| label_like(part, false)) {
        return Ok(());
    }
    refuse(
        format!("{} is not a name that Kubernetes takes", shown(text)),
        "write lower case letters, digits, - and ., with a letter or digit at both ends",
    )
}

fn label(text: &str, longest: usize) -> Result<(), Refusal> {
    if text.len() <= longest && label_like(text, false) {
        return Ok(());
    }
    refuse(
        format!("{} is not a name that Kubernetes takes here", shown(text)),
        format!("write up to {longest} lower case letters, digits and -, with a letter or digit at both ends"),
    )
}

fn key(text: &str) -> Result<(), Refusal> {
    let good = |b: u8| b.is_ascii_alphanumeric() || b"-._".contains(&b);
    if text.len() <= 253 && text.bytes().all(good) && !matches!(text, "." | "..") {
        return Ok(());
    }
    refuse(format!("{} cannot be a key of a Secret or ConfigMap", shown(text)), "write letters, digits, -, _ and .")
}

fn folder(text: &str) -> Result<(), Refusal> {
    let good = |b: u8| b.is_ascii_alphanumeric() || b"-._".contains(&b);
    let starts = text.starts_with(|c: char| c.is_ascii_alphanumeric());
    if starts && text.len() <= 63 && text.bytes().all(good) && !text.ends_with('.') {
        return Ok(());
    }
    refuse(
        format!("{} cannot be the name of a folder everywhere", shown(text)),
        "write up to 63 letters, digits, -, _ and ., starting with a letter or digit",
    )
}

/// Folders, one in the other.
fn path(text: &str) -> Result<(), Refusal> {
    if text.len() > 200 || text.split('/').count() > 8 {
        return refuse(format!("{} is too long a path", shown(text)), "write up to 8 folders, with / between them");
    }
    text.split('/').try_for_each(folder)
}

/// Base64 of one or more PEM certificates. Only a beginning that no certificate has is refused: Vault's client reads the rest.
fn certificate(text: &str) -> Result<(), Refusal> {
    const HELP: &str = "write what base64 -w0 ca.crt prints";
    let body = text.trim_end_matches('=');
    let is_base64 = body.bytes().all(|b| b.is_ascii_alphanumeric() || b"+/".contains(&b));
    if !text.len().is_multiple_of(4) || text.len() - body.len() > 2 || !is_base64 {
        return refuse("the certificate is not in base64", HELP);
    }
    // The 27 bytes "-----BEGIN CERTIFICATE-----", which are a whole number of groups.
    if !text.starts_with("LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0t") {
        return refuse("the certificate is base64, but of no PEM certificate", HELP);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fields::{field, fields};

    fn refused(path: &str, text: &str) -> bool {
        check(field(fields(), path).expect(path), text).is_err()
    }

    #[test]
    fn urls_are_scheme_host_port_and_path() {
        for good in [
            "https://vault.example.com:8200",
            "http://vault",
            "https://10.0.0.1:8200/v",
            "https://[::1]:8200",
            "https://vault.vault.svc.",
        ] {
            assert!(!refused("vault.server", good), "{good}");
        }
        for bad in [
            "vault.example.com:8200",
            "ftp://vault",
            "https://",
            "https://:8200",
            "https://vault:0",
            "https://vault:99999",
            "https://vault:",
            "https://u:p@vault",
            "https://vault?x=1",
            "https://vault/#a",
            "https://va ult",
            "https://${v}",
            "https://-v",
            "https://[::g]",
            "https://v/a\nb",
            "https://vault:8+1",
        ] {
            assert!(refused("vault.server", bad), "{bad}");
        }
        assert!(refused("chart.oci.url", "https://ghcr.io/x"));
    }

    #[test]
    fn a_password_in_a_url_is_not_repeated() {
        let (message, help) =
            check(field(fields(), "vault.server").expect("it"), "https://u:hunter2@vault").expect_err("refused");
        assert!(!format!("{message}{help:?}").contains("hunter2"));
    }

    #[test]
    fn durations_are_gos() {
        for (text, expected) in
            [("1h", 3_600_000), ("1h30m", 5_400_000), ("1.5m", 90_000), ("90s", 90_000), ("1m500ms", 60_500)]
        {
            assert_eq!(milliseconds(text), Ok(expected), "{text}");
        }
        for text in ["", "10", "m", "1d", "-1m", "1 m", "1..5m", ".5m", "1.m", "0s", "999ms", "99999999h", "1m ", "1µs"]
        {
            assert!(milliseconds(text).is_err(), "{text}");
        }
    }

    #[test]
    fn names_are_those_of_kubernetes() {
        for (path, good, bad) in [
            ("store.name", "vault.a-1", "Vault"),
            ("namespaces.operator", "external-secrets", "external.secrets"),
            ("vault.auth.token.key", "Token_1.x", "a b"),
            ("cluster", "Prod_1.eu", "../x"),
            ("cluster", "demo", "a/b"),
            ("cluster", "demo", ".hidden"),
        ] {
            assert!(!refused(path, good) && refused(path, bad), "{path}");
        }
    }

    #[test]
    fn certificates_are_base64_of_pem() {
        assert!(!refused("vault.ca.bundle", "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1JSQ=="));
        for bad in ["-----BEGIN CERTIFICATE-----", "aGVsbG8=", "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tC"] {
            assert!(refused("vault.ca.bundle", bad), "{bad}");
        }
    }

    #[test]
    fn a_text_is_one_line() {
        for bad in ["a\nb", "a\0", " a", "a\u{85}"] {
            assert!(refused("vault.path", bad));
        }
        assert!(!refused("vault.path", "a'\"${b}{{c}}#d: e"));
    }
}
