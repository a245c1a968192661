//! Data: NumPy's legacy generator, the same in every bit.

use serde_json::Value;
use yhat::random::RandomState;

use crate::report::{Report, integer, list, members, number, text};

pub fn check(section: &mut Value, report: &mut Report) {
    for case in members(section) {
        let seed = integer(case["seed"].take());
        let mut r = RandomState::new(seed.try_into().expect("a seed of 32 bits"));
        for call in members(&mut case["calls"]) {
            let (method, arguments) = (text(call[0].take()), list(call[1].take()));
            let what = format!("RandomState({seed}).{method}({arguments:?})");
            let arguments: Vec<f64> = arguments.into_iter().map(number).collect();
            report.same(&what, &draw(&mut r, &method, &arguments).into(), call[2].take());
        }
    }
}

/// The numbers of one call; how many there are is its last argument.
fn draw(r: &mut RandomState, method: &str, arguments: &[f64]) -> Vec<f64> {
    let (n, arguments) = arguments.split_last().expect("arguments");
    let n = *n as usize;
    match (method, arguments) {
        ("random_sample", []) => r.vec(n, RandomState::random_sample),
        ("standard_normal", []) => r.vec(n, RandomState::standard_normal),
        ("standard_exponential", []) => r.vec(n, RandomState::standard_exponential),
        ("permutation", []) => r.permutation(n).into_iter().map(|i| i as f64).collect(),
        ("normal", [mean, deviation]) => r.vec(n, |r| r.normal(*mean, *deviation)),
        ("uniform", [low, high]) => r.vec(n, |r| r.uniform(*low, *high)),
        ("binomial", [trials, p]) => r.vec(n, |r| r.binomial(*trials as u64, *p) as f64),
        ("randint", [low, high]) => r.vec(n, |r| r.randint(*low as i64, *high as i64) as f64),
        other => panic!("no check of {other:?}"),
    }
}
