use yhat::{
    Tensor, Variable,
    activations::{self, ActivationFn},
    gradient,
};

use crate::{array, assert_value, checked_in, float32, planned};

/// Both libraries approximate exp, tanh and erf in float32, each to a few units in the last place; gelu at -5 is what
/// such units leave of `1 + erf`, times -5/2.
const RTOL: f64 = 2e-6;
const ATOL: f64 = 5e-7;

fn by_name(name: &str) -> ActivationFn {
    match name {
        "gelu_tanh" => activations::gelu_tanh.into(), // In Keras an argument of gelu, so no name.
        _ => name.into(),
    }
}

#[test]
fn values_and_gradients_are_those_of_tensorflow_at_kinks_and_far_out() {
    let reference = checked_in("functions28.json");
    let all = reference["activations"].as_object().unwrap();
    let x = float32(&all["x"]);
    for (name, want) in all.iter().filter(|(name, _)| *name != "x") {
        let y = by_name(name).call(&x).unwrap();
        let slope = gradient(&y, std::slice::from_ref(&x)).unwrap().remove(0);
        assert_value(name, &y, &array(&want["y"]), RTOL, ATOL);
        // Where a tanh nears 1, what is left of 1 - tanh^2 is good to some units in the last place of 1.
        let atol = if name == "gelu_tanh" { 4e-6 } else { 1e-6 };
        assert_value(&format!("gradient of {name}"), &slope, &array(&want["gradient"]), 4e-6, atol);
    }
}

#[test]
fn rows_of_softmax_do_not_overflow() {
    let reference = checked_in("functions28.json");
    let rows = &reference["rows"];
    let (x, c) = (float32(&rows["x"]), float32(&rows["c"]));
    for name in ["softmax", "log_softmax"] {
        let y = by_name(name).call(&x).unwrap();
        let slope = gradient(&(&y * &c).sum(), std::slice::from_ref(&x)).unwrap().remove(0);
        assert_value(name, &y, &array(&rows[name]["y"]), RTOL, ATOL);
        assert_value(&format!("gradient of {name}"), &slope, &array(&rows[name]["gradient"]), RTOL, ATOL);
    }
}

#[test]
fn nan_goes_through() {
    let x = Variable::new("x", [f32::NAN, 1.0]).tensor();
    let reference = checked_in("functions28.json");
    for name in reference["activations"].as_object().unwrap().keys().filter(|name| *name != "x") {
        let y = by_name(name).call(&x).unwrap();
        for y in [y.eval().unwrap().to_vec(), planned(&y).to_vec()] {
            assert!(y[0].is_nan() && !y[1].is_nan(), "{name} of NaN and 1: {y:?}");
        }
    }
}

#[test]
fn names_are_those_of_functions() {
    fn my_own(x: &Tensor) -> Tensor {
        x * 2.0
    }
    let names = [
        ActivationFn::from(activations::relu),
        "hard_sigmoid".into(),
        my_own.into(),
        (|x: &Tensor| x * 3.0).into(),
        ActivationFn::default(),
    ];
    assert_eq!(names.each_ref().map(|a| a.name()), ["relu", "hard_sigmoid", "my_own", "custom", "linear"]);
    assert_eq!(format!("{:?}", names[0]), "<relu>");
    let clone = names[0].clone();
    assert_eq!(clone.call(&Tensor::from([-1.0, 1.0])).unwrap().eval().unwrap().to_vec(), [0.0, 1.0]);
    fn by_value(activation: impl Into<ActivationFn>) -> String {
        activation.into().name().to_string()
    }
    assert_eq!(by_value(activations::softmax), "softmax");
    assert_eq!(by_value("tanh"), "tanh");
}
