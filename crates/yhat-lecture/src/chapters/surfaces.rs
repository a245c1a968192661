//! Both losses over the plane of their two weights.

use yhat::{Plan, prelude::*};
use yhat_plot::{Figure, Style};

use crate::{
    Findings, Page,
    chapters::{bce::log_likelihood, logistic, mse::squared_error},
};

/// The weights at which the losses are computed.
pub fn grid() -> (Array, Array) {
    (Array::arange(-10.0, 3.0, 0.2), Array::arange(-1.0, 10.0, 0.2))
}

/// Computes both losses over the whole grid.
pub fn run() -> yhat::Result<Findings> {
    let (w0, w1) = grid();
    let (mse, bce) = surfaces(&w0, &w1)?;

    let mut findings = Findings::new();
    for (name, surface) in [("MSE", &mse), ("BCE", &bce)] {
        let (i, j) = lowest(surface);
        let (w0, w1, height, places) = (w0.at(&[i]), w1.at(&[j]), surface.at(&[i, j]), curving_downwards(surface));
        findings.say(format!("{name} is lowest, {height:.4}, at [w0, w1] = [{w0:.1}, {w1:.1}]"));
        findings.say(format!("{name} curves downwards at {places} of {} points", surface.size()));
    }
    for (name, surface) in [("mse_lowest", &mse), ("bce_lowest", &bce)] {
        let (i, j) = lowest(surface);
        findings.array(name, [w0.at(&[i]), w1.at(&[j]), surface.at(&[i, j])]);
    }
    findings.array("mse", &mse);
    findings.array("bce", &bce);
    findings.number("surface_mse", mse);
    findings.number("surface_bce", bce);
    findings.array("w0", w0);
    findings.array("w1", w1);
    Ok(findings)
}

// [surfaces]
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

// [lowest]
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

/// The chapter's part of the page.
pub fn page(found: &Findings) -> yhat::Result<Page> {
    let mut page = Page::new();
    let names = [["mse_w0", "mse_w1", "mse_least"], ["bce_w0", "bce_w1", "bce_least"]];
    for (names, found) in names.into_iter().zip([found.get("mse_lowest")?, found.get("bce_lowest")?]) {
        names.into_iter().enumerate().for_each(|(i, name)| page.value(name, found.at(&[i])));
    }
    let (mse, bce) = (found.get("mse")?, found.get("bce")?);
    let most = |surface: &Array| surface.to_vec().into_iter().fold(0.0, f64::max);
    page.value("rows", mse.shape()[0] as f64);
    page.value("columns", mse.shape()[1] as f64);
    page.value("pairs", mse.size() as f64);
    page.value("mse_most", most(mse));
    page.value("bce_most", most(bce));
    page.text("try");
    page.code("surfaces");
    page.figure("side_by_side", side_by_side(found)?);
    page.text("seen");
    Ok(page)
}

fn side_by_side(found: &Findings) -> yhat::Result<Figure> {
    let (w0, w1, mse, bce) = (found.get("w0")?, found.get("w1")?, found.get("mse")?, found.get("bce")?);
    let mut figure = Figure::new();
    figure.size(9.0, 4.5);
    let mut panel = |index: usize, name: &str, loss: &Array| {
        let axes = figure.subplot_3d(1, 2, index).elev(15.0).azim(75.0);
        axes.plot_surface(w0, w1, loss, Style::new("").cmap("viridis"));
        axes.title(name).xlabel("w0").ylabel("w1");
    };
    panel(1, "MSE", mse);
    panel(2, "BCE", bce);
    Ok(figure)
}
