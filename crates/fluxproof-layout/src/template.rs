//! The templates: one for each generated file, and what each file is there for.

/// A template and the file that it becomes.
pub(crate) struct Template {
    /// The file's path; the folder `cluster` becomes the cluster's name.
    pub(crate) path: &'static str,
    /// Its text, with `<< >>` around values and `<% %>` around conditions: `{{ }}` and `${ }` mean something in the files themselves.
    pub(crate) text: &'static str,
    /// When it is there.
    pub(crate) part: Part,
    /// What is in it, for the picture of the tree.
    pub(crate) note: &'static str,
    /// Why it is there, for the README.
    pub(crate) why: &'static str,
}

/// When a file is generated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    /// Always.
    Always,
    /// With a repository of its own.
    Repository,
    /// With the AppRole login.
    AppRole,
    /// With the token login.
    Token,
    /// With the chart from OCI.
    Oci,
}

macro_rules! template {
    ($part:ident, $path:literal, $note:literal, $why:literal) => {
        Template {
            path: $path,
            text: include_str!(concat!("../templates/", $path, ".j2")),
            part: Part::$part,
            note: $note,
            why: $why,
        }
    };
}

/// The template of the entry.
pub(crate) const ENTRY: &str = "clusters/cluster/external-secrets.yaml";

/// Every template, by path.
pub(crate) const TEMPLATES: &[Template] = &[
    template!(Repository, "README.md", "", "This page, written for this very selection."),
    template!(
        Repository,
        "clusters/cluster/external-secrets.yaml",
        "the entry",
        "The one object that the cluster's own Kustomization applies; all else follows from it. It does not wait, because a part of it depends on it."
    ),
    template!(
        Always,
        "infrastructure/external-secrets/crs/clusterSecretStore.yaml",
        "the store",
        "The store itself: where Vault is and how to log in."
    ),
    template!(
        Always,
        "infrastructure/external-secrets/crs/kustomization.yaml",
        "",
        "Lists the stores. A folder of its own, because stores need the CRDs and the running webhook before they can be applied."
    ),
    template!(
        Always,
        "infrastructure/external-secrets/deployment-crds.yaml",
        "Kustomization external-secrets-crds",
        "Applies the CRDs. `prune: false`: a deleted CRD would take every ExternalSecret, and their Secrets, along."
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
        "infrastructure/external-secrets/kustomization.yaml",
        "",
        "Lists what the entry applies, and copies the version from the tag to the operator, so that the two cannot differ."
    ),
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
        "The operator, without CRDs, in its own namespace. A failed install or upgrade is tried again, for ever."
    ),
    template!(
        Always,
        "infrastructure/external-secrets/operator/kustomization.yaml",
        "",
        "Lists the operator's objects. A folder of its own, because they come after the CRDs and before the stores."
    ),
    template!(
        Always,
        "infrastructure/external-secrets/repositories.yaml",
        "the sources, and the version",
        "Where CRDs and chart come from. The tag in it is the only version in this tree."
    ),
    template!(
        AppRole,
        "infrastructure/external-secrets/secret-approle.yaml",
        "to be filled and encrypted",
        "Role id and secret id, encrypted by SOPS. The entry applies it, so it is there before the store that needs it."
    ),
    template!(
        Token,
        "infrastructure/external-secrets/secret-token.yaml",
        "to be filled and encrypted",
        "The token, encrypted by SOPS. The entry applies it, so it is there before the store that needs it."
    ),
];
