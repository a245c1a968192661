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
            let message = format!("shape {from} has {} elements, {to} has {}", from.size(), to.size());
            return Tensor::invalid("reshape", message, &[self], shape, self.dtype());
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
        let Some(at) = self.new_axis(axis) else {
            let message = format!("no new axis {axis} for shape {}: {}", self.shape(), self.new_axes());
            return Tensor::invalid("expand_dims", message, &[self], self.shape(), self.dtype());
        };
        let mut shape = self.shape().to_vec();
        shape.insert(at, 1);
        self.reshape(shape)
    }

    /// Where a new axis can go, negative ones counted from the end of the result.
    fn new_axis(&self, axis: isize) -> Option<usize> {
        let rank = self.rank() as isize;
        let at = if axis < 0 { axis + rank + 1 } else { axis };
        (0..=rank).contains(&at).then_some(at as usize)
    }

    fn new_axes(&self) -> String {
        format!("expected {} to {}", -(self.rank() as isize) - 1, self.rank())
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
            Some(i) => {
                let message = format!("axis {axis} of shape {} has length {}, expected 1", self.shape(), shape[i]);
                Tensor::invalid("squeeze", message, &[self], self.shape(), self.dtype())
            }
            None => Tensor::invalid("squeeze", no_axis(axis, self.shape()), &[self], self.shape(), self.dtype()),
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
            let message = format!("{axes:?} is not an order of the {} axes of shape {}", self.rank(), self.shape());
            return Tensor::invalid("permute", message, &[self], self.shape(), self.dtype());
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
            let message =
                format!("shape {} does not stretch to {shape}: only new axes and those of length 1 do", self.shape());
            return Tensor::invalid("broadcast_to", message, &[self], shape, self.dtype());
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
            return Tensor::invalid("slice", no_axis(axis, self.shape()), &[self], self.shape(), self.dtype());
        };
        let mut ranges: Vec<_> = self.shape().iter().map(|&n| 0..n).collect();
        if range.start > range.end || range.end > ranges[axis].end {
            let message = format!("{range:?} is not inside of axis {axis} of shape {}", self.shape());
            return Tensor::invalid("slice", message, &[self], self.shape(), self.dtype());
        }
        ranges[axis] = range;
        self.sliced(ranges)
    }

    /// Column `j` of the last axis, which is gone from the result: `x[..., j]`.
    #[track_caller]
    pub fn column(&self, j: usize) -> Tensor {
        self.slice(-1, j..j.saturating_add(1)).squeeze(-1)
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
            let message = format!("{} amounts for the {} axes of shape {}", amounts.len(), self.rank(), self.shape());
            return Tensor::invalid("pad", message, &[self], self.shape(), self.dtype());
        }
        let shape = amounts
            .iter()
            .zip(self.shape().iter())
            .map(|((before, after), n)| before.saturating_add(*n).saturating_add(*after))
            .collect();
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
        let all: Vec<&Tensor> = parts.iter().collect();
        let Some(first) = parts.first() else {
            return Tensor::invalid("concat", "there is nothing to concatenate".into(), &[], (), DType::F32);
        };
        let dtype = parts.iter().map(Tensor::dtype).max().unwrap_or(first.dtype());
        let Some(axis) = first.shape().axis(axis) else {
            return Tensor::invalid("concat", no_axis(axis, first.shape()), &all, first.shape(), dtype);
        };
        let fits = |t: &Tensor| {
            let mut pairs = t.shape().iter().zip(first.shape().iter()).enumerate();
            t.rank() == first.rank() && pairs.all(|(i, (a, b))| i == axis || a == b)
        };
        if let Some(i) = parts.iter().position(|t| !fits(t)) {
            let (one, other) = (first.shape(), parts[i].shape());
            let message = format!("parts 0 and {i} have shapes {one} and {other}, which differ beside axis {axis}");
            return Tensor::invalid("concat", message, &all, first.shape(), dtype);
        }
        if parts.len() == 1 {
            return first.clone();
        }
        let mut shape = first.shape().to_vec();
        shape[axis] = parts.iter().map(|t| t.shape()[axis]).sum();
        Tensor::new(Op::Concat(axis), parts.iter().map(|t| t.cast(dtype)).collect(), shape.into(), dtype)
    }

    /// Several expressions of one shape along a new axis; -1 puts it last.
    ///
    /// ```
    /// use yhat_tensor::Tensor;
    /// let (x, y) = (Tensor::from([1.0, 2.0]), Tensor::from([3.0, 4.0]));
    /// assert_eq!(Tensor::stack(&[x, y], -1).eval()?.to_vec(), [1.0, 3.0, 2.0, 4.0]);
    /// # Ok::<(), yhat_tensor::Error>(())
    /// ```
    #[track_caller]
    pub fn stack(parts: &[Tensor], axis: isize) -> Tensor {
        let all: Vec<&Tensor> = parts.iter().collect();
        let Some(first) = parts.first() else {
            return Tensor::invalid("stack", "there is nothing to stack".into(), &[], (), DType::F32);
        };
        if let Some(i) = parts.iter().position(|t| t.shape() != first.shape()) {
            let message = format!("parts 0 and {i} have shapes {} and {}", first.shape(), parts[i].shape());
            return Tensor::invalid("stack", message, &all, first.shape(), first.dtype());
        }
        let Some(at) = first.new_axis(axis) else {
            let message = format!("no new axis {axis} for parts of shape {}: {}", first.shape(), first.new_axes());
            return Tensor::invalid("stack", message, &all, first.shape(), first.dtype());
        };
        let expanded: Vec<_> = parts.iter().map(|t| t.expand_dims(at as isize)).collect();
        Tensor::concat(&expanded, at as isize)
    }

    /// The entries at `indices` (int64) along `axis`, which is replaced by the axes of `indices`: `numpy.take`.
    /// An index outside of the axis is an error when the expression is evaluated.
    #[track_caller]
    pub fn gather(&self, indices: &Tensor, axis: isize) -> Tensor {
        let Some(axis) = self.shape().axis(axis) else {
            return Tensor::invalid("gather", no_axis(axis, self.shape()), &[self], self.shape(), self.dtype());
        };
        if indices.dtype() != DType::I64 {
            let message = format!("expected int64 indices, got {}", indices.dtype());
            return Tensor::invalid("gather", message, &[self], self.shape(), self.dtype());
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
        let dtype_of_indices = if self.dtype().is_float() { self.dtype() } else { DType::I64 };
        let classes = Tensor::from((0..depth as i64).collect::<Vec<_>>()).cast(dtype_of_indices);
        self.expand_dims(-1).equal(&classes).cast(dtype)
    }
}
