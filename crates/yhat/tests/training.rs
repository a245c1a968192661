//! Trainings, held to what Keras 2.8 computes.
//!
//! tests/reference/ has the numbers and the scripts that made them. Training is in float32, so two correct programs
//! differ by a few units in the last place a step: hence a tolerance.

use serde_json::Value;
use yhat::{prelude::*, random::RandomState};

fn reference(file: &str) -> Value {
    let path = format!("{}/tests/reference/{file}", env!("CARGO_MANIFEST_DIR"));
    // Python writes NaN and Infinity, which JSON does not have; no test here reads them.
    let text = std::fs::read_to_string(path).unwrap().replace("NaN", "null").replace("Infinity", "0");
    serde_json::from_str(&text).unwrap()
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

fn optimizer(name: &str, args: &Value) -> std::sync::Arc<dyn Optimizer> {
    use yhat::optimizers::IntoOptimizer;
    let number = |key: &str| args[key].as_f64().unwrap_or(0.0);
    let yes = |key: &str| args[key].as_bool().unwrap_or(false);
    let rate = number("learning_rate");
    match name {
        "SGD" => Sgd::new(rate).momentum(number("momentum")).nesterov(yes("nesterov")).into_optimizer(),
        "Adam" => Adam::new(rate).amsgrad(yes("amsgrad")).into_optimizer(),
        "RMSprop" => RmsProp::new(rate).momentum(number("momentum")).centered(yes("centered")).into_optimizer(),
        "Adagrad" => Adagrad::new(rate).into_optimizer(),
        "Adadelta" => Adadelta::new(rate).into_optimizer(),
        "Adamax" => Adamax::new(rate).into_optimizer(),
        "Nadam" => Nadam::new(rate).into_optimizer(),
        "Ftrl" => Ftrl::new(rate).into_optimizer(),
        other => panic!("no optimizer {other}"),
    }
}

/// Dense(4, tanh), Dense(2) with the reference's first weights.
fn reference_net(training: &Value) -> Sequential {
    let layers = [Dense::new(4).activation("tanh").input_shape(3), Dense::new(2)];
    let net = Sequential::from_layers(layers);
    net.set_weights(training["weights"].as_array().unwrap().iter().map(array)).unwrap();
    net
}

#[test]
fn twelve_optimizers_train_as_in_keras() {
    let training = &reference("keras28.json")["training"];
    let (x, y) = (array(&training["x"]), array(&training["y"]));
    let runs = training["runs"].as_array().unwrap();
    assert_eq!(runs.len(), 12);
    for run in runs {
        let name = format!("{} {}", run["optimizer"], run["args"]);
        let mut net = reference_net(training);
        net.compile(optimizer(run["optimizer"].as_str().unwrap(), &run["args"]), "mse").metrics(["mae"]);
        let history = net.fit(&x, &y, Fit::epochs(25).batch_size(16).shuffle(false)).unwrap();
        for column in ["loss", "mae"] {
            assert_close(&name, &history[column], &array(&run[column]).to_vec(), 1e-5);
        }
        assert_weights(&name, &net, &run["final"], 1e-5);
        assert_close(&name, &net.predict(x.rows(0, 3)).unwrap().to_vec(), &array(&run["predict"]).to_vec(), 1e-5);
    }
}

#[test]
fn batches_validation_and_evaluation_are_those_of_keras() {
    let training = &reference("keras28.json")["training"];
    let run = &training["minibatch_unshuffled_sgd_0.1_bs5_val"];
    let (x, y) = (array(&training["x"]), array(&training["y"]));
    let mut net = reference_net(training);
    net.compile(Sgd::new(0.1), "mse").metrics(["mae"]);
    let validation = (x.rows(0, 6).mapv(|x| 2.0 * x), y.rows(0, 6));
    let fit = Fit::epochs(4).batch_size(5).shuffle(false).validation_data(validation.0, validation.1);
    let history = net.fit(&x, &y, fit).unwrap();
    assert_eq!(history.names().collect::<Vec<_>>(), ["loss", "mae", "val_loss", "val_mae"]);
    for column in history.names() {
        assert_close(column, &history[column], &array(&run[column]).to_vec(), 1e-5);
    }
    assert_weights("final", &net, &run["final"], 1e-5);
    let result = net.evaluate_with(&x, &y, 7).unwrap();
    assert_close("evaluate", result.values(), &array(&run["evaluate"]).to_vec(), 1e-5);
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
    let lecture = &reference("lecture.json")["rerun"];
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
    let lecture = &reference("lecture.json")["rerun"];
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
    let lecture = &reference("lecture.json")["rerun"];
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
    let lecture = &reference("lecture.json")["rerun"];
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
    let lecture = &reference("lecture.json")["rerun"];
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
    let lecture = &reference("lecture.json")["rerun"];
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
    let lecture = &reference("lecture.json")["rerun"];
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
