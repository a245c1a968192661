//! The table of Keras 2: `print_summary` of its layer_utils.

use std::fmt;

use super::{Row, Summary, with_commas};

pub(super) fn write(summary: &Summary, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut table = Table::new(summary.length(65), summary.show_trainable);
    let mut header = vec!["Layer (type)".into(), "Output Shape".into(), "Param #".into()];
    header.extend(summary.show_trainable.then(|| "Trainable".to_string()));
    writeln!(f, "Model: \"{}\"", summary.name)?;
    writeln!(f, "{}", "_".repeat(table.length))?;
    table.row(header, 0);
    table.lines.push("=".repeat(table.length));
    for row in &summary.rows {
        table.layer(row, 0, false, summary);
    }
    for line in &table.lines {
        writeln!(f, "{line}")?;
    }
    writeln!(f, "{}", "=".repeat(table.length))?;
    if let Some(totals) = &summary.totals {
        let frozen = totals.all.0 - totals.trained.0;
        writeln!(f, "Total params: {}", with_commas(totals.all.0))?;
        writeln!(f, "Trainable params: {}", with_commas(totals.trained.0))?;
        writeln!(f, "Non-trainable params: {}", with_commas(frozen))?;
        writeln!(f, "{}", "_".repeat(table.length))?;
    }
    Ok(())
}

struct Table {
    length: usize,
    /// Where each column ends.
    ends: Vec<usize>,
    lines: Vec<String>,
}

impl Table {
    fn new(length: usize, trainable: bool) -> Table {
        let mut ends = vec![length * 45 / 100, length * 85 / 100, length];
        let length = length + if trainable { 11 } else { 0 };
        if trainable {
            ends.push(length);
        }
        Table { length, ends, lines: Vec::new() }
    }

    fn layer(&mut self, row: &Row, level: usize, last: bool, summary: &Summary) {
        let unknown = || "?".to_string();
        let params = row.params.map_or_else(unknown, |n| n.to_string());
        let mut fields =
            vec![format!("{} ({})", row.name, row.kind), row.shape.clone().unwrap_or_else(unknown), params];
        if summary.show_trainable {
            fields.push(if row.trainable { "Y" } else { "N" }.into());
        }
        self.row(fields, level);
        let mut last = last;
        if summary.expand_nested && !row.within.is_empty() {
            self.rule(level + 1, '\u{af}');
            for (i, inner) in row.within.iter().enumerate() {
                last = i + 1 == row.within.len();
                self.layer(inner, level + 1, last, summary);
            }
            self.rule(level, '\u{af}');
        }
        if !last {
            self.rule(level, ' ');
        }
    }

    /// A line of `fill` between the bars of `level`.
    fn rule(&mut self, level: usize, fill: char) {
        let (bars, fill) = ("|".repeat(level), fill.to_string().repeat(self.length - 2 * level));
        self.lines.push(format!("{bars}{fill}{bars}"));
    }

    /// One row, on as many lines as its longest field needs.
    fn row(&mut self, fields: Vec<String>, level: usize) {
        let mut left: Vec<Vec<char>> = fields.iter().map(|field| field.chars().collect()).collect();
        let bars = "|".repeat(level);
        while left.iter().any(|field| !field.is_empty()) {
            let mut line = format!("{bars} ");
            for (column, field) in left.iter_mut().enumerate() {
                let start = if column == 0 { 0 } else { self.ends[column - 1] };
                let space = if column + 1 < self.ends.len() { 2 } else { 0 };
                let cut = fitting(field, self.ends[column] - start - space);
                line.extend(field.drain(..cut));
                line.push_str(&" ".repeat(space));
                // Keras counts the bars twice here, so that the last column ends before the closing ones.
                let width = line.chars().count() + level;
                line.push_str(&" ".repeat(self.ends[column].saturating_sub(width)));
            }
            self.lines.push(line + &bars);
        }
    }
}

/// How many characters of a field go on one line of `room`: up to the end of a tuple or list, if one ends there.
fn fitting(field: &[char], room: usize) -> usize {
    let room = room.min(field.len());
    let ends = |pair: &[char]| matches!(pair, [')' | '}' | ']' | '\'', ',']);
    field[..room].windows(2).position(ends).map_or(room, |at| at + 2)
}
