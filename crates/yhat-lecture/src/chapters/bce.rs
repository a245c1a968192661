//! The network is one node with a sigmoid behind it, so its answer is a chance. The loss asks how likely the labels
//! were if that chance were the truth: take the logarithm of each label's probability, the mean of them all, and a
//! minus sign, because losses are made small. That is binary cross-entropy, BCE.
//!
//! A loss is a function of two expressions, so one's own is written down as on paper. The fit comes near the curve
//! that the labels were drawn from.

use yhat::prelude::*;

use crate::{Findings, chapters::logistic::{self, TRUTH}};

/// The logarithm of each label's probability, if `yhat` is the chance of a 1.
pub fn log_likelihood(y: &Tensor, yhat: &Tensor) -> Tensor {
    y * yhat.ln() + (1.0 - y) * (1.0 - yhat).ln()
}

/// Binary cross-entropy.
pub fn bce_loss(y: &Tensor, yhat: &Tensor) -> Tensor {
    -log_likelihood(y, yhat).mean()
}

/// Fits a sigmoid with BCE.
pub fn run() -> yhat::Result<Findings> {
    let (x, _, y) = logistic::labels()?;

    set_seed(43052);
    let mut net = Sequential::new();
    net.add(Dense::new(1).activation("sigmoid"));
    net.compile(Sgd::new(0.1), bce_loss);
    let history = net.fit(&x, &y, Fit::epochs(1000).batch_size(2000))?;

    let weights = net.get_weights()?;
    let (w1, w0, loss) = (weights[0].item(), weights[1].item(), history.last("loss"));
    let mut findings = Findings::new();
    findings.say(format!("[w0, w1] = [{w0:.4}, {w1:.4}] after 1,000 epochs (the truth is {TRUTH:?}), loss {loss:.4}"));
    findings.list("bce", weights);
    findings.array("yhat", net.predict(&x)?);
    findings.array("loss", &history["loss"]);
    Ok(findings)
}
