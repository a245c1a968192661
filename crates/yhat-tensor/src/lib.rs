//! Expressions, gradients, plans, kernels and random streams: the engine below `yhat`.
//!
//! ```text
//! trace          gradient            plan               run
//! ------> Tensor --------> Tensor  --------> Plan  --------------> arrays
//!     (expression)    (expression)   (immutable)   (in a Workspace)
//! ```
//!
//! A [`Tensor`] is an immutable, typed expression. [`gradient()`] turns one into others made of the same operations. A
//! [`Plan`] is what a set of expressions becomes when it is compiled once; a [`Workspace`] is what changes while it
//! runs. [`interpret()`] evaluates the same expressions slowly and obviously, and is what plans are tested against.
//!
//! ```
//! use yhat_tensor::{gradient, Tensor, Variable};
//! let w = Variable::new("w", 3.0);
//! let loss = (w.tensor() * 2.0 - 1.0).square();
//! let slope = gradient(&loss, &[w.tensor()])?;
//! assert_eq!(slope[0].eval()?.item(), 20.0);
//! # Ok::<(), yhat_tensor::Error>(())
//! ```

pub mod array;
mod dtype;
mod error;
mod gradient;
mod interpret;
pub mod kernels;
mod lane;
pub mod plan;
pub mod random;
mod real;
mod shape;
mod substitute;
mod tape;
pub mod tensor;
mod variable;

pub use array::{Array, Element};
pub use dtype::DType;
pub use error::{Error, Result};
pub use gradient::gradient;
pub use interpret::interpret;
pub use plan::{Passes, Plan, Workspace};
pub use shape::Shape;
pub use substitute::{in_float64, substitute};
pub use tape::GradientTape;
pub use tensor::Tensor;
pub use variable::Variable;
