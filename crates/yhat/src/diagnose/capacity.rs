//! Whether the net is too simple for the data: structure in what it leaves, and the unit that would take most of it.

use yhat_tensor::{Array, random::RandomState};

use super::{Finding, Kind, neighbours::scaled_columns, output::Output, structure::structure};
use crate::{Result, model::Traced};

/// The chance below which structure counts as found.
const LEVEL: f64 = 1e-3;

/// Structure in the residuals that one more unit would explain.
pub(super) fn capacity(traced: &Traced, output: &mut Output, constant: f64) -> Result<Option<Finding>> {
    let residuals: Vec<Vec<f64>> = (0..output.width).map(|o| output.residuals(o)).collect();
    if residuals.iter().any(|r| r.len() != traced.rows()) {
        return Ok(None);
    }
    let Some(found) = structure(&traced.x_data, &residuals).filter(|found| found.p < LEVEL) else {
        return Ok(None);
    };
    let (loss, with) = (output.loss, with_one_more_unit(output, &traced.x_data)?);
    if loss - with < (0.01 * loss.abs()).max(1e-3 * constant.abs()) {
        return Ok(None);
    }
    let finding = match found.input {
        Some(input) => Finding::new(Kind::Capacity).with("input", input),
        None => Finding::new(Kind::Capacity).with("inputs", found.inputs),
    };
    let finding = finding.with("correlation", found.correlation).with("neighbours", found.neighbours);
    let finding = finding.with("p", found.p).with("odds", odds(found.p));
    let gain = 100.0 * (loss - with) / loss.abs();
    Ok(Some(finding.with("loss", loss).with("loss_with", with).with("gain", gain)))
}

/// One in how many, in words that a person reads.
fn odds(p: f64) -> String {
    match 1.0 / p {
        n if n < 1e4 => format!("{n:.0}"),
        n if n.is_finite() => format!("{n:.0e}"),
        _ => "more than can be written".to_string(),
    }
}

/// Along how many inputs, pairs of inputs and random directions a unit is tried, and at how many places of each.
const INPUTS: usize = 64;
const PAIRS: usize = 64;
const RANDOM: usize = 32;
const PLACES: usize = 48;
const OBLIQUE_PLACES: usize = 16;

/// The loss with one more relu unit, the best of those that are tried: its kink between rows, on either side, added to the
/// output as [`Output::with`] does. A net with one more unit that is trained as a whole can do at least as well.
///
/// Units bend along one input, along sums and differences of two, and where there are three or more along random directions.
fn with_one_more_unit(output: &mut Output, x: &Array) -> Result<f64> {
    let columns = scaled_columns(x);
    let mut best = (0.0, None);
    for column in columns.iter().take(INPUTS) {
        try_along(output, column, PLACES, &mut best);
    }
    let pairs = (0..columns.len()).flat_map(|j| (0..j).map(move |i| (i, j))).take(PAIRS);
    for (i, j) in pairs {
        for sign in [1.0, -1.0] {
            let along: Vec<f64> = columns[i].iter().zip(&columns[j]).map(|(a, b)| a + sign * b).collect();
            try_along(output, &along, OBLIQUE_PLACES, &mut best);
        }
    }
    let mut random = RandomState::new(0);
    for _ in 0..if columns.len() > 2 { RANDOM } else { 0 } {
        let direction: Vec<f64> = columns.iter().map(|_| random.standard_normal()).collect();
        let along = |row: usize| columns.iter().zip(&direction).map(|(column, d)| d * column[row]).sum();
        let along: Vec<f64> = (0..x.shape()[0]).map(along).collect();
        try_along(output, &along, OBLIQUE_PLACES, &mut best);
    }
    match best {
        (_, Some(unit)) => output.with(&unit),
        _ => Ok(output.loss),
    }
}

/// Tries units that bend along these numbers, one a row; `best` is the promise of the best so far, and the unit.
fn try_along(output: &Output, along: &[f64], places: usize, best: &mut (f64, Option<Vec<f64>>)) {
    let mut sorted = along.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.dedup();
    let places = sorted.len().min(places);
    for place in 0..places {
        let kink = sorted[place * sorted.len() / places];
        for side in [1.0, -1.0] {
            let unit: Vec<f64> = along.iter().map(|x| (side * (x - kink)).max(0.0)).collect();
            let promise = output.promise(&unit);
            if promise > best.0 {
                *best = (promise, Some(unit));
            }
        }
    }
}
