//! What several tests share.

use yhat_tensor::{
    Tensor,
    tensor::{Binary, Unary},
};

/// The operation by its method; a new row in the table does not compile without one here.
pub fn unary(op: Unary, x: &Tensor) -> Tensor {
    use Unary::*;
    match op {
        Neg => x.negative(),
        Abs => x.abs(),
        Sign => x.sign(),
        Floor => x.floor(),
        Ceil => x.ceil(),
        Round => x.round(),
        Square => x.square(),
        Sqrt => x.sqrt(),
        Exp => x.exp(),
        Expm1 => x.expm1(),
        Ln => x.ln(),
        Ln1p => x.ln_1p(),
        Sin => x.sin(),
        Cos => x.cos(),
        Tanh => x.tanh(),
        Sigmoid => x.sigmoid(),
        Softplus => x.softplus(),
        Erf => x.erf(),
        Relu => x.relu(),
        StopGradient => x.stop_gradient(),
        IsNan => x.is_nan(),
        Not => x.logical_not(),
    }
}

/// The same for two operands.
pub fn binary(op: Binary, a: &Tensor, b: &Tensor) -> Tensor {
    use Binary::*;
    match op {
        Add => a + b,
        Sub => a - b,
        Mul => a * b,
        Div => a / b,
        Pow => a.pow(b),
        Maximum => a.maximum(b),
        Minimum => a.minimum(b),
        Equal => a.equal(b),
        NotEqual => a.not_equal(b),
        Less => a.less(b),
        LessEqual => a.less_equal(b),
        Greater => a.greater(b),
        GreaterEqual => a.greater_equal(b),
        And => a.logical_and(b),
        Or => a.logical_or(b),
    }
}
