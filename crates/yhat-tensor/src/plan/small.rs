//! Matrix products over few columns, as nodes of loops.
//!
//! `x @ W` with a handful of columns on both sides is, for a loop with rows in its lanes, a few multiplications by numbers
//! that are the same for all rows; the gradient of `W` is a few sums over rows. As steps of their own they would each cost
//! more than the rest of a small net's epoch: written to memory, packed, called. So the layers of a narrow net, forward and
//! backward, are one loop, or as many as keep each from growing too long. 5 layers of two nodes on 100 points take 0.14 us an
//! epoch instead of 8; where products are largest, 10 layers of 16 nodes on 1,000 points, 111 us instead of 611 (2026-11-27).

use super::graph::{Graph, Id};
use crate::tensor::{Op, Unary};

/// Values of up to this many columns have rows in the lanes of generated code.
pub(super) const FEW_COLUMNS: usize = 16;
/// Instructions of a loop, about, before the next one begins. (From 500 to 10,000 it makes no difference to nets of 2 and 8 nodes a
/// layer; with 16 nodes 2,000 are a tenth slower than 1,000; 2026-11-27.)
pub(super) const LONG: usize = 1000;

/// Elements of a value that generated code reaches from its start.
const FARTHEST: usize = 1 << 26;

/// A product that a loop over rows computes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Product {
    /// `(rows, k) @ (k, m)`: each row times a matrix in memory, which is the second operand or its transpose.
    Rows { k: usize, transposed: bool },
    /// `(k, rows) @ (rows, m)`: for each pair of columns of the operands, the sum of their products.
    Pairs { k: usize, m: usize },
}

impl Graph {
    /// How a loop computes the product that `id` is; `None` if it is no product, or a step of its own.
    pub(super) fn product(&self, id: Id) -> Option<Product> {
        let node = &self.nodes[id];
        let Op::MatMul { transpose_a, transpose_b } = node.op else { return None };
        if !self.passes().small || node.shape.rank() != 2 || self.without_code.contains(&id) {
            return None;
        }
        let (a, m) = (&self.nodes[node.operands[0]].shape, node.shape[1]);
        let few = |k: usize| (1..=FEW_COLUMNS).contains(&k);
        let product = match (transpose_a, transpose_b) {
            (false, _) => Product::Rows { k: a[1], transposed: transpose_b },
            (true, false) => Product::Pairs { k: a[1], m },
            (true, true) => return None,
        };
        (few(a[1]) && few(m) && a[0] > 0).then_some(product)
    }

    /// Instructions that a loop takes for `id`, about, if it has rows in its lanes.
    pub(super) fn instructions(&self, id: Id) -> usize {
        let node = &self.nodes[id];
        match self.product(id) {
            Some(Product::Rows { k, .. }) => k * node.shape[1],
            Some(Product::Pairs { k, m }) => k * m,
            None => self.loop_extent(id).1 * if is_function(&node.op) { FUNCTION } else { 1 },
        }
    }

    /// Whether a loop over the rows of these nodes has rows in its lanes and machine code.
    pub(super) fn are_narrow(&self, nodes: &[Id]) -> bool {
        nodes.iter().all(|&id| self.loop_extent(id).1 <= FEW_COLUMNS && !self.without_code.contains(&id))
    }

    /// Whether a loop computes the value, row by row, and it has several columns.
    pub(super) fn may_lie_by_columns(&self, id: Id) -> bool {
        let (rows, columns) = self.loop_domain(id);
        let computed = self.loop_type(id).is_some() && self.nodes[id].dtype.is_float() && !self.is_total(id);
        computed && columns > 1 && rows * columns < FARTHEST
    }
}

/// Instructions of a function that is a polynomial, about: `tanh` takes thirty.
const FUNCTION: usize = 30;

fn is_function(op: &Op) -> bool {
    use Unary::*;
    matches!(op, Op::Unary(Exp | Expm1 | Ln | Ln1p | Tanh | Sigmoid | Softplus | Erf))
}
