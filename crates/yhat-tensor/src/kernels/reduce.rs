//! Reductions along segments and across them.

use std::marker::PhantomData;

use super::{
    Args, Isa, Kernel,
    dispatch::{Loop, compiled},
    lanes, not_across_vectors,
};
use crate::{DType, real::Real, tensor::Reduction};

/// How elements are joined: by a reduction of one operand, or the sum of the products of two.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Fold {
    Reduction(Reduction),
    Dot,
}

impl Fold {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Fold::Reduction(Reduction::Sum) => "sum",
            Fold::Reduction(Reduction::Max) => "max",
            Fold::Reduction(Reduction::Min) => "min",
            Fold::Dot => "dot",
        }
    }
}

trait Join {
    const PRODUCT: bool;
    fn start<T: Real>() -> T;
    fn join<T: Real, const FUSED: bool>(sum: T, a: T, b: T) -> T;
    fn merge<T: Real>(a: T, b: T) -> T;
}

struct Sum;
impl Join for Sum {
    const PRODUCT: bool = false;
    #[inline(always)]
    fn start<T: Real>() -> T {
        T::ZERO
    }
    #[inline(always)]
    fn join<T: Real, const FUSED: bool>(sum: T, a: T, _: T) -> T {
        sum + a
    }
    #[inline(always)]
    fn merge<T: Real>(a: T, b: T) -> T {
        a + b
    }
}
struct Dot;
impl Join for Dot {
    const PRODUCT: bool = true;
    #[inline(always)]
    fn start<T: Real>() -> T {
        T::ZERO
    }
    #[inline(always)]
    fn join<T: Real, const FUSED: bool>(sum: T, a: T, b: T) -> T {
        a.fma::<FUSED>(b, sum)
    }
    #[inline(always)]
    fn merge<T: Real>(a: T, b: T) -> T {
        a + b
    }
}
struct Max;
impl Join for Max {
    const PRODUCT: bool = false;
    #[inline(always)]
    fn start<T: Real>() -> T {
        T::NEG_INFINITY
    }
    #[inline(always)]
    fn join<T: Real, const FUSED: bool>(sum: T, a: T, _: T) -> T {
        sum.larger(a)
    }
    #[inline(always)]
    fn merge<T: Real>(a: T, b: T) -> T {
        a.larger(b)
    }
}
struct Min;
impl Join for Min {
    const PRODUCT: bool = false;
    #[inline(always)]
    fn start<T: Real>() -> T {
        T::INFINITY
    }
    #[inline(always)]
    fn join<T: Real, const FUSED: bool>(sum: T, a: T, _: T) -> T {
        sum.smaller(a)
    }
    #[inline(always)]
    fn merge<T: Real>(a: T, b: T) -> T {
        a.smaller(b)
    }
}

/// `dst[o]` from all elements of segment `o`; the second operand of a dot may be constant along it.
pub(crate) fn fold_inner(fold: Fold, dtype: DType, second_varies: bool, isa: Isa) -> Kernel {
    fn typed<T: Real, const L: usize>(fold: Fold, second_varies: bool, isa: Isa) -> Kernel {
        match (fold, second_varies) {
            (Fold::Reduction(Reduction::Sum), _) => compiled!(isa, Inner::<T, Sum, L, true>),
            (Fold::Reduction(Reduction::Max), _) => compiled!(isa, Inner::<T, Max, L, true>),
            (Fold::Reduction(Reduction::Min), _) => compiled!(isa, Inner::<T, Min, L, true>),
            (Fold::Dot, true) => compiled!(isa, Inner::<T, Dot, L, true>),
            (Fold::Dot, false) => compiled!(isa, Inner::<T, Dot, L, false>),
        }
    }
    match dtype {
        DType::F64 => typed::<f64, 8>(fold, second_varies, isa),
        _ => typed::<f32, 16>(fold, second_varies, isa),
    }
}

/// `dst[i]` from element `i` of all segments; the second operand of a dot may be constant along a segment.
pub(crate) fn fold_outer(fold: Fold, dtype: DType, second_varies: bool, isa: Isa) -> Kernel {
    fn typed<T: Real, const L: usize>(fold: Fold, second_varies: bool, isa: Isa) -> Kernel {
        match (fold, second_varies) {
            (Fold::Reduction(Reduction::Sum), _) => compiled!(isa, Outer::<T, Sum, L, true>),
            (Fold::Reduction(Reduction::Max), _) => compiled!(isa, Outer::<T, Max, L, true>),
            (Fold::Reduction(Reduction::Min), _) => compiled!(isa, Outer::<T, Min, L, true>),
            (Fold::Dot, true) => compiled!(isa, Outer::<T, Dot, L, true>),
            (Fold::Dot, false) => compiled!(isa, Outer::<T, Dot, L, false>),
        }
    }
    match dtype {
        DType::F64 => typed::<f64, 8>(fold, second_varies, isa),
        _ => typed::<f32, 16>(fold, second_varies, isa),
    }
}

struct Inner<T, J, const L: usize, const B: bool>(PhantomData<(T, J)>);
impl<T: Real, J: Join, const L: usize, const B: bool> Loop for Inner<T, J, L, B> {
    #[inline(always)]
    unsafe fn run<const FUSED: bool>(args: &Args) {
        for o in 0..args.outer {
            // SAFETY: the caller promises `outer` segments of `inner` elements, and `outer` results.
            unsafe {
                let a = args.from::<T>(0, o);
                let b = if J::PRODUCT { args.from::<T>(1, o) } else { a };
                // Four vectors of partial results: the additions of one do not wait for the other's, and the rounding
                // error grows with the logarithm of the length rather than with the length.
                let mut sums = [[J::start::<T>(); L]; 4];
                let mut i = 0;
                while i + 4 * L <= args.inner {
                    for (k, sum) in sums.iter_mut().enumerate() {
                        let (x, y) = (lanes::<T, L, true>(a, i + k * L), lanes::<T, L, B>(b, i + k * L));
                        for l in 0..L {
                            sum[l] = J::join::<T, FUSED>(sum[l], x[l], y[l]);
                        }
                    }
                    i += 4 * L;
                    not_across_vectors();
                }
                while i + L <= args.inner {
                    let (x, y) = (lanes::<T, L, true>(a, i), lanes::<T, L, B>(b, i));
                    for l in 0..L {
                        sums[0][l] = J::join::<T, FUSED>(sums[0][l], x[l], y[l]);
                    }
                    i += L;
                    not_across_vectors();
                }
                for (l, i) in (i..args.inner).enumerate() {
                    sums[1][l] = J::join::<T, FUSED>(sums[1][l], *a.add(i), *b.add(if B { i } else { 0 }));
                }
                let mut sum = [J::start::<T>(); L];
                for l in 0..L {
                    sum[l] = J::merge(J::merge(sums[0][l], sums[1][l]), J::merge(sums[2][l], sums[3][l]));
                }
                let mut width = L / 2;
                while width > 0 {
                    for l in 0..width {
                        sum[l] = J::merge(sum[l], sum[l + width]);
                    }
                    width /= 2;
                }
                let d = args.to::<T>(o);
                *d = if args.accumulate { J::merge(*d, sum[0]) } else { sum[0] };
            }
        }
    }
}

struct Outer<T, J, const L: usize, const B: bool>(PhantomData<(T, J)>);
impl<T: Real, J: Join, const L: usize, const B: bool> Outer<T, J, L, B> {
    /// `K` vectors of results at once, in registers while the segments pass.
    #[inline(always)]
    unsafe fn block<const K: usize, const FUSED: bool>(args: &Args, i: usize) {
        // SAFETY: the caller promises segments of at least `i + K * L` elements.
        unsafe {
            let mut sums = [[J::start::<T>(); L]; K];
            for o in 0..args.outer {
                let a = args.from::<T>(0, o);
                let b = if J::PRODUCT { args.from::<T>(1, o) } else { a };
                for (k, sum) in sums.iter_mut().enumerate() {
                    let (x, y) = (lanes::<T, L, true>(a, i + k * L), lanes::<T, L, B>(b, i + k * L));
                    for l in 0..L {
                        sum[l] = J::join::<T, FUSED>(sum[l], x[l], y[l]);
                    }
                }
                not_across_vectors();
            }
            let d = args.to::<T>(0).add(i);
            for (k, sum) in sums.iter_mut().enumerate() {
                let to = d.add(k * L).cast::<[T; L]>();
                if args.accumulate {
                    let before = to.read_unaligned();
                    for l in 0..L {
                        sum[l] = J::merge(before[l], sum[l]);
                    }
                }
                to.write_unaligned(*sum);
            }
        }
    }
}
impl<T: Real, J: Join, const L: usize, const B: bool> Loop for Outer<T, J, L, B> {
    #[inline(always)]
    unsafe fn run<const FUSED: bool>(args: &Args) {
        // SAFETY: the caller promises `outer` segments of `inner` elements, and `inner` results.
        unsafe {
            let mut i = 0;
            while i + 4 * L <= args.inner {
                Self::block::<4, FUSED>(args, i);
                i += 4 * L;
            }
            while i + L <= args.inner {
                Self::block::<1, FUSED>(args, i);
                i += L;
            }
            for i in i..args.inner {
                let mut sum = J::start::<T>();
                for o in 0..args.outer {
                    let a = *args.from::<T>(0, o).add(i);
                    let b = if J::PRODUCT { *args.from::<T>(1, o).add(if B { i } else { 0 }) } else { a };
                    sum = J::join::<T, FUSED>(sum, a, b);
                }
                let d = args.to::<T>(0).add(i);
                *d = if args.accumulate { J::merge(*d, sum) } else { sum };
            }
        }
    }
}
