//! The node of solution 1 gets a relu behind it. Layers are things of their own: they can be kept beside the network
//! that they were added to, and asked what they make of the points, before training and after it.
//!
//! The answer now has a bend, but it is never negative, and nearly half of the points are below zero. One bent line
//! fits the right side and gives up the left. What about two, one facing each way?

use yhat::prelude::*;

use crate::{Findings, chapters::data, findings::signed};

/// Fits a line with a relu behind it.
pub fn run() -> yhat::Result<Findings> {
    let (x, y) = data::regression();
    let x = x.reshape([100, 1])?;

    let mut net = Sequential::new();
    set_seed(43053);
    let l1 = Dense::new(1).input_shape(1);
    let a1 = Activation::new(relu);
    net.add(&l1);
    net.add(&a1);
    let first = net.get_weights()?;
    let (u_first, v_first) = (l1.call(&x)?.eval()?, a1.call(l1.call(&x)?)?.eval()?);
    net.compile(Sgd::new(0.1), "mse");
    let history = net.fit(&x, &y, Fit::epochs(1000).batch_size(100))?;

    // Five ways to ask for the same answer.
    let weights = l1.weights()?;
    let layers = net.layers();
    let ways = [
        relu(&(Tensor::from(x.cast(DType::F32)).matmul(&weights[0]) + &weights[1])).eval()?,
        net.predict(&x)?,
        net.call(&x)?.eval()?,
        a1.call(l1.call(&x)?)?.eval()?,
        layers[1].call(layers[0].call(&x)?)?.eval()?,
    ];

    let trained = net.get_weights()?;
    let (w, b) = (trained[0].item(), trained[1].item());
    let negative = y.to_vec().iter().filter(|y| **y < 0.0).count();
    let mut findings = Findings::new();
    findings.say(format!("yhat = relu({w:.4} x {}), loss {:.4}", signed(b), history.last("loss")));
    findings.say(format!("{negative} of {} points are below zero, where this net can't go", y.size()));
    findings.list("sol2_init", first);
    findings.list("sol2", trained);
    findings.number("sol2_ways", Array::stack(&ways));
    findings.array("u_first", u_first);
    findings.array("v_first", v_first);
    findings.array("loss", &history["loss"]);
    Ok(findings)
}
