//! A learning rate for every epoch.

use super::Callback;
use crate::{
    Result,
    model::{Logs, Training},
};

/// Sets the learning rate before every epoch: Keras's `LearningRateScheduler`. The history gets a column `lr`.
///
/// ```
/// use yhat::prelude::*;
/// let mut net = Sequential::from_layers([Dense::new(1)]);
/// net.compile(Sgd::new(0.1), "mse");
/// let halved = LearningRateScheduler::new(|epoch, rate| if epoch < 2 { rate } else { rate / 2.0 });
/// let history = net.fit([1.0, 2.0], [3.0, 5.0], Fit::epochs(4).callback(halved))?;
/// let rates: Vec<f32> = history["lr"].iter().map(|rate| *rate as f32).collect();
/// assert_eq!(rates, [0.1, 0.1, 0.05, 0.025]);
/// # Ok::<(), yhat::Error>(())
/// ```
pub struct LearningRateScheduler<'a> {
    schedule: Box<dyn FnMut(usize, f64) -> f64 + 'a>,
}

impl<'a> LearningRateScheduler<'a> {
    /// `schedule` makes the new learning rate of the epoch (from 0) and the present one.
    pub fn new(schedule: impl FnMut(usize, f64) -> f64 + 'a) -> LearningRateScheduler<'a> {
        LearningRateScheduler { schedule: Box::new(schedule) }
    }
}

impl Callback for LearningRateScheduler<'_> {
    fn on_epoch_begin(&mut self, epoch: usize, training: &mut Training) -> Result<()> {
        let rate = (self.schedule)(epoch, training.learning_rate());
        training.set_learning_rate(rate)
    }

    fn on_epoch_end(&mut self, _: usize, _: &Logs, training: &mut Training) -> Result<()> {
        training.log("lr", training.learning_rate());
        Ok(())
    }

    fn every_batch(&self) -> bool {
        false
    }
}
