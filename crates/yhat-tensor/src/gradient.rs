//! Gradients: expressions of the slopes of an expression.
//!
//! Reverse-mode differentiation on expressions. Elementwise operations carry their rule in their own table
//! ([`crate::tensor::elementwise`]); [`rule`] below has one arm for each of the others.

use rustc_hash::{FxHashMap as HashMap, FxHashSet as HashSet};

use crate::{
    Result, Tensor,
    tensor::{Op, Reduction},
};

/// The gradients of `loss` with respect to each of `wrt`: `d loss / d wrt[i]`, of the shape of `wrt[i]`.
///
/// If `loss` is not a scalar, the gradients are those of its sum, as in TensorFlow. Where `loss` does not depend on
/// `wrt[i]`, or only through integers, bools and [`Tensor::stop_gradient`], its gradient is zeros. Gradients are expressions like any other, so the gradient of a gradient is a
/// second derivative.
///
/// ```
/// use yhat_tensor::{gradient, Tensor, Variable};
/// let x = Variable::new("x", [1.0, 2.0]).tensor();
/// let slope = gradient(&x.powf(3.0), &[x.clone()])?.remove(0);
/// assert_eq!(slope.eval()?.to_vec(), [3.0, 12.0]);
/// let curvature = gradient(&slope, &[x])?.remove(0);
/// assert_eq!(curvature.eval()?.to_vec(), [6.0, 12.0]);
/// # Ok::<(), yhat_tensor::Error>(())
/// ```
///
/// # Errors
/// If `loss` or one of `wrt` is made of a wrong operation.
pub fn gradient(loss: &Tensor, wrt: &[Tensor]) -> Result<Vec<Tensor>> {
    loss.check()?;
    for tensor in wrt {
        tensor.check()?;
    }
    let order = Tensor::topological(std::slice::from_ref(loss));
    let mut depends: HashSet<_> = wrt.iter().map(Tensor::identity).collect();
    for tensor in &order {
        if tensor.operands().iter().any(|t| depends.contains(&t.identity())) {
            depends.insert(tensor.identity());
        }
    }
    let mut slopes = HashMap::default();
    slopes.insert(loss.identity(), loss.as_float().ones_like());
    for tensor in order.iter().rev() {
        let Some(slope) = slopes.get(&tensor.identity()).cloned() else { continue };
        if !tensor.dtype().is_float() {
            continue;
        }
        for (i, operand) in tensor.operands().iter().enumerate() {
            if !depends.contains(&operand.identity()) || !operand.dtype().is_float() {
                continue;
            }
            let Some(part) = rule(tensor, i, &slope) else { continue };
            slopes.entry(operand.identity()).and_modify(|sum| *sum = &*sum + &part).or_insert(part);
        }
    }
    Ok(wrt.iter().map(|t| slopes.get(&t.identity()).cloned().unwrap_or_else(|| t.as_float().zeros_like())).collect())
}

/// What the slope `g` of the result `y` adds to the slope of operand `i`; `None` where nothing flows.
fn rule(y: &Tensor, i: usize, g: &Tensor) -> Option<Tensor> {
    let operands = y.operands();
    let x = &operands[i];
    Some(match y.op() {
        Op::Constant(_) | Op::Input(_) | Op::Variable(_) | Op::ArgMax(_) | Op::Invalid(_) => return None,
        Op::Unary(op) => return op.gradient(x, y, g),
        Op::Binary(op) => return op.gradient(i, &operands[0], &operands[1], y, g),
        Op::Select => match i {
            1 => Tensor::select(&operands[0], g, 0.0),
            _ => Tensor::select(&operands[0], 0.0, g),
        },
        Op::Cast => g.cast(x.dtype()),
        Op::Reduce(Reduction::Sum, axes) => restored(g, axes, x),
        Op::Reduce(_, axes) => {
            let chosen = x.equal(restored(y, axes, x)).cast(x.dtype());
            let ties = chosen.reduce(Reduction::Sum, axes.clone(), false);
            restored(&(g / ties), axes, x) * chosen
        }
        Op::MatMul { transpose_a, transpose_b } => {
            let (a, b) = (&operands[0], &operands[1]);
            match (i, transpose_a, transpose_b) {
                (0, false, _) => Tensor::product(g, b, false, !transpose_b),
                (0, true, _) => Tensor::product(b, g, *transpose_b, true),
                (_, _, false) => Tensor::product(a, g, !transpose_a, false),
                (_, _, true) => Tensor::product(g, a, true, *transpose_a),
            }
        }
        Op::Reshape => g.reshape(x.shape()),
        Op::Transpose(axes) => {
            let mut inverse = vec![0; axes.len()];
            axes.iter().enumerate().for_each(|(i, &a)| inverse[a] = i);
            g.permuted(inverse)
        }
        Op::Broadcast => {
            let missing = y.rank() - x.rank();
            let stretched =
                (0..y.rank()).filter(|&i| i < missing || (x.shape()[i - missing] != y.shape()[i])).collect();
            g.reduce(Reduction::Sum, stretched, false).reshape(x.shape())
        }
        Op::Slice(ranges) => g.padded(ranges.iter().map(|r| r.start).collect(), x.shape().clone()),
        Op::Pad(starts) => g.sliced(starts.iter().zip(x.shape().iter()).map(|(s, n)| *s..s + n).collect()),
        Op::Concat(axis) => {
            let start: usize = operands[..i].iter().map(|t| t.shape()[*axis]).sum();
            g.slice(*axis as isize, start..start + x.shape()[*axis])
        }
        Op::Gather(axis) => {
            Tensor::new(Op::ScatterAdd(*axis), vec![g.clone(), operands[1].clone()], x.shape().clone(), x.dtype())
        }
        Op::ScatterAdd(axis) => g.gather(&operands[1], *axis as isize),
    })
}

/// `t` with the reduced `axes` put back and stretched to the shape of `x`.
fn restored(t: &Tensor, axes: &[usize], x: &Tensor) -> Tensor {
    let kept: Vec<usize> = (0..x.rank()).map(|i| if axes.contains(&i) { 1 } else { x.shape()[i] }).collect();
    t.reshape(kept).broadcast_to(x.shape())
}
