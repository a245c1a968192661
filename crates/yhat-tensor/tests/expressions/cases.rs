//! Expressions that a random one seldom is.

use yhat_tensor::{
    Array, DType, Error, Plan, Tensor, Variable, gradient,
    tensor::{Binary, Unary},
};

use crate::common::{binary, unary};
use crate::{Expected, bounds::topological, check, program::Built, variants};

/// Checks plans of `outputs` and `updates` under every choice of passes.
fn agree(inputs: &[(Tensor, Array)], outputs: &[Tensor], updates: &[(Variable, Tensor)]) {
    let arrays: Vec<Array> = inputs.iter().map(|i| i.1.clone()).collect();
    let built = Built {
        inputs: inputs.iter().map(|i| i.0.clone()).collect(),
        arrays: [arrays.clone(), arrays],
        outputs: outputs.to_vec(),
        updates: updates.to_vec(),
    };
    let expected = Expected::of(&built).unwrap();
    for (name, passes) in variants() {
        if let Err(message) = check(&built, &expected, passes) {
            let listing: Vec<String> = built.roots().iter().map(|t| format!("{t}")).collect();
            panic!("{name}: {message}\n{}", listing.join("\n\n"));
        }
    }
}

fn input(name: &str, array: impl Into<Array>) -> (Tensor, Array) {
    let array = array.into();
    (Tensor::input(name, array.shape(), array.dtype()), array)
}

/// Values that wander through -3..3, of `shape`, float32.
fn wave(shape: &[usize], phase: f64) -> Array {
    let n: usize = shape.iter().product();
    let v: Vec<f32> = (0..n).map(|i| (3.0 * (i as f64 * 0.7317 + phase).sin()) as f32).collect();
    Array::new(shape, v).unwrap()
}

const SPECIALS: [f32; 24] = [
    0.0,
    -0.0,
    1.0,
    -1.0,
    0.5,
    -0.5,
    1.5,
    2.5,
    -2.5,
    1e-40,
    -1e-40,
    1e-20,
    -1e-20,
    1e20,
    -1e20,
    f32::MAX,
    f32::MIN,
    f32::INFINITY,
    f32::NEG_INFINITY,
    f32::NAN,
    88.0,
    -88.0,
    100.0,
    -110.0,
];

/// At every length around a vector's, so that each element is once in a vector and once in its remainder.
#[test]
fn unary_operations_on_special_numbers() {
    for dtype in [DType::F32, DType::F64] {
        for n in [1, 3, 8, 15, 16, 17, 24, 33, 48] {
            let v: Vec<f32> = (0..n).map(|i| SPECIALS[(i * 5 + n) % SPECIALS.len()]).collect();
            let (t, x) = input("x", Array::from(v).cast(dtype));
            let outputs: Vec<Tensor> = Unary::ALL.iter().map(|op| unary(*op, &t)).collect();
            agree(&[(t, x)], &outputs, &[]);
        }
    }
}

#[test]
fn binary_operations_on_special_numbers() {
    let n = SPECIALS.len();
    for dtype in [DType::F32, DType::F64] {
        let (a, x) = input("a", Array::new([n, n], SPECIALS.repeat(n)).unwrap().cast(dtype));
        let (b, y) = input("b", Array::from(SPECIALS).cast(dtype).reshape([n, 1]).unwrap());
        let outputs: Vec<Tensor> = Binary::ALL.iter().map(|op| binary(*op, &a, &b)).collect();
        agree(&[(a, x), (b, y)], &outputs, &[]);
    }
}

#[test]
fn operations_on_integers_and_bools() {
    let (a, x) = input("a", [-3i64, 0, 1, 2, 7, i64::MAX, i64::MIN]);
    let (b, y) = input("b", [2i64, 0, -1, 2, 9, 1, i64::MIN]);
    let (p, z) = input("p", [true, false, true, true, false, false, true]);
    let outputs = [
        &a + &b,
        &a - &b,
        &a * &b,
        a.maximum(&b),
        a.minimum(&b),
        a.equal(&b),
        a.not_equal(&b),
        a.less(&b),
        a.greater_equal(&b),
        a.square(),
        a.relu(),
        a.sign(),
        -&a,
        a.logical_and(&b),
        p.logical_or(&a),
        p.logical_not(),
        p.cast(DType::I64) + &a,
        Tensor::select(&p, &a, &b),
        p.sum(),
        p.equal(a.cast(DType::Bool)),
        a.sum(),
        a.max(),
        a.min(),
        a.argmax(0),
        a.cast(DType::Bool),
        p.cast(DType::F32) * 2.5,
    ];
    agree(&[(a, x), (b, y), (p, z)], &outputs, &[]);
}

#[test]
fn casts_saturate_and_truncate() {
    let (a, x) = input("a", SPECIALS);
    let (b, y) = input("b", [1e300, -1e300, 2.7, -2.7, f64::NAN, 9.3e18, 16_777_217.0]);
    let (c, z) = input("c", [i64::MAX, i64::MIN, 16_777_217, 9_007_199_254_740_993, 0]);
    let mut outputs = Vec::new();
    for t in [&a, &b, &c] {
        outputs.extend([DType::Bool, DType::I64, DType::F32, DType::F64].map(|d| t.cast(d)));
    }
    agree(&[(a, x), (b, y), (c, z)], &outputs, &[]);
}

/// NaN and infinity in, NaN and infinity out, whatever the shortcut.
#[test]
fn nan_is_not_lost() {
    let (x, array) = input("x", [[1.0f32, f32::NAN, 2.0], [f32::INFINITY, 1.0, 3.0], [1.0, 2.0, f32::NEG_INFINITY]]);
    let ones = Tensor::from(Array::ones([3, 3]).cast(DType::F32));
    let outputs = [
        &x * 0.0,
        &x - &x,
        &x / &x,
        x.matmul(&ones),
        x.matmul(&ones * 0.0),
        x.matmul(ones.slice(1, 0..1)),
        x.slice(0, 0..1).matmul(&ones),
        x.sum(),
        x.sum_axis(0),
        x.sum_axis(1),
        x.max_axis(0),
        x.max_axis(1),
        x.min_axis(0),
        x.min(),
        x.max(),
        x.argmax(0),
        x.argmax(1),
        x.relu(),
        x.maximum(0.0),
        x.minimum(0.0),
        x.clip(-1.0, 1.0),
        (&x - x.max_axes(&[-1], true)).exp(),
        x.mean().tanh(),
        x.powf(2.0),
        x.powf(0.0),
        &x + f64::NAN,
    ];
    agree(&[(x, array)], &outputs, &[]);
}

/// `x == max(x)` must find the largest even where `x` is computed twice, fused in two ways: 0 / 0 otherwise.
#[test]
fn a_maximum_finds_itself() {
    let (x, array) = input("x", wave(&[37, 19], 0.1));
    let w = Variable::new("w", wave(&[19, 19], 0.5));
    let b = Variable::new("b", wave(&[19], 0.7));
    for z in [&x * 0.3 + &x * &x, (&x * 1.1 + &b).tanh() * &x + 0.3, x.matmul(&w) + &b, (x.matmul(&w) + &b).exp() * 0.1]
    {
        for y in [z.max_axis(0), z.max_axis(1), z.min_axis(1), z.max()] {
            let arrays = std::slice::from_ref(&array);
            let slope = gradient(&y, std::slice::from_ref(&z)).unwrap().swap_remove(0);
            for (name, passes) in variants() {
                let plan =
                    Plan::with_passes(std::slice::from_ref(&x), &[slope.sum(), slope.clone()], &[], passes).unwrap();
                let mut ws = plan.workspace();
                ws.set_input(0, &arrays[0]).unwrap();
                plan.run(&mut ws).unwrap();
                // One for each maximum: they are shared out whole.
                assert!((ws.scalar(0) - y.shape().size() as f64).abs() < 1e-3, "{name}: {}\n{slope}", ws.output(1));
            }
        }
    }
}

#[test]
fn outputs_may_be_leaves_and_repeated() {
    let (x, array) = input("x", [1.0f32, 2.0]);
    let (labels, classes) = input("labels", [3i64, 4]);
    let (unused, other) = input("unused", [[1.0f32]]);
    let w = Variable::new("w", [5.0f32, 6.0]);
    let c = Tensor::from([7.0f32, 8.0]);
    let y = &x + &w;
    let outputs = [
        x.clone(),
        labels.clone(),
        w.tensor(),
        c.clone(),
        y.clone(),
        y.clone(),
        y.reshape([2, 1]),
        x.reshape([1, 2]),
        &x + &w,
        Tensor::full([2, 3], 1.5, DType::F64),
        Tensor::from(true),
    ];
    agree(&[(x, array), (labels, classes), (unused, other)], &outputs, &[(w.clone(), c)]);
    agree(&[], &[], &[]);
}

#[test]
fn updates_read_the_values_from_before_the_run() {
    let a = Variable::new("a", [1.0f32, 2.0]);
    let b = Variable::new("b", [3.0f32, 4.0]);
    let c = Variable::new("c", [5.0f32, 6.0]);
    // Three change places, and outputs see the old ones.
    agree(
        &[],
        &[a.tensor(), &a.tensor() + &b, c.tensor()],
        &[(a.clone(), b.tensor()), (b.clone(), c.tensor()), (c.clone(), a.tensor())],
    );
    // Each is made of all.
    let sum = &a.tensor() + &b + &c;
    agree(&[], &[sum.clone(), a.tensor()], &[(a.clone(), &sum * 0.5), (b.clone(), &sum - &a), (c.clone(), &sum * &b)]);
    // Transposed into itself, shifted within itself, and set to a slice of another.
    let m = Variable::new("m", wave(&[5, 5], 0.2));
    agree(&[], &[m.tensor()], &[(m.clone(), m.tensor().transpose())]);
    let shifted = Tensor::concat(&[m.tensor().slice(0, 1..5), m.tensor().slice(0, 0..1)], 0);
    agree(&[], &[], &[(m.clone(), shifted)]);
    agree(
        &[],
        &[],
        &[(m.clone(), m.tensor().matmul(&m)), (a.clone(), m.tensor().slice(0, 1..2).slice(1, 0..2).flatten())],
    );
    // To itself, to a constant.
    agree(&[], &[m.tensor().sum()], &[(m.clone(), m.tensor())]);
    agree(&[], &[m.tensor().sum()], &[(m.clone(), m.tensor().zeros_like())]);
}

/// Casts that a plan adds for several updates must not be taken for one another.
#[test]
fn many_updates_are_cast() {
    let variables: Vec<Variable> = (1..9).map(|n| Variable::new(format!("v{n}"), wave(&[n], n as f64))).collect();
    let updates: Vec<_> =
        variables.iter().map(|v| (v.clone(), v.tensor() * &Array::full(v.shape(), v.shape().size() as f64))).collect();
    assert!(updates.iter().all(|(v, next)| v.dtype() != next.dtype()));
    agree(&[], &[], &updates);
}

/// Integer steps, and updates whose type is not the variable's, which are cast.
#[test]
fn updates_of_counters() {
    let step = Variable::new("step", 0i64);
    let rate = Variable::new("rate", 0.5f32);
    let done = Variable::new("done", false);
    let next = step.tensor() + Tensor::from(1i64);
    let decayed = rate.tensor() * Tensor::from(Array::from(0.9)).pow(next.cast(DType::F64));
    agree(
        &[],
        &[next.cast(DType::F32)],
        &[(step.clone(), next.clone()), (rate, decayed), (done, next.greater_equal(1.0))],
    );
}

#[test]
fn axes_of_length_zero_and_one() {
    let (x, array) = input("x", Array::zeros([0, 3]).cast(DType::F32));
    let (y, other) = input("y", wave(&[3, 1], 0.0));
    let outputs = [
        x.sum(),
        x.sum_axis(0),
        x.sum_axis(1),
        x.mean(),
        x.max_axis(1),
        x.exp() + 1.0,
        x.matmul(&y),
        x.transpose().matmul(&x),
        y.matmul(x.transpose().slice(0, 0..1)),
        Tensor::concat(&[&x, &y.transpose()].map(Tensor::clone), 0),
        y.slice(0, 1..1).sum(),
        y.slice(1, 0..0).matmul(x.slice(1, 0..1).slice(0, 0..0)),
        x.reshape([3, 0]),
        x.pad(&[(1, 1), (0, 0)]),
        y.gather(&Tensor::from(Vec::<i64>::new()), 0),
        y.sum_axis(1),
        y.max_axis(1),
        y.argmax(1),
        y.argmax(0),
    ];
    agree(&[(x, array), (y, other)], &outputs, &[]);
}

/// Lengths at which work is split between vectors, blocks and threads.
#[test]
fn long_arrays() {
    for n in [1023, 4096, 70_001] {
        let (x, a) = input("x", wave(&[n], 0.1));
        let (y, b) = input("y", wave(&[n], 0.9));
        let z = (&x * &y + 0.5).tanh();
        let outputs = [z.clone(), z.sum(), z.max(), (&z * &x).mean(), z.argmax(0), x.greater(&y).sum()];
        agree(&[(x, a), (y, b)], &outputs, &[]);
    }
    for (m, n) in [(2, 9001), (9001, 2), (257, 65)] {
        let (x, a) = input("x", wave(&[m, n], 0.1));
        let (r, b) = input("r", wave(&[n], 0.3));
        let (c, d) = input("c", wave(&[m, 1], 0.7));
        let z = (&x + &r) * &c;
        let outputs = [z.sum_axis(0), z.sum_axis(1), z.max_axis(0), z.exp().sum_axis(1), z.transpose(), z.relu()];
        agree(&[(x, a), (r, b), (c, d)], &outputs, &[]);
    }
}

#[test]
fn matrix_products_of_many_shapes() {
    for (m, k, n) in
        [(1, 1, 1), (1, 40, 1), (40, 1, 50), (1, 33, 17), (17, 33, 1), (5, 2, 3), (64, 48, 33), (65, 130, 31)]
    {
        for dtype in [DType::F32, DType::F64] {
            let (x, a) = input("x", wave(&[m, k], 0.1).cast(dtype));
            let (w, b) = input("w", wave(&[k, n], 0.2).cast(dtype));
            let (bias, c) = input("b", wave(&[n], 0.2).cast(dtype));
            let (g, d) = input("g", wave(&[m, n], 0.2).cast(dtype));
            let p = x.matmul(&w);
            let outputs = [
                p.clone(),
                x.transpose().matmul(&g),
                g.matmul(w.transpose()),
                w.transpose().matmul(x.transpose()),
                (&p + &bias).relu(),
                (&p + &bias).tanh() * &g,
                // The product itself is an output, so it can't vanish into its epilogue.
                (&p * 2.0 + &bias).sigmoid(),
                (&g * &p).sum_axis(0),
            ];
            agree(&[(x, a), (w, b), (bias, c), (g, d)], &outputs, &[]);
        }
    }
}

/// Products in several blocks, with ends that fill no tile; each is alone, so that bias and function go with it.
#[test]
fn large_matrix_products() {
    for (m, k, n) in [(29, 1900, 45), (150, 950, 32), (161, 33, 1100), (3, 700, 300), (300, 20, 12)] {
        for dtype in [DType::F32, DType::F64] {
            let (x, a) = input("x", wave(&[m, k], 0.1).cast(dtype));
            let (w, b) = input("w", wave(&[k, n], 0.2).cast(dtype));
            let (bias, c) = input("b", wave(&[n], 0.2).cast(dtype));
            let (g, d) = input("g", wave(&[m, n], 0.2).cast(dtype));
            let inputs = [(x.clone(), a), (w.clone(), b), (bias.clone(), c), (g.clone(), d)];
            let p = x.matmul(&w);
            for output in [(&p + &bias).relu(), p.relu(), &p + &bias, (&p + &bias).tanh()] {
                agree(&inputs, &[output], &[]);
            }
            agree(&inputs, &[x.transpose().matmul(&g).relu(), g.matmul(w.transpose()).relu()], &[]);
        }
    }
}

/// A wrong index is found when the plan runs. Then nothing is updated, and the workspace is as good as before.
#[test]
fn wrong_indices_are_errors_at_run_time() {
    let w = Variable::new("w", [10.0f32, 20.0, 30.0]);
    let i = Tensor::input("i", [2], DType::I64);
    let rows = w.tensor().gather(&i, 0);
    for (name, passes) in variants() {
        w.assign([10.0f32, 20.0, 30.0]).unwrap();
        let updates = [(w.clone(), &w.tensor() + rows.sum())];
        let plan = Plan::with_passes(std::slice::from_ref(&i), std::slice::from_ref(&rows), &updates, passes).unwrap();
        let mut ws = plan.workspace();
        for wrong in [[0i64, 3], [-1, 0]] {
            ws.set_input(0, &Array::from(wrong)).unwrap();
            let error = plan.run(&mut ws).unwrap_err();
            assert!(matches!(error, Error::Index { .. }), "{name}: {error}");
        }
        ws.set_input(0, &Array::from([2i64, 0])).unwrap();
        plan.run(&mut ws).unwrap();
        assert_eq!(ws.output(0).to_vec(), [30.0, 10.0], "{name}");
        ws.store();
        assert_eq!(w.value().to_vec(), [50.0, 60.0, 70.0], "{name}");
    }
}

#[test]
fn inputs_are_checked() {
    let x = Tensor::input("x", [2, 3], DType::F32);
    let y = Tensor::input("y", [2], DType::F32);
    let plan = Plan::new(std::slice::from_ref(&x), &[x.sum()], &[]).unwrap();
    let mut ws = plan.workspace();
    let wrong = ws.set_input(0, &Array::zeros([3, 2])).unwrap_err();
    assert!(wrong.to_string().contains("(2, 3)") && wrong.to_string().contains("(3, 2)"), "{wrong}");
    // An integer array is cast, as an assignment to a variable is.
    ws.set_input(0, &Array::from([[1i64, 2, 3], [4, 5, 6]])).unwrap();
    plan.run(&mut ws).unwrap();
    assert_eq!(ws.scalar(0), 21.0);
    // An input that the plan was not told of, and a wrong expression.
    assert!(Plan::new(std::slice::from_ref(&x), &[x.sum() + &y], &[]).is_err());
    assert!(Plan::new(std::slice::from_ref(&x), &[x.matmul(&x)], &[]).is_err());
    // An update of another shape than the variable's.
    let w = Variable::new("w", [0.0f32, 0.0]);
    assert!(Plan::new(std::slice::from_ref(&x), &[], &[(w, x.clone())]).is_err());
}

#[test]
fn an_input_that_is_not_set_is_an_error() {
    let x = Tensor::input("x", [2, 3], DType::F32);
    let plan = Plan::new(std::slice::from_ref(&x), &[x.sum()], &[]).unwrap();
    let missing = plan.run(&mut plan.workspace()).unwrap_err();
    assert!(missing.to_string().contains("'x'"), "{missing}");
}

/// A vector as one row, beside a product that reads the same vector: found by random expressions.
#[test]
fn a_vector_broadcast_to_one_row() {
    let (a, v) = input("a", [0.3f32, 0.7, 1.1]);
    let (b, w) = input("b", [[0.25f32]]);
    let y = a.erf();
    let product = a.reshape([1, 3]).matmul(y.reshape([3, 1]));
    agree(&[(a, v), (b.clone(), w)], &[product, y.broadcast_to([1, 3]) + b], &[]);
}

/// Rows by number, as a batch of a shuffled epoch takes them.
#[test]
fn rows_of_an_array() {
    for dtype in [DType::F32, DType::F64, DType::I64, DType::Bool] {
        let data = wave(&[50, 3], 0.4).cast(dtype);
        let x = Tensor::input("x", [4, 3], dtype);
        let plan = Plan::new(std::slice::from_ref(&x), &[x.clone(), x.cast(DType::F32) * 2.0], &[]).unwrap();
        let mut ws = plan.workspace();
        for rows in [[0, 1, 2, 3], [49, 0, 7, 7], [10, 9, 8, 7]] {
            ws.set_input_rows(0, &data, &rows).unwrap();
            plan.run(&mut ws).unwrap();
            let expected: Vec<f64> = rows.iter().flat_map(|&r| data.rows(r, r + 1).to_vec()).collect();
            assert_eq!(ws.output(0).to_vec(), expected);
        }
    }
}

/// A workspace has values of its own from when it was made or loaded until it is stored.
#[test]
fn a_workspace_keeps_its_own_values() {
    let w = Variable::new("w", 1.0f32);
    let plan = Plan::new(&[], &[w.tensor()], &[(w.clone(), w.tensor() * 2.0)]).unwrap();
    let (mut one, mut other) = (plan.workspace(), plan.workspace());
    for expected in [1.0, 2.0, 4.0] {
        plan.run(&mut one).unwrap();
        assert_eq!(one.scalar(0), expected);
    }
    plan.run(&mut other).unwrap();
    assert_eq!((other.scalar(0), w.value().item()), (1.0, 1.0));
    one.store();
    assert_eq!(w.value().item(), 8.0);
    other.load();
    plan.run(&mut other).unwrap();
    assert_eq!(other.scalar(0), 8.0);
    w.assign(3.0).unwrap();
    one.load();
    plan.run(&mut one).unwrap();
    assert_eq!(one.scalar(0), 3.0);
}

#[test]
fn a_long_chain_is_planned() {
    let n = 100_000;
    let (x, array) = input("x", [0.5f32]);
    let y = (0..n).fold(x.clone(), |y, i| if i % 2 == 0 { y + 1.0 } else { y - 1.0 });
    let plan = Plan::new(&[x], std::slice::from_ref(&y), &[]).unwrap();
    let mut ws = plan.workspace();
    ws.set_input(0, &array).unwrap();
    plan.run(&mut ws).unwrap();
    assert_eq!(ws.output(0).to_vec(), [0.5]);
    assert!(topological(&[y]).len() > n);
}
