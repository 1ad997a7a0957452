//! The registry: one line a rule, by name.

mod build_fails;
mod crds_of_another_version;
mod crds_pruned;
mod crds_with_two_owners;
mod cross_namespace_reference;
mod custom_resource_before_crd;
mod custom_resource_before_webhook;
mod custom_resource_beside_its_operator;
mod dead_crd_policy;
mod dead_create_namespace;
mod dead_release_field;
mod dependency_cycle;
mod dependency_not_awaited;
mod disabled_wait;
mod duplicate_health_check_expression;
mod empty_kustomization;
mod flux_field_too_new;
mod force_left_on;
mod health_check_passes_vacuously;
mod ignored_kustomization_field;
mod invalid_cel_expression;
mod invalid_source_reference;
mod mismatched_repository_type;
mod missing_flux_field;
mod missing_path;
mod object_before_namespace;
mod object_with_two_owners;
mod object_without_namespace;
mod plaintext_secret;
mod ready_expression_ignores_readiness;
mod reference_before_object;
mod reference_of_another_namespace;
mod refused_object;
mod refused_retry_interval;
mod release_without_retries;
mod releases_with_one_name;
mod remote_base;
mod timeout_shorter_than_install;
mod too_many_waiting_parents;
mod undefined_variable;
mod unknown_chart_value;
mod unknown_dependency;
mod unknown_flux_field;
mod unknown_health_check;
mod unknown_source;
mod unlisted_manifest;
mod unserved_api_version;
mod upgrade_out_of_step;
mod waits_for_suspended;
mod webhook_can_lock_its_operator;

use crate::Rule;

/// Every rule.
pub(crate) const ALL: &[&Rule] = &[
    &build_fails::RULE,
    &crds_of_another_version::RULE,
    &crds_pruned::RULE,
    &crds_with_two_owners::RULE,
    &cross_namespace_reference::RULE,
    &custom_resource_before_crd::RULE,
    &custom_resource_before_webhook::RULE,
    &custom_resource_beside_its_operator::RULE,
    &dead_crd_policy::RULE,
    &dead_create_namespace::RULE,
    &dead_release_field::RULE,
    &dependency_cycle::RULE,
    &dependency_not_awaited::RULE,
    &disabled_wait::RULE,
    &duplicate_health_check_expression::RULE,
    &empty_kustomization::RULE,
    &flux_field_too_new::RULE,
    &force_left_on::RULE,
    &health_check_passes_vacuously::RULE,
    &ignored_kustomization_field::RULE,
    &invalid_cel_expression::RULE,
    &invalid_source_reference::RULE,
    &mismatched_repository_type::RULE,
    &missing_flux_field::RULE,
    &missing_path::RULE,
    &object_before_namespace::RULE,
    &object_with_two_owners::RULE,
    &object_without_namespace::RULE,
    &plaintext_secret::RULE,
    &ready_expression_ignores_readiness::RULE,
    &reference_before_object::RULE,
    &reference_of_another_namespace::RULE,
    &refused_object::RULE,
    &refused_retry_interval::RULE,
    &release_without_retries::RULE,
    &releases_with_one_name::RULE,
    &remote_base::RULE,
    &timeout_shorter_than_install::RULE,
    &too_many_waiting_parents::RULE,
    &undefined_variable::RULE,
    &unknown_chart_value::RULE,
    &unknown_dependency::RULE,
    &unknown_flux_field::RULE,
    &unknown_health_check::RULE,
    &unknown_source::RULE,
    &unlisted_manifest::RULE,
    &unserved_api_version::RULE,
    &upgrade_out_of_step::RULE,
    &waits_for_suspended::RULE,
    &webhook_can_lock_its_operator::RULE,
];
