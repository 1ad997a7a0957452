//! Reading a table: tab-separated columns under a head, `#` for where it is from.

use std::sync::OnceLock;

/// The most columns that a table has.
const WIDEST: usize = 9;

/// A table, taken apart when it is first asked.
pub(crate) struct Table {
    text: &'static str,
    rows: OnceLock<Vec<Row>>,
}

impl Table {
    /// A table of this text.
    pub(crate) const fn new(text: &'static str) -> Self {
        Self { text, rows: OnceLock::new() }
    }

    /// The rows without the head.
    pub(crate) fn rows(&self) -> impl Iterator<Item = Row> + Clone {
        self.all().iter().copied()
    }

    /// The rows with this first column, of a table that is in its order.
    pub(crate) fn of(&self, key: &str) -> impl Iterator<Item = Row> {
        let start = self.all().partition_point(|row| row.column(0) < key);
        self.all()[start..].iter().copied().take_while(move |row| row.column(0) == key)
    }

    fn all(&self) -> &[Row] {
        self.rows.get_or_init(|| {
            let lines = self.text.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
            lines.skip(1).map(Row::read).collect()
        })
    }
}

/// A row of a table.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Row([&'static str; WIDEST]);

impl Row {
    fn read(line: &'static str) -> Self {
        let mut columns = [""; WIDEST];
        columns.iter_mut().zip(line.split('\t')).for_each(|(column, text)| *column = text);
        Self(columns)
    }

    /// A column; `""` where the row has none.
    pub(crate) fn column(self, index: usize) -> &'static str {
        self.0.get(index).copied().unwrap_or("")
    }

    /// The parts of a column that is a list.
    pub(crate) fn list(self, index: usize) -> Vec<&'static str> {
        self.column(index).split(',').filter(|part| !part.is_empty()).collect()
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// Every table says where and when it is from, has as many columns in each row as in its head, and no row twice.
    pub(crate) fn is_well_formed(table: &Table) {
        let text = table.text;
        let comments: Vec<&str> = text.lines().take_while(|line| line.starts_with('#')).collect();
        assert!(
            comments.iter().any(|line| line.starts_with("# source: ") && line.contains("; date: 20")),
            "{comments:?}"
        );
        let width = |line: &str| line.matches('\t').count();
        let lines: Vec<&str> = text.lines().skip(comments.len()).collect();
        assert!(width(lines[0]) < WIDEST, "{}", lines[0]);
        assert!(lines.len() > 1 && text.ends_with('\n') && !text.contains('\r'));
        for line in &lines {
            assert!(width(line) == width(lines[0]) && !line.is_empty() && !line.starts_with('#'), "{line:?}");
        }
    }

    /// The rows are in the order of these columns, each different.
    pub(crate) fn is_sorted(table: &Table, columns: &[usize]) {
        let keys: Vec<Vec<&str>> = table.rows().map(|row| columns.iter().map(|c| row.column(*c)).collect()).collect();
        for pair in keys.windows(2) {
            assert!(pair[0] < pair[1], "{pair:?}");
        }
        for key in table.rows().map(|row| row.column(0)) {
            assert_eq!(table.of(key).count(), table.rows().filter(|row| row.column(0) == key).count(), "{key}");
        }
    }
}
