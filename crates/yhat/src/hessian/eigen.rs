//! Eigenvalues of a symmetric matrix: Householder's reflections make it tridiagonal, Givens's rotations diagonal.
//!
//! Ours because what there is brings a library for all of linear algebra with it; Lanczos's method needs the second half anyway.
//! After Golub and Van Loan, *Matrix Computations*, algorithms 8.3.1 to 8.3.3.

/// Eigenvalues, lowest first, and eigenvectors of the symmetric `n` by `n` matrix `a` (row-major): vector `k` is
/// `vectors[k * n..][..n]`, of length 1. `numpy.linalg.eigh`, transposed.
///
/// ```
/// use yhat::hessian::eigh;
/// let (values, vectors) = eigh(&[2.0, 1.0, 1.0, 2.0], 2);
/// assert!((values[0] - 1.0).abs() < 1e-15 && (values[1] - 3.0).abs() < 1e-15);
/// assert!((vectors[0] + vectors[1]).abs() < 1e-15); // (1, -1) over the root of 2
/// ```
///
/// All are NaN if a number of the matrix is not finite.
///
/// # Panics
/// If `a` does not have `n * n` numbers.
pub fn eigh(a: &[f64], n: usize) -> (Vec<f64>, Vec<f64>) {
    assert_eq!(a.len(), n * n, "a matrix of {n} by {n} numbers");
    // Squares of very small or large numbers are none any more.
    let scale = a.iter().fold(0.0, |m: f64, x| m.max(x.abs()));
    let scale = if scale > 0.0 && scale.is_finite() { scale } else { 1.0 };
    let mut a: Vec<f64> = a.iter().map(|x| x / scale).collect();
    let mut vectors = identity(n);
    for k in 0..n.saturating_sub(2) {
        reflect(&mut a, &mut vectors, n, k);
    }
    let diagonal = (0..n).map(|i| a[i * n + i]).collect();
    let beside = (1..n).map(|i| a[i * n + i - 1]).collect();
    let (mut values, vectors) = tridiagonal(diagonal, beside, vectors);
    values.iter_mut().for_each(|value| *value *= scale);
    (values, vectors)
}

pub(super) fn identity(n: usize) -> Vec<f64> {
    let mut rows = vec![0.0; n * n];
    (0..n).for_each(|i| rows[i * n + i] = 1.0);
    rows
}

/// Makes zeros of column `k` below the subdiagonal by a reflection at a plane, on both sides of `a`.
fn reflect(a: &mut [f64], vectors: &mut [f64], n: usize, k: usize) {
    let mut v: Vec<f64> = (k + 1..n).map(|i| a[i * n + k]).collect();
    let length = norm(&v);
    v[0] += length.copysign(v[0]);
    let scale = norm(&v);
    if scale == 0.0 || !scale.is_finite() {
        return;
    }
    v.iter_mut().for_each(|x| *x /= scale);
    // (1 - 2 v v') from the left, on `a` and on what becomes the eigenvectors; then from the right.
    for rows in [&mut *a, vectors] {
        for j in 0..n {
            let along: f64 = v.iter().enumerate().map(|(i, v)| v * rows[(k + 1 + i) * n + j]).sum();
            v.iter().enumerate().for_each(|(i, v)| rows[(k + 1 + i) * n + j] -= 2.0 * v * along);
        }
    }
    for row in a.chunks_exact_mut(n) {
        let along: f64 = v.iter().zip(&row[k + 1..]).map(|(v, x)| v * x).sum();
        row[k + 1..].iter_mut().zip(&v).for_each(|(x, v)| *x -= 2.0 * v * along);
    }
}

fn norm(v: &[f64]) -> f64 {
    v.iter().map(|x| x * x).sum::<f64>().sqrt()
}

/// Eigenvalues, lowest first, and eigenvectors of the tridiagonal matrix with these numbers on the diagonal and beside it;
/// `vectors` are the rows that its basis stands for.
pub(super) fn tridiagonal(mut d: Vec<f64>, mut e: Vec<f64>, mut vectors: Vec<f64>) -> (Vec<f64>, Vec<f64>) {
    let n = d.len();
    let width = vectors.len() / n.max(1);
    if d.iter().chain(&e).any(|x| !x.is_finite()) {
        return (vec![f64::NAN; n], vec![f64::NAN; vectors.len()]);
    }
    let mut high = n.saturating_sub(1);
    while high > 0 {
        for i in 0..high {
            if e[i].abs() <= f64::EPSILON * (d[i].abs() + d[i + 1].abs()) {
                e[i] = 0.0;
            }
        }
        if e[high - 1] == 0.0 {
            high -= 1;
            continue;
        }
        let low = (0..high).rev().take_while(|&i| e[i] != 0.0).last().unwrap_or(0);
        sweep(&mut d, &mut e, &mut vectors, width, low, high);
    }
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by(|&i, &j| d[i].total_cmp(&d[j]));
    let sorted = order.iter().flat_map(|&i| vectors[i * width..][..width].to_vec()).collect();
    (order.iter().map(|&i| d[i]).collect(), sorted)
}

/// One pass of rotations over rows `low..=high`, shifted by the eigenvalue of the last 2 by 2 block that is nearer to its
/// last number (Wilkinson), after which the number beside the diagonal there is smaller by its third power.
fn sweep(d: &mut [f64], e: &mut [f64], vectors: &mut [f64], width: usize, low: usize, high: usize) {
    let half = (d[high - 1] - d[high]) / 2.0;
    let last = e[high - 1];
    let shift = d[high] - last / (half / last + f64::hypot(half / last, 1.0).copysign(half / last));
    let (mut x, mut z) = (d[low] - shift, e[low]);
    for k in low..high {
        let r = f64::hypot(x, z);
        let (c, s) = if r == 0.0 { (1.0, 0.0) } else { (x / r, z / r) };
        if k > low {
            e[k - 1] = r;
        }
        let (a, b, f) = (d[k], d[k + 1], e[k]);
        d[k] = c * c * a + 2.0 * c * s * f + s * s * b;
        d[k + 1] = s * s * a - 2.0 * c * s * f + c * c * b;
        e[k] = c * s * (b - a) + (c * c - s * s) * f;
        if k + 1 < high {
            (x, z) = (e[k], s * e[k + 1]);
            e[k + 1] *= c;
        }
        let (upper, lower) = vectors[k * width..(k + 2) * width].split_at_mut(width);
        for (p, q) in upper.iter_mut().zip(lower) {
            (*p, *q) = (c * *p + s * *q, c * *q - s * *p);
        }
    }
}
