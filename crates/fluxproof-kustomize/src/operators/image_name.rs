//! The parts of an image's name, and which names an entry of `images` means (`api/internal/image`).

use regex_lite::Regex;

/// What may stand behind the name: a tag and a digest.
const REST: &str = "(:[a-zA-Z0-9_.{}-]*)?(@sha256:[a-zA-Z0-9_.{}-]*)?$";

/// The `name` of an entry: a regular expression, as kustomize has it.
#[derive(Debug)]
pub(super) enum Matcher {
    /// Letters and dots, which stand for any character: what nearly all are.
    Plain(String),
    Pattern(Regex),
}

impl Matcher {
    pub(super) fn new(name: &str) -> Result<Self, String> {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '/' | '-' | '_' | ':' | '@');
        if name.chars().all(is_plain) {
            return Ok(Self::Plain(name.to_owned()));
        }
        let pattern = Regex::new(&format!("^{name}{REST}"));
        pattern.map(Self::Pattern).map_err(|why| format!("the image name {name:?} is no regular expression: {why}"))
    }

    /// Whether an image has the name, whatever its tag and digest.
    pub(super) fn matches(&self, image: &str) -> bool {
        match self {
            Self::Pattern(pattern) => pattern.is_match(image),
            Self::Plain(name) => {
                let mut rest = image.chars();
                let same = |(wanted, found): (char, char)| wanted == found || (wanted == '.' && found != '\n');
                let all = name.chars().all(|wanted| rest.next().is_some_and(|found| same((wanted, found))));
                all && is_tag_and_digest(rest.as_str())
            }
        }
    }
}

fn is_tag_and_digest(rest: &str) -> bool {
    let is_text = |text: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || "_.{}-".contains(c));
    let (tag, digest) = match rest.find("@sha256:") {
        Some(at) => (&rest[..at], &rest[at + "@sha256:".len()..]),
        None => (rest, ""),
    };
    is_text(digest) && (tag.is_empty() || tag.strip_prefix(':').is_some_and(is_text))
}

/// The name, the tag and the digest of an image. A colon before the first slash belongs to the host.
pub(super) fn split(image: &str) -> (&str, &str, &str) {
    let start = image.find('/').unwrap_or(0);
    let find = |sign: char| image[start..].find(sign).map(|at| start + at);
    let without = |text: &'static str, at: usize, end: usize| image[at..end].strip_prefix(text).unwrap_or("");
    match (find(':'), find('@')) {
        (None, None) => (image, "", ""),
        (Some(tag), Some(digest)) if tag < digest => {
            (&image[..tag], without(":", tag, digest), without("@", digest, image.len()))
        }
        (_, Some(digest)) => (&image[..digest], "", without("@", digest, image.len())),
        (Some(tag), None) => (&image[..tag], without(":", tag, image.len()), ""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_image_has_a_name_a_tag_and_a_digest() {
        assert_eq!(split("nginx"), ("nginx", "", ""));
        assert_eq!(split("nginx:1.0"), ("nginx", "1.0", ""));
        assert_eq!(split("host:5000/a/b"), ("host:5000/a/b", "", ""));
        assert_eq!(split("host:5000/a:1@sha256:ab"), ("host:5000/a", "1", "sha256:ab"));
        assert_eq!(split("a@sha256:ab"), ("a", "", "sha256:ab"));
    }

    #[test]
    fn a_name_means_images_of_any_tag_and_no_longer_names() {
        for (name, image, means) in [
            ("nginx", "nginx", true),
            ("nginx", "nginx:1.0", true),
            ("nginx", "nginx:1@sha256:ab", true),
            ("nginx", "nginx@sha256:ab", true),
            ("nginx", "nginx@md5:ab", false),
            ("nginx", "nginx-x", false),
            ("nginx", "x/nginx", false),
            ("a.b/c", "axb/c:1", true),
            ("foo/.*", "foo/bar:v1", true),
            ("nginx:1", "nginx:1", true),
        ] {
            assert_eq!(Matcher::new(name).expect("a pattern").matches(image), means, "{name} {image}");
        }
    }
}
