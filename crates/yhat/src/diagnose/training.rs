//! Training on copies: the net that is examined stays as it is.

use yhat_tensor::{Array, Plan, Tensor, Variable, Workspace, gradient, random::tf, substitute};

use crate::{Result, hessian::flat, model::Traced, optimizers::State};

/// The net's optimizer at work on copies of its weights, all rows in one batch.
pub(super) struct Trainer {
    weights: Vec<Variable>,
    state: State,
    /// What the optimizer keeps before its first step.
    fresh: Vec<Array>,
    plan: Plan,
    workspace: Workspace,
}

impl Trainer {
    pub fn new(traced: &Traced, learning_rate: f64) -> Result<Trainer> {
        let weights: Vec<Variable> = traced.variables.iter().map(|v| Variable::new(v.name(), v.value())).collect();
        let tensors: Vec<Tensor> = weights.iter().map(Variable::tensor).collect();
        let pairs: Vec<_> = traced.variables.iter().map(Variable::tensor).zip(tensors.iter().cloned()).collect();
        let loss = substitute(std::slice::from_ref(&traced.loss), &pairs)?.remove(0);
        let state = State::new(traced.optimizer.clone(), &weights)?;
        state.learning_rate().assign(learning_rate)?;
        let fresh = state.variables().iter().map(Variable::value).collect();
        let updates = state.updates(&gradient(&loss, &tensors)?)?;
        let plan = Plan::new(&[traced.x.clone(), traced.y.clone()], &[loss], &updates)?;
        let mut workspace = plan.workspace();
        workspace.set_input(0, &traced.x_data)?;
        workspace.set_input(1, &traced.y_data)?;
        Ok(Trainer { weights, state, fresh, plan, workspace })
    }

    /// Starts from these weights; the optimizer as `before` left it, or fresh.
    pub fn start(&mut self, weights: &[Array], before: Option<&State>) -> Result<()> {
        self.weights.iter().zip(weights).try_for_each(|(w, value)| w.assign(value))?;
        let own = self.state.variables();
        own.iter().zip(&self.fresh).try_for_each(|(v, value)| v.assign(value))?;
        let kept = before.map(State::variables).unwrap_or_default();
        if kept.len() == own.len() && kept.iter().zip(&own).all(|(a, b)| a.shape() == b.shape()) {
            own.iter().zip(&kept).try_for_each(|(v, k)| v.assign(k.value()))?;
        }
        self.workspace.load();
        Ok(())
    }

    /// Makes steps until the loss is not finite; returns how many.
    pub fn run(&mut self, steps: usize) -> Result<usize> {
        for step in 0..steps {
            self.plan.run(&mut self.workspace)?;
            if !self.workspace.scalar(0).is_finite() {
                return Ok(step);
            }
        }
        Ok(steps)
    }

    /// The weights as they are now, a list for each variable.
    pub fn weights(&mut self) -> Vec<Array> {
        self.workspace.store();
        self.weights.iter().map(Variable::value).collect()
    }

    /// Runs up to `steps` steps and tells which variable is the first to become `factor` times as long as at the start (or
    /// not finite), and after how many steps; of several, the one that grew most.
    pub fn first_to_grow(&mut self, steps: usize, factor: f64) -> Result<Option<(usize, usize)>> {
        let before: Vec<f64> = self.weights.iter().map(|w| length(&w.value())).collect();
        // Weights that start at 0 are measured by all of them together.
        let all = before.iter().map(|x| x * x).sum::<f64>().sqrt();
        for step in 1..=steps {
            self.plan.run(&mut self.workspace)?;
            let growth = |(i, w): (usize, &Array)| {
                let now = length(w) / (before[i] + 0.01 * all + 1e-9);
                if now.is_finite() { now } else { f64::INFINITY }
            };
            let growths: Vec<f64> = self.weights().iter().enumerate().map(growth).collect();
            let most = growths.iter().copied().fold(0.0, f64::max);
            if most >= factor {
                return Ok(growths.iter().position(|g| *g == most).map(|i| (i, step)));
            }
        }
        Ok(None)
    }
}

fn length(array: &Array) -> f64 {
    array.to_vec().iter().map(|x| x * x).sum::<f64>().sqrt()
}

/// The weights that the net would start with after `set_seed(seed)`, those that are trained.
pub(super) fn redrawn(traced: &Traced, seed: i64) -> Result<Vec<Array>> {
    let here = tf::op_seeds();
    tf::set_seed(seed);
    let drawn = traced.net.redrawn();
    tf::set_op_seeds(here);
    let drawn = drawn?;
    let value = |v: &Variable| drawn.iter().find(|(w, _)| w == v).map_or_else(|| v.value(), |(_, value)| value.clone());
    Ok(traced.variables.iter().map(value).collect())
}

/// Fits of the same net from other seeds.
pub(super) struct Others {
    /// The final loss from seed 0, 1, 2, ...; infinite where it diverged.
    pub losses: Vec<f64>,
    /// How many steps each made.
    pub steps: usize,
}

impl Others {
    /// The best loss, with its seed.
    pub fn best(&self) -> Option<(usize, f64)> {
        self.losses.iter().copied().enumerate().min_by(|a, b| a.1.total_cmp(&b.1)).filter(|(_, loss)| loss.is_finite())
    }

    /// How many are below `loss`.
    pub fn better(&self, loss: f64) -> usize {
        self.losses.iter().filter(|other| **other < loss).count()
    }
}

/// Fits from seeds 0 to `fits - 1`; `loss` gives the exact loss at weights.
pub(super) fn others(
    trainer: &mut Trainer,
    traced: &Traced,
    fits: usize,
    steps: usize,
    mut loss: impl FnMut(&[f64]) -> Result<f64>,
) -> Result<Others> {
    let mut losses = Vec::with_capacity(fits);
    for seed in 0..fits {
        trainer.start(&redrawn(traced, seed as i64)?, None)?;
        let made = trainer.run(steps)?;
        let end = if made == steps { loss(&flat(&trainer.weights()))? } else { f64::INFINITY };
        losses.push(if end.is_finite() { end } else { f64::INFINITY });
    }
    Ok(Others { losses, steps })
}
