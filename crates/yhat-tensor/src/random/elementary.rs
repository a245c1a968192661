//! The `f32` logarithm, sine and cosine as TensorFlow's normals need them.
//!
//! TensorFlow calls `logf` and `sincosf` of the system. Those of glibc (since 2.28; they come
//! from ARM's Optimized Routines) are not rounded exactly: about 1.3 % of their sines differ
//! in the last bit from the exact value, so rounding a `f64` sine to `f32` does not do. The
//! functions here follow glibc's reductions and polynomials, in `f64` without fused operations.
//!
//! Measured with glibc 2.36 on x86-64, on *all* arguments that a normal can have (2²³ of
//! either function): equal in every bit to glibc, both to its variants with fused
//! multiplication and to those without. So a `f32` normal is the same on every platform.

/// `ln x` for a normal positive number, as glibc's `logf` has it.
///
/// `x = 2^k z` with `z` near the centre `c` of one of 16 intervals, and
/// `ln x = k ln 2 + ln c + ln(1 + r)` with `r = z / c - 1`.
pub(super) fn ln_f32(x: f32) -> f32 {
    const OFFSET: u32 = 0x3f33_0000;
    let bits = x.to_bits();
    let above = bits.wrapping_sub(OFFSET);
    let (inverse, ln_c) = LN_CENTRES[(above >> 19) as usize % 16];
    let exponent = above as i32 >> 23;
    let z = f32::from_bits(bits.wrapping_sub(above & 0xff80_0000));

    let r = f64::from(z) * inverse - 1.0;
    let r2 = r * r;
    let tail = LN_POLYNOMIAL[0] * r2 + (LN_POLYNOMIAL[1] * r + LN_POLYNOMIAL[2]);
    let head = ln_c + f64::from(exponent) * std::f64::consts::LN_2;
    (tail * r2 + (head + r)) as f32
}

/// `(sin x, cos x)` for `0 <= x < 120`, as glibc's `sincosf` has it.
///
/// `x` less the nearest multiple `q π/2` leaves an angle of at most `π/4`, whose sine and cosine
/// change places and signs with the quadrant `q`.
pub(super) fn sin_cos_f32(x: f32) -> (f32, f32) {
    if x < TINY {
        return (x, 1.0);
    }
    let x = f64::from(x);
    let (angle, quadrant) = if x < 0.75 { (x, 0) } else { reduce(x) };
    let (sin, cos) = (sine(angle), cosine(angle));
    match quadrant % 4 {
        0 => (sin, cos),
        1 => (cos, -sin),
        2 => (-sin, -cos),
        _ => (-cos, sin),
    }
}

/// Below it glibc takes the sine for the angle and the cosine for 1: `2^-12`.
const TINY: f32 = 1.0 / 4096.0;

fn reduce(x: f64) -> (f64, i32) {
    use std::f64::consts::{FRAC_2_PI, FRAC_PI_2};
    let scaled = (x * (FRAC_2_PI * 16_777_216.0)) as i32;
    let quadrant = (scaled + 0x80_0000) >> 24;
    (x - f64::from(quadrant) * FRAC_PI_2, quadrant)
}

fn sine(x: f64) -> f32 {
    let x2 = x * x;
    let x3 = x2 * x;
    let tail = SINE[1] + x2 * SINE[2];
    (x + x3 * SINE[0] + x3 * x2 * tail) as f32
}

fn cosine(x: f64) -> f32 {
    let x2 = x * x;
    let x4 = x2 * x2;
    let tail = COSINE[2] + x2 * COSINE[3];
    (1.0 + x2 * COSINE[0] + x4 * COSINE[1] + x4 * x2 * tail) as f32
}

/// `(1 / c, ln c)` of the 16 intervals.
const LN_CENTRES: [(f64, f64); 16] = [
    (1.398907162146528, -0.33569133332882284),
    (1.3403141896637998, -0.2929040563774074),
    (1.286432210124115, -0.2518726580937369),
    (1.2367150214269895, -0.21245868807117255),
    (1.1906977166711752, -0.17453945183745634),
    (1.1479821020556429, -0.1380057072319758),
    (1.1082251448272158, -0.10275976698545139),
    (1.0711297413057381, -0.06871392447020525),
    (1.036437278977283, -0.0357891387398228),
    (1.0, 0.0),
    (0.9492859795739057, 0.05204517742929496),
    (0.8951049428609004, 0.11081431298787942),
    (0.8476821620351103, 0.1652495223695143),
    (0.8050314851692001, 0.21687389031699977),
    (0.7664671008843108, 0.2659635028121397),
    (0.731428603316328, 0.3127556664073557),
];

/// `ln(1 + r) = r + r² (C + B r + A r²)`.
const LN_POLYNOMIAL: [f64; 3] = [-0.25089342214237154, 0.333456765744066, -0.4999997485802103];

/// `sin x = x + S0 x³ + S1 x⁵ + S2 x⁷`.
const SINE: [f64; 3] = [-0.16666654943701084, 0.008332178146138854, -0.00019517298981385725];

/// `cos x = 1 + C0 x² + C1 x⁴ + C2 x⁶ + C3 x⁸`.
const COSINE: [f64; 4] = [-0.49999999725108224, 0.041666623324344516, -0.001388676379437604, 2.4390450703564542e-05];

#[cfg(test)]
mod tests {
    use super::*;

    fn digest(bits: impl Iterator<Item = u32>) -> u64 {
        bits.fold(0, |digest: u64, bits| digest.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(u64::from(bits)))
    }

    /// All uniform `f32` numbers.
    fn uniforms() -> impl Iterator<Item = f32> {
        (0..1 << 23).map(|i| i as f32 / 8_388_608.0)
    }

    fn angles() -> impl Iterator<Item = f32> {
        uniforms().map(|u| (std::f64::consts::TAU * f64::from(u)) as f32)
    }

    /// The digests are those of `logf` and `sincosf` of glibc 2.36.
    #[test]
    fn equals_glibc_on_every_argument_of_a_normal() {
        let logarithms = uniforms().map(|u| ln_f32(u.max(1e-7)).to_bits());
        assert_eq!(digest(logarithms), 0x983b_2a54_4900_6694);
        let sines = angles().map(|x| sin_cos_f32(x).0.to_bits());
        assert_eq!(digest(sines), 0x460d_48a4_b08a_698d);
        let cosines = angles().map(|x| sin_cos_f32(x).1.to_bits());
        assert_eq!(digest(cosines), 0x651f_afc6_5fec_1e98);
    }
}
