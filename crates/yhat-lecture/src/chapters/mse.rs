//! A sigmoid fit with the mean squared error.

use yhat::prelude::*;
use yhat_plot::Figure;

use crate::{
    Findings, Page,
    chapters::logistic::{self, TRUTH},
    plots,
};

// [loss]
/// The square of each answer's error.
pub fn squared_error(y: &Tensor, yhat: &Tensor) -> Tensor {
    (y - yhat).square()
}

/// Mean squared error.
pub fn mse_loss(y: &Tensor, yhat: &Tensor) -> Tensor {
    squared_error(y, yhat).mean()
}

// [run]
/// Fits a sigmoid with MSE.
pub fn run() -> yhat::Result<Findings> {
    let (x, v, y) = logistic::labels()?;

    // [fit]
    set_seed(43052);
    let mut net = Sequential::new();
    net.add(Dense::new(1).activation("sigmoid"));
    net.compile(Sgd::new(0.1), mse_loss);
    let history = net.fit(&x, &y, Fit::epochs(1000).batch_size(2000))?;

    // [verdict]
    let verdict = net.diagnose(&x, &y)?;

    // [found]
    let weights = net.get_weights()?;
    let (w1, w0, loss) = (weights[0].item(), weights[1].item(), history.last("loss"));
    let mut findings = Findings::new();
    findings.diagnosis("net", verdict);
    findings.say(format!("[w0, w1] = [{w0:.4}, {w1:.4}] after 1,000 epochs (the truth is {TRUTH:?}), loss {loss:.4}"));
    findings.array("kernel", &weights[0]);
    findings.array("bias", &weights[1]);
    findings.list("mse", weights);
    findings.array("yhat", net.predict(&x)?);
    findings.array("x", x);
    findings.array("v", v);
    findings.array("y", y);
    findings.array("loss", &history["loss"]);
    Ok(findings)
}

/// The chapter's part of the page.
pub fn page(found: &Findings) -> yhat::Result<Page> {
    let mut page = Page::new();
    page.value("w0", found.get("bias")?.item());
    page.value("w1", found.get("kernel")?.item());
    page.value("true_w0", TRUTH[0]);
    page.value("true_w1", TRUTH[1]);
    page.value("apart", plots::furthest_apart(found.get("v")?, found.get("yhat")?));
    page.text("try");
    page.code("loss");
    page.code("fit");
    page.arrays("weights", &[("kernel", found.get("kernel")?), ("bias", found.get("bias")?)]);
    page.figure("fitted", fitted(found)?);
    page.loss(found.get("loss")?);
    page.text("why");
    page.verdict(found.verdict("net")?);
    Ok(page)
}

fn fitted(found: &Findings) -> yhat::Result<Figure> {
    let (x, y, v, yhat) = (found.get("x")?, found.get("y")?, found.get("v")?, found.get("yhat")?);
    Ok(plots::sigmoid_fit(x, y, v, yhat))
}
