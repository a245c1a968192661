//! How far float32 rounding alone may carry the results of a training: measured, by training in float64.

use std::sync::Arc;

use yhat::prelude::*;

use crate::training::Task;

/// A step of float32 is an exact step that starts from numbers which are off by this many units in the last place.
const DATA_AND_WEIGHTS: f64 = 1.0;
/// More of what the optimizer keeps: its root is taken, and TensorFlow's root of a float32 is off by up to 2.5 units in
/// the last place (measured with 4,096 numbers; XLA's and NumPy's by 0.5), which is 5 units of the number under it.
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
