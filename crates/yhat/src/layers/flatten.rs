//! Rows of any shape as rows of numbers.

use yhat_tensor::Tensor;

use super::{AnyLayer, Layer, Weights, layer_type};
use crate::Result;

layer_type! {
    /// Joins all axes after the first: `(rows, a, b, ...)` to `(rows, a * b * ...)`, and `(rows,)` to `(rows, 1)`.
    ///
    /// ```
    /// use yhat::prelude::*;
    /// let images = Array::zeros([5, 28, 28]);
    /// assert_eq!(Flatten::new().call(&images)?.shape()[..], [5, 784]);
    /// # Ok::<(), yhat::Error>(())
    /// ```
    Flatten, Settings
}

#[derive(Clone)]
struct Settings;

impl Flatten {
    /// The layer has no settings.
    pub fn new() -> Flatten {
        Flatten(AnyLayer::new(Settings))
    }
}

impl Default for Flatten {
    fn default() -> Flatten {
        Flatten::new()
    }
}

impl Layer for Settings {
    fn kind(&self) -> &'static str {
        "Flatten"
    }
    fn call(&self, x: &Tensor, _: &Weights) -> Result<Tensor> {
        let rows = x.shape().first().copied().unwrap_or(1);
        let features: usize = x.shape().iter().skip(1).product();
        Ok(x.reshape([rows, features]))
    }
}
