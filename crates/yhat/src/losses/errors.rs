use super::EPSILON;
use crate::Tensor;

/// `mean((yhat - y)^2)` over the last axis.
///
/// ```
/// # use yhat::{Tensor, losses::mean_squared_error};
/// let loss = mean_squared_error(&Tensor::from([[0.0, 1.0]]), &Tensor::from([[2.0, 1.0]]));
/// assert_eq!(loss.eval()?.to_vec(), [2.0]);
/// # Ok::<(), yhat::Error>(())
/// ```
pub fn mean_squared_error(y: &Tensor, yhat: &Tensor) -> Tensor {
    (yhat - y.cast(yhat.dtype())).square().mean_axis(-1)
}

/// `mean(|yhat - y|)` over the last axis; the gradient where both are equal is 0.
///
/// ```
/// # use yhat::{Tensor, losses::mean_absolute_error};
/// let loss = mean_absolute_error(&Tensor::from([[0.0, 1.0]]), &Tensor::from([[2.0, 1.0]]));
/// assert_eq!(loss.eval()?.to_vec(), [1.0]);
/// # Ok::<(), yhat::Error>(())
/// ```
pub fn mean_absolute_error(y: &Tensor, yhat: &Tensor) -> Tensor {
    (yhat - y.cast(yhat.dtype())).abs().mean_axis(-1)
}

/// `100 mean(|y - yhat| / max(|y|, epsilon))` over the last axis, with [`EPSILON`].
///
/// ```
/// # use yhat::{Tensor, losses::mean_absolute_percentage_error};
/// let loss = mean_absolute_percentage_error(&Tensor::from([[2.0, 4.0]]), &Tensor::from([[1.0, 4.0]]));
/// assert_eq!(loss.eval()?.to_vec(), [25.0]);
/// # Ok::<(), yhat::Error>(())
/// ```
pub fn mean_absolute_percentage_error(y: &Tensor, yhat: &Tensor) -> Tensor {
    let y = y.cast(yhat.dtype());
    ((&y - yhat) / y.abs().maximum(EPSILON)).abs().mean_axis(-1) * 100.0
}

/// `mean((ln(1 + max(yhat, epsilon)) - ln(1 + max(y, epsilon)))^2)` over the last axis, with [`EPSILON`].
///
/// ```
/// # use yhat::{Tensor, losses::mean_squared_logarithmic_error};
/// let loss = mean_squared_logarithmic_error(&Tensor::from([[3.0]]), &Tensor::from([[7.0]]));
/// assert!((loss.eval()?.item() - 2.0f64.ln().powi(2)).abs() < 1e-15);
/// # Ok::<(), yhat::Error>(())
/// ```
pub fn mean_squared_logarithmic_error(y: &Tensor, yhat: &Tensor) -> Tensor {
    let logarithm = |t: &Tensor| t.maximum(EPSILON).ln_1p();
    (logarithm(yhat) - logarithm(&y.cast(yhat.dtype()))).square().mean_axis(-1)
}
