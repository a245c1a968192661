use std::sync::Arc;

use serde_json::Value;
use yhat::{
    Array, DType, Tensor, Variable, gradient,
    losses::mean_squared_error,
    metrics::mean_absolute_error,
    optimizers::{
        Adadelta, Adagrad, Adam, Adamax, Ftrl, IntoOptimizer, Nadam, Optimizer, RmsProp, Sgd, Slot, State, Step,
    },
};
use yhat_tensor::Plan;

use crate::{array, assert_close, checked_in, list, number, text};

/// Keras's network of the reference: tanh(x W1 + b1) W2 + b2, by hand.
struct Net {
    weights: Vec<Variable>,
    loss: Tensor,
    mae: Tensor,
}

impl Net {
    fn new(training: &Value, dtype: DType) -> Net {
        let of = |value: &Value| array(value).cast(dtype);
        let weights: Vec<_> = list(&training["weights"]).iter().map(|w| Variable::new("w", of(w))).collect();
        let (x, y) = (Tensor::from(of(&training["x"])), Tensor::from(of(&training["y"])));
        let hidden = (x.matmul(&weights[0]) + &weights[1]).tanh();
        let yhat = hidden.matmul(&weights[2]) + &weights[3];
        let (loss, mae) = (mean_squared_error(&y, &yhat).mean(), mean_absolute_error(&y, &yhat).mean());
        Net { weights, loss, mae }
    }

    /// Loss and mean absolute error before each of `epochs` steps.
    fn train(&self, optimizer: impl IntoOptimizer, epochs: usize) -> (Vec<f64>, Vec<f64>) {
        let state = State::new(optimizer, &self.weights).unwrap();
        let wrt: Vec<_> = self.weights.iter().map(Variable::tensor).collect();
        let updates = state.updates(&gradient(&self.loss, &wrt).unwrap()).unwrap();
        let plan = Plan::new(&[], &[self.loss.clone(), self.mae.clone()], &updates).unwrap();
        let mut workspace = plan.workspace();
        let history = (0..epochs).map(|_| {
            plan.run(&mut workspace).unwrap();
            (workspace.scalar(0), workspace.scalar(1))
        });
        let history = history.unzip();
        workspace.store();
        assert_eq!(state.iterations().value().item(), epochs as f64);
        history
    }
}

/// The optimizer that Keras makes of these arguments.
fn optimizer(name: &str, args: &Value) -> Arc<dyn Optimizer> {
    let or = |key: &str, default: f64| args.get(key).map_or(default, number);
    let yes = |key: &str| args.get(key).is_some_and(|v| v == true);
    let rate = number(&args["learning_rate"]);
    let clipped = |sgd: Sgd| -> Arc<dyn Optimizer> {
        match (args.get("clipnorm"), args.get("clipvalue"), args.get("global_clipnorm")) {
            (Some(norm), _, _) => Arc::new(sgd.clipnorm(number(norm))),
            (_, Some(value), _) => Arc::new(sgd.clipvalue(number(value))),
            (_, _, Some(norm)) => Arc::new(sgd.global_clipnorm(number(norm))),
            _ => Arc::new(sgd),
        }
    };
    match name {
        "SGD" => clipped(Sgd::new(rate).momentum(or("momentum", 0.0)).nesterov(yes("nesterov"))),
        "Adam" => Arc::new(
            Adam::new(rate)
                .beta_1(or("beta_1", 0.9))
                .beta_2(or("beta_2", 0.999))
                .epsilon(or("epsilon", 1e-7))
                .amsgrad(yes("amsgrad")),
        ),
        "RMSprop" => {
            Arc::new(RmsProp::new(rate).rho(or("rho", 0.9)).momentum(or("momentum", 0.0)).centered(yes("centered")))
        }
        "Adagrad" => Arc::new(
            Adagrad::new(rate)
                .initial_accumulator_value(or("initial_accumulator_value", 0.1))
                .epsilon(or("epsilon", 1e-7)),
        ),
        "Adadelta" => Arc::new(Adadelta::new(rate).rho(or("rho", 0.95)).epsilon(or("epsilon", 1e-7))),
        "Adamax" => Arc::new(Adamax::new(rate)),
        "Nadam" => Arc::new(Nadam::new(rate)),
        "Ftrl" => Arc::new(
            Ftrl::new(rate)
                .learning_rate_power(or("learning_rate_power", -0.5))
                .initial_accumulator_value(or("initial_accumulator_value", 0.1))
                .l1(or("l1_regularization_strength", 0.0))
                .l2(or("l2_regularization_strength", 0.0))
                .l2_shrinkage(or("l2_shrinkage_regularization_strength", 0.0))
                .beta(or("beta", 0.0)),
        ),
        other => panic!("no test for {other}"),
    }
}

fn assert_run(run: &Value, training: &Value, rtol: f64, atol: f64) {
    let what = format!("{} {}", run["optimizer"], run["args"]);
    let losses = array(&run["loss"]);
    let net = Net::new(training, DType::F32);
    let (loss, mae) = net.train(optimizer(text(&run["optimizer"]), &run["args"]), losses.size());
    assert_close(&format!("{what}: loss"), &loss.into(), &losses, rtol, 0.0);
    if let Some(want) = run.get("mae") {
        assert_close(&format!("{what}: mae"), &mae.into(), &array(want), rtol, 0.0);
    }
    for (i, (w, want)) in net.weights.iter().zip(list(&run["final"])).enumerate() {
        assert_close(&format!("{what}: weight {i}"), &w.value(), &array(want), rtol, atol);
    }
}

#[test]
fn longer_runs_with_options_too() {
    let (reference, base) = (checked_in("functions28.json"), checked_in("keras28.json"));
    for run in list(&reference["training"]) {
        // The last bit of one initial weight moves Keras's own final weights by up to 1.6e-5.
        assert_run(run, &base["training"], 1e-5, 2e-5);
    }
}

#[test]
fn float64_trains_in_float64() {
    let reference = checked_in("keras28.json");
    for run in list(&reference["training"]["runs"]) {
        let net = Net::new(&reference["training"], DType::F64);
        let (loss, _) = net.train(optimizer(text(&run["optimizer"]), &run["args"]), 25);
        let what = format!("{} {}", run["optimizer"], run["args"]);
        // Up to what float32 and its 1 - beta lose.
        assert_close(&what, &loss.into(), &array(&run["loss"]), 1e-4, 0.0);
        assert!(net.weights.iter().all(|w| w.dtype() == DType::F64));
    }
}

#[test]
fn weights_of_two_types_train_together() {
    let (a, b) = (Variable::new("a", [1.0f32, 2.0]), Variable::new("b", [3.0f64]));
    let loss = (a.tensor() * b.tensor()).square().sum();
    let gradients = gradient(&loss, &[a.tensor(), b.tensor()]).unwrap();
    for optimizer in ["adam", "nadam", "ftrl", "rmsprop"].map(IntoOptimizer::into_optimizer) {
        let state = State::new(optimizer, &[a.clone(), b.clone()]).unwrap();
        for (variable, next) in state.updates(&gradients).unwrap() {
            assert_eq!(variable.dtype(), next.dtype(), "{}", variable.name());
        }
    }
    let state = State::new(Sgd::new(0.1).momentum(0.5).global_clipnorm(1.0), &[a.clone(), b]).unwrap();
    assert_eq!(state.updates(&gradients).unwrap()[0].1.dtype(), DType::F32);
}

#[test]
fn the_state_is_all_that_the_next_step_needs() {
    let reference = checked_in("keras28.json");
    for run in list(&reference["training"]["runs"]) {
        let optimizer = optimizer(text(&run["optimizer"]), &run["args"]);
        let state_of = |net: &Net| State::new(optimizer.clone(), &net.weights).unwrap();
        let steps = |net: &Net, state: &State, n: usize| {
            let wrt: Vec<_> = net.weights.iter().map(Variable::tensor).collect();
            let updates = state.updates(&gradient(&net.loss, &wrt).unwrap()).unwrap();
            let plan = Plan::new(&[], &[], &updates).unwrap();
            let mut workspace = plan.workspace();
            (0..n).for_each(|_| plan.run(&mut workspace).unwrap());
            workspace.store();
        };
        let (whole, halves) =
            (Net::new(&reference["training"], DType::F32), Net::new(&reference["training"], DType::F32));
        steps(&whole, &state_of(&whole), 6);
        let first = state_of(&halves);
        steps(&halves, &first, 3);
        let second = state_of(&halves);
        for (to, from) in second.variables().iter().zip(first.variables()) {
            assert_eq!(to.name(), from.name());
            to.assign(from.value()).unwrap();
        }
        steps(&halves, &second, 3);
        for (a, b) in whole.weights.iter().zip(&halves.weights) {
            assert_eq!(a.value(), b.value(), "{}", run["optimizer"]);
        }
    }
}

#[test]
fn the_learning_rate_can_change_while_training_runs() {
    let w = Variable::new("w", 8.0);
    let state = State::new(Sgd::new(0.25), std::slice::from_ref(&w)).unwrap();
    let loss = w.tensor().square();
    let updates = state.updates(&gradient(&loss, &[w.tensor()]).unwrap()).unwrap();
    let step =
        || updates.iter().map(|(v, next)| (v, next.eval().unwrap())).for_each(|(v, next)| v.assign(next).unwrap());
    step();
    assert_eq!(w.value().item(), 4.0);
    state.learning_rate().assign(0.5).unwrap();
    step();
    assert_eq!(w.value().item(), 0.0);
}

#[test]
fn variables_have_the_names_of_keras() {
    let w = [Variable::new("dense/kernel", [[1.0f32]]), Variable::new("dense/bias", [1.0f32])];
    let state = State::new("nadam", &w).unwrap();
    let names: Vec<_> = state.variables().iter().map(Variable::name).collect();
    let moments = ["dense/kernel/m", "dense/bias/m", "dense/kernel/v", "dense/bias/v"].map(|s| format!("Nadam/{s}"));
    assert_eq!(names[..3], ["Nadam/iter", "Nadam/learning_rate", "Nadam/momentum_cache"]);
    assert_eq!(names[3..], moments);
}

/// An optimizer of a user, as short as its formula.
struct HeavyBall(f64);

impl Optimizer for HeavyBall {
    fn name(&self) -> &str {
        "HeavyBall"
    }
    fn learning_rate(&self) -> f64 {
        self.0
    }
    fn slots(&self) -> Vec<Slot> {
        vec![Slot::zeros("velocity")]
    }
    fn update(&self, step: &Step, w: &Tensor, g: &Tensor, slots: &[Tensor]) -> (Tensor, Vec<Tensor>) {
        let v = &slots[0] * 0.9 - g * &step.learning_rate;
        (w + &v, vec![v])
    }
}

#[test]
fn a_users_optimizer_is_as_good_as_the_librarys() {
    let reference = checked_in("keras28.json");
    let train = |optimizer: Arc<dyn Optimizer>| {
        let net = Net::new(&reference["training"], DType::F32);
        let history = net.train(optimizer, 10);
        (history, net.weights.iter().map(Variable::value).collect::<Vec<Array>>())
    };
    assert_eq!(train(Arc::new(HeavyBall(0.05))), train(Arc::new(Sgd::new(0.05).momentum(0.9))));
}
