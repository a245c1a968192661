//! Training.

use std::{
    ops::Range,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, atomic::Ordering::Relaxed},
};

use yhat_tensor::{
    Array,
    random::{Mt19937, RandomState},
};

use super::{
    Fit, History, Logs, Params, Sequential, Training, checks, compile::Compiled, data::Data, options::Validation,
    progress::Progress, sequential::undone_on_error, steps::Steps,
};
use crate::{Error, Result, callbacks::Callback};

impl Sequential {
    /// Trains the net on rows `x` with targets `y`: `model.fit(x, y, ...)`. Returns loss and metrics of every epoch.
    ///
    /// `x` and `y` of shape `(rows,)` count as `(rows, 1)`. The optimizer goes on where the last fit left it. What is
    /// reported for an epoch is the mean over its rows of what each batch had before it was trained on, penalties
    /// included, as in Keras.
    ///
    /// # Errors
    /// If the net was not compiled, data or options are wrong or do not fit the net; then net and optimizer are as
    /// before. If a callback fails, they are as trained so far.
    pub fn fit(&mut self, x: impl Into<Array>, y: impl Into<Array>, fit: Fit<'_>) -> Result<History> {
        let compiled = self.compiled()?;
        fit.check()?;
        let (data, validation) = self.training_data(x.into(), y.into(), &fit.validation)?;
        let _fitting = Fitting::begin(&compiled, self.name())?;
        let (steps, validation_steps) = undone_on_error(&self.any(), || {
            let steps = self.checked_steps(&compiled, &data, fit.batch_size, true)?;
            let validation = validation.as_ref();
            let steps_too = validation.map(|v| self.checked_steps(&compiled, v, fit.batch_size, false)).transpose()?;
            Ok((steps, steps_too))
        })?;
        self.net.note(data.x.shape(), fit.batch_size);
        if let Some(validation) = &validation {
            self.net.note(validation.x.shape(), fit.batch_size);
        }
        let validation = validation.zip(validation_steps);
        Session::new(self, &compiled, data, steps, validation, fit).run()
    }

    /// One update on all rows of `x` and `y` as one batch: `model.train_on_batch`. Returns what the batch came to before
    /// the update.
    ///
    /// # Errors
    /// As [`Sequential::fit`].
    pub fn train_on_batch(&mut self, x: impl Into<Array>, y: impl Into<Array>) -> Result<Logs> {
        let (x, y): (Array, Array) = (x.into(), y.into());
        let rows = x.shape().first().copied().unwrap_or(1).max(1);
        let history = self.fit(x, y, Fit::epochs(1).batch_size(rows).verbose(0))?;
        let mut logs = Logs::default();
        history.history.iter().for_each(|(name, column)| logs.push(name, column[0]));
        Ok(logs)
    }

    fn training_data(&self, x: Array, y: Array, validation: &Validation) -> Result<(Data, Option<Data>)> {
        let data = Data::new("fit", x, y, self.dtype())?;
        match validation {
            Validation::None => Ok((data, None)),
            Validation::Split(fraction) => data.split(*fraction).map(|(data, rest)| (data, Some(rest))),
            Validation::Data(x, y) => {
                let rest = Data::new("validation_data", x.clone(), y.clone(), self.dtype())?;
                Ok((data, Some(rest)))
            }
        }
    }

    /// Steps for `data`, whose targets mean something to the loss.
    pub(super) fn checked_steps(&self, compiled: &Compiled, data: &Data, batch: usize, train: bool) -> Result<Steps> {
        let make = |rows| self.step(compiled, &data.x, &data.y, rows, train);
        let steps = Steps::new(data.rows(), batch, train, make)?;
        if let Some(yhat) = steps.yhat() {
            checks::targets(compiled.loss.name(), &data.y, yhat)?;
        }
        Ok(steps)
    }
}

/// Marks a net as being fit, since two fits at once would overwrite each other's weights.
struct Fitting<'a>(&'a Compiled);

impl<'a> Fitting<'a> {
    fn begin(compiled: &'a Compiled, net: &str) -> Result<Fitting<'a>> {
        match compiled.fitting.swap(true, Relaxed) {
            false => Ok(Fitting(compiled)),
            true => Err(Error::state(format!("net '{net}'"), "is being fit already; wait for that fit to end")),
        }
    }
}

impl Drop for Fitting<'_> {
    fn drop(&mut self) {
        self.0.fitting.store(false, Relaxed);
    }
}

/// One fit under way.
struct Session<'a> {
    compiled: Arc<Compiled>,
    data: Data,
    steps: Steps,
    validation: Option<(Data, Steps)>,
    callbacks: Vec<Box<dyn Callback + 'a>>,
    progress: Progress<'a>,
    epochs: Range<usize>,
    /// What the rows' order is drawn from, if they are shuffled.
    seed: Option<u64>,
    training: Training,
    history: History,
    /// What the epoch came to so far: loss, metrics, and their `val_` twins after the validation.
    logs: Logs,
    /// How many of `logs` are of the training.
    own: usize,
}

impl<'a> Session<'a> {
    fn new(
        net: &Sequential,
        compiled: &Arc<Compiled>,
        data: Data,
        steps: Steps,
        validation: Option<(Data, Steps)>,
        fit: Fit<'a>,
    ) -> Session<'a> {
        let mut names = compiled.names();
        let own = names.len();
        if validation.is_some() {
            names.extend(compiled.names().iter().map(|n| format!("val_{n}")));
        }
        let params = Params { epochs: fit.epochs, steps: steps.batches(), verbose: fit.verbose.number() };
        Session {
            training: Training::new(net.clone(), params),
            history: History::new(&names, fit.epochs - fit.initial_epoch, params),
            progress: Progress::new(fit.verbose, fit.output, fit.epochs, steps.batches()),
            seed: (fit.shuffle && steps.batches() > 1).then_some(fit.shuffle_seed),
            epochs: fit.initial_epoch..fit.epochs,
            compiled: compiled.clone(),
            callbacks: fit.callbacks,
            logs: Logs::new(names),
            own,
            data,
            steps,
            validation,
        }
    }

    /// All epochs; whatever happens, the variables end up with what was learned and the plans are kept.
    fn run(mut self) -> Result<History> {
        let result = self.set_inputs().and_then(|()| match self.callbacks.is_empty() && self.is_plain() {
            true => self.run_plainly(self.epochs.clone()),
            false => self.run_watched(),
        });
        self.progress.finish();
        self.steps.settle();
        let mut plans = self.compiled.plans();
        plans.give(self.steps.into_steps());
        plans.give(self.validation.into_iter().flat_map(|(_, steps)| steps.into_steps()));
        drop(plans);
        result.map(|()| self.history)
    }

    fn set_inputs(&mut self) -> Result<()> {
        self.steps.set_inputs(&self.data)?;
        match &mut self.validation {
            Some((data, steps)) => steps.set_inputs(data),
            None => Ok(()),
        }
    }

    /// Whether an epoch that no callback wants to hear of is one run.
    fn is_plain(&self) -> bool {
        self.steps.batches() == 1 && self.validation.is_none() && !self.progress.is_loud()
    }

    /// The fast path: nothing happens in an epoch but a run and a push of its numbers.
    fn run_plainly(&mut self, epochs: Range<usize>) -> Result<()> {
        let Some(step) = self.steps.ready(0) else { return Ok(()) };
        let silent = self.progress.is_silent();
        // Asking the clock takes as long as a small net's epoch: so it is asked after 1, 2, 4, ... epochs.
        let (mut look, mut gap) = (epochs.start, 1);
        for epoch in epochs.clone() {
            step.run()?;
            // Columns after those are a callback's.
            for (i, (_, column)) in self.history.history.iter_mut().take(self.own).enumerate() {
                column.push(step.scalar(i));
            }
            self.history.epoch.push(epoch);
            if !silent && epoch == look {
                for (value, (_, column)) in self.logs.values_mut().iter_mut().zip(&self.history.history) {
                    *value = column.last().copied().unwrap_or(f64::NAN);
                }
                gap = if self.progress.glance(epoch, &self.logs) { gap * 2 } else { (gap / 2).max(1) };
                look = epoch + gap;
            }
        }
        self.compiled.epochs.fetch_add(epochs.len() as u64, Relaxed);
        Ok(())
    }

    /// With callbacks, batches, validation and progress.
    fn run_watched(&mut self) -> Result<()> {
        let mut epoch = self.epochs.start;
        self.training.epochs_done = epoch;
        self.each("on_train_begin", |_| true, |callback, training, _| callback.on_train_begin(training))?;
        while epoch < self.epochs.end && !self.training.is_stopped() {
            let next = self.callbacks.iter().map(|c| c.next_epoch(epoch)).min().unwrap_or(usize::MAX);
            if self.is_plain() && next > epoch {
                let quiet = epoch..next.min(self.epochs.end);
                epoch = quiet.end;
                self.run_plainly(quiet)?;
            } else {
                self.run_epoch(epoch)?;
                epoch += 1;
            }
            self.training.epochs_done = epoch;
        }
        self.each("on_train_end", |_| true, |callback, training, _| callback.on_train_end(training))
    }

    /// One epoch, of which those callbacks hear that want to.
    fn run_epoch(&mut self, epoch: usize) -> Result<()> {
        let wants = |c: &dyn Callback| c.next_epoch(epoch) <= epoch;
        self.logs.truncate(if self.validation.is_some() { 2 * self.own } else { self.own });
        self.progress.epoch_begin(epoch);
        self.each("on_epoch_begin", wants, |callback, training, _| callback.on_epoch_begin(epoch, training))?;
        self.shuffle();
        self.train(&|c| c.every_batch() && wants(c))?;
        self.compiled.epochs.fetch_add(1, Relaxed);
        self.validate()?;
        self.training.epochs_done = epoch + 1;
        self.each("on_epoch_end", wants, |callback, training, logs| callback.on_epoch_end(epoch, logs, training))?;
        self.record(epoch);
        Ok(())
    }

    /// Draws the order of the rows: a function of the seed and of the epochs trained so far, so that a training that is
    /// taken up again goes on as if it had not stopped.
    fn shuffle(&mut self) {
        let Some(seed) = self.seed else { return };
        let epoch = self.compiled.epochs.load(Relaxed);
        let words = [seed as u32, (seed >> 32) as u32, epoch as u32, (epoch >> 32) as u32];
        let order = &mut self.steps.order;
        order.iter_mut().enumerate().for_each(|(i, row)| *row = i);
        RandomState::from_parts(Mt19937::from_words(&words), None).shuffle(order);
    }

    fn train(&mut self, wants: &dyn Fn(&dyn Callback) -> bool) -> Result<()> {
        let mut means = Means::new(self.own);
        for batch in 0..self.steps.batches() {
            let rows = self.steps.run_batch(batch, &self.data)?;
            means.add(rows, |i| self.steps.scalar(i), &mut self.logs.values_mut()[..self.own]);
            self.progress.step_end(batch + 1, || self.logs.first(self.own));
            if self.callbacks.iter().any(|c| wants(c.as_ref())) {
                let logs = self.logs.first(self.own);
                self.each("on_batch_end", wants, |callback, training, _| {
                    callback.on_batch_end(batch, &logs, training)
                })?;
            }
            if self.training.is_stopped() {
                break;
            }
        }
        Ok(())
    }

    fn validate(&mut self) -> Result<()> {
        let Some((data, steps)) = &mut self.validation else { return Ok(()) };
        self.steps.settle();
        steps.evaluate(data, &mut self.logs.values_mut()[self.own..2 * self.own])
    }

    /// The epoch's numbers into the history and onto the screen.
    fn record(&mut self, epoch: usize) {
        self.history.epoch.push(epoch);
        for (name, value) in self.logs.iter() {
            self.history.push(name, value);
        }
        self.progress.epoch_end(epoch, &self.logs);
    }

    /// Runs a method of the callbacks that `wants` it, with the variables at their current values; a panic becomes an
    /// error. What a callback logs, the next one sees.
    fn each(
        &mut self,
        hook: &'static str,
        wants: impl Fn(&dyn Callback) -> bool,
        mut run: impl FnMut(&mut dyn Callback, &mut Training, &Logs) -> Result<()>,
    ) -> Result<()> {
        if !self.callbacks.iter().any(|c| wants(c.as_ref())) {
            return Ok(());
        }
        self.steps.settle();
        for callback in self.callbacks.iter_mut().filter(|c| wants(c.as_ref())) {
            let (training, logs) = (&mut self.training, &self.logs);
            catch_unwind(AssertUnwindSafe(|| run(callback.as_mut(), training, logs)))
                .unwrap_or_else(|panic| Err(Error::Callback { hook, message: said(panic.as_ref()) }))?;
            self.training.logged.drain(..).for_each(|(name, value)| self.logs.set(&name, value));
        }
        Ok(())
    }
}

/// The means over the rows of an epoch so far.
pub(super) struct Means {
    sums: Vec<f64>,
    rows: usize,
}

impl Means {
    pub fn new(columns: usize) -> Means {
        Means { sums: vec![0.0; columns], rows: 0 }
    }

    /// Adds a batch of `rows` rows with means `value(i)`, and writes the means so far to `means`.
    pub fn add(&mut self, rows: usize, value: impl Fn(usize) -> f64, means: &mut [f64]) {
        let first = self.rows == 0;
        self.rows += rows;
        for (i, (sum, mean)) in self.sums.iter_mut().zip(means).enumerate() {
            *sum += value(i) * rows as f64;
            *mean = if first { value(i) } else { *sum / self.rows as f64 };
        }
    }
}

/// The text of a panic.
pub(crate) fn said(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|s| s.to_string());
    let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
    format!("panicked: {}", text.unwrap_or_else(|| "without a message".into()))
}
