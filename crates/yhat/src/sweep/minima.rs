//! Which trainings ended in the same minimum.

use yhat_tensor::{Array, Variable};

use super::{Trial, Variant, swept::by_loss};
use crate::{Sequential, layers::AnyLayer};

mod reduced;

use reduced::{Reduced, Symmetry};

/// How far apart weights of one minimum may be, relative to their size, if nothing else is said. Trainings that end in the
/// same minimum have come differently near to it.
pub(super) const TOLERANCE: f64 = 0.05;

/// The distinct minima in which the trainings of one network stand.
#[derive(Clone, Debug)]
pub struct Minima {
    /// Each once, the lowest loss first.
    pub distinct: Vec<Minimum>,
    /// The seeds of trainings that are in none: they diverged, and their weights are not finite.
    pub diverged: Vec<i64>,
}

/// A place where trainings ended, one or many.
#[derive(Clone, Debug)]
pub struct Minimum {
    /// The lowest final loss of its trainings.
    pub loss: f64,
    /// The weights of that training.
    pub weights: Vec<Array>,
    /// The seeds that lead here, that of the lowest loss first.
    pub seeds: Vec<i64>,
}

impl Variant {
    /// Groups the trainings by where their weights ended: two are in one minimum if the distance between their weights is at
    /// most `tolerance` times the length of the longer ones. Before that, of all weights that are the same network one set is
    /// taken:
    ///
    /// - units of a layer may be exchanged (they are matched with their likes);
    /// - the weights into a relu, leaky relu or linear unit may be multiplied by a positive number and those out of it
    ///   divided by it (those into it are given length 1, bias included);
    /// - the weights into and out of a tanh, softsign or linear unit may change their signs;
    /// - units without effect on the training data do not count: relu units that are off at every row, units with no
    ///   weight out of them;
    /// - where there is one hidden layer, relu units that are on at every row count together, as the linear function that
    ///   they are on the data.
    ///
    /// `None` if the weights were not kept: there are more than 1,000 of them. Of a net that is no chain of dense layers the
    /// weights are compared as they are. What activations do to the data is looked at where rows times weights are at most a
    /// million.
    pub fn minima(&self, tolerance: f64) -> Option<Minima> {
        let mut order: Vec<&Trial> = self.trials.iter().collect();
        order.sort_by(|a, b| by_loss(a, b));
        let (mut distinct, mut diverged): (Vec<(Minimum, Reduced)>, _) = (Vec::new(), Vec::new());
        for trial in order {
            let Some(weights) = &trial.weights else {
                // A net whose loss is a number has weights; if they are not there, they were too many.
                if trial.loss().is_finite() {
                    return None;
                }
                diverged.push(trial.seed);
                continue;
            };
            let reduced = Reduced::of(self.units.as_ref(), weights, &self.x);
            match distinct.iter_mut().find(|(_, of)| of.distance(&reduced) <= tolerance) {
                Some((minimum, _)) => minimum.seeds.push(trial.seed),
                None => {
                    let minimum = Minimum { loss: trial.loss(), weights: weights.clone(), seeds: vec![trial.seed] };
                    distinct.push((minimum, reduced));
                }
            }
        }
        Some(Minima { distinct: distinct.into_iter().map(|(minimum, _)| minimum).collect(), diverged })
    }
}

/// How a chain of dense layers lies in a net's weights.
#[derive(Clone, Debug)]
pub(super) struct Units(Vec<Stage>);

/// A dense layer: the numbers of its weights, and what its activation lets one change.
#[derive(Clone, Debug)]
struct Stage {
    kernel: usize,
    bias: Option<usize>,
    symmetry: Symmetry,
}

impl Units {
    /// Those of `net`, if it is a chain of dense layers and activations; it has weights.
    pub fn of(net: &Sequential) -> Option<Units> {
        let weights = net.weights().ok()?;
        let number = |v: &Variable| weights.iter().position(|w| w == v);
        let mut stages: Vec<Stage> = Vec::new();
        for layer in net.layers().iter().flat_map(leaves) {
            let symmetry = layer.activation_name().map(Symmetry::of);
            let own = layer.weights().ok()?;
            match (layer.kind(), symmetry, stages.last_mut()) {
                ("Dense", Some(symmetry), _) if own.len() <= 2 => {
                    let kernel = number(own.first()?)?;
                    if stages.iter().any(|stage| stage.kernel == kernel) {
                        return None;
                    }
                    stages.push(Stage { kernel, bias: own.get(1).and_then(number), symmetry });
                }
                ("Activation" | "ReLU" | "LeakyReLU", Some(symmetry), Some(stage)) if own.is_empty() => {
                    match stage.symmetry {
                        Symmetry::Linear => stage.symmetry = symmetry,
                        _ => return None,
                    }
                }
                ("Flatten", _, None) => {}
                _ => return None,
            }
        }
        Some(Units(stages))
    }
}

/// The layers of a net and of the nets in it.
fn leaves(layer: &AnyLayer) -> Vec<AnyLayer> {
    match layer.kind() {
        "Sequential" => layer.layers().iter().flat_map(leaves).collect(),
        _ => vec![layer.clone()],
    }
}
