//! The `images` field (`ImageTagTransformer.go`, `api/filters/imagetag`, `api/internal/image`).

use super::image_name::{Matcher, split};
use crate::Resource;
use crate::build::{Accumulator, Builder, Level};
use crate::kustomization::{field, items, text};
use crate::spec::{FieldSpec, Make, Rows, visit, wrong_kind};
use crate::tree::Writer;
use fluxproof_yaml::{Data, EcoString, Problem, Sources, Value};

/// Lists of containers, wherever in an object they are.
const CONTAINERS: [&str; 2] = ["containers", "initContainers"];

/// One entry of `images`.
struct Image<'k> {
    matcher: Matcher,
    new_name: Option<&'k str>,
    new_tag: Option<&'k str>,
    tag_suffix: Option<&'k str>,
    digest: Option<&'k str>,
    writer: Writer,
    sources: &'k Sources,
}

/// Changes the images that `images`, or `imageTags` as it was called, names.
pub(crate) fn apply(
    builder: &mut Builder<'_, '_>,
    level: Level<'_>,
    accumulator: &mut Accumulator,
) -> Result<(), Problem> {
    let listed = || ["images", "imageTags"].into_iter().flat_map(|name| items(level.kustomization, name));
    if listed().next().is_none() {
        return Ok(());
    }
    let config = accumulator.config.clone();
    let rows = Rows::new(&config.images);
    listed().try_for_each(|image| change(builder, accumulator, &Image::new(builder.sources(), image)?, &rows))
}

/// `kind: ImageTagTransformer`
pub(crate) fn plugin(
    builder: &mut Builder<'_, '_>,
    _level: Level<'_>,
    config: &Value,
    accumulator: &mut Accumulator,
) -> Result<(), Problem> {
    let empty = Value::map(config.span, []);
    let image = Image::new(builder.sources(), field(config, "imageTag").unwrap_or(&empty))?;
    change(builder, accumulator, &image, &Rows::new(&FieldSpec::list(config, "fieldSpecs")))
}

/// kustomize looks twice, so a suffix of the tag is added twice to the images of pods.
fn change(
    builder: &mut Builder<'_, '_>,
    accumulator: &mut Accumulator,
    image: &Image<'_>,
    rows: &Rows,
) -> Result<(), Problem> {
    if !builder.spend(accumulator.set.len(), image.writer.at) {
        return Ok(());
    }
    let not_crd = |resource: &&mut Resource| resource.kind() != "CustomResourceDefinition";
    for resource in accumulator.set.contents_mut().filter(not_crd) {
        if let Some(value) = image.in_containers(&resource.value)? {
            resource.value = value;
        }
    }
    for resource in accumulator.set.contents_mut().filter(not_crd) {
        let gvk = resource.gvk();
        for row in rows.of(&gvk) {
            visit(resource, row, Make::Nothing, image.writer, &mut |old| image.changed(old))?;
        }
    }
    Ok(())
}

impl<'k> Image<'k> {
    fn new(sources: &'k Sources, image: &'k Value) -> Result<Self, Problem> {
        let said = |name| text(image, name).and_then(Value::as_str);
        let name = field(image, "name");
        let pattern = name.and_then(Value::as_str).unwrap_or_default();
        let refused = |why: String| Problem::new(name.map_or(image.span, |name| name.span), why);
        Ok(Self {
            matcher: Matcher::new(pattern).map_err(refused)?,
            new_name: said("newName"),
            new_tag: said("newTag"),
            tag_suffix: said("tagSuffix"),
            digest: said("digest"),
            writer: Writer::new("images", image.span),
            sources,
        })
    }

    /// A value with the images of all containers in it changed; `None` where none is.
    fn in_containers(&self, value: &Value) -> Result<Option<Value>, Problem> {
        match &value.data {
            Data::Scalar(..) => Ok(None),
            Data::Seq(items) => {
                let mut changed: Option<Value> = None;
                for (at, item) in items.iter().enumerate() {
                    if let Some(new) = self.in_containers(item)? {
                        put_item(changed.get_or_insert_with(|| value.clone()), at, new);
                    }
                }
                Ok(changed)
            }
            Data::Map(entries) => {
                let mut changed: Option<Value> = None;
                for (at, entry) in entries.iter().enumerate() {
                    if let Some(new) = self.in_entry(&entry.key, &entry.value)? {
                        put_entry(changed.get_or_insert_with(|| value.clone()), at, new);
                    }
                }
                Ok(changed)
            }
        }
    }

    fn in_entry(&self, key: &str, value: &Value) -> Result<Option<Value>, Problem> {
        let inner = self.in_containers(value)?;
        if !CONTAINERS.contains(&key) || !value.is_seq() {
            return Ok(inner);
        }
        let mut changed = inner;
        for (at, container) in value.items().iter().enumerate() {
            if let Some(image) = self.of_container(container)? {
                let items = changed.get_or_insert_with(|| value.clone()).items_mut();
                let place = items.and_then(|items| items.make_mut().get_mut(at)).and_then(|item| item.get_mut("image"));
                place.into_iter().for_each(|place| *place = image.clone());
            }
        }
        Ok(changed)
    }

    fn of_container(&self, container: &Value) -> Result<Option<Value>, Problem> {
        if !container.is_map() && !container.is_null() {
            return Err(wrong_kind(container, "MappingNode"));
        }
        container.get("image").map_or(Ok(None), |image| self.changed(image))
    }

    /// The new name of an image; `None` where it is not meant, or is that already.
    fn changed(&self, old: &Value) -> Result<Option<Value>, Problem> {
        let Some(text) = old.scalar_text() else { return Err(wrong_kind(old, "ScalarNode")) };
        if !self.matcher.matches(text) {
            return Ok(None);
        }
        let new = self.renamed(text);
        Ok((new != text.as_str()).then(|| self.writer.retyped(self.sources, old, new)))
    }

    /// A new tag or digest takes the place of both.
    fn renamed(&self, image: &EcoString) -> String {
        let (name, tag, digest) = split(image);
        let name = self.new_name.unwrap_or(name);
        let suffixed = format!("{tag}{}", self.tag_suffix.unwrap_or(""));
        let (tag, digest) = match (self.new_tag, self.digest, self.tag_suffix) {
            (None, None, None) => (tag, digest),
            (None, None, Some(_)) => (suffixed.as_str(), ""),
            (tag, digest, _) => (tag.unwrap_or(""), digest.unwrap_or("")),
        };
        let part = |sign: &str, text: &str| if text.is_empty() { String::new() } else { format!("{sign}{text}") };
        format!("{name}{}{}", part(":", tag), part("@", digest))
    }
}

fn put_item(list: &mut Value, at: usize, new: Value) {
    if let Some(place) = list.items_mut().and_then(|items| items.make_mut().get_mut(at)) {
        *place = new;
    }
}

fn put_entry(map: &mut Value, at: usize, new: Value) {
    if let Some(place) = map.entries_mut().and_then(|entries| entries.make_mut().get_mut(at)) {
        place.value = new;
    }
}
