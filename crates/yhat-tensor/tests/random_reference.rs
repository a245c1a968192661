//! The numbers of NumPy 1.23.5 and TensorFlow 2.8.0 in `crates/yhat/tests/reference`, in every
//! bit. The environment variable `YHAT_REFERENCE` names another file of gen_reference.py.

use std::path::PathBuf;

use serde_json::Value;
use yhat_tensor::random::{RandomState, tf};

fn reference(section: &str) -> Vec<Value> {
    let committed = concat!(env!("CARGO_MANIFEST_DIR"), "/../yhat/tests/reference/keras28.json");
    let path = std::env::var_os("YHAT_REFERENCE").map_or(committed.into(), PathBuf::from);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("cannot read {}: {error}", path.display()));
    // Python writes numbers that JSON lacks; no section read here has one.
    let text = text.replace("-Infinity", "null").replace("Infinity", "null");
    let mut file: Value = serde_json::from_str(&text.replace("NaN", "null")).unwrap();
    match file[section].take() {
        Value::Array(cases) => cases,
        other => panic!("{section}: {other}"),
    }
}

/// The numbers of an array of any depth, in order.
fn numbers(value: &Value) -> Vec<f64> {
    match value {
        Value::Array(items) => items.iter().flat_map(numbers).collect(),
        number => vec![number.as_f64().unwrap()],
    }
}

fn assert_same_bits(ours: &[f64], reference: &[f64], what: &str) {
    let bits = |numbers: &[f64]| numbers.iter().map(|x| x.to_bits()).collect::<Vec<_>>();
    assert_eq!(bits(ours), bits(reference), "{what}: {ours:?}, expected {reference:?}");
}

fn widened(numbers: Vec<f32>) -> Vec<f64> {
    numbers.into_iter().map(f64::from).collect()
}

#[test]
fn numpy() {
    for case in reference("numpy") {
        let seed = case["seed"].as_u64().unwrap();
        let mut r = RandomState::new(seed.try_into().unwrap());
        for call in case["calls"].as_array().unwrap() {
            let expected = numbers(&call[2]);
            let ours = draw(&mut r, &call[0], &numbers(&call[1]), expected.len());
            assert_same_bits(&ours, &expected, &format!("RandomState({seed}), {call}"));
        }
    }
}

fn draw(r: &mut RandomState, method: &Value, args: &[f64], n: usize) -> Vec<f64> {
    match method.as_str().unwrap() {
        "random_sample" => r.vec(n, RandomState::random_sample),
        "standard_normal" => r.vec(n, RandomState::standard_normal),
        "standard_exponential" => r.vec(n, RandomState::standard_exponential),
        "normal" => r.vec(n, |r| r.normal(args[0], args[1])),
        "uniform" => r.vec(n, |r| r.uniform(args[0], args[1])),
        "binomial" => r.vec(n, |r| r.binomial(args[0] as u64, args[1]) as f64),
        "randint" => r.vec(n, |r| r.randint(args[0] as i64, args[1] as i64) as f64),
        "permutation" => r.permutation(n).into_iter().map(|i| i as f64).collect(),
        other => panic!("no method {other}"),
    }
}

#[test]
fn tensorflow() {
    for case in reference("tf_random") {
        let seed = case["seed"].as_i64().unwrap();
        tf::set_seed(seed);
        for call in case["calls"].as_array().unwrap() {
            let expected = numbers(&call[2]);
            let n = expected.len();
            let ours = match call[0].as_str().unwrap() {
                "uniform" => widened(tf::uniform(n)),
                "uniform_f64" => tf::uniform(n),
                "normal" => widened(tf::normal(n, 0.0, 1.0)),
                "truncated_normal" => widened(tf::truncated_normal(n, 0.0, 1.0)),
                other => panic!("no op {other}"),
            };
            assert_same_bits(&ours, &expected, &format!("set_seed({seed}), {call}"));
        }
    }
}

/// An initializer is one random op; Keras computes its parameters in `f64` and rounds them once.
#[test]
fn initializers() {
    for case in reference("initializers") {
        let seed = case["seed"].as_i64().unwrap();
        let shape = numbers(&case["shape"]);
        tf::set_seed(seed);
        let ours = initial_values(case["name"].as_str().unwrap(), shape[0], shape[1]);
        assert_same_bits(
            &widened(ours),
            &numbers(&case["values"]),
            &format!("set_seed({seed}), {} {shape:?}", case["name"]),
        );
    }
}

fn initial_values(name: &str, fan_in: f64, fan_out: f64) -> Vec<f32> {
    let n = (fan_in * fan_out) as usize;
    let variance = |scale: f64, fan: f64| scale / fan.max(1.0);
    let uniform = |variance: f64| {
        let limit = (3.0 * variance).sqrt();
        tf::uniform_range(n, -limit as f32, limit as f32)
    };
    let normal = |variance: f64| {
        let deviation = variance.sqrt() / 0.8796256610342398;
        tf::truncated_normal(n, 0.0, deviation as f32)
    };
    match name {
        "glorot_uniform" => uniform(variance(1.0, (fan_in + fan_out) / 2.0)),
        "glorot_normal" => normal(variance(1.0, (fan_in + fan_out) / 2.0)),
        "he_uniform" => uniform(variance(2.0, fan_in)),
        "he_normal" => normal(variance(2.0, fan_in)),
        "lecun_uniform" => uniform(variance(1.0, fan_in)),
        "lecun_normal" => normal(variance(1.0, fan_in)),
        "random_uniform" => tf::uniform_range(n, -0.05, 0.05),
        "random_normal" => tf::normal(n, 0.0, 0.05),
        "truncated_normal" => tf::truncated_normal(n, 0.0, 0.05),
        "zeros" => vec![0.0; n],
        "ones" => vec![1.0; n],
        other => panic!("no initializer {other}"),
    }
}
