//! A tree of files as a picture.

use fluxproof_yaml::RepoPath;
use std::fmt::Write;

/// Draws files, sorted by path, each with a few words behind it; folders before files.
pub(crate) fn picture(files: &[(RepoPath, String)]) -> String {
    let mut lines = Vec::new();
    let paths: Vec<(Vec<&str>, &str)> =
        files.iter().map(|(path, note)| (path.parts().collect(), note.as_str())).collect();
    draw(&paths, "", &mut lines);
    let widest = lines.iter().map(|(left, _)| left.chars().count()).max().unwrap_or(0);
    let mut out = String::from(".");
    for (left, note) in lines {
        let gap = if note.is_empty() { 0 } else { widest - left.chars().count() + 3 };
        let _ = write!(out, "\n{left}{:gap$}{note}", "");
    }
    out
}

/// Draws one level. The generator's trees are four folders deep.
fn draw(paths: &[(Vec<&str>, &str)], indent: &str, out: &mut Vec<(String, String)>) {
    let mut names: Vec<(bool, &str)> =
        paths.iter().filter_map(|(parts, _)| Some((parts.len() == 1, *parts.first()?))).collect();
    fluxproof_order::sort(&mut names);
    names.dedup();
    for (index, (is_file, name)) in names.iter().enumerate() {
        let last = index + 1 == names.len();
        let (branch, below) = if last { ("└── ", "    ") } else { ("├── ", "│   ") };
        let of_name = paths.iter().filter(|(parts, _)| parts.first() == Some(name));
        if *is_file {
            let note = of_name.filter(|(parts, _)| parts.len() == 1).map(|(_, note)| *note).collect();
            out.push((format!("{indent}{branch}{name}"), note));
        } else {
            out.push((format!("{indent}{branch}{name}/"), String::new()));
            let inside: Vec<_> = of_name
                .filter(|(parts, _)| parts.len() > 1)
                .map(|(parts, note)| (parts[1..].to_vec(), *note))
                .collect();
            draw(&inside, &format!("{indent}{below}"), out);
        }
    }
}
