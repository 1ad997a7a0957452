//! Which lists a strategic merge patch merges, and by which keys.

use std::sync::LazyLock;

/// The file says where its rows are from.
const TABLE: &str = include_str!("../data/merge-keys.tsv");

static ROWS: LazyLock<Vec<Row>> =
    LazyLock::new(|| TABLE.lines().filter(|line| !line.starts_with('#')).filter_map(row).collect());

struct Row {
    place: &'static str,
    path: &'static str,
    keys: Vec<&'static str>,
}

/// The types with pods inside, and where.
const PODS: [(&str, &str, &str); 10] = [
    ("v1", "Pod", ""),
    ("v1", "PodTemplate", "template."),
    ("v1", "ReplicationController", "spec.template."),
    ("apps/v1", "DaemonSet", "spec.template."),
    ("apps/v1", "Deployment", "spec.template."),
    ("apps/v1", "ReplicaSet", "spec.template."),
    ("apps/v1", "StatefulSet", "spec.template."),
    ("batch/v1", "Job", "spec.template."),
    ("batch/v1", "CronJob", "spec.jobTemplate.spec.template."),
    ("batch/v1beta1", "CronJob", "spec.jobTemplate.spec.template."),
];

fn row(line: &'static str) -> Option<Row> {
    let mut columns = line.split('\t');
    let (place, path) = (columns.next()?, columns.next()?);
    let keys = columns.next().unwrap_or("").split(',').filter(|key| !key.is_empty()).collect();
    Some(Row { place, path, keys })
}

/// How a list of an object is patched.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Strategy {
    Replace,
    /// Items are the same where these keys are; without keys, where they are the same scalar.
    Merge(&'static [&'static str]),
    /// The table does not say.
    Unknown,
}

/// The strategy of the list at a path (`spec.containers[].env`). Custom resources have no marks: theirs are replaced.
pub(crate) fn strategy(api_version: &str, kind: &str, path: &str) -> Strategy {
    let group = api_version.split_once('/').map_or("", |(group, _)| group);
    if group.contains('.') && !group.ends_with(".k8s.io") {
        return Strategy::Replace;
    }
    if path.starts_with("status.") || path == "status" {
        return Strategy::Unknown;
    }
    let in_pod = PODS.iter().find(|(api, pod, _)| *api == api_version && *pod == kind);
    let pod_path = in_pod.and_then(|(_, _, prefix)| path.strip_prefix(prefix));
    let place = format!("{api_version}/{kind}");
    let fits = |row: &&Row| match row.place {
        "object" => row.path == path,
        "pod" => pod_path == Some(row.path),
        other => other == place && row.path == path,
    };
    ROWS.iter().find(fits).map_or(Strategy::Replace, |row| Strategy::Merge(&row.keys))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_pods_wherever_they_are() {
        assert_eq!(strategy("v1", "Pod", "spec.containers"), Strategy::Merge(&["name"]));
        assert_eq!(
            strategy("apps/v1", "Deployment", "spec.template.spec.containers[].ports"),
            Strategy::Merge(&["containerPort", "protocol"])
        );
        assert_eq!(strategy("apps/v1", "Deployment", "spec.template.spec.containers[].args"), Strategy::Replace);
        assert_eq!(strategy("apps/v1", "Deployment", "metadata.finalizers"), Strategy::Merge(&[]));
        assert_eq!(strategy("helm.toolkit.fluxcd.io/v2", "HelmRelease", "spec.containers"), Strategy::Replace);
        assert_eq!(strategy("v1", "Pod", "status.conditions"), Strategy::Unknown);
    }
}
