//! What the objects need that the chart of a HelmRelease makes, where the chart could be read.

use super::object::is_custom;
use super::{Gather, Wanted};
use crate::chart::{ChartObject, Presence, Stage};
use crate::model::{Before, Group, Need, Owner, ReleaseNode};

/// Adds the needs of the custom resources among the templates. What comes after the install finds its definition there,
/// and what is only possible may not be there at all.
pub(super) fn needs(gather: &mut Gather<'_>, index: usize) {
    let release = &gather.expansion.releases[index];
    let Some(content) = &release.content else { return };
    let sure = |o: &&ChartObject| o.presence == Presence::Certain && o.stage <= Stage::Template;
    for object in content.custom_resources().filter(sure).filter(|object| is_custom(object.group())) {
        gather.all.extend(of(index, release, object));
    }
}

fn of(index: usize, release: &ReleaseNode, object: &ChartObject) -> [Wanted; 3] {
    let chart = release.resource.value.at(&["spec", "chart", "spec", "chart"]);
    let span = Some(chart.map_or_else(|| release.resource.name_span(), |value| value.span));
    let (group, kind) = (object.group().to_owned(), object.kind.clone());
    let version = object.api_version.rsplit('/').next().unwrap_or_default().to_owned();
    let webhook = Need::Webhook(format!("{group}/{kind}"));
    let conversion = Need::Conversion { group: group.clone(), kind: kind.clone(), version: version.clone() };
    let definition = Need::Definition { group, kind, version };
    let needs = [(definition, Group::Definitions), (webhook, Group::Webhooks), (conversion, Group::Webhooks)];
    let (owner, universe) = (Owner::Release(index), release.universe);
    let wanted =
        |(need, group)| Wanted { owner, object: object.identity(), need, group, span, before: Before::Apply, universe };
    needs.map(wanted)
}

/// Whether the chart of a release makes the namespace that the release goes to.
pub(super) fn makes_its_namespace(release: &ReleaseNode) -> bool {
    let is_it =
        |o: &ChartObject| o.kind == "Namespace" && o.name.as_deref().is_none_or(|n| n == release.target_namespace);
    release.content.as_ref().is_some_and(|content| content.objects.iter().any(is_it))
}
