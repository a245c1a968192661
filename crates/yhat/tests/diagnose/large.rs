//! Nets that are too large for all eigenvalues, or for any.

use super::*;
use Kind::*;

/// `rows` rows of random inputs, and targets that are a random line in them, with noise.
fn wide(rows: usize, inputs: usize) -> (Array, Array) {
    let mut rng = RandomState::new(4);
    let x = Array::from(rng.vec(rows * inputs, RandomState::standard_normal)).reshape([rows, inputs]).unwrap();
    let weights = rng.vec(inputs, RandomState::standard_normal);
    let mut line = |row: &[f64]| row.iter().zip(&weights).map(|(x, w)| x * w).sum::<f64>() + rng.normal(0.0, 0.5);
    let y = x.to_vec().chunks(inputs).map(&mut line).collect::<Vec<_>>();
    (x, Array::from(y))
}

/// The Hessian of a line is `2 X'X / n` with a column of ones in X; its highest eigenvalue is found here by powers.
fn highest(x: &Array) -> f64 {
    let (rows, inputs) = (x.shape()[0], x.shape()[1]);
    let numbers = x.to_vec();
    let rows_with_one: Vec<Vec<f64>> = numbers.chunks(inputs).map(|row| [row, &[1.0]].concat()).collect();
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    let (mut v, mut value) = (vec![1.0; inputs + 1], 0.0);
    for _ in 0..600 {
        let mut next = vec![0.0; inputs + 1];
        for row in &rows_with_one {
            let along = 2.0 * dot(row, &v) / rows as f64;
            next.iter_mut().zip(row).for_each(|(n, x)| *n += along * x);
        }
        value = dot(&next, &next).sqrt();
        v = next.iter().map(|x| x / value).collect();
    }
    value
}

/// 161 weights: Lanczos's method, and no claim to have proved what it can't.
#[test]
fn a_minimum_that_lanczos_looked_at() {
    let (x, y) = wide(600, 160);
    let diagnosis = assert_found(&least_squares(&x, &y), &x, &y, &[Minimum]);
    let of = |name| evidence(&diagnosis, Minimum, name);
    assert!((of("highest") / highest(&x) - 1.0).abs() < 1e-6, "{diagnosis}");
    assert!(of("products") <= 96.0 && of("lowest") > 0.0);
    assert!(diagnosis.get(Minimum).unwrap().get("parameters").is_none(), "not all eigenvalues were computed");
    assert!(diagnosis.to_string().replace("\n  ", " ").contains("no proof that there is none"), "{diagnosis}");
}

/// Just above and just below what the highest of 161 eigenvalues allows.
#[test]
fn learning_rates_on_both_sides_of_lanczoss_bound() {
    let (x, y) = wide(600, 160);
    let mut net = least_squares(&x, &y);
    let allowed = 2.0 / highest(&x);
    net.compile(Sgd::new(0.999 * allowed), "mse");
    assert_found(&net, &x, &y, &[Minimum]);
    net.compile(Sgd::new(1.001 * allowed), "mse");
    let diagnosis = assert_found(&net, &x, &y, &[LearningRateTooHigh, Minimum]);
    assert!((evidence(&diagnosis, LearningRateTooHigh, "allowed") / allowed - 1.0).abs() < 1e-6);
}

/// 428,401 weights on 1,000 rows: neither curvature nor other seeds, and it says so.
#[test]
fn what_takes_too_long_is_not_claimed() {
    let (x, _) = wide(1000, 100);
    set_seed(1);
    let layers = [Dense::new(4200).activation("softplus"), Dense::new(1)];
    let mut net = Sequential::from_layers(layers);
    net.compile(Sgd::new(1e-4), "mse");
    net.build(100).unwrap();
    let y = net.predict(&x).unwrap();
    let diagnosis = assert_found(&net, &x, &y, &[StandingStill]);
    let unknown: Vec<Kind> = diagnosis.unknown.iter().map(|f| f.kind).collect();
    assert_eq!(unknown, [UnknownOverFit, UnknownCurvature, UnknownOthers]);
    for name in ["lowest", "highest", "best", "fits"] {
        assert!(diagnosis.findings[0].get(name).is_none(), "{diagnosis}");
    }
}
