//! Elementwise nodes that one instruction computes together, so that a value between them is never written.
//!
//! A node that only one other needs is deferred to that one's instruction: the product in `a * b + c`, `c - a * b` and
//! in a sum of products; all below `relu(a * b + c)`, a layer with one input; the comparison, and the product, in
//! `if v > 0 { a * b } else { 0 }`, which is what relu's gradient is made of.

use super::{fuse::LoopWork, graph::Id, loops::Builder, view::Reading};
use crate::{
    kernels::Map,
    tensor::{Binary, Op, Reduction, Unary},
};

impl Builder<'_, '_> {
    /// Finds the nodes that the instructions of others compute.
    pub(super) fn defer(&mut self, work: &LoopWork) {
        if !self.l.graph.passes().fuse {
            return;
        }
        for &id in &work.nodes {
            match &self.l.graph.nodes[id].op {
                Op::Reduce(Reduction::Sum, _) => self.deferred.extend(self.private(id, 0, Binary::Mul)),
                Op::Binary(Binary::Add) => {
                    let product = self.product(id, 0).or_else(|| self.product(id, 1));
                    self.deferred.extend(product);
                }
                Op::Binary(Binary::Sub) => self.deferred.extend(self.product(id, 1)),
                Op::Unary(Unary::Relu) => {
                    let sum = self.private(id, 0, Binary::Add).filter(|&sum| self.deferred_operand(sum).is_some());
                    self.deferred.extend(sum);
                }
                Op::Select => {
                    if let Some(comparison) = self.gate(id) {
                        self.deferred.insert(comparison);
                        self.deferred.extend(self.private(id, 1, Binary::Mul));
                    }
                }
                _ => {}
            }
        }
    }

    /// The instruction for `id` and what it reads.
    pub(super) fn instruction(&self, id: Id) -> (Map, Vec<Id>) {
        let g = self.l.graph;
        let node = &g.nodes[id];
        let operands = node.operands.clone();
        let deferred = self.deferred_operand(id);
        match (&node.op, deferred) {
            (Op::Binary(Binary::Add), Some(k)) => (Map::MulAdd, self.with_factors(id, k, 1 - k)),
            (Op::Binary(Binary::Sub), Some(k)) => (Map::NegMulAdd, self.with_factors(id, k, 1 - k)),
            (Op::Unary(Unary::Relu), Some(_)) => (Map::MulAddRelu, self.instruction(g.access(operands[0]).base).1),
            (Op::Select, Some(_)) => {
                let compared = g.nodes[g.access(operands[0]).base].operands[0];
                let value = g.access(operands[1]).base;
                match self.deferred.contains(&value) {
                    true => (Map::GateProduct, [&[compared], &g.nodes[value].operands[..]].concat()),
                    false => (Map::Gate, vec![compared, operands[1]]),
                }
            }
            (Op::Unary(op), _) => (Map::Unary(*op), operands),
            (Op::Binary(op), _) => (Map::Binary(*op), operands),
            (Op::Select, None) => (Map::Select, operands),
            // A mask is a number in a tile.
            (Op::Cast, _) => (Map::Unary(Unary::StopGradient), operands),
            _ => unreachable!("only elementwise nodes and reductions are in loops"),
        }
    }

    /// The factors of the product that is operand `product` of `id`, one that varies first, and the other operand.
    fn with_factors(&self, id: Id, product: usize, other: usize) -> Vec<Id> {
        let g = self.l.graph;
        let operands = &g.nodes[id].operands;
        let mut factors = g.nodes[g.access(operands[product]).base].operands.clone();
        if !self.varies(g.access(factors[0]), self.columns(id)) {
            factors.swap(0, 1);
        }
        factors.push(operands[other]);
        factors
    }

    /// Which operand of `id` is deferred.
    fn deferred_operand(&self, id: Id) -> Option<usize> {
        let g = self.l.graph;
        g.nodes[id].operands.iter().position(|&o| self.deferred.contains(&g.access(o).base))
    }

    /// Operand `k` of `id`, if it is a node of this operation that nothing else needs, read element by element.
    fn private(&self, id: Id, k: usize, op: Binary) -> Option<Id> {
        let access = self.l.graph.access(self.l.graph.nodes[id].operands[k]);
        let is = matches!(self.l.graph.nodes[access.base].op, Op::Binary(o) if o == op);
        let plain = access.reading == Reading::Tile && !self.deferred.contains(&access.base);
        (is && plain && self.is_private(access.base)).then_some(access.base)
    }

    /// Operand `k` of `id`, if it is a private product with a factor that varies along segments.
    fn product(&self, id: Id, k: usize) -> Option<Id> {
        let g = self.l.graph;
        let varies = |product: &Id| {
            let columns = self.columns(*product);
            g.nodes[*product].operands.iter().any(|&o| self.varies(g.access(o), columns))
        };
        self.private(id, k, Binary::Mul).filter(varies)
    }

    /// The comparison of `select(v > 0, x, 0)`.
    fn gate(&self, id: Id) -> Option<Id> {
        let g = self.l.graph;
        let zero = |o: Id| {
            let base = g.access(o).base;
            matches!(&g.nodes[base].op, Op::Constant(a) if a.size() == 1 && a.item() == 0.0)
        };
        let comparison = self.private(id, 0, Binary::Greater)?;
        let compared = &g.nodes[comparison].operands;
        let varies = self.varies(g.access(compared[0]), self.columns(id));
        (varies && zero(compared[1]) && zero(g.nodes[id].operands[2])).then_some(comparison)
    }
}
