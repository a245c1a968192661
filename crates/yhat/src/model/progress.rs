//! What a fit prints while it runs: Keras 2.8's lines.

use std::{
    io::{IsTerminal, Write},
    time::{Duration, Instant},
};

use super::{Logs, Verbose};

/// A bar is drawn again after this long.
const REDRAW: Duration = Duration::from_millis(50);
/// A fit that takes longer than this says how far it is, if nothing was said about printing.
const PATIENCE: Duration = Duration::from_secs(1);
/// Characters of a bar.
const WIDTH: usize = 30;

/// The printer of one fit.
pub(super) struct Progress<'a> {
    verbose: Verbose,
    out: Box<dyn Write + 'a>,
    terminal: bool,
    epochs: usize,
    steps: usize,
    started: Instant,
    clock: Clock,
    drawn: Option<Instant>,
    glanced: Option<Instant>,
    /// Characters on the terminal's current line.
    width: usize,
}

/// When an epoch began and when its first step, which takes longer than the others, was over.
struct Clock {
    began: Instant,
    first_step: Option<Instant>,
}

impl<'a> Progress<'a> {
    pub fn new(verbose: Verbose, output: Option<(Box<dyn Write + 'a>, bool)>, epochs: usize, steps: usize) -> Self {
        let (out, terminal) = output.unwrap_or_else(|| match verbose {
            Verbose::Auto => (Box::new(std::io::stderr()), std::io::stderr().is_terminal()),
            _ => (Box::new(std::io::stdout()), std::io::stdout().is_terminal()),
        });
        let verbose = if verbose == Verbose::Auto && !terminal { Verbose::Silent } else { verbose };
        let now = Instant::now();
        let clock = Clock { began: now, first_step: None };
        Progress { verbose, out, terminal, epochs, steps, started: now, clock, drawn: None, glanced: None, width: 0 }
    }

    /// Whether nothing is going to be printed.
    pub fn is_silent(&self) -> bool {
        self.verbose == Verbose::Silent
    }

    /// Whether something is printed at every epoch.
    pub fn is_loud(&self) -> bool {
        matches!(self.verbose, Verbose::Bar | Verbose::Line)
    }

    pub fn epoch_begin(&mut self, epoch: usize) {
        if !self.is_loud() {
            return;
        }
        self.clock = Clock { began: Instant::now(), first_step: None };
        if self.epochs > 1 {
            self.print(&format!("Epoch {}/{}\n", epoch + 1, self.epochs));
        }
    }

    /// After step `step` (from 1) of an epoch, with the means so far.
    pub fn step_end(&mut self, step: usize, logs: impl Fn() -> Logs) {
        if self.verbose != Verbose::Bar {
            return;
        }
        let now = Instant::now();
        if step == 1 {
            self.clock.first_step = Some(now);
        }
        if self.terminal && self.drawn.is_none_or(|drawn| now - drawn >= REDRAW) {
            let line = self.clock.unfinished(step, self.steps, &logs(), now);
            self.redraw(&line);
            self.drawn = Some(now);
        }
    }

    pub fn epoch_end(&mut self, epoch: usize, logs: &Logs) {
        let now = Instant::now();
        match self.verbose {
            Verbose::Bar => {
                let line = self.clock.finished(self.steps, logs, now);
                self.redraw(&line);
                self.print("\n");
                (self.width, self.drawn) = (0, None);
            }
            Verbose::Line => {
                let line = self.clock.line(self.steps, logs, now);
                self.print(&line);
            }
            Verbose::Auto => self.overview(epoch, logs, now),
            _ => {}
        }
    }

    /// Says how far the fit is, if it takes long; whether it is early to ask again.
    pub fn glance(&mut self, epoch: usize, logs: &Logs) -> bool {
        let now = Instant::now();
        let early = self.glanced.replace(now).is_none_or(|before| now - before < REDRAW / 2);
        self.overview(epoch, logs, now);
        early
    }

    /// How far the whole fit is, on one line of the terminal, once it has taken some time.
    fn overview(&mut self, epoch: usize, logs: &Logs, now: Instant) {
        if now - self.started < PATIENCE || self.drawn.is_some_and(|drawn| now - drawn < REDRAW) {
            return;
        }
        let (done, seconds) = (epoch + 1, (now - self.started).as_secs_f64());
        let left = seconds / done as f64 * self.epochs.saturating_sub(done) as f64;
        let bar = bar(done, self.epochs);
        self.redraw(&format!("Epoch {bar} - {seconds:.0}s, {} to go - {logs}", duration(left)));
        self.drawn = Some(now);
    }

    /// Leaves the terminal's line empty, where it was only there to be seen meanwhile.
    pub fn finish(&mut self) {
        if self.verbose == Verbose::Auto && self.width > 0 {
            self.redraw("");
            self.print("\r");
        }
    }

    /// Draws over the terminal's line; in a pipe prints.
    fn redraw(&mut self, line: &str) {
        match self.terminal {
            true => {
                let width = line.chars().count();
                self.print(&format!("\r{line}{}", " ".repeat(self.width.saturating_sub(width))));
                self.width = width;
            }
            false => self.print(line),
        }
    }

    /// Prints; a reader that has gone away is no reason to stop training.
    fn print(&mut self, text: &str) {
        let _ = self.out.write_all(text.as_bytes()).and_then(|()| self.out.flush());
    }
}

impl Clock {
    /// `4/4 [==============================] - 0s 2ms/step - loss: 0.0489`
    fn finished(&self, steps: usize, logs: &Logs, now: Instant) -> String {
        let step = self.seconds_a_step(steps, now);
        format!("{} - {:.0}s {} - {logs}", bar(steps, steps), (now - self.began).as_secs_f64(), per(step, "step"))
    }

    /// `2/4 [==============>...............] - ETA: 0s - loss: 0.0489`
    fn unfinished(&self, step: usize, steps: usize, logs: &Logs, now: Instant) -> String {
        let left = self.seconds_a_step(step, now) * steps.saturating_sub(step) as f64;
        format!("{} - ETA: {} - {logs}", bar(step, steps), duration(left))
    }

    /// `4/4 - 0s - loss: 0.0489 - 9ms/epoch - 2ms/step`
    fn line(&self, steps: usize, logs: &Logs, now: Instant) -> String {
        let seconds = (now - self.began).as_secs_f64();
        let (epoch, step) = (per(seconds, "epoch"), per(seconds / steps as f64, "step"));
        format!("{steps}/{steps} - {seconds:.0}s - {logs} - {epoch} - {step}\n")
    }

    fn seconds_a_step(&self, step: usize, now: Instant) -> f64 {
        match self.first_step {
            Some(first) if step > 1 => (now - first).as_secs_f64() / (step - 1) as f64,
            _ => (now - self.began).as_secs_f64() / step.max(1) as f64,
        }
    }
}

/// ` 3/10 [========>.....................]`
pub(crate) fn bar(done: usize, all: usize) -> String {
    let digits = all.to_string().len();
    let full = WIDTH * done / all.max(1);
    let head = if done < all { ">" } else { "=" };
    let bar = if full > 0 { "=".repeat(full - 1) + head } else { String::new() };
    format!("{done:>digits$}/{all} [{bar:.<WIDTH$}]")
}

/// `2ms/step`
fn per(seconds: f64, unit: &str) -> String {
    match seconds {
        s if s >= 1.0 || s == 0.0 => format!("{s:.0}s/{unit}"),
        s if s >= 1e-3 => format!("{:.0}ms/{unit}", s * 1e3),
        s => format!("{:.0}us/{unit}", s * 1e6),
    }
}

/// `1:01:01`, `1:01` or `59s`
pub(crate) fn duration(seconds: f64) -> String {
    let s = seconds as u64;
    match seconds {
        x if x > 3600.0 => format!("{}:{:02}:{:02}", s / 3600, s % 3600 / 60, s % 60),
        x if x > 60.0 => format!("{}:{:02}", s / 60, s % 60),
        _ => format!("{s}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::{super::logs::number, *};

    fn logs(values: &[(&str, f64)]) -> Logs {
        let mut logs = Logs::default();
        values.iter().for_each(|(name, value)| logs.push(name, *value));
        logs
    }

    /// Lines that Keras 2.8's `Progbar` prints with the clock set to these times.
    #[test]
    fn lines_are_those_of_keras() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/reference/model28.json");
        let reference: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        for case in reference["progress"].as_array().unwrap() {
            let began = Instant::now();
            let times = case["times"].as_array().unwrap().iter().map(|t| t.as_f64().unwrap());
            let times: Vec<Instant> = times.map(|t| began + Duration::from_secs_f64(t)).collect();
            let values = case["values"].as_array().unwrap();
            let values: Vec<(&str, f64)> =
                values.iter().map(|v| (v[0].as_str().unwrap(), v[1].as_f64().unwrap())).collect();
            let (steps, logs) = (times.len(), logs(&values));
            let clock = Clock { began, first_step: Some(times[0]) };
            let last = times[steps - 1];
            let ends = match case["verbose"].as_u64() {
                Some(1) => [clock.unfinished(1, steps, &logs, times[0]), clock.finished(steps, &logs, last)],
                _ => [clock.line(steps, &logs, last), clock.line(steps, &logs, last)],
            };
            let lines = case["lines"].as_array().unwrap();
            let expected = [&lines[0], &lines[lines.len() - 1]].map(|l| l.as_str().unwrap());
            assert_eq!(ends.each_ref().map(|l| l.trim()), expected);
        }
    }

    /// On a terminal, and if nothing was said about printing: silence, then one line that goes away at the end.
    #[test]
    fn a_long_fit_says_how_far_it_is_and_leaves_nothing() {
        let mut text = Vec::new();
        let mut progress = Progress::new(Verbose::Auto, Some((Box::new(&mut text), true)), 1000, 1);
        assert!(progress.glance(4, &logs(&[("loss", 2.0)])), "ask again later, it is early");
        progress.started -= Duration::from_secs(10);
        progress.glance(499, &logs(&[("loss", 1.0)]));
        progress.finish();
        drop(progress);
        let text = String::from_utf8(text).unwrap();
        let line = "\rEpoch  500/1000 [==============>...............] - 10s, 10s to go - loss: 1.0000";
        assert!(text.starts_with(line), "{text:?}");
        assert_eq!(text[line.len()..].trim_matches([' ', '\r']), "", "the line is empty again: {text:?}");
    }

    #[test]
    fn times_as_keras_writes_them() {
        assert_eq!([per(0.0, "step"), per(2e-5, "step"), per(1.6, "step")], ["0s/step", "20us/step", "2s/step"]);
        assert_eq!([duration(59.9), duration(61.0), duration(3661.0)], ["59s", "1:01", "1:01:01"]);
        assert_eq!([number(0.25), number(-2e-4), number(0.0)], ["0.2500", "-2.0000e-04", "0.0000e+00"]);
    }
}
