//! Optimizers: how a step goes down the gradient.
//!
//! An optimizer is its formula: from a weight, its gradient and what the optimizer keeps for it (its slots), the next
//! weight and the next slots, all expressions. Those of Keras 2.8 are the structs of this module; a user's own is
//! written down in the same way.
//!
//! ```
//! use yhat::{Tensor, optimizers::{Optimizer, Slot, Step}};
//!
//! /// Steps of one size, whatever the gradient's.
//! struct SignDescent(f64);
//!
//! impl Optimizer for SignDescent {
//!     fn name(&self) -> &str {
//!         "SignDescent"
//!     }
//!     fn learning_rate(&self) -> f64 {
//!         self.0
//!     }
//!     fn update(&self, step: &Step, w: &Tensor, g: &Tensor, _: &[Tensor]) -> (Tensor, Vec<Tensor>) {
//!         (w - &step.learning_rate * g.sign(), vec![])
//!     }
//! }
//!
//! use yhat::{Variable, gradient, optimizers::State};
//! let w = Variable::new("w", [3.0, -5.0]);
//! let loss = w.tensor().square().sum();
//! let state = State::new(SignDescent(0.5), &[w.clone()])?;
//! for (variable, next) in state.updates(&gradient(&loss, &[w.tensor()])?)? {
//!     variable.assign(next.eval()?)?;
//! }
//! assert_eq!(w.value().to_vec(), [2.5, -4.5]);
//! # Ok::<(), yhat::Error>(())
//! ```

use std::sync::Arc;

use crate::{
    DType, Error, Result, Tensor,
    named::{Table, not_negative, within},
};

mod adadelta;
mod adagrad;
mod adam;
mod adamax;
mod clipped;
mod ftrl;
mod nadam;
mod rmsprop;
mod sgd;
mod state;

pub use adadelta::Adadelta;
pub use adagrad::Adagrad;
pub use adam::Adam;
pub use adamax::Adamax;
pub use clipped::Clipped;
pub use ftrl::Ftrl;
pub use nadam::Nadam;
pub use rmsprop::RmsProp;
pub use sgd::Sgd;
pub use state::State;

/// The formula by which weights change. [The module](self) has an example.
///
/// What is needed is a name, a learning rate and [`update`](Optimizer::update); the rest is for those that keep
/// something from step to step.
pub trait Optimizer: Send + Sync {
    /// The name, as Keras spells it.
    fn name(&self) -> &str;

    /// The learning rate that training starts with; a callback may change it while training runs.
    fn learning_rate(&self) -> f64;

    /// Whether the arguments can be.
    ///
    /// # Errors
    /// If one can't, with its name. Unless it is overridden: if the learning rate is negative or not finite.
    fn check(&self) -> Result<()> {
        check_learning_rate(self)
    }

    /// The largest product of learning rate and curvature with which steps down a parabola do not grow, where theory knows
    /// it: 2 for gradient descent. `None` for optimizers whose steps do not shrink with the gradient.
    fn stability_limit(&self) -> Option<f64> {
        None
    }

    /// What is kept for each weight, each of the weight's shape.
    fn slots(&self) -> Vec<Slot> {
        Vec::new()
    }

    /// What is kept for all weights together beside the number of steps: scalars.
    fn scalars(&self) -> Vec<Slot> {
        Vec::new()
    }

    /// What is done to the gradients of all weights before any is updated: nothing, unless they are to be clipped.
    fn gradients(&self, gradients: Vec<Tensor>) -> Vec<Tensor> {
        gradients
    }

    /// The next value of weight `w` with gradient `g`, and of its slots in the order of [`Optimizer::slots`].
    fn update(&self, step: &Step, w: &Tensor, g: &Tensor, slots: &[Tensor]) -> (Tensor, Vec<Tensor>);

    /// The next value of each of [`Optimizer::scalars`].
    fn update_scalars(&self, step: &Step) -> Vec<Tensor> {
        step.scalars.clone()
    }

    /// This optimizer with each weight's gradient shortened to a norm of at most `norm`.
    fn clipnorm(self, norm: f64) -> Clipped<Self>
    where
        Self: Sized,
    {
        Clipped::norm(self, norm)
    }

    /// This optimizer with every element of a gradient put between `-value` and `value`.
    fn clipvalue(self, value: f64) -> Clipped<Self>
    where
        Self: Sized,
    {
        Clipped::value(self, value)
    }

    /// This optimizer with the gradients of all weights shortened by one factor, to a norm of at most `norm` together.
    fn global_clipnorm(self, norm: f64) -> Clipped<Self>
    where
        Self: Sized,
    {
        Clipped::global_norm(self, norm)
    }
}

/// Something that an optimizer keeps from step to step: its name and what every element is at the start.
#[derive(Clone, Debug, PartialEq)]
pub struct Slot {
    /// The name, as in Keras's weight files.
    pub name: &'static str,
    /// The value before the first step.
    pub initial: f64,
}

impl Slot {
    /// What starts as zeros.
    pub fn zeros(name: &'static str) -> Slot {
        Slot::filled(name, 0.0)
    }

    /// What starts with every element `initial`.
    pub fn filled(name: &'static str, initial: f64) -> Slot {
        Slot { name, initial }
    }
}

/// What a formula may refer to beside a weight, its gradient and its slots: scalars of the weight's type.
#[derive(Clone, Debug)]
pub struct Step {
    /// The number of the step, 1 for the first.
    pub t: Tensor,
    /// The learning rate.
    pub learning_rate: Tensor,
    /// The values of [`Optimizer::scalars`] before the step.
    pub scalars: Vec<Tensor>,
}

impl Step {
    /// `x` as a scalar of the weight's type.
    ///
    /// A number beside a tensor takes the tensor's type by itself. This is for arithmetic among numbers that has to
    /// round as TensorFlow's does: `1 - 0.999` in float32 differs from 0.001 in the fifth digit.
    pub fn number(&self, x: f64) -> Tensor {
        Tensor::full((), x, self.t.dtype())
    }

    /// The step for weights of another type.
    fn cast(&self, dtype: DType) -> Step {
        Step {
            t: self.t.cast(dtype),
            learning_rate: self.learning_rate.cast(dtype),
            scalars: self.scalars.iter().map(|s| s.cast(dtype)).collect(),
        }
    }
}

/// What can be given where an optimizer is wanted: any [`Optimizer`], or the name of one with Keras's defaults, in any
/// case.
///
/// ```
/// use yhat::optimizers::{IntoOptimizer, Sgd};
/// assert_eq!(Sgd::new(0.1).into_optimizer().learning_rate(), 0.1);
/// assert_eq!("adam".into_optimizer().learning_rate(), 0.001);
///
/// // The error of a name that stands for none is held until someone asks.
/// let message = "adan".into_optimizer().check().unwrap_err().to_string();
/// assert_eq!(message, "unknown optimizer 'adan'; did you mean 'adam'?");
/// ```
pub trait IntoOptimizer {
    /// The optimizer.
    fn into_optimizer(self) -> Arc<dyn Optimizer>;
}

impl<O: Optimizer + 'static> IntoOptimizer for O {
    fn into_optimizer(self) -> Arc<dyn Optimizer> {
        Arc::new(self)
    }
}

impl IntoOptimizer for Arc<dyn Optimizer> {
    fn into_optimizer(self) -> Arc<dyn Optimizer> {
        self
    }
}

impl IntoOptimizer for &str {
    fn into_optimizer(self) -> Arc<dyn Optimizer> {
        match NAMES.iter().find(|(name, _)| name.eq_ignore_ascii_case(self)) {
            Some((_, make)) => make(),
            None => {
                let known: Vec<_> = NAMES.iter().map(|entry| entry.0).collect();
                Arc::new(Unknown { name: self.to_string(), error: Error::unknown("optimizer", self, &known) })
            }
        }
    }
}

const NAMES: Table<fn() -> Arc<dyn Optimizer>> = &[
    ("adadelta", || Arc::new(Adadelta::default())),
    ("adagrad", || Arc::new(Adagrad::default())),
    ("adam", || Arc::new(Adam::default())),
    ("adamax", || Arc::new(Adamax::default())),
    ("ftrl", || Arc::new(Ftrl::default())),
    ("nadam", || Arc::new(Nadam::default())),
    ("rmsprop", || Arc::new(RmsProp::default())),
    ("sgd", || Arc::new(Sgd::default())),
];

/// A name that stands for no optimizer.
struct Unknown {
    name: String,
    error: Error,
}

impl Optimizer for Unknown {
    fn name(&self) -> &str {
        &self.name
    }
    fn learning_rate(&self) -> f64 {
        0.0
    }
    fn check(&self) -> Result<()> {
        Err(self.error.clone())
    }
    fn update(&self, _: &Step, w: &Tensor, _: &Tensor, slots: &[Tensor]) -> (Tensor, Vec<Tensor>) {
        (w.clone(), slots.to_vec())
    }
}

/// What every optimizer's check begins with.
fn check_learning_rate<O: Optimizer + ?Sized>(optimizer: &O) -> Result<()> {
    not_negative(&format!("learning_rate of {}", optimizer.name()), optimizer.learning_rate())
}

/// That a factor by which something fades is from 0 on and below 1.
fn check_decay(name: &str, x: f64) -> Result<()> {
    within(name, x, 0.0..1.0, "a number from 0 on and below 1")
}
