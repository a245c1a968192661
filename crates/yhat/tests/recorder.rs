//! The recorder: what it keeps, and that a fit does not change by being watched.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering::Relaxed},
};

use yhat::{History, Result, callbacks::Schedule, prelude::*};

fn net() -> Sequential {
    set_seed(1);
    let mut net = Sequential::from_layers([Dense::new(3).activation(tanh), Dense::new(1)]);
    net.compile(Adam::new(0.01), "mse");
    net
}

fn data() -> (Array, Array) {
    let x = Array::linspace(-1.0, 1.0, 20);
    (x.clone(), x.mapv(|x| (2.0 * x).sin()))
}

/// The weights after each epoch, and the history.
fn watched(epochs: usize, batch: usize) -> (Vec<Vec<Array>>, History) {
    let (x, y) = data();
    let (mut net, mut weights) = (net(), Vec::new());
    net.build(1).unwrap();
    weights.push(net.get_weights().unwrap());
    let fit = Fit::epochs(epochs).batch_size(batch).on_epoch_end(|_, _, training| {
        weights.push(training.net().get_weights()?);
        Ok(())
    });
    let history = net.fit(&x, &y, fit).unwrap();
    (weights, history)
}

#[test]
fn records_are_the_weights_of_their_epochs() {
    let (x, y) = data();
    for batch in [20, 7] {
        let (weights, history) = watched(100, batch);
        for schedule in [Schedule::Every(1), Schedule::Every(7), Schedule::Logarithmic(5)] {
            for capacity in [2, 5, 1000] {
                let mut recorder = Recorder::new(schedule).capacity(capacity);
                let (mut net, fit) = (net(), Fit::epochs(100).batch_size(batch));
                let own = net.fit(&x, &y, fit.callback(&mut recorder)).unwrap();
                assert_eq!(own, history, "{schedule:?}");
                let path = recorder.path();
                assert_eq!((path.epochs[0], path.epochs.last()), (0, Some(&100)));
                assert!(path.len() <= capacity + 1 && path.weights.len() == path.len(), "{:?}", path.epochs);
                assert!(path.epochs.iter().zip(&path.weights).all(|(e, w)| *w == weights[*e]), "{:?}", path.epochs);
                if capacity == 1000 {
                    let mut times: Vec<usize> = schedule.times(0, 100).collect();
                    times.push(100);
                    times.dedup();
                    assert_eq!(path.epochs, times);
                }
            }
        }
    }
}

#[test]
fn a_full_recorder_doubles_its_stride() {
    let (x, y) = data();
    let mut recorder = Recorder::every(3).capacity(8);
    net().fit(&x, &y, Fit::epochs(500).batch_size(20).callback(&mut recorder)).unwrap();
    assert_eq!(recorder.path().epochs, [0, 96, 192, 288, 384, 480, 500]);
    // A second fit begins anew, and goes on counting where it is told to.
    net().fit(&x, &y, Fit::epochs(12).initial_epoch(10).callback(&mut recorder)).unwrap();
    assert_eq!(recorder.path().epochs, [10, 12]);
    assert_eq!(recorder.into_path().weights.len(), 2);
}

#[test]
fn a_training_that_ends_early_ends_the_path() {
    let (x, y) = data();
    let mut recorder = Recorder::every(50);
    let early = EarlyStopping::new("loss").min_delta(10.0).patience(7);
    let fit = Fit::epochs(400).batch_size(20).callback(&mut recorder).callback(early);
    let history = net().fit(&x, &y, fit).unwrap();
    assert_eq!(recorder.path().epochs, [0, history.epoch.len()]);
}

/// Counts how often it is asked and called.
struct Rare {
    calls: Arc<AtomicUsize>,
    every: usize,
}

impl Callback for Rare {
    fn on_epoch_begin(&mut self, epoch: usize, _: &mut Training) -> Result<()> {
        assert_eq!(epoch % self.every, 0);
        Ok(())
    }
    fn on_batch_end(&mut self, _: usize, _: &Logs, _: &mut Training) -> Result<()> {
        self.calls.fetch_add(1, Relaxed);
        Ok(())
    }
    fn on_epoch_end(&mut self, epoch: usize, logs: &Logs, training: &mut Training) -> Result<()> {
        assert_eq!((epoch % self.every, training.epochs_done()), (0, epoch + 1));
        training.log("seen", logs["loss"]);
        Ok(())
    }
    fn next_epoch(&self, epoch: usize) -> usize {
        epoch.next_multiple_of(self.every)
    }
}

/// A callback hears of the epochs that it wants and of no other, with and without batches.
#[test]
fn callbacks_hear_of_the_epochs_they_want() {
    let (x, y) = data();
    for (batch, batches) in [(20, 1), (8, 3)] {
        let calls = Arc::new(AtomicUsize::new(0));
        let rare = Rare { calls: calls.clone(), every: 10 };
        let (_, plain) = watched(95, batch);
        let history = net().fit(&x, &y, Fit::epochs(95).batch_size(batch).callback(rare)).unwrap();
        assert_eq!(calls.load(Relaxed), 10 * batches);
        assert_eq!(history["loss"], plain["loss"]);
        assert_eq!(history.epoch, plain.epoch);
        assert_eq!(history["seen"].len(), 10);
        let every_tenth: Vec<f64> = plain["loss"].iter().step_by(10).copied().collect();
        assert_eq!(history["seen"], every_tenth[..]);
    }
}
