//! `cargo xtask bench builds`: how long it takes to build every kustomization of a tree: natively, under Node, and by the
//! real program, where `kustomize` is in the path (one process a folder, as people run it).

use crate::bench::{ms, programs};
use crate::command::{Done, output, program, root, target};
use crate::{build, tools};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

/// Rounds of a build of a real tree; the best one counts.
const ROUNDS: &str = "10";
/// Objects of the made trees: to see whether time grows as they do.
const SIZES: [u32; 4] = [1_000, 5_000, 10_000, 100_000];
/// The real program's time grows faster than the square of this.
const PEER_LIMIT: u32 = 5_000;

/// A tree to build.
struct Tree {
    name: String,
    folder: PathBuf,
    rounds: &'static str,
    peer: bool,
    /// Whether kustomizations may name files outside their folders.
    unrestricted: bool,
}

/// Measures folders, and trees of ConfigMaps under a prefix and a namespace. A folder behind `none:` is built without a load
/// restriction. Memory is what a build takes beyond the program with the files read, as a multiple of the files.
pub(crate) fn task(folders: &[&str]) -> Done {
    let _alone = build::alone()?;
    tools::for_build()?;
    let work = target().join("bench");
    fs::create_dir_all(&work).map_err(|error| error.to_string())?;
    let module = programs()?;
    println!(
        "{:<28} {:>7} {:>9} {:>10} {:>10} {:>11} {:>7} {:>8}",
        "", "folders", "input kB", "native", "Node", "kustomize", "ratio", "peak"
    );
    for tree in trees(&work, folders)? {
        measure(&tree, &work.join("tree.packed"), &module)?;
    }
    Ok(())
}

fn trees(work: &Path, folders: &[&str]) -> Done<Vec<Tree>> {
    let mut all = Vec::new();
    for folder in folders {
        let unrestricted = folder.strip_prefix("none:");
        let folder = std::path::absolute(unrestricted.unwrap_or(folder)).map_err(|error| error.to_string())?;
        let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        all.push(Tree { name, folder, rounds: ROUNDS, peer: true, unrestricted: unrestricted.is_some() });
    }
    for size in SIZES {
        let folder = work.join(format!("{size}-config-maps"));
        made(&folder, size).map_err(|error| error.to_string())?;
        all.push(Tree {
            name: format!("{size} ConfigMaps"),
            folder,
            rounds: "3",
            peer: size <= PEER_LIMIT,
            unrestricted: false,
        });
    }
    Ok(all)
}

/// ConfigMaps in one file, under a prefix and a namespace.
fn made(folder: &Path, size: u32) -> std::io::Result<()> {
    fs::create_dir_all(folder)?;
    let object = |number: u32| {
        format!("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: map-{number:06}\ndata:\n  key: value-{number}\n")
    };
    let objects: Vec<String> = (0..size).map(object).collect();
    fs::write(folder.join("objects.yaml"), objects.join("---\n"))?;
    fs::write(folder.join("kustomization.yaml"), "resources: [objects.yaml]\nnamePrefix: a-\nnamespace: team\n")
}

fn measure(tree: &Tree, file: &Path, module: &Path) -> Done {
    let bench = || program(target().join("release/fluxproof-bench"));
    let folders = output(bench().arg("pack").arg(&tree.folder).arg(file))?;
    let size = fs::metadata(file).map_err(|error| error.to_string())?.len();
    let restriction = tree.unrestricted.then_some("none");
    let native = output(bench().arg("build").arg(file).arg(tree.rounds).args(restriction))?;
    let node = output(
        program("node")
            .arg(root().join("xtask/bench/bench.mjs"))
            .arg(module)
            .arg("build")
            .arg(file)
            .arg(tree.rounds)
            .args(restriction),
    )?;
    let numbers =
        |text: &str| -> Vec<f64> { text.split_whitespace().skip(1).filter_map(|word| word.parse().ok()).collect() };
    let (native_numbers, node_numbers) = (numbers(&native), numbers(&node));
    let ([built, _, bytes, native, peak], [node_bytes, node]) = (&native_numbers[..], &node_numbers[..]) else {
        return Err(format!("the builds said {native} and {node}"));
    };
    if (bytes - node_bytes).abs() > 0.5 {
        return Err(format!("{bytes} bytes are built natively and {node_bytes} under Node"));
    }
    let peer =
        tree.peer.then(|| peer(folders.lines().map(|folder| tree.folder.join(folder)), tree.unrestricted)).flatten();
    let (peer, ratio) =
        peer.map_or(("-".to_owned(), "-".to_owned()), |peer| (ms(peer), format!("{:.0}", peer / native)));
    println!(
        "{:<28} {built:>7} {:>9} {:>10} {:>10} {peer:>11} {ratio:>7} {:>6.1} x",
        tree.name,
        size / 1000,
        ms(*native),
        ms(*node),
        peak * 1024.0 / size.max(1) as f64
    );
    Ok(())
}

/// The real program over each folder; `None` where there is none.
fn peer(folders: impl Iterator<Item = PathBuf>, unrestricted: bool) -> Option<f64> {
    let command = |folder: &Path| {
        let mut command = Command::new("kustomize");
        command
            .arg("build")
            .args(unrestricted.then_some("--load-restrictor=LoadRestrictionsNone"))
            .arg(folder)
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command
    };
    Command::new("kustomize").arg("version").stdout(Stdio::null()).status().ok()?;
    let since = Instant::now();
    for folder in folders {
        command(&folder).status().ok()?;
    }
    Some(since.elapsed().as_secs_f64() * 1000.0)
}
