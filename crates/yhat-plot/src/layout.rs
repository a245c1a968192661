//! Where panels are on the figure, and where numbers are on panels.

use crate::{
    Axes, Error, Figure, Result,
    artist::{Artist, FARTHEST, Numbers, Shape},
    axes3d::Axes3d,
    axis::Axis,
    figure::Place,
    ticks::{AXIS, Ticks, labels, locations, ticks},
};

/// A rectangle in points, its origin at the top left.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Rect {
    pub x: f64,
    pub y: f64,
    pub width: f64,
    pub height: f64,
}

impl Rect {
    /// The largest square in its middle.
    pub fn square(&self) -> Rect {
        let side = self.width.min(self.height);
        let (x, y) = (self.x + (self.width - side) / 2.0, self.y + (self.height - side) / 2.0);
        Rect { x, y, width: side, height: side }
    }

    pub fn right(&self) -> f64 {
        self.x + self.width
    }

    pub fn bottom(&self) -> f64 {
        self.y + self.height
    }

    pub fn holds(&self, [x, y]: [f64; 2]) -> bool {
        (self.x..=self.right()).contains(&x) && (self.y..=self.bottom()).contains(&y)
    }
}

/// Width and height of a figure in points.
pub(crate) fn points(figure: &Figure) -> (f64, f64) {
    (figure.width * 72.0, figure.height * 72.0)
}

/// The cell of a panel: matplotlib's default margins (12.5 % left, 10 % right, 12 % above, 11 % below) and gaps (a fifth of
/// a panel).
pub(crate) fn rect(figure: &Figure, place: Place) -> Rect {
    let (width, height) = points(figure);
    let (left, right, top, bottom) = (0.125 * width, 0.9 * width, 0.12 * height, 0.89 * height);
    let side = |whole: f64, n: usize| whole / (n as f64 + 0.2 * (n as f64 - 1.0));
    let (w, h) = (side(right - left, place.columns), side(bottom - top, place.rows));
    let (row, column) = ((place.index - 1) / place.columns, (place.index - 1) % place.columns);
    Rect { x: left + 1.2 * w * column as f64, y: top + 1.2 * h * row as f64, width: w, height: h }
}

/// What an axis shows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Span {
    pub low: f64,
    pub high: f64,
    pub log: bool,
}

impl Span {
    /// Where a number is on the axis, from 0 (its beginning) to 1 (its end). A log axis has no place for 0 and below.
    pub fn part(&self, x: f64) -> f64 {
        match self.log {
            false => (x - self.low) / (self.high - self.low),
            true => (x / self.low).ln() / (self.high / self.low).ln(),
        }
    }

    /// Its ticks if there is room for `space` labels.
    pub fn ticks(&self, space: usize) -> Ticks {
        ticks(self.low, self.high, self.log, space)
    }

    /// Its ticks in a panel in space: as many as there is room for below the panel's square.
    pub fn ticks_in_space(&self, square: Rect) -> Ticks {
        let space = ((square.width / 30.0) as usize).clamp(1, 9);
        let (low, high) = (self.low.min(self.high), self.low.max(self.high));
        let at = locations(low, high, space, 23.0 / 24.0, AXIS);
        let (texts, offset) = labels(&at, self.low, self.high);
        let major = at.into_iter().zip(texts).filter(|(x, _)| (0.0..=1.0).contains(&self.part(*x))).collect();
        Ticks { major, minor: Vec::new(), offset }
    }
}

/// The numbers that an axis must show, and how they may be surrounded.
#[derive(Clone, Copy, Debug, Default)]
struct Extent {
    span: Option<(f64, f64)>,
    /// No margin beyond this number, as below bars.
    sticky: Option<f64>,
    tight: bool,
}

impl Extent {
    fn add(&mut self, span: Option<(f64, f64)>) {
        self.span = match (self.span, span) {
            (Some((a, b)), Some((c, d))) => Some((a.min(c), b.max(d))),
            (a, b) => a.or(b),
        };
    }
}

/// What the x axis and the y axis of a panel show.
///
/// # Errors
/// If an axis is logarithmic and a number on it is not positive.
pub(crate) fn spans(axes: &Axes) -> Result<[Span; 2]> {
    let [mut x, mut y] = [Extent::default(); 2];
    for artist in axes.artists.iter() {
        extend(artist, &mut x, &mut y, axes.y.log);
    }
    Ok([span("xscale(\"log\")", "x", &axes.x, x)?, span("yscale(\"log\")", "y", &axes.y, y)?])
}

fn extend(artist: &Artist, across: &mut Extent, up: &mut Extent, log: bool) {
    match &artist.shape {
        Shape::Series { x, y } => {
            let drawn = |(x, y): &(&f64, &f64)| x.is_finite() && y.is_finite();
            let (x, y): (Vec<f64>, Vec<f64>) = x.iter().zip(y.iter()).filter(drawn).unzip();
            across.add(Numbers::from(x).extent());
            up.add(Numbers::from(y).extent());
        }
        Shape::Area { x, low, high } => {
            across.add(x.extent());
            up.add(low.extent());
            up.add(high.extent());
            if low.iter().all(|y| *y == 0.0) {
                up.sticky = Some(0.0);
            }
        }
        Shape::Bars { x, height, width } => {
            across.add(x.extent().map(|(a, b)| (a - width / 2.0, b + width / 2.0)));
            up.add(height.extent());
            if !log {
                up.add(Some((0.0, 0.0)));
                up.sticky = Some(0.0);
            }
        }
        Shape::Contour { grid, .. } => {
            across.add(grid.x.extent());
            up.add(grid.y.extent());
            (across.tight, up.tight) = (true, true);
        }
        Shape::Rule { at, vertical: true } => across.add(Some((*at, *at))),
        Shape::Rule { at, vertical: false } => up.add(Some((*at, *at))),
        Shape::Note { .. } | Shape::Series3 { .. } | Shape::Surface { .. } => {}
    }
}

fn span(call: &'static str, name: &str, axis: &Axis, extent: Extent) -> Result<Span> {
    let log = axis.log;
    let least = extent.span.map_or(1.0, |span| span.0).min(axis.limits.map_or(f64::MAX, |(a, b)| a.min(b)));
    if log && least <= 0.0 {
        let message = format!("a logarithmic axis shows positive numbers alone, but {name} goes down to {least}");
        return Err(Error::Data { call, message });
    }
    if let Some((low, high)) = axis.limits {
        return Ok(Span { low, high, log });
    }
    let (low, high) = extent.span.unwrap_or(if log { (1.0, 10.0) } else { (0.0, 1.0) });
    if log {
        // One number alone lies between the powers of ten around it.
        let whole = |x: f64| 10f64.powf(x);
        let (below, above) = (low.log10().ceil() - 1.0, high.log10().floor() + 1.0);
        let (low, high) = if low == high { (whole(below), whole(above)) } else { (low, high) };
        let margin = if extent.tight { 1.0 } else { (high / low).powf(0.05) };
        return Ok(Span { low: (low / margin).max(1e-300), high: (high * margin).min(FARTHEST), log });
    }
    let (low, high) = apart(low, high);
    let margin = if extent.tight { 0.0 } else { 0.05 * (high - low) };
    let below = if extent.sticky == Some(low) { 0.0 } else { margin };
    let above = if extent.sticky == Some(high) { 0.0 } else { margin };
    Ok(Span { low: low - below, high: high + above, log })
}

/// `matplotlib.transforms.nonsingular`: limits that coincide are moved apart.
fn apart(low: f64, high: f64) -> (f64, f64) {
    let size = low.abs().max(high.abs());
    match high - low {
        _ if size < 1e-290 => (-0.05, 0.05),
        length if length > size * 1e-15 => (low, high),
        _ => (low - 0.05 * low.abs(), high + 0.05 * high.abs()),
    }
}

/// What the three axes of a panel in space show: as in matplotlib, a twentieth beyond the data and then 1/48 more.
pub(crate) fn spans_3d(axes: &Axes3d) -> [Span; 3] {
    let mut extents = [Extent::default(); 3];
    for artist in axes.artists.iter() {
        let parts = match &artist.shape {
            Shape::Series3 { x, y, z } => [x, y, z],
            Shape::Surface { grid, .. } => [&grid.x, &grid.y, &grid.z],
            _ => continue,
        };
        extents.iter_mut().zip(parts).for_each(|(extent, part)| extent.add(part.extent()));
    }
    let is_scattered = |a: &Artist| matches!(a.shape, Shape::Series3 { .. }) && a.look.dash.is_none();
    let scattered = axes.artists.iter().any(is_scattered);
    std::array::from_fn(|i| {
        if let Some((low, high)) = axes.axes[i].limits {
            return Span { low, high, log: false };
        }
        let (low, high) = extents[i].span.unwrap_or((0.0, 1.0));
        let (low, high) = apart(low, high);
        // The z axis has only the view's own margin unless something is scattered.
        let margin = if i < 2 || scattered { 0.05 * (high - low) } else { 0.0 };
        let view = (high - low + 2.0 * margin) / 48.0;
        Span { low: low - margin - view, high: high + margin + view, log: false }
    })
}

/// A panel's rectangle with its two axes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Frame {
    pub rect: Rect,
    pub x: Span,
    pub y: Span,
}

impl Frame {
    /// Where a point is on the figure.
    pub fn at(&self, x: f64, y: f64) -> [f64; 2] {
        let rect = self.rect;
        [rect.x + self.x.part(x) * rect.width, rect.bottom() - self.y.part(y) * rect.height]
    }

    /// The ticks of both axes: an x label has room of three times its size, a y label twice.
    pub fn ticks(&self) -> [Ticks; 2] {
        let space = |length: f64, room: f64| (length / room) as usize;
        [self.x.ticks(space(self.rect.width, 30.0)), self.y.ticks(space(self.rect.height, 20.0))]
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    fn reference(of: &str) -> Vec<Value> {
        let all: Value = serde_json::from_str(include_str!("../tests/reference/matplotlib.json")).unwrap();
        all[of].as_array().unwrap().clone()
    }

    fn numbers(value: &Value) -> Vec<f64> {
        value.as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect()
    }

    fn close(span: &Span, theirs: &[f64]) -> bool {
        let slack = 1e-12 * theirs[0].abs().max(theirs[1].abs());
        (span.low - theirs[0]).abs() <= slack && (span.high - theirs[1]).abs() <= slack
    }

    #[test]
    fn axes_end_where_matplotlibs_do() {
        for case in reference("limits") {
            let mut axes = Axes::default();
            let y = numbers(&case["y"]);
            axes.plot(yhat_tensor::Array::linspace(0.0, y.len() as f64 - 1.0, y.len()), y, "");
            axes.yscale(if case["log"].as_bool().unwrap() { "log" } else { "linear" });
            let [x, y] = spans(&axes).unwrap();
            assert!(close(&x, &numbers(&case["x"])) && close(&y, &numbers(&case["limits"])), "{case}: {x:?} {y:?}");
        }
    }

    #[test]
    fn axes_in_space_end_where_mplot3ds_do() {
        for case in reference("limits_3d") {
            let mut axes = Axes3d::default();
            match case["scattered"].as_bool().unwrap() {
                true => axes.scatter([0.0, 10.0], [0.0, 20.0], [0.0, 30.0], ""),
                false => axes.plot_surface([0.0, 10.0], [0.0, 20.0], [[0.0, 30.0], [0.0, 30.0]], ""),
            };
            for (span, theirs) in spans_3d(&axes).iter().zip(case["limits"].as_array().unwrap()) {
                assert!(close(span, &numbers(theirs)), "{case}: {span:?}");
            }
        }
    }
}
