//! Activations of float32 numbers, among them zeros, tiny results and overflow.

use serde_json::Value;
use yhat::{Array, DType, Tensor, activations::*};

use crate::report::{ATOL, Report, array, entries};

pub fn check(section: &mut Value, report: &mut Report) {
    let x = array(section["x"].take()).cast(DType::F32);
    for (name, want) in entries(section).filter(|(name, _)| *name != "x") {
        let got = activation(name, &x.clone().into());
        report.close_or_within(name, &got, want.take(), || room(name, &x));
    }
}

/// What two activations may be off by where they come near zero: swish is `x` times a sigmoid, gelu `x` times a normal
/// distribution function, and on the way to 0 what is left of these in float32 is right to a unit in the last place of
/// 1/2 or 1, not of itself.
///
/// Measured in float64 on the files of salts 0 to 8: TensorFlow's own values are off by up to `1.4e-7 |x|` (gelu) and
/// `1.2e-7 |x|` (swish), which is 4e-5 and 1.7e-5 of a value and its ATOL; and XLA's values, of the same functions of
/// TensorFlow, are as far from those in the files as yhat's: up to `1.4e-7 |x|` (5.5e-5) and `1.7e-7 |x|`.
fn room(name: &str, x: &Array) -> Array {
    let factor = if matches!(name, "gelu" | "swish") { 2.0 * ATOL } else { 0.0 };
    x.cast(DType::F64).mapv(|x| factor * x.abs())
}

pub fn check_softmax(section: &mut Value, report: &mut Report) {
    let x = Tensor::from(array(section["x"].take()).cast(DType::F32));
    report.close("softmax", &activation("softmax", &x), section["y"].take());
}

/// What the function makes of `x`; its name stands for the same.
fn activation(name: &str, x: &Tensor) -> Array {
    let function: fn(&Tensor) -> Tensor = match name {
        "relu" => relu,
        "sigmoid" => sigmoid,
        "tanh" => tanh,
        "softplus" => softplus,
        "softsign" => softsign,
        "elu" => elu,
        "selu" => selu,
        "gelu" => gelu,
        "swish" => swish,
        "exponential" => exponential,
        "hard_sigmoid" => hard_sigmoid,
        "linear" => linear,
        "softmax" => softmax,
        other => panic!("no check of {other}"),
    };
    let y = function(x).eval().unwrap();
    assert_eq!(y.dtype(), DType::F32, "{name}");
    assert_eq!(ActivationFn::from(name).call(x).unwrap().eval().unwrap(), y, "{name} by name");
    y
}
