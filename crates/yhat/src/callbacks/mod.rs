//! Callbacks: what watches a training, or changes it.
//!
//! ```
//! use yhat::prelude::*;
//! let x = Array::linspace(-1.0, 1.0, 20);
//! let mut net = Sequential::from_layers([Dense::new(1)]);
//! net.compile(Sgd::new(0.5), "mse");
//! let mut early = EarlyStopping::new("loss").min_delta(1e-9);
//! let history = net.fit(&x, &x, Fit::epochs(500).batch_size(20).callback(&mut early))?;
//! assert!(history.epoch.len() < 500);
//! assert_eq!(early.stopped_epoch(), history.epoch.last().copied());
//! # Ok::<(), yhat::Error>(())
//! ```

use crate::{
    Result,
    model::{Logs, Training},
};

mod csv_logger;
mod early_stopping;
mod lambda;
mod learning_rate_scheduler;
mod monitor;
mod recorder;
mod reduce_lr_on_plateau;
mod schedule;
mod terminate_on_nan;

pub use csv_logger::CsvLogger;
pub use early_stopping::EarlyStopping;
pub use lambda::LambdaCallback;
pub use learning_rate_scheduler::LearningRateScheduler;
pub use monitor::Mode;
pub use recorder::{Path, Recorder};
pub use reduce_lr_on_plateau::ReduceLROnPlateau;
pub use schedule::Schedule;
pub use terminate_on_nan::TerminateOnNaN;

/// Something that is told how a training goes and may change it: `tf.keras.callbacks.Callback`.
///
/// All methods do nothing unless written. What they return as an error, or panic with, ends the fit with that error; the
/// net keeps what it has learned. While a callback runs, the net's variables have their current values, and values
/// assigned to them count.
///
/// ```
/// use yhat::prelude::*;
/// use yhat::Result;
///
/// /// Remembers the weights after every epoch.
/// #[derive(Default)]
/// struct Path(Vec<Vec<Array>>);
///
/// impl Callback for Path {
///     fn on_epoch_end(&mut self, _: usize, _: &Logs, training: &mut Training) -> Result<()> {
///         self.0.push(training.net().get_weights()?);
///         Ok(())
///     }
/// }
///
/// let mut net = Sequential::from_layers([Dense::new(1)]);
/// net.compile(Sgd::new(0.1), "mse");
/// let mut path = Path::default();
/// net.fit([1.0, 2.0], [3.0, 5.0], Fit::epochs(4).callback(&mut path))?;
/// assert_eq!(path.0.len(), 4);
/// assert_eq!(path.0[3], net.get_weights()?);
/// # Ok::<(), yhat::Error>(())
/// ```
#[allow(unused_variables)]
pub trait Callback {
    /// Before the first epoch.
    ///
    /// # Errors
    /// Ends the fit, as an error of any method does.
    fn on_train_begin(&mut self, training: &mut Training) -> Result<()> {
        Ok(())
    }

    /// After the last epoch.
    fn on_train_end(&mut self, training: &mut Training) -> Result<()> {
        Ok(())
    }

    /// Before epoch `epoch`, counted from 0.
    fn on_epoch_begin(&mut self, epoch: usize, training: &mut Training) -> Result<()> {
        Ok(())
    }

    /// After epoch `epoch`, with its loss and metrics, also those of the validation.
    fn on_epoch_end(&mut self, epoch: usize, logs: &Logs, training: &mut Training) -> Result<()> {
        Ok(())
    }

    /// After batch `batch`, counted from 0 in its epoch, with the means over the epoch so far.
    fn on_batch_end(&mut self, batch: usize, logs: &Logs, training: &mut Training) -> Result<()> {
        Ok(())
    }

    /// Whether [`Callback::on_batch_end`] is wanted. For large nets it costs a copy of the weights a batch.
    fn every_batch(&self) -> bool {
        true
    }

    /// The next epoch, `epoch` itself or a later one, that the callback wants to hear of: before it, `on_epoch_begin`,
    /// `on_batch_end` and `on_epoch_end` are not called. Where no callback wants an epoch, a fit spends no time on it but
    /// its runs. Asked before every epoch that the callback may hear of.
    fn next_epoch(&self, epoch: usize) -> usize {
        epoch
    }
}

impl<C: Callback + ?Sized> Callback for &mut C {
    fn on_train_begin(&mut self, training: &mut Training) -> Result<()> {
        (**self).on_train_begin(training)
    }
    fn on_train_end(&mut self, training: &mut Training) -> Result<()> {
        (**self).on_train_end(training)
    }
    fn on_epoch_begin(&mut self, epoch: usize, training: &mut Training) -> Result<()> {
        (**self).on_epoch_begin(epoch, training)
    }
    fn on_epoch_end(&mut self, epoch: usize, logs: &Logs, training: &mut Training) -> Result<()> {
        (**self).on_epoch_end(epoch, logs, training)
    }
    fn on_batch_end(&mut self, batch: usize, logs: &Logs, training: &mut Training) -> Result<()> {
        (**self).on_batch_end(batch, logs, training)
    }
    fn every_batch(&self) -> bool {
        (**self).every_batch()
    }
    fn next_epoch(&self, epoch: usize) -> usize {
        (**self).next_epoch(epoch)
    }
}
