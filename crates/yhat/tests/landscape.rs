//! Landscapes: against evaluation of the net itself, and principal directions against NumPy.

use std::process::Command;

use yhat::{
    callbacks::Path,
    landscape::{Eigenvectors, Landscape, Plane},
    prelude::*,
};

fn data(rows: usize) -> (Array, Array) {
    let mut rng = RandomState::new(3);
    let x: Vec<f64> = (0..2 * rows).map(|_| rng.uniform(-1.0, 1.0)).collect();
    let y: Vec<f64> = x.chunks(2).map(|x| (3.0 * x[0]).sin() * x[1]).collect();
    (Array::new([rows, 2], x).unwrap(), Array::new([rows, 1], y).unwrap())
}

fn net() -> Sequential {
    set_seed(7);
    let mut net = Sequential::from_layers([
        Dense::new(4).activation(relu).kernel_regularizer(l2(0.01)).named("a"),
        Dense::new(3).activation(tanh).named("b"),
        Dense::new(1).named("c"),
    ]);
    net.compile(Sgd::new(0.1), "mse");
    net.build(2).unwrap();
    net
}

/// The loss where the net's weights are others, by the net itself.
fn evaluated(net: &Sequential, weights: &[Array], x: &Array, y: &Array) -> f64 {
    let before = net.get_weights().unwrap();
    net.set_weights(weights.to_vec()).unwrap();
    let loss = net.test_on_batch(x, y).unwrap()["loss"];
    net.set_weights(before).unwrap();
    loss
}

#[test]
fn the_loss_is_that_of_the_net_there() {
    let (x, y) = data(300);
    let net = net();
    let (first, second) =
        (net.get_weights().unwrap(), net.get_weights().unwrap().iter().map(|w| w.mapv(f64::cos)).collect::<Vec<_>>());
    let planes = [
        Plane::parameters(&net, ("a/kernel", 5), ("c/bias", 0)).unwrap(),
        Plane::parameters(&net, (2, 11), (0, 0)).unwrap(),
        Plane::random(&net, 0).unwrap(),
        Plane::directions(&net, &first, &second).unwrap(),
    ];
    let before = net.get_weights().unwrap();
    for plane in planes {
        let surface =
            Landscape::new(plane.clone()).range(-1.5..=1.0, -0.5..=2.0).size(9, 6).compute(&net, &x, &y).unwrap();
        assert_eq!(surface.loss.shape()[..], [6, 9]);
        for (j, b) in surface.second.to_vec().into_iter().enumerate() {
            for (i, a) in surface.first.to_vec().into_iter().enumerate() {
                let expected = evaluated(&net, &plane.weights_at([a, b]), &x, &y);
                assert_eq!(surface.loss.at(&[j, i]), expected, "{:?} at {a}, {b}", surface.axes);
            }
        }
    }
    assert_eq!(net.get_weights().unwrap(), before);
}

#[test]
fn two_parameters_take_their_values() {
    let (x, y) = data(50);
    let net = net();
    let plane = Plane::parameters(&net, ("b/kernel", 7), ("a/bias", 2)).unwrap();
    assert_eq!(plane.names(), &["b/kernel[2, 1]", "a/bias[2]"]);
    let weights = plane.weights_at([0.25, -3.0]);
    assert_eq!((weights[2].at(&[2, 1]), weights[1].at(&[2])), (0.25, -3.0));
    let other = |i: usize, w: &Array| (i == 2 || i == 1) || *w == net.get_weights().unwrap()[i];
    assert!(weights.iter().enumerate().all(|(i, w)| other(i, w)));
    let ([a, b], distance) = plane.project(&net.get_weights().unwrap()).unwrap();
    let now = net.get_weights().unwrap();
    assert!((a - now[2].at(&[2, 1])).abs() < 1e-12 && (b - now[1].at(&[2])).abs() < 1e-12 && distance < 1e-12);
    let _ = (x, y);
}

#[test]
fn random_directions_are_filter_normalised() {
    let net = net();
    net.layers()[1].set_trainable(false);
    let plane = Plane::random(&net, 4).unwrap();
    let (at, origin) = (plane.weights_at([1.0, 0.0]), net.get_weights().unwrap());
    let direction = |k: usize| at[k].to_vec().iter().zip(origin[k].to_vec()).map(|(a, o)| a - o).collect::<Vec<_>>();
    for k in [0, 4] {
        let units = origin[k].shape()[1];
        let length = |v: &[f64], j: usize| v.iter().skip(j).step_by(units).map(|x| x * x).sum::<f64>().sqrt();
        for j in 0..units {
            let (d, w) = (length(&direction(k), j), length(&origin[k].to_vec(), j));
            assert!((d - w).abs() < 1e-5 * w, "weight {k}, unit {j}: {d} and {w}");
        }
    }
    for k in [1, 2, 3, 5] {
        assert!(direction(k).iter().all(|d| *d == 0.0), "biases and frozen weights stay");
    }
}

/// Where a projected path lies, the surface says so.
#[test]
fn paths_with_their_distances() {
    let (x, y) = data(100);
    let mut net = net();
    let mut recorder = Recorder::every(4);
    net.fit(&x, &y, Fit::epochs(60).batch_size(100).callback(&mut recorder)).unwrap();
    let path = recorder.path();
    let (u, v) = (path.weights[3].clone(), path.weights[8].iter().map(|w| w.mapv(f64::sin)).collect::<Vec<_>>());
    let plane = Plane::directions(&net, &u, &v).unwrap();
    let surface = Landscape::new(plane.clone()).size(5, 4).path("SGD", path).compute(&net, &x, &y).unwrap();
    let track = &surface.tracks[0];
    assert_eq!((track.name.as_str(), &track.epochs), ("SGD", &path.epochs));
    let flat = |weights: &[Array]| weights.iter().flat_map(Array::to_vec).collect::<Vec<f64>>();
    for (i, weights) in path.weights.iter().enumerate() {
        assert_eq!(track.loss[i], evaluated(&net, weights, &x, &y));
        let foot = plane.weights_at([track.first[i], track.second[i]]);
        assert_eq!(track.plane_loss[i], evaluated(&net, &foot, &x, &y));
        let off: Vec<f64> = flat(weights).iter().zip(flat(&foot)).map(|(w, f)| w - f).collect();
        let length = off.iter().map(|x| x * x).sum::<f64>().sqrt();
        assert!((length - track.distance[i]).abs() < 1e-5, "{length} {}", track.distance[i]);
        // The foot is the nearest point: what is left is at right angles to both directions.
        for d in [&u, &v] {
            let d = flat(d);
            let along: f64 = off.iter().zip(&d).map(|(a, b)| a * b).sum();
            assert!(along.abs() < 1e-4, "{along}");
        }
    }
    // The path's end is the plane's origin; its beginning is off the plane, and the plane is wrong there.
    assert!(track.distance[track.distance.len() - 1] < 1e-6);
    assert!(track.distance[0] > 0.01 && (track.loss[0] - track.plane_loss[0]).abs() > 1e-4);
    assert!(track.shown().iter().all(|s| (0.0..=1.0).contains(s)));
    let inside =
        |range: &Array, v: &[f64]| v.iter().all(|c| (range.at(&[0])..=range.at(&[range.size() - 1])).contains(c));
    assert!(inside(&surface.first, &track.first) && inside(&surface.second, &track.second));
}

/// Records `sin(3 i + j) (j + 1)` plus `i²/20` on the first: for NumPy
/// `a = np.array([[np.sin(3*i + j)*(j + 1) + (j == 0)*i*i/20 for j in range(p)] for i in range(n)])`,
/// `s = np.linalg.svd(a - a.mean(0))`; shares `s[1]**2 / sum(s[1]**2)`, directions `s[2][:2]`.
fn planted(n: usize, shapes: &[&[usize]]) -> Path {
    let record = |i: usize| {
        let mut j = 0;
        let mut array = |shape: &&[usize]| {
            let size: usize = shape.iter().product();
            let number = |k: usize| {
                let (i, j) = (i as f64, (j + k) as f64);
                (3.0 * i + j).sin() * (j + 1.0) + if j == 0.0 { i * i / 20.0 } else { 0.0 }
            };
            let array = Array::new(*shape, (0..size).map(number).collect::<Vec<f64>>()).unwrap();
            j += size;
            array
        };
        shapes.iter().map(&mut array).collect()
    };
    Path { epochs: (0..n).collect(), weights: (0..n).map(record).collect() }
}

#[test]
fn principal_directions_are_numpys() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference/principal.json");
    let reference: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    for case in reference.as_array().unwrap() {
        let (n, hidden) = (case["n"].as_u64().unwrap() as usize, case["hidden"].as_u64().unwrap() as usize);
        let mut net =
            Sequential::from_layers([Dense::new(hidden).with_dtype(DType::F64), Dense::new(1).with_dtype(DType::F64)]);
        net.build(1).unwrap();
        let path = planted(n, &[&[1, hidden], &[hidden], &[hidden, 1], &[1]]);
        net.set_weights(path.weights[0].clone()).unwrap();
        let plane = Plane::principal(&net, [&path]).unwrap();
        let numbers =
            |v: &serde_json::Value| v.as_array().unwrap().iter().map(|x| x.as_f64().unwrap()).collect::<Vec<_>>();
        for (got, expected) in plane.shares().unwrap().iter().zip(numbers(&case["shares"])) {
            assert!((got - expected).abs() < 1e-12, "{n} x {hidden}: {got} {expected}");
        }
        let flat = |w: &[Array]| w.iter().flat_map(Array::to_vec).collect::<Vec<f64>>();
        let origin = flat(&path.weights[0]);
        for (k, at) in [[1.0, 0.0], [0.0, 1.0]].into_iter().enumerate() {
            let direction: Vec<f64> = flat(&plane.weights_at(at)).iter().zip(&origin).map(|(w, o)| w - o).collect();
            let expected = numbers(&case["directions"][k]);
            let along: f64 = direction.iter().zip(&expected).map(|(a, b)| a * b).sum();
            assert!((along.abs() - 1.0).abs() < 1e-9, "{n} x {hidden}, direction {k}: {along}");
        }
    }
}

/// A line's squared error is a parabola, so along eigenvectors `u` and `v` it is `loss + (k1 a^2 + k2 b^2) / 2` in every point
/// of the plane through its minimum, with the eigenvalues of `2 X'X / n`. `X` is chosen with orthogonal columns of known
/// lengths, so these are known too. 3 weights are looked at as a whole, 161 by Lanczos's method.
#[test]
fn along_eigenvectors_a_parabola_is_a_parabola() {
    for inputs in [2, 160] {
        let rows = 2 * inputs;
        // Row j and row n + j are +-c_j along input j: columns at right angles to each other and to ones.
        let length =
            |j: usize| if j < 3 { [9.0, 7.0, 2.0][j] } else { 3.0 + (j as f64) / 200.0 } * (inputs as f64).sqrt();
        let numbers = (0..rows * inputs).map(|k| {
            let (row, j) = (k / inputs, k % inputs);
            if row % inputs == j { length(j) * if row < inputs { 1.0 } else { -1.0 } } else { 0.0 }
        });
        let x = Array::from(numbers.collect::<Vec<_>>()).reshape([rows, inputs]).unwrap();
        let frozen = Dense::new(inputs).with_dtype(DType::F64).use_bias(false).with_trainable(false);
        let mut net = Sequential::from_layers([frozen, Dense::new(1).with_dtype(DType::F64)]);
        net.compile(Sgd::new(0.001), "mse");
        net.build(inputs).unwrap();
        let identity = (0..inputs * inputs).map(|k| f64::from(u8::from(k / inputs == k % inputs))).collect::<Vec<_>>();
        let kernel =
            Array::from((0..inputs).map(|j| (j as f64).cos()).collect::<Vec<_>>()).reshape([inputs, 1]).unwrap();
        let identity = Array::from(identity).reshape([inputs, inputs]).unwrap();
        net.set_weights([identity, kernel, Array::from([0.3])]).unwrap();
        let y = net.predict(&x).unwrap();
        // 2 / rows times the squares of a column: c_j^2 / inputs; 2 for the bias.
        let curvature = |j: usize| 2.0 * length(j).powi(2) / inputs as f64;
        let spectrum = net.hessian(&x, &y).unwrap().spectrum().unwrap();
        assert_eq!(spectrum.whole, inputs == 2);
        let expected = [
            (Eigenvectors::Steepest, [curvature(0), curvature(1)]),
            (Eigenvectors::Extremes, [curvature(0), 2.0]),
            (Eigenvectors::Softest, [2.0, if inputs == 2 { curvature(1) } else { curvature(2) }]),
        ];
        for (which, [k1, k2]) in expected {
            let plane = Plane::eigenvectors(&net, &spectrum, which).unwrap();
            let surface =
                Landscape::new(plane.clone()).range(-1.0..=1.0, -0.5..=2.0).size(7, 5).compute(&net, &x, &y).unwrap();
            for (j, b) in surface.second.to_vec().into_iter().enumerate() {
                for (i, a) in surface.first.to_vec().into_iter().enumerate() {
                    let (got, parabola) = (surface.loss.at(&[j, i]), (k1 * a * a + k2 * b * b) / 2.0);
                    assert!(
                        (got - parabola).abs() < 1e-6 * k1,
                        "{which:?}, {inputs} inputs, {a}, {b}: {got} {parabola}"
                    );
                }
            }
            let weights = plane.weights_at([1.0, 1.0]);
            assert_eq!(weights[0], net.get_weights().unwrap()[0], "what is not trained stays");
        }
    }
}

/// Prints every bit of a landscape; [`threads_do_not_change_a_bit`] reads it from processes of this test.
#[test]
fn digest() {
    let (x, y) = data(3000);
    let net = net();
    let surface = Landscape::new(Plane::random(&net, 1).unwrap()).size(13, 11).compute(&net, &x, &y).unwrap();
    println!("\nbits={:?}", surface.loss.to_vec().iter().map(|x| x.to_bits()).collect::<Vec<_>>());
}

#[test]
fn threads_do_not_change_a_bit() {
    let digest = |threads: &str| {
        let mut test = Command::new(std::env::current_exe().unwrap());
        test.args(["--exact", "digest", "--nocapture"]).env("YHAT_THREADS", threads);
        let text = String::from_utf8(test.output().unwrap().stdout).unwrap();
        text.lines().find_map(|line| line.strip_prefix("bits=")).expect("a digest").to_string()
    };
    let one = digest("1");
    assert!(["1", "2", "5"].iter().all(|threads| digest(threads) == one));
}

#[test]
fn mistakes_are_named() {
    let (x, y) = data(20);
    let net = net();
    let message = |plane: yhat::Result<Plane>| plane.unwrap_err().to_string();
    assert_eq!(
        message(Plane::parameters(&net, ("a/kernl", 0), (0, 1))),
        "unknown weight 'a/kernl'; did you mean 'a/kernel'?"
    );
    let outside = "parameter: expected an element of a/kernel with shape (2, 4), got 8";
    assert_eq!(message(Plane::parameters(&net, ("a/kernel", 8), (0, 1))), outside);
    assert_eq!(
        message(Plane::parameters(&net, ("a/kernel", 1), (0, 1))),
        "Plane::parameters: expected two parameters, got a/kernel[0, 1] twice"
    );
    let weights = net.get_weights().unwrap();
    let twice = message(Plane::directions(&net, &weights, &weights));
    assert_eq!(twice, "Plane::directions: expected two directions that span a plane, got directions that do not");
    assert!(
        message(Plane::directions(&net, &weights[1..], &weights))
            .starts_with("plane: expected weights of the net, (2, 4), (4,)")
    );
    let still = Path { epochs: vec![0, 1, 2], weights: vec![weights.clone(); 3] };
    assert_eq!(
        message(Plane::principal(&net, [&still])),
        "Plane::principal: expected paths that span a plane, got 3 records"
    );
    let (mut one, u) = (Sequential::from_layers([Dense::new(1).use_bias(false).input_shape(1)]), Array::from([1.0]));
    one.compile("sgd", "mse");
    let spectrum = one.hessian(&u, &u).unwrap().spectrum().unwrap();
    let alone = "Plane::eigenvectors: expected a spectrum of at least two eigenvalues, got 1";
    assert_eq!(message(Plane::eigenvectors(&one, &spectrum, Eigenvectors::Extremes)), alone);
    let of_another = net.hessian(&x, &y).unwrap().spectrum().unwrap();
    let mut two = Sequential::from_layers([Dense::new(1).input_shape(1)]);
    two.compile("sgd", "mse");
    let expected = "Plane::eigenvectors: expected a spectrum of 2 weights, got directions of 31";
    assert_eq!(message(Plane::eigenvectors(&two, &of_another, Eigenvectors::Extremes)), expected);
    let plane = Plane::random(&net, 0).unwrap();
    let compute = |l: Landscape| l.compute(&net, &x, &y).unwrap_err().to_string();
    assert!(compute(Landscape::new(plane.clone()).size(0, 3)).contains("at least 1 point along each axis, got 0"));
    let range = std::ops::RangeInclusive::new(1.0, 1.0);
    assert!(
        compute(Landscape::new(plane.clone()).range(range, 0.0..=1.0)).contains("the lower one first, got 1 and 1")
    );
    assert!(Landscape::new(plane).compute(&net, &x, [1.0]).is_err());
}
