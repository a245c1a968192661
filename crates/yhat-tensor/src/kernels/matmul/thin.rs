//! Products of few rows: the second operand is read once, where it lies, and its size is what they cost.

use super::{
    Epilogue, MatMul, activate,
    tile::{Target, Walk, tile, write},
    vector::Vector,
};

/// The most rows. More of them earn what packing costs.
pub(super) const ROWS: usize = 12;

/// The most vectors of columns that go by together.
pub(super) const WIDEST: usize = 16;

/// How many rows ahead lines are asked for. (784 x 512 and 512 x 512 from L3 on two cores take 12.4 microseconds with 4, 12.7 with 2
/// or 8, 13.8 without; from 16 on it is slower than without. 2026-11-27.)
const AHEAD: usize = 4;

/// The product. `W` vectors of columns go by together, so that memory is read some lines at a time, for up to three rows
/// at once, whose sums have registers; the next rows find the columns in L2. A single row leaves registers for `ONE` vectors.
///
/// # Safety
/// As for [`super::matmul`].
#[inline(always)]
pub(super) unsafe fn product<V: Vector, const W: usize, const ONE: usize>(
    p: &MatMul,
    matrices: (*const V::T, *const V::T, *mut V::T),
    epilogue: &Epilogue,
) {
    // SAFETY: the caller's promise.
    unsafe {
        match p.m {
            1 => across::<V, ONE>(p, matrices, epilogue),
            _ => across::<V, W>(p, matrices, epilogue),
        }
    }
}

/// The product, from the first column to the last.
#[inline(always)]
unsafe fn across<V: Vector, const W: usize>(
    p: &MatMul,
    (a, b, c): (*const V::T, *const V::T, *mut V::T),
    epilogue: &Epilogue,
) {
    let wide = p.n - p.n % (W * V::LANES);
    // SAFETY: the caller's promise; columns end at n. The last vector of a row may be read beyond its end, which the arena
    // has room for.
    unsafe {
        let at = |j: usize| (a, b.add(j), c.add(j), epilogue.bias_from(j));
        for j in (0..wide).step_by(W * V::LANES) {
            columns::<V, W>(p, at(j), W * V::LANES);
        }
        for j in (wide..p.n).step_by(V::LANES) {
            columns::<V, 1>(p, at(j), p.n - j);
        }
        if let Some(kernel) = epilogue.activation {
            activate(kernel, c.cast(), p.c_stride, p.m, p.n);
        }
    }
}

/// All rows of some columns.
#[inline(always)]
unsafe fn columns<V: Vector, const W: usize>(
    p: &MatMul,
    (a, b, c, bias): (*const V::T, *const V::T, *mut V::T, *const V::T),
    columns: usize,
) {
    let walk = Walk { a: p.a_strides, b: p.b_strides.0, k: p.k };
    for i in (0..p.m).step_by(3) {
        // SAFETY: the caller's promise.
        unsafe {
            let a = a.add(i * p.a_strides.0);
            let target = Target { to: c.add(i * p.c_stride), stride: p.c_stride, columns, bias, accumulate: false };
            match p.m - i {
                1 => write(&tile::<V, 1, W, AHEAD>(a, b, walk), 0, &target),
                2 => write(&tile::<V, 2, W, AHEAD>(a, b, walk), 0, &target),
                _ => write(&tile::<V, 3, W, AHEAD>(a, b, walk), 0, &target),
            }
        }
    }
}
