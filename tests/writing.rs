//! Writing: what is generated is the same in every host, and a refusal writes nothing.
#![expect(clippy::panic, reason = "a test ends with a message")]

use fluxproof_tests::{Host, Tree, everywhere};

/// Hosts leave nothing temporary behind, and change nothing, when they refuse.
fn refused(host: Host, tree: &Tree, args: &[&str], stdin: &[u8], status: i32) {
    let before = tree.listing("");
    let ran = host.run(&tree.repo(), args, stdin, true);
    assert_eq!(ran.status, status, "{host:?} {args:?}: {ran:?}");
    assert!(!ran.stderr.is_empty(), "{host:?} {args:?} says nothing");
    assert_eq!(tree.listing(""), before, "{host:?} {args:?} wrote something");
}

fn paths(tree: &Tree, folder: &str) -> Vec<String> {
    tree.listing(folder).into_iter().map(|(path, _)| path).collect()
}

#[test]
fn every_host_writes_the_same_tree() {
    let trees = Host::ALL.map(|host| {
        let tree = Tree::empty();
        let ran = host.run(&tree.repo(), &["generate", "out"], b"", true);
        assert_eq!(ran.status, 0, "{host:?}: {ran:?}");
        let listing = tree.listing("repo");
        assert!(listing.len() > 5, "{host:?} wrote {listing:?}");
        assert!(
            listing.iter().all(|(path, _)| path.starts_with("repo/out/")),
            "{host:?} wrote {:?}",
            paths(&tree, "repo")
        );
        (ran.text(), listing)
    });
    assert_eq!(trees[0], trees[1]);
    assert_eq!(trees[0], trees[2]);
}

#[test]
fn every_host_writes_into_a_folder_that_exists() {
    let trees = Host::ALL.map(|host| {
        let tree = Tree::empty();
        tree.put("repo/NOTES.md", b"mine\n");
        let ran = host.run(&tree.repo(), &["generate", "."], b"", true);
        assert_eq!(ran.status, 0, "{host:?}: {ran:?}");
        let listing = tree.listing("repo");
        assert!(listing.contains(&("repo/NOTES.md".to_owned(), b"mine\n".to_vec())), "{host:?} took NOTES.md away");
        assert!(
            !paths(&tree, "repo").iter().any(|path| path.contains(".fluxproof-")),
            "{host:?} left something behind"
        );
        listing
    });
    assert_eq!(trees[0], trees[1]);
    assert_eq!(trees[0], trees[2]);
}

#[test]
fn what_is_generated_checks_clean_in_every_host() {
    let tree = Tree::empty();
    assert_eq!(Host::Native.run(&tree.repo(), &["generate", "."], b"", true).status, 0);
    let ran = everywhere(&tree.repo(), &["check", "."], b"");
    assert_eq!(ran.status, 0, "{ran:?}");
}

#[test]
fn every_host_writes_the_same_zip() {
    let zips = Host::ALL.map(|host| {
        let tree = Tree::empty();
        let ran = host.run(&tree.repo(), &["generate", "--zip", "layout.zip"], b"", true);
        assert_eq!(ran.status, 0, "{host:?}: {ran:?}");
        tree.listing("repo")
    });
    assert_eq!(paths_of(&zips[0]), ["repo/layout.zip"]);
    assert_eq!(zips[0], zips[1]);
    assert_eq!(zips[0], zips[2]);
}

fn paths_of(listing: &[(String, Vec<u8>)]) -> Vec<&str> {
    listing.iter().map(|(path, _)| path.as_str()).collect()
}

#[test]
fn a_config_that_is_refused_writes_nothing() {
    for host in Host::ALL {
        let tree = Tree::with(&[]);
        refused(host, &tree, &["generate", "out", "--config", "-"], b"no-such-field: 1\n", 2);
        refused(host, &tree, &["generate", "out", "--config", "-"], b"{{{{", 2);
        refused(host, &tree, &["generate", "out", "--config", "no-such-file.yaml"], b"", 3);
    }
}

#[test]
fn a_config_that_is_too_large_writes_nothing() {
    let huge = vec![b'#'; (3 << 20) + 1];
    for host in Host::ALL {
        refused(host, &Tree::empty(), &["generate", "out", "--config", "-"], &huge, 3);
    }
}

#[test]
fn files_that_are_there_are_not_overwritten() {
    for host in Host::ALL {
        let tree = Tree::empty();
        let first = host.run(&tree.repo(), &["generate", "out"], b"", true);
        assert_eq!(first.status, 0, "{host:?}: {first:?}");
        let one = paths(&tree, "repo/out").into_iter().find(|path| path.ends_with(".yaml"));
        tree.put(&one.unwrap_or_else(|| panic!("{host:?} wrote no YAML")), b"# mine\n");
        refused(host, &tree, &["generate", "out"], b"", 2);
        let forced = host.run(&tree.repo(), &["generate", "out", "--force"], b"", true);
        assert_eq!(forced.status, 0, "{host:?}: {forced:?}");
        assert!(!tree.listing("repo").iter().any(|(_, bytes)| bytes == b"# mine\n"), "{host:?} did not overwrite");
    }
}

#[test]
fn a_target_that_is_a_file_is_refused() {
    for host in Host::ALL {
        let tree = Tree::empty();
        tree.put("repo/out", b"a file\n");
        refused(host, &tree, &["generate", "out"], b"", 3);
    }
}

#[cfg(unix)]
#[test]
fn a_link_that_leads_out_is_not_written_through() {
    for host in Host::ALL {
        let tree = Tree::empty();
        tree.put("outside/kept.txt", b"");
        std::fs::create_dir(tree.repo().join("out")).unwrap_or_else(|error| panic!("{error}"));
        for folder in ["clusters", "infrastructure"] {
            tree.link(&format!("out/{folder}"), "../../outside");
        }
        refused(host, &tree, &["generate", "out", "--force"], b"", 3);
    }
}

#[test]
fn a_folder_that_may_not_be_written_is_said() {
    let tree = Tree::empty();
    let ran = Host::Wasi.run(&tree.repo(), &["generate", "out"], b"", false);
    assert_eq!(ran.status, 3, "{ran:?}");
    assert_eq!(paths(&tree, "repo"), Vec::<String>::new());
}

#[cfg(unix)]
#[test]
fn what_is_in_the_way_is_said_and_nothing_changes() {
    for host in Host::ALL {
        let tree = Tree::empty();
        tree.put("repo/file/infrastructure", b"a file where a folder should be\n");
        refused(host, &tree, &["generate", "file", "--force"], b"", 3);
        tree.put("repo/folder/README.md/x", b"a folder where a file should be\n");
        refused(host, &tree, &["generate", "folder", "--force"], b"", 3);
        tree.put("repo/link/mine.md", b"mine\n");
        tree.link("link/README.md", "mine.md");
        refused(host, &tree, &["generate", "link", "--force"], b"", 3);
    }
}

#[cfg(unix)]
#[test]
fn modes_of_what_is_overwritten_stay() {
    use std::os::unix::fs::PermissionsExt;
    for host in [Host::Native, Host::Node] {
        let tree = Tree::empty();
        tree.put("repo/README.md", b"mine\n");
        let file = tree.repo().join("README.md");
        let done = std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o640));
        done.unwrap_or_else(|error| panic!("{error}"));
        let ran = host.run(&tree.repo(), &["generate", ".", "--force"], b"", true);
        assert_eq!(ran.status, 0, "{host:?}: {ran:?}");
        let mode = std::fs::metadata(&file).map(|meta| meta.permissions().mode() & 0o777);
        assert_eq!(mode.ok(), Some(0o640), "{host:?}");
    }
}

/// A system that lets no file be larger than a few hundred bytes is as good as a full disk: writing fails midway.
#[cfg(unix)]
#[test]
fn a_disk_that_is_full_midway_leaves_everything_as_it_was() {
    for host in [Host::Native, Host::Node] {
        let tree = Tree::empty();
        tree.put("repo/there/README.md", b"mine\n");
        for args in
            [&["generate", "there", "--force"][..], &["generate", "new/folder"], &["generate", "--zip", "a.zip"]]
        {
            let before = tree.listing("");
            let ran = host.run_cramped(&tree.repo(), args);
            let stderr = String::from_utf8_lossy(&ran.stderr).into_owned();
            assert_eq!(ran.status, 3, "{host:?} {args:?}: {ran:?}");
            assert!(stderr.ends_with("larger than the system lets it be; nothing was changed\n"), "{host:?}: {stderr}");
            assert_eq!(tree.listing(""), before, "{host:?} {args:?}");
        }
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_target_that_cannot_be_made_is_said() {
    for host in [Host::Native, Host::Node] {
        let ran = host.run(&Tree::empty().repo(), &["generate", "/proc/fluxproof/out"], b"", true);
        let stderr = String::from_utf8_lossy(&ran.stderr).into_owned();
        assert_eq!(ran.status, 3, "{host:?}: {ran:?}");
        assert!(stderr.starts_with("error: /proc/fluxproof/out cannot be written: "), "{host:?}: {stderr}");
    }
}

#[test]
fn a_zip_that_is_there_is_not_overwritten() {
    for host in Host::ALL {
        let tree = Tree::empty();
        tree.put("repo/layout.zip", b"mine\n");
        refused(host, &tree, &["generate", "--zip", "layout.zip"], b"", 2);
        let forced = host.run(&tree.repo(), &["generate", "--zip", "layout.zip", "--force"], b"", true);
        assert_eq!(forced.status, 0, "{host:?}: {forced:?}");
        assert!(tree.listing("repo")[0].1.starts_with(b"PK"), "{host:?} did not overwrite");
    }
}

#[test]
fn what_would_change_is_shown_the_same_and_nothing_is_written() {
    let tree = Tree::empty();
    assert_eq!(Host::Native.run(&tree.repo(), &["generate", "."], b"", true).status, 0);
    for args in [&["generate", "--diff"][..], &["generate", "--dry-run"]] {
        assert_eq!(everywhere(&tree.repo(), args, b"").status, 0, "{args:?}");
    }
    let config = b"vault: {server: https://vault.internal:8200}\n";
    let before = tree.listing("");
    for args in [
        &["generate", ".", "--diff", "--config", "-"][..],
        &["generate", ".", "--diff", "--config", "-", "--color", "always"],
        &["generate", "--dry-run", "--config", "-"],
        &["generate", "nowhere", "--dry-run", "--format", "json", "--config", "-"],
    ] {
        let ran = everywhere(&tree.repo(), args, config);
        assert_eq!(ran.status, 1, "{args:?}: {ran:?}");
        assert!(ran.text().contains("clusterSecretStore.yaml"), "{args:?}: {ran:?}");
    }
    assert_eq!(tree.listing(""), before);
    assert_eq!(everywhere(&tree.repo(), &["generate", "--stdout"], b"").status, 0);
}

/// What the diff says is what writing does: applied by git it gives the very tree.
#[test]
fn the_diff_is_one_that_git_applies() {
    let (patched, written) = (Tree::empty(), Tree::empty());
    let config = b"{vault: {server: 'https://vault.internal:8200'}, version: 2.8.0}\n";
    for tree in [&patched, &written] {
        assert_eq!(Host::Native.run(&tree.repo(), &["generate", "."], b"", true).status, 0);
        tree.put("repo/infrastructure/external-secrets/namespace.yaml", b"no end of line");
    }
    let diff = Host::Native.run(&patched.repo(), &["generate", ".", "--diff", "--config", "-"], config, true);
    patched.put("change.diff", &diff.stdout);
    let git = std::process::Command::new("git").current_dir(patched.repo()).args(["apply", "../change.diff"]).output();
    let git = git.unwrap_or_else(|error| panic!("git cannot be run: {error}"));
    assert!(git.status.success(), "{}", String::from_utf8_lossy(&git.stderr));
    let ran = Host::Native.run(&written.repo(), &["generate", ".", "--force", "--config", "-"], config, true);
    assert_eq!(ran.status, 0, "{ran:?}");
    assert_eq!(patched.listing("repo"), written.listing("repo"));
}
