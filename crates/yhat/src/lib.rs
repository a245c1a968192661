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
pub mod decomposition;
pub mod diagnose;
pub mod error;
pub mod hessian;
pub mod initializers;
pub mod landscape;
pub mod layers;
pub mod losses;
pub mod metrics;
pub mod model;
mod named;
mod names;
pub mod optimizers;
mod parallel;
pub mod prelude;
pub mod regularizers;
pub mod sweep;
mod units;

pub use decomposition::Decomposition;
pub use diagnose::{Diagnose, Diagnosis, Finding};
pub use error::{Error, Result};
pub use hessian::Hessian;
pub use layers::{clear_session, floatx, set_floatx};
pub use model::{Fit, History, Logs, Sequential, Summary, Training, Verbose};
pub use yhat_tensor::{Array, DType, GradientTape, Plan, Shape, Tensor, Variable, Workspace, gradient};

/// Random streams: NumPy's legacy generator for data, TensorFlow's for weights.
pub mod random {
    use yhat_tensor::random::{OpSeeds, tf::set_op_seeds};
    pub use yhat_tensor::random::{RandomState, tf::set_seed};

    /// Puts this thread where it is after `set_seed(seed)` and `drawn` random operations, each of which draws a whole
    /// kernel: for taking up a program in the middle.
    ///
    /// ```
    /// use yhat::{prelude::*, random::resume_seed};
    /// let kernel = || Sequential::from_layers([Dense::new(1).input_shape(1)]).get_weights().map(|w| w[0].item());
    /// set_seed(43053);
    /// let (_first, second) = (kernel()?, kernel()?);
    /// resume_seed(43053, 1);
    /// assert_eq!(kernel()?, second);
    /// # Ok::<(), yhat::Error>(())
    /// ```
    pub fn resume_seed(seed: i64, drawn: u64) {
        set_op_seeds(OpSeeds::resume(Some(seed), drawn));
    }
}
