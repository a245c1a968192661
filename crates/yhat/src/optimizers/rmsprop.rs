use super::{Optimizer, Slot, Step, check_decay, check_learning_rate};
use crate::{
    Result, Tensor,
    named::{not_negative, within},
};

/// Gradients divided by the root of the mean of their squares (Tieleman and Hinton, 2012).
///
/// ```text
/// a' = rho a + (1 - rho) g^2
/// w' = w - r g / (sqrt(a') + epsilon)
/// ```
///
/// with learning rate `r`. With momentum `c` the last line is `m' = c m + r g / sqrt(a' + epsilon)` and `w' = w - m'`:
/// `epsilon` moves under the root. `centered` divides by the deviation: `a' - b'^2` takes the place of `a'`, where
/// `b' = rho b + (1 - rho) g`. As in Keras 2.8 (`ResourceApplyRMSProp`, `ResourceApplyCenteredRMSProp`).
///
/// ```
/// use yhat::optimizers::{Optimizer, RmsProp};
/// assert_eq!(RmsProp::default(), RmsProp::new(0.001).rho(0.9).momentum(0.0).epsilon(1e-7).centered(false));
/// let slots = RmsProp::new(0.01).momentum(0.5).centered(true).slots();
/// assert_eq!(slots.iter().map(|s| s.name).collect::<Vec<_>>(), ["rms", "momentum", "mg"]);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct RmsProp {
    learning_rate: f64,
    rho: f64,
    momentum: f64,
    epsilon: f64,
    centered: bool,
}

impl RmsProp {
    /// With Keras's `rho` of 0.9 and `epsilon` of 1e-7, without momentum.
    pub fn new(learning_rate: f64) -> RmsProp {
        RmsProp { learning_rate, rho: 0.9, momentum: 0.0, epsilon: 1e-7, centered: false }
    }

    /// How slowly the means fade, from 0 on and below 1.
    pub fn rho(self, rho: f64) -> RmsProp {
        RmsProp { rho, ..self }
    }

    /// How much of the last step goes into the next one, from 0 to 1.
    pub fn momentum(self, momentum: f64) -> RmsProp {
        RmsProp { momentum, ..self }
    }

    /// What keeps the quotient finite.
    pub fn epsilon(self, epsilon: f64) -> RmsProp {
        RmsProp { epsilon, ..self }
    }

    /// Whether gradients are divided by their deviation and not by the root of their mean square.
    pub fn centered(self, centered: bool) -> RmsProp {
        RmsProp { centered, ..self }
    }

    fn has_momentum(&self) -> bool {
        self.momentum > 0.0
    }
}

impl Default for RmsProp {
    /// Keras's learning rate of 0.001.
    fn default() -> RmsProp {
        RmsProp::new(0.001)
    }
}

impl Optimizer for RmsProp {
    fn name(&self) -> &str {
        "RMSprop"
    }

    fn learning_rate(&self) -> f64 {
        self.learning_rate
    }

    fn check(&self) -> Result<()> {
        check_learning_rate(self)?;
        check_decay("rho of RMSprop", self.rho)?;
        within("momentum of RMSprop", self.momentum, 0.0..=1.0, "a number from 0 to 1")?;
        not_negative("epsilon of RMSprop", self.epsilon)
    }

    fn slots(&self) -> Vec<Slot> {
        let mut slots = vec![Slot::zeros("rms")];
        slots.extend(self.has_momentum().then(|| Slot::zeros("momentum")));
        slots.extend(self.centered.then(|| Slot::zeros("mg")));
        slots
    }

    fn update(&self, step: &Step, w: &Tensor, g: &Tensor, slots: &[Tensor]) -> (Tensor, Vec<Tensor>) {
        let rest = 1.0 - step.number(self.rho);
        let a = &slots[0] + (g.square() - &slots[0]) * &rest;
        let b = self.centered.then(|| &slots[slots.len() - 1]).map(|b| b + (g - b) * &rest);
        let spread = b.as_ref().map_or(a.clone(), |b| &a - b.square());
        let scaled = g * &step.learning_rate;
        if self.has_momentum() {
            let m = &slots[1] * self.momentum + scaled / (spread + self.epsilon).sqrt();
            (w - &m, [a, m].into_iter().chain(b).collect())
        } else {
            (w - scaled / (spread.sqrt() + self.epsilon), [a].into_iter().chain(b).collect())
        }
    }
}
