//! A loss that does not fit the output. What a loss is, is seen by what it computes, so one's own counts too.

use yhat_tensor::{Array, DType, Plan, Tensor, in_float64};

use super::{Finding, Kind, output::before_activation};
use crate::{
    Result,
    losses::{Loss, logits},
    model::Traced,
    units::same,
};

/// What a loss computes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Means {
    SquaredError,
    BinaryCrossentropy,
    CategoricalCrossentropy,
    Other,
}

/// Probabilities and targets on which the losses differ.
const P: [f64; 4] = [0.9, 0.3, 0.6, 0.2];
const Y: [f64; 4] = [1.0, 0.0, 1.0, 0.0];

/// What `loss` makes of a few numbers.
pub(super) fn meaning(loss: &Loss) -> Means {
    if loss.name() == "sparse_categorical_crossentropy" {
        let of = |p: [f64; 2]| value(loss, Array::from([0i64]), Array::from([p]));
        // Of logits it is not -ln of the first number.
        return if near(of([0.25, 0.75]), -(0.25f64.ln())) { Means::CategoricalCrossentropy } else { Means::Other };
    }
    let pairs = || P.iter().zip(&Y);
    let column = |values: [f64; 4]| Array::from(values).reshape([4, 1]).unwrap_or_else(|_| values.into());
    let of_column = value(loss, column(Y), column(P));
    let squared = pairs().map(|(p, y)| (p - y).powi(2)).sum::<f64>() / 4.0;
    let binary = -pairs().map(|(p, y)| y * p.ln() + (1.0 - y) * (1.0 - p).ln()).sum::<f64>() / 4.0;
    if near(of_column, squared) {
        return Means::SquaredError;
    }
    if near(of_column, binary) {
        return Means::BinaryCrossentropy;
    }
    let of_rows = value(loss, Array::from([[1.0, 0.0], [0.0, 1.0]]), Array::from([[0.25, 0.75], [0.5, 0.5]]));
    match near(of_rows, -(0.25f64.ln() + 0.5f64.ln()) / 2.0) {
        true => Means::CategoricalCrossentropy,
        false => Means::Other,
    }
}

fn near(a: Option<f64>, b: f64) -> bool {
    a.is_some_and(|a| (a - b).abs() < 1e-4)
}

fn value(loss: &Loss, y: Array, p: Array) -> Option<f64> {
    loss.call(&Tensor::from(y), &Tensor::from(p)).ok()?.eval().ok().map(|value| value.item())
}

/// What is wrong between the last activation and the loss.
pub(super) fn misfits(traced: &Traced, means: Means) -> Result<Vec<Finding>> {
    let yhat = &traced.yhat;
    let (sigmoid, softmax) = (logits::of_sigmoid(yhat).is_some(), logits::of_softmax(yhat).is_some());
    let width = yhat.shape().last().copied().unwrap_or(1);
    if softmax && width == 1 {
        let layer = traced.layers.last().map_or("", |l| l.name());
        return Ok(vec![Finding::new(Kind::SoftmaxOfOne).with("layer", layer)]);
    }
    let labels = traced.y_data.to_vec();
    if sigmoid && means == Means::SquaredError && labels.iter().all(|y| *y == 0.0 || *y == 1.0) {
        let p = computed(traced, yhat)?;
        // A sigmoid's slope is p (1 - p), at most 1/4.
        let flat: Vec<usize> = (0..p.len()).filter(|&i| p[i] * (1.0 - p[i]) < 0.025).collect();
        let wrong = flat.iter().filter(|&&i| labels.get(i).is_some_and(|y| (y - p[i]).abs() > 0.5)).count();
        let finding =
            Finding::new(Kind::SquaredErrorOverSigmoid).with("targets", labels.len()).with("outputs", p.len());
        return Ok(vec![if flat.is_empty() { finding } else { finding.with("flat", flat.len()).with("wrong", wrong) }]);
    }
    let activation = match means {
        Means::BinaryCrossentropy if !sigmoid && !softmax => "sigmoid",
        Means::CategoricalCrossentropy if !softmax => "softmax",
        _ => return Ok(Vec::new()),
    };
    let p = computed(traced, yhat)?;
    let outside = p.iter().filter(|p| !(0.0..=1.0).contains(*p)).count();
    // Some other function may well give probabilities; then only a sum that is not 1 tells.
    let sums = p.chunks(width).filter(|row| (row.iter().sum::<f64>() - 1.0).abs() > 1e-3).count();
    let bounded = same(&before_activation(yhat), yhat) && outside == 0 && (activation == "sigmoid" || sums == 0);
    if bounded && !is_linear(traced) {
        return Ok(Vec::new());
    }
    let finding = Finding::new(Kind::CrossEntropyOverLogits).with("activation", activation);
    let (low, high) = p.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), p| (l.min(*p), h.max(*p)));
    Ok(vec![finding.with("lowest", low).with("highest", high).with("outside", outside).with("outputs", p.len())])
}

/// Whether the last layer's weighted sums are the output.
fn is_linear(traced: &Traced) -> bool {
    use yhat_tensor::tensor::{Binary, Op};
    match traced.yhat.op() {
        Op::MatMul { .. } => true,
        Op::Binary(Binary::Add) => traced.yhat.operands().iter().any(|t| matches!(t.op(), Op::MatMul { .. })),
        _ => false,
    }
}

/// The value of an expression of the net on its rows, in float64.
pub(super) fn computed(traced: &Traced, what: &Tensor) -> Result<Vec<f64>> {
    let dtype = if traced.x.dtype().is_float() { DType::F64 } else { traced.x.dtype() };
    let x = Tensor::input("x", traced.x.shape(), dtype);
    let wide = in_float64(std::slice::from_ref(what), &[(traced.x.clone(), x.clone())])?;
    let plan = Plan::new(&[x], &wide, &[])?;
    let mut workspace = plan.workspace();
    workspace.set_input(0, &traced.x_data)?;
    plan.run(&mut workspace)?;
    Ok(workspace.output(0).to_vec())
}
