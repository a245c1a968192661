//! Stopping where numbers stop.

use super::Callback;
use crate::{
    Result,
    model::{Logs, Training},
};

/// Ends the training after a batch whose loss is NaN or infinite: Keras's `TerminateOnNaN`.
///
/// ```
/// use yhat::prelude::*;
/// let mut net = Sequential::from_layers([Dense::new(1)]);
/// net.compile(Sgd::new(1e6), "mse");
/// let history = net.fit([1.0, 2.0], [3.0, 5.0], Fit::epochs(100).callback(TerminateOnNaN::new()))?;
/// assert!(history.epoch.len() < 20);
/// # Ok::<(), yhat::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct TerminateOnNaN;

impl TerminateOnNaN {
    /// It has no settings.
    pub fn new() -> TerminateOnNaN {
        TerminateOnNaN
    }
}

impl Callback for TerminateOnNaN {
    fn on_batch_end(&mut self, _: usize, logs: &Logs, training: &mut Training) -> Result<()> {
        if !logs.get("loss")?.is_finite() {
            training.stop();
        }
        Ok(())
    }
}
