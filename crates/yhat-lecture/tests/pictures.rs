//! Pictures of a landscape and of a sweep.

use yhat::{
    landscape::{Landscape, Plane},
    prelude::*,
    sweep::{Criterion, Sweep},
};
use yhat_lecture::{chapters::data::regression, pictures};

fn net(optimizer: &str) -> Sequential {
    let mut net = Sequential::from_layers([Dense::new(8).activation(tanh), Dense::new(1)]);
    net.compile(optimizer, "mse");
    net
}

#[test]
fn paths_on_a_landscape() {
    let (x, y) = regression();
    set_seed(1);
    let mut net = net("sgd");
    net.build(1).unwrap();
    let start = net.get_weights().unwrap();
    let mut paths = Vec::new();
    for (name, rate) in [("sgd", 0.1), ("rmsprop", 0.01), ("adam", 0.01)] {
        net.set_weights(start.clone()).unwrap();
        net.compile(name, "mse");
        net.set_learning_rate(rate).unwrap();
        let mut recorder = Recorder::every(5);
        net.fit(&x, &y, Fit::epochs(400).batch_size(100).callback(&mut recorder)).unwrap();
        paths.push((name, recorder.into_path()));
    }
    let plane = Plane::principal(&net, paths.iter().map(|(_, path)| path)).unwrap();
    let mut landscape = Landscape::new(plane);
    for (name, path) in &paths {
        landscape = landscape.path(*name, path);
    }
    let surface = landscape.compute(&net, &x, &y).unwrap();
    let svg = pictures::landscape(&surface).to_svg().unwrap();
    std::fs::write(std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("landscape.svg"), &svg).unwrap();
    for word in ["rmsprop", "adam", "marks grow with the distance", "principal direction 2 (", "log10 of the loss"] {
        assert!(svg.contains(word), "{word}");
    }
    let animation = pictures::landscape_animation(&surface, 20);
    assert_eq!(animation.frames(), 20);
    let frame = |i: usize| animation.frame(i).unwrap().to_svg().unwrap();
    assert_ne!(frame(0), frame(10));
    assert_eq!(frame(19), svg);
    assert!(animation.to_page().unwrap().contains("adam"));
}

#[test]
fn a_sweep_and_its_curves() {
    let (x, y) = regression();
    let mut sweep = Sweep::new(0..30, || Fit::epochs(200).batch_size(100));
    for optimizer in ["sgd", "adam"] {
        sweep.add(&[("optimizer", &optimizer)], move || net(optimizer));
    }
    let swept = sweep.run(&x, &y).unwrap();
    let svg = pictures::sweep(&swept, Criterion::within(1.5)).to_svg().unwrap();
    for word in ["optimizer=sgd: ", "optimizer=adam", "share of the seeds", "at most 1.5 times the best"] {
        assert!(svg.contains(word), "{word}");
    }
}

/// For a layer of any width: an area for each unit, or for a group of them, and every kink.
#[test]
fn an_output_and_its_parts() {
    let (x, y) = regression();
    for (units, areas) in [(2, 2), (3, 3), (512, 16)] {
        set_seed(43056);
        let mut net = Sequential::from_layers([Dense::new(units).activation("relu"), Dense::new(1)]);
        net.compile(Sgd::new(0.1), "mse");
        net.fit(&x, &y, Fit::epochs(300).batch_size(100)).unwrap();
        let parts = net.decomposition(&x).unwrap();
        let svg = pictures::decomposition(&parts).to_svg().unwrap();
        std::fs::write(std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("parts{units}.svg")), &svg)
            .unwrap();
        assert!(svg.contains("all together") && svg.contains("stacked"));
        assert_eq!(svg.contains("unit 0"), units <= 16);
        assert_eq!(svg.matches(" opacity=\".5\"").count(), areas, "{units}");
    }
}
