//! What an expression's value is, and how far from it a correct plan may be.
//!
//! A fixed tolerance is either so loose that it hides mistakes or so tight that rounding trips it. So every operation's
//! error is bounded from the errors of its operands (running error analysis): moves, comparisons and integers must be
//! right to the bit; a sum may be off by some units in the last place of the sum of magnitudes; and where a comparison
//! hangs on a rounding (`x > 0` at x = 1e-9 with an error of 1e-8) the bound grows to the size of the jump, or to
//! infinity, which means that the element is not compared.

use std::collections::{HashMap, HashSet};

use yhat_tensor::{
    Array, DType, Result, Tensor, interpret,
    tensor::{Binary, Op, Reduction, Unary},
};

/// Bounds on the error of each variable's elements, by the variable's id; none means exact.
pub type VariableErrors = HashMap<u64, Vec<f64>>;

/// Values and error bounds of a set of expressions and of all that they are made of.
pub struct Truth {
    values: HashMap<usize, Array>,
    errors: HashMap<usize, Vec<f64>>,
}

/// How many elements were compared, and how many could not be.
#[derive(Clone, Copy, Default)]
pub struct Compared {
    pub compared: usize,
    pub skipped: usize,
}

/// What tells one expression from another: the place in memory of its operation.
fn key(t: &Tensor) -> usize {
    std::ptr::from_ref(t.op()) as usize
}

/// All that `roots` are made of, operands first.
pub fn topological(roots: &[Tensor]) -> Vec<Tensor> {
    let (mut order, mut seen) = (Vec::new(), HashSet::new());
    let mut stack: Vec<(Tensor, bool)> = roots.iter().rev().map(|t| (t.clone(), false)).collect();
    while let Some((t, ready)) = stack.pop() {
        if ready {
            order.push(t);
        } else if seen.insert(key(&t)) {
            stack.push((t.clone(), true));
            stack.extend(t.operands().iter().rev().map(|t| (t.clone(), false)));
        }
    }
    order
}

impl Truth {
    /// Evaluates `roots` and bounds the error of each.
    pub fn of(roots: &[Tensor], inputs: &[(Tensor, Array)], variables: &VariableErrors) -> Result<Truth> {
        let order = topological(roots);
        let results = interpret(&order, inputs)?;
        let mut truth = Truth { values: HashMap::new(), errors: HashMap::new() };
        for (t, value) in order.iter().zip(results) {
            let error = truth.bound(t, &value, variables);
            assert_eq!(error.len(), value.size());
            truth.values.insert(key(t), value);
            truth.errors.insert(key(t), error);
        }
        Ok(truth)
    }

    pub fn value(&self, t: &Tensor) -> &Array {
        &self.values[&key(t)]
    }

    pub fn errors(&self, t: &Tensor) -> &[f64] {
        &self.errors[&key(t)]
    }

    /// Whether `got` can be what a correct plan computes for `t`.
    pub fn compare(&self, t: &Tensor, got: &Array) -> std::result::Result<Compared, String> {
        compare(self.value(t), self.errors(t), got)
    }

    fn bound(&self, t: &Tensor, y: &Array, variables: &VariableErrors) -> Vec<f64> {
        let operands: Vec<&Array> = t.operands().iter().map(|x| self.value(x)).collect();
        let errors: Vec<&[f64]> = t.operands().iter().map(|x| self.errors(x)).collect();
        let exact = errors.iter().all(|e| e.iter().all(|e| *e == 0.0));
        let unit = unit(t.dtype());
        match t.op() {
            Op::Constant(_) | Op::Input(_) | Op::Invalid(_) => vec![0.0; y.size()],
            Op::Variable(v) => variables.get(&v.id()).cloned().unwrap_or_else(|| vec![0.0; y.size()]),
            Op::Unary(op) => {
                let (x, y) = (operands[0].to_vec(), y.to_vec());
                let one = |i: usize| unary(*op, t.dtype(), x[i], errors[0][i], y[i]);
                (0..y.len()).map(one).collect()
            }
            Op::Binary(op) => {
                let (a, b, y) = (operands[0].to_vec(), operands[1].to_vec(), y.to_vec());
                let one = |i: usize| binary(*op, t.dtype(), (a[i], errors[0][i]), (b[i], errors[1][i]), y[i]);
                (0..y.len()).map(one).collect()
            }
            Op::Select => {
                let (yes, no) = (operands[1].to_vec(), operands[2].to_vec());
                let condition = operands[0].to_vec();
                let one = |i: usize| {
                    let chosen = if condition[i] != 0.0 { errors[1][i] } else { errors[2][i] };
                    if errors[0][i] == 0.0 {
                        return chosen;
                    }
                    let same = yes[i] == no[i] || (yes[i].is_nan() && no[i].is_nan());
                    let jump = if same { 0.0 } else { (yes[i] - no[i]).abs() };
                    known(jump + errors[1][i].max(errors[2][i]))
                };
                (0..y.size()).map(one).collect()
            }
            Op::Cast => {
                let (x, y) = (operands[0].to_vec(), y.to_vec());
                let from = operands[0].dtype();
                let to = |x: f64| Array::from(x).cast(t.dtype()).item();
                let one = |i: usize| match errors[0][i] {
                    0.0 => 0.0,
                    e if e.is_infinite() => e,
                    e if t.dtype() == DType::Bool => f64::from(x[i].abs() <= e),
                    e if from.is_float() && t.dtype().is_float() => e + unit * y[i].abs() + tiny(t.dtype()),
                    e => known((to(x[i] + e) - y[i]).abs().max((to(x[i] - e) - y[i]).abs())),
                };
                (0..y.len()).map(one).collect()
            }
            Op::Reduce(reduction, axes) => {
                let at = reduced_positions(operands[0], axes, y);
                let (x, y) = (operands[0].to_vec(), y.to_vec());
                match reduction {
                    Reduction::Sum => sums(t.dtype(), &at, &x, errors[0], &y),
                    // The largest element lies between the largest lower and the largest upper bound.
                    _ if exact => vec![0.0; y.len()],
                    Reduction::Max => extremes(1.0, &at, &x, errors[0], &y),
                    Reduction::Min => extremes(-1.0, &at, &x, errors[0], &y),
                }
            }
            Op::ArgMax(_) if exact => vec![0.0; y.size()],
            Op::ArgMax(axis) => {
                let at = reduced_positions(operands[0], &[*axis], y);
                let x = operands[0].to_vec();
                let chosen = y.to_vec();
                let mut seen = vec![0.0; y.size()];
                let mut lowest = vec![0.0; y.size()];
                let mut others = vec![f64::NEG_INFINITY; y.size()];
                for (i, &o) in at.iter().enumerate() {
                    if x[i].is_nan() || errors[0][i].is_infinite() {
                        others[o] = f64::INFINITY;
                    } else if seen[o] == chosen[o] {
                        lowest[o] = x[i] - errors[0][i];
                    } else {
                        others[o] = others[o].max(x[i] + errors[0][i]);
                    }
                    seen[o] += 1.0;
                }
                // An index that hangs on a rounding may be any.
                (0..y.size()).map(|o| if others[o] < lowest[o] { 0.0 } else { f64::INFINITY }).collect()
            }
            Op::MatMul { transpose_a, transpose_b } => {
                products(t, operands[0], operands[1], errors[0], errors[1], *transpose_a, *transpose_b, y)
            }
            Op::ScatterAdd(axis) => {
                let indices = operands[1].to_vec();
                if errors[1].iter().any(|e| *e != 0.0) {
                    return vec![f64::INFINITY; y.size()];
                }
                let inner: usize = y.shape()[axis + 1..].iter().product();
                let at: Vec<usize> = (0..operands[0].size())
                    .map(|i| {
                        let (rest, low) = (i / inner, i % inner);
                        let (high, k) = (rest / indices.len(), rest % indices.len());
                        (high * y.shape()[*axis] + indices[k] as usize) * inner + low
                    })
                    .collect();
                sums(t.dtype(), &at, &operands[0].to_vec(), errors[0], &y.to_vec())
            }
            // Moves: the errors move with the elements.
            _ if exact => vec![0.0; y.size()],
            Op::Reshape => errors[0].to_vec(),
            op => {
                let parts: Vec<Tensor> = operands
                    .iter()
                    .zip(&errors)
                    .map(|(a, e)| Tensor::from(Array::new(a.shape(), e.to_vec()).unwrap()))
                    .collect();
                let moved = match op {
                    Op::Transpose(axes) => parts[0].permute(axes),
                    Op::Broadcast => parts[0].broadcast_to(y.shape()),
                    Op::Slice(ranges) => {
                        ranges.iter().enumerate().fold(parts[0].clone(), |x, (i, r)| x.slice(i as isize, r.clone()))
                    }
                    Op::Pad(starts) => {
                        let (inner, outer) = (operands[0].shape(), y.shape());
                        let amounts: Vec<_> =
                            (0..starts.len()).map(|i| (starts[i], outer[i] - inner[i] - starts[i])).collect();
                        parts[0].pad(&amounts)
                    }
                    Op::Concat(axis) => Tensor::concat(&parts, *axis as isize),
                    Op::Gather(axis) => {
                        let indices = Tensor::from(operands[1]);
                        let own = parts[0].gather(&indices, *axis as isize);
                        // An index that may be another makes the element unknown.
                        let mut shape = vec![1; *axis];
                        shape.extend(indices.shape().iter());
                        shape.resize(y.shape().rank(), 1);
                        let unsure = parts[1].reshape(shape).broadcast_to(y.shape());
                        Tensor::select(&unsure.equal(0.0), &own, &own.ones_like().cast(DType::F64) * f64::INFINITY)
                    }
                    op => unreachable!("{op:?} is not a move"),
                };
                moved.eval().unwrap().to_vec()
            }
        }
    }
}

/// Whether `got` can be what a correct plan computes where the truth is `value` within `errors`.
pub fn compare(value: &Array, errors: &[f64], got: &Array) -> std::result::Result<Compared, String> {
    if (value.shape(), value.dtype()) != (got.shape(), got.dtype()) {
        return Err(format!(
            "expected shape {} dtype {}, got shape {} dtype {}",
            value.shape(),
            value.dtype(),
            got.shape(),
            got.dtype()
        ));
    }
    let mut count = Compared::default();
    for (i, ((y, x), e)) in value.to_vec().into_iter().zip(got.to_vec()).zip(errors).enumerate() {
        if e.is_infinite() {
            count.skipped += 1;
            continue;
        }
        count.compared += 1;
        let right = match y.is_finite() {
            true => (x - y).abs() <= *e,
            false => x == y || (x.is_nan() && y.is_nan()),
        };
        if !right {
            return Err(format!("element {i} of shape {}: expected {y:e} within {e:e}, got {x:e}", value.shape()));
        }
    }
    Ok(count)
}

/// NaN bounds come from inf * 0 and inf - inf: nothing is known.
fn known(e: f64) -> f64 {
    if e.is_nan() { f64::INFINITY } else { e }
}

/// Half a unit in the last place, relative to the number.
fn unit(dtype: DType) -> f64 {
    match dtype {
        DType::F32 => 2f64.powi(-24),
        DType::F64 => 2f64.powi(-53),
        _ => 0.0,
    }
}

/// What may be flushed to zero.
fn tiny(dtype: DType) -> f64 {
    match dtype {
        DType::F32 => 1e-37,
        DType::F64 => 1e-300,
        _ => 0.0,
    }
}

fn largest(dtype: DType) -> f64 {
    if dtype == DType::F32 { f32::MAX as f64 } else { f64::MAX }
}

fn rounded(x: f64, dtype: DType) -> f64 {
    if dtype == DType::F32 { x as f32 as f64 } else { x }
}

/// `slope * error` where an exact operand adds nothing, however steep the function is.
fn times(slope: f64, error: f64) -> f64 {
    if error == 0.0 { 0.0 } else { slope.abs() * error }
}

fn unary(op: Unary, dtype: DType, x: f64, e: f64, y: f64) -> f64 {
    use Unary::*;
    let ulps = match op {
        Neg | Abs | Sign | Floor | Ceil | Round | Relu | StopGradient | IsNan | Not => 0.0,
        Square | Sqrt => 2.0,
        // The functions have bounds of up to 8 units in the last place (16 of ours), `real.rs` says.
        _ => 20.0,
    };
    if e.is_infinite() {
        return e;
    }
    let f = |x: f64| rounded(op.value(x), dtype);
    if ulps > 0.0 && x.is_finite() {
        // At the edge of overflow either side is right.
        let true_size = op.value::<f64>(x).abs() / largest(dtype);
        if (0.999..1.001).contains(&true_size) {
            return f64::INFINITY;
        }
    }
    let near = match e {
        0.0 => 0.0,
        _ => {
            let (low, high) = (f(x - e), f(x + e));
            if !y.is_finite() {
                let same = |z: f64| z == y || (z.is_nan() && y.is_nan());
                if same(low) && same(high) { 0.0 } else { f64::INFINITY }
            } else {
                // The ends of the interval are its extremes, but for what turns inside of it.
                let inside = match op {
                    Abs | Sin | Cos => e,
                    Square => 2.0 * x.abs() * e + e * e,
                    _ => 0.0,
                };
                1.25 * known((low - y).abs()).max(known((high - y).abs())).max(inside)
            }
        }
    };
    if ulps == 0.0 || !y.is_finite() { near } else { near + ulps * unit(dtype) * y.abs() + tiny(dtype) }
}

fn binary(op: Binary, dtype: DType, (a, ea): (f64, f64), (b, eb): (f64, f64), y: f64) -> f64 {
    use Binary::*;
    if ea.is_infinite() || eb.is_infinite() {
        return f64::INFINITY;
    }
    let rounding = if dtype.is_float() { 3.0 * unit(dtype) * y.abs() + tiny(dtype) } else { 0.0 };
    match op {
        Equal | NotEqual | Less | LessEqual | Greater | GreaterEqual => {
            let unsure = ea + eb > 0.0 && (a - b).abs() <= ea + eb;
            return if unsure { 1.0 } else { 0.0 };
        }
        And | Or => return ea.max(eb),
        Maximum | Minimum if y.is_nan() => return 0.0,
        Maximum => return known((a - ea).max(b - eb) - y).abs().max(known((a + ea).max(b + eb) - y).abs()),
        Minimum => return known((a - ea).min(b - eb) - y).abs().max(known((a + ea).min(b + eb) - y).abs()),
        _ => {}
    }
    if !y.is_finite() {
        let certain = ea == 0.0 && eb == 0.0;
        let overflow = a.is_finite() && b.is_finite() && !y.is_nan();
        // x / 0 may have either sign, since nothing promises the sign of a zero.
        return if certain && !overflow { 0.0 } else { f64::INFINITY };
    }
    let carried = match op {
        Add | Sub => ea + eb,
        Mul => times(a, eb) + times(b, ea) + ea * eb,
        Div if b.is_infinite() => 0.0,
        Div if b.abs() <= eb => f64::INFINITY,
        Div => (ea + times(y, eb)) / (b.abs() - eb),
        Pow if ea == 0.0 && eb == 0.0 => 0.0,
        Pow => {
            let corners = [(a - ea, b), (a + ea, b), (a, b - eb), (a, b + eb)];
            let far = corners.map(|(a, b)| known((rounded(a.powf(b), dtype) - y).abs()));
            2.5 * far.into_iter().fold(0.0, f64::max)
        }
        _ => unreachable!("comparisons are above"),
    };
    let overflow = y.abs() > 0.999 * largest(dtype);
    if overflow { f64::INFINITY } else { known(carried + rounding * if op == Pow { 6.0 } else { 1.0 }) }
}

/// For each element of `x` the element of `y` that it is reduced into.
fn reduced_positions(x: &Array, axes: &[usize], y: &Array) -> Vec<usize> {
    let rank = x.shape().rank();
    let mut strides = vec![0; rank];
    let mut stride = 1;
    for i in (0..rank).rev().filter(|i| !axes.contains(i)) {
        strides[i] = stride;
        stride *= x.shape()[i];
    }
    debug_assert!(stride == y.size() || x.size() == 0);
    let mut positions = Vec::with_capacity(x.size());
    for flat in 0..x.size() {
        let (mut rest, mut at) = (flat, 0);
        for i in (0..rank).rev() {
            at += rest % x.shape()[i] * strides[i];
            rest /= x.shape()[i];
        }
        positions.push(at);
    }
    positions
}

/// How far a sum of `n` numbers can be off for the order of its additions, relative to the sum of their magnitudes.
fn summation(n: f64, dtype: DType) -> f64 {
    unit(dtype) * if n <= 1.0 { 2.0 } else { 16.0 + n / 4.0 }
}

fn sums(dtype: DType, at: &[usize], x: &[f64], errors: &[f64], y: &[f64]) -> Vec<f64> {
    let mut n = vec![0.0; y.len()];
    let mut magnitude = vec![0.0; y.len()];
    let mut carried = vec![0.0; y.len()];
    for (i, &o) in at.iter().enumerate() {
        n[o] += 1.0;
        magnitude[o] += if x[i].is_finite() { x[i].abs() } else { 0.0 };
        carried[o] += errors[i];
    }
    let one = |o: usize| {
        if magnitude[o] > 0.999 * largest(dtype) {
            return f64::INFINITY;
        }
        match y[o].is_finite() {
            true if n[o] <= 1.0 || !dtype.is_float() => carried[o],
            true => carried[o] + summation(n[o], dtype) * magnitude[o],
            false if carried[o].is_infinite() => f64::INFINITY,
            false => 0.0,
        }
    };
    (0..y.len()).map(one).collect()
}

fn extremes(sign: f64, at: &[usize], x: &[f64], errors: &[f64], y: &[f64]) -> Vec<f64> {
    let mut low = vec![f64::NEG_INFINITY; y.len()];
    let mut high = low.clone();
    let mut unknown = vec![false; y.len()];
    for (i, &o) in at.iter().enumerate() {
        unknown[o] |= errors[i].is_infinite();
        low[o] = low[o].max(sign * x[i] - errors[i]);
        high[o] = high[o].max(sign * x[i] + errors[i]);
    }
    let one = |o: usize| match () {
        () if unknown[o] => f64::INFINITY,
        () if !y[o].is_finite() => 0.0,
        () => known((low[o] - sign * y[o]).abs().max((high[o] - sign * y[o]).abs())),
    };
    (0..y.len()).map(one).collect()
}

#[allow(clippy::too_many_arguments)]
fn products(
    t: &Tensor,
    a: &Array,
    b: &Array,
    ea: &[f64],
    eb: &[f64],
    transpose_a: bool,
    transpose_b: bool,
    y: &Array,
) -> Vec<f64> {
    let rank = y.shape().rank();
    let (m, n) = (y.shape()[rank - 2], y.shape()[rank - 1]);
    let k = a.shape()[if transpose_a { rank - 2 } else { rank - 1 }];
    let (a, b, y) = (a.to_vec(), b.to_vec(), y.to_vec());
    let exact = ea.iter().chain(eb).all(|e| *e == 0.0);
    let one = |flat: usize| {
        let (batch, i, j) = (flat / (m * n), flat / n % m, flat % n);
        let (mut magnitude, mut carried) = (0.0, 0.0);
        for l in 0..k {
            let left = batch * m * k + if transpose_a { l * m + i } else { i * k + l };
            let right = batch * k * n + if transpose_b { j * k + l } else { l * n + j };
            let product = (a[left] * b[right]).abs();
            magnitude += if product.is_finite() { product } else { 0.0 };
            if !exact {
                carried += times(a[left], eb[right]) + times(b[right], ea[left]) + ea[left] * eb[right];
            }
        }
        if magnitude > 0.999 * largest(t.dtype()) {
            return f64::INFINITY;
        }
        match y[flat].is_finite() {
            true => known(carried + summation(k as f64, t.dtype()) * magnitude + tiny(t.dtype())),
            false if carried == 0.0 => 0.0,
            false => f64::INFINITY,
        }
    };
    (0..y.len()).map(one).collect()
}
