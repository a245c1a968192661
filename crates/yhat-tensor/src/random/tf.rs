//! TensorFlow's random ops as a program runs them eagerly: `tf.random.set_seed` and the ops
//! that follow it, the same numbers in every bit as TensorFlow 2.8 on a CPU.
//!
//! Every function that draws takes one op seed from the stream of the current thread, however
//! many numbers it makes, none included. Each thread has a stream of its own; before the first
//! [`set_seed`] it is that of seed 0 ([`OpSeeds::unseeded`]), so the same program computes the
//! same bits.
//!
//! ```
//! use yhat_tensor::random::tf;
//!
//! tf::set_seed(43052);
//! assert_eq!(tf::uniform_range(2, -0.05, 0.05_f32), [-0.00751381, -0.0138143785]);
//! assert_eq!(tf::normal(2, 0.0, 0.5_f32), [-0.56335133, 0.6950982]);
//! ```

use std::cell::RefCell;

use super::distributions::{self, Real};
use super::{OpSeeds, Philox};

thread_local! {
    static CURRENT: RefCell<OpSeeds> = RefCell::default();
}

/// `tf.random.set_seed(seed)`: starts the stream of this thread anew.
///
/// ```
/// use yhat_tensor::random::tf;
///
/// tf::set_seed(42);
/// let first = tf::uniform::<f32>(3);
/// tf::set_seed(42);
/// assert_eq!(tf::uniform::<f32>(3), first);
/// ```
pub fn set_seed(seed: i64) {
    set_op_seeds(OpSeeds::new(seed));
}

/// Where the stream of this thread stands.
#[must_use]
pub fn op_seeds() -> OpSeeds {
    CURRENT.with_borrow(OpSeeds::clone)
}

/// Lets this thread continue another stream, for instance one out of a checkpoint or of another
/// thread.
///
/// ```
/// use yhat_tensor::random::tf;
///
/// let here = tf::op_seeds();
/// let drawn = tf::uniform::<f32>(3);
/// tf::set_op_seeds(here);
/// assert_eq!(tf::uniform::<f32>(3), drawn);
/// ```
pub fn set_op_seeds(op_seeds: OpSeeds) {
    CURRENT.set(op_seeds);
}

/// The generator of the next op of this thread, for what the functions below do not offer.
pub fn next_op() -> Philox {
    CURRENT.with_borrow_mut(OpSeeds::next_op)
}

/// `tf.random.uniform([n])`: numbers of `[0, 1)`.
///
/// ```
/// use yhat_tensor::random::tf;
///
/// tf::set_seed(0);
/// assert_eq!(tf::uniform::<f32>(1), [0.29197514057159424]);
/// ```
pub fn uniform<T: Real>(n: usize) -> Vec<T> {
    distributions::uniform(next_op(), n)
}

/// `tf.random.uniform([n], low, high)`: numbers of `[low, high)`, `U (high - low) + low`.
///
/// Computed in `T` throughout, as TensorFlow does; a number can thus be rounded up to `high`.
///
/// ```
/// use yhat_tensor::random::tf;
///
/// tf::set_seed(0);
/// assert_eq!(tf::uniform_range(2, -1.0, 1.0_f32), [-0.41604972, -0.5868671]);
/// ```
pub fn uniform_range<T: Real>(n: usize, low: T, high: T) -> Vec<T> {
    let range = high - low;
    affine(uniform(n), range, low)
}

/// `tf.random.normal([n], mean, deviation)`: numbers of the normal distribution,
/// `N deviation + mean`.
///
/// ```
/// use yhat_tensor::random::tf;
///
/// tf::set_seed(0);
/// assert_eq!(tf::normal(2, 0.0, 1.0_f32), [1.5110626, 0.42292204]);
/// tf::set_seed(0);
/// assert_eq!(tf::normal(2, 0.0, 1.0_f64), [1.4454338067818133, -0.3052692013743611]);
/// ```
pub fn normal<T: Real>(n: usize, mean: T, deviation: T) -> Vec<T> {
    affine(distributions::normal(next_op(), n), deviation, mean)
}

/// `tf.random.truncated_normal([n], mean, deviation)`: numbers of the normal distribution,
/// those at least two deviations away from the mean drawn again.
///
/// `deviation` is that of the whole distribution; the numbers have 0.87962566103423978 of it.
///
/// ```
/// use yhat_tensor::random::tf;
///
/// tf::set_seed(0);
/// assert_eq!(tf::truncated_normal(2, 3.0, 0.5_f32), [3.7555313, 3.211461]);
/// ```
pub fn truncated_normal<T: Real>(n: usize, mean: T, deviation: T) -> Vec<T> {
    affine(distributions::truncated_normal(next_op(), n), deviation, mean)
}

fn affine<T: Real>(mut numbers: Vec<T>, factor: T, offset: T) -> Vec<T> {
    for x in &mut numbers {
        *x = *x * factor + offset;
    }
    numbers
}
