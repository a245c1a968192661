//! What a callback sees of the training under way.

use super::{Params, Sequential};
use crate::Result;

/// The training under way, as a callback sees it: the net with its current weights, the learning rate, the stop.
pub struct Training {
    net: Sequential,
    params: Params,
    stopped: bool,
    pub(super) epochs_done: usize,
    /// What callbacks add to the columns of the history.
    pub(super) logged: Vec<(String, f64)>,
}

impl Training {
    pub(super) fn new(net: Sequential, params: Params) -> Training {
        Training { net, params, stopped: false, epochs_done: 0, logged: Vec::new() }
    }

    /// The net. Its weights are as trained so far, and other ones given here are what training goes on from.
    pub fn net(&self) -> &Sequential {
        &self.net
    }

    /// What the fit was asked for.
    pub fn params(&self) -> Params {
        self.params
    }

    /// How many epochs are over, those before [`Fit::initial_epoch`](super::Fit::initial_epoch) included: `epoch + 1` in
    /// the `on_epoch_end` of epoch `epoch`.
    pub fn epochs_done(&self) -> usize {
        self.epochs_done
    }

    /// Ends the training: after this batch, if a batch has just ended, else after this epoch. The epoch is still reported.
    pub fn stop(&mut self) {
        self.stopped = true;
    }

    /// Whether some callback has ended the training.
    pub fn is_stopped(&self) -> bool {
        self.stopped
    }

    /// Adds a number to what this epoch came to: a column of the history.
    pub fn log(&mut self, name: &str, value: f64) {
        match self.logged.iter_mut().find(|(n, _)| n == name) {
            Some(entry) => entry.1 = value,
            None => self.logged.push((name.to_string(), value)),
        }
    }

    /// The optimizer's learning rate.
    pub fn learning_rate(&self) -> f64 {
        self.net.learning_rate().unwrap_or(f64::NAN)
    }

    /// Gives the optimizer another learning rate for the steps to come.
    ///
    /// # Errors
    /// If it is negative or no number.
    pub fn set_learning_rate(&mut self, learning_rate: f64) -> Result<()> {
        self.net.set_learning_rate(learning_rate)
    }
}
