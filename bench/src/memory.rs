//! Memory: what a process that does one work has needed at most, and whether it needs more the longer it runs.

use std::{fs, process::Command};

use serde::Serialize;

use crate::{
    ours::{self, Parts},
    side::Result,
    works::{self, Kind, Training},
};

/// This program with this argument and a work's name does it and tells what it needed.
pub const CHILD: &str = "--memory";

/// Bytes, as the operating system counts them.
#[derive(Serialize)]
pub struct Memory {
    pub work: &'static str,
    /// The most that the process had.
    pub peak: f64,
    /// What it must have had: data, weights, what the optimizer keeps, one batch's activations.
    pub needed: f64,
    /// What more it had at the end than after a tenth of its epochs, which are 100,000 for w1.
    pub grown: f64,
}

/// The works that are measured: one that is long, and those that are large.
const MEASURED: [&str; 3] = ["w1", "w5", "w5-1024"];

/// Each work in a process of its own, printed as they are measured.
pub fn all() -> Result<Vec<Memory>> {
    println!("\n{:24} {:>10} {:>10} {:>12} {:>10}", "memory, MB", "peak", "needed", "peak/needed", "grown");
    let mut all = Vec::new();
    for work in works::all() {
        let Kind::Train { net } = &work.kind else { continue };
        if !MEASURED.contains(&work.name) {
            continue;
        }
        let output = Command::new(std::env::current_exe()?).args([CHILD, work.name]).output()?;
        let told = String::from_utf8(output.stdout)?;
        let numbers = told.split_whitespace().map(str::parse).collect::<std::result::Result<Vec<f64>, _>>()?;
        let [peak, grown] = numbers[..] else { return Err(format!("memory of {}: {told}", work.name).into()) };
        let memory = Memory { work: work.name, peak, needed: needed(net), grown };
        let [peak, needed, grown] = [memory.peak, memory.needed, memory.grown].map(|bytes| bytes / 1e6);
        println!("{:24} {peak:>10.1} {needed:>10.1} {:>12.2} {grown:>10.3}", memory.work, peak / needed);
        all.push(memory);
    }
    Ok(all)
}

/// What a child does.
pub fn child(name: &str) -> Result<()> {
    let work = works::all().into_iter().find(|w| w.name == name).ok_or(format!("no work {name}"))?;
    let Kind::Train { net: spec } = work.kind else { return Err(format!("{name} trains nothing").into()) };
    let data = spec.data.make();
    let mut net = ours::compiled(&spec, Parts::Library)?;
    // Of a thousand epochs each, or of one.
    let fits = if spec.epochs == 1000 { 100 } else { 10 };
    let mut before = 0.0;
    for i in 1..=fits {
        ours::fit(&mut net, &spec, &data, 0, spec.epochs)?;
        if i == fits / 10 {
            before = status("VmRSS")?;
        }
    }
    println!("{} {}", status("VmHWM")?, status("VmRSS")? - before);
    Ok(())
}

/// Bytes that the operating system has for this process under a name.
fn status(name: &str) -> Result<f64> {
    let status = fs::read_to_string("/proc/self/status").map_err(|_| "memory is read from /proc, which is not here")?;
    let line = status.lines().find_map(|l| l.strip_prefix(name)?.strip_prefix(':')).ok_or(format!("no {name}"))?;
    Ok(line.trim().trim_end_matches(" kB").parse::<f64>()? * 1024.0)
}

fn needed(net: &Training) -> f64 {
    let (rows, features) = (net.data.rows(), net.data.features());
    let inputs = std::iter::once(features).chain(net.units.iter().copied());
    let weights: usize = inputs.zip(&net.units).map(|(inputs, units)| (inputs + 1) * units).sum();
    let slots = if net.optimizer == "adam" { 3 } else { 1 };
    let targets = if net.loss.starts_with("sparse") { 8 } else { 4 };
    let activations = net.batch * (features + net.units.iter().sum::<usize>());
    (4 * (rows * features + slots * weights + activations) + targets * rows) as f64
}
