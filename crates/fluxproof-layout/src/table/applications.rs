//! Samples for applications: what they get from the stores, or push into them.

use super::{APPLICATIONS, choice};
use crate::fields::Kind::{Choice as Choose, Items, Label, Map, Name, Text, Texts};
use crate::fields::{Choice, Field};

const KINDS: &[Choice] = &[
    choice("ExternalSecret", "ExternalSecret"),
    choice("ClusterExternalSecret", "ClusterExternalSecret"),
    choice("PushSecret", "PushSecret"),
];

const APPLICATION: &[Field] = &[
    Field::new("name", Label, "Name")
        .help("The application: its folder under apps/, and its namespace unless another is named.")
        .group(APPLICATIONS),
    Field::new("namespace", Label, "Namespace").help("Its namespace; empty for its name.").group(APPLICATIONS),
    Field::new("kind", Choose, "Kind")
        .default("ExternalSecret")
        .help("A Secret from the store, the same in many namespaces, or a Secret into the store.")
        .group(APPLICATIONS)
        .choices(KINDS),
    Field::new("store", Name, "Store").help("The store; empty for the first.").group(APPLICATIONS),
    Field::new("secret", Name, "Secret").help("The Secret; empty for the application's name.").group(APPLICATIONS),
    Field::new("key", Text, "Remote key")
        .help("The key in the store; empty for the application's name.")
        .group(APPLICATIONS),
    Field::new("properties", Texts, "Properties")
        .help("The properties of that key, each a key of the Secret; none takes all of them.")
        .group(APPLICATIONS),
    Field::new("namespaceLabels", Map, "Namespaces")
        .help("The labels of the namespaces that get the Secret.")
        .group(APPLICATIONS)
        .when("kind", "ClusterExternalSecret"),
];

pub(super) const FIELDS: &[Field] = &[Field::new("applications", Items, "Applications")
    .help("A sample for each application: a Kustomization that comes after the stores, with its secret in it.")
    .group(APPLICATIONS)
    .when("mode", "repository")
    .items(APPLICATION)];
