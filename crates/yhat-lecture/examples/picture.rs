//! Draws the README's picture: three nets on the same hundred points.
//!
//! `cargo run --release -p yhat-lecture --example picture > docs/picture.svg`

use yhat::prelude::*;
use yhat_lecture::chapters::data;

const WIDTH: f64 = 280.0;
const HEIGHT: f64 = 210.0;

fn main() -> yhat::Result<()> {
    let (x, y) = data::regression();
    let panels = [
        ("1 node: too simple", fitted(&x, &y, 0, 0)?),
        ("2 nodes, seed 1: found it", fitted(&x, &y, 2, 1)?),
        ("2 nodes, seed 43054: stuck", fitted(&x, &y, 2, 43054)?),
    ];
    println!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}" font-family="sans-serif">"#,
        3.0 * WIDTH,
        HEIGHT
    );
    println!(r#"<rect width="100%" height="100%" fill="white"/>"#);
    for (i, (title, (yhat, loss))) in panels.iter().enumerate() {
        panel(i as f64 * WIDTH, &format!("{title}, loss {loss:.3}"), &x, &y, yhat);
    }
    println!("</svg>");
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

fn panel(left: f64, title: &str, x: &Array, y: &Array, yhat: &Array) {
    let (inside, top) = (WIDTH - 40.0, 34.0);
    let across = |x: f64| left + 20.0 + (x + 1.1) / 2.2 * inside;
    let down = |y: f64| top + (4.2 - y) / 6.2 * (HEIGHT - top - 12.0);
    println!(
        r##"<text x="{}" y="22" font-size="12.5" text-anchor="middle" fill="#333">{title}</text>"##,
        left + WIDTH / 2.0
    );
    println!(
        r##"<rect x="{}" y="{top}" width="{inside}" height="{}" fill="none" stroke="#bbb"/>"##,
        left + 20.0,
        HEIGHT - top - 12.0
    );
    let points = || x.to_vec().into_iter();
    for (x, y) in points().zip(y.to_vec()) {
        println!(r##"<circle cx="{:.1}" cy="{:.1}" r="2" fill="#1f77b4" fill-opacity="0.7"/>"##, across(x), down(y));
    }
    let line: Vec<String> =
        points().zip(yhat.to_vec()).map(|(x, y)| format!("{:.1},{:.1}", across(x), down(y))).collect();
    println!(
        r##"<polyline points="{}" fill="none" stroke="#ff7f0e" stroke-width="2.5" stroke-linejoin="round"/>"##,
        line.join(" ")
    );
}
