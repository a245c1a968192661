//! Arrays: from and to `ndarray` and Rust's own, NumPy's ranges to the bit, casts, text.

use ndarray::{Array1, Array2, Array3, ArrayD, Dimension, IxDyn, ShapeBuilder, arr0, s};
use yhat_tensor::{Array, DType, Error, Plan, Variable};

#[test]
fn from_plain_values() {
    let types = [
        (Array::from(1.5f32), DType::F32),
        (Array::from(1.5), DType::F64),
        (Array::from(3), DType::I64),
        (Array::from(3i64), DType::I64),
        (Array::from(3u8), DType::I64),
        (Array::from(3i8), DType::I64),
        (Array::from(3u32), DType::I64),
        (Array::from(3usize), DType::I64),
        (Array::from(true), DType::Bool),
    ];
    for (array, dtype) in types {
        assert_eq!((array.dtype(), array.shape().rank(), array.size()), (dtype, 0, 1));
    }
    let (v, expected) = (vec![1.0, 2.0, 3.0], Array::new(3, vec![1.0, 2.0, 3.0]).unwrap());
    for array in [
        Array::from(&v),
        Array::from(v.as_slice()),
        Array::from([1.0, 2.0, 3.0]),
        Array::from(&[1.0, 2.0, 3.0]),
        v.into(),
    ] {
        assert_eq!(array, expected);
    }
    assert_eq!(Array::from([[1, 2], [3, 4], [5, 6]]).shape()[..], [3, 2]);
    let deep = Array::from([[[1, 2, 3]], [[4, 5, 6]]]);
    assert_eq!((&deep.shape()[..], deep.at(&[1, 0, 2])), (&[2, 1, 3][..], 6.0));
    assert_eq!(Array::from(Vec::<f32>::new()).shape()[..], [0]);
}

/// Views of every layout are read in their own order of indices.
#[test]
fn from_ndarray_views() {
    let a = Array3::from_shape_fn((2, 3, 4), |(i, j, k)| (100 * i + 10 * j + k) as f64);
    let same = |view: ndarray::ArrayViewD<f64>| {
        let array = Array::from(&view);
        assert_eq!(&array.shape()[..], view.shape());
        assert_eq!(array.to_vec(), view.iter().copied().collect::<Vec<_>>());
        for (index, value) in view.indexed_iter() {
            assert_eq!(array.at(index.slice()), *value);
        }
        assert_eq!(array.to_f64(), view);
    };
    same(a.view().into_dyn());
    same(a.t().into_dyn());
    same(a.slice(s![.., ..;2, 1..]).into_dyn());
    same(a.slice(s![..;-1, .., ..;-2]).into_dyn());
    same(a.slice(s![0, .., 3]).into_dyn());
    same(a.view().permuted_axes([1, 2, 0]).into_dyn());
    same(a.slice(s![.., 1..1, ..]).into_dyn());
    same(a.slice(s![0..1, .., ..]).broadcast((5, 3, 4)).unwrap().into_dyn());
    same(Array2::from_shape_fn((3, 4).f(), |(i, j)| (i * 10 + j) as f64).view().into_dyn());
    same(arr0(7.0).view().into_dyn());
    same(ArrayD::from_shape_fn(IxDyn(&[2, 1, 2, 1, 2, 3]), |i| i[0] as f64 + i[5] as f64 * 0.5).view().into_dyn());
}

#[test]
fn element_types_from_and_to_ndarray() {
    let floats = Array::from(Array1::from(vec![1.9f32, -1.9, 0.0]));
    assert_eq!(floats.dtype(), DType::F32);
    assert_eq!(floats.to_f32().as_slice().unwrap(), [1.9f32, -1.9, 0.0]);
    assert_eq!(floats.to_i64().as_slice().unwrap(), [1, -1, 0]);
    assert_eq!(floats.to_f64().as_slice().unwrap(), [1.9f32 as f64, -1.9f32 as f64, 0.0]);
    assert_eq!(Array::from(Array1::from(vec![1i32, -2])).dtype(), DType::I64);
    assert_eq!(Array::from(Array1::from(vec![255u8, 2])).to_vec(), [255.0, 2.0]);
    assert_eq!(Array::from(Array2::from_elem((2, 2), true)).dtype(), DType::Bool);
    assert_eq!(Array::from(Array1::from(vec![i64::MAX])).to_i64()[[0]], i64::MAX);
    // Moved, not only borrowed.
    let owned: Array = Array2::<f64>::zeros((2, 0)).into();
    assert_eq!((&owned.shape()[..], owned.size()), (&[2, 0][..], 0));
}

#[test]
fn casts() {
    let a = Array::from([0.0, -0.0, 0.4, -1.7, 3e10, -3e300, f64::NAN, f64::INFINITY]);
    assert_eq!(a.cast(DType::I64).to_i64().as_slice().unwrap(), [0, 0, 0, -1, 30_000_000_000, i64::MIN, 0, i64::MAX]);
    assert_eq!(a.cast(DType::Bool).to_vec(), [0.0, 0.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0]);
    assert_eq!(a.cast(DType::F32).at(&[5]), f64::NEG_INFINITY);
    // Integers beyond 2^53 are not sent through a double.
    let big = Array::from([i64::MAX, i64::MIN, 9_007_199_254_740_993]);
    assert_eq!(big.cast(DType::I64), big);
    assert_eq!(big.cast(DType::F32).elements::<f32>().unwrap()[2], 9_007_199_254_740_993i64 as f32);
    assert_eq!(Array::from([true, false]).cast(DType::I64).to_i64().as_slice().unwrap(), [1, 0]);
    assert!(Array::from([1.0, f64::MAX]).all_finite() && !Array::from([1.0f32, f32::NAN]).all_finite());
}

/// The answer is kept for as long as the elements stay.
#[test]
fn a_value_that_becomes_infinite_is_seen() {
    let w = Variable::new("w", [1.0f32, 2.0]);
    assert!(w.value().all_finite());
    let plan = Plan::new(&[], &[], &[(w.clone(), w.tensor() * f64::INFINITY)]).unwrap();
    let mut workspace = plan.workspace();
    plan.run(&mut workspace).unwrap();
    workspace.store();
    assert!(!w.value().all_finite() && !w.value().reshape([2, 1]).unwrap().all_finite());
    w.assign([1.0f32, 2.0]).unwrap();
    assert!(w.value().all_finite());
}

/// A digest of the bits and their order: `numpy.bitwise_xor.reduce(a.view(uint64) * arange(1, 2 n + 1, 2))`.
fn digest(a: &Array) -> u64 {
    a.to_vec().iter().enumerate().fold(0, |d, (i, x)| d ^ x.to_bits().wrapping_mul(2 * i as u64 + 1))
}

/// `numpy.linspace(...)`, NumPy 2.4.6.
#[test]
fn linspace_is_numpys() {
    let all = [
        (-1.0, 1.0, 100, 0xdcfdd2045bf5d90),
        (-1.0, 1.0, 2000, 0xd125c494c8c8dc1d),
        (0.0, 1.0, 3, 0x8010000000000000),
        (0.0, 10.0, 7, 0xff0a00000000000c),
        (1.0, -1.0, 11, 0x81caaaaaaaaaab5f),
        (0.1, 0.7, 13, 0x3e05555555555558),
        (3.0, 3.0, 4, 0x0),
        (2.0, 5.0, 1, 0x4000000000000000),
        (2.0, 5.0, 0, 0x0),
        (0.0, 5e-324, 5, 0xe),
        (-1e300, 1e300, 9, 0x698db1b68021743),
    ];
    for (start, stop, n, expected) in all {
        let a = Array::linspace(start, stop, n);
        assert_eq!((a.size(), digest(&a)), (n, expected), "linspace({start}, {stop}, {n})");
    }
}

/// `numpy.arange(...)` of floats, NumPy 2.4.6.
#[test]
fn arange_is_numpys() {
    let all = [
        (-10.0, 3.0, 0.2, 65, 0xe38799999996d572),
        (-1.0, 10.0, 0.2, 55, 0xe3b5333333333165),
        (0.0, 1.0, 0.1, 10, 0xbf0555555555556a),
        (0.1, 10.0, 3.0, 4, 0x7f35666666666666),
        (5.0, -5.0, -0.7, 15, 0x39b3333333333723),
        (0.0, -1.0, -0.1, 10, 0x3f0555555555556a),
        (3.0, 3.0, 1.0, 0, 0x0),
        (3.0, 2.0, 1.0, 0, 0x0),
        (0.0, 1.0, 2.0, 1, 0x0),
        (0.3, 7.0, 2.9, 3, 0xbfb6000000000006),
        (1e16, 1e16 + 20.0, 3.0, 7, 0xd8ca544c46278082),
        (-0.05, 1.0, 0.35, 4, 0x802800000000000d),
    ];
    for (start, stop, step, n, expected) in all {
        let a = Array::arange(start, stop, step);
        assert_eq!((a.size(), digest(&a)), (n, expected), "arange({start}, {stop}, {step})");
    }
}

#[test]
fn columns_rows_stacks() {
    let a = Array::from([[1, 2, 3], [4, 5, 6]]);
    assert_eq!((a.column(1), a.column(1).dtype()), (Array::from([2, 5]), DType::I64));
    assert_eq!(a.rows(1, 2), Array::from([[4, 5, 6]]));
    assert_eq!(a.rows(1, 1).shape()[..], [0, 3]);
    assert_eq!(Array::from([1.0, 2.0, 3.0]).rows(1, 3), Array::from([2.0, 3.0]));
    assert_eq!(Array::zeros([0, 3]).column(2).shape()[..], [0]);
    let stacked = Array::stack(&[Array::from([1, 2]), Array::from([0.5, 1.5])]);
    assert_eq!(stacked, Array::from([[1.0, 2.0], [0.5, 1.5]]));
    assert_eq!(a.mapv(|x| x * 0.5), Array::from([[0.5, 1.0, 1.5], [2.0, 2.5, 3.0]]));
    assert_eq!(a.reshape([3, 2]).unwrap(), Array::from([[1, 2], [3, 4], [5, 6]]));
    assert_eq!(Array::full((), 2.0).item(), 2.0);
}

#[test]
fn wrong_lengths_are_errors() {
    let error = Array::new([2, 3], vec![0.0; 5]).unwrap_err();
    assert_eq!(error.to_string(), "an array of shape (2, 3) has 6 elements, got 5");
    assert!(matches!(Array::zeros([2, 3]).reshape(7), Err(Error::Length { .. })));
}

#[test]
fn panics_say_what_was_wrong() {
    let a = Array::from([[1.0, 2.0]]);
    let message = |f: &dyn Fn()| {
        let error = std::panic::catch_unwind(std::panic::AssertUnwindSafe(f)).unwrap_err();
        error.downcast_ref::<String>().cloned().unwrap_or_else(|| error.downcast_ref::<&str>().unwrap().to_string())
    };
    let all: [(&dyn Fn(), &str); 9] = [
        (&|| _ = a.item(), "item() is for an array of one element, this one has shape (1, 2)"),
        (&|| _ = a.at(&[0]), "index [0] is not inside of an array of shape (1, 2)"),
        (&|| _ = a.at(&[0, 2]), "index [0, 2] is not inside of an array of shape (1, 2)"),
        (&|| drop(a.column(2)), "column 2 of an array of shape (1, 2)"),
        (&|| drop(a.rows(0, 2)), "rows 0..2 of an array of shape (1, 2)"),
        (&|| drop(Array::from(1.0).rows(0, 0)), "rows of a scalar, which has no axes"),
        (&|| drop(Array::stack(&[])), "stack() needs at least one array"),
        (&|| drop(Array::arange(0.0, 1.0, 0.0)), "arange(0, 1, 0) has no end"),
        (&|| drop(Array::arange(0.0, f64::NAN, 1.0)), "arange(0, NaN, 1) has no end"),
    ];
    for (f, expected) in all {
        assert_eq!(message(f), expected);
    }
}

/// As NumPy writes them, but for its spaces.
#[test]
fn text() {
    let shown = [
        (Array::from(1.5), "1.5"),
        (Array::from(3), "3"),
        (Array::from(true), "true"),
        (Array::from([1.0, 2.5, -3.0]), "[ 1., 2.5, -3.]"),
        (Array::from([0.1f32, 1e-5, 1e20]), "[ 0.1, 1e-5, 1e20]"),
        (Array::from([f64::NAN, f64::INFINITY, -0.0]), "[NaN, inf, -0.]"),
        (Array::from([[1, 20], [-3, 4]]), "[[ 1, 20],\n [-3,  4]]"),
        (Array::from([[[1], [2]], [[3], [4]]]), "[[[1],\n  [2]],\n [[3],\n  [4]]]"),
        (Array::from(Vec::<f64>::new()), "[]"),
        (Array::zeros([2, 0]), "[[],\n []]"),
        (Array::arange(0.0, 2000.0, 1.0), "[   0.,    1.,    2., ..., 1997., 1998., 1999.]"),
    ];
    for (array, expected) in shown {
        assert_eq!(array.to_string(), expected);
    }
    let large = Array::zeros([100, 100]).to_string();
    assert_eq!(large.lines().count(), 7);
    assert_eq!(large.lines().nth(3), Some(" ...,"));
    assert_eq!(format!("{:?}", Array::from([1i64])), "array([1], shape=(1,), dtype=int64)");
}
