//! How cost grows: the lecture's net with more points, more nodes, more layers.

use std::time::Instant;

use serde::Serialize;

use crate::{
    ours::{self, Parts},
    side::Result,
    svg::{Line, Panel},
    table::duration,
    works::{Training, line},
};

/// One way to grow.
#[derive(Serialize)]
pub struct Growth {
    pub what: &'static str,
    pub sizes: Vec<Size>,
}

/// What a net of one size takes.
#[derive(Serialize)]
pub struct Size {
    pub size: usize,
    /// Seconds from `compile` to the end of the first epoch.
    pub first: f64,
    /// Seconds of any later one.
    pub epoch: f64,
}

/// An epoch is measured in fits of at least so many seconds and epochs.
const ENOUGH: (f64, usize) = (0.05, 8);

/// All three ways, each printed as it is measured.
pub fn all() -> Result<Vec<Growth>> {
    println!("\n{:24} {:>10} {:>12} {:>12}", "how cost grows", "size", "first epoch", "epoch");
    let powers = |base: usize, to: u32| (0..=to).map(move |k| base.pow(k));
    Ok(vec![
        grown("points", powers(10, 7).skip(1), |n| line("", 2, n, 43053))?,
        grown("hidden nodes", powers(4, 8), |n| line("", n, 100, 43056))?,
        grown("layers", [1, 2, 3, 5, 10, 20, 50, 100, 200], |n| Training {
            units: [vec![2; n - 1], vec![1]].concat(),
            ..line("", 2, 100, 43053)
        })?,
    ])
}

fn grown(
    what: &'static str,
    sizes: impl IntoIterator<Item = usize>,
    net: impl Fn(usize) -> Training,
) -> Result<Growth> {
    let mut growth = Growth { what, sizes: Vec::new() };
    for size in sizes {
        let (first, epoch) = measured(&net(size))?;
        println!("{what:24} {size:>10} {:>12} {:>12}", duration(first), duration(epoch));
        growth.sizes.push(Size { size, first, epoch });
    }
    Ok(growth)
}

/// The first epoch and the fastest of three times many later ones.
fn measured(spec: &Training) -> Result<(f64, f64)> {
    let data = spec.data.make();
    let clock = Instant::now();
    let mut net = ours::compiled(spec, Parts::Library)?;
    ours::fit(&mut net, spec, &data, 0, 1)?;
    let first = clock.elapsed().as_secs_f64();
    let mut epochs = 1;
    loop {
        let fit = |net: &mut _| -> Result<f64> { Ok(ours::fit(net, spec, &data, 0, epochs)?.seconds) };
        if fit(&mut net)? >= ENOUGH.0 && epochs >= ENOUGH.1 {
            let tries = [fit(&mut net)?, fit(&mut net)?, fit(&mut net)?];
            return Ok((first, tries.into_iter().fold(f64::INFINITY, f64::min) / epochs as f64));
        }
        epochs *= 2;
    }
}

/// The picture's panels.
pub fn panels(all: &[Growth]) -> Vec<Panel> {
    let line = |growth: &Growth, label, seconds: fn(&Size) -> f64| {
        let points = growth.sizes.iter().map(|s| (s.size as f64, seconds(s))).collect();
        Line { label, points }
    };
    let panel = |g: &Growth| Panel {
        title: g.what,
        lines: vec![line(g, "first epoch, plan included", |s| s.first), line(g, "epoch", |s| s.epoch)],
    };
    all.iter().map(panel).collect()
}
