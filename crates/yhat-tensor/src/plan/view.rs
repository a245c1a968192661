//! How a loop over rows sees its operands.
//!
//! A loop runs over the rows of matrices: a value of shape `(..., c)` is `rows` by `c`, a vector is `rows` by 1.
//! Stretched and reshaped values are not computed: the loop reads what they are stretched from.

use super::{
    graph::{Graph, Id},
    small::Product,
};
use crate::{
    DType, Shape,
    tensor::{Op, Unary},
};

/// Rows and columns of a value of this shape, as a loop sees it.
pub(super) fn domain(shape: &Shape) -> (usize, usize) {
    match shape.rank() {
        0 => (1, 1),
        1 => (shape[0], 1),
        n => (shape[..n - 1].iter().product(), shape[n - 1]),
    }
}

/// How a base value is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reading {
    /// Element by element.
    Tile,
    /// One element for each row.
    Row,
    /// One element for each column.
    Column,
    /// One element.
    Scalar,
}

/// An operand: the value that is there, and how it is read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Access {
    pub(super) base: Id,
    pub(super) reading: Reading,
}

/// What is left of a reduction's operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kept {
    Rows,
    Columns,
    Nothing,
    /// Pairs of columns of two operands, whose products are summed.
    Pairs,
}

impl Graph {
    /// The value that a reshaped one shares memory with.
    pub(super) fn root(&self, mut id: Id) -> Id {
        while matches!(self.nodes[id].op, Op::Reshape) {
            id = self.nodes[id].operands[0];
        }
        id
    }

    /// How a loop reads operand `id`.
    pub(super) fn access(&self, id: Id) -> Access {
        let node = &self.nodes[id];
        let whole = Access { base: self.root(id), reading: Reading::Tile };
        let Op::Broadcast = node.op else { return whole };
        let from = node.operands[0];
        let (x, base) = (&self.nodes[from].shape, self.root(from));
        let missing = node.shape.rank() - x.rank();
        let length = |i: usize| if i < missing { 1 } else { x[i - missing] };
        let last = node.shape.rank().saturating_sub(1);
        let leading = |kept: bool| (0..last).all(|i| length(i) == if kept { node.shape[i] } else { 1 });
        // A mask in memory is a byte an element, which only a tile is made of.
        let mask = node.dtype == DType::Bool;
        let reading = match node.shape.rank() {
            _ if x.size() == 1 && !mask => Reading::Scalar,
            0 | 1 => return whole,
            _ if leading(true) && length(last) == 1 => Reading::Row,
            _ if leading(false) && length(last) == node.shape[last] && !mask => Reading::Column,
            _ => return whole,
        };
        Access { base, reading }
    }

    /// Which rows or columns a reduction keeps, if a loop can do it.
    pub(super) fn kept(&self, id: Id) -> Option<Kept> {
        let node = &self.nodes[id];
        if let Some(Product::Pairs { .. }) = self.product(id) {
            return Some(Kept::Pairs);
        }
        let Op::Reduce(_, axes) = &node.op else { return None };
        let rank = self.nodes[node.operands[0]].shape.rank();
        match axes.len() {
            n if n == rank => Some(Kept::Nothing),
            1 if axes[0] == rank - 1 => Some(Kept::Rows),
            n if n == rank - 1 && axes[n - 1] == rank - 2 => Some(Kept::Columns),
            _ => None,
        }
    }

    /// Rows and columns of a value while a loop computes it.
    pub(super) fn loop_domain(&self, id: Id) -> (usize, usize) {
        match self.kept(id) {
            Some(Kept::Rows) => (domain(&self.nodes[self.nodes[id].operands[0]].shape).0, 1),
            _ => domain(&self.nodes[id].shape),
        }
    }

    /// Whether a node is what is left when the rows are gone.
    pub(super) fn is_total(&self, id: Id) -> bool {
        matches!(self.kept(id), Some(Kept::Columns | Kept::Nothing | Kept::Pairs))
    }

    /// Rows and columns of what a loop passes over to compute `id`.
    pub(super) fn loop_extent(&self, id: Id) -> (usize, usize) {
        let node = &self.nodes[id];
        match node.op {
            Op::Reduce(..) => domain(&self.nodes[node.operands[0]].shape),
            Op::MatMul { .. } if self.product(id).is_some() => {
                let (rows, k) = domain(&self.nodes[node.operands[0]].shape);
                (rows, k.max(node.shape[1]))
            }
            _ => domain(&node.shape),
        }
    }

    /// Elements of what a loop passes over to compute `id`.
    pub(super) fn loop_elements(&self, id: Id) -> usize {
        let (rows, columns) = self.loop_extent(id);
        rows * columns
    }

    /// The float type that a loop computes `id` in; `None` if it takes a step of its own.
    pub(super) fn loop_type(&self, id: Id) -> Option<DType> {
        let node = &self.nodes[id];
        let of = |k: usize| self.nodes[node.operands[k]].dtype;
        let dtype = match node.op {
            Op::Unary(Unary::Not) => return None,
            Op::Unary(_) | Op::Binary(_) => of(0),
            Op::Select => of(1),
            Op::Cast if of(0) == DType::Bool => node.dtype,
            Op::Reduce(..) if self.kept(id).is_some() => of(0),
            Op::MatMul { .. } if self.product(id).is_some() => of(0),
            _ => return None,
        };
        dtype.is_float().then_some(dtype)
    }

    /// Whether a loop computes `id` element by element, without stretching along one side only.
    pub(super) fn is_flat(&self, id: Id) -> bool {
        !matches!(self.nodes[id].op, Op::Reduce(..) | Op::MatMul { .. })
            && self.loop_type(id).is_some()
            && self.nodes[id].operands.iter().all(|&o| match self.access(o).reading {
                Reading::Tile => true,
                Reading::Scalar => true,
                Reading::Row | Reading::Column => false,
            })
    }
}
