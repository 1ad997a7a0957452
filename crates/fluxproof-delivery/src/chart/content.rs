//! What a chart brings, in words that the model can use.

use crate::ObjectRef;
use crate::facts::kubernetes;

/// What a chart brings into a cluster with the values of one release.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ChartContent {
    /// The chart's name.
    pub name: String,
    /// The chart's version.
    pub version: String,
    /// Every object, in the order of its files.
    pub objects: Vec<ChartObject>,
    /// Charts that it depends on and that do not lie in its `charts/` folder.
    pub missing: Vec<MissingChart>,
    /// Why it may bring more than that, in words.
    pub open: Vec<String>,
}

/// Whether something is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Presence {
    /// Whatever is not known, it is.
    Certain,
    /// It depends on something that is not known.
    Possible,
}

/// When a release makes an object (helm.sh/helm pkg/action/install.go).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// From the folder `crds/`: applied and waited for before the templates are looked at.
    CrdFolder,
    /// A hook that runs before the install: its own definitions must be there already.
    PreInstall,
    /// A template: all of them are mapped to their kinds before any is created.
    Template,
    /// A hook that runs after the install.
    PostInstall,
    /// A hook of an upgrade, a rollback, a test or an uninstall: no part of an install.
    OtherHook,
}

/// An object of a chart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChartObject {
    /// `apps/v1`; `v1` for the core group.
    pub api_version: String,
    /// The kind.
    pub kind: String,
    /// The name, where it is known.
    pub name: Option<String>,
    /// The namespace, with the release's for one that says none; absent where it is not known.
    pub namespace: Option<String>,
    /// Whether it is there.
    pub presence: Presence,
    /// When it comes.
    pub stage: Stage,
    /// Whether `helm.sh/resource-policy: keep` leaves it behind.
    pub keep: bool,
    /// What more there is to it.
    pub detail: Detail,
    /// The file that it comes from, by its path in the chart.
    pub file: String,
}

/// What more there is to an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Detail {
    /// Nothing that counts here.
    None,
    /// A CustomResourceDefinition.
    Definition(ChartDefinition),
    /// The webhooks of a ValidatingWebhookConfiguration or a MutatingWebhookConfiguration.
    Webhooks(Vec<Webhook>),
    /// An APIService that a Service of the cluster answers: `namespace/name`, where it is known.
    ApiService {
        /// The group.
        group: String,
        /// The version.
        version: String,
        /// `namespace/name`
        service: Option<String>,
    },
}

/// A CRD of a chart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChartDefinition {
    /// `external-secrets.io`
    pub group: String,
    /// `ClusterSecretStore`
    pub kind: String,
    /// `clustersecretstores`
    pub plural: String,
    /// Whether its objects are in namespaces, where that is known.
    pub namespaced: Option<bool>,
    /// The versions that are served.
    pub served: Vec<String>,
    /// The version that is stored, where it is known.
    pub stored: Option<String>,
    /// The Service that converts between its versions: `namespace/name`, `""` where it is not known which.
    pub conversion: Option<String>,
}

/// An admission webhook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Webhook {
    /// Its name, as error texts have it.
    pub name: String,
    /// Whether it may change what it admits.
    pub mutating: bool,
    /// The Service that answers: `namespace/name`, where it is known.
    pub service: Option<String>,
    /// What it is asked about; none where that is not known.
    pub rules: Option<Vec<Rule>>,
    /// Whether it refuses while it does not answer, where that is known.
    pub refuses: Option<bool>,
    /// Which of the objects that its rules name it is asked about.
    pub scope: Scope,
    /// Whether it is there where its configuration is.
    pub presence: Presence,
}

/// Which objects a webhook is asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// All.
    All,
    /// All but those that a label takes out (`NotIn`, `DoesNotExist`).
    Most,
    /// Those that a selector or a match condition lets in.
    Some,
}

/// A rule of a webhook about making or changing objects.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rule {
    /// API groups; `*` is every one.
    pub groups: Vec<String>,
    /// Plurals; `*` is every one.
    pub resources: Vec<String>,
}

/// A chart that a chart depends on and that does not lie in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissingChart {
    /// Its name.
    pub name: String,
    /// The key of its values.
    pub key: String,
    /// The version as written.
    pub version: String,
    /// The url of its repository.
    pub repository: String,
    /// Whether its condition lets it in.
    pub presence: Presence,
}

impl ChartObject {
    /// The API group; `""` for the core group.
    #[must_use]
    pub fn group(&self) -> &str {
        self.api_version.split_once('/').map_or("", |(group, _)| group)
    }

    /// The object as the model names it; `?` where its name is not known.
    #[must_use]
    pub fn identity(&self) -> ObjectRef {
        ObjectRef {
            api_version: self.api_version.clone(),
            kind: self.kind.clone(),
            namespace: self.namespace.clone(),
            name: self.name.clone().unwrap_or_else(|| "?".to_owned()),
        }
    }

    /// Whether helm waits for it to be ready: what runs, and what answers (kstatus).
    #[must_use]
    pub fn is_workload(&self) -> bool {
        matches!((self.group(), self.kind.as_str()), ("apps", "Deployment" | "StatefulSet" | "DaemonSet"))
    }
}

impl ChartContent {
    /// The CRDs, with the objects that they are.
    pub fn definitions(&self) -> impl Iterator<Item = (&ChartObject, &ChartDefinition)> {
        self.objects.iter().filter_map(|object| match &object.detail {
            Detail::Definition(definition) => Some((object, definition)),
            _ => None,
        })
    }

    /// The admission webhooks, with the configurations that they are in.
    pub fn webhooks(&self) -> impl Iterator<Item = (&ChartObject, &Webhook)> {
        self.objects.iter().flat_map(|object| match &object.detail {
            Detail::Webhooks(hooks) => hooks.iter().map(|hook| (object, hook)).collect(),
            _ => Vec::new(),
        })
    }

    /// The objects of an install whose group is none of Kubernetes itself.
    pub fn custom_resources(&self) -> impl Iterator<Item = &ChartObject> {
        let custom = |o: &&ChartObject| !kubernetes::is_builtin_group(o.group());
        self.objects.iter().filter(|o| o.stage != Stage::OtherHook).filter(custom)
    }
}
