//! Paths on one map, for the words and the picture.

use yhat::landscape::{Surface, Track};

use crate::{Page, chapters::logistic::TRUTH, plots::bends};

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

/// An optimizer on the map: its name, its paths from all starts as one line with gaps, and where they end.
pub struct Optimizer<'a> {
    pub name: &'a str,
    pub path: [Vec<f64>; 2],
    pub ends: [Vec<f64>; 2],
}

/// What each optimizer did.
pub fn optimizers(surface: &Surface, starts: usize) -> Vec<Optimizer<'_>> {
    let count = surface.tracks.len() / starts;
    let of = |optimizer: usize| {
        let tracks = || surface.tracks.iter().skip(optimizer).step_by(count);
        let points = |track: &Track| track.first.iter().zip(&track.second).map(|(a, b)| [*a, *b]).collect::<Vec<_>>();
        // As much of a path as one can see.
        let parts = tracks().map(|track| [bends(&points(track), 0.1), vec![[f64::NAN; 2]]].concat());
        let (path, ends) = (parts.collect::<Vec<_>>().concat(), tracks().filter_map(|t| points(t).last().copied()));
        let (ends, name) = (ends.collect::<Vec<_>>(), surface.tracks[optimizer].name.as_str());
        Optimizer { name, path: [0, 1].map(|k| coordinate(&path, k)), ends: [0, 1].map(|k| coordinate(&ends, k)) }
    };
    (0..count).map(of).collect()
}

fn coordinate(points: &[[f64; 2]], k: usize) -> Vec<f64> {
    points.iter().map(|point| point[k]).collect()
}
