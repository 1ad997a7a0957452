//! Input that means harm: in every host a message with a position, never a crash, and nothing outside the root is read.
#![expect(clippy::panic, reason = "a test ends with a message")]

use fluxproof_tests::{Ran, Tree, everywhere};

/// The statuses of a run that came to its end.
const ENDED: &[i32] = &[0, 1, 4];

/// Checks a repository with one more file among those that Flux applies.
fn checked(path: &str, bytes: &[u8]) -> Ran {
    let tree = Tree::with(&[(path, bytes)]);
    for command in ["prove", "graph"] {
        let ran = everywhere(&tree.repo(), &[command, "."], b"");
        assert!(ENDED.contains(&ran.status), "{command}: {}", head(&ran));
    }
    let json = everywhere(&tree.repo(), &["check", ".", "--format", "json"], b"");
    serde_json::from_slice::<serde_json::Value>(&json.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", head(&json)));
    let ran = everywhere(&tree.repo(), &["check", "."], b"");
    assert!(ENDED.contains(&ran.status), "{}", head(&ran));
    ran
}

/// Checks that the answer names the file and a line and a column in it.
fn with_position(path: &str, bytes: &[u8]) -> Ran {
    let ran = checked(path, bytes);
    let text = ran.text() + &String::from_utf8_lossy(&ran.stderr);
    assert!(has_position(&text, path), "no position in {path}: {}", head(&ran));
    ran
}

fn has_position(text: &str, path: &str) -> bool {
    text.match_indices(path).any(|(at, _)| {
        let mut parts = text[at + path.len()..].trim_start_matches(':').trim_start().splitn(3, ':');
        let mut number = || parts.next().is_some_and(|part| part.chars().next().is_some_and(|c| c.is_ascii_digit()));
        number() && number()
    })
}

/// The beginning of an answer: a hostile one may be long.
fn head(ran: &Ran) -> String {
    format!("{ran:?}").chars().take(2000).collect()
}

fn config_map(data: &str) -> Vec<u8> {
    format!("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: hostile\n  namespace: apps\ndata:\n{data}")
        .into_bytes()
}

#[test]
fn an_alias_bomb() {
    let mut data = "  l0: &l0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..12 {
        let below = level - 1;
        let items = vec![format!("*l{below}"); 10].join(", ");
        data += &format!("  l{level}: &l{level} [{items}]\n");
    }
    with_position("apps/bomb.yaml", &config_map(&data));
}

#[test]
fn nesting_100_000_deep() {
    for (open, close) in [("[", "]"), ("{a: ", "}")] {
        let data = format!("  deep: {}{}\n", open.repeat(100_000), close.repeat(100_000));
        with_position("apps/deep.yaml", &config_map(&data));
    }
    with_position("apps/dashes.yaml", &config_map(&format!("  deep:\n    {}x\n", "- ".repeat(100_000))));
}

#[test]
fn an_alias_of_itself() {
    with_position("apps/self.yaml", &config_map("  a: &a [*a]\n"));
}

#[test]
fn a_nul() {
    with_position("apps/nul.yaml", b"apiVersion: v1\nkind: \0ConfigMap\n");
}

#[test]
fn text_that_is_not_utf_8() {
    with_position("apps/latin.yaml", b"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: caf\xe9\n");
}

#[test]
fn a_scalar_of_100_mb() {
    let mut bytes = b"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: huge\ndata:\n  a: ".to_vec();
    bytes.resize(100 << 20, b'x');
    let text = checked("apps/huge.yaml", &bytes).text();
    // It is not even read, so there is no line to name.
    assert!(text.contains("apps/huge.yaml: larger than 3 MB (104857600 bytes)"), "{text}");
}

#[test]
fn a_flux_kustomization_that_leaves_the_repository() {
    let flux = fluxproof_tests::flux("out", "../../outside");
    let ran = checked("clusters/demo/out.yaml", flux.as_bytes());
    assert!(ran.text().contains("out"), "{ran:?}");
}

#[test]
fn a_kustomization_that_includes_itself() {
    let ran = checked("apps/kustomization.yaml", b"resources:\n- namespace.yaml\n- ../apps\n");
    assert_eq!(ran.status, 1, "{ran:?}");
}

#[cfg(unix)]
mod links {
    use super::{ENDED, Tree, everywhere};

    const SECRET: &[u8] = b"apiVersion: v1\nkind: Namespace\nmetadata:\n  name: stolen-secret\n";

    /// Checks, proves and draws a tree, and gives everything that was printed.
    fn printed(tree: &Tree) -> String {
        let text = [("check", "human"), ("prove", "human"), ("graph", "tree")];
        let all = text.into_iter().flat_map(|(command, format)| [format, "json"].map(|format| (command, format)));
        all.map(|(command, format)| {
            let ran = everywhere(&tree.repo(), &[command, ".", "--format", format], b"");
            assert!(ENDED.contains(&ran.status), "{command}: {ran:?}");
            ran.text() + &String::from_utf8_lossy(&ran.stderr)
        })
        .collect()
    }

    #[test]
    fn outside_is_not_read() {
        let tree = Tree::with(&[]);
        tree.put("outside/secret.yaml", SECRET);
        tree.link("apps/relative.yaml", "../../outside/secret.yaml");
        tree.link("apps/absolute.yaml", &tree.outside().join("outside/secret.yaml").display().to_string());
        tree.link("apps/folder", "../../outside");
        tree.link("apps/hop.yaml", "relative.yaml");
        tree.link("apps/through.yaml", "folder/secret.yaml");
        let text = printed(&tree);
        assert!(!text.contains("stolen-secret"), "{text}");
        for name in ["relative.yaml", "absolute.yaml", "hop.yaml", "through.yaml"] {
            assert!(text.contains(&format!("apps/{name}")), "{name} is not said to be left out: {text}");
        }
        assert!(text.contains("a symlink that leaves the repository"), "{text}");
    }

    #[test]
    fn loops_end() {
        let tree = Tree::with(&[]);
        tree.link("apps/self.yaml", "self.yaml");
        tree.link("apps/one.yaml", "two.yaml");
        tree.link("apps/two.yaml", "one.yaml");
        tree.link("apps/up", "..");
        tree.link("apps/nowhere.yaml", "gone.yaml");
        let text = printed(&tree);
        assert!(text.contains("a symlink that leads nowhere"), "{text}");
    }

    #[test]
    fn inside_is_read() {
        let tree =
            Tree::with(&[("shared/thing.yaml", b"apiVersion: v1\nkind: Namespace\nmetadata:\n  name: linked-in\n")]);
        tree.link("apps/linked.yaml", "../shared/thing.yaml");
        assert!(printed(&tree).contains("linked-in"));
    }

    #[test]
    fn names_and_kinds_of_files() {
        use std::os::unix::ffi::OsStrExt;
        let tree = Tree::with(&[]);
        let pipe = tree.repo().join("apps/pipe.yaml");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status();
        assert!(made.is_ok_and(|status| status.success()), "mkfifo failed");
        let text = printed(&tree);
        assert!(text.contains("it is neither a file nor a folder"), "{text}");
        let name = std::ffi::OsStr::from_bytes(b"caf\xe9.yaml");
        std::fs::write(tree.repo().join("apps").join(name), SECRET).unwrap_or_else(|error| panic!("{error}"));
        for host in [fluxproof_tests::Host::Native, fluxproof_tests::Host::Node] {
            let ran = host.run(&tree.repo(), &["check", "."], b"", false);
            assert!(ENDED.contains(&ran.status) && !ran.text().contains("stolen-secret"), "{ran:?}");
        }
    }
}
