//! Where each loss is convex: the eigenvalues of its Hessian.

use yhat::{Plan, prelude::*};
use yhat_plot::{Figure, Style};

use crate::{
    Findings, Page,
    chapters::{
        bce::log_likelihood,
        logistic::{self, TRUTH},
        mse::squared_error,
        surfaces,
    },
    plots::every_second,
};

/// Computes the smaller eigenvalue of both Hessians over the grid of the surfaces.
pub fn run() -> yhat::Result<Findings> {
    let (w0, w1) = surfaces::grid();
    let [mse, bce] = smaller_eigenvalues(&w0, &w1)?;

    let mut findings = Findings::new();
    for (name, key, eigenvalues) in [("MSE", "mse_signs", &mse), ("BCE", "bce_signs", &bce)] {
        let values = eigenvalues.to_vec();
        let least = values.iter().copied().fold(f64::INFINITY, f64::min);
        let below = values.iter().filter(|value| **value < 0.0).count();
        findings.say(format!("{name}: the smaller eigenvalue is negative at {below} of {} points, at least {least:.1e}", values.len()));
        findings.array(key, [below as f64, values.len() as f64, least]);
    }
    findings.array("w0", w0);
    findings.array("w1", w1);
    findings.array("mse", mse);
    findings.array("bce", bce);
    Ok(findings)
}

// [hessian]
/// The smaller eigenvalue of the Hessian of MSE and of BCE at each pair of weights. One row of the grid is one run of a
/// plan: the losses of a row are independent, so the gradient of their sum has each one's slope.
fn smaller_eigenvalues(w0: &Array, w1: &Array) -> yhat::Result<[Array; 2]> {
    let (x, _, y) = logistic::labels()?;
    let (x, y) = (Tensor::from(x), Tensor::from(y));
    let a = Tensor::input("w0", [w1.size(), 1], DType::F64);
    let b = Tensor::input("w1", [w1.size(), 1], DType::F64);
    let yhat = sigmoid(&(&a + &b * x));

    let smaller = |loss: Tensor| -> yhat::Result<Tensor> {
        let slopes = gradient(&loss.sum(), &[a.clone(), b.clone()])?;
        let first = gradient(&slopes[0].sum(), &[a.clone(), b.clone()])?;
        let second = gradient(&slopes[1].sum(), std::slice::from_ref(&b))?;
        let (aa, ab, bb) = (&first[0], &first[1], &second[0]);
        Ok((aa + bb) / 2.0 - (((aa - bb) / 2.0).square() + ab.square()).sqrt())
    };
    let mse = smaller(squared_error(&y, &yhat).mean_axis(-1))?;
    let bce = smaller(-log_likelihood(&y, &yhat).mean_axis(-1))?;

    let plan = Plan::new(&[a, b], &[mse, bce], &[])?;
    let mut workspace = plan.workspace();
    workspace.set_input(1, &w1.reshape([w1.size(), 1])?)?;
    let (mut mse, mut bce) = (Vec::new(), Vec::new());
    for w0 in w0.to_vec() {
        workspace.set_input(0, &Array::full([w1.size(), 1], w0))?;
        plan.run(&mut workspace)?;
        mse.push(workspace.output(0).column(0));
        bce.push(workspace.output(1).column(0));
    }
    Ok([Array::stack(&mse), Array::stack(&bce)])
}

// [page]
/// The chapter's part of the page.
pub fn page(found: &Findings) -> yhat::Result<Page> {
    let mut page = Page::new();
    let names = [["mse_below", "points", "mse_least"], ["bce_below", "points", "bce_least"]];
    for (names, signs) in names.into_iter().zip([found.get("mse_signs")?, found.get("bce_signs")?]) {
        names.into_iter().enumerate().for_each(|(i, name)| page.value(name, signs.at(&[i])));
    }
    let share = |signs: &Array| 100.0 * signs.at(&[0]) / signs.at(&[1]);
    page.value("mse_percent", share(found.get("mse_signs")?));
    page.text("claim");
    page.text("hessian_text");
    page.code("hessian");
    page.figure("eigenvalues", eigenvalues(found)?);
    let row = |name: &str, signs: &Array| {
        let (below, points, least) = (signs.at(&[0]), signs.at(&[1]), signs.at(&[2]));
        vec![name.to_string(), below.to_string(), (points - below).to_string(), format!("{least:.2e}")]
    };
    let head = ["", "λ < 0", "λ ≥ 0", "min λ"].map(str::to_string).to_vec();
    page.table("signs", vec![head, row("MSE", found.get("mse_signs")?), row("BCE", found.get("bce_signs")?)]);
    page.text("seen");
    page.text("summary");
    Ok(page)
}

fn eigenvalues(found: &Findings) -> yhat::Result<Figure> {
    let (w0, w1) = (every_second(found.get("w0")?)?, every_second(found.get("w1")?)?);
    let mut figure = Figure::new();
    figure.size(10.0, 4.6);
    let [[left, right]] = figure.subplots();
    // The fifth root shows signs and orders of magnitude at once; every second point is as fine as one can see.
    let root = |loss: &Array| loss.mapv(|value| value.signum() * value.abs().powf(0.2));
    let (mse, bce) = (every_second(found.get("mse")?)?, every_second(found.get("bce")?)?);
    let most = [&mse, &bce].into_iter().flat_map(|loss| root(loss).to_vec()).fold(0.0, |most: f64, x| most.max(x.abs()));
    let levels: Vec<f64> = (-7..=7).map(|level| f64::from(level) / 7.0 * 1.001 * most).collect();
    for (axes, name, loss, whole) in [(left, "MSE", mse, found.get("mse")?), (right, "BCE", bce, found.get("bce")?)] {
        axes.contourf(&w0, &w1, root(&loss), levels.clone(), Style::new("").cmap("coolwarm"));
        axes.contour(found.get("w0")?, found.get("w1")?, whole, vec![0.0], "k");
        axes.plot([TRUTH[0]], [TRUTH[1]], Style::new("r*").markersize(12.0));
        axes.title(name).xlabel("w0").ylabel("w1");
    }
    Ok(figure)
}
