//! Machine instructions of x86-64 with AVX-512, as bytes.
//!
//! Only the forms that [`super::emit`] asks for, after the encoding tables of Intel's manual (volume 2). Where an address
//! contains a buffer whose place is not known yet, its four bytes are noted and filled in when it is.

use rustc_hash::FxHashMap as HashMap;

use crate::{DType, kernels::Slot};

/// A general register, by its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Gpr(pub(super) u8);

pub(super) const RAX: Gpr = Gpr(0);
pub(super) const RCX: Gpr = Gpr(1);
pub(super) const RDX: Gpr = Gpr(2);
pub(super) const RBX: Gpr = Gpr(3);
pub(super) const RBP: Gpr = Gpr(5);
pub(super) const RSI: Gpr = Gpr(6);
pub(super) const RDI: Gpr = Gpr(7);
pub(super) const R8: Gpr = Gpr(8);
pub(super) const R9: Gpr = Gpr(9);
pub(super) const R10: Gpr = Gpr(10);
pub(super) const R11: Gpr = Gpr(11);
pub(super) const R12: Gpr = Gpr(12);

/// A vector register.
pub(super) type Zmm = u8;
/// A mask register, 1 to 7.
pub(super) type Mask = u8;

/// `[base + index * scale + slot + disp]`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Address {
    pub(super) base: Gpr,
    pub(super) index: Option<(Gpr, u8)>,
    pub(super) slot: Option<Slot>,
    pub(super) disp: i32,
}

impl Address {
    pub(super) fn new(base: Gpr) -> Address {
        Address { base, index: None, slot: None, disp: 0 }
    }
    pub(super) fn indexed(self, index: Gpr, scale: usize) -> Address {
        Address { index: Some((index, scale as u8)), ..self }
    }
    pub(super) fn slot(self, slot: Slot) -> Address {
        Address { slot: Some(slot), ..self }
    }
    pub(super) fn plus(self, bytes: usize) -> Address {
        Address { disp: self.disp + bytes as i32, ..self }
    }
    /// Whether the address changes when `register` does.
    pub(super) fn uses(&self, register: Gpr) -> bool {
        self.base == register || self.index.is_some_and(|(index, _)| index == register)
    }
}

/// The last operand of an instruction.
#[derive(Clone, Copy, Debug)]
pub(super) enum Operand {
    Register(u8),
    /// A whole vector.
    Memory(Address),
    /// One element, for all lanes.
    Broadcast(Address),
    /// A number, for all lanes.
    Constant(u64),
}

/// Which of the processor's maps of opcodes, with the mandatory prefix of its float32 and float64 forms.
#[derive(Clone, Copy, Debug)]
pub(super) struct Opcode {
    map: u8,
    prefix: [u8; 2],
    code: [u8; 2],
}

impl Opcode {
    /// An instruction of map 0F, whose float64 form has prefix 66.
    pub(super) const fn basic(code: u8) -> Opcode {
        Opcode { map: 1, prefix: [0, 1], code: [code; 2] }
    }
    /// An instruction of map 0F38 with prefix 66.
    pub(super) const fn second(code: u8) -> Opcode {
        Opcode { map: 2, prefix: [1; 2], code: [code; 2] }
    }
    /// An instruction of map 0F3A with prefix 66, by its codes for float32 and float64.
    pub(super) const fn third(single: u8, double: u8) -> Opcode {
        Opcode { map: 3, prefix: [1; 2], code: [single, double] }
    }
}

pub(super) const ADD: Opcode = Opcode::basic(0x58);
pub(super) const MUL: Opcode = Opcode::basic(0x59);
pub(super) const SUB: Opcode = Opcode::basic(0x5c);
pub(super) const MIN: Opcode = Opcode::basic(0x5d);
pub(super) const DIV: Opcode = Opcode::basic(0x5e);
pub(super) const MAX: Opcode = Opcode::basic(0x5f);
pub(super) const AND: Opcode = Opcode::basic(0x54);
pub(super) const OR: Opcode = Opcode::basic(0x56);
pub(super) const XOR: Opcode = Opcode::basic(0x57);
pub(super) const SQRT: Opcode = Opcode::basic(0x51);
pub(super) const COMPARE: Opcode = Opcode::basic(0xc2);
pub(super) const SCALE: Opcode = Opcode::second(0x2c);
pub(super) const EXPONENT: Opcode = Opcode::second(0x42);
pub(super) const MANTISSA: Opcode = Opcode::third(0x26, 0x26);
pub(super) const ROUND: Opcode = Opcode::third(0x08, 0x09);
/// `dst` and the last operand as one table, which the indices of the first operand choose from.
pub(super) const PERMUTE_TWO: Opcode = Opcode::second(0x7f);
pub(super) const BLEND: Opcode = Opcode::second(0x65);
const LOAD: Opcode = Opcode::basic(0x10);
const STORE: Opcode = Opcode::basic(0x11);
const MOVE: Opcode = Opcode::basic(0x28);
const BROADCAST: Opcode = Opcode { map: 2, prefix: [1; 2], code: [0x18, 0x19] };
const GATHER: Opcode = Opcode::second(0x92);
const SCATTER: Opcode = Opcode::second(0xa2);
const PERMUTE: Opcode = Opcode::third(0x04, 0x05);
const STORE_ONE: Opcode = Opcode { map: 1, prefix: [2, 3], code: [0x11; 2] };
const LOAD_ONE: Opcode = Opcode { map: 1, prefix: [2, 3], code: [0x10; 2] };

/// Bytes of a register.
pub(super) const REGISTER: usize = 64;

/// Bits of the vector length in a prefix.
#[derive(Clone, Copy)]
enum Length {
    Xmm = 0,
    Ymm = 1,
    Zmm = 2,
}

/// What else an instruction's prefix says.
#[derive(Clone, Copy)]
struct Mode {
    length: Length,
    mask: Mask,
    zeroing: bool,
}

const WHOLE: Mode = Mode { length: Length::Zmm, mask: 0, zeroing: false };

/// A place in the code that jumps go to.
#[derive(Clone, Copy)]
pub(super) struct Label(usize);

/// When a jump is taken, after a comparison of unsigned numbers.
#[derive(Clone, Copy)]
pub(super) enum Condition {
    Below = 0x2,
    NotBelow = 0x3,
    Equal = 0x4,
    NotEqual = 0x5,
    Above = 0x7,
}

/// Code in the making.
pub(super) struct Assembler {
    pub(super) dtype: DType,
    code: Vec<u8>,
    slots: Vec<(usize, Slot)>,
    /// Places that refer to data behind the code, by where in the data.
    data_uses: Vec<(usize, usize)>,
    data: Vec<u8>,
    numbers: HashMap<u64, usize>,
    labels: Vec<Option<usize>>,
    jumps: Vec<(usize, Label)>,
}

/// Code and where in it the places of buffers are to be filled in.
#[derive(Clone, Debug)]
pub(super) struct Assembled {
    pub(super) code: Vec<u8>,
    pub(super) slots: Vec<(usize, Slot)>,
}

impl Assembler {
    pub(super) fn new(dtype: DType) -> Assembler {
        Assembler {
            dtype,
            code: Vec::with_capacity(2048),
            slots: Vec::new(),
            data_uses: Vec::new(),
            data: Vec::new(),
            numbers: HashMap::default(),
            labels: Vec::new(),
            jumps: Vec::new(),
        }
    }

    /// The code, its data behind it.
    pub(super) fn finish(mut self) -> Assembled {
        for (at, label) in std::mem::take(&mut self.jumps) {
            let to = self.labels[label.0].expect("every label is bound");
            self.patch(at, to as i64 - (at as i64 + 4));
        }
        self.code.resize(self.code.len().next_multiple_of(REGISTER), 0xcc);
        let start = self.code.len();
        for (at, to) in std::mem::take(&mut self.data_uses) {
            // Relative to the end of the instruction, whose immediate operand the place itself accounts for.
            let already = i32::from_le_bytes(self.code[at..at + 4].try_into().expect("four bytes")) as i64;
            self.patch(at, (start + to) as i64 - (at as i64 + 4) + already);
        }
        self.code.extend(self.data);
        Assembled { code: self.code, slots: self.slots }
    }

    fn patch(&mut self, at: usize, value: i64) {
        self.code[at..at + 4].copy_from_slice(&(value as i32).to_le_bytes());
    }

    fn size(&self) -> usize {
        self.dtype.size()
    }

    fn double(&self) -> usize {
        usize::from(self.dtype == DType::F64)
    }

    // Prefix, opcode, operands.

    fn vector(&mut self, op: Opcode, mode: Mode, reg: u8, first: u8, last: Operand, immediate: Option<u8>) {
        let (w, broadcast) = (self.double() as u8, matches!(last, Operand::Broadcast(_) | Operand::Constant(_)));
        let (x, b) = match last {
            Operand::Register(r) => (r >> 4 & 1, r >> 3 & 1),
            Operand::Memory(a) | Operand::Broadcast(a) => (a.index.map_or(0, |(i, _)| i.0 >> 3), a.base.0 >> 3),
            Operand::Constant(_) => (0, 0),
        };
        self.prefix(op, w, mode, reg, (x, b), first, broadcast);
        self.code.push(op.code[self.double()]);
        match last {
            Operand::Register(r) => self.code.push(0xc0 | (reg & 7) << 3 | r & 7),
            Operand::Memory(a) | Operand::Broadcast(a) => self.address(reg, a),
            Operand::Constant(bits) => {
                let at = self.number(bits);
                self.data_operand(reg, at, immediate.is_some());
            }
        }
        self.code.extend(immediate);
    }

    #[allow(clippy::too_many_arguments)]
    fn prefix(&mut self, op: Opcode, w: u8, mode: Mode, reg: u8, (x, b): (u8, u8), first: u8, broadcast: bool) {
        let not = |bit: u8, to: u8| (bit & 1 ^ 1) << to;
        self.code.extend([
            0x62,
            not(reg >> 3, 7) | not(x, 6) | not(b, 5) | not(reg >> 4, 4) | op.map,
            w << 7 | (!first & 15) << 3 | 4 | op.prefix[self.double()],
            u8::from(mode.zeroing) << 7
                | (mode.length as u8) << 5
                | u8::from(broadcast) << 4
                | not(first >> 4, 3)
                | mode.mask,
        ]);
    }

    /// The operand's byte, index and displacement, always in the long form, since slots have no places yet.
    fn address(&mut self, reg: u8, a: Address) {
        match a.index {
            Some((index, scale)) => {
                let scale = scale.trailing_zeros() as u8;
                self.code.extend([0x84 | (reg & 7) << 3, scale << 6 | (index.0 & 7) << 3 | a.base.0 & 7]);
            }
            None if a.base.0 & 7 == 4 => self.code.extend([0x84 | (reg & 7) << 3, 0x20 | a.base.0 & 7]),
            None => self.code.push(0x80 | (reg & 7) << 3 | a.base.0 & 7),
        }
        if let Some(slot) = a.slot {
            self.slots.push((self.code.len(), slot));
        }
        self.code.extend(a.disp.to_le_bytes());
    }

    /// An operand among the data behind the code.
    fn data_operand(&mut self, reg: u8, at: usize, immediate: bool) {
        self.code.push(0x05 | (reg & 7) << 3);
        self.data_uses.push((self.code.len(), at));
        self.code.extend((-i32::from(immediate)).to_le_bytes());
    }

    /// Where in the data a number is.
    fn number(&mut self, bits: u64) -> usize {
        let bytes = self.size();
        *self.numbers.entry(bits).or_insert_with(|| {
            self.data.extend(&bits.to_le_bytes()[..bytes]);
            self.data.len() - bytes
        })
    }

    /// `dst = op(a, b)`; lanes outside of `mask` are 0, or with `merging` as they were.
    pub(super) fn op(&mut self, op: Opcode, dst: Zmm, a: Zmm, b: Operand, mask: Option<(Mask, bool)>) {
        let mode = mask.map_or(WHOLE, |(mask, zeroing)| Mode { mask, zeroing, ..WHOLE });
        self.vector(op, mode, dst, a, b, None);
    }

    /// `dst = op(a)` with an immediate operand, for instructions with one operand.
    pub(super) fn op_immediate(&mut self, op: Opcode, dst: Zmm, a: Operand, immediate: u8) {
        self.vector(op, WHOLE, dst, 0, a, Some(immediate));
    }

    /// `mask = a ? b`
    pub(super) fn compare(&mut self, predicate: u8, mask: Mask, a: Zmm, b: Operand) {
        self.vector(COMPARE, WHOLE, mask, a, b, Some(predicate));
    }

    /// `dst = condition ? yes : no`
    pub(super) fn blend(&mut self, dst: Zmm, condition: Mask, yes: Operand, no: Zmm) {
        self.vector(BLEND, Mode { mask: condition, ..WHOLE }, dst, no, yes, None);
    }

    /// Puts an operand into a register.
    pub(super) fn load(&mut self, dst: Zmm, from: Operand) {
        match from {
            Operand::Register(r) if r == dst => {}
            Operand::Register(_) => self.vector(MOVE, WHOLE, dst, 0, from, None),
            Operand::Memory(_) => self.vector(LOAD, WHOLE, dst, 0, from, None),
            // The instruction broadcasts by itself.
            Operand::Broadcast(a) => self.vector(BROADCAST, WHOLE, dst, 0, Operand::Memory(a), None),
            Operand::Constant(0) => self.vector(XOR, WHOLE, dst, dst, Operand::Register(dst), None),
            Operand::Constant(bits) => {
                self.prefix(BROADCAST, self.double() as u8, WHOLE, dst, (0, 0), 0, false);
                self.code.push(BROADCAST.code[self.double()]);
                let at = self.number(bits);
                self.data_operand(dst, at, false);
            }
        }
    }

    /// The lanes of a register that `mask` has (0 for all).
    pub(super) fn store(&mut self, to: Address, from: Zmm, mask: Mask) {
        self.vector(STORE, Mode { mask, ..WHOLE }, from, 0, Operand::Memory(to), None);
    }

    pub(super) fn masked_move(&mut self, dst: Zmm, mask: Mask, zeroing: bool, from: Zmm) {
        self.vector(MOVE, Mode { mask, zeroing, ..WHOLE }, dst, 0, Operand::Register(from), None);
    }

    /// The first lane.
    pub(super) fn store_one(&mut self, to: Address, from: Zmm) {
        self.vector(STORE_ONE, Mode { length: Length::Xmm, ..WHOLE }, from, 0, Operand::Memory(to), None);
    }

    pub(super) fn load_one(&mut self, dst: Zmm, from: Address) {
        self.vector(LOAD_ONE, Mode { length: Length::Xmm, ..WHOLE }, dst, 0, Operand::Memory(from), None);
    }

    /// Elements `stride` apart into the lanes of `mask`, which is cleared; `index` is a register for the distances.
    pub(super) fn gather(&mut self, dst: Zmm, base: Gpr, slot: Slot, disp: i32, index: Zmm, mask: Mask) {
        self.strided(GATHER, dst, base, slot, disp, index, mask);
    }

    /// The reverse of [`Assembler::gather`].
    pub(super) fn scatter(&mut self, from: Zmm, base: Gpr, slot: Slot, disp: i32, index: Zmm, mask: Mask) {
        self.strided(SCATTER, from, base, slot, disp, index, mask);
    }

    #[allow(clippy::too_many_arguments)]
    fn strided(&mut self, op: Opcode, reg: Zmm, base: Gpr, slot: Slot, disp: i32, index: Zmm, mask: Mask) {
        let mode = Mode { mask, ..WHOLE };
        // The fifth bit of the index takes the place of the second operand's.
        self.prefix(op, self.double() as u8, mode, reg, (index >> 3 & 1, base.0 >> 3), index & 16, false);
        self.code.push(op.code[self.double()]);
        let scale = self.size().trailing_zeros() as u8;
        self.code.extend([0x84 | (reg & 7) << 3, scale << 6 | (index & 7) << 3 | base.0 & 7]);
        self.slots.push((self.code.len(), slot));
        self.code.extend(disp.to_le_bytes());
    }

    /// Loads the multiples of `stride` as 32-bit integers.
    pub(super) fn distances(&mut self, dst: Zmm, stride: usize) {
        let at = self.data.len().next_multiple_of(4);
        self.data.resize(at, 0);
        (0..16).for_each(|i| self.data.extend(((i * stride) as i32).to_le_bytes()));
        // vmovdqu32
        let op = Opcode { map: 1, prefix: [2; 2], code: [0x6f; 2] };
        self.prefix(op, 0, WHOLE, dst, (0, 0), 0, false);
        self.code.push(0x6f);
        self.data_operand(dst, at, false);
    }

    /// Loads integers as wide as the numbers are.
    pub(super) fn indices(&mut self, dst: Zmm, indices: impl Iterator<Item = usize>) {
        let (size, at) = (self.size(), self.data.len().next_multiple_of(4));
        self.data.resize(at, 0);
        indices.for_each(|i| self.data.extend(&(i as u64).to_le_bytes()[..size]));
        self.prefix(LOAD, self.double() as u8, WHOLE, dst, (0, 0), 0, false);
        self.code.push(LOAD.code[self.double()]);
        self.data_operand(dst, at, false);
    }

    /// Joins all lanes of `x` by `op` into the first; `scratch` is overwritten.
    pub(super) fn join_lanes(&mut self, op: Opcode, x: Zmm, scratch: Zmm) {
        let (half, quarter) =
            (Opcode { map: 3, prefix: [1; 2], code: [0x1b; 2] }, Opcode { map: 3, prefix: [1; 2], code: [0x19; 2] });
        // The upper 256 bits (vextractf64x4), then the upper 128 (vextractf32x4).
        self.extract(half, 1, Length::Zmm, scratch, x);
        self.short(op, Length::Ymm, x, x, scratch);
        self.extract(quarter, 0, Length::Ymm, scratch, x);
        self.short(op, Length::Xmm, x, x, scratch);
        let steps: &[u8] = if self.dtype == DType::F64 { &[1] } else { &[0b1110, 1] };
        for &step in steps {
            let mode = Mode { length: Length::Xmm, ..WHOLE };
            self.vector(PERMUTE, mode, scratch, 0, Operand::Register(x), Some(step));
            self.short(op, Length::Xmm, x, x, scratch);
        }
    }

    fn extract(&mut self, op: Opcode, w: u8, length: Length, dst: Zmm, from: Zmm) {
        self.prefix(op, w, Mode { length, ..WHOLE }, from, (dst >> 4 & 1, dst >> 3 & 1), 0, false);
        self.code.extend([op.code[0], 0xc0 | (from & 7) << 3 | dst & 7, 1]);
    }

    fn short(&mut self, op: Opcode, length: Length, dst: Zmm, a: Zmm, b: Zmm) {
        self.vector(op, Mode { length, ..WHOLE }, dst, a, Operand::Register(b), None);
    }

    /// `dst = op(a, b)` on the first lane (and whatever the next three are).
    pub(super) fn op_one(&mut self, op: Opcode, dst: Zmm, a: Zmm, b: Zmm) {
        self.short(op, Length::Xmm, dst, a, b);
    }

    // Masks.

    /// `dst = a op b`: kandw (41), korw (45), kxnorw (46).
    fn mask_op(&mut self, code: u8, dst: Mask, a: Mask, b: Mask) {
        self.code.extend([0xc5, 0x84 | (!a & 15) << 3, code, 0xc0 | dst << 3 | b]);
    }
    pub(super) fn mask_and(&mut self, dst: Mask, a: Mask, b: Mask) {
        self.mask_op(0x41, dst, a, b);
    }
    pub(super) fn mask_or(&mut self, dst: Mask, a: Mask, b: Mask) {
        self.mask_op(0x45, dst, a, b);
    }
    pub(super) fn mask_all(&mut self, dst: Mask) {
        self.mask_op(0x46, dst, dst, dst);
    }
    pub(super) fn mask_copy(&mut self, dst: Mask, a: Mask) {
        self.code.extend([0xc5, 0xf8, 0x90, 0xc0 | dst << 3 | a]);
    }
    /// The first `n` lanes; uses `r9`.
    pub(super) fn mask_first(&mut self, dst: Mask, n: usize) {
        // mov r9d, mask; kmovw dst, r9d
        self.code.extend([0x41, 0xb9]);
        self.code.extend(((1u32 << n) - 1).to_le_bytes());
        self.code.extend([0xc4, 0xc1, 0x78, 0x92, 0xc1 | dst << 3]);
    }
    /// As many first lanes as `rax` says, at most 16; uses `rax`, `r9`.
    pub(super) fn mask_first_rax(&mut self, dst: Mask) {
        // r9 = -1; r9 = bzhi(r9, rax); kmovw dst, r9d
        self.code.extend([0x49, 0xc7, 0xc1, 0xff, 0xff, 0xff, 0xff]);
        self.code.extend([0xc4, 0x42, 0xf8, 0xf5, 0xc9]);
        self.code.extend([0xc4, 0xc1, 0x78, 0x92, 0xc1 | dst << 3]);
    }

    // General registers.

    fn general(&mut self, code: u8, reg: Gpr, rm: Gpr) {
        self.code.extend([0x48 | reg.0 >> 3 << 2 | rm.0 >> 3, code, 0xc0 | (reg.0 & 7) << 3 | rm.0 & 7]);
    }
    pub(super) fn copy(&mut self, dst: Gpr, from: Gpr) {
        self.general(0x89, from, dst);
    }
    pub(super) fn add(&mut self, dst: Gpr, b: Gpr) {
        self.general(0x01, b, dst);
    }
    pub(super) fn sub(&mut self, dst: Gpr, b: Gpr) {
        self.general(0x29, b, dst);
    }
    pub(super) fn zero(&mut self, dst: Gpr) {
        self.general(0x31, dst, dst);
    }
    /// `dst = a * n`
    pub(super) fn multiply(&mut self, dst: Gpr, a: Gpr, n: usize) {
        self.general(0x69, dst, a);
        self.code.extend((n as i32).to_le_bytes());
    }
    pub(super) fn add_number(&mut self, dst: Gpr, n: usize) {
        self.general(0x81, Gpr(0), dst);
        self.code.extend((n as i32).to_le_bytes());
    }
    pub(super) fn compare_registers(&mut self, a: Gpr, b: Gpr) {
        self.general(0x39, b, a);
    }
    pub(super) fn compare_number(&mut self, a: Gpr, n: usize) {
        self.general(0x81, Gpr(7), a);
        self.code.extend((n as i32).to_le_bytes());
    }
    /// `dst = base + index * scale + disp`
    pub(super) fn lea(&mut self, dst: Gpr, a: Address) {
        let index = a.index.map_or(0, |(i, _)| i.0 >> 3);
        self.code.extend([0x48 | dst.0 >> 3 << 2 | index << 1 | a.base.0 >> 3, 0x8d]);
        self.address(dst.0, a);
    }
    /// `dst = b` where the comparison before said "below" (unsigned).
    pub(super) fn copy_if_below(&mut self, dst: Gpr, b: Gpr) {
        self.code.extend([0x48 | dst.0 >> 3 << 2 | b.0 >> 3, 0x0f, 0x42, 0xc0 | (dst.0 & 7) << 3 | b.0 & 7]);
    }
    pub(super) fn push(&mut self, r: Gpr) {
        self.code.extend([0x40 | r.0 >> 3, 0x50 | r.0 & 7]);
    }
    pub(super) fn pop(&mut self, r: Gpr) {
        self.code.extend([0x40 | r.0 >> 3, 0x58 | r.0 & 7]);
    }
    pub(super) fn ret(&mut self) {
        // vzeroupper first: what is called next may use the old instructions.
        self.code.extend([0xc5, 0xf8, 0x77, 0xc3]);
    }

    // Jumps.

    pub(super) fn label(&mut self) -> Label {
        self.labels.push(None);
        Label(self.labels.len() - 1)
    }
    pub(super) fn bind(&mut self, label: Label) {
        self.labels[label.0] = Some(self.code.len());
    }
    pub(super) fn here(&mut self) -> Label {
        let label = self.label();
        self.bind(label);
        label
    }
    pub(super) fn jump_if(&mut self, condition: Condition, to: Label) {
        self.code.extend([0x0f, 0x80 | condition as u8]);
        self.jumps.push((self.code.len(), to));
        self.code.extend([0; 4]);
    }

    pub(super) fn jump(&mut self, to: Label) {
        self.code.push(0xe9);
        self.jumps.push((self.code.len(), to));
        self.code.extend([0; 4]);
    }

    /// Fused multiply-add: `dst = ±(dst op ...)` in one of three orders; see [`super::emit`].
    #[allow(clippy::too_many_arguments)]
    pub(super) fn fma(
        &mut self,
        form: Form,
        negated: bool,
        less: bool,
        dst: Zmm,
        a: Zmm,
        b: Operand,
        mask: Option<Mask>,
    ) {
        let code = form as u8 + if negated { 4 } else { 0 } + if less { 2 } else { 0 };
        let mode = mask.map_or(WHOLE, |mask| Mode { mask, ..WHOLE });
        self.vector(Opcode::second(code), mode, dst, a, b, None);
    }
}

/// Which of its operands a fused multiply-add overwrites.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Form {
    /// `dst = dst * b + a`
    Product132 = 0x98,
    /// `dst = a * dst + b`
    Product213 = 0xa8,
    /// `dst = a * b + dst`
    Sum231 = 0xb8,
}
