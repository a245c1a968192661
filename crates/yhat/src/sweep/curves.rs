//! How learning curves spread.

use super::{Trial, Variant};

/// Quantiles of the loss over many trainings of one network, epoch by epoch.
///
/// ```
/// use yhat::{prelude::*, sweep::Sweep};
/// let x = Array::linspace(-1.0, 1.0, 20);
/// let mut sweep = Sweep::new(0..9, || Fit::epochs(40).batch_size(20));
/// sweep.add(&[], || {
///     let mut net = Sequential::from_layers([Dense::new(1)]);
///     net.compile(Sgd::new(0.1), "mse");
///     net
/// });
/// let curves = sweep.run(&x, &x)?.variants[0].curves(&[0.1, 0.5, 0.9]);
/// let (first, last) = (curves.loss[1][0], *curves.loss[1].last().unwrap());
/// assert!(last < first, "the median falls");
/// assert_eq!((curves.epochs[0], curves.epochs.last()), (1, Some(&40)));
/// # Ok::<(), yhat::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Curves {
    /// The epochs, the first being 1.
    pub epochs: Vec<usize>,
    /// The quantiles, between 0 and 1.
    pub quantiles: Vec<f64>,
    /// For each quantile the loss at each of the epochs.
    pub loss: Vec<Vec<f64>>,
}

impl Variant {
    /// Quantiles of the loss, between order statistics by linear interpolation, as NumPy does unless it is told otherwise.
    /// A loss that is no number counts as infinite; a training that ended early keeps its last loss.
    pub fn curves(&self, quantiles: &[f64]) -> Curves {
        let mut epochs: Vec<usize> = self.trials.iter().flat_map(|t| t.curve.iter().map(|(epoch, _)| *epoch)).collect();
        epochs.sort_unstable();
        epochs.dedup();
        let mut loss = vec![Vec::with_capacity(epochs.len()); quantiles.len()];
        for epoch in &epochs {
            let mut at: Vec<f64> = self.trials.iter().filter_map(|trial| loss_at(trial, *epoch)).collect();
            at.sort_by(f64::total_cmp);
            for (column, q) in loss.iter_mut().zip(quantiles) {
                column.push(quantile(&at, *q));
            }
        }
        Curves { epochs, quantiles: quantiles.to_vec(), loss }
    }
}

/// The loss at the latest of the recorded epochs up to `epoch`.
fn loss_at(trial: &Trial, epoch: usize) -> Option<f64> {
    let after = trial.curve.partition_point(|(e, _)| *e <= epoch);
    let loss = trial.curve.get(after.checked_sub(1)?)?.1;
    Some(if loss.is_nan() { f64::INFINITY } else { loss })
}

/// The `q` quantile of numbers in order; NaN if there is none.
pub(super) fn quantile(sorted: &[f64], q: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else { return f64::NAN };
    let at = q.clamp(0.0, 1.0) * last as f64;
    let (low, high) = (sorted[at.floor() as usize], sorted[at.ceil() as usize]);
    if low == high { low } else { low + (high - low) * at.fract() }
}
