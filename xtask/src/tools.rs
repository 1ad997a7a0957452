//! What the tasks need beside cargo, pinned and installed into .tools/. What is there is left alone.

use crate::command::{Done, output, program, root, run, target};
use crate::size::setting;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

const TARGETS: &[&str] = &["wasm32-unknown-unknown", "wasm32-wasip1"];
const CHROMIUM: &[&str] = &["chromium", "chromium-browser", "google-chrome"];

/// What `build` needs.
pub(crate) fn for_build() -> Done {
    targets()?;
    cargo_tool("wasm-bindgen-cli", "wasm-bindgen", &locked_version("wasm-bindgen")?)?;
    cargo_tool("trunk", "trunk", &pinned("trunk")?)?;
    npm()
}

/// A program in .tools/bin.
pub(crate) fn bin(name: &str) -> PathBuf {
    folder("bin").join(name)
}

/// A program of an npm package.
pub(crate) fn npm_bin(name: &str) -> PathBuf {
    folder("npm/node_modules/.bin").join(name)
}

/// The folder of .tools/npm or another.
pub(crate) fn folder(name: &str) -> PathBuf {
    root().join(".tools").join(name)
}

/// PATH with the tools in front.
pub(crate) fn path() -> Done<OsString> {
    let own = [folder("bin"), folder("npm/node_modules/.bin")];
    let given = std::env::var_os("PATH").unwrap_or_default();
    std::env::join_paths(own.into_iter().chain(std::env::split_paths(&given))).map_err(|error| error.to_string())
}

fn targets() -> Done {
    let libraries = output(program("rustc").args(["--print", "sysroot"]))?;
    let missing: Vec<&str> = TARGETS
        .iter()
        .copied()
        .filter(|target| !Path::new(libraries.trim()).join("lib/rustlib").join(target).join("lib").is_dir())
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    say(&format!("the Rust targets {}", missing.join(" and ")));
    run(program("rustup").args(["target", "add"]).args(missing))
}

/// A tool of crates.io: the one of .tools/bin, in just this version.
fn cargo_tool(package: &str, name: &str, version: &str) -> Done {
    let said = output(program(bin(name)).arg("--version")).unwrap_or_default();
    if said.split_whitespace().nth(1) == Some(version) {
        return Ok(());
    }
    say(&format!("{package} {version}"));
    let install = |how: &str| {
        let mut command = crate::command::cargo(&format!("install --quiet {how} --root .tools {package}@{version}"));
        run(command.env("CARGO_TARGET_DIR", target().join("tools")))
    };
    // A lock file may name a release that was taken back since; the tool's own version stays pinned either way.
    install("--locked").or_else(|_| install("--force"))
}

/// The npm packages of tests/browser, as its lock file has them.
fn npm() -> Done {
    let own = root().join("tests/browser");
    let to = folder("npm");
    let same = |name: &str| matches!((fs::read(own.join(name)), fs::read(to.join(name))), (Ok(a), Ok(b)) if a == b);
    if to.join("node_modules/.package-lock.json").is_file() && same("package.json") && same("package-lock.json") {
        return Ok(());
    }
    say("the npm packages of tests/browser/package-lock.json");
    fs::create_dir_all(&to).map_err(|error| error.to_string())?;
    for name in ["package.json", "package-lock.json"] {
        fs::copy(own.join(name), to.join(name)).map_err(|error| format!("{name}: {error}"))?;
    }
    run(program("npm").args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]).current_dir(&to))
}

/// wasmtime for Python, the WASI host of the tests.
pub(crate) fn wasmtime() -> Done {
    let version = pinned("wasmtime")?;
    let to = folder("python");
    if to.join(format!("wasmtime-{version}.dist-info")).is_dir() {
        return Ok(());
    }
    say(&format!("wasmtime {version}"));
    let mut pip = program("python3");
    pip.env("PIP_ROOT_USER_ACTION", "ignore");
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--upgrade", "--target"]);
    run(pip.arg(&to).arg(format!("wasmtime=={version}")))
}

/// A Chromium: the one of CHROMIUM, one of PATH, or Debian's.
pub(crate) fn chromium() -> Done<PathBuf> {
    if let Some(named) = std::env::var_os("CHROMIUM") {
        return Ok(named.into());
    }
    if let Some(found) = on_path() {
        return Ok(found);
    }
    if output(program("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
        && output(program("apt-get").arg("--version")).is_ok()
    {
        say("chromium, by apt-get");
        run(program("apt-get").args(["update", "-qq"]))?;
        run(program("apt-get")
            .args(["install", "-y", "-qq", "--no-install-recommends", "chromium"])
            .env("DEBIAN_FRONTEND", "noninteractive"))?;
    }
    on_path().ok_or_else(|| "there is no Chromium: install one, or set CHROMIUM to its path".to_owned())
}

fn on_path() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    CHROMIUM.iter().find_map(|name| folders.iter().map(|folder| folder.join(name)).find(|file| file.is_file()))
}

fn pinned(key: &str) -> Done<String> {
    let text = fs::read_to_string(root().join("xtask/tools.toml")).map_err(|error| error.to_string())?;
    setting(&text, key).map(str::to_owned).ok_or_else(|| format!("xtask/tools.toml says nothing of {key}"))
}

/// The version of a package in Cargo.lock.
fn locked_version(package: &str) -> Done<String> {
    let lock = fs::read_to_string(root().join("Cargo.lock")).map_err(|error| error.to_string())?;
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|line| *line != name);
    let version = lines.nth(1).and_then(|line| line.split('"').nth(1));
    version.map(str::to_owned).ok_or_else(|| format!("Cargo.lock has no {package}"))
}

fn say(what: &str) {
    println!("installing {what}");
}
