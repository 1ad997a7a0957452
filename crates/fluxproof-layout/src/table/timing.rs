//! How often Flux looks, and how long it waits.

use super::TIMING;
use crate::fields::Field;
use crate::fields::Kind::Duration;

pub(super) const FIELDS: &[Field] = &[
    Field::new("intervals.kustomizations", Duration, "Reconcile")
        .default("10m")
        .help("How often the Kustomizations and the HelmRelease are looked at without a change.")
        .group(TIMING),
    Field::new("intervals.sources", Duration, "Sources")
        .default("1h")
        .help("How often the sources of CRDs and chart are looked at.")
        .group(TIMING),
    Field::new("intervals.retry", Duration, "Retry")
        .default("1m")
        .help("How soon what failed is tried again.")
        .group(TIMING),
    Field::new("timeouts.helmRelease", Duration, "HelmRelease")
        .default("5m")
        .help("How long Helm waits for the operator's pods.")
        .group(TIMING),
    Field::new("timeouts.operator", Duration, "Operator")
        .default("6m")
        .help("How long its Kustomization waits for the HelmRelease: longer than Helm waits.")
        .group(TIMING),
    Field::new("timeouts.crds", Duration, "CRDs").default("3m").help("How long the CRDs are waited for.").group(TIMING),
    Field::new("timeouts.stores", Duration, "Store")
        .default("3m")
        .help("How long the store's login to Vault is waited for. A mend has to wait as long.")
        .group(TIMING),
];
