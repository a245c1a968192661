//! Losses: how far predictions `yhat` are from what was wanted, `y`.
//!
//! A loss is any function of two expressions. Those of Keras 2.8 are the functions of this module: they give one value
//! for each sample (the mean or sum over the last axis), as Keras's functions do. What is trained is the mean of all
//! values that the function gives, so a user's own may also be the one number it is about.
//!
//! ```
//! use yhat::{Tensor, losses::{Loss, mean_squared_error}};
//! let (y, yhat) = (Tensor::from([[1.0], [2.0]]), Tensor::from([[1.0], [5.0]]));
//! assert_eq!(mean_squared_error(&y, &yhat).eval()?.to_vec(), [0.0, 9.0]);
//!
//! // Wherever a loss is wanted, a function, its name, a closure or one of the structs with options will do.
//! assert_eq!(Loss::from(mean_squared_error).call(&y, &yhat)?.eval()?.item(), 4.5);
//! assert_eq!(Loss::from("mse").call(&y, &yhat)?.eval()?.item(), 4.5);
//! let own = Loss::from(|y: &Tensor, yhat: &Tensor| (y - yhat).abs().mean());
//! assert_eq!(own.call(&y, &yhat)?.eval()?.item(), 1.5);
//! # Ok::<(), yhat::Error>(())
//! ```

use std::{fmt, sync::Arc};

use crate::{
    Error, Result, Shape, Tensor,
    named::{Named, Table, find, name_of},
};

mod cosine;
mod crossentropy;
mod divergence;
mod errors;
mod hinge;
pub(crate) mod logits;
mod robust;

pub use cosine::cosine_similarity;
pub use crossentropy::{
    BinaryCrossentropy, CategoricalCrossentropy, SparseCategoricalCrossentropy, binary_crossentropy,
    binary_crossentropy as bce, categorical_crossentropy, sparse_categorical_crossentropy,
};
pub use divergence::{kl_divergence, kl_divergence as kld, poisson};
pub use errors::{
    mean_absolute_error, mean_absolute_error as mae, mean_absolute_percentage_error,
    mean_absolute_percentage_error as mape, mean_squared_error, mean_squared_error as mse,
    mean_squared_logarithmic_error, mean_squared_logarithmic_error as msle,
};
pub use hinge::{categorical_hinge, hinge, squared_hinge};
pub use robust::{Huber, huber, log_cosh};

/// What keeps logarithms and quotients finite: `keras.backend.epsilon()`.
pub const EPSILON: f64 = 1e-7;

pub(crate) type Function = dyn Fn(&Tensor, &Tensor) -> Tensor + Send + Sync;

/// A loss by value: a function and its name, or the error of a name that stands for none.
///
/// It is made `From` a function, a closure, a name or a struct such as [`BinaryCrossentropy`].
#[derive(Clone)]
pub struct Loss(Named<Function>);

/// The names that stand for losses, as in Keras 2.8. A metric may have them too.
pub(crate) const NAMES: Table<fn(&Tensor, &Tensor) -> Tensor> = &[
    ("binary_crossentropy", binary_crossentropy),
    ("bce", binary_crossentropy),
    ("BCE", binary_crossentropy),
    ("categorical_crossentropy", categorical_crossentropy),
    ("categorical_hinge", categorical_hinge),
    ("cosine_similarity", cosine_similarity),
    ("hinge", hinge),
    ("huber", huber),
    ("huber_loss", huber),
    ("kl_divergence", kl_divergence),
    ("kullback_leibler_divergence", kl_divergence),
    ("kld", kl_divergence),
    ("KLD", kl_divergence),
    ("log_cosh", log_cosh),
    ("logcosh", log_cosh),
    ("mean_absolute_error", mean_absolute_error),
    ("mae", mean_absolute_error),
    ("MAE", mean_absolute_error),
    ("mean_absolute_percentage_error", mean_absolute_percentage_error),
    ("mape", mean_absolute_percentage_error),
    ("MAPE", mean_absolute_percentage_error),
    ("mean_squared_error", mean_squared_error),
    ("mse", mean_squared_error),
    ("MSE", mean_squared_error),
    ("mean_squared_logarithmic_error", mean_squared_logarithmic_error),
    ("msle", mean_squared_logarithmic_error),
    ("MSLE", mean_squared_logarithmic_error),
    ("poisson", poisson),
    ("sparse_categorical_crossentropy", sparse_categorical_crossentropy),
    ("squared_hinge", squared_hinge),
];

impl Loss {
    /// The name: that of the function, or "custom" for a closure.
    pub fn name(&self) -> &str {
        self.0.name()
    }

    /// Whether it is a function at all, with options that can be.
    ///
    /// # Errors
    /// If it was made from a name that stands for no loss, or from a struct with a wrong option.
    ///
    /// ```
    /// use yhat::losses::Loss;
    /// let message = Loss::from("BinaryCrossEntropy").check().unwrap_err().to_string();
    /// assert_eq!(message, "unknown loss 'BinaryCrossEntropy'; did you mean 'binary_crossentropy'?");
    /// ```
    pub fn check(&self) -> Result<()> {
        self.0.get().map(|_| ())
    }

    /// The mean of all values that the function gives, a scalar.
    ///
    /// Before the function sees it, `y` is made to fit `yhat` as Keras's `fit` does it: `(n,)` becomes `(n, 1)`, an
    /// axis of length 1 that only one of both has at the end is put in or taken away, and floats are cast to the
    /// type of `yhat` (integers stay).
    ///
    /// # Errors
    /// That of [`Loss::check`], of the expression that the function makes, and for the cross-entropies if the shape of
    /// `y` is not the one they need.
    pub fn call(&self, y: &Tensor, yhat: &Tensor) -> Result<Tensor> {
        let function = self.0.get()?;
        let y = fitted(y, yhat);
        self.check_shape(y.shape(), yhat.shape())?;
        let loss = function(&y, yhat).mean();
        loss.check()?;
        Ok(loss)
    }

    /// Where shapes that broadcast would hide that labels of another kind were meant.
    fn check_shape(&self, y: &Shape, yhat: &Shape) -> Result<()> {
        let classes = yhat.last().copied().unwrap_or(1);
        let hint = match self.name() {
            "binary_crossentropy" | "bce" | "BCE" if y != yhat => "",
            "categorical_crossentropy" if y != yhat => "; integer labels go with sparse_categorical_crossentropy",
            "sparse_categorical_crossentropy" if y.size() * classes != yhat.size() => {
                "; one-hot labels go with categorical_crossentropy"
            }
            _ => return Ok(()),
        };
        let expected = match self.name() {
            "sparse_categorical_crossentropy" => format!("one label for each row of the predictions {yhat}{hint}"),
            _ => format!("the shape of the predictions, {yhat}{hint}"),
        };
        Err(Error::argument(format!("y of {}", self.name()), expected, format!("shape {y}")))
    }

    pub(crate) fn into_named(self) -> Named<Function> {
        self.0
    }

    pub(crate) fn of(
        name: &str,
        checked: Result<()>,
        function: impl Fn(&Tensor, &Tensor) -> Tensor + Send + Sync + 'static,
    ) -> Loss {
        Loss(match checked {
            Ok(()) => Named::new(name, Arc::new(function)),
            Err(error) => Named::wrong(name, error),
        })
    }
}

/// `y` with the rank of `yhat` where they differ by an axis of length 1, and with its type if both are floats
/// (`match_dtype_and_rank` and `squeeze_or_expand_dimensions` in Keras 2.8).
pub(crate) fn fitted(y: &Tensor, yhat: &Tensor) -> Tensor {
    let ends_in_one = |t: &Tensor| t.shape().last() == Some(&1);
    let y = if y.rank() + 1 == yhat.rank() && (y.rank() == 1 || ends_in_one(yhat)) {
        y.expand_dims(-1)
    } else if y.rank() == yhat.rank() + 1 && ends_in_one(y) {
        y.squeeze(-1)
    } else {
        y.clone()
    };
    if y.dtype().is_float() && yhat.dtype().is_float() { y.cast(yhat.dtype()) } else { y }
}

impl<F: Fn(&Tensor, &Tensor) -> Tensor + Send + Sync + 'static> From<F> for Loss {
    fn from(function: F) -> Loss {
        Loss(Named::new(name_of::<F>(), Arc::new(function)))
    }
}

impl From<&str> for Loss {
    fn from(name: &str) -> Loss {
        Loss(match find("loss", name, NAMES) {
            Ok(function) => Named::new(name, Arc::new(function)),
            Err(error) => Named::wrong(name, error),
        })
    }
}

impl fmt::Debug for Loss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}
