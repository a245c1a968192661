use yhat::{
    Array, DType, Shape,
    initializers::{Constant, Distribution, Initializer, Mode, RandomNormal, VarianceScaling},
};
use yhat_tensor::random::tf;

use crate::{array, checked_in, list, number, shape, text};

/// Bit for bit: the reference writes float32 numbers so that they are exact.
#[track_caller]
fn assert_bits(what: &str, got: &Array, want: &Array) {
    let bits = |a: &Array| a.to_vec().into_iter().map(f64::to_bits).collect::<Vec<_>>();
    assert_eq!(got.shape(), want.shape(), "{what}");
    assert_eq!(bits(got), bits(want), "{what}: {got} is not {want}");
}

/// The initializer behind a name of functions28.json: its own or mode and distribution of a scaling by 0.7.
fn by_name(name: &str) -> Initializer {
    let Some((mode, distribution)) = name.split_once(' ') else { return name.into() };
    let mode = match mode {
        "fan_in" => Mode::FanIn,
        "fan_out" => Mode::FanOut,
        _ => Mode::FanAvg,
    };
    let distribution = match distribution {
        "uniform" => Distribution::Uniform,
        "truncated_normal" => Distribution::TruncatedNormal,
        _ => Distribution::UntruncatedNormal,
    };
    VarianceScaling { scale: 0.7, mode, distribution }.into()
}

#[test]
fn other_shapes_types_and_options_too() {
    let reference = checked_in("functions28.json");
    for case in list(&reference["initializers"]) {
        let dtype = if case["dtype"] == "float64" { DType::F64 } else { DType::F32 };
        tf::set_seed(number(&case["seed"]) as i64);
        let got = by_name(text(&case["name"])).values(&shape(&case["shape"]), dtype).unwrap();
        assert_eq!(got.dtype(), dtype);
        assert_bits(&format!("{} {} {dtype}", case["name"], case["shape"]), &got, &array(&case["values"]));
    }
}

#[test]
fn constants_draw_nothing() {
    tf::set_seed(1);
    let before = tf::op_seeds();
    let constants: [Initializer; 5] = [
        "zeros".into(),
        "ones".into(),
        Constant(0.25).into(),
        Array::ones([2, 2]).into(),
        (|shape: &Shape| Array::zeros(shape)).into(),
    ];
    for constant in &constants {
        constant.values(&Shape::from([2, 2]), DType::F32).unwrap();
    }
    assert_eq!(tf::op_seeds(), before);
    Initializer::from("random_normal").values(&Shape::from([2, 2]), DType::F32).unwrap();
    assert_ne!(tf::op_seeds(), before);
    let names = constants.each_ref().map(|c| c.name());
    assert_eq!(names, ["zeros", "ones", "constant", "array", "custom"]);
    assert_eq!(Initializer::from(RandomNormal::default()).name(), "random_normal");
    assert_eq!(Initializer::from(VarianceScaling::HE_NORMAL).name(), "he_normal");
}
