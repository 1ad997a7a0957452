//! Reading a table: tab-separated columns under a head, `#` for where it is from.

/// A row of a table.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Row(&'static str);

impl Row {
    /// A column; `""` where the row has none.
    pub(crate) fn column(self, index: usize) -> &'static str {
        self.0.split('\t').nth(index).unwrap_or("")
    }

    /// The parts of a column that is a list.
    pub(crate) fn list(self, index: usize) -> Vec<&'static str> {
        self.column(index).split(',').filter(|part| !part.is_empty()).collect()
    }
}

/// The rows of a table without its head.
pub(crate) fn rows(text: &'static str) -> impl Iterator<Item = Row> + Clone {
    text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).skip(1).map(Row)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// Every table says where and when it is from, has as many columns in each row as in its head, and no row twice.
    pub(crate) fn is_well_formed(text: &'static str) {
        let comments: Vec<&str> = text.lines().take_while(|line| line.starts_with('#')).collect();
        assert!(
            comments.iter().any(|line| line.starts_with("# source: ") && line.contains("; date: 20")),
            "{comments:?}"
        );
        let width = |line: &str| line.matches('\t').count();
        let lines: Vec<&str> = text.lines().skip(comments.len()).collect();
        assert!(lines.len() > 1 && text.ends_with('\n') && !text.contains('\r'));
        for line in &lines {
            assert!(width(line) == width(lines[0]) && !line.is_empty() && !line.starts_with('#'), "{line:?}");
        }
    }

    /// The rows are in the order of these columns, each different.
    pub(crate) fn is_sorted(text: &'static str, columns: &[usize]) {
        let keys: Vec<Vec<&str>> = rows(text).map(|row| columns.iter().map(|c| row.column(*c)).collect()).collect();
        for pair in keys.windows(2) {
            assert!(pair[0] < pair[1], "{pair:?}");
        }
    }
}
