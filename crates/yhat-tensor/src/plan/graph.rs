//! The planner's own form of a set of expressions: numbered nodes, operands before what uses them.
//!
//! Nodes are made through [`Graph::add`], which folds constants, drops operations that do nothing and gives an equal
//! node instead of a new one; so a graph is simplified by being built.

use rustc_hash::{FxHashMap as HashMap, FxHashSet as HashSet};

use super::{Passes, skinny};
use crate::{
    Array, DType, Result, Shape, Tensor,
    interpret::evaluate,
    tensor::{Binary, Identity, Op, Reduction, Unary},
};

/// A node's number.
pub(super) type Id = usize;

/// An operation on nodes.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) op: Op,
    pub(super) operands: Vec<Id>,
    pub(super) shape: Shape,
    pub(super) dtype: DType,
}

#[derive(Debug)]
pub(super) struct Graph {
    pub(super) nodes: Vec<Node>,
    passes: Passes,
    /// Nodes of loops that turned out to have no machine code and need it: they are planned otherwise.
    pub(super) without_code: HashSet<Id>,
    known: HashMap<Key, Id>,
}

/// What makes two nodes equal.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Key {
    op: OpKey,
    operands: Vec<Id>,
    shape: Shape,
    dtype: DType,
}

#[derive(Debug, PartialEq, Eq, Hash)]
enum OpKey {
    Scalar(u64),
    Variable(u64),
    Unary(Unary),
    Binary(Binary),
    Reduce(Reduction, Vec<usize>),
    MatMul(bool, bool),
    /// Name and numbers of an operation that moves elements.
    Move(&'static str, Vec<usize>),
}

impl OpKey {
    fn of(op: &Op) -> Option<OpKey> {
        Some(match op {
            Op::Constant(a) if a.size() == 1 => OpKey::Scalar(a.item().to_bits()),
            Op::Constant(_) | Op::Input(_) | Op::Invalid(_) => return None,
            Op::Variable(v) => OpKey::Variable(v.id()),
            Op::Unary(op) => OpKey::Unary(*op),
            Op::Binary(op) => OpKey::Binary(*op),
            Op::Reduce(r, axes) => OpKey::Reduce(*r, axes.clone()),
            Op::MatMul { transpose_a, transpose_b } => OpKey::MatMul(*transpose_a, *transpose_b),
            Op::Select | Op::Cast | Op::Reshape | Op::Broadcast => OpKey::Move(op.name(), Vec::new()),
            Op::ArgMax(axis) | Op::Concat(axis) | Op::Gather(axis) | Op::ScatterAdd(axis) => {
                OpKey::Move(op.name(), vec![*axis])
            }
            Op::Transpose(axes) | Op::Pad(axes) => OpKey::Move(op.name(), axes.clone()),
            Op::Slice(ranges) => OpKey::Move(op.name(), ranges.iter().map(|r| r.start).collect()),
        })
    }
}

/// Constants larger than this are not computed when the plan is made: the plan would carry them.
const LARGEST_FOLDED: usize = 1 << 16;

impl Graph {
    pub(super) fn new(passes: Passes) -> Graph {
        Graph { nodes: Vec::new(), passes, without_code: HashSet::default(), known: HashMap::default() }
    }

    pub(super) fn passes(&self) -> Passes {
        self.passes
    }

    /// Adds all that `roots` need and gives the nodes of `roots`.
    pub(super) fn import(&mut self, roots: &[Tensor]) -> Result<Vec<Id>> {
        let mut ids: HashMap<Identity, Id> = HashMap::default();
        for tensor in Tensor::topological(roots) {
            tensor.check()?;
            let operands: Vec<Id> = tensor.operands().iter().map(|t| ids[&t.identity()]).collect();
            let id = self.add(tensor.op().clone(), operands, tensor.shape().clone(), tensor.dtype());
            ids.insert(tensor.identity(), id);
        }
        Ok(roots.iter().map(|t| ids[&t.identity()]).collect())
    }

    /// A node for this operation: an equal one, a simpler one, or a new one.
    pub(super) fn add(&mut self, op: Op, operands: Vec<Id>, shape: Shape, dtype: DType) -> Id {
        let node = Node { op, operands, shape, dtype };
        let folded = self.passes.fold.then(|| self.simpler(&node).or_else(|| self.folded(&node))).flatten();
        let simpler = folded.or_else(|| self.passes.skinny.then(|| skinny::rewritten(self, &node)).flatten());
        simpler.unwrap_or_else(|| self.shared(node))
    }

    fn shared(&mut self, node: Node) -> Id {
        let key = OpKey::of(&node.op).filter(|_| self.passes.share).map(|op| Key {
            op,
            operands: node.operands.clone(),
            shape: node.shape.clone(),
            dtype: node.dtype,
        });
        let next = self.nodes.len();
        let id = match key {
            Some(key) => *self.known.entry(key).or_insert(next),
            None => next,
        };
        if id == next {
            self.nodes.push(node);
        }
        id
    }

    pub(super) fn constant(&mut self, array: Array) -> Id {
        let (shape, dtype) = (array.shape().clone(), array.dtype());
        self.shared(Node { op: Op::Constant(array), operands: Vec::new(), shape, dtype })
    }

    pub(super) fn binary(&mut self, op: Binary, a: Id, b: Id) -> Id {
        let (shape, dtype) = (self.nodes[a].shape.clone(), self.nodes[a].dtype);
        self.add(Op::Binary(op), vec![a, b], shape, dtype)
    }

    pub(super) fn reshape(&mut self, x: Id, shape: impl Into<Shape>) -> Id {
        let (shape, dtype) = (shape.into(), self.nodes[x].dtype);
        if self.nodes[x].shape == shape { x } else { self.add(Op::Reshape, vec![x], shape, dtype) }
    }

    pub(super) fn broadcast(&mut self, x: Id, shape: impl Into<Shape>) -> Id {
        let (shape, dtype) = (shape.into(), self.nodes[x].dtype);
        if self.nodes[x].shape == shape { x } else { self.add(Op::Broadcast, vec![x], shape, dtype) }
    }

    pub(super) fn sum(&mut self, x: Id, axis: usize) -> Id {
        let (mut shape, dtype) = (self.nodes[x].shape.to_vec(), self.nodes[x].dtype);
        shape.remove(axis);
        self.add(Op::Reduce(Reduction::Sum, vec![axis]), vec![x], shape.into(), dtype)
    }

    /// The number that every element of `id` is, if it is a constant, stretched or not.
    fn number(&self, id: Id) -> Option<f64> {
        let node = &self.nodes[id];
        match &node.op {
            Op::Constant(a) if a.size() == 1 => Some(a.item()),
            Op::Broadcast | Op::Reshape => self.number(node.operands[0]),
            _ => None,
        }
    }

    /// The operand of a stretch from a single element.
    fn stretched_scalar(&self, id: Id) -> Option<Id> {
        let node = &self.nodes[id];
        let from = *node.operands.first()?;
        (matches!(node.op, Op::Broadcast) && self.nodes[from].shape.size() == 1).then_some(from)
    }

    /// The value, where all operands are constants.
    fn folded(&mut self, node: &Node) -> Option<Id> {
        let stretches = matches!(node.op, Op::Broadcast) && node.shape.size() > 1;
        if node.operands.is_empty() || stretches || node.shape.size() > LARGEST_FOLDED {
            return None;
        }
        let constant = |id: &Id| match &self.nodes[*id].op {
            Op::Constant(a) => Some(a),
            _ => None,
        };
        let operands: Option<Vec<&Array>> = node.operands.iter().map(constant).collect();
        let value = evaluate(&node.op, &operands?, &node.shape, node.dtype).ok()?;
        Some(self.constant(value))
    }

    /// An equal node that is already there or computes less.
    fn simpler(&mut self, node: &Node) -> Option<Id> {
        let first = node.operands.first().copied();
        match &node.op {
            Op::Reshape | Op::Broadcast | Op::Cast if self.same_type(first?, node) => first,
            Op::Reshape | Op::Transpose(_) => self.through_moves(node),
            Op::Broadcast => {
                let x = &self.nodes[first?];
                // Stretched twice.
                let from = matches!(x.op, Op::Broadcast).then(|| x.operands[0])?;
                Some(self.broadcast(from, &node.shape))
            }
            Op::Reduce(Reduction::Sum, axes) => {
                let scalar = self.stretched_scalar(first?)?;
                let n: usize = axes.iter().map(|&i| self.nodes[first.unwrap_or(0)].shape[i]).product();
                let (shape, dtype) = (self.nodes[scalar].shape.clone(), node.dtype);
                let n = Array::from(n as f64).cast(dtype);
                let n = self.constant(n);
                let n = self.reshape(n, shape);
                let total = self.binary(Binary::Mul, scalar, n);
                let total = self.reshape(total, ());
                Some(self.broadcast(total, &node.shape))
            }
            Op::Unary(Unary::Neg) => {
                let x = &self.nodes[first?];
                matches!(x.op, Op::Unary(Unary::Neg)).then(|| x.operands[0])
            }
            Op::Unary(Unary::StopGradient) => first,
            Op::MatMul { transpose_a, transpose_b } => self.untransposed(node, *transpose_a, *transpose_b),
            Op::Binary(op) => self.identity(*op, node).or_else(|| self.below_stretch(node)),
            _ => None,
        }
        .or_else(|| matches!(node.op, Op::Unary(_) | Op::Cast).then(|| self.below_stretch(node)).flatten())
    }

    fn same_type(&self, id: Id, node: &Node) -> bool {
        self.nodes[id].shape == node.shape && self.nodes[id].dtype == node.dtype
    }

    /// A move of a moved thing as one move.
    fn through_moves(&mut self, node: &Node) -> Option<Id> {
        let first = node.operands[0];
        let x = &self.nodes[first];
        match (&node.op, &x.op) {
            (Op::Reshape, Op::Reshape) => Some(self.reshape(x.operands[0], &node.shape)),
            (_, Op::Broadcast) if self.stretched_scalar(first).is_some() => {
                let scalar = self.reshape(x.operands[0], ());
                Some(self.broadcast(scalar, &node.shape))
            }
            (Op::Transpose(outer), Op::Transpose(inner)) => {
                let (axes, from): (Vec<usize>, Id) = (outer.iter().map(|&i| inner[i]).collect(), x.operands[0]);
                match axes.iter().enumerate().all(|(i, &a)| i == a) {
                    true => Some(from),
                    false => Some(self.add(Op::Transpose(axes), vec![from], node.shape.clone(), node.dtype)),
                }
            }
            // Only axes of length 1 change places, so the elements stay where they are.
            (Op::Transpose(axes), _) => {
                let long = axes.iter().filter(|&&a| x.shape[a] != 1);
                long.is_sorted().then(|| self.reshape(first, &node.shape))
            }
            _ => None,
        }
    }

    /// `x + 0`, `x * 1` and their like.
    fn identity(&mut self, op: Binary, node: &Node) -> Option<Id> {
        let (a, b) = (node.operands[0], node.operands[1]);
        let (na, nb) = (self.number(a), self.number(b));
        match (op, na, nb) {
            (Binary::Add, Some(0.0), _) | (Binary::Mul, Some(1.0), _) => Some(b),
            (Binary::Add | Binary::Sub, _, Some(0.0)) | (Binary::Mul | Binary::Div, _, Some(1.0)) => Some(a),
            (Binary::Sub, Some(0.0), _) => {
                Some(self.add(Op::Unary(Unary::Neg), vec![b], node.shape.clone(), node.dtype))
            }
            // (x * c) * d as x * (c * d), the numbers folded.
            (Binary::Mul, _, Some(_)) => {
                let inner = &self.nodes[a];
                let Op::Binary(Binary::Mul) = inner.op else { return None };
                let (x, c) = (inner.operands[0], inner.operands[1]);
                self.number(c)?;
                let factor = self.binary(Binary::Mul, c, b);
                Some(self.binary(Binary::Mul, x, factor))
            }
            // Numbers second, where the rule above and the kernels look for them.
            (Binary::Mul | Binary::Add, Some(_), None) => Some(self.binary(op, b, a)),
            _ => None,
        }
    }

    /// An elementwise operation on stretched operands, computed before they are stretched.
    fn below_stretch(&mut self, node: &Node) -> Option<Id> {
        let sources: Vec<Id> = node
            .operands
            .iter()
            .map(|&id| matches!(self.nodes[id].op, Op::Broadcast).then(|| self.nodes[id].operands[0]))
            .collect::<Option<_>>()?;
        let widest = *sources.iter().max_by_key(|&&id| self.nodes[id].shape.size())?;
        let shape = self.nodes[widest].shape.clone();
        let fits = |id: &Id| self.nodes[*id].shape == shape || self.nodes[*id].shape.size() == 1;
        if !sources.iter().all(fits) || shape.size() == node.shape.size() {
            return None;
        }
        let mut operands = Vec::new();
        for id in sources {
            operands.push(if self.nodes[id].shape == shape {
                id
            } else {
                let scalar = self.reshape(id, ());
                self.broadcast(scalar, &shape)
            });
        }
        let below = self.add(node.op.clone(), operands, shape, node.dtype);
        Some(self.broadcast(below, &node.shape))
    }

    /// A product of transposed operands as a product that reads them so.
    fn untransposed(&mut self, node: &Node, transpose_a: bool, transpose_b: bool) -> Option<Id> {
        let rank = node.shape.rank();
        let swaps = |id: Id| match &self.nodes[id].op {
            Op::Transpose(axes) => {
                let batch = axes[..rank - 2].iter().enumerate().all(|(i, &a)| i == a);
                (batch && axes[rank - 2..] == [rank - 1, rank - 2]).then(|| self.nodes[id].operands[0])
            }
            _ => None,
        };
        let (a, b) = (swaps(node.operands[0]), swaps(node.operands[1]));
        if a.is_none() && b.is_none() {
            return None;
        }
        let op = Op::MatMul { transpose_a: transpose_a ^ a.is_some(), transpose_b: transpose_b ^ b.is_some() };
        let operands = vec![a.unwrap_or(node.operands[0]), b.unwrap_or(node.operands[1])];
        Some(self.add(op, operands, node.shape.clone(), node.dtype))
    }

    /// Which nodes `roots` need.
    pub(super) fn needed(&self, roots: &[Id]) -> Vec<bool> {
        let mut needed = vec![false; self.nodes.len()];
        roots.iter().for_each(|&id| needed[id] = true);
        for id in (0..self.nodes.len()).rev() {
            if needed[id] {
                self.nodes[id].operands.iter().for_each(|&o| needed[o] = true);
            }
        }
        needed
    }
}
