//! Elementary functions without branches, of [`Lane`]s.
//!
//! Error bounds against the truth, in units in the last place, tested over the whole range (`real/tests.rs`): ln 1,
//! exp 1.5, expm1, ln_1p, tanh and erf 2, sigmoid and softplus 2.5 in float32; in float64 one more each, since the truth
//! that they are tested against is the standard library's.
//!
//! The polynomials interpolate at Chebyshev's nodes, which is within a few percent of the least maximal error; that error
//! stands beside each, relative to the function's value.

use super::Lane;

/// The polynomial with the highest coefficient first, by Horner's rule.
#[inline(always)]
fn horner<L: Lane, const N: usize>(x: L, coefficients: [f64; N]) -> L {
    let mut y = x.number(coefficients[0]);
    for c in &coefficients[1..] {
        y = y.fma(x, x.number(*c));
    }
    y
}

/// ln 2 in two parts, the first of which has so few bits that its product with an exponent is exact. Both are positive,
/// so that minus infinity times them is no NaN.
#[inline(always)]
fn ln_2<L: Lane>(x: L) -> (L, L) {
    match x.is_double() {
        true => (x.number(0.693_146_705_627_441_4), x.number(4.749_325_039_031_672_6e-7)),
        false => (x.number(0.693_115_234_375), x.number(3.194_618_494_530_942_e-5)),
    }
}

/// `n` (whole) and `r` with `x = n ln 2 + r`, `|r| <= ln(2) / 2`: Cody and Waite's reduction in two steps.
#[inline(always)]
fn reduced<L: Lane>(x: L) -> (L, L) {
    let n = (x * x.number(std::f64::consts::LOG2_E)).round_even();
    let (high, low) = ln_2(x);
    (n, (-n).fma(low, (-n).fma(high, x)))
}

/// `e^r - 1` for `|r| <= ln(2) / 2`, within 8e-9 and 1.3e-17.
#[inline(always)]
fn expm1_near_zero<L: Lane>(r: L) -> L {
    let p = match r.is_double() {
        true => horner(
            r,
            [
                2.510_038_545_391_032e-8,
                2.762_008_844_540_974_8e-7,
                2.755_726_845_997_006_5e-6,
                2.480_152_129_125_397_5e-5,
                1.984_126_986_305_361_7e-4,
                1.388_888_891_721_371_7e-3,
                8.333_333_333_330_062e-3,
                4.166_666_666_662_413e-2,
                0.166_666_666_666_666_67,
                0.500_000_000_000_000_1,
            ],
        ),
        false => horner(
            r,
            [
                1.392_618_358_771_349_5e-3,
                8.363_179_052_722_577e-3,
                4.166_655_461_720_457e-2,
                0.166_665_769_896_987_76,
                0.5,
            ],
        ),
    };
    p.fma(r * r, r)
}

/// `x` between the numbers where `e^x` has become 0 and infinity; NaN stays.
#[inline(always)]
fn clamped<L: Lane>(x: L) -> L {
    let (low, high) = if x.is_double() { (-746.0, 710.0) } else { (-104.0, 89.0) };
    x.at_least(x.number(low)).at_most(x.number(high))
}

#[inline(always)]
pub(crate) fn exp<L: Lane>(x: L) -> L {
    let (n, r) = reduced(clamped(x));
    (expm1_near_zero(r) + x.number(1.0)).scaled(n)
}

#[inline(always)]
pub(crate) fn expm1<L: Lane>(x: L) -> L {
    let one = x.number(1.0);
    let (n, r) = reduced(clamped(x));
    // 2^n e^r - 1 = 2^n (e^r - 1) + (2^n - 1), where nothing cancels, a factor of 2 left out so that nothing overflows.
    let half = one.scaled(n - one);
    let sum = expm1_near_zero(r).fma(half, half - x.number(0.5));
    sum + sum
}

/// `x = 2^e (1 + f)` with `1 + f` between 3/4 and 3/2, and the logarithm of that: within 5e-9 and 1.1e-18.
#[inline(always)]
pub(crate) fn ln<L: Lane>(x: L) -> L {
    let m = x.mantissa();
    let e = x.exponent() - m.exponent();
    let f = m - x.number(1.0);
    let (high, low) = ln_2(x);
    if x.is_double() {
        // ln((1 + s) / (1 - s)) = 2 (s + s^3 / 3 + ...), arranged as f - s (f - r) so that the division's error is small.
        let s = f / (f + x.number(2.0));
        let z = s * s;
        let r = horner(
            z,
            [
                0.136_090_302_628_585,
                0.132_097_082_420_594_64,
                0.153_888_678_056_137_15,
                0.181_817_376_263_029_38,
                0.222_222_230_483_515_9,
                0.285_714_285_672_759_35,
                0.400_000_000_000_079_4,
                0.666_666_666_666_666_6,
            ],
        ) * z;
        let part = e.fma(low, -(s * (f - r)));
        return e.fma(high, f + part);
    }
    let q = horner(
        f,
        [
            4.287_197_803_729_382e-2,
            -9.561_340_013_603_677e-2,
            0.116_806_817_905_478_4,
            -0.126_393_111_383_376_17,
            0.142_683_059_703_325_56,
            -0.166_608_175_306_251_14,
            0.200_001_408_961_976_3,
            -0.250_000_567_143_576_4,
            0.333_333_331_472_922_25,
        ],
    );
    let z = f * f;
    let part = e.fma(low, q * f * z);
    e.fma(high, z.fma(x.number(-0.5), part) + f)
}

/// `ln(1 + x)` as `ln(u)` for the rounded sum `u`, and what the rounding took, over `u`.
#[inline(always)]
pub(crate) fn ln_1p<L: Lane>(x: L) -> L {
    let one = x.number(1.0);
    let u = one + x;
    let lost = x - (u - one);
    let ln = ln(u);
    // Where u is 0 or infinite nothing was lost, or the difference of infinities is NaN.
    L::select((lost / u).abs().less(one), ln + lost / u, ln)
}

#[inline(always)]
pub(crate) fn tanh<L: Lane>(x: L) -> L {
    let (one, two) = (x.number(1.0), x.number(2.0));
    let (a, z) = (x.abs(), x * x);
    // tanh(x) = x + x^3 p(x^2), within 4e-17 in float64; float32's are the coefficients of Cephes' tanhf (Moshier).
    let p = match x.is_double() {
        true => horner(
            z,
            [
                -1.723_197_817_813_108_8e-5,
                7.957_557_077_391_53e-5,
                -2.307_572_502_036_994_4e-4,
                5.874_290_537_089_334e-4,
                -1.455_307_138_932_072_6e-3,
                3.592_058_628_407_707_4e-3,
                -8.863_229_796_699_783e-3,
                2.186_948_825_864_040_4e-2,
                -5.396_825_396_134_123e-2,
                0.133_333_333_333_266,
                -0.333_333_333_333_333_2,
            ],
        ),
        false => horner(z, [-5.704_988_6e-3, 2.063_909e-2, -5.373_971_6e-2, 1.333_144_2e-1, -3.333_328e-1]),
    };
    let near = (p * z).fma(x, x);
    let far = one - two / (exp(a + a) + one);
    L::select(a.less(x.number(0.625)), near, far.copysign(x))
}

/// Through `e^-|x|`, since `e^-x` overflows where the result is still a number.
#[inline(always)]
pub(crate) fn sigmoid<L: Lane>(x: L) -> L {
    let one = x.number(1.0);
    let e = exp(-x.abs());
    L::select(x.less(x.number(0.0)), e, one) / (one + e)
}

#[inline(always)]
pub(crate) fn softplus<L: Lane>(x: L) -> L {
    x.at_least(x.number(0.0)) + ln_1p(exp(-x.abs()))
}

/// In float32: least-maximum fits of erf(x)/x - 1 as a polynomial in x^2 up to 0.925, and of -ln(1 - erf(x)) / x
/// beyond; at 4 the result rounds to 1.
#[inline(always)]
pub(crate) fn erf<L: Lane>(x: L) -> L {
    let a = x.abs().at_most(x.number(4.0));
    let p = horner(
        a * a,
        [-5.976_588_6e-4, 4.990_412_4e-3, -2.676_475_4e-2, 1.128_176_6e-1, -3.761_249e-1, 1.283_791_5e-1],
    );
    let near = p.fma(x, x);
    let q = horner(a, [-2.138_18e-4, 3.213_576_3e-3, -2.288_553e-2, 1.052_549e-1, 6.357_236e-1, 1.128_512_7]);
    let far = x.number(1.0) - exp(-(q * a));
    L::select(a.less(x.number(0.925)), near, far.copysign(x))
}
