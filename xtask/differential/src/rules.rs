//! The texts that a tree is made of.

/// The fields of a kustomization.
pub(crate) const FIELDS: &[&str] = &[
    "namespace: ‹prod¦stage¦default¦\"1\"›\n",
    "namePrefix: ‹p-¦x.¦\"1-\"¦é›\n",
    "nameSuffix: ‹-s¦-v2¦\"0\"›\n",
    "labels:\n- pairs:\n    «pair»\n  includeSelectors: ‹true¦false›\n‹¦  includeTemplates: true\n›‹¦  fields: [{path: ‹spec/deep/labels¦metadata/annotations›, create: ‹true¦false›}]\n›",
    "commonLabels:\n  «pair»\n",
    "commonAnnotations:\n  «pair»\n  note: «text»\n",
    "images:\n- name: ‹nginx¦redis¦other/app¦ng.*›\n  ‹newName: «word»/img¦newTag: «tag»¦digest: \"sha256:0\"¦newTag: «tag»\n  digest: \"sha256:1\"¦tagSuffix: -x¦newName: r.io:5000/img\n  newTag: «tag»›\n",
    "replicas:\n- name: «name»\n  count: «count»\n",
    PATCHES,
    PATCHES,
    PATCHES,
    PATCHES,
    "patchesStrategicMerge:\n- ‹«+patch.yaml»¦|-\n  «patch»›\n",
    "patchesJson6902:\n- path: «+operations.yaml»\n  target: {version: v1, kind: «kind», name: «name»‹¦, group: apps›}\n",
    "patchesJson6902:\n- patch: |\n    «operations»\n  target: {version: v1, kind: «kind», name: «name»‹¦, group: apps›}\n",
    GENERATOR,
    GENERATOR,
    "secretGenerator:\n- name: ‹«name»¦fresh›\n  ‹type: «word»\n  ¦›«sources»\n‹¦  behavior: ‹create¦merge¦replace›\n›",
    "generatorOptions:\n  ‹labels: {g: «text»}¦annotations: {h: «text»}¦disableNameSuffixHash: true¦immutable: true›\nconfigMapGenerator: [{name: made, literals: [a=b]}]\n",
    REPLACEMENTS,
    REPLACEMENTS,
    "replacements:\n- path: «+replacement.yaml»\n",
    "vars:\n- name: V\n  objref: {apiVersion: v1, kind: ‹ConfigMap¦Service¦«kind»›, name: «name»}\n‹¦  fieldref: {fieldpath: ‹metadata.name¦metadata.namespace¦data.k¦spec.ports[0].port›}\n›",
    "configurations: [«+configuration.yaml»]\n",
    "configurations: [«+configuration.yaml»]\nnamePrefix: cfg-\n",
    "transformers:\n- «+transformer.yaml»\n",
    "transformers:\n- |-\n  «transformer»\n",
    "generators:\n- |-\n  apiVersion: builtin\n  kind: ‹ConfigMapGenerator¦SecretGenerator›\n  metadata: {name: «name»}\n  «sources»\n",
    "sortOptions: {order: ‹fifo¦legacy¦legacy, legacySortOptions: {orderFirst: [Service], orderLast: [Deployment]}›}\n",
    "buildMetadata: [‹originAnnotations¦transformerAnnotations¦managedByLabel¦originAnnotations, transformerAnnotations›]\n",
    "crds: [«+crd.json»]\nnamePrefix: crd-\n",
];

const PATCHES: &str = "patches:
- ‹path: «+patch.yaml»¦patch: |-
    «patch»¦path: «+operations.yaml»
  target: «target»¦path: «+patch.yaml»
  target: «target»¦patch: |-
    «operations»
  target: «target»¦patch: '[{\"op\": \"add\", \"path\": \"/metadata/annotations/j\", \"value\": \"1\"}]'
  target: «target»›
‹¦¦  options: {‹allowNameChange¦allowKindChange›: true}
›‹¦- patch: |-
    «id»
    $patch: delete
›";

const GENERATOR: &str = "configMapGenerator:
- name: ‹fresh
  ‹¦behavior: create
  ¦namespace: prod
  ›¦fresh
  ¦«name»
  behavior: ‹merge¦merge¦replace¦create›
  ›«sources»
‹¦  options: {disableNameSuffixHash: ‹true¦false›}
¦  options: {labels: {o: «text»}, annotations: {o: «text»}, immutable: true}
›";

const REPLACEMENTS: &str = "replacements:
- source: {kind: «kind», name: «name»‹¦, fieldPath: «field»›‹¦, options: {delimiter: ‹\":\"¦\"-\"¦\"/\"›, index: ‹0¦1›}›}
  targets:
  - select: {‹kind: «kind»¦name: «name»¦kind: «kind», name: «name»›}
    ‹reject: [{name: web}]
    ¦›fieldPaths: [«field»]
    ‹options: {‹create: true¦delimiter: \"-\", index: ‹0¦1¦-1¦9››}
    ¦›
";

/// Rules by name. `name`, `kind`, `id` and `patch` are of objects of the tree; directives are written in patches only.
pub(crate) const RULES: &[(&str, &str)] = &[
    ("directive", "‹$patch: ‹delete¦replace¦merge¦other›¦¦¦¦¦›"),
    ("directive-in-flow", "‹, $patch: ‹delete¦replace¦merge›¦¦¦¦›"),
    (
        "metadata",
        "‹  labels: {app: «word»‹¦, n: «f»›}\n¦¦  labels:\n    «pair»\n›‹¦  annotations:\n    «key»: «s»\n    ‹o: «f»¦# nothing›\n¦  annotations: {x: «f»}\n¦¦  annotations: {}\n›‹¦¦¦  namespace: ‹prod¦default¦other›\n›",
    ),
    ("pair", "«key»: «text»"),
    (
        "text",
        "‹«word»¦\"«number»\"¦'it''s'¦\"true\"¦yes¦\"\"¦\"a: b\"¦\" lead\"¦\"a\\nb\"¦é¦\"😀\"¦2020-01-01¦‹\"x\"¦«f»››",
    ),
    ("word", "‹web¦blue¦team¦x¦a.b¦one_two›"),
    ("key", "‹app¦team¦key¦a.b/c¦x-y¦k8s¦Zed¦a_b¦‹\"yes\"¦\"yes\"¦\"y\"¦\"on\"¦\"1\"››"),
    ("container", "‹main¦side¦init›"),
    ("image", "‹nginx¦nginx:1.0¦redis@sha256:2¦other/app:v1¦r.io:5000/nginx:2¦\"$(V)\"›"),
    ("tag", "‹v2¦\"2\"¦\"1.10\"›"),
    ("count", "‹0¦1¦3›"),
    (
        "pod",
        "‹serviceAccountName: «name»\n¦›containers:\n- name: «container»\n  image: «image»\n  ‹args: [«f», $(V), -x]\n  ¦command: [sh, -c, «f»]\n  ¦›‹env:\n  - {name: A, value: «f»«directive-in-flow»}\n  - name: B\n    ‹valueFrom: {configMapKeyRef: {name: «name», key: k}}¦value: «s»›\n  ¦envFrom: [{‹configMapRef¦secretRef›: {name: «name»}}]\n  ¦›‹ports:\n  - containerPort: 80\n    ‹protocol: ‹TCP¦UDP›\n    ¦›name: «word»\n  - {containerPort: 443}\n  ¦›‹volumeMounts: [{name: v, mountPath: ‹/a¦/b›}]\n  ¦›«directive»\n‹- {name: sidecar, image: «image»«directive-in-flow»}\n¦- name: «container»\n  image: null\n¦›‹initContainers: [{name: i, image: «image»}]\n¦›‹volumes:\n- ‹{name: v, configMap: {name: «name»}}¦{name: v, emptyDir: {}}¦name: v\n  secret: {secretName: «name»}›\n¦volumes: null\n¦›‹tolerations: [{key: «word», operator: Exists}]\n¦topologySpreadConstraints: [{topologyKey: zone, whenUnsatisfiable: ScheduleAnyway, labelSelector: {matchLabels: {app: «word»}}}]\n¦imagePullSecrets: [{name: «name»}]\n¦›",
    ),
    (
        "target",
        "‹{kind: «kind»}¦{name: «name»}¦{kind: «kind», name: «name»}¦{kind: «kind», name: «name»}¦{group: apps}¦{version: v1}¦{kind: \"Dep.*|Thing\"}¦{labelSelector: ‹app=web¦\"app in (web, blue)\"¦'!team'›}¦{annotationSelector: x}¦{namespace: ‹prod¦default¦.*›}¦{name: \"«name»|web\"}›",
    ),
    ("operations", "‹«operation»¦«operation»¦«operation»\n«operation»›"),
    (
        "operation",
        "- ‹op: add\n  path: «pointer»\n  value: «s»¦op: add\n  path: /metadata/‹annotations¦labels›/‹x¦a~1b›\n  value: «f»¦op: replace\n  path: «pointer»\n  value: «s»¦op: remove\n  path: «pointer»¦{op: ‹copy¦move›, from: «pointer», path: «pointer»}¦{op: test, path: «pointer», value: «f»}¦op: add\n  path: /metadata/annotations\n  value: {a: «f»}›",
    ),
    (
        "pointer",
        "‹/metadata/name¦/metadata/labels/app¦/metadata/namespace¦/spec/replicas¦/spec/template/spec/containers/0/image¦/spec/template/spec/containers/‹-¦0¦1¦-1›¦/spec/text¦/spec/list/‹-¦0¦1¦-1¦9›¦/spec/ports/0/port¦/spec/new¦/data/k¦/data¦/kind¦/spec›",
    ),
    (
        "field",
        "‹metadata.name¦metadata.name¦metadata.namespace¦metadata.labels.app¦\"metadata.annotations[a.b/c]\"¦metadata.annotations.new¦spec.template.spec.containers.0.image¦\"spec.template.spec.containers.[name=main].image\"¦\"spec.template.spec.containers.*.image\"¦spec.text¦\"spec.list.*\"¦spec.list.0¦spec.json.a.b.0¦spec.yaml.a.b¦data.k¦spec.replicas¦spec¦spec.new.deep›",
    ),
    (
        "replacement",
        "source: {kind: «kind», name: «name», fieldPath: «field»}\ntargets:\n- select: {kind: «kind»}\n  fieldPaths: [«field»]\n  options: {create: true}\n",
    ),
    (
        "sources",
        "‹literals: [a=b, «key»='x y', c=]¦literals:\n- k=«long»\n- 'q=\"quoted\"'¦envs: [«+environment.env»]¦files: [«+content.txt»]¦files: [‹k¦new.txt›=«+content.txt»]\nliterals: [z=1]¦env: «+environment.env»›",
    ),
    ("environment", "# comment\nA=1\n‹B=two words¦B¦ C = x¦E=«long»›\n‹D=\"quoted\"¦D=a=b›\n"),
    ("content", "‹one line¦two\nlines\n¦ lead\n\n\n¦tab\there\ntrail \nx¦é ü 日本¦«long»›"),
    (
        "long",
        "‹aaaaaaaaa bbbbbbbbb ccccccccc ddddddddd eeeeeeeee fffffffff ggggggggg hhhhhhhhh iiiiiiiii jjjjjjjjj¦https://example.com/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa b c¦aaaaaaaaa bbbbbbbbb  ccccccccc ddddddddd eeeeeeeee fffffffff ggggggggg hhhhhhhhh iiiiiiiii  jjjjjjjjj›",
    ),
    (
        "configuration",
        "‹nameReference:\n- kind: ‹ConfigMap¦«kind»›\n  fieldSpecs:\n  - {kind: Thing, path: ‹spec/ref/name¦spec/text¦spec/list¦spec/ref›}\n¦namePrefix: [{path: ‹spec/text¦spec/ref/name¦metadata/name›}]\n¦commonLabels: [{path: ‹spec/labels¦spec/text¦spec/list¦spec/anchored›, create: ‹true¦false›, kind: Thing}]\n¦images: [{path: spec/list[]/name, kind: Thing}]\n¦namespace: [{path: spec/ns, create: true, kind: Thing}]\n¦varReference: [{path: ‹spec/text¦spec¦spec/list›, kind: Thing}]\n¦replicas: [{path: spec/count, create: true, kind: Thing}]\n¦commonAnnotations: [{path: spec/nothing, create: ‹true¦false›, kind: Thing}]\n›",
    ),
    (
        "transformer",
        "apiVersion: builtin\n‹kind: PrefixSuffixTransformer\nmetadata: {name: t}\n‹prefix: t-¦suffix: -t›\nfieldSpecs: [{path: ‹metadata/name¦spec/text›}]\n¦kind: LabelTransformer\nmetadata: {name: t}\nlabels:\n  «pair»\nfieldSpecs: [{path: ‹metadata/labels¦spec/labels¦spec/selector›, create: ‹true¦false›}]\n¦kind: AnnotationsTransformer\nmetadata: {name: t}\nannotations: {t: «f»}\nfieldSpecs: [{path: metadata/annotations, create: true}]\n¦kind: NamespaceTransformer\nmetadata: {name: t, namespace: ns2}\n‹¦unsetOnly: true\n›‹¦setRoleBindingSubjects: ‹allServiceAccounts¦defaultOnly¦none›\n›fieldSpecs: [{path: metadata/namespace, create: true}]\n¦kind: ImageTagTransformer\nmetadata: {name: t}\nimageTag: {name: nginx, newTag: \"9\"}\n¦kind: ReplicaCountTransformer\nmetadata: {name: t}\nreplica: {name: «name», count: 7}\nfieldSpecs: [{path: spec/replicas, create: true}]\n¦kind: PatchTransformer\nmetadata: {name: t}\npatch: '[{op: add, path: /metadata/annotations/t, value: \"1\"}]'\ntarget: «target»\n¦kind: PatchJson6902Transformer\nmetadata: {name: t}\ntarget: {version: v1, kind: «kind», name: «name»}\njsonOp: '[{\"op\": \"add\", \"path\": \"/spec/x\", \"value\": «f»}]'\n¦kind: ReplacementTransformer\nmetadata: {name: t}\nreplacements:\n- «replacement»\n¦kind: ValueAddTransformer\nmetadata: {name: t}\nvalue: «word»\ntargets: [{fieldPath: metadata/labels/added}]\n›",
    ),
    (
        "crd",
        "{\"Thing\": {\"Schema\": {\"properties\": {\"spec\": {\"$ref\": \"ThingSpec\"}, \"apiVersion\": {\"type\": \"string\"}, \"kind\": {\"type\": \"string\"}, \"metadata\": {\"type\": \"object\"}}}}, \"ThingSpec\": {\"Schema\": {\"properties\": {\"ref\": {\"x-kubernetes-object-ref-api-version\": \"v1\", \"x-kubernetes-object-ref-kind\": \"ConfigMap\", \"type\": \"object\"}}}}}",
    ),
    (
        "s",
        "‹«f»¦«f»¦«f»¦«f»¦«f»¦«f» # a comment¦«block»¦«block»¦\"folded\n  and \\\n  \\tmore\n\n  text\"¦'single\n\n  lines'¦plain\n  continued\n\n  text¦{«key»: «f», z: [«f»]}¦[«f», «f»]¦\n  - «f»\n  - deep: «f»¦\n  # inside\n  m: «f»¦{}¦[]¦«long»›",
    ),
    (
        "block",
        "‹|\n  one\n  two¦|-\n  one\n    two¦|+\n  kept\n\n¦>\n  folded\n  text\n\n  more¦>-\n  a\n    b\n  c¦|2\n    lead\n  x¦|\n  trail \n  x¦|\n  #!/bin/sh\n  echo $(V) \"$$x\"›",
    ),
    (
        "f",
        "‹«word»¦«word»¦«word»¦\"«word»\"¦'it''s'¦«number»¦«number»¦«number»¦\"«number»\"¦true¦\"true\"¦yes¦\"no\"¦on¦'off'¦y¦null¦~¦\"\"¦2020-01-01¦\"2020-01-01\"¦2020-01-01T00:00:00Z¦2020-01-02 3:4:5¦\"tab\\tx\"¦\"😀\"¦é¦日本¦\"«long»\"¦!!str 5¦!!int \"7\"¦!!binary aGk=¦!!float 3¦\"a: b\"¦\" lead\"¦'trail '¦\"#x\"¦a#b¦'*x'¦'='¦\"<<\"¦\"a\\nb\"¦\"a\\nb\\n\"¦\"\\u2028x\"¦\"x\\u0085y\"¦x\u{a0}y¦$(V)¦\"$(V)-$(W)\"¦'-'¦\"---\"¦\"null\"¦\"x\\\\y\"¦'a\"b'¦\"\\x41\"›",
    ),
    (
        "number",
        "‹1¦0¦-1¦0777¦0o17¦0x1F¦0b11¦1_000¦1.0¦1.50¦1e3¦.5¦5.¦-0¦12345678901234567890¦99999999999999999999¦1:30¦+1¦08¦1e21¦1.5e-7›",
    ),
];
