//! The values of a chart that may switch something: booleans of values.yaml, and what conditions of templates ask for.

use super::folder::Chart;
use super::template::Val;
use fluxproof_yaml::{RepoPath, Sources};
use std::collections::BTreeMap;

impl Chart {
    /// By dotted path, each with whether it is on by default.
    pub(super) fn switches(&self) -> BTreeMap<String, bool> {
        let mut all = BTreeMap::new();
        self.add_switches("", &mut all);
        all
    }

    fn add_switches(&self, prefix: &str, out: &mut BTreeMap<String, bool>) {
        for (_, template) in &self.templates {
            for path in template.asked_values() {
                out.entry(format!("{prefix}{path}")).or_insert(false);
            }
        }
        for chart in &self.charts {
            let entries = self.dependencies.iter().filter(|dependency| dependency.name == chart.name);
            let keys: Vec<&str> = entries.map(|dependency| dependency.key()).collect();
            let keys = if keys.is_empty() { vec![chart.name.as_str()] } else { keys };
            keys.iter().for_each(|key| chart.add_switches(&format!("{prefix}{key}."), out));
        }
        for path in self.dependencies.iter().flat_map(|dependency| dependency.condition.split(',')) {
            if !path.trim().is_empty() {
                out.entry(format!("{prefix}{}", path.trim())).or_insert(true);
            }
        }
        add_values(prefix, &self.values, out);
    }

    /// The texts of values.yaml that say `Fail`, by dotted path.
    pub(super) fn policies(&self) -> Vec<String> {
        let mut all = Vec::new();
        add_policies("", &self.values, &mut all);
        all
    }

    /// Forgets what says nothing of the words: a partial is kept, and what reads files.
    pub(super) fn keep_only(&mut self, sources: &Sources, folder: &RepoPath, words: &[&str]) {
        let has_word = |path: &str| {
            let text = folder.join(path).ok().and_then(|path| sources.find(&path)).map_or("", |id| sources.text(id));
            words.iter().any(|word| text.contains(word))
        };
        self.templates.retain(|(path, _)| !super::folder::is_rendered(path) || has_word(path));
        for chart in &mut self.charts {
            if let Ok(below) = folder.join(&format!("charts/{}", chart.folder)) {
                chart.keep_only(sources, &below, words);
            }
        }
    }
}

fn add_policies(prefix: &str, values: &Val, out: &mut Vec<String>) {
    let Val::Map(map) = values else { return };
    for (key, value) in &map.borrow().entries {
        let path = format!("{prefix}{key}");
        match value {
            Val::Str(text) if &**text == "Fail" => out.push(path),
            _ => add_policies(&format!("{path}."), value, out),
        }
    }
}

fn add_values(prefix: &str, values: &Val, out: &mut BTreeMap<String, bool>) {
    let Val::Map(map) = values else { return };
    for (key, value) in &map.borrow().entries {
        let path = format!("{prefix}{key}");
        match value {
            Val::Bool(on) => _ = out.insert(path, *on),
            Val::Map(map) => {
                if map.borrow().entries.is_empty() {
                    out.remove(&path);
                }
                add_values(&format!("{path}."), value, out);
            }
            // Turned on or off it would be no more what the templates expect.
            _ => _ = out.remove(&path),
        }
    }
}
