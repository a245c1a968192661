//! Paths on one map, for the words and the picture.

use yhat::landscape::{Surface, Track};

use crate::{Page, chapters::logistic::TRUTH};

/// How near to the truth counts as having arrived.
const NEAR: f64 = 1.0;

/// Gives the words from how many starts each optimizer arrives, under each loss.
pub fn describe(page: &mut Page, surfaces: &[Surface; 2], starts: [[[f64; 1]; 2]; 3]) {
    page.value("starts", starts.len() as f64);
    page.value("map_epochs", surfaces[0].tracks[0].epochs.last().map_or(0.0, |epoch| *epoch as f64));
    page.value("near", NEAR);
    for (axis, name) in ["third_w0", "third_w1"].into_iter().enumerate() {
        page.value(name, starts[2][axis][0]);
    }
    let names = [
        [["sgd_mse", "momentum_mse", "rmsprop_mse", "adam_mse"], ["sgd_bce", "momentum_bce", "rmsprop_bce", "adam_bce"]],
        [
            ["sgd_mse_off", "momentum_mse_off", "rmsprop_mse_off", "adam_mse_off"],
            ["sgd_bce_off", "momentum_bce_off", "rmsprop_bce_off", "adam_bce_off"],
        ],
    ];
    for (i, surface) in surfaces.iter().enumerate() {
        for k in 0..names[0][i].len() {
            let off: Vec<f64> = surface.tracks.iter().skip(k).step_by(names[0][i].len()).map(off_the_truth).collect();
            page.value(names[0][i][k], off.iter().filter(|off| **off < NEAR).count() as f64);
            page.value(names[1][i][k], off.iter().copied().fold(0.0, f64::max));
        }
    }
}

/// How far from the truth a path ends.
fn off_the_truth(track: &Track) -> f64 {
    let last = track.first.len() - 1;
    (track.first[last] - TRUTH[0]).hypot(track.second[last] - TRUTH[1])
}

/// The paths of each optimizer from all starts as one line with gaps: its name, and where it goes.
pub fn joined(surface: &Surface, starts: usize) -> Vec<(&str, Vec<f64>, Vec<f64>)> {
    let optimizers = surface.tracks.len() / starts;
    let of = |optimizer: usize| {
        let tracks = surface.tracks.iter().skip(optimizer).step_by(optimizers);
        let parts = tracks.map(|track| seen(track).into_iter().chain([[f64::NAN; 2]]).collect::<Vec<_>>());
        let points = parts.collect::<Vec<_>>().concat();
        let axis = |k: usize| points.iter().map(|point| point[k]).collect();
        (surface.tracks[optimizer].name.as_str(), axis(0), axis(1))
    };
    (0..optimizers).map(of).collect()
}

/// The points of a path without those that are on the way between others, as far as one can see on a small map.
fn seen(track: &Track) -> Vec<[f64; 2]> {
    let points: Vec<[f64; 2]> = track.first.iter().zip(&track.second).map(|(a, b)| [*a, *b]).collect();
    let mut kept = vec![0];
    keep(&points, 0, points.len() - 1, &mut kept);
    kept.into_iter().map(|i| points[i]).collect()
}

/// Keeps of the points after `from` up to `to` what a straight line would miss (Ramer, 1972; Douglas and Peucker, 1973).
fn keep(points: &[[f64; 2]], from: usize, to: usize, kept: &mut Vec<usize>) {
    const MISSED: f64 = 0.05;
    let (a, b) = (points[from], points[to]);
    let along = [b[0] - a[0], b[1] - a[1]];
    let square = along[0].powi(2) + along[1].powi(2);
    let off = |i: usize| {
        let p = [points[i][0] - a[0], points[i][1] - a[1]];
        let part = if square > 0.0 { ((p[0] * along[0] + p[1] * along[1]) / square).clamp(0.0, 1.0) } else { 0.0 };
        (p[0] - part * along[0]).hypot(p[1] - part * along[1])
    };
    match (from + 1..to).max_by(|&i, &j| off(i).total_cmp(&off(j))) {
        Some(i) if off(i) > MISSED => {
            keep(points, from, i, kept);
            keep(points, i, to, kept);
        }
        _ => kept.push(to),
    }
}
