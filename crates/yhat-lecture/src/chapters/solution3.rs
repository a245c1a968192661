//! Two nodes in the first layer give two bent lines, one of which may face left and one right. They are two numbers a
//! point, and one is asked for; so a second layer adds them up, each with a weight of its own, and a bias.
//!
//! Seven numbers are learned, four in the first layer and three in the second, and the answer follows the points.

use yhat::prelude::*;

use crate::{Findings, chapters::data, findings::signed};

/// Fits two bent lines.
pub fn run() -> yhat::Result<Findings> {
    let (x, y) = data::regression();
    let x = x.reshape([100, 1])?;

    let mut net = Sequential::new();
    set_seed(43053);
    let l1 = Dense::new(2).input_shape(1);
    let a1 = Activation::new(relu);
    net.add(&l1);
    net.add(&a1);
    let shape = l1.call(&x)?.shape().to_vec();
    // The same seed again: the second layer starts with the numbers that the first one starts with.
    set_seed(43053);
    let l2 = Dense::new(1).input_shape(2);
    net.add(&l2);
    let first = net.get_weights()?;
    net.compile(Sgd::new(0.1), "mse");
    let history = net.fit(&x, &y, Fit::epochs(1000).batch_size(100))?;

    let u = l1.call(&x)?;
    let v = a1.call(&u)?;
    let yhat = l2.call(&v)?;
    let trained = net.get_weights()?;
    let (w, b) = (trained[2].to_vec(), trained[3].item());

    let mut findings = Findings::new();
    findings.show(net.summary());
    let sum = format!("{:.4} v0 {} v1 {}", w[0], signed(w[1]), signed(b));
    findings.say(format!("yhat = {sum}, loss {:.4}", history.last("loss")));
    findings.say(format!("v0 = {}, v1 = {}", bent_line(&trained, 0), bent_line(&trained, 1)));
    findings.number("sol3_shape", shape);
    findings.list("sol3_init", first);
    findings.list("sol3", trained);
    findings.number("sol3_yhat", yhat.eval()?);
    findings.array("u", u.eval()?);
    findings.array("v", v.eval()?);
    findings.array("loss", &history["loss"]);
    Ok(findings)
}

/// Node `i` of the first layer as a formula.
pub fn bent_line(weights: &[Array], i: usize) -> String {
    format!("relu({:.4} x {})", weights[0].at(&[0, i]), signed(weights[1].at(&[i])))
}
