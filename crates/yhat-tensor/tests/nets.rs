//! Training steps of nets whose numbers of rows and nodes lie around what a vector, a block, a tile or a loop holds: the plan
//! against the interpreter.

use yhat_tensor::{Array, DType, Passes, Plan, Tensor, Variable, gradient, interpret};

const ROWS: [usize; 10] = [1, 3, 4, 7, 16, 17, 33, 100, 2_049, 5_000];
const NODES: [usize; 11] = [1, 2, 3, 8, 15, 16, 17, 31, 33, 64, 130];

/// Numbers that look random, between -1 and 1.
fn numbers(shape: &[usize], salt: f64, dtype: DType) -> Array {
    let n: usize = shape.iter().product();
    let values = (0..n).map(|i| ((i as f64 + salt) * 12.9898).sin() * 43_758.547 % 1.0).collect::<Vec<f64>>();
    Array::from(values).cast(dtype).reshape(shape).unwrap()
}

fn check(rows: usize, nodes: usize, dtype: DType, activation: fn(&Tensor) -> Tensor) {
    let weights: Vec<Variable> = [vec![1, nodes], vec![nodes], vec![nodes, 1], vec![1]]
        .into_iter()
        .enumerate()
        .map(|(i, shape)| Variable::new(format!("w{i}"), numbers(&shape, i as f64 * 7.3, dtype)))
        .collect();
    let t: Vec<Tensor> = weights.iter().map(Variable::tensor).collect();
    let inputs = ["x", "y"].map(|name| Tensor::input(name, [rows, 1], dtype));
    let arrays = [numbers(&[rows, 1], 0.1, dtype), numbers(&[rows, 1], 0.7, dtype)];
    let yhat = activation(&(inputs[0].matmul(&t[0]) + &t[1])).matmul(&t[2]) + &t[3];
    let loss = (&inputs[1] - &yhat).square().mean();
    let slopes = gradient(&loss, &t).unwrap();
    let next: Vec<Tensor> = t.iter().zip(&slopes).map(|(w, g)| w - g * 0.1).collect();
    let roots: Vec<Tensor> = [loss.clone(), yhat.clone()].into_iter().chain(next.clone()).collect();
    let pairs: Vec<(Tensor, Array)> = inputs.iter().cloned().zip(arrays.clone()).collect();
    let expected = interpret(&roots, &pairs).unwrap();
    for passes in [Passes::ALL, Passes { codegen: false, ..Passes::ALL }] {
        let updates: Vec<_> = weights.iter().cloned().zip(next.clone()).collect();
        let plan = Plan::with_passes(&inputs, &[loss.clone(), yhat.clone()], &updates, passes).unwrap();
        let mut workspace = plan.workspace();
        arrays.iter().enumerate().for_each(|(i, a)| workspace.set_input(i, a).unwrap());
        plan.run(&mut workspace).unwrap();
        let before: Vec<Array> = weights.iter().map(Variable::value).collect();
        workspace.store();
        let got = [workspace.output(0), workspace.output(1)].into_iter().chain(weights.iter().map(Variable::value));
        for (k, (got, expected)) in got.zip(&expected).enumerate() {
            // Sums of some thousand numbers of size one.
            let bound = if dtype == DType::F64 { 1e-12 } else { 3e-5 };
            for (i, (a, b)) in got.to_vec().into_iter().zip(expected.to_vec()).enumerate() {
                let what = format!("{rows} rows, {nodes} nodes, {dtype}, codegen {}: {k}[{i}]", passes.codegen);
                assert!((a - b).abs() <= bound * (1.0 + b.abs()), "{what} is {a}, not {b}");
            }
        }
        weights.iter().zip(before).for_each(|(w, value)| w.assign(value).unwrap());
    }
}

#[test]
fn relu() {
    for (rows, nodes) in ROWS.into_iter().flat_map(|rows| NODES.map(|nodes| (rows, nodes))) {
        check(rows, nodes, DType::F32, Tensor::relu);
    }
}

#[test]
fn relu_in_float64() {
    for (rows, nodes) in ROWS.into_iter().flat_map(|rows| NODES.map(|nodes| (rows, nodes))) {
        check(rows, nodes, DType::F64, Tensor::relu);
    }
}

/// Values that are too costly to be computed again are kept between passes.
#[test]
fn tanh_and_sigmoid() {
    for (rows, nodes) in ROWS.into_iter().flat_map(|rows| NODES.map(|nodes| (rows, nodes))) {
        check(rows, nodes, DType::F32, |x| x.tanh() * x.sigmoid());
    }
}

/// One block, many accumulators: more than have registers.
#[test]
fn deep_and_narrow() {
    let dtype = DType::F32;
    let x = Tensor::input("x", [100, 1], dtype);
    let mut weights = Vec::new();
    let mut h = x.clone();
    for layer in 0..24 {
        let inputs = if layer == 0 { 1 } else { 3 };
        let w = Variable::new("w", numbers(&[inputs, 3], layer as f64, dtype));
        h = h.matmul(w.tensor()).tanh();
        weights.push(w);
    }
    let loss = h.square().mean();
    let t: Vec<Tensor> = weights.iter().map(Variable::tensor).collect();
    let roots: Vec<Tensor> = std::iter::once(loss.clone()).chain(gradient(&loss, &t).unwrap()).collect();
    let array = numbers(&[100, 1], 0.3, dtype);
    let expected = interpret(&roots, &[(x.clone(), array.clone())]).unwrap();
    let plan = Plan::new(&[x], &roots, &[]).unwrap();
    let mut workspace = plan.workspace();
    workspace.set_input(0, &array).unwrap();
    plan.run(&mut workspace).unwrap();
    for (k, expected) in expected.iter().enumerate() {
        for (a, b) in workspace.output(k).to_vec().into_iter().zip(expected.to_vec()) {
            assert!((a - b).abs() <= 1e-5 * (1.0 + b.abs()), "root {k} is {a}, not {b}");
        }
    }
}

/// Plans of `roots` over one input, with all passes and without those that have a hand in small products, against the
/// interpreter.
fn check_roots(x: &Tensor, roots: &[Tensor], what: &str) {
    let dtype = x.dtype();
    let array = numbers(x.shape(), 0.3, dtype);
    let expected = interpret(roots, &[(x.clone(), array.clone())]).unwrap();
    let all = Passes::ALL;
    for passes in [
        all,
        Passes { small: false, ..all },
        Passes { fuse: false, ..all },
        Passes { skinny: false, ..all },
        Passes { reuse: false, share: false, ..all },
    ] {
        let plan = Plan::with_passes(std::slice::from_ref(x), roots, &[], passes).unwrap();
        let mut workspace = plan.workspace();
        workspace.set_input(0, &array).unwrap();
        plan.run(&mut workspace).unwrap();
        for (k, expected) in expected.iter().enumerate() {
            let bound = if dtype == DType::F64 { 1e-12 } else { 1e-5 };
            let size = expected.to_vec().into_iter().fold(1.0, |size: f64, x| size.max(x.abs()));
            for (i, (a, b)) in workspace.output(k).to_vec().into_iter().zip(expected.to_vec()).enumerate() {
                assert!((a - b).abs() <= bound * size, "{what}, {passes:?}: root {k}[{i}] is {a}, not {b}\n{plan}");
            }
        }
    }
}

/// Loss, output and slopes of a net whose layers have these numbers of nodes, on so many rows.
fn check_layers(rows: usize, nodes: &[usize], dtype: DType, activation: fn(&Tensor) -> Tensor) {
    let x = Tensor::input("x", [rows, nodes[0]], dtype);
    let (mut h, mut weights) = (x.clone(), Vec::new());
    for (layer, pair) in nodes.windows(2).enumerate() {
        let w = Variable::new("w", numbers(pair, layer as f64 + 0.5, dtype)).tensor();
        let b = Variable::new("b", numbers(&pair[1..], layer as f64, dtype)).tensor();
        h = activation(&(h.matmul(&w) + &b));
        weights.extend([w, b]);
    }
    let loss = h.square().mean();
    let slopes = gradient(&loss, &weights).unwrap();
    check_roots(&x, &[vec![loss, h], slopes].concat(), &format!("{rows} rows, {nodes:?}, {dtype}"));
}

/// Products of every size around what a loop takes in.
#[test]
fn small_products() {
    for (rows, width) in [1, 7, 8, 15, 16, 17, 100, 1000].into_iter().flat_map(|rows| (1..=17).map(move |w| (rows, w)))
    {
        for nodes in [[width, 2, width], [2, width, 3], [width, width, width], [17 - width.min(16), width, 17]] {
            check_layers(rows, &nodes, DType::F32, Tensor::tanh);
            check_layers(rows, &nodes, DType::F64, Tensor::tanh);
        }
    }
}

/// So many layers that they are several loops, with rows enough for several calls.
#[test]
fn deep_nets() {
    for (layers, width) in [(60, 2), (12, 8), (6, 16), (9, 13)] {
        let nodes: Vec<usize> = [2].into_iter().chain(vec![width; layers]).chain([1]).collect();
        check_layers(100, &nodes, DType::F32, Tensor::tanh);
        check_layers(2_049, &nodes, DType::F64, |x| x.tanh() * 0.9);
    }
}

/// Loops that have products in them and no machine code, for what is computed beside these: they are planned again.
#[test]
fn products_beside_what_has_no_code() {
    let dtype = DType::F32;
    let w = |shape: [usize; 2]| Variable::new("w", numbers(&shape, 0.5, dtype)).tensor();
    for rows in [1, 16, 100] {
        check_layers(rows, &[2, 8, 8, 8, 1], dtype, Tensor::sin);
        // Twenty columns, of the same rows at the same time.
        let x = Tensor::input("x", [rows, 2], dtype);
        let (narrow, wide) =
            (x.matmul(w([2, 8])).tanh().matmul(w([8, 3])), (&x.sum_axes(&[1], true) * w([1, 20])).relu());
        let statistics = (&narrow - narrow.mean_axes(&[0], true)).square().mean_axes(&[0], false);
        check_roots(&x, &[narrow.sin(), wide, narrow.matmul(w([3, 3])), statistics], "narrow and wide");
    }
}

/// All of a narrow net's layers, forward and backward, are loops.
#[test]
fn a_narrow_net_is_one_loop() {
    let t = [[2, 8], [8, 8], [8, 1]].map(|shape| Variable::new("w", numbers(&shape, 0.5, DType::F32)).tensor());
    let x = Tensor::input("x", [100, 2], DType::F32);
    let loss = t.iter().fold(x.clone(), |h, w| h.matmul(w).relu()).square().mean();
    let plan = |passes| {
        let outputs: Vec<Tensor> = std::iter::once(loss.clone()).chain(gradient(&loss, &t).unwrap()).collect();
        Plan::with_passes(std::slice::from_ref(&x), &outputs, &[], passes).unwrap().to_string()
    };
    let (of_loops, of_products) = (plan(Passes::ALL), plan(Passes { small: false, ..Passes::ALL }));
    let steps = |plan: &str, kind: &str| plan.lines().filter(|line| line.starts_with(kind)).count();
    assert_eq!(steps(&of_products, "matmul"), 5, "{of_products}");
    if steps(&of_products, "code") > 0 {
        // The second divides the loss by the rows.
        assert_eq!((steps(&of_loops, "code"), steps(&of_loops, "matmul")), (2, 0), "{of_loops}");
    }
}

/// Rows so long that generated code could not reach from one to the next: they are left to the lists of kernels.
#[test]
fn rows_beyond_the_reach_of_code() {
    let columns = 9_000_000;
    let x = Tensor::input("x", [2, columns], DType::F32);
    let sums = (&x + 1.0).square().sum_axis(1);
    let plan = Plan::new(std::slice::from_ref(&x), &[sums], &[]).unwrap();
    assert!(!plan.to_string().contains("code over"), "{plan}");
    let mut workspace = plan.workspace();
    workspace.set_input(0, &Array::full([2, columns], 1.0).cast(DType::F32)).unwrap();
    plan.run(&mut workspace).unwrap();
    for sum in workspace.output(0).to_vec() {
        assert!((sum / (4.0 * columns as f64) - 1.0).abs() < 1e-5, "{sum}");
    }
}
