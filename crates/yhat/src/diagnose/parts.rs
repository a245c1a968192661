//! What each unit does on the rows: dead, saturated, idle, a copy, at its kink.

use yhat_tensor::{Array, DType, Plan, Tensor, gradient, in_float64};

use super::{Finding, Kind, listed};
use crate::{
    Result,
    model::Traced,
    units::{Shape, Units, same},
};

/// Where an activation has less than this part of its steepest slope it is saturated.
const SATURATED: f64 = 0.01;

/// Units whose outputs differ by less than this part of their size are copies; those that make less than this part of what
/// the layer makes are idle.
const COPY: f64 = 1e-6;
const IDLE: f64 = 1e-6;

/// A weighted sum of this part of the unit's largest is at the kink: as near as float32 can tell.
const AT_KINK: f64 = 1e-7;

/// What the units of one layer do.
pub(super) struct Part {
    pub layer: String,
    pub rows: usize,
    /// The part of all outputs where a bounded activation is saturated.
    pub saturated: f64,
    /// The weighted sums at a kink, if there are any.
    pub kinks: Option<Kinks>,
    /// Findings about the units.
    pub findings: Vec<Finding>,
}

/// Weighted sums at a kink: how many, the unit with the most of them, on how many rows, and the bias that moves it.
pub(super) struct Kinks {
    pub pairs: usize,
    pub unit: usize,
    pub rows: usize,
    pub bias: Option<String>,
}

/// Looks at each layer whose activation works element by element. What the last layer puts out is the answer, so its units
/// are neither idle nor copies.
pub(super) fn parts(traced: &Traced, units: &[Units], shapes: &[Option<Shape>]) -> Result<Vec<Part>> {
    let looked = units
        .iter()
        .zip(shapes)
        .enumerate()
        .filter_map(|(i, (own, shape))| Some((own, shape.as_ref()?, units.get(i + 1))));
    looked.map(|(own, shape, next)| part(traced, own, shape, next)).collect()
}

/// The values of a layer: a list for each unit.
struct Values {
    u: Vec<Vec<f64>>,
    v: Vec<Vec<f64>>,
    slope: Vec<Vec<f64>>,
}

fn values(traced: &Traced, units: &Units) -> Result<Values> {
    let dtype = if traced.x.dtype().is_float() { DType::F64 } else { traced.x.dtype() };
    let x = Tensor::input("x", traced.x.shape(), dtype);
    let pair = [(traced.x.clone(), x.clone())];
    let u = in_float64(std::slice::from_ref(&units.u), &pair)?.remove(0);
    // The activation of a place of its own, so that its slope is with respect to the sum alone.
    let place = Tensor::input("u", u.shape(), DType::F64);
    let v = in_float64(std::slice::from_ref(&units.v), &[pair[0].clone(), (units.u.clone(), place.clone())])?.remove(0);
    let slope = gradient(&v, std::slice::from_ref(&place))?.remove(0);
    let first = Plan::new(std::slice::from_ref(&x), &[u], &[])?;
    let mut workspace = first.workspace();
    workspace.set_input(0, &traced.x_data)?;
    first.run(&mut workspace)?;
    let u = workspace.output(0);
    let second = Plan::new(&[x, place], &[v, slope], &[])?;
    let mut workspace = second.workspace();
    workspace.set_input(0, &traced.x_data)?;
    workspace.set_input(1, &u)?;
    second.run(&mut workspace)?;
    let count = units.count();
    let by_unit = |array: &Array| -> Vec<Vec<f64>> {
        let numbers = array.to_vec();
        (0..count).map(|j| numbers.iter().skip(j).step_by(count).copied().collect()).collect()
    };
    Ok(Values { u: by_unit(&u), v: by_unit(&workspace.output(0)), slope: by_unit(&workspace.output(1)) })
}

fn part(traced: &Traced, units: &Units, shape: &Shape, next: Option<&Units>) -> Result<Part> {
    let values = values(traced, units)?;
    let (count, rows) = (units.count(), values.u[0].len());
    let flat = |j: usize| values.slope[j].iter().filter(|s| s.abs() < SATURATED * shape.steepest[j]).count();
    // On a kink the slope is 0 by convention only.
    let at_kink: Vec<usize> = (0..count).map(|j| if shape.kink[j] { on_kink(&values.u[j]) } else { 0 }).collect();
    let is_dead = |j: usize| shape.dead_zone[j] && at_kink[j] == 0 && values.slope[j].iter().all(|s| *s == 0.0);
    let dead: Vec<usize> = (0..count).filter(|&j| is_dead(j)).collect();
    let flat_rows: Vec<usize> = (0..count).map(|j| if shape.bounded[j] { flat(j) } else { 0 }).collect();
    let mut found = Vec::new();
    let finding = |kind: Kind, which: &[usize]| {
        let finding =
            Finding::new(kind).with("layer", units.layer.as_str()).with("count", which.len()).with("all", count);
        finding.with("units", listed(which)).with("rows", rows)
    };
    if !dead.is_empty() {
        found.push(finding(Kind::DeadUnits, &dead));
    }
    // A dead or wholly saturated unit is named as that and as nothing else.
    let alive: Vec<usize> = (0..count).filter(|j| !dead.contains(j) && flat_rows[*j] < rows).collect();
    if let Some(next) = next {
        let idle = idle(&values, &alive, units, next);
        if !idle.is_empty() {
            found.push(finding(Kind::IdleUnits, &idle).with("next", next.layer.as_str()));
        }
        let working: Vec<usize> = alive.iter().copied().filter(|j| !idle.contains(j)).collect();
        let copies = copies(&values.v, &working);
        if !copies.is_empty() {
            found.push(finding(Kind::DuplicateUnits, &copies));
        }
    }
    Ok(Part {
        layer: units.layer.clone(),
        rows,
        saturated: flat_rows.iter().sum::<usize>() as f64 / (rows * count) as f64,
        kinks: kinks(&at_kink, units),
        findings: found,
    })
}

/// Units that make no difference to the next layer's weighted sums.
fn idle(values: &Values, alive: &[usize], units: &Units, next: &Units) -> Vec<usize> {
    let Some(kernel) = next.kernel.as_ref().filter(|_| same(&next.input, &units.v)) else { return Vec::new() };
    let (weights, width) = (kernel.value().to_vec(), next.count());
    let makes = |j: usize| {
        let weight: f64 = weights[j * width..][..width].iter().map(|w| w * w).sum();
        (weight * variance(&values.v[j])).sqrt()
    };
    let made: Vec<f64> = (0..units.count()).map(makes).collect();
    let all = made.iter().map(|x| x * x).sum::<f64>().sqrt();
    alive.iter().copied().filter(|&j| made[j] <= IDLE * all).collect()
}

fn variance(values: &[f64]) -> f64 {
    let n = values.len().max(1) as f64;
    let mean = values.iter().sum::<f64>() / n;
    values.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n
}

/// Units among `working` whose values are a positive multiple of those of one before them, on three rows or more.
fn copies(values: &[Vec<f64>], working: &[usize]) -> Vec<usize> {
    let length = |v: &[f64]| v.iter().map(|x| x * x).sum::<f64>().sqrt();
    let many = |j: &&usize| values[**j].iter().filter(|x| **x != 0.0).count() >= 3;
    // Copies are neighbours along any direction: one, with no number like another, saves comparing all with all.
    let rows = values.first().map_or(0, Vec::len);
    let any: Vec<f64> = (0..rows).map(|i| (1.0 + (i as f64 * 0.7).sin()) / (rows as f64).sqrt()).collect();
    let direction = |&j: &usize| {
        let length = length(&values[j]);
        let v: Vec<f64> = values[j].iter().map(|x| x / length).collect();
        (v.iter().zip(&any).map(|(x, a)| x * a).sum::<f64>(), j, v)
    };
    let mut directions: Vec<(f64, usize, Vec<f64>)> = working.iter().filter(many).map(direction).collect();
    directions.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let mut copies = Vec::new();
    for (at, (place, j, v)) in directions.iter().enumerate() {
        let mut near = directions[..at].iter().rev().take_while(|(other, ..)| place - other <= 2.0 * COPY);
        let is_copy = |w: &[f64]| v.iter().zip(w).map(|(a, b)| (a - b).powi(2)).sum::<f64>().sqrt() < COPY;
        if near.any(|(.., w)| is_copy(w)) {
            copies.push(*j);
        }
    }
    copies.sort_unstable();
    copies
}

/// How many weighted sums are 0.
fn on_kink(u: &[f64]) -> usize {
    let largest = u.iter().fold(0.0, |m: f64, x| m.max(x.abs()));
    u.iter().filter(|x| x.abs() <= AT_KINK * largest).count()
}

fn kinks(counts: &[usize], units: &Units) -> Option<Kinks> {
    let unit = (0..counts.len()).rev().max_by_key(|&j| counts[j])?;
    let bias = units.bias.as_ref().map(|b| b.name());
    (counts[unit] > 0).then(|| Kinks { pairs: counts.iter().sum(), unit, rows: counts[unit], bias })
}
