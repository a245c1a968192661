//! Whether what a fit leaves has structure: a test, and the unit that would take most of it.

use yhat_tensor::{Array, random::RandomState};

use super::output::Output;
use crate::Result;

/// The probability that a standard normal number is above `z`.
pub(super) fn above(z: f64) -> f64 {
    if z.is_nan() { 1.0 } else { libm::erfc(z / std::f64::consts::SQRT_2) / 2.0 }
}

/// Whether neighbours' residuals agree, along some input.
#[derive(Clone, Debug)]
pub(super) struct Structure {
    /// The column of the input.
    pub input: usize,
    /// The mean correlation of a residual with each of its next neighbours.
    pub correlation: f64,
    /// How many neighbours those are.
    pub neighbours: usize,
    /// The chance that residuals which know nothing of each other agree so well along some input (Bonferroni's bound).
    pub p: f64,
}

/// The fewest rows with which the normal approximation of the test is any good.
pub(super) const FEWEST_ROWS: usize = 12;

/// Looks along each column of `x`. `residuals` has a list for each output.
///
/// With rows in the order of a column, `S = sum_i r_i (r_{i+1} + ... + r_{i+m})`, `m` half the root of the number of rows.
/// Independent residuals of mean 0, of whatever variance each, give `S` mean 0 and the variance that
/// `sum_i r_i^2 (r_{i+1} + ... + r_{i+m})^2` estimates, so the quotient is nearly normal. (Labels of 0 and 1 have such
/// residuals; a runs test, which only looks at their signs, would call every good classifier bad.)
pub(super) fn structure(x: &Array, residuals: &[Vec<f64>]) -> Option<Structure> {
    let rows = x.shape()[0];
    if rows < FEWEST_ROWS {
        return None;
    }
    let columns = x.size() / rows;
    // Rows with one value stand in an order that has nothing to do with the targets.
    let shuffled = RandomState::new(0).permutation(rows);
    let numbers = x.to_vec();
    let (mut best, mut tests) = (None::<Structure>, 0);
    for input in 0..columns {
        let value = |row: usize| numbers[row * columns + input];
        if (1..rows).all(|row| value(row) == value(0)) {
            continue;
        }
        let mut order = shuffled.clone();
        order.sort_by(|&a, &b| value(a).total_cmp(&value(b)));
        for r in residuals {
            let sorted: Vec<f64> = order.iter().map(|&row| r[row]).collect();
            tests += 1;
            let found = along(sorted, input);
            if best.as_ref().is_none_or(|best| found.p < best.p) {
                best = Some(found);
            }
        }
    }
    best.map(|best| Structure { p: (best.p * tests as f64).min(1.0), ..best })
}

fn along(mut r: Vec<f64>, input: usize) -> Structure {
    let n = r.len();
    let mean = r.iter().sum::<f64>() / n as f64;
    r.iter_mut().for_each(|r| *r -= mean);
    let neighbours = (((n as f64).sqrt() / 2.0) as usize).max(1);
    let next: Vec<f64> = (0..n).map(|i| r[i + 1..n.min(i + 1 + neighbours)].iter().sum()).collect();
    let sum: f64 = r.iter().zip(&next).map(|(a, b)| a * b).sum();
    let variance: f64 = r.iter().zip(&next).map(|(a, b)| (a * b).powi(2)).sum();
    let square: f64 = r.iter().map(|r| r * r).sum();
    let correlation = if square > 0.0 { sum / (square * neighbours as f64) } else { 0.0 };
    let p = if variance > 0.0 { above(sum / variance.sqrt()) } else { 1.0 };
    Structure { input, correlation, neighbours, p }
}

/// Along how many inputs and at how many places of each a unit's kink is tried.
const INPUTS: usize = 64;
const PLACES: usize = 48;

/// The loss with one more relu unit, the best of those that bend along one input: its kink between rows, on either side,
/// added to the output as [`Output::with`] does. A net with one more unit that is trained as a whole can do at least as well.
pub(super) fn with_one_more_unit(output: &mut Output, x: &Array) -> Result<f64> {
    let rows = x.shape()[0];
    let columns = x.size() / rows;
    let numbers = x.to_vec();
    let mut best: Option<(f64, Vec<f64>)> = None;
    for input in 0..columns.min(INPUTS) {
        let column: Vec<f64> = numbers.iter().skip(input).step_by(columns).copied().collect();
        let mut sorted = column.clone();
        sorted.sort_by(f64::total_cmp);
        sorted.dedup();
        let places = sorted.len().min(PLACES);
        for place in 0..places {
            let kink = sorted[place * sorted.len() / places];
            for side in [1.0, -1.0] {
                let unit: Vec<f64> = column.iter().map(|x| (side * (x - kink)).max(0.0)).collect();
                let promise = output.promise(&unit);
                if best.as_ref().is_none_or(|(most, _)| promise > *most) {
                    best = Some((promise, unit));
                }
            }
        }
    }
    match best {
        Some((_, unit)) => output.with(&unit),
        None => Ok(output.loss),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tails_of_the_normal_distribution() {
        // scipy.stats.norm.sf
        for (z, p) in [(0.0, 0.5), (1.0, 0.15865525393145707), (5.0, 2.866515718791933e-07), (-2.0, 0.9772498680518208)]
        {
            assert!((above(z) / p - 1.0).abs() < 1e-14);
        }
    }

    /// Of tests on residuals without structure as many reject as the level says, about, also where variances differ.
    #[test]
    fn the_level_is_kept() {
        let mut random = RandomState::new(7);
        let x = Array::linspace(-1.0, 1.0, 200).reshape([200, 1]).unwrap();
        for uneven in [false, true] {
            let p_values: Vec<f64> = (0..1000)
                .map(|_| {
                    let r = x
                        .to_vec()
                        .iter()
                        .map(|x| random.standard_normal() * if uneven { x.exp() } else { 1.0 })
                        .collect();
                    structure(&x, &[r]).unwrap().p
                })
                .collect();
            let rejected = |level: f64| p_values.iter().filter(|p| **p < level).count();
            assert!((20..=75).contains(&rejected(0.05)), "{}", rejected(0.05));
            assert!(rejected(0.001) <= 5, "{}", rejected(0.001));
        }
    }

    #[test]
    fn structure_is_seen() {
        let mut random = RandomState::new(8);
        let x = Array::linspace(-1.0, 1.0, 100).reshape([100, 1]).unwrap();
        let bent = x.to_vec().iter().map(|x| x.abs() - 0.5 + 0.3 * random.standard_normal()).collect();
        let found = structure(&x, &[bent]).unwrap();
        assert!(found.p < 1e-3 && found.correlation > 0.2, "{found:?}");
        assert!(structure(&x.rows(0, 11), &[vec![0.0; 11]]).is_none());
    }
}
