//! `cargo xtask build`: everything that is shipped, into dist/.

use crate::command::{Done, cargo, program, root, run, target};
use crate::{paths, size, tools};
use sha2::{Digest, Sha256};
use std::fs;
use std::path::Path;
use std::process::Command;

const PLUGIN_TARGET: &str = "wasm32-unknown-unknown";
const WASI_TARGET: &str = "wasm32-wasip1";

/// Features that the engines of Node 20 and of the browsers since 2022 have; rustc uses the first five by itself.
const FEATURES: &[&str] = &[
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-multivalue",
    "--enable-reference-types",
];

/// What makes the plugin small. Functions stay apart, and those of like names come side by side: brotli then finds again
/// what they have in common.
const SMALL: &[&str] = &["--one-caller-inline-max-function-size=0", "-Oz", "-Oz", "--reorder-functions-by-name"];

/// Builds everything, and weighs it.
pub(crate) fn task() -> Done {
    let _alone = alone()?;
    tools::for_build()?;
    everything()
}

/// Waits until no other task uses dist/, and keeps others waiting until the file is dropped.
pub(crate) fn alone() -> Done<fs::File> {
    let folder = root().join("dist");
    let opened = fs::create_dir_all(&folder).and_then(|()| fs::File::create(folder.join(".lock")));
    let file = opened.map_err(|error| format!("{}: {error}", folder.display()))?;
    if file.try_lock().is_err() {
        println!("waiting for another task that uses dist/");
        file.lock().map_err(|error| format!("{}: {error}", folder.display()))?;
    }
    Ok(file)
}

/// Builds everything, looks for the builder's paths in it, and weighs it, for a caller that is alone.
pub(crate) fn everything() -> Done {
    let digest = plugin()?;
    println!("plugin module: {digest}");
    native(&digest)?;
    wasi(&digest)?;
    web()?;
    paths::absent()?;
    size::task()
}

/// The plugin module and its host for Node, and the module's digest.
fn plugin() -> Done<String> {
    let package = root().join("dist/npm");
    run(&mut shipped(&format!("-p fluxproof-plugin --profile plugin --target {PLUGIN_TARGET}")))?;
    fresh(&package)?;
    for entry in fs::read_dir(root().join("wasm-plugin/js")).map_err(|error| error.to_string())?.flatten() {
        if entry.path().is_file() {
            copy(&entry.path(), &package.join(entry.file_name()))?;
        }
    }
    copy(&root().join("LICENSE"), &package.join("LICENSE"))?;
    let module = package.join("fluxproof.wasm");
    optimise(&target().join(PLUGIN_TARGET).join("plugin/fluxproof_plugin.wasm"), &module, SMALL)?;
    let bytes = fs::read(&module).map_err(|error| error.to_string())?;
    let hex: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(format!("sha256:{hex}"))
}

/// Runs wasm-opt on a module. Twice, for the second run finds what the first one laid bare. Rust's modules have their stack
/// first, so no object lies in the lowest kilobyte, and offsets may be folded into loads and stores.
pub(crate) fn optimise(from: &Path, to: &Path, passes: &[&str]) -> Done {
    run(program(tools::npm_bin("wasm-opt"))
        .args(FEATURES)
        .arg("--low-memory-unused")
        .args(passes)
        .args(["--strip-debug", "--strip-producers"])
        .arg(from)
        .arg("-o")
        .arg(to))
}

fn native(digest: &str) -> Done {
    run(shipped("-p fluxproof-cli --release").env("FLUXPROOF_CORE_DIGEST", digest))?;
    let name = format!("fluxproof{}", std::env::consts::EXE_SUFFIX);
    fresh(&root().join("dist/bin"))?;
    copy(&target().join("release").join(&name), &root().join("dist/bin").join(&name))
}

fn wasi(digest: &str) -> Done {
    let mut command = shipped(&format!("-p fluxproof-cli --release --target {WASI_TARGET}"));
    run(command.env("FLUXPROOF_CORE_DIGEST", digest))?;
    fresh(&root().join("dist/wasi"))?;
    copy(&target().join(WASI_TARGET).join("release/fluxproof.wasm"), &root().join("dist/wasi/fluxproof.wasm"))
}

/// The playground: Trunk offline, with the tools of .tools/ and no others.
fn web() -> Done {
    fresh(&root().join("dist/web"))?;
    let mut command = program(tools::bin("trunk"));
    command.args(["build", "--release", "--offline", "--locked"]).env("PATH", tools::path()?).env("NO_COLOR", "true");
    // Trunk asks cargo where it builds; said outright, the folder is the one of the other builds.
    run(paths::hidden(&mut command).env("CARGO_TARGET_DIR", target()))
}

/// cargo build of something that is shipped.
fn shipped(args: &str) -> Command {
    let mut command = cargo(&format!("build --quiet --locked {args}"));
    paths::hidden(&mut command);
    command
}

fn fresh(folder: &Path) -> Done {
    if folder.exists() {
        fs::remove_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    }
    fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))
}

fn copy(from: &Path, to: &Path) -> Done {
    fs::copy(from, to).map(drop).map_err(|error| format!("{} cannot be copied: {error}", from.display()))
}
