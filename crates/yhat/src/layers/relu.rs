//! The rectifier with its three settings.

use yhat_tensor::Tensor;

use super::{AnyLayer, Layer, Weights, layer_type};
use crate::Result;

layer_type! {
    /// `max_value` where `x` is at least that, `x` between `threshold` and there, `negative_slope * (x - threshold)`
    /// below: Keras's `ReLU`. Without settings `max(x, 0)`.
    ///
    /// ```
    /// use yhat::prelude::*;
    /// let y = ReLU::new().max_value(6.0).negative_slope(0.5).call([-2.0, 3.0, 9.0])?;
    /// assert_eq!(y.eval()?.to_vec(), [-1.0, 3.0, 6.0]);
    /// # Ok::<(), yhat::Error>(())
    /// ```
    ReLU, Settings
}

#[derive(Clone, Default)]
struct Settings {
    max_value: Option<f64>,
    negative_slope: f64,
    threshold: f64,
}

impl ReLU {
    /// `max(x, 0)`.
    pub fn new() -> ReLU {
        ReLU(AnyLayer::new(Settings::default()))
    }

    /// The largest output.
    pub fn max_value(self, max_value: f64) -> ReLU {
        ReLU(self.0.edited(|_, s: &mut Settings| s.max_value = Some(max_value)))
    }

    /// The slope below the threshold.
    pub fn negative_slope(self, slope: f64) -> ReLU {
        ReLU(self.0.edited(|_, s: &mut Settings| s.negative_slope = slope))
    }

    /// Below this the layer is off.
    pub fn threshold(self, threshold: f64) -> ReLU {
        ReLU(self.0.edited(|_, s: &mut Settings| s.threshold = threshold))
    }
}

impl Default for ReLU {
    fn default() -> ReLU {
        ReLU::new()
    }
}

impl Layer for Settings {
    fn kind(&self) -> &'static str {
        "ReLU"
    }
    fn activation_name(&self) -> Option<&str> {
        (self.max_value.is_none() && self.threshold == 0.0 && self.negative_slope == 0.0).then_some("relu")
    }
    fn call(&self, x: &Tensor, _: &Weights) -> Result<Tensor> {
        let y = match (self.negative_slope, self.threshold) {
            (0.0, 0.0) => x.relu(),
            (0.0, threshold) => Tensor::select(&x.greater(threshold), x, 0.0),
            (slope, threshold) => Tensor::select(&x.greater(threshold), x, (x - threshold) * slope),
        };
        Ok(match self.max_value {
            Some(max_value) => y.minimum(max_value),
            None => y,
        })
    }
}
