//! Nets that learned by heart, and nets that did not.

use super::*;
use Kind::*;

/// `rows` rows of 30 random inputs; targets are the first of them times `signal`, with noise of deviation 1.
fn wide(seed: u32, rows: usize, signal: f64) -> (Array, Array) {
    let mut rng = RandomState::new(seed);
    let x = Array::from(rng.vec(rows * 30, RandomState::standard_normal)).reshape([rows, 30]).unwrap();
    let y = x.column(0).mapv(|x| signal * x + rng.standard_normal());
    (x, y)
}

#[test]
fn thirty_weights_on_forty_rows_of_noise() {
    let (x, y) = wide(1, 40, 0.0);
    let (x_new, y_new) = wide(2, 200, 0.0);
    let mut net = least_squares(&x, &y);
    net.compile(Sgd::new(0.01), "mse");
    let options = Diagnose::new().held_out(&x_new, &y_new);
    let diagnosis = assert_found_with(&net, &x, &y, options, &[OverFit, Minimum]);
    assert!(evidence(&diagnosis, OverFit, "held_out") > 2.0 * evidence(&diagnosis, OverFit, "train"));
    assert!(evidence(&diagnosis, OverFit, "slope") < 0.5);
    assert!(diagnosis.unknown.is_empty(), "{diagnosis}");
}

#[test]
fn thirty_weights_on_two_thousand_rows() {
    let (x, y) = wide(3, 2000, 1.0);
    let (x_new, y_new) = wide(4, 500, 1.0);
    let net = least_squares(&x, &y);
    assert_found_with(&net, &x, &y, Diagnose::new().held_out(&x_new, &y_new), &[Minimum]);
}

/// Of noise along one input a net needs no other rows to be found out.
#[test]
fn bends_where_there_is_nothing_but_noise() {
    let (x, y) = (points(), noisy(5, 1.0, |_| 0.0));
    // A tooth at every fifth point takes its noise away.
    let at: Vec<usize> = (2..98).step_by(5).collect();
    let (px, py) = (x.to_vec(), y.to_vec());
    let step = px[1] - px[0];
    let mut units = Vec::new();
    for &i in &at {
        for (offset, weight) in [(-1.0, 1.0), (0.0, -2.0), (1.0, 1.0)] {
            units.push([1.0, -(px[i] + offset * step), weight * py[i] / step]);
        }
    }
    let column = |k: usize| units.iter().map(|u| u[k]).collect::<Vec<_>>();
    let n = units.len();
    let mut net = net(
        [dense(n).activation("relu"), dense(1)],
        1,
        vec![
            Array::from(column(0)).reshape([1, n]).unwrap(),
            Array::from(column(1)),
            Array::from(column(2)).reshape([n, 1]).unwrap(),
            Array::zeros(1),
        ],
    );
    net.compile(Sgd::new(1e-12), "mse");
    let diagnosis = assert_found_with(&net, &x, &y, Diagnose::new().fits(0), &[OverFit, StillDescending]);
    assert!(evidence(&diagnosis, OverFit, "p_structure") > 0.05);
}

#[test]
fn what_is_not_given_is_not_claimed() {
    let (x, y) = wide(1, 40, 0.0);
    let mut net = least_squares(&x, &y);
    net.compile(Sgd::new(0.01), "mse");
    let diagnosis = assert_found_with(&net, &x, &y, Diagnose::new().fits(0), &[Minimum]);
    assert_eq!(diagnosis.unknown.iter().map(|f| f.kind).collect::<Vec<_>>(), [UnknownOverFit, UnknownOthers]);
    assert!(diagnosis.findings[0].get("best").is_none());
}
