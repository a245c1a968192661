//! What is said to wrong names and arguments.

use yhat::{
    Array, DType, Shape, Tensor, Variable,
    activations::ActivationFn,
    initializers::{Initializer, RandomNormal, RandomUniform, TruncatedNormal, VarianceScaling},
    losses::{BinaryCrossentropy, CategoricalCrossentropy, Huber, Loss},
    metrics::Metric,
    optimizers::{
        Adadelta, Adagrad, Adam, Adamax, Ftrl, IntoOptimizer, Nadam, Optimizer, RmsProp, Sgd, Slot, State, Step,
    },
    regularizers::{Regularizer, l1, l1_l2},
};

fn message<T>(result: yhat::Result<T>) -> String {
    result.err().map_or("no error".to_string(), |e| e.to_string())
}

#[test]
fn names() {
    let said = |s: &str| s.to_string();
    let table = [
        (message(ActivationFn::from("Relu").check()), said("unknown activation 'Relu'; did you mean 'relu'?")),
        (
            message(ActivationFn::from("soft max").check()),
            said("unknown activation 'soft max'; did you mean 'softmax'?"),
        ),
        (
            message(Loss::from("MeanSquaredError").check()),
            said("unknown loss 'MeanSquaredError'; did you mean 'mean_squared_error'?"),
        ),
        (
            message(Loss::from("crossentropy").check()).split(';').next().unwrap().to_string(),
            said("unknown loss 'crossentropy'"),
        ),
        (message(Metric::from("Accuracy").check()), said("unknown metric 'Accuracy'; did you mean 'accuracy'?")),
        (
            message(Initializer::from("he_norm").check()),
            said("unknown initializer 'he_norm'; did you mean 'he_normal'?"),
        ),
        (message(Regularizer::from("L2").check()), said("unknown regularizer 'L2'; did you mean 'l2'?")),
        (message("rms_prop".into_optimizer().check()), said("unknown optimizer 'rms_prop'; did you mean 'rmsprop'?")),
        (
            message("lbfgs".into_optimizer().check()),
            said("unknown optimizer 'lbfgs'; known are adadelta, adagrad, adam, adamax, ftrl, nadam, rmsprop, sgd"),
        ),
    ];
    for (got, want) in table {
        assert_eq!(got, want);
    }
    // A wrong name is wrong in use as well, and keeps its name.
    let wrong = ActivationFn::from("Relu").clone();
    assert_eq!(wrong.name(), "Relu");
    assert!(wrong.call(&Tensor::from([1.0])).is_err());
    assert!(Loss::from("nothing").call(&Tensor::from([1.0]), &Tensor::from([1.0])).is_err());
    assert!(Initializer::from("nothing").values(&Shape::from(2), DType::F32).is_err());
    assert!(State::new("nothing", &[]).is_err());
}

#[test]
fn arguments_of_optimizers() {
    let table: [(Box<dyn Optimizer>, &str); 17] = [
        (Box::new(Sgd::new(-0.1)), "learning_rate of SGD: expected a number that is not negative, got -0.1"),
        (Box::new(Sgd::new(f64::INFINITY)), "learning_rate of SGD: expected a number that is not negative, got inf"),
        (Box::new(Adam::new(f64::NAN)), "learning_rate of Adam: expected a number that is not negative, got NaN"),
        (Box::new(Sgd::new(0.1).momentum(-0.5)), "momentum of SGD: expected a number from 0 to 1, got -0.5"),
        (Box::new(RmsProp::new(0.1).momentum(2.0)), "momentum of RMSprop: expected a number from 0 to 1, got 2"),
        (Box::new(RmsProp::new(0.1).rho(1.0)), "rho of RMSprop: expected a number from 0 on and below 1, got 1"),
        (Box::new(Adam::new(0.1).beta_1(1.0)), "beta_1 of Adam: expected a number from 0 on and below 1, got 1"),
        (Box::new(Adam::new(0.1).beta_2(-0.1)), "beta_2 of Adam: expected a number from 0 on and below 1, got -0.1"),
        (Box::new(Adam::new(0.1).epsilon(-1.0)), "epsilon of Adam: expected a number that is not negative, got -1"),
        (Box::new(Adamax::new(0.1).beta_2(1.5)), "beta_2 of Adamax: expected a number from 0 on and below 1, got 1.5"),
        (Box::new(Nadam::new(0.1).beta_1(7.0)), "beta_1 of Nadam: expected a number from 0 on and below 1, got 7"),
        (
            Box::new(Adagrad::new(0.1).initial_accumulator_value(-0.1)),
            "initial_accumulator_value of Adagrad: expected a number that is not negative, got -0.1",
        ),
        (Box::new(Adadelta::new(1.0).rho(-1.0)), "rho of Adadelta: expected a number from 0 on and below 1, got -1"),
        (
            Box::new(Ftrl::new(0.1).learning_rate_power(0.5)),
            "learning_rate_power of Ftrl: expected a number that is not positive, got 0.5",
        ),
        (Box::new(Ftrl::new(0.1).l2(f64::NAN)), "l2 of Ftrl: expected a number that is not negative, got NaN"),
        (Box::new(Sgd::new(0.1).clipnorm(0.0)), "clipnorm of SGD: expected a number above 0, got 0"),
        (
            Box::new(Adam::new(-1.0).clipvalue(1.0)),
            "learning_rate of Adam: expected a number that is not negative, got -1",
        ),
    ];
    for (optimizer, want) in table {
        assert_eq!(message(optimizer.check()), want);
    }
    for name in ["sgd", "adam", "rmsprop", "adagrad", "adadelta", "adamax", "nadam", "ftrl", "Adam", "RMSprop", "SGD"] {
        assert_eq!(message(name.into_optimizer().check()), "no error");
        assert!(name.into_optimizer().name().eq_ignore_ascii_case(name));
    }
}

#[test]
fn arguments_of_the_others() {
    let table = [
        (
            message(Loss::from(Huber::new(-1.0)).check()),
            "delta of Huber: expected a number that is not negative, got -1",
        ),
        (
            message(Loss::from(BinaryCrossentropy::new().label_smoothing(1.5)).check()),
            "label_smoothing of BinaryCrossentropy: expected a number from 0 to 1, got 1.5",
        ),
        (
            message(Loss::from(CategoricalCrossentropy::new().label_smoothing(-1.0)).check()),
            "label_smoothing of CategoricalCrossentropy: expected a number from 0 to 1, got -1",
        ),
        (
            message(Initializer::from(RandomUniform::new(1.0, -1.0)).check()),
            "min and max of RandomUniform: expected min <= max, both finite, got 1 and -1",
        ),
        (
            message(Initializer::from(RandomNormal::new(0.0, -1.0)).check()),
            "stddev of RandomNormal: expected a number that is not negative, got -1",
        ),
        (
            message(Initializer::from(TruncatedNormal::new(f64::NAN, 1.0)).check()),
            "mean of TruncatedNormal: expected a finite number, got NaN",
        ),
        (
            message(Initializer::from(VarianceScaling { scale: 0.0, ..VarianceScaling::HE_NORMAL }).check()),
            "scale of VarianceScaling: expected a number above 0, got 0",
        ),
        (message(l1(f64::NAN).check()), "l1 of a regularizer: expected a number that is not negative, got NaN"),
        (message(l1_l2(0.1, -0.1).check()), "l2 of a regularizer: expected a number that is not negative, got -0.1"),
    ];
    for (got, want) in table {
        assert_eq!(got, want);
    }
}

#[test]
fn shapes() {
    let p = Tensor::from([[0.5, 0.5], [0.5, 0.5], [0.5, 0.5]]);
    let labels = Tensor::from([0, 1, 0]);
    assert_eq!(
        message(Loss::from("categorical_crossentropy").call(&labels, &p)),
        "y of categorical_crossentropy: expected the shape of the predictions, (3, 2); integer labels go with \
         sparse_categorical_crossentropy, got shape (3, 1)"
    );
    assert_eq!(
        message(Loss::from("sparse_categorical_crossentropy").call(&labels.one_hot(2, DType::F32), &p)),
        "y of sparse_categorical_crossentropy: expected one label for each row of the predictions (3, 2); one-hot \
         labels go with categorical_crossentropy, got shape (3, 2)"
    );
    assert_eq!(
        message(Loss::from("bce").call(&labels, &p)),
        "y of bce: expected the shape of the predictions, (3, 2), got shape (3, 1)"
    );
    let misfit = message(Loss::from("mse").call(&Tensor::from([[1.0, 2.0, 3.0]]), &p));
    assert!(misfit.starts_with("sub: shapes (3, 2) and (1, 3) do not broadcast to one: "), "{misfit}");
    let scalar = message(ActivationFn::from("softmax").call(&Tensor::from(1.0)));
    assert!(scalar.contains("axis -1 of a scalar, which has no axes"), "{scalar}");
    let wrong = Initializer::from(|_: &Shape| Array::zeros(3));
    assert_eq!(
        message(wrong.values(&Shape::from([2, 2]), DType::F32)),
        "initializer custom: expected shape (2, 2), got (3,)"
    );
}

/// An optimizer whose formula is wrong in one way or the other.
struct Wrong(usize);

impl Optimizer for Wrong {
    fn name(&self) -> &str {
        "Wrong"
    }
    fn learning_rate(&self) -> f64 {
        0.1
    }
    fn slots(&self) -> Vec<Slot> {
        vec![Slot::zeros("m")]
    }
    fn update(&self, _: &Step, w: &Tensor, g: &Tensor, slots: &[Tensor]) -> (Tensor, Vec<Tensor>) {
        match self.0 {
            0 => (w - g, vec![]),
            1 => (w - g.sum_axes(&[0], true).reshape([1, 1]), slots.to_vec()),
            _ => (w - Tensor::from([1.0, 2.0, 3.0]), slots.to_vec()),
        }
    }
}

#[test]
fn formulas() {
    let w = Variable::new("w", [1.0, 2.0]);
    let of = |i| State::new(Wrong(i), std::slice::from_ref(&w)).unwrap().updates(&[w.tensor()]);
    assert_eq!(message(of(0)), "slots of Wrong: expected 1, got 0");
    assert_eq!(message(of(1)), "Wrong's next value of 'w': expected shape (2,), got (1, 2)");
    assert!(message(of(2)).starts_with("sub: shapes (2,) and (3,) do not broadcast"));
    let state = State::new(Sgd::new(0.1), &[w]).unwrap();
    assert_eq!(message(state.updates(&[])), "gradients of SGD: expected 1, got 0");
}
