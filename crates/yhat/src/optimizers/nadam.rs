use super::{Optimizer, Slot, Step, check_decay, check_learning_rate};
use crate::{Result, Tensor, named::not_negative};

/// [`Adam`](super::Adam) with Nesterov's momentum, which grows with time (Dozat, 2016).
///
/// ```text
/// u_t = b1 (1 - 0.96^(0.004 t) / 2)         U_t = u_1 u_2 ... u_t
/// m' = b1 m + (1 - b1) g
/// v' = b2 v + (1 - b2) g^2
/// n  = (1 - u_t) g / (1 - U_t) + u_(t+1) m' / (1 - U_(t+1))
/// w' = w - r n / (sqrt(v' / (1 - b2^t)) + epsilon)
/// ```
///
/// with learning rate `r`. As in Keras 2.8, whose schedule of `u` this is.
///
/// ```
/// use yhat::optimizers::{Nadam, Optimizer};
/// assert_eq!(Nadam::default(), Nadam::new(0.001).beta_1(0.9).beta_2(0.999).epsilon(1e-7));
/// assert_eq!(Nadam::default().scalars()[0].name, "momentum_cache");
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Nadam {
    learning_rate: f64,
    beta_1: f64,
    beta_2: f64,
    epsilon: f64,
}

impl Nadam {
    /// With Keras's `beta_1` 0.9, `beta_2` 0.999 and `epsilon` 1e-7.
    pub fn new(learning_rate: f64) -> Nadam {
        Nadam { learning_rate, beta_1: 0.9, beta_2: 0.999, epsilon: 1e-7 }
    }

    /// How slowly the mean of gradients fades, from 0 on and below 1.
    pub fn beta_1(self, beta_1: f64) -> Nadam {
        Nadam { beta_1, ..self }
    }

    /// How slowly the mean of squared gradients fades, from 0 on and below 1.
    pub fn beta_2(self, beta_2: f64) -> Nadam {
        Nadam { beta_2, ..self }
    }

    /// What keeps the quotient finite.
    pub fn epsilon(self, epsilon: f64) -> Nadam {
        Nadam { epsilon, ..self }
    }

    /// `u_t`.
    fn momentum(&self, step: &Step, t: &Tensor) -> Tensor {
        (1.0 - step.number(0.96).pow(t * 0.004) * 0.5) * self.beta_1
    }

    /// `U_t`, of which the last one is kept.
    fn product(&self, step: &Step) -> Tensor {
        &step.scalars[0] * self.momentum(step, &step.t)
    }
}

impl Default for Nadam {
    /// Keras's learning rate of 0.001.
    fn default() -> Nadam {
        Nadam::new(0.001)
    }
}

impl Optimizer for Nadam {
    fn name(&self) -> &str {
        "Nadam"
    }

    fn learning_rate(&self) -> f64 {
        self.learning_rate
    }

    fn check(&self) -> Result<()> {
        check_learning_rate(self)?;
        check_decay("beta_1 of Nadam", self.beta_1)?;
        check_decay("beta_2 of Nadam", self.beta_2)?;
        not_negative("epsilon of Nadam", self.epsilon)
    }

    fn slots(&self) -> Vec<Slot> {
        vec![Slot::zeros("m"), Slot::zeros("v")]
    }

    fn scalars(&self) -> Vec<Slot> {
        vec![Slot::filled("momentum_cache", 1.0)]
    }

    fn update(&self, step: &Step, w: &Tensor, g: &Tensor, slots: &[Tensor]) -> (Tensor, Vec<Tensor>) {
        let (b1, b2) = (step.number(self.beta_1), step.number(self.beta_2));
        let (u, next_u) = (self.momentum(step, &step.t), self.momentum(step, &(&step.t + 1.0)));
        let product = self.product(step);
        let next_product = &product * &next_u;
        let m = &slots[0] * &b1 + g * (1.0 - b1);
        let v = &slots[1] * &b2 + g.square() * (1.0 - &b2);
        let n = g / (1.0 - product) * (1.0 - u) + &m / (1.0 - next_product) * next_u;
        let spread = (&v / (1.0 - b2.pow(&step.t))).sqrt();
        (w - &step.learning_rate * n / (spread + self.epsilon), vec![m, v])
    }

    fn update_scalars(&self, step: &Step) -> Vec<Tensor> {
        vec![self.product(step)]
    }
}
