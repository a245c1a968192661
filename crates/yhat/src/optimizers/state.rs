use std::sync::Arc;

use super::{IntoOptimizer, Optimizer, Slot, Step};
use crate::{Array, DType, Error, Result, Shape, Tensor, Variable};

/// An optimizer at work on some weights: the variables in which it keeps what it needs from step to step.
///
/// [`State::updates`] is one step as what a plan takes; [`State::variables`] is what a checkpoint must hold.
///
/// ```
/// use yhat::{Variable, gradient, optimizers::{Sgd, State}};
/// use yhat_tensor::Plan;
///
/// let w = Variable::new("w", 8.0);
/// let loss = w.tensor().square();
/// let state = State::new(Sgd::new(0.25), &[w.clone()])?;
/// let updates = state.updates(&gradient(&loss, &[w.tensor()])?)?;
/// let plan = Plan::new(&[], &[loss], &updates)?;
/// let mut workspace = plan.workspace();
/// plan.run(&mut workspace)?;
/// plan.run(&mut workspace)?;
/// workspace.store();
/// assert_eq!(w.value().item(), 2.0);
/// assert_eq!(state.iterations().value().item(), 2.0);
/// # Ok::<(), yhat::Error>(())
/// ```
#[derive(Clone)]
pub struct State {
    optimizer: Arc<dyn Optimizer>,
    iterations: Variable,
    learning_rate: Variable,
    scalars: Vec<Variable>,
    weights: Vec<Variable>,
    /// For each weight the optimizer's slots.
    slots: Vec<Vec<Variable>>,
}

impl State {
    /// The state before the first step.
    ///
    /// # Errors
    /// That of the optimizer's [`check`](Optimizer::check).
    pub fn new(optimizer: impl IntoOptimizer, weights: &[Variable]) -> Result<State> {
        let optimizer = optimizer.into_optimizer();
        optimizer.check()?;
        let name = optimizer.name().to_string();
        let made = |owner: &str, slot: &Slot, shape: &Shape, dtype| {
            let value = Array::full(shape, slot.initial).cast(dtype);
            Variable::new(format!("{owner}/{}", slot.name), value)
        };
        // The learning rate and its like serve weights of any type, so they have the widest.
        let widest = weights.iter().map(Variable::dtype).max().unwrap_or(DType::F32);
        let scalars = optimizer.scalars();
        let slots = optimizer.slots();
        Ok(State {
            iterations: Variable::new(format!("{name}/iter"), 0i64),
            learning_rate: made(&name, &Slot::filled("learning_rate", optimizer.learning_rate()), &().into(), widest),
            scalars: scalars.iter().map(|s| made(&name, s, &().into(), widest)).collect(),
            slots: weights
                .iter()
                .map(|w| (format!("{name}/{}", w.name()), w))
                .map(|(owner, w)| slots.iter().map(|s| made(&owner, s, w.shape(), w.dtype())).collect())
                .collect(),
            weights: weights.to_vec(),
            optimizer,
        })
    }

    /// One step: each variable that it changes, the weights first, with its next value. `gradients` are those of the
    /// weights, in their order.
    ///
    /// # Errors
    /// If there are not as many gradients as weights, or a formula makes a wrong expression.
    pub fn updates(&self, gradients: &[Tensor]) -> Result<Vec<(Variable, Tensor)>> {
        self.same_number("gradients", self.weights.len(), gradients.len())?;
        let tensors = |variables: &[Variable]| -> Vec<Tensor> { variables.iter().map(Variable::tensor).collect() };
        let next_iteration = self.iterations.tensor() + Tensor::from(1i64);
        let step = Step {
            t: next_iteration.cast(self.learning_rate.dtype()),
            learning_rate: self.learning_rate.tensor(),
            scalars: tensors(&self.scalars),
        };
        let gradients = self.optimizer.gradients(gradients.to_vec());
        let (mut updates, mut slot_updates) = (Vec::new(), Vec::new());
        for ((w, g), slots) in self.weights.iter().zip(&gradients).zip(&self.slots) {
            let (next, next_slots) = self.optimizer.update(&step.cast(w.dtype()), &w.tensor(), g, &tensors(slots));
            updates.push(self.update(w, &next)?);
            self.same_number("slots", slots.len(), next_slots.len())?;
            for (slot, next) in slots.iter().zip(&next_slots) {
                slot_updates.push(self.update(slot, next)?);
            }
        }
        updates.append(&mut slot_updates);
        let next_scalars = self.optimizer.update_scalars(&step);
        self.same_number("scalars", self.scalars.len(), next_scalars.len())?;
        for (scalar, next) in self.scalars.iter().zip(&next_scalars) {
            updates.push(self.update(scalar, next)?);
        }
        updates.push((self.iterations.clone(), next_iteration));
        Ok(updates)
    }

    fn update(&self, variable: &Variable, next: &Tensor) -> Result<(Variable, Tensor)> {
        next.check()?;
        match next.shape() == variable.shape() {
            true => Ok((variable.clone(), next.cast(variable.dtype()))),
            false => {
                let what = format!("{}'s next value of '{}'", self.optimizer.name(), variable.name());
                let (expected, got) = (variable.shape().clone(), next.shape().clone());
                Err(yhat_tensor::Error::Shape { what, expected, got }.into())
            }
        }
    }

    fn same_number(&self, of: &str, expected: usize, got: usize) -> Result<()> {
        match expected == got {
            true => Ok(()),
            false => Err(Error::argument(format!("{of} of {}", self.optimizer.name()), expected.to_string(), got)),
        }
    }

    /// Puts everything but the weights back to what it was before the first step.
    pub(crate) fn restart(&self) -> Result<()> {
        let fill = |v: &Variable, initial: f64| v.assign(Array::full(v.shape(), initial));
        self.iterations.assign(0i64)?;
        fill(&self.learning_rate, self.optimizer.learning_rate())?;
        for (scalar, slot) in self.scalars.iter().zip(self.optimizer.scalars()) {
            fill(scalar, slot.initial)?;
        }
        let slots = self.optimizer.slots();
        let of_weights = self.slots.iter().flat_map(|of_weight| of_weight.iter().zip(&slots));
        of_weights.into_iter().try_for_each(|(variable, slot)| Ok(fill(variable, slot.initial)?))
    }

    /// The optimizer.
    pub fn optimizer(&self) -> &Arc<dyn Optimizer> {
        &self.optimizer
    }

    /// How many steps were made, int64.
    pub fn iterations(&self) -> &Variable {
        &self.iterations
    }

    /// The learning rate of the next step; assign to it to change it.
    pub fn learning_rate(&self) -> &Variable {
        &self.learning_rate
    }

    /// Everything but the weights that the next step depends on: the number of steps, the learning rate, the
    /// optimizer's scalars, and slot by slot what is kept for each weight.
    pub fn variables(&self) -> Vec<Variable> {
        let slots = self.slots.first().map_or(0, Vec::len);
        [&self.iterations, &self.learning_rate]
            .into_iter()
            .chain(&self.scalars)
            .chain((0..slots).flat_map(|i| self.slots.iter().map(move |of_weight| &of_weight[i])))
            .cloned()
            .collect()
    }
}
