use super::output;

const OBJECT: &str = "apiVersion: x/v1\nkind: Foo\nmetadata: {name: foo}\nspec: {p: /a/b}\n";

fn with(kustomization: &str) -> String {
    let kustomization = format!("resources: [a.yaml]\n{kustomization}");
    output(&[("kustomization.yaml", &kustomization), ("a.yaml", OBJECT)], "")
}

#[test]
fn plugins_that_are_not_built_in_are_refused() {
    for (text, expected) in [
        (
            "transformers: ['{apiVersion: x/v1, kind: Foo, metadata: {name: a}}']",
            "external plugins disabled; unable to load external plugin 'Foo'",
        ),
        (
            "transformers: ['{apiVersion: builtin, kind: Foo, metadata: {name: a}}']",
            "unable to load builtin Foo.builtin.[noGrp]",
        ),
        (
            "generators: ['{apiVersion: builtin, kind: HashTransformer, metadata: {name: a}}']",
            "loading generator plugins: failed to load generator: plugin HashTransformer.builtin.[noGrp]/a.[noNs] not a generator",
        ),
        (
            "transformers: ['{apiVersion: builtin, kind: SecretGenerator, metadata: {name: a}}']",
            "plugin SecretGenerator.builtin.[noGrp]/a.[noNs] not a transformer",
        ),
        (
            "transformers: ['{apiVersion: builtin, kind: ValueAddTransformer, metadata: {name: a}}']",
            "plugin ValueAddTransformer.builtin.[noGrp]/a.[noNs] fails configuration: must specify at least one target",
        ),
    ] {
        assert_eq!(with(text), format!("Error: {expected}"), "{text}");
    }
}

#[test]
fn a_value_is_added_to_paths() {
    let text = with(
        "transformers:\n- |\n  apiVersion: builtin\n  kind: ValueAddTransformer\n  metadata: {name: a}\n  value: v\n  targets:\n  \
         - {fieldPath: spec/p, filePathPosition: 2}\n  - {fieldPath: metadata/annotations/new}\n",
    );
    let expected =
        "apiVersion: x/v1\nkind: Foo\nmetadata:\n  annotations:\n    new: v\n  name: foo\nspec:\n  p: /a/v/b\n";
    assert_eq!(text, expected);
}

#[test]
fn generators_of_files_and_folders() {
    let policy = "apiVersion: builtin\nkind: IAMPolicyGenerator\nmetadata: {name: g}\ncloud: gke\n\
                  kubernetesService: {name: k, namespace: ns}\nserviceAccount: {name: s, projectId: p}\n";
    let map = "apiVersion: builtin\nkind: ConfigMapGenerator\nmetadata: {name: m}\nliterals: [a=1]\n\
               options: {disableNameSuffixHash: true}\n";
    let files = [
        ("kustomization.yaml", "generators: [policy.yaml, maps]\n"),
        ("policy.yaml", policy),
        ("maps/kustomization.yaml", "resources: [m.yaml]\nnamePrefix: x-\n"),
        ("maps/m.yaml", map),
    ];
    let expected = "apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  annotations:\n    \
                    iam.gke.io/gcp-service-account: s@p.iam.gserviceaccount.com\n  name: k\n  namespace: ns\n---\n\
                    apiVersion: v1\ndata:\n  a: \"1\"\nkind: ConfigMap\nmetadata:\n  name: x-m\n";
    assert_eq!(output(&files, ""), expected);
}

#[test]
fn validators_change_nothing() {
    let labels = |label: &str| {
        let text =
            format!("apiVersion: builtin, kind: LabelTransformer, metadata: {{name: v}}, labels: {{{label}: x}}");
        with(&format!("validators: ['{{{text}, fieldSpecs: [{{path: metadata/labels, create: true}}]}}']"))
    };
    assert!(labels("validated-by").contains("validated-by: x"));
    assert!(labels("other").starts_with("Error: validator shouldn't modify the resource map: nodes unequal"));
}

#[test]
fn build_metadata() {
    let base = "resources: [a.yaml]\nnamePrefix: p-\n";
    let top = "resources: [../base]\nconfigMapGenerator: [{name: c}]\n\
               buildMetadata: [originAnnotations, transformerAnnotations, managedByLabel]\n";
    let files = [("base/kustomization.yaml", base), ("base/a.yaml", OBJECT), ("top/kustomization.yaml", top)];
    let expected = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  annotations:\n    config.kubernetes.io/origin: |\n      \
                    configuredIn: kustomization.yaml\n      configuredBy:\n        apiVersion: builtin\n        \
                    kind: ConfigMapGenerator\n  labels:\n    app.kubernetes.io/managed-by: kustomize-v5.8.1\n  \
                    name: c-6ct58987ht\n---\napiVersion: x/v1\nkind: Foo\nmetadata:\n  annotations:\n    \
                    alpha.config.kubernetes.io/transformations: |\n      - configuredIn: ../base/kustomization.yaml\n        \
                    configuredBy:\n          apiVersion: builtin\n          kind: PrefixTransformer\n    \
                    config.kubernetes.io/origin: |\n      path: ../base/a.yaml\n  labels:\n    \
                    app.kubernetes.io/managed-by: kustomize-v5.8.1\n  name: p-foo\nspec:\n  p: /a/b\n";
    assert_eq!(output(&files, "top"), expected);
}

#[test]
fn a_note_of_what_was_done_parts_annotations_from_labels() {
    let built = |metadata: &str| {
        let base =
            "resources: [a.yaml]\nlabels: [{pairs: {key: a}, fields: [{path: metadata/annotations, create: true}]}]\n";
        let top = format!("resources: [base]\nlabels: [{{pairs: {{key: b}}}}]\n{metadata}");
        let files = [
            ("kustomization.yaml", &*top),
            ("base/kustomization.yaml", base),
            ("base/a.yaml", "kind: Thing\nmetadata: {name: a}\n"),
        ];
        output(&files, "")
    };
    assert!(built("").contains("  annotations:\n    key: b\n"));
    assert!(built("buildMetadata: [transformerAnnotations]\n").contains("    key: a\n"));
}
