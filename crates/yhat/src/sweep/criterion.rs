//! What counts as a success, and how often it happens.

use std::fmt;

/// When a fit is a success.
///
/// A loss that is no number is never one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Criterion {
    /// The final loss is below this.
    Below(f64),
    /// The final loss is at most this many times the best final loss that the sweep found with any network.
    Within(f64),
    /// The final loss is at most this many times the best that the sweep found with the same network: whether a network
    /// does what it can, be that much or little.
    WithinOwn(f64),
}

impl Criterion {
    /// [`Criterion::Below`].
    pub fn below(loss: f64) -> Criterion {
        Criterion::Below(loss)
    }

    /// [`Criterion::Within`].
    pub fn within(factor: f64) -> Criterion {
        Criterion::Within(factor)
    }

    /// [`Criterion::WithinOwn`].
    pub fn within_own(factor: f64) -> Criterion {
        Criterion::WithinOwn(factor)
    }

    /// Whether a fit with this loss is a success, where the best losses are these.
    pub(super) fn met(self, loss: f64, best: f64, own_best: f64) -> bool {
        match self {
            Criterion::Below(limit) => loss < limit,
            Criterion::Within(factor) => loss <= factor * best,
            Criterion::WithinOwn(factor) => loss <= factor * own_best,
        }
    }
}

impl fmt::Display for Criterion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Criterion::Below(limit) => write!(f, "a final loss below {limit}"),
            Criterion::Within(factor) => write!(f, "a final loss of at most {factor} times the best of all"),
            Criterion::WithinOwn(factor) => {
                write!(f, "a final loss of at most {factor} times the best of the same net")
            }
        }
    }
}

/// How many of some fits were successes, and what that says about all the seeds there are.
///
/// ```
/// use yhat::sweep::Rate;
/// let rate = Rate { successes: 8, fits: 10 };
/// let (low, high) = rate.interval();
/// assert_eq!(rate.to_string(), "80.0 % [49.0, 94.3]");
/// assert!((low - 0.4901625).abs() < 1e-6 && (high - 0.9433178).abs() < 1e-6);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// How many fits were successes.
    pub successes: usize,
    /// How many fits there were.
    pub fits: usize,
}

/// The 97.5 % quantile of the standard normal distribution.
const Z: f64 = 1.959_963_984_540_054;

impl Rate {
    /// The share of successes; NaN if there were no fits.
    pub fn share(self) -> f64 {
        self.successes as f64 / self.fits as f64
    }

    /// The 95 % confidence interval of the probability of a success by Wilson (1927), which is sensible for few fits and
    /// for shares near 0 and 1 too: with `n` fits, share `p` and `z = 1.96`,
    /// `(p + z²/2n ± z sqrt(p (1 - p)/n + z²/4n²)) / (1 + z²/n)`.
    pub fn interval(self) -> (f64, f64) {
        if self.fits == 0 {
            return (0.0, 1.0);
        }
        let (n, p) = (self.fits as f64, self.share());
        let centre = p + Z * Z / (2.0 * n);
        let half = Z * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt();
        let scale = 1.0 + Z * Z / n;
        // At the ends the two terms are equal, but for rounding.
        let low = if self.successes == 0 { 0.0 } else { (centre - half) / scale };
        let high = if self.successes == self.fits { 1.0 } else { (centre + half) / scale };
        (low, high)
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (low, high) = self.interval();
        write!(f, "{:.1} % [{:.1}, {:.1}]", 100.0 * self.share(), 100.0 * low, 100.0 * high)
    }
}
