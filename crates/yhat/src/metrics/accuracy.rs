use super::Task;
use crate::{
    Tensor,
    losses::{binary_crossentropy, categorical_crossentropy, sparse_categorical_crossentropy},
};

/// How often predictions are right, by the shapes of both, as Keras resolves "accuracy": [`binary_accuracy`] where
/// `yhat` has one column, [`sparse_categorical_accuracy`] where only `y` has one or has an axis less, else
/// [`categorical_accuracy`].
///
/// ```
/// # use yhat::{Tensor, metrics::accuracy};
/// let yhat = Tensor::from([[0.1, 0.9], [0.8, 0.2]]);
/// assert_eq!(accuracy(&Tensor::from([1, 1]), &yhat).eval()?.to_vec(), [1.0, 0.0]);
/// assert_eq!(accuracy(&Tensor::from([[0.0, 1.0], [0.0, 1.0]]), &yhat).eval()?.to_vec(), [1.0, 0.0]);
/// # Ok::<(), yhat::Error>(())
/// ```
pub fn accuracy(y: &Tensor, yhat: &Tensor) -> Tensor {
    match Task::of(y.shape(), yhat.shape()) {
        Task::Binary => binary_accuracy(y, yhat),
        Task::Categorical => categorical_accuracy(y, yhat),
        Task::SparseCategorical => sparse_categorical_accuracy(y, yhat),
    }
}

/// The cross-entropy by the shapes of both, as [`accuracy`]: [`binary_crossentropy`],
/// [`sparse_categorical_crossentropy`] or [`categorical_crossentropy`].
pub fn crossentropy(y: &Tensor, yhat: &Tensor) -> Tensor {
    match Task::of(y.shape(), yhat.shape()) {
        Task::Binary => binary_crossentropy(y, yhat),
        Task::Categorical => categorical_crossentropy(y, yhat),
        Task::SparseCategorical => sparse_categorical_crossentropy(y, yhat),
    }
}

/// The mean over the last axis of whether `yhat > 1/2` is what `y` (0 or 1) says.
///
/// ```
/// # use yhat::{Tensor, metrics::binary_accuracy};
/// let accuracy = binary_accuracy(&Tensor::from([[1, 0, 0, 1]]), &Tensor::from([[0.6, 0.4, 0.5, 0.5]]));
/// assert_eq!(accuracy.eval()?.to_vec(), [0.75]);
/// # Ok::<(), yhat::Error>(())
/// ```
pub fn binary_accuracy(y: &Tensor, yhat: &Tensor) -> Tensor {
    yhat.greater(0.5).cast(yhat.dtype()).equal(y.cast(yhat.dtype())).mean_axis(-1)
}

/// Whether the largest of `yhat` along the last axis is where the largest of `y` is, 1 or 0 for each row.
///
/// ```
/// # use yhat::{Tensor, metrics::categorical_accuracy};
/// let y = Tensor::from([[0.0, 0.0, 1.0], [0.0, 1.0, 0.0]]);
/// let yhat = Tensor::from([[0.1, 0.9, 0.8], [0.05, 0.95, 0.0]]);
/// assert_eq!(categorical_accuracy(&y, &yhat).eval()?.to_vec(), [0.0, 1.0]);
/// # Ok::<(), yhat::Error>(())
/// ```
pub fn categorical_accuracy(y: &Tensor, yhat: &Tensor) -> Tensor {
    y.argmax(-1).equal(yhat.argmax(-1)).cast(yhat.dtype())
}

/// Whether the largest of `yhat` along the last axis is number `y`, 1 or 0 for each row.
///
/// ```
/// # use yhat::{Tensor, metrics::sparse_categorical_accuracy};
/// let yhat = Tensor::from([[0.1, 0.9, 0.8], [0.05, 0.95, 0.0]]);
/// assert_eq!(sparse_categorical_accuracy(&Tensor::from([2, 1]), &yhat).eval()?.to_vec(), [0.0, 1.0]);
/// # Ok::<(), yhat::Error>(())
/// ```
pub fn sparse_categorical_accuracy(y: &Tensor, yhat: &Tensor) -> Tensor {
    let y = if y.rank() == yhat.rank() { y.squeeze(-1) } else { y.clone() };
    yhat.argmax(-1).equal(y).cast(yhat.dtype())
}
