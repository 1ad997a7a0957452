//! Small charts, read whole.

use super::*;
use crate::facts::tests::yaml;

fn sources(files: &[(&str, &str)]) -> Sources {
    Sources::from_texts(files.iter().map(|(path, text)| (RepoPath::new(path).expect("a path"), *text)))
}

fn content(files: &[(&str, &str)], values: &str, more_values: bool) -> ChartContent {
    let sources = sources(files);
    let values = yaml(values);
    let release = ReleaseValues { name: "rel", namespace: "ns", values: Some(&values), more_values };
    render::content(&Chart::read(&sources, &RepoPath::root()).expect("a chart"), release)
}

/// The objects in short: `+` certain, `?` possible.
fn brings(files: &[(&str, &str)], values: &str, more_values: bool) -> String {
    let content = content(files, values, more_values);
    let short = |object: &ChartObject| {
        let sign = if object.presence == Presence::Certain { '+' } else { '?' };
        format!("{sign}{}/{}", object.kind, object.name.as_deref().unwrap_or("_"))
    };
    content.objects.iter().map(short).collect::<Vec<_>>().join(" ")
}

const CHART: (&str, &str) = ("Chart.yaml", "apiVersion: v2\nname: app\nversion: 1.2.3\n");
const HELPERS: (&str, &str) = (
    "templates/_helpers.tpl",
    "{{- define \"app.fullname\" -}}
{{- if .Values.fullnameOverride }}{{ .Values.fullnameOverride | trunc 63 | trimSuffix \"-\" }}
{{- else }}
{{- $name := default .Chart.Name .Values.nameOverride }}
{{- if contains $name .Release.Name }}{{ .Release.Name }}{{ else }}{{ printf \"%s-%s\" .Release.Name $name | trunc 63 }}{{ end }}
{{- end }}
{{- end }}
{{- define \"app.labels\" -}}
app: {{ include \"app.fullname\" . }}
{{- if .Capabilities.KubeVersion }}
kube: yes
{{- end }}
{{- end }}
",
);

#[test]
fn what_stands_behind_a_switch_comes_with_it() {
    let template = (
        "templates/all.yaml",
        "{{- if .Values.account.create }}
apiVersion: v1
kind: ServiceAccount
metadata:
  name: {{ default (include \"app.fullname\" .) .Values.account.name }}
  labels: {{- include \"app.labels\" . | nindent 4 }}
{{- end }}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include \"app.fullname\" . }}
  namespace: {{ .Release.Namespace | quote }}
  labels:
    {{- include \"app.labels\" . | nindent 4 }}
    {{- with .Values.labels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
spec:
  checksum: {{ include (print $.Template.BasePath \"/config.yaml\") . | sha256sum }}
",
    );
    let values = ("values.yaml", "account: { create: true, name: '' }\nlabels: {}\n");
    let files = [CHART, HELPERS, template, values];
    assert_eq!(brings(&files, "{}", false), "+ServiceAccount/rel-app +Deployment/rel-app");
    assert_eq!(brings(&files, "account: { create: false }", false), "+Deployment/rel-app");
    assert_eq!(brings(&files, "account: { name: x }\nnameOverride: rel", false), "+ServiceAccount/x +Deployment/rel");
    assert_eq!(
        brings(&files, "account: { create: '${X}' }\nlabels: { a: b }", false),
        "?ServiceAccount/rel-app +Deployment/rel-app"
    );
    assert_eq!(brings(&files, "fullnameOverride: x", true), "?ServiceAccount/_ +Deployment/x", "values from elsewhere");
    assert_eq!(
        brings(&files, "account: { create: true, name: x }", true),
        "+ServiceAccount/x ?Deployment/_ ?Deployment/rel"
    );
}

const CRD: &str = "apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: widgets.demo.io }
spec:
  group: demo.io
  scope: Namespaced
  names: { kind: Widget, plural: widgets }
  versions: [{ name: v1, served: true, storage: true }]
";

#[test]
fn definitions_come_from_the_folder_first_or_with_the_templates() {
    let guarded = format!("{{{{- if and .Values.crds.enabled (not .Values.crds.skip) }}}}\n{CRD}{{{{- end }}}}\n");
    let files = [
        CHART,
        (
            "crds/a.yaml",
            "kind: ConfigMap\napiVersion: v1\nmetadata: { name: no }\n---\napiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nspec: { group: a.io, names: { kind: A } }\n",
        ),
        ("templates/crd.yaml", &guarded),
        (
            "templates/widget.yaml",
            "apiVersion: demo.io/v1\nkind: Widget\nmetadata: { name: w, annotations: { helm.sh/hook: 'post-install,post-upgrade' } }\n",
        ),
        ("values.yaml", "crds: { enabled: true }\n"),
    ];
    let content = content(&files, "{}", false);
    let found: Vec<_> = content.definitions().map(|(object, crd)| (object.stage, crd.kind.as_str())).collect();
    assert_eq!(found, [(Stage::CrdFolder, "A"), (Stage::Template, "Widget")]);
    let custom: Vec<_> = content.custom_resources().map(|object| (object.kind.as_str(), object.stage)).collect();
    assert_eq!(custom, [("Widget", Stage::PostInstall)]);
    assert!(content.open.is_empty(), "{:?}", content.open);
    assert_eq!(brings(&files, "crds: null", false).matches("Definition").count(), 1);
}

#[test]
fn what_only_the_cluster_knows_is_possible_and_both_branches_are_seen() {
    let template = (
        "templates/a.yaml",
        "{{- if .Capabilities.APIVersions.Has \"monitoring.coreos.com/v1\" }}
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata: { name: m }
{{- else }}
apiVersion: v1
kind: ConfigMap
metadata: { name: c }
{{- end }}
---
{{- range .Values.extra }}
---
{{ tpl (toYaml .) $ }}
{{- end }}
",
    );
    let files = [CHART, template, ("values.yaml", "extra: []\n")];
    assert_eq!(brings(&files, "{}", false), "?ServiceMonitor/m ?ConfigMap/c");
    let extra = "extra: [{ apiVersion: a.io/v1, kind: A, metadata: { name: '{{ .Release.Name }}-a' } }]";
    assert_eq!(brings(&files, extra, false), "?ServiceMonitor/m +A/rel-a ?ConfigMap/c");
    assert!(content(&files, "{}", true).open.len() == 1, "extra may hold anything");
}

#[test]
fn charts_below_have_their_values_conditions_and_names() {
    let files = [
        (
            "Chart.yaml",
            "name: app\nversion: 1.0.0\ndependencies:\n- { name: db, version: 1.x, condition: db.enabled, alias: store }\n- { name: gone, version: 2.0.0, repository: 'https://x', condition: gone.enabled }\n- { name: lib, version: 1.0.0 }\n",
        ),
        ("values.yaml", "store: { size: big }\nglobal: { g: 1 }\ndb: { enabled: true }\n"),
        ("charts/db/Chart.yaml", "name: db\nversion: 1.1.0\n"),
        ("charts/db/values.yaml", "size: small\n"),
        (
            "charts/db/templates/a.yaml",
            "apiVersion: v1\nkind: Secret\nmetadata:\n  name: {{ .Values.size }}-{{ .Values.global.g }}-{{ include \"n\" . }}\n",
        ),
        ("charts/db/crds/a.yaml", CRD),
        ("charts/lib/Chart.yaml", "name: lib\nversion: 1.0.0\ntype: library\n"),
        ("charts/lib/templates/x.yaml", "{{ define \"n\" }}{{ .Chart.Name }}{{ end }}"),
    ];
    assert_eq!(brings(&files, "{}", false), "+CustomResourceDefinition/widgets.demo.io +Secret/big-1-db");
    assert_eq!(
        brings(&files, "store: { size: x }\nglobal: { g: 2 }", false),
        "+CustomResourceDefinition/widgets.demo.io +Secret/x-2-db"
    );
    assert_eq!(brings(&files, "db: { enabled: false }", false), "");
    assert_eq!(
        brings(&files, "db: { enabled: '${X}' }", false),
        "?CustomResourceDefinition/widgets.demo.io ?Secret/big-1-db"
    );
    let missing = &content(&files, "{}", false).missing;
    assert_eq!((missing.len(), missing[0].name.as_str(), missing[0].presence), (1, "gone", Presence::Certain));
    assert!(content(&files, "gone: { enabled: false }", false).missing.is_empty());
}

#[test]
fn what_cannot_be_read_is_said_and_never_a_crash() {
    let files = [
        CHART,
        ("templates/a.yaml", "{{ if .Values.a }}\nkind: Secret\n"),
        ("templates/b.yaml", "{{ include \"some.library\" . }}\n"),
        ("templates/c.yaml", "apiVersion: v1\nkind: Secret\nmetadata:\n  name: {{ randAlphaNum 5 }}\n"),
        ("templates/NOTES.txt", "{{ nothing"),
        ("charts/x-1.0.0.tgz", ""),
    ];
    assert_eq!(brings(&files, "{}", false), "+Secret/_");
    let open = content(&files, "{}", false).open;
    assert_eq!(open.len(), 4, "{open:?}");
    assert!(open.iter().any(|why| why.contains("charts/x-1.0.0.tgz is packed")), "{open:?}");
    let none = sources(&[("values.yaml", "a: b\n")]);
    assert!(ChartReader::read(&none, &RepoPath::root()).is_none());
}
