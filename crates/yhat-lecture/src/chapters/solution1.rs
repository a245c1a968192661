//! One node: a straight line.

use yhat::prelude::*;
use yhat_plot::{Figure, Style};

use crate::{Findings, Page, chapters::data};

/// Fits a line.
pub fn run() -> yhat::Result<Findings> {
    // [data]
    let (x, y) = data::regression();
    let x = x.reshape([100, 1])?;

    // [fit]
    let mut net = Sequential::new();
    net.add(Dense::new(1));
    net.compile(Sgd::new(0.1), "mse");
    let history = net.fit(&x, &y, Fit::epochs(1000).batch_size(100))?;

    // [by_hand]
    let weights = net.get_weights()?;
    let (slope, intercept) = (weights[0].item(), weights[1].item());
    let by_hand = x.mapv(|x| slope * x + intercept);
    let yhat = net.predict(&x)?;

    // [verdict]
    let verdict = net.diagnose(&x, &y)?;

    // [found]
    let (loss, losses) = (history.last("loss"), &history["loss"]);
    let settled = losses.iter().filter(|l| **l > loss + 1e-6).count();

    let mut findings = Findings::new();
    findings.diagnosis("net", verdict);
    findings.say(format!("a straight line y = {slope:.4} x + {intercept:.4}, loss {loss:.4}"));
    findings.say(format!("the loss stands still from epoch {settled} on: under-fit, whatever the epochs"));
    findings.array("kernel", &weights[0]);
    findings.array("bias", &weights[1]);
    findings.list("sol1", weights);
    findings.number("sol1_yhat", &yhat);
    findings.array("x", x);
    findings.array("y", y);
    findings.array("by_hand", by_hand);
    findings.array("yhat", yhat);
    findings.array("settled", settled as f64);
    findings.array("loss", losses);
    Ok(findings)
}

/// The chapter's part of the page.
pub fn page(found: &Findings) -> yhat::Result<Page> {
    let mut page = Page::new();
    page.value("slope", found.get("kernel")?.item());
    page.value("intercept", found.get("bias")?.item());
    page.value("settled", found.get("settled")?.item());
    page.text("try");
    page.code("data");
    page.code("fit");
    page.arrays("weights", &[("kernel", found.get("kernel")?), ("bias", found.get("bias")?)]);
    page.code("by_hand");
    page.figure("two_ways", two_ways(found)?);
    page.figure("line", line(found)?);
    page.loss(found.get("loss")?);
    page.text("why");
    page.verdict(found.verdict("net")?);
    Ok(page)
}

fn two_ways(found: &Findings) -> yhat::Result<Figure> {
    let (x, by_hand, yhat) = (found.get("x")?, found.get("by_hand")?, found.get("yhat")?);
    let mut figure = Figure::new();
    let axes = figure.axes();
    axes.plot(x, by_hand, Style::new("r").label("by hand"));
    axes.plot(x, yhat, Style::new("b").label("net.predict(x)"));
    axes.xlabel("x").legend();
    Ok(figure)
}

fn line(found: &Findings) -> yhat::Result<Figure> {
    let (x, y, yhat) = (found.get("x")?, found.get("y")?, found.get("yhat")?);
    let mut figure = Figure::new();
    figure.axes().plot(x, y, Style::new(".").label("y")).plot(x, yhat, Style::new("--").label("yhat")).xlabel("x").legend();
    Ok(figure)
}
