//! Why not the squared error, as before? The same network, the same first weights, the same number of epochs, and the
//! curve stays much flatter than the one that the labels were drawn from.
//!
//! The sigmoid is nearly flat where its answer is near 0 or 1. Squared error hands that flatness on to the gradient,
//! however wrong the answer is; the logarithm in BCE cancels it. The next chapter shows it as a landscape.

use yhat::prelude::*;

use crate::{Findings, chapters::logistic::{self, TRUTH}};

/// The square of each answer's error.
pub fn squared_error(y: &Tensor, yhat: &Tensor) -> Tensor {
    (y - yhat).square()
}

/// Mean squared error.
pub fn mse_loss(y: &Tensor, yhat: &Tensor) -> Tensor {
    squared_error(y, yhat).mean()
}

/// Fits a sigmoid with MSE.
pub fn run() -> yhat::Result<Findings> {
    let (x, _, y) = logistic::labels()?;

    set_seed(43052);
    let mut net = Sequential::new();
    net.add(Dense::new(1).activation("sigmoid"));
    net.compile(Sgd::new(0.1), mse_loss);
    let history = net.fit(&x, &y, Fit::epochs(1000).batch_size(2000))?;

    let weights = net.get_weights()?;
    let (w1, w0, loss) = (weights[0].item(), weights[1].item(), history.last("loss"));
    let mut findings = Findings::new();
    findings.say(format!("[w0, w1] = [{w0:.4}, {w1:.4}] after 1,000 epochs (the truth is {TRUTH:?}), loss {loss:.4}"));
    findings.list("mse", weights);
    findings.array("yhat", net.predict(&x)?);
    findings.array("loss", &history["loss"]);
    Ok(findings)
}
