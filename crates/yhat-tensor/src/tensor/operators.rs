//! Elementwise operations as methods and operators.

use std::ops::{Add, Div, Mul, Neg, Sub};

use super::{Binary, Op, Tensor, Unary};
use crate::{Array, DType, Shape, Variable};

/// What can stand beside a tensor in an operation: another one, a variable, an array, or a plain number, which takes
/// the tensor's type (beside integers and bools, `2.0` is a float32 and `2` an int64).
pub trait Operand {
    /// The expression, where it stands beside `like`.
    fn operand(self, like: &Tensor) -> Tensor;
}
impl Operand for Tensor {
    fn operand(self, _: &Tensor) -> Tensor {
        self
    }
}
impl Operand for &Tensor {
    fn operand(self, _: &Tensor) -> Tensor {
        self.clone()
    }
}
impl Operand for &Variable {
    fn operand(self, _: &Tensor) -> Tensor {
        self.tensor()
    }
}
impl Operand for &Array {
    fn operand(self, _: &Tensor) -> Tensor {
        Tensor::from(self)
    }
}
impl Operand for f64 {
    fn operand(self, like: &Tensor) -> Tensor {
        like.scalar(self)
    }
}
impl Operand for f32 {
    fn operand(self, like: &Tensor) -> Tensor {
        like.scalar(self as f64)
    }
}
impl Operand for i64 {
    fn operand(self, like: &Tensor) -> Tensor {
        // Beside bools it is an integer.
        Tensor::from(Array::from(self).cast(like.dtype().promote(DType::I64)))
    }
}
impl Operand for i32 {
    fn operand(self, like: &Tensor) -> Tensor {
        i64::from(self).operand(like)
    }
}

macro_rules! unary_methods {
    ($($(#[$doc:meta])* $method:ident $op:ident),* $(,)?) => {
        impl Tensor {
            $($(#[$doc])*
            #[track_caller]
            pub fn $method(&self) -> Tensor {
                self.unary(Unary::$op)
            })*
        }
    };
}
unary_methods! {
    /// `-x` of each element.
    negative Neg,
    /// `|x|` of each element; its gradient at 0 is 0.
    abs Abs,
    /// -1, 0 or 1 for each element.
    sign Sign,
    /// The largest integer not above each element.
    floor Floor,
    /// The smallest integer not below each element.
    ceil Ceil,
    /// The nearest integer, halves to the even one, as NumPy rounds.
    round Round,
    /// `x * x` of each element.
    square Square,
    /// The square root of each element.
    sqrt Sqrt,
    /// `e^x` of each element.
    exp Exp,
    /// `e^x - 1` of each element, exact near 0.
    expm1 Expm1,
    /// The natural logarithm of each element; -inf at 0, NaN below.
    ln Ln,
    /// `ln(1 + x)` of each element, exact near 0.
    ln_1p Ln1p,
    /// The sine of each element in radians.
    sin Sin,
    /// The cosine of each element in radians.
    cos Cos,
    /// The hyperbolic tangent of each element.
    tanh Tanh,
    /// `1 / (1 + e^-x)` of each element.
    sigmoid Sigmoid,
    /// `ln(1 + e^x)` of each element, without overflow.
    softplus Softplus,
    /// The error function `2/sqrt(pi) * integral from 0 to x of e^(-t^2) dt` of each element.
    erf Erf,
    /// `max(x, 0)` of each element; its gradient at 0 is 0, as in TensorFlow.
    relu Relu,
    /// The same value, through which no gradient flows.
    stop_gradient StopGradient,
    /// Whether each element is NaN.
    is_nan IsNan,
    /// Logical not of each element; numbers are true unless 0.
    logical_not Not,
}

macro_rules! binary_methods {
    ($($(#[$doc:meta])* $method:ident $op:ident),* $(,)?) => {
        impl Tensor {
            $($(#[$doc])*
            #[track_caller]
            pub fn $method(&self, other: impl Operand) -> Tensor {
                self.binary(Binary::$op, &other.operand(self))
            })*
        }
    };
}
binary_methods! {
    /// `self^other`, element by element.
    pow Pow,
    /// The larger of each pair; NaN if either is. Where both are equal the gradient goes to `self`.
    maximum Maximum,
    /// The smaller of each pair; NaN if either is. Where both are equal the gradient goes to `self`.
    minimum Minimum,
    /// Whether the elements of each pair are equal.
    equal Equal,
    /// Whether the elements of each pair differ.
    not_equal NotEqual,
    /// Whether `self < other`.
    less Less,
    /// Whether `self <= other`.
    less_equal LessEqual,
    /// Whether `self > other`.
    greater Greater,
    /// Whether `self >= other`.
    greater_equal GreaterEqual,
    /// Logical and; numbers are true unless 0.
    logical_and And,
    /// Logical or; numbers are true unless 0.
    logical_or Or,
}

impl Tensor {
    /// Every element between `low` and `high`: `min(max(x, low), high)`.
    ///
    /// ```
    /// use yhat_tensor::Tensor;
    /// let x = Tensor::from([-1.0, 0.3, 2.0]);
    /// assert_eq!(x.clip(0.0, 1.0).eval()?.to_vec(), [0.0, 0.3, 1.0]);
    /// # Ok::<(), yhat_tensor::Error>(())
    /// ```
    #[track_caller]
    pub fn clip(&self, low: impl Operand, high: impl Operand) -> Tensor {
        self.maximum(low).minimum(high)
    }

    /// `self^exponent` of each element, by multiplication for -1, 0, 1, 2 and 3 and as the root for 1/2.
    #[track_caller]
    pub fn powf(&self, exponent: f64) -> Tensor {
        let x = self.as_float();
        match exponent {
            -1.0 => 1.0 / x,
            0.0 => x.ones_like(),
            1.0 => x,
            2.0 => x.square(),
            3.0 => x.square() * x,
            0.5 => x.sqrt(),
            _ => x.pow(exponent),
        }
    }

    /// Elements of `yes` where `condition` is true, else of `no`; all three broadcast: `numpy.where`.
    ///
    /// ```
    /// use yhat_tensor::Tensor;
    /// let x = Tensor::from([-2.0, 5.0]);
    /// let leaky = Tensor::select(&x.greater(0.0), &x, &x * 0.1);
    /// assert_eq!(leaky.eval()?.to_vec(), [-0.2, 5.0]);
    /// # Ok::<(), yhat_tensor::Error>(())
    /// ```
    #[track_caller]
    pub fn select(condition: &Tensor, yes: impl SelectOperand, no: impl SelectOperand) -> Tensor {
        let (yes, no) = pair(yes, no);
        let dtype = yes.dtype().promote(no.dtype());
        let shape = yes.shape().broadcast(no.shape()).and_then(|s| s.broadcast(condition.shape()));
        let Some(shape) = shape else {
            let message = format!(
                "shapes {} (condition), {} and {} do not broadcast to one",
                condition.shape(),
                yes.shape(),
                no.shape()
            );
            return Tensor::invalid("select", message, &[condition, &yes, &no], yes.shape(), dtype);
        };
        let operands = vec![
            condition.cast(DType::Bool).broadcast_to(&shape),
            yes.cast(dtype).broadcast_to(&shape),
            no.cast(dtype).broadcast_to(&shape),
        ];
        Tensor::new(Op::Select, operands, shape, dtype)
    }

    /// The elements as another type: floats to integers towards zero, anything but 0 to `true`.
    pub fn cast(&self, dtype: DType) -> Tensor {
        if dtype == self.dtype() {
            return self.clone();
        }
        Tensor::new(Op::Cast, vec![self.clone()], self.shape().clone(), dtype)
    }

    pub(crate) fn unary(&self, op: Unary) -> Tensor {
        let (operand, dtype) = match op {
            Unary::Not => (self.cast(DType::Bool), DType::Bool),
            Unary::IsNan => (self.as_float(), DType::Bool),
            // What changes no integer or bool, and has no gradient there.
            Unary::Floor | Unary::Ceil | Unary::Round | Unary::StopGradient if !self.dtype().is_float() => {
                return self.clone();
            }
            _ if !self.dtype().is_float() && op.integer(0).is_some() => (self.cast(DType::I64), DType::I64),
            _ => (self.as_float(), self.as_float().dtype()),
        };
        Tensor::new(Op::Unary(op), vec![operand], self.shape().clone(), dtype)
    }

    #[track_caller]
    pub(crate) fn binary(&self, op: Binary, other: &Tensor) -> Tensor {
        let mut dtype = self.dtype().promote(other.dtype());
        match op {
            Binary::And | Binary::Or => dtype = DType::Bool,
            Binary::Div | Binary::Pow if !dtype.is_float() => dtype = DType::F32,
            _ if op.is_comparison() => {}
            _ if dtype == DType::Bool => dtype = DType::I64,
            _ => {}
        }
        let Some(shape) = self.shape().broadcast(other.shape()) else {
            let message = do_not_broadcast(self.shape(), other.shape());
            let shape = if self.rank() >= other.rank() { self.shape() } else { other.shape() };
            return Tensor::invalid(op.name(), message, &[self, other], shape, dtype);
        };
        let operands = vec![self.cast(dtype).broadcast_to(&shape), other.cast(dtype).broadcast_to(&shape)];
        let result = if op.is_comparison() { DType::Bool } else { dtype };
        Tensor::new(Op::Binary(op), operands, shape, result)
    }

    /// Itself, or as float32 where it holds integers or bools.
    pub(crate) fn as_float(&self) -> Tensor {
        if self.dtype().is_float() { self.clone() } else { self.cast(DType::F32) }
    }
}

/// Why two shapes do not fit: the last axis along which they have different lengths, neither of them 1.
fn do_not_broadcast(a: &Shape, b: &Shape) -> String {
    let pairs = a.iter().rev().zip(b.iter().rev()).enumerate();
    let clash = pairs.map(|(i, (m, n))| (i + 1, m, n)).find(|(_, m, n)| m != n && **m != 1 && **n != 1);
    let lengths = clash.map_or(String::new(), |(i, m, n)| format!(": axis -{i} has lengths {m} and {n}"));
    format!("shapes {a} and {b} do not broadcast to one{lengths}")
}

/// A branch of [`Tensor::select`]: an expression, or a number that takes the other branch's type.
pub trait SelectOperand {
    #[doc(hidden)]
    fn branch(self) -> Branch;
}
#[doc(hidden)]
pub enum Branch {
    Expression(Tensor),
    Number(f64),
}
impl SelectOperand for Tensor {
    fn branch(self) -> Branch {
        Branch::Expression(self)
    }
}
impl SelectOperand for &Tensor {
    fn branch(self) -> Branch {
        Branch::Expression(self.clone())
    }
}
impl SelectOperand for &Variable {
    fn branch(self) -> Branch {
        Branch::Expression(self.tensor())
    }
}
impl SelectOperand for f64 {
    fn branch(self) -> Branch {
        Branch::Number(self)
    }
}

fn pair(yes: impl SelectOperand, no: impl SelectOperand) -> (Tensor, Tensor) {
    use Branch::*;
    match (yes.branch(), no.branch()) {
        (Expression(a), Expression(b)) => (a, b),
        (Expression(a), Number(b)) => (a.clone(), a.scalar(b)),
        (Number(a), Expression(b)) => (b.scalar(a), b),
        (Number(a), Number(b)) => (Tensor::from(a as f32), Tensor::from(b as f32)),
    }
}

macro_rules! operator {
    ($trait:ident, $method:ident, $op:ident) => {
        impl<R: Operand> $trait<R> for &Tensor {
            type Output = Tensor;
            #[track_caller]
            fn $method(self, other: R) -> Tensor {
                self.binary(Binary::$op, &other.operand(self))
            }
        }
        impl<R: Operand> $trait<R> for Tensor {
            type Output = Tensor;
            #[track_caller]
            fn $method(self, other: R) -> Tensor {
                self.binary(Binary::$op, &other.operand(&self))
            }
        }
        // One type of float and one of integer on this side: with more, `1.0 - x` would have to say which it means.
        operator!($trait, $method, $op, f64);
        operator!($trait, $method, $op, i32);
    };
    ($trait:ident, $method:ident, $op:ident, $number:ty) => {
        impl $trait<Tensor> for $number {
            type Output = Tensor;
            #[track_caller]
            fn $method(self, other: Tensor) -> Tensor {
                self.operand(&other).binary(Binary::$op, &other)
            }
        }
        impl $trait<&Tensor> for $number {
            type Output = Tensor;
            #[track_caller]
            fn $method(self, other: &Tensor) -> Tensor {
                self.operand(other).binary(Binary::$op, other)
            }
        }
    };
}
operator!(Add, add, Add);
operator!(Sub, sub, Sub);
operator!(Mul, mul, Mul);
operator!(Div, div, Div);

impl Neg for &Tensor {
    type Output = Tensor;
    fn neg(self) -> Tensor {
        self.negative()
    }
}
impl Neg for Tensor {
    type Output = Tensor;
    fn neg(self) -> Tensor {
        self.negative()
    }
}
