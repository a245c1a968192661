//! Bars beside panels that say which colour is which height.

use crate::{
    Color, Colormap,
    artist::{Artist, Shape},
    contour,
    layout::{Rect, Span},
    ticks::Ticks,
};

/// How much of a cell's height the bar beside a panel of each kind has.
pub(crate) const FLAT: f64 = 1.0;
pub(crate) const SOLID: f64 = 0.6;

/// The heights of a bar, and its colours from 0 (the lowest) to 1: between two of them it is mixed; where two are at the
/// same place it changes at once.
#[derive(Clone, Debug)]
pub(crate) struct Colorbar {
    pub span: Span,
    pub stops: Vec<(f64, Color)>,
    pub alpha: f64,
}

impl Colorbar {
    /// That of the last artist that is coloured by height.
    pub fn of(artists: &[Artist]) -> Option<Colorbar> {
        artists.iter().rev().find_map(|artist| {
            let (low, high, stops) = match &artist.shape {
                Shape::Surface { grid, map: Some(map) } => {
                    let (low, high) = grid.z.extent()?;
                    (low, high, smooth(*map))
                }
                Shape::Contour { levels, filled, map: Some(map), .. } => {
                    let (low, high) = (*levels.first()?, *levels.last()?);
                    (low, high, if *filled { bands(levels, *map) } else { smooth(*map) })
                }
                _ => return None,
            };
            // Heights that are all the same are the middle of a bar.
            let (low, high) = if low < high { (low, high) } else { (low - 0.5, high + 0.5) };
            Some(Colorbar { span: Span { low, high, log: false }, stops, alpha: artist.look.alpha })
        })
    }

    /// Its colours at the middles of `n` equal parts.
    pub fn at_each(&self, n: usize) -> impl Iterator<Item = [u8; 3]> {
        (0..n).map(move |k| {
            let t = (k as f64 + 0.5) / n as f64;
            let above = self.stops.iter().position(|(at, _)| *at >= t).unwrap_or(self.stops.len() - 1).max(1);
            let [(a, low), (b, high)] = [self.stops[above - 1], self.stops[above]];
            let part = if b > a { (t - a) / (b - a) } else { 1.0 };
            let mixed = |c: usize| f64::from(low.rgb()[c]) * (1.0 - part) + f64::from(high.rgb()[c]) * part;
            std::array::from_fn(|c| mixed(c).round() as u8)
        })
    }

    /// Its ticks if it is drawn into a rectangle.
    pub fn ticks(&self, rect: Rect) -> Ticks {
        self.span.ticks((rect.height / 20.0) as usize)
    }

    /// A cell's two parts, as `matplotlib.colorbar.make_axes` divides it: a fifth is for the bar, a twentieth of the cell
    /// the gap; a bar is a twentieth as wide as it is high. `high` is how much of the cell's height it has.
    pub fn divide(cell: Rect, high: f64) -> (Rect, Rect) {
        let panel = Rect { width: 0.8 * cell.width, ..cell };
        let height = high * cell.height;
        let (x, y) = (cell.x + 0.85 * cell.width, cell.y + (cell.height - height) / 2.0);
        (panel, Rect { x, y, width: (height / 20.0).min(0.15 * cell.width), height })
    }
}

fn smooth(map: Colormap) -> Vec<(f64, Color)> {
    let anchors = map.anchors();
    let last = (anchors.len() - 1) as f64;
    anchors.iter().enumerate().map(|(i, [r, g, b])| (i as f64 / last, Color::Rgb(*r, *g, *b))).collect()
}

fn bands(levels: &[f64], map: Colormap) -> Vec<(f64, Color)> {
    let (low, high) = (levels[0], levels[levels.len() - 1]);
    let part = |x: f64| (x - low) / (high - low);
    let colors = contour::colors(levels, true, Some(map), Color::Ink);
    levels.windows(2).zip(colors).flat_map(|(ends, color)| [(part(ends[0]), color), (part(ends[1]), color)]).collect()
}
