//! The `namespace` field (`NamespaceTransformer.go`, `api/filters/namespace`).

use crate::Resource;
use crate::build::{Accumulator, Builder, Level};
use crate::kustomization::{field, flag, text};
use crate::model::{Gvk, ResourceSet};
use crate::spec::{FieldSpec, Make, Row, Rows, visit, wrong_kind};
use crate::tree::Writer;
use fluxproof_yaml::{Change, EcoString, Problem, Type, Value};
use std::sync::Arc;

/// What helm renders has its namespace from helm.
const FROM_HELM: &str = "internal.config.kubernetes.io/helm-generated";

/// Which subjects of (cluster) role bindings get the namespace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Subjects {
    /// Those named `default`.
    Default,
    /// All service accounts.
    ServiceAccounts,
    None,
}

/// A namespace and how it is set.
struct Namespace {
    name: EcoString,
    writer: Writer,
    /// The note of who wrote one where none was.
    change: Arc<Change>,
    subjects: Subjects,
    /// Only where there is none.
    unset_only: bool,
    /// `metadata/namespace`
    own: Row,
    rows: Rows,
}

/// Sets `namespace`.
pub(crate) fn apply(
    _builder: &mut Builder<'_, '_>,
    level: Level<'_>,
    accumulator: &mut Accumulator,
) -> Result<(), Problem> {
    let Some(value) = text(level.kustomization, "namespace") else { return Ok(()) };
    let config = accumulator.config.clone();
    Namespace::new(value, &config.namespace, Subjects::Default, false).set(&mut accumulator.set)
}

/// `kind: NamespaceTransformer`
pub(crate) fn plugin(
    _builder: &mut Builder<'_, '_>,
    _level: Level<'_>,
    config: &Value,
    accumulator: &mut Accumulator,
) -> Result<(), Problem> {
    let subjects = subjects(config)?;
    let Some(value) = field(config, "metadata").and_then(|metadata| text(metadata, "namespace")) else {
        return Ok(());
    };
    let specs = FieldSpec::list(config, "fieldSpecs");
    Namespace::new(value, &specs, subjects, flag(config, "unsetOnly")).set(&mut accumulator.set)
}

fn subjects(config: &Value) -> Result<Subjects, Problem> {
    let Some(mode) = text(config, "setRoleBindingSubjects") else { return Ok(Subjects::Default) };
    Ok(match mode.as_str().unwrap_or_default() {
        "defaultOnly" => Subjects::Default,
        "allServiceAccounts" => Subjects::ServiceAccounts,
        "none" => Subjects::None,
        other => {
            let modes = r#""defaultOnly", "none" or "allServiceAccounts""#;
            let message = format!("invalid value {other:?} for setRoleBindingSubjects: must be one of {modes}");
            return Err(Problem::new(mode.span, message));
        }
    })
}

impl Namespace {
    fn new(value: &Value, specs: &[FieldSpec], subjects: Subjects, unset_only: bool) -> Self {
        let specs = specs.iter().filter(|spec| spec.path != "metadata/namespace" && !is_of_subjects(spec));
        Self {
            name: value.as_str().unwrap_or_default().into(),
            writer: Writer::new("namespace", value.span),
            change: Arc::new(Change { by: "namespace", at: value.span, before: None }),
            subjects,
            unset_only,
            own: Row::new(FieldSpec::anywhere("metadata/namespace", true)),
            rows: Rows::new(specs),
        }
    }

    fn set(&self, set: &mut ResourceSet) -> Result<(), Problem> {
        let places: Vec<bool> = set.iter().map(|resource| resource.annotation(FROM_HELM) != Some("true")).collect();
        for (resource, _) in set.all_mut().iter_mut().zip(&places).filter(|(_, moves)| **moves) {
            resource.remember();
            self.set_in(resource)?;
        }
        let conflict = |resource: &&Resource| set.find_current(&resource.id()).len() != 1;
        let moved = set.iter().zip(&places).filter(|(_, moves)| **moves).map(|(resource, _)| resource);
        moved.into_iter().find(conflict).map_or(Ok(()), |resource| Err(self.conflict(set, resource)))
    }

    fn set_in(&self, resource: &mut Resource) -> Result<(), Problem> {
        let gvk = resource.gvk();
        if !gvk.is_cluster_scoped() {
            self.visit(resource, &self.own)?;
            self.share(resource);
        }
        if is_binding(&gvk) {
            self.set_in_subjects(resource)?;
        }
        let renames_others = resource.api_version() != "v1";
        let rows = self.rows.of(&gvk).filter(|row| !(renames_others && row.spec.path == "metadata/name"));
        for row in rows {
            self.visit(resource, row).map_err(explained)?;
        }
        Ok(())
    }

    /// One note of who wrote it does for all objects that had no namespace.
    fn share(&self, resource: &mut Resource) {
        let namespace = resource.value.get_mut("metadata").and_then(|metadata| metadata.get_mut("namespace"));
        let change = namespace.and_then(|namespace| namespace.change.as_mut());
        if let Some(change) = change.filter(|change| ***change == *self.change) {
            *change = self.change.clone();
        }
    }

    fn visit(&self, resource: &mut Resource, row: &Row) -> Result<(), Problem> {
        visit(resource, row, Make::Text, self.writer, &mut |old| self.changed(old))
    }

    /// The namespace in the place of what is there.
    fn changed(&self, old: &Value) -> Result<Option<Value>, Problem> {
        let there = old.scalar_text().filter(|_| !old.is_null()).map_or("", EcoString::as_str);
        if self.unset_only && !there.is_empty() {
            return Ok(None);
        }
        if old.scalar_text().is_none() {
            return Err(wrong_kind(old, "ScalarNode"));
        }
        let same = matches!(&old.data, fluxproof_yaml::Data::Scalar(text, Type::Str) if *text == self.name);
        let new = || Value::string(self.writer.at, self.name.clone());
        Ok((!same).then(|| self.writer.over(old, new())))
    }

    fn set_in_subjects(&self, resource: &mut Resource) -> Result<(), Problem> {
        let Some(subjects) = resource.at(&["subjects"]).filter(|subjects| !subjects.is_null()) else { return Ok(()) };
        if self.subjects == Subjects::None {
            return Ok(());
        }
        let context = "setting namespace on (cluster)role binding subjects";
        if !subjects.is_seq() {
            let problem = wrong_kind(subjects, "SequenceNode");
            return Err(Problem { message: format!("{context}: {}", problem.message), ..problem });
        }
        let (chosen, row) = (self.chosen(subjects.items()), Row::new(FieldSpec::anywhere("namespace", true)));
        for at in chosen {
            self.set_in_subject(resource, at, &row)?;
        }
        Ok(())
    }

    /// Which subjects get the namespace.
    fn chosen(&self, subjects: &[Value]) -> Vec<usize> {
        let has = |subject: &Value, key: &str, text: &str| {
            subject.get(key).filter(|value| !value.is_null()).and_then(Value::scalar_text).is_some_and(|t| t == text)
        };
        let is_chosen = |subject: &Value| match self.subjects {
            Subjects::Default => has(subject, "name", "default"),
            Subjects::ServiceAccounts => has(subject, "kind", "ServiceAccount"),
            Subjects::None => false,
        };
        subjects.iter().enumerate().filter(|(_, subject)| is_chosen(subject)).map(|(at, _)| at).collect()
    }

    fn set_in_subject(&self, resource: &mut Resource, at: usize, row: &Row) -> Result<(), Problem> {
        let subject = resource.value.at(&["subjects"]).and_then(|subjects| subjects.items().get(at)).cloned();
        let Some(mut changed) = subject.map(|subject| Resource::new(subject, resource.file)) else { return Ok(()) };
        visit(&mut changed, row, Make::Text, self.writer, &mut |old| self.changed(old))?;
        let place = resource.value.get_mut("subjects").and_then(Value::items_mut);
        if let Some(place) = place.and_then(|items| items.make_mut().get_mut(at)) {
            *place = changed.value;
        }
        Ok(())
    }

    fn conflict(&self, set: &ResourceSet, resource: &Resource) -> Problem {
        let id = resource.id();
        let places = set.find_current(&id);
        let places = places.iter().filter_map(|at| set.get(*at));
        let shown: Vec<String> = places.clone().map(|resource| resource.id().to_string()).collect();
        let message = format!("namespace transformation produces ID conflict: [{}]", shown.join(" "));
        let problem = Problem::new(self.writer.at, message);
        places.fold(problem, |problem, resource| problem.related(resource.name_span(), "one of them"))
    }
}

fn is_binding(gvk: &Gvk) -> bool {
    matches!(&*gvk.kind, "RoleBinding" | "ClusterRoleBinding")
}

/// Subjects have their own rule; field specs for them are of older days.
fn is_of_subjects(spec: &FieldSpec) -> bool {
    is_binding(&spec.gvk) && spec.path == "subjects/namespace"
}

fn explained(problem: Problem) -> Problem {
    let scalar = problem.message.contains("wrong node kind") && !problem.message.contains("got ScalarNode");
    let context =
        if scalar { "namespace field specs must target scalar nodes" } else { "namespace transformation failed" };
    Problem { message: format!("{context}: {}", problem.message), ..problem }
}
