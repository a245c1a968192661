//! The works' data: arrays by their recipes, always the same.

use yhat::{Array, random::RandomState};
use yhat_tensor::{DType, random::Mt19937};

use crate::works::{Dataset, Training};

/// What all data are drawn from.
const SEED: u32 = 43052;

/// Rows and what is wanted for them.
#[derive(Clone)]
pub struct Data {
    pub x: Array,
    pub y: Array,
}

impl Dataset {
    /// Features and targets as float32 matrices; the numbers of classes as integers, one a row.
    pub fn make(&self) -> Data {
        let mut rng = RandomState::new(SEED);
        match *self {
            Dataset::Line { rows } => line(&mut rng, rows),
            Dataset::Coins { rows } => coins(&mut rng, rows),
            Dataset::Classes { rows, features, classes } => teacher(&mut rng, rows, features, classes),
            Dataset::Smooth { rows, features } => smooth(&mut rng, rows, features),
        }
    }
}

fn line(rng: &mut RandomState, rows: usize) -> Data {
    let x = Array::linspace(-1.0, 1.0, rows);
    let y = x.mapv(|x| x * if x < 0.0 { 1.0 } else { 3.5 } + rng.normal(0.0, 1.0) * 0.3);
    columns(x, y)
}

fn coins(rng: &mut RandomState, rows: usize) -> Data {
    let x = Array::linspace(-1.0, 1.0, rows);
    let y = x.mapv(|x| rng.binomial(1, 1.0 / (1.0 + (1.0 - 5.0 * x).exp())) as f64);
    columns(x, y)
}

fn columns(x: Array, y: Array) -> Data {
    let column = |a: Array| a.cast(DType::F32).reshape([a.size(), 1]).expect("a column of all elements");
    Data { x: column(x), y: column(y) }
}

fn teacher(rng: &mut RandomState, rows: usize, features: usize, classes: usize) -> Data {
    let x: Vec<f32> = rng.vec(rows * features, |r| r.random_sample() as f32);
    let teacher = rng.vec(features * classes, |r| r.normal(0.0, 1.0));
    let class_of = |row: &[f32]| {
        let score = |c: usize| -> f64 {
            row.iter().enumerate().map(|(i, x)| (f64::from(*x) - 0.5) * teacher[i * classes + c]).sum()
        };
        let scores: Vec<f64> = (0..classes).map(score).collect();
        (0..classes).max_by(|a, b| scores[*a].total_cmp(&scores[*b])).unwrap_or(0) as i64
    };
    let y: Vec<i64> = x.chunks(features).map(class_of).collect();
    Data { x: matrix(rows, features, x), y: Array::from(y) }
}

fn smooth(rng: &mut RandomState, rows: usize, features: usize) -> Data {
    let x: Vec<f32> = rng.vec(rows * features, |r| r.normal(0.0, 1.0) as f32);
    let target = |row: &[f32]| {
        let further = |j: usize| row.get(j).copied().unwrap_or(0.0);
        (row[0] * row[1]).sin() + 0.3 * further(2) * further(2) - 0.5 * further(3)
    };
    let y = x.chunks(features).map(target).collect();
    Data { x: matrix(rows, features, x), y: matrix(rows, 1, y) }
}

fn matrix(rows: usize, columns: usize, elements: Vec<f32>) -> Array {
    Array::new([rows, columns], elements).expect("rows times columns elements")
}

/// The lecture's plane of parameters: all pairs of w0 and w1, float64.
pub fn grid() -> (Vec<f64>, Vec<f64>) {
    let (w0, w1) = (Array::arange(-10.0, 3.0, 0.2).to_vec(), Array::arange(-1.0, 10.0, 0.2).to_vec());
    let pairs = w0.iter().flat_map(|a| w1.iter().map(|b| (*a, *b)));
    pairs.unzip()
}

/// The samples that the surfaces are about, float64: x, and 0 or 1.
pub fn surface_samples(samples: usize) -> (Vec<f64>, Vec<f64>) {
    (Array::linspace(-1.0, 1.0, samples).to_vec(), Dataset::Coins { rows: samples }.make().y.to_vec())
}

/// The orders of the rows, one an epoch, in which `Fit` takes them if its `shuffle_seed` is 0, as it documents: a
/// function of that number and of the epochs trained before.
pub fn orders(net: &Training) -> Vec<Vec<usize>> {
    let order = |epoch: usize| {
        let mut order: Vec<usize> = (0..net.data.rows()).collect();
        let words = [0, 0, epoch as u32, 0];
        RandomState::from_parts(Mt19937::from_words(&words), None).shuffle(&mut order);
        order
    };
    (0..net.warm + net.epochs).map(order).collect()
}
