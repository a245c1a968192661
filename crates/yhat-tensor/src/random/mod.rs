//! Random streams that agree with the reference libraries in every bit.
//!
//! Two families, as in a Keras program:
//!
//! * [`RandomState`] is NumPy's legacy generator, the one behind
//!   `numpy.random.seed` and `numpy.random.RandomState`: data sets, shuffles, samples.
//! * [`tf`] is TensorFlow's eager stream, the one behind `tf.random.set_seed`: weights.
//!   Its parts are values of their own: [`CPythonRandom`] deals out op seeds,
//!   [`OpSeeds`] turns each into a [`Philox`], and [`distributions`] reads numbers from it.
//!
//! Every generator is a plain value: clone it to fork a stream, compare it to see whether two
//! streams stand at the same place, take it apart to write it to a checkpoint.
//!
//! ```
//! use yhat_tensor::random::{RandomState, tf};
//!
//! let mut state = RandomState::new(0);
//! assert_eq!(state.random_sample(), 0.5488135039273248);
//!
//! tf::set_seed(0);
//! assert_eq!(tf::uniform::<f32>(1), [0.29197514057159424]);
//! ```
//!
//! # How far "every bit" reaches
//!
//! Integers, uniforms and all `f32` numbers are computed here from exactly rounded operations
//! and so are the same on every platform. The `f64` logarithm, exponential, sine and cosine
//! are the platform's, as they are in NumPy and TensorFlow themselves: on one machine both
//! agree with this module in every bit. From machine to machine the last bit can differ, for
//! NumPy as for this module: glibc has variants of these functions for processors with and
//! without fused multiplication, and between the two 44 of a million NumPy normals and 685 of
//! a million `f64` normals of TensorFlow differ (glibc 2.36, by at most two units in the last
//! place).

mod binomial;
mod cpython;
pub mod distributions;
mod elementary;
mod mt19937;
mod op_seeds;
mod philox;
mod random_state;
pub mod tf;

pub use cpython::CPythonRandom;
pub use mt19937::{InvalidState, Mt19937};
pub use op_seeds::OpSeeds;
pub use philox::Philox;
pub use random_state::RandomState;
