//! Loss and metrics without training.

use yhat_tensor::Array;

use super::{Logs, Sequential, data::Data, sequential::undone_on_error};
use crate::{Error, Result};

/// Rows at a time, as in Keras, unless it is told otherwise.
const BATCH_SIZE: usize = 32;

impl Sequential {
    /// Loss and metrics on rows `x` with targets `y`, in batches of 32: `model.evaluate(x, y)`.
    ///
    /// # Errors
    /// If the net was not compiled, or the data do not fit it.
    pub fn evaluate(&self, x: impl Into<Array>, y: impl Into<Array>) -> Result<Logs> {
        self.evaluate_with(x, y, BATCH_SIZE)
    }

    /// [`Sequential::evaluate`] in batches of `batch_size`. The means are over rows, so batches matter only to the last
    /// digits, and to a loss of one's own that is not a mean.
    ///
    /// # Errors
    /// As [`Sequential::evaluate`].
    pub fn evaluate_with(&self, x: impl Into<Array>, y: impl Into<Array>, batch_size: usize) -> Result<Logs> {
        let compiled = self.compiled()?;
        if batch_size == 0 {
            return Err(Error::argument("evaluate batch_size", "at least 1 row", 0));
        }
        let data = Data::new("evaluate", x.into(), y.into(), self.dtype())?;
        let made = || self.checked_steps(&compiled, &data, batch_size, false);
        let mut steps = undone_on_error(&self.any(), made)?;
        self.net.note(data.x.shape(), batch_size);
        let mut logs = Logs::new(compiled.names());
        let result = steps.set_inputs(&data).and_then(|()| steps.evaluate(&data, logs.values_mut()));
        compiled.plans().give(steps.into_steps());
        result.map(|()| logs)
    }

    /// [`Sequential::evaluate`] on all rows as one batch: `model.test_on_batch`.
    ///
    /// # Errors
    /// As [`Sequential::evaluate`].
    pub fn test_on_batch(&self, x: impl Into<Array>, y: impl Into<Array>) -> Result<Logs> {
        let x: Array = x.into();
        let rows = x.shape().first().copied().unwrap_or(1).max(1);
        self.evaluate_with(x, y, rows)
    }
}
