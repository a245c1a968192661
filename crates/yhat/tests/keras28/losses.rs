//! Losses of float32 predictions.

use serde_json::Value;
use yhat::{DType, Tensor, losses::*};

use crate::report::{Report, array, entries};

pub fn check(section: &mut Value, report: &mut Report) {
    for (class, case) in entries(section) {
        let (y, yhat) = (labels(case["y_true"].take()), array(case["y_pred"].take()).cast(DType::F32).into());
        let value = |loss: Loss| loss.call(&y, &yhat).unwrap().eval().unwrap();
        let (loss, names) = loss(class);
        let got = value(loss);
        assert_eq!(got.dtype(), DType::F32, "{class}");
        for name in names {
            assert_eq!(value((*name).into()), got, "{class} by the name {name}");
        }
        report.close(class, &got, case["loss"].take());
    }
}

/// Labels are integers where all are written so, one of them for a row.
fn labels(value: Value) -> Tensor {
    let integers = value.as_array().is_some_and(|members| members.iter().all(Value::is_i64));
    Tensor::from(array(value).cast(if integers { DType::I64 } else { DType::F32 }))
}

/// The library's value for one of Keras's classes, and the names that stand for it.
fn loss(class: &str) -> (Loss, &'static [&'static str]) {
    match class {
        "MeanSquaredError" => (mean_squared_error.into(), &["mean_squared_error", "mse", "MSE"]),
        "MeanAbsoluteError" => (mean_absolute_error.into(), &["mean_absolute_error", "mae", "MAE"]),
        "MeanAbsolutePercentageError" => {
            (mean_absolute_percentage_error.into(), &["mean_absolute_percentage_error", "mape", "MAPE"])
        }
        "MeanSquaredLogarithmicError" => {
            (mean_squared_logarithmic_error.into(), &["mean_squared_logarithmic_error", "msle", "MSLE"])
        }
        "Huber" => (Huber::default().into(), &["huber", "huber_loss"]),
        "LogCosh" => (log_cosh.into(), &["log_cosh", "logcosh"]),
        "BinaryCrossentropy" => (binary_crossentropy.into(), &["binary_crossentropy", "bce", "BCE"]),
        "BinaryCrossentropy_edges" => (BinaryCrossentropy::new().into(), &["binary_crossentropy"]),
        "BinaryCrossentropy_from_logits" => (BinaryCrossentropy::new().from_logits(true).into(), &[]),
        "CategoricalCrossentropy" => (categorical_crossentropy.into(), &["categorical_crossentropy"]),
        "SparseCategoricalCrossentropy" => {
            (sparse_categorical_crossentropy.into(), &["sparse_categorical_crossentropy"])
        }
        "KLDivergence" => (kl_divergence.into(), &["kl_divergence", "kullback_leibler_divergence", "kld", "KLD"]),
        "Poisson" => (poisson.into(), &["poisson"]),
        "Hinge" => (hinge.into(), &["hinge"]),
        "SquaredHinge" => (squared_hinge.into(), &["squared_hinge"]),
        "CosineSimilarity" => (cosine_similarity.into(), &["cosine_similarity"]),
        other => panic!("no check of {other}"),
    }
}
