//! Writing what an outcome asks for: all of it, or nothing.

use crate::read::reason;
use fluxproof_core::command::Writes;
use std::fs;
use std::io::{Error, ErrorKind, Result, Write};
use std::path::{Component, Path, PathBuf};

/// What was done to the target, so that it can be undone.
enum Done {
    Folder(PathBuf),
    File(PathBuf),
    /// What stood at the first path stands at the second.
    Away(PathBuf, PathBuf),
}

/// Writes the files of an outcome.
///
/// # Errors
/// What could not be written. The files that were there before are as they were then.
pub(crate) fn all(writes: Option<Box<Writes>>) -> std::result::Result<(), String> {
    let Some(writes) = writes else { return Ok(()) };
    let root = Path::new(&writes.root);
    if let Some(path) = paths(&writes).find(|path| leaves(path)) {
        return Err(format!("{path} would be outside {}", writes.root));
    }
    let staging = staging(root);
    let mut done = Vec::new();
    let ended = stage(&staging, &writes, &mut done).and_then(|()| settle(&staging, root, &writes, &mut done));
    let Err(error) = ended else { return clean(&staging, root, &writes) };
    let message = format!("{} cannot be written: {}", writes.root, reason(&error));
    match undo(&done) {
        Ok(()) => {
            remove(&staging);
            empty(&done);
            Err(format!("{message}; nothing was changed"))
        }
        Err(path) => {
            Err(format!("{message}; {} could not be put back, its copy is in {}", path.display(), staging.display()))
        }
    }
}

fn paths(writes: &Writes) -> impl Iterator<Item = &String> {
    writes.files.iter().map(|(path, _)| path).chain(&writes.removed)
}

fn leaves(path: &str) -> bool {
    path.is_empty() || !Path::new(path).components().all(|part| matches!(part, Component::Normal(_)))
}

/// A temporary folder: inside a target that exists, beside one that does not, so that a rename stays on one file system.
fn staging(root: &Path) -> PathBuf {
    let name = format!(".fluxproof-{}", process_id());
    let parent = root.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if root.exists() { root.join(name) } else { parent.join(name) }
}

fn process_id() -> u32 {
    if cfg!(target_family = "wasm") { 0 } else { std::process::id() }
}

/// Writes the new files where nobody sees them, down to the disk.
fn stage(staging: &Path, writes: &Writes, done: &mut Vec<Done>) -> Result<()> {
    if let Some(parent) = staging.parent() {
        folders(parent, done)?;
    }
    fs::create_dir(staging)?;
    let new = staging.join("new");
    fs::create_dir(&new)?;
    for (path, bytes) in &writes.files {
        let file = new.join(path);
        file.parent().map_or(Ok(()), fs::create_dir_all)?;
        let mut file = fs::File::create_new(file)?;
        file.write_all(bytes).and_then(|()| file.sync_all())?;
    }
    Ok(())
}

/// A new folder appears by one rename; in an existing one each file does, once all of them can.
fn settle(staging: &Path, root: &Path, writes: &Writes, done: &mut Vec<Done>) -> Result<()> {
    if !root.exists() {
        return fs::rename(staging.join("new"), root);
    }
    paths(writes).try_for_each(|path| free(root, path, writes.replace))?;
    writes.files.iter().try_for_each(|(path, _)| keep(staging, root, path))?;
    writes.files.iter().try_for_each(|(path, _)| put(staging, root, path, done))?;
    writes.removed.iter().try_for_each(|path| take(staging, root, path, done))
}

/// On the way to a file stand folders only, no links, and at its end no folder and no link, nor any file that is to stay.
fn free(root: &Path, path: &str, replace: bool) -> Result<()> {
    let mut at = root.to_owned();
    let mut parts = path.split('/').peekable();
    while let Some(part) = parts.next() {
        at.push(part);
        let Ok(meta) = fs::symlink_metadata(&at) else { return Ok(()) };
        let fits = if parts.peek().is_some() { meta.is_dir() } else { meta.is_file() && replace };
        if !fits {
            return Err(Error::new(ErrorKind::AlreadyExists, format!("{} is {}", at.display(), what(&meta))));
        }
    }
    Ok(())
}

fn what(meta: &fs::Metadata) -> &'static str {
    if meta.is_symlink() {
        "a symlink"
    } else if meta.is_dir() {
        "a folder"
    } else {
        "a file that exists"
    }
}

/// Copies what stands at a path, and gives its mode to what will stand there.
fn keep(staging: &Path, root: &Path, path: &str) -> Result<()> {
    let Ok(meta) = fs::symlink_metadata(root.join(path)) else { return Ok(()) };
    let copy = staging.join("old").join(path);
    copy.parent().map_or(Ok(()), fs::create_dir_all)?;
    fs::copy(root.join(path), copy)?;
    // A sandbox has no modes.
    if cfg!(target_family = "wasm") {
        Ok(())
    } else {
        fs::set_permissions(staging.join("new").join(path), meta.permissions())
    }
}

fn put(staging: &Path, root: &Path, path: &str, done: &mut Vec<Done>) -> Result<()> {
    let (new, old, target) = (staging.join("new").join(path), staging.join("old").join(path), root.join(path));
    if let Some(folder) = target.parent() {
        folders(folder, done)?;
    }
    fs::rename(new, &target)?;
    done.push(if old.exists() { Done::Away(target, old) } else { Done::File(target) });
    Ok(())
}

fn take(staging: &Path, root: &Path, path: &str, done: &mut Vec<Done>) -> Result<()> {
    let (old, target) = (staging.join("old").join(path), root.join(path));
    old.parent().map_or(Ok(()), fs::create_dir_all)?;
    fs::rename(&target, &old)?;
    done.push(Done::Away(target, old));
    Ok(())
}

/// Makes a folder and those above it, and remembers which.
fn folders(folder: &Path, done: &mut Vec<Done>) -> Result<()> {
    let missing: Vec<&Path> =
        folder.ancestors().take_while(|path| !path.as_os_str().is_empty() && !path.exists()).collect();
    for path in missing.into_iter().rev() {
        fs::create_dir(path)?;
        done.push(Done::Folder(path.to_owned()));
    }
    Ok(())
}

/// Puts back the files that were there, the last first.
fn undo(done: &[Done]) -> std::result::Result<(), PathBuf> {
    let mut lost = Ok(());
    for step in done.iter().rev() {
        let (path, undone) = match step {
            Done::Folder(_) => continue,
            Done::File(path) => (path, fs::remove_file(path)),
            Done::Away(path, copy) => (path, fs::rename(copy, path)),
        };
        if undone.is_err() {
            lost = Err(path.clone());
        }
    }
    lost
}

/// Removes the folders that were made. Into one somebody else may have put something meanwhile.
fn empty(done: &[Done]) {
    for step in done.iter().rev() {
        if let Done::Folder(path) = step {
            let _ = fs::remove_dir(path);
        }
    }
}

/// Removes what the work left: the temporary folder, and folders that nothing is in any more.
fn clean(staging: &Path, root: &Path, writes: &Writes) -> std::result::Result<(), String> {
    for path in &writes.removed {
        let above = Path::new(path).ancestors().skip(1).filter(|folder| !folder.as_os_str().is_empty());
        above.map(|folder| root.join(folder)).all(|folder| fs::remove_dir(folder).is_ok());
    }
    remove(staging);
    if staging.exists() { Err(format!("{} cannot be removed", staging.display())) } else { Ok(()) }
}

/// Undone or done, the answer does not hang on it.
fn remove(staging: &Path) {
    let _ = fs::remove_dir_all(staging);
}

#[cfg(test)]
#[expect(clippy::expect_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    struct Folder(PathBuf);

    impl Folder {
        fn new(name: &str) -> Self {
            let path = std::env::temp_dir().join(format!("fluxproof-write-{}-{name}", std::process::id()));
            fs::create_dir_all(&path).expect("a folder");
            Self(path)
        }

        fn put(&self, path: &str, text: &str) {
            let file = self.0.join(path);
            fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
            fs::write(file, text).expect("a file");
        }

        /// Every path below, with the text of the files.
        fn listing(&self) -> Vec<(PathBuf, String)> {
            let (mut all, mut open) = (Vec::new(), vec![self.0.clone()]);
            while let Some(at) = open.pop() {
                for path in fs::read_dir(&at).expect("a folder").flatten().map(|entry| entry.path()) {
                    all.push((path.clone(), fs::read_to_string(&path).unwrap_or_default()));
                    if path.is_dir() {
                        open.push(path);
                    }
                }
            }
            all.sort();
            all
        }

        fn writes(&self, files: &[(&str, &str)], removed: &[&str]) -> Box<Writes> {
            let files = files.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect();
            let removed = removed.iter().map(|path| (*path).to_owned()).collect();
            Box::new(Writes { root: self.0.display().to_string(), files, removed, replace: true })
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn files_are_replaced_added_and_removed() {
        let folder = Folder::new("all");
        folder.put("a/kept", "mine");
        folder.put("a/old", "old");
        folder.put("gone/deep/file", "old");
        all(Some(folder.writes(&[("a/old", "new"), ("b/c", "more")], &["gone/deep/file"]))).expect("written");
        let texts: Vec<String> = folder.listing().into_iter().map(|(_, text)| text).collect();
        assert_eq!(texts, ["", "mine", "new", "", "more"], "{:?}", folder.listing());
    }

    #[test]
    fn what_was_there_comes_back_when_a_rename_fails_midway() {
        let folder = Folder::new("midway");
        folder.put("a", "mine");
        let before = folder.listing();
        let writes = folder.writes(&[("a", "new"), ("new/file", "new"), ("z/b", "lost")], &[]);
        let (staging, mut done) = (staging(&folder.0), Vec::new());
        stage(&staging, &writes, &mut done).expect("staged");
        fs::remove_file(staging.join("new/z/b")).expect("somebody interferes");
        settle(&staging, &folder.0, &writes, &mut done).expect_err("the last rename has nothing to rename");
        assert!(done.len() >= 3, "two files and a folder were written before that");
        undo(&done).expect("put back");
        remove(&staging);
        empty(&done);
        assert_eq!(folder.listing(), before);
    }

    #[test]
    fn files_that_are_to_stay_stay() {
        let folder = Folder::new("stay");
        folder.put("b", "mine");
        let before = folder.listing();
        let mut writes = folder.writes(&[("a", "new"), ("b", "new")], &[]);
        writes.replace = false;
        let message = all(Some(writes)).expect_err("refused");
        assert!(message.ends_with("b is a file that exists; nothing was changed"), "{message}");
        assert_eq!(folder.listing(), before);
    }

    #[test]
    fn nothing_is_written_outside_the_target() {
        let folder = Folder::new("outside");
        for path in ["../x", "/x", "a/../../x", ""] {
            all(Some(folder.writes(&[("a", "new"), (path, "new")], &[]))).expect_err(path);
            all(Some(folder.writes(&[], &[path]))).expect_err(path);
        }
        assert_eq!(folder.listing(), []);
    }

    #[cfg(unix)]
    #[test]
    fn modes_stay_and_links_are_not_replaced() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let folder = Folder::new("modes");
        folder.put("a", "mine");
        fs::set_permissions(folder.0.join("a"), fs::Permissions::from_mode(0o750)).expect("a mode");
        all(Some(folder.writes(&[("a", "new")], &[]))).expect("written");
        assert_eq!(fs::metadata(folder.0.join("a")).expect("a").permissions().mode() & 0o777, 0o750);
        symlink("a", folder.0.join("link")).expect("a link");
        let before = folder.listing();
        let message = all(Some(folder.writes(&[("b", "new"), ("link", "new")], &[]))).expect_err("refused");
        assert!(message.contains("link is a symlink"), "{message}");
        assert_eq!(folder.listing(), before);
    }

    #[test]
    fn folders_that_were_made_go_again() {
        let folder = Folder::new("made");
        let mut writes = folder.writes(&[("a", "new"), ("a/b", "a is no folder")], &[]);
        writes.root = folder.0.join("deep/down/target").display().to_string();
        let message = all(Some(writes)).expect_err("refused");
        assert!(message.contains("nothing was changed"), "{message}");
        assert_eq!(folder.listing(), []);
    }
}
