//! Figures as text: braille dots in a terminal.

use crate::{
    Axes, Axes3d, Color, Error, Figure, Result,
    artist::{Artist, Look, Shape},
    artists::Artists,
    contour,
    figure::Panel,
    layout::{self, Span},
    space::View,
    style::{Dash, Marker},
    ticks,
};

mod canvas;
use canvas::Canvas;

/// How a figure is drawn in a terminal: `Terminal::columns(100).color(true)`, or just the columns.
///
/// Whether there are colours is for the caller to say, who knows whether a terminal is there
/// (`std::io::IsTerminal`).
#[derive(Clone, Copy, Debug)]
pub struct Terminal {
    columns: usize,
    color: bool,
}

impl Terminal {
    /// So many characters wide, without colours.
    pub fn columns(columns: usize) -> Terminal {
        Terminal { columns, color: false }
    }

    /// With colours, as ANSI escapes of 24 bits, or without.
    pub fn color(self, color: bool) -> Terminal {
        Terminal { color, ..self }
    }
}

impl From<usize> for Terminal {
    fn from(columns: usize) -> Terminal {
        Terminal::columns(columns)
    }
}

/// A panel narrower than this says nothing; those that would be are put below each other.
const NARROW: usize = 28;

impl Figure {
    /// The figure as text for a terminal, dots in braille: `println!("{}", figure.to_terminal(80)?)`.
    ///
    /// ```
    /// use yhat_plot::{Figure, Terminal};
    /// let mut figure = Figure::new();
    /// figure.axes().plot([0.0, 1.0, 2.0], [0.0, 1.0, 4.0], "").title("squares");
    /// let text = figure.to_terminal(Terminal::columns(60).color(false))?;
    /// assert!(text.contains("squares") && text.lines().all(|line| line.chars().count() <= 60));
    /// # Ok::<(), yhat_plot::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Figure::to_svg`]; if there are fewer than 28 columns.
    pub fn to_terminal(&self, terminal: impl Into<Terminal>) -> Result<String> {
        let Terminal { columns, color } = terminal.into();
        self.check()?;
        if columns < NARROW {
            return Err(Error::argument("to_terminal(columns)", format!("{NARROW} columns or more"), columns));
        }
        let most = self.panels.iter().map(|(place, _)| place.columns).max().unwrap_or(1);
        let across = if (columns + 2) / most >= NARROW + 2 { most } else { 1 };
        let width = (columns + 2) / across - 2;
        let shape = self.height / most_rows(self) / (self.width / most as f64);
        // A character is twice as high as it is wide.
        let height = ((width as f64 * shape * 0.5).round() as usize).clamp(8, 40);
        let mut blocks = Vec::new();
        for (i, (place, panel)) in self.panels.iter().enumerate() {
            let block = match panel {
                Panel::Flat(axes) => flat(axes, width, height, color).map_err(|e| self.within(i, e))?,
                Panel::Solid(axes) => solid(axes, width, height, color),
            };
            let row = if across > 1 { (place.index - 1) / place.columns } else { i };
            blocks.push((row, block));
        }
        if across > 1 {
            blocks.sort_by_key(|(row, _)| *row);
        }
        let mut out: Vec<String> = self.suptitle.iter().map(|title| centered(title, columns)).collect();
        for row in blocks.chunk_by(|a, b| a.0 == b.0) {
            let lines = row.iter().map(|(_, block)| block.len()).max().unwrap_or(0);
            for k in 0..lines {
                let parts = row.iter().map(|(_, block)| block.get(k).map_or((String::new(), 0), |l| l.clone()));
                let padded = parts.map(|(text, shown)| text + &" ".repeat(width.saturating_sub(shown)));
                out.push(padded.collect::<Vec<_>>().join("  ").trim_end().to_string());
            }
        }
        Ok(out.join("\n") + "\n")
    }
}

fn most_rows(figure: &Figure) -> f64 {
    figure.panels.iter().map(|(place, _)| place.rows).max().unwrap_or(1) as f64
}

/// A line of text and how many characters of it are seen.
type Line = (String, usize);

fn centered(text: &str, width: usize) -> String {
    let cut: String = text.chars().take(width).collect();
    " ".repeat((width - cut.chars().count()) / 2) + &cut
}

fn plain(text: String) -> Line {
    let shown = text.chars().count();
    (text, shown)
}

fn flat(axes: &Axes, width: usize, height: usize, color: bool) -> Result<Vec<Line>> {
    let [x, y] = layout::spans(axes)?;
    let ticks_y = y.ticks(height / 3);
    let margin = ticks_y.major.iter().map(|(_, label)| label.chars().count()).max().unwrap_or(0) + 1;
    let mut canvas = Canvas::new(width - margin - 2, height);
    axes.artists.iter().for_each(|artist| draw(&mut canvas, artist, &x, &y));

    let mut lines: Vec<Line> = axes.title.iter().map(|title| plain(centered(title, width))).collect();
    let above = [&axes.y.label.clone().unwrap_or_default(), &ticks_y.offset].map(|s| s.as_str()).join(" ");
    if !above.trim().is_empty() {
        lines.push(plain(above.trim().chars().take(width).collect()));
    }
    let row_of = |part: f64| ((1.0 - part) * (height as f64 - 1.0)).round() as usize;
    for (k, row) in canvas.lines(color).into_iter().enumerate() {
        let tick = ticks_y.major.iter().find(|(at, _)| row_of(y.part(*at)) == k);
        let label = tick.map_or("", |(_, label)| label);
        let edge = if tick.is_some() { '┤' } else { '│' };
        let text = format!("{label:>margin$}{edge}{row}│");
        lines.push((text, width));
    }
    let ticks_x = x.ticks(canvas.columns / 9);
    lines.extend(below(&ticks_x.major, &x, margin, canvas.columns));
    let label = [&axes.x.label.clone().unwrap_or_default(), &ticks_x.offset].map(|s| s.as_str()).join(" ");
    if !label.trim().is_empty() {
        lines.push(plain(centered(label.trim(), width)));
    }
    lines.extend(legend(&axes.artists, axes.legend.is_some(), width, color));
    lines.extend(colors(&axes.artists, color));
    Ok(lines)
}

/// The x axis and its labels, as many as do not touch.
fn below(ticks: &[(f64, String)], x: &Span, margin: usize, columns: usize) -> Vec<Line> {
    let mut axis = vec!['─'; columns];
    let mut labels = vec![' '; margin + columns + 2];
    let mut free = 0;
    for (at, label) in ticks {
        let column = (x.part(*at) * (columns as f64 - 1.0)).round() as usize;
        let length = label.chars().count();
        let start = (margin + 1 + column).saturating_sub(length / 2).min(labels.len() - length);
        if let Some(tick) = axis.get_mut(column) {
            *tick = '┬';
        }
        if start >= free {
            label.chars().enumerate().for_each(|(k, c)| labels[start + k] = c);
            free = start + length + 1;
        }
    }
    let axis: String = axis.into_iter().collect();
    vec![plain(format!("{}└{axis}┘", " ".repeat(margin))), plain(labels.into_iter().collect())]
}

fn legend(artists: &[Artist], wanted: bool, width: usize, color: bool) -> Option<Line> {
    let mut text = String::new();
    let mut shown = 0;
    for (artist, label) in artists.iter().filter(|_| wanted).filter_map(|a| Some((a, a.label.as_ref()?))) {
        let sample = match (&artist.shape, artist.look.marker, artist.look.dash) {
            (Shape::Area { .. } | Shape::Bars { .. } | Shape::Surface { .. }, ..) => "██",
            (_, Some(marker), _) => sign(marker).map_or("··", |_| "★ "),
            (_, _, Some(Dash::Solid)) => "──",
            _ => "╌╌",
        };
        let length = 5 + label.chars().count();
        if shown + length > width {
            break;
        }
        let [r, g, b] = artist.look.color.rgb_on_dark();
        let colored = color && artist.look.color != Color::Ink;
        let sample = if colored { format!("\x1b[38;2;{r};{g};{b}m{sample}\x1b[0m") } else { sample.to_string() };
        text.push_str(&format!("{sample} {label}  "));
        shown += length;
    }
    (shown > 0).then_some((text, shown))
}

/// The bar of colours that was asked for, on a line: from the lowest height to the highest.
fn colors(artists: &Artists, color: bool) -> Option<Line> {
    let bar = artists.colorbar()?;
    let heights = [bar.span.low, bar.span.high].map(|x| ticks::number(x, 2)).join(" to ");
    let text = format!("colours: {heights}");
    let shown = text.chars().count();
    if !color {
        return Some((text, shown));
    }
    let cells: String = bar.at_each(10).map(|[r, g, b]| format!("\x1b[38;2;{r};{g};{b}m█")).collect();
    Some((format!("{cells}\x1b[0m {text}"), shown + 11))
}

/// The sign of marks that are more than dots.
fn sign(marker: Marker) -> Option<char> {
    (marker == Marker::Star).then_some('★')
}

/// How many dots of a line are set, and how many are not.
fn dashes(look: &Look) -> (usize, usize) {
    match look.dash {
        Some(Dash::Dashed) => (4, 2),
        Some(Dash::DashDot) => (3, 2),
        Some(Dash::Dotted) => (1, 2),
        _ => (1, 0),
    }
}

/// A line, marks, or both through places; what is not finite is a gap.
fn trail(canvas: &mut Canvas, places: &[[f64; 2]], look: &Look) {
    let finite = |p: &[f64; 2]| p[0].is_finite() && p[1].is_finite();
    if look.dash.is_some() {
        for ends in places.windows(2).filter(|ends| ends.iter().all(finite)) {
            canvas.line(ends[0], ends[1], dashes(look), look.color);
        }
    }
    for place in places.iter().filter(|p| finite(p)) {
        match look.marker.map(sign) {
            Some(Some(sign)) => canvas.sign(*place, sign, look.color),
            Some(None) => canvas.set(*place, look.color),
            None => {}
        }
    }
}

fn draw(canvas: &mut Canvas, artist: &Artist, x: &Span, y: &Span) {
    let look = &artist.look;
    let at = |px: f64, py: f64| [x.part(px), y.part(py)];
    match &artist.shape {
        Shape::Series { x, y } => {
            let places: Vec<_> = x.iter().zip(y.iter()).map(|(x, y)| at(*x, *y)).collect();
            trail(canvas, &places, look);
        }
        Shape::Area { x, low, high } => {
            for k in 1..x.len() {
                // Upright lines, as close as dots are.
                let steps = 2 * canvas.columns;
                for t in (0..steps).map(|t| t as f64 / steps as f64) {
                    let between = |v: &[f64]| v[k - 1] + (v[k] - v[k - 1]) * t;
                    let (from, to) = (at(between(x), between(low)), at(between(x), between(high)));
                    if from.iter().chain(&to).all(|v| v.is_finite()) {
                        canvas.line(from, to, (1, 0), look.color);
                    }
                }
            }
        }
        Shape::Bars { x, height, width } => {
            let base = if y.log { y.low } else { 0.0 };
            for (x, height) in x.iter().zip(height.iter()).filter(|(x, h)| x.is_finite() && h.is_finite()) {
                let steps = 2 * canvas.columns;
                for t in (0..=steps).map(|t| t as f64 / steps as f64 - 0.5) {
                    canvas.line(at(x + t * width, base), at(x + t * width, *height), (1, 0), look.color);
                }
            }
        }
        Shape::Contour { grid, levels, filled, map } => {
            let colors = contour::colors(levels, *filled, *map, look.color);
            for (level, color) in levels.iter().zip(colors) {
                for line in contour::lines(grid, *level) {
                    let places: Vec<_> = line.iter().map(|[x, y]| at(*x, *y)).collect();
                    trail(canvas, &places, &Look { color, dash: Some(Dash::Solid), marker: None, ..look.clone() });
                }
            }
        }
        Shape::Rule { at, vertical: true } => trail(canvas, &[[x.part(*at), 0.0], [x.part(*at), 1.0]], look),
        Shape::Rule { at, vertical: false } => trail(canvas, &[[0.0, y.part(*at)], [1.0, y.part(*at)]], look),
        Shape::Note { x, y, text } => canvas.text(at(*x, *y), text, look.color),
        Shape::Series3 { .. } | Shape::Surface { .. } => {}
    }
}

fn solid(axes: &Axes3d, width: usize, height: usize, color: bool) -> Vec<Line> {
    let spans = layout::spans_3d(axes);
    let view = View::new(spans, axes.elev, axes.azim);
    let mut canvas = Canvas::new(width, height);
    // The box is as wide as the panel or as high, whichever is less; a character is two dots by four.
    let aspect = (width as f64 * 2.0) / (height as f64 * 4.0);
    let scale = [1.0 / 0.18 / aspect.max(1.0), 1.0 / 0.18 * aspect.min(1.0)];
    let at = |point: [f64; 3]| {
        let [x, y, _] = view.project(point);
        [0.5 + x * scale[0], 0.5 + y * scale[1]]
    };
    for [from, to] in edges(&spans) {
        canvas.line(at(from), at(to), (1, 2), Color::Rgb(0x80, 0x80, 0x80));
    }
    for artist in axes.artists.iter() {
        match &artist.shape {
            Shape::Series3 { x, y, z } => {
                let places: Vec<_> = (0..x.len()).map(|i| at([x[i], y[i], z[i]])).collect();
                trail(&mut canvas, &places, &artist.look);
            }
            Shape::Surface { grid, map } => {
                let (low, high) = grid.z.extent().unwrap_or((0.0, 1.0));
                for (k, z) in grid.z.iter().enumerate().filter(|(_, z)| z.is_finite()) {
                    let point = [grid.x[k / grid.y.len()], grid.y[k % grid.y.len()], *z];
                    let color = map.map_or(artist.look.color, |map| {
                        let [r, g, b] = map.at((z - low) / (high - low).max(f64::MIN_POSITIVE));
                        Color::Rgb(r, g, b)
                    });
                    canvas.set(at(point), color);
                }
            }
            _ => {}
        }
    }
    let mut lines: Vec<Line> = axes.title.iter().map(|title| plain(centered(title, width))).collect();
    lines.extend(canvas.lines(color).into_iter().map(|line| (line, width)));
    let ends = |i: usize| {
        let name = axes.axes[i].label.clone().unwrap_or_else(|| ["x", "y", "z"][i].to_string());
        format!("{name} {} to {}", ticks::number(spans[i].low, 2), ticks::number(spans[i].high, 2))
    };
    lines.push(plain([ends(0), ends(1), ends(2)].join(", ").chars().take(width).collect()));
    lines.extend(legend(&axes.artists, axes.legend, width, color));
    lines.extend(colors(&axes.artists, color));
    lines
}

/// The twelve edges of the box.
fn edges(spans: &[Span; 3]) -> Vec<[[f64; 3]; 2]> {
    let corner = |k: usize| std::array::from_fn(|i| if k >> i & 1 == 0 { spans[i].low } else { spans[i].high });
    let pairs = (0..8).flat_map(|k| (0..3).filter(move |i| k >> i & 1 == 0).map(move |i| (k, k | 1 << i)));
    pairs.map(|(a, b)| [corner(a), corner(b)]).collect()
}
