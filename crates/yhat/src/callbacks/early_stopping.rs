//! Stopping when nothing gets better.

use yhat_tensor::Array;

use super::{Callback, Mode, monitor::Monitor};
use crate::{
    Result,
    model::{Logs, Training},
};

/// Ends the training when a number has not got better for `patience` epochs: Keras's `EarlyStopping`.
///
/// ```
/// use yhat::prelude::*;
/// let x = Array::linspace(-1.0, 1.0, 40);
/// let mut net = Sequential::from_layers([Dense::new(1)]);
/// net.compile(Sgd::new(0.5), "mse");
/// let early = EarlyStopping::new("val_loss").patience(3).restore_best_weights(true);
/// let history = net.fit(&x, &x, Fit::epochs(5000).validation_split(0.25).callback(early))?;
/// assert!(history.epoch.len() < 5000);
/// # Ok::<(), yhat::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct EarlyStopping {
    monitor: Monitor,
    patience: usize,
    baseline: Option<f64>,
    restore_best_weights: bool,
    wait: usize,
    best_epoch: usize,
    best_weights: Option<Vec<Array>>,
    stopped_epoch: Option<usize>,
}

impl EarlyStopping {
    /// Monitors the number `monitor`: `"val_loss"`, `"loss"`, a metric. It must be one of those that the fit reports.
    pub fn new(monitor: impl Into<String>) -> EarlyStopping {
        EarlyStopping {
            monitor: Monitor::new(monitor),
            patience: 0,
            baseline: None,
            restore_best_weights: false,
            wait: 0,
            best_epoch: 0,
            best_weights: None,
            stopped_epoch: None,
        }
    }

    /// A change that counts as better: more than this. 0 if it is not set.
    pub fn min_delta(mut self, min_delta: f64) -> EarlyStopping {
        self.monitor.min_delta = min_delta.abs();
        self
    }

    /// Epochs without anything better before the training ends. 0 if it is not set.
    pub fn patience(self, patience: usize) -> EarlyStopping {
        EarlyStopping { patience, ..self }
    }

    /// Whether less or more is better, where the name does not say it.
    pub fn mode(mut self, mode: Mode) -> EarlyStopping {
        self.monitor.mode = mode;
        self
    }

    /// A value that must be beaten too.
    pub fn baseline(self, baseline: f64) -> EarlyStopping {
        EarlyStopping { baseline: Some(baseline), ..self }
    }

    /// Whether a training that is ended gets the weights of its best epoch back.
    pub fn restore_best_weights(self, restore_best_weights: bool) -> EarlyStopping {
        EarlyStopping { restore_best_weights, ..self }
    }

    /// The epoch (from 0) after which the last training was ended, if it was.
    pub fn stopped_epoch(&self) -> Option<usize> {
        self.stopped_epoch
    }

    /// The epoch (from 0) with the best number so far.
    pub fn best_epoch(&self) -> usize {
        self.best_epoch
    }
}

impl Callback for EarlyStopping {
    fn on_train_begin(&mut self, _: &mut Training) -> Result<()> {
        self.monitor.reset();
        (self.wait, self.best_epoch, self.best_weights, self.stopped_epoch) = (0, 0, None, None);
        Ok(())
    }

    fn on_epoch_end(&mut self, epoch: usize, logs: &Logs, training: &mut Training) -> Result<()> {
        let value = self.monitor.value("EarlyStopping", logs)?;
        let improved = self.monitor.improves(value, self.monitor.best);
        // The first epoch's weights are kept even if they are no improvement, so that there are some to restore.
        if self.restore_best_weights && (improved || self.best_weights.is_none()) {
            self.best_weights = Some(training.net().get_weights()?);
        }
        self.wait += 1;
        if improved {
            (self.monitor.best, self.best_epoch) = (value, epoch);
            if self.baseline.is_none_or(|baseline| self.monitor.improves(value, baseline)) {
                self.wait = 0;
            }
        }
        if self.wait >= self.patience && epoch > 0 && self.wait > 0 {
            self.stopped_epoch = Some(epoch);
            training.stop();
            if let Some(weights) = &self.best_weights {
                training.net().set_weights(weights)?;
            }
        }
        Ok(())
    }

    fn every_batch(&self) -> bool {
        false
    }
}
