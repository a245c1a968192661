//! Keras's way of building neural networks, in Rust, with the lid off.
//!
//! Four steps to a trained network: an empty net, its layers, an optimizer and a loss, the fit.
//!
//! ```
//! use yhat::prelude::*;
//!
//! let mut rng = RandomState::new(43052);
//! let x = Array::linspace(-1.0, 1.0, 100);
//! let y = x.mapv(|x| x * if x < 0.0 { 1.0 } else { 3.5 } + rng.normal(0.0, 1.0) * 0.3);
//!
//! set_seed(43053);
//! let mut net = Sequential::new();
//! net.add(Dense::new(2).activation(relu));
//! net.add(Dense::new(1));
//! net.compile(Sgd::new(0.1), mean_squared_error);
//! let history = net.fit(&x, &y, Fit::epochs(30).batch_size(100))?;
//!
//! println!("{}", net.summary());
//! println!("loss {:.4}", history.last("loss"));
//! # Ok::<(), yhat::Error>(())
//! ```

pub mod activations;
pub mod callbacks;
pub mod error;
pub mod initializers;
pub mod layers;
pub mod losses;
pub mod metrics;
pub mod model;
mod named;
mod names;
pub mod optimizers;
pub mod prelude;
pub mod regularizers;

pub use error::{Error, Result};
pub use layers::{clear_session, floatx, set_floatx};
pub use model::{Fit, History, Logs, Sequential, Summary, Training, Verbose};
pub use yhat_tensor::{Array, DType, GradientTape, Shape, Tensor, Variable, gradient};

/// Random streams: NumPy's legacy generator for data, TensorFlow's for weights.
pub mod random {
    pub use yhat_tensor::random::{RandomState, tf::set_seed};
}
