//! The paths of four optimizers from one start, on the plane in which they move most.
//!
//!     cargo run --release -p yhat --example landscape [ACTIVATION]

use std::time::Instant;

use yhat::{
    landscape::{Landscape, Plane},
    optimizers::IntoOptimizer,
    prelude::*,
};

fn main() -> yhat::Result<()> {
    let mut rng = RandomState::new(43052);
    let x: Vec<f64> = (0..2000).map(|_| rng.uniform(-1.0, 1.0)).collect();
    let y: Vec<f64> = x.chunks(2).map(|x| (3.0 * x[0]).sin() * x[1] + rng.normal(0.0, 0.1)).collect();
    let (x, y) = (Array::from(x).reshape([1000, 2])?, Array::from(y).reshape([1000, 1])?);

    let activation = std::env::args().nth(1).unwrap_or("relu".to_string());
    set_seed(43053);
    let mut net = Sequential::new();
    net.add(Dense::new(8).activation(&activation[..]));
    net.add(Dense::new(8).activation(&activation[..]));
    net.add(Dense::new(1));
    net.build(2)?;
    let start = net.get_weights()?;

    let optimizers = [
        ("SGD", Sgd::new(0.1).into_optimizer()),
        ("momentum", Sgd::new(0.1).momentum(0.9).into_optimizer()),
        ("RMSprop", RmsProp::new(0.003).into_optimizer()),
        ("Adam", Adam::new(0.01).into_optimizer()),
    ];
    let mut paths = Vec::new();
    for (name, optimizer) in optimizers {
        net.set_weights(&start)?;
        net.compile(optimizer, "mse");
        let mut recorder = Recorder::every(5);
        let clock = Instant::now();
        net.fit(&x, &y, Fit::epochs(500).batch_size(1000).callback(&mut recorder))?;
        println!("{name:9} trained and recorded in {:.1} ms", clock.elapsed().as_secs_f64() * 1e3);
        paths.push((name, recorder.into_path()));
    }

    let plane = Plane::principal(&net, paths.iter().map(|(_, path)| path))?;
    let mut landscape = Landscape::new(plane).size(65, 55);
    for (name, path) in &paths {
        landscape = landscape.path(*name, path);
    }
    let clock = Instant::now();
    let surface = landscape.compute(&net, &x, &y)?;
    println!("{} losses in {:.1} ms", 65 * 55, clock.elapsed().as_secs_f64() * 1e3);
    let [first, second] = surface.shares.unwrap_or_default();
    println!("the plane shows {:.1} % and {:.1} % of the variance of all paths", 100.0 * first, 100.0 * second);
    for track in &surface.tracks {
        let last = track.loss.len() - 1;
        let far = track.distance.iter().fold(0.0f64, |far, d| far.max(*d));
        println!("{:9} ends at a loss of {:.4}; up to {far:.2} off the plane", track.name, track.loss[last]);
    }
    Ok(())
}
