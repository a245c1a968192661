//! The simplest network is one node: it answers a weight times x plus a bias, which is a straight line. Training finds
//! the best line there is, and then stays there.
//!
//! The points have a bend and a line has none, so no number of epochs helps: the network can't say what it would have
//! to say. That is called under-fitting, and only another architecture mends it.

use yhat::prelude::*;

use crate::{Findings, chapters::data};

/// Fits a line.
pub fn run() -> yhat::Result<Findings> {
    let (x, y) = data::regression();
    let x = x.reshape([100, 1])?;

    let mut net = Sequential::new();
    net.add(Dense::new(1));
    net.compile(Sgd::new(0.1), "mse");
    let history = net.fit(&x, &y, Fit::epochs(1000).batch_size(100))?;

    let weights = net.get_weights()?;
    let (slope, intercept) = (weights[0].item(), weights[1].item());
    let yhat = net.predict(&x)?;
    let (loss, losses) = (history.last("loss"), &history["loss"]);
    let settled = losses.iter().filter(|l| **l > loss + 1e-6).count();

    let mut findings = Findings::new();
    findings.say(format!("a straight line y = {slope:.4} x + {intercept:.4}, loss {loss:.4}"));
    findings.say(format!("the loss stands still from epoch {settled} on: under-fit, whatever the epochs"));
    findings.list("sol1", weights);
    findings.number("sol1_yhat", yhat);
    findings.array("loss", losses);
    Ok(findings)
}
