//! With two weights, a loss is a height above a plane, and training walks downhill on it. Here are the heights of both
//! losses at 65 times 55 pairs of weights, each over all 2,000 labels.
//!
//! BCE is a bowl: wherever one stands, it curves upwards, and downhill leads to the one lowest point. MSE has plains
//! far from the lowest point, where there is hardly a downhill at all, and places where it curves downwards. In other
//! words, BCE is convex here and MSE is not.

use yhat::{Plan, prelude::*};

use crate::{
    Findings,
    chapters::{bce::log_likelihood, logistic, mse::squared_error},
};

/// Computes both losses over the whole grid.
pub fn run() -> yhat::Result<Findings> {
    let w0 = Array::arange(-10.0, 3.0, 0.2);
    let w1 = Array::arange(-1.0, 10.0, 0.2);
    let (mse, bce) = surfaces(&w0, &w1)?;

    let mut findings = Findings::new();
    for (name, surface) in [("MSE", &mse), ("BCE", &bce)] {
        let (i, j) = lowest(surface);
        let (w0, w1, height, places) = (w0.at(&[i]), w1.at(&[j]), surface.at(&[i, j]), curving_downwards(surface));
        findings.say(format!("{name} is lowest, {height:.4}, at [w0, w1] = [{w0:.1}, {w1:.1}]"));
        findings.say(format!("{name} curves downwards at {places} of {} points", surface.size()));
    }
    findings.number("surface_mse", mse);
    findings.number("surface_bce", bce);
    findings.array("w0", w0);
    findings.array("w1", w1);
    Ok(findings)
}

/// MSE and BCE at each pair of weights, in float64: one row of the grid is one run of a plan.
pub fn surfaces(w0: &Array, w1: &Array) -> yhat::Result<(Array, Array)> {
    let (x, _, y) = logistic::labels()?;
    let (x, y) = (Tensor::from(x), Tensor::from(y));
    let row = Tensor::input("w0", (), DType::F64);
    let column = Tensor::from(w1).expand_dims(-1);

    let u = &row + column * x;
    let yhat = u.exp() / (u.exp() + 1.0);
    let mse = squared_error(&y, &yhat).mean_axis(-1);
    let bce = -log_likelihood(&y, &yhat).mean_axis(-1);

    let plan = Plan::new(&[row], &[mse, bce], &[])?;
    let mut workspace = plan.workspace();
    let (mut mse, mut bce) = (Vec::new(), Vec::new());
    for w0 in w0.to_vec() {
        workspace.set_input(0, &w0.into())?;
        plan.run(&mut workspace)?;
        mse.push(workspace.output(0));
        bce.push(workspace.output(1));
    }
    Ok((Array::stack(&mse), Array::stack(&bce)))
}

/// The row and the column of the lowest point.
fn lowest(surface: &Array) -> (usize, usize) {
    let heights = surface.to_vec();
    let at = (0..heights.len()).min_by(|a, b| heights[*a].total_cmp(&heights[*b])).unwrap_or(0);
    (at / surface.shape()[1], at % surface.shape()[1])
}

/// How many points lie above the middle of two neighbours, left and right or before and behind.
fn curving_downwards(surface: &Array) -> usize {
    let columns = surface.shape()[1];
    let heights = surface.to_vec();
    let above = |a: usize, b: usize, c: usize| heights[a] + heights[c] < 2.0 * heights[b];
    let points = 0..heights.len();
    points
        .filter(|&k| {
            let inside_row = k % columns > 0 && (k + 1) % columns > 0;
            let inside_column = k >= columns && k + columns < heights.len();
            inside_row && above(k - 1, k, k + 1) || inside_column && above(k - columns, k, k + columns)
        })
        .count()
}
