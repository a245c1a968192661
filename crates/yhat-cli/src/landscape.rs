//! `yhat landscape`.

use std::{error::Error, fs, path::PathBuf, str::FromStr};

use yhat::{
    landscape::{Eigenvectors, Landscape, Plane},
    optimizers::IntoOptimizer,
    prelude::*,
};
use yhat_lecture::{chapters::data::regression, pictures};

use crate::{output::Output, sweep::Widths, table::Table};

/// Draw the loss around trained weights, with the paths that led there
///
/// Trains one network from one start with each optimizer, and draws the loss on the
/// plane in which their paths move most, or on another one: lines of equal loss, and
/// a surface. Marks on a path grow with its distance from the plane, where the
/// picture can't be trusted. An .html file is a page with the paths growing; an .svg
/// file is a still.
#[derive(clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Args {
    /// Units of the hidden layers, as in 8 or 8-8
    #[arg(long, value_name = "WIDTHS", default_value = "8")]
    hidden: Widths,

    /// Optimizers by their names in Keras, with a learning rate if it is not Keras's
    #[arg(long, value_name = "LIST", default_value = "sgd:0.1,rmsprop:0.01,adam:0.01", value_delimiter = ',')]
    optimizer: Vec<Rated>,

    /// Activation of the hidden layers
    #[arg(long, value_name = "NAME", default_value = "tanh")]
    activation: String,

    /// What the start is drawn from
    #[arg(long, value_name = "SEED", default_value_t = 0)]
    seed: i64,

    /// Epochs of a fit
    #[arg(long, value_name = "N", default_value_t = 500)]
    epochs: usize,

    /// Which plane: principal, that in which the paths move most; or one through the last optimizer's end, along random
    /// directions (filter-normalised), along eigenvectors of the Hessian (steepest, softest, extremes), or along two weights,
    /// as in dense/kernel:0,dense_1/bias:0
    #[arg(long, value_name = "PLANE", default_value = "principal")]
    plane: Which,

    /// A CSV file of numbers with a line of names on top, instead of the course's points
    #[arg(long, value_name = "FILE", requires = "target")]
    data: Option<PathBuf>,

    /// The column of --data that is to be predicted, from all others
    #[arg(long, value_name = "COLUMN", requires = "data")]
    target: Option<String>,

    /// What to write: a page (.html), or a still picture (.svg)
    #[arg(long, value_name = "FILE", default_value = "landscape.html")]
    out: PathBuf,
}

/// An optimizer's name and its learning rate.
#[derive(Clone)]
struct Rated(String, Option<f64>);

impl FromStr for Rated {
    type Err = String;
    fn from_str(text: &str) -> Result<Rated, String> {
        match text.split_once(':') {
            None => Ok(Rated(text.into(), None)),
            Some((name, rate)) => match rate.parse() {
                Ok(rate) => Ok(Rated(name.into(), Some(rate))),
                Err(_) => Err("expected a name, or a name and a rate, as in sgd:0.1".into()),
            },
        }
    }
}

/// A plane through the space of the weights.
#[derive(Clone)]
enum Which {
    Principal,
    Random,
    Eigenvectors(Eigenvectors),
    Weights([(String, usize); 2]),
}

impl FromStr for Which {
    type Err = String;
    fn from_str(text: &str) -> Result<Which, String> {
        let weight = |part: &str| {
            let (name, number) = part.trim().rsplit_once(':')?;
            Some((name.to_string(), number.parse().ok()?))
        };
        match (text, text.split_once(',')) {
            ("principal", _) => Ok(Which::Principal),
            ("random", _) => Ok(Which::Random),
            ("steepest", _) => Ok(Which::Eigenvectors(Eigenvectors::Steepest)),
            ("softest", _) => Ok(Which::Eigenvectors(Eigenvectors::Softest)),
            ("extremes", _) => Ok(Which::Eigenvectors(Eigenvectors::Extremes)),
            (_, Some((first, second))) => match (weight(first), weight(second)) {
                (Some(first), Some(second)) => Ok(Which::Weights([first, second])),
                _ => Err("expected two weights by name and number, as in dense/kernel:0,dense_1/bias:0".into()),
            },
            _ => Err("known are principal, random, steepest, softest, extremes, and two weights".into()),
        }
    }
}

/// Records of a path.
const RECORDS: usize = 100;
/// Frames of a page.
const FRAMES: usize = 50;

/// Trains, computes and draws.
pub fn run(args: &Args) -> Result<(), Box<dyn Error>> {
    let (x, y) = match (&args.data, &args.target) {
        (Some(path), Some(target)) => Table::read(path)?.split(target)?,
        _ => regression(),
    };
    let page = match args.out.extension().and_then(|e| e.to_str()) {
        Some("html") => true,
        Some("svg") => false,
        _ => return Err(format!("{}: expected a name that ends in .html or .svg", args.out.display()).into()),
    };
    let rows = x.shape()[0];
    set_seed(args.seed);
    let mut net = Sequential::new();
    args.hidden.0.iter().for_each(|units| net.add(Dense::new(*units).activation(args.activation.as_str())));
    net.add(Dense::new(1));
    net.build(if x.shape().rank() == 2 { x.shape()[1] } else { 1 })?;
    let start = net.get_weights()?;

    let mut paths = Vec::new();
    for Rated(name, rate) in &args.optimizer {
        net.set_weights(start.clone())?;
        net.compile(name.as_str().into_optimizer(), "mse");
        if let Some(rate) = rate {
            net.set_learning_rate(*rate)?;
        }
        let mut recorder = Recorder::every((args.epochs / RECORDS).max(1));
        net.fit(&x, &y, Fit::epochs(args.epochs).batch_size(rows).callback(&mut recorder))?;
        paths.push((name, recorder.into_path()));
    }
    let plane = match &args.plane {
        Which::Principal => Plane::principal(&net, paths.iter().map(|(_, path)| path))?,
        Which::Random => Plane::random(&net, 0)?,
        Which::Eigenvectors(which) => Plane::eigenvectors(&net, &net.hessian(&x, &y)?.spectrum()?, *which)?,
        Which::Weights([(a, i), (b, j)]) => Plane::parameters(&net, (a.as_str(), *i), (b.as_str(), *j))?,
    };
    let mut landscape = Landscape::new(plane);
    for (name, path) in &paths {
        landscape = landscape.path(*name, path);
    }
    let surface = landscape.compute(&net, &x, &y)?;

    let drawn = match page {
        true => pictures::landscape_animation(&surface, FRAMES).to_page()?,
        false => pictures::landscape(&surface).to_svg()?,
    };
    fs::write(&args.out, drawn).map_err(|e| format!("can't write {}: {e}", args.out.display()))?;

    let mut output = Output::new();
    if let Some([first, second]) = surface.shares {
        let (first, second) = (100.0 * first, 100.0 * second);
        output.line(format!("The plane shows {first:.1} % and {second:.1} % of the variance of all paths."));
    } else {
        output.line(format!("The plane goes through the last end, along: {}; {}.", surface.axes[0], surface.axes[1]));
    }
    for track in &surface.tracks {
        let (far, end) = (track.distance.iter().fold(0.0f64, |far, d| far.max(*d)), track.loss.len() - 1);
        let (loss, on) = (track.loss[end], track.plane_loss[end]);
        let name = &track.name;
        output
            .line(format!("{name}: ends at a loss of {loss:.4} ({on:.4} on the plane), up to {far:.2} off the plane"));
    }
    output.line(format!("Written to {}.", args.out.display()));
    Ok(())
}
