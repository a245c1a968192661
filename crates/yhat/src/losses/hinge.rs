use crate::Tensor;

/// `mean(max(1 - y yhat, 0))` over the last axis, for `y` of -1 and 1.
///
/// If all of `y` are 0 or 1 they are read as -1 and 1, as Keras does it.
///
/// ```
/// # use yhat::{Tensor, losses::hinge};
/// let yhat = Tensor::from([[0.5], [0.5]]);
/// assert_eq!(hinge(&Tensor::from([[1.0], [-1.0]]), &yhat).eval()?.to_vec(), [0.5, 1.5]);
/// assert_eq!(hinge(&Tensor::from([[1.0], [0.0]]), &yhat).eval()?.to_vec(), [0.5, 1.5]);
/// # Ok::<(), yhat::Error>(())
/// ```
pub fn hinge(y: &Tensor, yhat: &Tensor) -> Tensor {
    margin(y, yhat).mean_axis(-1)
}

/// `mean(max(1 - y yhat, 0)^2)` over the last axis, for `y` as [`hinge`] takes them.
pub fn squared_hinge(y: &Tensor, yhat: &Tensor) -> Tensor {
    margin(y, yhat).square().mean_axis(-1)
}

/// `max(1 + max_j ((1 - y_j) yhat_j) - sum_j y_j yhat_j, 0)` along the last axis, for one-hot `y`: how far the right
/// class is from being 1 ahead of the best wrong one.
///
/// ```
/// # use yhat::{Tensor, losses::categorical_hinge};
/// let loss = categorical_hinge(&Tensor::from([[0.0, 1.0, 0.0]]), &Tensor::from([[0.5, 0.75, 0.0]]));
/// assert_eq!(loss.eval()?.to_vec(), [0.75]);
/// # Ok::<(), yhat::Error>(())
/// ```
pub fn categorical_hinge(y: &Tensor, yhat: &Tensor) -> Tensor {
    let y = y.cast(yhat.dtype());
    let right = (&y * yhat).sum_axis(-1);
    let wrong = ((1.0 - y) * yhat).max_axis(-1);
    (wrong - right + 1.0).maximum(0.0)
}

fn margin(y: &Tensor, yhat: &Tensor) -> Tensor {
    let y = y.cast(yhat.dtype());
    let are_binary = y.equal(0.0).logical_or(y.equal(1.0)).min();
    let signs = Tensor::select(&are_binary, &y * 2.0 - 1.0, &y);
    (1.0 - signs * yhat).maximum(0.0)
}
