//! What differs between clusters of one base: values that the stores read as Flux's variables.

use crate::Layout;
use crate::values::Section;

/// Stand around a variable's name until the text is written; no text of a config has them, they are in no alphabet.
const OPEN: char = '\u{E000}';
const CLOSE: char = '\u{E001}';

/// The paths that some cluster has a value of its own for, each once.
pub(crate) fn paths(root: &Section<'_>) -> Vec<String> {
    let mut paths: Vec<String> = Vec::new();
    for cluster in root.items("clusters") {
        let values = cluster.get("values").and_then(serde_json::Value::as_object);
        for path in values.into_iter().flat_map(serde_json::Map::keys) {
            if !paths.contains(path) {
                paths.push(path.clone());
            }
        }
    }
    paths
}

/// The variable of a path: `vault.auth.kubernetes.mountPath` is `vault_auth_kubernetes_mount_path`.
pub(crate) fn name(path: &str) -> String {
    let mut name = String::new();
    for c in path.chars() {
        match c {
            'A'..='Z' => name.extend(['_', c.to_ascii_lowercase()]),
            'a'..='z' | '0'..='9' => name.push(c),
            _ => name.push('_'),
        }
    }
    name
}

/// The layout with a mark at every path that is a variable.
pub(super) fn mark(layout: &Layout) -> Layout {
    let mut marked = layout.clone();
    for path in paths(&layout.root()) {
        marked.set(&path, format!("{OPEN}{}{CLOSE}", name(&path)));
    }
    marked
}

/// A rendered text with its marks as variables. A mark is no plain scalar, so it stands in quotes; the variable does not, and
/// its values are such that they need none.
pub(super) fn written(text: String) -> String {
    if !text.contains(OPEN) {
        return text;
    }
    text.replace(&format!("\"{OPEN}"), "${").replace(&format!("{CLOSE}\""), "}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_that_flux_takes() {
        assert_eq!(name("vault.server"), "vault_server");
        assert_eq!(name("vault.auth.kubernetes.mountPath"), "vault_auth_kubernetes_mount_path");
    }

    #[test]
    fn a_mark_becomes_a_variable_without_its_quotes() {
        assert_eq!(written(format!("server: \"{OPEN}vault_server{CLOSE}\"\n")), "server: ${vault_server}\n");
    }
}
