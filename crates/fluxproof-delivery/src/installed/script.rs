//! What the commands of a script bring: `kubectl create`, `kubectl apply`, `helm install`.

use super::Known;
use fluxproof_yaml::{FileId, RepoPath, Sources};

/// The namespaces of all `kubectl create namespace NAME` in a text.
pub(super) fn namespaces(text: &str) -> impl Iterator<Item = String> {
    let after = ["create namespace ", "create ns "].into_iter().flat_map(|command| words_after(text, command));
    after.filter_map(|mut words| words.next().filter(|name| is_name(name)).map(str::to_owned))
}

/// The Secrets and ConfigMaps of all `kubectl create secret generic NAME` and `kubectl create configmap NAME`.
pub(super) fn objects(text: &str) -> impl Iterator<Item = Known> {
    const COMMANDS: &[(&str, &str)] = &[
        ("create secret generic ", "Secret"),
        ("create secret docker-registry ", "Secret"),
        ("create secret tls ", "Secret"),
        ("create configmap ", "ConfigMap"),
        ("create cm ", "ConfigMap"),
    ];
    let lines = text.lines().filter(|line| line.contains(" create "));
    lines.flat_map(|line| COMMANDS.iter().filter_map(move |(command, kind)| object(line, command, kind)))
}

fn object(line: &str, command: &'static str, kind: &str) -> Option<Known> {
    let word = operands(words_after(line, command).next()?).next()?;
    // Of a name that begins with a variable, the rest is known.
    let name = word.rsplit('}').next().filter(|name| is_name(name) || name.starts_with('-'))?;
    Some(Known { kind: kind.to_owned(), name: name.to_owned(), namespace: namespace(line) })
}

/// The namespace that the options of a command name.
fn namespace(line: &str) -> Option<String> {
    let mut words = line.split_whitespace().flat_map(|word| word.split('='));
    words.find(|word| matches!(*word, "-n" | "--namespace"))?;
    words.next().filter(|name| is_name(name)).map(str::to_owned)
}

/// The names of releases and charts in all `helm install` and `helm upgrade` of a text.
pub(super) fn releases(text: &str) -> impl Iterator<Item = String> {
    let after = ["helm install ", "helm upgrade "].into_iter().flat_map(|command| words_after(text, command));
    let names = after.flat_map(|words| operands(words).take(2).filter_map(|word| word.rsplit('/').next()));
    names.filter(|name| is_name(name)).map(str::to_owned)
}

/// The files of the repository that a script which applies something names, a script in this folder.
pub(super) fn applied(sources: &Sources, folder: &RepoPath, text: &str) -> Vec<FileId> {
    if !text.contains("kubectl") || !text.contains("apply") {
        return Vec::new();
    }
    let is_edge = |c: char| c.is_whitespace() || "\"'`=,;()<>".contains(c);
    let files = text.split(is_edge).filter(|word| word.ends_with(".yaml") || word.ends_with(".yml"));
    files.filter_map(|word| file(sources, folder, word)).collect()
}

/// The file that a path of a script leads to: from its folder, or from the root, which mostly is a variable.
fn file(sources: &Sources, folder: &RepoPath, word: &str) -> Option<FileId> {
    let from = |(at, _): (usize, &str)| sources.find(&RepoPath::new(&word[at + 1..]).ok()?);
    let whole = [folder, &RepoPath::root()].into_iter().find_map(|folder| sources.find(&folder.join(word).ok()?));
    whole.or_else(|| word.match_indices('/').find_map(from))
}

/// The words of a line behind each place of a command.
fn words_after<'t>(text: &'t str, command: &'static str) -> impl Iterator<Item = std::str::SplitWhitespace<'t>> {
    let rest = text.match_indices(command).map(move |(at, _)| &text[at + command.len()..]);
    rest.map(|rest| rest.lines().next().unwrap_or("").split_whitespace())
}

/// The words that are neither options nor the values of `-n` and its like.
fn operands<'t>(words: impl Iterator<Item = &'t str>) -> impl Iterator<Item = &'t str> {
    let mut is_value = false;
    words.filter(move |word| {
        let was_value = is_value;
        is_value = matches!(*word, "-n" | "--namespace" | "--version" | "-f" | "--values" | "--context" | "--set");
        !was_value && !word.starts_with('-')
    })
}

/// Whether a word is a name, and no variable.
fn is_name(word: &str) -> bool {
    !word.is_empty() && !word.starts_with('-') && !word.contains(['$', '{', '}'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_name_what_they_bring() {
        let text = "op read x | kubectl create secret generic -n flux-system age --from-file=age.agekey=/dev/stdin\n\
                    kubectl -n flux-system create configmap settings --from-env-file settings.env\n\
                    kubectl create secret generic ${NAME}-vars\n";
        let shown = |known: Known| format!("{}/{}/{}", known.kind, known.namespace.unwrap_or_default(), known.name);
        let found: Vec<_> = objects(text).map(shown).collect();
        assert_eq!(found, ["Secret/flux-system/age", "ConfigMap/flux-system/settings", "Secret//-vars"]);
        let helm =
            "helm install -n external-secrets eso oci://registry.example.com/charts/external-secrets --version 2.9.0\n";
        assert_eq!(releases(helm).collect::<Vec<_>>(), ["eso", "external-secrets"]);
        assert_eq!(
            releases("helm upgrade --install cilium cilium/cilium-chart\n").collect::<Vec<_>>(),
            ["cilium", "cilium-chart"]
        );
    }

    #[test]
    fn files_are_named_from_the_root_or_behind_a_variable() {
        let path = |text: &str| RepoPath::new(text).expect("a path");
        let sources = Sources::from_texts([(path("a/age.sops.yaml"), ""), (path("b/other.yaml"), "")]);
        let found = |text: &str| applied(&sources, &RepoPath::root(), text).len();
        assert_eq!(applied(&sources, &path("a"), "kubectl apply -f `./age.sops.yaml`").len(), 1);
        assert_eq!(found("kubectl apply -f ./a/age.sops.yaml"), 1);
        assert_eq!(found("x=(\"${ROOT}/a/age.sops.yaml\" \"${ROOT}/b/other.yaml\")\nkubectl apply -f $x"), 2);
        assert_eq!(found("kubectl apply -f c/age.sops.yaml"), 0);
        assert_eq!(found("cat a/age.sops.yaml"), 0);
    }
}
