use super::{Optimizer, Slot, Step, check_learning_rate};
use crate::{Error, Result, Tensor, named::not_negative};

/// Follow the regularized leader: weights as the best answer to all gradients so far under l1 and l2 penalties, which
/// sets many of them to 0 (McMahan and others, 2013).
///
/// ```text
/// a' = a + g^2
/// z' = z + g + 2 s w - (a'^p - a^p) / r w
/// w' = (l1 sign(z') - z') / (a'^p / r + 2 l2 + beta / r) where |z'| > l1, else 0
/// ```
///
/// with learning rate `r`, `p` 1/2 (the negative of Keras's `learning_rate_power`) and the shrinkage `s`.
/// As in Keras 2.8 (`ResourceApplyFtrl`, `ResourceApplyFtrlV2`).
///
/// ```
/// use yhat::optimizers::{Ftrl, Optimizer};
/// assert_eq!(Ftrl::default(), Ftrl::new(0.001).learning_rate_power(-0.5).initial_accumulator_value(0.1));
/// let message = Ftrl::new(0.1).l1(-1.0).check().unwrap_err().to_string();
/// assert_eq!(message, "l1 of Ftrl: expected a number that is not negative, got -1");
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Ftrl {
    learning_rate: f64,
    learning_rate_power: f64,
    initial_accumulator_value: f64,
    l1: f64,
    l2: f64,
    l2_shrinkage: f64,
    beta: f64,
}

impl Ftrl {
    /// With Keras's power of -1/2 and initial `a` of 0.1, without penalties.
    pub fn new(learning_rate: f64) -> Ftrl {
        Ftrl {
            learning_rate,
            learning_rate_power: -0.5,
            initial_accumulator_value: 0.1,
            l1: 0.0,
            l2: 0.0,
            l2_shrinkage: 0.0,
            beta: 0.0,
        }
    }

    /// `-p`: how fast steps shrink with the gradients so far; 0 for not at all.
    pub fn learning_rate_power(self, learning_rate_power: f64) -> Ftrl {
        Ftrl { learning_rate_power, ..self }
    }

    /// What `a` starts with.
    pub fn initial_accumulator_value(self, initial_accumulator_value: f64) -> Ftrl {
        Ftrl { initial_accumulator_value, ..self }
    }

    /// The l1 penalty (Keras: `l1_regularization_strength`).
    pub fn l1(self, l1: f64) -> Ftrl {
        Ftrl { l1, ..self }
    }

    /// The l2 penalty (Keras: `l2_regularization_strength`).
    pub fn l2(self, l2: f64) -> Ftrl {
        Ftrl { l2, ..self }
    }

    /// An l2 penalty on the size of the weights as they are (Keras: `l2_shrinkage_regularization_strength`).
    pub fn l2_shrinkage(self, l2_shrinkage: f64) -> Ftrl {
        Ftrl { l2_shrinkage, ..self }
    }

    /// `beta` of the paper: what steps are shortened by before there are gradients.
    pub fn beta(self, beta: f64) -> Ftrl {
        Ftrl { beta, ..self }
    }
}

impl Default for Ftrl {
    /// Keras's learning rate of 0.001.
    fn default() -> Ftrl {
        Ftrl::new(0.001)
    }
}

impl Optimizer for Ftrl {
    fn name(&self) -> &str {
        "Ftrl"
    }

    fn learning_rate(&self) -> f64 {
        self.learning_rate
    }

    fn check(&self) -> Result<()> {
        check_learning_rate(self)?;
        let power = self.learning_rate_power;
        if !(power <= 0.0 && power.is_finite()) {
            return Err(Error::argument("learning_rate_power of Ftrl", "a number that is not positive", power));
        }
        not_negative("initial_accumulator_value of Ftrl", self.initial_accumulator_value)?;
        not_negative("l1 of Ftrl", self.l1)?;
        not_negative("l2 of Ftrl", self.l2)?;
        not_negative("l2_shrinkage of Ftrl", self.l2_shrinkage)?;
        not_negative("beta of Ftrl", self.beta)
    }

    fn slots(&self) -> Vec<Slot> {
        vec![Slot::filled("accumulator", self.initial_accumulator_value), Slot::zeros("linear")]
    }

    fn update(&self, step: &Step, w: &Tensor, g: &Tensor, slots: &[Tensor]) -> (Tensor, Vec<Tensor>) {
        let rate = &step.learning_rate;
        let (a, z) = (&slots[0], &slots[1]);
        let next_a = a + g.square();
        let (power, next_power) = (a.powf(-self.learning_rate_power), next_a.powf(-self.learning_rate_power));
        let shrunk = if self.l2_shrinkage > 0.0 { g + w * (2.0 * self.l2_shrinkage) } else { g.clone() };
        let z = z + shrunk - (&next_power - power) / rate * w;
        // Keras adds beta to l2 so that TensorFlow's kernel need not know it.
        let l2 = self.beta / (rate * 2.0) + self.l2;
        let leader = (z.sign() * self.l1 - &z) / (next_power / rate + l2 * 2.0);
        (Tensor::select(&z.abs().greater(self.l1), leader, 0.0), vec![next_a, z])
    }
}
