//! 512 nodes and nothing to learn.

use yhat::{Diagnose, prelude::*};
use yhat_plot::{Figure, Style};

use crate::{Findings, Page};

// [noise]
/// A hundred points of noise with a deviation of 0.001.
pub fn noise(rng: &mut RandomState) -> (Array, Array) {
    let x = Array::linspace(0.0, 1.0, 100);
    let y = x.mapv(|_| rng.normal(0.0, 0.001));
    (x, y)
}

// [run]
/// Fits 512 bent lines to noise.
pub fn run() -> yhat::Result<Findings> {
    // [fit]
    let (x, y) = noise(&mut RandomState::new(43052));

    set_seed(43052);
    let mut net = Sequential::new();
    net.add(Dense::new(512).activation("relu"));
    net.add(Dense::new(1));
    net.compile(Sgd::new(0.5), "mse");
    let history = net.fit(&x, &y, Fit::epochs(1000).batch_size(100))?;

    // [new_noise]
    let yhat = net.call(&x)?.eval()?;
    let truth = mean_square(&y);
    let (first, last) = (history["loss"][0], history.last("loss"));
    let (_, fresh) = noise(&mut RandomState::new(1));
    let (fresh_loss, fresh_truth) = (net.evaluate(&x, &fresh)?["loss"], mean_square(&fresh));

    // [verdict]
    let verdict = net.diagnose_with(&x, &y, Diagnose::new().held_out(&x, &fresh))?;

    // [found]
    let mut findings = Findings::new();
    findings.diagnosis("net", verdict);
    findings.say(format!("loss {last:.3e} after 1,000 epochs; the truth, y = 0, has {truth:.3e}"));
    findings.say(format!("on new noise the net has {fresh_loss:.3e}, the truth {fresh_truth:.3e}: over-fit"));
    findings.number("overfit_loss", [first, last]);
    findings.array("x", x);
    findings.array("y", y);
    findings.array("yhat", yhat);
    findings.array("errors", [last, truth, fresh_loss, fresh_truth]);
    findings.array("loss", &history["loss"]);
    Ok(findings)
}

fn mean_square(y: &Array) -> f64 {
    y.to_vec().iter().map(|y| y * y).sum::<f64>() / y.size() as f64
}

/// The chapter's part of the page.
pub fn page(found: &Findings) -> yhat::Result<Page> {
    let errors = found.get("errors")?;
    let mut page = Page::new();
    for (i, name) in ["net_old", "zero_old", "net_new", "zero_new"].into_iter().enumerate() {
        page.value(name, errors.at(&[i]));
    }
    page.value("points", found.get("x")?.size() as f64);
    page.text("try");
    page.code("noise");
    page.figure("only_noise", only_noise(found)?);
    page.code("fit");
    page.figure("chased", chased(found)?);
    page.loss(found.get("loss")?);
    page.code("new_noise");
    page.text("errors");
    page.text("why");
    page.verdict(found.verdict("net")?);
    Ok(page)
}

fn only_noise(found: &Findings) -> yhat::Result<Figure> {
    let mut figure = Figure::new();
    figure.axes().plot(found.get("x")?, found.get("y")?, "").xlabel("x").ylabel("y");
    Ok(figure)
}

fn chased(found: &Findings) -> yhat::Result<Figure> {
    let (x, y, yhat) = (found.get("x")?, found.get("y")?, found.get("yhat")?);
    let mut figure = Figure::new();
    figure.axes().plot(x, y, Style::new("").label("y")).plot(x, yhat, Style::new("--").label("yhat")).xlabel("x").legend();
    Ok(figure)
}
