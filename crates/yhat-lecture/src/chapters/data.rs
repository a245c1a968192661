//! One hundred points on the interval from -1 to 1. Left of zero, y rises as x does; right of zero, 3.5 times as fast;
//! and noise with a deviation of 0.3 moves every point up or down.
//!
//! Whoever sees the points sees two lines that meet. The chapters to come ask what a network must be made of to see
//! them too.

use yhat::prelude::*;

use crate::Findings;

/// The points: `y = x + 0.3 e` for `x < 0`, else `y = 3.5 x + 0.3 e`, with `e` from the standard normal distribution.
pub fn regression() -> (Array, Array) {
    let mut rng = RandomState::new(43052);
    let x = Array::linspace(-1.0, 1.0, 100);
    let y = x.mapv(|x| x * if x < 0.0 { 1.0 } else { 3.5 } + rng.normal(0.0, 1.0) * 0.3);
    (x, y)
}

/// Draws the points.
pub fn run() -> yhat::Result<Findings> {
    let (x, y) = regression();
    let n = x.size();

    let mut findings = Findings::new();
    findings.say(format!("{n} points, from y = {:.4} at x = -1 to y = {:.4} at x = 1", y.at(&[0]), y.at(&[n - 1])));
    findings.number("y", &y);
    findings.array("x", x);
    Ok(findings)
}
