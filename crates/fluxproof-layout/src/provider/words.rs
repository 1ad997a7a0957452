//! The words in a name.

const CAPITALS: &[&str] = &["api", "ca", "dns", "http", "id", "jwt", "oidc", "sdk", "tld", "tls", "url"];

/// `clientTimeOutSeconds` as words.
pub(crate) fn spaced(name: &str) -> String {
    let mut words = vec![String::new()];
    let mut before = '_';
    for c in name.chars() {
        if c == '_' || before.is_lowercase() && c.is_uppercase() {
            words.push(String::new());
        }
        words.last_mut().into_iter().for_each(|word| word.extend(Some(c).filter(|c| *c != '_')));
        before = c;
    }
    let words: Vec<String> = words.iter().enumerate().map(|(place, word)| cased(word, place == 0)).collect();
    words.join(" ")
}

fn cased(word: &str, first: bool) -> String {
    let lower = word.to_lowercase();
    let is_short = word.chars().skip(1).any(char::is_uppercase);
    match lower.chars().next() {
        _ if CAPITALS.contains(&lower.as_str()) => lower.to_uppercase(),
        _ if is_short => word.to_owned(),
        Some(initial) if first => initial.to_uppercase().chain(lower.chars().skip(1)).collect(),
        _ => lower,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_words() {
        for (name, words) in [
            ("clientTimeOutSeconds", "Client time out seconds"),
            ("accessKeyID", "Access key ID"),
            ("apiUrl", "API URL"),
            ("caBundle", "CA bundle"),
            ("organizationID", "Organization ID"),
            ("verifyCA", "Verify CA"),
            ("ca_type", "CA type"),
            ("okmsid", "Okmsid"),
            ("", ""),
        ] {
            assert_eq!(spaced(name), words);
        }
    }
}
