//! Products of few rows: the second operand is read once, where it lies, and its size is what they cost.

use super::{
    Epilogue, MatMul,
    tile::{Target, Walk, begin, tile, write},
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
    let target = epilogue.target(p, c);
    // SAFETY: the caller's promise; columns end at n. The last vector of a row may be read beyond its end, which the arena
    // has room for.
    unsafe {
        for j in (0..wide).step_by(W * V::LANES) {
            columns::<V, W>(p, a, b.add(j), &target.part(0, j));
        }
        for j in (wide..p.n).step_by(V::LANES) {
            columns::<V, 1>(p, a, b.add(j), &target.part(0, j));
        }
        epilogue.activate(&target, p.m);
    }
}

/// All rows of the target's first `W` vectors of columns.
#[inline(always)]
unsafe fn columns<V: Vector, const W: usize>(p: &MatMul, a: *const V::T, b: *const V::T, target: &Target<V::T>) {
    let walk = Walk { a: p.a_strides, b: p.b_strides.0, k: p.k };
    for i in (0..p.m).step_by(3) {
        // SAFETY: the caller's promise.
        unsafe {
            let (a, target) = (a.add(i * p.a_strides.0), target.part(i, 0));
            match p.m - i {
                1 => rows::<V, 1, W>(a, b, walk, &target),
                2 => rows::<V, 2, W>(a, b, walk, &target),
                _ => rows::<V, 3, W>(a, b, walk, &target),
            }
        }
    }
}

#[inline(always)]
unsafe fn rows<V: Vector, const MR: usize, const W: usize>(
    a: *const V::T,
    b: *const V::T,
    walk: Walk,
    target: &Target<V::T>,
) {
    // SAFETY: the caller's promise.
    unsafe { write(tile::<V, MR, W, AHEAD>(begin(target), a, b, walk), 0, target) }
}
