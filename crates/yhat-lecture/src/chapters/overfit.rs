//! Here y has nothing to do with x: it is noise around zero. The best answer is zero everywhere, and 512 nodes do not
//! give it. They follow the noise.
//!
//! The loss on the points that were learned gets smaller than the truth's own. On new points from the same source it
//! is larger. That is called over-fitting: learning by heart what should not have been learned at all.

use yhat::prelude::*;

use crate::Findings;

/// A hundred points of noise with a deviation of 0.001.
pub fn noise(rng: &mut RandomState) -> (Array, Array) {
    let x = Array::linspace(0.0, 1.0, 100);
    let y = x.mapv(|_| rng.normal(0.0, 0.001));
    (x, y)
}

/// Fits 512 bent lines to noise.
pub fn run() -> yhat::Result<Findings> {
    let (x, y) = noise(&mut RandomState::new(43052));

    set_seed(43052);
    let mut net = Sequential::new();
    net.add(Dense::new(512).activation("relu"));
    net.add(Dense::new(1));
    net.compile(Sgd::new(0.5), "mse");
    let history = net.fit(&x, &y, Fit::epochs(1000).batch_size(100))?;

    let yhat = net.call(&x)?.eval()?;
    let truth = mean_square(&y);
    let (first, last) = (history["loss"][0], history.last("loss"));
    let (_, fresh) = noise(&mut RandomState::new(1));
    let (fresh_loss, fresh_truth) = (net.evaluate(&x, &fresh)?["loss"], mean_square(&fresh));

    let mut findings = Findings::new();
    findings.say(format!("loss {last:.3e} after 1,000 epochs; the truth, y = 0, has {truth:.3e}"));
    findings.say(format!("on new noise the net has {fresh_loss:.3e}, the truth {fresh_truth:.3e}: over-fit"));
    findings.number("overfit_loss", [first, last]);
    findings.array("x", x);
    findings.array("y", y);
    findings.array("yhat", yhat);
    findings.array("loss", &history["loss"]);
    Ok(findings)
}

fn mean_square(y: &Array) -> f64 {
    y.to_vec().iter().map(|y| y * y).sum::<f64>() / y.size() as f64
}
