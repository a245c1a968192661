//! Minima, saddles, plateaus, slopes and explosions.

use super::*;
use Kind::*;

/// A line on points of a line with noise, at its exact minimum, with a learning rate.
fn line(learning_rate: f64) -> (Sequential, Array, Array) {
    let (x, y) = (points(), noisy(3, 0.3, |x| 2.0 * x + 1.0));
    let mut net = least_squares(&x, &y);
    net.compile(Sgd::new(learning_rate), "mse");
    (net, x, y)
}

/// The loss's curvatures are those of its two numbers: 2 along the bias, 2 mean(x^2) along the slope.
fn mean_square(x: &Array) -> f64 {
    x.to_vec().iter().map(|x| x * x).sum::<f64>() / x.size() as f64
}

#[test]
fn exact_minimum() {
    let (net, x, y) = line(0.1);
    let diagnosis = assert_found(&net, &x, &y, &[Minimum]);
    let of = |name| evidence(&diagnosis, Minimum, name);
    assert!(of("gradient") < 1e-14);
    assert!((of("highest") - 2.0).abs() < 1e-12 && (of("lowest") - 2.0 * mean_square(&x)).abs() < 1e-12);
    assert_eq!((of("parameters"), of("flat"), of("fits"), of("better")), (2.0, 0.0, 20.0, 0.0));
    assert!((of("best") / of("loss") - 1.0).abs() < 1e-6);
}

#[test]
fn exact_minimum_in_float32() {
    let (wide, x, y) = line(0.1);
    let net = net([Dense::new(1)], 1, wide.get_weights().unwrap());
    assert_found(&net, &x, &y, &[Minimum]);
}

#[test]
fn no_structure_is_found_where_there_is_none() {
    for seed in 10..20 {
        let (x, y) = (points(), noisy(seed, 0.3, |x| 2.0 * x + 1.0));
        assert_found(&least_squares(&x, &y), &x, &y, &[Minimum]);
    }
}

#[test]
fn learning_rates_just_below_and_just_above_what_curvature_allows() {
    let (net, x, y) = line(0.999);
    assert_found(&net, &x, &y, &[Minimum]);
    let (net, x, y) = line(1.001);
    let diagnosis = assert_found(&net, &x, &y, &[LearningRateTooHigh, Minimum]);
    assert!((evidence(&diagnosis, LearningRateTooHigh, "allowed") - 1.0).abs() < 1e-12);
    assert!((evidence(&diagnosis, LearningRateTooHigh, "growth") - 1.002).abs() < 1e-12);
}

#[test]
fn momentum_allows_more() {
    for (sgd, expected) in [
        (Sgd::new(1.85).momentum(0.9), &[Minimum][..]),
        (Sgd::new(1.95).momentum(0.9), &[LearningRateTooHigh, Minimum]),
        (Sgd::new(0.67).momentum(0.9).nesterov(true), &[Minimum]),
        (Sgd::new(0.69).momentum(0.9).nesterov(true), &[LearningRateTooHigh, Minimum]),
    ] {
        let (mut net, x, y) = line(0.1);
        net.compile(sgd, "mse");
        assert_found(&net, &x, &y, expected);
    }
}

/// What the bound says is what training does: from beside the minimum, the loss falls below it and grows above it.
#[test]
fn momentum_does_what_the_bound_says() {
    for (sgd, falls) in [
        (Sgd::new(0.99), true),
        (Sgd::new(1.01), false),
        (Sgd::new(1.88).momentum(0.9), true),
        (Sgd::new(1.92).momentum(0.9), false),
        (Sgd::new(0.67).momentum(0.9).nesterov(true), true),
        (Sgd::new(0.69).momentum(0.9).nesterov(true), false),
    ] {
        let (mut net, x, y) = line(0.1);
        let best = net.evaluate_with(&x, &y, 100).unwrap()["loss"];
        let weights = net.get_weights().unwrap();
        net.set_weights([weights[0].clone(), weights[1].mapv(|b| b + 0.1)]).unwrap();
        net.compile(sgd, "mse");
        let history = net.fit(&x, &y, Fit::epochs(2000).batch_size(100)).unwrap();
        let ends = history.last("loss") - best;
        assert!(if falls { ends < 0.01 } else { ends.is_nan() || ends > 0.01 }, "{ends}");
    }
}

#[test]
fn far_too_large_a_rate_explodes() {
    let (net, x, y) = line(3.0);
    let weights = net.get_weights().unwrap();
    net.set_weights([weights[0].clone(), weights[1].mapv(|b| b + 0.1)]).unwrap();
    let diagnosis = assert_found(&net, &x, &y, &[Exploding]);
    assert!((evidence(&diagnosis, Exploding, "allowed") - 1.0).abs() < 1e-12);
    assert!(evidence(&diagnosis, Exploding, "loss_after") > 100.0);
}

/// `w2 w1 x` from a large w1 and w2 = 0: the slope is along w2 alone, as steep as w1 is large.
#[test]
fn the_layer_that_explodes_first_is_named() {
    let (x, y) = (points(), points());
    let layers = [dense(1).use_bias(false).named("first"), dense(1).use_bias(false).named("last")];
    let mut net = net(layers, 1, vec![Array::from([[50.0]]), Array::from([[0.0]])]);
    net.compile(Sgd::new(0.01), "mse");
    let diagnosis = assert_found(&net, &x, &y, &[Exploding, IdleUnits]);
    assert_eq!(diagnosis.get(Exploding).unwrap().get("layer").unwrap().to_string(), "last");
    // d2/dw2^2 mean((y - w2 w1 x)^2) = 2 w1^2 mean(x^2); the other direction is flat but for the mixed term.
    let (m, w) = (mean_square(&x), 50.0);
    let highest = w * w * m + ((w * w * m).powi(2) + 4.0 * m * m).sqrt();
    assert!((evidence(&diagnosis, Exploding, "curvature") / highest - 1.0).abs() < 1e-12, "{diagnosis}");
    assert!((evidence(&diagnosis, Exploding, "allowed") - 2.0 / highest).abs() < 1e-12);
}

#[test]
fn weights_that_are_not_finite() {
    let (x, y) = (points(), noisy(3, 0.3, |x| 2.0 * x + 1.0));
    set_seed(1);
    let mut net =
        Sequential::from_layers([Dense::new(4).named("first").activation("relu"), Dense::new(1).named("last")]);
    net.compile(Sgd::new(50.0), "mse");
    net.fit(&x, &y, Fit::epochs(500).batch_size(100)).unwrap();
    let diagnosis = assert_found(&net, &x, &y, &[Diverged]);
    let found = diagnosis.get(Diverged).unwrap();
    assert_eq!(diagnosis.unknown[0].kind, UnknownRest);
    let (allowed, curvature) = (found.number("allowed").unwrap(), found.number("curvature").unwrap());
    assert!((allowed * curvature - 2.0).abs() < 1e-9 && allowed < 50.0);
    assert!(found.number("steps").unwrap() < 20.0 && found.get("replayed_layer").is_some());
}

#[test]
fn a_loss_that_is_not_finite() {
    let (x, y) = (points(), points().mapv(|x| f64::from(u8::from(x > 0.0))));
    let mut net = net([dense(1).activation("sigmoid")], 1, vec![Array::from([[2000.0]]), Array::from([0.0])]);
    net.compile(Sgd::new(0.1), |y: &Tensor, p: &Tensor| -(y * p.ln() + (1.0 - y) * (1.0 - p).ln()).mean());
    assert_found(&net, &x, &y, &[Diverged]);
}

/// What was left when it was looked at is not final, so nothing is said of what the net could do.
#[test]
fn whether_it_is_too_simple_is_not_said_on_the_way() {
    let (x, y) = (points(), noisy(4, 0.2, |x| x * if x < 0.0 { 1.0 } else { 3.5 }));
    let net = net([dense(1)], 1, vec![Array::from([[0.0]]), Array::from([0.0])]);
    let diagnosis = assert_found(&net, &x, &y, &[StillDescending]);
    assert_eq!(diagnosis.unknown.iter().map(|f| f.kind).collect::<Vec<_>>(), [UnknownOverFit, UnknownCapacity]);
}

#[test]
fn still_descending() {
    let (x, y) = (points(), noisy(3, 0.3, |x| 2.0 * x + 1.0));
    let net = net([dense(1)], 1, vec![Array::from([[0.0]]), Array::from([0.0])]);
    let diagnosis = assert_found(&net, &x, &y, &[StillDescending]);
    assert!(evidence(&diagnosis, StillDescending, "loss_after") < 0.2);
    assert!((evidence(&diagnosis, StillDescending, "allowed") - 1.0).abs() < 1e-12);
}

#[test]
fn a_rate_so_small_that_nothing_moves_is_no_minimum() {
    let (x, y) = (points(), noisy(3, 0.3, |x| 2.0 * x + 1.0));
    let mut net = net([dense(1)], 1, vec![Array::from([[0.0]]), Array::from([0.0])]);
    net.compile(Sgd::new(1e-9), "mse");
    let diagnosis = assert_found(&net, &x, &y, &[StillDescending]);
    assert!(evidence(&diagnosis, StillDescending, "loss_line") < 0.7 * evidence(&diagnosis, StillDescending, "loss"));
}

/// `w2 w1 x` at 0: the loss is mean((y - w1 w2 x)^2), its Hessian there [[0, -2 m], [-2 m, 0]] with m = mean(x y).
#[test]
fn strict_saddle() {
    let (x, y) = (points(), points().mapv(|x| 1.5 * x));
    let layers = [dense(1).use_bias(false), dense(1).use_bias(false)];
    let net = net(layers, 1, vec![Array::from([[0.0]]), Array::from([[0.0]])]);
    let diagnosis = assert_found(&net, &x, &y, &[Saddle, WorseMinimum, IdleUnits]);
    let m = 1.5 * mean_square(&x);
    assert!((evidence(&diagnosis, Saddle, "lowest") + 2.0 * m).abs() < 1e-12);
    assert!(evidence(&diagnosis, Saddle, "loss_along") < evidence(&diagnosis, Saddle, "loss"));
}

#[test]
fn a_net_of_zeros_is_at_a_saddle() {
    let (x, y) = (points(), points());
    let zeros = vec![Array::zeros([1, 2]), Array::zeros(2), Array::zeros([2, 1]), Array::zeros(1)];
    let net = net([dense(2).activation("tanh"), dense(1)], 1, zeros);
    let diagnosis = assert_found(&net, &x, &y, &[Saddle, WorseMinimum, IdleUnits]);
    assert_eq!(evidence(&diagnosis, IdleUnits, "count"), 2.0);
}

/// The seed that is named can be played back: the same net from there, all rows in a batch, ends where it was said to.
#[test]
fn better_seeds_can_be_replayed() {
    let (x, y) = (points(), noisy(4, 0.2, |x| x * if x < 0.0 { 1.0 } else { 3.5 }));
    let made = |seed: i64| {
        set_seed(seed);
        let mut net = Sequential::from_layers([Dense::new(2).activation("relu"), Dense::new(1)]);
        net.compile(Sgd::new(0.1), "mse");
        net.build(1).unwrap();
        net
    };
    let net = made(0);
    net.set_weights(net.get_weights().unwrap().iter().map(|w| w.mapv(|_| 0.0))).unwrap();
    let options = || Diagnose::new().fits(12).steps(400);
    let diagnosis = net.diagnose_with(&x, &y, options()).unwrap();
    let losses: Vec<f64> = (0..12)
        .map(|seed| {
            let mut net = made(seed);
            net.fit(&x, &y, Fit::epochs(400).batch_size(100)).unwrap();
            net.test_on_batch(&x, &y).unwrap()["loss"]
        })
        .collect();
    let best = losses.iter().copied().fold(f64::INFINITY, f64::min);
    let of = |name| evidence(&diagnosis, StillDescending, name);
    assert!((of("best") / best - 1.0).abs() < 1e-6, "{diagnosis}\n{losses:?}");
    assert_eq!(of("better"), losses.iter().filter(|l| **l < 0.95 * of("loss")).count() as f64);
}

/// Of zeros a relu net stands at every kink: its slope is zero by convention, its Hessian knows nothing.
#[test]
fn a_relu_net_of_zeros_is_at_its_kinks() {
    let x = points();
    let mean = x.to_vec().iter().map(|x| x.abs()).sum::<f64>() / 100.0;
    let y = x.mapv(|x| x.abs() - mean);
    let zeros = vec![Array::zeros([1, 2]), Array::zeros(2), Array::zeros([2, 1]), Array::zeros(1)];
    let net = net([dense(2).activation("relu"), dense(1)], 1, zeros);
    let diagnosis = assert_found(&net, &x, &y, &[Saddle, WorseMinimum, AtKink, IdleUnits]);
    assert_eq!((evidence(&diagnosis, AtKink, "pairs"), evidence(&diagnosis, AtKink, "rows")), (200.0, 100.0));
    assert!(diagnosis.get(Saddle).unwrap().get("lowest").is_none());
}

/// relu(x) has every target but the one at its kink, where it is 0 instead of 1: to the left of the kink the bias changes
/// nothing there, to the right it helps with slope -2/5.
#[test]
fn slopes_on_both_sides_of_a_kink() {
    let (x, y) = (Array::linspace(-1.0, 1.0, 5), Array::from([0.0, 0.0, 1.0, 0.5, 1.0]));
    let layers = [dense(1).activation("relu"), dense(1).use_bias(false)];
    let net = net(layers, 1, vec![Array::from([[1.0]]), Array::zeros(1), Array::from([[1.0]])]);
    let diagnosis = assert_found(&net, &x, &y, &[Saddle, WorseMinimum, AtKink]);
    let of = |name| evidence(&diagnosis, AtKink, name);
    assert_eq!((of("pairs"), of("unit"), of("rows")), (1.0, 0.0, 1.0));
    assert!(of("left").abs() < 1e-5 && (of("right") + 0.4).abs() < 1e-5, "{diagnosis}");
}

#[test]
fn a_saturated_sigmoid_with_squared_error_is_a_plateau() {
    let x = points();
    let y = x.mapv(|x| f64::from(u8::from((7.0 * x).sin() + x > 0.1)));
    let net = net([dense(1).activation("sigmoid")], 1, vec![Array::from([[-1.0]]), Array::from([-10.0])]);
    let diagnosis = assert_found(&net, &x, &y, &[Plateau, SquaredErrorOverSigmoid]);
    assert_eq!(evidence(&diagnosis, Plateau, "share"), 100.0);
    assert_eq!(evidence(&diagnosis, SquaredErrorOverSigmoid, "flat"), 100.0);
    let ones: f64 = y.to_vec().iter().sum();
    assert_eq!(evidence(&diagnosis, SquaredErrorOverSigmoid, "wrong"), ones);
}

#[test]
fn a_saturated_hidden_layer_is_a_plateau() {
    let (x, y) = (points(), points());
    let weights = vec![
        Array::from([[5.0, -5.0, 5.0]]),
        Array::from([60.0, 60.0, -60.0]),
        Array::ones([3, 1]),
        Array::from([-1.0]),
    ];
    let net = net([dense(3).activation("tanh"), dense(1)], 1, weights);
    let diagnosis = assert_found(&net, &x, &y, &[Plateau]);
    assert_eq!(evidence(&diagnosis, Plateau, "share"), 100.0);
}

/// Saturated where it is right: no plateau.
#[test]
fn a_sure_and_right_classifier_is_done() {
    let x = Array::from([vec![-2.0; 30], vec![2.0; 30]].concat());
    let y = x.mapv(|x| f64::from(u8::from(x > 0.0)));
    let mut net = net([dense(1).activation("sigmoid")], 1, vec![Array::from([[20.0]]), Array::from([0.0])]);
    net.compile(Sgd::new(0.1), "binary_crossentropy");
    assert_found(&net, &x, &y, &[Minimum]);
}

#[test]
fn logistic_regression_that_has_converged() {
    let mut rng = RandomState::new(6);
    let x = Array::linspace(-2.0, 2.0, 400);
    let y = x.mapv(|x| rng.binomial(1, 1.0 / (1.0 + (-(2.0 * x - 0.5)).exp())) as f64);
    let mut net = net([dense(1).activation("sigmoid")], 1, vec![Array::from([[1.0]]), Array::from([0.0])]);
    net.compile(Sgd::new(2.0), "binary_crossentropy");
    net.fit(&x, &y, Fit::epochs(500).batch_size(400)).unwrap();
    assert_found(&net, &x, &y, &[Minimum]);
}

#[test]
fn adam_has_no_bound_and_batches_are_not_replayed() {
    let (mut net, x, y) = line(0.1);
    net.compile(Adam::new(0.01), "mse");
    let diagnosis = assert_found(&net, &x, &y, &[Minimum]);
    let unknown = |d: &Diagnosis| d.unknown.iter().map(|f| f.kind).collect::<Vec<_>>();
    assert_eq!(unknown(&diagnosis), [UnknownOverFit, UnknownRate]);
    net.compile(Sgd::new(0.001), "mse");
    net.fit(&x, &y, Fit::epochs(20).batch_size(10)).unwrap();
    let diagnosis = net.diagnose(&x, &y).unwrap();
    assert_eq!(unknown(&diagnosis), [UnknownOverFit, UnknownBatches]);
}
