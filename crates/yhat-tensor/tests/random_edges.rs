//! Long draws, compared by digest, and short ones at the edges of every distribution: the
//! numbers of data/gen_random_edges.py. The environment variable `YHAT_RANDOM_EDGES` names
//! another file that it wrote.
//!
//! The committed one was written on x86-64 with glibc and fused multiplication. On another
//! kind of machine the long `f64` normals and exponentials may miss their digests by a last
//! bit, as they would in NumPy there (see the documentation of `random`).

use std::collections::HashMap;
use std::path::PathBuf;

use serde_json::Value;
use yhat_tensor::random::distributions::{Real, truncated_normal};
use yhat_tensor::random::{CPythonRandom, OpSeeds, RandomState, tf};

fn edges(section: &str) -> Vec<Value> {
    let committed = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/random_edges.json");
    let path = std::env::var_os("YHAT_RANDOM_EDGES").map_or(committed.into(), PathBuf::from);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("cannot read {}: {error}", path.display()));
    let file: Value = serde_json::from_str(&text).unwrap();
    file[section].as_array().unwrap().clone()
}

/// A digest of 64-bit patterns in which their order counts.
fn digest<T>(numbers: Vec<T>, bits: impl Fn(T) -> u64) -> u64 {
    numbers
        .into_iter()
        .fold(0, |digest: u64, number| digest.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(bits(number)))
}

fn of_f64(numbers: Vec<f64>) -> u64 {
    digest(numbers, f64::to_bits)
}

fn of_f32(numbers: Vec<f32>) -> u64 {
    digest(numbers, |x| f64::from(x).to_bits())
}

fn of_indices(indices: Vec<usize>) -> u64 {
    digest(indices, |i| i as u64)
}

#[test]
fn numpy() {
    for case in edges("numpy") {
        let mut r = RandomState::new(case["seed"].as_u64().unwrap() as u32);
        for call in case["calls"].as_array().unwrap() {
            let n = call[2].as_u64().unwrap() as usize;
            let ours = numpy_digest(&mut r, call[0].as_str().unwrap(), &call[1], n);
            assert_eq!(ours, call[3], "RandomState({}), {call}", case["seed"]);
        }
    }
}

fn numpy_digest(r: &mut RandomState, method: &str, args: &Value, n: usize) -> u64 {
    let real = |i: usize| args[i].as_f64().unwrap();
    let integer = |i: usize| args[i].as_i64().unwrap();
    let size = |i: usize| args[i].as_u64().unwrap() as usize;
    let replace = args[1].as_bool().unwrap_or_default();
    match method {
        "random_sample" => of_f64(r.vec(n, RandomState::random_sample)),
        "standard_normal" => of_f64(r.vec(n, RandomState::standard_normal)),
        "uniform" => of_f64(r.vec(n, |r| r.uniform(real(0), real(1)))),
        "normal" => of_f64(r.vec(n, |r| r.normal(real(0), real(1)))),
        "exponential" => of_f64(r.vec(n, |r| r.exponential(real(0)))),
        "binomial" => digest(r.vec(n, |r| r.binomial(size(0) as u64, real(1))), |x| x),
        "randint" => digest(r.vec(n, |r| r.randint(integer(0), integer(1))), |x| x as u64),
        "permutation" => of_indices(r.permutation(n)),
        "choice" => of_indices(r.choice(size(0), n, replace)),
        "choice_weighted" => {
            let p: Vec<f64> = serde_json::from_value(args[0].clone()).unwrap();
            of_indices(r.choice_weighted(n, &p, replace))
        }
        other => panic!("no method {other}"),
    }
}

#[test]
fn cpython() {
    for case in edges("cpython") {
        let [seed, low, high, n] = [0, 1, 2, 3].map(|i| case[i].as_i64().unwrap());
        let mut random = CPythonRandom::new(seed);
        let drawn = (0..n).map(|_| random.randint(low, high)).collect();
        assert_eq!(digest(drawn, |x| x as u64), case[4], "{case}");
    }
}

#[test]
fn tensorflow() {
    for case in edges("tensorflow") {
        let Some(seed) = case["seed"].as_i64() else {
            continue;
        };
        tf::set_seed(seed);
        for call in case["calls"].as_array().unwrap() {
            let op = call[0].as_str().unwrap();
            let args: Vec<f64> = serde_json::from_value(call[2].clone()).unwrap();
            let n = call[3].as_u64().unwrap() as usize;
            let ours = match call[1].as_str().unwrap() {
                "float32" => of_f32(run(op, args.iter().map(|&x| x as f32).collect(), n)),
                _ => of_f64(run(op, args, n)),
            };
            assert_eq!(ours, call[4], "set_seed({seed}), {call}");
        }
    }
}

fn run<T: Real>(op: &str, args: Vec<T>, n: usize) -> Vec<T> {
    match (op, args.as_slice()) {
        ("uniform", []) => tf::uniform(n),
        ("uniform", &[low, high]) => tf::uniform_range(n, low, high),
        ("normal", &[mean, deviation]) => tf::normal(n, mean, deviation),
        ("truncated_normal", &[mean, deviation]) => tf::truncated_normal(n, mean, deviation),
        _ => panic!("no op {op} of {} arguments", args.len()),
    }
}

/// Ops with seeds of their own, run again and again: each continues where the last one of equal
/// seed stopped, two seeds being equal modulo 2^31 - 1.
#[test]
fn tensorflow_ops_with_seeds_of_their_own() {
    for case in edges("tensorflow") {
        let ops = case["seed"].as_i64().map_or_else(OpSeeds::unseeded, OpSeeds::new);
        let mut drawn = HashMap::new();
        for call in case["seeded_truncated_normals"].as_array().unwrap() {
            let op_seed = call[0].as_i64().unwrap();
            let n = call[1].as_u64().unwrap();
            let before: &mut u64 = drawn.entry(op_seed.rem_euclid(0x7fff_ffff)).or_default();
            let mut philox = ops.seeded_op(op_seed);
            philox.skip(256 * *before);
            *before += n;
            let ours = of_f32(truncated_normal(philox, n as usize));
            assert_eq!(ours, call[2], "set_seed({}), {call}", case["seed"]);
        }
    }
}
