//! A tile of the result, kept in registers while it is summed up.

use super::{super::prefetch_line, vector::Vector};
use crate::real::Real;

/// Both operands as a tile reads them: elements from one row of `a` to the next and from one column to the next, and
/// from one row of `b` to the next. A row of `b` lies together.
#[derive(Clone, Copy)]
pub(super) struct Walk {
    pub(super) a: (usize, usize),
    pub(super) b: usize,
    pub(super) k: usize,
}

/// Adds `MR` rows times `W` vectors of columns to the `sums`. Lines of the `AHEAD`th next row of `b` are asked for, where that is
/// not 0.
///
/// # Safety
/// `a` has MR rows and k columns, `b` k rows of W vectors; the machine has the instruction set.
#[inline(always)]
pub(super) unsafe fn tile<V: Vector, const MR: usize, const W: usize, const AHEAD: usize>(
    mut sums: [[V; W]; MR],
    a: *const V::T,
    b: *const V::T,
    walk: Walk,
) -> [[V; W]; MR] {
    // SAFETY: the caller's promise.
    unsafe {
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
#[derive(Clone, Copy)]
pub(super) struct Target<T> {
    pub(super) to: *mut T,
    /// Elements from one row to the next.
    pub(super) stride: usize,
    /// Columns, if the tile has more.
    pub(super) columns: usize,
    /// Adds to what is there.
    pub(super) accumulate: bool,
    /// A row that is added to each row; null where there is none.
    pub(super) bias: *const T,
    /// What the result is at least: 0 for a relu, or else no bound.
    pub(super) floor: T,
}

impl<T: Real> Target<T> {
    /// The part of the target from this row and column on.
    #[inline(always)]
    pub(super) unsafe fn part(&self, row: usize, column: usize) -> Target<T> {
        // SAFETY: the caller's row and column are in the target.
        unsafe {
            let bias = if self.bias.is_null() { self.bias } else { self.bias.add(column) };
            Target { to: self.to.add(row * self.stride + column), columns: self.columns - column, bias, ..*self }
        }
    }

    /// Whether it has all columns of a tile.
    #[inline(always)]
    fn is_full<V: Vector>(&self, vectors: usize) -> bool {
        self.columns >= vectors * V::LANES
    }
}

/// What a tile's sums begin with: what is there, if that is to be added to, or else zeros. So an element has its terms added in
/// order, however many blocks they are in, and the result is read long before it is written.
///
/// # Safety
/// The target has room for as many rows.
#[inline(always)]
pub(super) unsafe fn begin<V: Vector, const MR: usize, const W: usize>(target: &Target<V::T>) -> [[V; W]; MR] {
    // SAFETY: the caller's promise, and a full target has all vectors.
    unsafe {
        match target.accumulate && target.is_full::<V>(W) {
            true => std::array::from_fn(|i| {
                std::array::from_fn(|w| V::load(target.to.add(i * target.stride + w * V::LANES)))
            }),
            false => [[V::splat(V::T::ZERO); W]; MR],
        }
    }
}

/// Writes the tile's rows from `first` on, which [`begin`] began.
///
/// It takes the tile itself, not where it is, and has no branch between rows, so that sums go from registers to the result: by
/// way of the stack they took a twentieth of the time of a tile 400 deep.
///
/// # Safety
/// The target has room for as many rows and columns; the bias has as many columns.
#[inline(always)]
pub(super) unsafe fn write<V: Vector, const MR: usize, const W: usize>(
    tile: [[V; W]; MR],
    first: usize,
    target: &Target<V::T>,
) {
    // SAFETY: the caller's promise; a full target has all vectors of row i.
    unsafe {
        if first > 0 || !target.is_full::<V>(W) {
            return write_edge(&{ tile }, first, target);
        }
        // Adding -0 changes nothing, not even -0.
        let nothing = [V::splat(-V::T::ZERO); W];
        let has_bias = !target.bias.is_null();
        let bias = if has_bias { std::array::from_fn(|w| V::load(target.bias.add(w * V::LANES))) } else { nothing };
        let floor = V::splat(target.floor);
        for (i, sums) in tile.into_iter().enumerate() {
            for (w, (sum, bias)) in sums.into_iter().zip(bias).enumerate() {
                sum.add(bias).at_least(floor).store(target.to.add(i * target.stride + w * V::LANES));
            }
        }
    }
}

/// As [`write`], element by element, for a target that is narrower than the tile or has some of its rows already.
#[inline(never)]
unsafe fn write_edge<V: Vector, const MR: usize, const W: usize>(
    tile: &[[V; W]; MR],
    first: usize,
    target: &Target<V::T>,
) {
    let sums: *const V::T = tile.as_ptr().cast();
    let (full, columns) = (target.is_full::<V>(W), target.columns.min(W * V::LANES));
    for (i, j) in (first..MR).flat_map(|i| (0..columns).map(move |j| (i, j))) {
        // SAFETY: vectors are plain elements in memory; row i and column j are in the target.
        unsafe {
            let to = target.to.add(i * target.stride + j);
            let mut sum = *sums.add(i * W * V::LANES + j);
            if target.accumulate && !full {
                sum = *to + sum;
            }
            if !target.bias.is_null() {
                sum = sum + *target.bias.add(j);
            }
            to.write(if sum < target.floor { target.floor } else { sum });
        }
    }
}
