//! `yhat sweep`.

use std::{
    error::Error,
    fmt::Display,
    io::{IsTerminal, Write, stderr},
    path::PathBuf,
    process::ExitCode,
    str::FromStr,
    sync::{Arc, atomic::AtomicBool},
    time::{Duration, Instant},
};

use signal_hook::{consts::SIGINT, flag};
use yhat::{
    optimizers::IntoOptimizer,
    prelude::*,
    sweep::{Criterion, Progress, Sweep},
};
use yhat_lecture::chapters::data::regression;

use crate::{output::Output, table::Table};

/// Train networks from many seeds, and tell how often they fail
///
/// Trains a network of every width from every seed, on all cores, on the course's
/// hundred points or on a table of your own, and prints how many fits succeed, how
/// their final losses are spread, and in how many distinct minima they end. With
/// --out every fit is a line of a CSV file; Ctrl-C leaves it whole, and the same
/// command goes on where it stopped. The same numbers on any number of threads.
#[derive(clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Args {
    /// Units of the hidden layers: widths, or several layers as in 8-8
    #[arg(long, value_name = "LIST", default_value = "1,2,3,4,8", value_delimiter = ',')]
    hidden: Vec<Widths>,

    /// How many seeds, from 0 on; or which, as in 43052..43060
    #[arg(long, value_name = "N", default_value = "1000")]
    seeds: Seeds,

    /// Epochs of a fit
    #[arg(long, value_name = "N", default_value_t = 1000)]
    epochs: usize,

    /// Rows in a batch; all rows if it is not given
    #[arg(long, value_name = "ROWS")]
    batch: Option<usize>,

    /// Optimizers, by their names in Keras
    #[arg(long, value_name = "LIST", default_value = "sgd", value_delimiter = ',')]
    optimizer: Vec<String>,

    /// Learning rates; if none is given, 0.1 for sgd and Keras's for the others
    #[arg(long, value_name = "LIST", value_delimiter = ',')]
    rate: Vec<f64>,

    /// What kernels start as
    #[arg(long, value_name = "LIST", default_value = "glorot_uniform", value_delimiter = ',')]
    initializer: Vec<String>,

    /// Activation of the hidden layers
    #[arg(long, value_name = "NAME", default_value = "relu")]
    activation: String,

    /// Activation of the output
    #[arg(long, value_name = "NAME", default_value = "linear")]
    output: String,

    /// Loss
    #[arg(long, value_name = "NAME", default_value = "mse")]
    loss: String,

    /// A CSV file of numbers with a line of names on top, instead of the course's points
    #[arg(long, value_name = "FILE", requires = "target")]
    data: Option<PathBuf>,

    /// The column of --data that is to be predicted, from all others
    #[arg(long, value_name = "COLUMN", requires = "data")]
    target: Option<String>,

    /// A success has a final loss below this; 0.1 on the course's points, whose noise has a variance of 0.09
    #[arg(long, value_name = "LOSS", conflicts_with = "within")]
    below: Option<f64>,

    /// A success has at most so many times the best loss of all fits; 1.2 on data of your own
    #[arg(long, value_name = "FACTOR")]
    within: Option<f64>,

    /// A CSV file for all fits, to which an interrupted sweep goes back
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,

    /// An SVG file for a picture of final losses and learning curves
    #[arg(long, value_name = "FILE")]
    picture: Option<PathBuf>,
}

/// The widths of a net's hidden layers.
#[derive(Clone)]
pub struct Widths(pub Vec<usize>);

impl FromStr for Widths {
    type Err = String;
    fn from_str(text: &str) -> Result<Widths, String> {
        let width = |part: &str| part.trim().parse().ok().filter(|n| *n > 0);
        let widths: Option<Vec<usize>> = text.split('-').map(width).collect();
        widths.map(Widths).ok_or_else(|| "expected widths of at least 1, as in 2 or 8-8".to_string())
    }
}

impl Display for Widths {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0.iter().map(usize::to_string).collect::<Vec<_>>().join("-"))
    }
}

/// Which seeds.
#[derive(Clone)]
struct Seeds(std::ops::Range<i64>);

impl FromStr for Seeds {
    type Err = String;
    fn from_str(text: &str) -> Result<Seeds, String> {
        let (from, to) = text.split_once("..").unwrap_or(("0", text));
        match (from.trim().parse(), to.trim().parse()) {
            (Ok(from), Ok(to)) if from < to => Ok(Seeds(from..to)),
            _ => Err("expected how many, as in 1000, or a range, as in 43052..43060 (the last not included)".into()),
        }
    }
}

/// Runs the sweep that is asked for.
pub fn run(args: &Args) -> Result<ExitCode, Box<dyn Error>> {
    let (x, y) = match (&args.data, &args.target) {
        (Some(path), Some(target)) => Table::read(path)?.split(target)?,
        _ => regression(),
    };
    let criterion = match (args.below, args.within) {
        (Some(loss), _) => Criterion::below(loss),
        (_, Some(factor)) => Criterion::within(factor),
        _ if args.data.is_none() => Criterion::below(0.1),
        _ => Criterion::within(1.2),
    };
    let stop = Arc::new(AtomicBool::new(false));
    // The second Ctrl-C ends the program at once.
    let registered = flag::register_conditional_shutdown(SIGINT, INTERRUPTED.into(), stop.clone());
    let registered = registered.and_then(|_| flag::register(SIGINT, stop.clone()));
    registered?;

    let rows = x.shape()[0];
    let (epochs, batch) = (args.epochs, args.batch.unwrap_or(rows));
    let mut sweep = Sweep::new(args.seeds.0.clone(), move || Fit::epochs(epochs).batch_size(batch));
    add_nets(&mut sweep, args);
    if let Some(path) = &args.out {
        sweep.file(path);
    }
    let mut meter = Meter::new();
    sweep.stop_when(&stop).on_progress(move |progress| meter.show(progress));
    let swept = sweep.run(&x, &y)?;

    let mut output = Output::new();
    swept.table(criterion).lines().for_each(|line| output.line(line));
    if let Some(path) = &args.out {
        output.line(format!("Every fit is a line of {}.", path.display()));
    }
    if let Some(path) = &args.picture {
        let svg = yhat_lecture::pictures::sweep(&swept, criterion).to_svg()?;
        std::fs::write(path, svg).map_err(|e| format!("can't write {}: {e}", path.display()))?;
        output.line(format!("The picture is {}.", path.display()));
    }
    if swept.complete {
        return Ok(ExitCode::SUCCESS);
    }
    let again = if args.out.is_some() { "; the same command goes on from there" } else { "" };
    output.line(format!("Stopped before all fits were done{again}."));
    Ok(ExitCode::from(INTERRUPTED))
}

/// What a shell shows for a program that Ctrl-C has ended.
const INTERRUPTED: u8 = 130;

/// Every combination of what is listed; a label for the width, and for whatever has several values.
fn add_nets(sweep: &mut Sweep<'_>, args: &Args) {
    let rates: Vec<Option<f64>> = match args.rate[..] {
        [] => vec![None],
        _ => args.rate.iter().copied().map(Some).collect(),
    };
    for hidden in &args.hidden {
        for optimizer in &args.optimizer {
            for rate in &rates {
                for initializer in &args.initializer {
                    let mut labels: Vec<(&str, &dyn Display)> = vec![("hidden", hidden)];
                    if args.optimizer.len() > 1 {
                        labels.push(("optimizer", optimizer));
                    }
                    if let (Some(rate), true) = (rate, rates.len() > 1) {
                        labels.push(("rate", rate));
                    }
                    if args.initializer.len() > 1 {
                        labels.push(("initializer", initializer));
                    }
                    let net = Recipe {
                        hidden: hidden.clone(),
                        rate: rate.or((optimizer == "sgd").then_some(0.1)),
                        optimizer: optimizer.clone(),
                        initializer: initializer.clone(),
                        activation: args.activation.clone(),
                        output: args.output.clone(),
                        loss: args.loss.clone(),
                    };
                    sweep.add(&labels, move || net.make());
                }
            }
        }
    }
}

/// A net of the sweep.
struct Recipe {
    hidden: Widths,
    optimizer: String,
    rate: Option<f64>,
    initializer: String,
    activation: String,
    output: String,
    loss: String,
}

impl Recipe {
    fn make(&self) -> Sequential {
        let dense = |units, activation: &str| {
            Dense::new(units).activation(activation).kernel_initializer(self.initializer.as_str())
        };
        let mut net = Sequential::new();
        self.hidden.0.iter().for_each(|units| net.add(dense(*units, &self.activation)));
        net.add(dense(1, &self.output));
        net.compile(self.optimizer.as_str().into_optimizer(), self.loss.as_str());
        if let Some(rate) = self.rate {
            // If it can't be set, the optimizer or the rate is wrong, and the sweep says so.
            let _ = net.set_learning_rate(rate);
        }
        net
    }
}

/// Shows on standard error how far the sweep is: on a terminal in one line that goes away, else in a line now and then.
struct Meter {
    terminal: bool,
    shown: Option<Instant>,
}

impl Meter {
    fn new() -> Meter {
        Meter { terminal: stderr().is_terminal(), shown: None }
    }

    fn show(&mut self, progress: &Progress) {
        const RARELY: Duration = Duration::from_secs(10);
        let text = match (self.terminal, self.shown) {
            (true, _) if progress.done == progress.all => "\r\x1b[2K".to_string(),
            (true, _) => format!("\r\x1b[2K{progress}"),
            (false, None) if progress.found == 0 => String::new(),
            (false, None) => format!("{} of {} fits are in the file\n", progress.found, progress.all),
            (false, Some(shown)) if shown.elapsed() < RARELY => return,
            (false, Some(_)) => format!("{progress}\n"),
        };
        self.shown = Some(Instant::now());
        // Whoever closed the pipe does not want to know.
        let _ = stderr().write_all(text.as_bytes());
    }
}

impl Drop for Meter {
    fn drop(&mut self) {
        if self.terminal {
            let _ = stderr().write_all(b"\r\x1b[2K");
        }
    }
}
