//! The numbers as JSON.

use serde_json::Value;
use yhat::{Array, DType};

use super::Report;
use crate::Number;

/// An object with a line for every key: two runs can be compared with any tool that compares lines.
pub fn object(report: &Report) -> String {
    let note =
        format!("computed by yhat {}; float32 values are written as the float64 they equal", env!("CARGO_PKG_VERSION"));
    let numbers = report.parts.iter().flat_map(|(_, findings)| findings.numbers());
    let lines: Vec<String> = numbers
        .map(|(key, number)| (*key, value(number)))
        .chain([("note", Value::from(note))])
        .map(|(key, value)| format!("{}: {value}", Value::from(key)))
        .collect();
    format!("{{\n{}\n}}\n", lines.join(",\n"))
}

fn value(number: &Number) -> Value {
    match number {
        Number::Array(array) => nested(array),
        Number::List(arrays) => arrays.iter().map(nested).collect(),
    }
}

fn nested(array: &Array) -> Value {
    let integer = !array.dtype().is_float() && array.dtype() != DType::Bool;
    let number = |x: f64| if integer { Value::from(x as i64) } else { Value::from(x) };
    within(array.shape(), &array.to_vec(), &number)
}

fn within(shape: &[usize], numbers: &[f64], number: &dyn Fn(f64) -> Value) -> Value {
    match shape {
        [] => number(numbers[0]),
        [_, inner @ ..] => {
            let size = inner.iter().product::<usize>().max(1);
            numbers.chunks(size).map(|part| within(inner, part, number)).collect()
        }
    }
}
