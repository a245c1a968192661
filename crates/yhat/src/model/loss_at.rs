//! The loss as a function of the weights.

use std::sync::{Mutex, PoisonError};

use yhat_tensor::{Array, Plan, Tensor, Variable, Workspace};

use super::{Sequential, checks, compile::Compiled, data::Data};
use crate::Result;

/// The loss of a net on all rows of some data, penalties included, as a function of the net's weights: one plan that any
/// number of threads run at once, each in a workspace of its own. The net's own weights are not touched.
pub(crate) struct LossAt {
    plan: Plan,
    data: Data,
    weights: Vec<Variable>,
    idle: Mutex<Vec<Workspace>>,
}

impl Sequential {
    /// The loss on rows `x` with targets `y` at any weights.
    pub(crate) fn loss_at(&self, x: Array, y: Array) -> Result<LossAt> {
        let compiled: &Compiled = &*self.compiled()?;
        let weights = self.weights()?;
        let data = Data::new("loss", x, y, self.dtype())?;
        let inputs = [("x", &data.x), ("y", &data.y)].map(|(name, a)| Tensor::input(name, a.shape(), a.dtype()));
        let (yhat, loss) = self.traced_loss(compiled, &inputs[0], &inputs[1])?;
        checks::targets(compiled.loss.name(), &data.y, yhat.shape())?;
        let plan = Plan::new(&inputs, &[loss], &[])?;
        Ok(LossAt { plan, data, weights, idle: Mutex::default() })
    }
}

impl LossAt {
    /// The loss where the net's weights are `values`, in the order of [`Sequential::get_weights`].
    pub fn at(&self, values: &[Array]) -> Result<f64> {
        let idle = self.idle().pop();
        let mut workspace = idle.map_or_else(|| self.workspace(), Ok)?;
        for (variable, value) in self.weights.iter().zip(values) {
            workspace.set_variable(variable, value)?;
        }
        self.plan.run(&mut workspace)?;
        let loss = workspace.scalar(0);
        self.idle().push(workspace);
        Ok(loss)
    }

    fn workspace(&self) -> Result<Workspace> {
        let mut workspace = self.plan.workspace();
        workspace.set_input(0, &self.data.x)?;
        workspace.set_input(1, &self.data.y)?;
        Ok(workspace)
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Workspace>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
