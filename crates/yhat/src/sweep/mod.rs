//! Sweeps: the same training many times over, from many seeds, for many networks, on all cores.
//!
//! One fit says what happened once. A [`Sweep`] says how often: it trains every network that it is given from every seed,
//! and what comes back, a [`Swept`], knows final losses, success rates with their confidence intervals, distinct minima,
//! the spread of the learning curves, and which seeds to look at.
//!
//! ```
//! use yhat::{prelude::*, sweep::{Criterion, Sweep}};
//! let mut rng = RandomState::new(43052);
//! let x = Array::linspace(-1.0, 1.0, 100);
//! let y = x.mapv(|x| x * if x < 0.0 { 1.0 } else { 3.5 } + rng.normal(0.0, 1.0) * 0.3);
//!
//! let mut sweep = Sweep::new(0..20, || Fit::epochs(300).batch_size(100));
//! for hidden in [1, 2, 4] {
//!     sweep.add(&[("hidden", &hidden)], move || {
//!         let mut net = Sequential::new();
//!         net.add(Dense::new(hidden).activation(relu));
//!         net.add(Dense::new(1));
//!         net.compile(Sgd::new(0.1), mean_squared_error);
//!         net
//!     });
//! }
//! let swept = sweep.run(&x, &y)?;
//! println!("{}", swept.table(Criterion::within(1.5)));
//!
//! let rates = swept.rates(Criterion::within(1.5));
//! assert!(rates[0].share() < rates[2].share(), "four nodes succeed more often than one");
//!
//! // Any of its fits again, alone:
//! let best = swept.variants[1].best().unwrap();
//! let (net, history) = sweep.replay(1, best.seed, &x, &y)?;
//! assert_eq!(history.last("loss"), best.loss());
//! assert_eq!(Some(net.get_weights()?), best.weights);
//! # Ok::<(), yhat::Error>(())
//! ```
//!
//! # What a fit of a sweep is
//!
//! The fit of seed `s` is, in every bit, that of a program that calls `set_seed(s)`, makes the net, compiles it and fits it.
//! Which thread computes it does not matter, and a fit keeps to its thread. A thread makes and plans each net once: for
//! another seed the net starts over ([`Sequential::restart`](crate::Sequential::restart)), which costs microseconds.

mod candidate;
mod criterion;
mod curves;
mod minima;
mod progress;
mod run;
mod swept;
mod table;

use std::{fmt::Display, path::PathBuf, sync::atomic::AtomicBool};

use candidate::Candidate;
pub use criterion::{Criterion, Rate};
pub use curves::Curves;
pub use minima::{Minima, Minimum};
pub use progress::Progress;
pub use swept::{Swept, Trial, Variant};

use crate::{Array, Error, Fit, History, Result, Sequential, callbacks::Schedule, random::set_seed};

/// Whom a sweep tells how far it is.
type Tell<'a> = Box<dyn FnMut(&Progress) + Send + 'a>;

/// A plan to train some networks from many seeds. [The module](self) has an example.
pub struct Sweep<'a> {
    seeds: Vec<i64>,
    fit: Box<dyn Fn() -> Fit<'a> + Sync + 'a>,
    candidates: Vec<Candidate<'a>>,
    curve: Schedule,
    file: Option<PathBuf>,
    stop: Option<&'a AtomicBool>,
    progress: Option<Tell<'a>>,
}

impl<'a> Sweep<'a> {
    /// Trains from each of `seeds` as `fit` says. `fit` is called once for each training, so it can give each callbacks
    /// of its own; nothing is printed.
    pub fn new(seeds: impl IntoIterator<Item = i64>, fit: impl Fn() -> Fit<'a> + Sync + 'a) -> Sweep<'a> {
        Sweep {
            seeds: seeds.into_iter().collect(),
            fit: Box::new(fit),
            candidates: Vec::new(),
            curve: Schedule::Logarithmic(20),
            file: None,
            stop: None,
            progress: None,
        }
    }

    /// Adds a network: `make` makes it and compiles it, every time anew, and `labels` say what is special about it (a
    /// width, an optimizer, a learning rate, an initializer): columns of the table.
    ///
    /// Layers are named as in a new program, so that names do not depend on what was made before. The weights that a
    /// training starts from are drawn by the layers' initializers.
    pub fn add(&mut self, labels: &[(&str, &dyn Display)], make: impl Fn() -> Sequential + Sync + 'a) -> &mut Self {
        let labels = labels.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect();
        self.candidates.push(Candidate::new(labels, make));
        self
    }

    /// At which epochs the loss is kept for the [`Curves`]: 20 times per tenfold, unless it is set; the last always.
    pub fn curve(&mut self, schedule: Schedule) -> &mut Self {
        self.curve = schedule;
        self
    }

    /// Keeps every fit in the CSV file at `path` as soon as it is done, and does not repeat those that are there already:
    /// so a sweep that was interrupted, even killed, is taken up again by running it once more, and a larger one builds on
    /// a smaller one. In the end the file is the same in every bit as if it had been written at once.
    ///
    /// A line is a fit: the labels, `seed`, `epochs`, the last epoch's `loss` and metrics, `curve` (`epoch:loss` pairs),
    /// `weights` (those of nets of up to 1,000), and `sweep`, which tells data, net and options from others. (Not Parquet: it
    /// can't be appended to line by line, which is what makes a killed sweep whole, and its crates are more to build than all of this one.)
    pub fn file(&mut self, path: impl Into<PathBuf>) -> &mut Self {
        self.file = Some(path.into());
        self
    }

    /// Ends early, with what was done so far, when `stop` becomes true; fits under way are finished.
    pub fn stop_when(&mut self, stop: &'a AtomicBool) -> &mut Self {
        self.stop = Some(stop);
        self
    }

    /// Tells `f` how far the sweep is: at the beginning, now and then, and at the end.
    pub fn on_progress(&mut self, f: impl FnMut(&Progress) + Send + 'a) -> &mut Self {
        self.progress = Some(Box::new(f));
        self
    }

    /// Trains all networks from all seeds, first all from the first seed, then all from the next.
    ///
    /// # Errors
    /// If there is no network or no seed, one of them twice, a fit fails (with its labels and its seed), or the file can't
    /// be used: it is of another sweep, or can't be read or written. Fits that are in the file by then stay there.
    pub fn run(&mut self, x: impl Into<Array>, y: impl Into<Array>) -> Result<Swept> {
        self.check()?;
        run::run(self, x.into(), y.into())
    }

    /// One fit of the sweep again: that of network number `variant` from `seed`. Returns the trained net and its history.
    ///
    /// # Errors
    /// If there is no such network, or that of the fit.
    pub fn replay(
        &self,
        variant: usize,
        seed: i64,
        x: impl Into<Array>,
        y: impl Into<Array>,
    ) -> Result<(Sequential, History)> {
        let Some(candidate) = self.candidates.get(variant) else {
            let expected = format!("a number below {}, the number of networks", self.candidates.len());
            return Err(Error::argument("Sweep::replay variant", expected, variant));
        };
        let before = yhat_tensor::random::tf::op_seeds();
        set_seed(seed);
        let mut net = candidate.make(crate::floatx());
        let history = net.fit(x, y, (self.fit)().verbose(0));
        yhat_tensor::random::tf::set_op_seeds(before);
        Ok((net, history?))
    }

    fn check(&self) -> Result<()> {
        let twice = |i: &usize| self.candidates[..*i].iter().any(|c| c.labels == self.candidates[*i].labels);
        let mut seeds = self.seeds.clone();
        seeds.sort_unstable();
        let seed = seeds.windows(2).find(|pair| pair[0] == pair[1]);
        match ((0..self.candidates.len()).find(twice), seed) {
            _ if self.candidates.is_empty() => {
                Err(Error::state("sweep", "has no network yet: add one with Sweep::add"))
            }
            _ if self.seeds.is_empty() => Err(Error::argument("Sweep::new(seeds)", "at least one seed", "none")),
            (Some(i), _) => {
                let got = format!("{} twice", self.candidates[i].title());
                Err(Error::argument("Sweep::add(labels)", "labels that tell networks apart", got))
            }
            (_, Some(pair)) => {
                Err(Error::argument("Sweep::new(seeds)", "every seed once", format!("{} twice", pair[0])))
            }
            _ => Ok(()),
        }
    }
}
