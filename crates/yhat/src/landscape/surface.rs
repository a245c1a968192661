//! The loss on a plane.

use std::ops::RangeInclusive;

use yhat_tensor::Array;

use super::{Landscape, Plane};
use crate::{Error, Result, Sequential, callbacks::Path, parallel};

/// The loss on a grid of points of a plane, and the paths on it: what a picture needs.
#[derive(Clone, Debug)]
pub struct Surface {
    /// The names of the axes.
    pub axes: [String; 2],
    /// The points along the first axis.
    pub first: Array,
    /// The points along the second axis.
    pub second: Array,
    /// The loss, float64, a row for each point of the second axis: `loss[j, i]` is at `(first[i], second[j])`, as
    /// matplotlib's `contour` takes it.
    pub loss: Array,
    /// The paths.
    pub tracks: Vec<Track>,
    /// For principal directions: which share of the paths' variance each explains.
    pub shares: Option<[f64; 2]>,
}

/// A path as the plane shows it, and what the plane does not show of it.
#[derive(Clone, Debug)]
pub struct Track {
    /// The name.
    pub name: String,
    /// After how many epochs each record was made.
    pub epochs: Vec<usize>,
    /// The nearest points of the plane: along the first axis.
    pub first: Vec<f64>,
    /// Along the second axis.
    pub second: Vec<f64>,
    /// How far the weights are from the plane, as lengths of vectors of all weights.
    pub distance: Vec<f64>,
    /// The loss at the weights.
    pub loss: Vec<f64>,
    /// The loss at the nearest points of the plane. Where it differs from `loss`, the picture lies.
    pub plane_loss: Vec<f64>,
}

impl Track {
    /// Which share of the length of each step from record to record the plane shows: 1 where the path stays on it, near 0
    /// where it moves across. One less than records.
    pub fn shown(&self) -> Vec<f64> {
        let step = |v: &[f64], i: usize| v[i + 1] - v[i];
        // Off the plane only distances are known; their difference is the least that a step moved there.
        let share = |i| {
            let on = f64::hypot(step(&self.first, i), step(&self.second, i));
            let all = f64::hypot(on, step(&self.distance, i));
            if all == 0.0 { 1.0 } else { on / all }
        };
        (0..self.first.len().saturating_sub(1)).map(share).collect()
    }
}

/// Points of the grid that a thread takes at a time.
const CHUNK: usize = 16;

pub(super) fn compute(landscape: &Landscape<'_>, net: &Sequential, x: Array, y: Array) -> Result<Surface> {
    let plane = &landscape.plane;
    let tracks: Vec<Track> = landscape.paths.iter().map(|(name, path)| on(plane, name, path)).collect::<Result<_>>()?;
    let coordinates = |of: fn(&Track) -> &Vec<f64>| tracks.iter().flat_map(of).copied().collect::<Vec<_>>();
    let first = points(landscape, 0, &coordinates(|t| &t.first))?;
    let second = points(landscape, 1, &coordinates(|t| &t.second))?;

    let (columns, rows) = (first.size(), second.size());
    let (a, b) = (first.to_vec(), second.to_vec());
    let loss_at = net.loss_at(x, y)?;
    let grid = losses(rows * columns, |i| loss_at.at(&plane.weights_at([a[i % columns], b[i / columns]])))?;
    let mut surface = Surface {
        axes: plane.names().clone(),
        loss: Array::new([rows, columns], grid)?,
        first,
        second,
        tracks,
        shares: plane.shares(),
    };
    for (track, (_, path)) in surface.tracks.iter_mut().zip(&landscape.paths) {
        track.loss = losses(path.len(), |i| loss_at.at(&path.weights[i]))?;
        let nearest = |i| plane.weights_at([track.first[i], track.second[i]]);
        track.plane_loss = losses(path.len(), |i| loss_at.at(&nearest(i)))?;
    }
    Ok(surface)
}

/// `loss(0)`, `loss(1)`, ... for `n`, on all threads.
fn losses(n: usize, loss: impl Fn(usize) -> Result<f64> + Sync) -> Result<Vec<f64>> {
    let chunk = |c: usize| (c * CHUNK..n.min((c + 1) * CHUNK)).map(&loss).collect::<Result<Vec<_>>>();
    Ok(parallel::map("a landscape", n.div_ceil(CHUNK), chunk)?.concat())
}

/// A path on the plane; its losses are still to be computed.
fn on(plane: &Plane, name: &str, path: &Path) -> Result<Track> {
    let projected = path.weights.iter().map(|weights| plane.project(weights)).collect::<Result<Vec<_>>>()?;
    Ok(Track {
        name: name.to_string(),
        epochs: path.epochs.clone(),
        first: projected.iter().map(|(at, _)| at[0]).collect(),
        second: projected.iter().map(|(at, _)| at[1]).collect(),
        distance: projected.iter().map(|(_, distance)| *distance).collect(),
        loss: Vec::new(),
        plane_loss: Vec::new(),
    })
}

/// The points along an axis, on which paths have these coordinates.
fn points(landscape: &Landscape<'_>, axis: usize, coordinates: &[f64]) -> Result<Array> {
    let size = landscape.size[axis];
    if size == 0 {
        return Err(Error::argument("Landscape::size", "at least 1 point along each axis", 0));
    }
    let range = match &landscape.ranges[axis] {
        Some(range) => range.clone(),
        None => around(coordinates),
    };
    let (low, high) = (*range.start(), *range.end());
    match low.is_finite() && high.is_finite() && low < high {
        true => Ok(Array::linspace(low, high, size)),
        false => {
            let expected = "two finite numbers, the lower one first";
            Err(Error::argument("Landscape::range", expected, format!("{low} and {high}")))
        }
    }
}

/// A range with the origin and all finite coordinates inside, and a fifth to spare on either side.
fn around(coordinates: &[f64]) -> RangeInclusive<f64> {
    let finite = coordinates.iter().copied().filter(|c| c.is_finite());
    let (low, high) = finite.fold((0.0f64, 0.0f64), |(low, high), c| (low.min(c), high.max(c)));
    let spare = 0.2 * (high - low);
    if spare == 0.0 { -1.0..=1.0 } else { low - spare..=high + spare }
}
