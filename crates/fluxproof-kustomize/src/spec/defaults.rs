//! kustomize's own field specs (`api/internal/konfig/builtinpluginconsts`), as a table.

use super::config::{Backreference, Config, FieldSpec};
use crate::model::Gvk;
use std::sync::{Arc, LazyLock};

/// The file says where it is from and what its columns are.
const TABLE: &str = include_str!("../../data/field-specs.tsv");

static DEFAULTS: LazyLock<Arc<Config>> = LazyLock::new(|| Arc::new(read()));

/// What kustomize has before any `configurations` (`MakeDefaultConfig`).
pub(super) fn defaults() -> Arc<Config> {
    DEFAULTS.clone()
}

fn read() -> Config {
    let mut config = Config::default();
    for line in TABLE.lines().filter(|line| !line.starts_with('#')) {
        let mut columns = line.split('\t');
        let mut column = || columns.next().unwrap_or_default();
        let (fields, target, kinds, paths) = (column(), column(), column(), column());
        let specs = || kinds.split(' ').flat_map(|kind| paths.split(' ').map(move |path| spec(kind, path)));
        for field in fields.split(' ') {
            add(&mut config, field, target, specs());
        }
    }
    config.sort();
    config
}

fn add(config: &mut Config, field: &str, target: &str, specs: impl Iterator<Item = FieldSpec>) {
    match config.list(field) {
        Some(list) => list.extend(specs),
        None => {
            let gvk = gvk(target);
            match config.name_reference.iter_mut().find(|known| known.gvk == gvk) {
                Some(known) => known.referrers.extend(specs),
                None => config.name_reference.push(Backreference { gvk, referrers: specs.collect() }),
            }
        }
    }
}

fn spec(kind: &str, path: &str) -> FieldSpec {
    let (create, path) = path.strip_prefix('+').map_or((false, path), |path| (true, path));
    let gvk = gvk(kind);
    let path = match path.strip_prefix('@') {
        Some(inner) => format!("{}/{inner}", pod_spec(&gvk.kind)).into(),
        None => path.into(),
    };
    FieldSpec { gvk, path, create }
}

/// Where the pod of a kind is.
fn pod_spec(kind: &str) -> &'static str {
    match kind {
        "Pod" => "spec",
        "PodTemplate" => "template/spec",
        "CronJob" => "spec/jobTemplate/spec/template/spec",
        _ => "spec/template/spec",
    }
}

/// `Kind`, `Kind.version` or `Kind.version.group`; `*` is any.
fn gvk(text: &str) -> Gvk {
    let mut parts = text.splitn(3, '.').map(|part| if part == "*" { "" } else { part });
    let mut part = || parts.next().unwrap_or_default().into();
    let (kind, version, group) = (part(), part(), part());
    Gvk { group, version, kind }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_of_the_table_is_read() {
        let config = defaults();
        let fields = [&config.name_prefix, &config.name_suffix, &config.namespace, &config.images, &config.replicas];
        assert_eq!(fields.map(Vec::len), [1, 1, 3, 6, 4]);
        let labels = [&config.common_labels, &config.template_labels, &config.labels, &config.common_annotations];
        assert_eq!(labels.map(Vec::len), [32, 10, 0, 9]);
        let count = |kind: &str| {
            config
                .name_reference
                .iter()
                .filter(|one| one.gvk.kind == kind)
                .map(|one| one.referrers.len())
                .sum::<usize>()
        };
        assert_eq!((count("ConfigMap"), count("Secret"), count("Service")), (52, 70, 8));
        assert_eq!((config.name_reference.len(), config.var_reference.len()), (16, 72));
    }

    #[test]
    fn a_pod_is_where_its_kind_has_it() {
        let spec = spec("CronJob..batch", "@volumes/secret/secretName");
        assert_eq!(spec.path, "spec/jobTemplate/spec/template/spec/volumes/secret/secretName");
        assert_eq!((&*spec.gvk.group, &*spec.gvk.version, spec.create), ("batch", "", false));
    }
}
