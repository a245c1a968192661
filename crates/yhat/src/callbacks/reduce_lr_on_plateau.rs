//! A smaller learning rate when nothing gets better.

use super::{Callback, Mode, monitor::Monitor};
use crate::{
    Error, Result,
    model::{Logs, Training},
};

/// Multiplies the learning rate by `factor` when a number has not got better for `patience` epochs: Keras's
/// `ReduceLROnPlateau`. The history gets a column `lr`.
///
/// ```
/// use yhat::prelude::*;
/// let mut net = Sequential::from_layers([Dense::new(1)]);
/// net.compile(Sgd::new(0.1), "mse");
/// let reduce = ReduceLROnPlateau::new("loss").factor(0.5).patience(2).min_delta(1e6);
/// let history = net.fit([1.0, 2.0], [3.0, 5.0], Fit::epochs(5).callback(reduce))?;
/// let rates: Vec<f32> = history["lr"].iter().map(|rate| *rate as f32).collect();
/// assert_eq!(rates, [0.1, 0.1, 0.1, 0.05, 0.05]);
/// # Ok::<(), yhat::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct ReduceLROnPlateau {
    monitor: Monitor,
    factor: f64,
    patience: usize,
    cooldown: usize,
    min_lr: f64,
    wait: usize,
    cooling: usize,
}

impl ReduceLROnPlateau {
    /// Monitors the number `monitor`, with Keras's defaults: factor 0.1, patience 10, min_delta 1e-4.
    pub fn new(monitor: impl Into<String>) -> ReduceLROnPlateau {
        let mut monitor = Monitor::new(monitor);
        monitor.min_delta = 1e-4;
        ReduceLROnPlateau { monitor, factor: 0.1, patience: 10, cooldown: 0, min_lr: 0.0, wait: 0, cooling: 0 }
    }

    /// What the learning rate is multiplied by, below 1.
    pub fn factor(self, factor: f64) -> ReduceLROnPlateau {
        ReduceLROnPlateau { factor, ..self }
    }

    /// Epochs without anything better before the rate is reduced.
    pub fn patience(self, patience: usize) -> ReduceLROnPlateau {
        ReduceLROnPlateau { patience, ..self }
    }

    /// A change that counts as better: more than this.
    pub fn min_delta(mut self, min_delta: f64) -> ReduceLROnPlateau {
        self.monitor.min_delta = min_delta.abs();
        self
    }

    /// Whether less or more is better, where the name does not say it.
    pub fn mode(mut self, mode: Mode) -> ReduceLROnPlateau {
        self.monitor.mode = mode;
        self
    }

    /// Epochs after a reduction that do not count.
    pub fn cooldown(self, cooldown: usize) -> ReduceLROnPlateau {
        ReduceLROnPlateau { cooldown, ..self }
    }

    /// The smallest rate.
    pub fn min_lr(self, min_lr: f64) -> ReduceLROnPlateau {
        ReduceLROnPlateau { min_lr, ..self }
    }
}

impl Callback for ReduceLROnPlateau {
    fn on_train_begin(&mut self, _: &mut Training) -> Result<()> {
        if !(0.0..1.0).contains(&self.factor) {
            return Err(Error::argument("ReduceLROnPlateau::factor", "at least 0 and below 1", self.factor));
        }
        self.monitor.reset();
        (self.wait, self.cooling) = (0, 0);
        Ok(())
    }

    fn on_epoch_end(&mut self, _: usize, logs: &Logs, training: &mut Training) -> Result<()> {
        let value = self.monitor.value("ReduceLROnPlateau", logs)?;
        let rate = training.learning_rate();
        training.log("lr", rate);
        if self.cooling > 0 {
            self.cooling -= 1;
            self.wait = 0;
        }
        if self.monitor.improves(value, self.monitor.best) {
            self.monitor.best = value;
            self.wait = 0;
        } else if self.cooling == 0 {
            self.wait += 1;
            if self.wait >= self.patience && rate > self.min_lr {
                training.set_learning_rate((rate * self.factor).max(self.min_lr))?;
                (self.cooling, self.wait) = (self.cooldown, 0);
            }
        }
        Ok(())
    }

    fn every_batch(&self) -> bool {
        false
    }
}
