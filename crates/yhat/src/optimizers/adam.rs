use super::{Optimizer, Slot, Step, check_decay, check_learning_rate};
use crate::{Result, Tensor, named::not_negative};

/// Steps of a size that depends on how much a weight's gradients agree (Kingma and Ba, 2015).
///
/// ```text
/// m' = m + (1 - b1) (g - m)
/// v' = v + (1 - b2) (g^2 - v)
/// w' = w - r sqrt(1 - b2^t) / (1 - b1^t) m' / (sqrt(v') + epsilon)
/// ```
///
/// with learning rate `r`; with `amsgrad` the largest `v'` so far takes the place of `v'` in the last line (Reddi and
/// others, 2018). As in Keras 2.8 (`ResourceApplyAdam`), where `epsilon` is added outside of the bias correction.
///
/// ```
/// use yhat::optimizers::{Adam, Optimizer};
/// assert_eq!(Adam::default(), Adam::new(0.001).beta_1(0.9).beta_2(0.999).epsilon(1e-7).amsgrad(false));
/// let message = Adam::new(f64::NAN).check().unwrap_err().to_string();
/// assert_eq!(message, "learning_rate of Adam: expected a number that is not negative, got NaN");
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Adam {
    learning_rate: f64,
    beta_1: f64,
    beta_2: f64,
    epsilon: f64,
    amsgrad: bool,
}

impl Adam {
    /// With Keras's `beta_1` 0.9, `beta_2` 0.999 and `epsilon` 1e-7.
    pub fn new(learning_rate: f64) -> Adam {
        Adam { learning_rate, beta_1: 0.9, beta_2: 0.999, epsilon: 1e-7, amsgrad: false }
    }

    /// How slowly the mean of gradients fades, from 0 on and below 1.
    pub fn beta_1(self, beta_1: f64) -> Adam {
        Adam { beta_1, ..self }
    }

    /// How slowly the mean of squared gradients fades, from 0 on and below 1.
    pub fn beta_2(self, beta_2: f64) -> Adam {
        Adam { beta_2, ..self }
    }

    /// What keeps the quotient finite.
    pub fn epsilon(self, epsilon: f64) -> Adam {
        Adam { epsilon, ..self }
    }

    /// Whether a step is divided by the largest mean so far.
    pub fn amsgrad(self, amsgrad: bool) -> Adam {
        Adam { amsgrad, ..self }
    }
}

impl Default for Adam {
    /// Keras's learning rate of 0.001.
    fn default() -> Adam {
        Adam::new(0.001)
    }
}

impl Optimizer for Adam {
    fn name(&self) -> &str {
        "Adam"
    }

    fn learning_rate(&self) -> f64 {
        self.learning_rate
    }

    fn check(&self) -> Result<()> {
        check_learning_rate(self)?;
        check_decay("beta_1 of Adam", self.beta_1)?;
        check_decay("beta_2 of Adam", self.beta_2)?;
        not_negative("epsilon of Adam", self.epsilon)
    }

    fn slots(&self) -> Vec<Slot> {
        let mut slots = vec![Slot::zeros("m"), Slot::zeros("v")];
        slots.extend(self.amsgrad.then(|| Slot::zeros("vhat")));
        slots
    }

    fn update(&self, step: &Step, w: &Tensor, g: &Tensor, slots: &[Tensor]) -> (Tensor, Vec<Tensor>) {
        let (b1, b2) = (step.number(self.beta_1), step.number(self.beta_2));
        let rate = &step.learning_rate * (1.0 - b2.pow(&step.t)).sqrt() / (1.0 - b1.pow(&step.t));
        let m = &slots[0] + (g - &slots[0]) * (1.0 - b1);
        let v = &slots[1] + (g.square() - &slots[1]) * (1.0 - b2);
        let largest = slots.get(2).map(|largest| largest.maximum(&v));
        let w = w - &m * rate / (largest.as_ref().unwrap_or(&v).sqrt() + self.epsilon);
        (w, [m, v].into_iter().chain(largest).collect())
    }
}
