//! The table and the figures.

use serde_json::{Value, json};

use crate::{
    growth::Growth,
    machine::Machine,
    memory::Memory,
    rounds::{Cell, Row},
    side::Side,
    works::Work,
};

/// The columns' widths.
const NAME: usize = 9;
const TITLE: usize = 33;
const CELL: usize = 11;

/// The head of the table for these sides.
pub fn head(sides: &[String]) -> String {
    let mut line = format!("{:NAME$} {:TITLE$} {:8}", "", "", "per");
    sides.iter().for_each(|side| line += &format!(" {side:>CELL$}"));
    let others = sides.iter().skip(1).map(|side| format!(" {:>CELL$}", format!("yhat/{side}")));
    line + &others.collect::<String>()
}

/// A work's line: what each side takes, and how many times what the others take yhat does.
pub fn line(row: &Row, sides: &[String]) -> String {
    let Work { name, title, unit, .. } = &row.work;
    let mut line = format!("{name:NAME$} {title:TITLE$} {unit:8}");
    for side in sides {
        line += &format!(" {:>CELL$}", row.of(side).map_or(String::new(), duration));
    }
    for side in sides.iter().skip(1) {
        let times = row.of("yhat").zip(row.of(side)).map(|(ours, theirs)| ratio(ours / theirs));
        line += &format!(" {:>CELL$}", times.unwrap_or_default());
    }
    line.trim_end().to_string()
}

/// At least two digits.
fn ratio(x: f64) -> String {
    let digits = if x < 0.01 {
        4
    } else if x < 0.1 {
        3
    } else {
        2
    };
    format!("{x:.digits$}")
}

/// Three digits and a unit.
pub fn duration(seconds: f64) -> String {
    let (x, unit) = match seconds {
        s if s < 1e-6 => (s * 1e9, "ns"),
        s if s < 1e-3 => (s * 1e6, "us"),
        s if s < 1.0 => (s * 1e3, "ms"),
        s => (s, "s"),
    };
    let digits = if x < 10.0 {
        2
    } else if x < 100.0 {
        1
    } else {
        0
    };
    format!("{x:.digits$} {unit}")
}

/// Everything as JSON.
pub fn figures(
    machine: &Machine,
    sides: &[Box<dyn Side>],
    rows: &[Row],
    growth: &[Growth],
    memory: &[Memory],
) -> Value {
    let cell = |c: &Cell| json!({ "side": c.side, "median": c.median(), "least": c.least(), "seconds": c.seconds, "result": c.result });
    let row = |r: &Row| {
        json!({ "name": r.work.name, "title": r.work.title, "unit": r.work.unit,
                "sides": r.cells.iter().map(cell).collect::<Vec<_>>() })
    };
    let works: Vec<Value> = rows.iter().map(row).collect();
    let sides: Vec<Value> = sides.iter().map(|s| json!({ "name": s.name(), "version": s.version() })).collect();
    json!({ "machine": machine, "sides": sides, "works": works, "growth": growth, "memory": memory })
}
