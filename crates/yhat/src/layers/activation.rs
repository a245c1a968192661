//! A function as a layer.

use yhat_tensor::Tensor;

use super::{AnyLayer, Layer, Weights, layer_type};
use crate::{Result, activations};

layer_type! {
    /// Applies an activation function: `f(x)`, of the shape of `x` for all but a few functions.
    ///
    /// ```
    /// use yhat::prelude::*;
    /// let a1 = Activation::new(relu);
    /// assert_eq!(a1.call([-1.0, 2.0])?.eval()?.to_vec(), [0.0, 2.0]);
    /// let cube = Activation::new(|x: &Tensor| x.powf(3.0));
    /// assert_eq!(cube.call([-1.0, 2.0])?.eval()?.to_vec(), [-1.0, 8.0]);
    /// # Ok::<(), yhat::Error>(())
    /// ```
    Activation, Settings
}

#[derive(Clone)]
struct Settings {
    function: activations::ActivationFn,
}

impl Activation {
    /// A layer that applies `function`: a function of tensors, or a name (`"relu"`, `"sigmoid"`, ...).
    pub fn new(function: impl Into<activations::ActivationFn>) -> Activation {
        let function = function.into();
        let held = function.check().err();
        Activation(AnyLayer::new(Settings { function }).edited(|core, _: &mut Settings| core.note(held)))
    }
}

impl Layer for Settings {
    fn kind(&self) -> &'static str {
        "Activation"
    }
    fn activation_name(&self) -> Option<&str> {
        Some(self.function.name())
    }
    fn call(&self, x: &Tensor, _: &Weights) -> Result<Tensor> {
        self.function.call(x)
    }
}
