use super::{Optimizer, Slot, Step};
use crate::{Error, Result, Tensor};

/// An optimizer that is given clipped gradients, as [`Optimizer::clipnorm`], [`Optimizer::clipvalue`] and
/// [`Optimizer::global_clipnorm`] make it from any other.
///
/// ```
/// use yhat::{Tensor, optimizers::{Optimizer, Sgd}};
/// let gradients = || vec![Tensor::from([3.0, 4.0]), Tensor::from([12.0])];
/// let first = |optimizer: &dyn Optimizer| optimizer.gradients(gradients())[0].eval();
/// assert_eq!(first(&Sgd::new(0.1).clipvalue(3.5))?.to_vec(), [3.0, 3.5]);
/// assert_eq!(first(&Sgd::new(0.1).clipnorm(2.5))?.to_vec(), [1.5, 2.0]);
/// assert_eq!(first(&Sgd::new(0.1).global_clipnorm(6.5))?.to_vec(), [1.5, 2.0]); // All together have norm 13.
/// # Ok::<(), yhat::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Clipped<O> {
    optimizer: O,
    clip: Clip,
}

#[derive(Clone, Debug, PartialEq)]
enum Clip {
    Norm(f64),
    Value(f64),
    GlobalNorm(f64),
}

impl<O> Clipped<O> {
    pub(super) fn norm(optimizer: O, norm: f64) -> Clipped<O> {
        Clipped { optimizer, clip: Clip::Norm(norm) }
    }

    pub(super) fn value(optimizer: O, value: f64) -> Clipped<O> {
        Clipped { optimizer, clip: Clip::Value(value) }
    }

    pub(super) fn global_norm(optimizer: O, norm: f64) -> Clipped<O> {
        Clipped { optimizer, clip: Clip::GlobalNorm(norm) }
    }
}

impl<O: Optimizer> Optimizer for Clipped<O> {
    fn name(&self) -> &str {
        self.optimizer.name()
    }

    fn learning_rate(&self) -> f64 {
        self.optimizer.learning_rate()
    }

    fn check(&self) -> Result<()> {
        self.optimizer.check()?;
        let (name, bound) = match self.clip {
            Clip::Norm(norm) => ("clipnorm", norm),
            Clip::Value(value) => ("clipvalue", value),
            Clip::GlobalNorm(norm) => ("global_clipnorm", norm),
        };
        match bound > 0.0 && bound.is_finite() {
            true => Ok(()),
            false => Err(Error::argument(format!("{name} of {}", self.name()), "a number above 0", bound)),
        }
    }

    fn slots(&self) -> Vec<Slot> {
        self.optimizer.slots()
    }

    fn scalars(&self) -> Vec<Slot> {
        self.optimizer.scalars()
    }

    fn gradients(&self, gradients: Vec<Tensor>) -> Vec<Tensor> {
        let shortened = |g: &Tensor, squares: Tensor, norm: f64| g * norm / squares.sqrt().maximum(norm);
        let clipped = match self.clip {
            Clip::Norm(norm) => gradients.iter().map(|g| shortened(g, g.square().sum(), norm)).collect(),
            Clip::Value(value) => gradients.iter().map(|g| g.clip(-value, value)).collect(),
            Clip::GlobalNorm(norm) => {
                let squares = gradients.iter().map(|g| g.square().sum()).reduce(|a, b| a + b);
                gradients.iter().zip(squares.iter().cycle()).map(|(g, s)| shortened(g, s.clone(), norm)).collect()
            }
        };
        self.optimizer.gradients(clipped)
    }

    fn update(&self, step: &Step, w: &Tensor, g: &Tensor, slots: &[Tensor]) -> (Tensor, Vec<Tensor>) {
        self.optimizer.update(step, w, g, slots)
    }

    fn update_scalars(&self, step: &Step) -> Vec<Tensor> {
        self.optimizer.update_scalars(step)
    }
}
