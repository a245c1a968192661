//! Operations that move elements and compute nothing.

use std::ops::Range;

use super::{Op, Tensor, reduce::no_axis};
use crate::{DType, Shape};

impl Tensor {
    /// The same elements in row-major order under another shape of the same size.
    #[track_caller]
    pub fn reshape(&self, shape: impl Into<Shape>) -> Tensor {
        let shape = shape.into();
        if &shape == self.shape() {
            return self.clone();
        }
        if shape.size() != self.shape().size() {
            let (from, to) = (self.shape(), &shape);
            let message = format!("{from} has {} elements, {to} has {}", from.size(), to.size());
            return Tensor::invalid("reshape", message, shape, self.dtype());
        }
        Tensor::new(Op::Reshape, vec![self.clone()], shape, self.dtype())
    }

    /// All elements along one axis.
    pub fn flatten(&self) -> Tensor {
        self.reshape(self.shape().size())
    }

    /// A new axis of length 1 before `axis`; -1 puts it last.
    #[track_caller]
    pub fn expand_dims(&self, axis: isize) -> Tensor {
        let rank = self.rank() as isize;
        let at = if axis < 0 { axis + rank + 1 } else { axis };
        let mut shape = self.shape().to_vec();
        if !(0..=rank).contains(&at) {
            let message = format!("axis {axis} is out of range for a shape {}", self.shape());
            return Tensor::invalid("expand_dims", message, self.shape().clone(), self.dtype());
        }
        shape.insert(at as usize, 1);
        self.reshape(shape)
    }

    /// Without `axis`, whose length is 1.
    #[track_caller]
    pub fn squeeze(&self, axis: isize) -> Tensor {
        let mut shape = self.shape().to_vec();
        match self.shape().axis(axis) {
            Some(i) if shape[i] == 1 => {
                shape.remove(i);
                self.reshape(shape)
            }
            found => {
                let message = match found {
                    Some(_) => format!("axis {axis} of {} has another length than 1", self.shape()),
                    None => no_axis(axis, self.shape()),
                };
                Tensor::invalid("squeeze", message, self.shape().clone(), self.dtype())
            }
        }
    }

    /// The axes in reverse order.
    pub fn transpose(&self) -> Tensor {
        self.permuted((0..self.rank()).rev().collect())
    }

    /// Axis `i` of the result is axis `axes[i]`.
    #[track_caller]
    pub fn permute(&self, axes: &[usize]) -> Tensor {
        let mut sorted = axes.to_vec();
        sorted.sort_unstable();
        if sorted != (0..self.rank()).collect::<Vec<_>>() {
            let message = format!("{axes:?} is not an order of the {} axes of {}", self.rank(), self.shape());
            return Tensor::invalid("permute", message, self.shape().clone(), self.dtype());
        }
        self.permuted(axes.to_vec())
    }

    pub(crate) fn permuted(&self, axes: Vec<usize>) -> Tensor {
        if axes.iter().enumerate().all(|(i, &a)| i == a) {
            return self.clone();
        }
        let shape = axes.iter().map(|&i| self.shape()[i]).collect();
        Tensor::new(Op::Transpose(axes), vec![self.clone()], shape, self.dtype())
    }

    /// Stretched to `shape` by NumPy's rule.
    #[track_caller]
    pub fn broadcast_to(&self, shape: impl Into<Shape>) -> Tensor {
        let shape = shape.into();
        if &shape == self.shape() {
            return self.clone();
        }
        if self.shape().broadcast(&shape).as_ref() != Some(&shape) {
            let message = format!("{} does not stretch to {shape}", self.shape());
            return Tensor::invalid("broadcast_to", message, shape, self.dtype());
        }
        Tensor::new(Op::Broadcast, vec![self.clone()], shape, self.dtype())
    }

    /// Elements `range` along `axis`.
    ///
    /// ```
    /// use yhat_tensor::Tensor;
    /// let x = Tensor::from([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]);
    /// assert_eq!(x.slice(-1, 1..3).eval()?.to_vec(), [2.0, 3.0, 5.0, 6.0]);
    /// # Ok::<(), yhat_tensor::Error>(())
    /// ```
    #[track_caller]
    pub fn slice(&self, axis: isize, range: Range<usize>) -> Tensor {
        let Some(axis) = self.shape().axis(axis) else {
            return Tensor::invalid("slice", no_axis(axis, self.shape()), self.shape().clone(), self.dtype());
        };
        let mut ranges: Vec<_> = self.shape().iter().map(|&n| 0..n).collect();
        if range.start > range.end || range.end > ranges[axis].end {
            let message = format!("{range:?} is not inside of axis {axis} of shape {}", self.shape());
            return Tensor::invalid("slice", message, self.shape().clone(), self.dtype());
        }
        ranges[axis] = range;
        self.sliced(ranges)
    }

    /// Column `j` of the last axis, which is gone from the result: `x[..., j]`.
    #[track_caller]
    pub fn column(&self, j: usize) -> Tensor {
        self.slice(-1, j..j + 1).squeeze(-1)
    }

    pub(crate) fn sliced(&self, ranges: Vec<Range<usize>>) -> Tensor {
        let shape: Shape = ranges.iter().map(|r| r.len()).collect();
        if &shape == self.shape() {
            return self.clone();
        }
        Tensor::new(Op::Slice(ranges), vec![self.clone()], shape, self.dtype())
    }

    /// Zeros before and after along each axis: `(before, after)` per axis.
    #[track_caller]
    pub fn pad(&self, amounts: &[(usize, usize)]) -> Tensor {
        if amounts.len() != self.rank() {
            let message = format!("{} amounts for the {} axes of {}", amounts.len(), self.rank(), self.shape());
            return Tensor::invalid("pad", message, self.shape().clone(), self.dtype());
        }
        let shape = amounts.iter().zip(self.shape().iter()).map(|((before, after), n)| before + n + after).collect();
        self.padded(amounts.iter().map(|a| a.0).collect(), shape)
    }

    pub(crate) fn padded(&self, starts: Vec<usize>, shape: Shape) -> Tensor {
        if &shape == self.shape() {
            return self.clone();
        }
        Tensor::new(Op::Pad(starts), vec![self.clone()], shape, self.dtype())
    }

    /// Several expressions one after another along `axis`; the other axes have the same lengths.
    ///
    /// ```
    /// use yhat_tensor::Tensor;
    /// let x = Tensor::from([[1.0], [2.0]]);
    /// let with_ones = Tensor::concat(&[x.ones_like(), x], -1);
    /// assert_eq!(with_ones.eval()?.to_vec(), [1.0, 1.0, 1.0, 2.0]);
    /// # Ok::<(), yhat_tensor::Error>(())
    /// ```
    #[track_caller]
    pub fn concat(parts: &[Tensor], axis: isize) -> Tensor {
        let Some(first) = parts.first() else {
            return Tensor::invalid("concat", "there is nothing to concatenate".into(), Shape::default(), DType::F32);
        };
        let dtype = parts.iter().map(Tensor::dtype).max().unwrap_or(first.dtype());
        let Some(axis) = first.shape().axis(axis) else {
            return Tensor::invalid("concat", no_axis(axis, first.shape()), first.shape().clone(), dtype);
        };
        let others = |t: &Tensor| -> Vec<usize> {
            t.shape().iter().enumerate().filter(|(i, _)| *i != axis).map(|(_, n)| *n).collect()
        };
        if let Some(bad) = parts.iter().find(|t| t.rank() != first.rank() || others(t) != others(first)) {
            let message = format!("shapes {} and {} differ beside axis {axis}", first.shape(), bad.shape());
            return Tensor::invalid("concat", message, first.shape().clone(), dtype);
        }
        if parts.len() == 1 {
            return first.clone();
        }
        let mut shape = first.shape().to_vec();
        shape[axis] = parts.iter().map(|t| t.shape()[axis]).sum();
        Tensor::new(Op::Concat(axis), parts.iter().map(|t| t.cast(dtype)).collect(), shape.into(), dtype)
    }

    /// Several expressions of one shape along a new axis.
    #[track_caller]
    pub fn stack(parts: &[Tensor], axis: isize) -> Tensor {
        let expanded: Vec<_> = parts.iter().map(|t| t.expand_dims(axis)).collect();
        Tensor::concat(&expanded, axis)
    }

    /// The entries at `indices` (int64) along `axis`, which is replaced by the axes of `indices`: `numpy.take`.
    /// An index outside of the axis is an error when the expression is evaluated.
    #[track_caller]
    pub fn gather(&self, indices: &Tensor, axis: isize) -> Tensor {
        let Some(axis) = self.shape().axis(axis) else {
            return Tensor::invalid("gather", no_axis(axis, self.shape()), self.shape().clone(), self.dtype());
        };
        if indices.dtype() != DType::I64 {
            let message = format!("indices must be int64, got {}", indices.dtype());
            return Tensor::invalid("gather", message, self.shape().clone(), self.dtype());
        }
        let own = self.shape();
        let shape = own[..axis].iter().chain(indices.shape().iter()).chain(&own[axis + 1..]).copied().collect();
        Tensor::new(Op::Gather(axis), vec![self.clone(), indices.clone()], shape, self.dtype())
    }

    /// 1 where the index along a new last axis of length `depth` equals the element, else 0: `tf.one_hot`.
    ///
    /// ```
    /// use yhat_tensor::{DType, Tensor};
    /// let labels = Tensor::from([2, 0]);
    /// assert_eq!(labels.one_hot(3, DType::F32).eval()?.to_vec(), [0.0, 0.0, 1.0, 1.0, 0.0, 0.0]);
    /// # Ok::<(), yhat_tensor::Error>(())
    /// ```
    pub fn one_hot(&self, depth: usize, dtype: DType) -> Tensor {
        let classes = Tensor::from((0..depth as i64).collect::<Vec<_>>());
        self.expand_dims(-1).equal(&classes).cast(dtype)
    }
}
