//! Where the net stands: still descending, at a minimum, a saddle, a plateau, or off and away.

use super::{
    Finding, Kind, Subject,
    parts::Part,
    subject::{ANY_STEP, GOING_ON, OTHERS, spectrum_in_time},
    training::{Others, Trainer, redrawn},
};
use yhat_tensor::random::RandomState;

use crate::{
    Result,
    hessian::{Hessian, Spectrum, flat},
    model::Traced,
    sweep::Rate,
};

/// A loss that falls by more than this part of itself still falls.
const FALLS: f64 = 1e-4;

/// A seed whose loss is lower by this part counts as better: what merely trained a little longer is not.
const BETTER: f64 = 0.05;

/// Weights or loss that are not finite.
pub(super) fn diverged(traced: &Traced, rate: f64, limit: Option<f64>) -> Result<Option<Finding>> {
    let bad = traced.variables.iter().find(|v| !v.value().all_finite());
    let Some(layer) = bad.map(|v| layer_of(&v.name())) else { return Ok(None) };
    let mut finding = Finding::new(Kind::Diverged).with("what", "Weights are").with("layer", layer).with("rate", rate);
    // The weights that led here are gone: what can be told is what a fresh start does.
    let start = redrawn(traced, 0)?;
    let mut trainer = Trainer::new(traced, rate)?;
    trainer.start(&start, None)?;
    let steps = (OTHERS / (traced.rows() * traced.parameters() + ANY_STEP)).clamp(10, 1000);
    if let Some((variable, steps)) = trainer.first_to_grow(steps, 100.0)? {
        finding = finding.with("steps", steps).with("replayed_layer", layer_of(&traced.variables[variable].name()));
        let mut hessian = Hessian::of(traced)?;
        hessian.move_to(&flat(&start))?;
        let curvature = spectrum_in_time(&mut hessian, traced)?.map(|spectrum| spectrum.highest());
        if let (Some(limit), Some(curvature)) = (limit, curvature.filter(|c| *c > 0.0)) {
            finding = finding.with("curvature", curvature).with("allowed", limit / curvature);
        }
    }
    Ok(Some(finding))
}

/// The layer's name in that of a variable: `dense` of `dense/kernel`.
fn layer_of(variable: &str) -> String {
    variable.rsplit_once('/').map_or(variable, |(layer, _)| layer).to_string()
}

impl Subject<'_> {
    /// What a loss can be measured by where it is next to zero: as much of what a constant has as the type can resolve.
    fn scale(&self) -> f64 {
        self.loss.abs() + self.floor * self.constant.abs()
    }

    /// The part of the loss that goes from here to `loss`.
    fn falls(&self, loss: f64) -> f64 {
        // Nothing of nothing is nothing.
        if self.loss == loss { 0.0 } else { (self.loss - loss) / self.scale() }
    }

    /// The curvature below which nothing can be told from zero: what rounding leaves of the largest, and the slope. (Where
    /// the slope is not quite zero, a net's symmetries alone curve the loss that much.)
    pub fn tolerance(&self, spectrum: &Spectrum) -> f64 {
        let largest = spectrum.highest().abs().max(spectrum.lowest().abs());
        (1e-6 * largest).max(self.norm)
    }

    /// The one finding about where the net stands.
    pub fn state(&mut self, parts: &[Part]) -> Result<Finding> {
        if let Some(finding) = self.exploding()? {
            return Ok(finding);
        }
        if let Some(finding) = self.plateau(parts)? {
            return Ok(finding);
        }
        let line = self.line()?;
        if self.falls(self.after) > FALLS || self.falls(line) > FALLS {
            return Ok(self.descending(line));
        }
        if let Some(finding) = self.saddle()? {
            return Ok(finding);
        }
        let at_kink = parts.iter().any(|part| part.kinks.is_some());
        match self.way_off_kink()?.filter(|_| at_kink) {
            Some(finding) => Ok(finding),
            None => Ok(self.minimum()),
        }
    }

    fn exploding(&mut self) -> Result<Option<Finding>> {
        let grown = self.after - self.loss;
        if grown <= self.loss.abs().max(1e-3 * self.constant.abs()) {
            return Ok(None);
        }
        let mut finding = Finding::new(Kind::Exploding).with("steps", self.steps).with("loss", self.loss);
        finding = finding.with("loss_after", self.after).with("rate", self.rate);
        self.restart()?;
        if let Some((variable, _)) = self.trainer.first_to_grow(self.steps, 10.0)? {
            finding = finding.with("layer", layer_of(&self.traced.variables[variable].name()));
        }
        if let Some((curvature, allowed)) = self.allowed() {
            finding = finding.with("curvature", curvature).with("allowed", allowed);
        }
        Ok(Some(finding))
    }

    /// The highest curvature and the learning rate that it allows.
    fn allowed(&self) -> Option<(f64, f64)> {
        let curvature = self.spectrum.as_ref()?.highest();
        let limit = self.traced.optimizer.stability_limit()?;
        (curvature > 0.0).then_some((curvature, limit / curvature))
    }

    /// A rate with which steps grow in the direction of the highest curvature.
    pub fn rate_too_high(&self) -> Option<Finding> {
        let (curvature, allowed) = self.allowed()?;
        let limit = self.traced.optimizer.stability_limit()?;
        if self.rate <= allowed {
            return None;
        }
        let finding = Finding::new(Kind::LearningRateTooHigh).with("curvature", curvature).with("allowed", allowed);
        let finding = finding.with("rate", self.rate);
        // Of momentum's two roots there is no such simple factor.
        Some(if limit == 2.0 { finding.with("growth", self.rate * curvature - 1.0) } else { finding })
    }

    /// The lowest loss on the line down the slope.
    fn line(&mut self) -> Result<f64> {
        let (mut best, mut step) = (self.loss, 1e-6);
        if self.norm == 0.0 {
            return Ok(best);
        }
        let down: Vec<f64> = self.gradient.iter().map(|g| -g).collect();
        // Fewer lengths where each takes long: the best is missed by more, but not what falls at all.
        let factor = if self.traced.rows() * self.traced.parameters() > GOING_ON { 16.0 } else { 2.0 };
        while step < 1e6 {
            let loss = self.hessian.loss_along(&down, step)?;
            if loss < best {
                best = loss;
            }
            step *= factor;
        }
        Ok(best)
    }

    fn descending(&self, line: f64) -> Finding {
        let mut finding = Finding::new(Kind::StillDescending).with("loss", self.loss).with("gradient", self.norm);
        if self.falls(self.after) > FALLS {
            finding = finding.with("steps", self.steps).with("loss_after", self.after);
        } else {
            finding = finding.with("loss_line", line);
        }
        if let Some((_, allowed)) = self.allowed().filter(|(_, allowed)| *allowed > self.rate) {
            finding = finding.with("allowed", allowed);
        }
        self.with_others(finding)
    }

    fn with_others(&self, finding: Finding) -> Finding {
        match &self.others {
            Some(others) => {
                let better = others.better(self.loss - BETTER * self.scale());
                let finding =
                    finding.with("fits", others.losses.len()).with("sweep_steps", others.steps).with("better", better);
                match others.best() {
                    Some((_, best)) if best < self.loss => finding.with("best", best).with("excess", self.loss - best),
                    Some((_, best)) => finding.with("best", best),
                    None => finding,
                }
            }
            None => finding,
        }
    }

    /// Saturated units that let no slope through, though something better is known.
    fn plateau(&self, parts: &[Part]) -> Result<Option<Finding>> {
        let Some(part) = parts.iter().find(|part| part.saturated >= 0.9) else { return Ok(None) };
        let length = self.hessian.weights().iter().map(|w| w * w).sum::<f64>().sqrt();
        let relative = self.norm * length.max(1.0) / self.scale();
        let other = self.others.as_ref().and_then(Others::best);
        let known = [Some((None, self.constant)), other.map(|(seed, loss)| (Some(seed), loss))];
        let better = known.into_iter().flatten().filter(|(_, loss)| *loss < 0.95 * self.loss);
        let Some((seed, best)) = better.min_by(|a, b| a.1.total_cmp(&b.1)).filter(|_| relative < 0.05) else {
            return Ok(None);
        };
        let finding =
            Finding::new(Kind::Plateau).with("layer", part.layer.as_str()).with("share", 100.0 * part.saturated);
        let finding = finding.with("rows", part.rows).with("gradient", self.norm).with("loss", self.loss);
        let finding = finding.with("relative", relative);
        Ok(Some(match seed {
            Some(seed) => finding.with("seed", seed).with("best", best),
            None => finding.with("constant", best),
        }))
    }

    /// Downward curvature, and a loss that really is lower that way.
    fn saddle(&mut self) -> Result<Option<Finding>> {
        let Some(spectrum) = self.spectrum.clone() else { return Ok(None) };
        if spectrum.lowest() >= -self.tolerance(&spectrum) {
            return Ok(None);
        }
        let direction = &spectrum.lowest_directions[0];
        let (mut best, mut distance) = (self.loss, 0.0);
        for step in [1e-3, 1e-2, 0.1, 1.0].into_iter().flat_map(|step| [step, -step]) {
            let loss = self.hessian.loss_along(direction, step)?;
            if loss < best {
                (best, distance) = (loss, step);
            }
        }
        if self.falls(best) <= FALLS {
            return Ok(None);
        }
        let sign = f64::signum(distance);
        let finding = self.settled(Kind::Saddle).with("lowest", spectrum.lowest()).with("highest", spectrum.highest());
        let finding = finding.with("direction", self.told(direction, sign)).with("distance", distance.abs());
        Ok(Some(finding.with("loss_along", best)))
    }

    /// At a kink neither slope nor curvature tell what is beside it: so a few directions are tried.
    fn way_off_kink(&mut self) -> Result<Option<Finding>> {
        let mut random = RandomState::new(0);
        let mut best = (self.loss, 0.0, Vec::new());
        for _ in 0..32 {
            let direction: Vec<f64> = (0..self.hessian.size()).map(|_| random.standard_normal()).collect();
            let length = direction.iter().map(|x| x * x).sum::<f64>().sqrt();
            let direction: Vec<f64> = direction.iter().map(|x| x / length).collect();
            for step in [0.01, 0.1, 0.5] {
                let loss = self.hessian.loss_along(&direction, step)?;
                if loss < best.0 {
                    best = (loss, step, direction.clone());
                }
            }
        }
        if self.falls(best.0) <= FALLS {
            return Ok(None);
        }
        let finding = self.settled(Kind::Saddle).with("off_kink", self.told(&best.2, 1.0)).with("distance", best.1);
        Ok(Some(finding.with("loss_along", best.0)))
    }

    /// The weights that a direction moves most.
    fn told(&self, direction: &[f64], sign: f64) -> String {
        let mut order: Vec<usize> = (0..direction.len()).collect();
        order.sort_by(|&a, &b| direction[b].abs().total_cmp(&direction[a].abs()));
        let most = direction[order[0]].abs();
        let shown: Vec<String> = order
            .iter()
            .take(4)
            .filter(|&&i| direction[i].abs() > 0.1 * most)
            .map(|&i| format!("{:+.2} {}", sign * direction[i], self.hessian.name(i)))
            .collect();
        shown.join(", ")
    }

    fn settled(&self, kind: Kind) -> Finding {
        let steepest = self.gradient.iter().fold(0.0, |m: f64, g| m.max(g.abs()));
        let finding = Finding::new(kind).with("gradient", self.norm).with("steepest", steepest);
        let finding = finding.with("steepest_sum", steepest * self.traced.rows() as f64).with("steps", self.steps);
        finding.with("loss", self.loss).with("loss_after", self.after)
    }

    fn minimum(&self) -> Finding {
        let kind = if self.spectrum.is_some() { Kind::Minimum } else { Kind::StandingStill };
        let mut finding = self.settled(kind);
        if let Some(spectrum) = &self.spectrum {
            let tolerance = self.tolerance(spectrum);
            finding = finding.with("highest", spectrum.highest());
            finding = match spectrum.whole {
                // Downward curvature that `saddle` found to lead nowhere.
                _ if spectrum.lowest() < -tolerance => {
                    return self.with_others(finding.with("slight", spectrum.lowest()));
                }
                true => {
                    finding = finding.with("lowest", spectrum.lowest()).with("tolerance", tolerance);
                    let flat = spectrum.eigenvalues.iter().filter(|x| x.abs() <= tolerance).count();
                    finding.with("parameters", self.hessian.size()).with("flat", flat)
                }
                false => {
                    finding = finding.with("lowest", spectrum.lowest()).with("tolerance", tolerance);
                    finding.with("products", spectrum.products)
                }
            };
        }
        self.with_others(finding)
    }

    /// Other seeds end lower.
    pub fn worse(&self) -> Option<Finding> {
        let others = self.others.as_ref()?;
        let better = others.better(self.loss - BETTER * self.scale());
        let (seed, best) = others.best().filter(|_| better > 0)?;
        let finding = Finding::new(Kind::WorseMinimum).with("loss", self.loss).with("fits", others.losses.len());
        let finding = finding.with("last_seed", others.losses.len() - 1).with("sweep_steps", others.steps);
        let rate = Rate { successes: better, fits: others.losses.len() };
        let ((low, high), percent) = (rate.interval(), |share: f64| (1000.0 * share).round() / 10.0);
        let finding = finding.with("better", better).with("better_share", percent(rate.share()));
        let finding = finding.with("share_low", percent(low)).with("share_high", percent(high));
        Some(finding.with("seed", seed).with("best", best))
    }

    /// Weighted sums at a kink, with the slopes on both sides along the bias of the unit with most of them.
    pub fn at_kinks(&mut self, parts: &[Part]) -> Result<Vec<Finding>> {
        let mut found = Vec::new();
        for (part, kinks) in parts.iter().filter_map(|part| Some((part, part.kinks.as_ref()?))) {
            let mut finding = Finding::new(Kind::AtKink).with("layer", part.layer.as_str()).with("pairs", kinks.pairs);
            finding = finding.with("unit", kinks.unit).with("rows", kinks.rows);
            if let Some(i) = kinks.bias.as_ref().and_then(|bias| self.weight(bias, kinks.unit)) {
                let mut along = vec![0.0; self.hessian.size()];
                along[i] = 1.0;
                const STEP: f64 = 1e-6;
                let (left, right) = (self.hessian.loss_along(&along, -STEP)?, self.hessian.loss_along(&along, STEP)?);
                let here = self.hessian.loss()?;
                finding = finding.with("left", (here - left) / STEP).with("right", (right - here) / STEP);
            }
            found.push(finding);
        }
        Ok(found)
    }

    /// The place of number `i` of a variable among all weights.
    fn weight(&self, variable: &str, i: usize) -> Option<usize> {
        let at = self.traced.variables.iter().position(|v| v.name() == variable)?;
        Some(self.traced.variables[..at].iter().map(|v| v.shape().size()).sum::<usize>() + i)
    }
}
