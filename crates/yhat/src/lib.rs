//! Keras's way of building neural networks, in Rust, with the lid off.

pub mod error;
mod names;

pub use error::{Error, Result};
pub use yhat_tensor::{Array, DType, GradientTape, Shape, Tensor, Variable, gradient};
