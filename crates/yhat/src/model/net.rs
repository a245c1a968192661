//! What a net's handles share.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use yhat_tensor::{Shape, Tensor};

use super::{compile::Compiled, steps::Cache};
use crate::{
    Error, Result,
    layers::{AnyLayer, Layer, Weights},
};

/// A net, behind the handles on it. No lock is held while anything runs, so a callback can use the net that is being
/// fit.
#[derive(Default)]
pub(super) struct Net {
    state: Mutex<State>,
    /// Plans for `predict`, which need no compilation.
    pub predictions: Mutex<Cache>,
}

#[derive(Default)]
pub(super) struct State {
    pub layers: Vec<AnyLayer>,
    /// One row of input, where a layer or an `Input` told it.
    pub row: Option<Shape>,
    /// One row of what the last layer puts out, where `row` is known.
    pub output: Option<Shape>,
    /// One row of input as the first data had it, where nobody told it.
    pub seen_row: Option<Shape>,
    /// How many rows came at a time.
    pub batch: Batch,
    /// Why the last `add` did not add.
    pub failed_add: Option<Error>,
    /// What `compile` left.
    pub compiled: Option<Result<Arc<Compiled>>>,
}

/// How many rows a net has been called with at a time. Keras prints the number in a summary as long as it is always the
/// same: `(100, 512)`, later `(None, 512)`.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) enum Batch {
    #[default]
    Unseen,
    Always(usize),
    Varied,
}

impl Batch {
    /// After a call with `rows` rows, or with batches of several sizes (`None`).
    pub fn then(self, rows: Option<usize>) -> Batch {
        match (self, rows) {
            (Batch::Unseen, Some(rows)) => Batch::Always(rows),
            (Batch::Always(before), Some(rows)) if before == rows => self,
            _ => Batch::Varied,
        }
    }
}

impl Net {
    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes the shape of data and how they come: in batches of `batch_size`. Keras knows the number of rows only where
    /// all batches have the same.
    pub fn note(&self, data: &Shape, batch_size: usize) {
        let mut state = self.state();
        let rows = data.first().copied().unwrap_or(0);
        let even = batch_size > 0 && rows % batch_size == 0;
        state.batch = state.batch.then(even.then_some(batch_size));
        state.seen_row.get_or_insert_with(|| data.get(1..).unwrap_or_default().into());
    }
}

impl Layer for Arc<Net> {
    fn kind(&self) -> &'static str {
        "Sequential"
    }

    fn layers(&self) -> Vec<AnyLayer> {
        self.state().layers.clone()
    }

    fn call(&self, x: &Tensor, _: &Weights) -> Result<Tensor> {
        self.layers().iter().try_fold(x.clone(), |x, layer| layer.call(&x))
    }
}
