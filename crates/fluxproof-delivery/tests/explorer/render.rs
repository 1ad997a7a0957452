//! The files of a cluster.

use crate::cluster::{
    Check, Cluster, Dependency, Expression, Kustomization, Object, Release, Retries, Space, group, kind,
    kustomization_name, release_name,
};
use fluxproof_yaml::{RepoPath, Sources};
use std::fmt::Write as _;

/// Paths and texts.
pub(crate) type Files = Vec<(String, String)>;

/// The sources of a cluster.
pub(crate) fn sources(files: &Files) -> Sources {
    let path = |path: &str| RepoPath::new(path).expect("a path inside the repository");
    Sources::from_texts(files.iter().map(|(name, text)| (path(name), text.as_str())))
}

/// The files of a cluster.
pub(crate) fn files(cluster: &Cluster) -> Files {
    let mut files = vec![("clusters/demo/flux-system/gotk-sync.yaml".to_owned(), root(cluster))];
    for (index, node) in cluster.kustomizations.iter().enumerate() {
        let name = kustomization_name(index);
        let folder = node.parent.map_or_else(|| "clusters/demo".to_owned(), kustomization_name);
        files.push((format!("{folder}/{name}.yaml"), kustomization(&name, node)));
        for (number, object) in node.objects.iter().enumerate() {
            files.push((format!("{name}/object{number}.yaml"), of_object(object, index, number)));
        }
        // An empty folder is none for Git.
        files.push((format!("{name}/settings.yaml"), settings(&format!("settings-{name}"), "flux-system")));
    }
    for (index, release) in cluster.releases.iter().enumerate() {
        let name = release_name(index);
        files.push((format!("{}/{name}.yaml", kustomization_name(release.owner)), of_release(&name, release, cluster)));
        files.extend(chart(&name, index, release));
    }
    files
}

fn root(cluster: &Cluster) -> String {
    let source = "apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nmetadata:\n  name: flux-system\n  \
                  namespace: flux-system\nspec:\n  interval: 1m\n  url: https://git.example.com/demo.git\n";
    let wait = if cluster.root_waits { "  wait: true\n" } else { "" };
    format!("{source}---\n{}", flux_kustomization("flux-system", "./clusters/demo", wait))
}

fn flux_kustomization(name: &str, path: &str, more: &str) -> String {
    format!(
        "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata:\n  name: {name}\n  namespace: \
         flux-system\nspec:\n  interval: 1h\n  retryInterval: 1m\n  timeout: 30m\n  path: {path}\n  prune: true\n{more}  \
         sourceRef:\n    kind: GitRepository\n    name: flux-system\n"
    )
}

fn kustomization(name: &str, node: &Kustomization) -> String {
    let mut more = String::new();
    for (flag, set) in [("wait", node.wait), ("suspend", node.suspend)] {
        if set {
            let _ = writeln!(more, "  {flag}: true");
        }
    }
    depends_on(&node.depends_on, kustomization_name, &mut more);
    if !node.checks.is_empty() {
        more.push_str("  healthChecks:\n");
        node.checks.iter().for_each(|check| more.push_str(&of_check(*check)));
    }
    flux_kustomization(name, &format!("./{name}"), &more)
}

fn of_check(check: Check) -> String {
    let (api, kind, name) = match check {
        Check::Kustomization(index) => ("kustomize.toolkit.fluxcd.io/v1", "Kustomization", kustomization_name(index)),
        Check::Release(index) => ("helm.toolkit.fluxcd.io/v2", "HelmRelease", release_name(index)),
    };
    format!("    - {{ apiVersion: {api}, kind: {kind}, name: {name}, namespace: flux-system }}\n")
}

fn depends_on(all: &[Dependency], name: fn(usize) -> String, out: &mut String) {
    if !all.is_empty() {
        out.push_str("  dependsOn:\n");
    }
    for dependency in all {
        let _ = writeln!(out, "    - name: {}\n      namespace: flux-system", name(dependency.on));
        if let Some(text) = expression(dependency.expression) {
            let _ = writeln!(out, "      readyExpr: {text}");
        }
    }
}

fn expression(expression: Expression) -> Option<&'static str> {
    Some(match expression {
        Expression::Absent => return None,
        Expression::Ready => "dep.status.conditions.exists(c, c.type == 'Ready' && c.status == 'True')",
        Expression::Once => "has(dep.status.lastAppliedRevision)",
        Expression::Always => "has(dep.metadata.generation)",
        Expression::Never => "dep.status.conditions.exists(c, c.type == 'Ready' && c.status == 'Yes')",
        Expression::Broken => "dep.status.conditions.exists(c, c.type = 'Ready')",
    })
}

fn of_object(object: &Object, owner: usize, number: usize) -> String {
    match object {
        Object::Namespace(space) => namespace(*space),
        Object::Definition(definition) => of_definition(*definition),
        Object::Custom(definition, space) => {
            custom(*definition, &format!("custom-{owner}-{number}"), space.map(Space::name).as_deref())
        }
        Object::Settings(space) => settings(&format!("settings-{owner}-{number}"), &space.name()),
    }
}

fn namespace(space: Space) -> String {
    format!("apiVersion: v1\nkind: Namespace\nmetadata:\n  name: {}\n", space.name())
}

fn settings(name: &str, namespace: &str) -> String {
    format!("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {name}\n  namespace: {namespace}\ndata:\n  a: b\n")
}

fn of_definition(definition: usize) -> String {
    let (group, kind) = (group(definition), kind(definition));
    let plural = format!("{}s", kind.to_lowercase());
    format!(
        "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata:\n  name: {plural}.{group}\nspec:\n  \
         group: {group}\n  scope: Namespaced\n  names:\n    kind: {kind}\n    plural: {plural}\n  versions:\n    - name: \
         v1\n      served: true\n      storage: true\n      schema:\n        openAPIV3Schema:\n          type: object\n"
    )
}

fn custom(definition: usize, name: &str, namespace: Option<&str>) -> String {
    let namespace = namespace.unwrap_or("flux-system");
    format!(
        "apiVersion: {}/v1\nkind: {}\nmetadata:\n  name: {name}\n  namespace: {namespace}\n",
        group(definition),
        kind(definition)
    )
}

fn of_release(name: &str, release: &Release, _cluster: &Cluster) -> String {
    let namespace = release.space.map_or_else(|| "flux-system".to_owned(), Space::name);
    let mut spec = String::new();
    depends_on(&release.depends_on, release_name, &mut spec);
    if let Some(target) = release.target {
        let _ = writeln!(spec, "  targetNamespace: {}", target.name());
    }
    if release.suspend {
        spec.push_str("  suspend: true\n");
    }
    spec.push_str(&install(release));
    format!(
        "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata:\n  name: {name}\n  namespace: \
         {namespace}\nspec:\n  interval: 1h\n  chart:\n    spec:\n      chart: ./charts/{name}\n      sourceRef:\n        \
         kind: GitRepository\n        name: flux-system\n        namespace: flux-system\n{spec}"
    )
}

fn install(release: &Release) -> String {
    let mut text = String::from("  install:\n    disableTakeOwnership: false\n");
    if release.create_namespace {
        text.push_str("    createNamespace: true\n");
    }
    if release.disable_wait {
        text.push_str("    disableWait: true\n");
    }
    match release.retries {
        Retries::Never => {}
        Retries::Few(count) => {
            let _ = writeln!(text, "    remediation:\n      retries: {count}");
        }
        Retries::Endless => text.push_str("    remediation:\n      retries: -1\n"),
        Retries::OnFailure => {
            let strategy = "    strategy:\n      name: RetryOnFailure\n";
            let _ = write!(text, "{strategy}  upgrade:\n{strategy}");
        }
    }
    text
}

fn chart(name: &str, index: usize, release: &Release) -> Files {
    let chart = &release.chart;
    let folder = format!("charts/{name}");
    let mut files = vec![(format!("{folder}/Chart.yaml"), format!("apiVersion: v2\nname: {name}\nversion: 1.0.0\n"))];
    let mut add = |path: String, text: String| files.push((format!("{folder}/{path}"), text));
    chart.folder.iter().for_each(|d| add(format!("crds/{d}.yaml"), of_definition(*d)));
    chart.templates.iter().for_each(|d| add(format!("templates/definition{d}.yaml"), of_definition(*d)));
    chart.spaces.iter().for_each(|s| add(format!("templates/{}.yaml", s.name()), namespace(*s)));
    for definition in &chart.customs {
        let text = custom(*definition, &format!("chart-custom-{index}-{definition}"), Some("{{ .Release.Namespace }}"));
        add(format!("templates/custom{definition}.yaml"), text);
    }
    if !chart.admits.is_empty() {
        add("templates/webhook.yaml".to_owned(), webhook(name, &chart.admits));
    }
    add("templates/settings.yaml".to_owned(), settings(&format!("{name}-settings"), "{{ .Release.Namespace }}"));
    files
}

fn webhook(name: &str, admits: &[usize]) -> String {
    let mut text = format!(
        "apiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingWebhookConfiguration\nmetadata:\n  name: \
         {name}\nwebhooks:\n"
    );
    for definition in admits {
        let _ = write!(
            text,
            "  - name: v{definition}.{name}.example.com\n    failurePolicy: Fail\n    sideEffects: None\n    \
             admissionReviewVersions: [v1]\n    clientConfig:\n      service:\n        name: {name}\n        namespace: \
             {{{{ .Release.Namespace }}}}\n    rules:\n      - apiGroups: [{}]\n        apiVersions: [v1]\n        \
             operations: [CREATE, UPDATE]\n        resources: [{}s]\n",
            group(*definition),
            kind(*definition).to_lowercase()
        );
    }
    text
}
