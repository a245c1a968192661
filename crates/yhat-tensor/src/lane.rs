//! What the kernels' functions are written over: a number in a loop that the compiler vectorizes, or a vector register of
//! code that is generated when a plan is made. So `exp` and its kin stand in one place ([`functions`]) for both.

pub(crate) mod functions;

use std::ops::{Add, Div, Mul, Neg, Sub};

/// One lane of a vector, or all of them.
///
/// What is said of NaN and of zeros of both signs is what vector instructions do, so that each method is one of them.
pub(crate) trait Lane:
    Copy + Add<Output = Self> + Sub<Output = Self> + Mul<Output = Self> + Div<Output = Self> + Neg<Output = Self>
{
    type Mask: Copy;

    /// Whether it is a float64.
    fn is_double(self) -> bool;
    /// A number of this type, rounded from `x`.
    fn number(self, x: f64) -> Self;
    /// `self * a + b`, rounded once where the machine can.
    fn fma(self, a: Self, b: Self) -> Self;
    fn abs(self) -> Self;
    fn sqrt(self) -> Self;
    fn floor(self) -> Self;
    fn ceil(self) -> Self;
    fn round_even(self) -> Self;
    /// `limit` if `self < limit`, else `self`: NaN stays.
    fn at_least(self, limit: Self) -> Self;
    /// `limit` if `limit < self`, else `self`: NaN stays.
    fn at_most(self, limit: Self) -> Self;
    /// `self * 2^n` for whole `n` of at most twice the range of exponents.
    fn scaled(self, n: Self) -> Self;
    /// The whole `e` with `self = +-m 2^e` and `1 <= m < 2`: minus infinity for 0, infinity for infinity.
    fn exponent(self) -> Self;
    /// `self 2^-n` between 3/4 and 3/2, for the `n` that gets it there; 1 for 0 and infinity, NaN below 0.
    fn mantissa(self) -> Self;
    /// `self` with the sign of `other`.
    fn copysign(self, other: Self) -> Self;

    fn less(self, other: Self) -> Self::Mask;
    fn less_equal(self, other: Self) -> Self::Mask;
    fn equal(self, other: Self) -> Self::Mask;
    fn is_nan(self) -> Self::Mask;
    fn or(a: Self::Mask, b: Self::Mask) -> Self::Mask;
    /// `yes` where `condition`, else `no`.
    fn select(condition: Self::Mask, yes: Self, no: Self) -> Self;
}

/// A float, on a machine with fused multiply-add or without.
#[derive(Clone, Copy)]
pub(crate) struct Number<T, const FUSED: bool>(pub(crate) T);

macro_rules! number {
    ($t:ident, $bits:ident, $signed:ident, $mantissa:literal, $bias:literal, $double:literal) => {
        number!($t: Add add, Sub sub, Mul mul, Div div);

        impl<const FUSED: bool> Neg for Number<$t, FUSED> {
            type Output = Self;
            #[inline(always)]
            fn neg(self) -> Self {
                Number(-self.0)
            }
        }

        impl<const FUSED: bool> Lane for Number<$t, FUSED> {
            type Mask = bool;

            #[inline(always)]
            fn is_double(self) -> bool {
                $double
            }
            #[inline(always)]
            fn number(self, x: f64) -> Self {
                Number(x as $t)
            }
            #[inline(always)]
            fn fma(self, a: Self, b: Self) -> Self {
                // Without the instruction, `mul_add` would be a call.
                Number(if FUSED { self.0.mul_add(a.0, b.0) } else { self.0 * a.0 + b.0 })
            }
            #[inline(always)]
            fn abs(self) -> Self {
                Number(self.0.abs())
            }
            #[inline(always)]
            fn sqrt(self) -> Self {
                Number(self.0.sqrt())
            }
            #[inline(always)]
            fn floor(self) -> Self {
                Number(self.0.floor())
            }
            #[inline(always)]
            fn ceil(self) -> Self {
                Number(self.0.ceil())
            }
            #[inline(always)]
            fn round_even(self) -> Self {
                Number(self.0.round_ties_even())
            }
            #[inline(always)]
            fn at_least(self, limit: Self) -> Self {
                if self.0 < limit.0 { limit } else { self }
            }
            #[inline(always)]
            fn at_most(self, limit: Self) -> Self {
                if limit.0 < self.0 { limit } else { self }
            }
            #[inline(always)]
            fn scaled(self, n: Self) -> Self {
                // The sum has the whole number in the low bits of its mantissa. 2^n is made of two factors, since the
                // largest and the smallest results are no products with one power of two.
                const SHIFT: $t = (3u64 << ($mantissa - 1)) as $t;
                let n = ((n.0 + SHIFT).to_bits() as $signed).wrapping_sub(SHIFT.to_bits() as $signed);
                let power = |n: $signed| <$t>::from_bits((n.wrapping_add($bias) << $mantissa) as $bits);
                let half = n >> 1;
                Number(self.0 * power(half) * power(n - half))
            }
            #[inline(always)]
            fn exponent(self) -> Self {
                let a = self.0.abs();
                let tiny = a < <$t>::MIN_POSITIVE;
                let normal = if tiny { a * (1u64 << $mantissa) as $t } else { a };
                // The exponent's bits as a number without a conversion, which AVX2 has not for 64 bits.
                const WHOLE: $t = (1u64 << $mantissa) as $t;
                let biased = <$t>::from_bits((normal.to_bits() >> $mantissa) | WHOLE.to_bits()) - WHOLE;
                let e = biased - $bias as $t - if tiny { $mantissa as $t } else { 0.0 };
                let e = if self.0 == 0.0 { <$t>::NEG_INFINITY } else { e };
                Number(if a < <$t>::INFINITY { e } else { a })
            }
            #[inline(always)]
            fn mantissa(self) -> Self {
                let tiny = self.0 < <$t>::MIN_POSITIVE;
                let normal = if tiny { self.0 * (1u64 << $mantissa) as $t } else { self.0 };
                const FRACTION: $bits = (1 << $mantissa) - 1;
                let one: $t = 1.0;
                let m = <$t>::from_bits((normal.to_bits() & FRACTION) | one.to_bits());
                let m = if m < 1.5 { m } else { m * 0.5 };
                let m = if self.0 == 0.0 || self.0 == <$t>::INFINITY { 1.0 } else { m };
                Number(if self.0 >= 0.0 { m } else { <$t>::NAN })
            }
            #[inline(always)]
            fn copysign(self, other: Self) -> Self {
                Number(self.0.copysign(other.0))
            }
            #[inline(always)]
            fn less(self, other: Self) -> bool {
                self.0 < other.0
            }
            #[inline(always)]
            fn less_equal(self, other: Self) -> bool {
                self.0 <= other.0
            }
            #[inline(always)]
            fn equal(self, other: Self) -> bool {
                self.0 == other.0
            }
            #[inline(always)]
            fn is_nan(self) -> bool {
                self.0.is_nan()
            }
            #[inline(always)]
            fn or(a: bool, b: bool) -> bool {
                a | b
            }
            #[inline(always)]
            fn select(condition: bool, yes: Self, no: Self) -> Self {
                if condition { yes } else { no }
            }
        }
    };
    ($t:ident: $($trait:ident $method:ident),*) => {$(
        impl<const FUSED: bool> $trait for Number<$t, FUSED> {
            type Output = Self;
            #[inline(always)]
            fn $method(self, other: Self) -> Self {
                Number(self.0.$method(other.0))
            }
        }
    )*};
}
number!(f32, u32, i32, 23, 127, false);
number!(f64, u64, i64, 52, 1023, true);
