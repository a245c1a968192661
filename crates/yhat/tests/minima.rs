//! Distinct minima: nets whose weights are planted, the same network in other guises, and others.

use std::sync::Arc;

use yhat::{
    Shape,
    prelude::*,
    sweep::{Minima, Sweep},
};
use yhat_tensor::random::tf;

/// A sweep of a net whose weights are `weights(seed)`, trained with a rate of 0.
fn planted(
    seeds: usize,
    x: &Array,
    layers: impl Fn(&mut dyn FnMut() -> Weighted) -> Vec<AnyLayer> + Sync,
    weights: impl Fn(i64) -> Vec<Array> + Send + Sync + 'static,
) -> Minima {
    let weights = Arc::new(weights);
    let mut sweep = Sweep::new(0..seeds as i64, || Fit::epochs(1).batch_size(1000));
    sweep.add(&[], || {
        let mut count = 0;
        let mut next = || {
            let (i, of) = (count, weights.clone());
            count += 1;
            let own = move |_: &Shape| of(tf::op_seeds().seed().unwrap_or(0))[i].clone();
            Box::new(own) as Weighted
        };
        let mut net = Sequential::from_layers(layers(&mut next));
        net.compile(Sgd::new(0.0), "mse");
        net
    });
    let y = Array::zeros([x.shape()[0], 1]);
    sweep.run(x, y).unwrap().variants[0].minima(0.02).unwrap()
}

type Weighted = Box<dyn Fn(&Shape) -> Array + Send + Sync>;

fn dense(units: usize, activation: &str, next: &mut dyn FnMut() -> Weighted) -> AnyLayer {
    let (kernel, bias) = (next(), next());
    let layer = Dense::new(units).activation(activation);
    layer.kernel_initializer(move |s: &Shape| kernel(s)).bias_initializer(move |s: &Shape| bias(s)).any()
}

fn normal(rng: &mut RandomState, shape: &[usize]) -> Array {
    let n = shape.iter().product();
    Array::new(shape, (0..n).map(|_| rng.normal(0.0, 1.0)).collect::<Vec<f64>>()).unwrap()
}

/// The weights `W1 (inputs, h1), b1, W2 (h1, h2), b2, W3 (h2, 1), b3` with the units of both hidden layers in another order,
/// and unit `j` of layer `l` multiplied by `factor(l, j)` on the way in and by `out(factor)` on the way out.
fn disguised(
    base: &[Array],
    orders: [&[usize]; 2],
    mut factor: impl FnMut() -> f64,
    out: impl Fn(f64) -> f64,
) -> Vec<Array> {
    let mut w: Vec<Vec<Vec<f64>>> = base
        .iter()
        .map(|a| {
            let columns = *a.shape().last().unwrap();
            a.to_vec().chunks(columns).map(<[f64]>::to_vec).collect()
        })
        .collect();
    for (l, order) in orders.into_iter().enumerate() {
        let factors: Vec<f64> = order.iter().map(|_| factor()).collect();
        for into in [2 * l, 2 * l + 1] {
            for row in &mut w[into] {
                *row = order.iter().zip(&factors).map(|(j, f)| row[*j] * f).collect();
            }
        }
        let rows = order.iter().zip(&factors).map(|(j, f)| w[2 * l + 2][*j].iter().map(|x| x * out(*f)).collect());
        w[2 * l + 2] = rows.collect();
    }
    base.iter().zip(w).map(|(a, w)| Array::new(a.shape(), w.concat()).unwrap()).collect()
}

fn base(seed: u32) -> Vec<Array> {
    let mut rng = RandomState::new(seed);
    [&[3usize, 4][..], &[4], &[4, 5], &[5], &[5, 1], &[1]].map(|shape| normal(&mut rng, shape)).into()
}

fn rows() -> Array {
    normal(&mut RandomState::new(1), &[200, 3])
}

#[test]
fn exchanged_and_scaled_relu_units_are_one_minimum() {
    for activation in ["relu", "leaky_relu"] {
        let layers = |next: &mut dyn FnMut() -> Weighted| {
            vec![dense(4, activation, next), dense(5, activation, next), dense(1, "linear", next)]
        };
        // Seeds 0 to 5 are one network, 6 to 11 another one, 12 one whose factors are negative.
        let minima = planted(13, &rows(), layers, |seed| {
            let mut rng = RandomState::new(seed as u32);
            let (first, second) = (rng.permutation(4), rng.permutation(5));
            let sign = if seed == 12 { -1.0 } else { 1.0 };
            let factor = move || sign * rng.uniform(0.2, 5.0);
            disguised(&base(if seed < 6 || seed == 12 { 100 } else { 200 }), [&first, &second], factor, |f| 1.0 / f)
        });
        let mut groups: Vec<Vec<i64>> = minima.distinct.iter().map(|m| m.seeds.clone()).collect();
        groups.iter_mut().for_each(|g| g.sort());
        groups.sort();
        assert_eq!(groups, [vec![0, 1, 2, 3, 4, 5], (6..12).collect(), vec![12]], "{activation}");
    }
}

#[test]
fn tanh_units_may_be_turned_and_not_scaled() {
    let layers = |next: &mut dyn FnMut() -> Weighted| {
        vec![dense(4, "tanh", next), dense(5, "tanh", next), dense(1, "linear", next)]
    };
    let minima = planted(8, &rows(), layers, |seed| {
        let mut rng = RandomState::new(seed as u32);
        let size = if seed < 6 { 1.0 } else { 1.5 };
        let factor = move || if rng.uniform(0.0, 1.0) < 0.5 { -size } else { size };
        disguised(&base(100), [&[3, 1, 0, 2], &[4, 0, 3, 1, 2]], factor, |f| 1.0 / f)
    });
    let mut sizes: Vec<usize> = minima.distinct.iter().map(|m| m.seeds.len()).collect();
    sizes.sort();
    assert_eq!(sizes[sizes.len() - 1], 6, "{:?}", minima.distinct.iter().map(|m| &m.seeds).collect::<Vec<_>>());
    assert_eq!(sizes.iter().sum::<usize>(), 8);
}

#[test]
fn sigmoid_units_may_only_be_exchanged() {
    let layers = |next: &mut dyn FnMut() -> Weighted| {
        vec![dense(4, "sigmoid", next), dense(5, "sigmoid", next), dense(1, "linear", next)]
    };
    let minima = planted(4, &rows(), layers, |seed| {
        let factor = move || if seed == 3 { -1.0 } else { 1.0 };
        disguised(&base(100), [&[2, 3, 1, 0], &[1, 0, 2, 4, 3]], factor, |f| 1.0 / f)
    });
    let mut groups: Vec<Vec<i64>> = minima.distinct.iter().map(|m| m.seeds.clone()).collect();
    groups.sort();
    assert_eq!(groups, [vec![0, 1, 2], vec![3]]);
}

/// Units that do nothing on the data differ from seed to seed and do not count; nor does how a line is put together.
#[test]
fn dead_units_and_lines_do_not_count() {
    let x = Array::linspace(-1.0, 1.0, 50).reshape([50, 1]).unwrap();
    let layers = |next: &mut dyn FnMut() -> Weighted| vec![dense(4, "relu", next), dense(1, "linear", next)];
    let minima = planted(8, &x, layers, |seed| {
        let mut rng = RandomState::new(seed as u32);
        // A kinked unit, a unit that is off, one with no weight out of it, and one that is on everywhere and gives, with
        // the last bias, 2 x + 0.5.
        let (w, b) = (rng.uniform(0.5, 2.0), rng.uniform(2.5, 4.0));
        let off = rng.uniform(-2.0, -1.5);
        let kink = if seed == 7 { 0.4 } else { 0.1 };
        vec![
            Array::from([[1.0, 1.0, rng.uniform(-1.0, 1.0), w]]),
            Array::from([-kink, off, 0.3, b]),
            Array::from([[3.0], [rng.uniform(-5.0, 5.0)], [0.0], [2.0 / w]]),
            Array::from([0.5 - 2.0 / w * b]),
        ]
    });
    let mut groups: Vec<Vec<i64>> = minima.distinct.iter().map(|m| m.seeds.clone()).collect();
    groups.iter_mut().for_each(|g| g.sort());
    groups.sort();
    assert_eq!(groups, [(0..7).collect::<Vec<_>>(), vec![7]]);
}
