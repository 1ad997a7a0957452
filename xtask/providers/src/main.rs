//! `cargo xtask providers [--write] --date DATE FOLDER`: makes `providers.txt` and `provider-history.tsv` of
//! `crates/fluxproof-layout/data` from the CRD of ClusterSecretStore at every release: `FOLDER/2.9.0.yaml` and its like.
//!
//! The newest release says what fields there are; what the others lack came later. What the schema says in CEL is written
//! by its name in `schema.rs`: an expression without one is an error.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a task tells what it does")]

mod history;
mod schema;

use serde_json::Value as Json;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

const USAGE: &str = "usage: cargo xtask providers [--write] --date YYYY-MM-DD FOLDER";
const DATA: &str = "crates/fluxproof-layout/data";

/// A release, and the schema of its store's `spec.provider`.
pub(crate) struct Release {
    version: Vec<u32>,
    name: String,
    providers: Json,
}

#[derive(Default)]
struct Options {
    write: bool,
    date: String,
    folder: PathBuf,
}

fn main() -> ExitCode {
    let Some(options) = options(std::env::args().skip(1)) else {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    };
    match run(&options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn options(mut args: impl Iterator<Item = String>) -> Option<Options> {
    let mut options = Options::default();
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--write" => options.write = true,
            "--date" => options.date = args.next()?,
            _ => options.folder = arg.into(),
        }
    }
    (!options.date.is_empty() && options.folder.is_dir()).then_some(options)
}

fn run(options: &Options) -> Result<(), String> {
    let releases = releases(&options.folder)?;
    let newest = releases.last().ok_or("there is no CRD in the folder")?;
    for (name, text) in [
        ("providers.txt", schema::text(newest, &options.date)?),
        ("provider-history.tsv", history::text(&releases, &options.date)),
    ] {
        let path = Path::new(DATA).join(name);
        if options.write {
            std::fs::write(&path, text).map_err(|error| format!("{}: {error}", path.display()))?;
        } else {
            print!("{text}");
        }
    }
    Ok(())
}

/// The releases in the folder, by version.
fn releases(folder: &Path) -> Result<Vec<Release>, String> {
    let mut out = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(|error| error.to_string())?.flatten() {
        let path = entry.path();
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let version: Result<Vec<u32>, _> = name.split('.').map(str::parse).collect();
        let text = std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        let providers = providers(&text).ok_or_else(|| format!("{} is no CRD with the version v1", path.display()))?;
        out.push(Release { version: version.map_err(|_| format!("{name} is no version"))?, name, providers });
    }
    out.sort_by(|a, b| a.version.cmp(&b.version));
    Ok(out)
}

fn providers(text: &str) -> Option<Json> {
    let crd: Json = serde_yaml::from_str(text).ok()?;
    let versions = crd["spec"]["versions"].as_array()?;
    let v1 = versions.iter().find(|version| version["name"] == "v1")?;
    v1.pointer("/schema/openAPIV3Schema/properties/spec/properties/provider/properties").cloned()
}
