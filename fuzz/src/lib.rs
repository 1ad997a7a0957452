//! What the targets that build have in common: a small repository, and what must hold for every build.

use fluxproof_kustomize::{Options, Workspace, build};
use fluxproof_yaml::{FileId, RepoPath, Sources, parse};

/// A base with one of each kind of thing that operators treat in a way of their own.
const FILES: &[(&str, &str)] = &[
    (
        "base/kustomization.yaml",
        "resources: [app.yaml, rest.yaml]\nconfigMapGenerator: [{name: settings, literals: [a=1, b=two]}]\n",
    ),
    (
        "base/app.yaml",
        r#"apiVersion: apps/v1
kind: Deployment
metadata: {name: web, labels: {app: web}, annotations: {note: "1"}}
spec:
  replicas: 1
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - name: web
        image: nginx:1.0
        args: [a, b]
        env: [{name: A, value: x}, {name: B, valueFrom: {configMapKeyRef: {name: settings, key: b}}}]
        ports: [{containerPort: 80}, {containerPort: 443, protocol: TCP}]
        volumeMounts: [{name: v, mountPath: /v}]
      volumes: [{name: v, configMap: {name: settings}}]
"#,
    ),
    (
        "base/rest.yaml",
        r#"apiVersion: v1
kind: Service
metadata: {name: web, namespace: other}
spec: {selector: {app: web}, ports: [{port: 80, protocol: TCP, targetPort: http}]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: bind}
roleRef: {kind: Role, name: role, apiGroup: rbac.authorization.k8s.io}
subjects: [{kind: ServiceAccount, name: default, namespace: x}]
---
apiVersion: example.com/v1
kind: Thing
metadata: {name: thing, finalizers: [a/b]}
spec: {list: [1, {deep: [x, y]}, null], text: "a,b;c", json: '{"k": ["v"]}', number: 1.50}
"#,
    ),
    ("component/kustomization.yaml", "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nnamePrefix: c-\n"),
    ("top/one.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: one}\ndata: {k: v}\n"),
    ("top/patch.yaml", "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {replicas: 2}\n"),
    ("top/json.yaml", "- {op: replace, path: /spec/replicas, value: 3}\n"),
    ("top/values.env", "# a comment\nA=1\nB\n"),
    ("top/config.yaml", "nameReference: [{kind: ConfigMap, fieldSpecs: [{kind: Thing, path: spec/ref/name}]}]\n"),
    (
        "top/transformer.yaml",
        "apiVersion: builtin\nkind: PrefixSuffixTransformer\nmetadata: {name: x}\nprefix: t-\nfieldSpecs: [{path: metadata/name}]\n",
    ),
];

/// Builds `top/` with further files, as kustomize does and as Flux does.
pub fn check_build(files: &[(&str, &str)]) {
    let all = FILES.iter().chain(files).map(|(path, text)| (RepoPath::new(path).expect("a path"), *text));
    let sources = Sources::from_texts(all);
    for options in [Options::kustomize(), Options::flux()] {
        check(&sources, options);
    }
}

fn check(sources: &Sources, options: Options) {
    let built = build(&Workspace::new(sources), &RepoPath::new("top").expect("a path"), options);
    for problem in &built.problems {
        let text = sources.text(problem.span.file);
        assert!(text.get(problem.span.start as usize..problem.span.end as usize).is_some(), "{problem:?}");
    }
    let Ok(text) = built.to_yaml() else { return };
    assert!(built.error.is_none() && built.problems.is_empty());
    // libyaml takes NEL, LS and PS for breaks in some places and not in others.
    let odd = text.contains(['\u{85}', '\u{2028}', '\u{2029}']);
    assert!(odd || parse(FileId(0), &text).problems.is_empty(), "{text}");
    assert_eq!(build(&Workspace::new(sources), &RepoPath::new("top").expect("a path"), options).to_yaml(), Ok(text));
}
