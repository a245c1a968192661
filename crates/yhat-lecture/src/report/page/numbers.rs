//! A chapter's numbers as a table.

use yhat::Array;

use super::escaped;
use crate::{Findings, Number};

/// Arrays with more elements than this are shown by their shape.
const SHOWN: usize = 8;

pub fn table(findings: &Findings) -> String {
    let rows: String = findings
        .numbers()
        .iter()
        .map(|(key, number)| format!("<tr><td><code>{key}</code></td><td>{}</td></tr>\n", escaped(&shown(number))))
        .collect();
    format!("<table class=\"numbers\">\n{rows}</table>\n")
}

fn shown(number: &Number) -> String {
    number.arrays().iter().map(shown_array).collect::<Vec<_>>().join("; ")
}

fn shown_array(array: &Array) -> String {
    match array.size() {
        n if n <= SHOWN => array.to_vec().iter().map(f64::to_string).collect::<Vec<_>>().join(", "),
        _ => format!("{} numbers, shape {}", array.size(), array.shape()),
    }
}
