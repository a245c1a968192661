//! The limit as a side: what the hand-written loops of [`crate::hand`] take, or the machine's peak where a work is matrix
//! products, or the same net of the library's own parts where a work is about a user's.

use std::{hint::black_box, thread, time::Instant};

use crate::{
    data::{self, Data},
    hand::{self, Wide},
    machine::{cores, on_all_cores},
    ours::{self, Parts},
    side::{Job, Result, Run, Side},
    works::{Kind, Training, Work},
};

/// The hand-written loops.
pub struct Limit {
    /// Floating-point operations a second on all cores.
    pub peak: f64,
}

impl Side for Limit {
    fn name(&self) -> &str {
        "limit"
    }

    fn ready<'a>(&'a mut self, work: &Work) -> Result<Option<Job<'a>>> {
        Ok(match work.kind.clone() {
            Kind::Train { net } => match work.name {
                "w1" => Some(line2(net)?),
                "w2" => Some(line512(net)?),
                "w3" => Some(logistic(net)?),
                _ => Some(self.at_peak(products(&net) * (net.epochs * net.data.rows()) as f64)),
            },
            Kind::Own { net } => Some(ours::trained(net, Parts::Library)),
            Kind::Surfaces { samples, double: true } => Some(surfaces::<f64>(samples, hand::surface_f64)),
            Kind::Surfaces { samples, double: false } => Some(surfaces::<f32>(samples, hand::surface_f32)),
            Kind::Seeds { net, seeds } => Some(seeds_in_lanes(net, seeds)?),
            Kind::Predict { net, rows: 1, calls } => Some(row(net, calls)?),
            Kind::Predict { net, rows, .. } => Some(self.at_peak(multiplications(&net) * 2.0 * rows as f64)),
            Kind::Plan { .. } | Kind::Start { .. } | Kind::Lecture => None,
            Kind::Landscape { .. } | Kind::Diagnose { .. } => None,
            Kind::Sweep { net, seeds } => Some(seeds_in_lanes(net, seeds)?),
        })
    }
}

impl Limit {
    /// So many operations at the machine's peak.
    fn at_peak(&self, operations: f64) -> Job<'static> {
        let seconds = operations / self.peak;
        Box::new(move || Ok(Run { seconds, result: f64::NAN }))
    }
}

/// Multiplications of one row with the weights.
fn multiplications(net: &Training) -> f64 {
    let inputs = std::iter::once(net.data.features()).chain(net.units.iter().copied());
    inputs.zip(&net.units).map(|(inputs, units)| (inputs * units) as f64).sum()
}

/// Operations that training does in matrix products for one row: forward, the weights' gradients, and the outputs'
/// gradients, of which the data need none.
pub fn products(net: &Training) -> f64 {
    2.0 * (3.0 * multiplications(net) - (net.data.features() * net.units[0]) as f64)
}

/// Initial weights, in the order of kernels and biases.
fn weights(net: &Training) -> Result<Vec<Vec<f32>>> {
    let arrays = ours::initial_weights(net)?;
    Ok(arrays.iter().map(|a| a.elements().expect("float32").to_vec()).collect())
}

fn columns(net: &Training) -> (Vec<f32>, Vec<f32>) {
    let Data { x, y } = net.data.make();
    (x.elements().expect("float32").to_vec(), y.elements().expect("float32").to_vec())
}

/// A training by `epochs(start, n)`, which trains for n epochs and returns the last loss: those that do not count, those
/// that do.
fn timed<P>(net: &Training, p: &mut P, mut epochs: impl FnMut(&mut P, usize) -> f32) -> Run {
    epochs(p, net.warm);
    let clock = Instant::now();
    let result = f64::from(epochs(p, net.epochs));
    Run { seconds: clock.elapsed().as_secs_f64(), result }
}

fn line2(net: Training) -> Result<Job<'static>> {
    let (x, y) = columns(&net);
    let start = parameters(&net)?;
    let rate = net.rate as f32;
    Ok(Box::new(move || Ok(timed(&net, &mut start.clone(), |p, epochs| hand::line2(&x, &y, p, rate, epochs)))))
}

/// The seven parameters of a 1-2-1 net.
fn parameters(net: &Training) -> Result<[f32; 7]> {
    let all = weights(net)?.concat();
    Ok(all.try_into().map_err(|_| "seven parameters")?)
}

fn line512(net: Training) -> Result<Job<'static>> {
    let (x, y) = columns(&net);
    let start = weights(&net)?;
    let rate = net.rate as f32;
    Ok(Box::new(move || {
        let [w1, b1, w2] = [0, 1, 2].map(|i| start[i].clone());
        let mut p = Wide { w1, b1, w2, b2: start[3][0] };
        Ok(timed(&net, &mut p, |p, epochs| hand::line512(&x, &y, p, rate, epochs)))
    }))
}

fn logistic(net: Training) -> Result<Job<'static>> {
    let (x, y) = columns(&net);
    let start = weights(&net)?;
    let rate = net.rate as f32;
    Ok(Box::new(move || {
        let mut p = [start[0][0], start[1][0]];
        Ok(timed(&net, &mut p, |p, epochs| hand::logistic(&x, &y, p, rate, epochs)))
    }))
}

/// A kernel for both surfaces: samples, points of the plane, results.
type Surface<T> = fn(&[T], &[T], &[T], &[T], &mut [T], &mut [T]);

/// The plane divided among the cores.
fn surfaces<T: Number>(samples: usize, kernel: Surface<T>) -> Job<'static> {
    let all = |v: Vec<f64>| v.into_iter().map(T::of).collect::<Vec<T>>();
    let ((x, y), (w0, w1)) = (data::surface_samples(samples), data::grid());
    let (x, y, w0, w1) = (all(x), all(y), all(w0), all(w1));
    Box::new(move || {
        let clock = Instant::now();
        let (mut mse, mut bce) = (vec![T::of(0.0); w0.len()], vec![T::of(0.0); w0.len()]);
        let part = w0.len().div_ceil(cores());
        thread::scope(|scope| {
            let inputs = w0.chunks(part).zip(w1.chunks(part));
            for ((w0, w1), (mse, bce)) in inputs.zip(mse.chunks_mut(part).zip(bce.chunks_mut(part))) {
                let (x, y) = (&x, &y);
                scope.spawn(move || kernel(x, y, w0, w1, mse, bce));
            }
        });
        let seconds = clock.elapsed().as_secs_f64();
        Ok(Run { seconds, result: mse.iter().chain(&bce).map(|x| (*x).into()).sum() })
    })
}

/// float32 and float64.
trait Number: Copy + Into<f64> + Send + Sync + 'static {
    fn of(x: f64) -> Self;
}
impl Number for f32 {
    fn of(x: f64) -> f32 {
        x as f32
    }
}
impl Number for f64 {
    fn of(x: f64) -> f64 {
        x
    }
}

/// Sixteen seeds in the lanes of a vector, the groups divided among the cores.
fn seeds_in_lanes(net: Training, seeds: usize) -> Result<Job<'static>> {
    let (x, y) = columns(&net);
    let all: Vec<[f32; 7]> =
        (0..seeds).map(|seed| parameters(&Training { seed: seed as i64, ..net.clone() })).collect::<Result<_>>()?;
    let group = |group: &[[f32; 7]]| {
        let mut p = [[0.0; 16]; 7];
        group.iter().enumerate().for_each(|(lane, seed)| (0..7).for_each(|i| p[i][lane] = seed[i]));
        p
    };
    let groups: Vec<_> = all.chunks(16).map(|seeds| (group(seeds), seeds.len())).collect();
    let rate = net.rate as f32;
    Ok(Box::new(move || {
        let clock = Instant::now();
        let one =
            |(p, seeds): &([[f32; 16]; 7], usize)| hand::seeds16(&x, &y, &mut p.clone(), rate, net.epochs, *seeds);
        let sums = on_all_cores(|core, cores| groups.iter().skip(core).step_by(cores).map(one).sum::<f64>());
        let sum: f64 = sums.iter().sum();
        Ok(Run { seconds: clock.elapsed().as_secs_f64(), result: sum / seeds as f64 })
    }))
}

/// One row through w5's net on one core.
fn row(net: Training, calls: usize) -> Result<Job<'static>> {
    let x = net.data.make().x.rows(0, 1).elements::<f32>().expect("float32").to_vec();
    let weights = weights(&net)?;
    let layers: Vec<_> = weights.chunks(2).map(|pair| (pair[0].clone(), pair[1].clone())).collect();
    let mut values: Vec<Vec<f32>> = layers.iter().map(|(_, bias)| vec![0.0; bias.len()]).collect();
    Ok(Box::new(move || {
        let clock = Instant::now();
        for _ in 0..calls {
            for (i, (kernel, bias)) in layers.iter().enumerate() {
                let (before, after) = values.split_at_mut(i);
                let input = before.last().unwrap_or(&x);
                hand::row_layer(input, kernel, bias, i + 1 < layers.len(), &mut after[0]);
            }
            softmax(black_box(&mut values[layers.len() - 1]));
        }
        let seconds = clock.elapsed().as_secs_f64();
        let output = &values[layers.len() - 1];
        Ok(Run { seconds, result: output.iter().map(|p| f64::from(*p).powi(2)).sum() })
    }))
}

fn softmax(z: &mut [f32]) {
    let largest = z.iter().fold(f32::NEG_INFINITY, |a, b| a.max(*b));
    z.iter_mut().for_each(|z| *z = (*z - largest).exp());
    let sum: f32 = z.iter().sum();
    z.iter_mut().for_each(|z| *z /= sum);
}
