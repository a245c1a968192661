//! What the peers in Rust share: the works, their arrays, and the lines that `bench/src/peers.rs` describes.
//!
//! A peer is a type with a method for each kind of work. A method prepares whatever a run does not do, and returns a
//! closure that does one run.

use std::{
    env, fs,
    io::{self, BufRead, Write},
    path::{Path, PathBuf},
    time::Instant,
};

use ndarray::ArrayD;
use ndarray_npy::{ReadableElement, read_npy};
use serde::Deserialize;
use serde_json::{Value, json};

pub type Array = ArrayD<f32>;

pub type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

/// What a run came to: the seconds that it took, and its result.
pub type Run = (f64, f64);

/// A work made ready, which each call does once.
pub type Job = Box<dyn FnMut() -> Result<Run>>;

/// A library that does the works.
pub trait Peer {
    /// The library's name and version.
    fn version(&self) -> String;
    /// Trains a new net.
    fn train(&self, net: Net) -> Result<Job>;
    /// Trains a new net on the first batch for the first time.
    fn plan(&self, net: Net) -> Result<Job>;
    /// Trains many nets.
    fn seeds(&self, net: Net) -> Result<Job>;
    /// The output for the rows that there are, some times over.
    fn predict(&self, net: Net, calls: usize) -> Result<Job>;
    /// Mean squared error and cross-entropy on a grid of parameters.
    fn surfaces(&self, surfaces: Surfaces) -> Result<Job>;
}

/// A training: what `works.json` says of it, and its arrays.
#[derive(Clone, Deserialize)]
pub struct Net {
    folder: String,
    pub units: Vec<usize>,
    hidden: String,
    output: String,
    pub loss: String,
    pub optimizer: String,
    pub rate: f64,
    pub batch: usize,
    pub warm: usize,
    pub epochs: usize,
    /// Whether activation and loss are to be what a user writes of the library's operations.
    #[serde(skip)]
    pub own: bool,
    #[serde(skip)]
    pub x: Array,
    #[serde(skip)]
    pub y: Targets,
    /// Kernel, bias, kernel, ...
    #[serde(skip)]
    pub weights: Vec<Array>,
    /// The rows' order in each epoch, if batches are smaller than the data.
    #[serde(skip)]
    pub orders: Vec<Vec<i64>>,
}

/// What is wanted for the rows.
#[derive(Clone)]
pub enum Targets {
    Values(Array),
    Classes(Vec<i64>),
}

impl Default for Targets {
    fn default() -> Self {
        Targets::Classes(Vec::new())
    }
}

/// Samples and the plane's points, float64.
pub struct Surfaces {
    pub x: Vec<f64>,
    pub y: Vec<f64>,
    pub w0: Vec<f64>,
    pub w1: Vec<f64>,
    /// Whether to compute in float64, not float32.
    pub double: bool,
}

impl Net {
    /// Each layer's activation.
    pub fn activations(&self) -> impl Iterator<Item = &str> {
        (1..self.units.len()).map(|_| self.hidden.as_str()).chain([self.output.as_str()])
    }

    pub fn rows(&self) -> usize {
        self.x.shape()[0]
    }

    /// Whether each step takes all rows.
    pub fn full(&self) -> bool {
        self.batch >= self.rows()
    }

    fn load(mut self, data: &Path) -> Result<Net> {
        let folder = data.join(&self.folder);
        self.x = array(&folder, "x")?;
        self.y = match self.loss.as_str() {
            "sparse_categorical_crossentropy" => Targets::Classes(numbers(&folder, "y")?),
            _ => Targets::Values(array(&folder, "y")?),
        };
        if !self.full() {
            let orders: Vec<i64> = numbers(&folder, "order")?;
            self.orders = orders.chunks(self.rows()).map(<[i64]>::to_vec).collect();
        }
        self.with_weights(&folder)
    }

    fn with_weights(mut self, folder: &Path) -> Result<Net> {
        let all = (0..2 * self.units.len()).map(|i| array(folder, &format!("p{i}")));
        self.weights = all.collect::<Result<_>>()?;
        Ok(self)
    }

    /// The first rows alone.
    fn first(mut self, rows: usize) -> Net {
        let rows = rows.min(self.rows());
        self.x.slice_axis_inplace(ndarray::Axis(0), (0..rows).into());
        self.x = self.x.as_standard_layout().into_owned();
        match &mut self.y {
            Targets::Values(y) => y.slice_axis_inplace(ndarray::Axis(0), (0..rows).into()),
            Targets::Classes(y) => y.truncate(rows),
        }
        self
    }
}

fn array<T: ReadableElement>(folder: &Path, name: &str) -> Result<ArrayD<T>> {
    let path = folder.join(format!("{name}.npy"));
    Ok(read_npy(&path).map_err(|e| format!("{}: {e}", path.display()))?)
}

fn numbers<T: ReadableElement>(folder: &Path, name: &str) -> Result<Vec<T>> {
    Ok(array(folder, name)?.into_raw_vec_and_offset().0)
}

/// The elements in the order of rows.
pub fn elements<T: Clone>(array: &ArrayD<T>) -> Vec<T> {
    array.iter().cloned().collect()
}

/// The seconds that `f` takes, and what it returns.
pub fn clocked<T>(f: impl FnOnce() -> Result<T>) -> Result<(f64, T)> {
    let clock = Instant::now();
    let result = f()?;
    Ok((clock.elapsed().as_secs_f64(), result))
}

/// A package's version in the workspace's `Cargo.lock`.
pub fn locked(package: &str) -> &'static str {
    let lock = include_str!("../../Cargo.lock");
    let entry = lock.split_once(&format!("name = \"{package}\"\nversion = \"")).map(|(_, rest)| rest);
    entry.and_then(|rest| rest.split('"').next()).unwrap_or_default()
}

/// Does what the command line, or the lines of the standard input, ask for.
pub fn serve(peer: &dyn Peer) -> Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let data = PathBuf::from(arguments.first().ok_or("usage: PEER DATA [WORK]")?);
    let works: Vec<Value> = serde_json::from_slice(&fs::read(data.join("works.json"))?)?;
    let work = |name: &str| works.iter().find(|w| w["name"] == name).ok_or(format!("no work {name}"));
    if let Some(name) = arguments.get(1) {
        let mut job = job(peer, work(name)?, &data)?.ok_or("a process is not done in a process")?;
        println!("{}", job()?.1);
        return Ok(());
    }
    let mut ready: Option<Job> = None;
    for line in io::stdin().lock().lines() {
        let answer = match *line?.split_whitespace().collect::<Vec<_>>() {
            ["version"] => json!({ "version": peer.version() }),
            ["ready", name] => {
                // The last work's memory is free before the next is made.
                drop(ready.take());
                let work = work(name)?;
                ready = job(peer, work, &data)?;
                json!({ "ready": ready.is_some() || work["kind"] == "start" })
            }
            ["run"] => {
                let (seconds, result) = ready.as_mut().ok_or("run before ready")?()?;
                json!({ "seconds": seconds, "result": result })
            }
            _ => return Err("neither version nor ready NAME nor run".into()),
        };
        println!("{answer}");
        io::stdout().flush()?;
    }
    Ok(())
}

/// None for a work that is not done, or is a process.
fn job(peer: &dyn Peer, work: &Value, data: &Path) -> Result<Option<Job>> {
    let number = |key: &str| work[key].as_u64().map(|n| n as usize).ok_or(format!("no {key} in {work}"));
    let net = || -> Result<Net> { serde_json::from_value::<Net>(work["net"].clone())?.load(data) };
    let job = match work["kind"].as_str().unwrap_or_default() {
        "train" => peer.train(net()?)?,
        "own" => peer.train(Net { own: true, ..net()? })?,
        "plan" => {
            let net = net()?;
            let batch = net.batch;
            peer.plan(net.first(batch))?
        }
        "seeds" => {
            let folder = data.join(work["name"].as_str().unwrap_or_default());
            peer.seeds(net()?.with_weights(&folder)?)?
        }
        "predict" => peer.predict(net()?.first(number("rows")?), number("calls")?)?,
        "surfaces" => {
            let folder = data.join("w4");
            let all = |name| numbers::<f64>(&folder, name);
            let (x, y, w0, w1) = (all("x")?, all("y")?, all("w0")?, all("w1")?);
            peer.surfaces(Surfaces { x, y, w0, w1, double: work["double"] == true })?
        }
        _ => return Ok(None),
    };
    Ok(Some(job))
}
