//! Reading a table: tab-separated columns under a head, `#` for where it is from.

/// The rows of a table without its head.
pub(crate) fn rows(text: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    text.lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty())
        .skip(1)
        .map(|line| line.split('\t').collect())
}

/// A column; `""` where the row has none.
pub(crate) fn column<'t>(row: &[&'t str], index: usize) -> &'t str {
    row.get(index).copied().unwrap_or("")
}
