//! Loops as machine code, generated when a plan is made, where the machine has AVX-512.
//!
//! A list of precompiled kernels ([`super::loops`]) writes every value to memory and reads it again. Here a whole pass is
//! one function whose values stay in registers: the 1-2-1 network's epoch, forward and backward, is some thirty instructions
//! for every 16 points.
//!
//! The way there, one file each: `layout` says which block of straight-line code computes which node, `scene` turns nodes
//! into a block's values (`block`), `emit` gives them registers, `assembler` knows the bytes. This file puts loops
//! around blocks. What it cannot do (a function that is a call, a mask in memory) is left to the lists of kernels.

mod assembler;
mod block;
mod emit;
mod layout;
mod scene;

use std::collections::BTreeSet;

use assembler::*;
use block::{Block, Building, Two, of_slot};
use emit::{Accumulator, LIVE, Surroundings, emit};
use layout::Layout;
use scene::{Lanes, Scene, is_truth, kept};

use super::{fuse::LoopWork, graph::Id, lower::Lowering, view::Kept};
use crate::{
    DType,
    kernels::{self, CodeStep, Count, Fold, Instruction, Operand as MemoryOperand, Slot},
    tensor::{Op, Reduction},
};

/// Rows of a call, at most: what is summed over more rows is summed in parts, and the parts are added up.
const TILE: usize = 2048;
/// Elements that a chunk works on, at least: some ten microseconds.
const CHUNK: usize = 1 << 20;
const MOST_CHUNKS: usize = 16;
/// Values of a block, at most: beyond, the code would not fit the instruction cache.
const LONGEST: usize = 6000;
/// Accumulators that have registers.
const MOST_IN_REGISTERS: usize = 16;
/// Registers that a block has for itself at least.
const FREE: usize = 14;
const REGISTERS: usize = 32;
/// Rows of wide values that a block computes at once, so that what it reads for each column serves all of them.
const ROWS: usize = 4;

/// The loop that computes `work`; `None` if it has to be a list of kernels.
pub(super) fn lower(l: &mut Lowering<'_>, work: &LoopWork) -> Option<CodeStep> {
    let isa = l.isa;
    let layout = Layout::new(l, work);
    let rows = layout.rows();
    let elements: usize = work.nodes.iter().map(|&id| layout.extent(id)).sum::<usize>() * rows;
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
        let stored_elsewhere = |id: &Id| self.layout.is_stored(*id) && is_truth(&self.layout, *id);
        let empty = |id: &Id| self.layout.extent(*id) == 0;
        if work.nodes.iter().any(stored_elsewhere)
            || work.nodes.iter().any(empty)
            || (self.layout.wide && !work.assigns.is_empty())
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

    // Rows in lanes.

    fn narrow(&mut self, work: &LoopWork) -> Option<Assembled> {
        let mut accumulated: Vec<(usize, usize)> = Vec::new();
        for &id in &work.nodes {
            match kept(&self.layout, id) {
                Some(Kept::Columns) => {
                    let columns = self.layout.extent(id);
                    let total = self.total(id, columns);
                    accumulated.extend((0..columns).map(|c| (total, c)));
                }
                Some(Kept::Nothing) => {
                    let total = self.total(id, 1);
                    accumulated.push((total, 0));
                }
                _ => {}
            }
        }
        let building = Building::new(self.layout.dtype);
        self.narrow_block(&building, work)?;
        let block = building.finish();
        let accumulators = self.accumulators(accumulated.len());
        let registers = accumulators.iter().filter(|a| matches!(a, Accumulator::Register(_))).count();
        let pointers: Vec<Gpr> = self.layout.pointers().map(|p| p.0).chain([RSI]).collect();
        let mut asm = Assembler::new(self.layout.dtype);
        let hoisted = hoist(&mut asm, &block, &pointers, registers);
        self.clear(&mut asm, &accumulators);
        let first_free = (registers + hoisted.len()) as Zmm;
        let (lanes, spill) = (self.layout.lanes, self.spill());
        let around = |masked| Surroundings {
            accumulators: &accumulators,
            hoisted: &hoisted,
            free: first_free..REGISTERS as Zmm,
            masked,
            padded: true,
            spill,
        };
        let done = asm.label();
        if self.rows >= lanes {
            let (start, rest) = (asm.here(), asm.label());
            asm.lea(RAX, Address::new(RSI).plus(lanes));
            asm.compare_registers(RAX, RDX);
            asm.jump_if(Condition::Above, rest);
            self.set_pointers(&mut asm);
            self.emit(&mut asm, &block, &around(false))?;
            asm.add_number(RSI, lanes);
            asm.jump(start);
            asm.bind(rest);
        }
        if !self.rows.is_multiple_of(lanes) {
            asm.compare_registers(RSI, RDX);
            asm.jump_if(Condition::NotBelow, done);
            asm.mask_first(LIVE, self.rows % lanes);
            self.set_pointers(&mut asm);
            self.emit(&mut asm, &block, &around(true))?;
        }
        asm.bind(done);
        self.add_up(&mut asm, &accumulators, &accumulated);
        asm.ret();
        Some(asm.finish())
    }

    fn set_pointers(&self, asm: &mut Assembler) {
        for (pointer, columns) in self.layout.pointers() {
            asm.multiply(pointer, RSI, columns * self.layout.size);
            asm.add(pointer, RDI);
        }
    }

    /// All of the loop's work on as many rows as there are lanes.
    fn narrow_block(&self, building: &Building, work: &LoopWork) -> Option<()> {
        let layout = &self.layout;
        let mut scene = Scene::new(layout, building, Lanes::Rows);
        let mut accumulator = 0;
        for &id in work.nodes.iter().filter(|&&id| !is_truth(layout, id)) {
            let operand = layout.graph.nodes[id].operands[0];
            match kept(layout, id) {
                Some(Kept::Columns) => {
                    only_sums(layout, id)?;
                    for c in 0..layout.extent(id) {
                        let x = scene.operand(operand, layout.extent(id), c)?;
                        building.accumulate(accumulator, Two::Add, x);
                        accumulator += 1;
                    }
                }
                Some(Kept::Nothing) => {
                    only_sums(layout, id)?;
                    for c in 0..layout.extent(id) {
                        let x = scene.operand(operand, layout.extent(id), c)?;
                        building.accumulate(accumulator, Two::Add, x);
                    }
                    accumulator += 1;
                }
                _ => {
                    for c in 0..layout.columns(id) {
                        scene.value(id, c)?;
                    }
                    if layout.is_stored(id) {
                        self.store_narrow(&mut scene, id, layout.slot(id))?;
                    }
                }
            }
            if building.len() > LONGEST {
                return None;
            }
        }
        // Last, since what they overwrite is read before.
        for &(variable, value) in &work.assigns {
            let root = layout.graph.root(value);
            if !layout.is_inside(root) || layout.columns(root) > 1 {
                return None;
            }
            self.store_narrow(&mut scene, root, layout.variable(variable))?;
        }
        Some(())
    }

    fn store_narrow(&self, scene: &mut Scene<'_, '_, '_>, id: Id, slot: Slot) -> Option<()> {
        let layout = &self.layout;
        let columns = layout.columns(id);
        if layout.graph.nodes[id].dtype != layout.dtype {
            return None;
        }
        for c in 0..columns {
            let value = scene.value(id, c)?;
            match columns {
                1 => {
                    let to = of_slot(RDI, slot).indexed(RSI, layout.size);
                    scene.building.store(to, block::How::Vector, value);
                }
                _ => {
                    let to = of_slot(layout.pointer(columns)?, slot).plus(c * layout.size);
                    scene.building.store(to, block::How::Strided(columns), value);
                }
            }
        }
        Some(())
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

    // Columns in lanes.

    fn wide(&mut self) -> Option<Assembled> {
        let narrow: Vec<Id> = self.narrow_totals();
        let accumulated: Vec<(usize, usize)> = narrow.iter().map(|&id| (self.total(id, 1), 0)).collect();
        let columns: Vec<(Id, usize)> = self.column_totals()?;
        let accumulators: Vec<Accumulator> =
            narrow.iter().map(|_| Accumulator::Memory(Address::new(RCX).plus(self.layout.reserve(REGISTER)))).collect();
        let mut asm = Assembler::new(self.layout.dtype);
        [RBX, RBP, R12].into_iter().for_each(|r| asm.push(r));
        self.clear(&mut asm, &accumulators);
        self.clear_totals(&mut asm, &columns);
        let (lanes, done, start) = (self.layout.lanes, asm.label(), asm.here());
        asm.compare_registers(RSI, RDX);
        asm.jump_if(Condition::NotBelow, done);
        // The block ends lanes further on, or where the rows do.
        asm.lea(R11, Address::new(RSI).plus(lanes));
        asm.compare_registers(RDX, R11);
        asm.copy_if_below(R11, RDX);
        for phase in 0..self.layout.phases() {
            self.narrow_phase(&mut asm, phase, &narrow, &accumulators)?;
            for width in self.widths(phase) {
                self.wide_phase(&mut asm, phase, width, &columns)?;
            }
        }
        asm.add_number(RSI, lanes);
        asm.jump(start);
        asm.bind(done);
        self.add_up(&mut asm, &accumulators, &accumulated);
        [R12, RBP, RBX].into_iter().for_each(|r| asm.pop(r));
        asm.ret();
        Some(asm.finish())
    }

    /// The reductions to a single number: their last step is over rows.
    fn narrow_totals(&self) -> Vec<Id> {
        let layout = &self.layout;
        let is = |id: &Id| match kept(layout, *id) {
            Some(Kept::Nothing) => true,
            Some(Kept::Columns) => !layout.is_computed_wide(*id),
            _ => false,
        };
        layout.nodes.iter().copied().filter(is).collect()
    }

    /// The reductions to a number for each column, with their totals.
    fn column_totals(&mut self) -> Option<Vec<(Id, usize)>> {
        let layout = &self.layout;
        let is = |id: &Id| kept(layout, *id) == Some(Kept::Columns) && layout.is_computed_wide(*id);
        let ids: Vec<Id> = layout.nodes.iter().copied().filter(is).collect();
        ids.iter().try_for_each(|&id| only_sums(layout, id))?;
        Some(ids.into_iter().map(|id| (id, self.total(id, self.layout.extent(id)))).collect())
    }

    /// Zeros where columns are added up, unless an earlier call did.
    fn clear_totals(&self, asm: &mut Assembler, columns: &[(Id, usize)]) {
        if columns.is_empty() {
            return;
        }
        let skip = asm.label();
        if self.later {
            asm.compare_number(R8, 0);
            asm.jump_if(Condition::NotEqual, skip);
        }
        asm.load(0, Operand::Constant(0));
        for &(_, total) in columns {
            let total = &self.totals[total];
            asm.zero(RAX);
            let start = asm.here();
            asm.store(self.total_address(total).indexed(RAX, 1), 0, 0);
            asm.add_number(RAX, REGISTER);
            asm.compare_number(RAX, total.columns * self.layout.size);
            asm.jump_if(Condition::Below, start);
        }
        asm.bind(skip);
    }

    /// Widths of what is passed over in a phase.
    fn widths(&self, phase: usize) -> Vec<usize> {
        let layout = &self.layout;
        let here = layout.nodes.iter().filter(|&&id| layout.is_computed_wide(id) && layout.work_phase(id) == phase);
        here.map(|&id| layout.extent(id)).collect::<BTreeSet<usize>>().into_iter().collect()
    }

    /// The values of one column in a phase, for as many rows as there are lanes.
    fn narrow_phase(
        &mut self,
        asm: &mut Assembler,
        phase: usize,
        totals: &[Id],
        accumulators: &[Accumulator],
    ) -> Option<()> {
        let building = Building::new(self.layout.dtype);
        let layout = &self.layout;
        let mut scene = Scene::new(layout, &building, Lanes::Rows);
        let here = |id: &&Id| layout.phase(**id) == phase && !layout.is_wide(**id) && !is_truth(layout, **id);
        for &id in layout.nodes.iter().filter(here) {
            let operand = layout.graph.nodes[id].operands[0];
            let from_wide = layout.is_computed_wide(id);
            match kept(layout, id) {
                Some(Kept::Columns) if from_wide => {}
                Some(Kept::Columns | Kept::Nothing) => {
                    only_sums(layout, id)?;
                    let value = match from_wide {
                        true => building.load(layout.kept_narrow(id, RCX)?, block::How::Vector),
                        false => scene.operand(operand, 1, 0)?,
                    };
                    let accumulator = totals.iter().position(|&t| t == id)?;
                    building.accumulate(accumulator, Two::Add, value);
                }
                Some(Kept::Rows) if from_wide => {
                    only_sums(layout, id)?;
                    let value = building.load(layout.kept_narrow(id, RCX)?, block::How::Vector);
                    scene.set(id, 0, value);
                    if layout.is_stored(id) {
                        self.store_narrow(&mut scene, id, layout.slot(id))?;
                    }
                }
                _ => {
                    let value = scene.value(id, 0)?;
                    if layout.is_stored(id) {
                        self.store_narrow(&mut scene, id, layout.slot(id))?;
                    }
                    if let Some(to) = layout.kept_narrow(id, RCX) {
                        building.store(to, block::How::Vector, value);
                    }
                }
            }
        }
        if building.len() > LONGEST {
            return None;
        }
        drop(scene);
        let block = building.finish();
        if block.instructions.is_empty() {
            return Some(());
        }
        asm.copy(RAX, R11);
        asm.sub(RAX, RSI);
        asm.mask_first_rax(LIVE);
        let around = Surroundings {
            accumulators,
            hoisted: &[],
            free: 0..REGISTERS as Zmm,
            masked: true,
            padded: true,
            spill: self.spill(),
        };
        self.emit(asm, &block, &around)
    }

    /// The values of one width in a phase, for the block's rows.
    fn wide_phase(&mut self, asm: &mut Assembler, phase: usize, width: usize, columns: &[(Id, usize)]) -> Option<()> {
        let layout = &self.layout;
        let here =
            |id: &Id| layout.is_computed_wide(*id) && layout.work_phase(*id) == phase && layout.extent(*id) == width;
        let nodes: Vec<Id> = layout.nodes.iter().copied().filter(here).collect();
        let totals: Vec<(Id, usize)> = columns.iter().copied().filter(|(id, _)| nodes.contains(id)).collect();
        let is_sum = |id: &Id| matches!(kept(layout, *id), Some(Kept::Rows | Kept::Nothing));
        let sums: Vec<Id> = nodes.iter().copied().filter(is_sum).collect();
        sums.iter().try_for_each(|&id| only_sums(layout, id))?;
        let pass = Pass { phase, width, nodes, totals, sums };
        match pass.sums.is_empty() {
            true => self.by_columns(asm, &pass),
            false => self.by_rows(asm, &pass),
        }
    }

    /// What a phase does with some rows at one vector of columns.
    fn wide_block(&self, pass: &Pass, rows: usize) -> Option<Block> {
        let layout = &self.layout;
        let building = Building::new(layout.dtype);
        let mut scene = Scene::new(layout, &building, Lanes::Columns { width: pass.width, phase: pass.phase });
        for &id in pass.nodes.iter().filter(|&&id| !is_truth(layout, id)) {
            let operand = layout.graph.nodes[id].operands[0];
            match kept(layout, id) {
                Some(Kept::Columns) => {
                    let of_total = pass.totals.iter().position(|t| t.0 == id)?;
                    if pass.sums.is_empty() {
                        for k in 0..rows {
                            let x = scene.operand(operand, pass.width, k)?;
                            building.accumulate(of_total, Two::Add, x);
                        }
                    } else {
                        let at = self.total_address(&self.totals[pass.totals[of_total].1]).indexed(RAX, 1);
                        let mut total = building.load(at, block::How::Vector);
                        for k in 0..rows {
                            total = total.plus(scene.operand(operand, pass.width, k)?);
                        }
                        building.store(at, block::How::Vector, total);
                    }
                }
                Some(Kept::Rows | Kept::Nothing) => {
                    let of_sum = pass.sums.iter().position(|&s| s == id)?;
                    for k in 0..rows {
                        let x = scene.operand(operand, pass.width, k)?;
                        building.accumulate(of_sum * rows + k, Two::Add, x);
                    }
                }
                None => {
                    for k in 0..rows {
                        let value = scene.value(id, k)?;
                        let kept = layout.to_keep(id, pass.width, k);
                        let stored = layout.is_stored(id).then(|| layout.wide_row(layout.slot(id), pass.width, k));
                        if stored.is_some() && layout.graph.nodes[id].dtype != layout.dtype {
                            return None;
                        }
                        for to in kept.into_iter().chain(stored) {
                            building.store(to, block::How::Vector, value);
                        }
                    }
                }
            }
        }
        if building.len() > LONGEST {
            return None;
        }
        drop(scene);
        Some(building.finish())
    }

    /// Rows outside, columns inside: what is summed over columns stays in registers.
    fn by_rows(&mut self, asm: &mut Assembler, pass: &Pass) -> Option<()> {
        asm.copy(R10, RSI);
        for rows in self.row_steps() {
            let accumulators: Vec<Accumulator> =
                (0..pass.sums.len() * rows).map(|i| Accumulator::Register(i as Zmm)).collect();
            if accumulators.len() + FREE > REGISTERS {
                return None;
            }
            let block = self.wide_block(pass, rows)?;
            let (start, end) = (asm.here(), asm.label());
            self.jump_unless_rows(asm, rows, end);
            self.set_row_pointers(asm, pass.width);
            self.clear(asm, &accumulators);
            let hoisted = hoist(asm, &block, &[RAX], accumulators.len());
            let first_free = (accumulators.len() + hoisted.len()) as Zmm;
            self.over_columns(asm, pass.width, |this, asm, masked| {
                let around = Surroundings {
                    accumulators: &accumulators,
                    hoisted: &hoisted,
                    free: first_free..REGISTERS as Zmm,
                    masked,
                    padded: false,
                    spill: this.spill(),
                };
                this.emit(asm, &block, &around)
            })?;
            for (i, &id) in pass.sums.iter().enumerate() {
                for k in 0..rows {
                    let register = (i * rows + k) as Zmm;
                    asm.join_lanes(ADD, register, 31);
                    let to = self.layout.kept_narrow(id, RBP)?.plus(k * self.layout.size);
                    asm.store_one(to, register);
                }
            }
            asm.add_number(R10, rows);
            asm.jump(start);
            asm.bind(end);
        }
        Some(())
    }

    /// Columns outside, rows inside: what is summed over rows, and what is read for columns, stays in registers.
    fn by_columns(&mut self, asm: &mut Assembler, pass: &Pass) -> Option<()> {
        let accumulators: Vec<Accumulator> = (0..pass.totals.len()).map(|i| Accumulator::Register(i as Zmm)).collect();
        if accumulators.len() + FREE > REGISTERS {
            return None;
        }
        let blocks: Vec<(usize, Block)> =
            self.row_steps().map(|rows| Some((rows, self.wide_block(pass, rows)?))).collect::<Option<_>>()?;
        let moving = [R10, RBX, RBP, R12];
        self.over_columns(asm, pass.width, |this, asm, masked| {
            this.clear(asm, &accumulators);
            asm.copy(R10, RSI);
            this.set_row_pointers(asm, pass.width);
            for (rows, block) in &blocks {
                let hoisted = hoist(asm, block, &moving, accumulators.len());
                let around = Surroundings {
                    accumulators: &accumulators,
                    hoisted: &hoisted,
                    free: (accumulators.len() + hoisted.len()) as Zmm..REGISTERS as Zmm,
                    masked,
                    padded: false,
                    spill: this.spill(),
                };
                let (start, end) = (asm.here(), asm.label());
                this.jump_unless_rows(asm, *rows, end);
                this.emit(asm, block, &around)?;
                asm.add_number(R10, *rows);
                asm.add_number(RBP, rows * this.layout.size);
                asm.add_number(RBX, rows * pass.width * this.layout.size);
                asm.add_number(R12, rows * pass.width * this.layout.size);
                asm.jump(start);
                asm.bind(end);
            }
            for (i, &(_, total)) in pass.totals.iter().enumerate() {
                let to = this.total_address(&this.totals[total]).indexed(RAX, 1);
                asm.op(ADD, i as Zmm, i as Zmm, Operand::Memory(to), None);
                asm.store(to, i as Zmm, 0);
            }
            Some(())
        })
    }

    /// How many rows a block does at once: some, and where their number is not a multiple of that, one.
    fn row_steps(&self) -> impl Iterator<Item = usize> + use<> {
        let several = (self.rows >= ROWS).then_some(ROWS);
        several.into_iter().chain((!self.rows.is_multiple_of(ROWS)).then_some(1))
    }

    fn jump_unless_rows(&self, asm: &mut Assembler, rows: usize, end: Label) {
        asm.lea(R9, Address::new(R10).plus(rows));
        asm.compare_registers(R9, R11);
        asm.jump_if(Condition::Above, end);
    }

    /// Pointers to row `r10`: of values in buffers, of narrow and of wide values in scratch memory.
    fn set_row_pointers(&self, asm: &mut Assembler, width: usize) {
        let size = self.layout.size;
        asm.multiply(RBX, R10, width * size);
        asm.add(RBX, RDI);
        asm.copy(R9, R10);
        asm.sub(R9, RSI);
        asm.multiply(RBP, R9, size);
        asm.add(RBP, RCX);
        asm.multiply(R12, R9, width * size);
        asm.add(R12, RCX);
    }

    /// `body` for every vector of columns, the last of which may be cut.
    fn over_columns(
        &mut self,
        asm: &mut Assembler,
        width: usize,
        mut body: impl FnMut(&mut Self, &mut Assembler, bool) -> Option<()>,
    ) -> Option<()> {
        let (lanes, size) = (self.layout.lanes, self.layout.size);
        let whole = width / lanes * lanes;
        asm.zero(RAX);
        if whole > 0 {
            let start = asm.here();
            body(self, asm, false)?;
            asm.add_number(RAX, REGISTER);
            asm.compare_number(RAX, whole * size);
            asm.jump_if(Condition::Below, start);
        }
        if whole < width {
            asm.mask_first(LIVE, width - whole);
            body(self, asm, true)?;
        }
        Some(())
    }
}

/// What one pass over values of a width does.
struct Pass {
    phase: usize,
    width: usize,
    nodes: Vec<Id>,
    /// Sums over rows, with their totals.
    totals: Vec<(Id, usize)>,
    /// Sums over columns.
    sums: Vec<Id>,
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
