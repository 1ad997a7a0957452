//! The templates: one for each generated file, and what each file is there for.

/// A template and the files that it becomes.
pub(crate) struct Template {
    /// The path of the template, without `.j2`.
    pub(crate) source: &'static str,
    /// The file's path: `*` becomes the name of what it is for.
    pub(crate) path: &'static str,
    /// Its text, with `<< >>` around values and `<% %>` around conditions: `{{ }}` and `${ }` mean something in the files themselves.
    pub(crate) text: &'static str,
    /// What it is made for: once, or for each of something.
    pub(crate) part: Part,
    /// What is in it, for the picture of the tree.
    pub(crate) note: &'static str,
    /// Why it is there, for the README.
    pub(crate) why: &'static str,
}

/// What a template is made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    /// Always.
    Always,
    /// A repository of its own.
    Repository,
    /// CRDs of a Kustomization's own.
    Crds,
    /// CRDs that lie in the tree.
    Vendored,
    /// A source that is not the operator's alone.
    Sources,
    /// The chart from OCI.
    Oci,
    /// Network policies.
    NetworkPolicies,
    /// Service accounts of stores.
    Accounts,
    /// Each Secret under SOPS.
    Secret,
    /// The rule of SOPS.
    Sops,
    /// Each store.
    Store,
    /// Each store whose Secrets come from another one.
    LateStore,
    /// Stores of that kind.
    Late,
    /// Each Secret from another store.
    Credential,
    /// Each cluster.
    Cluster,
    /// Each cluster, where they have values of their own.
    Settings,
    /// Each cluster, where Flux comes by a FluxInstance.
    Instance,
    /// Each cluster, where there are applications.
    Applications,
    /// Each cluster, where there are tenants.
    Tenants,
    /// Each application.
    Application,
    /// Each application that brings its namespace.
    ApplicationNamespace,
    /// The secret of each application.
    ApplicationSecret,
    /// Each tenant.
    Tenant,
}

macro_rules! template {
    ($part:ident, $path:literal, $note:literal, $why:literal) => {
        template!($part, $path, $path, $note, $why)
    };
    ($part:ident, $source:literal, $path:literal, $note:literal, $why:literal) => {
        Template {
            source: $source,
            path: $path,
            text: include_str!(concat!("../templates/", $source, ".j2")),
            part: Part::$part,
            note: $note,
            why: $why,
        }
    };
}

/// The template of the entry.
pub(crate) const ENTRY: &str = "clusters/cluster/external-secrets.yaml";

/// The folder that `folder` of the config stands for.
pub(crate) const FOLDER: &str = "infrastructure/external-secrets";

/// Every template.
pub(crate) const TEMPLATES: &[Template] = &[
    template!(Repository, "README.md", "", "This page, written for this very selection."),
    template!(Sops, "sops.yaml", ".sops.yaml", "", "How `sops` encrypts the Secrets of this tree."),
    template!(
        Cluster,
        "clusters/cluster/external-secrets.yaml",
        "clusters/*/external-secrets.yaml",
        "the entry",
        "The one object that the cluster's own Kustomization applies; all else follows from it. It does not wait, because a part of it depends on it."
    ),
    template!(
        Settings,
        "clusters/cluster/cluster-settings.yaml",
        "clusters/*/cluster-settings.yaml",
        "its values",
        "What differs between the clusters. The stores read it as variables."
    ),
    template!(
        Instance,
        "clusters/cluster/flux-instance.yaml",
        "clusters/*/flux-instance.yaml",
        "Flux itself",
        "Flux, for the Flux operator: its release, its parts, and this folder as what it delivers."
    ),
    template!(
        Applications,
        "clusters/cluster/applications.yaml",
        "clusters/*/applications.yaml",
        "the applications",
        "A Kustomization for each application. It comes after the store that the application needs."
    ),
    template!(
        Tenants,
        "clusters/cluster/tenants.yaml",
        "clusters/*/tenants.yaml",
        "the tenants",
        "A namespace, an account with rights in it, and a Kustomization by that account, for each tenant."
    ),
    template!(
        Application,
        "apps/application/kustomization.yaml",
        "apps/*/kustomization.yaml",
        "",
        "Lists the application's objects: add yours."
    ),
    template!(
        ApplicationNamespace,
        "apps/application/namespace.yaml",
        "apps/*/namespace.yaml",
        "",
        "The application's namespace. It is never pruned."
    ),
    template!(
        ApplicationSecret,
        "apps/application/externalSecret.yaml",
        "apps/*",
        "",
        "What the application gets from the store, or pushes into it."
    ),
    template!(
        Tenant,
        "tenants/tenant/kustomization.yaml",
        "tenants/*/kustomization.yaml",
        "",
        "Lists the tenant's objects."
    ),
    template!(
        Tenant,
        "tenants/tenant/externalSecret.yaml",
        "tenants/*/externalSecret.yaml",
        "",
        "A first secret of the tenant, as a pattern for more."
    ),
    template!(
        Store,
        "infrastructure/external-secrets/crs/store.yaml",
        "infrastructure/external-secrets/crs/*",
        "the store",
        "The store itself: where the secrets are and how to log in."
    ),
    template!(
        Always,
        "infrastructure/external-secrets/crs/kustomization.yaml",
        "",
        "Lists the stores. A folder of its own, because stores need the CRDs and the running webhook before they can be applied."
    ),
    template!(
        Accounts,
        "infrastructure/external-secrets/crs/serviceAccounts.yaml",
        "",
        "The service accounts that stores log in with, beside the operator's own."
    ),
    template!(
        Credential,
        "infrastructure/external-secrets/credentials/externalSecret.yaml",
        "infrastructure/external-secrets/credentials/*",
        "",
        "A Secret for a store, from another store."
    ),
    template!(
        Late,
        "infrastructure/external-secrets/credentials/kustomization.yaml",
        "",
        "Lists the Secrets that come from a store. A folder of its own, because they need that store."
    ),
    template!(
        LateStore,
        "infrastructure/external-secrets/crs/store.yaml",
        "infrastructure/external-secrets/crs-late/*",
        "a later store",
        "A store whose Secrets come from another one."
    ),
    template!(
        Late,
        "infrastructure/external-secrets/crs-late/kustomization.yaml",
        "",
        "Lists the stores that come after the others, because their Secrets come from them."
    ),
    template!(Vendored, "infrastructure/external-secrets/crds/kustomization.yaml", "", "Lists the copy of the CRDs."),
    template!(
        Crds,
        "infrastructure/external-secrets/deployment-crds.yaml",
        "Kustomization external-secrets-crds",
        "Applies the CRDs. `prune: false`: a deleted CRD would take every ExternalSecret, and their Secrets, along."
    ),
    template!(
        Late,
        "infrastructure/external-secrets/deployment-credentials.yaml",
        "Kustomization external-secrets-credentials",
        "Applies the Secrets of later stores, and is Ready when they are there."
    ),
    template!(
        Late,
        "infrastructure/external-secrets/deployment-crs-late.yaml",
        "Kustomization external-secrets-crs-late",
        "Applies the stores whose Secrets come from another one, after these."
    ),
    template!(
        Always,
        "infrastructure/external-secrets/deployment-crs.yaml",
        "Kustomization external-secrets-crs",
        "Applies the stores after the operator, and is Ready when they have logged in: what your applications depend on."
    ),
    template!(
        Always,
        "infrastructure/external-secrets/deployment-operator.yaml",
        "Kustomization external-secrets-operator",
        "Applies the operator when this commit and the CRDs of its version are there, and waits until its webhook serves."
    ),
    template!(
        Always,
        "infrastructure/external-secrets/fluxproof-layout.yaml",
        "what it was made from",
        "The config of this very layout: change it and run `fluxproof generate --update`. Flux does not read it."
    ),
    template!(Always, "infrastructure/external-secrets/kustomization.yaml", "", "Lists what the entry applies."),
    template!(
        Always,
        "infrastructure/external-secrets/namespace.yaml",
        "",
        "The operator's namespace. It is never pruned: whatever else is in it would go as well."
    ),
    template!(
        Oci,
        "infrastructure/external-secrets/operator/chart.yaml",
        "the chart",
        "The chart's artifact. It is here and not among the sources, because there it would change before the CRDs do."
    ),
    template!(
        Always,
        "infrastructure/external-secrets/operator/deployment.yaml",
        "the HelmRelease",
        "The operator, in its own namespace. A failed install or upgrade is tried again, for ever."
    ),
    template!(
        Always,
        "infrastructure/external-secrets/operator/kustomization.yaml",
        "",
        "Lists the operator's objects. A folder of its own, because they come before the stores."
    ),
    template!(
        NetworkPolicies,
        "infrastructure/external-secrets/operator/networkPolicies.yaml",
        "",
        "Lets nothing reach the operator but the webhook's callers, probes and metrics."
    ),
    template!(
        Sources,
        "infrastructure/external-secrets/repositories.yaml",
        "the sources",
        "Where CRDs and chart come from."
    ),
    template!(
        Secret,
        "infrastructure/external-secrets/secret.yaml",
        "infrastructure/external-secrets/*",
        "to be filled and encrypted",
        "A Secret that a store logs in with, encrypted by SOPS. The entry applies it, so it is there before the store that needs it."
    ),
];
