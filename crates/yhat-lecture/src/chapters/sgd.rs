//! Two nets, two losses, one start; written down every 15 epochs.

use yhat::{optimizers::IntoOptimizer, prelude::*, random};
use yhat_plot::Animation;

use crate::{
    Findings, Page,
    chapters::{
        bce::bce_loss,
        logistic::{self, TRUTH},
        mse::mse_loss,
    },
    plots::{self, Recordings},
};

/// Records both paths with gradient descent.
pub fn run() -> yhat::Result<Findings> {
    // [record_both]
    // The first weights go on from `set_seed(43052)` two chapters before: one net has been drawn since.
    random::resume_seed(43052, 1);
    let start = [[-3.0], [-1.0]];
    let mse = record(Sgd::new(0.1), mse_loss, start)?;
    let bce = record(Sgd::new(0.1), bce_loss, start)?;

    // [found]
    let mut findings = Findings::new();
    findings.say(described("MSE", &mse.path));
    findings.say(described("BCE", &bce.path));
    findings.number("ex1_mse", &mse.path);
    findings.number("ex1_bce", &bce.path);
    keep(&mut findings, mse, bce);
    Ok(findings)
}

/// What is left of a training: where the weights were.
pub struct Recording {
    /// The loss of the one epoch from weights of its own, before the recording.
    pub loss: f64,
    /// The weights after that epoch.
    pub weights: Array,
    /// The weights at the start and after every 15 epochs, 29 times, as the columns of a matrix.
    pub path: Array,
}

// [record]
/// Fits for an epoch from weights of its own, then puts the net at `start` and records its path.
///
/// As in the notebook, the optimizer remembers that one epoch.
pub fn record(
    optimizer: impl IntoOptimizer,
    loss: fn(&Tensor, &Tensor) -> Tensor,
    start: [[f64; 1]; 2],
) -> yhat::Result<Recording> {
    let (x, y) = with_ones()?;

    let mut net = Sequential::new();
    net.add(Dense::new(1).use_bias(false).activation("sigmoid"));
    net.compile(optimizer, loss);
    let history = net.fit(&x, &y, Fit::epochs(1).batch_size(2000))?;
    let weights = net.get_weights()?.remove(0);
    net.set_weights([Array::from(start)])?;

    let mut path = net.get_weights()?;
    for _ in 0..29 {
        net.fit(&x, &y, Fit::epochs(15).batch_size(2000))?;
        path.extend(net.get_weights()?);
    }
    let columns: Vec<Tensor> = path.into_iter().map(Tensor::from).collect();
    Ok(Recording { loss: history.last("loss"), weights, path: Tensor::concat(&columns, 1).eval()? })
}

// [with_ones]
/// The points with a column of ones before them, so that the weight of the ones is the bias; and the labels.
pub fn with_ones() -> yhat::Result<(Array, Array)> {
    let (x, _, y) = logistic::labels()?;
    let x = Tensor::from(x);
    let x = Tensor::stack(&[x.ones_like(), x], 1).eval()?;
    Ok((x, y))
}

// [told]
/// Where a path was at first, after 15 epochs, and at last.
pub fn described(loss: &str, path: &Array) -> String {
    let last = path.shape()[1] - 1;
    let at = |i| format!("[{:.2}, {:.2}]", path.at(&[0, i]), path.at(&[1, i]));
    let (first, soon, late, epochs) = (at(0), at(1), at(last), 15 * last);
    format!("{loss}: from {first} to {soon} after 15 epochs and {late} after {epochs}; the truth is {TRUTH:?}")
}

/// Keeps what the page needs of two recordings.
pub fn keep(findings: &mut Findings, mse: Recording, bce: Recording) {
    findings.array("losses", [mse.loss, bce.loss]);
    findings.array("mse_weights", mse.weights);
    findings.array("bce_weights", bce.weights);
    findings.array("mse_path", mse.path);
    findings.array("bce_path", bce.path);
}

/// The chapter's part of the page.
pub fn page(found: &Findings) -> yhat::Result<Page> {
    let recordings = Recordings::of(found)?;
    let mut page = Page::new();
    recordings.describe(&mut page);
    page.text("try");
    page.code("with_ones");
    page.arrays("ones", &[("X", &with_ones()?.0)]);
    page.code("record");
    page.code("record_both");
    recordings.show_first(&mut page);
    recordings.show_paths(&mut page);
    page.animation("moving", moving(&recordings)?);
    page.figure("losses", recordings.losses());
    page.text("seen");
    page.text("slip");
    Ok(page)
}

fn moving(recordings: &Recordings) -> yhat::Result<Animation> {
    plots::four_panels("SGD, Winit=(-3,-1)", recordings)
}
