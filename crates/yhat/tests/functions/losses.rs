use serde_json::Value;
use yhat::{
    DType, Tensor,
    activations::{self, ActivationFn},
    gradient,
    losses::{
        BinaryCrossentropy, CategoricalCrossentropy, Huber, Loss, SparseCategoricalCrossentropy, mean_squared_error,
    },
};

use crate::{array, assert_close, assert_value, checked_in, float32, list, text};

/// Labels: integers where all are written so.
fn labels(value: &Value) -> Tensor {
    fn integers(value: &Value) -> bool {
        value.as_array().map_or_else(|| value.is_i64(), |members| members.iter().all(integers))
    }
    Tensor::from(array(value).cast(if integers(value) { DType::I64 } else { DType::F32 }))
}

type Function = dyn Fn(&Tensor, &Tensor) -> Tensor;

/// The function behind a name of functions28.json, where options follow the name: `huber(0.3)`.
fn function(name: &str) -> Box<Function> {
    let binary = BinaryCrossentropy::new();
    let categorical = CategoricalCrossentropy::new();
    match name {
        "huber(0.3)" => Box::new(|y, p| Huber::new(0.3).call(y, p)),
        "binary_crossentropy(0.2)" => Box::new(move |y, p| binary.label_smoothing(0.2).call(y, p)),
        "binary_crossentropy(logits)" => Box::new(move |y, p| binary.from_logits(true).call(y, p)),
        "categorical_crossentropy(0.2)" => Box::new(move |y, p| categorical.label_smoothing(0.2).call(y, p)),
        "categorical_crossentropy(logits)" => Box::new(move |y, p| categorical.from_logits(true).call(y, p)),
        "sparse_categorical_crossentropy(logits)" => {
            Box::new(|y, p| SparseCategoricalCrossentropy::new().from_logits(true).call(y, p))
        }
        "mean_squared_error" => Box::new(mean_squared_error),
        "mean_absolute_error" => Box::new(yhat::losses::mean_absolute_error),
        "mean_absolute_percentage_error" => Box::new(yhat::losses::mean_absolute_percentage_error),
        "mean_squared_logarithmic_error" => Box::new(yhat::losses::mean_squared_logarithmic_error),
        "huber" => Box::new(yhat::losses::huber),
        "log_cosh" => Box::new(yhat::losses::log_cosh),
        "cosine_similarity" => Box::new(yhat::losses::cosine_similarity),
        "kl_divergence" => Box::new(yhat::losses::kl_divergence),
        "poisson" => Box::new(yhat::losses::poisson),
        "hinge" => Box::new(yhat::losses::hinge),
        "squared_hinge" => Box::new(yhat::losses::squared_hinge),
        "categorical_hinge" => Box::new(yhat::losses::categorical_hinge),
        "binary_crossentropy" => Box::new(yhat::losses::binary_crossentropy),
        "categorical_crossentropy" => Box::new(yhat::losses::categorical_crossentropy),
        "sparse_categorical_crossentropy" => Box::new(yhat::losses::sparse_categorical_crossentropy),
        other => panic!("no test for {other}"),
    }
}

#[test]
fn values_for_each_sample_and_gradients_are_those_of_tensorflow() {
    let reference = checked_in("functions28.json");
    for case in list(&reference["losses"]) {
        let name = text(&case["loss"]);
        let yhat = float32(&case["yhat"]);
        let output = match case["through"].as_str() {
            Some(activation) => ActivationFn::from(activation).call(&yhat).unwrap(),
            None => yhat.clone(),
        };
        let loss = function(name)(&labels(&case["y"]), &output);
        let slope = gradient(&loss, &[yhat]).unwrap().remove(0);
        assert_value(name, &loss, &array(&case["values"]), 3e-6, 2e-7);
        let scale = array(&case["gradient"]).to_vec().iter().fold(0.0f64, |a, b| a.max(b.abs()));
        let gradient = format!("gradient of {name} through {}", case["through"]);
        assert_value(&gradient, &slope, &array(&case["gradient"]), 3e-6, 3e-7 * scale.max(0.1));
    }
}

/// Keras computes cross-entropies from logits wherever the last activation is a sigmoid or softmax.
#[test]
fn saturated_outputs_train_as_in_fit() {
    let reference = checked_in("functions28.json");
    for case in list(&reference["saturated"]) {
        let what = format!("{} after {}", case["loss"], case["activation"]);
        let (activation, loss) = (ActivationFn::from(text(&case["activation"])), Loss::from(text(&case["loss"])));
        let weights: Vec<_> =
            list(&case["weights"]).iter().map(|w| yhat::Variable::new("w", array(w).cast(DType::F32))).collect();
        let yhat = activation.call(&(float32(&case["x"]).matmul(&weights[0]) + &weights[1])).unwrap();
        let loss = loss.call(&labels(&case["y"]), &yhat).unwrap();
        let slopes = gradient(&loss, &[weights[0].tensor(), weights[1].tensor()]).unwrap();
        for want in list(&case["history"]) {
            assert_value(&what, &loss, &array(want), 2e-6, 0.0);
            let next: Vec<_> =
                weights.iter().zip(&slopes).map(|(w, g)| (w.tensor() - g * 10.0).eval().unwrap()).collect();
            weights.iter().zip(next).for_each(|(w, next)| w.assign(next).unwrap());
        }
        for (w, want) in weights.iter().zip(list(&case["final"])) {
            assert_close(&what, &w.value(), &array(want), 2e-6, 1e-6);
        }
    }
}

#[test]
fn a_softmax_is_seen_through_however_it_is_written() {
    let z = Tensor::from([[0.0, -500.0, 300.0], [1.0, 2.0, 3.0]]);
    let y = Tensor::from([[0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]);
    let of = |yhat: &Tensor| function("categorical_crossentropy")(&y, yhat).eval().unwrap().to_vec();
    let library = of(&activations::softmax(&z));
    assert_eq!(library[0], 800.0);
    let plain = &z.exp() / z.exp().sum_axes(&[-1], true);
    assert!(of(&plain)[0] < 20.0, "two exponentials are two expressions, one of them the sum's");
    let e = (&z - 300.0).exp();
    assert_eq!(of(&(&e / e.sum_axes(&[-1], true)))[0], 800.0);
    // The same quotients, but not of rows: each column's sum, and the sum of everything.
    let square = Tensor::from([[0.0, 1.0], [2.0, 4.0]]);
    let e = square.exp();
    for quotient in [&e / e.sum_axes(&[0], true), &e / e.sum_axis(-1), &e / e.sum()] {
        let seen_as = Tensor::from(quotient.eval().unwrap());
        let y = Tensor::from([[0.0, 1.0], [1.0, 0.0]]);
        let loss = |yhat: &Tensor| function("categorical_crossentropy")(&y, yhat).eval().unwrap();
        assert_eq!(loss(&quotient), loss(&seen_as));
    }
}

#[test]
fn labels_are_made_to_fit() {
    let yhat = Tensor::from([[1.0f32], [2.0], [4.0]]);
    let flat = Tensor::from([1.0, 1.0, 1.0]);
    let column = flat.expand_dims(-1);
    for y in [&flat, &column, &column.expand_dims(-1), &flat.cast(DType::I64)] {
        let loss = Loss::from(mean_squared_error).call(y, &yhat).unwrap();
        assert_eq!(loss.dtype(), DType::F32);
        assert_close("mse", &loss.eval().unwrap(), &(10.0f64 / 3.0).into(), 1e-7, 0.0);
    }
    // A closure gets labels of the predictions' type and rank, and may reduce to a scalar or not.
    let own = Loss::from(|y: &Tensor, yhat: &Tensor| {
        assert_eq!((y.dtype(), y.shape()), (yhat.dtype(), yhat.shape()));
        (y - yhat).square()
    });
    assert_close("own", &own.call(&flat, &yhat).unwrap().eval().unwrap(), &(10.0f64 / 3.0).into(), 1e-7, 0.0);
    let per_row = Loss::from("sparse_categorical_crossentropy");
    let p = Tensor::from([[0.5, 0.5], [0.25, 0.75]]);
    for y in [Tensor::from([0, 1]), Tensor::from([[0], [1]]), Tensor::from([0.0, 1.0]), Tensor::from([[0.0], [1.0]])] {
        let got = per_row.call(&y, &p).unwrap().eval().unwrap().item();
        assert!((got + (0.5f64.ln() + 0.75f64.ln()) / 2.0).abs() < 1e-12);
    }
}

#[test]
fn the_loss_of_the_design_compiles_and_agrees_with_the_librarys() {
    let own = Loss::from(|y: &Tensor, yhat: &Tensor| -(y * yhat.ln() + (1.0 - y) * (1.0 - yhat).ln()).mean());
    let (y, yhat) = (Tensor::from([[1.0], [0.0]]), Tensor::from([[0.8], [0.3]]));
    let library = Loss::from("bce").call(&y, &yhat).unwrap().eval().unwrap();
    assert_close("bce", &own.call(&y, &yhat).unwrap().eval().unwrap(), &library, 1e-6, 0.0);
    assert_eq!((own.name(), Loss::from(mean_squared_error).name()), ("custom", "mean_squared_error"));
    assert_eq!(Loss::from(Huber::default()).name(), "huber");
}

#[test]
fn float64_stays_float64() {
    let (y, yhat) = (Tensor::from([[0.0, 1.0]]), Tensor::from([[0.25, 0.75]]));
    let reference = checked_in("functions28.json");
    for case in list(&reference["losses"]).iter().filter(|case| !text(&case["loss"]).starts_with("sparse")) {
        assert_eq!(function(text(&case["loss"]))(&y, &yhat).dtype(), DType::F64, "{}", case["loss"]);
    }
}
