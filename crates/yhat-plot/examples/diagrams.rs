//! Draws a trained network in three ways, as SVG and for Graphviz.
//!
//! `cargo run -p yhat-plot --example diagrams -- DIR`

use std::{fs, path::PathBuf};

use yhat::prelude::*;
use yhat_plot::diagram::{Diagram, Network};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let directory = PathBuf::from(std::env::args().nth(1).unwrap_or("out/diagrams".into()));
    fs::create_dir_all(&directory)?;

    let x = Array::linspace(-1.0, 1.0, 100);
    let y = x.mapv(|x| x * if x < 0.0 { 1.0 } else { 3.5 });
    set_seed(43053);
    let mut net = Sequential::new();
    net.add(Dense::new(2).activation("relu"));
    net.add(Dense::new(1));
    net.compile(Sgd::new(0.1), "mse");
    net.fit(&x, &y, Fit::epochs(1000).batch_size(100))?;

    let trained = Network::of(&net)?;
    let wide = Network::new(1).dense(512, "relu").dense(1, "linear");
    let deep = Network::new(3).dense(4, "relu").dense(4, "tanh").dense(2, "softmax");
    let views: [(&str, Diagram); 9] = [
        ("nodes", Network::new(1).dense(2, "relu").dense(1, "linear").nodes().diagram()),
        ("weights", trained.nodes().weights(true).diagram()),
        ("wide", wide.nodes().diagram()),
        ("deep", deep.nodes().diagram()),
        ("operations", trained.operations()),
        ("wide_operations", wide.operations()),
        ("logistic", Network::new(1).dense(1, "sigmoid").operations()),
        ("logistic_nodes", Network::new(1).dense(1, "sigmoid").nodes().diagram()),
        ("layers", trained.plot_model()),
    ];
    for (name, diagram) in views {
        fs::write(directory.join(format!("{name}.svg")), diagram.svg())?;
        fs::write(directory.join(format!("{name}.dot")), diagram.dot())?;
        println!("{name}: {}", diagram.description());
    }
    Ok(())
}
