//! A run allocates nothing: counted by an allocator.

use std::{
    alloc::{GlobalAlloc, Layout, System},
    cell::Cell,
};

use yhat_tensor::{Array, DType, Passes, Plan, Tensor, Variable, gradient};

/// Counts the allocations of each thread, since tests run side by side.
struct Counting;

thread_local! {
    static COUNT: Cell<usize> = const { Cell::new(0) };
}

// SAFETY: the system's allocator, and a counter beside it.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        COUNT.with(|count| count.set(count.get() + 1));
        unsafe { System.alloc(layout) }
    }
    unsafe fn dealloc(&self, p: *mut u8, layout: Layout) {
        unsafe { System.dealloc(p, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn allocations(f: impl FnOnce()) -> usize {
    let before = COUNT.with(Cell::get);
    f();
    COUNT.with(Cell::get) - before
}

fn variable(name: &str, shape: &[usize]) -> Variable {
    let n: usize = shape.iter().product();
    let values: Vec<f32> = (0..n).map(|i| ((i * 7 + 3) as f32).sin() * 0.1).collect();
    Variable::new(name, Array::new(shape, values).unwrap())
}

#[test]
fn the_counter_counts() {
    assert_eq!(allocations(|| drop(std::hint::black_box(vec![1u8; 10]))), 1);
}

/// A training step of a classifier: products, bias, relu, softmax, cross-entropy with integer labels, Adam; and what
/// has steps of its own: concatenation, transposition, reductions over other axes, rows by index.
#[test]
fn a_run_allocates_nothing() {
    let (rows, classes) = (40, 10);
    let x = Tensor::input("x", [rows, 30], DType::F32);
    let labels = Tensor::input("labels", [rows], DType::I64);
    let (w1, b1) = (variable("w1", &[30, 64]), variable("b1", &[64]));
    let (w2, b2) = (variable("w2", &[64, classes]), variable("b2", &[classes]));
    let hidden = (x.matmul(&w1) + &b1).relu();
    let logits = hidden.matmul(&w2) + &b2;
    let shifted = &logits - logits.max_axes(&[-1], true);
    let log_probabilities = &shifted - shifted.exp().sum_axes(&[-1], true).ln();
    let loss = -(labels.one_hot(classes, DType::F32) * &log_probabilities).sum_axis(-1).mean();
    let moved = Tensor::concat(&[hidden.transpose().slice(0, 3..9), logits.transpose()], 0);
    let gathered = moved.gather(&Tensor::from([0i64, 5, 2]), 0).sum_axes(&[0, 1], false);
    let weights = [w1, b1, w2, b2];
    let slopes = gradient(&loss, &weights.each_ref().map(Variable::tensor)).unwrap();
    let mut updates = Vec::new();
    for (w, slope) in weights.iter().zip(&slopes) {
        let m = Variable::new("m", Array::zeros(w.shape()).cast(DType::F32));
        let v = Variable::new("v", Array::zeros(w.shape()).cast(DType::F32));
        let (m2, v2) = (m.tensor() * 0.9 + slope * 0.1, v.tensor() * 0.999 + slope.square() * 0.001);
        updates.push((w.clone(), w.tensor() - &m2 * 0.01 / (v2.sqrt() + 1e-7)));
        updates.extend([(m, m2), (v, v2)]);
    }
    let outputs = [loss, gathered, logits.argmax(-1)];
    for passes in [Passes::ALL, Passes::NONE] {
        let plan = Plan::with_passes(&[x.clone(), labels.clone()], &outputs, &updates, passes).unwrap();
        let mut workspace = plan.workspace();
        let data: Vec<f32> = (0..rows * 30).map(|i| (i as f32).cos()).collect();
        workspace.set_input(0, &Array::new([rows, 30], data).unwrap()).unwrap();
        workspace.set_input(1, &Array::from((0..rows).map(|i| i % classes).collect::<Vec<_>>())).unwrap();
        plan.run(&mut workspace).unwrap();
        let first = workspace.scalar(0);
        let count = allocations(|| {
            for _ in 0..100 {
                plan.run(&mut workspace).unwrap();
                std::hint::black_box(workspace.scalar(0));
            }
        });
        assert_eq!(count, 0, "with {passes:?}");
        assert!(workspace.scalar(0) < first, "it learns");
    }
}
