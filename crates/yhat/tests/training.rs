//! The lecture's trainings, held to what Keras 2.8 computes.
//!
//! tests/reference/ has the numbers. Training is in float32, so two correct programs differ by a few units in the last
//! place a step: hence a tolerance.

use serde_json::Value;
use yhat::{prelude::*, random::RandomState};

/// The notebook's cells, run in order.
fn rerun() -> Value {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/reference/lecture.json");
    let mut file: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    file["rerun"].take()
}

/// The array that nested lists of numbers are.
fn array(value: &Value) -> Array {
    fn walk(value: &Value, depth: usize, shape: &mut Vec<usize>, numbers: &mut Vec<f64>) {
        match value.as_array() {
            Some(list) => {
                if shape.len() == depth {
                    shape.push(list.len());
                }
                list.iter().for_each(|v| walk(v, depth + 1, shape, numbers));
            }
            None => numbers.push(value.as_f64().unwrap()),
        }
    }
    let (mut shape, mut numbers) = (Vec::new(), Vec::new());
    walk(value, 0, &mut shape, &mut numbers);
    Array::new(shape, numbers).unwrap()
}

#[track_caller]
fn assert_close(what: &str, got: &[f64], expected: &[f64], rtol: f64) {
    assert_eq!(got.len(), expected.len(), "{what}: numbers");
    let largest = expected.iter().fold(0.0f64, |m, x| m.max(x.abs()));
    for (i, (g, e)) in got.iter().zip(expected).enumerate() {
        assert!((g - e).abs() <= rtol * e.abs().max(0.1 * largest), "{what}[{i}]: got {g}, expected {e}");
    }
}

#[track_caller]
fn assert_weights(what: &str, net: &Sequential, expected: &Value, rtol: f64) {
    let weights = net.get_weights().unwrap();
    let expected: Vec<Array> = expected.as_array().unwrap().iter().map(array).collect();
    assert_eq!(weights.len(), expected.len(), "{what}: weights");
    for (w, e) in weights.iter().zip(&expected) {
        assert_eq!(w.shape(), e.shape(), "{what}");
        assert_close(what, &w.to_vec(), &e.to_vec(), rtol);
    }
}

/// The regression data of the lecture.
fn regression() -> (Array, Array) {
    let mut rng = RandomState::new(43052);
    let x = Array::linspace(-1.0, 1.0, 100);
    let y = x.mapv(|x| x * if x < 0.0 { 1.0 } else { 3.5 } + rng.normal(0.0, 1.0) * 0.3);
    (x, y)
}

#[test]
fn lecture_solution_1_a_line() {
    let lecture = &rerun();
    let (x, y) = regression();
    let mut net = Sequential::new();
    net.add(Dense::new(1));
    net.compile(Sgd::new(0.1), "mse");
    net.fit(&x, &y, Fit::epochs(1000).batch_size(100)).unwrap();
    assert_weights("sol1", &net, &lecture["sol1"], 1e-5);
    assert_close("sol1", &net.predict(&x).unwrap().to_vec(), &array(&lecture["sol1_yhat"]).to_vec(), 1e-5);
}

#[test]
fn lecture_solution_2_a_line_and_relu_each_way_it_is_looked_at() {
    let lecture = &rerun();
    let (x, y) = regression();
    let x = x.reshape([100, 1]).unwrap();
    let mut net = Sequential::new();
    set_seed(43053);
    let l1 = Dense::new(1).input_shape(1);
    let a1 = Activation::new(relu);
    net.add(&l1);
    assert!(l1 == net.layers()[0], "the net has the very layer that it was given");
    net.add(&a1);
    assert_weights("sol2_init", &net, &lecture["sol2_init"], 0.0);
    net.compile(Sgd::new(0.1), "mse");
    net.fit(&x, &y, Fit::epochs(1000).batch_size(100)).unwrap();
    assert_weights("sol2", &net, &lecture["sol2"], 1e-5);

    let weights = l1.weights().unwrap();
    let layers = net.layers();
    let ways = [
        relu(&(Tensor::from(x.cast(DType::F32)).matmul(&weights[0]) + &weights[1])).eval().unwrap(),
        net.predict(&x).unwrap(),
        net.call(&x).unwrap().eval().unwrap(),
        a1.call(l1.call(&x).unwrap()).unwrap().eval().unwrap(),
        layers[1].call(layers[0].call(&x).unwrap()).unwrap().eval().unwrap(),
    ];
    let expected = array(&lecture["sol2_ways"]).to_vec();
    assert_eq!(expected.len() % 100, 0);
    for way in ways {
        assert_close("sol2_ways", &way.to_vec(), &expected[..100], 1e-5);
    }
}

#[test]
fn lecture_solution_3_two_nodes() {
    let lecture = &rerun();
    let (x, y) = regression();
    let x = x.reshape([100, 1]).unwrap();
    let mut net = Sequential::new();
    set_seed(43053);
    let (l1, a1) = (Dense::new(2).input_shape(1), Activation::new(relu));
    net.add(&l1);
    net.add(&a1);
    assert_eq!(l1.call(&x).unwrap().shape()[..], [100, 2]);
    set_seed(43053);
    let l2 = Dense::new(1).input_shape(2);
    net.add(&l2);
    assert_weights("sol3_init", &net, &lecture["sol3_init"], 0.0);
    net.compile(Sgd::new(0.1), "mse");
    net.fit(&x, &y, Fit::epochs(1000).batch_size(100)).unwrap();
    assert_weights("sol3", &net, &lecture["sol3"], 1e-5);
    let yhat = l2.call(a1.call(l1.call(&x).unwrap()).unwrap()).unwrap().eval().unwrap();
    assert_close("sol3_yhat", &yhat.to_vec(), &array(&lecture["sol3_yhat"]).to_vec(), 1e-5);
}

#[test]
fn lecture_failure_stays_in_its_local_minimum() {
    let lecture = &rerun();
    let (x, y) = regression();
    set_seed(43054);
    let mut net = Sequential::from_layers([Dense::new(2).any(), Activation::new("relu").any(), Dense::new(1).any()]);
    net.compile(Sgd::new(0.1), "mse");
    net.fit(&x, &y, Fit::epochs(1000).batch_size(100)).unwrap();
    net.fit(&x, &y, Fit::epochs(10000).batch_size(100)).unwrap();
    assert_weights("fail", &net, &lecture["fail"], 1e-5);
}

#[test]
fn lecture_solution_4_many_nodes() {
    let lecture = &rerun();
    let (x, y) = regression();
    set_seed(43056);
    let mut net = Sequential::new();
    net.add(Dense::new(512).activation("relu"));
    net.add(Dense::new(1));
    net.compile(Sgd::new(0.1), "mse");
    let history = net.fit(&x, &y, Fit::epochs(1000).batch_size(100)).unwrap();
    let ends = [history["loss"][0], history.last("loss")];
    assert_close("sol4_loss", &ends, &array(&lecture["sol4_loss"]).to_vec(), 1e-5);
}

/// The labels of the logistic chapters: they come from the generator that drew the over-fit example's noise.
fn logistic() -> (Array, Array) {
    let mut rng = RandomState::new(43052);
    let _noise = rng.vec(100, |rng| rng.normal(0.0, 0.001));
    let x = Array::linspace(-1.0, 1.0, 2000);
    let y = x.mapv(|x| rng.binomial(1, 1.0 / (1.0 + (1.0 - 5.0 * x).exp())) as f64);
    (x, y)
}

fn bce_loss(y: &Tensor, yhat: &Tensor) -> Tensor {
    -(y * yhat.ln() + (1.0 - y) * (1.0 - yhat).ln()).mean()
}

fn mse_loss(y: &Tensor, yhat: &Tensor) -> Tensor {
    (y - yhat).square().mean()
}

#[test]
fn lecture_logistic_regression_with_losses_of_ones_own() {
    let lecture = &rerun();
    let (x, y) = logistic();
    assert_eq!(y.to_vec().iter().sum::<f64>(), lecture["bin_sum"].as_f64().unwrap());
    for (name, loss) in [("bce", bce_loss as fn(&Tensor, &Tensor) -> Tensor), ("mse", mse_loss)] {
        set_seed(43052);
        let mut net = Sequential::new();
        net.add(Dense::new(1).activation("sigmoid"));
        net.compile(Sgd::new(0.1), loss);
        net.fit(&x, &y, Fit::epochs(1000).batch_size(2000)).unwrap();
        assert_weights(name, &net, &lecture[name], 1e-5);
    }
}

/// The recordings: every 15 epochs, 29 times, with two nets side by side. They go on from the last `set_seed`, after the
/// draw of the logistic chapter's net.
#[test]
fn lecture_recordings() {
    let lecture = &rerun();
    let (x, y) = logistic();
    let ones: Vec<f64> = x.to_vec().iter().flat_map(|x| [1.0, *x]).collect();
    let x = Array::new([2000, 2], ones).unwrap();
    type Example = (&'static str, fn() -> std::sync::Arc<dyn Optimizer>, [[f64; 1]; 2]);
    let sgd = || std::sync::Arc::new(Sgd::new(0.1)) as std::sync::Arc<dyn Optimizer>;
    let adam = || std::sync::Arc::new(Adam::new(0.1)) as std::sync::Arc<dyn Optimizer>;
    let examples: [Example; 3] =
        [("ex1", sgd, [[-3.0], [-1.0]]), ("ex2", adam, [[-3.0], [-1.0]]), ("ex3", adam, [[-10.0], [-1.0]])];
    set_seed(43052);
    Dense::new(1).build(1).unwrap();
    for (name, optimizer, start) in examples {
        for (which, loss) in [("mse", mse_loss as fn(&Tensor, &Tensor) -> Tensor), ("bce", bce_loss)] {
            let mut net = Sequential::new();
            net.add(Dense::new(1).use_bias(false).activation("sigmoid"));
            net.compile(optimizer(), loss);
            net.fit(&x, &y, Fit::epochs(1).batch_size(2000)).unwrap();
            net.set_weights([Array::from(start)]).unwrap();
            let mut path = vec![net.get_weights().unwrap()[0].to_vec()];
            for _ in 0..29 {
                net.fit(&x, &y, Fit::epochs(15).batch_size(2000)).unwrap();
                path.push(net.get_weights().unwrap()[0].to_vec());
            }
            let expected = array(&lecture[format!("{name}_{which}")]);
            for (row, what) in ["w0", "w1"].iter().enumerate() {
                let got: Vec<f64> = path.iter().map(|w| w[row]).collect();
                let row = expected.rows(row, row + 1).to_vec();
                assert_close(&format!("{name}_{which} {what}"), &got, &row, 1e-5);
            }
        }
    }
}
