//! Why a fit is as it is: what state a net is in, with evidence and what to try next.
//!
//! [`Sequential::diagnose`] looks at data, loss, units, slope, curvature and residuals, trains copies on for a while and
//! from other seeds, and says what it found. Everything is computed here and now; what was not computed is listed with
//! the reason, and what could be chance comes with its probability.
//!
//! ```
//! use yhat::{diagnose::Kind, prelude::*};
//! let x = Array::linspace(-1.0, 1.0, 100);
//! let mut rng = RandomState::new(1);
//! let y = x.mapv(|x| x.abs() + 0.1 * rng.normal(0.0, 1.0));
//! let mut net = Sequential::from_layers([Dense::new(1)]);
//! net.compile(Sgd::new(0.1), "mse");
//! net.fit(&x, &y, Fit::epochs(1000).batch_size(100))?;
//!
//! let diagnosis = net.diagnose(&x, &y)?;
//! println!("{diagnosis}");
//! assert_eq!(diagnosis.kinds(), [Kind::Capacity, Kind::Minimum]); // The data have a bend; the line has settled.
//! let capacity = diagnosis.get(Kind::Capacity).unwrap();
//! assert!(capacity.number("loss_with").unwrap() < 0.5 * capacity.number("loss").unwrap());
//! # Ok::<(), yhat::Error>(())
//! ```

use yhat_tensor::Array;

use crate::{
    Error, Result, Sequential,
    model::Traced,
    units::{Shape, Units, shapes, units},
};

mod capacity;
mod data;
mod diagnosis;
mod finding;
mod misfit;
mod neighbours;
mod output;
mod over_fit;
mod parts;
mod state;
mod structure;
mod subject;
mod texts;
mod training;

pub use diagnosis::Diagnosis;
pub use finding::{Finding, Kind, Value};
pub use texts::Language;

use misfit::Means;
use output::Output;
use parts::Part;
use subject::Subject;

/// What a diagnosis may do beyond the rows and the time that it takes by itself.
///
/// ```
/// use yhat::{diagnose::Kind, prelude::*, Diagnose};
/// let (x, y) = (Array::linspace(0.0, 1.0, 20), Array::linspace(1.0, 3.0, 20));
/// let mut net = Sequential::from_layers([Dense::new(1)]);
/// net.compile(Sgd::new(0.2), "mse");
/// net.fit(&x, &y, Fit::epochs(2000).batch_size(20))?;
/// let diagnosis = net.diagnose_with(&x, &y, Diagnose::new().held_out([0.25, 0.75], [1.5, 2.5]).fits(3).steps(100))?;
/// assert_eq!(diagnosis.kinds(), [Kind::Minimum]);
/// assert_eq!(diagnosis.findings[0].number("fits"), Some(3.0));
/// # Ok::<(), yhat::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Diagnose {
    held_out: Option<(Array, Array)>,
    fits: Option<usize>,
    steps: Option<usize>,
}

impl Diagnose {
    /// What [`Sequential::diagnose`] does.
    pub fn new() -> Diagnose {
        Diagnose::default()
    }

    /// Rows that the net was not trained on, to see whether it is over-fit.
    pub fn held_out(self, x: impl Into<Array>, y: impl Into<Array>) -> Diagnose {
        Diagnose { held_out: Some((x.into(), y.into())), ..self }
    }

    /// How many fits are made from other seeds (0, 1, 2, ...), however long they take; 0 for none.
    pub fn fits(self, fits: usize) -> Diagnose {
        Diagnose { fits: Some(fits), ..self }
    }

    /// How many steps each of these fits makes.
    pub fn steps(self, steps: usize) -> Diagnose {
        Diagnose { steps: Some(steps), ..self }
    }
}

impl Sequential {
    /// What state the net is in on the rows that it was trained on, and why: findings with evidence and advice.
    ///
    /// The first finding is the headline: the order is that of [`Kind`].
    ///
    /// A net without weights gets them, as by any call. Takes as long as a few thousand epochs of a small net, or a few
    /// hundred of one with thousands of weights. The net and its optimizer stay as they are, and no random numbers of the
    /// program are drawn.
    ///
    /// # Errors
    /// If the net was not compiled, or the data do not fit it. That there is NaN in them is a finding.
    pub fn diagnose(&self, x: impl Into<Array>, y: impl Into<Array>) -> Result<Diagnosis> {
        self.diagnose_with(x, y, Diagnose::new())
    }

    /// [`Sequential::diagnose`] with other rows, or more time.
    ///
    /// # Errors
    /// As [`Sequential::diagnose`].
    pub fn diagnose_with(&self, x: impl Into<Array>, y: impl Into<Array>, options: Diagnose) -> Result<Diagnosis> {
        let (x, y): (Array, Array) = (x.into(), y.into());
        let mut diagnosis = Diagnosis { findings: data::not_finite(&x, &y), unknown: Vec::new() };
        if !diagnosis.findings.is_empty() {
            diagnosis.end::<()>("with such data nothing can be computed");
            return Ok(diagnosis);
        }
        let traced = self.traced("diagnose", &x, &y)?;
        if traced.parameters() == 0 {
            return Err(Error::state(format!("diagnosis of net '{}'", self.name()), "needs trainable weights"));
        }
        diagnosis.examine(self, &traced, &options)?;
        diagnosis.findings.sort_by_key(|finding| finding.kind);
        Ok(diagnosis)
    }
}

impl Diagnosis {
    fn examine(&mut self, net: &Sequential, traced: &Traced, options: &Diagnose) -> Result<()> {
        let units = units(&traced.layers, &traced.x)?;
        let Some((parts, output)) = self.look(net, traced, &units)? else { return Ok(()) };
        self.try_out(net, traced, options, &parts, output)
    }

    /// What data, loss and units say by themselves; `None` where nothing more can be computed, which is said then.
    fn look(&mut self, net: &Sequential, traced: &Traced, units: &[Units]) -> Result<Option<(Vec<Part>, Output)>> {
        // A layer of one's own may refuse rows that are not data; then its activation is not looked at.
        let shapes: Vec<Option<Shape>> =
            shapes(&traced.layers, &traced.x.shape()[1..], traced.x.dtype()).unwrap_or_default();
        let means = misfit::meaning(&traced.loss_function);
        let cross_entropy = matches!(means, Means::BinaryCrossentropy | Means::CategoricalCrossentropy);
        self.findings.extend(data::inputs(traced, units));
        self.findings.extend(data::targets(traced, shapes.last().and_then(Option::as_ref), cross_entropy));
        let (rate, limit) = (net.learning_rate()?, traced.optimizer.stability_limit());
        if let Some(finding) = state::diverged(traced, rate, limit)? {
            self.findings.push(finding);
            return Ok(self.end("with such weights nothing can be computed"));
        }
        self.findings.extend(misfit::misfits(traced, means)?);
        let parts = parts::parts(traced, units, &shapes)?;
        self.findings.extend(parts.iter().flat_map(|part| part.findings.clone()));
        if self.get(Kind::LabelRange).is_some() {
            return Ok(self.end("with such targets the loss means nothing"));
        }
        let output = Output::new(traced)?;
        if output.loss.is_finite() {
            return Ok(Some((parts, output)));
        }
        let layer = units.last().map_or(String::new(), |units| units.layer.clone());
        self.findings
            .push(Finding::new(Kind::Diverged).with("what", "The loss is").with("layer", layer).with("rate", rate));
        Ok(self.end("with such a loss nothing can be computed"))
    }

    /// What training on, other seeds, curvature, residuals and other rows say.
    fn try_out(
        &mut self,
        net: &Sequential,
        traced: &Traced,
        options: &Diagnose,
        parts: &[Part],
        mut output: Output,
    ) -> Result<()> {
        let (constant, about_constant) = output.of_constant()?;
        let mut subject = Subject::new(net, traced, constant, options)?;
        let state = subject.state(parts)?;
        let (kind, settled) = (state.kind, matches!(state.kind, Kind::Minimum | Kind::StandingStill));
        self.findings.push(state);
        if kind != Kind::Exploding {
            self.findings.extend(subject.rate_too_high());
        }
        if settled || kind == Kind::Saddle {
            self.findings.extend(subject.at_kinks(parts)?);
            self.findings.extend(subject.worse());
        }
        // A better start is to be had before a larger net is.
        if settled && self.get(Kind::WorseMinimum).is_none() {
            self.findings.extend(capacity::capacity(traced, &mut output, constant)?);
        }
        let over_fit = match &options.held_out {
            Some((x, y)) => over_fit::against(net, traced, &output, x, y)?,
            None => None,
        };
        let noise = over_fit::of_noise(traced, &output, constant, &about_constant);
        if options.held_out.is_none() && noise.is_none() {
            self.unknown.push(Finding::new(Kind::UnknownOverFit));
        }
        self.findings.extend(over_fit.or(noise));
        self.not_computed(&subject, net, kind)
    }

    /// Says why the rest is not computed.
    fn end<T>(&mut self, why: &'static str) -> Option<T> {
        self.unknown.push(Finding::new(Kind::UnknownRest).with("why", why));
        None
    }

    fn not_computed(&mut self, subject: &Subject, net: &Sequential, state: Kind) -> Result<()> {
        let traced = subject.traced;
        let (parameters, rows) = (traced.parameters(), traced.rows());
        let mut push = |kind| self.unknown.push(Finding::new(kind).with("parameters", parameters).with("rows", rows));
        if subject.spectrum.is_none() {
            push(Kind::UnknownCurvature);
        }
        if subject.others.is_none() {
            push(Kind::UnknownOthers);
        }
        if rows < structure::FEWEST_ROWS {
            push(Kind::UnknownStructure);
        } else if state == Kind::StillDescending {
            push(Kind::UnknownCapacity);
        }
        if traced.optimizer.stability_limit().is_none() {
            self.unknown.push(Finding::new(Kind::UnknownRate).with("optimizer", traced.optimizer.name()));
        }
        let steps = subject.before.as_ref().map_or(0.0, |state| state.iterations().value().item());
        if steps > net.epochs_trained()? as f64 {
            self.unknown.push(Finding::new(Kind::UnknownBatches));
        }
        Ok(())
    }
}

/// Numbers in a line, the first few if there are many.
fn listed(numbers: &[usize]) -> String {
    const SHOWN: usize = 10;
    let shown: Vec<String> = numbers.iter().take(SHOWN).map(usize::to_string).collect();
    let more = if numbers.len() > SHOWN { ", ..." } else { "" };
    shown.join(", ") + more
}
