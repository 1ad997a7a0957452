//! Generated ConfigMaps and Secrets.

use super::check;

const HASH: &str = "  ?its name gets a hash of its content";

#[test]
fn config_maps_hold_env_files_literals_and_files() {
    check(
        "=== kustomization.yaml
configMapGenerator:
  - name: settings
    namespace: team
    envs: [a.env]
    literals: [QUOTED='q', EMPTY=]
    files: [app.conf, other=app.conf]
    options: {disableNameSuffixHash: true}
=== a.env
# a comment

  A=1
B
=== app.conf
x = y
",
        &[
            "ConfigMap team/settings data={A:\"1\",B:\"\",EMPTY:\"\",QUOTED:\"q\",app.conf:\"x = y\\n\",other:\"x = y\\n\"}",
        ],
    );
}

#[test]
fn a_hash_is_a_doubt_unless_it_is_off() {
    let tree = |options: &str| {
        format!("=== kustomization.yaml\n{options}\nconfigMapGenerator: [{{name: a, literals: [x=y]}}]\n")
    };
    check(&tree(""), &["ConfigMap a data={x:\"y\"}", HASH]);
    check(&tree("generatorOptions: {disableNameSuffixHash: true}"), &["ConfigMap a data={x:\"y\"}"]);
}

#[test]
fn secrets_hold_base64() {
    check(
        "=== kustomization.yaml\nsecretGenerator: [{name: s, literals: [k=value]}, {name: t, type: kubernetes.io/tls, literals: [a=b]}]\n",
        &[
            "Secret s data={k:\"dmFsdWU=\"} type=\"Opaque\"",
            HASH,
            "Secret t data={a:\"Yg==\"} type=\"kubernetes.io/tls\"",
            HASH,
        ],
    );
}

#[test]
fn encrypted_content_is_doubted() {
    check(
        "=== kustomization.yaml\nsecretGenerator: [{name: s, envs: [s.env], options: {disableNameSuffixHash: true}}]\n\
         === s.env\nA=ENC[AES256_GCM,data:x,type:str]\n",
        &[
            "Secret s data={A:\"RU5DW0FFUzI1Nl9HQ00sZGF0YTp4LHR5cGU6c3RyXQ==\"} type=\"Opaque\"",
            "  ?its content is encrypted",
        ],
    );
}

#[test]
fn generators_meet_what_is_there() {
    let tree = |behavior: &str, name: &str| {
        format!(
            "=== kustomization.yaml\nresources: [base]\ngeneratorOptions: {{disableNameSuffixHash: true}}\n\
             configMapGenerator: [{{name: {name}, behavior: {behavior}, literals: [b=2, c=3]}}]\n=== base/kustomization.yaml\n\
             generatorOptions: {{disableNameSuffixHash: true}}\nconfigMapGenerator: [{{name: a, literals: [a=1, b=1]}}]\n"
        )
    };
    check(&tree("merge", "a"), &["ConfigMap a data={a:\"1\",b:\"2\",c:\"3\"}"]);
    check(&tree("replace", "a"), &["ConfigMap a data={b:\"2\",c:\"3\"}"]);
    check(
        &tree("create", "a"),
        &[
            "ConfigMap a data={a:\"1\",b:\"1\"}",
            "!id ConfigMap.v1.[noGrp]/a.[noNs] exists; behavior must be merge or replace",
        ],
    );
    check(
        &tree("merge", "z"),
        &[
            "ConfigMap a data={a:\"1\",b:\"1\"}",
            "!id ConfigMap.v1.[noGrp]/z.[noNs] does not exist; cannot merge or replace",
        ],
    );
}

#[test]
fn what_is_wrong_is_said() {
    check(
        "=== kustomization.yaml\ngeneratorOptions: {disableNameSuffixHash: true}\n\
         configMapGenerator: [{literals: [a=b]}, {name: a, literals: [a=b, a=c, '=d', e], files: [gone]}]\n",
        &[
            "ConfigMap a data={a:\"b\"}",
            "!ConfigMap generator: metadata.name is missing",
            "!file 'gone': no such file or directory",
            "!configmap or secret illegally repeats the key `a`",
            "!invalid literal source =d, expected key=value",
            "!invalid literal source e, expected key=value",
        ],
    );
}
