//! Weights without what does not matter.

use yhat_tensor::Array;

use super::Units;

/// What an activation lets one do to the weights around a unit without changing the network.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Symmetry {
    /// Multiply by a positive number before and divide after; and it can be off.
    Relu,
    /// Multiply by a positive number before and divide after.
    Scale,
    /// Change the sign before and after.
    Sign,
    /// Both.
    Linear,
    /// Nothing.
    None,
}

impl Symmetry {
    /// That of the activation of this name.
    pub fn of(name: &str) -> Symmetry {
        match name {
            "relu" => Symmetry::Relu,
            "leaky_relu" => Symmetry::Scale,
            "tanh" | "softsign" => Symmetry::Sign,
            "linear" => Symmetry::Linear,
            _ => Symmetry::None,
        }
    }

    fn scales(self) -> bool {
        matches!(self, Symmetry::Relu | Symmetry::Scale | Symmetry::Linear)
    }

    fn turns(self) -> bool {
        matches!(self, Symmetry::Sign | Symmetry::Linear)
    }

    /// The activation, where it is this one and no other.
    fn function(self) -> Option<fn(f64) -> f64> {
        match self {
            Symmetry::Relu => Some(|u| u.max(0.0)),
            Symmetry::Linear => Some(|u| u),
            _ => None,
        }
    }
}

/// Rows times weights up to which activations are computed.
const LOOKED_AT: usize = 1_000_000;

/// A network's weights as float64, reduced.
#[derive(Clone, Debug)]
pub(super) struct Reduced {
    layers: Vec<Layer>,
    /// What is not part of a layer: the linear function of units that are always on, or the weights of another kind of net.
    rest: Vec<f64>,
}

#[derive(Clone, Debug)]
struct Layer {
    /// For each unit the weights into it, then its bias. Weight `i` comes from unit `i` of the layer before.
    units: Vec<Vec<f64>>,
    symmetry: Symmetry,
}

impl Reduced {
    /// `weights` of a net trained on `x`.
    pub fn of(units: Option<&Units>, weights: &[Array], x: &Array) -> Reduced {
        let Some(Units(stages)) = units else {
            return Reduced { layers: Vec::new(), rest: weights.iter().flat_map(Array::to_vec).collect() };
        };
        let layer = |stage: &super::Stage| {
            let kernel = &weights[stage.kernel];
            let bias = stage.bias.map(|b| weights[b].to_vec());
            let unit = |j: usize| {
                let bias = bias.as_ref().map_or(0.0, |b| b[j]);
                kernel.column(j).to_vec().into_iter().chain([bias]).collect()
            };
            Layer { units: (0..kernel.shape()[1]).map(unit).collect(), symmetry: stage.symmetry }
        };
        let mut reduced = Reduced { layers: stages.iter().map(layer).collect(), rest: Vec::new() };
        let size = weights.iter().map(Array::size).sum::<usize>();
        let rows = x.shape().first().copied().unwrap_or(1);
        let mut inputs = (rows * size <= LOOKED_AT).then(|| columns(x, rows));
        for l in 0..reduced.layers.len().saturating_sub(1) {
            inputs = reduced.reduce(l, inputs);
        }
        reduced
    }

    /// Reduces hidden layer `l`, which is given `inputs` (a column for each of its inputs), and returns what it puts out.
    fn reduce(&mut self, l: usize, inputs: Option<Vec<Vec<f64>>>) -> Option<Vec<Vec<f64>>> {
        let symmetry = self.layers[l].symmetry;
        let alone = self.layers.len() == 2;
        let mut outputs = Vec::new();
        for j in (0..self.layers[l].units.len()).rev() {
            let into = self.layers[l].units[j].clone();
            let sums = inputs.as_ref().map(|inputs| weighted(inputs, &into));
            let off = symmetry == Symmetry::Relu && sums.as_ref().is_some_and(|u| u.iter().all(|u| *u <= 0.0));
            let on = symmetry == Symmetry::Relu && sums.as_ref().is_some_and(|u| u.iter().all(|u| *u > 0.0));
            let idle = self.layers[l + 1].units.iter().all(|unit| unit[j] == 0.0);
            if off || idle {
                self.remove(l, j);
            } else if on && alone {
                self.make_linear(j, &into);
                self.remove(l, j);
            } else {
                outputs.extend(sums.zip(symmetry.function()).map(|(u, f)| u.into_iter().map(f).collect::<Vec<_>>()));
                self.scale(l, j, outputs.last_mut());
            }
        }
        outputs.reverse();
        (outputs.len() == self.layers[l].units.len()).then_some(outputs)
    }

    fn remove(&mut self, l: usize, j: usize) {
        self.layers[l].units.remove(j);
        self.layers[l + 1].units.iter_mut().for_each(|unit| {
            unit.remove(j);
        });
    }

    /// Adds what unit `j` of the only hidden layer does where it is on: to each output a linear function of the inputs, and
    /// to its bias a constant.
    fn make_linear(&mut self, j: usize, into: &[f64]) {
        let (weights, bias) = into.split_at(into.len() - 1);
        let width = weights.len();
        self.rest.resize(width * self.layers[1].units.len(), 0.0);
        for (o, unit) in self.layers[1].units.iter_mut().enumerate() {
            let out = unit[j];
            let own = &mut self.rest[o * width..][..width];
            own.iter_mut().zip(weights).for_each(|(sum, w)| *sum += out * w);
            *unit.last_mut().expect("a unit has a bias") += out * bias[0];
        }
    }

    /// Gives the weights into unit `j` length 1, and what it puts out the scale that belongs to it.
    fn scale(&mut self, l: usize, j: usize, output: Option<&mut Vec<f64>>) {
        let length = norm(&self.layers[l].units[j]);
        if !self.layers[l].symmetry.scales() || length == 0.0 {
            return;
        }
        self.layers[l].units[j].iter_mut().for_each(|w| *w /= length);
        self.layers[l + 1].units.iter_mut().for_each(|unit| unit[j] *= length);
        output.into_iter().flatten().for_each(|v| *v /= length);
    }

    /// How far another network's weights are from these, relative to the longer ones, when its units are put in the order
    /// and turned the way that suits best: layer by layer, each unit of this one takes the nearest that is left.
    pub fn distance(&self, other: &Reduced) -> f64 {
        if self.layers.len() != other.layers.len() || self.rest.len() != other.rest.len() {
            return f64::INFINITY;
        }
        let mut other = other.clone();
        let hidden = self.layers.len().saturating_sub(1);
        for l in 0..hidden {
            if self.layers[l].units.len() != other.layers[l].units.len() {
                return f64::INFINITY;
            }
            for i in 0..self.layers[l].units.len() {
                other.bring(l, i, self);
            }
        }
        let (ours, theirs) = (self.flat(), other.flat());
        let apart: Vec<f64> = ours.iter().zip(&theirs).map(|(a, b)| a - b).collect();
        let size = norm(&ours).max(norm(&theirs));
        if size == 0.0 { 0.0 } else { norm(&apart) / size }
    }

    /// Puts the unit in place `i` of layer `l` that is most like that of `model`, of those from there on.
    fn bring(&mut self, l: usize, i: usize, model: &Reduced) {
        let symmetry = self.layers[l].symmetry;
        let signs: &[f64] = if symmetry.turns() { &[1.0, -1.0] } else { &[1.0] };
        let away = |j: usize, sign: f64| {
            let into =
                model.layers[l].units[i].iter().zip(&self.layers[l].units[j]).map(|(a, b)| (a - sign * b).powi(2));
            let out = model.outward(l, i) - self.outward(l, j);
            into.sum::<f64>() + out * out
        };
        let choices = (i..self.layers[l].units.len()).flat_map(|j| signs.iter().map(move |sign| (j, *sign)));
        let best = choices.min_by(|a, b| away(a.0, a.1).total_cmp(&away(b.0, b.1)));
        let Some((j, sign)) = best else { return };
        self.layers[l].units.swap(i, j);
        self.layers[l].units[i].iter_mut().for_each(|w| *w *= sign);
        for unit in &mut self.layers[l + 1].units {
            unit.swap(i, j);
            unit[i] *= sign;
        }
    }

    /// The length of the weights out of unit `j` of layer `l`.
    fn outward(&self, l: usize, j: usize) -> f64 {
        norm(&self.layers[l + 1].units.iter().map(|unit| unit[j]).collect::<Vec<_>>())
    }

    fn flat(&self) -> Vec<f64> {
        self.layers.iter().flat_map(|l| l.units.iter().flatten()).chain(&self.rest).copied().collect()
    }
}

/// The columns of rows of numbers.
fn columns(x: &Array, rows: usize) -> Vec<Vec<f64>> {
    let width = x.size().checked_div(rows).unwrap_or(0);
    let x = x.to_vec();
    (0..width).map(|j| x.iter().skip(j).step_by(width).copied().collect()).collect()
}

/// The weighted sums of columns, plus the bias, which comes last.
fn weighted(inputs: &[Vec<f64>], weights: &[f64]) -> Vec<f64> {
    let rows = inputs.first().map_or(0, Vec::len);
    let mut sums = vec![weights[weights.len() - 1]; rows];
    for (column, w) in inputs.iter().zip(weights) {
        sums.iter_mut().zip(column).for_each(|(sum, x)| *sum += w * x);
    }
    sums
}

fn norm(v: &[f64]) -> f64 {
    v.iter().map(|x| x * x).sum::<f64>().sqrt()
}
