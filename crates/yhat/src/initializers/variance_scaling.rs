use super::{Initializer, RandomNormal, RandomUniform, TruncatedNormal};
use crate::{Array, DType, Error, Result, Shape};

/// Numbers around 0 whose variance is `scale / n`, where `n` are the inputs or outputs of a unit: so that what goes
/// through a layer keeps its size (Glorot and Bengio, 2010; He and others, 2015).
///
/// | constant, and its name in Keras | scale | n | distribution |
/// |---|---|---|---|
/// | [`GLOROT_UNIFORM`](Self::GLOROT_UNIFORM), `glorot_uniform` | 1 | the mean of inputs and outputs | uniform |
/// | [`GLOROT_NORMAL`](Self::GLOROT_NORMAL), `glorot_normal` | 1 | the mean of inputs and outputs | truncated normal |
/// | [`HE_UNIFORM`](Self::HE_UNIFORM), `he_uniform` | 2 | inputs | uniform |
/// | [`HE_NORMAL`](Self::HE_NORMAL), `he_normal` | 2 | inputs | truncated normal |
/// | [`LECUN_UNIFORM`](Self::LECUN_UNIFORM), `lecun_uniform` | 1 | inputs | uniform |
/// | [`LECUN_NORMAL`](Self::LECUN_NORMAL), `lecun_normal` | 1 | inputs | truncated normal |
///
/// A matrix has as many inputs as rows and as many outputs as columns. An array of more axes is taken as a
/// convolution's kernel, whose last two axes are multiplied by all the others; one of a single axis has its length as
/// inputs and as outputs.
///
/// ```
/// use yhat::{DType, Shape, initializers::{Initializer, VarianceScaling}};
/// use yhat_tensor::random::tf;
/// tf::set_seed(0);
/// let kernel = Initializer::from(VarianceScaling::HE_UNIFORM).values(&Shape::from([50, 20]), DType::F32)?;
/// let limit = (3.0 * 2.0 / 50.0f64).sqrt();
/// assert!(kernel.to_vec().iter().all(|w| w.abs() <= limit));
/// # Ok::<(), yhat::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct VarianceScaling {
    /// What the variance is before it is divided by `n`, above 0.
    pub scale: f64,
    /// What `n` is.
    pub mode: Mode,
    /// What the numbers are drawn from.
    pub distribution: Distribution,
}

/// What a [`VarianceScaling`] divides the variance by; at least 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// The inputs of a unit.
    FanIn,
    /// The outputs that an input goes to.
    FanOut,
    /// The mean of both.
    FanAvg,
}

/// What a [`VarianceScaling`] draws from, with variance `v`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Distribution {
    /// A uniform distribution between `-sqrt(3 v)` and `sqrt(3 v)`.
    Uniform,
    /// A normal distribution cut off at two deviations, of deviation `sqrt(v) / 0.8796` before and `sqrt(v)` after the
    /// cut.
    TruncatedNormal,
    /// A normal distribution of deviation `sqrt(v)`.
    UntruncatedNormal,
}

/// The deviation of a standard normal distribution cut off at -2 and 2, as TensorFlow has it.
const TRUNCATED_STDDEV: f64 = 0.879_625_661_034_239_8;

impl VarianceScaling {
    /// What Keras draws the kernel of a `Dense` from.
    pub const GLOROT_UNIFORM: Self = Self::with(1.0, Mode::FanAvg, Distribution::Uniform);
    /// Glorot's scaling of a truncated normal distribution.
    pub const GLOROT_NORMAL: Self = Self::with(1.0, Mode::FanAvg, Distribution::TruncatedNormal);
    /// He's scaling, for relu, of a uniform distribution.
    pub const HE_UNIFORM: Self = Self::with(2.0, Mode::FanIn, Distribution::Uniform);
    /// He's scaling, for relu, of a truncated normal distribution.
    pub const HE_NORMAL: Self = Self::with(2.0, Mode::FanIn, Distribution::TruncatedNormal);
    /// LeCun's scaling of a uniform distribution.
    pub const LECUN_UNIFORM: Self = Self::with(1.0, Mode::FanIn, Distribution::Uniform);
    /// LeCun's scaling, for selu, of a truncated normal distribution.
    pub const LECUN_NORMAL: Self = Self::with(1.0, Mode::FanIn, Distribution::TruncatedNormal);

    const fn with(scale: f64, mode: Mode, distribution: Distribution) -> Self {
        VarianceScaling { scale, mode, distribution }
    }

    /// Keras's name, if it is one of the constants.
    fn name(&self) -> &'static str {
        match *self {
            Self::GLOROT_UNIFORM => "glorot_uniform",
            Self::GLOROT_NORMAL => "glorot_normal",
            Self::HE_UNIFORM => "he_uniform",
            Self::HE_NORMAL => "he_normal",
            Self::LECUN_UNIFORM => "lecun_uniform",
            Self::LECUN_NORMAL => "lecun_normal",
            _ => "variance_scaling",
        }
    }

    /// The variance of the numbers of an array of `shape`.
    fn variance(&self, shape: &Shape) -> f64 {
        let (inputs, outputs) = fans(shape);
        let n = match self.mode {
            Mode::FanIn => inputs,
            Mode::FanOut => outputs,
            Mode::FanAvg => (inputs + outputs) / 2.0,
        };
        self.scale / n.max(1.0)
    }

    fn draw(&self, shape: &Shape, dtype: DType) -> Array {
        let stddev = self.variance(shape).sqrt();
        match self.distribution {
            Distribution::Uniform => {
                let limit = (3.0 * self.variance(shape)).sqrt();
                RandomUniform::new(-limit, limit).draw(shape, dtype)
            }
            Distribution::TruncatedNormal => TruncatedNormal::new(0.0, stddev / TRUNCATED_STDDEV).draw(shape, dtype),
            Distribution::UntruncatedNormal => RandomNormal::new(0.0, stddev).draw(shape, dtype),
        }
    }

    fn check(&self) -> Result<()> {
        match self.scale > 0.0 && self.scale.is_finite() {
            true => Ok(()),
            false => Err(Error::argument("scale of VarianceScaling", "a number above 0", self.scale)),
        }
    }
}

impl Default for VarianceScaling {
    /// Keras's: scale 1, inputs, truncated normal.
    fn default() -> VarianceScaling {
        VarianceScaling::LECUN_NORMAL
    }
}

impl From<VarianceScaling> for Initializer {
    fn from(this: VarianceScaling) -> Initializer {
        Initializer::of(this.name(), this.check(), move |shape, dtype| this.draw(shape, dtype))
    }
}

/// The inputs and outputs of one unit whose weights have `shape`.
fn fans(shape: &Shape) -> (f64, f64) {
    match shape[..] {
        [] => (1.0, 1.0),
        [n] => (n as f64, n as f64),
        [ref field @ .., inputs, outputs] => {
            let field: usize = field.iter().product();
            ((inputs * field) as f64, (outputs * field) as f64)
        }
    }
}
