//! The rectifier with a slope below 0.

use yhat_tensor::Tensor;

use super::{AnyLayer, Layer, Weights, layer_type};
use crate::Result;

layer_type! {
    /// `x` above 0, `alpha * x` below: Keras's `LeakyReLU`.
    ///
    /// ```
    /// use yhat::prelude::*;
    /// let y = LeakyReLU::new(0.25).call([-2.0, 3.0])?;
    /// assert_eq!(y.eval()?.to_vec(), [-0.5, 3.0]);
    /// # Ok::<(), yhat::Error>(())
    /// ```
    LeakyReLU, Settings
}

#[derive(Clone)]
struct Settings {
    alpha: f64,
}

impl LeakyReLU {
    /// A layer with slope `alpha` below 0. Keras 2's default is 0.3.
    pub fn new(alpha: f64) -> LeakyReLU {
        LeakyReLU(AnyLayer::new(Settings { alpha }))
    }
}

impl Default for LeakyReLU {
    fn default() -> LeakyReLU {
        LeakyReLU::new(0.3)
    }
}

impl Layer for Settings {
    fn kind(&self) -> &'static str {
        "LeakyReLU"
    }
    fn activation_name(&self) -> Option<&str> {
        Some("leaky_relu")
    }
    fn call(&self, x: &Tensor, _: &Weights) -> Result<Tensor> {
        Ok(Tensor::select(&x.greater(0.0), x, x * self.alpha))
    }
}
