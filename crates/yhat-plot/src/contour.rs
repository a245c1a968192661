//! Lines of equal height, by marching squares, and the areas between them.

use std::collections::{BTreeMap, BTreeSet};

use crate::{Color, Colormap, Error, Result, artist::Grid, ticks};

/// Heights at which contours are drawn: how many, or which.
#[derive(Clone, Debug)]
pub struct Levels(pub(crate) LevelsKind);

#[derive(Clone, Debug)]
pub(crate) enum LevelsKind {
    AtMost(usize),
    At(Vec<f64>),
}

impl From<usize> for Levels {
    fn from(n: usize) -> Levels {
        Levels(LevelsKind::AtMost(n))
    }
}
impl<const N: usize> From<[f64; N]> for Levels {
    fn from(levels: [f64; N]) -> Levels {
        Levels(LevelsKind::At(levels.to_vec()))
    }
}
impl From<Vec<f64>> for Levels {
    fn from(levels: Vec<f64>) -> Levels {
        Levels(LevelsKind::At(levels))
    }
}

/// The heights to draw, rising: those that were asked for, or round ones. As in matplotlib, there may be a few more than
/// `n`, and the first and the last enclose the data.
pub(crate) fn levels(call: &'static str, levels: Levels, grid: &Grid, filled: bool) -> Result<Vec<f64>> {
    let (low, high) = grid.z.extent().unwrap_or((0.0, 1.0));
    match levels.0 {
        LevelsKind::At(levels) => {
            let rising = levels.iter().all(|x| x.is_finite()) && levels.windows(2).all(|w| w[0] < w[1]);
            let enough = levels.len() > usize::from(filled);
            let expected = if filled { "two or more rising levels" } else { "rising levels" };
            let wrong = || Error::Data { call, message: format!("expected {expected}, got {levels:?}") };
            if rising && enough { Ok(levels) } else { Err(wrong()) }
        }
        LevelsKind::AtMost(n) => {
            if n == 0 {
                return Err(Error::Data { call, message: "expected one level or more, got 0".into() });
            }
            if low == high {
                return Ok(vec![low, low + 1.0][..1 + usize::from(filled)].to_vec());
            }
            let at = ticks::locations(low, high, n + 1, 1.0, ticks::CONTOUR);
            let from = at.iter().rposition(|x| *x <= low).unwrap_or(0);
            let to = at.iter().position(|x| *x >= high).unwrap_or(at.len() - 1);
            Ok(at[from..=to].to_vec())
        }
    }
}

/// A line through points of the x-y plane.
pub(crate) type Line = Vec<[f64; 2]>;

/// The lines at a level, with higher ground on their left. A line that meets the border or a gap ends there.
pub(crate) fn lines(grid: &Grid, level: f64) -> Vec<Line> {
    trace(&grid.x, &grid.y, &grid.z, level)
}

/// The border of the ground at a level and above, as closed lines: around it to the left, around holes to the right.
pub(crate) fn areas(grid: &Grid, level: f64) -> Vec<Line> {
    // A ring of the deepest depth at the very border closes what would end there.
    let ringed = |v: &[f64]| -> Vec<f64> {
        let mut ringed = vec![v[0]];
        ringed.extend(v);
        ringed.push(v[v.len() - 1]);
        ringed
    };
    let columns = grid.y.len();
    let mut z = vec![f64::NEG_INFINITY; columns + 2];
    for row in grid.z.chunks(columns) {
        z.push(f64::NEG_INFINITY);
        z.extend(row.iter().map(|z| if z.is_nan() { f64::NEG_INFINITY } else { *z }));
        z.push(f64::NEG_INFINITY);
    }
    z.extend(vec![f64::NEG_INFINITY; columns + 2]);
    trace(&ringed(&grid.x), &ringed(&grid.y), &z, level)
}

/// Marching squares. Each edge between neighbours is the beginning of one segment at most and the end of one at most,
/// so segments are joined by the edges' numbers.
fn trace(x: &[f64], y: &[f64], z: &[f64], level: f64) -> Vec<Line> {
    let columns = y.len();
    let mut next = BTreeMap::new();
    for i in 0..x.len() - 1 {
        for j in 0..columns - 1 {
            let a = i * columns + j;
            next.extend(segments(z, [a, a + columns, a + columns + 1, a + 1], columns, level));
        }
    }
    let ends: BTreeSet<usize> = next.values().copied().collect();
    let mut starts: Vec<usize> = next.keys().copied().filter(|edge| !ends.contains(edge)).collect();
    let mut lines = Vec::new();
    loop {
        // Open lines first, from where they begin; what is left then are loops.
        let Some(first) = starts.pop().or_else(|| next.keys().next().copied()) else { return lines };
        let mut line = vec![crossing(x, y, z, first, level)];
        let mut at = first;
        while let Some(edge) = next.remove(&at) {
            line.push(crossing(x, y, z, edge, level));
            at = edge;
        }
        lines.push(line);
    }
}

/// The segments in a cell whose corners are given counterclockwise: from edge to edge, low corners to the right.
fn segments(z: &[f64], corners: [usize; 4], columns: usize, level: f64) -> Vec<(usize, usize)> {
    if corners.iter().any(|c| z[*c].is_nan()) {
        return Vec::new();
    }
    let high = corners.map(|c| z[c] >= level);
    let edge = |k: usize| {
        let (p, q) = (corners[k], corners[(k + 1) % 4]);
        2 * p.min(q) + usize::from(p.abs_diff(q) < columns)
    };
    let falls: Vec<usize> = (0..4).filter(|k| high[*k] && !high[(k + 1) % 4]).collect();
    let rises = |k: usize| !high[k % 4] && high[(k + 1) % 4];
    // On a saddle, the middle says which corners belong together.
    let middle = corners.iter().map(|c| z[*c]).sum::<f64>() / 4.0;
    let backwards = falls.len() == 2 && middle < level;
    let partner = |k: usize| (1..4).map(|d| if backwards { k + 4 - d } else { k + d }).find(|k| rises(*k));
    falls.iter().filter_map(|k| Some((edge(*k), edge(partner(*k)? % 4)))).collect()
}

/// Where the level is on an edge.
fn crossing(x: &[f64], y: &[f64], z: &[f64], edge: usize, level: f64) -> [f64; 2] {
    let columns = y.len();
    let p = edge / 2;
    let q = if edge % 2 == 1 { p + 1 } else { p + columns };
    let t = (level - z[p]) / (z[q] - z[p]);
    let t = if t.is_finite() { t } else { 0.5 };
    let between = |a: f64, b: f64| a + (b - a) * t;
    [between(x[p / columns], x[q / columns]), between(y[p % columns], y[q % columns])]
}

/// The colours of the bands between levels, or of the levels themselves.
pub(crate) fn colors(levels: &[f64], filled: bool, map: Option<Colormap>, plain: Color) -> Vec<Color> {
    let at: Vec<f64> = if filled { levels.windows(2).map(|w| (w[0] + w[1]) / 2.0).collect() } else { levels.to_vec() };
    let (low, high) = (levels.first().copied().unwrap_or(0.0), levels.last().copied().unwrap_or(1.0));
    let part = |x: f64| if high > low { (x - low) / (high - low) } else { 0.5 };
    at.iter()
        .map(|x| match map {
            Some(map) => {
                let [r, g, b] = map.at(part(*x));
                Color::Rgb(r, g, b)
            }
            None => plain,
        })
        .collect()
}
