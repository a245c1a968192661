//! What a net is trained with.

use std::sync::{
    Arc, Mutex, MutexGuard, PoisonError,
    atomic::{AtomicBool, AtomicU64, Ordering::Relaxed},
};

use yhat_tensor::Variable;

use super::{Sequential, steps::Cache};
use crate::{
    Error, Result,
    layers::AnyLayer,
    losses::Loss,
    metrics::Metric,
    optimizers::{IntoOptimizer, Optimizer, State},
};

/// Optimizer, loss and metrics, and the plans made for them.
pub(super) struct Compiled {
    pub optimizer: Arc<dyn Optimizer>,
    work: Mutex<Work>,
    pub loss: Loss,
    pub metrics: Vec<Metric>,
    /// Which layers were trainable when the net was compiled; what happens to them later counts at the next `compile`,
    /// as in Keras.
    trainable: Vec<(AnyLayer, bool)>,
    /// Whether the net as a whole was. (A handle on it in the list would keep the net alive for ever.)
    net_trainable: bool,
    plans: Mutex<Cache>,
    /// Epochs trained so far, which choose the order of the rows in the next.
    pub epochs: AtomicU64,
    /// Whether a fit is under way.
    pub fitting: AtomicBool,
}

/// The optimizer's work so far.
#[derive(Clone, Default)]
struct Work {
    /// What it keeps from step to step, and for which weights, once there are some.
    state: Option<(State, Vec<Variable>)>,
    /// A learning rate that was set before.
    learning_rate: Option<f64>,
}

impl Sequential {
    /// Chooses optimizer and loss: `model.compile(optimizer, loss)`. Each may be a value, a function or a name.
    ///
    /// ```
    /// use yhat::prelude::*;
    /// let mut net = Sequential::from_layers([Dense::new(1).activation(sigmoid)]);
    /// net.compile(Sgd::new(0.1), "binary_crossentropy").metrics(["accuracy"]);
    /// net.compile("adam", |y: &Tensor, yhat: &Tensor| (y - yhat).square().mean());
    /// ```
    ///
    /// The optimizer starts anew with every `compile`, and layers are frozen or not as they are now. A name that stands
    /// for nothing is reported by the next call that returns a `Result`.
    pub fn compile(&mut self, optimizer: impl IntoOptimizer, loss: impl Into<Loss>) -> &mut Sequential {
        let (optimizer, loss) = (optimizer.into_optimizer(), loss.into());
        let checked = optimizer.check().and_then(|()| loss.check());
        let layers = self.layers().into_iter().flat_map(|l| l.flattened());
        let compiled = Compiled {
            optimizer,
            work: Mutex::default(),
            loss,
            metrics: Vec::new(),
            trainable: layers.map(|l| (l.clone(), l.trainable())).collect(),
            net_trainable: self.trainable(),
            plans: Mutex::default(),
            epochs: AtomicU64::new(0),
            fitting: AtomicBool::new(false),
        };
        self.net.state().compiled = Some(checked.map(|()| Arc::new(compiled)));
        self
    }

    /// Chooses what is reported beside the loss, after [`Sequential::compile`]: functions of `y` and `yhat`, or names.
    ///
    /// ```
    /// use yhat::prelude::*;
    /// let mut net = Sequential::from_layers([Dense::new(1)]);
    /// let worst = ("worst", |y: &Tensor, yhat: &Tensor| (y - yhat).abs().max());
    /// net.compile("sgd", "mse").metrics([Metric::from("mae"), Metric::from(worst)]);
    /// let history = net.fit([1.0, 2.0], [3.0, 5.0], Fit::epochs(1))?;
    /// assert_eq!(history.names().collect::<Vec<_>>(), ["loss", "mae", "worst"]);
    /// # Ok::<(), yhat::Error>(())
    /// ```
    pub fn metrics<M: Into<Metric>>(&mut self, metrics: impl IntoIterator<Item = M>) -> &mut Sequential {
        let metrics: Vec<Metric> = metrics.into_iter().map(Into::into).collect();
        let wrong = metrics.iter().find_map(|m| m.check().err()).or(repeated(&metrics));
        let mut state = self.net.state();
        let compiled = match (state.compiled.take(), wrong) {
            (Some(Ok(compiled)), None) => Ok(Arc::new(compiled.with_metrics(metrics))),
            (Some(Ok(_)), Some(error)) => Err(error),
            (Some(Err(error)), _) => Err(error),
            (None, _) => Err(Error::state("metrics", "come after compile(optimizer, loss)")),
        };
        state.compiled = Some(compiled);
        drop(state);
        self
    }

    /// What `compile` left.
    pub(super) fn compiled(&self) -> Result<Arc<Compiled>> {
        self.ready()?;
        match &self.net.state().compiled {
            Some(compiled) => compiled.clone(),
            None => {
                let needs = "must be compiled before it is trained or evaluated: net.compile(optimizer, loss)";
                Err(Error::state(format!("net '{}'", self.name()), needs))
            }
        }
    }

    /// The optimizer's learning rate.
    ///
    /// # Errors
    /// If the net was not compiled.
    pub fn learning_rate(&self) -> Result<f64> {
        let compiled = self.compiled()?;
        let work = compiled.work();
        let started = work.state.as_ref().map(|(state, _)| state.learning_rate().value().item());
        Ok(started.or(work.learning_rate).unwrap_or_else(|| compiled.optimizer.learning_rate()))
    }

    /// Gives the optimizer another learning rate for the steps to come; what it keeps stays.
    ///
    /// # Errors
    /// If the net was not compiled, or the rate is negative or not finite.
    pub fn set_learning_rate(&self, learning_rate: f64) -> Result<()> {
        let compiled = self.compiled()?;
        if !(learning_rate.is_finite() && learning_rate >= 0.0) {
            return Err(Error::argument("set_learning_rate", "a number that is not negative", learning_rate));
        }
        let mut work = compiled.work();
        match &work.state {
            Some((state, _)) => state.learning_rate().assign(learning_rate)?,
            None => work.learning_rate = Some(learning_rate),
        }
        Ok(())
    }

    /// Epochs trained since the net was compiled.
    pub(crate) fn epochs_trained(&self) -> Result<u64> {
        Ok(self.compiled()?.epochs.load(Relaxed))
    }

    /// Starts over: draws all weights anew, as a new net like this one would after the same [`set_seed`], and lets the
    /// optimizer forget. What was planned for training stays planned, so that a thousand trainings of one net cost little
    /// more than their epochs. A net that has no weights yet is left to draw them when it first sees data.
    ///
    /// ```
    /// use yhat::prelude::*;
    /// let x = Array::linspace(-1.0, 1.0, 20);
    /// let mut net = Sequential::from_layers([Dense::new(3).activation(tanh), Dense::new(1)]);
    /// net.compile("adam", "mse");
    /// let mut train = |seed| {
    ///     set_seed(seed);
    ///     net.restart()?;
    ///     net.fit(&x, x.mapv(f64::sin), Fit::epochs(5))
    /// };
    /// let (first, other, again) = (train(1)?, train(2)?, train(1)?);
    /// assert_eq!(first, again);
    /// assert_ne!(first, other);
    /// # Ok::<(), yhat::Error>(())
    /// ```
    ///
    /// # Errors
    /// If the net was not compiled, or an initializer fails.
    ///
    /// [`set_seed`]: crate::random::set_seed
    pub fn restart(&mut self) -> Result<()> {
        let compiled = self.compiled()?;
        self.redraw()?;
        compiled.epochs.store(0, Relaxed);
        let work = compiled.work();
        let Some((state, _)) = &work.state else { return Ok(()) };
        state.restart()?;
        // A rate that was set before the first training is the one to start with.
        work.learning_rate.map_or(Ok(()), |rate| Ok(state.learning_rate().assign(rate)?))
    }

    /// What the optimizer keeps from step to step, for a checkpoint; `None` before the first fit.
    ///
    /// # Errors
    /// If the net was not compiled.
    pub fn optimizer_state(&self) -> Result<Option<State>> {
        Ok(self.compiled()?.work().state.as_ref().map(|(state, _)| state.clone()))
    }
}

/// An error, if two columns of a history would have one name.
fn repeated(metrics: &[Metric]) -> Option<Error> {
    let mut names = vec!["loss"];
    for metric in metrics {
        if names.contains(&metric.name()) {
            let hint = "give it another name: Metric::from(...).named(\"...\")";
            let got = format!("a second '{}'; {hint}", metric.name());
            return Some(Error::argument("metrics", "names of their own", got));
        }
        names.push(metric.name());
    }
    None
}

impl Compiled {
    fn with_metrics(&self, metrics: Vec<Metric>) -> Compiled {
        Compiled {
            optimizer: self.optimizer.clone(),
            work: Mutex::new(self.work().clone()),
            loss: self.loss.clone(),
            metrics,
            trainable: self.trainable.clone(),
            net_trainable: self.net_trainable,
            plans: Mutex::default(),
            epochs: AtomicU64::new(self.epochs.load(Relaxed)),
            fitting: AtomicBool::new(false),
        }
    }

    /// `loss` and the metrics' names.
    pub fn names(&self) -> Vec<String> {
        let metrics = self.metrics.iter().map(|metric| metric.name().to_string());
        std::iter::once("loss".to_string()).chain(metrics).collect()
    }

    /// The variables of `net` that training changes.
    pub fn trained(&self, net: &AnyLayer) -> Vec<Variable> {
        let known = |layer: &AnyLayer| self.trainable.iter().find(|(l, _)| l.same(layer)).map(|(_, yes)| *yes);
        let mut variables: Vec<Variable> = Vec::new();
        let trainable = |layer: &AnyLayer| match layer.same(net) {
            true => self.net_trainable,
            false => known(layer).unwrap_or_else(|| layer.trainable()),
        };
        for variable in net.trained(&trainable) {
            if !variables.contains(&variable) {
                variables.push(variable);
            }
        }
        variables
    }

    /// The optimizer at work on `weights`: as it was, if it has worked on them before.
    pub fn state_for(&self, weights: &[Variable]) -> Result<State> {
        let mut work = self.work();
        if let Some((state, _)) = work.state.as_ref().filter(|(_, of)| of == weights) {
            return Ok(state.clone());
        }
        let new = State::new(self.optimizer.clone(), weights)?;
        if let Some(rate) = work.learning_rate {
            new.learning_rate().assign(rate)?;
        }
        // Layers came or went: what was kept for the others is kept.
        let old = work.state.iter().flat_map(|(state, _)| state.variables()).collect::<Vec<_>>();
        for variable in new.variables() {
            let same = |v: &&Variable| v.name() == variable.name() && v.shape() == variable.shape();
            if let Some(before) = old.iter().find(same) {
                variable.assign(before.value())?;
            }
        }
        work.state = Some((new.clone(), weights.to_vec()));
        Ok(new)
    }

    fn work(&self) -> MutexGuard<'_, Work> {
        self.work.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn plans(&self) -> MutexGuard<'_, Cache> {
        self.plans.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
