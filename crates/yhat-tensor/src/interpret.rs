//! The interpreter: expressions evaluated one operation at a time, slowly and obviously.
//!
//! It is the oracle: whatever a planner's pass or a kernel does is tested against it. So nothing here is clever:
//! every operation is a loop over the indices of its result.

use rustc_hash::FxHashMap as HashMap;

use crate::{
    Array, DType, Element, Error, Result, Shape, Tensor,
    array::with_elements,
    real::Real,
    tensor::{Op, Reduction},
};

/// The values of `outputs`, given an array for each input that they need.
///
/// ```
/// use yhat_tensor::{interpret, Array, DType, Tensor};
/// let x = Tensor::input("x", [2], DType::F64);
/// let y = interpret(&[x.exp().ln()], &[(x.clone(), Array::from([0.5, 2.0]))])?;
/// assert_eq!(y[0].to_vec(), [0.5, 2.0]);
/// # Ok::<(), yhat_tensor::Error>(())
/// ```
///
/// # Errors
/// If an expression is wrong, an input has no array or one of another shape, or an index is out of range.
pub fn interpret(outputs: &[Tensor], inputs: &[(Tensor, Array)]) -> Result<Vec<Array>> {
    let mut values = HashMap::default();
    for (input, array) in inputs {
        if input.shape() != array.shape() {
            let what = match input.op() {
                Op::Input(name) => format!("input '{name}'"),
                op => format!("the value given for a {}", op.name()),
            };
            return Err(Error::Shape { what, expected: input.shape().clone(), got: array.shape().clone() });
        }
        values.insert(input.identity(), array.cast(input.dtype()));
    }
    for tensor in Tensor::topological(outputs) {
        if !values.contains_key(&tensor.identity()) {
            let operands: Vec<&Array> = tensor.operands().iter().map(|t| &values[&t.identity()]).collect();
            let value = evaluate(tensor.op(), &operands, tensor.shape(), tensor.dtype())?;
            values.insert(tensor.identity(), value);
        }
    }
    Ok(outputs.iter().map(|t| values[&t.identity()].clone()).collect())
}

/// One operation on the values of its operands.
pub(crate) fn evaluate(op: &Op, operands: &[&Array], shape: &Shape, dtype: DType) -> Result<Array> {
    Ok(match op {
        Op::Constant(array) => array.clone(),
        Op::Input(name) => return Err(Error::MissingInput { name: name.clone() }),
        Op::Variable(v) => v.value(),
        Op::Invalid(error) => return Err(Error::clone(error)),
        Op::Unary(_) | Op::Binary(_) => elementwise(op, operands, dtype),
        Op::Select => {
            let (yes, no) = (operands[1], operands[2]);
            let condition = operands[0].elements::<bool>().expect("the condition is bool");
            permuted(&[yes, no], shape, |i| if condition[i] { (0, i) } else { (1, i) })
        }
        Op::Cast => operands[0].cast(dtype),
        Op::Reduce(reduction, axes) => reduce(*reduction, axes, operands[0], shape),
        Op::ArgMax(axis) => argmax(*axis, operands[0], shape),
        Op::MatMul { transpose_a, transpose_b } => match dtype {
            DType::F64 => matmul::<f64>(operands[0], operands[1], *transpose_a, *transpose_b, shape),
            _ => matmul::<f32>(operands[0], operands[1], *transpose_a, *transpose_b, shape),
        },
        Op::Reshape => operands[0].reshape(shape)?,
        Op::Transpose(axes) => {
            let strides = operands[0].shape().strides();
            let moved: Vec<usize> = axes.iter().map(|&a| strides[a]).collect();
            permuted(operands, shape, |i| (0, dot(&index(i, shape), &moved)))
        }
        Op::Broadcast => {
            let strides = operands[0].shape().broadcast_strides(shape);
            permuted(operands, shape, |i| (0, dot(&index(i, shape), &strides)))
        }
        Op::Slice(ranges) => {
            let strides = operands[0].shape().strides();
            permuted(operands, shape, |i| {
                let at: Vec<usize> = index(i, shape).iter().zip(ranges).map(|(i, r)| i + r.start).collect();
                (0, dot(&at, &strides))
            })
        }
        Op::Pad(starts) => {
            let zero = Array::from(0.0).cast(dtype);
            let (inner, strides) = (operands[0].shape(), operands[0].shape().strides());
            permuted(&[operands[0], &zero], shape, |i| {
                let at: Vec<usize> = index(i, shape).iter().zip(starts).map(|(i, s)| i.wrapping_sub(*s)).collect();
                match at.iter().zip(inner.iter()).all(|(i, n)| i < n) {
                    true => (0, dot(&at, &strides)),
                    false => (1, 0),
                }
            })
        }
        Op::Concat(axis) => permuted(operands, shape, |i| {
            let mut at = index(i, shape);
            let mut part = 0;
            while at[*axis] >= operands[part].shape()[*axis] {
                at[*axis] -= operands[part].shape()[*axis];
                part += 1;
            }
            (part, dot(&at, &operands[part].shape().strides()))
        }),
        Op::Gather(axis) => {
            let (own, indices) = (operands[0].shape(), checked(operands[1], operands[0].shape()[*axis], "gather")?);
            let inner: usize = own[axis + 1..].iter().product();
            permuted(&[operands[0]], shape, |i| {
                let (rest, low) = (i / inner, i % inner);
                let (high, k) = (rest / indices.len(), rest % indices.len());
                (0, (high * own[*axis] + indices[k]) * inner + low)
            })
        }
        Op::ScatterAdd(axis) => scatter_add(*axis, operands, shape, dtype)?,
    })
}

/// The index along each axis of element `flat`.
fn index(mut flat: usize, shape: &Shape) -> Vec<usize> {
    let mut at = vec![0; shape.rank()];
    for i in (0..shape.rank()).rev() {
        at[i] = flat % shape[i];
        flat /= shape[i];
    }
    at
}

fn dot(a: &[usize], b: &[usize]) -> usize {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// The array whose element `i` is element `k` of `sources[s]` where `from(i)` is `(s, k)`.
fn permuted(sources: &[&Array], shape: &Shape, from: impl Fn(usize) -> (usize, usize)) -> Array {
    fn pick<T: Element>(_: &[T], sources: &[&Array], shape: &Shape, from: impl Fn(usize) -> (usize, usize)) -> Array {
        let parts: Vec<&[T]> = sources.iter().map(|a| a.elements().expect("sources of one type")).collect();
        let element = |i| {
            let (s, k) = from(i);
            parts[s][k]
        };
        Array::raw(shape, (0..shape.size()).map(element).collect())
    }
    with_elements!(sources[0].data(), v => pick(v, sources, shape, from))
}

fn elementwise(op: &Op, operands: &[&Array], dtype: DType) -> Array {
    let of = operands[0].dtype();
    let result = match of {
        DType::I64 => {
            let v: Vec<&[i64]> = operands.iter().map(|a| a.elements().expect("int64")).collect();
            let value = |i: usize| match op {
                Op::Unary(op) => op.integer(v[0][i]),
                Op::Binary(op) => op.integer(v[0][i], v[1][i]),
                _ => None,
            };
            let all = (0..v[0].len()).map(|i| value(i).expect("expressions cast to float where integers do not do"));
            Array::raw(operands[0].shape(), all.collect())
        }
        DType::F64 => elementwise_real::<f64>(op, operands),
        DType::F32 => elementwise_real::<f32>(op, operands),
        DType::Bool => {
            let numbers: Vec<Array> = operands.iter().map(|a| a.cast(DType::F32)).collect();
            elementwise_real::<f32>(op, &numbers.iter().collect::<Vec<_>>())
        }
    };
    result.cast(dtype)
}

fn elementwise_real<T: Real>(op: &Op, operands: &[&Array]) -> Array {
    let v: Vec<&[T]> = operands.iter().map(|a| a.elements().expect("operands of one type")).collect();
    let value = |i: usize| match op {
        Op::Unary(op) => op.value(v[0][i]),
        Op::Binary(op) => op.value(v[0][i], v[1][i]),
        _ => unreachable!("elementwise operations are unary or binary"),
    };
    Array::raw(operands[0].shape(), (0..v[0].len()).map(value).collect())
}

/// Sums of floats are taken in float64, so that the oracle's own rounding does not count.
fn reduce(reduction: Reduction, axes: &[usize], x: &Array, shape: &Shape) -> Array {
    if let Some(v) = x.elements::<i64>() {
        return match reduction {
            Reduction::Sum => joined(v, 0, i64::wrapping_add, axes, x.shape(), shape),
            Reduction::Max => joined(v, i64::MIN, i64::max, axes, x.shape(), shape),
            Reduction::Min => joined(v, i64::MAX, i64::min, axes, x.shape(), shape),
        };
    }
    let v = x.to_vec();
    let result = match reduction {
        Reduction::Sum => joined(&v, 0.0, |a, b| a + b, axes, x.shape(), shape),
        Reduction::Max => joined(&v, f64::NEG_INFINITY, Real::larger, axes, x.shape(), shape),
        Reduction::Min => joined(&v, f64::INFINITY, Real::smaller, axes, x.shape(), shape),
    };
    result.cast(x.dtype())
}

fn joined<T: Element>(v: &[T], start: T, join: impl Fn(T, T) -> T, axes: &[usize], from: &Shape, to: &Shape) -> Array {
    let mut result = vec![start; to.size()];
    let strides = to.strides();
    for (i, value) in v.iter().enumerate() {
        let mut at = index(i, from);
        axes.iter().rev().for_each(|&axis| {
            at.remove(axis);
        });
        let so_far = &mut result[dot(&at, &strides)];
        *so_far = join(*so_far, *value);
    }
    Array::raw(to, result)
}

/// The first of the largest; a NaN, where there is one, counts as the largest, as in NumPy.
fn argmax(axis: usize, x: &Array, shape: &Shape) -> Array {
    fn largest<T: Element + PartialOrd>(v: &[T], axis: usize, from: &Shape, to: &Shape) -> Array {
        let strides = from.strides();
        #[allow(clippy::eq_op)]
        let is_nan = |value: T| value != value;
        let best = |i: usize| {
            let mut at = index(i, to);
            at.insert(axis, 0);
            let along = |k: usize| v[dot(&at, &strides) + k * strides[axis]];
            let better =
                |a: usize, b: usize| if along(b) > along(a) || (is_nan(along(b)) && !is_nan(along(a))) { b } else { a };
            (1..from[axis]).fold(0, better) as i64
        };
        Array::raw(to, (0..to.size()).map(best).collect())
    }
    with_elements!(x.data(), v => largest(v, axis, x.shape(), shape))
}

/// Products and sums are taken in float64, so that the oracle's own rounding does not count.
fn matmul<T: Real>(a: &Array, b: &Array, transpose_a: bool, transpose_b: bool, shape: &Shape) -> Array {
    let rank = shape.rank();
    let (m, n) = (shape[rank - 2], shape[rank - 1]);
    let k = a.shape()[if transpose_a { rank - 2 } else { rank - 1 }];
    let (a, b) = (a.to_vec(), b.to_vec());
    let element = |flat: usize| {
        let (batch, i, j) = (flat / (m * n), flat / n % m, flat % n);
        let term = |l: usize| {
            let left = if transpose_a { l * m + i } else { i * k + l };
            let right = if transpose_b { j * k + l } else { l * n + j };
            a[batch * m * k + left] * b[batch * k * n + right]
        };
        T::from_f64((0..k).map(term).fold(0.0, |sum, x| sum + x))
    };
    Array::raw(shape, (0..shape.size()).map(element).collect())
}

fn scatter_add(axis: usize, operands: &[&Array], shape: &Shape, dtype: DType) -> Result<Array> {
    let (updates, indices) = (operands[0].to_vec(), checked(operands[1], shape[axis], "scatter_add")?);
    let inner: usize = shape[axis + 1..].iter().product();
    let mut result = vec![0.0; shape.size()];
    for (i, update) in updates.into_iter().enumerate() {
        let (rest, low) = (i / inner, i % inner);
        let (high, k) = (rest / indices.len(), rest % indices.len());
        result[(high * shape[axis] + indices[k]) * inner + low] += update;
    }
    Ok(Array::raw(shape, result).cast(dtype))
}

fn checked(indices: &Array, length: usize, op: &'static str) -> Result<Vec<usize>> {
    let indices = indices.elements::<i64>().expect("indices are int64");
    match indices.iter().find(|&&i| i < 0 || i as usize >= length) {
        Some(&index) => Err(Error::Index { op, index, length }),
        None => Ok(indices.iter().map(|&i| i as usize).collect()),
    }
}
