//! Named numbers: what a batch, an epoch or an evaluation came to.

use std::{fmt, ops::Index};

use crate::{Error, Result};

/// The loss and the metrics by name, the loss first.
///
/// ```
/// use yhat::prelude::*;
/// let mut net = Sequential::from_layers([Dense::new(1).kernel_initializer("zeros")]);
/// net.compile(Sgd::new(0.1), "mse").metrics(["mae"]);
/// let result = net.evaluate([1.0, 2.0], [3.0, 5.0])?;
/// assert_eq!(result["loss"], 17.0);
/// assert_eq!(result.get("mae")?, 4.0);
/// assert_eq!(result.to_string(), "loss: 17.0000 - mae: 4.0000");
/// # Ok::<(), yhat::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Logs {
    names: Vec<String>,
    values: Vec<f64>,
}

impl Logs {
    pub(super) fn new(names: Vec<String>) -> Logs {
        Logs { values: vec![f64::NAN; names.len()], names }
    }

    pub(super) fn values_mut(&mut self) -> &mut [f64] {
        &mut self.values
    }

    pub(crate) fn push(&mut self, name: &str, value: f64) {
        self.names.push(name.to_string());
        self.values.push(value);
    }

    /// Sets the number of this name, or adds it.
    pub(super) fn set(&mut self, name: &str, value: f64) {
        match self.names.iter().position(|n| n == name) {
            Some(i) => self.values[i] = value,
            None => self.push(name, value),
        }
    }

    /// Forgets all after the first `n`.
    pub(super) fn truncate(&mut self, n: usize) {
        self.names.truncate(n);
        self.values.truncate(n);
    }

    /// The first `n` of them.
    pub(super) fn first(&self, n: usize) -> Logs {
        Logs { names: self.names[..n].to_vec(), values: self.values[..n].to_vec() }
    }

    /// The number of this name.
    ///
    /// # Errors
    /// If there is none.
    pub fn get(&self, name: &str) -> Result<f64> {
        let names: Vec<&str> = self.names.iter().map(String::as_str).collect();
        let at = names.iter().position(|n| *n == name);
        at.map(|i| self.values[i]).ok_or_else(|| Error::unknown("result", name, &names))
    }

    /// The names, in order.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The numbers, in the order of the names.
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// Names and numbers, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, f64)> {
        self.names.iter().map(String::as_str).zip(self.values.iter().copied())
    }
}

impl Index<&str> for Logs {
    type Output = f64;
    /// # Panics
    /// If there is no number of this name; [`Logs::get`] asks.
    fn index(&self, name: &str) -> &f64 {
        match self.names.iter().position(|n| n == name) {
            Some(i) => &self.values[i],
            None => panic!("no result '{name}': there are {:?}", self.names),
        }
    }
}

/// A number as Keras prints it: four decimals, or an exponent where they would show little.
pub(super) fn number(x: f64) -> String {
    if x.is_nan() {
        return "nan".into();
    }
    if x.is_infinite() {
        return if x > 0.0 { "inf".into() } else { "-inf".into() };
    }
    if x.abs() > 1e-3 {
        return format!("{x:.4}");
    }
    // Python writes an exponent with a sign and two digits.
    let text = format!("{x:.4e}");
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    format!("{mantissa}e{}{:02}", if exponent < 0 { '-' } else { '+' }, exponent.abs())
}

impl fmt::Display for Logs {
    /// As in Keras's progress line: `loss: 0.1625 - mae: 0.3021`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, (name, value)) in self.iter().enumerate() {
            write!(f, "{}{name}: {}", if i > 0 { " - " } else { "" }, number(value))?;
        }
        Ok(())
    }
}
