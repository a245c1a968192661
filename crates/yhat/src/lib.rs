//! Keras's way of building neural networks, in Rust, with the lid off.

pub mod activations;
pub mod error;
pub mod initializers;
pub mod losses;
pub mod metrics;
mod named;
mod names;
pub mod optimizers;
pub mod regularizers;

pub use error::{Error, Result};
pub use yhat_tensor::{Array, DType, GradientTape, Shape, Tensor, Variable, gradient};
