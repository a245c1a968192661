use super::{Optimizer, Slot, Step, check_decay, check_learning_rate};
use crate::{Result, Tensor, named::not_negative};

/// Steps in the weights' own unit: as large against past steps as the gradient is against past gradients (Zeiler, 2012).
///
/// ```text
/// a' = rho a + (1 - rho) g^2
/// d  = sqrt(b + epsilon) / sqrt(a' + epsilon) g
/// b' = rho b + (1 - rho) d^2
/// w' = w - r d
/// ```
///
/// with learning rate `r`, which is 1 in the paper and 0.001 by default in Keras. As in Keras 2.8
/// (`ResourceApplyAdadelta`).
///
/// ```
/// use yhat::optimizers::{Adadelta, Optimizer};
/// assert_eq!(Adadelta::default(), Adadelta::new(0.001).rho(0.95).epsilon(1e-7));
/// let message = Adadelta::new(1.0).rho(1.0).check().unwrap_err().to_string();
/// assert_eq!(message, "rho of Adadelta: expected a number from 0 on and below 1, got 1");
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Adadelta {
    learning_rate: f64,
    rho: f64,
    epsilon: f64,
}

impl Adadelta {
    /// With Keras's `rho` of 0.95 and `epsilon` of 1e-7.
    pub fn new(learning_rate: f64) -> Adadelta {
        Adadelta { learning_rate, rho: 0.95, epsilon: 1e-7 }
    }

    /// How slowly both means fade, from 0 on and below 1.
    pub fn rho(self, rho: f64) -> Adadelta {
        Adadelta { rho, ..self }
    }

    /// What steps start from, and what keeps the quotient finite.
    pub fn epsilon(self, epsilon: f64) -> Adadelta {
        Adadelta { epsilon, ..self }
    }
}

impl Default for Adadelta {
    /// Keras's learning rate of 0.001.
    fn default() -> Adadelta {
        Adadelta::new(0.001)
    }
}

impl Optimizer for Adadelta {
    fn name(&self) -> &str {
        "Adadelta"
    }

    fn learning_rate(&self) -> f64 {
        self.learning_rate
    }

    fn check(&self) -> Result<()> {
        check_learning_rate(self)?;
        check_decay("rho of Adadelta", self.rho)?;
        not_negative("epsilon of Adadelta", self.epsilon)
    }

    fn slots(&self) -> Vec<Slot> {
        vec![Slot::zeros("accum_grad"), Slot::zeros("accum_var")]
    }

    fn update(&self, step: &Step, w: &Tensor, g: &Tensor, slots: &[Tensor]) -> (Tensor, Vec<Tensor>) {
        let rho = step.number(self.rho);
        let a = &slots[0] * &rho + g.square() * (1.0 - &rho);
        let d = (&slots[1] + self.epsilon).sqrt() / (&a + self.epsilon).sqrt() * g;
        let b = &slots[1] * &rho + d.square() * (1.0 - &rho);
        (w - d * &step.learning_rate, vec![a, b])
    }
}
