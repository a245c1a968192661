//! Makes an animation as a GIF and as a page with a player.
//!
//! `cargo run -p yhat-plot --example waves -- DIR`

use std::{f64::consts::TAU, fs, path::PathBuf};

use yhat_plot::{Animation, Figure, Mode, Style};
use yhat_tensor::Array;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let directory = PathBuf::from(std::env::args().nth(1).unwrap_or("out/waves".into()));
    fs::create_dir_all(&directory)?;

    let x = Array::linspace(0.0, TAU, 200);
    let circle = Array::linspace(0.0, TAU, 100);
    let mut figure = Figure::new();
    figure
        .size(9.0, 4.0)
        .suptitle("A turning point is a wave")
        .alt("A point goes around a circle; beside it, its height.");
    let [[left, right]] = figure.subplots();
    left.plot(circle.mapv(f64::cos), circle.mapv(f64::sin), "k").plot([1.0], [0.0], Style::new("ro").id("point"));
    right.plot(&x, x.mapv(f64::sin), "k:").plot([0.0], [0.0], Style::new("r").id("wave"));

    let waves = Animation::new(&figure, 40, |figure, i| {
        let turned = TAU * i as f64 / 39.0;
        figure.subplot(1, 2, 1).set_data("point", [turned.cos()], [turned.sin()]);
        let so_far = Array::linspace(0.0, turned, 2 + 5 * i);
        figure
            .subplot(1, 2, 2)
            .set_data("wave", &so_far, so_far.mapv(f64::sin))
            .title(format!("{:.0}°", turned.to_degrees()));
    })
    .interval(80.0)
    .mode(Mode::Reflect);

    for name in ["waves.gif", "waves.html"] {
        waves.save(directory.join(name))?;
        println!("{}", directory.join(name).display());
    }
    Ok(())
}
