//! Two networks start from the same place, w0 = -3 and w1 = -1, one with MSE and one with BCE, and every 15 epochs it
//! is written down where they are. Plain gradient descent takes both downhill.
//!
//! With BCE, the slope is steep where the answer is wrong, and the path soon turns towards the goal. With MSE, the
//! start lies on a plain where the slope is slight, and 435 epochs end not half as far.

use yhat::{optimizers::IntoOptimizer, prelude::*, random};

use crate::{
    Findings,
    chapters::{
        bce::bce_loss,
        logistic::{self, TRUTH},
        mse::mse_loss,
    },
};

/// Records both paths with gradient descent.
pub fn run() -> yhat::Result<Findings> {
    // The first weights go on from `set_seed(43052)` two chapters before: one net has been drawn since.
    random::resume_seed(43052, 1);
    let start = [[-3.0], [-1.0]];
    let mse = record(Sgd::new(0.1), mse_loss, start)?;
    let bce = record(Sgd::new(0.1), bce_loss, start)?;

    let mut findings = Findings::new();
    findings.say(described("MSE", &mse));
    findings.say(described("BCE", &bce));
    findings.number("ex1_mse", mse);
    findings.number("ex1_bce", bce);
    Ok(findings)
}

/// The weights at the start and after every 15 epochs, 29 times, as the columns of a matrix.
///
/// As in the notebook, the net has been fit for an epoch from weights of its own before it is put at `start`, and its
/// optimizer remembers that.
pub fn record(
    optimizer: impl IntoOptimizer,
    loss: fn(&Tensor, &Tensor) -> Tensor,
    start: [[f64; 1]; 2],
) -> yhat::Result<Array> {
    let (x, _, y) = logistic::labels()?;
    let x = Tensor::from(x);
    let x = Tensor::stack(&[x.ones_like(), x], 1).eval()?;

    let mut net = Sequential::new();
    net.add(Dense::new(1).use_bias(false).activation("sigmoid"));
    net.compile(optimizer, loss);
    net.fit(&x, &y, Fit::epochs(1).batch_size(2000))?;
    net.set_weights([Array::from(start)])?;

    let mut path = net.get_weights()?;
    for _ in 0..29 {
        net.fit(&x, &y, Fit::epochs(15).batch_size(2000))?;
        path.extend(net.get_weights()?);
    }
    let columns: Vec<Tensor> = path.into_iter().map(Tensor::from).collect();
    Ok(Tensor::concat(&columns, 1).eval()?)
}

/// Where a path was at first, after 15 epochs, and at last.
pub fn described(loss: &str, path: &Array) -> String {
    let last = path.shape()[1] - 1;
    let at = |i| format!("[{:.2}, {:.2}]", path.at(&[0, i]), path.at(&[1, i]));
    let (first, soon, late, epochs) = (at(0), at(1), at(last), 15 * last);
    format!("{loss}: from {first} to {soon} after 15 epochs and {late} after {epochs}; the truth is {TRUTH:?}")
}
