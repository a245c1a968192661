//! Loops as machine code, generated when a plan is made, where the machine has AVX-512.
//!
//! A list of precompiled kernels ([`super::loops`]) writes every value to memory and reads it again. Here a whole pass is
//! one function whose values stay in registers, products over few columns included: the 1-2-1 network's epoch, forward and
//! backward, is some thirty instructions for every 16 points.
//!
//! The way there, one file each: `layout` says which block of straight-line code computes which node, `scene` turns nodes
//! into a block's values (`block`), `emit` gives them registers, `assembler` knows the bytes. `narrow` and `wide` put loops
//! around blocks. What it cannot do (a function that is a call, a mask in memory) is left to the lists of kernels.

mod assembler;
mod block;
mod emit;
mod layout;
mod narrow;
mod scene;
mod wide;

use assembler::*;
use block::{Block, of_slot};
use emit::{Accumulator, Surroundings, emit};
use layout::Layout;

use super::{fuse::LoopWork, graph::Id, lower::Lowering};
use crate::{
    DType,
    kernels::{self, CodeStep, Count, Fold, Instruction, Operand as MemoryOperand, Slot},
    tensor::{Op, Reduction},
};

/// Rows of a call, at most: what is summed over more rows is summed in parts, and the parts are added up.
const TILE: usize = 2048;
/// Elements that a chunk works on, at least: some ten microseconds. (With a quarter, the 512-node net's epoch takes 5 microseconds
/// instead of 7 on a quiet machine, and 16 where another program has the second core; 2026-11-27.)
const CHUNK: usize = 1 << 20;
/// What an element costs that goes to memory or comes from there. (The gradients of 128 x 512 activations move 200,000 elements
/// in 12 microseconds, 35 if L3 is busy, and are two chunks; as one, with a cost of 4, an epoch of the large net takes 1.5 % longer;
/// 2026-11-27.)
const MOVED: usize = 12;
const MOST_CHUNKS: usize = 16;
/// Values of a block, at most: beyond, the code would not fit the instruction cache.
const LONGEST: usize = 6000;
/// Accumulators that have registers.
const MOST_IN_REGISTERS: usize = 16;
/// Registers that a block has for itself at least.
const FREE: usize = 14;
const REGISTERS: usize = 32;
/// The loop that computes `work`; `None` if it has to be a list of kernels.
pub(super) fn lower(l: &mut Lowering<'_>, work: &LoopWork) -> Option<CodeStep> {
    let isa = l.isa;
    let layout = Layout::new(l, work);
    if !layout.is_in_reach() {
        return None;
    }
    let rows = layout.rows();
    let cost = |&id: &Id| layout.elements(id) + MOVED * layout.moved(id);
    let elements = work.nodes.iter().map(cost).sum::<usize>() * rows;
    let chunks = (elements / CHUNK).clamp(1, MOST_CHUNKS).min(rows.div_ceil(layout.lanes).max(1));
    let tile = TILE.min(rows.div_ceil(chunks)).next_multiple_of(layout.lanes).max(layout.lanes);
    let chunks = chunks.min(rows.div_ceil(tile).max(1));
    let mut generator = Generator { rows, chunks, later: rows > tile, totals: Vec::new(), layout, spills: 0 };
    let assembled = generator.generate(work)?;
    let Generator { layout, totals, spills, .. } = generator;
    let scratch_bytes = layout.scratch + spills * REGISTER;
    let dtype = layout.dtype;
    let mut names: Vec<String> = work.nodes.iter().map(|&id| layout.graph.nodes[id].op.name().to_string()).collect();
    names.dedup();
    drop(layout);
    let scratch = l.buffers.temporary(chunks * scratch_bytes);
    let last =
        totals.iter().filter(|_| chunks > 1).map(|t| t.join(scratch, scratch_bytes, chunks, dtype, isa)).collect();
    let Assembled { code: bytes, slots } = assembled;
    Some(CodeStep { rows, tile, chunks, bytes, slots, scratch, scratch_bytes, last, code: None, names })
}

/// A sum over all rows, or one for each column.
struct Total {
    slot: Slot,
    columns: usize,
    /// Where a chunk has its own, if there are several.
    own: usize,
}

impl Total {
    /// What adds up the chunks' totals.
    fn join(&self, scratch: Slot, chunk_bytes: usize, chunks: usize, dtype: DType, isa: kernels::Isa) -> Instruction {
        let dst = MemoryOperand { slot: self.slot, ..MemoryOperand::default() };
        let stride = chunk_bytes / dtype.size();
        let own = MemoryOperand { slot: scratch, start: self.own, stride, ..MemoryOperand::default() };
        Instruction {
            name: "join",
            kernel: kernels::fold_outer(Fold::Reduction(Reduction::Sum), dtype, true, isa),
            dst,
            src: [own; 3],
            outer: Count::Fixed(chunks),
            inner: Count::Fixed(self.columns),
            accumulate: false,
        }
    }
}

struct Generator<'l, 'a> {
    layout: Layout<'l, 'a>,
    rows: usize,
    chunks: usize,
    /// Whether a chunk is more than one call, whose totals are added to what is there.
    later: bool,
    totals: Vec<Total>,
    spills: usize,
}

impl Generator<'_, '_> {
    fn generate(&mut self, work: &LoopWork) -> Option<Assembled> {
        let stored_elsewhere = |id: &Id| self.layout.is_stored(*id) && self.layout.is_truth(*id);
        let empty = |id: &Id| self.layout.extent(*id) == 0;
        if work.nodes.iter().any(stored_elsewhere)
            || work.nodes.iter().any(empty)
            || (self.layout.wide && !work.assigns.is_empty())
            || (self.layout.wide && work.nodes.iter().any(|&id| self.layout.graph.product(id).is_some()))
        {
            return None;
        }
        match self.layout.wide {
            true => self.wide(),
            false => self.narrow(work),
        }
    }

    /// A total for reduction `id`.
    fn total(&mut self, id: Id, columns: usize) -> usize {
        let slot = self.layout.variable(id);
        let own = if self.chunks > 1 { self.layout.reserve(columns * self.layout.size) } else { 0 };
        self.totals.push(Total { slot, columns, own });
        self.totals.len() - 1
    }

    /// Where a total is added up: its buffer, or the chunk's own.
    fn total_address(&self, total: &Total) -> Address {
        match self.chunks > 1 {
            true => Address::new(RCX).plus(total.own),
            false => of_slot(RDI, total.slot),
        }
    }

    fn emit(&mut self, asm: &mut Assembler, block: &Block, around: &Surroundings<'_>) -> Option<()> {
        self.spills = self.spills.max(emit(asm, block, around).ok()?);
        Some(())
    }

    fn spill(&self) -> Address {
        Address::new(RCX).plus(self.layout.scratch)
    }

    /// Places for accumulators: the first ones are registers.
    fn accumulators(&mut self, n: usize) -> Vec<Accumulator> {
        let mut place = |i: usize| match i < MOST_IN_REGISTERS {
            true => Accumulator::Register(i as Zmm),
            false => Accumulator::Memory(Address::new(RCX).plus(self.layout.reserve(REGISTER))),
        };
        (0..n).map(&mut place).collect()
    }

    fn clear(&self, asm: &mut Assembler, accumulators: &[Accumulator]) {
        const SPARE: Zmm = 31;
        if accumulators.iter().any(|a| matches!(a, Accumulator::Memory(_))) {
            asm.load(SPARE, Operand::Constant(0));
        }
        for accumulator in accumulators {
            match *accumulator {
                Accumulator::Register(r) => asm.load(r, Operand::Constant(0)),
                Accumulator::Memory(address) => asm.store(address, SPARE, 0),
            }
        }
    }

    /// Adds up the lanes of accumulators, and adds them to the totals of an earlier call.
    fn add_up(&self, asm: &mut Assembler, accumulators: &[Accumulator], of: &[(usize, usize)]) {
        const SPARE: [Zmm; 2] = [30, 31];
        for (accumulator, &(total, column)) in accumulators.iter().zip(of) {
            let register = match *accumulator {
                Accumulator::Register(r) => r,
                Accumulator::Memory(address) => {
                    asm.load(SPARE[1], Operand::Memory(address));
                    SPARE[1]
                }
            };
            asm.join_lanes(ADD, register, SPARE[0]);
            let to = self.total_address(&self.totals[total]).plus(column * self.layout.size);
            if self.later {
                let first = asm.label();
                asm.compare_number(R8, 0);
                asm.jump_if(Condition::Equal, first);
                asm.load_one(SPARE[0], to);
                asm.op_one(ADD, register, register, SPARE[0]);
                asm.bind(first);
            }
            asm.store_one(to, register);
        }
    }
}

/// Loads what does not change with `registers` before the loop, as much as there is room for.
fn hoist(asm: &mut Assembler, block: &Block, registers: &[Gpr], taken: usize) -> Vec<(block::Id, Zmm)> {
    let room = (REGISTERS - FREE).saturating_sub(taken);
    let invariants = block.invariants(registers);
    let hoisted: Vec<(block::Id, Zmm)> =
        invariants.into_iter().take(room).enumerate().map(|(i, id)| (id, (taken + i) as Zmm)).collect();
    for &(id, register) in &hoisted {
        asm.load(register, block.source(id));
    }
    hoisted
}

/// Sums of other kinds than sums over all rows are left to the lists of kernels.
fn only_sums(layout: &Layout<'_, '_>, id: Id) -> Option<()> {
    matches!(layout.graph.nodes[id].op, Op::Reduce(Reduction::Sum, _)).then_some(())
}
