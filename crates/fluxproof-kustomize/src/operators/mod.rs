//! What a field of a kustomization does to all objects of its level.

pub(crate) mod annotations;
mod image_name;
pub(crate) mod images;
pub(crate) mod labels;
pub(crate) mod namespace;
mod pairs;
pub(crate) mod prefix;
pub(crate) mod replacements;
pub(crate) mod replicas;
pub(crate) mod suffix;
