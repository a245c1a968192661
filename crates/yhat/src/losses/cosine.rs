use crate::Tensor;

/// `-sum(y / |y| * yhat / |yhat|)` over the last axis: -1 where both point in one direction, 0 where they are
/// orthogonal, 1 where they are opposite. A length is at least 1e-6, so that of zeros the loss is 0.
///
/// ```
/// # use yhat::{Tensor, losses::cosine_similarity};
/// let y = Tensor::from([[3.0, 4.0], [0.0, 2.0], [0.0, 0.0]]);
/// let yhat = Tensor::from([[6.0, 8.0], [5.0, 0.0], [1.0, 1.0]]);
/// let loss = cosine_similarity(&y, &yhat).eval()?.to_vec();
/// assert!((loss[0] + 1.0).abs() < 1e-15);
/// assert_eq!(loss[1..], [0.0, 0.0]);
/// # Ok::<(), yhat::Error>(())
/// ```
pub fn cosine_similarity(y: &Tensor, yhat: &Tensor) -> Tensor {
    -(direction(&y.cast(yhat.dtype())) * direction(yhat)).sum_axis(-1)
}

/// `tf.linalg.l2_normalize`.
fn direction(x: &Tensor) -> Tensor {
    x / x.square().sum_axes(&[-1], true).maximum(1e-12).sqrt()
}
