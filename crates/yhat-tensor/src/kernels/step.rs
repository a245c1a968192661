//! Steps: what a run of a plan does, one after another.

use super::{Arena, Args, CodeStep, Kernel, MatMul, Selection, Strided};
use crate::{
    DType, Result, kernels,
    tensor::{Op, Reduction},
};

/// A buffer: its number while a plan is made, its offset in the arena once buffers are placed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Slot(pub(crate) usize);

impl Slot {
    #[inline(always)]
    pub(crate) fn offset(self) -> usize {
        self.0
    }
}

/// Does all `steps`, which a planner placed in an arena of `arena`'s size.
///
/// # Errors
/// If an index is out of range.
pub(crate) fn run(steps: &[Step], arena: &mut Arena) -> Result<()> {
    let base = arena.base();
    for step in steps {
        // SAFETY: the planner gave every slot room in the arena for what its steps read and write; a workspace is run by
        // the plan that made it.
        unsafe { step.run(base)? };
    }
    Ok(())
}

/// One step. The planner makes it with a [`Slot`] for each buffer; the memory pass puts offsets in.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    Loop(LoopStep),
    Code(CodeStep),
    MatMul(MatMulStep),
    /// Elements of `size` bytes to other places.
    Copy {
        walk: Strided,
        size: usize,
        src: Slot,
        src_start: usize,
        dst: Slot,
        dst_start: usize,
    },
    /// Zero bytes.
    Clear {
        bytes: usize,
        dst: Slot,
    },
    Reduce {
        walk: Strided,
        reduction: Reduction,
        dtype: DType,
        n: usize,
        src: Slot,
        dst: Slot,
    },
    Cast {
        from: DType,
        to: DType,
        n: usize,
        src: Slot,
        dst: Slot,
    },
    /// Elementwise, on integers and bools.
    Integers {
        op: Op,
        dtype: DType,
        n: usize,
        src: [Slot; 3],
        dst: Slot,
    },
    ArgMax {
        dtype: DType,
        outer: usize,
        length: usize,
        inner: usize,
        src: Slot,
        dst: Slot,
    },
    Gather {
        selection: Selection,
        size: usize,
        src: Slot,
        indices: Slot,
        dst: Slot,
    },
    ScatterAdd {
        selection: Selection,
        dtype: DType,
        updates: Slot,
        indices: Slot,
        dst: Slot,
    },
}

/// Matrix products of a batch, with bias and activation.
#[derive(Clone, Debug)]
pub(crate) struct MatMulStep {
    pub(crate) product: MatMul,
    pub(crate) batch: usize,
    /// Parts of each product, computed by whoever is free.
    pub(crate) parts: usize,
    pub(crate) a: Slot,
    pub(crate) b: Slot,
    pub(crate) bias: Option<Slot>,
    pub(crate) relu: bool,
    pub(crate) activation: Option<Kernel>,
    pub(crate) dst: Slot,
    pub(crate) scratch: Slot,
    /// Bytes of scratch memory of a part.
    pub(crate) part_scratch: usize,
}

/// One pass over rows, a tile of them at a time: each instruction does its work for all rows of the tile, on values
/// that stay in cache, before the next one does. The tiles of a long loop are cut into chunks for threads; what is added up
/// over the rows is added up for each chunk, then over the chunks in order, so that threads do not change it.
#[derive(Clone, Debug)]
pub(crate) struct LoopStep {
    pub(crate) rows: usize,
    pub(crate) tile: usize,
    pub(crate) chunks: usize,
    pub(crate) instructions: Vec<Instruction>,
    /// What is done once after all chunks: their sums joined.
    pub(crate) last: Vec<Instruction>,
}

#[derive(Clone, Debug)]
pub(crate) struct Instruction {
    /// What the kernel does, for listings.
    pub(crate) name: &'static str,
    pub(crate) kernel: Kernel,
    pub(crate) dst: Operand,
    pub(crate) src: [Operand; 3],
    pub(crate) outer: Count,
    pub(crate) inner: Count,
    /// From the second tile on, adds to what is there.
    pub(crate) accumulate: bool,
}

#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Operand {
    pub(crate) slot: Slot,
    /// Bytes from the slot's start.
    pub(crate) start: usize,
    /// Bytes from one row to the next; 0 for what all rows share, and for values that live as long as a tile.
    pub(crate) row_step: usize,
    /// Bytes from one chunk's own copy to the next's.
    pub(crate) chunk_step: usize,
    /// Elements from one segment to the next.
    pub(crate) stride: usize,
}

/// How many segments, or elements of one.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Count {
    Fixed(usize),
    /// The rows of this tile.
    Rows,
    /// The rows of this tile, rounded up to this many: the buffers are padded, and what is there is not read.
    PaddedRows(usize),
}

impl Count {
    #[inline]
    pub(crate) fn of(self, rows: usize) -> usize {
        match self {
            Count::Fixed(n) => n,
            Count::Rows => rows,
            Count::PaddedRows(n) => rows.next_multiple_of(n),
        }
    }
}

impl LoopStep {
    unsafe fn run(&self, base: *mut u8) {
        let base = Base(base);
        kernels::parallel(self.chunks, &|chunk| {
            for tile in chunk_tiles(self.rows, self.tile, self.chunks, chunk) {
                let rows = self.tile.min(self.rows - tile.start);
                for i in &self.instructions {
                    // SAFETY: as for `Step::run`; chunks share nothing that they write.
                    unsafe { i.run(base, chunk, tile.start, rows, tile.later) };
                }
            }
        });
        for i in &self.last {
            // SAFETY: as for `Step::run`.
            unsafe { i.run(base, 0, 0, 0, false) };
        }
    }
}

/// A tile of rows.
pub(super) struct Tile {
    pub(super) start: usize,
    /// Whether the chunk had others before.
    pub(super) later: bool,
}

/// The tiles of one of the chunks that a loop is cut into. A loop over no rows still has one, which gives its sums their
/// start.
pub(super) fn chunk_tiles(rows: usize, tile: usize, chunks: usize, chunk: usize) -> impl Iterator<Item = Tile> {
    let tiles = rows.div_ceil(tile).max(1);
    let of = |chunk: usize| chunk * tiles / chunks;
    let first = of(chunk);
    (first..of(chunk + 1)).map(move |i| Tile { start: i * tile, later: i > first })
}

impl Instruction {
    /// # Safety
    /// The planner gave every operand room for all rows, tile-long values room for a tile, and every chunk its own copy of
    /// what it writes. The kernel was chosen for this machine.
    #[inline(always)]
    pub(super) unsafe fn run(&self, base: Base, chunk: usize, row: usize, rows: usize, later: bool) {
        // SAFETY: the caller's promise.
        unsafe {
            let at = |o: &Operand| base.add(o.slot.offset() + o.start + o.row_step * row + o.chunk_step * chunk);
            let args = Args {
                dst: at(&self.dst),
                src: [at(&self.src[0]).cast_const(), at(&self.src[1]).cast_const(), at(&self.src[2]).cast_const()],
                dst_stride: self.dst.stride,
                src_stride: [self.src[0].stride, self.src[1].stride, self.src[2].stride],
                outer: self.outer.of(rows),
                inner: self.inner.of(rows),
                accumulate: self.accumulate && later,
            };
            (self.kernel)(&args);
        }
    }
}

impl Step {
    /// Does the step.
    ///
    /// # Errors
    /// If an index is out of range.
    ///
    /// # Safety
    /// `base` is the arena of a workspace of the plan that the step belongs to.
    unsafe fn run(&self, base: *mut u8) -> Result<()> {
        // SAFETY: slots are offsets into the arena, with room for what the step says.
        unsafe {
            let at = |slot: &Slot| base.add(slot.offset());
            match self {
                Step::Loop(l) => l.run(base),
                Step::Code(c) => c.run(base),
                Step::MatMul(m) => m.run(base),
                Step::Copy { walk, size, src, src_start, dst, dst_start } => {
                    kernels::strided_copy(walk, *size, at(src).add(src_start * size), at(dst).add(dst_start * size));
                }
                Step::Clear { bytes, dst } => at(dst).write_bytes(0, *bytes),
                Step::Reduce { walk, reduction, dtype, n, src, dst } => {
                    kernels::strided_reduce(walk, *reduction, *dtype, *n, at(src), at(dst));
                }
                Step::Cast { from, to, n, src, dst } => kernels::cast(*from, *to, *n, at(src), at(dst)),
                Step::Integers { op, dtype, n, src, dst } => {
                    let src = [at(&src[0]).cast_const(), at(&src[1]).cast_const(), at(&src[2]).cast_const()];
                    kernels::integers(op, *dtype, *n, src, at(dst));
                }
                Step::ArgMax { dtype, outer, length, inner, src, dst } => {
                    kernels::argmax(*dtype, *outer, *length, *inner, at(src), at(dst));
                }
                Step::Gather { selection, size, src, indices, dst } => {
                    kernels::gather(selection, *size, at(src), at(indices), at(dst))?;
                }
                Step::ScatterAdd { selection, dtype, updates, indices, dst } => {
                    kernels::scatter_add(selection, *dtype, at(updates), at(indices), at(dst))?;
                }
            }
        }
        Ok(())
    }

    /// Into how many parts it is cut for threads.
    pub(crate) fn parts(&self) -> usize {
        match self {
            Step::Loop(l) => l.chunks,
            Step::Code(c) => c.chunks,
            Step::MatMul(m) => m.parts,
            _ => 1,
        }
    }

    /// Every slot of the step, and whether the step writes it.
    pub(crate) fn slots(&mut self, visit: &mut dyn FnMut(&mut Slot, bool)) {
        match self {
            Step::Loop(l) => {
                for i in l.instructions.iter_mut().chain(&mut l.last) {
                    i.src.iter_mut().for_each(|o| visit(&mut o.slot, false));
                    visit(&mut i.dst.slot, true);
                }
            }
            Step::Code(c) => {
                c.slots.iter_mut().for_each(|(_, slot)| visit(slot, true));
                visit(&mut c.scratch, true);
                for i in &mut c.last {
                    i.src.iter_mut().for_each(|o| visit(&mut o.slot, false));
                    visit(&mut i.dst.slot, true);
                }
            }
            Step::MatMul(m) => {
                [&mut m.a, &mut m.b].into_iter().chain(&mut m.bias).for_each(|s| visit(s, false));
                visit(&mut m.scratch, true);
                visit(&mut m.dst, true);
            }
            Step::Copy { src, dst, .. }
            | Step::Reduce { src, dst, .. }
            | Step::Cast { src, dst, .. }
            | Step::ArgMax { src, dst, .. } => {
                visit(src, false);
                visit(dst, true);
            }
            Step::Clear { dst, .. } => visit(dst, true),
            Step::Integers { src, dst, .. } => {
                src.iter_mut().for_each(|s| visit(s, false));
                visit(dst, true);
            }
            Step::Gather { src, indices, dst, .. } | Step::ScatterAdd { updates: src, indices, dst, .. } => {
                visit(src, false);
                visit(indices, false);
                visit(dst, true);
            }
        }
    }
}

/// The arena, for the threads that compute parts of a step, which write to different places.
#[derive(Clone, Copy)]
pub(super) struct Base(pub(super) *mut u8);

// SAFETY: each part of a step writes only to its own rows, columns and scratch memory.
unsafe impl Sync for Base {}

impl Base {
    /// # Safety
    /// `offset` is inside of the arena.
    #[inline(always)]
    pub(super) unsafe fn add(&self, offset: usize) -> *mut u8 {
        // SAFETY: the caller's promise.
        unsafe { self.0.add(offset) }
    }
}

impl MatMulStep {
    unsafe fn run(&self, base: *mut u8) {
        let base = Base(base);
        for batch in 0..self.batch {
            // SAFETY: as for `Step::run`; parts share nothing that they write.
            kernels::parallel(self.parts, &|part| unsafe { self.part(base, batch, part) });
        }
    }

    unsafe fn part(&self, base: Base, batch: usize, part: usize) {
        let p = &self.product;
        let (row, column, product) = p.part(part, self.parts);
        let size = p.dtype.size();
        // SAFETY: as for `Step::run`.
        unsafe {
            let at = |slot: &Slot, elements: usize| base.add(slot.offset() + elements * size);
            let a = at(&self.a, batch * p.m * p.k + row * p.a_strides.0);
            let b = at(&self.b, batch * p.k * p.n + column * p.b_strides.1);
            let c = at(&self.dst, batch * p.m * p.n + row * p.c_stride + column);
            let bias = self.bias.as_ref().map_or(std::ptr::null(), |b| at(b, column).cast_const());
            let epilogue = kernels::Epilogue { bias, relu: self.relu, activation: self.activation };
            let scratch = base.add(self.scratch.offset() + part * self.part_scratch);
            kernels::matmul(&product, a, b, c, &epilogue, scratch);
        }
    }
}
