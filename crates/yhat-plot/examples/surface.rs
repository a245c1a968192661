//! Draws a surface in every form: a page where it turns, SVG, PNG, a terminal.
//!
//! `cargo run -p yhat-plot --example surface -- DIR`

use std::{fs, io::IsTerminal, path::PathBuf};

use yhat_plot::{Figure, Style, Terminal};
use yhat_tensor::Array;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let directory = PathBuf::from(std::env::args().nth(1).unwrap_or("out/surface".into()));
    fs::create_dir_all(&directory)?;

    // Rosenbrock's valley, which gradient descent finds at once and leaves for long.
    let (x, y) = (Array::linspace(-2.0, 2.0, 61), Array::linspace(-1.0, 3.0, 61));
    let height = |x: f64, y: f64| ((1.0 - x).powi(2) + 10.0 * (y - x * x).powi(2)).ln_1p();
    let heights = x.to_vec().iter().flat_map(|x| y.to_vec().into_iter().map(move |y| height(*x, y))).collect();
    let z = Array::new([61, 61], heights)?;

    let mut figure = Figure::new();
    figure
        .size(11.0, 4.5)
        .suptitle("Rosenbrock's valley")
        .alt("A bent valley, deepest at 1, 1: as a surface and from above.");
    let solid = figure.subplot_3d(1, 2, 1).elev(40.0).azim(-60.0);
    solid
        .plot_surface(&x, &y, &z, Style::new("").cmap("viridis"))
        .xlabel("x")
        .ylabel("y")
        .title("ln(1 + f)")
        .colorbar();
    let above = figure.subplot(1, 2, 2);
    above
        .contourf(&x, &y, &z, 10, "")
        .plot([1.0], [1.0], Style::new("r*").markersize(12.0))
        .xlabel("x")
        .title("from above")
        .colorbar();

    for name in ["surface.html", "surface.svg", "surface.png"] {
        figure.save(directory.join(name))?;
        println!("{}", directory.join(name).display());
    }
    let color = std::io::stdout().is_terminal();
    print!("{}", figure.to_terminal(Terminal::columns(100).color(color))?);
    Ok(())
}
