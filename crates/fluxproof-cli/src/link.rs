//! Where a symlink leads, by its text alone: nothing outside the root is ever looked at, and the answer is the same in
//! every host and on every machine. So an absolute link leaves the root, wherever the root happens to be.

use std::fs;
use std::path::{Component, Path, PathBuf};

/// Links on the way to one file; more are a loop.
const HOPS: usize = 40;

/// Why a link is not followed.
pub(crate) const LEAVES: &str = "a symlink that leaves the repository";
/// Why a link is not followed.
pub(crate) const NOWHERE: &str = "a symlink that leads nowhere";

/// Follows a path below `root`, link by link, to one that has no link in it.
///
/// # Errors
/// Why it is not followed.
pub(crate) fn follow(root: &Path, path: &str) -> Result<PathBuf, &'static str> {
    let mut ahead: Vec<String> = path.split('/').rev().map(str::to_owned).collect();
    let mut real = PathBuf::new();
    let mut hops = 0;
    while let Some(part) = ahead.pop() {
        match part.as_str() {
            "" | "." => {}
            ".." if !real.pop() => return Err(LEAVES),
            ".." => {}
            _ => {
                let next = root.join(&real).join(&part);
                let meta = fs::symlink_metadata(&next).map_err(|_| NOWHERE)?;
                if !meta.is_symlink() {
                    real.push(part);
                    continue;
                }
                hops += 1;
                if hops > HOPS {
                    return Err(NOWHERE);
                }
                // A sandbox does not even show where a link to the outside leads.
                let target = fs::read_link(&next).map_err(|_| LEAVES)?;
                ahead.extend(parts(&target)?.into_iter().rev());
            }
        }
    }
    Ok(root.join(real))
}

fn parts(target: &Path) -> Result<Vec<String>, &'static str> {
    target
        .components()
        .map(|part| match part {
            Component::RootDir | Component::Prefix(_) => Err(LEAVES),
            Component::CurDir => Ok(".".to_owned()),
            Component::ParentDir => Ok("..".to_owned()),
            Component::Normal(name) => name.to_str().map(str::to_owned).ok_or(NOWHERE),
        })
        .collect()
}
