//! TensorFlow's random ops after `set_seed`, the same in every bit.

use serde_json::Value;
use yhat::{Array, random::set_seed};
use yhat_tensor::random::tf;

use crate::report::{Report, integer, members, shape, text};

pub fn check(section: &mut Value, report: &mut Report) {
    for case in members(section) {
        let seed = integer(case["seed"].take());
        set_seed(seed);
        for (i, call) in members(&mut case["calls"]).iter_mut().enumerate() {
            let (op, shape) = (text(call[0].take()), shape(call[1].take()));
            let got = draw(&op, shape.size()).reshape(shape).expect("a number for each element");
            report.same(&format!("set_seed({seed}), op {i}, {op}"), &got, call[2].take());
        }
    }
}

fn draw(op: &str, n: usize) -> Array {
    match op {
        "uniform" => tf::uniform::<f32>(n).into(),
        "uniform_f64" => tf::uniform::<f64>(n).into(),
        "normal" => tf::normal::<f32>(n, 0.0, 1.0).into(),
        "truncated_normal" => tf::truncated_normal::<f32>(n, 0.0, 1.0).into(),
        other => panic!("no check of {other}"),
    }
}
