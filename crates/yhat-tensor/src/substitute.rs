//! The same expression of something else.

use std::collections::HashMap;

use crate::{
    DType, Error, Result, Tensor,
    tensor::{Identity, Op},
};

/// `outputs` with each expression that `pairs` lists first replaced by the one listed second, of the same shape and
/// type. What depends on none of them is shared, not copied.
///
/// ```
/// use yhat_tensor::{DType, Tensor, Variable, substitute};
/// let w = Variable::new("w", [1.0, 2.0]);
/// let loss = w.tensor().square().sum();
/// let elsewhere = substitute(&[loss], &[(w.tensor(), Tensor::from([3.0, 4.0]))])?;
/// assert_eq!(elsewhere[0].eval()?.item(), 25.0);
/// # Ok::<(), yhat_tensor::Error>(())
/// ```
///
/// # Errors
/// If an expression is wrong, or a replacement has another shape or type.
pub fn substitute(outputs: &[Tensor], pairs: &[(Tensor, Tensor)]) -> Result<Vec<Tensor>> {
    rebuilt(outputs, pairs, |dtype| dtype)
}

/// [`substitute`] with everything that is float32 computed in float64: constants and variables are cast when they are
/// read, and replacements of floats are float64. What the rounding of float32 hides, such as how near zero a gradient is,
/// can be seen on this copy.
///
/// ```
/// use yhat_tensor::{DType, Tensor, Variable, in_float64};
/// let w = Variable::new("w", 0.1f32);
/// let small = (w.tensor() + 1e8f32) - 1e8f32;
/// assert_eq!(small.eval()?.item(), 0.0);
/// assert!((in_float64(&[small], &[])?[0].eval()?.item() - 0.1).abs() < 1e-7);
/// # Ok::<(), yhat_tensor::Error>(())
/// ```
///
/// # Errors
/// As [`substitute`].
pub fn in_float64(outputs: &[Tensor], pairs: &[(Tensor, Tensor)]) -> Result<Vec<Tensor>> {
    rebuilt(outputs, pairs, |dtype| if dtype.is_float() { DType::F64 } else { dtype })
}

fn rebuilt(outputs: &[Tensor], pairs: &[(Tensor, Tensor)], widened: impl Fn(DType) -> DType) -> Result<Vec<Tensor>> {
    let mut new: HashMap<Identity, Tensor> = HashMap::new();
    for (from, to) in pairs {
        from.check()?;
        to.check()?;
        let what = || format!("the replacement of a {}", from.op().name());
        if from.shape() != to.shape() {
            let (expected, got) = (from.shape().clone(), to.shape().clone());
            return Err(Error::Shape { what: what(), expected, got });
        }
        if widened(from.dtype()) != to.dtype() {
            return Err(Error::DType { what: what(), expected: widened(from.dtype()), got: to.dtype() });
        }
        new.insert(from.identity(), to.clone());
    }
    for tensor in Tensor::topological(outputs) {
        tensor.check()?;
        if new.contains_key(&tensor.identity()) {
            continue;
        }
        let operands: Vec<Tensor> = tensor.operands().iter().map(|t| new[&t.identity()].clone()).collect();
        new.insert(tensor.identity(), renewed(&tensor, operands, widened(tensor.dtype())));
    }
    Ok(outputs.iter().map(|t| new[&t.identity()].clone()).collect())
}

/// The operation of `tensor` on `operands`, with a result of type `dtype`.
fn renewed(tensor: &Tensor, operands: Vec<Tensor>, dtype: DType) -> Tensor {
    let same =
        dtype == tensor.dtype() && operands.iter().zip(tensor.operands()).all(|(a, b)| a.identity() == b.identity());
    match tensor.op() {
        _ if same => tensor.clone(),
        Op::Constant(array) => Tensor::from(array.cast(dtype)),
        Op::Variable(_) => tensor.cast(dtype),
        Op::Cast => operands[0].cast(dtype),
        op => Tensor::new(op.clone(), operands, tensor.shape().clone(), dtype),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Array, Variable, gradient, interpret};

    /// Some operation of every kind.
    fn expression(x: &Tensor, w: &Tensor) -> Tensor {
        let h = x.matmul(w).relu();
        let chosen = Tensor::select(&h.greater(0.5), &h, 0.25);
        let picked = Tensor::concat(&[chosen, h.sigmoid()], 1).gather(&Tensor::from([0i64, 3]), 1);
        (picked.transpose().slice(0, 0..1) * 3.0).exp().mean() + h.argmax(-1).one_hot(2, x.dtype()).sum()
    }

    #[test]
    fn substituting_is_computing_with_the_other_value() {
        let (x, w) = (Tensor::input("x", [3, 2], DType::F64), Variable::new("w", [[1.0, -0.5], [0.25, 2.0]]));
        let other = Tensor::from([[0.5, 0.25], [-1.0, 1.5]]);
        let array = Array::from([[0.1, 0.2], [-0.3, 0.4], [1.5, -0.6]]);
        let loss = expression(&x, &w.tensor());
        let slope = gradient(&loss, &[w.tensor()]).unwrap().remove(0);
        let replaced = substitute(&[loss, slope], &[(w.tensor(), other.clone()), (x, array.clone().into())]).unwrap();
        let direct = expression(&array.into(), &other);
        let slope = gradient(&direct, &[other]).unwrap().remove(0);
        assert_eq!(interpret(&replaced, &[]).unwrap(), interpret(&[direct, slope], &[]).unwrap());
    }

    #[test]
    fn in_float64_is_the_expression_as_if_all_had_been_float64() {
        let x = Tensor::input("x", [3, 2], DType::F32);
        let w = Variable::new("w", Array::from([[1.0f32, -0.5], [0.25, 2.0]]));
        let wide = in_float64(&[expression(&x, &w.tensor())], &[(x.clone(), Tensor::input("x", [3, 2], DType::F64))]);
        let wide = wide.unwrap().remove(0);
        let array = Array::from([[0.1, 0.2], [-0.3, 0.4], [1.5, -0.6]]);
        let direct = expression(&array.clone().into(), &w.value().cast(DType::F64).into());
        assert_eq!(wide.dtype(), DType::F64);
        let input =
            Tensor::topological(std::slice::from_ref(&wide)).into_iter().find(|t| matches!(t.op(), Op::Input(_)));
        assert_eq!(interpret(&[wide], &[(input.unwrap(), array)]).unwrap(), [direct.eval().unwrap()]);
    }

    #[test]
    fn other_shapes_and_types_are_refused() {
        let w = Variable::new("w", [1.0f32, 2.0]);
        let loss = w.tensor().sum();
        let message =
            |to: Tensor| substitute(std::slice::from_ref(&loss), &[(w.tensor(), to)]).unwrap_err().to_string();
        assert!(message(Tensor::from([1.0f32])).contains("shape"));
        assert!(message(Tensor::from([1.0, 2.0])).contains("float32"));
    }
}
