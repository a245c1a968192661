//! Matrix products, in the manner of BLIS (Van Zee and van de Geijn 2015): blocks of both operands are packed into
//! scratch memory in the order in which the innermost loop reads them, and that loop keeps a tile of the result in
//! registers.
//!
//! The `gemm` crate allocates its packing buffers as it runs, and a run of a plan allocates nothing; here the scratch is
//! part of the workspace, and bias and activation are applied while a block is hot.

use super::{ALIGN, Args, Isa, Kernel};
use crate::DType;

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
    pub(crate) isa: Isa,
}

/// Operations below which a product is not worth a second thread: about 20 microseconds.
const SMALL: usize = 1 << 21;

impl MatMul {
    /// Parts that threads can compute at the same time. An element's bits do not depend on the part it is in.
    pub(crate) fn parts(&self) -> usize {
        if self.m * self.n * self.k < SMALL { 1 } else { super::threads().min(16) }
    }

    /// Part `i` of `parts`: its first row and column, and the product that it is. Rows are cut at whole tiles, columns at
    /// whole vectors, whichever are more.
    pub(crate) fn part(&self, i: usize, parts: usize) -> (usize, usize, MatMul) {
        let cut = |n: usize, step: usize| {
            let each = n.div_ceil(parts).next_multiple_of(step);
            let from = (i * each).min(n);
            (from, each.min(n - from))
        };
        if self.m >= self.n {
            let (row, m) = cut(self.m, 12);
            (row, 0, MatMul { m, ..*self })
        } else {
            let (column, n) = cut(self.n, 2 * ALIGN / self.dtype.size());
            (0, column, MatMul { n, ..*self })
        }
    }
}

/// What is done to the product before it leaves the cache.
#[derive(Clone, Copy)]
pub(crate) struct Epilogue {
    /// A row of `n` elements that is added to each row; null where there is none.
    pub(crate) bias: *const u8,
    /// An elementwise function of the sum.
    pub(crate) activation: Option<Kernel>,
}

/// Bytes of both operands' blocks: `K` deep, so that a panel of the second (K by a register tile's width) stays in
/// 32 KiB of L1; `M` rows of the first stay in L2.
const M: usize = 144;
const N: usize = 1024;
const fn depth(size: usize) -> usize {
    832 / size
}

/// Bytes of scratch memory that a product of this type needs.
pub(crate) fn scratch(p: &MatMul) -> usize {
    let size = p.dtype.size();
    let k = depth(size).min(p.k.max(1));
    let widest = 2 * ALIGN / size;
    let (rows, columns) = (M.min(p.m.next_multiple_of(12)), N.min(p.n.next_multiple_of(widest)));
    (k * rows * size).next_multiple_of(ALIGN) + k * columns * size
}

/// `c = epilogue(a b)`.
///
/// # Safety
/// The pointers are valid for the matrices, `scratch` for [`scratch`] bytes (aligned to [`ALIGN`]); `c` and `scratch`
/// overlap nothing else. The machine has the instruction set.
pub(crate) unsafe fn matmul(p: &MatMul, a: *const u8, b: *const u8, c: *mut u8, epilogue: &Epilogue, scratch: *mut u8) {
    // SAFETY: the caller's promise.
    unsafe {
        match (p.isa, p.dtype) {
            #[cfg(target_arch = "x86_64")]
            (Isa::Avx512, DType::F64) => x86::avx512::<x86::F64x8, 12>(p, a, b, c, epilogue, scratch),
            #[cfg(target_arch = "x86_64")]
            (Isa::Avx512, _) => x86::avx512::<x86::F32x16, 12>(p, a, b, c, epilogue, scratch),
            #[cfg(target_arch = "x86_64")]
            (Isa::Avx2, DType::F64) => x86::avx2::<x86::F64x4, 6>(p, a, b, c, epilogue, scratch),
            #[cfg(target_arch = "x86_64")]
            (Isa::Avx2, _) => x86::avx2::<x86::F32x8, 6>(p, a, b, c, epilogue, scratch),
            (_, DType::F64) => blocks::<Lanes<f64, 2>, 4>(p, a, b, c, epilogue, scratch),
            _ => blocks::<Lanes<f32, 4>, 4>(p, a, b, c, epilogue, scratch),
        }
    }
}

/// A vector register.
trait Vector: Copy {
    type T: Copy + Default + std::ops::Add<Output = Self::T>;
    const LANES: usize;
    unsafe fn splat(x: Self::T) -> Self;
    unsafe fn load(p: *const Self::T) -> Self;
    unsafe fn store(self, p: *mut Self::T);
    unsafe fn add(self, other: Self) -> Self;
    /// `self + a * b`
    unsafe fn add_product(self, a: Self, b: Self) -> Self;
}

#[derive(Clone, Copy)]
struct Lanes<T, const L: usize>([T; L]);
macro_rules! lanes {
    ($t:ty, $l:literal) => {
        impl Vector for Lanes<$t, $l> {
            type T = $t;
            const LANES: usize = $l;
            #[inline(always)]
            unsafe fn splat(x: $t) -> Self {
                Lanes([x; $l])
            }
            #[inline(always)]
            unsafe fn load(p: *const $t) -> Self {
                // SAFETY: the caller gives a pointer to a vector's worth of elements.
                Lanes(unsafe { p.cast::<[$t; $l]>().read_unaligned() })
            }
            #[inline(always)]
            unsafe fn store(self, p: *mut $t) {
                // SAFETY: as above.
                unsafe { p.cast::<[$t; $l]>().write_unaligned(self.0) }
            }
            #[inline(always)]
            unsafe fn add(mut self, other: Self) -> Self {
                for i in 0..$l {
                    self.0[i] += other.0[i];
                }
                self
            }
            #[inline(always)]
            unsafe fn add_product(mut self, a: Self, b: Self) -> Self {
                for i in 0..$l {
                    self.0[i] += a.0[i] * b.0[i];
                }
                self
            }
        }
    };
}
lanes!(f32, 4);
lanes!(f64, 2);

#[cfg(target_arch = "x86_64")]
mod x86 {
    use std::arch::x86_64::*;

    use super::{Epilogue, MatMul, Vector, blocks};

    macro_rules! vector {
        ($name:ident, $register:ty, $t:ty, $lanes:literal, $splat:ident, $load:ident, $store:ident, $add:ident, $fma:ident) => {
            #[derive(Clone, Copy)]
            pub(super) struct $name($register);
            // SAFETY (all five): called only from kernels compiled for the instruction set, with pointers to a
            // vector's worth of elements.
            impl Vector for $name {
                type T = $t;
                const LANES: usize = $lanes;
                #[inline(always)]
                unsafe fn splat(x: $t) -> Self {
                    $name(unsafe { $splat(x) })
                }
                #[inline(always)]
                unsafe fn load(p: *const $t) -> Self {
                    $name(unsafe { $load(p) })
                }
                #[inline(always)]
                unsafe fn store(self, p: *mut $t) {
                    unsafe { $store(p, self.0) }
                }
                #[inline(always)]
                unsafe fn add(self, other: Self) -> Self {
                    $name(unsafe { $add(self.0, other.0) })
                }
                #[inline(always)]
                unsafe fn add_product(self, a: Self, b: Self) -> Self {
                    $name(unsafe { $fma(a.0, b.0, self.0) })
                }
            }
        };
    }
    vector!(F32x16, __m512, f32, 16, _mm512_set1_ps, _mm512_loadu_ps, _mm512_storeu_ps, _mm512_add_ps, _mm512_fmadd_ps);
    vector!(F64x8, __m512d, f64, 8, _mm512_set1_pd, _mm512_loadu_pd, _mm512_storeu_pd, _mm512_add_pd, _mm512_fmadd_pd);
    vector!(F32x8, __m256, f32, 8, _mm256_set1_ps, _mm256_loadu_ps, _mm256_storeu_ps, _mm256_add_ps, _mm256_fmadd_ps);
    vector!(F64x4, __m256d, f64, 4, _mm256_set1_pd, _mm256_loadu_pd, _mm256_storeu_pd, _mm256_add_pd, _mm256_fmadd_pd);

    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,fma")]
    pub(super) unsafe fn avx512<V: Vector, const MR: usize>(
        p: &MatMul,
        a: *const u8,
        b: *const u8,
        c: *mut u8,
        e: &Epilogue,
        scratch: *mut u8,
    ) {
        // SAFETY: the caller's promise.
        unsafe { blocks::<V, MR>(p, a, b, c, e, scratch) }
    }

    #[target_feature(enable = "avx2,fma")]
    pub(super) unsafe fn avx2<V: Vector, const MR: usize>(
        p: &MatMul,
        a: *const u8,
        b: *const u8,
        c: *mut u8,
        e: &Epilogue,
        scratch: *mut u8,
    ) {
        // SAFETY: the caller's promise.
        unsafe { blocks::<V, MR>(p, a, b, c, e, scratch) }
    }
}

/// The three loops over blocks, and the packing between them.
#[inline(always)]
unsafe fn blocks<V: Vector, const MR: usize>(
    p: &MatMul,
    a: *const u8,
    b: *const u8,
    c: *mut u8,
    epilogue: &Epilogue,
    scratch: *mut u8,
) {
    let width = 2 * V::LANES;
    let size = size_of::<V::T>();
    let (a, b, c): (*const V::T, *const V::T, *mut V::T) = (a.cast(), b.cast(), c.cast());
    // Equal parts of at most the depth that fits: 784 is cut into four of 196, not into 208, 208, 208 and 160.
    let parts = p.k.div_ceil(depth(size)).max(1);
    let deep = p.k.div_ceil(parts);
    let packed_a: *mut V::T = scratch.cast();
    // SAFETY: `scratch()` counted both blocks; every index below stays inside of the matrices' m, n and k.
    unsafe {
        let rows = M.min(p.m.next_multiple_of(12));
        let packed_b: *mut V::T =
            scratch.add((depth(size).min(p.k.max(1)) * rows * size).next_multiple_of(ALIGN)).cast();
        for j in (0..p.n).step_by(N) {
            let n = N.min(p.n - j);
            for part in 0..parts {
                let l = part * deep;
                let k = deep.min(p.k - l);
                pack(b.add(l * p.b_strides.0 + j * p.b_strides.1), p.b_strides, k, n, width, packed_b);
                for i in (0..p.m).step_by(M) {
                    let m = M.min(p.m - i);
                    let from = a.add(i * p.a_strides.0 + l * p.a_strides.1);
                    pack(from, (p.a_strides.1, p.a_strides.0), k, m, MR, packed_a);
                    let bias = if part == 0 { epilogue.bias.cast::<V::T>() } else { std::ptr::null() };
                    let bias = if bias.is_null() { bias } else { bias.add(j) };
                    let to = c.add(i * p.c_stride + j);
                    block::<V, MR>(packed_a, packed_b, (m, n, k), to, p.c_stride, bias, part > 0);
                    if let (Some(kernel), true) = (epilogue.activation, part + 1 == parts) {
                        activate(kernel, to.cast(), p.c_stride, m, n);
                    }
                }
            }
        }
    }
}

unsafe fn activate(kernel: Kernel, c: *mut u8, stride: usize, m: usize, n: usize) {
    let args = Args {
        dst: c,
        src: [c; 3],
        dst_stride: stride,
        src_stride: [stride; 3],
        outer: m,
        inner: n,
        accumulate: false,
    };
    // SAFETY: the m by n block at `c` is the caller's own.
    unsafe { kernel(&args) }
}

/// Copies `k` by `n` elements into panels of `width` columns, each row of a panel together, zeros beyond `n`.
#[inline(always)]
unsafe fn pack<T: Copy + Default>(
    from: *const T,
    (row, column): (usize, usize),
    k: usize,
    n: usize,
    width: usize,
    to: *mut T,
) {
    for panel in 0..n.div_ceil(width) {
        let filled = width.min(n - panel * width);
        // SAFETY: the caller gives a k by n matrix and scratch memory for its panels.
        unsafe {
            let (from, to) = (from.add(panel * width * column), to.add(panel * width * k));
            if column == 1 && filled == width {
                for l in 0..k {
                    from.add(l * row).copy_to_nonoverlapping(to.add(l * width), width);
                }
                continue;
            }
            for j in 0..filled {
                for l in 0..k {
                    to.add(l * width + j).write(from.add(l * row + j * column).read());
                }
            }
            for (l, j) in (0..k).flat_map(|l| (filled..width).map(move |j| (l, j))) {
                to.add(l * width + j).write(T::default());
            }
        }
    }
}

/// The product of a packed block of each operand, tile by tile.
#[inline(always)]
unsafe fn block<V: Vector, const MR: usize>(
    a: *const V::T,
    b: *const V::T,
    (m, n, k): (usize, usize, usize),
    c: *mut V::T,
    stride: usize,
    bias: *const V::T,
    accumulate: bool,
) {
    let width = 2 * V::LANES;
    for j in (0..n).step_by(width) {
        for i in (0..m).step_by(MR) {
            let (rows, columns) = (MR.min(m - i), width.min(n - j));
            // SAFETY: the panels at i and j hold k rows of MR and of `width` elements; the tile of c is rows by columns.
            unsafe {
                let tile = tile::<V, MR>(a.add(i * k), b.add(j * k), k);
                let to = c.add(i * stride + j);
                let bias = if bias.is_null() { bias } else { bias.add(j) };
                match columns == width {
                    true => write_tile(&tile, rows, to, stride, bias, accumulate),
                    false => write_edge(&tile, rows, columns, to, stride, bias, accumulate),
                }
            }
        }
    }
}

#[inline(always)]
unsafe fn tile<V: Vector, const MR: usize>(a: *const V::T, b: *const V::T, k: usize) -> [[V; 2]; MR] {
    // SAFETY: the caller's panels.
    unsafe {
        let mut sums = [[V::splat(V::T::default()); 2]; MR];
        for l in 0..k {
            let right = [V::load(b.add(l * 2 * V::LANES)), V::load(b.add(l * 2 * V::LANES + V::LANES))];
            for (i, sum) in sums.iter_mut().enumerate() {
                let left = V::splat(*a.add(l * MR + i));
                sum[0] = sum[0].add_product(left, right[0]);
                sum[1] = sum[1].add_product(left, right[1]);
            }
        }
        sums
    }
}

#[inline(always)]
unsafe fn write_tile<V: Vector, const MR: usize>(
    tile: &[[V; 2]; MR],
    rows: usize,
    to: *mut V::T,
    stride: usize,
    bias: *const V::T,
    accumulate: bool,
) {
    for (i, sums) in tile.iter().enumerate().take(rows) {
        for (half, sum) in sums.iter().enumerate() {
            // SAFETY: the caller's tile of the result has `rows` rows of full width.
            unsafe {
                let to = to.add(i * stride + half * V::LANES);
                let mut sum = *sum;
                if !bias.is_null() {
                    sum = sum.add(V::load(bias.add(half * V::LANES)));
                }
                if accumulate {
                    sum = sum.add(V::load(to));
                }
                sum.store(to);
            }
        }
    }
}

/// As [`write_tile`], for a tile that is narrower than the registers.
#[inline(never)]
unsafe fn write_edge<V: Vector, const MR: usize>(
    tile: &[[V; 2]; MR],
    rows: usize,
    columns: usize,
    to: *mut V::T,
    stride: usize,
    bias: *const V::T,
    accumulate: bool,
) {
    let sums: *const V::T = tile.as_ptr().cast();
    for (i, j) in (0..rows).flat_map(|i| (0..columns).map(move |j| (i, j))) {
        // SAFETY: vectors are plain elements in memory; the tile of the result is rows by columns.
        unsafe {
            let to = to.add(i * stride + j);
            let mut sum = *sums.add(i * 2 * V::LANES + j);
            if !bias.is_null() {
                sum = sum + *bias.add(j);
            }
            to.write(if accumulate { *to + sum } else { sum });
        }
    }
}
