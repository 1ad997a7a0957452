//! Secrets and ConfigMaps in manifests that somebody applies before Flux: mostly templates, so they are read by their lines.

use super::Known;

/// The Secrets and ConfigMaps of a text.
pub(super) fn objects(text: &str) -> impl Iterator<Item = Known> {
    text.split("\n---").filter_map(object)
}

fn object(document: &str) -> Option<Known> {
    let field = |line: &str, key: &str| {
        let value = line.strip_prefix(key)?.trim().trim_matches(['"', '\'']);
        (!value.is_empty() && !value.contains(['$', '{', '}'])).then(|| value.to_owned())
    };
    let kind = document.lines().find_map(|line| field(line, "kind:"))?;
    let metadata = document.lines().skip_while(|line| !line.starts_with("metadata:")).skip(1);
    let inside = metadata.take_while(|line| line.starts_with(' '));
    let own = |key| inside.clone().find_map(|line| field(line.trim_start(), key));
    let (name, namespace) = (own("name:")?, own("namespace:"));
    matches!(kind.as_str(), "Secret" | "ConfigMap").then_some(Known { kind, name, namespace })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_are_read_by_their_lines() {
        let text = "---\napiVersion: v1\nkind: Secret\nmetadata:\n  namespace: flux-system\n  name: cluster-secrets\nstringData:\n  A: {{ a }}\n\
                    ---\nkind: ConfigMap\nmetadata:\n  name: {{ name }}\n---\nkind: Namespace\nmetadata:\n  name: apps\n";
        let (kind, name) = ("Secret".to_owned(), "cluster-secrets".to_owned());
        assert_eq!(
            objects(text).collect::<Vec<_>>(),
            [Known { kind, name, namespace: Some("flux-system".to_owned()) }]
        );
    }
}
