//! Conditions that one rule decides together with others and that its page does not show: each fires, and stays silent
//! once it is mended. `docs/conditions.md` lists them.

#![expect(clippy::expect_used, reason = "tests may fail")]

use fluxproof_delivery::{World, deliver};
use fluxproof_rules::check;
use fluxproof_yaml::{RepoPath, Sources};

/// A repository: paths and texts.
type Files<'a> = &'a [(&'a str, &'a str)];

/// The Kustomization that applies `apps`, with more fields of its spec.
fn apps(more: &str) -> String {
    format!(
        "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {{name: apps, namespace: flux-system}}\n\
         spec:\n  interval: 10m\n  path: ./apps\n  prune: true\n  sourceRef: {{kind: GitRepository, name: flux-system}}\n{more}"
    )
}

const SETTINGS: &str =
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings, namespace: default}\ndata: {a: b}\n";

/// The messages of a rule's findings on a cluster that applies `apps` with this spec.
fn messages(rule: &str, more: &str, files: Files<'_>) -> Vec<String> {
    let cluster = apps(more);
    let all = std::iter::once(("clusters/demo/apps.yaml", cluster.as_str())).chain(files.iter().copied());
    let sources = Sources::from_texts(all.map(|(path, text)| (RepoPath::new(path).expect("a path"), text)));
    let findings = check(&sources, &deliver(&sources, &World::default()));
    findings.into_iter().filter(|finding| finding.rule == rule).map(|finding| finding.message).collect()
}

/// Asserts that a rule says `text` of the first repository, and nothing of the second.
fn each_way(rule: &str, text: &str, broken: (&str, Files<'_>), mended: (&str, Files<'_>)) {
    let said = messages(rule, broken.0, broken.1);
    assert!(said.iter().any(|message| message.contains(text)), "{rule}: no {text:?} in {said:?}");
    assert_eq!(messages(rule, mended.0, mended.1), Vec::<String>::new(), "{rule}: {text}, mended");
}

const LISTS_SETTINGS: &str =
    "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [settings.yaml]\n";

#[test]
fn a_component_is_local_relative_and_there() {
    let files: Files<'_> = &[("apps/settings.yaml", SETTINGS), ("apps/kustomization.yaml", LISTS_SETTINGS)];
    let component = "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\ncommonAnnotations: {a: b}\n";
    let with: Vec<_> = files.iter().copied().chain([("parts/one/kustomization.yaml", component)]).collect();
    let mended = ("  components: [../parts/one]\n", with.as_slice());
    each_way("build-fails", "must be local", ("  components: [/parts/one]\n", &with), mended);
    each_way("build-fails", "must be local", ("  components: ['https://example.com/one']\n", &with), mended);
    each_way("build-fails", "parts/two", ("  components: [../parts/two]\n", &with), mended);
    let ignored = ("  components: [../parts/two]\n  ignoreMissingComponents: true\n", with.as_slice());
    each_way("build-fails", "parts/two", ("  components: [../parts/two]\n", &with), ignored);
}

#[test]
fn a_generated_folder_holds_kubernetes_yaml_only() {
    let values: Files<'_> = &[("apps/settings.yaml", SETTINGS), ("apps/values.yaml", "replicas: 2\n")];
    let listed = [values[0], values[1], ("apps/kustomization.yaml", LISTS_SETTINGS)];
    each_way("build-fails", "failed to decode Kubernetes YAML", ("", values), ("", &listed));
}

#[test]
fn a_flux_kustomization_is_no_kustomization_file() {
    let flux = apps("");
    let settings = ("apps/settings.yaml", SETTINGS);
    let broken = [settings, ("apps/web/kustomization.yaml", flux.as_str())];
    each_way("build-fails", "", ("", &broken), ("", &[settings]));
}

#[test]
fn two_namespaces_become_one_under_a_target_namespace() {
    let (one, two) = (
        "apiVersion: v1\nkind: Namespace\nmetadata: {name: one}\n",
        "apiVersion: v1\nkind: Namespace\nmetadata: {name: two}\n",
    );
    let files: Files<'_> = &[("apps/one.yaml", one), ("apps/two.yaml", two)];
    each_way("build-fails", "ID conflict", ("  targetNamespace: shop\n", files), ("", files));
    each_way(
        "build-fails",
        "ID conflict",
        ("  targetNamespace: shop\n", files),
        ("  targetNamespace: shop\n", &files[..1]),
    );
}

#[test]
fn variables_have_syntax_and_names() {
    let with = |text: &str| SETTINGS.replace("a: b", &format!("a: '{text}'"));
    let defined = "  postBuild: {substitute: {colour: blue}}\n";
    for bad in ["${colour-red}", "${{ colour }}", "${}"] {
        let (bad, good) = (with(bad), with("${colour:-red}"));
        let (broken, mended) = ([("apps/settings.yaml", bad.as_str())], [("apps/settings.yaml", good.as_str())]);
        each_way("build-fails", "variable substitution failed", (defined, &broken), (defined, &mended));
    }
    let files: Files<'_> = &[("apps/settings.yaml", SETTINGS)];
    let named = "  postBuild: {substitute: {co.lour: blue}}\n";
    each_way("build-fails", "var name is invalid", (named, files), (defined, files));
}

#[test]
fn a_variable_is_set_unless_what_sets_it_is_not_known() {
    let text = SETTINGS.replace("a: b", "a: '${shape}'");
    let files: Files<'_> = &[("apps/settings.yaml", &text)];
    let broken = "  postBuild: {substitute: {colour: blue}}\n";
    let unset = "variable not set (strict mode): \"shape\"";
    each_way("build-fails", unset, (broken, files), ("  postBuild: {substitute: {shape: round}}\n", files));
    let unknown = "  postBuild: {substitute: {colour: blue}, substituteFrom: [{kind: Secret, name: elsewhere}]}\n";
    each_way("build-fails", unset, (broken, files), (unknown, files));
    let escaped = text.replace("${shape}", "$${shape}");
    each_way("build-fails", unset, (broken, files), (broken, &[("apps/settings.yaml", &escaped)]));
    let left = text.replace(
        "namespace: default",
        "namespace: default, annotations: {kustomize.toolkit.fluxcd.io/substitute: disabled}",
    );
    each_way("build-fails", unset, (broken, files), (broken, &[("apps/settings.yaml", &left)]));
}

#[test]
fn helm_charts_and_programs_do_not_run_in_a_build() {
    let charts = format!("{LISTS_SETTINGS}helmCharts: [{{name: podinfo}}]\n");
    let broken = [("apps/settings.yaml", SETTINGS), ("apps/kustomization.yaml", charts.as_str())];
    let mended = [broken[0], ("apps/kustomization.yaml", LISTS_SETTINGS)];
    each_way("build-fails", "elm", ("", &broken), ("", &mended));
}

#[test]
fn a_kustomization_does_not_depend_on_itself() {
    let files: Files<'_> = &[("apps/settings.yaml", SETTINGS)];
    each_way("dependency-cycle", "apps", ("  dependsOn: [{name: apps}]\n", files), ("", files));
}

#[test]
fn a_kustomization_does_not_depend_on_what_it_applies() {
    let inner = apps("").replace("name: apps,", "name: inner,").replace("./apps", "./inner");
    let files: Files<'_> = &[("apps/inner.yaml", &inner), ("inner/settings.yaml", SETTINGS)];
    let says = "Kustomization/flux-system/apps depends on Kustomization/flux-system/inner, which comes only with it";
    each_way("dependency-cycle", says, ("  dependsOn: [{name: inner}]\n", files), ("", files));
}

#[test]
fn dependencies_are_of_the_own_namespace_and_kind() {
    let release = "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: podinfo, namespace: flux-system}\n\
                   spec: {interval: 1m, chart: {spec: {chart: podinfo, sourceRef: {kind: HelmRepository, name: podinfo}}}}\n";
    let files: Files<'_> = &[("apps/settings.yaml", SETTINGS), ("apps/release.yaml", release)];
    each_way("unknown-dependency", "podinfo", ("  dependsOn: [{name: podinfo}]\n", files), ("", files));
    let other = apps("")
        .replace("name: apps, namespace: flux-system", "name: base, namespace: other")
        .replace("./apps", "./base")
        .replace("name: flux-system}", "name: flux-system, namespace: flux-system}");
    let files: Files<'_> =
        &[("apps/settings.yaml", SETTINGS), ("clusters/demo/base.yaml", &other), ("base/settings.yaml", SETTINGS)];
    let mended = ("  dependsOn: [{name: base, namespace: other}]\n", files);
    each_way("unknown-dependency", "base", ("  dependsOn: [{name: base}]\n", files), mended);
}

#[test]
fn remote_bases_are_refused_where_the_controller_says_so() {
    let remote = LISTS_SETTINGS.replace("[settings.yaml]", "[settings.yaml, 'https://example.com/v1.0.0/all.yaml']");
    let flux = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: kustomize-controller, namespace: flux-system}\n\
                spec: {template: {spec: {containers: [{name: manager, args: [--no-remote-bases=true]}]}}}\n";
    let files: Files<'_> =
        &[("apps/settings.yaml", SETTINGS), ("apps/kustomization.yaml", &remote), ("clusters/demo/flux.yaml", flux)];
    let mended = [files[0], ("apps/kustomization.yaml", LISTS_SETTINGS), files[2]];
    each_way("remote-base", "builds with https://example.com", ("", files), ("", &mended));
}

/// The severities of a rule's findings on a cluster that applies this as `apps`.
fn severities(rule: &str, text: &str) -> Vec<&'static str> {
    let cluster = apps("");
    let file = |(path, text)| (RepoPath::new(path).expect("a path"), text);
    let sources =
        Sources::from_texts([("clusters/demo/apps.yaml", cluster.as_str()), ("apps/all.yaml", text)].map(file));
    let findings = check(&sources, &deliver(&sources, &World::default()));
    findings.iter().filter(|finding| finding.rule == rule).map(|finding| finding.severity.name()).collect()
}

#[test]
fn what_is_only_dead_is_no_error() {
    let release = |namespace: &str, install: &str, values: &str| {
        format!(
            "apiVersion: source.toolkit.fluxcd.io/v1\nkind: HelmRepository\nmetadata: {{name: eso, namespace: {namespace}}}\n\
             spec: {{interval: 1h, url: 'https://charts.external-secrets.io'}}\n---\n\
             apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {{name: eso, namespace: {namespace}}}\n\
             spec: {{interval: 1h, install: {install}, values: {values}, chart: {{spec: {{chart: external-secrets, version: 2.9.0, \
             sourceRef: {{kind: HelmRepository, name: eso}}}}}}}}\n"
        )
    };
    let create = |namespace| severities("dead-create-namespace", &release(namespace, "{createNamespace: true}", "{}"));
    assert_eq!((create("flux-system"), create("external-secrets")), (vec!["warning"], vec!["info"]));
    let values = |values| severities("unknown-chart-value", &release("external-secrets", "{}", values));
    assert_eq!(values("{crds: {create: false}}"), ["error"], "the CRDs have two owners");
    assert_eq!(values("{webhook: {serviceMonitor: {enabled: true}}}"), ["warning"], "nothing fails");
}

#[test]
fn a_version_is_removed_for_the_flux_that_a_cluster_runs() {
    let old = "apiVersion: helm.toolkit.fluxcd.io/v2beta2\nkind: HelmRelease\nmetadata: {name: podinfo, namespace: flux-system}\nspec: {interval: 1m}\n";
    let new = old.replace("v2beta2", "v2");
    let (broken, mended) = ([("apps/release.yaml", old)], [("apps/release.yaml", new.as_str())]);
    each_way("unserved-api-version", "which Flux 2.8 removed", ("", &broken), ("", &mended));
}

#[test]
fn no_advice_to_wait_locks_what_would_wait() {
    let node = |name: &str, more: &str| {
        apps(more).replace("name: apps,", &format!("name: {name},")).replace("./apps", &format!("./{name}"))
    };
    let issuer = "apiVersion: cert-manager.io/v1\nkind: ClusterIssuer\nmetadata: {name: ca}\nspec: {selfSigned: {}}\n";
    let widget = "apiVersion: demo.example.io/v1\nkind: Widget\nmetadata: {name: w, namespace: default}\n";
    let release = "apiVersion: source.toolkit.fluxcd.io/v1\nkind: HelmRepository\nmetadata: {name: jetstack, namespace: flux-system}\n\
                   spec: {interval: 1h, url: 'https://charts.jetstack.io'}\n---\napiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\n\
                   metadata: {name: cert-manager, namespace: flux-system}\nspec: {interval: 30m, values: {crds: {enabled: true}}, chart: \
                   {spec: {chart: cert-manager, version: 1.21.1, sourceRef: {kind: HelmRepository, name: jetstack}}}}\n";
    let definition = "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: widgets.demo.example.io}\n\
                      spec: {group: demo.example.io, scope: Namespaced, names: {kind: Widget, plural: widgets}, versions: [{name: v1, served: true, storage: true}]}\n";
    let help = |gadget: &str| {
        let texts = [
            ("clusters/demo/platform.yaml", node("platform", "")),
            ("clusters/demo/tenants.yaml", node("tenants", "  dependsOn: [{name: platform}]\n")),
            ("platform/operator.yaml", node("operator", "")),
            ("platform/gadget.yaml", node("gadget", "")),
            ("operator/release.yaml", release.to_owned()),
            ("gadget/widget.yaml", gadget.to_owned()),
            ("tenants/crd.yaml", format!("{definition}---\n{issuer}")),
        ];
        let sources =
            Sources::from_texts(texts.iter().map(|(path, text)| (RepoPath::new(path).expect("a path"), text.as_str())));
        let findings = check(&sources, &deliver(&sources, &World::default()));
        let found = findings.into_iter().find(|finding| finding.rule == "dependency-not-awaited");
        found.expect("the finding").help
    };
    assert_eq!(help(SETTINGS), "add wait: true to the spec of Kustomization/flux-system/platform");
    let locked = help(widget);
    assert!(locked.starts_with("add healthChecks for HelmRelease/flux-system/cert-manager to the spec of"), "{locked}");
    assert!(
        locked.contains("Kustomization/flux-system/gadget needs what Kustomization/flux-system/tenants brings"),
        "{locked}"
    );
}
