//! A line gets a bend from a function that has one. The simplest is called relu, for rectified linear unit: it keeps
//! what is positive and turns the rest into zero, relu(x) = max(0, x).
//!
//! It costs next to nothing, and its slope is 1 or 0. Put behind a node, it is called the node's activation.

use yhat::prelude::*;

use crate::Findings;

/// Applies relu to a hundred numbers.
pub fn run() -> yhat::Result<Findings> {
    let x = Array::linspace(-1.0, 1.0, 100);
    let v = relu(&Tensor::from(&x)).eval()?;

    let zeros = v.to_vec().iter().filter(|v| **v == 0.0).count();
    let mut findings = Findings::new();
    findings.say(format!("relu(x) = max(0, x): of {} numbers {zeros} become 0, the others stay", x.size()));
    findings.array("x", x);
    findings.array("relu", v);
    Ok(findings)
}
