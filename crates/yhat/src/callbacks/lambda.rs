//! Closures as a callback.

use super::Callback;
use crate::{
    Result,
    model::{Logs, Training},
};

type AtTraining<'a> = Box<dyn FnMut(&mut Training) -> Result<()> + 'a>;
type AtEpochBegin<'a> = Box<dyn FnMut(usize, &mut Training) -> Result<()> + 'a>;
type AtEnd<'a> = Box<dyn FnMut(usize, &Logs, &mut Training) -> Result<()> + 'a>;

/// A callback made of closures: Keras's `LambdaCallback`.
///
/// ```
/// use yhat::prelude::*;
/// let mut batches = 0;
/// let count = LambdaCallback::new().on_batch_end(|_, _, _| {
///     batches += 1;
///     Ok(())
/// });
/// let mut net = Sequential::from_layers([Dense::new(1)]);
/// net.compile(Sgd::new(0.1), "mse");
/// net.fit([1.0, 2.0, 3.0], [3.0, 5.0, 7.0], Fit::epochs(4).batch_size(2).callback(count))?;
/// assert_eq!(batches, 8);
/// # Ok::<(), yhat::Error>(())
/// ```
#[derive(Default)]
pub struct LambdaCallback<'a> {
    train_begin: Option<AtTraining<'a>>,
    train_end: Option<AtTraining<'a>>,
    epoch_begin: Option<AtEpochBegin<'a>>,
    epoch_end: Option<AtEnd<'a>>,
    batch_end: Option<AtEnd<'a>>,
}

impl<'a> LambdaCallback<'a> {
    /// Does nothing yet.
    pub fn new() -> LambdaCallback<'a> {
        LambdaCallback::default()
    }

    /// Runs `f` before the first epoch.
    pub fn on_train_begin(self, f: impl FnMut(&mut Training) -> Result<()> + 'a) -> LambdaCallback<'a> {
        LambdaCallback { train_begin: Some(Box::new(f)), ..self }
    }

    /// Runs `f` after the last epoch.
    pub fn on_train_end(self, f: impl FnMut(&mut Training) -> Result<()> + 'a) -> LambdaCallback<'a> {
        LambdaCallback { train_end: Some(Box::new(f)), ..self }
    }

    /// Runs `f` before every epoch.
    pub fn on_epoch_begin(self, f: impl FnMut(usize, &mut Training) -> Result<()> + 'a) -> LambdaCallback<'a> {
        LambdaCallback { epoch_begin: Some(Box::new(f)), ..self }
    }

    /// Runs `f` after every epoch.
    pub fn on_epoch_end(self, f: impl FnMut(usize, &Logs, &mut Training) -> Result<()> + 'a) -> LambdaCallback<'a> {
        LambdaCallback { epoch_end: Some(Box::new(f)), ..self }
    }

    /// Runs `f` after every batch.
    pub fn on_batch_end(self, f: impl FnMut(usize, &Logs, &mut Training) -> Result<()> + 'a) -> LambdaCallback<'a> {
        LambdaCallback { batch_end: Some(Box::new(f)), ..self }
    }
}

impl Callback for LambdaCallback<'_> {
    fn on_train_begin(&mut self, training: &mut Training) -> Result<()> {
        self.train_begin.as_mut().map_or(Ok(()), |f| f(training))
    }
    fn on_train_end(&mut self, training: &mut Training) -> Result<()> {
        self.train_end.as_mut().map_or(Ok(()), |f| f(training))
    }
    fn on_epoch_begin(&mut self, epoch: usize, training: &mut Training) -> Result<()> {
        self.epoch_begin.as_mut().map_or(Ok(()), |f| f(epoch, training))
    }
    fn on_epoch_end(&mut self, epoch: usize, logs: &Logs, training: &mut Training) -> Result<()> {
        self.epoch_end.as_mut().map_or(Ok(()), |f| f(epoch, logs, training))
    }
    fn on_batch_end(&mut self, batch: usize, logs: &Logs, training: &mut Training) -> Result<()> {
        self.batch_end.as_mut().map_or(Ok(()), |f| f(batch, logs, training))
    }
    fn every_batch(&self) -> bool {
        self.batch_end.is_some()
    }
}
