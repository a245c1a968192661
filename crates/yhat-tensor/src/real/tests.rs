//! The fast float32 functions against the standard library's float64 ones, over all float32 numbers.

use super::Real;

/// How far `got` is from `truth` in units in the last place of a float32 at `truth`.
fn ulps(got: f32, truth: f64) -> f64 {
    let rounded = truth as f32;
    if got == rounded || (got.is_nan() && truth.is_nan()) {
        return 0.0;
    }
    if !got.is_finite() || truth.is_nan() {
        return f64::INFINITY;
    }
    let exponent = truth.abs().max(f32::MIN_POSITIVE as f64).log2().floor().clamp(-126.0, 127.0) as i32;
    (got as f64 - truth).abs() / 2f64.powi(exponent - 23)
}

/// The largest error of `fast` over every `stride`th bit pattern, and where it is.
fn worst(stride: usize, fast: impl Fn(f32) -> f32, truth: impl Fn(f64) -> f64) -> (f64, f32) {
    let mut worst = (0.0, 0.0);
    for bits in (0..=u32::MAX).step_by(stride) {
        let x = f32::from_bits(bits);
        let error = ulps(fast(x), truth(x as f64));
        if error > worst.0 {
            worst = (error, x);
        }
    }
    worst
}

/// Name, bound in units in the last place, the function without and with fused multiply-add, the truth.
type Case = (&'static str, f64, [fn(f32) -> f32; 2], fn(f64) -> f64);

const CASES: &[Case] = &[
    ("exp", 1.5, [f32::fast_exp::<false>, f32::fast_exp::<true>], f64::exp),
    ("expm1", 2.0, [f32::fast_expm1::<false>, f32::fast_expm1::<true>], f64::exp_m1),
    ("ln", 1.0, [f32::fast_ln::<false>, f32::fast_ln::<true>], f64::ln),
    ("ln_1p", 2.0, [f32::fast_ln_1p::<false>, f32::fast_ln_1p::<true>], f64::ln_1p),
    ("tanh", 2.0, [f32::fast_tanh::<false>, f32::fast_tanh::<true>], f64::tanh),
    ("sigmoid", 2.5, [f32::fast_sigmoid::<false>, f32::fast_sigmoid::<true>], Real::sigmoid),
    ("softplus", 2.5, [f32::fast_softplus::<false>, f32::fast_softplus::<true>], Real::softplus),
    ("erf", 2.0, [f32::fast_erf::<false>, f32::fast_erf::<true>], libm::erf),
];

fn sweep(stride: usize) {
    let mut wrong = Vec::new();
    for (name, bound, fast, truth) in CASES {
        for (fast, fused) in fast.iter().zip(["plain", "fused"]) {
            let (error, x) = worst(stride, fast, truth);
            println!("{name:8} {fused} {error:.3} at {x:e}: {:e}, truth {:e}", fast(x), truth(x as f64));
            if error > *bound {
                wrong.push(format!("{name} ({fused}) is {error:.2} units off at {x:e}: {:e}", fast(x)));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The float64 forms, at numbers of every exponent, against the standard library's, which is itself within one unit.
#[test]
fn float64_errors_are_bounded() {
    type Case = (&'static str, f64, [fn(f64) -> f64; 2], fn(f64) -> f64);
    let cases: &[Case] = &[
        ("exp", 2.5, [f64::fast_exp::<false>, f64::fast_exp::<true>], f64::exp),
        ("expm1", 3.0, [f64::fast_expm1::<false>, f64::fast_expm1::<true>], f64::exp_m1),
        ("ln", 2.0, [f64::fast_ln::<false>, f64::fast_ln::<true>], f64::ln),
        ("ln_1p", 3.0, [f64::fast_ln_1p::<false>, f64::fast_ln_1p::<true>], f64::ln_1p),
        ("tanh", 3.0, [f64::fast_tanh::<false>, f64::fast_tanh::<true>], f64::tanh),
        ("sigmoid", 3.5, [f64::fast_sigmoid::<false>, f64::fast_sigmoid::<true>], Real::sigmoid),
        ("softplus", 3.5, [f64::fast_softplus::<false>, f64::fast_softplus::<true>], Real::softplus),
    ];
    let ends =
        [0.0, f64::INFINITY, f64::NAN, 5e-324, f64::MIN_POSITIVE, f64::MAX, 709.7, 709.8, 745.1, 745.2, 750.0, 1.0];
    // A large odd step visits every exponent at ever other mantissas.
    let spread = (0..400_000u64).map(|i| f64::from_bits(i.wrapping_mul(0x9e37_79b9_7f4a_7c15)));
    let near = (-200_000..200_000).map(|i| f64::from(i) * 1.234_567e-4);
    for x in ends.into_iter().flat_map(|x| [x, -x]).chain(spread).chain(near) {
        for (name, bound, fast, truth) in cases {
            let truth = truth(x);
            for (fast, fused) in fast.iter().zip(["plain", "fused"]) {
                let got = fast(x);
                let unit = f64::from_bits(truth.abs().max(f64::MIN_POSITIVE).to_bits() & 0x7ff0_0000_0000_0000);
                let close = got == truth || (got.is_nan() && truth.is_nan()) || {
                    got.is_finite() && (got - truth).abs() <= bound * (unit * f64::EPSILON).max(5e-324)
                };
                // Half of the largest unit rounds to infinity or not.
                let edge = (got.is_infinite() || truth.is_infinite()) && got.min(truth) >= 1.797e308;
                assert!(close || edge, "{name} ({fused}) of {x:e} is {got:e}, not {truth:e}");
            }
        }
    }
}

/// A million numbers for each function, or every `YHAT_STRIDE`th; a prime visits all ends of the mantissa.
#[test]
fn errors_are_bounded() {
    sweep(std::env::var("YHAT_STRIDE").map_or(4_099, |stride| stride.parse().expect("a number")));
}

/// Zeros, subnormals, the ends where results overflow or saturate, infinities and NaN: what float64 says, rounded.
#[test]
fn special_numbers() {
    let tiny = [1e-45, f32::MIN_POSITIVE, 1.1e-38, 1e-30, 1e-8, 5.9e-8, 6e-8, 1.2e-7];
    let ends = [
        0.925,
        4.0,
        4.1,
        9.0,
        16.0,
        17.5,
        87.3,
        88.72,
        88.73,
        89.0,
        90.0,
        103.2,
        103.9,
        104.0,
        110.0,
        1e10,
        3e38,
        f32::MAX,
        f32::INFINITY,
        0.0,
        1.0,
        0.5,
        2.0,
        0.999_999_94,
        1.000_000_1,
        f32::NAN,
    ];
    for (name, bound, fast, truth) in CASES {
        for x in tiny.into_iter().chain(ends).flat_map(|x| [x, -x]) {
            let truth = truth(x as f64);
            for (fast, fused) in fast.iter().zip(["plain", "fused"]) {
                let got = fast(x);
                assert!(ulps(got, truth) <= *bound, "{name} ({fused}) of {x:e} is {got:e}, not {truth:e}");
            }
        }
    }
}

/// What lies in a range stays in it, and what rises does not fall by more than its error.
#[test]
fn ranges() {
    for bits in (0..=u32::MAX).step_by(65_537) {
        let x = f32::from_bits(bits);
        if x.is_nan() {
            continue;
        }
        let inside =
            |y: f32, low: f32, high: f32, name: &str| assert!(y >= low && y <= high, "{name} of {x:e} is {y:e}");
        inside(x.fast_sigmoid::<true>(), 0.0, 1.0, "sigmoid");
        inside(x.fast_tanh::<true>(), -1.0, 1.0, "tanh");
        inside(x.fast_erf::<true>(), -1.0, 1.0, "erf");
        inside(x.fast_exp::<true>(), 0.0, f32::INFINITY, "exp");
        inside(x.fast_expm1::<true>(), -1.0, f32::INFINITY, "expm1");
        inside(x.fast_softplus::<true>(), x.max(0.0), f32::INFINITY, "softplus");
    }
}

/// The plain forms agree with NumPy's conventions.
#[test]
fn plain_functions() {
    let x = |x: f32| x;
    assert_eq!([x(2.5), 3.5, -0.5, -1.5].map(Real::round_even), [2.0, 4.0, 0.0, -2.0]);
    assert_eq!([x(-3.0), 0.0, 7.0].map(Real::sign), [-1.0, 0.0, 1.0]);
    assert!(Real::sign(f32::NAN).is_nan() && Real::relu(f32::NAN).is_nan());
    for (a, b) in [(1.0, f32::NAN), (f32::NAN, 1.0)] {
        assert!(Real::larger(a, b).is_nan() && Real::smaller(a, b).is_nan());
    }
    assert_eq!((Real::larger(1.0, 2.0), Real::smaller(1.0, 2.0)), (2.0, 1.0));
    assert_eq!((Real::sigmoid(-800.0), Real::sigmoid(800.0)), (0.0, 1.0));
    assert_eq!((Real::softplus(-800.0), Real::softplus(800.0)), (0.0, 800.0));
    assert_eq!((Real::pow(x(0.0), 0.0), Real::pow(x(-2.0), 3.0)), (1.0, -8.0));
}
