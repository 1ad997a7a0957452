//! What the plugin answers, as far as the page reads it. The page links no rule and no engine: these
//! shapes are all it knows, and an unknown field is left alone.
use serde::Deserialize;
use std::rc::Rc;

/// The answer of `generate --format json`: a tree with its proof, or what is wrong with the config.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Generated {
    pub(crate) files: Vec<File>,
    pub(crate) zip: Zip,
    pub(crate) report: Rc<Report>,
    pub(crate) problems: Vec<Problem>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct File {
    pub(crate) path: String,
    pub(crate) text: Rc<str>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Zip {
    pub(crate) name: String,
    pub(crate) size: u64,
    pub(crate) sha256: String,
}

/// One thing to correct in the config. `path` is the field's.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Problem {
    pub(crate) path: String,
    pub(crate) message: String,
    pub(crate) help: String,
}

/// Report v1, with the certificate of `prove`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Report {
    pub(crate) targets: Targets,
    pub(crate) summary: Summary,
    pub(crate) clusters: Vec<Cluster>,
    pub(crate) findings: Vec<Finding>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Targets {
    pub(crate) flux: String,
    pub(crate) kubernetes: String,
    pub(crate) external_secrets: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Summary {
    pub(crate) files: usize,
    pub(crate) skipped: Vec<Skipped>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Skipped {
    pub(crate) path: String,
    pub(crate) why: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Cluster {
    pub(crate) name: String,
    pub(crate) entry: String,
    pub(crate) kustomizations: usize,
    pub(crate) helm_releases: usize,
    pub(crate) resources: usize,
    pub(crate) proof: Proof,
    pub(crate) certificate: Vec<Requirement>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Proof {
    pub(crate) requirements: usize,
    pub(crate) proven: usize,
    pub(crate) broken: usize,
    pub(crate) assumed: usize,
    pub(crate) assumptions: Vec<Assumption>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Assumption {
    pub(crate) what: String,
    pub(crate) why: String,
}

/// One requirement: `need` asks that `needs` comes first.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Requirement {
    pub(crate) number: usize,
    pub(crate) group: String,
    pub(crate) need: String,
    pub(crate) needs: String,
    pub(crate) verdict: Verdict,
    pub(crate) path: Vec<Step>,
    pub(crate) location: Option<Location>,
    pub(crate) why: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Step {
    pub(crate) event: String,
    pub(crate) because: String,
    pub(crate) location: Option<Location>,
}

/// Where, 1-based; columns count characters.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Location {
    pub(crate) path: String,
    pub(crate) line: usize,
    pub(crate) end_line: usize,
    pub(crate) message: String,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Verdict {
    Proven,
    Assumed,
    Deadlock,
    Unsatisfiable,
    StickyRace,
    SelfHealingRace,
    UpgradeRace,
    /// A verdict of a later version: said to be unknown, never taken for proven.
    #[default]
    #[serde(other)]
    Unknown,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Severity {
    Error,
    Warning,
    #[default]
    #[serde(other)]
    Info,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Finding {
    pub(crate) rule: String,
    pub(crate) severity: Severity,
    pub(crate) confidence: String,
    pub(crate) verdict: Option<Verdict>,
    pub(crate) message: String,
    pub(crate) why: String,
    pub(crate) help: String,
    pub(crate) cluster: String,
    pub(crate) location: Location,
    pub(crate) related: Vec<Location>,
    pub(crate) trace: Vec<Beat>,
    pub(crate) costs: Option<Costs>,
    pub(crate) suppressed: Option<serde::de::IgnoredAny>,
}

/// One moment of a trace: T0, T1 and so on.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Beat {
    pub(crate) at: String,
    pub(crate) actor: String,
    pub(crate) event: String,
    pub(crate) error: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Costs {
    pub(crate) delay_seconds: u64,
}
