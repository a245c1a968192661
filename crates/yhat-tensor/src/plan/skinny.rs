//! Matrix products with a side of length 1, as multiplications and sums.
//!
//! `x @ W` with one input column, `v @ w` with one output column, and their gradients are products that a blocked
//! matrix kernel is bad at and that, written elementwise, fuse with what is around them: the 1-2-1 network's step
//! becomes one loop over the points.

use super::graph::{Graph, Id, Node};
use crate::tensor::{Binary, Op};

/// Elements of a matrix that are more than a loop should hold together with what is around them. A loop reads one vector of
/// columns at a time, a step sixteen: 784 x 512 and 512 x 512 in 120 microseconds and in 28 (one core, 2026-11-27). Where
/// between 1 and 400,000 elements the two are equal was not measured.
const LARGE: usize = 1 << 12;

/// The same value without the product, where one side is of length 1.
pub(super) fn rewritten(graph: &mut Graph, node: &Node) -> Option<Id> {
    let Op::MatMul { transpose_a, transpose_b } = node.op else { return None };
    if node.shape.rank() != 2 {
        return None;
    }
    let (a, b) = (node.operands[0], node.operands[1]);
    let (m, n) = (node.shape[0], node.shape[1]);
    let k = graph.nodes[a].shape[if transpose_a { 0 } else { 1 }];
    if k == 1 {
        let column = graph.reshape(a, [m, 1]);
        let row = graph.reshape(b, [1, n]);
        return Some(multiplied(graph, column, row, [m, n]));
    }
    if n == 1 {
        let sums = sum_of_products(graph, a, b, transpose_a, (m, k));
        return Some(graph.reshape(sums, [m, 1]));
    }
    // A row times a large matrix is as fast as memory as a step of its own (`kernels::Method::Thin`), but one that is computed
    // need not go to memory: gradients of 65,536 nodes with one input take 0.37 ms instead of 1.2 (2026-11-27).
    let in_memory = matches!(graph.nodes[graph.root(b)].op, Op::Variable(_) | Op::Input(_) | Op::Constant(_));
    if m == 1 && !(in_memory && !transpose_b && k * n >= LARGE) {
        let sums = sum_of_products(graph, b, a, !transpose_b, (n, k));
        return Some(graph.reshape(sums, [1, n]));
    }
    None
}

/// For each of `m` rows (or columns, if `k` runs along the first axis) of `matrix`, its product with the `vector`.
fn sum_of_products(graph: &mut Graph, matrix: Id, vector: Id, k_first: bool, (m, k): (usize, usize)) -> Id {
    let (shape, vector_shape, axis) = if k_first { ([k, m], [k, 1], 0) } else { ([m, k], [1, k], 1) };
    let vector = graph.reshape(vector, vector_shape);
    let products = multiplied(graph, matrix, vector, shape);
    graph.sum(products, axis)
}

fn multiplied(graph: &mut Graph, a: Id, b: Id, shape: [usize; 2]) -> Id {
    let (a, b) = (graph.broadcast(a, shape), graph.broadcast(b, shape));
    graph.binary(Binary::Mul, a, b)
}
