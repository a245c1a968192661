//! What is wrong with the data.

use yhat_tensor::Array;

use super::{Finding, Kind, listed};
use crate::{
    model::Traced,
    units::{Shape, Units},
};

/// NaN and infinities in `x` or `y`.
pub(super) fn not_finite(x: &Array, y: &Array) -> Vec<Finding> {
    let look = |name: &'static str, array: &Array| {
        let columns = (array.size() / array.shape().first().copied().unwrap_or(1).max(1)).max(1);
        let numbers = array.to_vec();
        let bad: Vec<usize> = (0..numbers.len()).filter(|i| !numbers[*i].is_finite()).collect();
        let first = *bad.first()?;
        let finding = Finding::new(Kind::NotFinite).with("where", name).with("count", bad.len());
        Some(finding.with("row", first / columns).with("column", first % columns))
    };
    [look("x", x), look("y", y)].into_iter().flatten().collect()
}

/// Inputs above this are large, and so are columns of so many times the spread of another.
const LARGE: f64 = 100.0;

/// Columns that never change and inputs that are not scaled.
pub(super) fn inputs(traced: &Traced, units: &[Units]) -> Vec<Finding> {
    let (x, rows) = (&traced.x_data, traced.rows());
    if !x.dtype().is_float() || rows < 2 {
        return Vec::new();
    }
    let (numbers, columns) = (x.to_vec(), x.size() / rows);
    let column = |j: usize| numbers.iter().skip(j).step_by(columns).copied();
    let spreads: Vec<f64> = (0..columns).map(|j| spread(column(j))).collect();
    let constant: Vec<usize> = (0..columns).filter(|&j| spreads[j] == 0.0).collect();
    let mut found = Vec::new();
    // Where the first layer has no bias, a column of ones is what makes up for it. Images have borders.
    let first_bias = units.first().is_some_and(|u| u.bias.is_some());
    let useless: Vec<usize> = constant.iter().copied().filter(|&j| first_bias || numbers[j] == 0.0).collect();
    if x.shape().rank() == 2 && !useless.is_empty() {
        let finding =
            Finding::new(Kind::ConstantColumns).with("columns", listed(&useless)).with("count", useless.len());
        found.push(finding.with("rows", rows).with("value", numbers[useless[0]]));
    }
    let largest = (0..columns).map(|j| column(j).fold(0.0, |m: f64, x| m.max(x.abs())));
    let (most, size) = highest(largest);
    let changing = || (0..columns).filter(|&j| spreads[j] > 0.0);
    let (widest, wide) = highest((0..columns).map(|j| spreads[j]));
    let narrowest = changing().min_by(|&a, &b| spreads[a].total_cmp(&spreads[b]));
    let ratio = narrowest.map_or(1.0, |j| wide / spreads[j]);
    if x.shape().rank() == 2 && ratio > LARGE {
        let finding = Finding::new(Kind::UnscaledInputs)
            .with("column", widest)
            .with("largest", column(widest).fold(0.0, |m: f64, x| m.max(x.abs())));
        found.push(finding.with("ratio", ratio).with("smallest_column", narrowest.unwrap_or(0)));
    } else if size > LARGE {
        found.push(Finding::new(Kind::UnscaledInputs).with("column", most).with("largest", size));
    }
    found
}

fn highest(values: impl Iterator<Item = f64>) -> (usize, f64) {
    values.enumerate().fold((0, 0.0), |best, (j, x)| if x > best.1 { (j, x) } else { best })
}

fn spread(values: impl Iterator<Item = f64> + Clone) -> f64 {
    let n = values.clone().count() as f64;
    let first = values.clone().next().unwrap_or(0.0);
    // About the first value, so that a column of one value has spread 0 in every bit.
    let mean = values.clone().map(|x| x - first).sum::<f64>() / n;
    (values.map(|x| (x - first - mean).powi(2)).sum::<f64>() / n).sqrt()
}

/// Targets that the loss gives no meaning, or that the last activation can't reach.
pub(super) fn targets(traced: &Traced, output: Option<&Shape>, is_cross_entropy: bool) -> Option<Finding> {
    if let Err(error) = traced.check_targets() {
        return Some(Finding::new(Kind::LabelRange).with("message", error.to_string()));
    }
    let shape = output.filter(|_| !is_cross_entropy && traced.y_data.size() == traced.yhat.shape().size())?;
    let (y, units) = (traced.y_data.to_vec(), shape.lowest.len());
    // How far target `i` is outside of what its output can be.
    let outside = |i: usize| (shape.lowest[i % units] - y[i]).max(y[i] - shape.highest[i % units]);
    let beyond: Vec<usize> = (0..y.len()).filter(|&i| outside(i) > 1e-6).collect();
    let farthest = beyond.iter().copied().max_by(|&a, &b| outside(a).total_cmp(&outside(b)))?;
    let finding = Finding::new(Kind::TargetsOutOfReach)
        .with("lowest", shape.lowest[farthest % units])
        .with("highest", shape.highest[farthest % units]);
    Some(finding.with("count", beyond.len()).with("targets", y.len()).with("farthest", y[farthest]))
}
