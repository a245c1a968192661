use std::f64::consts::LN_2;

use super::Loss;
use crate::{Tensor, named::not_negative};

/// Squared near 0 and absolute far away: the mean over the last axis of `e^2 / 2` where `|e| <= delta`, else
/// `delta |e| - delta^2 / 2`, with `e = yhat - y` (Huber, 1964).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Huber {
    delta: f64,
}

impl Huber {
    /// The loss that is squared up to errors of `delta`.
    ///
    /// ```
    /// # use yhat::{Tensor, losses::{Huber, Loss}};
    /// let (y, yhat) = (Tensor::from([[0.0], [0.0]]), Tensor::from([[1.0], [3.0]]));
    /// assert_eq!(Huber::new(2.0).call(&y, &yhat).eval()?.to_vec(), [0.5, 4.0]);
    /// assert_eq!(Loss::from(Huber::new(2.0)).call(&y, &yhat)?.eval()?.item(), 2.25);
    /// # Ok::<(), yhat::Error>(())
    /// ```
    pub fn new(delta: f64) -> Huber {
        Huber { delta }
    }

    /// The loss of each sample.
    pub fn call(&self, y: &Tensor, yhat: &Tensor) -> Tensor {
        let delta = self.delta;
        let error = yhat - y.cast(yhat.dtype());
        let size = error.abs();
        let loss = Tensor::select(&size.less_equal(delta), error.square() * 0.5, &size * delta - 0.5 * delta * delta);
        loss.mean_axis(-1)
    }
}

impl Default for Huber {
    /// Keras's `delta` of 1.
    fn default() -> Huber {
        Huber::new(1.0)
    }
}

impl From<Huber> for Loss {
    fn from(huber: Huber) -> Loss {
        Loss::of("huber", not_negative("delta of Huber", huber.delta), move |y, yhat| huber.call(y, yhat))
    }
}

/// [`Huber`] with `delta` 1.
pub fn huber(y: &Tensor, yhat: &Tensor) -> Tensor {
    Huber::default().call(y, yhat)
}

/// `mean(ln cosh(yhat - y))` over the last axis: half the square near 0, the absolute value less `ln 2` far away.
///
/// ```
/// # use yhat::{Tensor, losses::log_cosh};
/// let loss = log_cosh(&Tensor::from([[0.0], [0.0]]), &Tensor::from([[1.0], [1000.0]])).eval()?;
/// assert!((loss.at(&[0]) - 1.0f64.cosh().ln()).abs() < 1e-15);
/// assert_eq!(loss.at(&[1]), 1000.0 - std::f64::consts::LN_2);
/// # Ok::<(), yhat::Error>(())
/// ```
pub fn log_cosh(y: &Tensor, yhat: &Tensor) -> Tensor {
    let error = yhat - y.cast(yhat.dtype());
    (&error + (&error * -2.0).softplus() - LN_2).mean_axis(-1)
}
