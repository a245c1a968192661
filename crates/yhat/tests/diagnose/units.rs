//! Dead, idle and equal units, planted into nets that fit exactly.

use super::*;
use Kind::*;

/// A relu net of given units (weight, bias, weight in the next layer), and the targets that it has exactly.
fn exact(units: &[[f64; 3]], activation: &str) -> (Sequential, Array, Array) {
    let column = |k: usize| units.iter().map(|u| u[k]).collect::<Vec<_>>();
    let n = units.len();
    let weights = vec![
        Array::from(column(0)).reshape([1, n]).unwrap(),
        Array::from(column(1)),
        Array::from(column(2)).reshape([n, 1]).unwrap(),
        Array::from([0.25]),
    ];
    let net = net([dense(n).activation(activation), dense(1)], 1, weights);
    let x = points();
    let y = net.predict(&x).unwrap();
    (net, x, y)
}

#[test]
fn all_units_at_work() {
    let (net, x, y) = exact(&[[1.0, 0.05, 2.0], [-1.0, 0.35, 1.0]], "relu");
    assert_found(&net, &x, &y, &[Minimum]);
}

#[test]
fn a_planted_dead_unit() {
    let (net, x, y) = exact(&[[1.0, 0.05, 2.0], [0.5, -5.0, 1.0], [-1.0, 0.35, 1.0]], "relu");
    let diagnosis = assert_found(&net, &x, &y, &[Minimum, DeadUnits]);
    let dead = diagnosis.get(DeadUnits).unwrap();
    assert_eq!(dead.get("units").unwrap().to_string(), "1");
    assert_eq!((dead.number("count"), dead.number("all"), dead.number("rows")), (Some(1.0), Some(3.0), Some(100.0)));
}

/// On a single row it is not zero: then it is not dead.
#[test]
fn a_unit_that_is_nearly_dead_is_not() {
    let (net, x, y) = exact(&[[1.0, 0.05, 2.0], [1.0, -0.99, 1.0]], "relu");
    assert_found(&net, &x, &y, &[Minimum]);
}

#[test]
fn units_that_can_never_be_dead() {
    for activation in ["elu", "leaky_relu", "softplus"] {
        let (net, x, y) = exact(&[[1.0, 0.05, 2.0], [0.5, -2.0, 1.0], [-1.0, 0.35, 1.0]], activation);
        assert_found(&net, &x, &y, &[Minimum]);
    }
}

#[test]
fn all_units_dead() {
    let weights = vec![Array::from([[1.0, -1.0]]), Array::from([-5.0, -5.0]), Array::ones([2, 1]), Array::zeros(1)];
    let net = net([dense(2).activation("relu"), dense(1)], 1, weights);
    let diagnosis = assert_found(&net, &points(), &points(), &[WorseMinimum, Minimum, DeadUnits]);
    assert_eq!(evidence(&diagnosis, DeadUnits, "count"), 2.0);
    // Only the last bias is felt; the other six directions are flat.
    assert_eq!(evidence(&diagnosis, Minimum, "flat"), 6.0);
    assert!(evidence(&diagnosis, WorseMinimum, "better") >= 15.0);
}

#[test]
fn an_activation_layer_of_its_own_counts() {
    let layers = [dense(2).any(), ReLU::new().with_dtype(DType::F64).any(), dense(1).any()];
    let weights = vec![Array::from([[1.0, -1.0]]), Array::from([-5.0, 2.0]), Array::ones([2, 1]), Array::zeros(1)];
    let net = net(layers, 1, weights);
    let (x, y) = (points(), net.predict(points()).unwrap());
    assert_found(&net, &x, &y, &[Minimum, DeadUnits]);
}

#[test]
fn units_of_a_net_in_a_net() {
    let inner = Sequential::from_layers([dense(2).activation("relu")]);
    let weights = vec![Array::from([[1.0, -1.0]]), Array::from([-5.0, 2.0]), Array::ones([2, 1]), Array::zeros(1)];
    let net = net([inner.any(), dense(1).any()], 1, weights);
    let (x, y) = (points(), net.predict(points()).unwrap());
    assert_found(&net, &x, &y, &[Minimum, DeadUnits]);
}

#[test]
fn a_planted_idle_unit() {
    let (net, x, y) = exact(&[[1.0, 0.05, 2.0], [-0.7, 0.1, 0.0], [-1.0, 0.35, 1.0]], "relu");
    let diagnosis = assert_found(&net, &x, &y, &[Minimum, IdleUnits]);
    assert_eq!(diagnosis.get(IdleUnits).unwrap().get("units").unwrap().to_string(), "1");
}

#[test]
fn planted_copies() {
    for (units, activation, copies) in [
        (vec![[1.0, 0.05, 2.0], [-1.0, 0.35, 1.0], [2.0, 0.1, -0.5]], "relu", "2"),
        (vec![[1.0, 0.05, 2.0], [-1.0, 0.35, 1.0], [1.0, 0.05, -0.5]], "tanh", "2"),
        (vec![[1.0, 1.0, 0.5]; 4], "tanh", "1, 2, 3"),
    ] {
        let (net, x, y) = exact(&units, activation);
        let diagnosis = assert_found(&net, &x, &y, &[Minimum, DuplicateUnits]);
        assert_eq!(diagnosis.get(DuplicateUnits).unwrap().get("units").unwrap().to_string(), copies);
    }
}

/// The same line with opposite signs, or another kink: no copies.
#[test]
fn units_that_are_not_copies() {
    let (net, x, y) = exact(&[[1.0, 0.05, 2.0], [-1.0, -0.05, 1.0], [1.0, 0.051, -0.5], [2.0, 0.05, 1.0]], "relu");
    assert_found(&net, &x, &y, &[Minimum]);
}

#[test]
fn dead_and_idle_and_copied_at_once() {
    let units = [[1.0, 0.05, 2.0], [1.0, -3.0, 1.0], [0.5, 0.3, 0.0], [2.0, 0.1, 1.0], [-1.0, 0.35, 1.0]];
    let (net, x, y) = exact(&units, "relu");
    let diagnosis = assert_found(&net, &x, &y, &[Minimum, DeadUnits, IdleUnits, DuplicateUnits]);
    let listed: Vec<String> = [DeadUnits, IdleUnits, DuplicateUnits]
        .map(|k| diagnosis.get(k).unwrap().get("units").unwrap().to_string())
        .into();
    assert_eq!(listed, ["1", "2", "3"]);
}
