use yhat::{
    DType, Tensor,
    losses::{Huber, Loss},
    metrics::{Metric, accuracy, mean_absolute_error},
};

use crate::{array, assert_value, checked_in, float32, list, text};

#[test]
fn metrics_are_what_evaluate_reports() {
    let reference = checked_in("functions28.json");
    for case in list(&reference["metrics"]) {
        let metric = Metric::from(text(&case["metric"]));
        let labels = if case["integers"] == true { DType::I64 } else { DType::F32 };
        let y = Tensor::from(array(&case["y"]).cast(labels));
        let got = metric.call(&y, &float32(&case["yhat"])).unwrap();
        let want = array(&case["history"][metric.name()]);
        assert_value(&format!("{} of {case}", metric.name()), &got, &want, 2e-6, 1e-7);
    }
}

#[test]
fn names_are_those_of_a_history() {
    let metrics = [
        Metric::from("mae"),
        "acc".into(),
        accuracy.into(),
        mean_absolute_error.into(),
        ("mine", |y: &Tensor, yhat: &Tensor| (y - yhat).abs().max()).into(),
        (|y: &Tensor, yhat: &Tensor| (y - yhat).abs().max()).into(),
        Loss::from(Huber::new(0.5)).into(),
        Metric::from("mse").named("error"),
    ];
    let names = metrics.each_ref().map(|m| m.name());
    assert_eq!(names, ["mae", "acc", "accuracy", "mean_absolute_error", "mine", "custom", "huber", "error"]);
}

#[test]
fn accuracy_goes_by_shapes() {
    let p = Tensor::from([[0.1, 0.9], [0.6, 0.4], [0.3, 0.7]]);
    let of = |y: Tensor, yhat: &Tensor| Metric::from(accuracy).call(&y, yhat).unwrap().eval().unwrap().item();
    let near = |a: f64, b: f64| assert!((a - b).abs() < 1e-7, "{a} is not {b}");
    near(of([1, 1, 1].into(), &p), 2.0 / 3.0);
    near(of([[1], [0], [0]].into(), &p), 2.0 / 3.0);
    near(of([[0.0, 1.0], [1.0, 0.0], [0.0, 1.0]].into(), &p), 1.0);
    near(of([true, false, false].into(), &p.column(1).expand_dims(-1)), 2.0 / 3.0);
}
