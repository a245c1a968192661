//! Metrics: what is reported beside the loss and not trained.
//!
//! A metric is any function of labels `y` and predictions `yhat`, as a loss is; every loss of [`crate::losses`] is one
//! too. What is reported is the mean of all values that the function gives.
//!
//! ```
//! use yhat::{Tensor, metrics::{Metric, accuracy}};
//! let (y, yhat) = (Tensor::from([[1.0], [0.0]]), Tensor::from([[0.8], [0.9]]));
//! assert_eq!(Metric::from(accuracy).call(&y, &yhat)?.eval()?.item(), 0.5);
//! assert_eq!(Metric::from("mae").name(), "mae");
//! let own = Metric::from(("worst", |y: &Tensor, yhat: &Tensor| (y - yhat).abs().max()));
//! assert_eq!(own.name(), "worst");
//! assert_eq!(own.call(&y, &yhat)?.eval()?.item(), 0.9);
//! # Ok::<(), yhat::Error>(())
//! ```

use std::{fmt, sync::Arc};

use crate::{
    Result, Shape, Tensor,
    losses::{self, Loss, fitted},
    named::{Named, Table, find, name_of},
};

mod accuracy;

pub use accuracy::{accuracy, binary_accuracy, categorical_accuracy, crossentropy, sparse_categorical_accuracy};
pub use losses::{
    bce, binary_crossentropy, categorical_crossentropy, categorical_hinge, hinge, kl_divergence, kld, log_cosh, mae,
    mape, mean_absolute_error, mean_absolute_percentage_error, mean_squared_error, mean_squared_logarithmic_error, mse,
    msle, poisson, sparse_categorical_crossentropy, squared_hinge,
};

/// A metric by value: a function and the name that a history shows, or the error of a name that stands for none.
///
/// It is made `From` a function, a name, a closure with a name (`("worst", |y: &Tensor, yhat: &Tensor| ...)`) or a
/// [`Loss`].
#[derive(Clone)]
pub struct Metric(Named<losses::Function>);

/// The names that stand for metrics beside those of the losses, as in Keras 2.8.
const NAMES: Table<fn(&Tensor, &Tensor) -> Tensor> = &[
    ("accuracy", accuracy),
    ("acc", accuracy),
    ("binary_accuracy", binary_accuracy),
    ("categorical_accuracy", categorical_accuracy),
    ("sparse_categorical_accuracy", sparse_categorical_accuracy),
    ("crossentropy", crossentropy),
    ("ce", crossentropy),
];

impl Metric {
    /// The name, as a history shows it: as it was given, that of the function, or "custom" for a closure.
    pub fn name(&self) -> &str {
        self.0.name()
    }

    /// The same metric under another name.
    pub fn named(self, name: impl Into<String>) -> Metric {
        Metric(self.0.renamed(name))
    }

    /// Whether it is a function at all.
    ///
    /// # Errors
    /// If it was made from a name that stands for no metric.
    ///
    /// ```
    /// use yhat::metrics::Metric;
    /// let message = Metric::from("acuracy").check().unwrap_err().to_string();
    /// assert_eq!(message, "unknown metric 'acuracy'; did you mean 'accuracy'?");
    /// ```
    pub fn check(&self) -> Result<()> {
        self.0.get().map(|_| ())
    }

    /// The mean of all values that the function gives for a batch, a scalar. `y` is made to fit `yhat` as in
    /// [`Loss::call`].
    ///
    /// # Errors
    /// That of [`Metric::check`], or of the expression that the function makes.
    pub fn call(&self, y: &Tensor, yhat: &Tensor) -> Result<Tensor> {
        let metric = self.0.get()?(&fitted(y, yhat), yhat).mean();
        metric.check()?;
        Ok(metric)
    }
}

/// What labels of shape `y` say about predictions of shape `yhat`, as Keras resolves "accuracy" and "crossentropy".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Task {
    Binary,
    Categorical,
    SparseCategorical,
}

impl Task {
    fn of(y: &Shape, yhat: &Shape) -> Task {
        match (y.last(), yhat.last()) {
            (_, Some(1) | None) => Task::Binary,
            (Some(1), _) => Task::SparseCategorical,
            _ if y.rank() < yhat.rank() => Task::SparseCategorical,
            _ => Task::Categorical,
        }
    }
}

impl<F: Fn(&Tensor, &Tensor) -> Tensor + Send + Sync + 'static> From<F> for Metric {
    fn from(function: F) -> Metric {
        Metric(Named::new(name_of::<F>(), Arc::new(function)))
    }
}

impl<F: Fn(&Tensor, &Tensor) -> Tensor + Send + Sync + 'static> From<(&str, F)> for Metric {
    fn from((name, function): (&str, F)) -> Metric {
        Metric(Named::new(name, Arc::new(function)))
    }
}

impl From<&str> for Metric {
    fn from(name: &str) -> Metric {
        let known = [NAMES, losses::NAMES].concat();
        Metric(match find("metric", name, &known) {
            Ok(function) => Named::new(name, Arc::new(function)),
            Err(error) => Named::wrong(name, error),
        })
    }
}

impl From<Loss> for Metric {
    fn from(loss: Loss) -> Metric {
        Metric(loss.into_named())
    }
}

impl fmt::Debug for Metric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}
