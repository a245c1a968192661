//! What a block reads from and writes to memory otherwise than as a last operand: columns, stores, accumulators.

use super::{Accumulator, Emitter, LIVE, TooComplex, code};
use crate::plan::codegen::{
    assembler::*,
    block::{How, Id, Two},
};

/// Columns of values of up to this many are read as whole rows: for each row's vector a permutation, where a gather takes 20
/// cycles. (2-8-8-1 forward on 1,000 rows takes 0.95 us instead of 1.6 from two columns, 2.2 instead of 3.3 from eight;
/// 2026-11-27.)
const MOST_PERMUTED: usize = 8;

impl Emitter<'_, '_> {
    pub(super) fn gather(&mut self, at: Id, from: Address, stride: usize) -> Result<(), TooComplex> {
        if !self.around.masked && stride <= MOST_PERMUTED {
            return self.permuted(at, from, stride);
        }
        let mask = self.scratch_mask()?;
        let dst = self.free(at)?;
        let index = self.scratch_register()?;
        self.asm.distances(index, stride);
        // Lanes that are not read keep what was there: nothing that matters, but not what is slow.
        self.asm.load(dst, Operand::Constant(0));
        self.all_live(mask);
        let slot = from.slot.expect("what lies in strides is a buffer");
        self.asm.gather(dst, from.base, slot, from.disp, index, mask);
        Ok(())
    }

    /// One column of as many whole rows as there are lanes: vector by vector, each lane that one has is put in its place.
    fn permuted(&mut self, at: Id, from: Address, stride: usize) -> Result<(), TooComplex> {
        let size = self.asm.dtype.size();
        let (lanes, column) = (REGISTER / size, from.disp as usize / size);
        let vector = |v: usize| Operand::Memory(Address { disp: (v * REGISTER) as i32, ..from });
        let dst = self.free(at)?;
        self.asm.load(dst, vector(0));
        for v in 1..stride {
            let index = self.scratch_register()?;
            let from_table = |lane: usize| match column + lane * stride {
                element if v == 1 && element < lanes => element,
                element if element / lanes == v => lanes + element % lanes,
                _ => lane,
            };
            self.asm.indices(index, (0..lanes).map(from_table));
            self.asm.op(PERMUTE_TWO, dst, index, vector(v), None);
        }
        Ok(())
    }

    pub(super) fn store(&mut self, to: Address, how: How, x: Id) -> Result<(), TooComplex> {
        let from = self.register(x)?;
        match how {
            How::Strided(stride) => {
                let (mask, index) = (self.scratch_mask()?, self.scratch_register()?);
                self.asm.distances(index, stride);
                self.all_live(mask);
                let slot = to.slot.expect("what lies in strides is a buffer");
                self.asm.scatter(from, to.base, slot, to.disp, index, mask);
            }
            _ => self.asm.store(to, from, if self.around.padded { 0 } else { self.live() }),
        }
        Ok(())
    }

    /// A register for the instruction's own use.
    fn scratch_register(&mut self) -> Result<Zmm, TooComplex> {
        let mut range = self.around.free.clone();
        if let Some(r) = range.clone().find(|&r| self.registers[r as usize].is_none()) {
            return Ok(r);
        }
        let r = range.rfind(|&r| self.pinned >> r & 1 == 0).ok_or(TooComplex)?;
        self.evict(r);
        Ok(r)
    }

    pub(super) fn accumulate(&mut self, to: usize, op: Two, x: Id, mask: Option<Id>) -> Result<(), TooComplex> {
        let x = self.operand(x)?;
        let Some(mask) = mask else {
            return self.accumulated(to, |asm, register, live| {
                asm.op(code(op), register, register, x, live.map(|m| (m, false)));
            });
        };
        let mut mask = self.mask(mask)?;
        if self.around.masked {
            let both = self.scratch_mask()?;
            self.asm.mask_and(both, mask, LIVE);
            mask = both;
        }
        self.accumulated(to, |asm, register, _| asm.op(code(op), register, register, x, Some((mask, false))))
    }

    /// Applies `join` to an accumulator in the lanes that exist.
    pub(super) fn accumulated(
        &mut self,
        to: usize,
        join: impl FnOnce(&mut Assembler, Zmm, Option<Mask>),
    ) -> Result<(), TooComplex> {
        let live = self.around.masked.then_some(LIVE);
        match self.around.accumulators[to] {
            Accumulator::Register(r) => join(self.asm, r, live),
            Accumulator::Memory(address) => {
                let r = self.scratch_register()?;
                self.asm.load(r, Operand::Memory(address));
                join(self.asm, r, live);
                self.asm.store(address, r, 0);
            }
        }
        Ok(())
    }
}
