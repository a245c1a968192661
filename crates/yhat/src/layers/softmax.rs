//! Numbers as probabilities.

use yhat_tensor::Tensor;

use super::{AnyLayer, Layer, Weights, layer_type};
use crate::{Result, activations};

layer_type! {
    /// `e^x / sum(e^x)` along the last axis: Keras's `Softmax`. Rows of the result are positive and sum to 1.
    ///
    /// ```
    /// use yhat::prelude::*;
    /// let p = Softmax::new().call([[0.0, 0.0], [1000.0, 0.0]])?;
    /// assert_eq!(p.eval()?.to_vec(), [0.5, 0.5, 1.0, 0.0]);
    /// # Ok::<(), yhat::Error>(())
    /// ```
    Softmax, Settings
}

#[derive(Clone)]
struct Settings;

impl Softmax {
    /// Along the last axis.
    pub fn new() -> Softmax {
        Softmax(AnyLayer::new(Settings))
    }
}

impl Default for Softmax {
    fn default() -> Softmax {
        Softmax::new()
    }
}

impl Layer for Settings {
    fn kind(&self) -> &'static str {
        "Softmax"
    }
    fn call(&self, x: &Tensor, _: &Weights) -> Result<Tensor> {
        Ok(activations::softmax(x))
    }
}
