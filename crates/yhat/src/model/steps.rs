//! Plans for batches, and who holds the variables while they run.

use std::{
    ops::Range,
    sync::{Mutex, MutexGuard, PoisonError},
};

use yhat_tensor::{Array, DType, Plan, Shape, Tensor, Variable, Workspace, gradient, kernels};

use super::{Sequential, checks, compile::Compiled, data::Data, fit::Means};
use crate::{
    Result,
    layers::{AnyLayer, batch_of, losses},
};

/// A plan for batches of one shape with its workspace.
pub(super) struct Step {
    key: Key,
    plan: Plan,
    workspace: Workspace,
    /// For other threads.
    others: Vec<Workspace>,
    /// The shape of the net's output.
    pub yhat: Shape,
}

/// What a step was made for.
#[derive(Clone, PartialEq)]
pub(super) struct Key {
    x: (Shape, DType),
    y: Option<(Shape, DType)>,
    /// The variables that it trains.
    trained: Vec<u64>,
    /// The layers, and those that they are made of. (Not the net itself, which holds the steps.)
    layers: Vec<AnyLayer>,
}

/// Steps that may be needed again.
#[derive(Default)]
pub(super) struct Cache(Vec<Step>);

/// A net that is called with ever new numbers of rows forgets the oldest plans beyond this many.
const KEPT: usize = 8;

impl Cache {
    fn take(&mut self, key: &Key) -> Option<Step> {
        let at = self.0.iter().position(|step| step.key == *key)?;
        Some(self.0.remove(at))
    }

    pub fn give(&mut self, steps: impl IntoIterator<Item = Step>) {
        self.0.extend(steps);
        let surplus = self.0.len().saturating_sub(KEPT);
        self.0.drain(..surplus);
    }
}

impl Sequential {
    /// The step that computes the net's output for `rows` rows like those of `x`.
    pub(super) fn prediction_step(&self, x: &Array, rows: usize) -> Result<Step> {
        let key = self.key(x, None, rows, Vec::new());
        let kept = locked(&self.net.predictions).take(&key);
        if let Some(step) = kept {
            return Ok(step);
        }
        let input = Tensor::input("x", key.x.0.clone(), key.x.1);
        let yhat = self.trace(&input)?;
        let plan = Plan::new(&[input], std::slice::from_ref(&yhat), &[])?;
        Ok(Step { key, workspace: plan.workspace(), others: Vec::new(), plan, yhat: yhat.shape().clone() })
    }

    /// The step that computes loss and metrics for `rows` rows like those of `x` and `y`, and trains if it is asked to.
    pub(super) fn step(&self, compiled: &Compiled, x: &Array, y: &Array, rows: usize, train: bool) -> Result<Step> {
        let known = if train { compiled.trained(&self.any()) } else { Vec::new() };
        let mut key = self.key(x, Some(y), rows, known.iter().map(Variable::id).collect());
        if self.is_built()
            && let Some(step) = compiled.plans().take(&key)
        {
            return Ok(step);
        }
        let inputs = [Tensor::input("x", key.x.0.clone(), key.x.1), Tensor::input("y", batch(y, rows), y.dtype())];
        let (yhat, loss) = self.traced_loss(compiled, &inputs[0], &inputs[1])?;
        let mut outputs = vec![loss.clone()];
        for metric in &compiled.metrics {
            outputs.push(metric.call(&inputs[1], &yhat).map_err(|e| e.within("metric", metric.name()))?);
        }
        let mut updates = Vec::new();
        if train {
            let trained = compiled.trained(&self.any());
            key.trained = trained.iter().map(Variable::id).collect();
            let slopes = gradient(&loss, &trained.iter().map(Variable::tensor).collect::<Vec<_>>())?;
            updates = compiled.state_for(&trained)?.updates(&slopes)?;
        }
        let plan = Plan::new(&inputs, &outputs, &updates)?;
        Ok(Step { key, workspace: plan.workspace(), others: Vec::new(), plan, yhat: yhat.shape().clone() })
    }

    /// The net's output for `x`, and what is trained: the loss with all penalties, a scalar.
    pub(super) fn traced_loss(&self, compiled: &Compiled, x: &Tensor, y: &Tensor) -> Result<(Tensor, Tensor)> {
        let (yhat, penalties) = losses::gather(|| self.trace(x));
        let yhat = yhat?;
        checks::shapes(compiled.loss.name(), y, &yhat)?;
        let mut loss = compiled.loss.call(y, &yhat).map_err(|e| e.within("loss", compiled.loss.name()))?;
        for penalty in penalties.into_iter().chain(self.any().losses()?) {
            loss = loss + penalty;
        }
        Ok((yhat, loss))
    }

    fn key(&self, x: &Array, y: Option<&Array>, rows: usize, trained: Vec<u64>) -> Key {
        let part = |a: &Array| (batch(a, rows), a.dtype());
        Key {
            x: part(x),
            y: y.map(part),
            trained,
            layers: self.layers().iter().flat_map(AnyLayer::flattened).collect(),
        }
    }
}

/// The shape of `rows` rows of `array`.
fn batch(array: &Array, rows: usize) -> Shape {
    batch_of(rows, &array.shape()[1..])
}

impl Step {
    /// Gives input `i` for the next runs.
    pub fn set_input(&mut self, i: usize, array: &Array) -> Result<()> {
        Ok(self.workspace.set_input(i, array)?)
    }

    /// Reads the variables.
    pub fn load(&mut self) {
        self.workspace.load();
    }

    /// One run on the inputs that are there.
    pub fn run(&mut self) -> Result<()> {
        Ok(self.plan.run(&mut self.workspace)?)
    }

    /// Output `i` of the last run, a scalar.
    pub fn scalar(&self, i: usize) -> f64 {
        self.workspace.scalar(i)
    }

    /// What the rows of `x` from row `from` on give, as many as the step is for.
    pub fn output(&mut self, x: &Array, from: usize) -> Result<Array> {
        let to = from + self.rows();
        output(&self.plan, &mut self.workspace, x, from..to)
    }

    /// The same for `parts` parts of the rows, each computed by one thread in a workspace of its own.
    /// (`crate::parallel` would keep each part's random stream, which a plan does not use, in two thirds of a microsecond.)
    pub fn outputs(&mut self, x: &Array, parts: usize) -> Result<Vec<Array>> {
        let (plan, rows) = (&self.plan, self.rows());
        let idle = Mutex::new(std::mem::take(&mut self.others));
        let outputs = Mutex::new(vec![None; parts]);
        kernels::parallel(parts, &|part| {
            let kept = locked(&idle).pop();
            let mut workspace = kept.unwrap_or_else(|| plan.workspace());
            let result = output(plan, &mut workspace, x, part * rows..(part + 1) * rows);
            locked(&outputs)[part] = Some(result);
            locked(&idle).push(workspace);
        });
        self.others = std::mem::take(&mut locked(&idle));
        let outputs = std::mem::take(&mut *locked(&outputs));
        outputs
            .into_iter()
            .map(|output| output.unwrap_or_else(|| panic!("a thread that computed part of a prediction is gone")))
            .collect()
    }

    /// Whether threads share its steps.
    pub fn is_shared(&self) -> bool {
        self.plan.is_shared()
    }

    /// How many rows it is for.
    pub fn rows(&self) -> usize {
        self.key.x.0[0]
    }
}

/// What some rows of `x` give.
fn output(plan: &Plan, workspace: &mut Workspace, x: &Array, rows: Range<usize>) -> Result<Array> {
    workspace.load();
    match rows.len() == x.shape()[0] {
        true => workspace.set_input(0, x)?,
        false => workspace.set_input_rows(0, x, &rows.collect::<Vec<_>>())?,
    }
    plan.run(workspace)?;
    Ok(workspace.output(0))
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The steps for one pass over many rows: one for whole batches and one for the rows that are left at the end.
pub(super) struct Steps {
    batch_size: usize,
    rows: usize,
    /// In which order the rows come.
    pub order: Vec<usize>,
    whole: Option<Step>,
    rest: Option<Step>,
    holder: Holder,
    /// Whether runs change variables.
    trains: bool,
}

/// Who has the current values of the variables.
#[derive(Clone, Copy, PartialEq)]
enum Holder {
    /// The variables themselves, where anyone may look and assign.
    Variables,
    Whole,
    Rest,
}

impl Steps {
    /// Steps for `rows` rows in batches of `batch_size`; `make` makes one for a number of rows.
    pub fn new(rows: usize, batch_size: usize, trains: bool, make: impl Fn(usize) -> Result<Step>) -> Result<Steps> {
        let whole = (rows >= batch_size).then(|| make(batch_size)).transpose()?;
        let left = rows % batch_size;
        let rest = (left > 0).then(|| make(left)).transpose()?;
        Ok(Steps { batch_size, rows, order: (0..rows).collect(), whole, rest, holder: Holder::Variables, trains })
    }

    /// How many batches a pass has.
    pub fn batches(&self) -> usize {
        self.rows.div_ceil(self.batch_size)
    }

    /// The step of batch `batch`, with the variables loaded.
    pub fn ready(&mut self, batch: usize) -> Option<&mut Step> {
        let to = if (batch + 1) * self.batch_size <= self.rows { Holder::Whole } else { Holder::Rest };
        if to != self.holder {
            let (step, other) = match to {
                Holder::Rest => (&mut self.rest, &self.whole),
                _ => (&mut self.whole, &self.rest),
            };
            match (step, other) {
                (Some(step), Some(other)) if self.holder != Holder::Variables => {
                    step.workspace.load_from(&other.workspace)
                }
                (step, _) => step.iter_mut().for_each(Step::load),
            }
            self.holder = to;
        }
        self.held()
    }

    /// Lets the variables have their values, for whoever looks at them or assigns to them next.
    pub fn settle(&mut self) {
        let trains = self.trains;
        if let Some(step) = self.held().filter(|_| trains) {
            step.workspace.store();
        }
        self.holder = Holder::Variables;
    }

    fn held(&mut self) -> Option<&mut Step> {
        match self.holder {
            Holder::Variables => None,
            Holder::Whole => self.whole.as_mut(),
            Holder::Rest => self.rest.as_mut(),
        }
    }

    /// Gives all rows, where one batch has them all; else each batch is given its rows when it runs.
    pub fn set_inputs(&mut self, data: &Data) -> Result<()> {
        if self.batches() == 1
            && let Some(step) = self.whole.as_mut().or(self.rest.as_mut())
        {
            step.set_input(0, &data.x)?;
            step.set_input(1, &data.y)?;
        }
        Ok(())
    }

    /// Runs batch `batch`, and returns how many rows it had.
    pub fn run_batch(&mut self, batch: usize, data: &Data) -> Result<usize> {
        let (from, alone) = (batch * self.batch_size, self.batches() == 1);
        let to = self.rows.min(from + self.batch_size);
        let order = std::mem::take(&mut self.order);
        let result = self.ready(batch).map_or(Ok(()), |step| {
            if !alone {
                step.workspace.set_input_rows(0, &data.x, &order[from..to])?;
                step.workspace.set_input_rows(1, &data.y, &order[from..to])?;
            }
            step.run()
        });
        self.order = order;
        result.map(|()| to - from)
    }

    /// Output `i` of the last batch, a scalar.
    pub fn scalar(&self, i: usize) -> f64 {
        match self.holder {
            Holder::Variables => None,
            Holder::Whole => self.whole.as_ref(),
            Holder::Rest => self.rest.as_ref(),
        }
        .map_or(f64::NAN, |step| step.scalar(i))
    }

    /// Means over all rows of `data` with the variables as they are now.
    pub fn evaluate(&mut self, data: &Data, means: &mut [f64]) -> Result<()> {
        self.settle();
        let mut sums = Means::new(means.len());
        for batch in 0..self.batches() {
            let rows = self.run_batch(batch, data)?;
            sums.add(rows, |i| self.scalar(i), means);
        }
        Ok(())
    }

    /// The shape of the net's output for one of the batches.
    pub fn yhat(&self) -> Option<&Shape> {
        self.whole.as_ref().or(self.rest.as_ref()).map(|step| &step.yhat)
    }

    /// The steps, to be kept.
    pub fn into_steps(self) -> impl Iterator<Item = Step> {
        self.whole.into_iter().chain(self.rest)
    }
}
