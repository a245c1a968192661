//! What a training computes, as text.

use yhat_tensor::{Array, Tensor, Variable, gradient};

use super::{Fit, Sequential, checks, data::Data};
use crate::Result;

impl Sequential {
    /// The formula of a training step on rows of `x` and `y` as text: equal for nets that compute the same in the same way,
    /// on every machine. Makes the net's weights if there are none; with it come the names of loss and metrics.
    pub(crate) fn formula(&self, x: &Array, y: &Array, fit: &Fit<'_>) -> Result<(String, Vec<String>)> {
        let compiled = self.compiled()?;
        fit.check()?;
        let data = Data::new("fit", x.clone(), y.clone(), self.dtype())?;
        let rows = data.rows().min(fit.batch_size);
        let input = |name, a: &Array| Tensor::input(name, a.rows(0, rows).shape(), a.dtype());
        let inputs = [input("x", &data.x), input("y", &data.y)];
        let (yhat, loss) = self.traced_loss(&compiled, &inputs[0], &inputs[1])?;
        checks::targets(compiled.loss.name(), &data.y, yhat.shape())?;
        let trained = compiled.trained(&self.any());
        let slopes = gradient(&loss, &trained.iter().map(Variable::tensor).collect::<Vec<_>>())?;
        let updates = compiled.state_for(&trained)?.updates(&slopes)?;
        let mut text = format!("learning rate {:?}\n{loss}\n", self.learning_rate()?);
        for (variable, next) in updates {
            text += &format!("{} := {next}\n", variable.name());
        }
        for metric in &compiled.metrics {
            text += &format!("{}\n", metric.name());
        }
        Ok((text, compiled.names()))
    }
}
