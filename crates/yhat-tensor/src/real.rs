//! Functions of one or two real numbers, for float32 and float64.
//!
//! Each has a plain form, which the interpreter uses and which calls the standard library; and, where the standard
//! library's is a call that can't be vectorized, a `fast_` form for the kernels, from `crate::lane`. `FUSED` says that the
//! kernel is compiled for a machine with fused multiply-add.

use std::ops::{Add, Div, Mul, Neg, Sub};

use crate::{
    Element,
    lane::{Number, functions},
};

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
    fn fast_ln_1p<const FUSED: bool>(self) -> Self;
    fn fast_sigmoid<const FUSED: bool>(self) -> Self;
    fn fast_softplus<const FUSED: bool>(self) -> Self;

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

macro_rules! fast_forms {
    () => {
        fast_forms! {
            fast_exp exp, fast_expm1 expm1, fast_ln ln, fast_ln_1p ln_1p, fast_tanh tanh, fast_sigmoid sigmoid,
            fast_softplus softplus
        }
    };
    ($($name:ident $function:ident),*) => {$(
        #[inline(always)]
        fn $name<const FUSED: bool>(self) -> Self {
            functions::$function(Number::<Self, FUSED>(self)).0
        }
    )*};
}

impl Real for f64 {
    std_forms!();
    fast_forms!();
    fn erf(self) -> f64 {
        libm::erf(self)
    }
    #[inline(always)]
    fn fast_erf<const FUSED: bool>(self) -> f64 {
        libm::erf(self)
    }
}

impl Real for f32 {
    std_forms!();
    fast_forms!();
    fast_forms!(fast_erf erf);
    fn erf(self) -> f32 {
        libm::erf(self as f64) as f32
    }
}

#[cfg(test)]
mod tests;
