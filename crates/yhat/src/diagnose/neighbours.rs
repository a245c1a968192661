//! Whether residuals agree among neighbours in the space of all inputs at once.

use yhat_tensor::{Array, random::RandomState};

use super::structure::{Structure, above, neighbours_of};

/// Distances times columns that are computed at most: of more rows a part is looked at, drawn once and for all.
const WORK: usize = 20_000_000;

/// Pairs of rows that are next to each other, where every input counts by its standard deviation.
pub(super) struct Neighbours {
    /// Each pair once, the lower row first.
    pairs: Vec<[usize; 2]>,
    /// Triples of rows that are all neighbours of each other.
    triples: Vec<[usize; 3]>,
    each: usize,
    columns: usize,
}

impl Neighbours {
    /// The pairs of each row and its nearest; `None` if there are not two inputs that change.
    pub fn of(x: &Array) -> Option<Neighbours> {
        let columns = scaled_columns(x);
        if columns.len() < 2 {
            return None;
        }
        let most = (WORK as f64 / columns.len() as f64).sqrt() as usize;
        // In an order that has nothing to do with the targets, which also decides between rows that are equally near.
        let mut rows = RandomState::new(0).permutation(x.shape()[0]);
        rows.truncate(most);
        let each = neighbours_of(rows.len());
        let n = rows.len();
        let mut near = vec![false; n * n];
        for a in 0..n {
            let distance = |b: &usize| {
                let squares = columns.iter().map(|column| (column[rows[a]] - column[rows[*b]]).powi(2));
                (squares.sum::<f64>(), *b)
            };
            let mut others: Vec<(f64, usize)> = (0..n).filter(|b| *b != a).map(|b| distance(&b)).collect();
            others.select_nth_unstable_by(each - 1, |p, q| p.0.total_cmp(&q.0).then(p.1.cmp(&q.1)));
            for (_, b) in &others[..each] {
                (near[a * n + b], near[b * n + a]) = (true, true);
            }
        }
        let after = |a: usize| (a + 1..n).filter(|b| near[a * n + b]).collect::<Vec<_>>();
        let (mut pairs, mut triples) = (Vec::new(), Vec::new());
        for a in 0..n {
            let later = after(a);
            for (i, &b) in later.iter().enumerate() {
                pairs.push([rows[a], rows[b]]);
                triples
                    .extend(later[i + 1..].iter().filter(|c| near[b * n + **c]).map(|&c| [rows[a], rows[b], rows[c]]));
            }
        }
        Some(Neighbours { pairs, triples, each, columns: columns.len() })
    }

    /// Whether the residuals of neighbours agree: `S = sum r_i r_j` over all pairs, which is Moran's I but for its factor.
    ///
    /// Independent residuals of mean 0 could as well have had their signs drawn by coins, whatever their sizes. Over all
    /// such draws `S` has mean 0, variance `sum (r_i r_j)^2` over the pairs and third moment `6 sum (r_i r_j r_k)^2` over
    /// the triples. It is taken for the distribution of Pearson's type III with these moments, by the cube root of Wilson
    /// and Hilferty (1931): the normal distribution alone has too short a tail.
    pub fn agree(&self, residuals: &[f64]) -> Structure {
        let mean = residuals.iter().sum::<f64>() / residuals.len() as f64;
        let r = |i: usize| residuals[i] - mean;
        let products = || self.pairs.iter().map(|&[i, j]| r(i) * r(j));
        let (sum, variance) = (products().sum::<f64>(), products().map(|p| p * p).sum::<f64>());
        let square = self.pairs.iter().map(|&[i, j]| (r(i).powi(2) + r(j).powi(2)) / 2.0).sum::<f64>();
        let third = 6.0 * self.triples.iter().map(|&[i, j, k]| (r(i) * r(j) * r(k)).powi(2)).sum::<f64>();
        let (z, skewness) = (sum / variance.sqrt(), third / variance.powf(1.5));
        Structure {
            input: None,
            inputs: self.columns,
            correlation: if square > 0.0 { sum / square } else { 0.0 },
            neighbours: self.each,
            p: if variance > 0.0 { above(normal(z, skewness)) } else { 1.0 },
        }
    }
}

/// The normal number that is as rare as `z` is in Pearson's type III distribution of mean 0, variance 1 and this skewness.
fn normal(z: f64, skewness: f64) -> f64 {
    if skewness < 1e-6 {
        return z;
    }
    let root = (skewness * z / 2.0 + 1.0).max(0.0).cbrt();
    6.0 / skewness * (root - 1.0) + skewness / 6.0
}

/// The columns of `x` that change, each with standard deviation 1.
pub(super) fn scaled_columns(x: &Array) -> Vec<Vec<f64>> {
    let (rows, numbers) = (x.shape()[0], x.to_vec());
    let columns = numbers.len() / rows.max(1);
    let column = |j: usize| numbers.iter().skip(j).step_by(columns).copied().collect::<Vec<f64>>();
    let scaled = |column: Vec<f64>| {
        let mean = column.iter().sum::<f64>() / rows as f64;
        let deviation = (column.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / rows as f64).sqrt();
        (column.iter().any(|x| *x != column[0])).then(|| column.iter().map(|x| (x - mean) / deviation).collect())
    };
    (0..columns).filter_map(|j| scaled(column(j))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square(rows: usize, seed: u32) -> (Array, Vec<f64>) {
        let numbers = RandomState::new(seed).vec(2 * rows, |random| random.uniform(-1.0, 1.0));
        (Array::from(numbers.clone()).reshape([rows, 2]).unwrap(), numbers)
    }

    /// Of tests on residuals without structure as many reject as the level says, about, whatever their variances and whether
    /// they are labels of 0 and 1.
    #[test]
    fn the_level_is_kept() {
        let (x, numbers) = square(150, 3);
        let neighbours = Neighbours::of(&x).unwrap();
        let mut random = RandomState::new(7);
        for kind in 0..3 {
            let mut draw = |row: usize| match kind {
                0 => random.standard_normal(),
                1 => random.standard_normal() * (2.0 * numbers[2 * row]).exp(),
                _ => random.binomial(1, 0.3) as f64 - 0.3,
            };
            let p: Vec<f64> =
                (0..2000).map(|_| neighbours.agree(&(0..150).map(&mut draw).collect::<Vec<_>>()).p).collect();
            let rejected = |level: f64| p.iter().filter(|p| **p < level).count();
            assert!((60..=140).contains(&rejected(0.05)), "{kind}: {}", rejected(0.05));
            assert!(rejected(0.001) <= 7, "{kind}: {}", rejected(0.001));
        }
    }

    /// The sign of a product has no structure along either factor, and all of it in both together.
    #[test]
    fn a_checkerboard_is_seen_only_in_both_inputs_together() {
        let (x, numbers) = square(200, 5);
        let mut random = RandomState::new(8);
        let r: Vec<f64> = numbers.chunks(2).map(|x| (x[0] * x[1]).signum() + 0.5 * random.standard_normal()).collect();
        let found = Neighbours::of(&x).unwrap().agree(&r);
        assert!(found.p < 1e-12 && found.correlation > 0.5 && found.input.is_none(), "{found:?}");
        assert!(super::super::structure::along(&x, &[r]).unwrap().p > 0.01);
        assert!(Neighbours::of(&Array::linspace(0.0, 1.0, 50).reshape([50, 1]).unwrap()).is_none());
    }

    #[test]
    fn every_pair_and_triple_once() {
        let (x, _) = square(60, 1);
        let found = Neighbours::of(&x).unwrap();
        let mut pairs: Vec<[usize; 2]> = found.pairs.iter().map(|&[i, j]| [i.min(j), i.max(j)]).collect();
        let is_pair = |i: usize, j: usize| found.pairs.contains(&[i, j]) || found.pairs.contains(&[j, i]);
        assert!(found.triples.iter().all(|&[i, j, k]| is_pair(i, j) && is_pair(j, k) && is_pair(i, k)));
        pairs.sort_unstable();
        pairs.dedup();
        assert_eq!(pairs.len(), found.pairs.len());
        assert!((60 * found.each / 2..=60 * found.each).contains(&pairs.len()));
    }
}
