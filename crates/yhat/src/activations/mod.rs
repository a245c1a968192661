//! Activations: what a layer does to the numbers that it has computed.
//!
//! An activation is any function of an expression. Those of Keras 2.8 are the functions of this module; a user's own
//! is written down in the same way, and is as fast.
//!
//! ```
//! use yhat::{Tensor, activations::{ActivationFn, relu}};
//! let x = Tensor::from([-1.0, 2.0]);
//! assert_eq!(relu(&x).eval()?.to_vec(), [0.0, 2.0]);
//!
//! // Wherever an activation is wanted, a function, its name or a closure will do.
//! assert_eq!(ActivationFn::from(relu).name(), "relu");
//! assert_eq!(ActivationFn::from("relu").call(&x)?.eval()?.to_vec(), [0.0, 2.0]);
//! let bent = ActivationFn::from(|x: &Tensor| x.sin() + x);
//! assert_eq!(bent.name(), "custom");
//! # Ok::<(), yhat::Error>(())
//! ```

use std::{fmt, sync::Arc};

use crate::{
    Result, Tensor,
    named::{Named, Table, find, name_of},
};

mod functions;

pub use functions::*;

type Function = dyn Fn(&Tensor) -> Tensor + Send + Sync;

/// An activation by value: a function and its name, or the error of a name that stands for none.
///
/// It is made `From` a function, a closure or a name.
#[derive(Clone)]
pub struct ActivationFn(Named<Function>);

/// The names that stand for activations, as in Keras 2.8.
const NAMES: Table<fn(&Tensor) -> Tensor> = &[
    ("elu", elu),
    ("exponential", exponential),
    ("gelu", gelu),
    ("hard_sigmoid", hard_sigmoid),
    ("leaky_relu", leaky_relu),
    ("linear", linear),
    ("log_softmax", log_softmax),
    ("mish", mish),
    ("relu", relu),
    ("relu6", relu6),
    ("selu", selu),
    ("sigmoid", sigmoid),
    ("silu", silu),
    ("softmax", softmax),
    ("softplus", softplus),
    ("softsign", softsign),
    ("swish", swish),
    ("tanh", tanh),
];

impl ActivationFn {
    /// The name, as a summary prints it: that of the function, or "custom" for a closure.
    pub fn name(&self) -> &str {
        self.0.name()
    }

    /// Whether it is a function at all.
    ///
    /// # Errors
    /// If it was made from a name that stands for no activation.
    ///
    /// ```
    /// use yhat::activations::ActivationFn;
    /// let message = ActivationFn::from("Relu").check().unwrap_err().to_string();
    /// assert_eq!(message, "unknown activation 'Relu'; did you mean 'relu'?");
    /// ```
    pub fn check(&self) -> Result<()> {
        self.0.get().map(|_| ())
    }

    /// The activation of `x`.
    ///
    /// # Errors
    /// That of [`ActivationFn::check`], or of the expression that the function makes.
    pub fn call(&self, x: &Tensor) -> Result<Tensor> {
        let y = self.0.get()?(x);
        y.check()?;
        Ok(y)
    }
}

impl<F: Fn(&Tensor) -> Tensor + Send + Sync + 'static> From<F> for ActivationFn {
    fn from(function: F) -> ActivationFn {
        ActivationFn(Named::new(name_of::<F>(), Arc::new(function)))
    }
}

impl From<&str> for ActivationFn {
    fn from(name: &str) -> ActivationFn {
        ActivationFn(match find("activation", name, NAMES) {
            Ok(function) => Named::new(name, Arc::new(function)),
            Err(error) => Named::wrong(name, error),
        })
    }
}

impl Default for ActivationFn {
    /// [`linear`].
    fn default() -> ActivationFn {
        linear.into()
    }
}

impl fmt::Debug for ActivationFn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}
