use super::{Optimizer, Slot, Step, check_learning_rate};
use crate::{Result, Tensor, named::not_negative};

/// Steps that shrink for a weight as its squared gradients add up (Duchi, Hazan and Singer, 2011).
///
/// ```text
/// a' = a + g^2
/// w' = w - r g / (sqrt(a') + epsilon)
/// ```
///
/// with learning rate `r`. As in Keras 2.8 (`ResourceApplyAdagradV2`).
///
/// ```
/// use yhat::optimizers::{Adagrad, Optimizer};
/// assert_eq!(Adagrad::default(), Adagrad::new(0.001).initial_accumulator_value(0.1).epsilon(1e-7));
/// assert_eq!(Adagrad::default().slots()[0].initial, 0.1);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Adagrad {
    learning_rate: f64,
    initial_accumulator_value: f64,
    epsilon: f64,
}

impl Adagrad {
    /// With Keras's initial `a` of 0.1 and `epsilon` of 1e-7.
    pub fn new(learning_rate: f64) -> Adagrad {
        Adagrad { learning_rate, initial_accumulator_value: 0.1, epsilon: 1e-7 }
    }

    /// What `a` starts with.
    pub fn initial_accumulator_value(self, initial_accumulator_value: f64) -> Adagrad {
        Adagrad { initial_accumulator_value, ..self }
    }

    /// What keeps the quotient finite.
    pub fn epsilon(self, epsilon: f64) -> Adagrad {
        Adagrad { epsilon, ..self }
    }
}

impl Default for Adagrad {
    /// Keras's learning rate of 0.001.
    fn default() -> Adagrad {
        Adagrad::new(0.001)
    }
}

impl Optimizer for Adagrad {
    fn name(&self) -> &str {
        "Adagrad"
    }

    fn learning_rate(&self) -> f64 {
        self.learning_rate
    }

    fn check(&self) -> Result<()> {
        check_learning_rate(self)?;
        not_negative("initial_accumulator_value of Adagrad", self.initial_accumulator_value)?;
        not_negative("epsilon of Adagrad", self.epsilon)
    }

    fn slots(&self) -> Vec<Slot> {
        vec![Slot::filled("accumulator", self.initial_accumulator_value)]
    }

    fn update(&self, step: &Step, w: &Tensor, g: &Tensor, slots: &[Tensor]) -> (Tensor, Vec<Tensor>) {
        let a = &slots[0] + g.square();
        (w - g * &step.learning_rate / (a.sqrt() + self.epsilon), vec![a])
    }
}
