//! 512 nodes.

use yhat::prelude::*;
use yhat_plot::{Figure, Style, diagram::Network};

use crate::{Findings, Page, chapters::data};

/// Fits 512 bent lines.
pub fn run() -> yhat::Result<Findings> {
    let (x, y) = data::regression();
    let x = x.reshape([100, 1])?;

    // [fit]
    set_seed(43056);
    let mut net = Sequential::new();
    net.add(Dense::new(512).activation("relu"));
    net.add(Dense::new(1));
    net.compile(Sgd::new(0.1), "mse");
    let history = net.fit(&x, &y, Fit::epochs(1000).batch_size(100))?;

    // [found]
    let yhat = net.call(&x)?.eval()?;
    let v = net.layers()[0].call(&x)?.eval()?;
    let silent = (0..512).filter(|node| v.column(*node).to_vec().iter().all(|v| *v == 0.0)).count();
    let (first, last) = (history["loss"][0], history.last("loss"));
    let mut findings = Findings::new();
    findings.show(net.summary());
    findings.say(format!("loss {first:.4} at first, {last:.4} after 1,000 epochs"));
    findings.number("sol4_loss", [first, last]);
    findings.keep("summary", net.summary());
    findings.network("trained", Network::of(&net)?);
    findings.array("silent", silent as f64);
    findings.array("params", net.count_params()? as f64);
    findings.array("x", x);
    findings.array("y", y);
    findings.array("yhat", yhat);
    findings.array("loss", &history["loss"]);
    Ok(findings)
}

/// The chapter's part of the page.
pub fn page(found: &Findings) -> yhat::Result<Page> {
    let network = found.net("trained")?;
    let mut page = Page::new();
    page.value("nodes", network.layers()[0].output.size() as f64);
    page.value("params", found.get("params")?.item());
    page.value("silent", found.get("silent")?.item());
    page.text("try");
    page.diagram("nodes", network.nodes().diagram());
    page.code("fit");
    page.figure("many", many(found)?);
    page.loss(found.get("loss")?);
    page.text("seen");
    page.output("summary", found.text("summary")?);
    page.text("price");
    Ok(page)
}

fn many(found: &Findings) -> yhat::Result<Figure> {
    let (x, y, yhat) = (found.get("x")?, found.get("y")?, found.get("yhat")?);
    let mut figure = Figure::new();
    figure.axes().plot(x, y, Style::new(".").label("y")).plot(x, yhat, Style::new("--").label("yhat")).xlabel("x").legend();
    Ok(figure)
}
