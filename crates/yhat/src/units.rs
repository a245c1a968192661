//! Where a net's units are in its expressions: weighted sums, and what their activations make of them.

use std::collections::HashSet;

use yhat_tensor::{
    Array, DType, Plan, Tensor, Variable, gradient, in_float64,
    tensor::{Binary, Op},
};

use crate::{Result, layers::AnyLayer};

/// The units of a layer that multiplies by a matrix, up to the next one that does.
#[derive(Clone)]
pub(crate) struct Units {
    /// The name of the layer with the matrix.
    pub layer: String,
    /// What the layer is given.
    pub input: Tensor,
    /// The matrix, if it is a variable as it is.
    pub kernel: Option<Variable>,
    /// What is added to the product, if it is a variable.
    pub bias: Option<Variable>,
    /// The weighted sums, bias included, and what becomes of them: `(rows, units)`, or with more axes between.
    pub u: Tensor,
    pub v: Tensor,
    /// Whether each element of `v` depends on its element of `u` alone.
    pub elementwise: bool,
}

impl Units {
    /// How many units there are.
    pub fn count(&self) -> usize {
        self.u.shape().last().copied().unwrap_or(1)
    }
}

/// The units of all layers, first to last, of the net that `layers` applied to `x` are.
pub(crate) fn units(layers: &[AnyLayer], x: &Tensor) -> Result<Vec<Units>> {
    let mut found: Vec<Units> = Vec::new();
    let mut h = x.clone();
    for layer in layers.iter().flat_map(leaves) {
        let output = layer.call(&h)?;
        let input = std::mem::replace(&mut h, output);
        let Some((u, product)) = weighted_sum(&h, &mut HashSet::new()) else { continue };
        match found.last_mut() {
            Some(last) if same(&last.u, &u) => {
                if h.shape() == u.shape() {
                    last.elementwise = elementwise(&h, &u) == Some(true);
                    last.v = h.clone();
                }
            }
            _ => found.push(Units {
                layer: layer.name().to_string(),
                kernel: product.operands().get(1).and_then(variable),
                bias: u
                    .operands()
                    .iter()
                    .find(|t| !same(t, &product))
                    .filter(|_| !same(&u, &product))
                    .and_then(variable),
                elementwise: h.shape() == u.shape() && elementwise(&h, &u) == Some(true),
                v: if h.shape() == u.shape() { h.clone() } else { u.clone() },
                input,
                u,
            }),
        }
    }
    Ok(found)
}

/// The layers of a net and of the nets in it, in the order in which they are applied.
fn leaves(layer: &AnyLayer) -> Vec<AnyLayer> {
    match layer.kind() {
        "Sequential" => layer.layers().iter().flat_map(leaves).collect(),
        _ => vec![layer.clone()],
    }
}

/// Whether both are one expression.
pub(crate) fn same(a: &Tensor, b: &Tensor) -> bool {
    std::ptr::eq(a.op(), b.op())
}

fn variable(t: &Tensor) -> Option<Variable> {
    match t.op() {
        Op::Variable(v) => Some(v.clone()),
        Op::Broadcast | Op::Reshape => variable(&t.operands()[0]),
        _ => None,
    }
}

/// The product of matrices that was computed last on the way to `t`, with what was added to it, and without.
fn weighted_sum(t: &Tensor, seen: &mut HashSet<*const Op>) -> Option<(Tensor, Tensor)> {
    if !seen.insert(std::ptr::from_ref(t.op())) {
        return None;
    }
    let is_product = |t: &&Tensor| matches!(t.op(), Op::MatMul { .. });
    match t.op() {
        Op::MatMul { .. } => Some((t.clone(), t.clone())),
        Op::Binary(Binary::Add) if t.operands().iter().any(|t| variable(t).is_some()) => {
            let product = t.operands().iter().find(is_product);
            match product {
                Some(product) => Some((t.clone(), product.clone())),
                None => t.operands().iter().find_map(|t| weighted_sum(t, seen)),
            }
        }
        _ => t.operands().iter().find_map(|t| weighted_sum(t, seen)),
    }
}

/// Whether `v` depends on `u`; `None` if elements of one depend on others of the other.
fn elementwise(v: &Tensor, u: &Tensor) -> Option<bool> {
    if same(v, u) {
        return Some(true);
    }
    let mut depends = false;
    for operand in v.operands() {
        depends |= elementwise(operand, u)?;
    }
    let plain = matches!(v.op(), Op::Unary(_) | Op::Binary(_) | Op::Select | Op::Cast);
    if depends && !plain { None } else { Some(depends) }
}

/// What an activation function is like, unit by unit.
#[derive(Clone, Debug)]
pub(crate) struct Shape {
    /// The steepest slope anywhere near 0.
    pub steepest: Vec<f64>,
    /// Whether it is flat on both sides.
    pub bounded: Vec<bool>,
    /// Whether there is a region of slope 0.
    pub dead_zone: Vec<bool>,
    /// Whether the slope jumps at 0.
    pub kink: Vec<bool>,
    /// The lowest and the highest value, infinite where it has no bound.
    pub lowest: Vec<f64>,
    pub highest: Vec<f64>,
}

/// Where activations are looked at: far out, at the borders of what is usual, beside 0, and between.
fn grid() -> Vec<f64> {
    let mut points = vec![-1e6, 1e6, -8.0, 8.0, -1e-9, 1e-9];
    points.extend((-24..=24).map(|i| f64::from(i) / 4.0));
    points
}

/// Looks at the activation of each of the net's groups of units.
pub(crate) fn shapes(layers: &[AnyLayer], row: &[usize], dtype: DType) -> Result<Vec<Option<Shape>>> {
    let points = grid();
    let shape: Vec<usize> = std::iter::once(points.len()).chain(row.iter().copied()).collect();
    let x = Tensor::input("x", shape, dtype);
    units(layers, &x)?
        .iter()
        .map(|units| if units.elementwise { look(units, &x, &points).map(Some) } else { Ok(None) })
        .collect()
}

fn look(units: &Units, x: &Tensor, points: &[f64]) -> Result<Shape> {
    let n = units.count();
    let (size, u) = (units.u.shape().size(), Tensor::input("u", units.u.shape(), DType::F64));
    let no_x = Tensor::full(x.shape(), 0.0, if x.dtype().is_float() { DType::F64 } else { x.dtype() });
    let v = in_float64(std::slice::from_ref(&units.v), &[(units.u.clone(), u.clone()), (x.clone(), no_x)])?.remove(0);
    let slope = gradient(&v, std::slice::from_ref(&u))?.remove(0);
    let plan = Plan::new(&[u], &[v, slope], &[])?;
    let mut workspace = plan.workspace();
    let each = size / points.len();
    let values: Vec<f64> = points.iter().flat_map(|p| std::iter::repeat_n(*p, each)).collect();
    workspace.set_input(0, &Array::new(units.u.shape(), values)?)?;
    plan.run(&mut workspace)?;
    let (v, slope) = (workspace.output(0).to_vec(), workspace.output(1).to_vec());
    let of = |array: &[f64], point: usize, unit: usize| array[point * each + unit];
    let fold = |array: &[f64], unit: usize, start: f64, join: fn(f64, f64) -> f64| {
        (0..points.len()).map(|p| of(array, p, unit)).fold(start, join)
    };
    let steepest: Vec<f64> =
        (0..n).map(|j| (2..points.len()).map(|p| of(&slope, p, j).abs()).fold(0.0, f64::max)).collect();
    let flat = |p: usize, j: usize| of(&slope, p, j).abs() < 0.02 * steepest[j];
    let bound = |x: f64| if x.abs() < 1e3 { x } else { x.signum() * f64::INFINITY };
    Ok(Shape {
        bounded: (0..n).map(|j| flat(2, j) && flat(3, j)).collect(),
        dead_zone: (0..n).map(|j| of(&slope, 2, j) == 0.0 || of(&slope, 3, j) == 0.0).collect(),
        kink: (0..n).map(|j| (of(&slope, 4, j) - of(&slope, 5, j)).abs() > 1e-3 * steepest[j]).collect(),
        lowest: (0..n).map(|j| bound(fold(&v, j, f64::INFINITY, f64::min))).collect(),
        highest: (0..n).map(|j| bound(fold(&v, j, f64::NEG_INFINITY, f64::max))).collect(),
        steepest,
    })
}
