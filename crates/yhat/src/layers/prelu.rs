//! The rectifier that learns its slopes below 0.

use yhat_tensor::{Shape, Tensor};

use super::{AnyLayer, Layer, Weights, layer_type};
use crate::{Result, initializers::Initializer};

layer_type! {
    /// `x` above 0, `alpha * x` below, with a trained `alpha` for each feature: Keras's `PReLU` (He and others, 2015).
    ///
    /// `alpha` has the shape of a row and starts as zeros.
    ///
    /// ```
    /// use yhat::prelude::*;
    /// let y = PReLU::new().alpha_initializer("ones").call([[-2.0, 3.0]])?;
    /// assert_eq!(y.eval()?.to_vec(), [-2.0, 3.0]);
    /// # Ok::<(), yhat::Error>(())
    /// ```
    PReLU, Settings
}

#[derive(Clone)]
struct Settings {
    alpha_initializer: Initializer,
}

impl PReLU {
    /// A layer whose slopes start at 0.
    pub fn new() -> PReLU {
        PReLU(AnyLayer::new(Settings { alpha_initializer: "zeros".into() }))
    }

    /// What the slopes start as.
    pub fn alpha_initializer(self, initializer: impl Into<Initializer>) -> PReLU {
        let initializer = initializer.into();
        PReLU(self.0.edited(|core, s: &mut Settings| {
            core.note(initializer.check().err());
            s.alpha_initializer = initializer;
        }))
    }
}

impl Default for PReLU {
    fn default() -> PReLU {
        PReLU::new()
    }
}

impl Layer for Settings {
    fn kind(&self) -> &'static str {
        "PReLU"
    }
    fn build(&self, input: &Shape, weights: &mut Weights) -> Result<()> {
        weights.add("alpha", input.get(1..).unwrap_or_default(), self.alpha_initializer.clone())
    }
    fn call(&self, x: &Tensor, weights: &Weights) -> Result<Tensor> {
        Ok(x.relu() - (-x).relu() * &weights["alpha"])
    }
}
