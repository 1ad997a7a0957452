//! The generated trees, byte for byte. `UPDATE=1 cargo test -p fluxproof-layout` writes them anew; read the diff.

#![expect(clippy::disallowed_methods, reason = "tests read and write the expected files")]
#![expect(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

#[expect(unreachable_pub, dead_code, reason = "each test file takes what it needs")]
mod support;

use fluxproof_layout::{Field, Kind, Tree, default_config, fields};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use support::tree;

/// Each tree and its config.
const CASES: &[(&str, &str)] = &[
    ("default", ""),
    ("token", "{cluster: prod, vault: {auth: {method: token}}}"),
    ("approle", "{cluster: prod, vault: {namespace: team-a, auth: {method: appRole}}}"),
    ("embed", "{mode: embed, vault: {ca: {source: configMap}}}"),
    (
        "oci",
        "{version: 2.8.0, chart: {source: oci}, vault: {version: v1, auth: {kubernetes: {serviceAccount: eso, mountPath: k8s/prod}}}}",
    ),
    (
        "helm",
        "{crds: {source: helm}, folder: kubernetes/eso, admission: {replicas: 2, certificates: certManager}, networkPolicies: true, monitoring: {serviceMonitor: true, grafanaDashboard: true}}",
    ),
    (
        "clusters",
        "{clusters: [{name: prod, version: 2.8.0, values: {vault.auth.kubernetes.mountPath: kubernetes-prod}}], bootstrap: fluxInstance, tenants: [{name: team-a}]}",
    ),
    (
        "stores",
        "{stores: [{name: aws, provider: aws, aws: {service: SecretsManager, region: eu-central-1, auth: {secretRef: {accessKeyIDSecretRef: {name: aws, key: id}, secretAccessKeySecretRef: {name: aws, key: secret}}}}, credential: {source: externalSecret, store: vault, key: aws}}, {name: team, kind: SecretStore, namespace: team-a, provider: gcpsm, gcpsm: {projectID: demo, auth: {workloadIdentity: {serviceAccountRef: {name: reader}}}}}, {name: doppler, provider: doppler, doppler: {auth: {secretRef: {dopplerToken: {name: doppler, key: token}}}}, credential: {source: outOfBand}}], accounts: [{name: reader, annotations: {iam.gke.io/gcp-service-account: reader@demo.iam.gserviceaccount.com}}], applications: [{name: shop}, {name: team-a, store: team, properties: [password]}, {name: everywhere, kind: ClusterExternalSecret, namespaceLabels: {tls: wanted}}, {name: pusher, kind: PushSecret, store: aws}]}",
    ),
];

/// A path in this crate.
fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// Whether expected outputs are to be written anew.
fn updating() -> bool {
    std::env::var("UPDATE").is_ok_and(|value| value == "1")
}

fn expected(folder: &Path, at: &str, out: &mut BTreeMap<String, String>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let name = format!("{at}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            expected(&entry.path(), &format!("{name}/"), out);
        } else {
            out.insert(name, std::fs::read_to_string(entry.path()).expect("a text"));
        }
    }
}

fn write(folder: &Path, tree: &Tree) {
    let _ = std::fs::remove_dir_all(folder);
    for file in &tree.files {
        let path = folder.join(file.path.as_str());
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("created");
        std::fs::write(path, &file.text).expect("written");
    }
}

#[test]
fn trees_are_as_expected() {
    for (name, config) in CASES {
        let (folder, tree) = (here(&format!("tests/golden/{name}")), tree(config));
        if updating() {
            write(&folder, &tree);
        }
        let mut files = BTreeMap::new();
        expected(&folder, "", &mut files);
        let rendered: BTreeMap<String, String> =
            tree.files.iter().map(|file| (file.path.as_str().to_owned(), file.text.clone())).collect();
        assert_eq!(files.keys().collect::<Vec<_>>(), rendered.keys().collect::<Vec<_>>(), "{name}");
        for (path, text) in &rendered {
            assert!(files[path] == *text, "{name}/{path} differs from what is expected:\n{text}");
        }
    }
}

#[test]
fn every_text_ends_with_one_newline_and_has_no_space_at_a_line_end() {
    for (name, config) in CASES {
        for file in tree(config).files {
            let place = format!("{name}/{}", file.path);
            assert!(file.text.ends_with('\n') && !file.text.ends_with("\n\n"), "{place}");
            assert!(file.text.lines().all(|line| line.trim_end() == line), "{place}");
            assert!(!file.text.contains("\n\n\n") && !file.text.contains("<%") && !file.text.contains("%>"), "{place}");
        }
    }
}

#[test]
fn paths_are_sorted() {
    for (name, config) in CASES {
        let tree = tree(config);
        assert!(tree.files.is_sorted_by(|a, b| a.path < b.path), "{name}");
    }
}

const HEAD: &str = "\
# The config of `fluxproof generate`, with every field at its default. What is left out has it anyway: keep only what differs.
# No secret is ever written here: the config names Secrets, and the generator writes them empty.
";

/// The commented default, made from the description of the fields.
fn commented() -> String {
    let mut out = HEAD.to_owned();
    let (mut group, mut before): (&str, Vec<&str>) = ("", Vec::new());
    for field in sections() {
        let keys: Vec<&str> = field.path.split('.').collect();
        let shared = keys.iter().zip(&before).take_while(|(a, b)| a == b).count();
        if shared == 0 && (field.group != group || keys.len() > 1) {
            out.push('\n');
        }
        for (depth, key) in keys.iter().enumerate().skip(shared).take(keys.len() - 1 - shared) {
            out.push_str(&format!("{:indent$}{key}:\n", "", indent = depth * 2));
        }
        out.push_str(&entry(field, keys.len() - 1));
        (group, before) = (field.group, keys);
    }
    out
}

/// The fields with those of one section together, in the order of the form.
fn sections() -> Vec<&'static Field> {
    let mut all: Vec<&Field> = Vec::new();
    for field in fields().iter().filter(|field| field.kind != Kind::Provider) {
        let top = |field: &Field| field.path.split('.').next();
        let nested = field.path.contains('.');
        let after = all.iter().rposition(|other| nested && top(other) == top(field));
        all.insert(after.map_or(all.len(), |index| index + 1), field);
    }
    all
}

fn entry(field: &Field, depth: usize) -> String {
    let indent = " ".repeat(depth * 2);
    let key = field.path.rsplit('.').next().unwrap_or(field.path);
    let values: Vec<&str> = field.choices.iter().map(|choice| choice.value).collect();
    let choices = if values.is_empty() { String::new() } else { format!(" One of {}.", values.join(", ")) };
    let line = match (field.default, field.kind) {
        (Some(default), _) => format!("{indent}{key}: {default}\n"),
        (None, Kind::Switch) => format!("{indent}{key}: false\n"),
        (None, Kind::Texts | Kind::Items) => format!("{indent}{key}: []\n"),
        (None, Kind::Map) => format!("{indent}{key}: {{}}\n"),
        (None, _) => format!("{indent}# {key}:\n"),
    };
    format!("{}{line}", comment(&indent, &format!("{}{choices}", field.help)))
}

/// A comment of lines of up to 120 characters.
fn comment(indent: &str, text: &str) -> String {
    let (mut out, mut line) = (String::new(), format!("{indent}#"));
    for word in text.split(' ') {
        if line.len() + 1 + word.len() > 120 {
            out.push_str(&format!("{line}\n"));
            line = format!("{indent}#");
        }
        line.push_str(&format!(" {word}"));
    }
    format!("{out}{line}\n")
}

#[test]
fn the_commented_default_is_made_from_the_fields() {
    if updating() {
        std::fs::write(here("templates/config.yaml"), commented()).expect("written");
        return;
    }
    assert_eq!(default_config(), commented());
}
