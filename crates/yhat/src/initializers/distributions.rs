use yhat_tensor::{Element, random::tf};

use super::Initializer;
use crate::{Array, DType, Error, Result, Shape, named::not_negative};

/// Numbers drawn evenly from `[min, max)`: `min + (max - min) U` in the array's type.
///
/// ```
/// use yhat::{DType, Shape, initializers::{Initializer, RandomUniform}};
/// use yhat_tensor::random::tf;
/// tf::set_seed(0);
/// let values = Initializer::from(RandomUniform::new(-1.0, 1.0)).values(&Shape::from(2), DType::F32)?;
/// assert_eq!(values.elements::<f32>(), Some(&[-0.41604972, -0.5868671][..]));
/// # Ok::<(), yhat::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RandomUniform {
    min: f64,
    max: f64,
}

impl RandomUniform {
    /// Between `min` and `max`.
    pub fn new(min: f64, max: f64) -> RandomUniform {
        RandomUniform { min, max }
    }

    pub(super) fn draw(&self, shape: &Shape, dtype: DType) -> Array {
        match dtype {
            DType::F64 => filled(shape, tf::uniform_range(shape.size(), self.min, self.max)),
            _ => filled(shape, tf::uniform_range(shape.size(), self.min as f32, self.max as f32)),
        }
    }

    fn check(&self) -> Result<()> {
        match self.min <= self.max && (self.max - self.min).is_finite() {
            true => Ok(()),
            false => {
                let got = format!("{} and {}", self.min, self.max);
                Err(Error::argument("min and max of RandomUniform", "min <= max, both finite", got))
            }
        }
    }
}

impl Default for RandomUniform {
    /// Keras's `[-0.05, 0.05)`.
    fn default() -> RandomUniform {
        RandomUniform::new(-0.05, 0.05)
    }
}

impl From<RandomUniform> for Initializer {
    fn from(this: RandomUniform) -> Initializer {
        Initializer::of("random_uniform", this.check(), move |shape, dtype| this.draw(shape, dtype))
    }
}

/// Numbers drawn from the normal distribution: `mean + stddev N`.
///
/// ```
/// use yhat::{DType, Shape, initializers::{Initializer, RandomNormal}};
/// use yhat_tensor::random::tf;
/// tf::set_seed(0);
/// let values = Initializer::from(RandomNormal::new(0.0, 1.0)).values(&Shape::from(2), DType::F32)?;
/// assert_eq!(values.elements::<f32>(), Some(&[1.5110626, 0.42292204][..]));
/// # Ok::<(), yhat::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RandomNormal {
    mean: f64,
    stddev: f64,
}

impl RandomNormal {
    /// Around `mean` by `stddev`.
    pub fn new(mean: f64, stddev: f64) -> RandomNormal {
        RandomNormal { mean, stddev }
    }

    pub(super) fn draw(&self, shape: &Shape, dtype: DType) -> Array {
        match dtype {
            DType::F64 => filled(shape, tf::normal(shape.size(), self.mean, self.stddev)),
            _ => filled(shape, tf::normal(shape.size(), self.mean as f32, self.stddev as f32)),
        }
    }
}

impl Default for RandomNormal {
    /// Keras's mean 0 and deviation 0.05.
    fn default() -> RandomNormal {
        RandomNormal::new(0.0, 0.05)
    }
}

impl From<RandomNormal> for Initializer {
    fn from(this: RandomNormal) -> Initializer {
        let checked = check_normal("RandomNormal", this.mean, this.stddev);
        Initializer::of("random_normal", checked, move |shape, dtype| this.draw(shape, dtype))
    }
}

/// Numbers drawn from the normal distribution `mean + stddev N`, those two deviations or more from the mean drawn again.
/// (What is left deviates by 0.88 `stddev`.)
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TruncatedNormal {
    mean: f64,
    stddev: f64,
}

impl TruncatedNormal {
    /// Around `mean` by `stddev`.
    pub fn new(mean: f64, stddev: f64) -> TruncatedNormal {
        TruncatedNormal { mean, stddev }
    }

    pub(super) fn draw(&self, shape: &Shape, dtype: DType) -> Array {
        match dtype {
            DType::F64 => filled(shape, tf::truncated_normal(shape.size(), self.mean, self.stddev)),
            _ => filled(shape, tf::truncated_normal(shape.size(), self.mean as f32, self.stddev as f32)),
        }
    }
}

impl Default for TruncatedNormal {
    /// Keras's mean 0 and deviation 0.05.
    fn default() -> TruncatedNormal {
        TruncatedNormal::new(0.0, 0.05)
    }
}

impl From<TruncatedNormal> for Initializer {
    fn from(this: TruncatedNormal) -> Initializer {
        let checked = check_normal("TruncatedNormal", this.mean, this.stddev);
        Initializer::of("truncated_normal", checked, move |shape, dtype| this.draw(shape, dtype))
    }
}

fn check_normal(kind: &str, mean: f64, stddev: f64) -> Result<()> {
    not_negative(&format!("stddev of {kind}"), stddev)?;
    match mean.is_finite() {
        true => Ok(()),
        false => Err(Error::argument(format!("mean of {kind}"), "a finite number", mean)),
    }
}

/// An array of numbers of which there are as many as `shape` has.
fn filled<T: Element>(shape: &Shape, numbers: Vec<T>) -> Array {
    Array::new(shape, numbers).expect("as many numbers were drawn as the shape has")
}
