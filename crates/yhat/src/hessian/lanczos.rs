//! The outermost eigenvalues of a matrix that is only known by its products.

use yhat_tensor::random::RandomState;

use super::eigen::{eigh, identity, tridiagonal};
use crate::Result;

/// Eigenvalues of a symmetric matrix: all of a small one, or those that Lanczos's method found of a large one.
///
/// Lanczos's method looks at the matrix in the space that `v, H v, H^2 v, ...` span for a random `v`, where it is tridiagonal.
/// Its eigenvalues there (Ritz values) converge to those of the matrix, the outermost first. All lie between the true
/// lowest and highest, so a negative one proves negative curvature; that there is none proves nothing, and `error` says how
/// far each is from *some* eigenvalue at most. (Golub and Van Loan, *Matrix Computations*, chapter 10.)
#[derive(Clone, Debug)]
pub struct Spectrum {
    /// The eigenvalues that are known, lowest first.
    pub eigenvalues: Vec<f64>,
    /// How far each is from an eigenvalue at most; rounding aside.
    pub errors: Vec<f64>,
    /// Whether these are all eigenvalues of the matrix.
    pub whole: bool,
    /// The products with the matrix that it took.
    pub products: usize,
    /// The directions of the two lowest (of one, if there is no other), the lowest first, of length 1.
    pub lowest_directions: Vec<Vec<f64>>,
    /// The directions of the two highest, the highest first, of length 1.
    pub highest_directions: Vec<Vec<f64>>,
}

impl Spectrum {
    /// The lowest eigenvalue.
    pub fn lowest(&self) -> f64 {
        self.eigenvalues.first().copied().unwrap_or(f64::NAN)
    }

    /// The highest eigenvalue.
    pub fn highest(&self) -> f64 {
        self.eigenvalues.last().copied().unwrap_or(f64::NAN)
    }

    /// Of the whole matrix.
    pub(super) fn whole(matrix: &[f64], n: usize) -> Spectrum {
        let (eigenvalues, vectors) = eigh(matrix, n);
        let [lowest_directions, highest_directions] = outermost(n, |k| vectors[k * n..][..n].to_vec());
        let errors = vec![0.0; n];
        Spectrum { errors, whole: true, products: n, lowest_directions, highest_directions, eigenvalues }
    }
}

/// Directions of the two lowest and of the two highest of `n`, from outside in.
fn outermost(n: usize, direction: impl Fn(usize) -> Vec<f64>) -> [Vec<Vec<f64>>; 2] {
    [(0..n).take(2).map(&direction).collect(), (0..n).rev().take(2).map(&direction).collect()]
}

/// Where the outermost two are known to this part of the largest, no more steps are made.
const ENOUGH: f64 = 1e-8;

pub(super) fn lanczos(n: usize, steps: usize, mut times: impl FnMut(&[f64]) -> Result<Vec<f64>>) -> Result<Spectrum> {
    let steps = steps.clamp(1, n);
    let mut random = RandomState::new(0);
    let mut basis = vec![unit((0..n).map(|_| random.standard_normal()).collect()).1];
    let (mut diagonal, mut beside): (Vec<f64>, Vec<f64>) = (Vec::new(), Vec::new());
    loop {
        let mut next = times(basis.last().expect("the start is there"))?;
        diagonal.push(dot(&next, &basis[basis.len() - 1]));
        // Once more for what rounding left: without it directions come back and eigenvalues twice.
        for _ in 0..2 {
            for b in &basis {
                let along = dot(&next, b);
                add(&mut next, -along, b);
            }
        }
        let (length, next) = unit(next);
        let largest = diagonal.iter().chain(&beside).fold(0.0, |m: f64, x| m.max(x.abs()));
        let (m, closed) = (diagonal.len(), length.is_nan() || length <= 1e-13 * largest);
        if closed || m == steps || m.is_multiple_of(8) {
            let (values, vectors) = tridiagonal(diagonal.clone(), beside.clone(), identity(m));
            let errors: Vec<f64> =
                (0..m).map(|k| if closed { 0.0 } else { length * vectors[k * m + m - 1].abs() }).collect();
            if closed || m == steps || errors[0].max(errors[m - 1]) <= ENOUGH * values[m - 1].abs().max(values[0].abs())
            {
                let [lowest_directions, highest_directions] =
                    outermost(m, |k| combined(&basis, &vectors[k * m..][..m]));
                return Ok(Spectrum {
                    lowest_directions,
                    highest_directions,
                    eigenvalues: values,
                    errors,
                    whole: m == n,
                    products: m,
                });
            }
        }
        beside.push(length);
        basis.push(next);
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn add(to: &mut [f64], factor: f64, what: &[f64]) {
    to.iter_mut().zip(what).for_each(|(x, y)| *x += factor * y);
}

/// The length of a vector, and the vector of length 1.
fn unit(mut v: Vec<f64>) -> (f64, Vec<f64>) {
    let length = dot(&v, &v).sqrt();
    v.iter_mut().for_each(|x| *x /= length);
    (length, v)
}

fn combined(basis: &[Vec<f64>], weights: &[f64]) -> Vec<f64> {
    let mut sum = vec![0.0; basis[0].len()];
    basis.iter().zip(weights).for_each(|(b, w)| add(&mut sum, *w, b));
    sum
}
