//! The exponential linear unit.

use yhat_tensor::Tensor;

use super::{AnyLayer, Layer, Weights, layer_type};
use crate::Result;

layer_type! {
    /// `x` above 0, `alpha * (e^x - 1)` below: Keras's `ELU` (Clevert, Unterthiner and Hochreiter, 2016).
    ///
    /// ```
    /// use yhat::prelude::*;
    /// let y = ELU::default().call([-1.0, 3.0])?.eval()?;
    /// assert_eq!((y.at(&[0]) as f32, y.at(&[1])), (-0.63212055, 3.0));
    /// # Ok::<(), yhat::Error>(())
    /// ```
    ELU, Settings
}

#[derive(Clone)]
struct Settings {
    alpha: f64,
}

impl ELU {
    /// A layer that falls to `-alpha`. Keras's default is 1.
    pub fn new(alpha: f64) -> ELU {
        ELU(AnyLayer::new(Settings { alpha }))
    }
}

impl Default for ELU {
    fn default() -> ELU {
        ELU::new(1.0)
    }
}

impl Layer for Settings {
    fn kind(&self) -> &'static str {
        "ELU"
    }
    fn call(&self, x: &Tensor, _: &Weights) -> Result<Tensor> {
        // The minimum keeps e^x finite where the other branch is taken: infinity times a slope of 0 would be NaN.
        Ok(Tensor::select(&x.greater(0.0), x, x.minimum(0.0).expm1() * self.alpha))
    }
}
