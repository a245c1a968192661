//! Often the answer is yes or no, 1 or 0, and what depends on x is how likely a yes is: hardly ever on the left,
//! nearly always on the right. Logistic regression says that the chance is the sigmoid of a line, v = 1 / (1 +
//! exp(-(w0 + w1 x))).
//!
//! Two thousand labels are drawn that way with w0 = -1 and w1 = 5. The generator goes on from where the noise of the
//! over-fit chapter left it, as it does in the course's notebook.

use yhat::prelude::*;

use crate::{Findings, chapters::overfit};

/// The weights that the labels are drawn with.
pub const TRUTH: [f64; 2] = [-1.0, 5.0];

/// The points, the chance of a 1 at each, and the labels that were drawn.
pub fn labels() -> yhat::Result<(Array, Array, Array)> {
    let mut rng = RandomState::new(43052);
    let _ = overfit::noise(&mut rng);
    let [w0, w1] = TRUTH;
    let x = Array::linspace(-1.0, 1.0, 2000);
    let v = sigmoid(&(w0 + w1 * Tensor::from(&x))).eval()?;
    let y = v.mapv(|v| rng.binomial(1, v) as f64);
    Ok((x, v, y))
}

/// Draws the labels.
pub fn run() -> yhat::Result<Findings> {
    let (x, v, y) = labels()?;
    let ones: f64 = y.to_vec().iter().sum();

    let mut findings = Findings::new();
    let expected: f64 = v.to_vec().iter().sum();
    findings.say(format!("{} labels, {ones} of them 1, where the chances add up to {expected:.1}", y.size()));
    findings.number("bin_sum", ones);
    findings.array("x", x);
    findings.array("v", v);
    findings.array("y", y);
    Ok(findings)
}
