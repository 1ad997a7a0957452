//! The repository: its folders, clusters, tenants, and how Flux gets to it.

use super::{CLUSTERS, REPOSITORY, choice};
use crate::fields::Kind::{Choice as Choose, Folder, Items, Label, Map, Name, Path, Text, Version};
use crate::fields::{Choice, Field};

const MODES: &[Choice] = &[choice("repository", "Repository"), choice("embed", "Folder only")];
const KINDS: &[Choice] =
    &[choice("GitRepository", "GitRepository"), choice("OCIRepository", "OCIRepository"), choice("Bucket", "Bucket")];
const BOOTSTRAPS: &[Choice] = &[choice("flux", "flux bootstrap"), choice("fluxInstance", "FluxInstance")];

const CLUSTER: &[Field] = &[
    Field::new("name", Folder, "Name").help("The cluster's folder under clusters/.").group(CLUSTERS),
    Field::new("version", Version, "External Secrets")
        .help("A release of its own, while it stays behind or goes ahead; empty for that of all.")
        .group(CLUSTERS),
    Field::new("values", Map, "Its values")
        .help("What differs in this cluster: the path of a field of the first store, such as vault.server, and its value here.")
        .group(CLUSTERS),
];

const TENANT: &[Field] = &[
    Field::new("name", Label, "Name")
        .help("The tenant: its namespace, its account, and its folder under tenants/.")
        .group(CLUSTERS),
    Field::new("role", Name, "Role")
        .default("admin")
        .help("The ClusterRole that its account has in its namespace. admin and edit include the objects of External Secrets.")
        .group(CLUSTERS),
];

pub(super) const FIELDS: &[Field] = &[
    Field::new("mode", Choose, "Generate")
        .default("repository")
        .help(
            "A repository with the cluster's entry and a README, or only the folder with External Secrets, for a \
             repository that has its own entry.",
        )
        .group(REPOSITORY)
        .choices(MODES),
    Field::new("folder", Path, "Path")
        .default("infrastructure/external-secrets")
        .help("The folder with External Secrets, from the root of the repository.")
        .group(REPOSITORY),
    Field::new("cluster", Folder, "Cluster")
        .default("demo")
        .help("The folder under clusters/ that Flux was bootstrapped with.")
        .group(REPOSITORY)
        .when("mode", "repository"),
    Field::new("embed.kustomization", Name, "Applied by")
        .default("flux-system")
        .help(
            "The Kustomization, in Flux's namespace, that applies the folder. It must not wait: a part of \
             the folder depends on it.",
        )
        .group(REPOSITORY)
        .when("mode", "embed"),
    Field::new("repository.name", Name, "Flux source")
        .default("flux-system")
        .help("The source in the cluster that holds this repository.")
        .group(REPOSITORY),
    Field::new("repository.kind", Choose, "Kind of source")
        .default("GitRepository")
        .help("The kind of that source.")
        .group(REPOSITORY)
        .choices(KINDS),
    Field::new("repository.namespace", Label, "Its namespace")
        .help("The namespace of that source; empty for Flux's.")
        .group(REPOSITORY),
    Field::new("bootstrap", Choose, "Flux comes by")
        .default("flux")
        .help(
            "How Flux gets into the cluster: flux bootstrap writes its own files, a FluxInstance is one of this tree.",
        )
        .group(REPOSITORY)
        .choices(BOOTSTRAPS)
        .when("mode", "repository"),
    Field::new("fluxInstance.url", Text, "Repository URL")
        .default("https://github.com/example/fleet.git")
        .help("Where Flux fetches this repository: https or ssh, or oci for an OCIRepository.")
        .group(REPOSITORY)
        .when("bootstrap", "fluxInstance"),
    Field::new("fluxInstance.ref", Text, "Ref")
        .default("refs/heads/main")
        .help("What of it: a Git reference, or a tag of the artifact.")
        .group(REPOSITORY)
        .when("bootstrap", "fluxInstance"),
    Field::new("fluxInstance.pullSecret", Name, "Pull secret")
        .help("The Secret in Flux's namespace with the login to it; empty for a public one.")
        .group(REPOSITORY)
        .when("bootstrap", "fluxInstance"),
    Field::new("fluxInstance.version", Text, "Flux version")
        .default("2.x")
        .help("The release of Flux, or a range of them.")
        .group(REPOSITORY)
        .when("bootstrap", "fluxInstance"),
    Field::new("fluxInstance.registry", Text, "Flux registry")
        .default("ghcr.io/fluxcd")
        .help("Where the images of Flux are.")
        .group(REPOSITORY)
        .when("bootstrap", "fluxInstance"),
    Field::new("clusters", Items, "More clusters")
        .help("Further clusters from the same base. Each has its own entry, and may have its own version and values.")
        .group(CLUSTERS)
        .when("mode", "repository")
        .items(CLUSTER),
    Field::new("tenants", Items, "Tenants")
        .help("Teams that deliver their own folder by an account of their own, after the stores.")
        .group(CLUSTERS)
        .when("mode", "repository")
        .items(TENANT),
];
