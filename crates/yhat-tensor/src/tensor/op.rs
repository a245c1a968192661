//! The operations.

use std::{ops::Range, sync::Arc};

use super::{Binary, Unary};
use crate::{Array, Error, Variable};

/// An operation. Shapes below are those of the operands; what it makes is on the [`Tensor`](super::Tensor).
#[derive(Clone, Debug)]
pub enum Op {
    /// An array known when the expression is made.
    Constant(Array),
    /// An array given when a plan runs.
    Input(String),
    /// The current value of a variable.
    Variable(Variable),
    /// One function of each element.
    Unary(Unary),
    /// One function of each pair of elements; both operands have one shape and type.
    Binary(Binary),
    /// Where the first operand (bool) is true the second's element, else the third's; all of one shape.
    Select,
    /// The elements as another type, which is that of the result.
    Cast,
    /// A reduction over the given axes (ascending), which are gone from the result.
    Reduce(Reduction, Vec<usize>),
    /// The first index of the largest element along an axis, int64.
    ArgMax(usize),
    /// `(batch..., m, k)` by `(batch..., k, n)`, the last two axes of an operand swapped first where it says so.
    MatMul {
        /// The first operand is `(batch..., k, m)`.
        transpose_a: bool,
        /// The second operand is `(batch..., n, k)`.
        transpose_b: bool,
    },
    /// The same elements in row-major order under another shape.
    Reshape,
    /// Axis `i` of the result is axis `permutation[i]` of the operand.
    Transpose(Vec<usize>),
    /// NumPy's broadcast: aligned at the last axis, lengths of 1 stretched.
    Broadcast,
    /// A range along each axis.
    Slice(Vec<Range<usize>>),
    /// The operand at the given start along each axis, zeros around it.
    Pad(Vec<usize>),
    /// The operands one after another along an axis.
    Concat(usize),
    /// `take(a, indices, axis)`: the axis is replaced by the axes of `indices` (int64).
    Gather(usize),
    /// The reverse of `Gather`: zeros with `updates` (first operand) added at `indices` (second) along the axis.
    ScatterAdd(usize),
    /// A wrong operation.
    Invalid(Arc<Error>),
}

/// How a reduction joins elements.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reduction {
    /// Their sum.
    Sum,
    /// The largest; NaN if there is one.
    Max,
    /// The smallest; NaN if there is one.
    Min,
}

impl Reduction {
    /// The name of the method that makes it.
    pub fn name(self) -> &'static str {
        match self {
            Reduction::Sum => "sum",
            Reduction::Max => "max",
            Reduction::Min => "min",
        }
    }
}

impl Op {
    /// The name, as in a listing.
    pub fn name(&self) -> &'static str {
        match self {
            Op::Constant(_) => "constant",
            Op::Input(_) => "input",
            Op::Variable(_) => "variable",
            Op::Unary(op) => op.name(),
            Op::Binary(op) => op.name(),
            Op::Select => "select",
            Op::Cast => "cast",
            Op::Reduce(reduction, _) => reduction.name(),
            Op::ArgMax(_) => "argmax",
            Op::MatMul { .. } => "matmul",
            Op::Reshape => "reshape",
            Op::Transpose(_) => "transpose",
            Op::Broadcast => "broadcast",
            Op::Slice(_) => "slice",
            Op::Pad(_) => "pad",
            Op::Concat(_) => "concat",
            Op::Gather(_) => "gather",
            Op::ScatterAdd(_) => "scatter_add",
            Op::Invalid(_) => "invalid",
        }
    }
}
