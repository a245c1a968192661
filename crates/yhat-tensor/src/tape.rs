//! `GradientTape`, in the sense of TensorFlow's.

use crate::{Array, Result, Tensor, gradient};

/// Asks for gradients of what was computed from variables and watched tensors: `tf.GradientTape`.
///
/// In TensorFlow a tape must record while operations run. Here an expression already says how it was made, so the tape
/// only remembers what it was told to watch, and answers. Variables are watched by themselves.
///
/// ```
/// use yhat_tensor::{GradientTape, Tensor, Variable};
/// let w = Variable::new("w", [[2.0]]);
/// let x = Tensor::from([[1.0], [3.0]]);
/// let tape = GradientTape::new();
/// let loss = x.matmul(&w).square().mean();
/// let slopes = tape.gradient(&loss, &[w.tensor()])?;
/// assert_eq!(slopes[0].to_vec(), [20.0]);
/// # Ok::<(), yhat_tensor::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct GradientTape {
    watched: Vec<Tensor>,
}

impl GradientTape {
    /// A tape that watches every variable.
    pub fn new() -> GradientTape {
        GradientTape::default()
    }

    /// Watches a tensor that is not a variable.
    pub fn watch(&mut self, tensor: &Tensor) {
        self.watched.push(tensor.clone());
    }

    /// The tensors that were watched.
    pub fn watched(&self) -> &[Tensor] {
        &self.watched
    }

    /// The values of `d target / d source` for each source; of the sum, if `target` is not a scalar.
    ///
    /// # Errors
    /// If an expression is wrong or needs an input.
    pub fn gradient(&self, target: &Tensor, sources: &[Tensor]) -> Result<Vec<Array>> {
        crate::interpret(&gradient(target, sources)?, &[])
    }
}
