//! Flux repositories to measure with, the same at every run.

use crate::command::Done;
use std::fmt::Write;
use std::fs;
use std::path::Path;

/// Workloads in a megabyte of a repository; each is about 5 kB.
const WORKLOADS: u32 = 200;

/// How large a repository is.
#[derive(Clone, Copy)]
pub(crate) struct Shape {
    /// How many megabytes of applications it has.
    pub(crate) megabytes: u32,
    /// How many clusters deliver all of them.
    pub(crate) clusters: u32,
    /// How many workloads an application has. Where there are several, each cluster substitutes variables of its own, and
    /// every tenth application is an operator with custom resources.
    pub(crate) workloads: u32,
}

impl Shape {
    /// Small applications, the same in every cluster.
    pub(crate) const fn small(megabytes: u32, clusters: u32) -> Self {
        Self { megabytes, clusters, workloads: 1 }
    }

    fn apps(self) -> u32 {
        WORKLOADS * self.megabytes / self.workloads
    }

    fn is_estate(self) -> bool {
        self.workloads > 1
    }

    /// How many files are written.
    pub(crate) fn files(self) -> u32 {
        self.apps() * (self.clusters + 3)
    }

    /// `1-megabyte-5-clusters`
    pub(crate) fn name(self) -> String {
        let many = |count: u32, what: &str| format!("{count}-{what}{}", if count == 1 { "" } else { "s" });
        format!("{}-{}", many(self.megabytes, "megabyte"), many(self.clusters, "cluster"))
    }
}

/// Writes a repository.
pub(crate) fn write(folder: &Path, shape: Shape) -> Done {
    for app in 0..shape.apps() {
        for cluster in 0..shape.clusters {
            let variables =
                shape.is_estate().then(|| format!("  postBuild:\n    substitute:\n      cluster: bench-{cluster}\n"));
            let flux = flux(app) + &variables.unwrap_or_default();
            put(folder, &format!("clusters/bench-{cluster}/app-{app:03}.yaml"), &flux)?;
        }
        put(folder, &format!("apps/app-{app:03}/kustomization.yaml"), KUSTOMIZATION)?;
        put(folder, &format!("apps/app-{app:03}/namespace.yaml"), &namespace(app))?;
        let mut workloads: Vec<String> = (0..shape.workloads).map(|at| workload(app, at)).collect();
        if shape.is_estate() {
            workloads.push(variables(app));
            workloads.extend(app.is_multiple_of(10).then(|| operator(app)));
        }
        put(folder, &format!("apps/app-{app:03}/workload.yaml"), &workloads.join("---\n"))?;
    }
    Ok(())
}

/// Every YAML file of a folder as one stream of documents.
pub(crate) fn stream(folder: &Path) -> Done<String> {
    let mut all = String::new();
    let mut open = vec![folder.to_owned()];
    while let Some(at) = open.pop() {
        let entries = fs::read_dir(&at).map_err(|error| format!("{}: {error}", at.display()))?;
        let mut paths: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
        paths.sort();
        for path in paths {
            if path.is_dir() && !path.is_symlink() {
                open.push(path);
            } else if path.extension().is_some_and(|end| end == "yaml" || end == "yml") {
                // What is not UTF-8 is no YAML to either reader.
                let _ = write!(all, "---\n{}\n", fs::read_to_string(&path).unwrap_or_default());
            }
        }
    }
    Ok(all)
}

fn put(folder: &Path, path: &str, text: &str) -> Done {
    let file = folder.join(path);
    let made = file.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(&file, text));
    made.map_err(|error| format!("{}: {error}", file.display()))
}

const KUSTOMIZATION: &str = "\
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources:
  - namespace.yaml
  - workload.yaml
";

/// Each delivery waits for the one before it, in chains of ten.
fn flux(app: u32) -> String {
    let mut text = format!(
        "apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: app-{app:03}
  namespace: flux-system
spec:
  interval: 10m
  path: ./apps/app-{app:03}
  prune: true
  wait: true
  timeout: 5m
  sourceRef:
    kind: GitRepository
    name: flux-system
"
    );
    if !app.is_multiple_of(10) {
        let _ = write!(text, "  dependsOn:\n    - name: app-{:03}\n", app - 1);
    }
    text
}

fn namespace(app: u32) -> String {
    format!("apiVersion: v1\nkind: Namespace\nmetadata:\n  name: app-{app:03}\n")
}

fn workload(app: u32, at: u32) -> String {
    let number = if at == 0 { String::new() } else { format!("-{at}") };
    let mut text = format!(
        "apiVersion: apps/v1
kind: Deployment
metadata:
  name: server{number}
  namespace: app-{app:03}
  labels:
    app.kubernetes.io/name: server # the one label that everything selects by
spec:
  replicas: 3
  selector:
    matchLabels:
      app.kubernetes.io/name: server
  template:
    metadata:
      labels:
        app.kubernetes.io/name: server
    spec:
      containers:
        - name: server
          image: registry.example.com/team/server:1.{app}.0
          ports:
            - name: http
              containerPort: 8080
          env:
"
    );
    for variable in 0..40 {
        let _ = write!(
            text,
            "            - name: SETTING_{variable:02}\n              value: \"value {variable} of application {app}\"\n"
        );
    }
    let _ = write!(text, "---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: files{number}\n");
    let _ = write!(text, "  namespace: app-{app:03}\ndata:\n  server.conf: |\n");
    for line in 0..20 {
        let _ = writeln!(text, "    setting-{line} = value number {line}, which is text in a block");
    }
    text
}

/// What the variables of a cluster go into.
fn variables(app: u32) -> String {
    format!(
        "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: cluster\n  namespace: app-{app:03}\ndata:\n  name: ${{cluster}}\n"
    )
}

/// A release, and custom resources of the chart's CRDs beside it.
fn operator(app: u32) -> String {
    let mut text = format!(
        "apiVersion: source.toolkit.fluxcd.io/v1
kind: HelmRepository
metadata: {{name: charts-{app:03}, namespace: flux-system}}
spec: {{interval: 1h, url: 'https://charts.example.com/{app}'}}
---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {{name: operator-{app:03}, namespace: flux-system}}
spec:
  interval: 1h
  targetNamespace: app-{app:03}
  chart: {{spec: {{chart: operator-{app:03}, version: 1.0.0, sourceRef: {{kind: HelmRepository, name: charts-{app:03}}}}}}}
"
    );
    for at in 0..20 {
        let _ = write!(
            text,
            "---\napiVersion: group{app}.example.com/v1\nkind: Widget\nmetadata: {{name: widget-{at}, namespace: app-{app:03}}}\nspec: {{size: {at}}}\n"
        );
    }
    text
}
