//! Kernels: plain loops over memory, chosen when a plan is made.
//!
//! Each is written once, as a loop that the compiler vectorizes, and compiled for several instruction sets
//! ([`Isa`]); the planner takes the pointer to the version for the machine that it runs on. All `unsafe` of the
//! project is in this folder. Its contract is the planner's: every pointer in `Args` and every offset in a
//! step lies inside of the workspace's `Arena`, for as many elements as the step says.

mod arena;
mod code;
mod cpus;
mod dispatch;
mod integer;
mod map;
mod matmul;
mod moves;
mod pool;
mod reduce;
mod step;

pub(crate) use arena::{ALIGN, Arena};
pub(crate) use code::{CodeStep, install};
pub use dispatch::Isa;
pub(crate) use integer::{Selection, argmax, gather, integers, scatter_add};
pub(crate) use map::{Map, map};
pub(crate) use matmul::{Epilogue, MatMul, Method, matmul, scratch};
pub(crate) use moves::{Strided, cast, convert, prefetch_line, strided_copy, strided_reduce};
pub use pool::parallel;
pub(crate) use pool::{copy, parallel_chunks, threads};
pub(crate) use reduce::{Fold, fold_inner, fold_outer};
pub(crate) use step::{Count, Instruction, LoopStep, MatMulStep, Operand, Slot, Step, run};

/// What a kernel works on: `outer` segments of `inner` elements. An operand's segment `o` starts `o * stride` elements
/// after its pointer; what an operand that is constant along a segment points to is one element per segment.
#[derive(Clone, Copy)]
pub(crate) struct Args {
    pub(crate) dst: *mut u8,
    pub(crate) src: [*const u8; 3],
    pub(crate) dst_stride: usize,
    pub(crate) src_stride: [usize; 3],
    pub(crate) outer: usize,
    pub(crate) inner: usize,
    /// A reduction adds to what is in `dst` instead of replacing it.
    pub(crate) accumulate: bool,
}

/// A loop, compiled for one instruction set.
///
/// # Safety
/// The machine has the instruction set, and each pointer is valid for the segments that [`Args`] describes.
pub(crate) type Kernel = unsafe fn(&Args);

impl Args {
    /// Where segment `o` of the result starts.
    #[inline(always)]
    unsafe fn to<T>(&self, o: usize) -> *mut T {
        // SAFETY: `Args` describes `outer` segments, `o` is one of them.
        unsafe { self.dst.cast::<T>().add(o * self.dst_stride) }
    }

    /// Where segment `o` of operand `k` starts.
    #[inline(always)]
    unsafe fn from<T>(&self, k: usize, o: usize) -> *const T {
        // SAFETY: as above.
        unsafe { self.src[k].cast::<T>().add(o * self.src_stride[k]) }
    }
}

/// `L` elements read at `p`, or `L` times the one element there.
#[inline(always)]
unsafe fn lanes<T: Copy, const L: usize, const VECTOR: bool>(p: *const T, i: usize) -> [T; L] {
    // SAFETY: the caller's segment has at least `i + L` elements, or is constant.
    unsafe { if VECTOR { p.add(i).cast::<[T; L]>().read_unaligned() } else { [p.read(); L] } }
}

/// Keeps the compiler from vectorizing the loop that this is called in, whose body already works on whole vectors: it
/// would gather the first elements of 16 vectors, then the second ones, and be 20 times slower (measured 2026-11-23).
#[inline(always)]
fn not_across_vectors() {
    // SAFETY: no instruction at all.
    #[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
    unsafe {
        std::arch::asm!("", options(nomem, nostack, preserves_flags))
    };
}
