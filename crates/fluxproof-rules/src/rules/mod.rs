//! The registry: one line a rule, by name.

mod build_fails;
mod crds_pruned;
mod crds_with_two_owners;
mod custom_resource_before_crd;
mod custom_resource_before_webhook;
mod custom_resource_beside_its_operator;
mod dead_create_namespace;
mod dead_release_field;
mod dependency_cycle;
mod dependency_not_awaited;
mod disabled_wait;
mod flux_field_too_new;
mod force_left_on;
mod invalid_source_reference;
mod mismatched_repository_type;
mod missing_flux_field;
mod missing_path;
mod object_before_namespace;
mod plaintext_secret;
mod refused_retry_interval;
mod release_without_retries;
mod unknown_chart_value;
mod unknown_dependency;
mod unknown_flux_field;
mod unknown_source;
mod unserved_api_version;

use crate::Rule;

/// Every rule.
pub(crate) const ALL: &[&Rule] = &[
    &build_fails::RULE,
    &crds_pruned::RULE,
    &crds_with_two_owners::RULE,
    &custom_resource_before_crd::RULE,
    &custom_resource_before_webhook::RULE,
    &custom_resource_beside_its_operator::RULE,
    &dead_create_namespace::RULE,
    &dead_release_field::RULE,
    &dependency_cycle::RULE,
    &dependency_not_awaited::RULE,
    &disabled_wait::RULE,
    &flux_field_too_new::RULE,
    &force_left_on::RULE,
    &invalid_source_reference::RULE,
    &mismatched_repository_type::RULE,
    &missing_flux_field::RULE,
    &missing_path::RULE,
    &object_before_namespace::RULE,
    &plaintext_secret::RULE,
    &refused_retry_interval::RULE,
    &release_without_retries::RULE,
    &unknown_chart_value::RULE,
    &unknown_dependency::RULE,
    &unknown_flux_field::RULE,
    &unknown_source::RULE,
    &unserved_api_version::RULE,
];
