//! The net's output for data.

use std::sync::PoisonError;

use yhat_tensor::{Array, Element, Shape, array};

use super::{Sequential, data::rows_of, steps::Step};
use crate::{Error, Result, layers::batch_of};

/// What Keras would take at a time, which is what a summary tells.
const KERAS_BATCH_SIZE: usize = 32;
/// Bytes of the rows that are taken at a time here, where a row's result does not depend on the others: they are copied, and
/// are still in L2 for the first layer. (10,000 rows of 784 pixels take 30 ms by 256 to 512 and 34 by 1,024; of 64 numbers, 22
/// by 512 and 20 by 2,048; two cores, 2026-11-27.)
const PART_BYTES: usize = 1 << 20;
/// The most rows of a part: a wide layer's results take more memory than the rows.
const MOST_ROWS: usize = 2048;

impl Sequential {
    /// The net's output for rows `x`: `model.predict(x)`.
    ///
    /// ```
    /// use yhat::prelude::*;
    /// let net = Sequential::from_layers([Dense::new(1).kernel_initializer("ones")]);
    /// assert_eq!(net.predict([[1.0, 2.0], [3.0, 4.0]])?.to_vec(), [3.0, 7.0]);
    /// # Ok::<(), yhat::Error>(())
    /// ```
    ///
    /// # Errors
    /// If the data do not fit the net.
    pub fn predict(&self, x: impl Into<Array>) -> Result<Array> {
        self.predicted(x.into(), None)
    }

    /// [`Sequential::predict`] with `batch_size` rows at a time.
    ///
    /// # Errors
    /// As [`Sequential::predict`].
    pub fn predict_with(&self, x: impl Into<Array>, batch_size: usize) -> Result<Array> {
        if batch_size == 0 {
            return Err(Error::argument("predict batch_size", "at least 1 row", 0));
        }
        self.predicted(x.into(), Some(batch_size))
    }

    fn predicted(&self, x: Array, batch_size: Option<usize>) -> Result<Array> {
        self.ready()?;
        let x = rows_of("predict x", x, self.dtype())?;
        let rows = x.shape()[0];
        let row_bytes = x.size() / rows * x.dtype().size();
        let part = batch_size.unwrap_or((PART_BYTES / row_bytes).clamp(KERAS_BATCH_SIZE, MOST_ROWS));
        let mut outputs = Vec::new();
        if rows >= part {
            let mut step = self.prediction_step(&x, part)?;
            let result = whole_parts(&mut step, &x, rows / part);
            self.keep(step);
            outputs = result?;
        }
        if rows % part > 0 {
            let mut step = self.prediction_step(&x, rows % part)?;
            let result = step.output(&x, rows - rows % part);
            self.keep(step);
            outputs.push(result?);
        }
        self.net.note(x.shape(), batch_size.unwrap_or(KERAS_BATCH_SIZE));
        joined(outputs)
    }

    fn keep(&self, step: Step) {
        self.net.predictions.lock().unwrap_or_else(PoisonError::into_inner).give([step]);
    }
}

/// Parts of a net whose steps are too small for several threads are computed side by side: a million rows of the 1-2-1 net in 1.2
/// milliseconds instead of 2.2 (two cores, 2026-11-27). A large net's threads share its steps, and so its weights: 784-2048-2048-10
/// takes a quarter longer side by side.
fn whole_parts(step: &mut Step, x: &Array, parts: usize) -> Result<Vec<Array>> {
    match step.is_shared() {
        false => step.outputs(x, parts),
        true => (0..parts).map(|part| step.output(x, part * step.rows())).collect(),
    }
}

/// Arrays one below the other.
fn joined(mut parts: Vec<Array>) -> Result<Array> {
    if parts.len() == 1 {
        return Ok(parts.remove(0));
    }
    fn of<T: Element>(parts: &[Array], shape: Shape) -> Result<Array> {
        let mut elements = Vec::with_capacity(shape.size());
        parts.iter().for_each(|part| elements.extend_from_slice(part.elements::<T>().unwrap_or_default()));
        Ok(Array::new(shape, elements)?)
    }
    let rows = parts.iter().map(|part| part.shape()[0]).sum();
    let shape = batch_of(rows, &parts[0].shape()[1..]);
    match parts[0].data() {
        array::Data::Bool(_) => of::<bool>(&parts, shape),
        array::Data::I64(_) => of::<i64>(&parts, shape),
        array::Data::F32(_) => of::<f32>(&parts, shape),
        array::Data::F64(_) => of::<f64>(&parts, shape),
    }
}
