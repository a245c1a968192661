//! The function with a bend.

use yhat::prelude::*;
use yhat_plot::{Figure, Style, diagram::Network};

use crate::{Findings, Page};

/// Applies relu to a hundred numbers.
pub fn run() -> yhat::Result<Findings> {
    // [apply]
    let x = Array::linspace(-1.0, 1.0, 100);
    let v = relu(&Tensor::from(&x)).eval()?;

    // [found]
    let zeros = v.to_vec().iter().filter(|v| **v == 0.0).count();
    let mut findings = Findings::new();
    findings.say(format!("relu(x) = max(0, x): of {} numbers {zeros} become 0, the others stay", x.size()));
    findings.array("x", x);
    findings.array("relu", v);
    findings.array("zeros", zeros as f64);
    Ok(findings)
}

/// The chapter's part of the page.
pub fn page(found: &Findings) -> yhat::Result<Page> {
    let mut page = Page::new();
    page.value("numbers", found.get("x")?.size() as f64);
    page.value("zeros", found.get("zeros")?.item());
    page.text("idea");
    page.diagram("before", Network::new(1).dense(1, "linear").operations());
    page.diagram("after", Network::new(1).dense(1, "relu").operations());
    page.text("what");
    page.code("apply");
    page.arrays("x", &[("x", found.get("x")?)]);
    page.arrays("relu_x", &[("relu(x)", found.get("relu")?)]);
    page.figure("bend", bend(found)?);
    page.text("place");
    Ok(page)
}

fn bend(found: &Findings) -> yhat::Result<Figure> {
    let (x, v) = (found.get("x")?, found.get("relu")?);
    let mut figure = Figure::new();
    figure.axes().plot(x, x, Style::new("").label("x")).plot(x, v, Style::new("").label("relu(x)")).xlabel("x").legend();
    Ok(figure)
}
