//! One axis of a panel.

use crate::{Error, Result};

/// What an axis is called, where it ends, and whether it is logarithmic.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Axis {
    pub label: Option<String>,
    pub limits: Option<(f64, f64)>,
    pub log: bool,
}

impl Axis {
    pub fn set_limits(&mut self, call: &'static str, low: f64, high: f64) -> Result<()> {
        if !(low.is_finite() && high.is_finite() && low != high) {
            return Err(Error::argument(call, "two finite numbers that differ", format!("{low}, {high}")));
        }
        self.limits = Some((low, high));
        Ok(())
    }

    pub fn set_scale(&mut self, scale: &str) -> Result<()> {
        self.log = match scale {
            "linear" => false,
            "log" => true,
            _ => return Err(Error::unknown("scale", scale, &["linear", "log"])),
        };
        Ok(())
    }
}
