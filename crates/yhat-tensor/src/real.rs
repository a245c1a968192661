//! Functions of one or two real numbers, for float32 and float64.
//!
//! Each has a plain form, which the interpreter uses and which calls the standard library; and, where the standard
//! library's is a call that can't be vectorized, a `fast_` form for the kernels: branch-free, so that the compiler
//! turns a loop over it into vector instructions. `FUSED` says that the kernel is compiled for a machine with fused
//! multiply-add (without one, `mul_add` would be a library call).
//!
//! Error bounds of the fast float32 forms against float64, tested over the whole range in `real/tests.rs`, in units in
//! the last place: ln 1, exp 1.5, expm1, ln_1p, tanh and erf 2, sigmoid and softplus 2.5. The float64 forms are the plain
//! ones. A loop over any of the fast forms becomes vector instructions without a call, with AVX-512, with AVX2 and FMA
//! and with plain SSE2 (looked at in rustc 1.95's assembly; keep them free of early returns and of `as` to integers).

use std::ops::{Add, Div, Mul, Neg, Sub};

use crate::Element;

/// A float type with the functions that elementwise operations are made of.
#[allow(missing_docs)]
pub trait Real:
    Element
    + PartialOrd
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Neg<Output = Self>
{
    const ZERO: Self;
    const ONE: Self;
    const NEG_INFINITY: Self;
    const INFINITY: Self;

    fn abs(self) -> Self;
    fn floor(self) -> Self;
    fn ceil(self) -> Self;
    fn round_even(self) -> Self;
    fn sqrt(self) -> Self;
    fn exp(self) -> Self;
    fn expm1(self) -> Self;
    fn ln(self) -> Self;
    fn ln_1p(self) -> Self;
    fn sin(self) -> Self;
    fn cos(self) -> Self;
    fn tanh(self) -> Self;
    fn erf(self) -> Self;
    fn pow(self, exponent: Self) -> Self;
    fn mul_add(self, a: Self, b: Self) -> Self;

    fn fast_exp<const FUSED: bool>(self) -> Self;
    fn fast_expm1<const FUSED: bool>(self) -> Self;
    fn fast_ln<const FUSED: bool>(self) -> Self;
    fn fast_tanh<const FUSED: bool>(self) -> Self;
    fn fast_erf<const FUSED: bool>(self) -> Self;

    /// `self * a + b`, rounded once where the machine can.
    #[inline(always)]
    fn fma<const FUSED: bool>(self, a: Self, b: Self) -> Self {
        if FUSED { self.mul_add(a, b) } else { self * a + b }
    }
    #[inline(always)]
    fn of_bool(x: bool) -> Self {
        if x { Self::ONE } else { Self::ZERO }
    }
    #[inline(always)]
    fn sign(self) -> Self {
        if self > Self::ZERO {
            Self::ONE
        } else if self < Self::ZERO {
            -Self::ONE
        } else {
            self
        }
    }
    #[inline(always)]
    fn relu(self) -> Self {
        if self < Self::ZERO { Self::ZERO } else { self }
    }
    #[inline(always)]
    #[allow(clippy::eq_op)]
    fn larger(self, other: Self) -> Self {
        if self >= other || self != self { self } else { other }
    }
    #[inline(always)]
    #[allow(clippy::eq_op)]
    fn smaller(self, other: Self) -> Self {
        if self <= other || self != self { self } else { other }
    }
    #[inline(always)]
    fn sigmoid(self) -> Self {
        let e = (-self.abs()).exp();
        (if self < Self::ZERO { e } else { Self::ONE }) / (Self::ONE + e)
    }
    #[inline(always)]
    fn softplus(self) -> Self {
        self.relu() + (-self.abs()).exp().ln_1p()
    }
    #[inline(always)]
    fn fast_sigmoid<const FUSED: bool>(self) -> Self {
        // e^-x overflows below -88.7, where the result is still a (subnormal) number.
        let e = (-self.abs()).fast_exp::<FUSED>();
        (if self < Self::ZERO { e } else { Self::ONE }) / (Self::ONE + e)
    }
    #[inline(always)]
    fn fast_softplus<const FUSED: bool>(self) -> Self {
        self.relu() + (-self.abs()).fast_exp::<FUSED>().fast_ln_1p::<FUSED>()
    }
    /// `ln(1 + x)` as `ln(u)` for the rounded sum `u`, less what the rounding added.
    #[inline(always)]
    fn fast_ln_1p<const FUSED: bool>(self) -> Self {
        let u = Self::ONE + self;
        let rounding = (u - Self::ONE) - self;
        let ln = u.fast_ln::<FUSED>();
        if u > Self::ZERO && u < Self::INFINITY { ln - rounding / u } else { ln }
    }
}

macro_rules! std_forms {
    () => {
        const ZERO: Self = 0.0;
        const ONE: Self = 1.0;
        const NEG_INFINITY: Self = Self::NEG_INFINITY;
        const INFINITY: Self = Self::INFINITY;
        std_forms! { abs floor ceil sqrt exp ln ln_1p sin cos tanh }
        #[inline(always)]
        fn round_even(self) -> Self {
            self.round_ties_even()
        }
        #[inline(always)]
        fn expm1(self) -> Self {
            self.exp_m1()
        }
        #[inline(always)]
        fn pow(self, exponent: Self) -> Self {
            self.powf(exponent)
        }
        #[inline(always)]
        fn mul_add(self, a: Self, b: Self) -> Self {
            self.mul_add(a, b)
        }
    };
    ($($name:ident)*) => {$(
        #[inline(always)]
        fn $name(self) -> Self {
            self.$name()
        }
    )*};
}

impl Real for f64 {
    std_forms!();
    fn erf(self) -> f64 {
        libm::erf(self)
    }
    #[inline(always)]
    fn fast_exp<const FUSED: bool>(self) -> f64 {
        self.exp()
    }
    #[inline(always)]
    fn fast_expm1<const FUSED: bool>(self) -> f64 {
        self.exp_m1()
    }
    #[inline(always)]
    fn fast_ln<const FUSED: bool>(self) -> f64 {
        self.ln()
    }
    #[inline(always)]
    fn fast_tanh<const FUSED: bool>(self) -> f64 {
        self.tanh()
    }
    #[inline(always)]
    fn fast_erf<const FUSED: bool>(self) -> f64 {
        libm::erf(self)
    }
}

/// The polynomial with the highest coefficient first, by Horner's rule.
#[inline(always)]
fn horner<const FUSED: bool, const N: usize>(x: f32, coefficients: [f32; N]) -> f32 {
    let mut y = coefficients[0];
    for c in &coefficients[1..] {
        y = y.fma::<FUSED>(x, *c);
    }
    y
}

/// `n` (whole) and `r` with `x = n ln 2 + r`, `|r| <= ln(2) / 2`: Cody and Waite's reduction in two steps.
#[inline(always)]
fn reduced<const FUSED: bool>(x: f32) -> (i32, f32) {
    // Adding 1.5 * 2^23 leaves the rounded integer in the low bits of the mantissa.
    const SHIFT: f32 = 12_582_912.0;
    let shifted = x.fma::<FUSED>(std::f32::consts::LOG2_E, SHIFT);
    let n = shifted - SHIFT;
    let r = n.fma::<FUSED>(-0.693_359_4, x);
    ((shifted.to_bits() as i32).wrapping_sub(SHIFT.to_bits() as i32), n.fma::<FUSED>(2.121_944_4e-4, r))
}

/// `e^r - 1` for `|r| <= ln(2) / 2`; coefficients of Cephes' expf (Moshier).
#[inline(always)]
fn expm1_near_zero<const FUSED: bool>(r: f32) -> f32 {
    let p = horner::<FUSED, 6>(
        r,
        [1.987_569_1e-4, 1.398_199_9e-3, 8.333_452e-3, 4.166_579_6e-2, 1.666_666_5e-1, 0.500_000_06],
    );
    p.fma::<FUSED>(r * r, r)
}

#[inline(always)]
fn power_of_two(n: i32) -> f32 {
    f32::from_bits((n.wrapping_add(127) << 23) as u32)
}

impl Real for f32 {
    std_forms!();
    fn erf(self) -> f32 {
        libm::erf(self as f64) as f32
    }
    #[inline(always)]
    fn fast_exp<const FUSED: bool>(self) -> f32 {
        // Beyond these ends the result is infinite or rounds to 0; NaN passes both comparisons.
        let x = if self > 89.0 { 89.0 } else { self };
        let x = if x < -104.0 { -104.0 } else { x };
        let (n, r) = reduced::<FUSED>(x);
        let half = n >> 1;
        // 2^n in two factors, since 2^128 and 2^-150 are not float32 numbers.
        (expm1_near_zero::<FUSED>(r) + 1.0) * power_of_two(half) * power_of_two(n - half)
    }
    #[inline(always)]
    fn fast_expm1<const FUSED: bool>(self) -> f32 {
        let x = if self > 89.0 { 89.0 } else { self };
        let x = if x < -104.0 { -104.0 } else { x };
        let (n, r) = reduced::<FUSED>(x);
        let half = n >> 1;
        let (a, b) = (power_of_two(half), power_of_two(n - half));
        // 2^n e^r - 1 = 2^n (e^r - 1) + (2^n - 1), where nothing cancels.
        expm1_near_zero::<FUSED>(r).fma::<FUSED>(a, a - power_of_two(half - n)) * b
    }
    #[inline(always)]
    fn fast_ln<const FUSED: bool>(self) -> f32 {
        const SQRT_HALF: i32 = 0x3f35_04f3;
        let tiny = self < f32::MIN_POSITIVE;
        let normal = if tiny { self * 8_388_608.0 } else { self };
        // self = 2^e * m with m between sqrt(1/2) and sqrt(2).
        let offset = (normal.to_bits() as i32).wrapping_sub(SQRT_HALF);
        let e = (offset >> 23) as f32 - if tiny { 23.0 } else { 0.0 };
        let f = f32::from_bits(((offset & 0x007f_ffff) + SQRT_HALF) as u32) - 1.0;
        // Coefficients of Cephes' logf (Moshier).
        let p = horner::<FUSED, 9>(
            f,
            [
                7.037_683_6e-2,
                -1.151_461e-1,
                1.167_699_9e-1,
                -1.242_014_1e-1,
                1.424_932_3e-1,
                -1.666_805_8e-1,
                2.000_071_5e-1,
                -2.499_999_4e-1,
                0.333_333_3,
            ],
        );
        let z = f * f;
        let low = e.fma::<FUSED>(-2.121_944_4e-4, p * f * z);
        let y = e.fma::<FUSED>(0.693_359_4, z.fma::<FUSED>(-0.5, low) + f);
        let y = if self == 0.0 { f32::NEG_INFINITY } else { y };
        let y = if self == f32::INFINITY { f32::INFINITY } else { y };
        // Below zero, and NaN.
        if self >= 0.0 { y } else { f32::NAN }
    }
    #[inline(always)]
    fn fast_tanh<const FUSED: bool>(self) -> f32 {
        let a = self.abs();
        let z = self * self;
        // Coefficients of Cephes' tanhf (Moshier).
        let p = horner::<FUSED, 5>(z, [-5.704_988_6e-3, 2.063_909e-2, -5.373_971_6e-2, 1.333_144_2e-1, -3.333_328e-1]);
        let near = (p * z).fma::<FUSED>(self, self);
        let far = 1.0 - 2.0 / ((a + a).fast_exp::<FUSED>() + 1.0);
        if a < 0.625 { near } else { far.copysign(self) }
    }
    #[inline(always)]
    fn fast_erf<const FUSED: bool>(self) -> f32 {
        // Least-maximum fits of erf(x)/x - 1 as a polynomial in x^2 up to 0.925, and of -ln(1 - erf(x)) / x beyond; at 4
        // the result rounds to 1.
        let a = self.abs();
        let a = if a > 4.0 { 4.0 } else { a };
        let p = horner::<FUSED, 6>(
            a * a,
            [-5.976_588_6e-4, 4.990_412_4e-3, -2.676_475_4e-2, 1.128_176_6e-1, -3.761_249e-1, 1.283_791_5e-1],
        );
        let near = p.fma::<FUSED>(self, self);
        let q = horner::<FUSED, 6>(
            a,
            [-2.138_18e-4, 3.213_576_3e-3, -2.288_553e-2, 1.052_549e-1, 6.357_236e-1, 1.128_512_7],
        );
        let far = 1.0 - (-q * a).fast_exp::<FUSED>();
        if a < 0.925 { near } else { far.copysign(self) }
    }
}

#[cfg(test)]
mod tests;
