//! Outputs taken apart by units.

use yhat::{Decomposition, prelude::*};

fn near(a: &[f64], b: &[f64], tolerance: f64) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| (a - b).abs() < tolerance)
}

#[test]
fn the_parts_of_512_units_add_up_and_are_sorted() {
    let x = Array::linspace(-1.0, 1.0, 200);
    set_seed(43056);
    let mut net = Sequential::from_layers([Dense::new(512).activation("relu"), Dense::new(1)]);
    net.compile(Sgd::new(0.1), "mse");
    net.fit(&x, x.mapv(f64::abs), Fit::epochs(100).batch_size(200)).unwrap();
    let parts = net.decomposition(&x).unwrap();
    let (weights, yhat) = (net.get_weights().unwrap(), net.predict(&x).unwrap().to_vec());
    assert!(near(&parts.total, &yhat, 1e-6));
    assert_eq!(parts.contributions.len(), 512);
    assert!(parts.contributions.windows(2).all(|pair| pair[0].spread >= pair[1].spread));
    let sum = |i: usize| parts.bias + parts.contributions.iter().map(|part| part.values[i]).sum::<f64>();
    assert!(near(&(0..200).map(sum).collect::<Vec<_>>(), &yhat, 1e-5));
    let stacked = parts.stacked();
    assert_eq!((stacked.len(), &stacked[512]), (513, &parts.total));
    assert!(near(&stacked[0], &[weights[3].item(); 200], 1e-12));
    // A kink is where w x + b is 0, and only those between the points are seen.
    for part in &parts.contributions {
        let kink = -weights[1].at(&[part.unit]) / weights[0].at(&[0, part.unit]);
        match part.kinks[..] {
            [at] => assert!((at - kink).abs() < 1e-4, "unit {}: {at} {kink}", part.unit),
            [] => assert!(kink.abs() > 0.999),
            _ => panic!("a straight line crosses 0 once"),
        }
    }
    let enough = parts.enough(0.01);
    assert!(0 < enough && enough < 512 && parts.enough(0.2) < enough && parts.enough(f64::INFINITY) == 0);
}

#[test]
fn any_layer_output_and_input() {
    let x = Array::from([[0.0, 1.0], [1.0, -1.0], [2.0, 0.5], [-1.0, 0.25]]);
    let l2 = Dense::new(3).activation("tanh").named("second");
    let mut net = Sequential::from_layers([
        Dense::new(4).activation("relu").named("first").any(),
        l2.any(),
        Dense::new(2).activation("sigmoid").any(),
    ]);
    net.build(2).unwrap();
    let parts = net.decomposition_of("first", 2, 1, &x).unwrap();
    assert_eq!((parts.layer.as_str(), parts.of.as_str(), parts.output, parts.input), ("first", "second", 2, 1));
    assert_eq!(parts.x, [1.0, -1.0, 0.5, 0.25]);
    let tanh: Vec<f64> = parts.total.iter().map(|u| u.tanh()).collect();
    let h = net.layers()[1].call(net.layers()[0].call(&x).unwrap()).unwrap().eval().unwrap();
    assert!(near(&tanh, &h.column(2).to_vec(), 1e-6));
    // Of the last layer the sum before its sigmoid.
    let last = net.decomposition(&x).unwrap();
    assert_eq!((last.layer.as_str(), last.contributions.len()), ("second", 3));
    let p: Vec<f64> = last.total.iter().map(|u| 1.0 / (1.0 + (-u).exp())).collect();
    assert!(near(&p, &net.predict(&x).unwrap().column(0).to_vec(), 1e-6));
}

#[test]
fn mistakes() {
    let x = Array::linspace(-1.0, 1.0, 5);
    let line = Sequential::from_layers([Dense::new(1).named("only")]);
    assert!(line.decomposition(&x).unwrap_err().to_string().contains("expected a net with a hidden layer"));
    let layers =
        [Dense::new(2).named("a").any(), Flatten::new().any(), ReLU::new().any(), Dense::new(1).named("b").any()];
    let net = Sequential::from_layers(layers);
    assert!(net.decomposition(&x).is_ok());
    let message = |result: yhat::Result<Decomposition>| result.unwrap_err().to_string();
    assert_eq!(message(net.decomposition_of("c", 0, 0, &x)), "unknown hidden layer 'c'; did you mean 'a'?");
    assert!(message(net.decomposition_of("a", 1, 0, &x)).contains("output: expected a number from 0 to 0, got 1"));
    assert!(message(net.decomposition_of("a", 0, 1, &x)).contains("input: expected a number from 0 to 0, got 1"));
    assert!(net.decomposition(Array::zeros([2, 3])).is_err());
}
