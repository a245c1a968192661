//! Running a sweep.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError, atomic::Ordering::Relaxed},
    time::{Duration, Instant},
};

use yhat_tensor::{Array, random::tf};

use super::{
    Progress, Sweep, Swept, Tell, Trial, Variant,
    candidate::{Candidate, Known},
    table::{Layout, Table},
};
use crate::{DType, Error, Fit, Logs, Result, Sequential, callbacks::Schedule, parallel};

/// Progress is told after this long again.
const TOLD: Duration = Duration::from_millis(50);

/// Weights of larger nets are not kept: they are had by training again.
const KEPT: usize = 1000;

/// Where a fit is in a sweep: the number of its seed and that of its network. In this order fits are done and written.
pub(super) type At = (usize, usize);

pub(super) fn run(sweep: &mut Sweep<'_>, x: Array, y: Array) -> Result<Swept> {
    let started = Instant::now();
    let known = known(sweep, &x, &y)?;
    let layout = Layout::new(sweep, &known)?;
    let (table, found) = match &sweep.file {
        Some(path) => Table::open(path, &layout).map(|(table, found)| (Some(table), found))?,
        None => (None, HashMap::new()),
    };
    let places = (0..sweep.seeds.len()).flat_map(|s| (0..sweep.candidates.len()).map(move |v| (s, v)));
    let (all, count) = (places.clone().count(), found.len());
    let todo: Vec<At> = places.clone().filter(|at| !found.contains_key(at)).collect();
    let mut collector = Collector {
        table,
        trials: found,
        tell: sweep.progress.take(),
        progress: Progress { done: count, all, found: count, elapsed: Duration::ZERO },
        started,
    };
    collector.tell();

    let crew = Crew {
        candidates: &sweep.candidates,
        seeds: &sweep.seeds,
        fit: &sweep.fit,
        curve: sweep.curve,
        x: &x,
        y: &y,
        columns: &layout.columns,
        floatx: crate::floatx(),
        idle: Mutex::default(),
    };
    let collecting = Mutex::new(&mut collector);
    let stop = sweep.stop;
    let stopped = || stop.is_some_and(|stop| stop.load(Relaxed));
    let done = parallel::map("a sweep", todo.len(), |i| match stopped() {
        true => Ok(()),
        false => {
            let trial = crew.train(todo[i])?;
            collecting.lock().unwrap_or_else(PoisonError::into_inner).take(todo[i], trial, &layout)
        }
    });
    drop(crew);
    collector.tell();
    sweep.progress = collector.tell.take();
    let trials = collector.finish(&layout);
    done?;
    let mut trials = trials?;
    let complete = trials.len() == all;
    let mut variants: Vec<Variant> = sweep
        .candidates
        .iter()
        .zip(known)
        .map(|(c, known)| Variant { labels: c.labels.clone(), trials: Vec::new(), units: known.units, x: x.clone() })
        .collect();
    for at in places {
        variants[at.1].trials.extend(trials.remove(&at));
    }
    Ok(Swept { variants, complete })
}

/// What is known about each network; the caller's random stream is as before.
fn known(sweep: &Sweep<'_>, x: &Array, y: &Array) -> Result<Vec<Known>> {
    let before = tf::op_seeds();
    let known = |c: &Candidate<'_>| {
        let in_net = |e| Error::Within { what: format!("sweep, {}", c.title()), source: Box::new(e) };
        c.known(x, y, &(sweep.fit)()).map_err(in_net)
    };
    let all = sweep.candidates.iter().map(known).collect();
    tf::set_op_seeds(before);
    all
}

/// What the threads share that train.
struct Crew<'a, 'b> {
    candidates: &'b [Candidate<'a>],
    seeds: &'b [i64],
    fit: &'b (dyn Fn() -> Fit<'a> + Sync + 'a),
    curve: Schedule,
    x: &'b Array,
    y: &'b Array,
    columns: &'b [String],
    floatx: DType,
    /// Nets that nobody trains at the moment, with the number of their candidate.
    idle: Mutex<Vec<(usize, Sequential)>>,
}

impl Crew<'_, '_> {
    /// One fit, in a net that has been trained before, if one is idle.
    fn train(&self, (s, v): At) -> Result<Trial> {
        let (seed, candidate) = (self.seeds[s], &self.candidates[v]);
        let what = || format!("sweep, {} seed={seed}", candidate.title());
        let in_fit = |e| Error::Within { what: what(), source: Box::new(e) };
        let idle = {
            let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
            idle.iter().rposition(|(of, _)| *of == v).map(|i| idle.swap_remove(i).1)
        };
        tf::set_seed(seed);
        let mut net = match idle {
            Some(mut net) => net.restart().map(|()| net),
            None => Ok(candidate.make(self.floatx)),
        }
        .map_err(in_fit)?;
        let history = net.fit(self.x, self.y, (self.fit)().verbose(0)).map_err(in_fit)?;

        let mut logs = Logs::default();
        for name in self.columns {
            if let Some(value) = history.get(name).ok().and_then(|column| column.last()) {
                logs.push(name, plain(*value));
            }
        }
        let weights = net.get_weights().map_err(in_fit)?;
        let small = weights.iter().map(Array::size).sum::<usize>() <= KEPT && weights.iter().all(Array::all_finite);
        let losses = history.get("loss")?;
        if losses.is_empty() {
            return Err(in_fit(Error::argument("Fit::epochs", "at least one epoch", 0)));
        }
        let trial = Trial {
            seed,
            epochs: losses.len(),
            logs,
            curve: thinned(losses, self.curve),
            weights: small.then_some(weights),
        };
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push((v, net));
        Ok(trial)
    }
}

/// The losses at the epochs of a schedule, the first and the last.
fn thinned(losses: &[f64], schedule: Schedule) -> Vec<(usize, f64)> {
    let mut epochs: Vec<usize> = schedule.times(1, losses.len()).collect();
    epochs.insert(0, 1);
    epochs.push(losses.len());
    epochs.dedup();
    epochs.into_iter().filter_map(|epoch| Some((epoch, plain(*losses.get(epoch - 1)?)))).collect()
}

/// The number with the sign of a NaN forgotten, which a file does not keep.
fn plain(x: f64) -> f64 {
    if x.is_nan() { f64::NAN } else { x }
}

/// Takes in what the threads have done.
struct Collector<'a> {
    table: Option<Table>,
    trials: HashMap<At, Trial>,
    tell: Option<Tell<'a>>,
    progress: Progress,
    started: Instant,
}

impl Collector<'_> {
    fn take(&mut self, at: At, trial: Trial, layout: &Layout) -> Result<()> {
        let elapsed = self.started.elapsed();
        if let Some(table) = &mut self.table {
            table.add(at, &trial, layout, elapsed)?;
        }
        self.trials.insert(at, trial);
        self.progress.done += 1;
        if elapsed.saturating_sub(self.progress.elapsed) >= TOLD {
            self.tell();
        }
        Ok(())
    }

    fn tell(&mut self) {
        self.progress.elapsed = self.started.elapsed();
        if let Some(tell) = &mut self.tell {
            tell(&self.progress);
        }
    }

    /// All fits, and the file in order.
    fn finish(self, layout: &Layout) -> Result<HashMap<At, Trial>> {
        match self.table {
            Some(table) => table.finish(&self.trials, layout).map(|()| self.trials),
            None => Ok(self.trials),
        }
    }
}
