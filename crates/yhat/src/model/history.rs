//! What a fit leaves: the loss and the metrics of every epoch.

use std::ops::Index;

use crate::{Error, Result};

/// The loss and the metrics of every epoch of one call of `fit`: `tf.keras.callbacks.History`.
///
/// ```
/// use yhat::prelude::*;
/// let mut net = Sequential::from_layers([Dense::new(1)]);
/// net.compile(Sgd::new(0.1), "mse").metrics(["mae"]);
/// let history = net.fit([1.0, 2.0], [3.0, 5.0], Fit::epochs(3))?;
/// assert_eq!(history.names().collect::<Vec<_>>(), ["loss", "mae"]);
/// assert_eq!(history.get("loss")?.len(), 3);
/// assert_eq!(history["loss"][2], history.last("loss"));
/// assert_eq!(history.epoch, [0, 1, 2]);
/// # Ok::<(), yhat::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct History {
    /// One column each for the loss, the metrics and their `val_` twins, in that order.
    pub history: Vec<(String, Vec<f64>)>,
    /// The numbers of the epochs, from 0.
    pub epoch: Vec<usize>,
    /// What the fit was asked for.
    pub params: Params,
}

/// What a fit was asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Params {
    /// The number of the epoch to stop before.
    pub epochs: usize,
    /// Batches in an epoch.
    pub steps: usize,
    /// How much was printed: 0, 1 or 2.
    pub verbose: u8,
}

/// Columns start with room for this many epochs at most; longer ones grow.
const RESERVED: usize = 1 << 20;

impl History {
    pub(super) fn new(names: &[String], epochs: usize, params: Params) -> History {
        let room = epochs.min(RESERVED);
        let history = names.iter().map(|n| (n.clone(), Vec::with_capacity(room))).collect();
        History { history, epoch: Vec::with_capacity(room), params }
    }

    /// Adds a number to column `name`, which may be new.
    pub(super) fn push(&mut self, name: &str, value: f64) {
        match self.history.iter_mut().find(|(n, _)| n == name) {
            Some((_, column)) => column.push(value),
            None => self.history.push((name.to_string(), vec![value])),
        }
    }

    /// The columns' names, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.history.iter().map(|(name, _)| name.as_str())
    }

    /// The column `name`: one number an epoch.
    ///
    /// # Errors
    /// If there is no such column.
    pub fn get(&self, name: &str) -> Result<&[f64]> {
        match self.history.iter().find(|(n, _)| n == name) {
            Some((_, column)) => Ok(column),
            None => Err(Error::unknown("column of the history", name, &self.names().collect::<Vec<_>>())),
        }
    }

    /// The last epoch's number in column `name`; NaN if no epoch was run.
    ///
    /// # Panics
    /// If there is no such column; [`History::get`] asks.
    #[track_caller]
    pub fn last(&self, name: &str) -> f64 {
        match self.get(name) {
            Ok(column) => column.last().copied().unwrap_or(f64::NAN),
            Err(error) => panic!("{error}"),
        }
    }
}

impl Index<&str> for History {
    type Output = [f64];
    /// # Panics
    /// If there is no such column; [`History::get`] asks.
    fn index(&self, name: &str) -> &[f64] {
        match self.get(name) {
            Ok(column) => column,
            Err(error) => panic!("{error}"),
        }
    }
}
