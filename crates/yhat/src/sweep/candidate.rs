//! The networks of a sweep.

use yhat_tensor::{Array, DType};

use super::minima::Units;
use crate::{Fit, Result, Sequential, layers::as_if_new, random::set_seed};

/// A network to be trained from many seeds.
pub(super) struct Candidate<'a> {
    pub labels: Vec<(String, String)>,
    make: Box<dyn Fn() -> Sequential + Sync + 'a>,
}

/// What is known about a candidate before it is trained.
pub(super) struct Known {
    /// The shapes of its weights.
    pub shapes: Vec<yhat_tensor::Shape>,
    pub dtype: DType,
    /// The columns of its history.
    pub columns: Vec<String>,
    /// How its hidden units lie in its weights, where that is known.
    pub units: Option<Units>,
    /// Tells net, data and options from others.
    pub key: String,
}

impl<'a> Candidate<'a> {
    pub fn new(labels: Vec<(String, String)>, make: impl Fn() -> Sequential + Sync + 'a) -> Candidate<'a> {
        Candidate { labels, make: Box::new(make) }
    }

    /// A new net, on whatever thread, of layers of type `floatx`.
    pub fn make(&self, floatx: DType) -> Sequential {
        as_if_new(floatx, &self.make)
    }

    /// `hidden=2 optimizer=adam`
    pub fn title(&self) -> String {
        title(&self.labels)
    }

    /// Finds out about the candidate, with a net that is thrown away. Draws random numbers.
    pub fn known(&self, x: &Array, y: &Array, fit: &Fit<'_>) -> Result<Known> {
        let mut net = self.make(crate::floatx());
        let (formula, mut columns) = net.formula(x, y, fit)?;
        if fit.validates() {
            columns.extend(columns.clone().iter().map(|name| format!("val_{name}")));
        }
        let mut hash = Hash::default();
        for text in [self.title(), formula, fit.description()] {
            hash.add(text.as_bytes());
        }
        for array in [x, y].into_iter().chain(fit.validation_arrays().into_iter().flatten()) {
            hash.array(array);
        }
        // The initializers show in what they draw.
        set_seed(0);
        net.restart()?;
        let weights = net.weights()?;
        weights.iter().for_each(|w| hash.array(&w.value()));
        Ok(Known {
            shapes: weights.iter().map(|w| w.shape().clone()).collect(),
            dtype: net.dtype(),
            columns,
            units: Units::of(&net),
            key: format!("{:016x}", hash.0),
        })
    }
}

pub(super) fn title(labels: &[(String, String)]) -> String {
    labels.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join(" ")
}

/// Fowler, Noll and Vo's hash in its 64-bit variant 1a: the same on every machine and in every version.
struct Hash(u64);

impl Default for Hash {
    fn default() -> Hash {
        Hash(0xcbf2_9ce4_8422_2325)
    }
}

impl Hash {
    fn array(&mut self, array: &Array) {
        self.add(array.shape().to_string().as_bytes());
        array.to_vec().iter().for_each(|number| self.add(&number.to_bits().to_le_bytes()));
    }

    fn add(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
}
