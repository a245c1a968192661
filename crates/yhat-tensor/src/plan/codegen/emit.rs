//! From a block to machine code: registers by linear scan.
//!
//! Values are computed in the order in which they stand. What is read from memory or constant is no instruction of its own
//! where it can be the last operand of another. If registers run out, the value that is needed last goes to scratch
//! memory (Belady's rule).

mod memory;

use super::{
    assembler::*,
    block::{Block, How, Id, Ins, One, Two},
};

/// The mask of the lanes that exist, in the last vector of rows or columns.
pub(super) const LIVE: Mask = 7;
const FIRST_FREE_MASK: Mask = 1;

/// More than a kernel's registers can do.
#[derive(Debug)]
pub(super) struct TooComplex;

/// Where an accumulator is.
#[derive(Clone, Copy, Debug)]
pub(super) enum Accumulator {
    Register(Zmm),
    Memory(Address),
}

/// What surrounds a block.
pub(super) struct Surroundings<'a> {
    pub(super) accumulators: &'a [Accumulator],
    /// Values that are in registers before the block begins, and stay.
    pub(super) hoisted: &'a [(Id, Zmm)],
    /// Registers that the block may use.
    pub(super) free: std::ops::Range<Zmm>,
    /// Whether only the lanes of [`LIVE`] count.
    pub(super) masked: bool,
    /// Whether what is stored is padded to whole vectors.
    pub(super) padded: bool,
    /// Where spilled values go.
    pub(super) spill: Address,
}

#[derive(Clone, Copy, PartialEq)]
enum Place {
    Nowhere,
    Register(Zmm),
    Mask(Mask),
    Spilled(usize),
}

struct Emitter<'a, 'b> {
    asm: &'a mut Assembler,
    block: &'a Block,
    around: &'a Surroundings<'b>,
    place: Vec<Place>,
    /// Where in the block each value is still to be used, the next one last.
    users: Vec<Vec<usize>>,
    registers: [Option<Id>; 32],
    masks: [Option<Id>; 8],
    /// Registers that the current instruction needs.
    pinned: u32,
    /// Which places for spilled values are taken.
    spills: Vec<bool>,
    /// Where a value was once spilled to: it stays there, so that it need not be written again, until nothing needs it.
    spilled: Vec<Option<usize>>,
}

/// Emits `block`; gives the vectors of scratch memory that it spills to.
pub(super) fn emit(asm: &mut Assembler, block: &Block, around: &Surroundings<'_>) -> Result<usize, TooComplex> {
    let uses = block.uses();
    let mut users = vec![Vec::new(); uses.len()];
    for (at, ins) in block.instructions.iter().enumerate().rev() {
        if ins.acts() || uses[at] > 0 {
            ins.operands().into_iter().for_each(|o| users[o].push(at));
        }
    }
    let mut emitter = Emitter {
        asm,
        block,
        around,
        place: vec![Place::Nowhere; uses.len()],
        users,
        registers: [None; 32],
        masks: [None; 8],
        pinned: 0,
        spills: Vec::new(),
        spilled: vec![None; uses.len()],
    };
    for &(id, register) in around.hoisted {
        emitter.place[id] = Place::Register(register);
    }
    for (at, ins) in block.instructions.iter().enumerate() {
        if ins.acts() || uses[at] > 0 {
            emitter.pinned = 0;
            emitter.instruction(at, *ins)?;
        }
    }
    Ok(emitter.spills.len())
}

impl Emitter<'_, '_> {
    fn instruction(&mut self, at: Id, ins: Ins) -> Result<(), TooComplex> {
        match ins {
            // Where they are needed.
            Ins::Constant(_) | Ins::Load(_, How::Vector | How::Broadcast) => {}
            Ins::Load(from, How::Strided(stride)) => self.gather(at, from, stride)?,
            Ins::One(op, a) => {
                let a = self.operand(a)?;
                let dst = self.result(at)?;
                self.one(op, dst, a);
            }
            Ins::Two(op, a, b) => self.two(at, op, a, b, None)?,
            Ins::Masked(m, op, a, b) => {
                let mask = self.mask(m)?;
                self.two(at, op, a, b, Some((mask, true)))?;
            }
            Ins::Fma { negated, less, factors, sum } => self.fma(at, negated, less, factors, sum)?,
            Ins::Compare(predicate, a, b) => {
                let a = self.register(a)?;
                let b = self.operand(b)?;
                let dst = self.free_mask(at)?;
                self.asm.compare(predicate as u8, dst, a, b);
                self.release(at);
            }
            Ins::BothTrue(a, b) | Ins::EitherTrue(a, b) => {
                let (a, b) = (self.mask(a)?, self.mask(b)?);
                let dst = self.free_mask(at)?;
                match ins {
                    Ins::BothTrue(..) => self.asm.mask_and(dst, a, b),
                    _ => self.asm.mask_or(dst, a, b),
                }
                self.release(at);
            }
            Ins::Select(m, yes, no) => {
                let mask = self.mask(m)?;
                if self.block.instructions[no] == Ins::Constant(0) {
                    let yes = self.register(yes)?;
                    let dst = self.result(at)?;
                    self.asm.masked_move(dst, mask, true, yes);
                } else {
                    let no = self.register(no)?;
                    let yes = self.operand(yes)?;
                    let dst = self.result(at)?;
                    self.asm.blend(dst, mask, yes, no);
                }
            }
            Ins::Store(to, how, x) => self.store(to, how, x)?,
            Ins::Accumulate(to, op, x, mask) => self.accumulate(to, op, x, mask)?,
            Ins::AccumulateProduct(to, [a, b]) => {
                let (a, b) = self.swapped(a, b);
                let a = self.register(a)?;
                let b = self.operand(b)?;
                self.accumulated(to, |asm, register, mask| asm.fma(Form::Sum231, false, false, register, a, b, mask))?;
            }
        }
        self.release(at);
        Ok(())
    }

    fn one(&mut self, op: One, dst: Zmm, a: Operand) {
        let (code, immediate) = match op {
            One::Sqrt => return self.asm.op(SQRT, dst, 0, a, None),
            One::Exponent => return self.asm.op(EXPONENT, dst, 0, a, None),
            // Between 3/4 and 3/2 (3), NaN where the sign is set (2 << 2).
            One::Mantissa => (MANTISSA, 0b1011),
            One::Floor => (ROUND, 9),
            One::Ceil => (ROUND, 10),
            One::RoundEven => (ROUND, 8),
        };
        self.asm.op_immediate(code, dst, a, immediate);
    }

    fn two(&mut self, at: Id, op: Two, a: Id, b: Id, mask: Option<(Mask, bool)>) -> Result<(), TooComplex> {
        let commutes = matches!(op, Two::Add | Two::Mul | Two::And | Two::Or | Two::Xor);
        let (a, b) = if commutes { self.swapped(a, b) } else { (a, b) };
        let a = self.register(a)?;
        let b = self.operand(b)?;
        let dst = self.result(at)?;
        self.asm.op(code(op), dst, a, b, mask);
        Ok(())
    }

    /// `±(a b) ± c`, over whichever operand is needed no more.
    fn fma(&mut self, at: Id, negated: bool, less: bool, [a, b]: [Id; 2], c: Id) -> Result<(), TooComplex> {
        let (a, b) = self.swapped(a, b);
        // Two operands are registers; the last may be memory.
        if self.is_memory(c) && !self.is_memory(b) {
            let (first, second) = if self.dies(a, at) { (a, b) } else { (b, a) };
            let other = self.register(second)?;
            let c = self.operand(c)?;
            let dst = self.overwritten(at, first)?;
            self.combined(Form::Product213, negated, less, dst, other, c);
        } else if self.dies(c, at) || self.is_memory(c) || !(self.dies(a, at) || self.dies(b, at)) {
            let a = self.register(a)?;
            let b = self.operand(b)?;
            let dst = self.overwritten(at, c)?;
            self.combined(Form::Sum231, negated, less, dst, a, b);
        } else if self.dies(a, at) {
            let c = self.register(c)?;
            let b = self.operand(b)?;
            let dst = self.overwritten(at, a)?;
            self.combined(Form::Product132, negated, less, dst, c, b);
        } else {
            let c = self.register(c)?;
            let a = self.operand(a)?;
            let dst = self.overwritten(at, b)?;
            self.combined(Form::Product132, negated, less, dst, c, a);
        }
        Ok(())
    }

    fn combined(&mut self, form: Form, negated: bool, less: bool, dst: Zmm, a: Zmm, b: Operand) {
        self.asm.fma(form, negated, less, dst, a, b, None);
    }

    /// What can be memory second.
    fn swapped(&self, a: Id, b: Id) -> (Id, Id) {
        if self.is_memory(a) && !self.is_memory(b) { (b, a) } else { (a, b) }
    }

    /// Whether a value is best read where it is used.
    fn is_memory(&self, id: Id) -> bool {
        match (self.place[id], &self.block.instructions[id]) {
            (Place::Register(_), _) => false,
            (_, Ins::Constant(0)) => false,
            (_, Ins::Constant(_) | Ins::Load(_, How::Broadcast)) => true,
            (_, Ins::Load(_, How::Vector)) => self.users[id].len() == 1,
            _ => false,
        }
    }

    /// Whether nothing after `at` needs the value, whose register is this block's own.
    fn dies(&self, id: Id, at: usize) -> bool {
        let own = match self.place[id] {
            Place::Register(r) => self.registers[r as usize] == Some(id),
            _ => !self.is_memory(id),
        };
        own && self.users[id].iter().all(|&user| user <= at)
    }

    /// The value as a last operand.
    fn operand(&mut self, id: Id) -> Result<Operand, TooComplex> {
        if self.is_memory(id) {
            return Ok(self.source(id));
        }
        self.register(id).map(Operand::Register)
    }

    fn source(&self, id: Id) -> Operand {
        self.block.source(id)
    }

    /// The value in a register, which keeps it until the instruction is done.
    fn register(&mut self, id: Id) -> Result<Zmm, TooComplex> {
        let register = match self.place[id] {
            Place::Register(r) => r,
            Place::Spilled(slot) => {
                let r = self.free(id)?;
                self.asm.load(r, Operand::Memory(self.spill_address(slot)));
                r
            }
            Place::Nowhere => {
                let r = self.free(id)?;
                self.asm.load(r, self.source(id));
                r
            }
            Place::Mask(_) => unreachable!("a mask is no number"),
        };
        self.pinned |= 1 << register;
        Ok(register)
    }

    /// A register for the result, which may be that of an operand that dies here.
    fn result(&mut self, at: Id) -> Result<Zmm, TooComplex> {
        self.release(at);
        self.free(at)
    }

    /// A register for the result that has the value of `from`.
    fn overwritten(&mut self, at: Id, from: Id) -> Result<Zmm, TooComplex> {
        if self.dies(from, at) {
            let r = self.register(from)?;
            self.registers[r as usize] = Some(at);
            self.place[from] = Place::Nowhere;
            self.place[at] = Place::Register(r);
            return Ok(r);
        }
        let source = match self.place[from] {
            Place::Register(r) => {
                self.pinned |= 1 << r;
                Operand::Register(r)
            }
            Place::Spilled(slot) => Operand::Memory(self.spill_address(slot)),
            _ => self.source(from),
        };
        let r = self.free(at)?;
        self.asm.load(r, source);
        Ok(r)
    }

    /// An empty register for `id`, emptied if need be.
    fn free(&mut self, id: Id) -> Result<Zmm, TooComplex> {
        let range = self.around.free.clone();
        let found = range.clone().find(|&r| self.registers[r as usize].is_none());
        let register = match found {
            Some(r) => r,
            None => {
                let next_use = |r: &Zmm| {
                    let held = self.registers[*r as usize].expect("none is free");
                    self.users[held].last().copied().unwrap_or(usize::MAX)
                };
                let furthest = range.filter(|&r| self.pinned >> r & 1 == 0).max_by_key(next_use).ok_or(TooComplex)?;
                self.evict(furthest);
                furthest
            }
        };
        self.registers[register as usize] = Some(id);
        self.place[id] = Place::Register(register);
        self.pinned |= 1 << register;
        Ok(register)
    }

    fn evict(&mut self, register: Zmm) {
        let id = self.registers[register as usize].take().expect("a value to evict");
        if matches!(self.block.instructions[id], Ins::Constant(_) | Ins::Load(_, How::Vector | How::Broadcast)) {
            self.place[id] = Place::Nowhere;
            return;
        }
        let slot = self.spilled[id].unwrap_or_else(|| {
            let slot = self.free_spill();
            self.asm.store(self.spill_address(slot), register, 0);
            slot
        });
        self.spilled[id] = Some(slot);
        self.place[id] = Place::Spilled(slot);
    }

    fn free_spill(&mut self) -> usize {
        let slot = self.spills.iter().position(|taken| !taken).unwrap_or(self.spills.len());
        self.spills.resize(self.spills.len().max(slot + 1), false);
        self.spills[slot] = true;
        slot
    }

    fn spill_address(&self, slot: usize) -> Address {
        self.around.spill.plus(slot * REGISTER)
    }

    /// Frees what nothing after `at` needs.
    fn release(&mut self, at: usize) {
        for o in self.block.instructions[at].operands() {
            while self.users[o].last().is_some_and(|&user| user <= at) {
                self.users[o].pop();
            }
            if !self.users[o].is_empty() {
                continue;
            }
            match self.place[o] {
                Place::Register(r) if self.registers[r as usize] == Some(o) => {
                    self.registers[r as usize] = None;
                    self.place[o] = Place::Nowhere;
                }
                Place::Mask(m) if self.masks[m as usize] == Some(o) => {
                    self.masks[m as usize] = None;
                }
                _ => {}
            }
            if let Some(slot) = self.spilled[o].take() {
                self.spills[slot] = false;
            }
        }
    }

    fn mask(&mut self, id: Id) -> Result<Mask, TooComplex> {
        match self.place[id] {
            Place::Mask(m) => Ok(m),
            _ => Err(TooComplex),
        }
    }

    fn free_mask(&mut self, id: Id) -> Result<Mask, TooComplex> {
        let m = (FIRST_FREE_MASK..LIVE).find(|&m| self.masks[m as usize].is_none()).ok_or(TooComplex)?;
        self.masks[m as usize] = Some(id);
        self.place[id] = Place::Mask(m);
        Ok(m)
    }

    /// A mask for the instruction's own use.
    fn scratch_mask(&mut self) -> Result<Mask, TooComplex> {
        (FIRST_FREE_MASK..LIVE).find(|&m| self.masks[m as usize].is_none()).ok_or(TooComplex)
    }

    fn live(&self) -> Mask {
        if self.around.masked { LIVE } else { 0 }
    }

    fn all_live(&mut self, mask: Mask) {
        match self.around.masked {
            true => self.asm.mask_copy(mask, LIVE),
            false => self.asm.mask_all(mask),
        }
    }
}

pub(super) fn code(op: Two) -> Opcode {
    match op {
        Two::Add => ADD,
        Two::Sub => SUB,
        Two::Mul => MUL,
        Two::Div => DIV,
        Two::Min => MIN,
        Two::Max => MAX,
        Two::Scale => SCALE,
        Two::And => AND,
        Two::Or => OR,
        Two::Xor => XOR,
    }
}
