//! Loops that move and convert elements.

use std::marker::PhantomData;

use super::{Args, Kernel};
use crate::{DType, Element, real::Real, tensor::Reduction};

/// Copies between a tile and memory in another order or type: element `i` of segment `o` comes from
/// `o * src_stride[0] + i * src_stride[1]` and goes to `o * dst_stride + i * src_stride[2]`. A bool in memory is 0 or
/// 1 in a tile.
pub(crate) fn convert(from: DType, to: DType) -> Kernel {
    match (from, to) {
        (DType::Bool, DType::F64) => Convert::<bool, f64>::run,
        (DType::Bool, _) => Convert::<bool, f32>::run,
        (DType::F64, DType::Bool) => Convert::<f64, bool>::run,
        (_, DType::Bool) => Convert::<f32, bool>::run,
        (DType::F64, _) => Convert::<f64, f64>::run,
        _ => Convert::<f32, f32>::run,
    }
}

struct Convert<S, D>(PhantomData<(S, D)>);
impl<S: Element, D: Element> Convert<S, D> {
    unsafe fn run(args: &Args) {
        let [outer_step, from_step, to_step] = args.src_stride;
        for o in 0..args.outer {
            // SAFETY: the caller promises `outer` segments of `inner` elements with these strides on both sides.
            unsafe {
                let (d, s) = (args.to::<D>(o), args.src[0].cast::<S>().add(o * outer_step));
                for i in 0..args.inner {
                    d.add(i * to_step).write(D::from_f64((*s.add(i * from_step)).to_f64()));
                }
            }
        }
    }
}

/// Asks for the line of memory at `p`, which may be any address.
#[inline(always)]
pub(crate) fn prefetch_line<T>(p: *const T) {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: a prefetch reads nothing and never fails.
    unsafe {
        std::arch::x86_64::_mm_prefetch::<{ std::arch::x86_64::_MM_HINT_T0 }>(p.cast())
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = p;
}

/// An n-dimensional walk over two buffers: lengths, and elements between neighbours on each side.
#[derive(Clone, Debug)]
pub(crate) struct Strided {
    pub(crate) shape: Vec<usize>,
    pub(crate) src: Vec<usize>,
    pub(crate) dst: Vec<usize>,
}

impl Strided {
    /// Calls `visit(source element, destination element)` for each row of the last axis.
    fn rows(&self, axis: usize, s: usize, d: usize, visit: &mut impl FnMut(usize, usize)) {
        if axis + 1 >= self.shape.len() {
            return visit(s, d);
        }
        for i in 0..self.shape[axis] {
            self.rows(axis + 1, s + i * self.src[axis], d + i * self.dst[axis], visit);
        }
    }

    /// Length and strides of the last axis; one element where there is none.
    fn last(&self) -> (usize, usize, usize) {
        match self.shape.len() {
            0 => (1, 0, 0),
            n => (self.shape[n - 1], self.src[n - 1], self.dst[n - 1]),
        }
    }
}

/// Copies elements of `size` bytes.
///
/// # Safety
/// Both pointers are valid for all elements of the walk, and the buffers do not overlap.
pub(crate) unsafe fn strided_copy(walk: &Strided, size: usize, src: *const u8, dst: *mut u8) {
    unsafe fn typed<T: Copy>(walk: &Strided, src: *const T, dst: *mut T) {
        let (n, from, to) = walk.last();
        walk.rows(0, 0, 0, &mut |s, d| {
            // SAFETY: the caller's promise.
            unsafe {
                let (s, d) = (src.add(s), dst.add(d));
                if (from, to) == (1, 1) {
                    s.copy_to_nonoverlapping(d, n);
                } else {
                    for i in 0..n {
                        d.add(i * to).write(s.add(i * from).read());
                    }
                }
            }
        });
    }
    // SAFETY: the caller's promise; elements of one size are moved as bits.
    unsafe {
        match size {
            1 => typed::<u8>(walk, src, dst),
            4 => typed::<u32>(walk, src.cast(), dst.cast()),
            _ => typed::<u64>(walk, src.cast(), dst.cast()),
        }
    }
}

/// Reduces into the `n` results at `dst`, whose strides are 0 along the reduced axes.
///
/// # Safety
/// As for [`strided_copy`].
pub(crate) unsafe fn strided_reduce(
    walk: &Strided,
    reduction: Reduction,
    dtype: DType,
    n: usize,
    src: *const u8,
    dst: *mut u8,
) {
    unsafe fn typed<T: Element>(walk: &Strided, start: T, n: usize, src: *const T, dst: *mut T, join: fn(T, T) -> T) {
        let (length, from, to) = walk.last();
        // SAFETY: the caller's promise.
        unsafe {
            for i in 0..n {
                dst.add(i).write(start);
            }
            walk.rows(0, 0, 0, &mut |s, d| {
                for i in 0..length {
                    let to = dst.add(d + i * to);
                    *to = join(*to, *src.add(s + i * from));
                }
            });
        }
    }
    unsafe fn real<T: Real>(walk: &Strided, r: Reduction, n: usize, src: *const u8, dst: *mut u8) {
        let (start, join): (T, fn(T, T) -> T) = match r {
            Reduction::Sum => (T::ZERO, |a, b| a + b),
            Reduction::Max => (T::NEG_INFINITY, T::larger),
            Reduction::Min => (T::INFINITY, T::smaller),
        };
        // SAFETY: the caller's promise.
        unsafe { typed(walk, start, n, src.cast(), dst.cast(), join) }
    }
    // SAFETY: the caller's promise.
    unsafe {
        match dtype {
            DType::F32 => real::<f32>(walk, reduction, n, src, dst),
            DType::F64 => real::<f64>(walk, reduction, n, src, dst),
            _ => {
                let (start, join): (i64, fn(i64, i64) -> i64) = match reduction {
                    Reduction::Sum => (0, i64::wrapping_add),
                    Reduction::Max => (i64::MIN, i64::max),
                    Reduction::Min => (i64::MAX, i64::min),
                };
                typed(walk, start, n, src.cast(), dst.cast(), join)
            }
        }
    }
}

/// Converts `n` elements as [`Element`] says.
///
/// # Safety
/// Both pointers are valid for `n` elements of their types, and the buffers do not overlap.
pub(crate) unsafe fn cast(from: DType, to: DType, n: usize, src: *const u8, dst: *mut u8) {
    unsafe fn between<S: Element, D: Element>(n: usize, src: *const u8, dst: *mut u8) {
        for i in 0..n {
            // SAFETY: the caller's promise.
            unsafe {
                let x = *src.cast::<S>().add(i);
                let y = if S::DTYPE == DType::I64 { D::from_i64(x.to_i64()) } else { D::from_f64(x.to_f64()) };
                dst.cast::<D>().add(i).write(y);
            }
        }
    }
    unsafe fn of<S: Element>(to: DType, n: usize, src: *const u8, dst: *mut u8) {
        // SAFETY: the caller's promise.
        unsafe {
            match to {
                DType::Bool => between::<S, bool>(n, src, dst),
                DType::I64 => between::<S, i64>(n, src, dst),
                DType::F32 => between::<S, f32>(n, src, dst),
                DType::F64 => between::<S, f64>(n, src, dst),
            }
        }
    }
    // SAFETY: the caller's promise.
    unsafe {
        match from {
            DType::Bool => of::<bool>(to, n, src, dst),
            DType::I64 => of::<i64>(to, n, src, dst),
            DType::F32 => of::<f32>(to, n, src, dst),
            DType::F64 => of::<f64>(to, n, src, dst),
        }
    }
}
