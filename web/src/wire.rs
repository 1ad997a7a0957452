//! What the plugin answers, as far as the page reads it. The page links no rule and no engine: these
//! shapes are all it knows, and an unknown field is left alone.
use crate::read::Read;
use serde_json::Value;
use std::rc::Rc;

shape! {
    /// The answer of `generate --format json`: a tree with its proof, or what is wrong with the config.
    #[derive(Debug, Default)]
    struct Generated {
        files: Vec<File> = "files",
        zip: Zip = "zip",
        report: Rc<Report> = "report",
        problems: Vec<Problem> = "problems",
    }
}

shape! {
    #[derive(Debug, Default)]
    struct File {
        path: String = "path",
        text: Rc<str> = "text",
    }
}

shape! {
    #[derive(Debug, Default)]
    struct Zip {
        name: String = "name",
        size: u64 = "size",
        sha256: String = "sha256",
    }
}

shape! {
    /// One thing to correct in the config. `path` is the field's.
    #[derive(Clone, Debug, Default)]
    struct Problem {
        path: String = "path",
        message: String = "message",
        help: String = "help",
    }
}

shape! {
    /// Report v1, with the certificate of `prove`.
    #[derive(Debug, Default)]
    struct Report {
        targets: Targets = "targets",
        summary: Summary = "summary",
        clusters: Vec<Cluster> = "clusters",
        findings: Vec<Finding> = "findings",
    }
}

shape! {
    #[derive(Debug, Default)]
    struct Targets {
        flux: String = "flux",
        kubernetes: String = "kubernetes",
        external_secrets: String = "externalSecrets",
    }
}

shape! {
    #[derive(Debug, Default)]
    struct Summary {
        files: usize = "files",
        skipped: Vec<Skipped> = "skipped",
    }
}

shape! {
    #[derive(Debug, Default)]
    struct Skipped {
        path: String = "path",
        why: String = "why",
    }
}

shape! {
    #[derive(Debug, Default)]
    struct Cluster {
        name: String = "name",
        entry: String = "entry",
        kustomizations: usize = "kustomizations",
        helm_releases: usize = "helmReleases",
        resources: usize = "resources",
        proof: Proof = "proof",
        /// Empty until it is asked for, where the report is large.
        certificate: Vec<Requirement> = "certificate",
    }
}

impl Cluster {
    /// Whether the worker kept the certificate back.
    pub(crate) const fn is_kept(&self) -> bool {
        self.certificate.is_empty() && self.proof.proven + self.proof.assumed > 0
    }
}

shape! {
    #[derive(Debug, Default)]
    struct Proof {
        proven: usize = "proven",
        broken: usize = "broken",
        assumed: usize = "assumed",
        assumptions: Vec<Assumption> = "assumptions",
    }
}

shape! {
    #[derive(Debug, Default)]
    struct Assumption {
        what: String = "what",
        why: String = "why",
    }
}

shape! {
    /// One requirement: `need` asks that `needs` comes first.
    #[derive(Debug, Default)]
    struct Requirement {
        number: usize = "number",
        group: String = "group",
        need: String = "need",
        needs: String = "needs",
        verdict: Verdict = "verdict",
        path: Vec<Step> = "path",
        location: Option<Location> = "location",
        why: String = "why",
    }
}

shape! {
    #[derive(Debug, Default)]
    struct Step {
        event: String = "event",
        because: String = "because",
        location: Option<Location> = "location",
    }
}

shape! {
    /// Where, 1-based; columns count characters.
    #[derive(Clone, Debug, Default, PartialEq, Eq)]
    struct Location {
        path: String = "path",
        line: usize = "line",
        end_line: usize = "endLine",
        message: String = "message",
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
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
    Unknown,
}

impl Read for Verdict {
    fn read(value: &Value) -> Self {
        match value.as_str().unwrap_or_default() {
            "proven" => Self::Proven,
            "assumed" => Self::Assumed,
            "deadlock" => Self::Deadlock,
            "unsatisfiable" => Self::Unsatisfiable,
            "sticky-race" => Self::StickyRace,
            "self-healing-race" => Self::SelfHealingRace,
            "upgrade-race" => Self::UpgradeRace,
            _ => Self::Unknown,
        }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Severity {
    Error,
    Warning,
    #[default]
    Info,
}

impl Read for Severity {
    fn read(value: &Value) -> Self {
        match value.as_str().unwrap_or_default() {
            "error" => Self::Error,
            "warning" => Self::Warning,
            _ => Self::Info,
        }
    }
}

shape! {
    #[derive(Debug, Default)]
    struct Finding {
        rule: String = "rule",
        severity: Severity = "severity",
        confidence: String = "confidence",
        verdict: Option<Verdict> = "verdict",
        message: String = "message",
        why: String = "why",
        help: String = "help",
        cluster: String = "cluster",
        clusters: Vec<String> = "clusters",
        location: Location = "location",
        related: Vec<Location> = "related",
        trace: Vec<Beat> = "trace",
        costs: Option<Costs> = "costs",
        suppressed: Option<Value> = "suppressed",
    }
}

shape! {
    /// One moment of a trace: T0, T1 and so on.
    #[derive(Debug, Default)]
    struct Beat {
        at: String = "at",
        actor: String = "actor",
        event: String = "event",
        error: String = "error",
    }
}

shape! {
    #[derive(Debug, Default)]
    struct Costs {
        delay_seconds: u64 = "delaySeconds",
    }
}
