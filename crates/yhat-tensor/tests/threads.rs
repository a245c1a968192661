//! The same program gives the same bits, whatever the number of threads.

use std::process::Command;

use yhat_tensor::{Array, DType, Plan, Tensor, Variable, gradient, interpret};

/// Twenty steps of a training whose loops are cut into chunks and whose products are cut into parts.
fn trained() -> (Plan, Vec<Array>, Vec<Variable>) {
    let (rows, inputs, hidden) = (3000, 90, 130);
    let numbers = |shape: [usize; 2], scale: f64, phase: f64| {
        let v = (0..shape[0] * shape[1]).map(|i| (scale * ((i as f64 + phase) * 0.37).sin()) as f32).collect();
        Array::new(shape, v).unwrap()
    };
    let x = Tensor::input("x", [rows, inputs], DType::F32);
    let w1 = Variable::new("w1", numbers([inputs, hidden], 0.2, 0.0));
    let w2 = Variable::new("w2", numbers([hidden, 1], 0.2, 5.0));
    let b1 = Variable::new("b1", numbers([1, hidden], 0.1, 2.0));
    let layer = x.matmul(&w1).tanh() + &b1;
    let error = layer.matmul(&w2) - x.slice(1, 0..1);
    let loss = error.square().mean() + layer.max() * 1e-3;
    let variables = vec![w1, b1, w2];
    let slopes = gradient(&loss, &variables.iter().map(Variable::tensor).collect::<Vec<_>>()).unwrap();
    let updates: Vec<_> = variables.iter().zip(slopes).map(|(v, g)| (v.clone(), v.tensor() - g * 0.001)).collect();
    let plan = Plan::new(&[x], &[loss], &updates).unwrap();
    (plan, vec![numbers([rows, inputs], 1.0, 9.0)], variables)
}

/// Prints a digest of the trained weights; [`threads_do_not_change_a_bit`] reads it from processes of this test.
#[test]
fn digest() {
    let (plan, data, variables) = trained();
    let mut workspace = plan.workspace();
    workspace.set_input(0, &data[0]).unwrap();
    for _ in 0..20 {
        plan.run(&mut workspace).unwrap();
    }
    workspace.store();
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for value in variables.iter().flat_map(|v| v.value().to_vec()) {
        assert!(value.is_finite());
        hash = (hash ^ value.to_bits()).wrapping_mul(0x0000_0100_0000_01b3);
    }
    println!("\nbits={hash:016x}");
}

#[test]
fn threads_do_not_change_a_bit() {
    let digest = |threads: &str| {
        let mut test = Command::new(std::env::current_exe().unwrap());
        let output = test.args(["--exact", "digest", "--nocapture"]).env("YHAT_THREADS", threads).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        text.lines().find_map(|line| line.strip_prefix("bits=")).expect("a digest").to_string()
    };
    let one = digest("1");
    for threads in ["1", "2", "3", "8"] {
        assert_eq!(digest(threads), one, "{threads} threads");
    }
}

/// Totals of chunks, joined, are the totals.
#[test]
fn chunks_agree_with_the_interpreter() {
    for (rows, columns) in [(100_001, 1), (40_003, 3), (9_001, 40)] {
        let x = Tensor::input("x", [rows, columns], DType::F64);
        let v = (0..rows * columns).map(|i| (i as f64 * 0.61).sin()).collect();
        let data = Array::new([rows, columns], v).unwrap();
        let y = (x.exp() * &x + 0.5).tanh();
        let outputs = [y.sum(), y.sum_axis(0), y.max(), y.min_axis(0), (&y * y.sum_axes(&[1], true)).sum_axis(0), y];
        let plan = Plan::new(std::slice::from_ref(&x), &outputs, &[]).unwrap();
        assert!(!plan.to_string().contains("in 1 chunks"), "{plan}");
        let mut workspace = plan.workspace();
        workspace.set_input(0, &data).unwrap();
        plan.run(&mut workspace).unwrap();
        let expected = interpret(&outputs, &[(x, data)]).unwrap();
        for (i, expected) in expected.iter().enumerate() {
            for (a, b) in workspace.output(i).to_vec().into_iter().zip(expected.to_vec()) {
                assert!((a - b).abs() <= 1e-9 * b.abs().max(1.0), "output {i}: {a} and {b}");
            }
        }
    }
}
