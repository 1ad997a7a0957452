//! What source-controller leaves out of an artifact (pkg/artifact `SourceIgnoreFilter`): the patterns of `.sourceignore`
//! files, or a default list where there is no such file at all.

use fluxproof_yaml::{RepoPath, Sources};

/// Left out where the repository has no `.sourceignore` (docs: `Excluding files`).
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

/// The patterns of a repository, the last one first.
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
    /// Reads every `.sourceignore`.
    pub(crate) fn new(sources: &Sources) -> Self {
        let mut patterns: Vec<Pattern> = Vec::new();
        let mut any = false;
        for id in sources.ids().filter(|id| sources.path(*id).name() == ".sourceignore") {
            any = true;
            let folder = sources.path(id).parent();
            patterns.extend(sources.text(id).lines().filter_map(|line| pattern(&folder, line)));
        }
        if !any {
            patterns.extend(DEFAULTS.iter().filter_map(|line| pattern(&RepoPath::root(), line)));
        }
        // A pattern of a folder further down comes later.
        fluxproof_order::sort_by_key(&mut patterns, |pattern| pattern.depth);
        patterns.reverse();
        Self { patterns }
    }

    /// Whether a file is left out: the last pattern that fits it, or a folder above it, decides.
    pub(crate) fn leaves_out(&self, path: &RepoPath) -> bool {
        let parts: Vec<&str> = path.parts().collect();
        self.patterns.iter().find(|pattern| pattern.fits(&parts)).is_some_and(|pattern| !pattern.keeps)
    }
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
fn fits_parts(patterns: &[String], parts: &[&str]) -> bool {
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
        let path = RepoPath::new(path).expect("a path");
        let files = [("a/.sourceignore", Some("x.yaml\n!keep.yaml")), (".sourceignore", sourceignore)];
        let files = files.iter().filter(|_| sourceignore.is_some());
        let texts = files.filter_map(|(path, text)| Some((RepoPath::new(path).expect("a path"), (*text)?)));
        Ignore::new(&Sources::from_texts(texts)).leaves_out(&path)
    }

    #[test]
    fn defaults_hold_only_without_a_sourceignore() {
        for path in [".sops.yaml", "a/b/.sops.yaml", ".github/workflows/x.yaml", "deep/.travis.yml"] {
            assert!(left_out(None, path), "{path}");
            assert!(!left_out(Some("# nothing"), path), "{path}");
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
