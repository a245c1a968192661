use super::EPSILON;
use crate::Tensor;

/// `sum(y ln(y / yhat))` over the last axis, both between [`EPSILON`] and 1: how much is lost when `yhat` is taken for
/// the distribution `y` (Kullback and Leibler, 1951).
///
/// ```
/// # use yhat::{Tensor, losses::kl_divergence};
/// let loss = kl_divergence(&Tensor::from([[0.5, 0.5]]), &Tensor::from([[0.25, 0.75]])).eval()?.item();
/// assert!((loss - (0.5 * 2.0f64.ln() + 0.5 * (2.0f64 / 3.0).ln())).abs() < 1e-15);
/// # Ok::<(), yhat::Error>(())
/// ```
pub fn kl_divergence(y: &Tensor, yhat: &Tensor) -> Tensor {
    let y = y.cast(yhat.dtype()).clip(EPSILON, 1.0);
    let yhat = yhat.clip(EPSILON, 1.0);
    (&y * (&y / yhat).ln()).sum_axis(-1)
}

/// `mean(yhat - y ln(yhat + epsilon))` over the last axis, with [`EPSILON`]: the part that depends on `yhat` of the
/// negative log-likelihood of counts `y` whose mean is `yhat`.
///
/// ```
/// # use yhat::{Tensor, losses::poisson};
/// let loss = poisson(&Tensor::from([[2.0]]), &Tensor::from([[1.0]])).eval()?.item();
/// assert!((loss - 1.0).abs() < 1e-6);
/// # Ok::<(), yhat::Error>(())
/// ```
pub fn poisson(y: &Tensor, yhat: &Tensor) -> Tensor {
    (yhat - y.cast(yhat.dtype()) * (yhat + EPSILON).ln()).mean_axis(-1)
}
