//! Data and losses that do not fit.

use super::*;
use Kind::*;

/// Two columns from one generator.
fn two_columns(seed: u32, second: impl Fn(f64) -> f64) -> Array {
    let mut rng = RandomState::new(seed);
    let numbers: Vec<f64> = (0..100).flat_map(|_| [rng.standard_normal(), second(rng.standard_normal())]).collect();
    Array::from(numbers).reshape([100, 2]).unwrap()
}

/// A line in the first column with noise.
fn targets(x: &Array) -> Array {
    let mut rng = RandomState::new(9);
    x.column(0).mapv(|x| 0.5 * x + 0.3 * rng.standard_normal())
}

#[test]
fn not_a_number() {
    let net = net([dense(1)], 1, vec![Array::from([[1.0]]), Array::from([0.0])]);
    let mut numbers = points().to_vec();
    numbers[7] = f64::NAN;
    let diagnosis = assert_found(&net, &Array::from(numbers), &points(), &[NotFinite]);
    assert_eq!((evidence(&diagnosis, NotFinite, "row"), evidence(&diagnosis, NotFinite, "count")), (7.0, 1.0));
    let mut numbers = points().to_vec();
    numbers[3] = f64::INFINITY;
    let y = Array::from(numbers);
    let diagnosis = assert_found(&net, &y, &y, &[NotFinite, NotFinite]);
    assert_eq!(diagnosis.findings[1].get("where").unwrap().to_string(), "y");
    assert_eq!(diagnosis.unknown[0].kind, UnknownRest);
}

#[test]
fn a_column_that_never_changes() {
    let x = two_columns(1, |_| 3.0);
    let y = targets(&x);
    let solution = solved(&x.column(0), &y);
    let mut net = net([dense(1)], 2, vec![Array::from([[solution[0]], [0.0]]), Array::from([solution[1]])]);
    // A column of 3 next to a bias of 1 curves the loss by 20: the usual rate would be too high.
    net.compile(Sgd::new(0.05), "mse");
    let diagnosis = assert_found(&net, &x, &y, &[ConstantColumns, Minimum]);
    assert_eq!(diagnosis.get(ConstantColumns).unwrap().get("columns").unwrap().to_string(), "1");
    // Its weight and the bias do the same: one direction is flat.
    assert_eq!(evidence(&diagnosis, Minimum, "flat"), 1.0);
}

#[test]
fn a_column_of_ones_instead_of_a_bias() {
    let x = two_columns(1, |_| 1.0);
    let y = targets(&x);
    let solution = solved(&x.column(0), &y);
    let kernel = Array::from([[solution[0]], [solution[1]]]);
    let net = net([dense(1).use_bias(false)], 2, vec![kernel]);
    assert_found(&net, &x, &y, &[Minimum]);
}

#[test]
fn inputs_of_different_sizes() {
    let x = two_columns(2, |z| 1000.0 * z);
    let y = targets(&x);
    let mut net = least_squares(&x, &y);
    net.compile(Sgd::new(1e-7), "mse");
    let diagnosis = assert_found(&net, &x, &y, &[UnscaledInputs, Minimum]);
    assert!((500.0..2000.0).contains(&evidence(&diagnosis, UnscaledInputs, "ratio")));
    // At the usual rate it can't but explode, even from the minimum.
    net.compile(Sgd::new(0.1), "mse");
    assert_found(&net, &x, &y, &[Exploding, UnscaledInputs]);
}

#[test]
fn large_inputs() {
    let x = Array::linspace(0.0, 5000.0, 100);
    let mut rng = RandomState::new(9);
    let y = x.mapv(|x| 0.001 * x + 0.3 * rng.standard_normal());
    let mut net = least_squares(&x, &y);
    net.compile(Sgd::new(1e-9), "mse");
    let diagnosis = assert_found(&net, &x, &y, &[UnscaledInputs, Minimum]);
    assert_eq!(evidence(&diagnosis, UnscaledInputs, "largest"), 5000.0);
}

#[test]
fn labels_that_the_loss_does_not_know() {
    let x = points();
    let y = x.mapv(|x| if x > 0.2 { 1.0 } else { -1.0 });
    let mut net = net([dense(1).activation("sigmoid")], 1, vec![Array::from([[1.0]]), Array::from([0.0])]);
    net.compile(Sgd::new(0.1), "binary_crossentropy");
    let diagnosis = assert_found(&net, &x, &y, &[LabelRange]);
    assert!(diagnosis.to_string().replace("\n  ", " ").contains("labels between 0 and 1"));
}

#[test]
fn classes_that_there_are_not() {
    let x = points();
    let y = Array::from((0..100).map(|i| i % 4).collect::<Vec<i64>>());
    let weights = vec![Array::from([[1.0, 0.0, -1.0]]), Array::zeros(3)];
    let mut net = net([dense(3).activation("softmax")], 1, weights);
    net.compile(Sgd::new(0.1), "sparse_categorical_crossentropy");
    let diagnosis = assert_found(&net, &x, &y, &[LabelRange]);
    assert!(diagnosis.to_string().replace("\n  ", " ").contains("labels 0 to 2 for 3 classes"));
}

/// Labels that depend on x with some chance, in any case so that there is something to learn.
fn labels() -> (Array, Array) {
    let mut rng = RandomState::new(6);
    (points(), points().mapv(|x| rng.binomial(1, 1.0 / (1.0 + (-3.0 * x).exp())) as f64))
}

fn classifier(activation: &str, loss: impl Into<yhat::losses::Loss>) -> Sequential {
    let mut net = net([dense(1).activation(activation)], 1, vec![Array::from([[0.2]]), Array::from([0.5])]);
    net.compile(Sgd::new(0.1), loss);
    net
}

#[test]
fn losses_that_do_not_fit_the_output() {
    let (x, y) = labels();
    let own_mse = |y: &Tensor, p: &Tensor| (y - p).square().mean();
    let own_bce = |y: &Tensor, p: &Tensor| -(y * p.ln() + (1.0 - y) * (1.0 - p).ln()).mean();
    assert_found(&classifier("sigmoid", "mse"), &x, &y, &[SquaredErrorOverSigmoid, StillDescending]);
    assert_found(&classifier("sigmoid", own_mse), &x, &y, &[SquaredErrorOverSigmoid, StillDescending]);
    assert_found(&classifier("linear", "binary_crossentropy"), &x, &y, &[CrossEntropyOverLogits, StillDescending]);
    // Written down without a net below it, the logarithm meets a negative number a few steps on.
    assert_found(&classifier("linear", own_bce), &x, &y, &[CrossEntropyOverLogits, Exploding]);
    // These fit.
    assert_found(&classifier("sigmoid", "binary_crossentropy"), &x, &y, &[StillDescending]);
    assert_found(&classifier("sigmoid", own_bce), &x, &y, &[StillDescending]);
    assert_found(&classifier("linear", BinaryCrossentropy::new().from_logits(true)), &x, &y, &[StillDescending]);
    assert_found(&classifier("linear", "mse"), &x, &y, &[StillDescending]);
}

#[test]
fn classes_over_logits() {
    let x = points();
    let y = Array::from((0..100).map(|i| i / 34).collect::<Vec<i64>>());
    let of = |activation: &str, loss: yhat::losses::Loss| {
        let weights = vec![Array::from([[0.1, 0.0, -0.1]]), Array::from([0.3, 0.4, 0.3])];
        let mut net = net([dense(3).activation(activation)], 1, weights);
        net.compile(Sgd::new(0.1), loss);
        net
    };
    let sparse = SparseCategoricalCrossentropy::new();
    let diagnosis = assert_found(&of("linear", sparse.into()), &x, &y, &[CrossEntropyOverLogits, StillDescending]);
    assert!(diagnosis.to_string().contains("softmax"));
    assert_found(&of("softmax", sparse.into()), &x, &y, &[StillDescending]);
    assert_found(&of("linear", sparse.from_logits(true).into()), &x, &y, &[StillDescending]);
}

#[test]
fn a_softmax_over_one_unit() {
    let (x, y) = labels();
    let mut net = net([dense(1).activation("softmax")], 1, vec![Array::from([[0.2]]), Array::from([0.5])]);
    net.compile(Sgd::new(0.1), "mse");
    assert_found(&net, &x, &y, &[SoftmaxOfOne, Minimum]);
}

#[test]
fn mistakes_are_errors() {
    let (x, y) = labels();
    let uncompiled = Sequential::from_layers([Dense::new(1)]);
    assert!(uncompiled.diagnose(&x, &y).unwrap_err().to_string().contains("must be compiled"));
    let net = classifier("sigmoid", "mse");
    assert!(net.diagnose(&x, Array::linspace(0.0, 1.0, 7)).is_err());
    let wide = Array::zeros([100, 3]);
    assert!(net.diagnose(&wide, &y).is_err());
    assert!(net.diagnose_with(&x, &y, Diagnose::new().held_out(&wide, &y)).is_err());
}

#[test]
fn few_rows() {
    let x = Array::from([-1.0, 0.0, 1.0, 2.0]);
    let y = Array::from([-1.1, 0.2, 0.9, 2.0]);
    let diagnosis = assert_found(&least_squares(&x, &y), &x, &y, &[Minimum]);
    assert_eq!(diagnosis.unknown.iter().map(|f| f.kind).collect::<Vec<_>>(), [UnknownOverFit, UnknownStructure]);
}
