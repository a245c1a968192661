//! The points of the regression chapters.

use yhat::prelude::*;
use yhat_plot::Figure;

use crate::{Findings, Page};

/// The slope left of zero and right of it, and the deviation of the noise.
const SLOPES: [f64; 2] = [1.0, 3.5];
const NOISE: f64 = 0.3;

// [draw]
/// The points: `y = x + 0.3 e` for `x < 0`, else `y = 3.5 x + 0.3 e`, with `e` from the standard normal distribution.
pub fn regression() -> (Array, Array) {
    let mut rng = RandomState::new(43052);
    let x = Array::linspace(-1.0, 1.0, 100);
    let y = x.mapv(|x| x * if x < 0.0 { SLOPES[0] } else { SLOPES[1] } + rng.normal(0.0, 1.0) * NOISE);
    (x, y)
}

// [found]
/// Draws the points.
pub fn run() -> yhat::Result<Findings> {
    let (x, y) = regression();
    let n = x.size();

    let mut findings = Findings::new();
    findings.say(format!("{n} points, from y = {:.4} at x = -1 to y = {:.4} at x = 1", y.at(&[0]), y.at(&[n - 1])));
    findings.number("y", &y);
    findings.array("x", x);
    findings.array("y", y);
    Ok(findings)
}

/// The chapter's part of the page.
pub fn page(found: &Findings) -> yhat::Result<Page> {
    let y = found.get("y")?;
    let mut page = Page::new();
    page.value("points", y.size() as f64);
    page.value("left", SLOPES[0]);
    page.value("right", SLOPES[1]);
    page.value("noise", NOISE);
    page.value("first", y.at(&[0]));
    page.value("last", y.at(&[y.size() - 1]));
    page.text("model");
    page.code("draw");
    page.arrays("numbers", &[("y", y)]);
    page.figure("points", points(found)?);
    page.text("question");
    Ok(page)
}

fn points(found: &Findings) -> yhat::Result<Figure> {
    let mut figure = Figure::new();
    figure.axes().plot(found.get("x")?, found.get("y")?, ".").xlabel("x").ylabel("y");
    Ok(figure)
}
