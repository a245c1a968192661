//! How to fit.

use std::io::Write;

use yhat_tensor::Array;

use super::{Logs, Training};
use crate::{
    Error, Result,
    callbacks::{Callback, LambdaCallback},
};

/// How `fit` trains: how many epochs, in which batches, what is watched and printed.
///
/// ```
/// use yhat::prelude::*;
/// let x = Array::linspace(-1.0, 1.0, 50);
/// let mut net = Sequential::from_layers([Dense::new(1)]);
/// net.compile(Sgd::new(0.1), "mse");
/// let mut slopes = Vec::new();
/// let fit = Fit::epochs(20).batch_size(10).validation_split(0.2).on_epoch_end(|_, _, training| {
///     slopes.push(training.net().get_weights()?[0].item());
///     Ok(())
/// });
/// let history = net.fit(&x, &x, fit)?;
/// assert!(history.last("val_loss") < 0.1);
/// assert_eq!(slopes.len(), 20);
/// # Ok::<(), yhat::Error>(())
/// ```
pub struct Fit<'a> {
    pub(super) epochs: usize,
    pub(super) initial_epoch: usize,
    pub(super) batch_size: usize,
    pub(super) shuffle: bool,
    pub(super) shuffle_seed: u64,
    pub(super) validation: Validation,
    pub(super) verbose: Verbose,
    pub(super) output: Option<(Box<dyn Write + 'a>, bool)>,
    pub(super) callbacks: Vec<Box<dyn Callback + 'a>>,
}

pub(super) enum Validation {
    None,
    Data(Array, Array),
    Split(f64),
}

/// What a fit prints while it runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Verbose {
    /// Nothing, unless the program runs on a terminal and the fit takes longer than a second: then one line on standard
    /// error says how far it is, and goes away at the end. The default; a program that prints its results prints nothing
    /// else.
    #[default]
    Auto,
    /// Nothing at all: Keras's `verbose=0`.
    Silent,
    /// A bar for every epoch: Keras's `verbose=1`. In a pipe each epoch's bar is printed once, without control
    /// characters.
    Bar,
    /// A line for every epoch: Keras's `verbose=2`.
    Line,
    /// A number that means nothing; `fit` says so.
    #[doc(hidden)]
    Unknown(i64),
}

impl From<i64> for Verbose {
    /// Keras's numbers: 0, 1, 2.
    fn from(verbose: i64) -> Verbose {
        match verbose {
            0 => Verbose::Silent,
            1 => Verbose::Bar,
            2 => Verbose::Line,
            other => Verbose::Unknown(other),
        }
    }
}

impl Verbose {
    pub(super) fn number(self) -> u8 {
        match self {
            Verbose::Bar => 1,
            Verbose::Line => 2,
            _ => 0,
        }
    }
}

impl<'a> Fit<'a> {
    /// `epochs` passes over the data, in batches of 32 rows in an order that is shuffled every time, unless set
    /// otherwise.
    pub fn epochs(epochs: usize) -> Fit<'a> {
        Fit {
            epochs,
            initial_epoch: 0,
            batch_size: 32,
            shuffle: true,
            shuffle_seed: 0,
            validation: Validation::None,
            verbose: Verbose::Auto,
            output: None,
            callbacks: Vec::new(),
        }
    }

    /// Rows in a batch; the last batch of an epoch has what is left. At least 1.
    pub fn batch_size(self, batch_size: usize) -> Fit<'a> {
        Fit { batch_size, ..self }
    }

    /// Whether the rows are put into a new order before every epoch. One batch that holds every row is not.
    pub fn shuffle(self, shuffle: bool) -> Fit<'a> {
        Fit { shuffle, ..self }
    }

    /// What the orders are drawn from, 0 if it is not set. The order of an epoch depends on this number and on how many
    /// epochs the net was trained for since it was compiled, and on nothing else.
    pub fn shuffle_seed(self, shuffle_seed: u64) -> Fit<'a> {
        Fit { shuffle_seed, ..self }
    }

    /// Data that the net is evaluated on after every epoch and not trained on.
    pub fn validation_data(self, x: impl Into<Array>, y: impl Into<Array>) -> Fit<'a> {
        Fit { validation: Validation::Data(x.into(), y.into()), ..self }
    }

    /// The fraction of rows, taken from the end before any shuffling, to evaluate on instead of training.
    pub fn validation_split(self, fraction: f64) -> Fit<'a> {
        Fit { validation: Validation::Split(fraction), ..self }
    }

    /// What is printed: 0 nothing, 1 a bar an epoch, 2 a line an epoch, or a [`Verbose`].
    pub fn verbose(self, verbose: impl Into<Verbose>) -> Fit<'a> {
        Fit { verbose: verbose.into(), ..self }
    }

    /// The number of the first epoch, where an earlier fit is continued; `epochs` is the number to stop before.
    pub fn initial_epoch(self, initial_epoch: usize) -> Fit<'a> {
        Fit { initial_epoch, ..self }
    }

    /// Where to print, instead of standard output; written to as to a file, without control characters.
    pub fn output(self, writer: impl Write + 'a) -> Fit<'a> {
        Fit { output: Some((Box::new(writer), false)), ..self }
    }

    /// Where to print, as to a terminal, whose line is drawn again and again.
    pub fn terminal(self, writer: impl Write + 'a) -> Fit<'a> {
        Fit { output: Some((Box::new(writer), true)), ..self }
    }

    /// Something that watches the training, or changes it. A `&mut` callback can be looked at afterwards.
    pub fn callback(mut self, callback: impl Callback + 'a) -> Fit<'a> {
        self.callbacks.push(Box::new(callback));
        self
    }

    /// Runs `f` after every epoch, with the epoch's number (from 0) and what it came to.
    pub fn on_epoch_end(self, f: impl FnMut(usize, &Logs, &mut Training) -> Result<()> + 'a) -> Fit<'a> {
        self.callback(LambdaCallback::new().on_epoch_end(f))
    }

    /// All that a training depends on, as text, but what callbacks do and which numbers data hold.
    pub(crate) fn description(&self) -> String {
        let Fit { epochs, initial_epoch, batch_size, shuffle, shuffle_seed, validation, callbacks, .. } = self;
        let split = if let Validation::Split(fraction) = validation { *fraction } else { 0.0 };
        let (order, callbacks) = (if *shuffle { *shuffle_seed as i128 } else { -1 }, callbacks.len());
        format!("epochs {initial_epoch}..{epochs} batch {batch_size} order {order} split {split} callbacks {callbacks}")
    }

    /// Whether there is a validation.
    pub(crate) fn validates(&self) -> bool {
        !matches!(self.validation, Validation::None)
    }

    /// The data that the net is evaluated on, where they were given as such.
    pub(crate) fn validation_arrays(&self) -> Option<[&Array; 2]> {
        match &self.validation {
            Validation::Data(x, y) => Some([x, y]),
            _ => None,
        }
    }

    pub(super) fn check(&self) -> Result<()> {
        if self.batch_size == 0 {
            return Err(Error::argument("Fit::batch_size", "at least 1 row", 0));
        }
        if self.initial_epoch > self.epochs {
            let expected = format!("at most the number of epochs, {}", self.epochs);
            return Err(Error::argument("Fit::initial_epoch", expected, self.initial_epoch));
        }
        if let Verbose::Unknown(number) = self.verbose {
            return Err(Error::argument("Fit::verbose", "0, 1 or 2", number));
        }
        match self.validation {
            Validation::Split(fraction) if !(fraction > 0.0 && fraction < 1.0) => {
                Err(Error::argument("Fit::validation_split", "a fraction between 0 and 1", fraction))
            }
            _ => Ok(()),
        }
    }
}
