//! Verdicts on some eighty networks whose state is known by construction: each time the whole set of findings, none missing,
//! none false.

use yhat::{Diagnose, Diagnosis, diagnose::Kind, prelude::*};

mod capacity;
mod data;
mod large;
mod over_fit;
mod states;
mod texts;
mod units;

/// 100 points from -1 to 1, none of them 0.
fn points() -> Array {
    Array::linspace(-1.0, 1.0, 100)
}

/// `f` of the points with noise of deviation `noise`.
fn noisy(seed: u32, noise: f64, f: impl Fn(f64) -> f64) -> Array {
    let mut rng = RandomState::new(seed);
    points().mapv(|x| f(x) + rng.normal(0.0, 1.0) * noise)
}

fn dense(units: usize) -> Dense {
    Dense::new(units).with_dtype(DType::F64)
}

/// A net of these layers with these weights.
fn net<L: Into<AnyLayer>>(layers: impl IntoIterator<Item = L>, inputs: usize, weights: Vec<Array>) -> Sequential {
    let mut net = Sequential::from_layers(layers);
    net.build(inputs).unwrap();
    net.set_weights(weights).unwrap();
    net.compile(Sgd::new(0.1), "mse");
    net
}

/// A line with the weights of least squares, in float64.
fn least_squares(x: &Array, y: &Array) -> Sequential {
    let rows = x.shape()[0];
    let columns = x.size() / rows;
    let solution = solved(x, y);
    let kernel = Array::from(solution[..columns].to_vec()).reshape([columns, 1]).unwrap();
    net([dense(1)], columns, vec![kernel, Array::from([solution[columns]])])
}

/// Least squares by the normal equations: a weight for each column and one for 1.
fn solved(x: &Array, y: &Array) -> Vec<f64> {
    let (rows, y) = (x.shape()[0], y.to_vec());
    let columns = x.size() / rows;
    let numbers = x.to_vec();
    let feature = |i: usize, j: usize| if j < columns { numbers[i * columns + j] } else { 1.0 };
    let sum = |f: &dyn Fn(usize) -> f64| (0..rows).map(f).sum::<f64>();
    let n = columns + 1;
    let mut a: Vec<Vec<f64>> = (0..n)
        .map(|j| (0..=n).map(|k| sum(&|i| feature(i, j) * if k < n { feature(i, k) } else { y[i] })).collect())
        .collect();
    for j in 0..n {
        let pivot = (j..n).max_by(|&p, &q| a[p][j].abs().total_cmp(&a[q][j].abs())).unwrap();
        a.swap(j, pivot);
        for i in 0..n {
            if i != j {
                let factor = a[i][j] / a[j][j];
                (0..=n).for_each(|k| a[i][k] -= factor * a[j][k]);
            }
        }
    }
    (0..n).map(|j| a[j][n] / a[j][j]).collect()
}

#[track_caller]
fn assert_found(net: &Sequential, x: &Array, y: &Array, expected: &[Kind]) -> Diagnosis {
    assert_found_with(net, x, y, Diagnose::new(), expected)
}

#[track_caller]
fn assert_found_with(net: &Sequential, x: &Array, y: &Array, options: Diagnose, expected: &[Kind]) -> Diagnosis {
    let before = (net.get_weights().unwrap(), yhat_tensor::random::tf::op_seeds());
    let diagnosis = net.diagnose_with(x, y, options).unwrap();
    assert_eq!(diagnosis.kinds(), expected, "\n{diagnosis}");
    // Looking changes nothing, and gives the same a second time.
    let same = |a: &[Array], b: &[Array]| a.iter().zip(b).all(|(a, b)| format!("{a:?}") == format!("{b:?}"));
    assert!(same(&net.get_weights().unwrap(), &before.0) && yhat_tensor::random::tf::op_seeds() == before.1);
    diagnosis
}

fn evidence(diagnosis: &Diagnosis, kind: Kind, name: &str) -> f64 {
    diagnosis.get(kind).and_then(|finding| finding.number(name)).unwrap_or_else(|| panic!("no {name} in\n{diagnosis}"))
}
