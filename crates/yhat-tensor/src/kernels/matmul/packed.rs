//! Products of many rows: the second operand is packed into scratch memory, block by block, in the order in which the
//! innermost loop reads it.
//!
//! The first is read where it lies. A tile reads twelve of its rows, an element each at a time, and these stay in L1 for as
//! long as the tile takes; packing them as BLIS does costs a pass over memory that half a tile's worth of columns does not
//! earn back (128 x 784 by 784 x 256: 217 GFLOP/s with it, 238 without; 392 x 128 by 128 x 512: the same; 2026-11-27).

use std::ops::Range;

use super::{
    ALIGN, Epilogue, MatMul,
    tile::{Target, Walk, begin, tile, write},
    vector::{Vector, transpose},
};
use crate::real::Real;

/// Rows of the first operand that stay in L2 while all columns of a block go by.
const M: usize = 144;
/// Columns of a block.
const N: usize = 1024;

/// How deep a block is at most: 896 floats. A panel, that deep and two vectors wide, is 112 KiB: it streams from L2, which a
/// tile's 24 products for every two vectors leave time for, and the result is read and written the less often. (1024 x 784
/// by 784 x 512 takes 5 % less in one block than in two; with 1,024 floats, of which L2 has no room for all that is read again,
/// 512 x 1024 by 1024 x 512 takes 12 % more; 2026-11-27.)
const fn depth(size: usize) -> usize {
    3584 / size
}

/// Columns of a panel, at most.
const fn width(size: usize) -> usize {
    2 * ALIGN / size
}

/// Bytes of scratch memory that a product of this type needs.
pub(super) fn scratch(p: &MatMul) -> usize {
    let size = p.dtype.size();
    depth(size).min(p.k.max(1)) * N.min(p.n.next_multiple_of(width(size))) * size
}

/// The product, for at least `MR` rows, by tiles of as many rows and of `W` vectors of columns.
///
/// # Safety
/// As for [`super::matmul`].
#[inline(always)]
pub(super) unsafe fn product<V: Vector, const MR: usize, const W: usize>(
    p: &MatMul,
    (a, b, c): (*const V::T, *const V::T, *mut V::T),
    epilogue: &Epilogue,
    packed: *mut V::T,
) {
    // Equal parts of at most the depth that fits: 784 is cut into two of 392, not into 512 and 272.
    let parts = p.k.div_ceil(depth(size_of::<V::T>())).max(1);
    let deep = p.k.div_ceil(parts);
    let whole = epilogue.target(p, c);
    // SAFETY: `scratch()` counted a block; every index below stays inside of the matrices' m, n and k.
    unsafe {
        for j in (0..p.n).step_by(N) {
            let n = N.min(p.n - j);
            for part in 0..parts {
                let (l, last) = (part * deep, part + 1 == parts);
                let k = deep.min(p.k - l);
                pack::<V, W>(b.add(l * p.b_strides.0 + j * p.b_strides.1), p.b_strides, k, n, packed);
                let mut target = Target { columns: n, accumulate: part > 0, ..whole.part(0, j) };
                if !last {
                    (target.bias, target.floor) = (std::ptr::null(), V::T::NEG_INFINITY);
                }
                for i in (0..p.m).step_by(M) {
                    let rows = i..(i + M).min(p.m);
                    block::<V, MR, W>((a.add(l * p.a_strides.1), p.a_strides), packed, k, rows.clone(), &target);
                    if last {
                        epilogue.activate(&target.part(i, 0), rows.len());
                    }
                }
            }
        }
    }
}

/// `rows` of the result's block: those of `a` times a packed block, tile by tile.
///
/// What is left over of the rows takes a smaller tile if one will do (batches are powers of two, and end with 4 or 8 rows).
#[inline(always)]
unsafe fn block<V: Vector, const MR: usize, const W: usize>(
    (a, a_strides): (*const V::T, (usize, usize)),
    packed: *const V::T,
    k: usize,
    rows: Range<usize>,
    target: &Target<V::T>,
) {
    let width = W * V::LANES;
    let walk = Walk { a: a_strides, b: width, k };
    for j in (0..target.columns).step_by(width) {
        // SAFETY: the matrices have at least MR rows, the block a panel of k rows at each j.
        unsafe {
            let panel = packed.add(j * k);
            let target = target.part(0, j);
            for i in rows.clone().step_by(MR) {
                match rows.end - i {
                    ..=4 if MR > 4 => rows_from::<V, 4, W>(i, rows.end, a, panel, walk, &target),
                    ..=8 if MR > 8 => rows_from::<V, 8, W>(i, rows.end, a, panel, walk, &target),
                    _ => rows_from::<V, MR, W>(i, rows.end, a, panel, walk, &target),
                }
            }
        }
    }
}

/// Up to `MR` rows from row `i` on. Where there are fewer before the `end`, the tile begins above, with rows that are there
/// already.
#[inline(always)]
unsafe fn rows_from<V: Vector, const MR: usize, const W: usize>(
    i: usize,
    end: usize,
    a: *const V::T,
    panel: *const V::T,
    walk: Walk,
    target: &Target<V::T>,
) {
    let from = i.min(end - MR);
    // SAFETY: the caller's matrices have the rows from `from` to `end`.
    unsafe {
        let target = target.part(from, 0);
        let sums = tile::<V, MR, W, 0>(begin(&target), a.add(from * walk.a.0), panel, walk);
        write(sums, i - from, &target);
    }
}

/// Copies `k` by `n` elements into panels of `W` vectors of columns, each row of a panel together, zeros beyond `n`.
#[inline(always)]
unsafe fn pack<V: Vector, const W: usize>(
    from: *const V::T,
    (row, column): (usize, usize),
    k: usize,
    n: usize,
    to: *mut V::T,
) {
    let width = W * V::LANES;
    for j in (0..n).step_by(width) {
        let filled = width.min(n - j);
        // SAFETY: the caller gives a k by n matrix and scratch memory for its panels.
        unsafe {
            let (from, to) = (from.add(j * column), to.add(j * k));
            if column == 1 && filled == width {
                for l in 0..k {
                    from.add(l * row).copy_to_nonoverlapping(to.add(l * width), width);
                }
                continue;
            }
            let mut done = 0;
            if row == 1 && filled == width {
                done = k / V::LANES * V::LANES;
                for (l, i) in (0..done).step_by(V::LANES).flat_map(|l| (0..W).map(move |w| (l, w * V::LANES))) {
                    transpose::<V>(from.add(i * column + l), column, to.add(l * width + i), width);
                }
            }
            for (l, i) in (done..k).flat_map(|l| (0..width).map(move |i| (l, i))) {
                let element = if i < filled { from.add(l * row + i * column).read() } else { V::T::ZERO };
                to.add(l * width + i).write(element);
            }
        }
    }
}
