//! The loss as a function of what the net puts out: what is left to explain, and what one more unit would explain.

use yhat_tensor::{Array, DType, Plan, Shape, Tensor, Workspace, gradient, in_float64};

use crate::{Result, hessian::eigh, losses::logits, model::Traced};

/// The output `z` on all rows and the loss as a function of it. Where the last activation is a sigmoid or a softmax, `z` is
/// what it is given, where any number makes sense.
pub(super) struct Output {
    plan: Plan,
    workspace: Workspace,
    shape: Shape,
    rows: usize,
    /// Numbers in a row.
    pub width: usize,
    pub z: Vec<f64>,
    pub loss: f64,
    /// First and second derivative of the loss with respect to each number of `z`.
    pub slope: Vec<f64>,
    pub curvature: Vec<f64>,
}

/// The expression that [`Output`] takes for `z`.
pub(super) fn before_activation(yhat: &Tensor) -> Tensor {
    logits::of_sigmoid(yhat).or_else(|| logits::of_softmax(yhat)).unwrap_or_else(|| yhat.clone())
}

impl Output {
    pub fn new(traced: &Traced) -> Result<Output> {
        let Traced { x, y, yhat, loss, .. } = traced;
        let data = (&traced.x_data, &traced.y_data);
        let hook = before_activation(yhat);
        let wide = |name, t: &Tensor| {
            Tensor::input(name, t.shape(), if t.dtype().is_float() { DType::F64 } else { t.dtype() })
        };
        let (x_in, y_in, z_in) = (wide("x", x), wide("y", y), wide("z", &hook));
        let value = in_float64(std::slice::from_ref(&hook), &[(x.clone(), x_in.clone())])?;
        let plan = Plan::new(std::slice::from_ref(&x_in), &value, &[])?;
        let mut workspace = plan.workspace();
        workspace.set_input(0, data.0)?;
        plan.run(&mut workspace)?;
        let z = workspace.output(0).to_vec();

        let pairs = [(hook.clone(), z_in.clone()), (x.clone(), x_in.clone()), (y.clone(), y_in.clone())];
        let loss = in_float64(std::slice::from_ref(loss), &pairs)?.remove(0);
        let slope = gradient(&loss, std::slice::from_ref(&z_in))?.remove(0);
        let curvature = gradient(&slope, std::slice::from_ref(&z_in))?.remove(0);
        let plan = Plan::new(&[x_in, y_in, z_in], &[loss, slope, curvature], &[])?;
        let mut workspace = plan.workspace();
        workspace.set_input(0, data.0)?;
        workspace.set_input(1, data.1)?;
        let rows = x.shape()[0];
        let mut output = Output {
            plan,
            workspace,
            shape: hook.shape().clone(),
            rows,
            width: z.len() / rows.max(1),
            loss: f64::NAN,
            slope: Vec::new(),
            curvature: Vec::new(),
            z: z.clone(),
        };
        (output.loss, output.slope, output.curvature) = output.at(&z)?;
        Ok(output)
    }

    fn at(&mut self, z: &[f64]) -> Result<(f64, Vec<f64>, Vec<f64>)> {
        let loss = self.loss_at(z)?;
        Ok((loss, self.workspace.output(1).to_vec(), self.workspace.output(2).to_vec()))
    }

    fn loss_at(&mut self, z: &[f64]) -> Result<f64> {
        self.workspace.set_input(2, &Array::new(&self.shape, z.to_vec())?)?;
        self.plan.run(&mut self.workspace)?;
        Ok(self.workspace.scalar(0))
    }

    /// The residual of each row in output `o`: which way and how much the loss pulls there. For squared error `y - yhat`,
    /// for cross-entropies `y - p`, up to a factor.
    pub fn residuals(&self, o: usize) -> Vec<f64> {
        self.slope.iter().skip(o).step_by(self.width.max(1)).map(|g| -g).collect()
    }

    /// The lowest loss that a constant output reaches (as far as Newton's method finds it), and each row's residual there.
    pub fn of_constant(&mut self) -> Result<(f64, Vec<f64>)> {
        let width = self.width.max(1);
        let mean = |o: usize| self.z.iter().skip(o).step_by(width).sum::<f64>() / self.rows as f64;
        let means: Vec<f64> = (0..width).map(mean).collect();
        let start: Vec<f64> = (0..self.z.len()).map(|i| means[i % width]).collect();
        let (loss, slope) = self.fitted(start, &|_, _| [1.0])?;
        Ok((loss, slope.iter().step_by(width).map(|g| -g).collect()))
    }

    /// The lowest loss that `a phi + b z + c` reaches in place of the output `z`: `phi` is a number for each row; `a`, `b` and
    /// `c` are free for each output, and nothing else moves.
    pub fn with(&mut self, phi: &[f64]) -> Result<f64> {
        let (z, width) = (self.z.clone(), self.width.max(1));
        Ok(self.fitted(z.clone(), &|row, o| [phi[row], z[row * width + o], 1.0])?.0)
    }

    /// Newton's method on the factors of `features(row, output)`, with shorter steps where it would go up. Returns loss and
    /// slope.
    fn fitted<const N: usize>(
        &mut self,
        mut z: Vec<f64>,
        features: &dyn Fn(usize, usize) -> [f64; N],
    ) -> Result<(f64, Vec<f64>)> {
        let (mut loss, mut slope, mut curvature) = self.at(&z)?;
        for _ in 0..20 {
            let step = self.newton(&slope, &curvature, features).0;
            let mut length = 1.0;
            let better = loop {
                let next: Vec<f64> = z.iter().zip(&step).map(|(z, s)| z + length * s).collect();
                let there = self.loss_at(&next)?;
                if there < loss {
                    break Some((next, there));
                }
                length /= 4.0;
                if length < 1e-4 {
                    break None;
                }
            };
            let Some((next, there)) = better else { break };
            let gain = loss - there;
            z = next;
            (loss, slope, curvature) = self.at(&z)?;
            if gain <= 1e-9 * loss.abs() {
                break;
            }
        }
        Ok((loss, slope))
    }

    /// How much the loss would fall by [`Output::with`], by its parabola here.
    pub fn promise(&self, phi: &[f64]) -> f64 {
        let width = self.width.max(1);
        self.newton(&self.slope, &self.curvature, &|row, o| [phi[row], self.z[row * width + o], 1.0]).1
    }

    /// Newton's step in `z` and how much it promises.
    fn newton<const N: usize>(
        &self,
        slope: &[f64],
        curvature: &[f64],
        features: &dyn Fn(usize, usize) -> [f64; N],
    ) -> (Vec<f64>, f64) {
        let (width, weights) = (self.width.max(1), positive(curvature));
        let (mut step, mut promise) = (vec![0.0; slope.len()], 0.0);
        for o in 0..width {
            let rows: Vec<[f64; N]> = (0..self.rows).map(|row| features(row, o)).collect();
            let sum = |f: &dyn Fn(usize) -> f64| (0..self.rows).map(f).sum::<f64>();
            let down: Vec<f64> = (0..N).map(|j| -sum(&|i| slope[i * width + o] * rows[i][j])).collect();
            let curved = |j: usize, k: usize| sum(&|i| weights[i * width + o] * rows[i][j] * rows[i][k]);
            let matrix: Vec<f64> = (0..N * N).map(|jk| curved(jk / N, jk % N)).collect();
            let factors = solved(&matrix, &down);
            promise += factors.iter().zip(&down).map(|(f, d)| f * d).sum::<f64>() / 2.0;
            for (i, row) in rows.iter().enumerate() {
                step[i * width + o] = factors.iter().zip(row).map(|(f, x)| f * x).sum();
            }
        }
        (step, promise)
    }
}

/// The solution of least length of a small symmetric system: directions that nothing depends on stay as they are.
fn solved(matrix: &[f64], right: &[f64]) -> Vec<f64> {
    let n = right.len();
    // With ones on the diagonal what is nearly zero can be told.
    let scale: Vec<f64> = (0..n).map(|j| matrix[j * n + j].sqrt()).map(|s| if s > 0.0 { s } else { 1.0 }).collect();
    let scaled: Vec<f64> = (0..n * n).map(|jk| matrix[jk] / scale[jk / n] / scale[jk % n]).collect();
    let (values, vectors) = eigh(&scaled, n);
    let mut solution = vec![0.0; n];
    for (k, value) in values.iter().enumerate().filter(|(_, value)| **value > 1e-10) {
        let v = &vectors[k * n..][..n];
        let along: f64 = (0..n).map(|j| v[j] * right[j] / scale[j]).sum::<f64>() / value;
        (0..n).for_each(|j| solution[j] += along * v[j] / scale[j]);
    }
    solution
}

/// Curvatures to divide by: where the loss is straight or curves downwards, a small one.
fn positive(curvature: &[f64]) -> Vec<f64> {
    let mean = curvature.iter().map(|h| h.abs()).sum::<f64>() / curvature.len().max(1) as f64;
    let least = if mean > 0.0 { 1e-3 * mean } else { 1.0 / curvature.len().max(1) as f64 };
    curvature.iter().map(|h| h.max(least)).collect()
}
