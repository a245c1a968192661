//! Activations, losses, metrics, initializers, regularizers and optimizers against Keras 2.8, and what they say to
//! wrong arguments. The values are in tests/reference, beside the scripts that made them.

mod activations;
mod gradients;
mod initializers;
mod losses;
mod metrics;
mod optimizers;
mod wrong;

use serde_json::Value;
use yhat::{Array, DType, Shape, Tensor, Variable};
use yhat_tensor::Plan;

/// A file of tests/reference.
pub(crate) fn checked_in(name: &str) -> Value {
    read(&format!("{}/tests/reference/{name}", env!("CARGO_MANIFEST_DIR")))
}

fn read(path: &str) -> Value {
    let text = std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{path}: {e}"));
    // Python writes an infinite number in a way that is not JSON.
    serde_json::from_str(&text.replace("Infinity", "null")).unwrap_or_else(|e| panic!("{path}: {e}"))
}

/// The members of a JSON array.
pub(crate) fn list(value: &Value) -> &[Value] {
    value.as_array().expect("a JSON array")
}

pub(crate) fn text(value: &Value) -> &str {
    value.as_str().expect("a JSON string")
}

pub(crate) fn number(value: &Value) -> f64 {
    value.as_f64().expect("a JSON number")
}

pub(crate) fn shape(value: &Value) -> Shape {
    list(value).iter().map(|n| n.as_u64().expect("a length") as usize).collect()
}

/// Nested lists of numbers as a float64 array; null is infinite.
pub(crate) fn array(value: &Value) -> Array {
    let (mut lengths, mut level) = (Vec::new(), value);
    while let Some(members) = level.as_array() {
        lengths.push(members.len());
        level = &members[0];
    }
    let mut numbers = Vec::new();
    flatten(value, &mut numbers);
    Array::new(lengths, numbers).expect("a list of lists of one length")
}

fn flatten(value: &Value, into: &mut Vec<f64>) {
    match value {
        Value::Array(members) => members.iter().for_each(|v| flatten(v, into)),
        Value::Null => into.push(f64::INFINITY),
        one => into.push(number(one)),
    }
}

/// The numbers as a float32 variable, which no planner computes beforehand as it does with constants.
pub(crate) fn float32(value: &Value) -> Tensor {
    Variable::new("x", array(value).cast(DType::F32)).tensor()
}

/// [`assert_close`] of the value of an expression, as the interpreter finds it and as a plan does.
#[track_caller]
pub(crate) fn assert_value(what: &str, expression: &Tensor, want: &Array, rtol: f64, atol: f64) {
    assert_close(what, &expression.eval().unwrap(), want, rtol, atol);
    assert_close(&format!("plan of {what}"), &planned(expression), want, rtol, atol);
}

/// The value of an expression, as a plan computes it.
pub(crate) fn planned(expression: &Tensor) -> Array {
    let plan = Plan::new(&[], std::slice::from_ref(expression), &[]).unwrap();
    let mut workspace = plan.workspace();
    plan.run(&mut workspace).unwrap();
    workspace.output(0)
}

/// Panics unless `got` is `want`, element by element, up to `rtol |want| + atol`.
#[track_caller]
pub(crate) fn assert_close(what: &str, got: &Array, want: &Array, rtol: f64, atol: f64) {
    assert_eq!(got.shape(), want.shape(), "{what}: shapes");
    for (i, (a, b)) in got.to_vec().into_iter().zip(want.to_vec()).enumerate() {
        let close = a == b || (a - b).abs() <= rtol * b.abs() + atol;
        assert!(close, "{what}: element {i} is {a:e}, expected {b:e} (differs by {:e})", (a - b).abs());
    }
}
