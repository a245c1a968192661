//! Which block computes which node of a loop, and what passes between blocks through scratch memory.
//!
//! Where all values have few columns, one block computes everything, rows in lanes. Else a loop goes through its rows by
//! as many as a vector has lanes, in phases: the narrow values (one column) that need nothing wide, the wide ones that
//! these lead to, the narrow ones that come from sums over those, and so on. What a later phase needs and what is
//! cheap is computed again there, for that is faster than memory.

use std::{cell::RefCell, collections::BTreeSet};

use rustc_hash::{FxHashMap as HashMap, FxHashSet as HashSet};

use super::{
    assembler::*,
    block::of_slot,
    scene::{Lanes, is_costly},
};
use crate::{
    DType,
    kernels::Slot,
    plan::{
        fuse::LoopWork,
        graph::{Graph, Id},
        lower::Lowering,
        small::{FEW_COLUMNS, Product},
        view::{Kept, Reading, domain},
    },
};

/// A wide value that takes fewer instructions than this is computed again in a later phase.
const CHEAP: usize = 6;
/// Bytes that an address may lie from its pointer, a quarter of what can be encoded.
const FARTHEST: usize = 1 << 29;
/// Registers for pointers to rows of narrow values of several columns.
const POINTERS: [Gpr; 4] = [R9, R10, R11, RAX];

pub(super) struct Layout<'l, 'a> {
    lowering: RefCell<&'l mut Lowering<'a>>,
    pub(super) graph: &'a Graph,
    pub(super) dtype: DType,
    pub(super) size: usize,
    pub(super) lanes: usize,
    pub(super) nodes: Vec<Id>,
    inside: HashSet<Id>,
    flat: bool,
    /// Whether any value has its columns in lanes.
    pub(super) wide: bool,
    phase: HashMap<Id, usize>,
    /// Vectors of narrow values that other blocks read, by their place in scratch memory.
    narrow_kept: HashMap<Id, usize>,
    /// The same for wide ones: as many rows as there are lanes.
    wide_kept: HashMap<Id, usize>,
    widths: Vec<usize>,
    pub(super) scratch: usize,
}

impl<'l, 'a> Layout<'l, 'a> {
    pub(super) fn new(l: &'l mut Lowering<'a>, work: &LoopWork) -> Layout<'l, 'a> {
        let graph = l.graph;
        let elements = graph.loop_elements(work.nodes[0]);
        let flat = work.nodes.iter().all(|&id| {
            let elementwise = graph.kept(id).is_none_or(|k| k == Kept::Nothing);
            let plain = |&o: &Id| matches!(graph.access(o).reading, Reading::Tile | Reading::Scalar);
            let by_rows = |id: Id| !l.fusion.by_columns.contains(&id);
            let plain = |o: &Id| plain(o) && by_rows(graph.access(*o).base);
            let alike = graph.loop_elements(id) == elements && graph.product(id).is_none() && by_rows(id);
            elementwise && graph.nodes[id].operands.iter().all(plain) && alike
        });
        let widest = work.nodes.iter().map(|&id| graph.loop_extent(id).1).max().unwrap_or(1);
        let mut layout = Layout {
            graph,
            lowering: RefCell::new(l),
            dtype: work.dtype,
            size: work.dtype.size(),
            lanes: REGISTER / work.dtype.size(),
            nodes: work.nodes.clone(),
            inside: work.nodes.iter().copied().collect(),
            flat,
            wide: !flat && widest > FEW_COLUMNS,
            phase: HashMap::default(),
            narrow_kept: HashMap::default(),
            wide_kept: HashMap::default(),
            widths: Vec::new(),
            scratch: 0,
        };
        layout.widths = layout.strided_widths();
        layout.find_phases();
        if layout.wide {
            layout.find_kept();
        }
        layout
    }

    pub(super) fn rows(&self) -> usize {
        let first = self.nodes[0];
        if self.flat { self.graph.loop_elements(first) } else { self.graph.loop_extent(first).0 }
    }

    /// Columns of a node's value.
    pub(super) fn columns(&self, id: Id) -> usize {
        if self.flat { 1 } else { self.graph.loop_domain(id).1 }
    }

    /// Columns of what is passed over to compute a node.
    pub(super) fn extent(&self, id: Id) -> usize {
        if self.flat { 1 } else { self.graph.loop_extent(id).1 }
    }

    /// Elements for each row that are computed on the way to a node's value.
    pub(super) fn elements(&self, id: Id) -> usize {
        match self.graph.product(id) {
            Some(Product::Rows { k, .. }) => k * self.columns(id),
            Some(Product::Pairs { k, m }) => k * m,
            None => self.extent(id),
        }
    }

    /// Elements for each row that go to memory or come from there for a node.
    pub(super) fn moved(&self, id: Id) -> usize {
        let from = |&o: &Id| {
            let access = self.graph.access(o);
            let comes = access.reading == Reading::Tile && !self.is_inside(access.base);
            if comes { self.extent(id) } else { 0 }
        };
        let to = if self.is_stored(id) { self.columns(id) } else { 0 };
        to + self.graph.nodes[id].operands.iter().map(from).sum::<usize>()
    }

    pub(super) fn is_inside(&self, id: Id) -> bool {
        self.inside.contains(&id)
    }

    /// Whether a node's value has its columns in lanes.
    pub(super) fn is_wide(&self, id: Id) -> bool {
        self.wide && self.columns(id) > 1
    }

    /// Whether what a node is computed from has its columns in lanes.
    pub(super) fn is_computed_wide(&self, id: Id) -> bool {
        self.wide && self.extent(id) > 1
    }

    pub(super) fn phase(&self, id: Id) -> usize {
        self.phase[&id]
    }

    pub(super) fn phases(&self) -> usize {
        1 + self.phase.values().max().copied().unwrap_or(0)
    }

    pub(super) fn is_stored(&self, id: Id) -> bool {
        self.lowering.borrow().fusion.stored.contains(&id)
    }

    pub(super) fn slot(&self, id: Id) -> Slot {
        let mut l = self.lowering.borrow_mut();
        l.snapshots.get(&id).copied().unwrap_or_else(|| l.slot(id))
    }

    /// The buffer of a variable, for its next value.
    pub(super) fn variable(&self, id: Id) -> Slot {
        self.lowering.borrow_mut().slot(id)
    }

    /// More scratch memory; gives its place.
    pub(super) fn reserve(&mut self, bytes: usize) -> usize {
        let at = self.scratch;
        self.scratch += bytes.next_multiple_of(REGISTER);
        at
    }

    fn find_phases(&mut self) {
        for &id in &self.nodes {
            let of = |o: &Id| self.phase.get(&self.graph.access(*o).base).copied();
            let phase = self.graph.nodes[id].operands.iter().filter_map(of).max().unwrap_or(0);
            self.phase.insert(id, phase + usize::from(self.is_sum_over_columns(id)));
        }
    }

    /// The phase in which what a node is computed from is passed over.
    pub(super) fn work_phase(&self, id: Id) -> usize {
        self.phase[&id] - usize::from(self.is_sum_over_columns(id))
    }

    /// Whether columns in lanes are summed here: the result is narrow, in the phase after.
    fn is_sum_over_columns(&self, id: Id) -> bool {
        self.is_computed_wide(id) && matches!(self.kept(id), Some(Kept::Rows | Kept::Nothing))
    }

    /// Whether all distances from a pointer fit into the 32 bits that an instruction has for them. (Buffers' places are
    /// checked when they are known.)
    pub(super) fn is_in_reach(&self) -> bool {
        let widest = self.nodes.iter().map(|&id| self.extent(id)).max().unwrap_or(1);
        let rows = widest.saturating_mul(self.size * self.lanes);
        rows < FARTHEST && self.scratch < FARTHEST
    }

    /// What a reduction keeps, if the node is one.
    pub(super) fn kept(&self, id: Id) -> Option<Kept> {
        self.graph.kept(id)
    }

    /// Whether the node is a condition.
    pub(super) fn is_truth(&self, id: Id) -> bool {
        self.graph.nodes[id].dtype == DType::Bool
    }

    fn find_kept(&mut self) {
        let (mut narrow, mut wide) = (BTreeSet::new(), BTreeSet::new());
        for &id in &self.nodes {
            if self.is_sum_over_columns(id) {
                narrow.insert(id);
            }
            for &o in &self.graph.nodes[id].operands {
                let base = self.graph.access(o).base;
                if !self.inside.contains(&base) {
                    continue;
                }
                let later = self.work_phase(id) > self.phase[&base];
                if self.is_wide(base) {
                    if later && !self.is_truth(base) && self.cost(base) > CHEAP && !self.is_stored(base) {
                        wide.insert(base);
                    }
                } else if later || self.is_computed_wide(id) {
                    narrow.insert(base);
                }
            }
        }
        for id in narrow {
            let at = self.reserve(REGISTER);
            self.narrow_kept.insert(id, at);
        }
        for id in wide {
            let at = self.reserve(self.lanes * self.columns(id) * self.size + REGISTER);
            self.wide_kept.insert(id, at);
        }
    }

    /// Instructions that a wide value takes, if what it is made of is made again too.
    fn cost(&self, id: Id) -> usize {
        let node = &self.graph.nodes[id];
        if is_costly(&node.op) {
            return CHEAP + 1;
        }
        let inside = node.operands.iter().map(|&o| self.graph.access(o).base).filter(|b| self.inside.contains(b));
        inside.fold(1, |cost, base| match self.is_wide(base) && cost <= CHEAP {
            true => cost + self.cost(base),
            false => cost,
        })
    }

    /// Where a narrow value of another block is: `base` points to this block's first row of scratch memory.
    pub(super) fn kept_narrow(&self, id: Id, base: Gpr) -> Option<Address> {
        self.narrow_kept.get(&id).map(|&at| Address::new(base).plus(at))
    }

    /// Where row `k` of a wide value is that an earlier phase has computed and kept.
    pub(super) fn kept_wide(&self, id: Id, lanes: Lanes, k: usize) -> Option<Address> {
        let Lanes::Columns { width, phase } = lanes else { return None };
        if self.phase[&id] >= phase || !self.is_wide(id) {
            return None;
        }
        if self.is_stored(id) && !self.is_truth(id) {
            return Some(self.wide_row(self.slot(id), width, k));
        }
        self.wide_kept.get(&id).map(|&at| self.scratch_row(at, width, k))
    }

    /// Where a wide value of this phase is kept for later ones.
    pub(super) fn to_keep(&self, id: Id, width: usize, k: usize) -> Option<Address> {
        self.wide_kept.get(&id).map(|&at| self.scratch_row(at, width, k))
    }

    fn scratch_row(&self, at: usize, width: usize, k: usize) -> Address {
        Address::new(R12).indexed(RAX, 1).plus(at + k * width * self.size)
    }

    /// Row `k` of a wide value in a buffer.
    pub(super) fn wide_row(&self, slot: Slot, width: usize, k: usize) -> Address {
        of_slot(RBX, slot).indexed(RAX, 1).plus(k * width * self.size)
    }

    /// How many columns the narrow values have that lie in memory row by row.
    fn strided_widths(&self) -> Vec<usize> {
        let mut widths = BTreeSet::new();
        for &id in self.nodes.iter().filter(|_| !self.wide && !self.flat) {
            let stored = self.is_stored(id) && !self.graph.is_total(id);
            widths.extend((stored && self.by_columns(id).is_none()).then(|| self.columns(id)));
            for &o in &self.graph.nodes[id].operands {
                let access = self.graph.access(o);
                let strided = access.reading == Reading::Tile && !self.is_inside(access.base);
                widths.extend(
                    (strided && self.by_columns(access.base).is_none()).then(|| domain(&self.graph.nodes[o].shape).1),
                );
            }
        }
        widths.into_iter().filter(|&c| c > 1).collect()
    }

    /// Where column `k` is of a value that lies in memory column by column.
    pub(super) fn column(&self, id: Id, k: usize) -> Option<Address> {
        let stride = self.by_columns(id)?;
        Some(of_slot(RDI, self.slot(id)).plus(k * stride).indexed(RSI, self.size))
    }

    fn by_columns(&self, id: Id) -> Option<usize> {
        self.lowering.borrow().by_columns(id)
    }

    /// The register that points to the first of the block's rows in values of so many columns.
    pub(super) fn pointer(&self, columns: usize) -> Option<Gpr> {
        let i = self.widths.iter().position(|&w| w == columns)?;
        POINTERS.get(i).copied()
    }

    /// All such registers with their columns.
    pub(super) fn pointers(&self) -> impl Iterator<Item = (Gpr, usize)> + '_ {
        POINTERS.into_iter().zip(self.widths.iter().copied())
    }
}
