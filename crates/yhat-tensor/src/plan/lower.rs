//! From work to steps.

use rustc_hash::FxHashMap as HashMap;

use super::{
    buffers::Buffers,
    codegen,
    fuse::{Fusion, LoopWork, Work},
    graph::{Graph, Id, Node},
    loops,
};
use crate::{
    DType, Shape,
    kernels::{self, ALIGN, Isa, MatMul, MatMulStep, Method, Selection, Slot, Step, Strided},
    tensor::{Op, Unary},
};

/// The steps, and where the values are that outlive a run.
#[derive(Debug)]
pub(super) struct Lowered {
    pub(super) steps: Vec<Step>,
    pub(super) buffers: Buffers,
    /// The buffer of each node that is in memory.
    pub(super) slots: HashMap<Id, Slot>,
    pub(super) outputs: Vec<Slot>,
}

pub(super) struct Lowering<'a> {
    pub(super) graph: &'a Graph,
    pub(super) fusion: &'a Fusion,
    pub(super) buffers: Buffers,
    pub(super) slots: HashMap<Id, Slot>,
    pub(super) snapshots: HashMap<Id, Slot>,
    pub(super) steps: Vec<Step>,
    pub(super) isa: Isa,
    codegen: bool,
    failed: Vec<Id>,
}

/// Makes the steps of `fusion`'s work. `given` are the nodes that are in memory from the start.
///
/// # Errors
/// The nodes of loops that only machine code could compute as planned, and for which there is none.
pub(super) fn lower(
    graph: &Graph,
    fusion: &Fusion,
    given: &[Id],
    outputs: &[Id],
    isa: Isa,
) -> Result<Lowered, Vec<Id>> {
    let mut l = Lowering {
        graph,
        fusion,
        buffers: Buffers::default(),
        slots: HashMap::default(),
        snapshots: HashMap::default(),
        steps: Vec::new(),
        isa,
        codegen: graph.passes().codegen && isa.has_codegen(),
        failed: Vec::new(),
    };
    for &id in given {
        let slot = l.buffers.permanent(bytes(&graph.nodes[id]));
        l.slots.insert(id, slot);
    }
    let outputs = outputs.iter().map(|&id| l.output(graph.root(id))).collect();
    for work in &fusion.work {
        match work {
            Work::Loop(work) => l.loop_step(work),
            Work::Single(id) => l.single(*id),
            Work::Snapshot(id) => {
                let to = l.buffers.temporary(bytes(&graph.nodes[*id]));
                l.copy_whole(&graph.nodes[*id], l.slots[id], to);
                l.snapshots.insert(*id, to);
            }
        }
    }
    match l.failed.is_empty() {
        true => Ok(Lowered { steps: l.steps, buffers: l.buffers, slots: l.slots, outputs }),
        false => Err(l.failed),
    }
}

fn bytes(node: &Node) -> usize {
    node.shape.size() * node.dtype.size()
}

impl Lowering<'_> {
    /// The buffer of an output: the node's own, which is not reused, or a copy of what is there from the start.
    fn output(&mut self, id: Id) -> Slot {
        let node = &self.graph.nodes[id];
        let given = matches!(node.op, Op::Constant(_) | Op::Input(_) | Op::Variable(_));
        match self.slots.get(&id) {
            Some(&slot) if !given => slot,
            Some(&slot) => {
                let to = self.buffers.permanent(bytes(node));
                self.copy_whole(node, slot, to);
                to
            }
            None => {
                let slot = self.buffers.permanent(bytes(node));
                self.slots.insert(id, slot);
                slot
            }
        }
    }

    /// The buffer of a node that is in memory, made when it is first asked for.
    pub(super) fn slot(&mut self, id: Id) -> Slot {
        let bytes = match self.by_columns(id) {
            Some(stride) => stride * self.graph.loop_domain(id).1,
            None => bytes(&self.graph.nodes[id]),
        };
        *self.slots.entry(id).or_insert_with(|| self.buffers.temporary(bytes))
    }

    /// Bytes from one column to the next of a value that lies in memory column by column, each padded to whole vectors.
    pub(super) fn by_columns(&self, id: Id) -> Option<usize> {
        let rows_bytes = self.graph.loop_domain(id).0 * self.graph.nodes[id].dtype.size();
        self.fusion.by_columns.contains(&id).then(|| rows_bytes.next_multiple_of(ALIGN))
    }

    /// Whether only machine code can compute a loop.
    fn needs_code(&self, work: &LoopWork) -> bool {
        work.nodes.iter().any(|&id| {
            let operands = &self.graph.nodes[id].operands;
            let by_columns = |id: Id| self.fusion.by_columns.contains(&id);
            self.graph.product(id).is_some()
                || by_columns(id)
                || operands.iter().any(|&o| by_columns(self.graph.access(o).base))
        })
    }

    fn copy_whole(&mut self, node: &Node, src: Slot, dst: Slot) {
        let walk = Strided { shape: vec![node.shape.size()], src: vec![1], dst: vec![1] };
        self.steps.push(Step::Copy { walk, size: node.dtype.size(), src, src_start: 0, dst, dst_start: 0 });
    }

    fn loop_step(&mut self, work: &LoopWork) {
        if work.nodes.is_empty() {
            for &(variable, value) in &work.assigns {
                let root = self.graph.root(value);
                let from = match self.snapshots.get(&root) {
                    Some(&slot) => slot,
                    None => self.slot(root),
                };
                let to = self.slot(variable);
                if from != to {
                    self.copy_whole(&self.graph.nodes[variable], from, to);
                }
            }
            return;
        }
        let code = self.codegen.then(|| codegen::lower(self, work)).flatten();
        match code {
            Some(code) => self.steps.push(Step::Code(code)),
            None if self.needs_code(work) => self.failed.extend(&work.nodes),
            None => {
                let step = loops::lower(self, work);
                self.steps.push(Step::Loop(step));
            }
        }
    }

    /// A step of its own for one node.
    fn single(&mut self, id: Id) {
        if self.fusion.epilogues.contains_key(&id) {
            return self.matmul(id);
        }
        let graph = self.graph;
        let node = &graph.nodes[id];
        let operands: Vec<Id> = node.operands.iter().map(|&o| graph.root(o)).collect();
        let src: Vec<Slot> = operands.iter().map(|&o| self.slot(o)).collect();
        let shapes: Vec<&Shape> = node.operands.iter().map(|&o| &graph.nodes[o].shape).collect();
        let (dst, dtype, size) = (self.slot(id), node.dtype, node.dtype.size());
        let from = node.operands.first().map_or(dtype, |&o| graph.nodes[o].dtype);
        let contiguous = node.shape.strides();
        let copy = |shape: &Shape, strides: (Vec<usize>, Vec<usize>), src: Slot, starts: (usize, usize)| Step::Copy {
            walk: joined(shape, strides.0, strides.1),
            size,
            src,
            src_start: starts.0,
            dst,
            dst_start: starts.1,
        };
        let dot = |a: &mut dyn Iterator<Item = usize>, b: &[usize]| a.zip(b).map(|(a, b)| a * b).sum::<usize>();
        let step = match &node.op {
            Op::Broadcast => copy(&node.shape, (shapes[0].broadcast_strides(&node.shape), contiguous), src[0], (0, 0)),
            Op::Transpose(axes) => {
                let strides = shapes[0].strides();
                copy(&node.shape, (axes.iter().map(|&a| strides[a]).collect(), contiguous), src[0], (0, 0))
            }
            Op::Slice(ranges) => {
                let strides = shapes[0].strides();
                let start = dot(&mut ranges.iter().map(|r| r.start), &strides);
                copy(&node.shape, (strides, contiguous), src[0], (start, 0))
            }
            Op::Pad(starts) => {
                self.steps.push(Step::Clear { bytes: bytes(node), dst });
                let start = dot(&mut starts.iter().copied(), &contiguous);
                copy(shapes[0], (shapes[0].strides(), contiguous), src[0], (0, start))
            }
            Op::Concat(axis) => {
                let mut start = 0;
                for (shape, src) in shapes.iter().zip(&src) {
                    let strides = (shape.strides(), contiguous.clone());
                    self.steps.push(copy(shape, strides, *src, (0, start)));
                    start += shape[*axis] * contiguous[*axis];
                }
                return;
            }
            Op::Cast => Step::Cast { from, to: dtype, n: node.shape.size(), src: src[0], dst },
            Op::Reduce(reduction, axes) => {
                let mut to = contiguous;
                axes.iter().for_each(|&axis| to.insert(axis, 0));
                let walk = joined(shapes[0], shapes[0].strides(), to);
                Step::Reduce { walk, reduction: *reduction, dtype, n: node.shape.size(), src: src[0], dst }
            }
            Op::ArgMax(axis) => {
                let (outer, length, inner) = around(shapes[0], *axis);
                Step::ArgMax { dtype: from, outer, length, inner, src: src[0], dst }
            }
            Op::Gather(axis) => {
                let (outer, length, inner) = around(shapes[0], *axis);
                let selection = Selection { outer, length, inner, count: shapes[1].size() };
                Step::Gather { selection, size, src: src[0], indices: src[1], dst }
            }
            Op::ScatterAdd(axis) => {
                let (outer, length, inner) = around(&node.shape, *axis);
                let selection = Selection { outer, length, inner, count: shapes[1].size() };
                Step::ScatterAdd { selection, dtype, updates: src[0], indices: src[1], dst }
            }
            op => {
                let at = |k: usize| src.get(k).copied().unwrap_or(src[0]);
                let of = if matches!(op, Op::Select) { dtype } else { from };
                let src = [at(0), at(1), at(2)];
                Step::Integers { op: op.clone(), dtype: of, n: node.shape.size(), src, dst }
            }
        };
        self.steps.push(step);
    }

    fn matmul(&mut self, id: Id) {
        let (graph, e) = (self.graph, &self.fusion.epilogues[&id]);
        let node = &graph.nodes[e.product];
        let Op::MatMul { transpose_a, transpose_b } = node.op else { unreachable!("an epilogue's product") };
        let [a, b] = node.operands[..] else { unreachable!("a product has two operands") };
        let rank = node.shape.rank();
        let (m, n) = (node.shape[rank - 2], node.shape[rank - 1]);
        let k = graph.nodes[a].shape[if transpose_a { rank - 2 } else { rank - 1 }];
        let b_strides = if transpose_b { (1, k) } else { (n, 1) };
        let product = MatMul {
            dtype: node.dtype,
            m,
            n,
            k,
            a_strides: if transpose_a { (1, m) } else { (k, 1) },
            b_strides,
            c_stride: n,
            method: Method::of(m, b_strides),
            isa: self.isa,
        };
        let function = e.activation.map(|f| match graph.nodes[f].op {
            Op::Unary(op) => op,
            _ => unreachable!("an activation is unary"),
        });
        let relu = function == Some(Unary::Relu);
        let activation =
            function.filter(|_| !relu).map(|f| kernels::map(kernels::Map::Unary(f), node.dtype, &[true], self.isa));
        let batch = node.shape[..rank - 2].iter().product();
        let parts = product.parts();
        let part_scratch = kernels::scratch(&product.part(0, parts).2);
        let step = MatMulStep {
            product,
            batch,
            a: self.slot(graph.root(a)),
            b: self.slot(graph.root(b)),
            bias: e.bias.map(|b| self.slot(b)),
            relu,
            activation,
            dst: self.slot(id),
            parts,
            scratch: self.buffers.temporary(parts * part_scratch),
            part_scratch,
        };
        self.steps.push(Step::MatMul(step));
    }

    /// Which type a value has in memory.
    pub(super) fn memory_type(&self, id: Id) -> DType {
        self.graph.nodes[id].dtype
    }
}

/// Elements before, along and after an axis.
fn around(shape: &Shape, axis: usize) -> (usize, usize, usize) {
    (shape[..axis].iter().product(), shape[axis], shape[axis + 1..].iter().product())
}

/// A walk with neighbouring axes joined where both sides step through them as through one.
fn joined(shape: &Shape, src: Vec<usize>, dst: Vec<usize>) -> Strided {
    let mut walk = Strided { shape: Vec::new(), src: Vec::new(), dst: Vec::new() };
    for i in (0..shape.rank()).filter(|&i| shape[i] != 1) {
        let last = walk.shape.len().wrapping_sub(1);
        if last != usize::MAX && walk.src[last] == shape[i] * src[i] && walk.dst[last] == shape[i] * dst[i] {
            walk.shape[last] *= shape[i];
            (walk.src[last], walk.dst[last]) = (src[i], dst[i]);
        } else {
            walk.shape.push(shape[i]);
            walk.src.push(src[i]);
            walk.dst.push(dst[i]);
        }
    }
    walk
}
