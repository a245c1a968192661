//! The net under examination, and what several checks need to know of it.

use yhat_tensor::{Array, DType};

use super::{
    Diagnose,
    training::{self, Others, Trainer},
};
use crate::{
    Result, Sequential,
    hessian::{Hessian, Spectrum, flat},
    model::Traced,
    optimizers::State,
};

/// Work is counted in weights times rows, plus what a step costs in any case: so the same net gets the same diagnosis on any
/// machine. (A unit is about 0.1 ns for a small net, 0.6 ns for a large one, on one core of a Zen 4 EPYC, 2026-11-25.)
pub(super) const ANY_STEP: usize = 2_000;
/// What training on may cost, what all fits from other seeds, and what the curvature.
pub(super) const GOING_ON: usize = 20_000_000;
pub(super) const OTHERS: usize = 150_000_000;
const CURVATURE: usize = 20_000_000_000;
/// Fits from other seeds, where there is time for so many; fewer than the second tell too little.
const FITS: usize = 20;
const FEWEST_FITS: usize = 3;

/// The net under examination, with what several checks need.
pub(super) struct Subject<'a> {
    pub traced: &'a Traced,
    pub hessian: Hessian,
    pub trainer: Trainer,
    pub before: Option<State>,
    pub weights: Vec<Array>,
    pub rate: f64,
    pub loss: f64,
    pub gradient: Vec<f64>,
    pub norm: f64,
    /// The loss of the best constant answer.
    pub constant: f64,
    /// The part of that below which a loss is as good as none in the net's type.
    pub floor: f64,
    /// The loss after `steps` more steps.
    pub after: f64,
    pub steps: usize,
    pub spectrum: Option<Spectrum>,
    pub others: Option<Others>,
}

/// The curvature, unless that takes too long. (A product costs about three steps.)
pub(super) fn spectrum_in_time(hessian: &mut Hessian, traced: &Traced) -> Result<Option<Spectrum>> {
    match CURVATURE / (3 * traced.parameters() * traced.rows()).max(1) {
        0..16 => Ok(None),
        n if n < 128 => hessian.lanczos(n.min(96)).map(Some),
        _ => hessian.spectrum().map(Some),
    }
}

impl<'a> Subject<'a> {
    pub fn new(net: &Sequential, traced: &'a Traced, constant: f64, options: &Diagnose) -> Result<Subject<'a>> {
        let mut hessian = Hessian::of(traced)?;
        let (loss, gradient) = hessian.gradient()?;
        let (rate, before) = (net.learning_rate()?, net.optimizer_state()?);
        let cost = traced.parameters() * traced.rows();
        let made = before.as_ref().map_or(0, |state| state.iterations().value().item() as usize);
        let narrow = traced.variables.iter().any(|v| v.dtype() == DType::F32);
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
    pub fn restart(&mut self) -> Result<()> {
        self.trainer.start(&self.weights, self.before.as_ref())
    }

    fn loss_of(&mut self, weights: &[Array]) -> Result<f64> {
        let here = self.hessian.weights().to_vec();
        self.hessian.move_to(&flat(weights))?;
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
