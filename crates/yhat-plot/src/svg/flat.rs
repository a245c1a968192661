//! Panels with two axes.

use super::{Anchor, Paint, Svg, colorbar, legend, marks};
use crate::{
    Axes, Color, Result,
    artist::{Artist, Shape},
    colorbar::FLAT,
    contour,
    layout::{Frame, Rect, spans},
    text::{escaped, short, width},
    ticks::Ticks,
};

/// Axes, their ticks and spines are 0.8 points wide.
const THIN: f64 = 0.8;
/// How long ticks are.
pub(super) const TICK: f64 = 3.5;
const SIZE: f64 = 10.0;

/// Draws a panel into its cell.
pub(crate) fn draw(svg: &mut Svg, axes: &Axes, cell: Rect) -> Result<()> {
    let [x, y] = spans(axes)?;
    let (rect, bar) = axes.artists.divided(cell, FLAT);
    let frame = Frame { rect, x, y };
    let ticks = frame.ticks();
    svg.open(" class=\"axes\"", None);
    svg.clip(rect);
    let is_fill =
        |a: &&Artist| matches!(a.shape, Shape::Area { .. } | Shape::Bars { .. } | Shape::Contour { filled: true, .. });
    let is_note = |a: &&Artist| matches!(a.shape, Shape::Note { .. });
    axes.artists.iter().filter(is_fill).for_each(|artist| named(svg, artist, &frame));
    if axes.grid {
        grid(svg, &frame, &ticks);
    }
    axes.artists.iter().filter(|a| !is_fill(a) && !is_note(a)).for_each(|artist| named(svg, artist, &frame));
    svg.close();
    axes.artists.iter().filter(is_note).for_each(|artist| named(svg, artist, &frame));
    spines(svg, &frame, &ticks);
    labels(svg, axes, rect, &ticks);
    if let Some(place) = &axes.legend {
        legend::draw(svg, axes, &frame, place);
    }
    if let Some((bar, rect)) = bar {
        colorbar::draw(svg, &bar, rect);
    }
    svg.close();
    Ok(())
}

/// An artist, in a group of its own where it has a name.
fn named(svg: &mut Svg, artist: &Artist, frame: &Frame) {
    if let Some(id) = &artist.id {
        svg.open(&format!(" data-id=\"{}\"", escaped(id)), None);
    }
    drawn(svg, artist, frame);
    if artist.id.is_some() {
        svg.close();
    }
}

fn drawn(svg: &mut Svg, artist: &Artist, frame: &Frame) {
    let look = &artist.look;
    let at = |x: f64, y: f64| Some(frame.at(x, y)).filter(|p| p[0].is_finite() && p[1].is_finite());
    match &artist.shape {
        Shape::Series { x, y } => {
            let points: Vec<_> = x.iter().zip(y.iter()).map(|(x, y)| at(*x, *y)).collect();
            marks::line(svg, &points, look);
            let points: Vec<_> = points.into_iter().flatten().collect();
            // The edge of a mark is a point wide.
            marks::marks(svg, &points, look, 1.0, None);
        }
        Shape::Area { x, low, high } => {
            let upper = x.iter().zip(high.iter()).map(|(x, y)| at(*x, *y));
            let lower = x.iter().zip(low.iter()).map(|(x, y)| at(*x, *y)).rev();
            let around: Vec<_> = upper.chain(lower).filter(Option::is_some).collect();
            let d = marks::path(&around) + "z";
            svg.path(&d, Paint { fill: Some(look.color), alpha: Some(look.alpha), ..Paint::default() });
        }
        Shape::Bars { x, height, width } => {
            let bottom = frame.rect.bottom();
            let base = if frame.y.log { bottom } else { frame.at(0.0, 0.0)[1] };
            let mut d = String::new();
            for (x, height) in x.iter().zip(height.iter()) {
                if let (Some(a), Some(b)) = (at(x - width / 2.0, *height), at(x + width / 2.0, *height)) {
                    let [left, top, right, base] = [a[0], a[1], b[0], base].map(|v| short(v, 2));
                    d += &format!("M{left} {base}V{top}H{right}V{base}z");
                }
            }
            svg.path(&d, Paint { fill: Some(look.color), alpha: Some(look.alpha), ..Paint::default() });
        }
        Shape::Contour { grid, levels, filled, map } => {
            let alpha = Paint { alpha: Some(look.alpha), fill: Some(Color::Paper), ..Paint::default() };
            svg.open("", Some(alpha));
            let mut colors = contour::colors(levels, *filled, *map, look.color);
            // Each band is painted over all that is above its lower level; above the highest is paper.
            colors.resize(levels.len(), Color::Paper);
            for (level, color) in levels.iter().zip(colors) {
                let lines = if *filled { contour::areas(grid, *level) } else { contour::lines(grid, *level) };
                let lines = lines.iter().map(|line| line.iter().map(|[x, y]| at(*x, *y)).collect::<Vec<_>>());
                if *filled {
                    let d: String = lines.map(|line| marks::path(&line) + "z").collect();
                    svg.path(&d, Paint { fill: Some(color), ..Paint::default() });
                } else {
                    let look = crate::artist::Look { color, alpha: 1.0, ..look.clone() };
                    let joined: Vec<_> = lines.flat_map(|line| line.into_iter().chain([None])).collect();
                    marks::line(svg, &joined, &look);
                }
            }
            svg.close();
        }
        Shape::Rule { at, vertical } => {
            let rect = frame.rect;
            let ends = match vertical {
                true => frame.rect.x + frame.x.part(*at) * rect.width,
                false => rect.bottom() - frame.y.part(*at) * rect.height,
            };
            let (from, to) = match vertical {
                true => ([ends, rect.bottom()], [ends, rect.y]),
                false => ([rect.x, ends], [rect.right(), ends]),
            };
            marks::line(svg, &[Some(from), Some(to)], look);
        }
        Shape::Note { x, y, text } => {
            if let Some(point) = at(*x, *y) {
                svg.text(point, text, SIZE, Anchor::Start, 0.0, look.color);
            }
        }
        Shape::Series3 { .. } | Shape::Surface { .. } => {}
    }
}

/// Where the ticks of an axis are on the figure.
fn places<'a>(frame: &'a Frame, ticks: &'a [(f64, String)], vertical: bool) -> impl Iterator<Item = (f64, &'a str)> {
    let place = move |x: f64| match vertical {
        false => frame.rect.x + frame.x.part(x) * frame.rect.width,
        true => frame.rect.bottom() - frame.y.part(x) * frame.rect.height,
    };
    ticks.iter().map(move |(x, label)| (place(*x), label.as_str()))
}

/// A line at each tick that has a label.
fn grid(svg: &mut Svg, frame: &Frame, ticks: &[Ticks; 2]) {
    let rect = frame.rect;
    let mut d = String::new();
    let [across, up] = [0, 1].map(|i| ticks[i].labelled().cloned().collect::<Vec<_>>());
    for (x, _) in places(frame, &across, false) {
        d += &format!("M{} {}v{}", short(x, 2), short(rect.y, 2), short(rect.height, 2));
    }
    for (y, _) in places(frame, &up, true) {
        d += &format!("M{} {}h{}", short(rect.x, 2), short(y, 2), short(rect.width, 2));
    }
    let gray = Color::Rgb(0xb0, 0xb0, 0xb0);
    svg.path(&d, Paint { stroke: Some(gray), width: THIN, crisp: true, ..Paint::default() });
}

/// The box around the panel, the ticks and what stands at them.
fn spines(svg: &mut Svg, frame: &Frame, ticks: &[Ticks; 2]) {
    let rect = frame.rect;
    let [x, y, w, h] = [rect.x, rect.y, rect.width, rect.height].map(|v| short(v, 2));
    let mut d = format!("M{x} {y}h{w}v{h}H{x}z");
    let bottom = short(rect.bottom(), 2);
    for (at, _) in places(frame, &ticks[0].major, false) {
        d += &format!("M{} {bottom}v{TICK}", short(at, 2));
    }
    for (at, _) in places(frame, &ticks[1].major, true) {
        d += &format!("M{x} {}h-{TICK}", short(at, 2));
    }
    svg.path(&d, Paint { stroke: Some(Color::Ink), width: THIN, crisp: true, ..Paint::default() });
    let mut minor = String::new();
    for (at, _) in places(frame, &ticks[0].minor, false) {
        minor += &format!("M{} {bottom}v2", short(at, 2));
    }
    for (at, _) in places(frame, &ticks[1].minor, true) {
        minor += &format!("M{x} {}h-2", short(at, 2));
    }
    if !minor.is_empty() {
        svg.path(&minor, Paint { stroke: Some(Color::Ink), width: 0.6, crisp: true, ..Paint::default() });
    }
    for (at, label) in places(frame, &ticks[0].major, false).chain(places(frame, &ticks[0].minor, false)) {
        if !label.is_empty() {
            svg.text([at, rect.bottom() + 2.0 * TICK + 7.6], label, SIZE, Anchor::Middle, 0.0, Color::Ink);
        }
    }
    for (at, label) in places(frame, &ticks[1].major, true).chain(places(frame, &ticks[1].minor, true)) {
        if !label.is_empty() {
            svg.text([rect.x - 2.0 * TICK, at + 3.8], label, SIZE, Anchor::End, 0.0, Color::Ink);
        }
    }
    if !ticks[0].offset.is_empty() {
        let at = [rect.right(), rect.bottom() + 2.0 * TICK + 20.0];
        svg.text(at, &ticks[0].offset, SIZE, Anchor::End, 0.0, Color::Ink);
    }
    if !ticks[1].offset.is_empty() {
        svg.text([rect.x, rect.y - 4.0], &ticks[1].offset, SIZE, Anchor::Start, 0.0, Color::Ink);
    }
}

/// The title and what the axes are called.
fn labels(svg: &mut Svg, axes: &Axes, rect: Rect, ticks: &[Ticks; 2]) {
    let center = rect.x + rect.width / 2.0;
    if let Some(title) = &axes.title {
        svg.text([center, rect.y - 6.0], title, 12.0, Anchor::Middle, 0.0, Color::Ink);
    }
    if let Some(label) = &axes.x.label {
        svg.text([center, rect.bottom() + 2.0 * TICK + 21.5], label, SIZE, Anchor::Middle, 0.0, Color::Ink);
    }
    if let Some(label) = &axes.y.label {
        let widest = ticks[1].major.iter().chain(&ticks[1].minor).map(|(_, l)| width(l, SIZE)).fold(0.0, f64::max);
        let at = [rect.x - 2.0 * TICK - widest - 6.4, rect.y + rect.height / 2.0];
        svg.text(at, label, SIZE, Anchor::Middle, -90.0, Color::Ink);
    }
}
