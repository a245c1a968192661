//! Principal directions of points.

use super::plane::dot;
use crate::hessian::eigh;

/// The two directions of length 1 in which the points vary most, and the share of all variance along each; `None` if the
/// points do not span a plane.
///
/// With the centred points as the rows of `M`, these are the eigenvectors of `M' M` with the largest eigenvalues. The
/// smaller of `M' M` and `M M'` is looked at; both have the same eigenvalues but zeros.
pub(super) fn principal(points: &[Vec<f64>]) -> Option<([Vec<f64>; 2], [f64; 2])> {
    let (n, width) = (points.len(), points.first()?.len());
    let mean: Vec<f64> = (0..width).map(|i| points.iter().map(|p| p[i]).sum::<f64>() / n as f64).collect();
    let rows: Vec<Vec<f64>> = points.iter().map(|p| p.iter().zip(&mean).map(|(x, m)| x - m).collect()).collect();
    let columns = || (0..width).map(|i| rows.iter().map(|row| row[i]).collect::<Vec<_>>());
    let sides: Vec<Vec<f64>> = if n < width { rows.clone() } else { columns().collect() };
    let products: Vec<Vec<f64>> = sides.iter().map(|a| sides.iter().map(|b| dot(a, b)).collect()).collect();

    let total: f64 = (0..products.len()).map(|i| products[i][i]).sum();
    let (values, vectors) = largest(&products)?;
    if !(values[1] > 1e-14 * total && total.is_finite()) {
        return None;
    }
    let direction = |v: &Vec<f64>| {
        let long: Vec<f64> = if n < width { columns().map(|c| dot(&c, v)).collect() } else { v.clone() };
        let length = dot(&long, &long).sqrt();
        long.iter().map(|x| x / length).collect()
    };
    Some((vectors.each_ref().map(direction), values.map(|value| value / total)))
}

/// Directions that are followed at once.
const BLOCK: usize = 8;
/// Rounds at most; a gap of 1 % between the second and the ninth eigenvalue is seen in a hundred.
const ROUNDS: usize = 2000;

/// The two largest eigenvalues of a symmetric matrix without negative ones, and their eigenvectors: a block of directions is
/// multiplied by the matrix and made orthonormal again, until the eigenvalues that the matrix has in the space that they
/// span (Rayleigh and Ritz) stay. What is left out, all but the outermost eigenvalues, is most of the work of a whole
/// decomposition.
fn largest(matrix: &[Vec<f64>]) -> Option<([f64; 2], [Vec<f64>; 2])> {
    let n = matrix.len();
    let times = |v: &Vec<f64>| matrix.iter().map(|row| dot(row, v)).collect::<Vec<f64>>();
    let mut random = yhat_tensor::random::RandomState::new(0);
    let mut block: Vec<Vec<f64>> =
        (0..BLOCK.min(n)).map(|_| (0..n).map(|_| random.normal(0.0, 1.0)).collect()).collect();
    let mut known = [f64::NAN; 2];
    for _ in 0..ROUNDS {
        block = orthonormal(block.iter().map(times).collect());
        if block.len() < 2 {
            return None;
        }
        let images: Vec<Vec<f64>> = block.iter().map(times).collect();
        let small: Vec<f64> = block.iter().flat_map(|a| images.iter().map(move |b| dot(a, b))).collect();
        let (values, vectors) = eigh(&small, block.len());
        // The largest first.
        block = vectors.chunks(block.len()).rev().map(|v| combined(&block, v)).collect();
        let now = [values[values.len() - 1], values[values.len() - 2]];
        let settled = now.iter().zip(known).all(|(a, b)| (a - b).abs() <= 1e-15 * now[0]);
        known = now;
        if settled {
            break;
        }
    }
    let second = block.swap_remove(1);
    Some((known, [block.swap_remove(0), second]))
}

fn combined(block: &[Vec<f64>], weights: &[f64]) -> Vec<f64> {
    let mut sum = vec![0.0; block[0].len()];
    for (b, w) in block.iter().zip(weights) {
        sum.iter_mut().zip(b).for_each(|(s, x)| *s += w * x);
    }
    sum
}

/// An orthonormal basis of what the vectors span; those that the others span are left out.
fn orthonormal(vectors: Vec<Vec<f64>>) -> Vec<Vec<f64>> {
    let mut basis: Vec<Vec<f64>> = Vec::new();
    for mut v in vectors {
        let before = dot(&v, &v).sqrt();
        // Twice, for what rounding left.
        for _ in 0..2 {
            for b in &basis {
                let along = dot(&v, b);
                v.iter_mut().zip(b).for_each(|(x, b)| *x -= along * b);
            }
        }
        let length = dot(&v, &v).sqrt();
        if length > 1e-13 * before {
            basis.push(v.into_iter().map(|x| x / length).collect());
        }
    }
    basis
}
