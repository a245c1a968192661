//! Lines and marks as paths.

use std::fmt::Write;

use super::{Paint, Svg};
use crate::{
    artist::Look,
    style::{Dash, Marker},
    text::short,
};

/// matplotlib's dashes, in widths of the line.
pub(crate) fn dashes(dash: Dash) -> &'static [f64] {
    match dash {
        Dash::Solid => &[],
        Dash::Dashed => &[3.7, 1.6],
        Dash::DashDot => &[6.4, 1.6, 1.0, 1.6],
        Dash::Dotted => &[1.0, 1.65],
    }
}

/// A line through points; `None` is a gap.
pub(crate) fn line(svg: &mut Svg, points: &[Option<[f64; 2]>], look: &Look) {
    let Some(dash) = look.dash else { return };
    let d = path(points);
    if !d.is_empty() {
        let paint = Paint {
            stroke: Some(look.color),
            width: look.linewidth,
            dashes: dashes(dash),
            alpha: Some(look.alpha),
            ..Paint::default()
        };
        svg.path(&d, paint);
    }
}

/// The `d` of a line through points, with steps from point to point, which are shorter than places.
pub(crate) fn path(points: &[Option<[f64; 2]>]) -> String {
    let mut d = String::new();
    for run in points.split(Option::is_none) {
        let run: Vec<[f64; 2]> = run.iter().flatten().copied().collect();
        if run.len() > 1 {
            let mut at = [0.0; 2];
            for (i, point) in simplified(&run).into_iter().enumerate() {
                d.push_str(match i {
                    0 => "M",
                    1 => "l",
                    _ => " ",
                });
                // Rounding is carried on, so it does not add up.
                let step: [String; 2] = std::array::from_fn(|c| short(point[c] - at[c], 2));
                let moved = |c: usize| step[c].parse::<f64>().unwrap_or(0.0);
                at = [at[0] + moved(0), at[1] + moved(1)];
                d.push_str(&step[0]);
                if !step[1].starts_with('-') {
                    d.push(' ');
                }
                d.push_str(&step[1]);
            }
        }
    }
    d
}

/// The line without points that lie on it within a fiftieth of a point (Douglas and Peucker's method).
fn simplified(line: &[[f64; 2]]) -> Vec<[f64; 2]> {
    keep(line, 0.02).into_iter().map(|i| line[i]).collect()
}

/// Which points of a line to keep so that none that is left out is farther than `slack` from what is drawn.
pub(crate) fn keep(line: &[[f64; 2]], slack: f64) -> Vec<usize> {
    let mut kept = vec![false; line.len()];
    let mut open = vec![(0, line.len() - 1)];
    (kept[0], kept[line.len() - 1]) = (true, true);
    while let Some((from, to)) = open.pop() {
        let far = (from + 1..to).map(|i| (distance(line[i], line[from], line[to]), i));
        if let Some((far, at)) = far.max_by(|a, b| a.0.total_cmp(&b.0))
            && far > slack
        {
            kept[at] = true;
            open.extend([(from, at), (at, to)]);
        }
    }
    (0..line.len()).filter(|i| kept[*i]).collect()
}

/// From a point to a segment.
fn distance([x, y]: [f64; 2], [ax, ay]: [f64; 2], [bx, by]: [f64; 2]) -> f64 {
    let (dx, dy) = (bx - ax, by - ay);
    let square = dx * dx + dy * dy;
    let t = if square > 0.0 { (((x - ax) * dx + (y - ay) * dy) / square).clamp(0.0, 1.0) } else { 0.0 };
    (x - ax - t * dx).hypot(y - ay - t * dy)
}

/// Marks at points. `edge` is the width of the line around them, in their own colour. `alphas` makes some fainter.
pub(crate) fn marks(svg: &mut Svg, points: &[[f64; 2]], look: &Look, edge: f64, alphas: Option<&[f64]>) {
    let Some(marker) = look.marker else { return };
    let size = look.markersize;
    let (unit, paint) = match marker {
        // A dot is a line of no length with a round end.
        Marker::Point | Marker::Circle => {
            let diameter = if marker == Marker::Point { size / 2.0 } else { size };
            let paint = Paint { stroke: Some(look.color), width: diameter + edge, round: true, ..Paint::default() };
            ("h.01".to_string(), paint)
        }
        // One pixel at matplotlib's 100 to the inch.
        Marker::Pixel => {
            let paint = Paint { stroke: Some(look.color), width: 0.72, crisp: true, ..Paint::default() };
            ("m-.36 0h.72".to_string(), paint)
        }
        Marker::Plus => {
            let (r, d) = (short(size / 2.0, 2), short(size, 2));
            let paint = Paint { stroke: Some(look.color), width: edge, ..Paint::default() };
            (format!("m-{r} 0h{d}m-{r}-{r}v{d}"), paint)
        }
        Marker::Cross => {
            let (r, d) = (short(size / 2.0, 2), short(size, 2));
            let paint = Paint { stroke: Some(look.color), width: edge, ..Paint::default() };
            (format!("m-{r}-{r}l{d} {d}m-{d} 0l{d}-{d}"), paint)
        }
        _ => {
            let corners: Vec<_> = corners(marker).iter().map(|[x, y]| Some([x * size, -y * size])).collect();
            // Relative to the mark's own point: the path begins with a move.
            let d = path(&corners).replacen('M', "m", 1) + "z";
            let (fill, stroke) = (Some(look.color), Some(look.color));
            (d, Paint { fill, stroke, width: edge, round: true, ..Paint::default() })
        }
    };
    let mut start = String::new();
    let place = |out: &mut String, [x, y]: [f64; 2]| {
        let _ = write!(out, "M{} {}{unit}", short(x, 2), short(y, 2));
    };
    if look.alpha >= 1.0 && alphas.is_none() {
        points.iter().for_each(|point| place(&mut start, *point));
        svg.path(&start, paint);
        return;
    }
    // Marks that let others shine through are elements of their own, so that they add up where they overlap.
    svg.open("", Some(Paint { alpha: None, ..paint }));
    for (i, point) in points.iter().enumerate() {
        start.clear();
        place(&mut start, *point);
        let alpha = short(look.alpha * alphas.map_or(1.0, |alphas| alphas[i]), 2);
        svg.raw(&format!("<path d=\"{start}\" opacity=\"{alpha}\"/>\n"));
    }
    svg.close();
}

/// The corners of a mark of size 1, y upwards.
fn corners(marker: Marker) -> Vec<[f64; 2]> {
    match marker {
        Marker::Square => vec![[-0.5, -0.5], [0.5, -0.5], [0.5, 0.5], [-0.5, 0.5]],
        Marker::Up => vec![[0.0, 0.5], [-0.5, -0.5], [0.5, -0.5]],
        Marker::Down => vec![[0.0, -0.5], [-0.5, 0.5], [0.5, 0.5]],
        Marker::Diamond => vec![[0.0, -0.5], [0.3, 0.0], [0.0, 0.5], [-0.3, 0.0]],
        // Five points, the inner corners at (3 - sqrt 5) / 2 of the outer radius.
        _ => (0..10)
            .map(|i| {
                let radius = if i % 2 == 0 { 0.5 } else { 0.5 * (3.0 - 5f64.sqrt()) / 2.0 };
                let angle = std::f64::consts::PI * (0.5 + f64::from(i) / 5.0);
                [radius * angle.cos(), radius * angle.sin()]
            })
            .collect(),
    }
}
