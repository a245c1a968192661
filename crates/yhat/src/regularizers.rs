//! Regularizers: what large weights cost beside the loss.
//!
//! A regularizer is any function from weights to a scalar that is added to the loss.
//!
//! ```
//! use yhat::{Tensor, regularizers::{Regularizer, l2}};
//! let w = Tensor::from([[3.0, -4.0]]);
//! assert_eq!(l2(0.1).call(&w)?.eval()?.item(), 2.5);
//! let own = Regularizer::from(|w: &Tensor| (w.sum() - 1.0).square());
//! assert_eq!(own.call(&w)?.eval()?.item(), 4.0);
//! # Ok::<(), yhat::Error>(())
//! ```

use std::{fmt, sync::Arc};

use crate::{
    Result, Tensor,
    named::{Named, Table, find, name_of, not_negative},
};

type Function = dyn Fn(&Tensor) -> Tensor + Send + Sync;

/// A regularizer by value: a function and its name, or the error of a name that stands for none.
///
/// It is made by [`l1`], [`l2`] and [`l1_l2`], or `From` a function, a closure, or one of these names with Keras's
/// factor of 0.01.
#[derive(Clone)]
pub struct Regularizer(Named<Function>);

/// The factor that Keras takes where only a name is given.
const FACTOR: f64 = 0.01;

const NAMES: Table<fn() -> Regularizer> =
    &[("l1", || l1(FACTOR)), ("l2", || l2(FACTOR)), ("l1_l2", || l1_l2(FACTOR, FACTOR))];

/// `factor sum |w|`.
///
/// ```
/// # use yhat::{Tensor, regularizers::l1};
/// assert_eq!(l1(0.5).call(&Tensor::from([3.0, -4.0]))?.eval()?.item(), 3.5);
/// # Ok::<(), yhat::Error>(())
/// ```
pub fn l1(factor: f64) -> Regularizer {
    of("l1", factor, 0.0)
}

/// `factor sum w^2`.
pub fn l2(factor: f64) -> Regularizer {
    of("l2", 0.0, factor)
}

/// `l1 sum |w| + l2 sum w^2`.
///
/// ```
/// # use yhat::{Tensor, regularizers::l1_l2};
/// assert_eq!(l1_l2(0.5, 0.1).call(&Tensor::from([3.0, -4.0]))?.eval()?.item(), 6.0);
/// # Ok::<(), yhat::Error>(())
/// ```
pub fn l1_l2(l1: f64, l2: f64) -> Regularizer {
    of("l1_l2", l1, l2)
}

fn of(name: &str, l1: f64, l2: f64) -> Regularizer {
    let penalty = move |w: &Tensor| match (l1, l2) {
        (_, 0.0) => w.abs().sum() * l1,
        (0.0, _) => w.square().sum() * l2,
        _ => w.abs().sum() * l1 + w.square().sum() * l2,
    };
    let checked = not_negative("l1 of a regularizer", l1).and(not_negative("l2 of a regularizer", l2));
    Regularizer(match checked {
        Ok(()) => Named::new(name, Arc::new(penalty)),
        Err(error) => Named::wrong(name, error),
    })
}

impl Regularizer {
    /// The name: that of the function, or "custom" for a closure.
    pub fn name(&self) -> &str {
        self.0.name()
    }

    /// Whether it is a function at all, with factors that can be.
    ///
    /// # Errors
    /// If it was made from a name that stands for no regularizer, or a factor is negative or not finite.
    ///
    /// ```
    /// use yhat::regularizers::l2;
    /// let message = l2(-1.0).check().unwrap_err().to_string();
    /// assert_eq!(message, "l2 of a regularizer: expected a number that is not negative, got -1");
    /// ```
    pub fn check(&self) -> Result<()> {
        self.0.get().map(|_| ())
    }

    /// What weights `w` cost, a scalar.
    ///
    /// # Errors
    /// That of [`Regularizer::check`], or of the expression that the function makes.
    pub fn call(&self, w: &Tensor) -> Result<Tensor> {
        let penalty = self.0.get()?(w);
        penalty.check()?;
        Ok(penalty)
    }
}

impl<F: Fn(&Tensor) -> Tensor + Send + Sync + 'static> From<F> for Regularizer {
    fn from(function: F) -> Regularizer {
        Regularizer(Named::new(name_of::<F>(), Arc::new(function)))
    }
}

impl From<&str> for Regularizer {
    fn from(name: &str) -> Regularizer {
        match find("regularizer", name, NAMES) {
            Ok(make) => make(),
            Err(error) => Regularizer(Named::wrong(name, error)),
        }
    }
}

impl fmt::Debug for Regularizer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}
