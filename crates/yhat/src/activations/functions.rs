use std::f64::consts::{FRAC_1_SQRT_2, PI};

use crate::Tensor;

/// `x`, as it is.
pub fn linear(x: &Tensor) -> Tensor {
    x.clone()
}

/// `max(x, 0)`; its gradient at 0 is 0.
///
/// ```
/// # use yhat::{Tensor, activations::relu};
/// assert_eq!(relu(&Tensor::from([-2.0, 0.0, 3.0])).eval()?.to_vec(), [0.0, 0.0, 3.0]);
/// # Ok::<(), yhat::Error>(())
/// ```
pub fn relu(x: &Tensor) -> Tensor {
    x.relu()
}

/// `min(max(x, 0), 6)`; its gradient is 0 from 6 on (`tf.nn.relu6`).
pub fn relu6(x: &Tensor) -> Tensor {
    Tensor::select(&x.greater_equal(6.0), 6.0, x.relu())
}

/// `x` where it is positive, else `0.2 x`.
///
/// This is what Keras 2.8 means by the name: `tf.nn.leaky_relu`, whose slope is 0.2 where that of Keras's *layer*
/// `LeakyReLU` is 0.3. With another slope it is `Tensor::select(&x.greater(0.0), x, x * slope)`.
///
/// ```
/// # use yhat::{Tensor, activations::leaky_relu};
/// assert_eq!(leaky_relu(&Tensor::from([-10.0, 3.0])).eval()?.to_vec(), [-2.0, 3.0]);
/// # Ok::<(), yhat::Error>(())
/// ```
pub fn leaky_relu(x: &Tensor) -> Tensor {
    Tensor::select(&x.greater(0.0), x, x * 0.2)
}

/// `x` where it is not negative, else `e^x - 1` (Clevert, Unterthiner and Hochreiter, 2016).
///
/// ```
/// # use yhat::{Tensor, activations::elu};
/// assert_eq!(elu(&Tensor::from([-1.0, 3.0])).eval()?.to_vec(), [(-1.0f64).exp_m1(), 3.0]);
/// # Ok::<(), yhat::Error>(())
/// ```
pub fn elu(x: &Tensor) -> Tensor {
    // The exponential sees no positive number, so it never overflows in the branch that is not taken, where an
    // infinite gradient times zero would be NaN.
    Tensor::select(&x.less(0.0), x.minimum(0.0).expm1(), x)
}

/// `1.0507 elu(x)` with the negative side times 1.6733: the scale and slope that keep mean 0 and variance 1 from layer
/// to layer (Klambauer and others, 2017).
///
/// ```
/// # use yhat::{Tensor, activations::selu};
/// assert_eq!(selu(&Tensor::from([2.0])).eval()?.to_vec(), [2.0 * 1.0507009873554805]);
/// # Ok::<(), yhat::Error>(())
/// ```
pub fn selu(x: &Tensor) -> Tensor {
    const ALPHA: f64 = 1.6732632423543772;
    const SCALE: f64 = 1.0507009873554805;
    Tensor::select(&x.less(0.0), x.minimum(0.0).expm1() * (SCALE * ALPHA), x * SCALE)
}

/// `1 / (1 + e^-x)`.
///
/// A cross-entropy that is given a sigmoid looks through it at `x`; see [`crate::losses::binary_crossentropy`].
///
/// ```
/// # use yhat::{Tensor, activations::sigmoid};
/// assert_eq!(sigmoid(&Tensor::from([0.0])).eval()?.to_vec(), [0.5]);
/// # Ok::<(), yhat::Error>(())
/// ```
pub fn sigmoid(x: &Tensor) -> Tensor {
    x.sigmoid()
}

/// `min(max(0.2 x + 0.5, 0), 1)`, three straight lines for a sigmoid.
///
/// ```
/// # use yhat::{Tensor, activations::hard_sigmoid};
/// assert_eq!(hard_sigmoid(&Tensor::from([-3.0, 0.0, 3.0])).eval()?.to_vec(), [0.0, 0.5, 1.0]);
/// # Ok::<(), yhat::Error>(())
/// ```
pub fn hard_sigmoid(x: &Tensor) -> Tensor {
    (x * 0.2 + 0.5).clip(0.0, 1.0)
}

/// The hyperbolic tangent.
pub fn tanh(x: &Tensor) -> Tensor {
    x.tanh()
}

/// `ln(1 + e^x)`, without overflow.
pub fn softplus(x: &Tensor) -> Tensor {
    x.softplus()
}

/// `x / (1 + |x|)`.
///
/// ```
/// # use yhat::{Tensor, activations::softsign};
/// assert_eq!(softsign(&Tensor::from([-1.0, 3.0])).eval()?.to_vec(), [-0.5, 0.75]);
/// # Ok::<(), yhat::Error>(())
/// ```
pub fn softsign(x: &Tensor) -> Tensor {
    x / (x.abs() + 1.0)
}

/// `e^x`.
pub fn exponential(x: &Tensor) -> Tensor {
    x.exp()
}

/// `x sigmoid(x)` (Ramachandran, Zoph and Le, 2017).
pub fn swish(x: &Tensor) -> Tensor {
    x * x.sigmoid()
}

/// [`swish`], by its other name.
pub fn silu(x: &Tensor) -> Tensor {
    swish(x)
}

/// `x tanh(softplus(x))` (Misra, 2019). Keras has it from 2.13 on.
pub fn mish(x: &Tensor) -> Tensor {
    x * x.softplus().tanh()
}

/// `x P(N <= x)` for a standard normal `N`: `x/2 (1 + erf(x / sqrt(2)))` (Hendrycks and Gimpel, 2016).
///
/// ```
/// # use yhat::{Tensor, activations::gelu};
/// assert!((gelu(&Tensor::from([1.0])).eval()?.item() - 0.8413447).abs() < 1e-7);
/// # Ok::<(), yhat::Error>(())
/// ```
pub fn gelu(x: &Tensor) -> Tensor {
    x * 0.5 * ((x * FRAC_1_SQRT_2).erf() + 1.0)
}

/// [`gelu`] by its approximation `x/2 (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3)))`: Keras's `gelu(x, approximate=True)`.
pub fn gelu_tanh(x: &Tensor) -> Tensor {
    let inner = (x + x * x.square() * 0.044715) * (2.0 / PI).sqrt();
    x * 0.5 * (inner.tanh() + 1.0)
}

/// `e^x_i / sum_j e^x_j` along the last axis: positive numbers whose sum is 1.
///
/// The largest `x_j` is subtracted first, which changes nothing but keeps `e^x` finite.
/// A cross-entropy that is given a softmax looks through it at `x`; see [`crate::losses::categorical_crossentropy`].
///
/// ```
/// # use yhat::{Tensor, activations::softmax};
/// let p = softmax(&Tensor::from([[1000.0, 1000.0], [0.0, f64::NEG_INFINITY]]));
/// assert_eq!(p.eval()?.to_vec(), [0.5, 0.5, 1.0, 0.0]);
/// # Ok::<(), yhat::Error>(())
/// ```
pub fn softmax(x: &Tensor) -> Tensor {
    let e = below_zero(x).exp();
    &e / e.sum_axes(&[-1], true)
}

/// `x_i - ln sum_j e^x_j` along the last axis: the logarithm of [`softmax`], exact where the softmax is nearly 0.
///
/// ```
/// # use yhat::{Tensor, activations::log_softmax};
/// assert_eq!(log_softmax(&Tensor::from([0.0, -1000.0])).eval()?.to_vec(), [0.0, -1000.0]);
/// # Ok::<(), yhat::Error>(())
/// ```
pub fn log_softmax(x: &Tensor) -> Tensor {
    let x = below_zero(x);
    &x - x.exp().sum_axes(&[-1], true).ln()
}

/// `x` less the largest along the last axis. What comes of it does not depend on what was subtracted, so neither does
/// its gradient.
fn below_zero(x: &Tensor) -> Tensor {
    x - x.max_axes(&[-1], true).stop_gradient()
}
