//! The dense layer.

use yhat_tensor::{Shape, Tensor};

use super::{AnyLayer, Layer, Weights, layer_type};
use crate::{Error, Result, activations::ActivationFn, initializers::Initializer, regularizers::Regularizer};

layer_type! {
    /// A densely connected layer: `activation(x @ kernel + bias)`, as Keras's `Dense`.
    ///
    /// Input `(..., features)`, output `(..., units)`; kernel `(features, units)` drawn from `glorot_uniform`, bias
    /// `(units,)` of zeros, no activation, unless set otherwise.
    ///
    /// ```
    /// use yhat::prelude::*;
    /// set_seed(43053);
    /// let l1 = Dense::new(1).input_shape(1);
    /// let mut net = Sequential::new();
    /// net.add(&l1);
    /// assert_eq!(l1.get_weights()?[0].item() as f32, 0.41721308);
    /// # Ok::<(), yhat::Error>(())
    /// ```
    Dense, Settings
}

#[derive(Clone)]
struct Settings {
    units: usize,
    activation: ActivationFn,
    use_bias: bool,
    kernel_initializer: Initializer,
    bias_initializer: Initializer,
    kernel_regularizer: Option<Regularizer>,
    bias_regularizer: Option<Regularizer>,
}

impl Dense {
    /// A layer of `units` outputs.
    ///
    /// 0 units are a mistake that is reported where the layer is first used.
    pub fn new(units: usize) -> Dense {
        let settings = Settings {
            units,
            activation: "linear".into(),
            use_bias: true,
            kernel_initializer: "glorot_uniform".into(),
            bias_initializer: "zeros".into(),
            kernel_regularizer: None,
            bias_regularizer: None,
        };
        Dense(AnyLayer::new(settings)).edited(|core, _| {
            core.note((units == 0).then(|| Error::argument("Dense::new(units)", "at least 1 unit", 0)));
        })
    }

    fn edited(self, change: impl FnOnce(&mut super::any::Core, &mut Settings)) -> Dense {
        Dense(self.0.edited(change))
    }

    /// What is applied to the weighted sums: a function of tensors, or a name (`"relu"`, ...).
    pub fn activation(self, activation: impl Into<ActivationFn>) -> Dense {
        let activation = activation.into();
        self.edited(|core, s| {
            core.note(activation.check().err());
            s.activation = activation;
        })
    }

    /// Whether a bias is added.
    pub fn use_bias(self, use_bias: bool) -> Dense {
        self.edited(|_, s| s.use_bias = use_bias)
    }

    /// What the kernel starts as.
    pub fn kernel_initializer(self, initializer: impl Into<Initializer>) -> Dense {
        let initializer = initializer.into();
        self.edited(|core, s| {
            core.note(initializer.check().err());
            s.kernel_initializer = initializer;
        })
    }

    /// What the bias starts as.
    pub fn bias_initializer(self, initializer: impl Into<Initializer>) -> Dense {
        let initializer = initializer.into();
        self.edited(|core, s| {
            core.note(initializer.check().err());
            s.bias_initializer = initializer;
        })
    }

    /// A penalty on the kernel that is added to the loss.
    pub fn kernel_regularizer(self, regularizer: impl Into<Regularizer>) -> Dense {
        let regularizer = regularizer.into();
        self.edited(|core, s| {
            core.note(regularizer.check().err());
            s.kernel_regularizer = Some(regularizer);
        })
    }

    /// A penalty on the bias that is added to the loss.
    pub fn bias_regularizer(self, regularizer: impl Into<Regularizer>) -> Dense {
        let regularizer = regularizer.into();
        self.edited(|core, s| {
            core.note(regularizer.check().err());
            s.bias_regularizer = Some(regularizer);
        })
    }

    /// The number of outputs.
    pub fn units(&self) -> usize {
        self.0.description::<Settings>().units
    }
}

impl Layer for Settings {
    fn kind(&self) -> &'static str {
        "Dense"
    }

    fn activation_name(&self) -> Option<&str> {
        Some(self.activation.name())
    }

    fn build(&self, input: &Shape, weights: &mut Weights) -> Result<()> {
        let features = match input[..] {
            [_, .., features] if features > 0 => features,
            _ => return Err(refused(weights, input, "features")),
        };
        let shape = [features, self.units];
        weights.add_regularized("kernel", shape, self.kernel_initializer.clone(), self.kernel_regularizer.clone())?;
        if self.use_bias {
            weights.add_regularized(
                "bias",
                self.units,
                self.bias_initializer.clone(),
                self.bias_regularizer.clone(),
            )?;
        }
        Ok(())
    }

    fn call(&self, x: &Tensor, weights: &Weights) -> Result<Tensor> {
        let kernel = &weights["kernel"];
        let features = kernel.shape()[0];
        match x.shape()[..] {
            [_, .., last] if last == features => {}
            _ => return Err(refused(weights, x.shape(), features)),
        }
        let x = if x.dtype() == kernel.dtype() { x.clone() } else { x.cast(kernel.dtype()) };
        let mut y = x.matmul(kernel);
        if let Some(bias) = weights.get("bias") {
            y = y + bias;
        }
        self.activation.call(&y)
    }
}

/// The error of an input that is not `(rows, features)`.
fn refused(weights: &Weights, input: &Shape, features: impl std::fmt::Display) -> Error {
    let hint = match input[..] {
        [n] => format!("; reshape it to ({n}, 1) if these are {n} rows of one number, to (1, {n}) if this is one row"),
        _ => String::new(),
    };
    weights.refuse(input, format!("rows of numbers, shape (rows, {features}){hint}"))
}
