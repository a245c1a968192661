//! Legends: what has a label, in a box where it hides least.

use super::{Anchor, Paint, Svg, marks};
use crate::{
    Axes, Color,
    artist::{Artist, Look, Shape},
    layout::{Frame, Rect},
    text::{short, width},
};

/// matplotlib's measures in points, at its size of 10: a line's sample, the gap beside it, the border, the gap to the
/// axes, the height of a line and the gap below it.
const SAMPLE: f64 = 20.0;
const GAP: f64 = 8.0;
const BORDER: f64 = 4.0;
const OFF: f64 = 5.0;
const LINE: f64 = 9.7;
const BELOW: f64 = 5.0;

/// What has a label.
fn entries(axes: &Axes) -> Vec<(&Artist, &str)> {
    axes.artists.iter().filter_map(|a| Some((a, a.label.as_deref()?))).collect()
}

/// Width and height of the box.
fn measure(entries: &[(&Artist, &str)]) -> (f64, f64) {
    let widest = entries.iter().map(|(_, label)| width(label, 10.0)).fold(0.0, f64::max);
    let lines = entries.len() as f64;
    (2.0 * BORDER + SAMPLE + GAP + widest, 2.0 * BORDER + lines * LINE + (lines - 1.0) * BELOW)
}

/// The place that "best" is.
pub(crate) fn resolved<'a>(axes: &Axes, frame: &Frame, place: &'a str) -> &'a str {
    let (w, h) = measure(&entries(axes));
    if place == "best" { best(axes, frame, w, h) } else { place }
}

pub(crate) fn draw(svg: &mut Svg, axes: &Axes, frame: &Frame, place: &str) {
    let entries = entries(axes);
    if entries.is_empty() {
        return;
    }
    let (w, h) = measure(&entries);
    let rect = placed(frame.rect, resolved(axes, frame, place), w, h);
    let [x, y, inner, tall] = [rect.x + 2.0, rect.y, w - 4.0, h - 4.0].map(|v| short(v, 2));
    svg.path(
        &format!("M{x} {y}h{inner}q2 0 2 2v{tall}q0 2-2 2h-{inner}q-2 0-2-2v-{tall}q0-2 2-2z"),
        Paint {
            fill: Some(Color::Paper),
            stroke: Some(Color::Rgb(204, 204, 204)),
            width: 1.0,
            alpha: Some(0.8),
            ..Paint::default()
        },
    );
    for (i, (artist, label)) in entries.iter().enumerate() {
        let top = rect.y + BORDER + i as f64 * (LINE + BELOW);
        sample(svg, artist, rect.x + BORDER, top);
        let at = [rect.x + BORDER + SAMPLE + GAP, top + 7.7];
        svg.text(at, label, 10.0, Anchor::Start, 0.0, Color::Ink);
    }
}

/// A line, a mark or a patch that looks like what it stands for, opaque enough to be seen.
fn sample(svg: &mut Svg, artist: &Artist, left: f64, top: f64) {
    let middle = top + LINE / 2.0;
    let look = Look { alpha: artist.look.alpha.max(0.3), ..artist.look.clone() };
    if matches!(artist.shape, Shape::Area { .. } | Shape::Bars { .. } | Shape::Surface { .. }) {
        let d = format!("M{} {}h{SAMPLE}v7h-{SAMPLE}z", short(left, 2), short(middle - 3.5, 2));
        svg.path(&d, Paint { fill: Some(look.color), alpha: Some(look.alpha), ..Paint::default() });
        return;
    }
    marks::line(svg, &[Some([left, middle]), Some([left + SAMPLE, middle])], &look);
    marks::marks(svg, &[[left + SAMPLE / 2.0, middle]], &look, 1.0, None);
}

fn placed(rect: Rect, place: &str, width: f64, height: f64) -> Rect {
    let x = match place {
        "upper left" | "lower left" => rect.x + OFF,
        "upper center" => rect.x + (rect.width - width) / 2.0,
        _ => rect.right() - OFF - width,
    };
    let y = if place.starts_with("upper") { rect.y + OFF } else { rect.bottom() - OFF - height };
    Rect { x, y, width, height }
}

/// The corner whose box holds the fewest points of what is drawn, points along lines included.
fn best(axes: &Axes, frame: &Frame, width: f64, height: f64) -> &'static str {
    let mut points = Vec::new();
    for artist in axes.artists.iter() {
        let (x, y) = match &artist.shape {
            Shape::Series { x, y } => (x, y),
            Shape::Area { x, low, high } => {
                for ((x, low), high) in x.iter().zip(low.iter()).zip(high.iter()) {
                    let ends = [frame.at(*x, *low), frame.at(*x, *high)];
                    points.extend((0..8).map(|k| along(&ends, f64::from(k) / 8.0)));
                }
                (x, high)
            }
            Shape::Bars { x, height, .. } => (x, height),
            _ => continue,
        };
        let at: Vec<[f64; 2]> = x.iter().zip(y.iter()).map(|(x, y)| frame.at(*x, *y)).collect();
        if artist.look.dash.is_some() || matches!(artist.shape, Shape::Area { .. }) {
            let between = |w: &[[f64; 2]]| (1..8).map(|k| f64::from(k) / 8.0).map(|t| along(w, t)).collect::<Vec<_>>();
            points.extend(at.windows(2).flat_map(between));
        }
        points.extend(at);
    }
    let places = ["upper right", "upper left", "lower left", "lower right", "upper center"];
    let hidden = |place: &&str| {
        let rect = placed(frame.rect, place, width, height);
        points.iter().filter(|p| rect.holds(**p)).count()
    };
    places.into_iter().min_by_key(hidden).unwrap_or("upper right")
}

fn along(ends: &[[f64; 2]], t: f64) -> [f64; 2] {
    std::array::from_fn(|c| ends[0][c] + (ends[1][c] - ends[0][c]) * t)
}
