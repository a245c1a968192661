//! Labels for logistic regression.

use yhat::prelude::*;
use yhat_plot::{Figure, Style, diagram::Network};

use crate::{Findings, Page, chapters::overfit};

/// The weights that the labels are drawn with.
pub const TRUTH: [f64; 2] = [-1.0, 5.0];

// [draw]
/// The points, the chance of a 1 at each, and the labels that were drawn.
///
/// The generator goes on from where the noise of the over-fit chapter left it, as it does in the course's notebook.
pub fn labels() -> yhat::Result<(Array, Array, Array)> {
    let mut rng = RandomState::new(43052);
    let _ = overfit::noise(&mut rng);
    let [w0, w1] = TRUTH;
    let x = Array::linspace(-1.0, 1.0, 2000);
    let v = sigmoid(&(w0 + w1 * Tensor::from(&x))).eval()?;
    let y = v.mapv(|v| rng.binomial(1, v) as f64);
    Ok((x, v, y))
}

// [found]
/// Draws the labels.
pub fn run() -> yhat::Result<Findings> {
    let (x, v, y) = labels()?;
    let ones: f64 = y.to_vec().iter().sum();

    let mut findings = Findings::new();
    let expected: f64 = v.to_vec().iter().sum();
    findings.say(format!("{} labels, {ones} of them 1, where the chances add up to {expected:.1}", y.size()));
    findings.number("bin_sum", ones);
    findings.array("expected", expected);
    findings.array("ones", ones);
    findings.array("x", x);
    findings.array("v", v);
    findings.array("y", y);
    Ok(findings)
}

/// The chapter's part of the page.
pub fn page(found: &Findings) -> yhat::Result<Page> {
    let v = found.get("v")?;
    let network = Network::new(1).dense(1, "sigmoid");
    let mut page = Page::new();
    page.value("labels", found.get("y")?.size() as f64);
    page.value("ones", found.get("ones")?.item());
    page.value("expected", found.get("expected")?.item());
    page.value("w0", TRUTH[0]);
    page.value("w1", TRUTH[1]);
    page.value("chance_left", v.at(&[0]));
    page.value("chance_right", v.at(&[v.size() - 1]));
    page.text("motive");
    page.text("model");
    page.text("loss_text");
    page.text("likelihood");
    page.code("draw");
    page.figure("labels_and_chance", labels_and_chance(found)?);
    page.text("architecture");
    page.diagram("operations", network.operations());
    page.diagram("nodes", network.nodes().diagram());
    Ok(page)
}

fn labels_and_chance(found: &Findings) -> yhat::Result<Figure> {
    let (x, v, y) = (found.get("x")?, found.get("v")?, found.get("y")?);
    let mut figure = Figure::new();
    figure.axes().plot(x, y, Style::new(".").alpha(0.02)).plot(x, v, Style::new("--r").label("v")).xlabel("x").legend();
    Ok(figure)
}
