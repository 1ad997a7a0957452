//! What the shipped files weigh, against xtask/budget.toml.

use crate::command::{Done, root};
use std::fs;
use std::path::Path;

/// What one line of the budget counts: files below dist/, and which of them.
struct Item {
    key: &'static str,
    folder: &'static str,
    counts: fn(&str) -> bool,
}

const ITEMS: &[Item] = &[
    Item { key: "plugin", folder: "npm", counts: |name| name == "fluxproof.wasm" },
    Item { key: "ui_wasm", folder: "web", counts: |name| name.ends_with("_bg.wasm") },
    Item { key: "hand_js", folder: "web", counts: |name| HAND.contains(&name) },
    Item { key: "page_total", folder: "web", counts: |_| true },
];

/// The page's scripts that people wrote.
const HAND: &[&str] = &["bootstrap.js", "host.js", "worker.js", "index.js"];

/// Prints the sizes; refuses what is over the budget.
pub(crate) fn task() -> Done {
    let budget = fs::read_to_string(root().join("xtask/budget.toml")).map_err(|error| error.to_string())?;
    let mut over = Vec::new();
    println!("{:<12} {:>10} {:>10} {:>10}", "bytes", "raw", "brotli 11", "budget");
    for item in ITEMS {
        let (raw, packed) = weigh(item)?;
        let limit = setting(&budget, item.key).and_then(|text| text.replace('_', "").parse::<u64>().ok());
        let limit = limit.ok_or_else(|| format!("xtask/budget.toml says nothing of {}", item.key))?;
        println!("{:<12} {raw:>10} {packed:>10} {limit:>10}", item.key);
        if packed > limit {
            over.push(item.key);
        }
    }
    if over.is_empty() { Ok(()) } else { Err(format!("over the budget of xtask/budget.toml: {}", over.join(", "))) }
}

/// A `key = value` of a file without tables; quotes are dropped.
pub(crate) fn setting<'t>(text: &'t str, key: &str) -> Option<&'t str> {
    text.lines().find_map(|line| {
        let (name, value) = line.split_once('=')?;
        (name.trim() == key).then(|| value.trim().trim_matches('"'))
    })
}

fn weigh(item: &Item) -> Done<(u64, u64)> {
    let folder = root().join("dist").join(item.folder);
    let mut sum = (0, 0);
    for path in files(&folder)? {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if (item.counts)(&name) {
            let bytes = fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
            sum = (sum.0 + bytes.len() as u64, sum.1 + brotli(&bytes)?);
        }
    }
    if sum.0 == 0 { Err(format!("{} has no file for {}", folder.display(), item.key)) } else { Ok(sum) }
}

/// Every file below a folder.
pub(crate) fn files(folder: &Path) -> Done<Vec<std::path::PathBuf>> {
    let mut all = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        let entries = fs::read_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        for path in entries.filter_map(|entry| Some(entry.ok()?.path())) {
            if path.is_dir() { open.push(path) } else { all.push(path) }
        }
    }
    Ok(all)
}

fn brotli(bytes: &[u8]) -> Done<u64> {
    let params = brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 24, ..Default::default() };
    let mut packed = Vec::new();
    brotli::BrotliCompress(&mut &bytes[..], &mut packed, &params).map_err(|error| error.to_string())?;
    Ok(packed.len() as u64)
}

#[cfg(test)]
mod tests {
    use super::setting;

    #[test]
    fn settings_are_read() {
        let text = "# a note\nplugin = 250_000\ntrunk = \"0.21.14\"\n";
        assert_eq!(setting(text, "plugin"), Some("250_000"));
        assert_eq!(setting(text, "trunk"), Some("0.21.14"));
        assert_eq!(setting(text, "other"), None);
    }
}
