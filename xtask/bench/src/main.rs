//! The native half. `fluxproof-bench read FILE ROUNDS` prints, for each reader, its name, documents, and milliseconds;
//! `pack DIR FILE` packs a tree into a file and prints its folders with a kustomization; `build FILE ROUNDS [none]` prints
//! folders built and refused, bytes, milliseconds, and the most memory in kB beyond what the program had with the file read;
//! `none` is for no load restriction.

use fluxproof_bench::{READERS, build_all, folders, packed};
use std::hint::black_box;
use std::io::{Error, Write};
use std::path::Path;
use std::time::Instant;

fn main() -> std::io::Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match args.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["read", file, rounds] => read(file, rounds),
        ["pack", folder, file] => pack(Path::new(folder), file),
        ["build", file, rounds] => builds(file, rounds, true),
        ["build", file, rounds, "none"] => builds(file, rounds, false),
        _ => Err(Error::other("read FILE ROUNDS, pack DIR FILE or build FILE ROUNDS")),
    }
}

/// What a run gives, and the milliseconds of the shortest of some.
fn best<R: Default>(rounds: &str, run: impl Fn() -> R) -> (R, f64) {
    let (mut result, mut best) = (R::default(), f64::INFINITY);
    for _ in 0..rounds.parse().unwrap_or(1) {
        let since = Instant::now();
        result = black_box(run());
        best = best.min(since.elapsed().as_secs_f64() * 1000.0);
    }
    (result, best)
}

fn read(file: &str, rounds: &str) -> std::io::Result<()> {
    let text = std::fs::read_to_string(file)?;
    for (name, read) in READERS {
        let (documents, best) = best(rounds, || read(black_box(&text)));
        writeln!(std::io::stdout(), "{name} {documents} {best:.3}")?;
    }
    Ok(())
}

fn pack(root: &Path, file: &str) -> std::io::Result<()> {
    let (mut open, mut files) = (vec![root.to_owned()], Vec::new());
    while let Some(folder) = open.pop() {
        for path in std::fs::read_dir(&folder)?.flatten().map(|entry| entry.path()) {
            if path.is_dir() {
                open.extend(Some(path).filter(|path| !path.ends_with(".git") && !path.is_symlink()));
            } else if let Ok(bytes) = std::fs::read(&path) {
                files.push((path.strip_prefix(root).unwrap_or(&path).to_string_lossy().into_owned(), bytes));
            }
        }
    }
    let packed = packed(&files);
    std::fs::write(file, &packed)?;
    folders(&packed).iter().try_for_each(|folder| writeln!(std::io::stdout(), "{folder}"))
}

fn builds(file: &str, rounds: &str, restricted: bool) -> std::io::Result<()> {
    let packed = std::fs::read(file)?;
    let before = memory("VmRSS:");
    let (built, best) = best(rounds, || build_all(black_box(&packed), restricted));
    let peak = memory("VmHWM:").saturating_sub(before);
    writeln!(std::io::stdout(), "build {} {} {} {best:.3} {peak}", built.folders, built.refused, built.bytes)
}

/// A line of what the system says of this process's memory, in kB.
fn memory(name: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap_or("0");
    line.split_whitespace().next().and_then(|number| number.parse().ok()).unwrap_or(0)
}
