//! Whether what a fit leaves has structure: neighbours' residuals along each input, and among all inputs at once.

use yhat_tensor::{Array, random::RandomState};

use super::neighbours::Neighbours;

/// The probability that a standard normal number is above `z`.
pub(super) fn above(z: f64) -> f64 {
    if z.is_nan() { 1.0 } else { libm::erfc(z / std::f64::consts::SQRT_2) / 2.0 }
}

/// Whether neighbours' residuals agree.
#[derive(Clone, Debug)]
pub(super) struct Structure {
    /// The column of the input along which they are neighbours; `None` where they are in the space of all inputs.
    pub input: Option<usize>,
    /// How many inputs they are neighbours in.
    pub inputs: usize,
    /// The mean correlation of a residual with each of its next neighbours.
    pub correlation: f64,
    /// How many neighbours those are.
    pub neighbours: usize,
    /// The chance that residuals which know nothing of each other agree so well anywhere it was looked (Bonferroni's bound).
    pub p: f64,
}

/// The fewest rows with which the normal approximation of the test is any good.
pub(super) const FEWEST_ROWS: usize = 12;

/// How many neighbours of each of `rows` rows are looked at.
pub(super) fn neighbours_of(rows: usize) -> usize {
    (((rows as f64).sqrt() / 2.0) as usize).max(1)
}

/// Looks along each column of `x`, and in the space of all of them. `residuals` has a list for each output.
///
/// Along its inputs one by one nothing is to be seen of what only two together have, as in exclusive or.
pub(super) fn structure(x: &Array, residuals: &[Vec<f64>]) -> Option<Structure> {
    let along = along(x, residuals);
    let together = along.as_ref().and_then(|_| Neighbours::of(x));
    let together = together.and_then(|all| best(residuals.iter().map(|r| all.agree(r)).collect()));
    // Two looks.
    let twice = |found: Structure| Structure { p: (2.0 * found.p).min(1.0), ..found };
    match (along, together) {
        (Some(along), Some(together)) => Some(twice(if together.p < along.p { together } else { along })),
        (along, _) => along,
    }
}

/// The best of so many looks, with its chance corrected for their number.
fn best(found: Vec<Structure>) -> Option<Structure> {
    let looks = found.len() as f64;
    let best = found.into_iter().min_by(|a, b| a.p.total_cmp(&b.p))?;
    Some(Structure { p: (best.p * looks).min(1.0), ..best })
}

/// Looks along each column of `x`.
///
/// With rows in the order of a column, `S = sum_i r_i (r_{i+1} + ... + r_{i+m})`, `m` half the root of the number of rows.
/// Independent residuals of mean 0, of whatever variance each, give `S` mean 0 and the variance that
/// `sum_i r_i^2 (r_{i+1} + ... + r_{i+m})^2` estimates, so the quotient is nearly normal. (Labels of 0 and 1 have such
/// residuals; a runs test, which only looks at their signs, would call every good classifier bad.)
pub(super) fn along(x: &Array, residuals: &[Vec<f64>]) -> Option<Structure> {
    let rows = x.shape()[0];
    if rows < FEWEST_ROWS {
        return None;
    }
    let columns = x.size() / rows;
    // Rows with one value stand in an order that has nothing to do with the targets.
    let shuffled = RandomState::new(0).permutation(rows);
    let numbers = x.to_vec();
    let mut found = Vec::new();
    for input in 0..columns {
        let value = |row: usize| numbers[row * columns + input];
        if (1..rows).all(|row| value(row) == value(0)) {
            continue;
        }
        let mut order = shuffled.clone();
        order.sort_by(|&a, &b| value(a).total_cmp(&value(b)));
        found.extend(residuals.iter().map(|r| in_order(order.iter().map(|&row| r[row]).collect(), input)));
    }
    best(found)
}

fn in_order(mut r: Vec<f64>, input: usize) -> Structure {
    let n = r.len();
    let mean = r.iter().sum::<f64>() / n as f64;
    r.iter_mut().for_each(|r| *r -= mean);
    let neighbours = neighbours_of(n);
    // Sums of what comes next as differences of sums from the start: the time does not grow with the neighbours.
    let before: Vec<f64> = std::iter::once(0.0)
        .chain(r.iter().scan(0.0, |sum, r| {
            *sum += r;
            Some(*sum)
        }))
        .collect();
    let next: Vec<f64> = (0..n).map(|i| before[n.min(i + 1 + neighbours)] - before[i + 1]).collect();
    let sum: f64 = r.iter().zip(&next).map(|(a, b)| a * b).sum();
    let variance: f64 = r.iter().zip(&next).map(|(a, b)| (a * b).powi(2)).sum();
    let square: f64 = r.iter().map(|r| r * r).sum();
    let correlation = if square > 0.0 { sum / (square * neighbours as f64) } else { 0.0 };
    let p = if variance > 0.0 { above(sum / variance.sqrt()) } else { 1.0 };
    Structure { input: Some(input), inputs: 1, correlation, neighbours, p }
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
