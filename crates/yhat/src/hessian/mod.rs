//! How the loss curves: the matrix of its second derivatives with respect to the weights.
//!
//! A second derivative is the gradient of a gradient, so the product of the Hessian with a vector `v` is one more
//! expression, `gradient(gradient(loss) . v)` (Pearlmutter, 1994), and costs about two gradients. Small nets get all
//! eigenvalues from the whole matrix, large ones the outermost by [Lanczos's method](Spectrum).

use yhat_tensor::{Array, DType, Plan, Shape, Tensor, Workspace, gradient, in_float64};

use crate::{Error, Result, Sequential, model::Traced};

mod eigen;
mod lanczos;

pub use eigen::eigh;
pub use lanczos::Spectrum;

/// With up to this many weights the whole matrix is made: about as much work as Lanczos's steps for the outermost
/// eigenvalues.
const WHOLE: usize = 128;

/// Lanczos's steps at most, where nobody says how many.
const STEPS: usize = 96;

/// The loss of a net on some rows near its weights: value, gradient and curvature, in float64 whatever the net's type.
///
/// Weights count in the order of [`Sequential::trainable_weights`], each in row-major order. Of a float32 net this is
/// the function that its rounded weights stand for, without the rounding of the computation.
///
/// ```
/// use yhat::prelude::*;
/// let x = Array::from([-1.0, 0.0, 1.0]);
/// let mut net = Sequential::from_layers([Dense::new(1).use_bias(false)]);
/// net.compile(Sgd::new(0.1), "mse");
/// let mut hessian = net.hessian(&x, &x)?;                     // The loss is (w - 1)^2 2/3.
/// assert!((hessian.matrix()?.item() - 4.0 / 3.0).abs() < 1e-12);
/// assert!((2.0 / hessian.spectrum()?.highest() - 1.5).abs() < 1e-12); // Learning rates above this one diverge.
/// # Ok::<(), yhat::Error>(())
/// ```
///
/// At a kink (a relu at exactly 0) the second derivative does not exist; what is taken there is that of one side, by the
/// convention that gives the gradient.
pub struct Hessian {
    names: Vec<String>,
    shapes: Vec<Shape>,
    weights: Vec<f64>,
    slopes: (Plan, Workspace),
    products: (Plan, Workspace),
}

impl Sequential {
    /// The curvature of the loss on rows `x` with targets `y`, all in one batch, penalties included.
    ///
    /// # Errors
    /// If the net was not compiled, has no trainable weights, or the data do not fit it.
    pub fn hessian(&self, x: impl Into<Array>, y: impl Into<Array>) -> Result<Hessian> {
        Hessian::of(&self.traced("hessian", &x.into(), &y.into())?)
    }
}

impl Hessian {
    pub(crate) fn of(traced: &Traced) -> Result<Hessian> {
        if traced.parameters() == 0 {
            return Err(Error::state(format!("the Hessian of net '{}'", traced.net.name()), "needs trainable weights"));
        }
        let wide = |t: &Tensor| if t.dtype().is_float() { DType::F64 } else { t.dtype() };
        let data: Vec<Tensor> =
            [("x", &traced.x), ("y", &traced.y)].map(|(n, t)| Tensor::input(n, t.shape(), wide(t))).into();
        let input = |prefix: &str| -> Vec<Tensor> {
            let made =
                |v: &yhat_tensor::Variable| Tensor::input(format!("{prefix}{}", v.name()), v.shape(), DType::F64);
            traced.variables.iter().map(made).collect()
        };
        let (w, v) = (input(""), input("direction of "));
        let mut pairs: Vec<_> = [&traced.x, &traced.y].into_iter().cloned().zip(data.iter().cloned()).collect();
        pairs.extend(traced.variables.iter().zip(&w).map(|(variable, w)| (variable.tensor(), w.clone())));
        let loss = in_float64(std::slice::from_ref(&traced.loss), &pairs)?.remove(0);

        let slopes = gradient(&loss, &w)?;
        let along = slopes.iter().zip(&v).map(|(g, v)| (g * v).sum()).reduce(|a, b| a + b).unwrap_or(loss.clone());
        let curvatures = gradient(&along, &w)?;
        let ready = |inputs: &[&[Tensor]], outputs: Vec<Tensor>| -> Result<(Plan, Workspace)> {
            let plan = Plan::new(&inputs.concat(), &outputs, &[])?;
            let mut workspace = plan.workspace();
            workspace.set_input(0, &traced.x_data)?;
            workspace.set_input(1, &traced.y_data)?;
            Ok((plan, workspace))
        };
        let mut hessian = Hessian {
            names: traced.variables.iter().map(|v| v.name()).collect(),
            shapes: traced.variables.iter().map(|v| v.shape().clone()).collect(),
            weights: Vec::new(),
            slopes: ready(&[&data, &w], [vec![loss], slopes].concat())?,
            products: ready(&[&data, &w, &v], curvatures)?,
        };
        hessian.move_to(&flat(&traced.variables.iter().map(|v| v.value()).collect::<Vec<_>>()))?;
        Ok(hessian)
    }

    /// How many weights there are: the matrix has so many rows.
    pub fn size(&self) -> usize {
        self.weights.len()
    }

    /// The weights at which everything is computed, one after another.
    pub fn weights(&self) -> &[f64] {
        &self.weights
    }

    /// The name of weight `i`, as in `dense/kernel[0, 1]`.
    ///
    /// # Panics
    /// If there are not so many weights.
    pub fn name(&self, i: usize) -> String {
        let mut rest = i;
        for (name, shape) in self.names.iter().zip(&self.shapes) {
            if rest < shape.size() {
                let mut index = Vec::new();
                for n in shape.iter().rev() {
                    index.insert(0, (rest % n).to_string());
                    rest /= n;
                }
                return format!("{name}[{}]", index.join(", "));
            }
            rest -= shape.size();
        }
        panic!("weight {i} of {}", self.size())
    }

    /// Looks from other weights, as [`Hessian::weights`] has them. The net itself does not change.
    ///
    /// # Errors
    /// If there are not as many.
    pub fn move_to(&mut self, weights: &[f64]) -> Result<()> {
        set(&mut self.slopes.1, 2, &self.shapes, weights)?;
        set(&mut self.products.1, 2, &self.shapes, weights)?;
        self.weights = weights.to_vec();
        Ok(())
    }

    /// The loss.
    ///
    /// # Errors
    /// If an index that the net computes is out of range.
    pub fn loss(&mut self) -> Result<f64> {
        self.slopes.0.run(&mut self.slopes.1)?;
        Ok(self.slopes.1.scalar(0))
    }

    /// The loss and its gradient.
    ///
    /// # Errors
    /// As [`Hessian::loss`].
    pub fn gradient(&mut self) -> Result<(f64, Vec<f64>)> {
        let loss = self.loss()?;
        let parts: Vec<Array> = (0..self.shapes.len()).map(|i| self.slopes.1.output(i + 1)).collect();
        Ok((loss, flat(&parts)))
    }

    /// The loss at the weights plus `step` times `direction`.
    ///
    /// # Errors
    /// If `direction` has another length.
    pub fn loss_along(&mut self, direction: &[f64], step: f64) -> Result<f64> {
        let there: Vec<f64> = self.weights.iter().zip(direction).map(|(w, d)| w + step * d).collect();
        set(&mut self.slopes.1, 2, &self.shapes, &there)?;
        let loss = self.loss();
        set(&mut self.slopes.1, 2, &self.shapes, &self.weights)?;
        loss
    }

    /// The matrix times a vector.
    ///
    /// # Errors
    /// If `v` has another length.
    pub fn times(&mut self, v: &[f64]) -> Result<Vec<f64>> {
        let (plan, workspace) = &mut self.products;
        set(workspace, 2 + self.shapes.len(), &self.shapes, v)?;
        plan.run(workspace)?;
        Ok(flat(&(0..self.shapes.len()).map(|i| workspace.output(i)).collect::<Vec<_>>()))
    }

    /// The whole matrix, `(size, size)`, column by column: so many products.
    ///
    /// # Errors
    /// As [`Hessian::loss`].
    pub fn matrix(&mut self) -> Result<Array> {
        let n = self.size();
        let mut rows = Vec::with_capacity(n * n);
        for i in 0..n {
            let mut unit = vec![0.0; n];
            unit[i] = 1.0;
            rows.extend(self.times(&unit)?);
        }
        Ok(Array::from(rows).reshape([n, n])?)
    }

    /// The eigenvalues: all of them of a small net, else the outermost as far as some 100 of Lanczos's steps know them.
    ///
    /// # Errors
    /// As [`Hessian::loss`].
    pub fn spectrum(&mut self) -> Result<Spectrum> {
        match self.size() {
            n if n <= WHOLE => Ok(Spectrum::whole(&self.matrix()?.to_vec(), n)),
            _ => self.lanczos(STEPS),
        }
    }

    /// The outermost eigenvalues by at most `steps` of Lanczos's steps, a product each; fewer if the lowest and the
    /// highest stand still before.
    ///
    /// # Errors
    /// As [`Hessian::loss`].
    pub fn lanczos(&mut self, steps: usize) -> Result<Spectrum> {
        lanczos::lanczos(self.size(), steps, |v| self.times(v))
    }
}

/// The numbers of several arrays, one after another.
pub(crate) fn flat(arrays: &[Array]) -> Vec<f64> {
    arrays.iter().flat_map(Array::to_vec).collect()
}

/// Gives the inputs from `first` on the parts of `numbers`.
fn set(workspace: &mut Workspace, first: usize, shapes: &[Shape], numbers: &[f64]) -> Result<()> {
    let size: usize = shapes.iter().map(Shape::size).sum();
    if numbers.len() != size {
        return Err(Error::argument("a vector of the Hessian", format!("{size} numbers"), numbers.len()));
    }
    let mut rest = numbers;
    for (i, shape) in shapes.iter().enumerate() {
        let (part, after) = rest.split_at(shape.size());
        workspace.set_input(first + i, &Array::new(shape, part.to_vec())?)?;
        rest = after;
    }
    Ok(())
}
