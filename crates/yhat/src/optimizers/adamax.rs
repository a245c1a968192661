use super::{Optimizer, Slot, Step, check_decay, check_learning_rate};
use crate::{Result, Tensor, named::not_negative};

/// [`Adam`](super::Adam) with the largest gradient, fading, in place of the mean of squares (Kingma and Ba, 2015,
/// section 7.1).
///
/// ```text
/// m' = m + (1 - b1) (g - m)
/// v' = max(b2 v, |g|)
/// w' = w - r / (1 - b1^t) m' / (v' + epsilon)
/// ```
///
/// with learning rate `r`. As in Keras 2.8 (`ResourceApplyAdaMax`).
///
/// ```
/// use yhat::optimizers::{Adamax, Optimizer};
/// assert_eq!(Adamax::default(), Adamax::new(0.001).beta_1(0.9).beta_2(0.999).epsilon(1e-7));
/// assert_eq!(Adamax::default().slots().len(), 2);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Adamax {
    learning_rate: f64,
    beta_1: f64,
    beta_2: f64,
    epsilon: f64,
}

impl Adamax {
    /// With Keras's `beta_1` 0.9, `beta_2` 0.999 and `epsilon` 1e-7.
    pub fn new(learning_rate: f64) -> Adamax {
        Adamax { learning_rate, beta_1: 0.9, beta_2: 0.999, epsilon: 1e-7 }
    }

    /// How slowly the mean of gradients fades, from 0 on and below 1.
    pub fn beta_1(self, beta_1: f64) -> Adamax {
        Adamax { beta_1, ..self }
    }

    /// How slowly the largest gradient fades, from 0 on and below 1.
    pub fn beta_2(self, beta_2: f64) -> Adamax {
        Adamax { beta_2, ..self }
    }

    /// What keeps the quotient finite.
    pub fn epsilon(self, epsilon: f64) -> Adamax {
        Adamax { epsilon, ..self }
    }
}

impl Default for Adamax {
    /// Keras's learning rate of 0.001.
    fn default() -> Adamax {
        Adamax::new(0.001)
    }
}

impl Optimizer for Adamax {
    fn name(&self) -> &str {
        "Adamax"
    }

    fn learning_rate(&self) -> f64 {
        self.learning_rate
    }

    fn check(&self) -> Result<()> {
        check_learning_rate(self)?;
        check_decay("beta_1 of Adamax", self.beta_1)?;
        check_decay("beta_2 of Adamax", self.beta_2)?;
        not_negative("epsilon of Adamax", self.epsilon)
    }

    fn slots(&self) -> Vec<Slot> {
        vec![Slot::zeros("m"), Slot::zeros("v")]
    }

    fn update(&self, step: &Step, w: &Tensor, g: &Tensor, slots: &[Tensor]) -> (Tensor, Vec<Tensor>) {
        let b1 = step.number(self.beta_1);
        let rate = &step.learning_rate / (1.0 - b1.pow(&step.t));
        let m = &slots[0] + (g - &slots[0]) * (1.0 - b1);
        let v = (&slots[1] * self.beta_2).maximum(g.abs());
        (w - rate * (&m / (&v + self.epsilon)), vec![m, v])
    }
}
