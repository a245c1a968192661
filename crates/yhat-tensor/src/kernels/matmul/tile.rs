//! A tile of the result, kept in registers while it is summed up.

use super::{super::prefetch_line, vector::Vector};

/// Both operands as a tile reads them: elements from one row of `a` to the next and from one column to the next, and
/// from one row of `b` to the next. A row of `b` lies together.
#[derive(Clone, Copy)]
pub(super) struct Walk {
    pub(super) a: (usize, usize),
    pub(super) b: usize,
    pub(super) k: usize,
}

/// `MR` rows times `W` vectors of columns. Lines of the `AHEAD`th next row of `b` are asked for, where that is not 0.
///
/// # Safety
/// `a` has MR rows and k columns, `b` k rows of W vectors; the machine has the instruction set.
#[inline(always)]
pub(super) unsafe fn tile<V: Vector, const MR: usize, const W: usize, const AHEAD: usize>(
    a: *const V::T,
    b: *const V::T,
    walk: Walk,
) -> [[V; W]; MR] {
    // SAFETY: the caller's promise.
    unsafe {
        let mut sums = [[V::splat(V::T::default()); W]; MR];
        for l in 0..walk.k {
            let row = b.add(l * walk.b);
            if AHEAD > 0 {
                (0..W).for_each(|w| prefetch_line(row.wrapping_add(AHEAD * walk.b + w * V::LANES)));
            }
            let right: [V; W] = std::array::from_fn(|w| V::load(row.add(w * V::LANES)));
            for (i, sums) in sums.iter_mut().enumerate() {
                let left = V::splat(*a.add(i * walk.a.0 + l * walk.a.1));
                for (sum, right) in sums.iter_mut().zip(right) {
                    *sum = sum.add_product(left, right);
                }
            }
        }
        sums
    }
}

/// Where a tile goes, and what is done to it on the way.
pub(super) struct Target<T> {
    pub(super) to: *mut T,
    /// Elements from one row to the next.
    pub(super) stride: usize,
    /// Columns, if the tile has more.
    pub(super) columns: usize,
    /// A row that is added to each row; null where there is none.
    pub(super) bias: *const T,
    /// Adds to what is there.
    pub(super) accumulate: bool,
}

/// Writes the tile's rows from `first` on.
///
/// # Safety
/// The target has room for as many rows and columns; the bias has as many columns.
#[inline(always)]
pub(super) unsafe fn write<V: Vector, const MR: usize, const W: usize>(
    tile: &[[V; W]; MR],
    first: usize,
    target: &Target<V::T>,
) {
    if target.columns < W * V::LANES {
        // SAFETY: the caller's promise.
        return unsafe { write_edge(tile, first, target) };
    }
    for (i, sums) in tile.iter().enumerate().skip(first) {
        for (w, sum) in sums.iter().enumerate() {
            // SAFETY: row i and vector w are in the target, which is of full width.
            unsafe {
                let to = target.to.add(i * target.stride + w * V::LANES);
                let mut sum = *sum;
                if !target.bias.is_null() {
                    sum = sum.add(V::load(target.bias.add(w * V::LANES)));
                }
                if target.accumulate {
                    sum = sum.add(V::load(to));
                }
                sum.store(to);
            }
        }
    }
}

/// As [`write`], element by element, for a target that is narrower than the tile.
#[inline(never)]
unsafe fn write_edge<V: Vector, const MR: usize, const W: usize>(
    tile: &[[V; W]; MR],
    first: usize,
    target: &Target<V::T>,
) {
    let sums: *const V::T = tile.as_ptr().cast();
    for (i, j) in (first..MR).flat_map(|i| (0..target.columns).map(move |j| (i, j))) {
        // SAFETY: vectors are plain elements in memory; row i and column j are in the target.
        unsafe {
            let to = target.to.add(i * target.stride + j);
            let mut sum = *sums.add(i * W * V::LANES + j);
            if !target.bias.is_null() {
                sum = sum + *target.bias.add(j);
            }
            to.write(if target.accumulate { *to + sum } else { sum });
        }
    }
}
