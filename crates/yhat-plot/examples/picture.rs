//! Draws the README's picture: three nets on the same hundred points.
//!
//! `cargo run --release -p yhat-plot --example picture > docs/picture.svg`

use yhat::prelude::*;
use yhat_plot::{Figure, Style};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut rng = RandomState::new(43052);
    let x = Array::linspace(-1.0, 1.0, 100);
    let y = x.mapv(|x| x * if x < 0.0 { 1.0 } else { 3.5 } + rng.normal(0.0, 1.0) * 0.3);
    let nets = [
        ("1 node: too simple", fitted(&x, &y, 0, 0)?),
        ("2 nodes, seed 1: found it", fitted(&x, &y, 2, 1)?),
        ("2 nodes, seed 43054: stuck", fitted(&x, &y, 2, 43054)?),
    ];
    let mut figure = Figure::new();
    figure.size(13.5, 3.9).alt(
        "A hundred points that bend in the middle, three times, each with a fit: a straight line, a line with the right \
         bend, a line that is flat on the left.",
    );
    let [panels] = figure.subplots::<1, 3>();
    for (axes, (title, (yhat, loss))) in panels.into_iter().zip(nets) {
        axes.plot(&x, &y, ".").plot(&x, yhat, Style::new("").linewidth(2.0)).title(format!("{title}, loss {loss:.3}"));
    }
    print!("{}", figure.to_svg()?);
    Ok(())
}

/// What a net with `nodes` relu nodes (none: a straight line) makes of the points after 1,000 epochs, and its loss.
fn fitted(x: &Array, y: &Array, nodes: usize, seed: i64) -> yhat::Result<(Array, f64)> {
    set_seed(seed);
    let mut net = Sequential::new();
    if nodes > 0 {
        net.add(Dense::new(nodes).activation(relu));
    }
    net.add(Dense::new(1));
    net.compile(Sgd::new(0.1), "mse");
    let history = net.fit(x, y, Fit::epochs(1000).batch_size(100))?;
    Ok((net.predict(x)?, history.last("loss")))
}
