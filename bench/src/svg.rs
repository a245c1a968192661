//! A picture: panels with lines, both axes logarithmic, the vertical one in seconds and the same for all.

use std::fmt::Write;

use crate::table::duration;

/// A picture in the picture.
pub struct Panel {
    pub title: &'static str,
    pub lines: Vec<Line>,
}

/// Points to be joined.
pub struct Line {
    pub label: &'static str,
    pub points: Vec<(f64, f64)>,
}

/// A panel's size, and what is left around it for numbers.
const SIZE: (f64, f64) = (260.0, 240.0);
const LEFT: f64 = 64.0;
const TOP: f64 = 36.0;
const GAP: f64 = 36.0;
const COLORS: [&str; 2] = ["#c0392b", "#1f5f8b"];

/// A range of powers of ten, and where it is drawn.
struct Axis {
    from: i32,
    to: i32,
    start: f64,
    end: f64,
}

impl Axis {
    fn over(values: impl Iterator<Item = f64>, start: f64, end: f64) -> Axis {
        let (low, high) = values.fold((f64::INFINITY, 0.0f64), |(a, b), x| (a.min(x), b.max(x)));
        let (from, to) = (low.log10().floor() as i32, high.log10().ceil() as i32);
        Axis { from, to: to.max(from + 1), start, end }
    }

    fn at(&self, x: f64) -> f64 {
        let part = (x.log10() - f64::from(self.from)) / f64::from(self.to - self.from);
        self.start + part * (self.end - self.start)
    }

    fn powers(&self) -> impl Iterator<Item = f64> {
        (self.from..=self.to).map(|k| 10f64.powi(k))
    }
}

/// The panels side by side.
pub fn picture(panels: &[Panel]) -> String {
    let (width, height) = (LEFT + panels.len() as f64 * (SIZE.0 + GAP), TOP + SIZE.1 + 56.0);
    let seconds = panels.iter().flat_map(|p| &p.lines).flat_map(|l| &l.points).map(|p| p.1);
    let vertical = Axis::over(seconds, TOP + SIZE.1, TOP);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" font-family=\"sans-serif\" \
         font-size=\"11\">\n<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n"
    );
    for power in vertical.powers() {
        let y = vertical.at(power);
        text(&mut svg, LEFT - 6.0, y + 4.0, "end", "#333", &duration(power).replace(".00", "").replace(".0", ""));
    }
    for (i, panel) in panels.iter().enumerate() {
        draw(&mut svg, panel, &vertical, LEFT + i as f64 * (SIZE.0 + GAP));
    }
    svg + "</svg>\n"
}

fn draw(svg: &mut String, panel: &Panel, vertical: &Axis, left: f64) {
    let sizes = panel.lines.iter().flat_map(|l| &l.points).map(|p| p.0);
    let horizontal = Axis::over(sizes, left, left + SIZE.0);
    for power in vertical.powers() {
        let y = vertical.at(power);
        let _ = writeln!(svg, "<path d=\"M{left:.1} {y:.1}h{}\" stroke=\"#ddd\"/>", SIZE.0);
    }
    for power in horizontal.powers() {
        let x = horizontal.at(power);
        let _ = writeln!(svg, "<path d=\"M{x:.1} {TOP}v{}\" stroke=\"#ddd\"/>", SIZE.1);
        text(svg, x, TOP + SIZE.1 + 16.0, "middle", "#333", &count(power));
    }
    text(svg, left + SIZE.0 / 2.0, TOP - 12.0, "middle", "#000", panel.title);
    for (k, line) in panel.lines.iter().enumerate() {
        let color = COLORS[k % COLORS.len()];
        let places: Vec<_> = line.points.iter().map(|p| (horizontal.at(p.0), vertical.at(p.1))).collect();
        let path: Vec<String> = places.iter().map(|(x, y)| format!("{x:.2},{y:.2}")).collect();
        let path = path.join(" ");
        let _ = writeln!(svg, "<polyline points=\"{path}\" fill=\"none\" stroke=\"{color}\" stroke-width=\"1.5\"/>");
        for (x, y) in places {
            let _ = writeln!(svg, "<circle cx=\"{x:.2}\" cy=\"{y:.2}\" r=\"2.2\" fill=\"{color}\"/>");
        }
        text(svg, left + 8.0, TOP + 16.0 + 15.0 * k as f64, "start", color, line.label);
    }
}

fn text(svg: &mut String, x: f64, y: f64, anchor: &str, color: &str, text: &str) {
    let _ = writeln!(svg, "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\" fill=\"{color}\">{text}</text>");
}

/// 1, 10, 100, 1k, 10k, ...
fn count(x: f64) -> String {
    match x {
        x if x >= 1e6 => format!("{:.0}M", x / 1e6),
        x if x >= 1e3 => format!("{:.0}k", x / 1e3),
        x => format!("{x:.0}"),
    }
}
