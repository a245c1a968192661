//! Straight-line code on vectors, before it has registers: numbered values, each made once.

use std::{
    cell::RefCell,
    ops::{Add, Div, Mul, Neg, Sub},
};

use rustc_hash::FxHashMap as HashMap;

use super::assembler::{Address, Gpr, Operand};
use crate::{DType, kernels::Slot, lane::Lane};

/// A value's number in its block.
pub(super) type Id = usize;

/// Instructions with one operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum One {
    Sqrt,
    Floor,
    Ceil,
    RoundEven,
    Exponent,
    Mantissa,
}

/// Instructions with two operands; `Min` is `a < b ? a : b`, `Max` is `a > b ? a : b`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Two {
    Add,
    Sub,
    Mul,
    Div,
    Min,
    Max,
    Scale,
    And,
    Or,
    Xor,
}

/// Comparisons, by the number that the instruction has for them; false for NaN but for `NotEqual` and `Unordered`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Predicate {
    Equal = 0x00,
    Less = 0x11,
    LessEqual = 0x12,
    Unordered = 0x03,
    NotEqual = 0x04,
}

/// How a value is read from memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum How {
    Vector,
    /// One element for all lanes.
    Broadcast,
    /// Elements so many apart.
    Strided(usize),
}

/// One instruction, or what becomes an operand of others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Ins {
    Constant(u64),
    Load(Address, How),
    One(One, Id),
    Two(Two, Id, Id),
    /// `±(a b) ± c`
    Fma {
        negated: bool,
        less: bool,
        factors: [Id; 2],
        sum: Id,
    },
    /// A mask; so are the next two.
    Compare(Predicate, Id, Id),
    BothTrue(Id, Id),
    EitherTrue(Id, Id),
    /// `condition ? yes : no`
    Select(Id, Id, Id),
    /// `condition ? op(a, b) : 0`
    Masked(Id, Two, Id, Id),
    Store(Address, How, Id),
    /// Joins the value to an accumulator, in the lanes that the mask has if there is one.
    Accumulate(usize, Two, Id, Option<Id>),
    /// Adds the product to an accumulator.
    AccumulateProduct(usize, [Id; 2]),
}

impl Ins {
    pub(super) fn operands(&self) -> Vec<Id> {
        match *self {
            Ins::Constant(_) | Ins::Load(..) => vec![],
            Ins::One(_, a) | Ins::Store(_, _, a) => vec![a],
            Ins::Two(_, a, b) | Ins::Compare(_, a, b) | Ins::BothTrue(a, b) | Ins::EitherTrue(a, b) => vec![a, b],
            Ins::Fma { factors: [a, b], sum, .. } => vec![a, b, sum],
            Ins::Select(m, a, b) | Ins::Masked(m, _, a, b) => vec![m, a, b],
            Ins::Accumulate(_, _, a, mask) => std::iter::once(a).chain(mask).collect(),
            Ins::AccumulateProduct(_, factors) => factors.to_vec(),
        }
    }

    /// Whether it is there for what it does and not for its value.
    pub(super) fn acts(&self) -> bool {
        matches!(self, Ins::Store(..) | Ins::Accumulate(..) | Ins::AccumulateProduct(..))
    }
}

/// A block in the making.
#[derive(Debug)]
pub(super) struct Block {
    pub(super) instructions: Vec<Ins>,
    known: HashMap<Ins, Id>,
    dtype: DType,
}

/// Where a block is built.
pub(super) struct Building(RefCell<Block>);

/// A vector of numbers in a block.
#[derive(Clone, Copy)]
pub(super) struct Value<'b> {
    building: &'b Building,
    pub(super) id: Id,
}

/// A truth for each lane.
#[derive(Clone, Copy)]
pub(super) struct Truth<'b> {
    building: &'b Building,
    pub(super) id: Id,
}

impl Building {
    pub(super) fn new(dtype: DType) -> Building {
        Building(RefCell::new(Block { instructions: Vec::new(), known: HashMap::default(), dtype }))
    }

    /// The block, simplified.
    pub(super) fn finish(self) -> Block {
        let mut block = self.0.into_inner();
        block.contract();
        block
    }

    pub(super) fn len(&self) -> usize {
        self.0.borrow().instructions.len()
    }

    fn push(&self, ins: Ins) -> Id {
        let mut block = self.0.borrow_mut();
        let next = block.instructions.len();
        let id = if ins.acts() { next } else { *block.known.entry(ins).or_insert(next) };
        if id == next {
            block.instructions.push(ins);
        }
        id
    }

    fn value(&self, ins: Ins) -> Value<'_> {
        Value { building: self, id: self.push(ins) }
    }

    fn truth(&self, ins: Ins) -> Truth<'_> {
        Truth { building: self, id: self.push(ins) }
    }

    pub(super) fn number(&self, x: f64) -> Value<'_> {
        let bits = match self.0.borrow().dtype {
            DType::F64 => x.to_bits(),
            _ => u64::from((x as f32).to_bits()),
        };
        self.value(Ins::Constant(bits))
    }

    fn bits(&self, single: u32, double: u64) -> Value<'_> {
        let double = if self.is_double() { double } else { u64::from(single) };
        self.value(Ins::Constant(double))
    }

    fn is_double(&self) -> bool {
        self.0.borrow().dtype == DType::F64
    }

    pub(super) fn load(&self, from: Address, how: How) -> Value<'_> {
        self.value(Ins::Load(from, how))
    }

    pub(super) fn store(&self, to: Address, how: How, value: Value<'_>) {
        self.push(Ins::Store(to, how, value.id));
    }

    pub(super) fn accumulate(&self, accumulator: usize, op: Two, value: Value<'_>) {
        self.push(Ins::Accumulate(accumulator, op, value.id, None));
    }
}

impl<'b> Value<'b> {
    fn one(self, op: One) -> Self {
        self.building.value(Ins::One(op, self.id))
    }

    pub(super) fn two(self, op: Two, other: Self) -> Self {
        self.building.value(Ins::Two(op, self.id, other.id))
    }

    pub(super) fn compare(self, predicate: Predicate, other: Self) -> Truth<'b> {
        self.building.truth(Ins::Compare(predicate, self.id, other.id))
    }

    /// The sum over rows with a term more, which is rounded once if it is a product.
    ///
    /// Everywhere else but in matrix products, products and sums are rounded apart, as TensorFlow's are: joined, the 512-node net's epoch would be
    /// 15 % shorter (2026-11-25), but trained weights differ from TensorFlow's by more than its own two runs do, and at a
    /// kink one rounding less decides for the other side.
    pub(super) fn plus(self, term: Self) -> Self {
        match term.ins() {
            Ins::Two(Two::Mul, a, b) => {
                let of = |id| Value { id, ..self };
                of(a).fma(of(b), self)
            }
            _ => self + term,
        }
    }

    fn ins(self) -> Ins {
        self.building.0.borrow().instructions[self.id]
    }

    /// Whether the value is a constant other than NaN.
    pub(super) fn is_number(self) -> bool {
        match self.ins() {
            Ins::Constant(bits) if self.building.is_double() => !f64::from_bits(bits).is_nan(),
            Ins::Constant(bits) => !f32::from_bits(bits as u32).is_nan(),
            _ => false,
        }
    }

    /// What this is the negative of.
    fn negated(self) -> Option<Self> {
        let sign = self.building.bits(1 << 31, 1 << 63).id;
        match self.ins() {
            Ins::Two(Two::Xor, a, b) if b == sign => Some(Value { id: a, ..self }),
            _ => None,
        }
    }
}

impl<'b> Truth<'b> {
    pub(super) fn and(self, other: Self) -> Self {
        self.building.truth(Ins::BothTrue(self.id, other.id))
    }
}

impl Add for Value<'_> {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        match other.negated() {
            Some(x) => self.two(Two::Sub, x),
            None => self.two(Two::Add, other),
        }
    }
}
impl Sub for Value<'_> {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        self.two(Two::Sub, other)
    }
}
impl Mul for Value<'_> {
    type Output = Self;
    fn mul(self, other: Self) -> Self {
        self.two(Two::Mul, other)
    }
}
impl Div for Value<'_> {
    type Output = Self;
    fn div(self, other: Self) -> Self {
        self.two(Two::Div, other)
    }
}
impl Neg for Value<'_> {
    type Output = Self;
    fn neg(self) -> Self {
        match self.negated() {
            Some(x) => x,
            None => self.two(Two::Xor, self.building.bits(1 << 31, 1 << 63)),
        }
    }
}

impl<'b> Lane for Value<'b> {
    type Mask = Truth<'b>;

    fn is_double(self) -> bool {
        self.building.is_double()
    }
    fn number(self, x: f64) -> Self {
        self.building.number(x)
    }
    fn fma(self, a: Self, b: Self) -> Self {
        let (product, negated) = self.negated().map_or((self, false), |x| (x, true));
        let (sum, less) = b.negated().map_or((b, false), |x| (x, true));
        self.building.value(Ins::Fma { negated, less, factors: [product.id, a.id], sum: sum.id })
    }
    fn abs(self) -> Self {
        self.two(Two::And, self.building.bits(!(1 << 31), !(1 << 63)))
    }
    fn sqrt(self) -> Self {
        self.one(One::Sqrt)
    }
    fn floor(self) -> Self {
        self.one(One::Floor)
    }
    fn ceil(self) -> Self {
        self.one(One::Ceil)
    }
    fn round_even(self) -> Self {
        self.one(One::RoundEven)
    }
    fn at_least(self, limit: Self) -> Self {
        limit.two(Two::Max, self)
    }
    fn at_most(self, limit: Self) -> Self {
        limit.two(Two::Min, self)
    }
    fn scaled(self, n: Self) -> Self {
        self.two(Two::Scale, n)
    }
    fn exponent(self) -> Self {
        self.one(One::Exponent)
    }
    fn mantissa(self) -> Self {
        self.one(One::Mantissa)
    }
    fn copysign(self, other: Self) -> Self {
        let sign = other.two(Two::And, self.building.bits(1 << 31, 1 << 63));
        self.abs().two(Two::Or, sign)
    }
    fn less(self, other: Self) -> Truth<'b> {
        self.compare(Predicate::Less, other)
    }
    fn less_equal(self, other: Self) -> Truth<'b> {
        self.compare(Predicate::LessEqual, other)
    }
    fn equal(self, other: Self) -> Truth<'b> {
        self.compare(Predicate::Equal, other)
    }
    fn is_nan(self) -> Truth<'b> {
        self.compare(Predicate::Unordered, self)
    }
    fn or(a: Truth<'b>, b: Truth<'b>) -> Truth<'b> {
        a.building.truth(Ins::EitherTrue(a.id, b.id))
    }
    fn select(condition: Truth<'b>, yes: Self, no: Self) -> Self {
        yes.building.value(Ins::Select(condition.id, yes.id, no.id))
    }
}

impl Block {
    /// How often each value is used.
    pub(super) fn uses(&self) -> Vec<usize> {
        let mut uses = vec![0; self.instructions.len()];
        for (id, ins) in self.instructions.iter().enumerate().rev() {
            if ins.acts() || uses[id] > 0 {
                ins.operands().into_iter().for_each(|o| uses[o] += 1);
            }
        }
        uses
    }

    /// Lets accumulators take in products, and masks the operations whose results they would put zeros into, where nothing
    /// else needs these.
    fn contract(&mut self) {
        let mut uses = self.uses();
        let zero = self.known.get(&Ins::Constant(0)).copied();
        for id in 0..self.instructions.len() {
            if uses[id] == 0 && !self.instructions[id].acts() {
                continue;
            }
            let alone = |x: Id| match self.instructions[x] {
                Ins::Two(op, a, b) if uses[x] == 1 => Some((op, a, b)),
                _ => None,
            };
            let new = match self.instructions[id] {
                Ins::Select(m, yes, no) if Some(no) == zero => {
                    let plain = |op: &Two| matches!(op, Two::Add | Two::Sub | Two::Mul | Two::Div);
                    alone(yes).filter(|(op, ..)| plain(op)).map(|(op, a, b)| (Ins::Masked(m, op, a, b), yes))
                }
                Ins::Accumulate(to, Two::Add, x, None) => match self.instructions[x] {
                    Ins::Two(Two::Mul, a, b) if uses[x] == 1 => Some((Ins::AccumulateProduct(to, [a, b]), x)),
                    Ins::Select(m, yes, no) if uses[x] == 1 && Some(no) == zero => {
                        Some((Ins::Accumulate(to, Two::Add, yes, Some(m)), x))
                    }
                    _ => None,
                },
                _ => None,
            };
            if let Some((new, gone)) = new {
                self.instructions[id] = new;
                uses[gone] = 0;
            }
        }
    }

    /// Values read from memory at addresses that do not change with `registers`, those most used first.
    pub(super) fn invariants(&self, registers: &[Gpr]) -> Vec<Id> {
        let uses = self.uses();
        let fixed = |a: &Address| !registers.iter().any(|r| a.uses(*r));
        let mut all: Vec<Id> = (0..self.instructions.len())
            .filter(|&id| uses[id] > 0)
            .filter(|&id| match &self.instructions[id] {
                Ins::Load(a, How::Vector | How::Broadcast) => fixed(a),
                Ins::Constant(_) => true,
                _ => false,
            })
            .collect();
        all.sort_by_key(|&id| std::cmp::Reverse(uses[id]));
        all
    }

    /// A constant, or what is read from memory, as the operand of an instruction.
    pub(super) fn source(&self, id: Id) -> Operand {
        match self.instructions[id] {
            Ins::Constant(bits) => Operand::Constant(bits),
            Ins::Load(from, How::Broadcast) => Operand::Broadcast(from),
            Ins::Load(from, How::Vector) => Operand::Memory(from),
            _ => unreachable!("only what is in memory is read from there"),
        }
    }
}

/// A buffer's element, for all lanes.
pub(super) fn of_slot(base: Gpr, slot: Slot) -> Address {
    Address::new(base).slot(slot)
}
