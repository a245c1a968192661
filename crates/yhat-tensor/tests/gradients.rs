//! Gradients against central differences in float64, first and second order, for every operation; and the conventions
//! where there is no slope.

mod common;

use common::{binary, unary};
use yhat_tensor::{
    Array, DType, Shape, Tensor, Variable, gradient, interpret,
    tensor::{Binary, Unary},
};

/// Numbers in `low..high`, by a small generator, of type float64.
fn numbers(shape: impl Into<Shape>, low: f64, high: f64, seed: u64) -> Array {
    let shape = shape.into();
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        low + (high - low) * (state >> 33) as f64 / (1u64 << 31) as f64
    };
    let v: Vec<f64> = (0..shape.size()).map(|_| next()).collect();
    Array::new(shape, v).unwrap()
}

/// Distinct numbers at least 0.2 apart, none near an integer, in a random order: away from every kink and tie.
fn apart(shape: impl Into<Shape>, seed: u64) -> Array {
    let shape = shape.into();
    let n = shape.size();
    let keys = numbers(n, 0.0, 1.0, seed).to_vec();
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by(|&a, &b| keys[a].total_cmp(&keys[b]));
    let v: Vec<f64> = order.iter().map(|&i| (i as f64 - n as f64 / 2.0).floor() * 0.5 + 0.23).collect();
    Array::new(shape, v).unwrap()
}

fn values(t: &Tensor, inputs: &[(Tensor, Array)]) -> Vec<f64> {
    interpret(std::slice::from_ref(t), inputs).unwrap()[0].to_vec()
}

/// `(f(x + h) - f(x - h)) / 2h` for each element of each input.
fn differences(f: &Tensor, inputs: &[(Tensor, Array)]) -> Vec<Vec<f64>> {
    let mut slopes = Vec::new();
    for k in 0..inputs.len() {
        let x = inputs[k].1.to_vec();
        let one = |i: usize| {
            let h = 1e-5 * x[i].abs().max(0.1);
            let at = |x_i: f64| {
                let mut moved = inputs.to_vec();
                let mut v = x.clone();
                v[i] = x_i;
                moved[k].1 = Array::new(inputs[k].1.shape(), v).unwrap();
                values(f, &moved)[0]
            };
            (at(x[i] + h) - at(x[i] - h)) / (2.0 * h)
        };
        slopes.push((0..x.len()).map(one).collect());
    }
    slopes
}

fn compare(what: &str, exact: &[Tensor], f: &Tensor, inputs: &[(Tensor, Array)]) {
    for (k, (slope, numeric)) in exact.iter().zip(differences(f, inputs)).enumerate() {
        slope.check().unwrap();
        assert_eq!(slope.shape(), inputs[k].0.shape(), "{what}: shape of the slope of operand {k}");
        assert_eq!(slope.dtype(), inputs[k].0.dtype(), "{what}: type of the slope of operand {k}");
        let got = values(slope, inputs);
        let scale = numeric.iter().fold(1.0, |m: f64, x| m.max(x.abs()));
        for (i, (a, b)) in got.iter().zip(&numeric).enumerate() {
            let near = (a - b).abs() <= 2e-7 * scale;
            assert!(near, "{what}: operand {k}, element {i}: {a} is not the difference {b}\n{f}");
        }
    }
}

/// Checks the first and second derivatives of `f` at `at`.
fn smooth(what: &str, at: &[Array], f: impl Fn(&[Tensor]) -> Tensor) {
    let x: Vec<Tensor> =
        at.iter().enumerate().map(|(i, a)| Tensor::input(format!("x{i}"), a.shape(), DType::F64)).collect();
    let inputs: Vec<_> = x.iter().cloned().zip(at.iter().cloned()).collect();
    let y = f(&x);
    y.check().unwrap_or_else(|e| panic!("{what}: {e}"));
    let weighted = |t: &Tensor, seed: u64| (t * &numbers(t.shape(), 0.5, 1.5, seed)).sum();
    let loss = weighted(&y, 1);
    let slopes = gradient(&loss, &x).unwrap();
    compare(what, &slopes, &loss, &inputs);
    let second = slopes.iter().enumerate().map(|(i, s)| weighted(s, 2 + i as u64)).reduce(|a, b| a + b).unwrap();
    compare(&format!("{what}, second order"), &gradient(&second, &x).unwrap(), &second, &inputs);
}

#[test]
fn unary_operations() {
    use Unary::*;
    for op in Unary::ALL {
        let at = match op {
            Not | IsNan | StopGradient | Sign | Floor | Ceil | Round => continue,
            Sqrt | Ln => numbers(7, 0.3, 4.0, 3),
            Ln1p => numbers(7, -0.6, 4.0, 3),
            Abs | Relu => apart(7, 3),
            _ => numbers(7, -2.0, 2.0, 3),
        };
        smooth(op.name(), &[at], |x| unary(*op, &x[0]));
    }
}

/// Nothing flows through steps and stops, also where the slope before them is infinite.
#[test]
fn flat_operations() {
    use Unary::*;
    for op in [Not, IsNan, StopGradient, Sign, Floor, Ceil, Round] {
        let x = Variable::new("x", [0.0, 0.3, 4.2]).tensor();
        let y = unary(op, &x.sqrt()).cast(DType::F64) * 2.0 + &x;
        assert_eq!(gradient(&y, &[x]).unwrap()[0].eval().unwrap().to_vec(), [1.0; 3], "{op:?}");
    }
    use Binary::*;
    for op in [Equal, NotEqual, Less, LessEqual, Greater, GreaterEqual, And, Or] {
        let x = Variable::new("x", [0.0, 0.3, 4.2]).tensor();
        let y = binary(op, &x.sqrt(), &(&x + 0.1)).cast(DType::F64) + &x;
        assert_eq!(gradient(&y, &[x]).unwrap()[0].eval().unwrap().to_vec(), [1.0; 3], "{op:?}");
    }
}

#[test]
fn binary_operations() {
    use Binary::*;
    for op in Binary::ALL {
        if op.is_comparison() || matches!(op, And | Or) {
            continue;
        }
        let positive = |seed| numbers([2, 3], 0.4, 2.5, seed);
        let (a, b) = match op {
            Pow => (positive(3), numbers([2, 3], -2.0, 3.0, 4)),
            Div => (numbers([2, 3], -2.0, 2.0, 3), positive(4)),
            Maximum | Minimum => (apart([2, 3], 3), apart([2, 3], 8).mapv(|x| x + 0.1)),
            _ => (numbers([2, 3], -2.0, 2.0, 3), numbers([2, 3], -2.0, 2.0, 4)),
        };
        smooth(op.name(), &[a.clone(), b.clone()], |x| binary(*op, &x[0], &x[1]));
        // Broadcast either way, and the same operand twice.
        smooth(op.name(), &[a.clone(), b.rows(0, 1)], |x| binary(*op, &x[0], &x[1]));
        smooth(op.name(), &[a.column(1), b.clone()], |x| binary(*op, &x[0].expand_dims(-1), &x[1]));
        if !matches!(op, Maximum | Minimum) {
            smooth(op.name(), &[positive(5)], |x| binary(*op, &x[0], &x[0]));
        }
    }
}

#[test]
fn powers() {
    for exponent in [-2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0] {
        smooth(&format!("powf({exponent})"), &[numbers(5, 0.4, 2.0, 1)], |x| x[0].powf(exponent));
        smooth(&format!("{exponent}^x"), &[numbers(5, 0.4, 2.0, 1)], |x| Tensor::from(exponent.abs() + 0.1).pow(&x[0]));
    }
    // Whole powers have slopes at 0 and below it.
    for exponent in [0.0, 1.0, 2.0, 3.0, 4.0] {
        for b in [Tensor::from(exponent), Variable::new("b", exponent).tensor()] {
            let x = Tensor::from([0.0, -1.5]);
            let slope = gradient(&x.pow(&b), std::slice::from_ref(&x)).unwrap()[0].eval().unwrap();
            let at = |x: f64| if exponent == 0.0 { 0.0 } else { exponent * x.powf(exponent - 1.0) };
            assert_eq!(slope.to_vec(), [at(0.0), at(-1.5)], "x^{exponent}");
        }
    }
    // All derivatives of x^3 at 0: 0, 0, 6, 0, 0.
    let x = Tensor::from(0.0);
    let mut y = x.powf(3.0);
    for expected in [0.0, 0.0, 6.0, 0.0, 0.0] {
        y = gradient(&y, std::slice::from_ref(&x)).unwrap().remove(0);
        assert_eq!(y.eval().unwrap().item(), expected);
    }
}

#[test]
fn select_and_clip() {
    let (a, b, c) = (numbers([2, 3], -2.0, 2.0, 1), numbers([2, 3], -2.0, 2.0, 2), numbers(3, -1.0, 1.0, 3));
    smooth("select", &[a.clone(), b.clone()], |x| {
        Tensor::select(&Tensor::from(&c).greater(0.0), x[0].exp(), x[1].sin())
    });
    smooth("select by value", &[apart([2, 3], 1)], |x| Tensor::select(&x[0].less(0.0), x[0].square(), &x[0] * 3.0));
    smooth("select of numbers", std::slice::from_ref(&a), |x| Tensor::select(&x[0].less(0.0), 1.0, x[0].tanh()));
    smooth("select broadcast", &[c.clone(), b], |x| Tensor::select(&x[1].less(0.3), &x[0] * 2.0, x[1].square()));
    smooth("clip", &[apart([2, 3], 1)], |x| x[0].clip(-0.5, 0.6).square());
}

#[test]
fn casts() {
    let x = Tensor::input("x", [3], DType::F64);
    let y = x.cast(DType::F32).square().cast(DType::F64);
    let slope = gradient(&y, std::slice::from_ref(&x)).unwrap().remove(0);
    assert_eq!(slope.dtype(), DType::F64);
    assert_eq!(values(&slope, &[(x.clone(), Array::from([0.5, -1.0, 3.0]))]), [1.0, -2.0, 6.0]);
    // Integers and bools let nothing through, not even themselves.
    for dtype in [DType::I64, DType::Bool] {
        for y in [x.cast(dtype), x.cast(dtype).cast(DType::F64) * 3.0, x.cast(dtype).sum()] {
            let slope = gradient(&y, std::slice::from_ref(&x)).unwrap().remove(0);
            assert_eq!(slope.dtype(), DType::F64);
            assert_eq!(values(&slope, &[(x.clone(), Array::from([0.5, -1.0, 3.0]))]), [0.0; 3]);
        }
    }
}

#[test]
fn reductions() {
    type Reduce = fn(&Tensor, &[isize], bool) -> Tensor;
    let all: [(&str, Reduce); 4] =
        [("sum", Tensor::sum_axes), ("mean", Tensor::mean_axes), ("max", Tensor::max_axes), ("min", Tensor::min_axes)];
    for (name, reduce) in all {
        for axes in [&[][..], &[0], &[1], &[-1], &[0, 1], &[0, 2], &[-1, 1], &[0, 1, 2]] {
            for keepdims in [false, true] {
                let what = format!("{name} over {axes:?}");
                smooth(&what, &[apart([2, 3, 4], 5)], |x| reduce(&x[0], axes, keepdims).square());
            }
        }
    }
    smooth("sum", &[apart([2, 3], 5)], |x| x[0].sum().square());
    smooth("mean", &[apart([2, 3], 5)], |x| x[0].mean().square());
    smooth("max", &[apart([2, 3], 5)], |x| x[0].max().square());
    smooth("min", &[apart([2, 3], 5)], |x| x[0].min().square());
    smooth("of a scalar", &[apart((), 5)], |x| x[0].sum() * x[0].max() * x[0].mean());
}

#[test]
fn matrix_products() {
    // Operands as they come and transposed before, which makes each combination in the gradients.
    for (ta, tb) in [(false, false), (false, true), (true, false), (true, true)] {
        let a = numbers(if ta { [3, 2] } else { [2, 3] }, -1.0, 1.0, 1);
        let b = numbers(if tb { [4, 3] } else { [3, 4] }, -1.0, 1.0, 2);
        smooth(&format!("matmul {ta} {tb}"), &[a, b], |x| {
            let a = if ta { x[0].transpose() } else { x[0].clone() };
            let b = if tb { x[1].transpose() } else { x[1].clone() };
            a.matmul(&b).tanh()
        });
    }
    let shapes: [(&[usize], &[usize]); 14] = [
        (&[3], &[3]),
        (&[3], &[3, 2]),
        (&[2, 3], &[3]),
        (&[2, 2, 3], &[2, 3, 2]),
        (&[2, 2, 3], &[3, 2]),
        (&[2, 2, 2, 3], &[3, 2]),
        (&[2, 3], &[2, 3, 2]),
        (&[1, 2, 3], &[2, 3, 2]),
        (&[2, 1, 2, 3], &[3, 3, 2]),
        (&[2, 2, 3], &[3]),
        (&[3], &[2, 3, 2]),
        (&[1, 1], &[1, 3]),
        (&[3, 1], &[1, 2]),
        (&[1, 3], &[3, 1]),
    ];
    for (p, q) in shapes {
        let at = [numbers(p, -1.0, 1.0, 1), numbers(q, -1.0, 1.0, 2)];
        smooth(&format!("matmul {p:?} {q:?}"), &at, |x| x[0].matmul(&x[1]).sin());
    }
    smooth("x x'", &[numbers([2, 3], -1.0, 1.0, 1)], |x| x[0].matmul(x[0].transpose()));
    smooth("x x", &[numbers([3, 3], -1.0, 1.0, 1)], |x| x[0].matmul(&x[0]).matmul(&x[0]));
}

#[test]
fn moves() {
    let a = || numbers([2, 3, 4], -1.0, 1.0, 1);
    type Move = fn(&Tensor) -> Tensor;
    let each: [(&str, Move); 22] = [
        ("reshape", |x| x.reshape([4, 6])),
        ("flatten", Tensor::flatten),
        ("expand_dims", |x| x.expand_dims(1)),
        ("squeeze", |x| x.slice(0, 1..2).squeeze(0)),
        ("transpose", Tensor::transpose),
        ("permute", |x| x.permute(&[2, 0, 1])),
        ("broadcast", |x| x.broadcast_to([2, 2, 3, 4])),
        ("broadcast of 1", |x| x.slice(1, 1..2).broadcast_to([5, 2, 3, 4])),
        ("slice", |x| x.slice(1, 1..3)),
        ("slice of none", |x| x.slice(1, 1..1)),
        ("column", |x| x.column(2)),
        ("pad", |x| x.pad(&[(1, 0), (0, 2), (1, 1)])),
        ("concat", |x| Tensor::concat(&[x.clone(), x.slice(1, 0..1), x * 2.0], 1)),
        ("stack", |x| Tensor::stack(&[x.clone(), x.exp()], -1)),
        ("stack first", |x| Tensor::stack(&[x.clone(), x.exp(), x.clone()], 0)),
        ("gather rows", |x| x.gather(&Tensor::from([1, 0, 1, 1]), 0)),
        ("gather columns", |x| x.gather(&Tensor::from([[3, 3], [0, 2]]), -1)),
        ("gather one", |x| x.gather(&Tensor::from(2), 1)),
        ("gather none", |x| x.gather(&Tensor::from(Vec::<i64>::new()), 1)),
        ("full", |x| x.ones_like() * x + x.zeros_like()),
        ("slices of slices", |x| x.slice(2, 1..4).slice(2, 1..3) + x.slice(2, 2..4)),
        ("argmax", |x| x.argmax(1).cast(DType::F64) * x.sum_axis(1)),
    ];
    for (name, f) in each {
        // The square makes a second derivative of what is linear.
        smooth(name, &[a()], |x| f(&x[0]).square());
    }
    // A slope of a gather's slope is a gather of a scatter, and so on.
    smooth("embedding", &[numbers([5, 2], -1.0, 1.0, 3)], |x| {
        x[0].gather(&Tensor::from([4, 0, 4]), 0).tanh().matmul(x[0].transpose())
    });
    let labels = Tensor::from([2, 0]);
    smooth("one_hot", &[numbers([2, 3], -1.0, 1.0, 3)], |x| (&x[0] * labels.one_hot(3, DType::F64)).sum_axis(1).exp());
}

/// What training is made of, whole.
#[test]
fn compositions() {
    let x = [numbers([4, 3], -1.0, 1.0, 1), numbers([3, 5], -1.0, 1.0, 2), numbers(5, -1.0, 1.0, 3)];
    smooth("softmax", &x, |x| {
        let z = x[0].matmul(&x[1]) + &x[2];
        let e = (&z - z.max_axes(&[-1], true)).exp();
        (&e / e.sum_axes(&[-1], true)).ln()
    });
    smooth("layer norm", &x[..1], |x| {
        let centred = &x[0] - x[0].mean_axes(&[-1], true);
        &centred / (centred.square().mean_axes(&[-1], true) + 1e-3).sqrt()
    });
    smooth("gelu", &x[..1], |x| &x[0] * (1.0 + (&x[0] * std::f64::consts::FRAC_1_SQRT_2).erf()) * 0.5);
    smooth("binary cross-entropy", &x[..1], |x| {
        let (y, p) = (Tensor::from([1.0, 0.0, 1.0]), x[0].sigmoid());
        -(&y * p.ln() + (1.0 - &y) * (1.0 - &p).ln()).mean()
    });
    smooth("shared many times", &x[..1], |x| (0..20).fold(x[0].clone(), |y, _| &y * 0.5 + (&y * &x[0]).tanh() * &y));
}

#[track_caller]
fn slope_at(x: impl Into<Array>, f: impl Fn(&Tensor) -> Tensor) -> Vec<f64> {
    let x = Variable::new("x", x).tensor();
    gradient(&f(&x), &[x]).unwrap()[0].eval().unwrap().to_vec()
}

/// At kinks, TensorFlow's choices.
#[test]
fn kinks() {
    assert_eq!(slope_at([0.0, -0.0, 1.0], Tensor::relu), [0.0, 0.0, 1.0]);
    assert_eq!(slope_at([0.0, -2.0], Tensor::abs), [0.0, -1.0]);
    assert_eq!(slope_at([0.0], Tensor::sign), [0.0]);
    // Where both are equal the first gets it all.
    assert_eq!(slope_at([1.0, 2.0, 0.0], |x| x.maximum(1.0)), [1.0, 1.0, 0.0]);
    assert_eq!(slope_at([1.0, 2.0, 0.0], |x| Tensor::from(1.0).maximum(x)), [0.0, 1.0, 0.0]);
    assert_eq!(slope_at([1.0, 2.0, 0.0], |x| x.minimum(1.0)), [1.0, 0.0, 1.0]);
    assert_eq!(slope_at([1.0, 2.0, 0.0], |x| Tensor::from(1.0).minimum(x)), [0.0, 0.0, 1.0]);
    assert_eq!(slope_at([0.0, 1.0, 2.0], |x| x.clip(0.0, 1.0)), [1.0, 1.0, 0.0]);
    // Of several largest each gets its share.
    assert_eq!(slope_at([3.0, 1.0, 3.0], Tensor::max), [0.5, 0.0, 0.5]);
    assert_eq!(slope_at([[1.0, 1.0], [1.0, 5.0]], |x| x.min_axis(0)), [0.5, 1.0, 0.5, 0.0]);
    assert_eq!(slope_at([[2.0, 2.0], [2.0, 2.0]], Tensor::max), [0.25; 4]);
    assert_eq!(slope_at([f64::INFINITY, 1.0], Tensor::max), [1.0, 0.0]);
    assert_eq!(slope_at([f64::NEG_INFINITY, f64::NEG_INFINITY], Tensor::max), [0.5, 0.5]);
}

/// The branch that is not taken has no say, even if it is infinite or NaN.
#[test]
fn select_is_safe_from_nan() {
    let safe = |x: &Tensor| {
        let positive = x.greater(0.0);
        Tensor::select(&positive, Tensor::select(&positive, x, 1.0).ln(), 0.0)
    };
    assert_eq!(slope_at([2.0, 0.0, -1.0], safe), [0.5, 0.0, 0.0]);
    let flat = |x: &Tensor| Tensor::select(&x.greater(0.0), x, x.stop_gradient().ln());
    assert_eq!(slope_at([2.0, 0.0, -1.0], flat), [1.0, 0.0, 0.0]);
    // As in TensorFlow, an unsafe function in the other branch still multiplies 0 by its infinite slope.
    let unsafe_one = |x: &Tensor| Tensor::select(&x.greater(0.0), x.sqrt(), 0.0);
    assert!(slope_at([0.0], unsafe_one)[0].is_nan());
}

#[test]
fn extremes_do_not_overflow() {
    assert_eq!(slope_at([800.0, -800.0], Tensor::softplus), [1.0, 0.0]);
    assert_eq!(slope_at([800.0, -800.0], Tensor::sigmoid), [0.0, 0.0]);
    assert_eq!(slope_at([800.0, -800.0], Tensor::tanh), [0.0, 0.0]);
    assert_eq!(slope_at([50.0, -50.0], Tensor::erf), [0.0, 0.0]);
}

#[test]
fn unconnected_is_zeros() {
    let (x, y) = (Variable::new("x", [1.0f32, 2.0]), Variable::new("y", [[1.0], [2.0]]));
    let labels = Variable::new("labels", [1i64, 2]);
    let loss = (x.tensor() * 3.0).sum();
    let slopes = gradient(&loss, &[y.tensor(), x.tensor(), labels.tensor(), x.tensor(), loss.clone()]).unwrap();
    assert_eq!((slopes[0].shape(), slopes[0].dtype()), (y.shape(), DType::F64));
    assert_eq!(slopes[0].eval().unwrap().to_vec(), [0.0, 0.0]);
    assert_eq!(slopes[1].eval().unwrap().to_vec(), [3.0, 3.0]);
    assert_eq!(slopes[2].eval().unwrap().to_vec(), [0.0, 0.0]);
    assert_eq!(slopes[3].eval().unwrap().to_vec(), [3.0, 3.0]);
    assert_eq!(slopes[4].eval().unwrap().item(), 1.0);
    // With respect to something on the way.
    let middle = x.tensor().square();
    let slope = gradient(&middle.exp().sum(), std::slice::from_ref(&middle)).unwrap();
    assert_eq!(slope[0].eval().unwrap(), middle.exp().eval().unwrap());
    // A loss that is not a scalar is summed.
    assert_eq!(slope_at([1.0, 2.0], Tensor::square), [2.0, 4.0]);
    assert_eq!(slope_at([1i64, 2], |x| x.cast(DType::F64).square()), [0.0, 0.0]);
}

#[test]
fn types_are_kept() {
    for dtype in [DType::F32, DType::F64] {
        let x = Variable::new("x", Array::from([[0.5, 1.5], [2.5, 3.5]]).cast(dtype)).tensor();
        let y = (x.matmul(&x).sqrt() + x.mean() * 2.0 / x.exp().max_axis(0)).powf(1.5).softplus();
        let slope = gradient(&y, std::slice::from_ref(&x)).unwrap().remove(0);
        assert_eq!(slope.dtype(), dtype);
        let second = gradient(&slope, std::slice::from_ref(&x)).unwrap().remove(0);
        assert_eq!(second.dtype(), dtype);
    }
    // A float32 variable in float64 work gets a float32 slope.
    let x = Variable::new("x", [1.0f32]).tensor();
    let slope = gradient(&(&x * Tensor::from([2.0f64])), &[x]).unwrap().remove(0);
    assert_eq!((slope.dtype(), slope.eval().unwrap().item()), (DType::F32, 2.0));
}

#[test]
fn wrong_expressions_have_no_gradient() {
    let (x, y) = (Variable::new("x", [1.0, 2.0]).tensor(), Variable::new("y", [1.0, 2.0, 3.0]).tensor());
    assert!(gradient(&(&x + &y).sum(), std::slice::from_ref(&x)).is_err());
    assert!(gradient(&x.sum(), &[&x + &y]).is_err());
}
