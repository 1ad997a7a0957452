//! Which object a name means: the renamed ones, found by the names they had (`api/filters/nameref`).

use crate::Resource;
use crate::model::{DEFAULT_NAMESPACE, Gvk, NO_NAMESPACE, Previous, ResId, ResourceSet};
use fluxproof_yaml::{EcoString, EcoVec, Problem, Span, Value};
use std::collections::BTreeSet;

/// What is known of an object that was renamed.
#[derive(Debug)]
struct Candidate {
    id: ResId,
    location: Location,
    /// The identities it had.
    previous: EcoVec<Previous>,
    prefixes: EcoVec<EcoString>,
    suffixes: EcoVec<EcoString>,
    span: Span,
    /// The texts that ask for its name and its namespace.
    asked: (Span, Span),
}

/// Where an object is and was: enough to tell who sees it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Location {
    cluster_scoped: bool,
    /// As it is written.
    namespace: EcoString,
    /// The effective one that it had at first.
    original: EcoString,
}

/// The objects that were renamed, by each name they had.
#[derive(Debug)]
pub(super) struct Candidates {
    all: Vec<Candidate>,
    by_name: BTreeSet<(EcoString, usize)>,
    /// Where objects are, renamed or not.
    locations: BTreeSet<Location>,
}

/// An object whose references are fixed, as far as that decides what they mean.
#[derive(Debug)]
pub(super) struct Referrer {
    id: ResId,
    cluster_scoped: bool,
    prefixes: EcoVec<EcoString>,
    suffixes: EcoVec<EcoString>,
    /// The namespaces of the service accounts that a role binding names.
    account_namespaces: BTreeSet<EcoString>,
    /// The `apiGroup` and `kind` of its `roleRef`.
    role: Option<Gvk>,
}

/// What a reference says.
pub(super) struct Sought<'r> {
    pub(super) name: &'r str,
    /// Where the reference is a mapping that has one; else any.
    pub(super) namespace: Option<&'r str>,
    /// Whether the reference has a place for a namespace: then objects that differ in it are different.
    pub(super) with_namespace: bool,
    pub(super) target: &'r Gvk,
    pub(super) is_role: bool,
    pub(super) span: Span,
}

/// The object that was meant: what it is called now.
#[derive(Debug, Clone, Copy)]
pub(super) struct Referral<'c> {
    pub(super) name: &'c EcoString,
    pub(super) namespace: &'c EcoString,
    /// The texts that ask for its name and its namespace.
    pub(super) asked: (Span, Span),
}

impl Candidates {
    pub(super) fn new(set: &ResourceSet) -> Self {
        let mut found = Self { all: Vec::new(), by_name: BTreeSet::new(), locations: BTreeSet::new() };
        if set.iter().all(|resource| resource.previous.is_empty()) {
            return found;
        }
        found.locations = set.iter().map(Location::of).collect();
        for resource in set.iter().filter(|resource| !resource.previous.is_empty()) {
            let names: BTreeSet<&EcoString> =
                fluxproof_order::gather(resource.previous.iter().map(|previous| &previous.name));
            for name in names {
                found.by_name.insert((name.clone(), found.all.len()));
            }
            found.all.push(Candidate::new(resource));
        }
        found
    }

    pub(super) fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// The object that a reference means (`selectReferral`), or none.
    pub(super) fn find(&self, referrer: &Referrer, sought: &Sought<'_>) -> Result<Option<Referral<'_>>, Problem> {
        let named = self.by_name.range((EcoString::from(sought.name), 0)..);
        let named = named.take_while(|(name, _)| name == sought.name);
        let named: Vec<&Candidate> = named.filter_map(|(_, at)| self.all.get(*at)).collect();
        let mut fitting: Vec<&Candidate> = self.in_namespace(named, referrer, sought);
        fitting.retain(|one| one.was(sought.target));
        fitting.retain(|one| !sought.is_role || referrer.role.as_ref().is_none_or(|role| one.was(role)));
        fitting.retain(|one| referrer.may_use(one));
        if fitting.len() > 1 {
            fitting.retain(|one| one.went_the_same_way(referrer, true));
        }
        if fitting.len() > 1 {
            fitting.retain(|one| one.went_the_same_way(referrer, false));
        }
        one_of(&fitting, sought)
    }

    /// Those that the referrer can see, in the namespace of the reference if it says one: one they had at first, or else
    /// one they have now.
    fn in_namespace<'c>(
        &self,
        named: Vec<&'c Candidate>,
        referrer: &Referrer,
        sought: &Sought<'_>,
    ) -> Vec<&'c Candidate> {
        let seen = named.into_iter().filter(|one| referrer.sees(&one.location));
        let Some(namespace) = sought.namespace else { return seen.collect() };
        if namespace == NO_NAMESPACE {
            return Vec::new();
        }
        let at_first = self.locations.iter().any(|one| one.original == namespace && referrer.sees(one));
        seen.filter(|one| match at_first {
            true => one.location.original == namespace,
            false => one.id.effective_namespace() == namespace,
        })
        .collect()
    }
}

/// The only one, or the first of those that are called the same now.
fn one_of<'c>(fitting: &[&'c Candidate], sought: &Sought<'_>) -> Result<Option<Referral<'c>>, Problem> {
    let Some(first) = fitting.first() else { return Ok(None) };
    let same = |one: &&Candidate| {
        one.id.name == first.id.name && (!sought.with_namespace || one.id.namespace == first.id.namespace)
    };
    if fitting.iter().all(same) {
        let (name, namespace, asked) = (&first.id.name, &first.id.namespace, first.asked);
        return Ok(Some(Referral { name, namespace, asked }));
    }
    let ids: Vec<String> = fitting.iter().map(|one| one.id.to_string()).collect();
    let message = format!("found multiple possible referrals: {}", ids.join(", "));
    let problem = Problem::new(sought.span, message);
    Err(fitting.iter().fold(problem, |problem, one| problem.related(one.span, "it may mean this one")))
}

impl Candidate {
    fn new(resource: &Resource) -> Self {
        let id = resource.id();
        Self {
            location: Location::of(resource),
            previous: resource.previous.clone(),
            prefixes: resource.prefixes.clone(),
            suffixes: resource.suffixes.clone(),
            span: resource.name_span(),
            asked: (asks(resource, "name"), asks(resource, "namespace")),
            id,
        }
    }

    /// Whether it was of a kind that a selector takes; an object keeps its group and version.
    fn was(&self, selector: &Gvk) -> bool {
        let kind = |previous: &Previous| Gvk { kind: previous.kind.clone(), ..self.id.gvk.clone() };
        self.previous.iter().any(|previous| kind(previous).is_selected(selector))
    }

    /// Whether it went through the overlays of the referrer; one that went through none may count as such.
    fn went_the_same_way(&self, referrer: &Referrer, allow_none: bool) -> bool {
        let same = |one: &[EcoString], other: &[EcoString]| {
            (allow_none && (one.is_empty() || other.is_empty())) || end_alike(one, other)
        };
        same(&self.prefixes, &referrer.prefixes) && same(&self.suffixes, &referrer.suffixes)
    }
}

impl Location {
    fn of(resource: &Resource) -> Self {
        let id = resource.id();
        let original = resource.original_id().effective_namespace().into();
        Self { cluster_scoped: id.gvk.is_cluster_scoped(), namespace: id.namespace, original }
    }

    /// The effective namespace.
    fn effective(&self) -> &str {
        if self.namespace.is_empty() { DEFAULT_NAMESPACE } else { &self.namespace }
    }
}

/// The text that asks for a part of an object's identity: an overlay's, or its own.
fn asks(resource: &Resource, key: &str) -> Span {
    let value = resource.at(&["metadata", key]);
    value.map_or(resource.span, |value| value.change.as_deref().map_or(value.span, |change| change.at))
}

/// Whether the shorter list is how the longer one ends (`SameEndingSubSlice`).
fn end_alike(one: &[EcoString], other: &[EcoString]) -> bool {
    let (shorter, longer) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    if shorter.is_empty() { longer.is_empty() } else { longer.ends_with(shorter) }
}

impl Referrer {
    pub(super) fn new(resource: &Resource) -> Result<Self, Problem> {
        let id = resource.id();
        Ok(Self {
            cluster_scoped: id.gvk.is_cluster_scoped(),
            prefixes: resource.prefixes.clone(),
            suffixes: resource.suffixes.clone(),
            account_namespaces: account_namespaces(resource, &id)?,
            role: role(resource),
            id,
        })
    }

    /// Whether an object is in its reach (`SubsetThatCouldBeReferencedByResource`).
    fn sees(&self, one: &Location) -> bool {
        self.is_beside(one) || self.account_namespaces.contains(&one.namespace)
    }

    fn is_beside(&self, one: &Location) -> bool {
        self.cluster_scoped || one.cluster_scoped || one.effective() == self.id.effective_namespace()
    }

    /// `sameCurrentNamespaceAsReferrer`: service accounts may be used from other namespaces.
    fn may_use(&self, one: &Candidate) -> bool {
        one.id.gvk.kind == "ServiceAccount" || self.is_beside(&one.location)
    }
}

/// `getNamespacesForRoleBinding`
fn account_namespaces(resource: &Resource, id: &ResId) -> Result<BTreeSet<EcoString>, Problem> {
    let mut namespaces = BTreeSet::new();
    if id.gvk.kind != "RoleBinding" {
        return Ok(namespaces);
    }
    for subject in resource.at(&["subjects"]).map_or(&[][..], Value::items) {
        let is_account = subject.str_at(&["kind"]) == Some("ServiceAccount");
        match subject.get("namespace").filter(|_| is_account) {
            None => {}
            Some(namespace) => match namespace.as_str() {
                Some(name) => {
                    namespaces.insert(name.into());
                }
                None => {
                    let message = format!("Invalid Input: namespace is blank for resource \"{id}\"\n");
                    return Err(Problem::new(namespace.span, message));
                }
            },
        }
    }
    Ok(namespaces)
}

/// `getRoleRefGvk`
fn role(resource: &Resource) -> Option<Gvk> {
    let text = |key: &str| resource.at(&["roleRef", key]).and_then(Value::scalar_text).cloned();
    Some(Gvk { group: text("apiGroup")?, version: EcoString::new(), kind: text("kind")? })
}
