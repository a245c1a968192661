//! The table of Keras 3: its summary_utils, and what `rich` makes of it.

use std::fmt;

use super::{Row, Summary, with_commas};

/// Characters of a line where the terminal is wide enough.
const LENGTH: usize = 88;

pub(super) fn write(summary: &Summary, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut header = ["Layer (type)", "Output Shape", "Param #"].map(str::to_string).to_vec();
    header.extend(summary.show_trainable.then(|| "Trainable".to_string()));
    let extra = if summary.show_trainable { 12 } else { 0 };
    let table = Table { widths: widths(summary.length_in_box(LENGTH + extra), summary.show_trainable) };
    writeln!(f, "Model: \"{}\"", summary.name)?;
    table.rule(f, "┏━┳┓")?;
    table.row(f, &header, '┃', true)?;
    table.rule(f, "┡━╇┩")?;
    let rows = flattened(&summary.rows, 0, summary.expand_nested);
    for (i, (row, level)) in rows.iter().enumerate() {
        if i > 0 {
            table.rule(f, "├─┼┤")?;
        }
        table.row(f, &fields(row, *level, summary.show_trainable), '│', false)?;
    }
    table.rule(f, "└─┴┘")?;
    totals(summary, f)
}

fn totals(summary: &Summary, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let totals = summary.totals.unwrap_or_default();
    let (all, trained, optimizer) = (totals.all, totals.trained, totals.optimizer);
    let mut line =
        |what: &str, (n, bytes): (usize, usize)| writeln!(f, " {what} params: {} ({})", with_commas(n), memory(bytes));
    line("Total", (all.0 + optimizer.0, all.1 + optimizer.1))?;
    line("Trainable", trained)?;
    line("Non-trainable", (all.0 - trained.0, all.1 - trained.1))?;
    if optimizer.0 > 0 { line("Optimizer", optimizer) } else { Ok(()) }
}

/// The rows with how deep they are nested.
fn flattened(rows: &[Row], level: usize, nested: bool) -> Vec<(&Row, usize)> {
    let within = |row| if nested { flattened(row, level + 1, true) } else { Vec::new() };
    rows.iter().flat_map(|row| std::iter::once((row, level)).chain(within(&row.within))).collect()
}

fn fields(row: &Row, level: usize, trainable: bool) -> Vec<String> {
    let prefix = if level > 0 { "   ".repeat(level) + "└ " } else { String::new() };
    let params = row.params.map_or_else(|| "0 (unbuilt)".into(), with_commas);
    let shape = row.shape.clone().unwrap_or_else(|| "?".into());
    let mut fields = vec![format!("{prefix}{} ({})", row.name, row.kind), shape, params];
    if trainable {
        let letter = match (row.params, row.trainable) {
            (None | Some(0), _) => "-",
            (_, true) => "Y",
            (_, false) => "N",
        };
        fields.push(letter.into());
    }
    fields
}

/// The columns' widths with a space on both sides. Keras asks for columns that fill the line without their spaces and
/// borders; `rich` then takes what is too much from all of them alike.
fn widths(length: usize, trainable: bool) -> Vec<usize> {
    let ends: &[f64] = if trainable { &[0.45 * 0.9, 0.8 * 0.9, 0.9, 1.0] } else { &[0.45, 0.8, 1.0] };
    let mut start = 0;
    let mut widths = Vec::new();
    for end in ends {
        let end = (end * length as f64) as usize;
        widths.push(end.saturating_sub(start) + 2);
        start = end;
    }
    let mut excess = (widths.iter().sum::<usize>() + widths.len() + 1).saturating_sub(length);
    for (i, width) in widths.iter_mut().enumerate() {
        let share = (excess as f64 / (ends.len() - i) as f64).round_ties_even() as usize;
        *width = width.saturating_sub(share).max(4);
        excess -= share;
    }
    widths
}

struct Table {
    widths: Vec<usize>,
}

impl Table {
    /// A line of left end, filling, crossing and right end.
    fn rule(&self, f: &mut fmt::Formatter<'_>, characters: &str) -> fmt::Result {
        let [left, fill, cross, right] = characters.chars().collect::<Vec<_>>()[..] else { return Ok(()) };
        let cells: Vec<String> = self.widths.iter().map(|width| fill.to_string().repeat(*width)).collect();
        writeln!(f, "{left}{}{right}", cells.join(&cross.to_string()))
    }

    /// One row, on as many lines as its longest cell needs; a header's short cells stand at the bottom.
    fn row(&self, f: &mut fmt::Formatter<'_>, fields: &[String], bar: char, header: bool) -> fmt::Result {
        let cells: Vec<Vec<String>> = fields.iter().zip(&self.widths).map(|(f, w)| wrapped(f, w - 2)).collect();
        let lines = cells.iter().map(Vec::len).max().unwrap_or(0);
        for line in 0..lines {
            write!(f, "{bar}")?;
            for (column, (cell, width)) in cells.iter().zip(&self.widths).enumerate() {
                let above = if header { lines - cell.len() } else { 0 };
                let text = line.checked_sub(above).and_then(|at| cell.get(at)).map_or("", String::as_str);
                let width = width - 2;
                match column {
                    2 => write!(f, " {text:>width$} {bar}")?,
                    3 => write!(f, " {text:^width$} {bar}")?,
                    _ => write!(f, " {text:<width$} {bar}")?,
                }
            }
            writeln!(f)?;
        }
        Ok(())
    }
}

/// Words on lines of `width`; a word that is longer is cut.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = vec![String::new()];
    for word in text.split_inclusive(' ') {
        let line = lines.last_mut().expect("there is a line");
        let length = line.chars().count() + word.trim_end().chars().count();
        match line.trim().is_empty() || length <= width {
            true => line.push_str(word),
            false => lines.push(word.to_string()),
        }
    }
    lines.iter().map(|line| cut(line.trim_end(), width)).collect()
}

fn cut(line: &str, width: usize) -> String {
    match line.chars().count() <= width {
        true => line.to_string(),
        false => line.chars().take(width.saturating_sub(1)).chain(['…']).collect(),
    }
}

/// `28.00 B`, `1.15 MB`
fn memory(bytes: usize) -> String {
    let (mut size, mut units) = (bytes as f64, ["B", "KB", "MB", "GB", "TB"].iter());
    loop {
        match units.next() {
            Some(unit) if size < 1024.0 => return format!("{size:.2} {unit}"),
            Some(_) => size /= 1024.0,
            None => return format!("{size:.2} PB"),
        }
    }
}
