//! Figures that change from frame to frame.

use crate::{Error, Figure, Result};

/// A figure whose panels stay while what they hold changes: matplotlib's `FuncAnimation`.
///
/// Frames share what they have in common: a surface that stays is in the page once, however many frames there are. An
/// axis without limits of its own has those that suit all frames.
///
/// ```
/// use yhat_plot::{Animation, Figure, Style};
/// let x: Vec<f64> = (0..50).map(|i| f64::from(i) / 10.0).collect();
/// let mut figure = Figure::new();
/// figure.axes().plot(&x, &x, Style::new("--b").id("wave"));
/// let waves = Animation::new(&figure, 30, |figure, i| {
///     let y: Vec<f64> = x.iter().map(|x| (x + i as f64 / 5.0).sin()).collect();
///     figure.axes().set_data("wave", &x, y);                          // replaces the line
///     figure.axes().plot([2.0], [(2.0 + i as f64 / 5.0).sin()], "k."); // adds to those of the frames before
/// });
/// assert_eq!(waves.frames(), 30);
/// ```
#[derive(Clone, Debug)]
pub struct Animation {
    pub(crate) frames: Vec<Figure>,
    pub(crate) interval: f64,
    pub(crate) mode: Mode,
}

/// What a player does when the last frame has been shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// It stops.
    Once,
    /// It begins anew.
    #[default]
    Loop,
    /// It goes back the way it came.
    Reflect,
}

impl Animation {
    /// As many frames as `frames` says. `animate` changes the figure from frame to frame, beginning with `figure` itself:
    /// what it draws stays in those that follow, [`Axes::set_data`](crate::Axes::set_data) replaces.
    pub fn new(figure: &Figure, frames: usize, mut animate: impl FnMut(&mut Figure, usize)) -> Animation {
        let mut figure = figure.clone();
        let frame = |i| {
            animate(&mut figure, i);
            figure.clone()
        };
        Animation { frames: (0..frames).map(frame).collect(), interval: 200.0, mode: Mode::Loop }
    }

    /// Milliseconds from frame to frame; 200 if not said.
    pub fn interval(mut self, milliseconds: f64) -> Animation {
        self.interval = milliseconds;
        self
    }

    /// What the player does after the last frame, until its viewer wants it otherwise.
    pub fn mode(mut self, mode: Mode) -> Animation {
        self.mode = mode;
        self
    }

    /// What is to be seen, for those who can't see it: [`Figure::alt`] of all frames.
    pub fn alt(mut self, text: impl Into<String>) -> Animation {
        let text = text.into();
        self.frames.iter_mut().for_each(|frame| frame.alt = Some(text.clone()));
        self
    }

    /// How many frames there are.
    pub fn frames(&self) -> usize {
        self.frames.len()
    }

    /// A frame as a figure, from 0.
    pub fn frame(&self, i: usize) -> Option<&Figure> {
        self.frames.get(i)
    }

    /// The first mistake of the first frame that has one.
    pub(crate) fn check(&self) -> Result<()> {
        if !(self.interval >= 1.0 && self.interval.is_finite()) {
            return Err(Error::argument("interval(milliseconds)", "a number from 1 on", self.interval));
        }
        if self.frames.is_empty() {
            return Err(Error::argument("Animation::new(figure, frames, animate)", "at least one frame", 0));
        }
        let wrong = |(number, frame): (usize, &Figure)| {
            frame.check().map_err(|source| Error::Frame { number, source: Box::new(source) })
        };
        self.frames.iter().enumerate().try_for_each(wrong)
    }

    /// The frames with axes that are the same in all of them.
    ///
    /// # Errors
    /// As [`Animation::check`], and if a number does not fit its axis.
    pub(crate) fn settled(&self) -> Result<Vec<Figure>> {
        self.check()?;
        let mut frames = self.frames.clone();
        let panels = self.frames.iter().map(|frame| frame.panels.len()).max().unwrap_or(0);
        for panel in 0..panels {
            let mut common: Vec<(f64, f64)> = Vec::new();
            for (number, frame) in self.frames.iter().enumerate() {
                let Some((_, panel)) = frame.panels.get(panel) else { continue };
                let limits = panel.limits().map_err(|source| Error::Frame { number, source: Box::new(source) })?;
                match common.is_empty() {
                    true => common = limits,
                    false => common.iter_mut().zip(limits).for_each(|(a, b)| *a = joined(*a, b)),
                }
            }
            let here = frames.iter_mut().filter_map(|frame| frame.panels.get_mut(panel));
            here.for_each(|(_, panel)| panel.set_limits(&common));
        }
        Ok(frames)
    }
}

/// Limits that hold both; a turned axis stays turned.
fn joined(a: (f64, f64), b: (f64, f64)) -> (f64, f64) {
    let (low, high) = (a.0.min(a.1).min(b.0.min(b.1)), a.0.max(a.1).max(b.0.max(b.1)));
    if a.0 <= a.1 { (low, high) } else { (high, low) }
}
