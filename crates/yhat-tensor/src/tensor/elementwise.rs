//! The elementwise operations: one row each.
//!
//! A row gives the operation's name, its value as the interpreter computes it, the same for the kernels (branch-free,
//! so that the compiler makes vector instructions of it), and its gradient: for operand `x` (or `a`, `b`), result `y`
//! and the loss's gradient `g` with respect to the result, the loss's gradient with respect to the operand, or
//! `NOTHING` for what is flat wherever it is smooth.

use super::Tensor;
use crate::real::Real;

/// The gradient through which nothing flows. (Zeros would turn to NaN where they meet an infinite slope further on.)
const NOTHING: Option<Tensor> = None;

/// The unary table; `$emit` is the macro that turns it into code.
macro_rules! unary_table {
    ($emit:ident) => {
        $emit! {
            /// `-x`
            Neg "neg": |x| -x, -x; |x, y, g| -g;
            /// `|x|`; the gradient at 0 is 0.
            Abs "abs": |x| x.abs(), x.abs(); |x, y, g| g * x.sign();
            /// -1, 0 or 1.
            Sign "sign": |x| x.sign(), x.sign(); |x, y, g| NOTHING;
            /// The largest integer that is not above `x`.
            Floor "floor": |x| x.floor(), x.floor(); |x, y, g| NOTHING;
            /// The smallest integer that is not below `x`.
            Ceil "ceil": |x| x.ceil(), x.ceil(); |x, y, g| NOTHING;
            /// The nearest integer, halves to the even one.
            Round "round": |x| x.round_even(), x.round_even(); |x, y, g| NOTHING;
            /// `x * x`
            Square "square": |x| x * x, x * x; |x, y, g| g * 2.0 * x;
            /// The square root.
            Sqrt "sqrt": |x| x.sqrt(), x.sqrt(); |x, y, g| g * 0.5 / y;
            /// `e^x`
            Exp "exp": |x| x.exp(), x.fast_exp::<FUSED>(); |x, y, g| g * y;
            /// `e^x - 1`, exact near 0.
            Expm1 "expm1": |x| x.expm1(), x.fast_expm1::<FUSED>(); |x, y, g| g * (y + 1.0);
            /// The natural logarithm.
            Ln "ln": |x| x.ln(), x.fast_ln::<FUSED>(); |x, y, g| g / x;
            /// `ln(1 + x)`, exact near 0.
            Ln1p "ln_1p": |x| x.ln_1p(), x.fast_ln_1p::<FUSED>(); |x, y, g| g / (x + 1.0);
            /// The sine of `x` radians.
            Sin "sin": |x| x.sin(), x.sin(); |x, y, g| g * x.cos();
            /// The cosine of `x` radians.
            Cos "cos": |x| x.cos(), x.cos(); |x, y, g| -g * x.sin();
            /// The hyperbolic tangent.
            Tanh "tanh": |x| x.tanh(), x.fast_tanh::<FUSED>(); |x, y, g| g * (1.0 - y.square());
            /// `1 / (1 + e^-x)`
            Sigmoid "sigmoid": |x| x.sigmoid(), x.fast_sigmoid::<FUSED>(); |x, y, g| g * y * (1.0 - y);
            /// `ln(1 + e^x)`, exact where `e^x` would overflow.
            Softplus "softplus": |x| x.softplus(), x.fast_softplus::<FUSED>(); |x, y, g| g * x.sigmoid();
            /// The error function.
            Erf "erf": |x| x.erf(), x.fast_erf::<FUSED>(); |x, y, g| g * std::f64::consts::FRAC_2_SQRT_PI * (-x.square()).exp();
            /// `max(x, 0)`; NaN stays NaN; the gradient at 0 is 0, as in TensorFlow.
            Relu "relu": |x| x.relu(), x.relu(); |x, y, g| Tensor::select(&y.greater(0.0), g, 0.0);
            /// `x`, through which no gradient flows.
            StopGradient "stop_gradient": |x| x, x; |x, y, g| NOTHING;
            /// Whether `x` is NaN, as 1 or 0 (bool in a tensor).
            IsNan "is_nan": |x| Real::of_bool(x != x), Real::of_bool(x != x); |x, y, g| NOTHING;
            /// Logical not, on bool.
            Not "logical_not": |x| Real::of_bool(x == Real::ZERO), Real::of_bool(x == Real::ZERO); |x, y, g| NOTHING;
        }
    };
}
pub(crate) use unary_table;

/// The binary table.
macro_rules! binary_table {
    ($emit:ident) => {
        $emit! {
            /// `a + b`
            Add "add": |a, b| a + b; |a, b, y, g| g.clone(), g.clone();
            /// `a - b`
            Sub "sub": |a, b| a - b; |a, b, y, g| g.clone(), -g;
            /// `a * b`
            Mul "mul": |a, b| a * b; |a, b, y, g| g * b, g * a;
            /// `a / b`
            Div "div": |a, b| a / b; |a, b, y, g| g / b, -g * y / b;
            /// `a^b`; the gradient with respect to `a` is 0 where `b` is, that with respect to `b` where `a` is not
            /// positive.
            Pow "pow": |a, b| a.pow(b);
                |a, b, y, g| power_slope(a, b, g),
                    g * y * Tensor::select(&a.greater(0.0), Tensor::select(&a.greater(0.0), a, 1.0).ln(), 0.0);
            /// The larger; NaN if either is. Where both are equal the gradient goes to `a`, as in TensorFlow.
            Maximum "maximum": |a, b| a.larger(b);
                |a, b, y, g| Tensor::select(&a.greater_equal(b), g, 0.0), Tensor::select(&a.less(b), g, 0.0);
            /// The smaller; NaN if either is. Where both are equal the gradient goes to `a`, as in TensorFlow.
            Minimum "minimum": |a, b| a.smaller(b);
                |a, b, y, g| Tensor::select(&a.less_equal(b), g, 0.0), Tensor::select(&a.greater(b), g, 0.0);
            /// Whether `a == b`, bool.
            Equal "equal": |a, b| Real::of_bool(a == b); |a, b, y, g| NOTHING, NOTHING;
            /// Whether `a != b`, bool.
            NotEqual "not_equal": |a, b| Real::of_bool(a != b); |a, b, y, g| NOTHING, NOTHING;
            /// Whether `a < b`, bool.
            Less "less": |a, b| Real::of_bool(a < b); |a, b, y, g| NOTHING, NOTHING;
            /// Whether `a <= b`, bool.
            LessEqual "less_equal": |a, b| Real::of_bool(a <= b); |a, b, y, g| NOTHING, NOTHING;
            /// Whether `a > b`, bool.
            Greater "greater": |a, b| Real::of_bool(a > b); |a, b, y, g| NOTHING, NOTHING;
            /// Whether `a >= b`, bool.
            GreaterEqual "greater_equal": |a, b| Real::of_bool(a >= b); |a, b, y, g| NOTHING, NOTHING;
            /// Logical and, on bool.
            And "logical_and": |a, b| a * b; |a, b, y, g| NOTHING, NOTHING;
            /// Logical or, on bool.
            Or "logical_or": |a, b| a.larger(b); |a, b, y, g| NOTHING, NOTHING;
        }
    };
}
pub(crate) use binary_table;

macro_rules! unary_ops {
    ($($(#[$doc:meta])* $op:ident $name:literal:
        |$x:ident| $value:expr, $kernel:expr; |$xg:ident, $yg:ident, $gg:ident| $gradient:expr;)*) => {
        /// An elementwise function of one number.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Unary { $($(#[$doc])* $op),* }

        impl Unary {
            /// Every one of them.
            pub const ALL: &[Unary] = &[$(Unary::$op),*];

            /// The name of the method that makes it.
            pub fn name(self) -> &'static str {
                match self { $(Unary::$op => $name),* }
            }

            /// Its value at `x`; bools are 0 and 1.
            pub fn value<T: Real>(self, operand: T) -> T {
                match self { $(Unary::$op => { let $x = operand; $value }),* }
            }

            #[allow(unused_variables)]
            pub(crate) fn gradient(self, x: &Tensor, y: &Tensor, g: &Tensor) -> Option<Tensor> {
                match self { $(Unary::$op => { let ($xg, $yg, $gg) = (x, y, g); ($gradient).into() }),* }
            }
        }
    };
}
unary_table!(unary_ops);

macro_rules! binary_ops {
    ($($(#[$doc:meta])* $op:ident $name:literal:
        |$a:ident, $b:ident| $value:expr; |$ag:ident, $bg:ident, $yg:ident, $gg:ident| $to_a:expr, $to_b:expr;)*) => {
        /// An elementwise function of two numbers.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Binary { $($(#[$doc])* $op),* }

        impl Binary {
            /// Every one of them.
            pub const ALL: &[Binary] = &[$(Binary::$op),*];

            /// The name of the method that makes it.
            pub fn name(self) -> &'static str {
                match self { $(Binary::$op => $name),* }
            }

            /// Its value at `(a, b)`; bools are 0 and 1.
            #[inline(always)]
            pub fn value<T: Real>(self, a: T, b: T) -> T {
                match self { $(Binary::$op => { let ($a, $b) = (a, b); $value }),* }
            }

            /// The gradient with respect to operand `which`, 0 or 1.
            #[allow(unused_variables)]
            pub(crate) fn gradient(self, which: usize, a: &Tensor, b: &Tensor, y: &Tensor, g: &Tensor) -> Option<Tensor> {
                match self { $(Binary::$op => {
                    let ($ag, $bg, $yg, $gg) = (a, b, y, g);
                    if which == 0 { ($to_a).into() } else { ($to_b).into() }
                }),* }
            }
        }
    };
}
binary_table!(binary_ops);

/// The slope of `a^b` in `a`. A constant exponent is lowered now, so that the slope of `x^3` needs no power.
fn power_slope(a: &Tensor, b: &Tensor, g: &Tensor) -> Option<Tensor> {
    match b.uniform() {
        Some(0.0) => None,
        Some(exponent) => Some(g * exponent * a.powf(exponent - 1.0)),
        None => Some(g * Tensor::select(&b.equal(0.0), 0.0, b * a.pow(b - 1.0))),
    }
}

impl Binary {
    /// Whether the result is bool.
    pub fn is_comparison(self) -> bool {
        use Binary::*;
        matches!(self, Equal | NotEqual | Less | LessEqual | Greater | GreaterEqual)
    }

    /// Whether the operands can change places.
    pub fn is_commutative(self) -> bool {
        use Binary::*;
        matches!(self, Add | Mul | Maximum | Minimum | Equal | NotEqual | And | Or)
    }

    /// Its value on integers; `None` where there is none (division and powers work on floats).
    pub(crate) fn integer(self, a: i64, b: i64) -> Option<i64> {
        use Binary::*;
        Some(match self {
            Add => a.wrapping_add(b),
            Sub => a.wrapping_sub(b),
            Mul => a.wrapping_mul(b),
            Maximum => a.max(b),
            Minimum => a.min(b),
            Equal => (a == b) as i64,
            NotEqual => (a != b) as i64,
            Less => (a < b) as i64,
            LessEqual => (a <= b) as i64,
            Greater => (a > b) as i64,
            GreaterEqual => (a >= b) as i64,
            Div | Pow | And | Or => return None,
        })
    }
}

impl Unary {
    /// Its value on integers; `None` where it works on floats.
    pub(crate) fn integer(self, x: i64) -> Option<i64> {
        use Unary::*;
        Some(match self {
            Neg => x.wrapping_neg(),
            Abs => x.wrapping_abs(),
            Sign => x.signum(),
            Square => x.wrapping_mul(x),
            Relu => x.max(0),
            Floor | Ceil | Round | StopGradient => x,
            _ => return None,
        })
    }
}
