//! A loop in the making: instructions on values that have no place yet, and how they get one.

use super::lower::Lowering;
use crate::{
    DType,
    kernels::{self, ALIGN, Count, Fold, Instruction, Kernel, LoopStep, Operand, Slot},
    tensor::Reduction,
};

/// Bytes of a tile's values: they stay in 32 KiB of L1 with what streams past them. (With 16 KiB the 512-node net's epoch
/// takes 10 % longer, with 40 as long; 2026-11-23.)
const TILE_BYTES: usize = 24 << 10;
/// Rows of a tile, at most and (along rows) at least.
const MOST_ROWS: usize = 512;
const VECTOR: usize = 16;
/// Elements that the instructions of a chunk work on, at least: some 15 microseconds.
const CHUNK: usize = 1 << 18;
const MOST_CHUNKS: usize = 16;

/// What segments of a tile run along.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Along {
    Rows,
    Columns,
}

/// Where a value is while the loop runs.
#[derive(Clone, Copy)]
pub(super) enum Place {
    Memory(Slot),
    Register(usize),
}

/// A value as an instruction finds it.
#[derive(Clone, Copy)]
pub(super) struct Value {
    pub(super) place: Place,
    pub(super) row_step: usize,
    pub(super) stride: Stride,
    /// Whether it varies along a segment.
    pub(super) vector: bool,
}

#[derive(Clone, Copy)]
pub(super) enum Stride {
    Fixed(usize),
    /// The tile's rows.
    Tile,
}

pub(super) struct DraftInstruction {
    pub(super) name: &'static str,
    pub(super) kernel: Kernel,
    pub(super) dst: Value,
    pub(super) src: Vec<Value>,
    pub(super) outer: Count,
    pub(super) inner: Count,
    pub(super) kind: Kind,
}

/// What more is to be known about an instruction.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    /// Each element of the result depends on the operands' elements at its own place only.
    Elementwise,
    /// So many results over all rows.
    Total(Reduction, usize),
    /// A copy into another order: between the source's segments and neighbours, between the result's neighbours.
    Move([Stride; 3]),
    Other,
}

/// A tile-long value: its columns, and the instructions it lives between.
struct Register {
    columns: usize,
    first: usize,
    last: usize,
}

#[derive(Default)]
pub(super) struct Draft {
    registers: Vec<Register>,
    instructions: Vec<DraftInstruction>,
}

impl Draft {
    /// A new tile-long value.
    pub(super) fn register(&mut self, columns: usize) -> usize {
        self.registers.push(Register { columns, first: usize::MAX, last: 0 });
        self.registers.len() - 1
    }

    pub(super) fn push(&mut self, instruction: DraftInstruction) {
        let now = self.instructions.len();
        for place in instruction.src.iter().map(|v| v.place).chain([instruction.dst.place]) {
            if let Place::Register(r) = place {
                self.registers[r].last = now;
                self.registers[r].first = self.registers[r].first.min(now);
            }
        }
        self.instructions.push(instruction);
    }

    /// Lets an elementwise instruction write over an operand that nothing reads afterwards; gives for each register the
    /// one whose place it takes.
    fn merge_registers(&mut self) -> Vec<usize> {
        let mut place: Vec<usize> = (0..self.registers.len()).collect();
        for (now, d) in self.instructions.iter().enumerate().filter(|(_, d)| matches!(d.kind, Kind::Elementwise)) {
            let Place::Register(to) = d.dst.place else { continue };
            let ends_here = |from: &Value| match from.place {
                Place::Register(r) if from.vector => {
                    let r = place[r];
                    let alike = self.registers[r].columns == self.registers[to].columns;
                    (r != to && alike && self.registers[r].last == now).then_some(r)
                }
                _ => None,
            };
            let starts_here = place[to] == to && self.registers[to].first == now;
            if let (true, Some(from)) = (starts_here, d.src.iter().find_map(ends_here)) {
                place[to] = from;
                self.registers[from].last = self.registers[to].last;
            }
        }
        place
    }

    /// Places registers in columns of the tile: each at the first that no register living at the same time takes.
    fn place_registers(&mut self) -> (Vec<usize>, usize) {
        let place = self.merge_registers();
        let mut starts = vec![0; self.registers.len()];
        let mut placed: Vec<usize> = Vec::new();
        for (r, register) in self.registers.iter().enumerate().filter(|(r, _)| place[*r] == *r) {
            let meets = |q: &&usize| {
                let other = &self.registers[**q];
                other.last >= register.first && register.last >= other.first
            };
            let mut taken: Vec<(usize, usize)> =
                placed.iter().filter(meets).map(|&q| (starts[q], starts[q] + self.registers[q].columns)).collect();
            taken.sort_unstable();
            let mut at = 0;
            for (from, to) in taken {
                if at + register.columns <= from {
                    break;
                }
                at = at.max(to);
            }
            starts[r] = at;
            placed.push(r);
        }
        let columns = placed.iter().map(|&r| starts[r] + self.registers[r].columns).max().unwrap_or(0);
        (place.iter().map(|&r| starts[r]).collect(), columns)
    }

    /// The loop: registers in their places, the tile's rows, the chunks.
    pub(super) fn finish(mut self, l: &mut Lowering<'_>, dtype: DType, along: Along, rows: usize) -> LoopStep {
        let (starts, columns) = self.place_registers();
        let size = dtype.size();
        let fitting = TILE_BYTES / (columns.max(1) * size);
        let tile = match along {
            Along::Rows => fitting.clamp(VECTOR, MOST_ROWS) / VECTOR * VECTOR,
            Along::Columns => fitting.clamp(1, MOST_ROWS),
        };
        let tile = tile.min(rows.next_multiple_of(VECTOR)).max(1);
        let work: usize = self.instructions.iter().map(|d| d.outer.of(rows) * d.inner.of(rows)).sum();
        let chunks = (work / CHUNK).clamp(1, MOST_CHUNKS).min(rows.div_ceil(tile).max(1));
        let scratch_bytes = (columns * tile * size).next_multiple_of(ALIGN);
        let scratch = l.buffers.temporary(chunks * scratch_bytes);
        let placed = |v: &Value| {
            let stride = v.stride.of(tile);
            match v.place {
                Place::Memory(slot) => Operand { slot, row_step: v.row_step, stride, ..Operand::default() },
                Place::Register(r) => {
                    let start = starts[r] * tile * size;
                    Operand { slot: scratch, start, chunk_step: scratch_bytes, stride, ..Operand::default() }
                }
            }
        };
        let (mut instructions, mut last) = (Vec::new(), Vec::new());
        for d in &self.instructions {
            // What is not there reads like the first operand.
            let mut src = [placed(&d.src[0]); 3];
            d.src.iter().zip(&mut src).for_each(|(v, o)| *o = placed(v));
            let mut dst = placed(&d.dst);
            match d.kind {
                Kind::Move(strides) => src.iter_mut().zip(strides).for_each(|(o, s)| o.stride = s.of(tile)),
                Kind::Total(reduction, n) if chunks > 1 => {
                    let (own, join) = joined_chunks(l, dst, (reduction, dtype, n), chunks);
                    dst = own;
                    last.push(join);
                }
                _ => {}
            }
            let accumulate = matches!(d.kind, Kind::Total(..));
            let (name, kernel, outer, inner) = (d.name, d.kernel, d.outer, d.inner);
            instructions.push(Instruction { name, kernel, dst, src, outer, inner, accumulate });
        }
        LoopStep { rows, tile, chunks, instructions, last }
    }
}

/// A place for every chunk's own totals, and the instruction that joins them at `dst`.
fn joined_chunks(
    l: &mut Lowering<'_>,
    dst: Operand,
    (reduction, dtype, n): (Reduction, DType, usize),
    chunks: usize,
) -> (Operand, Instruction) {
    let bytes = (n * dtype.size()).next_multiple_of(ALIGN);
    let own = Operand { slot: l.buffers.temporary(chunks * bytes), start: 0, chunk_step: bytes, ..dst };
    let totals = Operand { chunk_step: 0, stride: bytes / dtype.size(), ..own };
    let join = Instruction {
        name: "join",
        kernel: kernels::fold_outer(Fold::Reduction(reduction), dtype, true, l.isa),
        dst,
        src: [totals; 3],
        outer: Count::Fixed(chunks),
        inner: Count::Fixed(n),
        accumulate: false,
    };
    (own, join)
}

impl Stride {
    fn of(self, tile: usize) -> usize {
        match self {
            Stride::Fixed(n) => n,
            Stride::Tile => tile,
        }
    }
}
