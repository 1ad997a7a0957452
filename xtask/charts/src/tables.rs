//! Rows into tables: those of a chart take the place of those that it had.

use crate::facts::ChartRows;
use std::path::Path;

/// The tables and the rows for each.
#[derive(Default)]
pub(crate) struct Rows {
    charts: Vec<String>,
    tables: [(Vec<String>, &'static str); 3],
}

impl Rows {
    /// Adds the rows of a chart; of two with one name the later one counts.
    pub(crate) fn add(&mut self, rows: ChartRows) {
        for note in &rows.notes {
            eprintln!("{}: {note}", rows.chart);
        }
        self.remove(&rows.chart);
        let line = |columns: &Vec<String>| format!("{}\t{}", rows.chart, columns.join("\t"));
        self.tables[0].1 = "charts.tsv";
        self.tables[1].1 = "chart-webhooks.tsv";
        self.tables[2].1 = "chart-sources.tsv";
        self.tables[0].0.extend(rows.definitions.iter().map(line));
        self.tables[1].0.extend(rows.webhooks.iter().map(line));
        self.tables[2].0.push(line(&rows.source));
        self.charts.push(rows.chart.clone());
    }

    fn remove(&mut self, chart: &str) {
        for (lines, _) in &mut self.tables {
            lines.retain(|line| line.split('\t').next() != Some(chart));
        }
    }

    /// Prints the rows.
    pub(crate) fn print(&self) -> Result<(), String> {
        for (lines, name) in &self.tables {
            println!("# {name}");
            lines.iter().for_each(|line| println!("{line}"));
        }
        Ok(())
    }

    /// Writes the rows into the tables of a folder, sorted.
    pub(crate) fn write(&self, folder: &Path) -> Result<(), String> {
        for (lines, name) in self.tables.iter().filter(|(_, name)| !name.is_empty()) {
            let path = folder.join(name);
            let text = std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
            std::fs::write(&path, self.replaced(&text, lines)).map_err(|error| error.to_string())?;
        }
        Ok(())
    }

    fn replaced(&self, text: &str, lines: &[String]) -> String {
        let head = text.lines().take_while(|line| line.starts_with('#')).count() + 1;
        let kept = text.lines().skip(head).filter(|line| {
            let chart = line.split('\t').next().unwrap_or_default();
            !self.charts.iter().any(|new| new == chart)
        });
        let mut rows: Vec<Vec<&str>> =
            kept.chain(lines.iter().map(String::as_str)).map(|line| line.split('\t').collect()).collect();
        rows.sort();
        let head = text.lines().take(head).map(str::to_owned);
        head.chain(rows.iter().map(|columns| columns.join("\t"))).map(|line| line + "\n").collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_a_chart_take_the_place_of_those_that_it_had() {
        let rows = Rows { charts: vec!["b".to_owned()], ..Rows::default() };
        let text = "# about\nchart\tgroup\na\tx\nb\told\nc\ty\n";
        let replaced = rows.replaced(text, &["b\tnew\t1".to_owned(), "b\tnew\t0".to_owned()]);
        assert_eq!(replaced, "# about\nchart\tgroup\na\tx\nb\tnew\t0\nb\tnew\t1\nc\ty\n");
    }
}
