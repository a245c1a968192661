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
//! assert_eq!(diagnosis.kinds(), [Kind::Minimum, Kind::Capacity]); // The line has settled; the data have a bend.
//! let capacity = diagnosis.get(Kind::Capacity).unwrap();
//! assert!(capacity.number("loss_with").unwrap() < 0.5 * capacity.number("loss").unwrap());
//! # Ok::<(), yhat::Error>(())
//! ```

use std::fmt;

use yhat_tensor::Array;

use crate::{
    Error, Result, Sequential,
    hessian::{Hessian, Spectrum},
    model::Traced,
    optimizers::State,
    units::{shapes, units},
};

mod data;
mod finding;
mod misfit;
mod output;
mod over_fit;
mod parts;
mod state;
mod structure;
mod texts;
mod training;

pub use finding::{Finding, Kind, Value};
pub use texts::Language;

use misfit::Means;
use output::Output;
use training::{Others, Trainer};

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

/// What was found, and what could not be.
#[derive(Clone, Debug, PartialEq)]
pub struct Diagnosis {
    /// What was found: data first, then the loss, where the net stands, its units, and how good it can be.
    pub findings: Vec<Finding>,
    /// What was not computed, and why.
    pub unknown: Vec<Finding>,
}

impl Diagnosis {
    /// The finding of this kind, the first if there are several.
    pub fn get(&self, kind: Kind) -> Option<&Finding> {
        self.findings.iter().find(|finding| finding.kind == kind)
    }

    /// The kinds of all findings, in order.
    pub fn kinds(&self) -> Vec<Kind> {
        self.findings.iter().map(|finding| finding.kind).collect()
    }

    /// The diagnosis in words.
    pub fn text(&self, language: Language) -> String {
        let (next, not_computed) = match language {
            Language::English => ("Next: ", "Not computed:"),
            Language::Korean => ("다음: ", "계산하지 않은 것:"),
        };
        let block = |finding: &Finding| {
            let parts = [("", finding.explanation(language)), (next, finding.advice(language))];
            let told = parts.iter().filter(|(_, text)| !text.is_empty());
            let lines: String = told.map(|(name, text)| wrapped(&format!("{name}{text}"), "  ")).collect();
            format!("{}\n{lines}", finding.title(language))
        };
        let mut text: String = self.findings.iter().map(block).collect::<Vec<_>>().join("\n");
        if !self.unknown.is_empty() {
            text += &format!("\n{not_computed}\n");
            for finding in &self.unknown {
                text += &wrapped(&format!("{}: {}", finding.title(language), finding.explanation(language)), "  ");
            }
        }
        text
    }
}

impl fmt::Display for Diagnosis {
    /// [`Diagnosis::text`] in English.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text(Language::English).trim_end())
    }
}

/// The net under examination, with what several checks need.
struct Subject<'a> {
    traced: &'a Traced,
    hessian: Hessian,
    trainer: Trainer,
    before: Option<State>,
    weights: Vec<Array>,
    rate: f64,
    loss: f64,
    gradient: Vec<f64>,
    norm: f64,
    /// The loss of the best constant answer.
    constant: f64,
    /// The part of that below which a loss is as good as none in the net's type.
    floor: f64,
    /// The loss after `steps` more steps.
    after: f64,
    steps: usize,
    spectrum: Option<Spectrum>,
    others: Option<Others>,
}

/// Work is counted in weights times rows, plus what a step costs in any case: so the same net gets the same diagnosis on any
/// machine. (A unit is about 0.1 ns for a small net, 0.6 ns for a large one, on one core of a Zen 4 EPYC, 2026-11-25.)
const ANY_STEP: usize = 2_000;
/// What training on may cost, what all fits from other seeds, and what the curvature.
const GOING_ON: usize = 20_000_000;
const OTHERS: usize = 150_000_000;
const CURVATURE: usize = 20_000_000_000;
/// Fits from other seeds, where there is time for so many; fewer than the second tell too little.
const FITS: usize = 20;
const FEWEST_FITS: usize = 3;

impl Sequential {
    /// What state the net is in on the rows that it was trained on, and why: findings with evidence and advice.
    ///
    /// A net without weights gets them, as by any call. Takes as long as a few thousand epochs of a small net, or a few hundred of one with thousands of weights. The net
    /// and its optimizer stay as they are, and no random numbers of the program are drawn.
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
            diagnosis
                .unknown
                .push(Finding::new(Kind::UnknownRest).with("why", "with such data nothing can be computed"));
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
        // A layer of one's own may refuse rows that are not data; then its activation is not looked at.
        let shapes = shapes(&traced.layers, &traced.x.shape()[1..], traced.x.dtype()).unwrap_or_default();
        let means = misfit::meaning(&traced.loss_function);
        let cross_entropy = matches!(means, Means::BinaryCrossentropy | Means::CategoricalCrossentropy);
        self.findings.extend(data::inputs(traced, &units));
        self.findings.extend(data::targets(traced, shapes.last().and_then(Option::as_ref), cross_entropy));

        let (rate, limit) = (net.learning_rate()?, traced.optimizer.stability_limit());
        if let Some(finding) = state::diverged(traced, rate, limit)? {
            self.findings.push(finding);
            self.unknown.push(Finding::new(Kind::UnknownRest).with("why", "with such weights nothing can be computed"));
            return Ok(());
        }
        self.findings.extend(misfit::misfits(traced, means)?);
        let parts = parts::parts(traced, &units, &shapes)?;
        self.findings.extend(parts.iter().flat_map(|part| part.findings.clone()));
        if self.findings.iter().any(|f| f.kind == Kind::LabelRange) {
            self.unknown.push(Finding::new(Kind::UnknownRest).with("why", "with such targets the loss means nothing"));
            return Ok(());
        }
        let mut output = Output::new(traced)?;
        if !output.loss.is_finite() {
            let layer = units.last().map_or(String::new(), |units| units.layer.clone());
            self.findings
                .push(Finding::new(Kind::Diverged).with("what", "The loss is").with("layer", layer).with("rate", rate));
            self.unknown.push(Finding::new(Kind::UnknownRest).with("why", "with such a loss nothing can be computed"));
            return Ok(());
        }
        let (constant, about_constant) = output.of_constant()?;
        let mut subject = Subject::new(net, traced, constant, options)?;
        self.findings.push(subject.state(&parts)?);
        let state = self.findings.last().map_or(Kind::Minimum, |finding| finding.kind);
        if state != Kind::Exploding {
            self.findings.extend(subject.rate_too_high());
        }
        if matches!(state, Kind::Minimum | Kind::Saddle | Kind::StandingStill) {
            self.findings.extend(subject.at_kinks(&parts)?);
            self.findings.extend(subject.worse());
        }
        let worse = self.get(Kind::WorseMinimum).is_some();
        if matches!(state, Kind::Minimum | Kind::StandingStill) && !worse {
            self.findings.extend(self.capacity(traced, &mut output, constant)?);
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
        self.not_computed(&subject, net)
    }

    /// Structure in the residuals that one more unit would explain.
    fn capacity(&self, traced: &Traced, output: &mut Output, constant: f64) -> Result<Option<Finding>> {
        let residuals: Vec<Vec<f64>> = (0..output.width).map(|o| output.residuals(o)).collect();
        if residuals.iter().any(|r| r.len() != traced.rows()) {
            return Ok(None);
        }
        let Some(found) = structure::structure(&traced.x_data, &residuals).filter(|found| found.p < 1e-3) else {
            return Ok(None);
        };
        let loss = output.loss;
        let with = structure::with_one_more_unit(output, &traced.x_data)?;
        if loss - with < (0.01 * loss.abs()).max(1e-3 * constant.abs()) {
            return Ok(None);
        }
        let finding = Finding::new(Kind::Capacity).with("input", found.input).with("correlation", found.correlation);
        let finding = finding.with("neighbours", found.neighbours).with("p", found.p).with("odds", odds(found.p));
        let gain = 100.0 * (loss - with) / loss.abs();
        Ok(Some(finding.with("loss", loss).with("loss_with", with).with("gain", gain)))
    }

    fn not_computed(&mut self, subject: &Subject, net: &Sequential) -> Result<()> {
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

/// One in how many, in words that a person reads.
fn odds(p: f64) -> String {
    match 1.0 / p {
        n if n < 1e4 => format!("{n:.0}"),
        n if n.is_finite() => format!("{n:.0e}"),
        _ => "more than can be written".to_string(),
    }
}

/// The curvature, unless that takes too long. (A product costs about three steps.)
fn spectrum_in_time(hessian: &mut Hessian, traced: &Traced) -> Result<Option<Spectrum>> {
    match CURVATURE / (3 * traced.parameters() * traced.rows()).max(1) {
        0..16 => Ok(None),
        n if n < 128 => hessian.lanczos(n.min(96)).map(Some),
        _ => hessian.spectrum().map(Some),
    }
}

impl<'a> Subject<'a> {
    fn new(net: &Sequential, traced: &'a Traced, constant: f64, options: &Diagnose) -> Result<Subject<'a>> {
        let mut hessian = Hessian::of(traced)?;
        let (loss, gradient) = hessian.gradient()?;
        let (rate, before) = (net.learning_rate()?, net.optimizer_state()?);
        let cost = traced.parameters() * traced.rows();
        let made = before.as_ref().map_or(0, |state| state.iterations().value().item() as usize);
        let narrow = traced.variables.iter().any(|v| v.dtype() == yhat_tensor::DType::F32);
        let spectrum = spectrum_in_time(&mut hessian, traced)?;
        let mut subject = Subject {
            trainer: Trainer::new(traced, rate)?,
            weights: traced.variables.iter().map(|v| v.value()).collect(),
            norm: gradient.iter().map(|g| g * g).sum::<f64>().sqrt(),
            floor: if narrow { 1e-6 } else { 1e-12 },
            steps: (made / 10).clamp(100, 2000).min(GOING_ON / (cost + ANY_STEP)).max(1),
            after: loss,
            others: None,
            traced,
            hessian,
            before,
            rate,
            loss,
            gradient,
            constant,
            spectrum,
        };
        subject.restart()?;
        let done = subject.trainer.run(subject.steps)?;
        subject.after = match done == subject.steps {
            true => {
                let weights = subject.trainer.weights();
                subject.loss_of(&weights)?
            }
            false => f64::INFINITY,
        };
        subject.others = subject.sweep(made, cost, options)?;
        Ok(subject)
    }

    /// Puts the copies where the net stands, with the optimizer as it is.
    fn restart(&mut self) -> Result<()> {
        self.trainer.start(&self.weights, self.before.as_ref())
    }

    fn loss_of(&mut self, weights: &[Array]) -> Result<f64> {
        let here = self.hessian.weights().to_vec();
        self.hessian.move_to(&crate::hessian::flat(weights))?;
        let loss = self.hessian.loss();
        self.hessian.move_to(&here)?;
        Ok(loss?).map(|loss| if loss.is_finite() { loss } else { f64::INFINITY })
    }

    /// A few fits from other seeds: as many steps as the net has made, if that does not take too long.
    fn sweep(&mut self, made: usize, cost: usize, options: &Diagnose) -> Result<Option<Others>> {
        let affordable = OTHERS / (cost + ANY_STEP);
        let wanted = if made == 0 { 1000 } else { made.clamp(200, 5000) };
        let fits = options.fits.unwrap_or_else(|| (affordable / wanted.min(300)).min(FITS));
        let steps = options.steps.unwrap_or_else(|| match options.fits {
            Some(_) => wanted,
            None => wanted.min(affordable / fits.max(1)),
        });
        if fits == 0 || (options.fits.is_none() && fits < FEWEST_FITS) {
            return Ok(None);
        }
        let Subject { trainer, hessian, traced, .. } = self;
        let here = hessian.weights().to_vec();
        let others = training::others(trainer, traced, fits, steps, |weights| {
            hessian.move_to(weights)?;
            hessian.loss()
        });
        hessian.move_to(&here)?;
        others.map(Some)
    }
}

/// Numbers in a line, the first few if there are many.
fn listed(numbers: &[usize]) -> String {
    const SHOWN: usize = 10;
    let shown: Vec<String> = numbers.iter().take(SHOWN).map(usize::to_string).collect();
    let more = if numbers.len() > SHOWN { ", ..." } else { "" };
    shown.join(", ") + more
}

/// Words in lines that a terminal has room for, each begun with `indent`.
fn wrapped(words: &str, indent: &str) -> String {
    const WIDTH: usize = 100;
    // Letters of East Asia take two places.
    let width = |word: &str| word.chars().map(|c| if c < '\u{1100}' { 1 } else { 2 }).sum::<usize>();
    let (mut text, mut used) = (indent.to_string(), indent.len());
    for (i, word) in words.split(' ').enumerate() {
        if i > 0 && used + 1 + width(word) > WIDTH {
            text += &format!("\n{indent}");
            used = indent.len();
        } else if i > 0 {
            text.push(' ');
            used += 1;
        }
        text += word;
        used += width(word);
    }
    text + "\n"
}
