//! Matrix products.

use super::{Op, Tensor};
use crate::Shape;

impl Tensor {
    /// The matrix product over the last two axes, `(..., m, k) @ (..., k, n) -> (..., m, n)`; the axes before them
    /// broadcast. A vector on the left is a row, on the right a column, and that axis is gone from the result:
    /// `numpy.matmul`. Integers are multiplied as float32.
    ///
    /// ```
    /// use yhat_tensor::Tensor;
    /// let a = Tensor::from([[1.0, 2.0], [3.0, 4.0]]);
    /// assert_eq!(a.matmul([1.0, 1.0]).eval()?.to_vec(), [3.0, 7.0]);
    /// # Ok::<(), yhat_tensor::Error>(())
    /// ```
    #[track_caller]
    pub fn matmul(&self, other: impl Into<Tensor>) -> Tensor {
        let other = other.into();
        let (a, b) = (self.as_float(), other.as_float());
        let dtype = a.dtype().promote(b.dtype());
        let (a, b) = (a.cast(dtype), b.cast(dtype));
        if a.rank() == 0 || b.rank() == 0 {
            let message = format!("shapes {} and {}: a scalar has no axes; multiply with *", a.shape(), b.shape());
            return Tensor::invalid("matmul", message, &[&a, &b], (), dtype);
        }
        let a2 = if a.rank() == 1 { a.expand_dims(0) } else { a.clone() };
        let b2 = if b.rank() == 1 { b.expand_dims(-1) } else { b.clone() };
        let (ra, rb) = (a2.rank(), b2.rank());
        let (m, k) = (a2.shape()[ra - 2], a2.shape()[ra - 1]);
        let (k2, n) = (b2.shape()[rb - 2], b2.shape()[rb - 1]);
        let batch = Shape::from(&a2.shape()[..ra - 2]).broadcast(&Shape::from(&b2.shape()[..rb - 2]));
        let extended = |batch: &Shape, p: usize, q: usize| -> Shape { batch.iter().copied().chain([p, q]).collect() };
        let (Some(batch), true) = (batch, k == k2) else {
            let message = match k == k2 {
                false => {
                    let axis = if b.rank() == 1 { "only axis" } else { "last but one" };
                    let (a, b) = (a.shape(), b.shape());
                    format!("shapes {a} and {b}: the first's last axis has length {k}, the second's {axis} {k2}")
                }
                true => {
                    format!("shapes {} and {}: the axes before the last two do not broadcast", a.shape(), b.shape())
                }
            };
            return Tensor::invalid("matmul", message, &[&a, &b], [m, n], dtype);
        };
        if rb == 2 && ra > 2 {
            // One matrix for the whole batch: the batch's rows are rows of one long matrix.
            let rows = a2.shape().size() / k.max(1);
            if k > 0 {
                let product = Tensor::product(&a2.reshape([rows, k]), &b2, false, false);
                let columns = (b.rank() > 1).then_some(n);
                return product.reshape(a2.shape()[..ra - 1].iter().copied().chain(columns).collect::<Shape>());
            }
        }
        let product = Tensor::product(
            &a2.broadcast_to(extended(&batch, m, k)),
            &b2.broadcast_to(extended(&batch, k, n)),
            false,
            false,
        );
        let mut shape = batch.to_vec();
        shape.extend((a.rank() > 1).then_some(m));
        shape.extend((b.rank() > 1).then_some(n));
        product.reshape(shape)
    }

    /// The product of two operands whose batch axes agree, each transposed first where it is asked for.
    pub(crate) fn product(a: &Tensor, b: &Tensor, transpose_a: bool, transpose_b: bool) -> Tensor {
        let rank = a.rank();
        let (rows, columns) =
            (if transpose_a { rank - 1 } else { rank - 2 }, if transpose_b { rank - 2 } else { rank - 1 });
        let mut shape = a.shape()[..rank - 2].to_vec();
        shape.extend([a.shape()[rows], b.shape()[columns]]);
        let op = Op::MatMul { transpose_a, transpose_b };
        Tensor::new(op, vec![a.clone(), b.clone()], shape.into(), a.dtype())
    }
}
