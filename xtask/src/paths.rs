//! The builder's own paths: what is shipped holds none, so that every checkout on every machine gives the same bytes.

use crate::command::{Done, root};
use crate::size::files;
use std::ffi::OsString;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

/// Has rustc name this checkout and cargo's copies of other crates by a path that is the same everywhere.
pub(crate) fn hidden(command: &mut Command) -> &mut Command {
    let flags = [(root(), "fluxproof"), (cargo_home().join("registry/src"), "crates")].map(|(from, to)| {
        let mut flag = OsString::from("--remap-path-prefix=");
        flag.push(from);
        flag.push(format!("={to}"));
        flag
    });
    // RUSTFLAGS would split a path at its spaces.
    command.env("CARGO_ENCODED_RUSTFLAGS", flags.join(&OsString::from("\x1f")))
}

/// Refuses a file of dist/ that has a path of the builder in it.
pub(crate) fn absent() -> Done {
    let own = [root(), cargo_home()].map(|path| path.to_string_lossy().into_owned().into_bytes());
    for file in files(&root().join("dist"))? {
        let bytes = fs::read(&file).map_err(|error| format!("{}: {error}", file.display()))?;
        if let Some(path) = own.iter().find(|path| holds(&bytes, path)) {
            return Err(format!("{} holds the builder's path {}", file.display(), String::from_utf8_lossy(path)));
        }
    }
    Ok(())
}

fn cargo_home() -> PathBuf {
    let home = || PathBuf::from(std::env::var_os("HOME").unwrap_or_default()).join(".cargo");
    std::env::var_os("CARGO_HOME").map_or_else(home, PathBuf::from)
}

fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

#[cfg(test)]
mod tests {
    use super::{hidden, holds};
    use crate::command::{program, root};

    #[test]
    fn a_path_is_found_wherever_it_stands() {
        assert!(holds(b"\0/home/ada/fluxproof/src/lib.rs\0", b"/home/ada"));
        assert!(!holds(b"fluxproof/src/lib.rs", b"/home/ada"));
    }

    #[test]
    fn rustc_is_told_another_name_for_this_checkout() {
        let mut command = program("cargo");
        hidden(&mut command);
        let flags = command.get_envs().find_map(|(name, flags)| (name == "CARGO_ENCODED_RUSTFLAGS").then_some(flags?));
        let flags = flags.unwrap_or_default().to_string_lossy();
        let own = format!("--remap-path-prefix={}=fluxproof", root().display());
        assert_eq!(flags.split('\x1f').next(), Some(own.as_str()));
    }
}
