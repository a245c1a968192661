//! The same network from another seed, and it fails. A thousand epochs are not enough, but neither are ten thousand
//! more.
//!
//! Both lines face right this time. One of them has found the best that it can do alone; the other is zero at nearly
//! every point, and where an activation is flat no gradient comes back through it. The gradient of all seven numbers is
//! next to zero: training stands in a local minimum, and would stand there for ever.

use yhat::prelude::*;

use crate::{
    Findings,
    chapters::{data, solution3::bent_line},
};

/// Fits two bent lines from a start that leads nowhere, and looks at the gradient there.
pub fn run() -> yhat::Result<Findings> {
    let (x, y) = data::regression();
    let (x, y) = (x.reshape([100, 1])?, y.reshape([100, 1])?);

    set_seed(43054);
    let mut net = Sequential::new();
    net.add(Dense::new(2));
    net.add(Activation::new("relu"));
    net.add(Dense::new(1));
    net.compile(Sgd::new(0.1), "mse");
    let early = net.fit(&x, &y, Fit::epochs(1000).batch_size(100))?;
    let late = net.fit(&x, &y, Fit::epochs(10_000).batch_size(100))?;

    let layers = net.layers();
    let v = layers[1].call(layers[0].call(&x)?)?.eval()?;
    let active = |node| v.column(node).to_vec().iter().filter(|v| **v > 0.0).count();
    let gradient = gradient_at_the_failure(&x, &y)?;
    let steepest = gradient.iter().flat_map(Array::to_vec).fold(0.0, |m: f64, g| m.max(g.abs()));

    let weights = net.get_weights()?;
    let mut findings = Findings::new();
    let (after_1000, after_11000) = (early.last("loss"), late.last("loss"));
    findings.say(format!("loss {after_1000:.4} after 1,000 epochs, {after_11000:.4} after 10,000 more"));
    findings.say(format!("v0 = {}: not zero at {} of 100 points", bent_line(&weights, 0), active(0)));
    findings.say(format!("v1 = {}: not zero at {} of 100 points", bent_line(&weights, 1), active(1)));
    findings.say(format!("no slope of the loss is steeper than {steepest:.1e}: a local minimum"));
    findings.list("fail", weights);
    findings.list("tape", gradient);
    findings.array("v", v);
    findings.array("yhat", net.predict(&x)?);
    findings.array("loss", [&early["loss"], &late["loss"]].concat());
    Ok(findings)
}

/// The gradient in float64, at the weights as the course's notebook prints them after these 11,000 epochs.
fn gradient_at_the_failure(x: &Array, y: &Array) -> yhat::Result<Vec<Array>> {
    let w1 = Variable::new("W1", [[-0.03077251, 1.8713338]]);
    let b1 = Variable::new("b1", [-0.04834982, 0.3259186]);
    let w2 = Variable::new("W2", [[0.65121335], [1.8592643]]);
    let b2 = Variable::new("b2", [-0.60076195]);

    let tape = GradientTape::new();
    let u = Tensor::from(x).matmul(&w1) + &b1;
    let v = relu(&u);
    let yhat = v.matmul(&w2) + &b2;
    let loss = mean_squared_error(&Tensor::from(y), &yhat);
    Ok(tape.gradient(&loss, &[w1.tensor(), b1.tensor(), w2.tensor(), b2.tensor()])?)
}
