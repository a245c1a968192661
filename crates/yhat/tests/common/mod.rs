//! The net and the data of the reference runs.

#![allow(dead_code)]

use serde_json::Value;
use yhat::prelude::*;

pub fn reference(file: &str) -> Value {
    let path = format!("{}/tests/reference/{file}", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap().replace("NaN", "null").replace("Infinity", "0"))
        .unwrap()
}

pub fn numbers(value: &Value) -> Vec<f64> {
    match value.as_array() {
        Some(list) => list.iter().flat_map(numbers).collect(),
        None => vec![value.as_f64().unwrap()],
    }
}

/// The reference net's data and first weights, and the runs of model28.json.
pub struct Case {
    pub x: Array,
    pub y: Array,
    pub weights: Vec<Array>,
    pub runs: Value,
}

pub fn case() -> Case {
    let training = &reference("keras28.json")["training"];
    let shaped = |value: &Value, shape: &[usize]| Array::new(shape, numbers(value)).unwrap();
    let shapes: [&[usize]; 4] = [&[3, 4], &[4], &[4, 2], &[2]];
    Case {
        x: shaped(&training["x"], &[16, 3]),
        y: shaped(&training["y"], &[16, 2]),
        weights: shapes.iter().zip(training["weights"].as_array().unwrap()).map(|(s, w)| shaped(w, s)).collect(),
        runs: reference("model28.json"),
    }
}

impl Case {
    /// Dense(4, tanh), Dense(2), compiled with the mean squared error.
    pub fn net(&self, optimizer: impl Optimizer + 'static) -> Sequential {
        let mut net = Sequential::from_layers([Dense::new(4).activation("tanh").input_shape(3), Dense::new(2)]);
        net.set_weights(&self.weights).unwrap();
        net.compile(optimizer, "mse");
        net
    }

    pub fn validation(&self) -> (Array, Array) {
        (self.x.rows(0, 6).mapv(|x| 2.0 * x), self.y.rows(0, 6))
    }

    pub fn fit(&self, net: &mut Sequential, fit: Fit) -> History {
        net.fit(&self.x, &self.y, fit.shuffle(false)).unwrap()
    }

    /// Whether the columns of `histories`, one after another, and the final weights are those of run `name`.
    #[track_caller]
    pub fn agrees(&self, name: &str, histories: &[History], net: &Sequential) {
        let run = &self.runs[name];
        let expected = run["history"].as_object().unwrap();
        let columns: Vec<&str> = histories[0].names().collect();
        assert_eq!(columns.len(), expected.len(), "{name}: {columns:?}");
        for column in columns {
            let got: Vec<f64> = histories.iter().flat_map(|h| h[column].to_vec()).collect();
            close(&format!("{name} {column}"), &got, &numbers(&expected[column]));
        }
        let got: Vec<f64> = net.get_weights().unwrap().iter().flat_map(Array::to_vec).collect();
        close(&format!("{name} final"), &got, &numbers(&run["final"]));
    }
}

#[track_caller]
pub fn close(what: &str, got: &[f64], expected: &[f64]) {
    assert_eq!(got.len(), expected.len(), "{what}");
    for (i, (g, e)) in got.iter().zip(expected).enumerate() {
        assert!((g - e).abs() <= 1e-5 * e.abs().max(0.1), "{what}[{i}]: got {g}, expected {e}");
    }
}
