//! Every output that the README shows is what the command prints. `UPDATE=1 cargo test` writes them anew.

use crate::support::{fluxproof, root, same, text};

/// A block of output follows a comment `<!-- output: LINE -->`.
const MARK: &str = "<!-- output: ";

#[test]
fn outputs_in_the_readme_are_true() {
    let path = root().join("README.md");
    let readme = std::fs::read_to_string(&path).expect("README.md");
    assert!(readme.matches(MARK).count() >= 4, "the README shows the four states of the guide");
    same(&path, &renewed(&readme));
}

fn renewed(readme: &str) -> String {
    let mut parts = readme.split(MARK);
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (line, rest) = part.split_once(" -->\n").expect("the comment ends its line");
        let (_, after) = rest
            .trim_start()
            .strip_prefix("```text\n")
            .and_then(|rest| rest.split_once("```\n"))
            .expect("a block follows");
        let printed = text(&fluxproof(line));
        out.push_str(&format!("{MARK}{line} -->\n```text\n{}\n```\n{after}", printed.trim_end()));
    }
    out
}
