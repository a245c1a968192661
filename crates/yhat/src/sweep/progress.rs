//! How far a sweep is.

use std::{fmt, time::Duration};

use crate::model::{bar, duration};

/// How far a sweep is. Printed: `  1234/6000 [=====>........................] - 3s, 12s to go`.
///
/// ```
/// use std::time::Duration;
/// use yhat::sweep::Progress;
/// let progress = Progress { done: 50, all: 200, found: 20, elapsed: Duration::from_secs(3) };
/// assert_eq!(progress.eta(), Some(Duration::from_secs(15)));
/// assert_eq!(progress.to_string(), " 50/200 [======>.......................] - 3s, 15s to go");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Fits that are done, those found in the file included.
    pub done: usize,
    /// Fits of the sweep.
    pub all: usize,
    /// Fits that were in the file already.
    pub found: usize,
    /// How long the sweep has been running.
    pub elapsed: Duration,
}

impl Progress {
    /// How much longer it will take at this pace; `None` before the first fit is done.
    pub fn eta(&self) -> Option<Duration> {
        let trained = self.done - self.found;
        let left = self.all - self.done;
        (trained > 0).then(|| self.elapsed.mul_f64(left as f64 / trained as f64))
    }
}

impl fmt::Display for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} - {}", bar(self.done, self.all), duration(self.elapsed.as_secs_f64()))?;
        match self.eta() {
            Some(eta) if self.done < self.all => write!(f, ", {} to go", duration(eta.as_secs_f64())),
            _ => Ok(()),
        }
    }
}
