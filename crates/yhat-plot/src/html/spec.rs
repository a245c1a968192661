//! What the page's script is told: panels, artists, frames, and the numbers, each array once.

use serde_json::{Value, json};

use crate::{
    Animation, Axes, Axes3d, Color, Colormap, Figure, Result,
    artist::{Artist, Grid, Look, Shape},
    axis::Axis,
    colorbar::{self, Colorbar},
    contour,
    figure::{Panel, Place},
    layout::{self, Frame, Rect, Span},
    style::{Dash, Marker},
    svg,
    ticks::Ticks,
};

/// Numbers are written to a part in 100,000 of what their axis shows: finer than a screen, and short.
const PARTS: f64 = 1e5;

/// The script's description of a figure, or of an animation.
pub(super) fn of(frames: &[Figure], animation: Option<&Animation>) -> Result<Value> {
    let mut spec = Spec::default();
    let first = &frames[0];
    let mut panels = Vec::new();
    for (i, (place, panel)) in first.panels.iter().enumerate() {
        panels.push(match panel {
            Panel::Flat(axes) => flat(first, *place, axes).map_err(|e| first.within(i, e))?,
            Panel::Solid(axes) => solid(first, *place, axes),
        });
    }
    let mut told = json!({ "size": [first.width, first.height], "panels": panels });
    // Artists that are in every frame stay; the others are told frame by frame.
    let stays = |panel: usize, artist: &Artist| frames.iter().all(|f| artists(f, panel).contains(artist));
    for panel in 0..first.panels.len() {
        for artist in artists(first, panel).iter().filter(|a| frames.len() == 1 || stays(panel, a)) {
            spec.still.extend(parts(artist, panel, first, &mut spec.arrays));
        }
    }
    if let Some(animation) = animation {
        let mut told_frames = Vec::new();
        for frame in frames {
            let mut moving = Vec::new();
            for panel in 0..first.panels.len() {
                for artist in artists(frame, panel).iter().filter(|a| !stays(panel, a)) {
                    for part in parts(artist, panel, frame, &mut spec.arrays) {
                        moving.push(spec.index(part));
                    }
                }
            }
            let titles: Vec<&str> = frame.panels.iter().map(|(_, panel)| panel.title().unwrap_or("")).collect();
            told_frames.push(json!({ "a": moving, "s": frame.suptitle, "t": titles }));
        }
        told["frames"] = Value::Array(told_frames);
        told["interval"] = json!(animation.interval);
        told["mode"] = json!(format!("{:?}", animation.mode).to_lowercase());
    }
    told["suptitle"] = json!(first.suptitle);
    told["still"] = Value::Array(spec.still);
    told["moving"] = Value::Array(spec.moving);
    told["arrays"] = Value::Array(spec.arrays);
    Ok(told)
}

#[derive(Default)]
struct Spec {
    still: Vec<Value>,
    moving: Vec<Value>,
    arrays: Vec<Value>,
}

impl Spec {
    /// The number of a moving artist: that of an equal one, if there is one.
    fn index(&mut self, part: Value) -> usize {
        place_in(&mut self.moving, part)
    }
}

fn place_in(list: &mut Vec<Value>, value: Value) -> usize {
    // What is looked for was most often added lately.
    list.iter().rposition(|there| *there == value).unwrap_or_else(|| {
        list.push(value);
        list.len() - 1
    })
}

fn artists(figure: &Figure, panel: usize) -> &[Artist] {
    figure.panels.get(panel).map_or(&[], |(_, panel)| panel.artists())
}

/// A panel without its artists. `legend` is where its legend is.
fn panel(
    figure: &Figure,
    place: Place,
    rect: Rect,
    bar: Option<(Colorbar, Rect)>,
    axes: Vec<Value>,
    legend: Option<&str>,
) -> Value {
    let mut told = placed(figure, rect);
    told["columns"] = json!(place.columns);
    told["axes"] = axes.into();
    told["legend"] = json!(legend);
    if let Some((bar, rect)) = bar {
        let ticks = bar.ticks(rect);
        told["bar"] = placed(figure, rect);
        told["bar"]["axis"] = axis(&bar.span, &None, &ticks);
        told["bar"]["stops"] = bar.stops.iter().map(|(at, color)| json!([at, color.rgb()])).collect();
        told["bar"]["alpha"] = json!(bar.alpha);
    }
    told
}

/// Where a rectangle is, in parts of the figure from its lower left corner.
fn placed(figure: &Figure, rect: Rect) -> Value {
    let (width, height) = layout::points(figure);
    let round = |x: f64| (x * 1e4).round() / 1e4;
    let across = [round(rect.x / width), round(rect.right() / width)];
    json!({ "x": across, "y": [round(1.0 - rect.bottom() / height), round(1.0 - rect.y / height)] })
}

/// Where an axis ends and what stands at it.
fn axis(span: &Span, label: &Option<String>, ticks: &Ticks) -> Value {
    // Ticks are round numbers, so a millionth of the axis tells them exactly.
    let round = |x: f64| rounded(x, unit(span).map(|unit| unit / 1e3));
    let (at, labels): (Vec<Value>, Vec<&String>) = ticks.labelled().map(|(x, label)| (round(*x), label)).unzip();
    let mut told = json!({ "range": [round(span.low), round(span.high)], "at": at, "labels": labels });
    let short: Vec<f64> = ticks.minor.iter().filter(|(_, label)| label.is_empty()).map(|(x, _)| *x).collect();
    let said = [
        ("log", span.log.then_some(json!(true))),
        ("label", label.as_ref().map(|label| json!(label))),
        ("short", (!short.is_empty()).then_some(json!(short))),
        ("offset", (!ticks.offset.is_empty()).then_some(json!(ticks.offset))),
    ];
    for (key, value) in said {
        if let Some(value) = value {
            told[key] = value;
        }
    }
    told
}

fn flat(figure: &Figure, at: Place, axes: &Axes) -> Result<Value> {
    let [x, y] = layout::spans(axes)?;
    let (rect, bar) = axes.artists.divided(layout::rect(figure, at), colorbar::FLAT);
    let frame = Frame { rect, x, y };
    let [across, up] = frame.ticks();
    let legend = axes.legend.as_ref().map(|place| svg::legend_place(axes, &frame, place));
    let all = vec![axis(&x, &axes.x.label, &across), axis(&y, &axes.y.label, &up)];
    let mut told = panel(figure, at, rect, bar, all, legend);
    told["title"] = json!(axes.title);
    told["grid"] = json!(axes.grid);
    Ok(told)
}

fn solid(figure: &Figure, at: Place, axes: &Axes3d) -> Value {
    let spans = layout::spans_3d(axes);
    let (rect, bar) = axes.artists.divided(layout::rect(figure, at), colorbar::SOLID);
    let told = |(span, a): (&Span, &Axis)| axis(span, &a.label, &span.ticks_in_space(rect.square()));
    let all = spans.iter().zip(&axes.axes).map(told).collect();
    let mut told = panel(figure, at, rect, bar, all, axes.legend.then_some("upper left"));
    told["title"] = json!(axes.title);
    told["view"] = json!([axes.elev, axes.azim]);
    told
}

/// An array's number in the table.
fn array(arrays: &mut Vec<Value>, numbers: impl IntoIterator<Item = f64>, unit: Option<f64>) -> usize {
    let numbers: Vec<f64> = numbers.into_iter().collect();
    let value = even(&numbers).or_else(|| whole(&numbers, unit));
    let value = value.unwrap_or_else(|| Value::Array(numbers.iter().map(|x| rounded(*x, unit)).collect()));
    place_in(arrays, value)
}

/// Whole numbers and the power of ten by which they are to be divided, as it is needed: without points and leading zeros
/// an array is a third shorter.
fn whole(numbers: &[f64], unit: Option<f64>) -> Option<Value> {
    let power = decimals(unit?).filter(|d| (1..=15).contains(d))?;
    let scale = 10f64.powi(power);
    let scaled = |x: &f64| x.is_finite().then(|| (x * scale).round()).filter(|v| v.abs() < 1e15);
    if numbers.iter().any(|x| x.is_finite() && scaled(x).is_none()) {
        return None;
    }
    let mut all: Vec<Option<i64>> = numbers.iter().map(|x| scaled(x).map(|v| v as i64)).collect();
    let mut power = power;
    while power > 0 && all.iter().flatten().all(|v| v % 10 == 0) {
        all.iter_mut().flatten().for_each(|v| *v /= 10);
        power -= 1;
    }
    Some(if power == 0 { json!(all) } else { json!({ "of": all, "by": 10i64.pow(power as u32) }) })
}

/// How many decimals numbers need that are told to a power of ten at most `unit`.
fn decimals(unit: f64) -> Option<i32> {
    let decimals = -unit.log10().floor();
    (decimals.abs() < 300.0).then_some(decimals as i32)
}

/// Evenly spaced numbers, by their ends.
fn even(numbers: &[f64]) -> Option<Value> {
    let (first, last, n) = (*numbers.first()?, *numbers.last()?, numbers.len());
    let step = (last - first) / (n as f64 - 1.0);
    let close = |(i, x): (usize, &f64)| (x - (first + step * i as f64)).abs() <= 1e-9 * (last - first).abs();
    (n > 4 && step != 0.0 && numbers.iter().enumerate().all(close))
        .then(|| json!({ "n": n, "from": first, "to": last }))
}

/// To a power of ten at most `unit`, or else to seven digits; a gap is null.
fn rounded(x: f64, unit: Option<f64>) -> Value {
    if !x.is_finite() {
        return Value::Null;
    }
    let rounded = match unit.map(decimals) {
        None => format!("{x:.6e}").parse().unwrap_or(x),
        Some(Some(decimals)) if decimals <= 15 => {
            let scale = 10f64.powi(decimals);
            (x * scale).round() / scale
        }
        Some(_) => x,
    };
    // Whole numbers without a point are shorter.
    if rounded == rounded.trunc() && rounded.abs() < 1e15 { json!(rounded as i64) } else { json!(rounded) }
}

/// How finely numbers on an axis are told: a logarithmic one wants digits, not decimals.
fn unit(span: &Span) -> Option<f64> {
    (!span.log).then(|| ((span.high - span.low).abs() / PARTS).max(f64::MIN_POSITIVE))
}

/// How an artist is drawn by the script: most are one part, contours one for each level.
fn parts(artist: &Artist, panel: usize, figure: &Figure, arrays: &mut Vec<Value>) -> Vec<Value> {
    match &figure.panels[panel].1 {
        Panel::Flat(axes) => match layout::spans(axes) {
            Ok([x, y]) => flat_parts(artist, panel, &Frame { rect: UNIT, x, y }, arrays),
            Err(_) => Vec::new(),
        },
        Panel::Solid(axes) => solid_part(artist, panel, &layout::spans_3d(axes), arrays).into_iter().collect(),
    }
}

/// A panel of size 1, for measures relative to it.
const UNIT: Rect = Rect { x: 0.0, y: 0.0, width: 1.0, height: 1.0 };

fn flat_parts(artist: &Artist, panel: usize, frame: &Frame, arrays: &mut Vec<Value>) -> Vec<Value> {
    let (unit_x, unit_y) = (unit(&frame.x), unit(&frame.y));
    let mut told = look(artist, panel);
    let mut outline = |kind: &str, told: &Value, points: &[[f64; 2]], color: Option<Color>| {
        let mut told = told.clone();
        told["k"] = json!(kind);
        told["x"] = json!(array(arrays, points.iter().map(|p| p[0]), unit_x));
        told["y"] = json!(array(arrays, points.iter().map(|p| p[1]), unit_y));
        if let Some(color) = color {
            told["c"] = paint(color);
        }
        told
    };
    match &artist.shape {
        Shape::Series { x, y } => {
            let points: Vec<[f64; 2]> = x.iter().zip(y.iter()).map(|(x, y)| [*x, *y]).collect();
            let bare = artist.look.marker.is_none();
            let points = if bare { thinned(&points, frame) } else { points };
            vec![outline("series", &told, &points, None)]
        }
        Shape::Area { x, low, high } => {
            let upper = x.iter().zip(high.iter()).map(|(x, y)| [*x, *y]);
            let lower = x.iter().zip(low.iter()).map(|(x, y)| [*x, *y]).rev();
            let around: Vec<_> = upper.chain(lower).filter(|p| p.iter().all(|v| v.is_finite())).collect();
            vec![outline("area", &told, &around, None)]
        }
        Shape::Bars { x, height, width } => {
            let base = if frame.y.log { frame.y.low } else { 0.0 };
            let bar = |(x, h): (&f64, &f64)| {
                let (left, right) = (x - width / 2.0, x + width / 2.0);
                [[left, base], [left, *h], [right, *h], [right, base], [left, base], [f64::NAN; 2]]
            };
            vec![outline("area", &told, &x.iter().zip(height.iter()).flat_map(bar).collect::<Vec<_>>(), None)]
        }
        Shape::Contour { grid, levels, filled, map } => {
            let mut colors = contour::colors(levels, *filled, *map, artist.look.color);
            colors.resize(levels.len(), Color::Paper);
            let parts = levels.iter().zip(colors).map(|(level, color)| {
                let lines = if *filled { contour::areas(grid, *level) } else { contour::lines(grid, *level) };
                let joined: Vec<[f64; 2]> =
                    lines.iter().flat_map(|line| thinned(line, frame).into_iter().chain([[f64::NAN; 2]])).collect();
                told["level"] = json!(level);
                outline(if *filled { "area" } else { "series" }, &told, &joined, Some(color))
            });
            parts.collect()
        }
        Shape::Rule { at, vertical } => {
            told["k"] = json!("rule");
            told["at"] = json!(at);
            told["vertical"] = json!(vertical);
            vec![told]
        }
        Shape::Note { x, y, text } => {
            told["k"] = json!("note");
            told["at"] = json!([x, y]);
            told["text"] = json!(text);
            vec![told]
        }
        Shape::Series3 { .. } | Shape::Surface { .. } => Vec::new(),
    }
}

fn solid_part(artist: &Artist, panel: usize, spans: &[Span; 3], arrays: &mut Vec<Value>) -> Option<Value> {
    let mut told = look(artist, panel);
    match &artist.shape {
        Shape::Series3 { x, y, z } => {
            told["k"] = json!("series");
            for ((name, part), span) in ["x", "y", "z"].into_iter().zip([x, y, z]).zip(spans) {
                told[name] = json!(array(arrays, part.iter().copied(), unit(span)));
            }
        }
        Shape::Surface { grid: Grid { x, y, z }, map } => {
            told["k"] = json!("surface");
            for ((name, part), span) in ["x", "y", "z"].into_iter().zip([x, y, z]).zip(spans) {
                told[name] = json!(array(arrays, part.iter().copied(), unit(span)));
            }
            told["map"] = json!(map.map(Colormap::anchors));
        }
        _ => return None,
    }
    Some(told)
}

/// The points of a line that a screen of 2,000 pixels can tell from it.
fn thinned(line: &[[f64; 2]], frame: &Frame) -> Vec<[f64; 2]> {
    let on_panel = |p: &[f64; 2]| [frame.x.part(p[0]), frame.y.part(p[1])];
    let finite = |p: &[f64; 2]| on_panel(p).iter().all(|v| v.is_finite());
    let mut kept = Vec::new();
    for run in line.chunk_by(|a, b| finite(a) == finite(b)) {
        match finite(&run[0]) {
            true => {
                let places: Vec<_> = run.iter().map(on_panel).collect();
                kept.extend(svg::keep(&places, 1.0 / 4000.0).into_iter().map(|i| run[i]));
            }
            false => kept.push([f64::NAN; 2]),
        }
    }
    kept
}

fn look(artist: &Artist, panel: usize) -> Value {
    let Look { color, dash, marker, alpha, linewidth, markersize } = &artist.look;
    let mut told = json!({ "p": panel, "c": paint(*color) });
    if *alpha < 1.0 {
        told["a"] = json!(alpha);
    }
    if let Some(dash) = dash {
        told["w"] = json!(linewidth);
        if *dash != Dash::Solid {
            told["d"] = json!(svg::dashes(*dash));
        }
    }
    if let Some(marker) = marker {
        let (symbol, diameter) = symbol(*marker, *markersize, dash.is_none());
        told["m"] = json!(symbol);
        told["s"] = json!(diameter);
    }
    for (key, text) in [("n", &artist.label), ("id", &artist.id)] {
        if let Some(text) = text {
            told[key] = json!(text);
        }
    }
    told
}

/// plotly's name of a mark, and how wide it is in points, its edge included.
fn symbol(marker: Marker, size: f64, scattered: bool) -> (&'static str, f64) {
    let edge = if scattered { 1.5 } else { 1.0 };
    match marker {
        Marker::Pixel => ("square", 0.9),
        Marker::Point => ("circle", size / 2.0 + 1.0),
        Marker::Circle => ("circle", size + edge),
        Marker::Star => ("star", size + edge),
        Marker::Square => ("square", size + edge),
        Marker::Up => ("triangle-up", size + edge),
        Marker::Down => ("triangle-down", size + edge),
        Marker::Diamond => ("diamond", size + edge),
        Marker::Plus => ("cross-thin-open", size + edge),
        Marker::Cross => ("x-thin-open", size + edge),
    }
}

fn paint(color: Color) -> Value {
    match color {
        Color::Ink => json!("ink"),
        Color::Paper => json!("paper"),
        Color::Rgb(..) => json!(color.hex()),
    }
}
