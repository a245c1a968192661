//! How far rounding alone carries the results of a training in float32: measured, by training in float64.
//!
//! Of the 42,148 trained numbers in the files of salts 0 to 40, yhat has between 38 and 58 (it depends on the kernels)
//! beyond RTOL and ATOL, in 41 of the 492 runs: 23 of Adam, 17 of RMSprop, the others of Adamax, Nadam, Ftrl and SGD with
//! Nesterov's momentum. Their last weights and predictions are what rounding has grown into; the losses are all near.
//!
//! - TensorFlow's own results are as far away, from those of float64 and from each other. RMSprop(0.01) with salt 4: a
//!   weight is off by 9.8e-4 (portable kernels) or 1.8e-5 (AVX-512); TensorFlow's by 1.6e-3 compiled by XLA and by up to
//!   1.3e-3 with the rows in another order. From epoch 15 on every step makes a rounding 2.8 times as large.
//!   With salt 9: 2.7e-3 here, 1.7e-3 and 1.9e-3 there, and what is in the file is 1.3e-3 from float64.
//! - The other optimizers are beyond by less: up to 3.9e-5, with TensorFlow's up to 1.9e-4 from one another.
//! - In Ftrl (salt 13, 2.4e-5) it is the file that is 2.3e-5 from float64, yhat 1.1e-6: TensorFlow's square root is
//!   off by up to 2.5 units in the last place, and Ftrl takes the difference of two that are nearly the same.
//!
//! So the room for a run is not one number for all: it is measured on that run, from how far roundings carry each of its
//! results in float64. In the 41 files, with every set of kernels, no number is off by more than 1.4 times that distance.

use std::sync::Arc;

use yhat::prelude::*;

use crate::training::Task;

/// A step of float32 is an exact step that starts from numbers which are off by this many units in the last place.
const DATA_AND_WEIGHTS: f64 = 1.0;
/// By more in what the optimizer keeps: its root is taken, and TensorFlow's root of a float32 is off by up to 2.5 units
/// in the last place (in 4,096 numbers; XLA's and NumPy's by 0.5), which is 5 units of the number under it.
const STATE: f64 = 5.0;
const ULP: f64 = f32::EPSILON as f64;

/// The largest of so many random trials is how far one training is from the exact one.
const TRIALS: usize = 16;
/// Two trainings in float32 are each that far away, and the largest of 16 is not the largest that there is.
const ROOM: f64 = 3.0;

/// How far each result of training in float32 may be from the reference's.
pub fn room(task: &Task, optimizer: &Arc<dyn Optimizer>) -> Vec<Array> {
    let exact = train(task, optimizer, |x, _| x);
    let mut room: Vec<Vec<f64>> = exact.iter().map(|result| vec![0.0; result.size()]).collect();
    let mut random = RandomState::new(0);
    for _ in 0..TRIALS {
        let rounded = train(task, optimizer, |x, ulps| x * (1.0 + random.uniform(-ulps, ulps) * ULP));
        for (room, (rounded, exact)) in room.iter_mut().zip(rounded.iter().zip(&exact)) {
            for (room, (rounded, exact)) in room.iter_mut().zip(rounded.to_vec().into_iter().zip(exact.to_vec())) {
                *room = room.max(ROOM * (rounded - exact).abs());
            }
        }
    }
    exact.iter().zip(room).map(|(result, room)| Array::new(result.shape(), room).unwrap()).collect()
}

/// Training in float64, where every number that a step starts from is rounded by a function of it and of the units in
/// the last place that it may be off by.
fn train(task: &Task, optimizer: &Arc<dyn Optimizer>, mut round: impl FnMut(f64, f64) -> f64) -> Vec<Array> {
    let mut net = task.net(optimizer.clone(), DType::F64);
    let (mut loss, mut mae) = (Vec::new(), Vec::new());
    for _ in 0..task.epochs {
        let [x, y] = [&task.x, &task.y].map(|data| data.mapv(|x| round(x, DATA_AND_WEIGHTS)));
        let logs = net.train_on_batch(x, y).unwrap();
        loss.push(logs["loss"]);
        mae.push(logs["mae"]);
        let state = net.optimizer_state().unwrap().expect("what the optimizer keeps").variables();
        let state = state.iter().filter(|variable| variable.dtype() == DType::F64).map(|variable| (variable, STATE));
        for (variable, ulps) in net.weights().unwrap().iter().map(|weight| (weight, DATA_AND_WEIGHTS)).chain(state) {
            variable.assign(variable.value().mapv(|x| round(x, ulps))).unwrap();
        }
    }
    task.results(&net, vec![loss.into(), mae.into()])
}
