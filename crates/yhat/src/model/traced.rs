//! A net and its loss on given rows as expressions, for those who study them.

use std::sync::Arc;

use yhat_tensor::{Array, Tensor, Variable};

use super::{Sequential, checks, compile::Compiled, data::Data, sequential::undone_on_error};
use crate::{Result, layers::AnyLayer, losses::Loss, optimizers::Optimizer};

/// What [`Sequential::traced`] gives: the expressions of one batch of all rows, and who takes part in them.
#[derive(Clone)]
pub(crate) struct Traced {
    pub net: AnyLayer,
    pub layers: Vec<AnyLayer>,
    /// Where rows and targets enter, in the net's type.
    pub x: Tensor,
    pub y: Tensor,
    /// What the net puts out, and the loss with all penalties.
    pub yhat: Tensor,
    pub loss: Tensor,
    pub loss_function: Loss,
    pub optimizer: Arc<dyn Optimizer>,
    /// The variables that training changes.
    pub variables: Vec<Variable>,
    pub x_data: Array,
    pub y_data: Array,
}

impl Sequential {
    /// The net and its loss on these rows as expressions. `call` names the caller in messages.
    pub(crate) fn traced(&self, call: &str, x: &Array, y: &Array) -> Result<Traced> {
        let compiled = self.compiled()?;
        let data = Data::new(call, x.clone(), y.clone(), self.dtype())?;
        undone_on_error(&self.any(), || self.trace_all(&compiled, data))
    }

    fn trace_all(&self, compiled: &Compiled, data: Data) -> Result<Traced> {
        let Data { x: x_data, y: y_data } = data;
        let x = Tensor::input("x", x_data.shape(), x_data.dtype());
        let y = Tensor::input("y", y_data.shape(), y_data.dtype());
        let (yhat, loss) = self.traced_loss(compiled, &x, &y)?;
        Ok(Traced {
            net: self.any(),
            layers: self.layers(),
            variables: compiled.trained(&self.any()),
            loss_function: compiled.loss.clone(),
            optimizer: compiled.optimizer.clone(),
            x,
            y,
            yhat,
            loss,
            x_data,
            y_data,
        })
    }
}

impl Traced {
    /// An error where a target is one that the loss gives no meaning.
    pub fn check_targets(&self) -> Result<()> {
        checks::targets(self.loss_function.name(), &self.y_data, self.yhat.shape())
    }

    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.x_data.shape()[0]
    }

    /// How many numbers are trained.
    pub fn parameters(&self) -> usize {
        self.variables.iter().map(|v| v.shape().size()).sum()
    }
}
