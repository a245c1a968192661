//! A sigmoid fit with binary cross-entropy.

use yhat::prelude::*;
use yhat_plot::Figure;

use crate::{
    Findings, Page,
    chapters::logistic::{self, TRUTH},
    plots,
};

// [loss]
/// The logarithm of each label's probability, if `yhat` is the chance of a 1.
pub fn log_likelihood(y: &Tensor, yhat: &Tensor) -> Tensor {
    y * yhat.ln() + (1.0 - y) * (1.0 - yhat).ln()
}

/// Binary cross-entropy.
pub fn bce_loss(y: &Tensor, yhat: &Tensor) -> Tensor {
    -log_likelihood(y, yhat).mean()
}

// [run]
/// Fits a sigmoid with BCE.
pub fn run() -> yhat::Result<Findings> {
    let (x, v, y) = logistic::labels()?;

    // [fit]
    set_seed(43052);
    let mut net = Sequential::new();
    net.add(Dense::new(1).activation("sigmoid"));
    net.compile(Sgd::new(0.1), bce_loss);
    let history = net.fit(&x, &y, Fit::epochs(1000).batch_size(2000))?;

    // [found]
    let weights = net.get_weights()?;
    let (w1, w0, loss) = (weights[0].item(), weights[1].item(), history.last("loss"));
    let mut findings = Findings::new();
    findings.say(format!("[w0, w1] = [{w0:.4}, {w1:.4}] after 1,000 epochs (the truth is {TRUTH:?}), loss {loss:.4}"));
    findings.array("kernel", &weights[0]);
    findings.array("bias", &weights[1]);
    findings.list("bce", weights);
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
    page.text("seen");
    Ok(page)
}

fn fitted(found: &Findings) -> yhat::Result<Figure> {
    let (x, y, v, yhat) = (found.get("x")?, found.get("y")?, found.get("v")?, found.get("yhat")?);
    Ok(plots::sigmoid_fit(x, y, v, yhat))
}
