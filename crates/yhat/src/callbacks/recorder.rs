//! The path of the weights.

use yhat_tensor::Array;

use super::{Callback, Schedule};
use crate::{
    Result,
    model::{Logs, Training},
};

/// Records the net's weights before the training, at the epochs of a [`Schedule`], and after the last epoch.
///
/// Its memory is bounded: when [`capacity`](Recorder::capacity) is reached, every second record is dropped and from then
/// on every second time of the schedule is passed over, so that the records stay evenly spaced however long the training
/// takes. Between records a fit is as fast as without it. A new fit begins a new path.
///
/// ```
/// use yhat::prelude::*;
/// let x = Array::linspace(-1.0, 1.0, 20);
/// let mut net = Sequential::from_layers([Dense::new(1)]);
/// net.compile(Sgd::new(0.1), "mse");
/// let mut recorder = Recorder::every(100);
/// net.fit(&x, x.mapv(|x| 3.0 * x), Fit::epochs(250).batch_size(20).callback(&mut recorder))?;
/// assert_eq!(recorder.path().epochs, [0, 100, 200, 250]);
/// assert_eq!(recorder.path().weights[3], net.get_weights()?);
/// # Ok::<(), yhat::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Recorder {
    schedule: Schedule,
    capacity: usize,
    path: Path,
    /// Of the schedule's times only every `stride`th is recorded: a power of two.
    stride: usize,
    /// The next epoch count to be recorded, and how many of the schedule's times come before it.
    next: (usize, usize),
}

/// Weights as they were on the way: what a [`Recorder`] leaves.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Path {
    /// After how many epochs each record was made.
    pub epochs: Vec<usize>,
    /// The records: each the values of the net's weights, in the order of
    /// [`get_weights`](crate::Sequential::get_weights).
    pub weights: Vec<Vec<Array>>,
}

impl Path {
    /// How many records there are.
    pub fn len(&self) -> usize {
        self.epochs.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.epochs.is_empty()
    }
}

/// Records that are kept unless it is set: enough for any picture.
const CAPACITY: usize = 1000;

impl Recorder {
    /// Records at the times of `schedule`.
    pub fn new(schedule: Schedule) -> Recorder {
        Recorder { schedule, capacity: CAPACITY, path: Path::default(), stride: 1, next: (0, 0) }
    }

    /// Records every `k` epochs, as long as they fit.
    pub fn every(k: usize) -> Recorder {
        Recorder::new(Schedule::Every(k))
    }

    /// How many records are kept at most, beside that of the last epoch: 1000 if it is not set, at least 2.
    pub fn capacity(self, capacity: usize) -> Recorder {
        Recorder { capacity: capacity.max(2), ..self }
    }

    /// What the last training left.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What the last training left, without a copy.
    pub fn into_path(self) -> Path {
        self.path
    }

    fn record(&mut self, training: &Training) -> Result<()> {
        self.path.epochs.push(training.epochs_done());
        self.path.weights.push(training.net().get_weights()?);
        Ok(())
    }

    /// Moves on to the next time that is to be recorded.
    fn advance(&mut self) {
        if self.path.len() >= self.capacity {
            self.stride *= 2;
            every_second(&mut self.path.epochs);
            every_second(&mut self.path.weights);
        }
        let (mut time, mut number) = self.next;
        while time < usize::MAX && (number == self.next.1 || number % self.stride != 0) {
            (time, number) = (self.schedule.next(time + 1), number + 1);
        }
        self.next = (time, number);
    }
}

/// Keeps the first, the third, the fifth, ...
fn every_second<T>(records: &mut Vec<T>) {
    let mut number = 0;
    records.retain(|_| {
        number += 1;
        number % 2 == 1
    });
}

impl Callback for Recorder {
    fn on_train_begin(&mut self, training: &mut Training) -> Result<()> {
        (self.path, self.stride) = (Path::default(), 1);
        self.next = (training.epochs_done(), 0);
        self.record(training)?;
        self.advance();
        Ok(())
    }

    fn on_epoch_end(&mut self, _: usize, _: &Logs, training: &mut Training) -> Result<()> {
        if training.epochs_done() == self.next.0 {
            self.record(training)?;
            self.advance();
        }
        Ok(())
    }

    fn on_train_end(&mut self, training: &mut Training) -> Result<()> {
        if self.path.epochs.last() != Some(&training.epochs_done()) {
            self.record(training)?;
        }
        Ok(())
    }

    fn every_batch(&self) -> bool {
        false
    }

    fn next_epoch(&self, epoch: usize) -> usize {
        self.next.0.saturating_sub(1).max(epoch)
    }
}
