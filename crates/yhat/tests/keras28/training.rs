//! A small net trained with every optimizer, from the same weights on the same data.

use std::{cell::LazyCell, sync::Arc};

use serde_json::Value;
use yhat::{optimizers::IntoOptimizer, prelude::*};

use crate::{
    report::{Report, array, entries, integer, list, members, number, text},
    rounding,
};

pub fn check(section: &mut Value, report: &mut Report) {
    let task = Task::new(section);
    for run in members(&mut section["runs"]) {
        task.check_optimizer(run, report);
    }
    task.check_batches(&mut section["minibatch_unshuffled_sgd_0.1_bs5_val"], report);
}

/// What all runs have in common.
pub struct Task {
    pub x: Array,
    pub y: Array,
    weights: Vec<Array>,
    loss: String,
    pub epochs: usize,
}

impl Task {
    fn new(section: &mut Value) -> Task {
        assert_eq!(text(section["layers"].take()), "Dense(4, tanh), Dense(2)");
        Task {
            x: array(section["x"].take()),
            y: array(section["y"].take()),
            weights: list(section["weights"].take()).into_iter().map(array).collect(),
            loss: text(section["loss"].take()),
            epochs: integer(section["epochs"].take()).try_into().expect("a number of epochs"),
        }
    }

    /// The net before training.
    pub fn net(&self, optimizer: Arc<dyn Optimizer>, dtype: DType) -> Sequential {
        let mut net = Sequential::new();
        net.add(Dense::new(4).activation("tanh").input_shape(self.x.shape()[1]).with_dtype(dtype));
        net.add(Dense::new(2).with_dtype(dtype));
        net.set_weights(&self.weights).unwrap();
        net.compile(optimizer, self.loss.as_str()).metrics(["mae"]);
        net
    }

    /// Training in float32, with all rows in one batch.
    fn train(&self, optimizer: Arc<dyn Optimizer>) -> Vec<Array> {
        let mut net = self.net(optimizer, DType::F32);
        let fit = Fit::epochs(self.epochs).batch_size(self.x.shape()[0]).shuffle(false);
        let history = net.fit(&self.x, &self.y, fit).unwrap();
        self.results(&net, columns(&history, &["loss", "mae"]))
    }

    /// All that a run is compared in.
    pub fn results(&self, net: &Sequential, history: Vec<Array>) -> Vec<Array> {
        let predicted = net.predict(self.x.rows(0, 3)).unwrap();
        history.into_iter().chain(net.get_weights().unwrap()).chain([predicted]).collect()
    }

    fn check_optimizer(&self, run: &mut Value, report: &mut Report) {
        let what = format!("{} {}", run["optimizer"], run["args"]);
        let optimizer = optimizer(&text(run["optimizer"].take()), &mut run["args"]);
        let got = self.train(optimizer.clone());
        let room = LazyCell::new(|| rounding::room(self, &optimizer));
        let mut want = vec![run["loss"].take(), run["mae"].take()];
        want.extend(list(run["final"].take()));
        want.push(run["predict"].take());
        let names = ["loss", "mae", "kernel 1", "bias 1", "kernel 2", "bias 2", "predict"];
        assert_eq!((got.len(), want.len()), (names.len(), names.len()), "{what}: results");
        for (i, (name, want)) in names.iter().zip(want).enumerate() {
            report.close_or_within(&format!("{what}: {name}"), &got[i], want, || room[i].clone());
        }
    }

    /// Batches of 5, of which the last has one row, with validation; and batches of 7 in `evaluate`.
    fn check_batches(&self, run: &mut Value, report: &mut Report) {
        let mut net = self.net(Sgd::new(0.1).into_optimizer(), DType::F32);
        let fit = Fit::epochs(4).batch_size(5).shuffle(false);
        let fit = fit.validation_data(self.x.rows(0, 6).mapv(|x| 2.0 * x), self.y.rows(0, 6));
        let history = net.fit(&self.x, &self.y, fit).unwrap();
        let names = ["loss", "mae", "val_loss", "val_mae"];
        for (name, got) in names.iter().zip(columns(&history, &names)) {
            report.close(&format!("batches of 5: {name}"), &got, run[*name].take());
        }
        let (got, want) = (net.get_weights().unwrap(), list(run["final"].take()));
        assert_eq!(got.len(), want.len(), "batches of 5: weights");
        for (i, (got, want)) in got.iter().zip(want).enumerate() {
            report.close(&format!("batches of 5: weight {i}"), got, want);
        }
        let logs = net.evaluate_with(&self.x, &self.y, 7).unwrap();
        assert_eq!(logs.names(), ["loss", "mae"]);
        report.close("evaluate", &logs.values().to_vec().into(), run["evaluate"].take());
    }
}

/// The columns of a history, which are to have these names and no others.
fn columns(history: &History, names: &[&str]) -> Vec<Array> {
    assert_eq!(history.names().collect::<Vec<_>>(), names);
    names.iter().map(|name| history[name].to_vec().into()).collect()
}

/// The optimizer with these arguments, of which it takes those that it knows.
fn optimizer(name: &str, arguments: &mut Value) -> Arc<dyn Optimizer> {
    let mut take = |key: &str| entries(arguments).find(|(name, _)| *name == key).map(|(_, value)| value.take());
    let rate = number(take("learning_rate").expect("a learning rate"));
    match name {
        "SGD" => {
            let sgd = Sgd::new(rate).momentum(take("momentum").map_or(0.0, number));
            sgd.nesterov(take("nesterov").is_some_and(yes)).into_optimizer()
        }
        "RMSprop" => {
            let rmsprop = RmsProp::new(rate).momentum(take("momentum").map_or(0.0, number));
            rmsprop.centered(take("centered").is_some_and(yes)).into_optimizer()
        }
        "Adam" => Adam::new(rate).amsgrad(take("amsgrad").is_some_and(yes)).into_optimizer(),
        "Adagrad" => Adagrad::new(rate).into_optimizer(),
        "Adadelta" => Adadelta::new(rate).into_optimizer(),
        "Adamax" => Adamax::new(rate).into_optimizer(),
        "Nadam" => Nadam::new(rate).into_optimizer(),
        "Ftrl" => Ftrl::new(rate).into_optimizer(),
        other => panic!("no check of {other}"),
    }
}

fn yes(value: Value) -> bool {
    value.as_bool().expect("true or false")
}
