//! Looking through the activation of the last layer.
//!
//! The logarithm of a sigmoid or softmax that has saturated is that of 0 or of 1: the loss would be wrong and the gradient
//! gone. An expression says how it was made, so a cross-entropy can take what the activation was given (the logits) and
//! compute the logarithm from that. Keras 2.8 does the same with logits that it remembers beside the output.

use crate::Tensor;
use yhat_tensor::tensor::{Binary, Op, Reduction, Unary};

/// `z`, if `p` is `sigmoid(z)`.
pub(crate) fn of_sigmoid(p: &Tensor) -> Option<Tensor> {
    match p.op() {
        Op::Unary(Unary::Sigmoid) => Some(p.operands()[0].clone()),
        _ => None,
    }
}

/// `z`, if `p` is `e^z / sum(e^z)` along the last axis, by whatever function it was written down.
pub(crate) fn of_softmax(p: &Tensor) -> Option<Tensor> {
    let (Op::Binary(Binary::Div), [e, sum]) = (p.op(), p.operands()) else { return None };
    let (Op::Unary(Unary::Exp), [z]) = (e.op(), e.operands()) else { return None };
    let sum = one_per_row(sum)?;
    let (Op::Reshape, [sum]) = (sum.op(), sum.operands()) else { return None };
    let (Op::Reduce(Reduction::Sum, axes), [summed]) = (sum.op(), sum.operands()) else { return None };
    if axes[..] != [e.rank() - 1] || !std::ptr::eq(summed.op(), e.op()) {
        return None;
    }
    // What was subtracted from a whole row (its largest element) cancels in the quotient.
    match (z.op(), z.operands()) {
        (Op::Binary(Binary::Sub), [x, shift]) if one_per_row(shift).is_some() => Some(x.clone()),
        _ => Some(z.clone()),
    }
}

/// What was stretched along the last axis to make `t`, if `t` is the same all along it.
fn one_per_row(t: &Tensor) -> Option<&Tensor> {
    let narrow = if let Op::Broadcast = t.op() { &t.operands()[0] } else { t };
    (narrow.rank() == t.rank() && narrow.shape().last() == Some(&1)).then_some(narrow)
}
