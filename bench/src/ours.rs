//! The works through yhat's public surface, written as its users write them.

use std::{
    fs,
    hint::black_box,
    process::{Command, Stdio},
    time::Instant,
};

use yhat::{
    landscape::{Landscape, Plane},
    prelude::*,
    sweep::{Sweep, Trial},
};
use yhat_lecture::{CHAPTERS, Report};
use yhat_tensor::Plan;

use crate::{
    data::{self, Data},
    machine::on_all_cores,
    side::{Job, Result, Run, Side},
    works::{Kind, Training, Work},
};

/// yhat.
pub struct Yhat;

impl Side for Yhat {
    fn name(&self) -> &str {
        "yhat"
    }

    fn version(&self) -> &str {
        concat!("yhat ", env!("CARGO_PKG_VERSION"))
    }

    fn ready<'a>(&'a mut self, work: &Work) -> Result<Option<Job<'a>>> {
        Ok(Some(match work.kind.clone() {
            Kind::Train { net } => trained(net, Parts::Library),
            Kind::Own { net } => trained(net, Parts::Own),
            Kind::Plan { net } => planned(net),
            Kind::Surfaces { samples, double } => surfaces(samples, double)?,
            Kind::Seeds { net, seeds } => seeded(net, seeds),
            Kind::Predict { net, rows, calls } => predicted(net, rows, calls)?,
            Kind::Landscape { net } => landscape(net)?,
            Kind::Sweep { net, seeds } => swept(net, seeds),
            Kind::Diagnose { net } => diagnosed(net)?,
            Kind::Start { .. } => process(START),
            Kind::Lecture => process(LECTURE),
        }))
    }
}

/// What a net is made of.
#[derive(Clone, Copy, PartialEq)]
pub enum Parts {
    Library,
    /// An activation and a loss that a user wrote.
    Own,
}

/// The net with its initial weights, compiled.
pub fn compiled(spec: &Training, parts: Parts) -> Result<Sequential> {
    set_seed(spec.seed);
    let mut net = Sequential::new();
    for (i, units) in spec.units.iter().enumerate() {
        let layer = Dense::new(*units);
        net.add(match (i + 1 == spec.units.len(), parts) {
            (true, _) => layer.activation(spec.output),
            (false, Parts::Library) => layer.activation(spec.hidden),
            (false, Parts::Own) => layer.activation(|x: &Tensor| x * x.sigmoid()),
        });
    }
    net.build(spec.data.features())?;
    compile(&mut net, spec, parts);
    Ok(net)
}

/// What every side starts with: kernel, bias, kernel, ...
pub fn initial_weights(spec: &Training) -> Result<Vec<Array>> {
    Ok(compiled(spec, Parts::Library)?.get_weights()?)
}

fn compile(net: &mut Sequential, spec: &Training, parts: Parts) {
    let loss = match parts {
        Parts::Library => Loss::from(spec.loss),
        Parts::Own => Loss::from(|y: &Tensor, yhat: &Tensor| (y - yhat).square().mean()),
    };
    match spec.optimizer {
        "adam" => net.compile(Adam::new(spec.rate), loss),
        _ => net.compile(Sgd::new(spec.rate), loss),
    };
}

/// Trains for the epochs `from..to`, shuffled.
pub fn fit(net: &mut Sequential, spec: &Training, data: &Data, from: usize, to: usize) -> Result<Run> {
    let fit = Fit::epochs(to).initial_epoch(from).batch_size(spec.batch).verbose(0);
    let clock = Instant::now();
    let history = net.fit(&data.x, &data.y, fit)?;
    Ok(Run { seconds: clock.elapsed().as_secs_f64(), result: history.last("loss") })
}

/// Training, once the plan is made.
pub fn trained(spec: Training, parts: Parts) -> Job<'static> {
    let data = spec.data.make();
    Box::new(move || {
        let mut net = compiled(&spec, parts)?;
        fit(&mut net, &spec, &data, 0, spec.warm)?;
        fit(&mut net, &spec, &data, spec.warm, spec.warm + spec.epochs)
    })
}

/// From `compile` to the end of the first batch.
fn planned(spec: Training) -> Job<'static> {
    let data = spec.data.make();
    let data = Data { x: data.x.rows(0, spec.batch), y: data.y.rows(0, spec.batch) };
    Box::new(move || {
        let mut net = compiled(&spec, Parts::Library)?;
        let clock = Instant::now();
        compile(&mut net, &spec, Parts::Library);
        let run = fit(&mut net, &spec, &data, 0, 1)?;
        Ok(Run { seconds: clock.elapsed().as_secs_f64(), ..run })
    })
}

/// One net after another, the seeds divided among the cores.
fn seeded(spec: Training, seeds: usize) -> Job<'static> {
    let data = spec.data.make();
    let one = move |seed: usize, data: &Data| -> std::result::Result<f64, String> {
        let spec = Training { seed: seed as i64, ..spec.clone() };
        let mut net = compiled(&spec, Parts::Library).map_err(|e| e.to_string())?;
        let run = fit(&mut net, &spec, data, 0, spec.epochs).map_err(|e| e.to_string())?;
        Ok(run.result)
    };
    Box::new(move || {
        let clock = Instant::now();
        let of_core = |core, cores| (core..seeds).step_by(cores).map(|seed| one(seed, &data)).collect::<Vec<_>>();
        let losses = on_all_cores(of_core).into_iter().flatten().collect::<std::result::Result<Vec<f64>, _>>()?;
        Ok(Run { seconds: clock.elapsed().as_secs_f64(), result: losses.iter().sum::<f64>() / seeds as f64 })
    })
}

/// Both surfaces in one plan.
fn surfaces(samples: usize, double: bool) -> Result<Job<'static>> {
    let dtype = if double { DType::F64 } else { DType::F32 };
    let (x, y) = data::surface_samples(samples);
    let (w0, w1) = data::grid();
    let points = w0.len();
    let row = |v: Vec<f64>| Array::from(v).cast(dtype).reshape([1, samples]);
    let (x, y) = (Tensor::from(row(x)?), Tensor::from(row(y)?));
    let inputs = ["w0", "w1"].map(|name| Tensor::input(name, [points, 1], dtype));
    let yhat = (&inputs[0] + &inputs[1] * &x).sigmoid();
    let mse = (&y - &yhat).square().mean_axis(1);
    let bce = -(&y * yhat.ln() + (1.0 - &y) * (1.0 - &yhat).ln()).mean_axis(1);
    let plan = Plan::new(&inputs, &[mse, bce], &[])?;
    let mut workspace = plan.workspace();
    let (w0, w1) = (Array::from(w0).reshape([points, 1])?, Array::from(w1).reshape([points, 1])?);
    Ok(Box::new(move || {
        let clock = Instant::now();
        workspace.set_input(0, &w0)?;
        workspace.set_input(1, &w1)?;
        plan.run(&mut workspace)?;
        let surfaces = [workspace.output(0), workspace.output(1)];
        let seconds = clock.elapsed().as_secs_f64();
        Ok(Run { seconds, result: surfaces.iter().flat_map(Array::to_vec).sum() })
    }))
}

/// The loss on a plane of random directions.
fn landscape(spec: Training) -> Result<Job<'static>> {
    let data = spec.data.make();
    let net = compiled(&spec, Parts::Library)?;
    Ok(Box::new(move || {
        let clock = Instant::now();
        let surface = Landscape::new(Plane::random(&net, 0)?).size(65, 55).compute(&net, &data.x, &data.y)?;
        let seconds = clock.elapsed().as_secs_f64();
        let losses = surface.loss.to_vec();
        Ok(Run { seconds, result: losses.iter().sum::<f64>() / losses.len() as f64 })
    }))
}

/// A sweep as users write it: nets and plans are made within the time.
fn swept(spec: Training, seeds: usize) -> Job<'static> {
    let data = spec.data.make();
    Box::new(move || {
        let clock = Instant::now();
        let mut sweep = Sweep::new(0..seeds as i64, || Fit::epochs(spec.epochs).batch_size(spec.batch));
        sweep.add(&[], || compiled(&spec, Parts::Library).unwrap_or_default());
        let swept = sweep.run(&data.x, &data.y)?;
        let seconds = clock.elapsed().as_secs_f64();
        let losses: f64 = swept.variants[0].trials.iter().map(Trial::loss).sum();
        Ok(Run { seconds, result: losses / seeds as f64 })
    })
}

/// What state the net is in, after its training.
fn diagnosed(spec: Training) -> Result<Job<'static>> {
    let data = spec.data.make();
    let mut net = compiled(&spec, Parts::Library)?;
    fit(&mut net, &spec, &data, 0, spec.epochs)?;
    Ok(Box::new(move || {
        let clock = Instant::now();
        let diagnosis = net.diagnose(&data.x, &data.y)?;
        let seconds = clock.elapsed().as_secs_f64();
        let loss = diagnosis.findings.iter().find_map(|finding| finding.number("loss"));
        Ok(Run { seconds, result: loss.ok_or("a verdict without a loss")? })
    }))
}

/// The output for the first rows.
fn predicted(spec: Training, rows: usize, calls: usize) -> Result<Job<'static>> {
    let x = spec.data.make().x.rows(0, rows);
    let net = compiled(&spec, Parts::Library)?;
    Ok(Box::new(move || {
        let clock = Instant::now();
        for _ in 1..calls {
            black_box(net.predict(&x)?);
        }
        let output = net.predict(&x)?;
        let seconds = clock.elapsed().as_secs_f64();
        Ok(Run { seconds, result: output.to_vec().iter().map(|p| p * p).sum() })
    }))
}

/// This program with this argument alone trains w1.
pub const START: &str = "--start";

/// This program with this argument alone runs the lecture.
pub const LECTURE: &str = "--lecture";

/// This program again, which does what its argument says and prints the result.
fn process(argument: &'static str) -> Job<'static> {
    Box::new(move || {
        let clock = Instant::now();
        let output = Command::new(std::env::current_exe()?).arg(argument).stderr(Stdio::inherit()).output()?;
        let seconds = clock.elapsed().as_secs_f64();
        Ok(Run { seconds, result: String::from_utf8(output.stdout)?.trim().parse()? })
    })
}

/// What the process that w8 times does: what the library's front page shows.
pub fn start(spec: &Training) -> Result<f64> {
    let mut net = compiled(spec, Parts::Library)?;
    Ok(fit(&mut net, spec, &spec.data.make(), 0, spec.warm + spec.epochs)?.result)
}

/// What the process that w7 times does, as `yhat lecture --numbers-only`: bytes of `numbers.json`.
pub fn lecture() -> Result<u64> {
    let folder = std::env::temp_dir().join(format!("yhat-bench-{}", std::process::id()));
    Report::prepare(&folder)?;
    let mut report = Report::new();
    for chapter in CHAPTERS {
        report.add(chapter, chapter.run()?);
    }
    let bytes = fs::metadata(report.write_numbers(&folder)?)?.len();
    fs::remove_dir_all(folder)?;
    Ok(bytes)
}
