//! Initializers: the weights that a layer starts with.
//!
//! The random ones draw from the stream that `set_seed` starts ([`yhat_tensor::random::tf`]), one op seed for each
//! array, and give the numbers of TensorFlow 2.8 in every bit. Zeros, ones and the other constants draw nothing.
//!
//! ```
//! use yhat::{Array, DType, Shape, initializers::{Initializer, RandomUniform}};
//! use yhat_tensor::random::tf;
//!
//! // Wherever an initializer is wanted, a name, a struct, a closure or an array will do.
//! tf::set_seed(106);
//! let named = Initializer::from("random_uniform").values(&Shape::from([3, 4]), DType::F32)?;
//! tf::set_seed(106);
//! let with_options = Initializer::from(RandomUniform::new(-0.05, 0.05)).values(&Shape::from([3, 4]), DType::F32)?;
//! assert_eq!(named, with_options);
//!
//! let own = Initializer::from(|shape: &Shape| Array::full(shape, 0.3));
//! assert_eq!(own.values(&Shape::from(2), DType::F64)?.to_vec(), [0.3, 0.3]);
//! # Ok::<(), yhat::Error>(())
//! ```

use std::{fmt, sync::Arc};

use crate::{
    Array, DType, Result, Shape,
    named::{Named, Table, find, name_of},
};

mod distributions;
mod variance_scaling;

pub use distributions::{RandomNormal, RandomUniform, TruncatedNormal};
pub use variance_scaling::{Distribution, Mode, VarianceScaling};

type Function = dyn Fn(&Shape, DType) -> Array + Send + Sync;

/// An initializer by value: a function and its name, or the error of a name that stands for none.
///
/// It is made `From` a name, one of this module's structs, a closure from a shape to an array, or an array.
#[derive(Clone)]
pub struct Initializer(Named<Function>);

/// The names that stand for initializers, as in Keras 2.8.
const NAMES: Table<fn() -> Initializer> = &[
    ("zeros", || Constant(0.0).into()),
    ("ones", || Constant(1.0).into()),
    ("constant", || Constant(0.0).into()),
    ("glorot_uniform", || VarianceScaling::GLOROT_UNIFORM.into()),
    ("glorot_normal", || VarianceScaling::GLOROT_NORMAL.into()),
    ("he_uniform", || VarianceScaling::HE_UNIFORM.into()),
    ("he_normal", || VarianceScaling::HE_NORMAL.into()),
    ("lecun_uniform", || VarianceScaling::LECUN_UNIFORM.into()),
    ("lecun_normal", || VarianceScaling::LECUN_NORMAL.into()),
    ("random_uniform", || RandomUniform::default().into()),
    ("random_normal", || RandomNormal::default().into()),
    ("truncated_normal", || TruncatedNormal::default().into()),
    ("variance_scaling", || VarianceScaling::default().into()),
];

impl Initializer {
    /// The name: as it was given, Keras's name of the struct, that of the function, or "custom" for a closure.
    pub fn name(&self) -> &str {
        self.0.name()
    }

    /// Whether it is an initializer at all, with arguments that can be.
    ///
    /// # Errors
    /// If it was made from a name that stands for no initializer, or from a struct with a wrong argument.
    ///
    /// ```
    /// use yhat::initializers::Initializer;
    /// let message = Initializer::from("glorot").check().unwrap_err().to_string();
    /// assert!(message.starts_with("unknown initializer 'glorot'"));
    /// ```
    pub fn check(&self) -> Result<()> {
        self.0.get().map(|_| ())
    }

    /// An array of `shape` and `dtype` (float32 or float64) to start with.
    ///
    /// # Errors
    /// That of [`Initializer::check`], or if a closure or an array has another shape.
    pub fn values(&self, shape: &Shape, dtype: DType) -> Result<Array> {
        let values = self.0.get()?(shape, dtype);
        if values.shape() != shape {
            let what = format!("initializer {}", self.name());
            return Err(yhat_tensor::Error::Shape { what, expected: shape.clone(), got: values.shape().clone() }.into());
        }
        Ok(values.cast(dtype))
    }

    fn of(
        name: &str,
        checked: Result<()>,
        function: impl Fn(&Shape, DType) -> Array + Send + Sync + 'static,
    ) -> Initializer {
        Initializer(match checked {
            Ok(()) => Named::new(name, Arc::new(function)),
            Err(error) => Named::wrong(name, error),
        })
    }
}

/// Every element the same; draws nothing.
///
/// ```
/// # use yhat::{DType, Shape, initializers::{Constant, Initializer}};
/// let values = Initializer::from(Constant(0.5)).values(&Shape::from(2), DType::F32)?;
/// assert_eq!(values.to_vec(), [0.5, 0.5]);
/// # Ok::<(), yhat::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Constant(pub f64);

impl From<Constant> for Initializer {
    fn from(Constant(value): Constant) -> Initializer {
        let name = match value {
            0.0 => "zeros",
            1.0 => "ones",
            _ => "constant",
        };
        Initializer::of(name, Ok(()), move |shape, _| Array::full(shape, value))
    }
}

impl<F: Fn(&Shape) -> Array + Send + Sync + 'static> From<F> for Initializer {
    fn from(function: F) -> Initializer {
        Initializer::of(name_of::<F>(), Ok(()), move |shape, _| function(shape))
    }
}

impl From<Array> for Initializer {
    /// The elements themselves, for a weight of the same shape.
    fn from(array: Array) -> Initializer {
        Initializer::of("array", Ok(()), move |_, _| array.clone())
    }
}

impl From<&str> for Initializer {
    fn from(name: &str) -> Initializer {
        match find("initializer", name, NAMES) {
            Ok(make) => Initializer(make().0.renamed(name)),
            Err(error) => Initializer(Named::wrong(name, error)),
        }
    }
}

impl fmt::Debug for Initializer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}
