//! `yhat diagnose`.

use std::{
    error::Error,
    fs,
    path::{Path, PathBuf},
};

use yhat::{Diagnose, Diagnosis, diagnose::Language, prelude::*};
use yhat_lecture::{CASES, Case};

use crate::{
    output::Output,
    table::{Table, rows},
};

/// Say what state a network is in, and why
///
/// Fits a network and looks at data, loss, units, slope, curvature and what is
/// left over; goes on for a while and starts anew from other seeds. Says what it
/// found, with the numbers, and what to try next. Either a network of the course,
/// by name, or one that is fit to a table.
#[derive(clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Args {
    /// A network of the course; --list names them
    #[arg(value_name = "NAME", required_unless_present_any = ["data", "list"], conflicts_with_all = ["data", "list"])]
    case: Option<String>,

    /// List the networks of the course
    #[arg(long, conflicts_with = "data")]
    list: bool,

    /// A table with a line of names, to fit a network to
    #[arg(long, value_name = "FILE.csv", requires = "target")]
    data: Option<PathBuf>,

    /// The column to predict from the others
    #[arg(long, value_name = "COLUMN", requires = "data")]
    target: Option<String>,

    /// Units of the hidden layers
    #[arg(long, value_name = "N,N", value_delimiter = ',', default_value = "8", value_parser = clap::value_parser!(u16).range(1..))]
    hidden: Vec<u16>,

    /// No hidden layer
    #[arg(long)]
    no_hidden: bool,

    /// The hidden layers' activation
    #[arg(long, value_name = "NAME", default_value = "relu")]
    activation: String,

    /// The last layer's activation; the one that the loss is made for, if not given
    #[arg(long, value_name = "NAME")]
    output_activation: Option<String>,

    /// The loss
    #[arg(long, value_name = "NAME", default_value = "mse")]
    loss: String,

    /// The optimizer
    #[arg(long, value_name = "NAME", default_value = "sgd")]
    optimizer: String,

    /// The learning rate; the optimizer's own, if not given
    #[arg(long, value_name = "R")]
    learning_rate: Option<f64>,

    /// Passes over the data
    #[arg(long, value_name = "N", default_value_t = 1000)]
    epochs: usize,

    /// Rows at a time; all of them, if not given
    #[arg(long, value_name = "N")]
    batch_size: Option<usize>,

    /// The seed of the first weights and of what is held out
    #[arg(long, value_name = "S", default_value_t = 0)]
    seed: u32,

    /// The part of the rows to keep from the fit, to see whether it is over-fit
    #[arg(long, value_name = "PART", default_value_t = 0.2)]
    held_out: f64,

    /// Subtract each input's mean and divide by its standard deviation
    #[arg(long)]
    scale: bool,

    /// How many fits from other seeds
    #[arg(long, value_name = "N")]
    fits: Option<usize>,

    /// Show each finding's evidence, value by value
    #[arg(long)]
    evidence: bool,

    /// An SVG file for a picture of what each unit of the last hidden layer adds to the output
    #[arg(long, value_name = "FILE")]
    decomposition: Option<PathBuf>,

    /// The column along which --decomposition goes, with the others at their means; the first, if not given
    #[arg(long, value_name = "COLUMN", requires_all = ["decomposition", "data"])]
    along: Option<String>,

    /// The language of the answer: en or ko
    #[arg(long, value_name = "LANG", default_value = "en", value_parser = language)]
    language: Language,
}

fn language(name: &str) -> Result<Language, String> {
    match name {
        "en" => Ok(Language::English),
        "ko" => Ok(Language::Korean),
        _ => Err("known are en and ko".into()),
    }
}

/// Fits, looks and tells.
pub fn run(args: &Args) -> Result<(), Box<dyn Error>> {
    let mut output = Output::new();
    if args.list {
        CASES.iter().for_each(|(name, title, _)| output.line(format!("{name:10}  {title}")));
        return Ok(());
    }
    let (case, names) = match (&args.data, &args.target, &args.case) {
        (Some(data), Some(target), _) => of_table(args, &Table::read(data)?, target)?,
        (_, _, Some(name)) => (yhat_lecture::case(name)?, vec!["x".to_string()]),
        _ => unreachable!("clap asks for a name or a table"),
    };
    let diagnosis = case.net.diagnose_with(&case.x, &case.y, options(args, &case))?;
    diagnosis.text(args.language).trim_end().lines().for_each(|line| output.line(line));
    if args.evidence {
        tell_evidence(&mut output, &diagnosis, args.language);
    }
    if let Some(path) = &args.decomposition {
        draw(path, &case, &names, args.along.as_deref())?;
        output.line(format!("\nThe picture is {}.", path.display()));
    }
    Ok(())
}

fn tell_evidence(output: &mut Output, diagnosis: &Diagnosis, language: Language) {
    for finding in &diagnosis.findings {
        output.line(format!("\n{}", finding.title(language)));
        finding.told(language).iter().for_each(|(name, value)| output.line(format!("  {name}: {value}")));
    }
}

/// Points along an input.
const POINTS: usize = 201;

/// Draws what each unit adds along a column, with the others at their means.
fn draw(path: &Path, case: &Case, names: &[String], along: Option<&str>) -> Result<(), Box<dyn Error>> {
    let known: Vec<&str> = names.iter().map(String::as_str).collect();
    let column = match along {
        None => 0,
        Some(name) => {
            known.iter().position(|n| *n == name).ok_or_else(|| yhat::Error::unknown("column", name, &known))?
        }
    };
    let (rows, numbers) = (case.x.shape()[0], case.x.to_vec());
    let width = numbers.len() / rows;
    let values = |j: usize| numbers.iter().skip(j).step_by(width).copied();
    let (low, high) = values(column).fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), x| (l.min(x), h.max(x)));
    let means: Vec<f64> = (0..width).map(|j| values(j).sum::<f64>() / rows as f64).collect();
    let place = |k: usize| low + (high - low) * (k / width) as f64 / (POINTS - 1) as f64;
    let grid = (0..POINTS * width).map(|k| if k % width == column { place(k) } else { means[k % width] });
    let grid = Array::from(grid.collect::<Vec<_>>()).reshape([POINTS, width])?;
    let all = case.net.decomposition(&grid)?;
    let parts = case.net.decomposition_of(&all.layer, 0, column, &grid)?;
    let svg = yhat_lecture::pictures::decomposition(&parts).to_svg()?;
    fs::write(path, svg).map_err(|e| format!("can't write {}: {e}", path.display()).into())
}

fn options(args: &Args, case: &Case) -> Diagnose {
    let options = args.fits.into_iter().fold(Diagnose::new(), Diagnose::fits);
    case.held_out.iter().fold(options, |options, (x, y)| options.held_out(x, y))
}

/// The network that was fit to a table, as a case, and the names of its inputs.
fn of_table(args: &Args, table: &Table, target: &str) -> Result<(Case, Vec<String>), Box<dyn Error>> {
    let (x, y) = table.split(target)?;
    if !(0.0..1.0).contains(&args.held_out) {
        return Err(yhat::Error::argument("--held-out", "a part from 0 on and below 1", args.held_out).into());
    }
    // What is not finite can't be fit, but it can be found: in the file's order, so that the row is the file's.
    if !(x.all_finite() && y.all_finite()) {
        return Ok((Case { net: network(args, &y)?, x, y, held_out: None }, table.inputs(target)));
    }
    let order = RandomState::new(args.seed).permutation(x.shape()[0]);
    let kept = (order.len() as f64 * (1.0 - args.held_out)).ceil() as usize;
    let (train, rest) = order.split_at(kept.clamp(1, order.len()));
    let (mut x_train, y_train) = (rows(&x, train)?, rows(&y, train)?);
    let (mut x_rest, y_rest) = (rows(&x, rest)?, rows(&y, rest)?);
    if args.scale {
        (x_train, x_rest) = scaled(&x_train, &x_rest)?;
    }
    let mut net = network(args, &y)?;
    let batch_size = args.batch_size.unwrap_or(train.len());
    net.fit(&x_train, &y_train, Fit::epochs(args.epochs).batch_size(batch_size))?;
    let held_out = (!rest.is_empty()).then_some((x_rest, y_rest));
    Ok((Case { net, x: x_train, y: y_train, held_out }, table.inputs(target)))
}

fn network(args: &Args, y: &Array) -> yhat::Result<Sequential> {
    let sparse = args.loss == "sparse_categorical_crossentropy";
    let units = if sparse { y.to_vec().iter().fold(0.0, |m: f64, y| m.max(*y)).min(1e4) as usize + 1 } else { 1 };
    let fitting = match args.loss.as_str() {
        "binary_crossentropy" | "bce" | "BCE" => "sigmoid",
        _ if sparse => "softmax",
        _ => "linear",
    };
    set_seed(i64::from(args.seed));
    let mut net = Sequential::new();
    for &units in args.hidden.iter().filter(|_| !args.no_hidden) {
        net.add(Dense::new(units.into()).activation(args.activation.as_str()));
    }
    net.add(Dense::new(units).activation(args.output_activation.as_deref().unwrap_or(fitting)));
    net.compile(args.optimizer.as_str(), args.loss.as_str());
    args.learning_rate.map_or(Ok(()), |rate| net.set_learning_rate(rate))?;
    Ok(net)
}

/// Both, with the first's means taken off and divided by its standard deviations.
fn scaled(train: &Array, rest: &Array) -> Result<(Array, Array), Box<dyn Error>> {
    let (n, width) = (train.shape()[0], train.shape()[1]);
    let numbers = train.to_vec();
    let column = |j: usize| numbers.iter().skip(j).step_by(width);
    let means: Vec<f64> = (0..width).map(|j| column(j).sum::<f64>() / n as f64).collect();
    let deviation = |j: usize| (column(j).map(|x| (x - means[j]).powi(2)).sum::<f64>() / n as f64).sqrt();
    let deviations: Vec<f64> = (0..width).map(deviation).map(|d| if d > 0.0 { d } else { 1.0 }).collect();
    let apply = |array: &Array| -> Result<Array, Box<dyn Error>> {
        let scaled =
            array.to_vec().into_iter().enumerate().map(|(i, x)| (x - means[i % width]) / deviations[i % width]);
        Ok(Array::from(scaled.collect::<Vec<f64>>()).reshape(array.shape())?)
    };
    Ok((apply(train)?, apply(rest)?))
}
