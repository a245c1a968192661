//! A table of numbers from a CSV file.

use std::{error::Error, path::Path};

use yhat::Array;

/// Columns of numbers with names.
pub struct Table {
    pub names: Vec<String>,
    /// Row by row.
    rows: Vec<Vec<f64>>,
}

impl Table {
    /// Reads a file whose first line names the columns. An empty cell is NaN.
    pub fn read(path: &Path) -> Result<Table, Box<dyn Error>> {
        let shown = path.display();
        let mut reader = csv::ReaderBuilder::new()
            .trim(csv::Trim::All)
            .from_path(path)
            .map_err(|error| format!("can't read {shown}: {error}"))?;
        let names: Vec<String> = reader.headers()?.iter().map(str::to_string).collect();
        if names.is_empty() {
            return Err(format!("{shown} is empty, expected a line of names and rows of numbers").into());
        }
        let mut rows = Vec::new();
        for record in reader.records() {
            let record = record.map_err(|error| unreadable(&error, &shown.to_string()))?;
            let line = record.position().map_or(0, csv::Position::line);
            let number = |(name, cell): (&String, &str)| match cell {
                "" => Ok(f64::NAN),
                cell => cell
                    .parse()
                    .map_err(|_| format!("{shown}, line {line}: column '{name}' has '{cell}', expected a number")),
            };
            rows.push(names.iter().zip(record.iter()).map(number).collect::<Result<Vec<f64>, String>>()?);
        }
        match rows.is_empty() {
            true => Err(format!("{shown} has no rows under its line of names").into()),
            false => Ok(Table { names, rows }),
        }
    }

    /// The names of all columns but `target`.
    pub fn inputs(&self, target: &str) -> Vec<String> {
        self.names.iter().filter(|name| *name != target).cloned().collect()
    }

    /// All columns but `target` as a matrix, and `target`.
    pub fn split(&self, target: &str) -> Result<(Array, Array), Box<dyn Error>> {
        let names: Vec<&str> = self.names.iter().map(String::as_str).collect();
        let at = names
            .iter()
            .position(|name| *name == target)
            .ok_or_else(|| yhat::Error::unknown("column", target, &names))?;
        if names.len() < 2 {
            return Err(format!("no column is left beside '{target}'").into());
        }
        let inputs =
            |row: &Vec<f64>| row.iter().enumerate().filter(|(j, _)| *j != at).map(|(_, x)| *x).collect::<Vec<_>>();
        let x: Vec<f64> = self.rows.iter().flat_map(inputs).collect();
        let y: Vec<f64> = self.rows.iter().map(|row| row[at]).collect();
        Ok((Array::from(x).reshape([self.rows.len(), names.len() - 1])?, Array::from(y)))
    }
}

/// What is wrong with a line, in words that do not need the parser's terms.
fn unreadable(error: &csv::Error, shown: &str) -> String {
    match error.kind() {
        csv::ErrorKind::UnequalLengths { pos, expected_len, len } => {
            let line = pos.as_ref().map_or(0, csv::Position::line);
            format!("{shown}, line {line}: {len} cells, expected {expected_len}, one for each name in the first line")
        }
        _ => format!("{shown}: {error}"),
    }
}

/// Some rows of an array, in that order.
pub fn rows(array: &Array, which: &[usize]) -> Result<Array, Box<dyn Error>> {
    let width = array.size() / array.shape()[0];
    let numbers = array.to_vec();
    let picked: Vec<f64> = which.iter().flat_map(|row| numbers[row * width..(row + 1) * width].to_vec()).collect();
    let shape: Vec<usize> = std::iter::once(which.len()).chain(array.shape()[1..].iter().copied()).collect();
    Ok(Array::from(picked).reshape(shape)?)
}
