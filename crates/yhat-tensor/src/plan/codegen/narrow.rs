//! Loops whose values have few columns: one block, rows in lanes.

use super::{
    Generator, LONGEST, REGISTERS,
    assembler::*,
    block::{Building, How, Two, of_slot},
    emit::{Accumulator, LIVE, Surroundings},
    hoist, only_sums,
    scene::{Lanes, Scene},
};
use crate::{
    kernels::Slot,
    plan::{fuse::LoopWork, graph::Id, small::Product, view::Kept},
};

impl Generator<'_, '_> {
    pub(super) fn narrow(&mut self, work: &LoopWork) -> Option<Assembled> {
        let mut accumulated: Vec<(usize, usize)> = Vec::new();
        for &id in &work.nodes {
            match self.layout.kept(id) {
                Some(Kept::Columns) => {
                    let columns = self.layout.extent(id);
                    let total = self.total(id, columns);
                    accumulated.extend((0..columns).map(|c| (total, c)));
                }
                Some(Kept::Pairs) => {
                    let pairs = self.layout.elements(id);
                    let total = self.total(id, pairs);
                    accumulated.extend((0..pairs).map(|c| (total, c)));
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
        for &id in work.nodes.iter().filter(|&&id| !layout.is_truth(id)) {
            let operand = layout.graph.nodes[id].operands[0];
            match layout.kept(id) {
                Some(Kept::Columns) => {
                    only_sums(layout, id)?;
                    for c in 0..layout.extent(id) {
                        let x = scene.operand(operand, layout.extent(id), c)?;
                        building.accumulate(accumulator, Two::Add, x);
                        accumulator += 1;
                    }
                }
                Some(Kept::Pairs) => {
                    let Some(Product::Pairs { k, m }) = layout.graph.product(id) else { return None };
                    let other = layout.graph.nodes[id].operands[1];
                    for (i, j) in (0..k).flat_map(|i| (0..m).map(move |j| (i, j))) {
                        let x = scene.operand(operand, k, i)? * scene.operand(other, m, j)?;
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

    pub(super) fn store_narrow(&self, scene: &mut Scene<'_, '_, '_>, id: Id, slot: Slot) -> Option<()> {
        let layout = &self.layout;
        let columns = layout.columns(id);
        if layout.graph.nodes[id].dtype != layout.dtype {
            return None;
        }
        for c in 0..columns {
            let value = scene.value(id, c)?;
            if let Some(column) = layout.column(id, c) {
                scene.building.store(column, How::Vector, value);
                continue;
            }
            match columns {
                1 => {
                    let to = of_slot(RDI, slot).indexed(RSI, layout.size);
                    scene.building.store(to, How::Vector, value);
                }
                _ => {
                    let to = of_slot(layout.pointer(columns)?, slot).plus(c * layout.size);
                    scene.building.store(to, How::Strided(columns), value);
                }
            }
        }
        Some(())
    }
}
