//! Helm charts: kustomize runs helm for them only where `--enable-helm` says so; Flux does not, nor can this engine.

use crate::build::{Accumulator, Builder, External, Level};
use crate::kustomization::{entry, field, items, text};
use crate::patch::configured;
use fluxproof_yaml::{Problem, Value};

/// kustomize's text (`HelmChartInflationGenerator.go`).
const DISABLED: &str = "must specify --enable-helm";

/// `helmCharts`, and `helmChartInflationGenerator`, its old form.
pub(crate) fn charts(
    builder: &mut Builder<'_, '_>,
    level: Level<'_>,
    _accumulator: &mut Accumulator,
) -> Result<(), Problem> {
    for name in ["helmCharts", "helmChartInflationGenerator"] {
        for chart in items(level.kustomization, name) {
            let problem = refuse(builder, chart);
            let fields: Vec<(&str, &Value)> =
                chart.entries().iter().map(|entry| (entry.key.as_str(), &entry.value)).collect();
            builder.fail(configured(problem, "HelmChartInflationGenerator", chart, &fields));
        }
    }
    Ok(())
}

/// Records a chart and says why nothing is made of it.
pub(crate) fn refuse(builder: &mut Builder<'_, '_>, chart: &Value) -> Problem {
    let part = |names: [&str; 2]| names.into_iter().find_map(|name| text(chart, name)).and_then(Value::as_str);
    let (repo, name) = (part(["repo", "chartRepoUrl"]), part(["name", "chartName"]));
    let span = field(chart, "name").map_or(chart.span, |name| name.span);
    if let Some(repo) = repo {
        let url = format!("{}/{}", repo.trim_end_matches('/'), name.unwrap_or_default());
        builder.external.push(External { url, span: entry(chart, "repo").map_or(span, |repo| repo.value.span) });
    }
    Problem::new(span, DISABLED)
        .note("Flux builds with kustomize, which renders Helm charts only with a flag that Flux does not set")
        .help("install the chart with a HelmRelease")
}
