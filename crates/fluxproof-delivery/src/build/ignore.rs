//! What source-controller leaves out of an artifact (pkg/artifact `SourceIgnoreFilter`): the patterns of `.sourceignore`
//! files and of the source's `spec.ignore`, or a default list where there is no pattern at all.

use fluxproof_yaml::RepoPath;

/// Always left out, unless a pattern keeps them (pkg/sourceignore `ExcludeVCS`).
const VCS: [&str; 4] = [".git/", ".gitignore", ".gitmodules", ".gitattributes"];

/// Left out where there is no pattern at all (docs: `Excluding files`).
const DEFAULTS: [&str; 20] = [
    "*.jpg",
    "*.jpeg",
    "*.gif",
    "*.png",
    "*.wmv",
    "*.flv",
    "*.tar.gz",
    "*.zip",
    ".github/",
    ".circleci/",
    ".travis.yml",
    ".gitlab-ci.yml",
    "appveyor.yml",
    ".drone.yml",
    "cloudbuild.yaml",
    "codeship-services.yml",
    "codeship-steps.yml",
    "**/.goreleaser.yml",
    "**/.sops.yaml",
    "**/.flux.yaml",
];

/// The patterns of an artifact, the last one first.
pub(crate) struct Ignore {
    patterns: Vec<Pattern>,
}

struct Pattern {
    folder: RepoPath,
    /// How many parts the folder has.
    depth: usize,
    keeps: bool,
    only_folders: bool,
    anchored: bool,
    parts: Vec<String>,
}

impl Ignore {
    /// The patterns of `.sourceignore` files, each with its folder in the artifact, and those of `spec.ignore`, which come
    /// last.
    pub(crate) fn new<'t>(files: impl Iterator<Item = (RepoPath, &'t str)>, spec: &str) -> Self {
        let of =
            |folder: &RepoPath, text: &str| text.lines().filter_map(|line| pattern(folder, line)).collect::<Vec<_>>();
        let mut patterns: Vec<Pattern> = files.flat_map(|(folder, text)| of(&folder, text)).collect();
        // A pattern of a folder further down comes later.
        fluxproof_order::sort_by_key(&mut patterns, |pattern| pattern.depth);
        patterns.extend(of(&RepoPath::root(), spec));
        let fixed =
            |lines: &[&str]| lines.iter().filter_map(|line| pattern(&RepoPath::root(), line)).collect::<Vec<_>>();
        if patterns.is_empty() {
            patterns = fixed(&DEFAULTS);
        }
        patterns.splice(0..0, fixed(&VCS));
        patterns.reverse();
        Self { patterns }
    }

    /// Whether a file is left out: the last pattern that fits it, or a folder above it, decides.
    pub(crate) fn leaves_out(&self, path: &RepoPath) -> bool {
        let parts: Vec<&str> = path.parts().collect();
        self.patterns.iter().find(|pattern| pattern.fits(&parts)).is_some_and(|pattern| !pattern.keeps)
    }
}

/// Whether a file is left out of an artifact that has no patterns.
pub(crate) fn is_left_out_by_default(path: &RepoPath) -> bool {
    Ignore::new(std::iter::empty(), "").leaves_out(path)
}

fn pattern(folder: &RepoPath, line: &str) -> Option<Pattern> {
    let line = line.trim_end();
    if line.is_empty() || line.starts_with('#') {
        return None;
    }
    let (keeps, line) = line.strip_prefix('!').map_or((false, line), |rest| (true, rest));
    let (only_folders, line) = line.strip_suffix('/').map_or((false, line), |rest| (true, rest));
    let anchored = line.contains('/');
    let parts = line.split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect();
    let depth = folder.parts().count();
    Some(Pattern { folder: folder.clone(), depth, keeps, only_folders, anchored, parts })
}

impl Pattern {
    /// Whether the pattern fits a path of these parts, or a folder above it.
    fn fits(&self, path: &[&str]) -> bool {
        let Some(below) = path.get(self.depth..).filter(|_| self.is_above(path)) else { return false };
        (1..=below.len()).any(|end| {
            let is_folder = end < below.len();
            (is_folder || !self.only_folders) && self.fits_whole(&below[..end])
        })
    }

    fn is_above(&self, path: &[&str]) -> bool {
        self.folder.parts().zip(path).all(|(mine, part)| mine == *part)
    }

    fn fits_whole(&self, parts: &[&str]) -> bool {
        let (Some(pattern), Some(name)) = (self.parts.last(), parts.last()) else { return false };
        // The last part is looked at first: it tells nearly all paths.
        (pattern == "**" || fits(pattern, name)) && (!self.anchored || fits_parts(&self.parts, parts))
    }
}

/// Matches part by part; `**` stands for any number of them.
pub(crate) fn fits_parts(patterns: &[String], parts: &[&str]) -> bool {
    let mut reachable = vec![false; parts.len() + 1];
    reachable[0] = true;
    for pattern in patterns {
        let mut next = vec![false; parts.len() + 1];
        for at in (0..=parts.len()).filter(|at| reachable[*at]) {
            if pattern == "**" {
                next[at..].fill(true);
            } else if parts.get(at).is_some_and(|part| fits(pattern, part)) {
                next[at + 1] = true;
            }
        }
        reachable = next;
    }
    reachable[parts.len()]
}

/// Whether a glob of one part fits a name.
fn fits(pattern: &str, name: &str) -> bool {
    super::envsubst::fits(pattern, name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn left_out(sourceignore: Option<&str>, path: &str) -> bool {
        let folder = |path: &str| RepoPath::new(path).expect("a path");
        let files = [("a", Some("x.yaml\n!keep.yaml")), ("", sourceignore)];
        let files = files.iter().filter(|_| sourceignore.is_some());
        let files = files.filter_map(|(path, text)| Some((folder(path), (*text)?)));
        Ignore::new(files, "").leaves_out(&folder(path))
    }

    #[test]
    fn a_file_without_patterns_changes_nothing() {
        let ignore = |text, spec| Ignore::new([(RepoPath::root(), text)].into_iter(), spec);
        let sops = RepoPath::new("a/.sops.yaml").expect("a path");
        assert!(ignore("# nothing\n\n", "").leaves_out(&sops));
        assert!(!ignore("docs/\n", "").leaves_out(&sops));
        assert!(!ignore("", "docs/").leaves_out(&sops));
        assert!(ignore("!.sops.yaml\n", ".sops.yaml").leaves_out(&sops), "spec.ignore comes last");
    }

    #[test]
    fn what_belongs_to_git_is_left_out_unless_it_is_kept() {
        assert!(left_out(Some("docs/"), "a/.gitignore") && left_out(None, ".gitattributes"));
        assert!(!left_out(Some("!.gitignore"), "a/.gitignore"));
    }

    #[test]
    fn defaults_hold_only_without_a_sourceignore() {
        for path in [".sops.yaml", "a/b/.sops.yaml", ".github/workflows/x.yaml", "deep/.travis.yml"] {
            assert!(left_out(None, path), "{path}");
            assert!(!left_out(Some("docs/"), path), "{path}");
        }
        assert!(!left_out(None, "apps/a.yaml"));
    }

    #[test]
    fn patterns_are_those_of_git() {
        for (patterns, path, expected) in [
            ("/*\n!/clusters", "apps/a.yaml", true),
            ("/*\n!/clusters", "clusters/demo/a.yaml", false),
            ("test/", "apps/test/a.yaml", true),
            ("test/", "test", false),
            ("apps/*.yaml", "apps/a.yaml", true),
            ("apps/*.yaml", "b/apps/a.yaml", false),
            ("**/secret.yaml", "a/b/secret.yaml", true),
            ("docs/**", "docs/a/b.yaml", true),
            ("*.yaml\n!b.yaml", "b.yaml", false),
            ("a-?.yaml", "x/a-1.yaml", true),
            ("# none", "a/x.yaml", true),
            ("*.yaml", "a/keep.yaml", false),
            ("# none", "b/x.yaml", false),
        ] {
            assert_eq!(left_out(Some(patterns), path), expected, "{patterns} {path}");
        }
    }
}
