use super::{Optimizer, Slot, Step, check_learning_rate};
use crate::{Result, Tensor, named::within};

/// Gradient descent: `w - r g`, with learning rate `r`.
///
/// With momentum `a` it goes on in the direction it went: `m' = a m - r g` and `w + m'`, or with Nesterov's correction
/// `w + a m' - r g` (Sutskever and others, 2013). As in Keras 2.8 (`ResourceApplyKerasMomentum`).
///
/// ```
/// use yhat::optimizers::{Optimizer, Sgd};
/// assert_eq!(Sgd::default().learning_rate(), 0.01);
/// let message = Sgd::new(0.1).momentum(1.5).check().unwrap_err().to_string();
/// assert_eq!(message, "momentum of SGD: expected a number from 0 to 1, got 1.5");
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Sgd {
    learning_rate: f64,
    momentum: f64,
    nesterov: bool,
}

impl Sgd {
    /// Without momentum.
    pub fn new(learning_rate: f64) -> Sgd {
        Sgd { learning_rate, momentum: 0.0, nesterov: false }
    }

    /// How much of the last step goes into the next one, from 0 to 1.
    pub fn momentum(self, momentum: f64) -> Sgd {
        Sgd { momentum, ..self }
    }

    /// Whether momentum is Nesterov's.
    pub fn nesterov(self, nesterov: bool) -> Sgd {
        Sgd { nesterov, ..self }
    }
}

impl Default for Sgd {
    /// Keras's learning rate of 0.01.
    fn default() -> Sgd {
        Sgd::new(0.01)
    }
}

impl Optimizer for Sgd {
    fn name(&self) -> &str {
        "SGD"
    }

    fn learning_rate(&self) -> f64 {
        self.learning_rate
    }

    fn check(&self) -> Result<()> {
        check_learning_rate(self)?;
        within("momentum of SGD", self.momentum, 0.0..=1.0, "a number from 0 to 1")
    }

    /// 2 without momentum, `2 (1 + a)` with it, `2 (1 + a) / (1 + 2 a)` with Nesterov's: where a root of the recursion
    /// `w'' = (1 + a) w' - a w - r c w` (or Nesterov's) leaves the unit circle at -1.
    fn stability_limit(&self) -> Option<f64> {
        let a = self.momentum;
        Some(if self.nesterov { 2.0 * (1.0 + a) / (1.0 + 2.0 * a) } else { 2.0 * (1.0 + a) })
    }

    fn slots(&self) -> Vec<Slot> {
        if self.momentum == 0.0 { Vec::new() } else { vec![Slot::zeros("momentum")] }
    }

    fn update(&self, step: &Step, w: &Tensor, g: &Tensor, slots: &[Tensor]) -> (Tensor, Vec<Tensor>) {
        let rate = &step.learning_rate;
        let [m] = slots else { return (w - rate * g, vec![]) };
        let m = m * self.momentum - g * rate;
        let w = if self.nesterov { w + (&m * self.momentum - g * rate) } else { w + &m };
        (w, vec![m])
    }
}
