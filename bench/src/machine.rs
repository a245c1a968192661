//! The machine that it all runs on, as far as it explains figures.

use std::{fs, process::Command, thread};

use serde::Serialize;

use crate::hand;

/// What the figures depend on.
#[derive(Serialize)]
pub struct Machine {
    pub processor: String,
    pub cores: usize,
    pub avx512: bool,
    /// Float32 operations a second: one core's, and all cores' at once.
    pub peak: [f64; 2],
    /// Processes that were running on average during the minute before.
    pub load: f64,
    /// When the benchmark started, in universal time.
    pub date: String,
}

impl Machine {
    /// Asks and measures, for a tenth of a second or so.
    pub fn here() -> Machine {
        let cores = cores();
        let read = |path| fs::read_to_string(path).unwrap_or_default();
        let info = read("/proc/cpuinfo");
        let model = info.lines().find_map(|l| l.strip_prefix("model name")?.split_once(": ").map(|(_, model)| model));
        Machine {
            processor: model.unwrap_or("unknown").to_string(),
            load: read("/proc/loadavg").split(' ').next().and_then(|load| load.parse().ok()).unwrap_or(f64::NAN),
            date: date(),
            cores,
            avx512: hand::avx512(),
            peak: [hand::peak(1), hand::peak(cores)],
        }
    }

    /// One line about it.
    pub fn line(&self) -> String {
        let Machine { processor, cores, avx512, peak: [one, all], load, date } = self;
        let simd = if *avx512 { "AVX-512" } else { "no AVX-512" };
        let (one, all) = (one / 1e9, all / 1e9);
        format!(
            "{processor}, {cores} cores, {simd}, peak {one:.0} and {all:.0} GFLOP/s (1 core, all), load {load}, {date}"
        )
    }
}

/// As `2026-01-31 12:00`, by the system's own command.
fn date() -> String {
    let output = Command::new("date").args(["-u", "+%Y-%m-%d %H:%M"]).output();
    output.map_or(String::new(), |o| String::from_utf8_lossy(&o.stdout).trim().to_string())
}

/// How many cores there are.
pub fn cores() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}

/// `f(core, cores)` on every core at once.
pub fn on_all_cores<T: Send>(f: impl Fn(usize, usize) -> T + Sync) -> Vec<T> {
    let (f, cores) = (&f, cores());
    thread::scope(|scope| {
        let threads: Vec<_> = (0..cores).map(|core| scope.spawn(move || f(core, cores))).collect();
        threads.into_iter().map(|t| t.join().expect("a benchmark's thread does not panic")).collect()
    })
}
