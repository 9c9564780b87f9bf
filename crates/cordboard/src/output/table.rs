//! Tables for people.

use std::fmt;

use super::cell;

/// Spaces between two columns.
const GAP: usize = 2;

/// Rows under a header. Each column is as wide as its widest cell.
#[derive(Debug)]
pub(crate) struct Table {
    head: Vec<&'static str>,
    rows: Vec<Vec<String>>,
    empty: &'static str,
}

impl Table {
    /// A table without rows. It is shown as the text `empty` until it has a row.
    pub(crate) fn new(head: impl Into<Vec<&'static str>>, empty: &'static str) -> Self {
        Self { head: head.into(), rows: Vec::new(), empty }
    }

    /// Adds a row.
    pub(crate) fn row(mut self, cells: impl Into<Vec<String>>) -> Self {
        let cells: Vec<String> = cells.into();
        self.rows.push(cells.iter().map(|text| cell(text).into_owned()).collect());
        self
    }

    fn width(&self, column: usize) -> usize {
        let cells = self.rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count());
        cells.chain([self.head[column].len()]).max().unwrap_or(0)
    }
}

impl fmt::Display for Table {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.rows.is_empty() {
            return out.write_str(self.empty);
        }
        let widths: Vec<usize> = (0..self.head.len()).map(|column| self.width(column)).collect();
        let line = |cells: &mut dyn Iterator<Item = &str>| {
            let padded =
                cells.zip(&widths).map(|(cell, width)| format!("{cell:<width$}", width = width + GAP));
            padded.collect::<String>().trim_end().to_owned()
        };
        out.write_str(&line(&mut self.head.iter().copied()))?;
        self.rows.iter().try_for_each(|row| write!(out, "\n{}", line(&mut row.iter().map(String::as_str))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let table = Table::new(["ID", "NAME"], "nobody");
        let table = table.row(["1001".to_owned(), "Ann".to_owned()]).row(["1".to_owned(), "Zoë".to_owned()]);
        assert_eq!(table.to_string(), "ID    NAME\n1001  Ann\n1     Zoë");
    }

    #[test]
    fn an_empty_table_has_its_own_text() {
        assert_eq!(Table::new(["ID"], "nobody").to_string(), "nobody");
    }
}
