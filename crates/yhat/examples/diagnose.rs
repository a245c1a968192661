//! What a diagnosis says of the course's net of 512 units, and how long it takes.

use std::time::Instant;

use yhat::prelude::*;

fn main() -> yhat::Result<()> {
    let mut rng = RandomState::new(43052);
    let x = Array::linspace(-1.0, 1.0, 100);
    let y = x.mapv(|x| x * if x < 0.0 { 1.0 } else { 3.5 } + rng.normal(0.0, 1.0) * 0.3);

    set_seed(43056);
    let mut net = Sequential::new();
    net.add(Dense::new(512).activation("relu"));
    net.add(Dense::new(1));
    net.compile(Sgd::new(0.1), "mse");
    net.fit(&x, &y, Fit::epochs(1000).batch_size(100))?;
    println!("{}\n", net.diagnose(&x, &y)?);

    let mut times: Vec<f64> = (0..9)
        .map(|_| {
            let started = Instant::now();
            net.diagnose(&x, &y).map(|_| started.elapsed().as_secs_f64() * 1e3)
        })
        .collect::<yhat::Result<_>>()?;
    times.sort_by(f64::total_cmp);
    println!("{:.1} ms (median of {}, from {:.1} to {:.1})", times[4], times.len(), times[0], times[8]);
    Ok(())
}
