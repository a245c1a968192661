//! Reductions.

use super::{Op, Reduction, Tensor};
use crate::{DType, Shape};

macro_rules! reductions {
    ($($(#[$doc:meta])* $all:ident $axis:ident $axes:ident $reduction:ident),* $(,)?) => {
        impl Tensor {
            $($(#[$doc])*
            #[doc = concat!("\n\nOver all elements; [`Tensor::", stringify!($axis), "`] and [`Tensor::", stringify!($axes), "`] take axes.")]
            #[track_caller]
            pub fn $all(&self) -> Tensor {
                self.reduce(Reduction::$reduction, (0..self.rank()).collect(), false)
            }

            #[doc = concat!("[`Tensor::", stringify!($all), "`] along one axis (negative: from the end), which is gone from the result.")]
            #[track_caller]
            pub fn $axis(&self, axis: isize) -> Tensor {
                self.$axes(&[axis], false)
            }

            #[doc = concat!("[`Tensor::", stringify!($all), "`] along several axes; `keepdims` leaves them with length 1.")]
            #[track_caller]
            pub fn $axes(&self, axes: &[isize], keepdims: bool) -> Tensor {
                match self.axes(axes) {
                    Ok(axes) => self.reduce(Reduction::$reduction, axes, keepdims),
                    Err(message) => Tensor::invalid(stringify!($all), message, &[self], self.shape(), self.dtype()),
                }
            })*
        }
    };
}
reductions! {
    /// The sum of elements.
    sum sum_axis sum_axes Sum,
    /// The largest element. Its gradient is shared evenly by all elements that are the largest.
    max max_axis max_axes Max,
    /// The smallest element. Its gradient is shared evenly by all elements that are the smallest.
    min min_axis min_axes Min,
}

impl Tensor {
    /// The mean of all elements: their sum over their number.
    ///
    /// ```
    /// use yhat_tensor::Tensor;
    /// let x = Tensor::from([[1.0, 2.0], [3.0, 6.0]]);
    /// assert_eq!(x.mean().eval()?.item(), 3.0);
    /// assert_eq!(x.mean_axis(0).eval()?.to_vec(), [2.0, 4.0]);
    /// assert_eq!(x.mean_axes(&[-1], true).shape()[..], [2, 1]);
    /// # Ok::<(), yhat_tensor::Error>(())
    /// ```
    pub fn mean(&self) -> Tensor {
        let x = self.as_float();
        x.sum() / x.shape().size() as f64
    }

    /// [`Tensor::mean`] along one axis (negative: from the end), which is gone from the result.
    #[track_caller]
    pub fn mean_axis(&self, axis: isize) -> Tensor {
        self.mean_axes(&[axis], false)
    }

    /// [`Tensor::mean`] along several axes; `keepdims` leaves them with length 1.
    #[track_caller]
    pub fn mean_axes(&self, axes: &[isize], keepdims: bool) -> Tensor {
        let x = self.as_float();
        match x.axes(axes) {
            Ok(axes) => {
                let n: usize = axes.iter().map(|&i| x.shape()[i]).product();
                x.reduce(Reduction::Sum, axes, keepdims) / n as f64
            }
            Err(message) => Tensor::invalid("mean", message, &[&x], x.shape(), x.dtype()),
        }
    }

    /// The index of the largest element along `axis` (the first of equals), int64; the axis is gone from the result.
    #[track_caller]
    pub fn argmax(&self, axis: isize) -> Tensor {
        let Some(axis) = self.shape().axis(axis) else {
            let message = no_axis(axis, self.shape());
            return Tensor::invalid("argmax", message, &[self], self.shape(), DType::I64);
        };
        if self.shape()[axis] == 0 {
            let message = format!("axis {axis} of shape {} is empty", self.shape());
            return Tensor::invalid("argmax", message, &[self], without(self.shape(), &[axis]), DType::I64);
        }
        Tensor::new(Op::ArgMax(axis), vec![self.clone()], without(self.shape(), &[axis]), DType::I64)
    }

    fn axes(&self, axes: &[isize]) -> Result<Vec<usize>, String> {
        let mut found = Vec::new();
        for &axis in axes {
            let i = self.shape().axis(axis).ok_or_else(|| no_axis(axis, self.shape()))?;
            if found.contains(&i) {
                return Err(format!("axis {axis} is given twice in {axes:?}"));
            }
            found.push(i);
        }
        found.sort_unstable();
        Ok(found)
    }

    #[track_caller]
    pub(crate) fn reduce(&self, reduction: Reduction, axes: Vec<usize>, keepdims: bool) -> Tensor {
        let x = if self.dtype() == DType::Bool { self.cast(DType::I64) } else { self.clone() };
        let kept: Shape = (0..x.rank()).map(|i| if axes.contains(&i) { 1 } else { x.shape()[i] }).collect();
        let shape = without(x.shape(), &axes);
        let empty = axes.iter().any(|&i| x.shape()[i] == 0);
        if empty && reduction != Reduction::Sum {
            let message = format!("there is no element to choose from along axes {axes:?} of shape {}", x.shape());
            return Tensor::invalid(reduction.name(), message, &[self], shape, x.dtype());
        }
        let dtype = x.dtype();
        let reduced = match axes.is_empty() {
            true => x,
            false => Tensor::new(Op::Reduce(reduction, axes), vec![x], shape, dtype),
        };
        if keepdims { reduced.reshape(kept) } else { reduced }
    }
}

/// `shape` less `axes`.
fn without(shape: &Shape, axes: &[usize]) -> Shape {
    (0..shape.rank()).filter(|i| !axes.contains(i)).map(|i| shape[i]).collect()
}

pub(super) fn no_axis(axis: isize, shape: &Shape) -> String {
    match shape.rank() {
        0 => format!("axis {axis} of a scalar, which has no axes"),
        rank => format!("axis {axis} is out of range for shape {shape}: expected {} to {}", -(rank as isize), rank - 1),
    }
}
