//! Curvature against other libraries: eigenvalues from LAPACK, Hessians from JAX (`reference/gen_eigen.py`).

use serde_json::Value;
use yhat::{hessian::eigh, prelude::*};

fn reference() -> Value {
    serde_json::from_str(include_str!("reference/eigen.json")).unwrap()
}

fn numbers(value: &Value) -> Vec<f64> {
    match value {
        Value::Array(parts) => parts.iter().flat_map(numbers).collect(),
        number => vec![number.as_f64().unwrap()],
    }
}

fn largest(values: &[f64]) -> f64 {
    values.iter().fold(0.0, |m: f64, x| m.max(x.abs()))
}

/// Each eigenvalue within a few roundings of the largest, as LAPACK's own are.
fn assert_near(got: &[f64], want: &[f64], tolerance: f64, what: &str) {
    assert_eq!(got.len(), want.len(), "{what}");
    let bound = tolerance * largest(want);
    for (a, b) in got.iter().zip(want) {
        assert!((a - b).abs() <= bound, "{what}: {a:e} and {b:e} differ by more than {bound:e}");
    }
}

#[test]
fn eigenvalues_are_those_of_lapack() {
    for case in reference()["matrices"].as_array().unwrap() {
        let (a, n, name) = (numbers(&case["a"]), case["n"].as_u64().unwrap() as usize, case["name"].as_str().unwrap());
        let (values, vectors) = eigh(&a, n);
        assert_near(&values, &numbers(&case["eigenvalues"]), 4e-15, name);
        for k in 0..n {
            let v = &vectors[k * n..][..n];
            for l in 0..n {
                let product: f64 = v.iter().zip(&vectors[l * n..]).map(|(a, b)| a * b).sum();
                assert!((product - f64::from(k == l)).abs() < 1e-14, "{name}: vectors {k} and {l}");
            }
            for (row, x) in a.chunks(n).zip(v) {
                let product: f64 = row.iter().zip(v).map(|(a, b)| a * b).sum();
                assert!((product - values[k] * x).abs() <= 1e-14 * largest(&a) * n as f64, "{name}: A v is not l v");
            }
        }
    }
    assert!(eigh(&[f64::NAN, 1.0, 1.0, 2.0], 2).0.iter().all(|x| x.is_nan()));
    assert_eq!(eigh(&[], 0), (vec![], vec![]));
}

/// The net of a case, with its data.
fn net(case: &Value, dtype: DType) -> (Sequential, Array, Array) {
    let shapes = numbers(&case["shapes"]);
    let rows = case["x"].as_array().unwrap().len();
    let x = Array::from(numbers(&case["x"])).reshape([rows, shapes[0] as usize]).unwrap();
    let y = Array::from(numbers(&case["y"])).reshape([rows, 1]).unwrap();
    let mut net = Sequential::new();
    let bce = case["loss"] == "bce";
    for (i, units) in shapes[1..].iter().enumerate() {
        let last = if bce { "sigmoid" } else { "linear" };
        let activation = if i + 2 == shapes.len() { last } else { case["activation"].as_str().unwrap() };
        net.add(Dense::new(*units as usize).activation(activation).with_dtype(dtype));
    }
    net.compile("sgd", if bce { "binary_crossentropy" } else { "mse" });
    net.build(shapes[0] as usize).unwrap();
    let parts = case["weights"].as_array().unwrap().iter().zip(net.get_weights().unwrap());
    let weights: Vec<Array> = parts.map(|(w, like)| Array::from(numbers(w)).reshape(like.shape()).unwrap()).collect();
    net.set_weights(weights).unwrap();
    (net, x, y)
}

#[test]
fn hessians_are_those_of_jax() {
    for case in reference()["nets"].as_array().unwrap() {
        let name = case["name"].as_str().unwrap();
        let (net, x, y) = net(case, DType::F64);
        let mut hessian = net.hessian(&x, &y).unwrap();
        let (loss, gradient) = hessian.gradient().unwrap();
        assert!((loss - case["value"].as_f64().unwrap()).abs() < 1e-13, "{name}");
        assert_near(&gradient, &numbers(&case["gradient"]), 1e-12, name);
        let want = numbers(&case["eigenvalues"]);
        let matrix = hessian.matrix().unwrap();
        assert_near(&eigh(&matrix.to_vec(), hessian.size()).0, &want, 1e-12, name);
    }
}

/// On mid-size nets the outermost eigenvalues of 201 are found from a third of the products, and errors are not understated.
#[test]
fn lanczos_finds_the_outermost() {
    let reference = reference();
    let case = reference["nets"].as_array().unwrap().last().unwrap();
    let (net, x, y) = net(case, DType::F64);
    let want = numbers(&case["eigenvalues"]);
    let mut hessian = net.hessian(&x, &y).unwrap();
    assert_eq!(hessian.size(), 201);
    let found = hessian.spectrum().unwrap();
    assert!(!found.whole && found.products <= 96, "{}", found.products);
    let scale = largest(&want);
    assert!((found.lowest() - want[0]).abs() < 1e-8 * scale, "{} {}", found.lowest(), want[0]);
    assert!((found.highest() - want[200]).abs() < 1e-8 * scale);
    for (ritz, error) in found.eigenvalues.iter().zip(&found.errors) {
        let nearest = want.iter().map(|x| (x - ritz).abs()).fold(f64::INFINITY, f64::min);
        assert!(nearest <= error + 1e-12 * scale, "{ritz} is {nearest} from an eigenvalue, said to be within {error}");
    }
    let outermost = found.lowest_directions.iter().chain(&found.highest_directions);
    for (direction, value) in outermost.zip([want[0], want[1], want[200], want[199]]) {
        let product = hessian.times(direction).unwrap();
        let along: f64 = product.iter().zip(direction).map(|(a, b)| a * b).sum();
        assert!((along - value).abs() < 1e-7 * scale, "{along} {value}");
    }
    // Few steps give bounds from inside.
    let few = hessian.lanczos(5).unwrap();
    assert!(few.products == 5 && few.lowest() > want[0] && few.highest() < want[200]);
}

#[test]
fn a_float32_net_is_looked_at_in_float64() {
    let reference = reference();
    for case in reference["nets"].as_array().unwrap() {
        let (wide, x, y) = net(case, DType::F64);
        let (narrow, ..) = net(case, DType::F32);
        // The same weights and data, rounded: then everything is equal to float64's last digits.
        let round = |a: &Array| a.cast(DType::F32).cast(DType::F64);
        wide.set_weights(narrow.get_weights().unwrap()).unwrap();
        let mut a = wide.hessian(round(&x), round(&y)).unwrap();
        let mut b = narrow.hessian(&x, &y).unwrap();
        assert_near(&a.gradient().unwrap().1, &b.gradient().unwrap().1, 1e-13, "gradient");
        assert_near(&a.matrix().unwrap().to_vec(), &b.matrix().unwrap().to_vec(), 1e-13, "Hessian");
    }
}

#[test]
fn names_moves_and_mistakes() {
    let x = Array::from([[1.0, 2.0], [3.0, 4.0], [0.5, -1.0]]);
    let mut net = Sequential::from_layers([Dense::new(3).named("one"), Dense::new(1).named("two")]);
    net.compile("sgd", "mse");
    let mut hessian = net.hessian(&x, [1.0, 2.0, 3.0]).unwrap();
    assert_eq!(hessian.size(), 13);
    assert_eq!(
        [0, 4, 8, 12].map(|i| hessian.name(i)),
        ["one/kernel[0, 0]", "one/kernel[1, 1]", "one/bias[2]", "two/bias[0]"]
    );
    let (before, here) = (net.get_weights().unwrap(), hessian.loss().unwrap());
    let mut there = hessian.weights().to_vec();
    there[12] += 0.5;
    let mut along = vec![0.0; 13];
    along[12] = 1.0;
    let beside = hessian.loss_along(&along, 0.5).unwrap();
    assert_eq!(hessian.loss().unwrap(), here);
    hessian.move_to(&there).unwrap();
    assert_eq!(hessian.loss().unwrap(), beside);
    assert_eq!(net.get_weights().unwrap(), before);

    let message = hessian.times(&[1.0]).unwrap_err().to_string();
    assert_eq!(message, "a vector of the Hessian: expected 13 numbers, got 1");
    let uncompiled = Sequential::from_layers([Dense::new(1)]);
    assert!(uncompiled.hessian(&x, [1.0, 2.0, 3.0]).is_err());
    net.set_trainable(false);
    net.compile("sgd", "mse");
    let message = net.hessian(&x, [1.0, 2.0, 3.0]).err().unwrap().to_string();
    assert!(message.contains("needs trainable weights"), "{message}");
}
