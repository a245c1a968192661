//! Gradients of every activation and loss against central differences, in float64.

use yhat::{Array, Tensor, Variable, activations, gradient, losses, regularizers};
use yhat_tensor::random::RandomState;

/// The slope of `f(x)`'s sum along each element of `x`, by the difference of the values beside it. The error is of the
/// order of `h^2` and of `1e-16 / h`.
fn differences(x: &Variable, f: &Tensor) -> Array {
    let (at, h) = (x.value(), 1e-5);
    let sum_at = |i: usize, h: f64| {
        let mut elements = at.to_vec();
        elements[i] += h;
        x.assign(Array::new(at.shape(), elements).unwrap()).unwrap();
        f.sum().eval().unwrap().item()
    };
    let slopes = (0..at.size()).map(|i| (sum_at(i, h) - sum_at(i, -h)) / (2.0 * h)).collect::<Vec<_>>();
    x.assign(&at).unwrap();
    Array::new(at.shape(), slopes).unwrap()
}

#[track_caller]
fn check(what: &str, x: &Variable, f: &Tensor) {
    let slope = gradient(f, &[x.tensor()]).unwrap().remove(0);
    crate::assert_close(what, &slope.eval().unwrap(), &differences(x, f), 1e-7, 1e-7);
    // The gradient is an expression like any other: its own gradient, the second derivative, is right too.
    let weighted = slope * Tensor::from(x.value().mapv(|x| (7.0 * x).sin()));
    let curvature = gradient(&weighted, &[x.tensor()]).unwrap().remove(0);
    crate::assert_close(&format!("{what}, twice"), &curvature.eval().unwrap(), &differences(x, &weighted), 1e-6, 1e-6);
}

/// Numbers from `low` to `high` in `rows` of three, none of them near a kink of what is tested here.
fn numbers(seed: u32, rows: usize, low: f64, high: f64) -> Array {
    let mut random = RandomState::new(seed);
    let kinks = [-3.0, -2.5, -1.0, 0.0, 1.0, 2.5, 3.0, 6.0];
    let mut draw = || loop {
        let x = low + (high - low) * random.random_sample();
        if kinks.iter().all(|k| (x - k).abs() > 1e-2) {
            break x;
        }
    };
    Array::new([rows, 3], (0..3 * rows).map(|_| draw()).collect::<Vec<f64>>()).unwrap()
}

#[test]
fn of_activations() {
    use activations::*;
    type Function = fn(&Tensor) -> Tensor;
    let all: [(&str, Function); 19] = [
        ("elu", elu),
        ("exponential", exponential),
        ("gelu", gelu),
        ("gelu_tanh", gelu_tanh),
        ("hard_sigmoid", hard_sigmoid),
        ("leaky_relu", leaky_relu),
        ("linear", linear),
        ("log_softmax", log_softmax),
        ("mish", mish),
        ("relu", relu),
        ("relu6", relu6),
        ("selu", selu),
        ("sigmoid", sigmoid),
        ("silu", silu),
        ("softmax", softmax),
        ("softplus", softplus),
        ("softsign", softsign),
        ("swish", swish),
        ("tanh", tanh),
    ];
    let x = Variable::new("x", numbers(1, 8, -4.0, 8.0));
    let c = Tensor::from(numbers(2, 8, -1.0, 1.0));
    for (name, f) in all {
        check(name, &x, &(f(&x.tensor()) * &c));
    }
}

#[test]
fn of_losses_of_any_numbers() {
    use losses::*;
    let y = Tensor::from(numbers(3, 8, -4.0, 4.0));
    let x = Variable::new("x", numbers(4, 8, -4.0, 4.0));
    let yhat = x.tensor();
    check("mse", &x, &mean_squared_error(&y, &yhat));
    check("mae", &x, &mean_absolute_error(&y, &yhat));
    check("mape", &x, &mean_absolute_percentage_error(&y, &yhat));
    check("msle", &x, &mean_squared_logarithmic_error(&y.abs(), &(yhat.abs() + 0.1)));
    check("huber", &x, &huber(&y, &yhat));
    check("huber(0.3)", &x, &Huber::new(0.3).call(&y, &yhat));
    check("log_cosh", &x, &log_cosh(&y, &yhat));
    check("hinge", &x, &hinge(&y.sign(), &yhat));
    check("squared_hinge", &x, &squared_hinge(&y.sign(), &yhat));
    check("cosine_similarity", &x, &cosine_similarity(&y, &yhat));
}

#[test]
fn of_losses_of_probabilities() {
    use losses::*;
    let x = Variable::new("x", numbers(5, 8, 0.02, 0.98));
    let (p, z) = (x.tensor(), x.tensor() * 20.0 - 10.0);
    let labels = Tensor::from((0..8).map(|i| i % 3).collect::<Vec<i64>>());
    let one_hot = labels.one_hot(3, yhat::DType::F64);
    let soft = activations::softmax(&Tensor::from(numbers(6, 8, -2.0, 2.0)));
    check("categorical_hinge", &x, &categorical_hinge(&one_hot, &p));
    for y in [&one_hot, &soft] {
        check("kl_divergence", &x, &kl_divergence(y, &p));
        check("poisson", &x, &poisson(y, &p));
        check("binary", &x, &binary_crossentropy(y, &p));
        check("binary of sigmoid", &x, &binary_crossentropy(y, &z.sigmoid()));
        check("binary from logits", &x, &BinaryCrossentropy::new().from_logits(true).label_smoothing(0.1).call(y, &z));
        check("categorical", &x, &categorical_crossentropy(y, &p));
        check("categorical of softmax", &x, &categorical_crossentropy(y, &activations::softmax(&z)));
        let smooth = CategoricalCrossentropy::new().from_logits(true).label_smoothing(0.1);
        check("categorical from logits", &x, &smooth.call(y, &z));
    }
    check("sparse", &x, &sparse_categorical_crossentropy(&labels, &p));
    check("sparse of softmax", &x, &sparse_categorical_crossentropy(&labels, &activations::softmax(&z)));
    check("sparse from logits", &x, &SparseCategoricalCrossentropy::new().from_logits(true).call(&labels, &z));
}

#[test]
fn of_regularizers() {
    let x = Variable::new("x", numbers(7, 4, -2.0, 2.0));
    for penalty in [regularizers::l1(0.3), regularizers::l2(0.3), regularizers::l1_l2(0.2, 0.1)] {
        check(penalty.name(), &x, &penalty.call(&x.tensor()).unwrap());
    }
}
