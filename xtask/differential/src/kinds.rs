//! What objects may be made of, by kind.

/// An apiVersion, a kind, and what an object of it, or a patch, may have below the metadata.
pub(crate) const KINDS: &[(&str, &str, &str)] = &[
    ("apps/v1", "Deployment", WORKLOAD),
    ("apps/v1", "Deployment", WORKLOAD),
    ("apps/v1", "StatefulSet", STATEFUL),
    ("apps/v1", "DaemonSet", WORKLOAD),
    ("v1", "Pod", "spec:\n  «pod»\n"),
    ("batch/v1", "Job", "spec:\n  template:\n    spec:\n      «pod»\n"),
    ("batch/v1", "CronJob", CRON_JOB),
    ("v1", "Service", SERVICE),
    ("v1", "ConfigMap", CONFIG_MAP),
    ("v1", "ConfigMap", CONFIG_MAP),
    ("v1", "Secret", SECRET),
    ("v1", "ServiceAccount", "‹¦secrets:\n- name: «name»\n¦imagePullSecrets: [{name: «name»}]\n›"),
    ("v1", "Namespace", ""),
    ("v1", "PersistentVolumeClaim", "spec:\n  storageClassName: «word»\n‹¦  volumeName: «name»\n›"),
    ("rbac.authorization.k8s.io/v1", "Role", ROLE),
    ("rbac.authorization.k8s.io/v1", "ClusterRole", ROLE),
    ("rbac.authorization.k8s.io/v1", "RoleBinding", BINDING),
    ("rbac.authorization.k8s.io/v1", "ClusterRoleBinding", BINDING),
    ("networking.k8s.io/v1", "Ingress", INGRESS),
    (
        "networking.k8s.io/v1",
        "NetworkPolicy",
        "spec:\n  podSelector:\n    matchLabels: {app: «word»}\n  ingress: ‹[]¦[{from: [{podSelector: {matchLabels: {app: «word»}}}]}]›\n",
    ),
    ("policy/v1", "PodDisruptionBudget", "spec:\n  minAvailable: «f»\n  selector: {matchLabels: {app: «word»}}\n"),
    (
        "autoscaling/v2",
        "HorizontalPodAutoscaler",
        "spec:\n  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: «name»}\n  maxReplicas: «count»\n",
    ),
    ("admissionregistration.k8s.io/v1", "ValidatingWebhookConfiguration", WEBHOOK),
    ("apiextensions.k8s.io/v1", "CustomResourceDefinition", "spec:\n  group: example.com\n  names: {kind: Thing}\n"),
    ("example.com/v1", "Thing", THING),
    ("example.com/v1", "Thing", THING),
    ("example.com/v1", "Thing", VALUES),
    (
        "example.com/v1",
        "ThingList",
        "‹items: []\n¦spec: {a: «f»}\n¦items:\n- apiVersion: v1\n  kind: ConfigMap\n  metadata: {name: listed}\n  data: {k: «f»}\n›",
    ),
];

const WORKLOAD: &str = "spec:
‹¦  replicas: «count»
›‹¦  selector:
    matchLabels: {app: «word»}
›‹¦  strategy: {type: Recreate«directive-in-flow»}
›  template:
‹¦    metadata:
      labels: {app: «word»}
›    spec:
      «pod»
";

const STATEFUL: &str = "spec:
‹¦  replicas: «count»
›  serviceName: «name»
  template:
    spec:
      «pod»
‹¦  volumeClaimTemplates:
  - metadata: {name: data, labels: {app: «word»}}
    spec: {storageClassName: «f»}
›";

const CRON_JOB: &str = "spec:
  schedule: ‹\"*/5 * * * *\"¦'@daily'›
  jobTemplate:
    spec:
      template:
        spec:
          «pod»
";

const SERVICE: &str = "spec:
‹  selector: {app: «word»}
¦›  ports:
  - port: ‹80¦443›
‹¦    protocol: ‹TCP¦UDP›
›    targetPort: «f»
‹¦  - {port: 80, protocol: UDP, name: «word»}
›‹¦  «directive»
›";

const CONFIG_MAP: &str = "data:
  «key»: «s»
‹¦  k: «s»
¦  ‹k8s.yaml¦\"quoted\"¦‹\"3\"¦\"3\"¦3››: «s»
›‹¦binaryData: {b: ‹aGk=¦!!binary aGk=›}
›‹¦immutable: ‹true¦yes›
›";

const SECRET: &str = "‹¦type: Opaque
›‹data: {p: cGFzcw==, q: \"«word»\"}
¦stringData:
  «key»: «s»
›";

const ROLE: &str = "rules:
- apiGroups: [\"\"]
  resources: [configmaps]
‹¦  resourceNames: [«name», «word»]
›  verbs: [get, «word»]
";

const BINDING: &str = "roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ‹Role¦ClusterRole›, name: «name»}
subjects:
- {kind: ServiceAccount, name: ‹default¦«name»›, namespace: ‹default¦prod¦«word»›}
‹¦- {kind: User, name: «f»}
¦- {kind: ServiceAccount, name: «name»}
›";

const INGRESS: &str = "spec:
  ‹ingressClassName: «name»
  ¦›rules:
  - host: «s»
    http:
      paths:
      - path: ‹/¦/x›
        backend: {service: {name: «name», port: {number: 80}}}
  ‹tls: [{hosts: [«f»], secretName: «name»}]
  ¦›«directive»
";

const WEBHOOK: &str = "webhooks:
- name: ‹a.example.com¦b.example.com›
  clientConfig:
    service: {name: «name», namespace: ‹default¦«word»›‹¦, path: /x›}
‹¦- {name: c.example.com, admissionReviewVersions: [v1]«directive-in-flow»}
›";

const THING: &str = "spec:
  text: «s»
  list:
  - «s»
  - ‹{name: «word», value: «f»«directive-in-flow»}¦- «f»
    - «f»¦x: «s»
    y: «s»›
  «key»: «s»
‹¦  ref: {kind: ConfigMap, name: «name»}
›‹¦  containers:
  - {name: «container», image: «image»}
›‹¦  json: '{\"a\": {\"b\": [1, \"x\"]}}'
›‹¦  yaml: |
    # kept
    a:
      b: x
›‹¦  «directive»
›‹¦status: {conditions: [{type: Ready, status: «f»}]}
›";

/// Anchors, merge keys, keys of all types.
const VALUES: &str = "spec:
  anchored: &a
    x: «f»
    y: [«f»]
  ‹alias: *a
  ¦›‹merged: {<<: *a, z: «f»}
  ¦merged:
    <<: *a
    x: «s»
  ¦lists:
  - *a
  - {<<: [*a], q: «f»}
  ¦›keys:
    «text»: «f»
    ? «word»
    : «s»
  ‹\"<<\": ‹x¦{a: b}›
  ¦›‹empty: {a: , b: [ ]}
  ¦nothing:
  ¦›‹‹odd: {a: 1, 1: b, true: c}
  ¦odd: {2020-01-01: x, null: y, 1.5: z}
  ¦¦¦odd: {2020-01-01 1:2:3: x, yes: y}
  ›¦¦¦›last: «s»
";
