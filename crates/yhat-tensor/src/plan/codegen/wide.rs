//! Loops with wide values: phases of blocks, rows in lanes for what has one column, columns in lanes for the rest.

use std::collections::BTreeSet;

use super::{
    FREE, Generator, LONGEST, REGISTERS,
    assembler::*,
    block::{Block, Building, How, Two},
    emit::{Accumulator, LIVE, Surroundings},
    hoist, only_sums,
    scene::{Lanes, Scene},
};
use crate::plan::{graph::Id, view::Kept};

/// Rows of wide values that a block computes at once, so that what it reads for each column serves all of them.
const ROWS: usize = 4;

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

impl Generator<'_, '_> {
    pub(super) fn wide(&mut self) -> Option<Assembled> {
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
        let is = |id: &Id| match layout.kept(*id) {
            Some(Kept::Nothing) => true,
            Some(Kept::Columns) => !layout.is_computed_wide(*id),
            _ => false,
        };
        layout.nodes.iter().copied().filter(is).collect()
    }

    /// The reductions to a number for each column, with their totals.
    fn column_totals(&mut self) -> Option<Vec<(Id, usize)>> {
        let layout = &self.layout;
        let is = |id: &Id| layout.kept(*id) == Some(Kept::Columns) && layout.is_computed_wide(*id);
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
        let here = |id: &&Id| layout.phase(**id) == phase && !layout.is_wide(**id) && !layout.is_truth(**id);
        for &id in layout.nodes.iter().filter(here) {
            let operand = layout.graph.nodes[id].operands[0];
            let from_wide = layout.is_computed_wide(id);
            match layout.kept(id) {
                Some(Kept::Columns) if from_wide => {}
                Some(Kept::Columns | Kept::Nothing) => {
                    only_sums(layout, id)?;
                    let value = match from_wide {
                        true => building.load(layout.kept_narrow(id, RCX)?, How::Vector),
                        false => scene.operand(operand, 1, 0)?,
                    };
                    let accumulator = totals.iter().position(|&t| t == id)?;
                    building.accumulate(accumulator, Two::Add, value);
                }
                Some(Kept::Rows) if from_wide => {
                    only_sums(layout, id)?;
                    let value = building.load(layout.kept_narrow(id, RCX)?, How::Vector);
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
                        building.store(to, How::Vector, value);
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
        let is_sum = |id: &Id| matches!(layout.kept(*id), Some(Kept::Rows | Kept::Nothing));
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
        for &id in pass.nodes.iter().filter(|&&id| !layout.is_truth(id)) {
            let operand = layout.graph.nodes[id].operands[0];
            match layout.kept(id) {
                Some(Kept::Columns) => {
                    let of_total = pass.totals.iter().position(|t| t.0 == id)?;
                    if pass.sums.is_empty() {
                        for k in 0..rows {
                            let x = scene.operand(operand, pass.width, k)?;
                            building.accumulate(of_total, Two::Add, x);
                        }
                    } else {
                        let at = self.total_address(&self.totals[pass.totals[of_total].1]).indexed(RAX, 1);
                        let mut total = building.load(at, How::Vector);
                        for k in 0..rows {
                            total = total.plus(scene.operand(operand, pass.width, k)?);
                        }
                        building.store(at, How::Vector, total);
                    }
                }
                Some(Kept::Rows | Kept::Nothing) => {
                    let of_sum = pass.sums.iter().position(|&s| s == id)?;
                    for k in 0..rows {
                        let x = scene.operand(operand, pass.width, k)?;
                        building.accumulate(of_sum * rows + k, Two::Add, x);
                    }
                }
                Some(Kept::Pairs) => return None,
                None => {
                    for k in 0..rows {
                        let value = scene.value(id, k)?;
                        let kept = layout.to_keep(id, pass.width, k);
                        let stored = layout.is_stored(id).then(|| layout.wide_row(layout.slot(id), pass.width, k));
                        if stored.is_some() && layout.graph.nodes[id].dtype != layout.dtype {
                            return None;
                        }
                        for to in kept.into_iter().chain(stored) {
                            building.store(to, How::Vector, value);
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
