//! What each operation computes, what each wrong one says, and that neither long chains nor empty arrays break anything.
//!
//! Values were computed with NumPy 2.4.6 by the expression beside them.

mod common;

use common::{binary, unary};
use yhat_tensor::{
    Array, DType, Error, Tensor, Variable, gradient, interpret,
    tensor::{Binary, Unary},
};

fn values(t: &Tensor) -> Vec<f64> {
    t.eval().unwrap().to_vec()
}

#[track_caller]
fn close(got: &[f64], expected: &[f64], what: &str) {
    assert_eq!(got.len(), expected.len(), "{what}");
    for (a, b) in got.iter().zip(expected) {
        let near = (a - b).abs() <= 4e-16 * b.abs().max(1e-300) || (a.is_nan() && b.is_nan()) || a == b;
        assert!(near, "{what}: {got:?} is not {expected:?}");
    }
}

/// x = [-2.5, -0.5, 0, 0.3, 1.5, 4]
#[test]
fn unary_values() {
    let x = Tensor::from([-2.5, -0.5, 0.0, 0.3, 1.5, 4.0]);
    let nan = f64::NAN;
    for op in Unary::ALL {
        let expected: [f64; 6] = match op {
            Unary::Neg => [2.5, 0.5, -0.0, -0.3, -1.5, -4.0],
            Unary::Abs => [2.5, 0.5, 0.0, 0.3, 1.5, 4.0],
            Unary::Sign => [-1.0, -1.0, 0.0, 1.0, 1.0, 1.0],
            Unary::Floor => [-3.0, -1.0, 0.0, 0.0, 1.0, 4.0],
            Unary::Ceil => [-2.0, -0.0, 0.0, 1.0, 2.0, 4.0],
            // np.rint(x)
            Unary::Round => [-2.0, -0.0, 0.0, 0.0, 2.0, 4.0],
            Unary::Square => [6.25, 0.25, 0.0, 0.09, 2.25, 16.0],
            Unary::Sqrt => [nan, nan, 0.0, 0.547_722_557_505_166_1, 1.224_744_871_391_589, 2.0],
            Unary::Exp => [
                0.0820849986238988,
                0.6065306597126334,
                1.0,
                1.3498588075760032,
                4.4816890703380645,
                54.598150033144236,
            ],
            Unary::Expm1 => [
                -0.9179150013761012,
                -0.3934693402873666,
                0.0,
                0.3498588075760031,
                3.481689070338065,
                53.598150033144236,
            ],
            Unary::Ln => [nan, nan, f64::NEG_INFINITY, -1.2039728043259361, 0.4054651081081644, 1.3862943611198906],
            Unary::Ln1p => {
                [nan, -std::f64::consts::LN_2, 0.0, 0.26236426446749106, 0.9162907318741551, 1.6094379124341003]
            }
            Unary::Sin => [
                -0.5984721441039565,
                -0.479425538604203,
                0.0,
                0.29552020666133955,
                0.9974949866040544,
                -0.7568024953079282,
            ],
            Unary::Cos => [
                -0.8011436155469337,
                0.8775825618903728,
                1.0,
                0.955336489125606,
                0.0707372016677029,
                -0.6536436208636119,
            ],
            Unary::Tanh => [
                -0.9866142981514303,
                -0.46211715726000974,
                0.0,
                0.2913126124515909,
                0.9051482536448665,
                0.999329299739067,
            ],
            // 1 / (1 + np.exp(-x))
            Unary::Sigmoid => [
                0.07585818002124355,
                0.3775406687981454,
                0.5,
                0.574442516811659,
                0.8175744761936437,
                0.9820137900379085,
            ],
            // np.logaddexp(x, 0)
            Unary::Softplus => [
                0.07888973429254963,
                0.4740769841801067,
                std::f64::consts::LN_2,
                0.8543552444685272,
                1.7014132779827524,
                4.0181499279178094,
            ],
            // [math.erf(v) for v in x]
            Unary::Erf => [
                -0.999593047982555,
                -0.5204998778130465,
                0.0,
                0.3286267594591274,
                0.9661051464753108,
                0.9999999845827421,
            ],
            Unary::Relu => [0.0, 0.0, 0.0, 0.3, 1.5, 4.0],
            Unary::StopGradient => [-2.5, -0.5, 0.0, 0.3, 1.5, 4.0],
            Unary::IsNan => [0.0; 6],
            Unary::Not => [0.0, 0.0, 1.0, 0.0, 0.0, 0.0],
        };
        close(&values(&unary(*op, &x)), &expected, op.name());
    }
    assert_eq!(values(&Tensor::from([0.0, nan]).is_nan()), [0.0, 1.0]);
    assert_eq!(values(&Tensor::from([0.5, 1.5, 2.5, -0.5, -1.5]).round()), [0.0, 2.0, 2.0, -0.0, -2.0]);
}

/// a = [-2, -1, 0, 0.5, 2, 3], b = [3, -2, 0, 2, 0.5, 3]
#[test]
fn binary_values() {
    let (a, b) = (Tensor::from([-2.0, -1.0, 0.0, 0.5, 2.0, 3.0]), Tensor::from([3.0, -2.0, 0.0, 2.0, 0.5, 3.0]));
    for op in Binary::ALL {
        let expected: [f64; 6] = match op {
            Binary::Add => [1.0, -3.0, 0.0, 2.5, 2.5, 6.0],
            Binary::Sub => [-5.0, 1.0, 0.0, -1.5, 1.5, 0.0],
            Binary::Mul => [-6.0, 2.0, 0.0, 1.0, 1.0, 9.0],
            Binary::Div => [-0.6666666666666666, 0.5, f64::NAN, 0.25, 4.0, 1.0],
            Binary::Pow => [-8.0, 1.0, 1.0, 0.25, std::f64::consts::SQRT_2, 27.0],
            Binary::Maximum => [3.0, -1.0, 0.0, 2.0, 2.0, 3.0],
            Binary::Minimum => [-2.0, -2.0, 0.0, 0.5, 0.5, 3.0],
            Binary::Equal => [0.0, 0.0, 1.0, 0.0, 0.0, 1.0],
            Binary::NotEqual => [1.0, 1.0, 0.0, 1.0, 1.0, 0.0],
            Binary::Less => [1.0, 0.0, 0.0, 1.0, 0.0, 0.0],
            Binary::LessEqual => [1.0, 0.0, 1.0, 1.0, 0.0, 1.0],
            Binary::Greater => [0.0, 1.0, 0.0, 0.0, 1.0, 0.0],
            Binary::GreaterEqual => [0.0, 1.0, 1.0, 0.0, 1.0, 1.0],
            Binary::And => [1.0, 1.0, 0.0, 1.0, 1.0, 1.0],
            Binary::Or => [1.0, 1.0, 0.0, 1.0, 1.0, 1.0],
        };
        close(&values(&binary(*op, &a, &b)), &expected, op.name());
    }
    // A comparison with NaN is false, but for "differs".
    let nan = Tensor::from([f64::NAN]);
    for op in Binary::ALL.iter().filter(|op| op.is_comparison()) {
        assert_eq!(values(&binary(*op, &nan, &nan)), [f64::from(*op == Binary::NotEqual)], "{}", op.name());
    }
}

/// `np.max` and the rest of x = np.arange(24).reshape(2, 3, 4)
#[test]
fn reductions() {
    let x = Tensor::from(Array::arange(0.0, 24.0, 1.0)).reshape([2, 3, 4]);
    assert_eq!(values(&x.sum()), [276.0]);
    assert_eq!(values(&x.mean()), [11.5]);
    assert_eq!((values(&x.max()), values(&x.min())), (vec![23.0], vec![0.0]));
    assert_eq!(values(&x.sum_axis(0).sum_axis(0)), [60.0, 66.0, 72.0, 78.0]);
    assert_eq!(values(&x.sum_axes(&[0, 1], false)), [60.0, 66.0, 72.0, 78.0]);
    assert_eq!(values(&x.sum_axes(&[-1, 0], false)), [60.0, 92.0, 124.0]);
    assert_eq!(values(&x.mean_axis(-1)), [1.5, 5.5, 9.5, 13.5, 17.5, 21.5]);
    assert_eq!(values(&x.max_axes(&[0, 2], false)), [15.0, 19.0, 23.0]);
    assert_eq!(values(&x.min_axis(1)), [0.0, 1.0, 2.0, 3.0, 12.0, 13.0, 14.0, 15.0]);
    let kept: Vec<usize> = x.sum_axes(&[0, 2], true).shape().to_vec();
    assert_eq!(kept, [1, 3, 1]);
    assert_eq!(x.mean_axes(&[], true).shape(), x.shape());
    assert_eq!(values(&x.sum_axes(&[], false)), values(&x));
    // NaN is the largest and the smallest, and where the largest is.
    let nan = Tensor::from([1.0, f64::NAN, 3.0]);
    assert!(values(&nan.max())[0].is_nan() && values(&nan.min())[0].is_nan() && values(&nan.sum())[0].is_nan());
    assert_eq!(values(&nan.argmax(0)), [1.0]);
    assert_eq!(values(&Tensor::from([[3, 7, 7], [9, 1, 9]]).argmax(-1)), [1.0, 0.0]);
    assert_eq!(values(&Tensor::from([[3, 7], [9, 1]]).argmax(0)), [1.0, 0.0]);
    // Integers and bools.
    let bools = Tensor::from([true, false, true]);
    assert_eq!((bools.sum().dtype(), values(&bools.sum())), (DType::I64, vec![2.0]));
    assert_eq!((bools.mean().dtype(), values(&bools.mean())), (DType::F32, vec![(2.0f32 / 3.0) as f64]));
    let big = Tensor::from([i64::MAX - 1, i64::MAX, 1 << 53, (1 << 53) + 1]);
    assert_eq!(big.max().eval().unwrap().elements::<i64>().unwrap(), [i64::MAX]);
    assert_eq!(big.slice(0, 2..4).sum().eval().unwrap().elements::<i64>().unwrap(), [(1 << 54) + 1]);
    assert_eq!(values(&big.argmax(0)), [1.0]);
}

#[test]
fn matrix_products() {
    let x = Tensor::from(Array::arange(0.0, 24.0, 1.0)).reshape([2, 3, 4]);
    // x @ np.arange(8.).reshape(4, 2)
    let w = Tensor::from(Array::arange(0.0, 8.0, 1.0)).reshape([4, 2]);
    let p = x.matmul(&w);
    assert_eq!(p.shape()[..], [2, 3, 2]);
    assert_eq!(values(&p), [28.0, 34.0, 76.0, 98.0, 124.0, 162.0, 172.0, 226.0, 220.0, 290.0, 268.0, 354.0]);
    // np.matmul(np.arange(12.).reshape(3, 1, 2, 2), np.arange(8.).reshape(2, 2, 2)).sum(axis=(1, 2, 3))
    let a = Tensor::from(Array::arange(0.0, 12.0, 1.0)).reshape([3, 1, 2, 2]);
    let b = Tensor::from(Array::arange(0.0, 8.0, 1.0)).reshape([2, 2, 2]);
    let p = a.matmul(&b);
    assert_eq!(p.shape()[..], [3, 2, 2, 2]);
    assert_eq!(values(&p.sum_axes(&[1, 2, 3], false)), [92.0, 316.0, 540.0]);
    // Vectors.
    let v = Tensor::from([1.0, 2.0, 3.0, 4.0]);
    assert_eq!((v.matmul(&v).rank(), values(&v.matmul(&v))), (0, vec![30.0]));
    assert_eq!((values(&x.matmul(&v)), x.matmul(&v).rank()), (vec![20.0, 60.0, 100.0, 140.0, 180.0, 220.0], 2));
    assert_eq!(values(&v.matmul(&w)), [40.0, 50.0]);
    assert_eq!(v.slice(0, 0..3).matmul(&x).shape()[..], [2, 4]);
    // Integers multiply as float32.
    let i = Tensor::from([[1, 2], [3, 4]]);
    assert_eq!((i.matmul(&i).dtype(), values(&i.matmul(&i))), (DType::F32, vec![7.0, 10.0, 15.0, 22.0]));
}

#[test]
fn moves() {
    let x = Tensor::from(Array::arange(0.0, 24.0, 1.0)).reshape([2, 3, 4]);
    // np.transpose(x, (2, 0, 1))[:, :, 0]
    let t = x.permute(&[2, 0, 1]);
    assert_eq!(t.shape()[..], [4, 2, 3]);
    assert_eq!(values(&t.column(0)), [0.0, 12.0, 1.0, 13.0, 2.0, 14.0, 3.0, 15.0]);
    assert_eq!(x.transpose().shape()[..], [4, 3, 2]);
    // np.take(x, [2, 0], axis=1)
    let taken = [8., 9., 10., 11., 0., 1., 2., 3., 20., 21., 22., 23., 12., 13., 14., 15.];
    assert_eq!(values(&x.gather(&Tensor::from([2, 0]), 1)), taken);
    assert_eq!(x.gather(&Tensor::from([[2, 0], [1, 1]]), 1).shape()[..], [2, 2, 2, 4]);
    assert_eq!(x.gather(&Tensor::from(1), 0).shape()[..], [3, 4]);
    // np.pad(np.array([[1, 2]]), ((1, 0), (0, 2)))
    assert_eq!(values(&Tensor::from([[1, 2]]).pad(&[(1, 0), (0, 2)])), [0., 0., 0., 0., 1., 2., 0., 0.]);
    let (a, b) = (Tensor::from([[1.0, 2.0]]), Tensor::from([[3, 4], [5, 6]]));
    assert_eq!(values(&Tensor::concat(&[a.clone(), b.clone()], 0)), [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
    assert_eq!(Tensor::concat(&[a.clone(), b], 0).dtype(), DType::F64);
    assert_eq!(Tensor::stack(&[a.clone(), a.clone()], 1).shape()[..], [1, 2, 2]);
    assert_eq!(Tensor::stack(&[a.clone(), a.clone()], -1).shape()[..], [1, 2, 2]);
    assert_eq!(values(&Tensor::stack(&[a.clone(), &a + 2.0], -1)), [1.0, 3.0, 2.0, 4.0]);
    assert_eq!(a.expand_dims(-1).shape()[..], [1, 2, 1]);
    assert_eq!(a.expand_dims(0).shape()[..], [1, 1, 2]);
    assert_eq!(a.squeeze(0).shape()[..], [2]);
    assert_eq!(values(&a.broadcast_to([2, 2])), [1.0, 2.0, 1.0, 2.0]);
    assert_eq!(values(&Tensor::from([1, 3]).one_hot(3, DType::F64)), [0.0, 1.0, 0.0, 0.0, 0.0, 0.0]);
    assert_eq!(values(&Tensor::select(&Tensor::from([[true], [false]]), &a, 7.0)), [1.0, 2.0, 7.0, 7.0]);
    assert_eq!(values(&Tensor::from([f64::NAN, 3.0, -1.0]).clip(0.0, 1.0))[1..], [1.0, 0.0]);
}

#[test]
fn types_are_promoted() {
    use DType::*;
    let of = |d: DType| Tensor::from(Array::from([1.0]).cast(d));
    let rows = [
        (Bool, Bool, I64),
        (Bool, I64, I64),
        (Bool, F32, F32),
        (I64, I64, I64),
        (I64, F32, F32),
        (I64, F64, F64),
        (F32, F32, F32),
        (F32, F64, F64),
    ];
    for (a, b, result) in rows {
        for (a, b) in [(a, b), (b, a)] {
            assert_eq!((of(a) + of(b)).dtype(), result, "{a} + {b}");
            assert_eq!(of(a).maximum(of(b)).dtype(), result, "max({a}, {b})");
            let float = if result.is_float() { result } else { F32 };
            assert_eq!((of(a) / of(b)).dtype(), float, "{a} / {b}");
            assert_eq!(of(a).pow(of(b)).dtype(), float, "{a}^{b}");
            assert_eq!(of(a).less(of(b)).dtype(), Bool);
            assert_eq!(of(a).logical_and(of(b)).dtype(), Bool);
            assert_eq!(Tensor::select(&of(Bool), of(a), of(b)).dtype(), a.promote(b));
            assert_eq!(values(&(of(a) + of(b))), [2.0]);
        }
    }
    // A number takes the tensor's type.
    for (d, float, integer) in [(Bool, F32, I64), (I64, F32, I64), (F32, F32, F32), (F64, F64, F64)] {
        let t = of(d);
        assert_eq!(((&t * 2.0).dtype(), (2.0 - &t).dtype(), t.maximum(0.0).dtype()), (float, float, float), "{d}");
        assert_eq!(((&t * 2).dtype(), (2 - &t).dtype(), t.maximum(0).dtype()), (integer, integer, integer), "{d}");
        assert_eq!(((&t * 2.0f32).dtype(), (&t + 3i64).dtype()), (float, integer), "{d}");
        assert_eq!((values(&(2 * &t + 1)), values(&(1 - t))), (vec![3.0], vec![0.0]));
    }
    for d in [Bool, I64] {
        for (got, dtype) in
            [(-of(d), I64), (of(d).square(), I64), (of(d).exp(), F32), (of(d).sqrt(), F32), (of(d).floor(), d)]
        {
            assert_eq!(got.dtype(), dtype, "{got:?} of {d}");
        }
    }
    // Beside an array and a variable.
    let (x, w) = (Tensor::from([1.0f32, 2.0]), Variable::new("w", [3.0f32, 4.0]));
    assert_eq!(values(&(&x * &w + &Array::from([0.5, 0.5]))), [3.5, 8.5]);
    assert_eq!(values(&Tensor::select(&x.greater(1.0), &w, 0.0)), [0.0, 4.0]);
    // The result of an operator needs no annotation.
    assert_eq!(values(&(1.0 - &x).abs().sum()), [1.0]);
    assert_eq!(values(&(2 * x).sum()), [6.0]);
}

/// An error beside the source that made it, without the place, which is checked: in this file, where the macro stands.
macro_rules! wrong {
    ($($expression:expr;)*) => {{
        let mut all = Vec::new();
        $({
            // Never further down than a few lines, over which rustfmt may break an expression.
            let (line, tensor): (u32, Tensor) = (line!(), $expression);
            let error = tensor.check().expect_err(stringify!($expression));
            let Error::Expression { op, message, at } = error else { panic!("{error}") };
            assert!(at.file().ends_with("operations.rs"), "{op} points to {at}");
            assert!((line..line + 400).contains(&at.line()), "{op} points to {at}");
            all.push((at.line(), format!("{}\n    {op}: {message}\n", stringify!($expression).split_whitespace().collect::<Vec<_>>().join(" "))));
        })*
        all
    }};
}

#[test]
fn wrong_operations() {
    let (a, b) = (Tensor::from([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]), Tensor::from([1.0, 2.0]));
    let (scalar, empty) = (Tensor::from(1.0), Tensor::from(Array::zeros([0, 3])));
    let labels = Tensor::from([0, 1]);
    let w = Variable::new("w", [[1.0, 2.0], [3.0, 4.0]]);
    let all = wrong! {
        &a + &b;
        &a - &b;
        a.clone() * b.clone();
        &a / &w;
        a.pow(&b);
        a.maximum(&b);
        a.less(&b);
        a.logical_and(&b);
        a.clip(&b, 1.0);
        Tensor::select(&a.greater(0.0), &b, 0.0);
        a.sum_axis(2);
        a.mean_axis(-3);
        scalar.max_axis(0);
        a.sum_axes(&[0, -2], true);
        a.argmax(5);
        empty.max();
        empty.min_axis(0);
        empty.argmax(0);
        a.matmul(&a);
        a.matmul(&b);
        scalar.matmul(&a);
        a.expand_dims(0).matmul(Tensor::full([2, 3, 1], 0.0, DType::F32).broadcast_to([3, 3, 1]));
        Tensor::full([2, 2, 3], 0.0, DType::F32).matmul(Tensor::full([3, 3, 2], 0.0, DType::F32));
        a.reshape([4, 2]);
        a.expand_dims(4);
        a.squeeze(0);
        a.squeeze(7);
        a.permute(&[0, 0]);
        a.permute(&[1]);
        a.broadcast_to([3, 3]);
        b.broadcast_to(());
        a.slice(1, 2..5);
        a.slice(2, 0..1);
        a.column(3);
        scalar.column(0);
        a.pad(&[(1, 1)]);
        Tensor::concat(&[], 0);
        Tensor::concat(&[a.clone(), b.clone()], 0);
        Tensor::concat(&[a.clone(), a.clone(), a.transpose()], 1);
        Tensor::concat(&[scalar.clone(), scalar.clone()], 0);
        Tensor::stack(&[], 0);
        Tensor::stack(&[a.clone(), b.clone()], 0);
        Tensor::stack(&[b.clone(), b.clone()], 3);
        a.gather(&b, 0);
        a.gather(&labels, 2);
        // The first mistake is what is reported, whatever follows from it.
        (&a + &b).reshape([7]).sum_axis(9).matmul(&a).column(4);
        Tensor::concat(&[a.clone(), a.reshape([5])], 1);
        Tensor::select(&a.reshape([5]).greater(0.0), &a, &a);
    };
    // Each points to its own line.
    assert!(all.windows(2).all(|pair| pair[0].0 < pair[1].0), "{:?}", all.iter().map(|x| x.0).collect::<Vec<_>>());
    insta::assert_snapshot!(all.into_iter().map(|x| x.1).collect::<Vec<_>>().join("\n"));
}

#[test]
fn an_error_ends_whatever_uses_it() {
    let wrong = Tensor::from([1.0, 2.0]) + Tensor::from([1.0, 2.0, 3.0]);
    let line = line!() - 1;
    let expected = format!(
        "add: shapes (2,) and (3,) do not broadcast to one: axis -1 has lengths 2 and 3 (at crates/yhat-tensor/tests/operations.rs:{line}:17)"
    );
    let used = (wrong.exp().sum() * 2.0).maximum(&wrong);
    for message in [wrong.check(), used.check(), used.eval().map(drop), gradient(&used, &[]).map(drop)] {
        assert_eq!(message.unwrap_err().to_string(), expected);
    }
    // It can be looked at like any other.
    assert!(used.to_string().contains("do not broadcast"), "{used}");
    assert_eq!(format!("{wrong:?}"), "<Tensor invalid shape=(2,) dtype=float64>");
}

#[test]
fn errors_of_evaluation() {
    let x = Tensor::input("x", [2], DType::F32);
    assert_eq!(
        x.exp().eval().unwrap_err().to_string(),
        "input 'x' has no value: an expression with inputs is run by a plan, with an array for each of them"
    );
    let error = interpret(&[x.exp()], &[(x.clone(), Array::zeros(3))]).unwrap_err();
    assert_eq!(error.to_string(), "input 'x': expected shape (2,), got (3,)");
    let rows = Tensor::from([[1.0], [2.0]]);
    for (index, axis) in [(2, 0), (-1, 0), (1, 1)] {
        let error = rows.gather(&Tensor::from([0, index]), axis).eval().unwrap_err();
        let length = if axis == 0 { 2 } else { 1 };
        let expected = format!("gather: index {index} is out of range for an axis of length {length}");
        assert_eq!(error.to_string(), expected);
    }
    let w = Variable::new("dense/kernel", [[1.0, 2.0]]);
    let error = w.assign([1.0, 2.0]).unwrap_err();
    assert_eq!(error.to_string(), "variable 'dense/kernel': expected shape (1, 2), got (2,)");
}

/// Nothing panics and nothing is lost where an axis has length 0.
#[test]
fn empty_arrays() {
    let x = Tensor::from(Array::zeros([0, 3]));
    let w = Tensor::from(Array::ones([3, 2]));
    assert_eq!(x.exp().eval().unwrap().shape()[..], [0, 3]);
    assert_eq!(
        (values(&x.sum()), values(&x.sum_axis(0)), x.sum_axis(1).shape()[..].to_vec()),
        (vec![0.0], vec![0.0; 3], vec![0])
    );
    assert!(values(&x.mean())[0].is_nan());
    assert_eq!(x.max_axis(1).eval().unwrap().size(), 0);
    assert_eq!(x.argmax(1).eval().unwrap().size(), 0);
    assert_eq!(x.matmul(&w).eval().unwrap().shape()[..], [0, 2]);
    // A sum of no products is 0.
    assert_eq!(values(&x.transpose().matmul(&x)), [0.0; 9]);
    assert_eq!(values(&Tensor::from(Array::zeros([2, 2, 0])).matmul(Array::zeros([0, 1]))), [0.0; 4]);
    assert_eq!(Tensor::concat(&[x.clone(), w.transpose()], 0).eval().unwrap().shape()[..], [2, 3]);
    assert_eq!(Tensor::stack(&[x.clone(), x.clone()], 1).eval().unwrap().shape()[..], [0, 2, 3]);
    assert_eq!(w.gather(&Tensor::from(Vec::<i64>::new()), 0).eval().unwrap().shape()[..], [0, 2]);
    assert_eq!(x.gather(&Tensor::from([1, 1]), 1).eval().unwrap().shape()[..], [0, 2]);
    assert!(x.gather(&Tensor::from([0]), 0).eval().is_err());
    assert_eq!(values(&x.pad(&[(1, 0), (0, 0)])), [0.0; 3]);
    assert_eq!(w.slice(0, 1..1).reshape([2, 0]).transpose().eval().unwrap().shape()[..], [0, 2]);
    assert_eq!(Tensor::from([[1.0], [2.0]]).broadcast_to([2, 0]).eval().unwrap().size(), 0);
    assert_eq!(Tensor::from(Vec::<i64>::new()).one_hot(3, DType::F32).eval().unwrap().shape()[..], [0, 3]);
    assert_eq!(values(&Tensor::from([1, 2]).one_hot(0, DType::F32)), []);
    let slopes = gradient(&(x.matmul(&w).tanh().sum() + w.max()), &[x.clone(), w.clone()]).unwrap();
    assert_eq!(slopes[0].eval().unwrap().shape()[..], [0, 3]);
    assert_eq!(values(&slopes[1]), [1.0 / 6.0; 6]);
    // More elements than memory: no panic until they are asked for.
    let huge = Tensor::full([1 << 40, 1 << 40], 1.0, DType::F32);
    assert_eq!(huge.shape().size(), usize::MAX);
    assert!(huge.reshape([5]).check().is_err());
}

/// On a thread with a stack of 256 kB.
#[test]
fn long_chains() {
    let run = || {
        let x = Variable::new("x", [0.5f32]).tensor();
        let n = 100_000;
        let y = (0..n).fold(x.clone(), |y, i| if i % 2 == 0 { y.sin() } else { -y });
        assert!(values(&y)[0].abs() < 0.01);
        let slope = gradient(&y, std::slice::from_ref(&x)).unwrap().remove(0);
        assert!(values(&slope)[0].is_finite());
        assert_eq!(y.to_string().lines().count(), n + 1);
        assert!(format!("{slope:?}").starts_with("<Tensor mul"));
        drop((y, slope));
        // As wide as it is long: one expression used by all.
        let shared = x.exp();
        let parts: Vec<Tensor> = (0..20_000).map(|i| &shared * (i as f64)).collect();
        let sum = parts.iter().skip(1).fold(parts[0].clone(), |sum, part| sum + part);
        let slope = gradient(&sum, std::slice::from_ref(&x)).unwrap().remove(0);
        assert!(values(&slope)[0] > 0.0);
        let joined = Tensor::concat(&parts, 0).sum();
        assert!(values(&gradient(&joined, &[x]).unwrap()[0])[0] > 0.0);
    };
    std::thread::Builder::new().stack_size(256 << 10).spawn(run).unwrap().join().unwrap();
}

/// The last handles on a long chain, dropped by several threads at once.
#[test]
fn chains_dropped_by_threads() {
    for _ in 0..20 {
        let y = (0..20_000).fold(Tensor::from(1.0), |y, _| y + 1.0);
        let threads: Vec<_> = (0..4)
            .map(|_| {
                let y = y.clone();
                std::thread::Builder::new().stack_size(128 << 10).spawn(move || drop(y)).unwrap()
            })
            .collect();
        drop(y);
        threads.into_iter().for_each(|t| t.join().unwrap());
    }
}
