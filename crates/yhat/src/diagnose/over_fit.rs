//! Whether the net has learned what holds for other rows too.

use yhat_tensor::{Array, DType, Plan, Tensor, in_float64};

use super::{
    Finding, Kind,
    output::Output,
    structure::{above, along},
};
use crate::{Result, Sequential, model::Traced};

/// What chance does more rarely than this counts as found.
const LEVEL: f64 = 0.01;

/// A held-out loss that is not this much above the other is no over-fit, however sure the difference is.
const MARGIN: f64 = 1.05;

/// Rows that were held out against rows that were trained on.
pub(super) fn against(
    net: &Sequential,
    traced: &Traced,
    output: &Output,
    x: &Array,
    y: &Array,
) -> Result<Option<Finding>> {
    let other = net.traced("held_out", x, y)?;
    let there = Output::new(&other)?;
    // A loss of one's own may take no single rows.
    let (train, held_out) = (losses(net, traced).unwrap_or_default(), losses(net, &other).unwrap_or_default());
    let (mean, other_mean) = (moments(&train), moments(&held_out));
    let additive = (mean.0 - output.loss).abs() <= 1e-6 * output.loss.abs().max(1e-300);
    let spread = (mean.1 / train.len() as f64 + other_mean.1 / held_out.len() as f64).sqrt();
    let p_gap = if additive { above((other_mean.0 - mean.0) / spread) } else { 1.0 };
    let (slope, p_slope) = shrinkage(&there);
    let above_margin = there.loss > output.loss + (MARGIN - 1.0) * output.loss.abs();
    if !(above_margin && p_gap.min(p_slope) < LEVEL) {
        return Ok(None);
    }
    let mut finding = Finding::new(Kind::OverFit)
        .with("train", output.loss)
        .with("held_out", there.loss)
        .with("held_out_rows", other.rows())
        .with("p", p_gap.min(p_slope));
    if slope < 1.0 && p_slope < LEVEL {
        finding = finding.with("slope", slope.max(0.0));
    }
    Ok(Some(finding))
}

/// The loss of each row alone, penalties included.
fn losses(net: &Sequential, traced: &Traced) -> Result<Vec<f64>> {
    let one = net.traced("diagnose", &traced.x_data.rows(0, 1), &traced.y_data.rows(0, 1))?;
    let wide =
        |name, t: &Tensor| Tensor::input(name, t.shape(), if t.dtype().is_float() { DType::F64 } else { t.dtype() });
    let (x, y) = (wide("x", &one.x), wide("y", &one.y));
    let loss = in_float64(&[one.loss], &[(one.x, x.clone()), (one.y, y.clone())])?;
    let plan = Plan::new(&[x, y], &loss, &[])?;
    let mut workspace = plan.workspace();
    (0..traced.rows())
        .map(|row| {
            workspace.set_input(0, &traced.x_data.rows(row, row + 1))?;
            workspace.set_input(1, &traced.y_data.rows(row, row + 1))?;
            plan.run(&mut workspace)?;
            Ok(workspace.scalar(0))
        })
        .collect()
}

fn moments(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    (mean, values.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (n - 1.0).max(1.0))
}

/// By what factor the output's spread about its mean would have to be multiplied to do best (one step of Newton's method,
/// exact for squared error), and the chance that it seems below 1 though it is not. (The calibration slope of the
/// statistics of predictions: Cox, 1958.)
fn shrinkage(output: &Output) -> (f64, f64) {
    let width = output.width.max(1);
    let rows = output.z.len() / width;
    let mean = |o: usize| output.z.iter().skip(o).step_by(width).sum::<f64>() / rows as f64;
    let means: Vec<f64> = (0..width).map(mean).collect();
    let about = |i: usize| output.z[i] - means[i % width];
    let scores: Vec<f64> =
        (0..rows).map(|row| (row * width..(row + 1) * width).map(|i| output.slope[i] * about(i)).sum()).collect();
    let size: f64 = (0..output.z.len()).map(|i| output.curvature[i] * about(i).powi(2)).sum();
    let (score, variance) = moments(&scores);
    let p = above(score / (variance / rows as f64).sqrt());
    (if size > 0.0 { 1.0 - scores.iter().sum::<f64>() / size } else { 1.0 }, p)
}

/// Of one input alone it can be seen without other rows that there was nothing to learn: where the targets have no
/// structure along it, what the net says beyond a constant is learned by heart.
pub(super) fn of_noise(traced: &Traced, output: &Output, constant: f64, about_constant: &[f64]) -> Option<Finding> {
    let rows = traced.rows();
    let one_input = traced.x_data.size() == rows && output.width == 1;
    // A line that is fit to noise takes 1 row's worth of it on average, and 9.2 in one case of 100 with two free numbers.
    let explained = rows as f64 * (constant - output.loss) / constant.abs();
    if !one_input || explained.is_nan() || explained < 9.2 {
        return None;
    }
    let found = along(&traced.x_data, &[about_constant.to_vec()]).filter(|found| found.p > 0.05)?;
    let finding = Finding::new(Kind::OverFit).with("train", output.loss).with("constant", constant);
    Some(finding.with("p_structure", found.p))
}
