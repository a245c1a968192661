//! Watching whether a number gets better.

use crate::{Error, Result, model::Logs};

/// Whether less or more of the monitored number is better.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// More, where the name ends in `acc`, `accuracy` or `auc`; else less.
    #[default]
    Auto,
    /// Less is better.
    Min,
    /// More is better.
    Max,
}

/// The best value of a monitored number so far.
#[derive(Clone, Debug)]
pub(super) struct Monitor {
    pub name: String,
    pub mode: Mode,
    pub min_delta: f64,
    pub best: f64,
}

impl Monitor {
    pub fn new(name: impl Into<String>) -> Monitor {
        Monitor { name: name.into(), mode: Mode::Auto, min_delta: 0.0, best: f64::NAN }
    }

    fn wants_more(&self) -> bool {
        match self.mode {
            Mode::Auto => ["acc", "accuracy", "auc"].iter().any(|end| self.name.ends_with(end)),
            mode => mode == Mode::Max,
        }
    }

    /// Forgets the best value.
    pub fn reset(&mut self) {
        self.best = if self.wants_more() { f64::NEG_INFINITY } else { f64::INFINITY };
    }

    /// Whether `value` beats `reference` by more than `min_delta`.
    pub fn improves(&self, value: f64, reference: f64) -> bool {
        match self.wants_more() {
            true => value - self.min_delta > reference,
            false => value + self.min_delta < reference,
        }
    }

    /// The monitored number of an epoch, for callback `callback`.
    pub fn value(&self, callback: &str, logs: &Logs) -> Result<f64> {
        logs.get(&self.name).map_err(|_| {
            let validated = logs.names().iter().any(|name| name.starts_with("val_"));
            let hint = match self.name.starts_with("val_") && !validated {
                true => "; the fit has no validation data",
                false => "",
            };
            let expected = format!("a name that the fit reports ({})", logs.names().join(", "));
            Error::argument(format!("{callback}::new(monitor)"), expected, format!("'{}'{hint}", self.name))
        })
    }
}
