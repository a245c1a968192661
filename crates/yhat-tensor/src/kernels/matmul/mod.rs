//! Matrix products, in the manner of BLIS (Van Zee and van de Geijn 2015): loops over blocks, and in the innermost a tile
//! of the result in registers (`tile`). Many rows have the second operand packed (`packed`), few read it as it is (`thin`).
//!
//! The `gemm` crate allocates its packing buffers as it runs, and a run of a plan allocates nothing; here the scratch is
//! part of the workspace, and bias and activation are applied while a block is hot.

mod packed;
mod thin;
mod tile;
mod vector;

use tile::Target;
use vector::{Lanes, Vector};

use super::{ALIGN, Args, Isa, Kernel};
use crate::{DType, real::Real};

/// One product of an `m` by `k` and a `k` by `n` matrix: strides in elements between rows and between columns.
#[derive(Clone, Copy, Debug)]
pub(crate) struct MatMul {
    pub(crate) dtype: DType,
    pub(crate) m: usize,
    pub(crate) n: usize,
    pub(crate) k: usize,
    pub(crate) a_strides: (usize, usize),
    pub(crate) b_strides: (usize, usize),
    /// Elements from one row of the result to the next.
    pub(crate) c_stride: usize,
    /// How it is computed, which is chosen for the whole and kept by its parts.
    pub(crate) method: Method,
    pub(crate) isa: Isa,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Method {
    Packed,
    Thin,
}

/// Operations below which a packed product is not worth a second thread: about 5 microseconds.
const SMALL: usize = 1 << 19;
/// Bytes of the second operand below which a thin product is not worth one: about 5 microseconds.
const SMALL_THIN: usize = 1 << 19;

impl Method {
    /// For `m` rows and a second operand with these strides.
    pub(crate) fn of(m: usize, b_strides: (usize, usize)) -> Method {
        if m <= thin::ROWS && b_strides.1 == 1 { Method::Thin } else { Method::Packed }
    }
}

impl MatMul {
    /// Parts that threads can compute at the same time. An element's bits do not depend on the part it is in.
    pub(crate) fn parts(&self) -> usize {
        let small = match self.method {
            Method::Packed => self.m * self.n * self.k < SMALL,
            Method::Thin => self.n * self.k * self.dtype.size() < SMALL_THIN,
        };
        if small { 1 } else { super::threads().min(16) }
    }

    /// Part `i` of `parts`: its first row and column, and the product that it is. Rows are cut at whole tiles, columns at
    /// whole panels. Whoever has some of the rows packs all of the second operand, and whoever has some of the columns reads
    /// all of the first, which is cheaper.
    pub(crate) fn part(&self, i: usize, parts: usize) -> (usize, usize, MatMul) {
        let cut = |n: usize, step: usize| {
            let each = n.div_ceil(parts).next_multiple_of(step);
            let from = (i * each).min(n);
            (from, each.min(n - from))
        };
        let vector = ALIGN / self.dtype.size();
        match self.method {
            Method::Packed if self.m > 4 * self.n => {
                let (row, m) = cut(self.m, 12);
                (row, 0, MatMul { m, ..*self })
            }
            Method::Packed => {
                let (column, n) = cut(self.n, 2 * vector);
                (0, column, MatMul { n, ..*self })
            }
            Method::Thin => {
                let (column, n) = cut(self.n, thin::WIDEST * vector);
                (0, column, MatMul { n, ..*self })
            }
        }
    }
}

/// What is done to the product before it leaves the cache.
#[derive(Clone, Copy)]
pub(crate) struct Epilogue {
    /// A row of `n` elements that is added to each row; null where there is none.
    pub(crate) bias: *const u8,
    /// Whether what is less than 0 becomes 0.
    pub(crate) relu: bool,
    /// Another elementwise function of the sum.
    pub(crate) activation: Option<Kernel>,
}

impl Epilogue {
    /// The result of `p` at `c`, as its tiles write it when they have added up all terms.
    fn target<T: Real>(&self, p: &MatMul, c: *mut T) -> Target<T> {
        let floor = if self.relu { T::ZERO } else { T::NEG_INFINITY };
        Target { to: c, stride: p.c_stride, columns: p.n, accumulate: false, bias: self.bias.cast(), floor }
    }

    /// Applies the activation to `m` rows of a target.
    unsafe fn activate<T>(&self, target: &Target<T>, m: usize) {
        let Some(kernel) = self.activation else { return };
        let (dst, stride): (*mut u8, _) = (target.to.cast(), target.stride);
        let (src, src_stride) = ([dst.cast_const(); 3], [stride; 3]);
        let args =
            Args { dst, src, dst_stride: stride, src_stride, outer: m, inner: target.columns, accumulate: false };
        // SAFETY: the caller's target has the rows.
        unsafe { kernel(&args) }
    }
}

/// Bytes of scratch memory that a product needs.
pub(crate) fn scratch(p: &MatMul) -> usize {
    match p.method {
        Method::Packed => packed::scratch(p),
        Method::Thin => 0,
    }
}

/// `c = epilogue(a b)`.
///
/// # Safety
/// The pointers are valid for the matrices and a vector more, `scratch` for [`scratch`] bytes (aligned to [`ALIGN`]); `c`
/// and `scratch` overlap nothing else. The machine has the instruction set.
pub(crate) unsafe fn matmul(p: &MatMul, a: *const u8, b: *const u8, c: *mut u8, epilogue: &Epilogue, scratch: *mut u8) {
    let matrices = (a, b, c);
    // SAFETY: the caller's promise.
    unsafe {
        match (p.isa, p.dtype) {
            #[cfg(target_arch = "x86_64")]
            (Isa::Avx512, DType::F64) => avx512::<vector::x86::F64x8>(p, matrices, epilogue, scratch),
            #[cfg(target_arch = "x86_64")]
            (Isa::Avx512, _) => avx512::<vector::x86::F32x16>(p, matrices, epilogue, scratch),
            #[cfg(target_arch = "x86_64")]
            (Isa::Avx2, DType::F64) => avx2::<vector::x86::F64x4>(p, matrices, epilogue, scratch),
            #[cfg(target_arch = "x86_64")]
            (Isa::Avx2, _) => avx2::<vector::x86::F32x8>(p, matrices, epilogue, scratch),
            (_, DType::F64) => product::<Lanes<f64, 2>, 4, 4, 8>(p, matrices, epilogue, scratch),
            _ => product::<Lanes<f32, 4>, 4, 4, 8>(p, matrices, epilogue, scratch),
        }
    }
}

type Matrices = (*const u8, *const u8, *mut u8);

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,fma")]
unsafe fn avx512<V: Vector>(p: &MatMul, matrices: Matrices, epilogue: &Epilogue, scratch: *mut u8) {
    // SAFETY: the caller's promise.
    unsafe { product::<V, 12, 8, { thin::WIDEST }>(p, matrices, epilogue, scratch) }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
unsafe fn avx2<V: Vector>(p: &MatMul, matrices: Matrices, epilogue: &Epilogue, scratch: *mut u8) {
    // SAFETY: the caller's promise.
    unsafe { product::<V, 6, 4, 8>(p, matrices, epilogue, scratch) }
}

/// The product with tiles of `MR` rows where there are many, of `W` vectors where there are few, of `ONE` where there is one.
#[inline(always)]
unsafe fn product<V: Vector, const MR: usize, const W: usize, const ONE: usize>(
    p: &MatMul,
    (a, b, c): Matrices,
    epilogue: &Epilogue,
    scratch: *mut u8,
) {
    let matrices = (a.cast(), b.cast(), c.cast());
    // SAFETY: the caller's promise.
    unsafe {
        match p.method {
            Method::Thin => thin::product::<V, W, ONE>(p, matrices, epilogue),
            Method::Packed if p.m < MR => packed::product::<V, 1, 2>(p, matrices, epilogue, scratch.cast()),
            Method::Packed if p.n <= V::LANES => packed::product::<V, MR, 1>(p, matrices, epilogue, scratch.cast()),
            Method::Packed => packed::product::<V, MR, 2>(p, matrices, epilogue, scratch.cast()),
        }
    }
}
