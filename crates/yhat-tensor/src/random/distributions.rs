//! The distributions of TensorFlow's random ops, read from a [`Philox`]: uniform, normal and
//! truncated normal numbers of type `f32` or `f64`.
//!
//! The definitions are those of TensorFlow 2.8's random_distributions.h and random_op_cpu.h. A
//! `f32` costs one word of a block and a `f64` two; where a length does not fill its last block,
//! the rest of the block is dropped.
//!
//! ```
//! use yhat_tensor::random::{Philox, distributions};
//!
//! // tf.raw_ops.RandomUniform(shape=[2], dtype=tf.float32, seed=87654321, seed2=1)
//! let philox = Philox::new(87654321, 1);
//! assert_eq!(distributions::uniform::<f32>(philox, 2), [0.2390374, 0.92039955]);
//! ```

use std::f64::consts::PI;
use std::ops::{Add, Mul, Sub};

use super::Philox;
use super::elementary::{ln_f32, sin_cos_f32};

/// `n` numbers of `[0, 1)`: the bits of a block are the mantissa of a number of `[1, 2)`, less 1.
///
/// An `f32` has the lower 23 bits of its word, an `f64` the lower 20 bits of its first word
/// above the 32 of its second.
#[must_use]
pub fn uniform<T: Real>(philox: Philox, n: usize) -> Vec<T> {
    fill(philox, n, T::uniforms)
}

/// `n` numbers of the normal distribution with mean 0 and deviation 1, by Box & Muller's
/// transform: uniform numbers `u` and `v` give `√(-2 ln u) sin 2πv` and `√(-2 ln u) cos 2πv`.
///
/// `u` is at least 1e-7, so no number is beyond ±5.68.
#[must_use]
pub fn normal<T: Real>(philox: Philox, n: usize) -> Vec<T> {
    fill(philox, n, T::normals)
}

/// `n` numbers of the [`normal`] distribution cut off at ±2: a number outside `(-2, 2)` is
/// drawn again.
///
/// So that threads could share the work without knowing how often that happens, every group
/// of numbers (four `f32`, two `f64`) has a stretch of blocks of its own, 256 words for each
/// number.
#[must_use]
pub fn truncated_normal<T: Real>(philox: Philox, n: usize) -> Vec<T> {
    let mut numbers = vec![T::ZERO; n];
    let reserved_blocks = (T::PER_BLOCK * WORDS_PER_NUMBER / 4) as u64;
    let mut stretch = philox;
    for group in numbers.chunks_mut(T::PER_BLOCK) {
        fill_truncated(stretch.clone(), group);
        stretch.skip(reserved_blocks);
    }
    numbers
}

/// `kReservedSamplesPerOutput` of TensorFlow.
const WORDS_PER_NUMBER: usize = 256;

fn fill_truncated<T: Real>(mut philox: Philox, group: &mut [T]) {
    let mut filled = 0;
    loop {
        for &x in T::normals(philox.next_block()).as_ref() {
            if T::MINUS_TWO < x && x < T::TWO {
                group[filled] = x;
                filled += 1;
                if filled == group.len() {
                    return;
                }
            }
        }
    }
}

fn fill<T: Real>(mut philox: Philox, n: usize, from_block: impl Fn([u32; 4]) -> T::Block) -> Vec<T> {
    let mut numbers = vec![T::ZERO; n];
    for chunk in numbers.chunks_mut(T::PER_BLOCK) {
        let block = from_block(philox.next_block());
        chunk.copy_from_slice(&block.as_ref()[..chunk.len()]);
    }
    numbers
}

/// The floating-point types that the distributions can have, `f32` and `f64`.
pub trait Real:
    sealed::FromBlock + Copy + PartialOrd + Add<Output = Self> + Sub<Output = Self> + Mul<Output = Self>
{
}

impl Real for f32 {}
impl Real for f64 {}

mod sealed {
    /// How many numbers of a type a block of Philox makes, and which.
    pub trait FromBlock: Sized {
        type Block: AsRef<[Self]>;
        const PER_BLOCK: usize;
        const ZERO: Self;
        const TWO: Self;
        const MINUS_TWO: Self;
        fn uniforms(words: [u32; 4]) -> Self::Block;
        fn normals(words: [u32; 4]) -> Self::Block;
    }
}

impl sealed::FromBlock for f32 {
    type Block = [f32; 4];
    const PER_BLOCK: usize = 4;
    const ZERO: f32 = 0.0;
    const TWO: f32 = 2.0;
    const MINUS_TWO: f32 = -2.0;

    #[inline]
    fn uniforms(words: [u32; 4]) -> [f32; 4] {
        words.map(uniform_f32)
    }

    #[inline]
    fn normals([a, b, c, d]: [u32; 4]) -> [f32; 4] {
        let ([w, x], [y, z]) = (box_muller_f32(a, b), box_muller_f32(c, d));
        [w, x, y, z]
    }
}

impl sealed::FromBlock for f64 {
    type Block = [f64; 2];
    const PER_BLOCK: usize = 2;
    const ZERO: f64 = 0.0;
    const TWO: f64 = 2.0;
    const MINUS_TWO: f64 = -2.0;

    #[inline]
    fn uniforms([a, b, c, d]: [u32; 4]) -> [f64; 2] {
        [uniform_f64(a, b), uniform_f64(c, d)]
    }

    #[inline]
    fn normals([a, b, c, d]: [u32; 4]) -> [f64; 2] {
        let radius = (-2.0 * uniform_f64(a, b).max(1e-7).ln()).sqrt();
        let (sin, cos) = (2.0 * PI * uniform_f64(c, d)).sin_cos();
        [sin * radius, cos * radius]
    }
}

#[inline]
fn uniform_f32(word: u32) -> f32 {
    f32::from_bits(127 << 23 | word & 0x7f_ffff) - 1.0
}

#[inline]
fn uniform_f64(upper: u32, lower: u32) -> f64 {
    let mantissa = u64::from(upper & 0xf_ffff) << 32 | u64::from(lower);
    f64::from_bits(1023 << 52 | mantissa) - 1.0
}

/// The angle is multiplied in `f64` and then rounded, because C's `M_PI` is a double; all the
/// rest is `f32`.
#[inline]
fn box_muller_f32(a: u32, b: u32) -> [f32; 2] {
    let radius = (-2.0 * ln_f32(uniform_f32(a).max(1e-7))).sqrt();
    let (sin, cos) = sin_cos_f32((2.0 * PI * f64::from(uniform_f32(b))) as f32);
    [sin * radius, cos * radius]
}
