//! A diagram as SVG.

use std::fmt::Write;

use super::{
    Body, Diagram, Direction, Edge, Node,
    layout::{FONT, Layout, Place, SMALL, TITLE, columns, text_width},
};

const INK: &str = "#222";
const FRAME: &str = "#e9ebee";

impl Diagram {
    /// The diagram as an SVG element, in points, with a text for whoever can't see it.
    ///
    /// Every part has a class (`frame`, `node`, `edge`, `edge-label`) so that a page may style it. A node that stands
    /// for a unit has `data-unit="layer:number"`, an edge `data-from` and `data-to` of that form.
    ///
    /// ```
    /// use yhat_plot::diagram::Network;
    /// let svg = Network::new(1).dense(2, "relu").nodes().svg();
    /// assert!(svg.contains("data-unit=\"1:0\"") && svg.contains(">Layer 1: relu</text>"));
    /// ```
    pub fn svg(&self) -> String {
        let layout = self.layout();
        let (width, height) = (layout.width, layout.height);
        let mut svg = format!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" class="diagram" width="{width:.0}" height="{height:.0}" viewBox="0 0 {width:.0} {height:.0}" font-family="Helvetica, Arial, sans-serif" font-size="{FONT}" role="img" aria-label="{}">"#,
            escaped(&self.description)
        );
        for (label, place) in self.clusters.iter().zip(&layout.clusters) {
            frame(&mut svg, label, place);
        }
        // Labels stand on top of all arrows.
        self.edges.iter().for_each(|edge| self.arrow(&mut svg, edge, &layout));
        self.edges.iter().for_each(|edge| self.label(&mut svg, edge, &layout));
        self.nodes.iter().zip(&layout.nodes).for_each(|(node, place)| draw(&mut svg, node, place));
        svg + "</svg>"
    }

    fn arrow(&self, svg: &mut String, edge: &Edge, layout: &Layout) {
        let (from, to) = self.ends(edge, layout);
        let (colour, width) = match edge.weight {
            Some(w) if w < 0.0 => ("#c0392b", 0.75 + 3.25 * w.abs()),
            Some(w) => ("#1f66b5", 0.75 + 3.25 * w),
            None => (INK, 1.0),
        };
        let (dx, dy) = (to.0 - from.0, to.1 - from.1);
        let length = dx.hypot(dy).max(1e-9);
        let (ux, uy) = (dx / length, dy / length);
        let (long, wide) = (8.0 + width, 3.2 + width * 0.7);
        let base = (to.0 - long * ux, to.1 - long * uy);
        let corner = |side: f64| format!("{:.1},{:.1}", base.0 - side * wide * uy, base.1 + side * wide * ux);
        let _ = write!(
            svg,
            r#"<g class="edge"{}><path d="M{:.1},{:.1}L{:.1},{:.1}" fill="none" stroke="{colour}" stroke-width="{width:.2}"/><path d="M{:.1},{:.1}L{}L{}z" fill="{colour}"/></g>"#,
            self.attributes(edge),
            from.0,
            from.1,
            base.0,
            base.1,
            to.0,
            to.1,
            corner(1.0),
            corner(-1.0),
        );
    }

    fn attributes(&self, edge: &Edge) -> String {
        match (self.nodes[edge.from].unit, self.nodes[edge.to].unit) {
            (Some((a, i)), Some((b, j))) => format!(r#" data-from="{a}:{i}" data-to="{b}:{j}""#),
            _ => String::new(),
        }
    }

    fn label(&self, svg: &mut String, edge: &Edge, layout: &Layout) {
        if edge.label.is_empty() {
            return;
        }
        let ((x0, y0), (x1, y1)) = self.ends(edge, layout);
        let leaving = self.edges.iter().filter(|other| other.from == edge.from).count();
        let coming = self.edges.iter().filter(|other| other.to == edge.to).count();
        // Where arrows fan out or in, a label stands on the outer side of its arrow, nearer to where they are apart.
        let (at, above) = match (leaving, coming) {
            (1, 1) => (0.46, true),
            (_, 1) => (0.54, y1 <= y0 + 1.0),
            (1, _) => (0.4, y1 >= y0 - 1.0),
            _ => (0.25, true),
        };
        let slope = ((y1 - y0) / (x1 - x0).abs().max(1.0)).abs();
        let away = 5.0 + (slope * text_width(&edge.label, FONT) / 2.0).min(FONT);
        let (x, y) = (x0 + at * (x1 - x0), y0 + at * (y1 - y0));
        let y = if above { y - away } else { y + away + FONT * 0.7 };
        let _ = write!(
            svg,
            r#"<text class="edge-label"{} x="{x:.1}" y="{y:.1}" text-anchor="middle" fill="{INK}" stroke="white" stroke-width="3" stroke-linejoin="round" paint-order="stroke">{}</text>"#,
            self.attributes(edge),
            escaped(&edge.label)
        );
    }

    /// Where an edge leaves one node and meets the other.
    fn ends(&self, edge: &Edge, layout: &Layout) -> ((f64, f64), (f64, f64)) {
        let (a, b) = (&layout.nodes[edge.from], &layout.nodes[edge.to]);
        if self.direction == Direction::TopToBottom {
            return ((a.x, a.y + a.height / 2.0), (b.x, b.y - b.height / 2.0));
        }
        (self.rim(edge.from, a, b), self.rim(edge.to, b, a))
    }

    /// The point of the rim of a node that faces another.
    fn rim(&self, node: usize, place: &Place, other: &Place) -> (f64, f64) {
        let (dx, dy) = (other.x - place.x, other.y - place.y);
        let (half_width, half_height) = match self.nodes[node].body {
            Body::Dots => (place.width / 3.0, place.height / 2.0),
            _ => (place.width / 2.0, place.height / 2.0),
        };
        let scale = 1.0 / (dx / half_width).hypot(dy / half_height).max(1e-9);
        (place.x + dx * scale, place.y + dy * scale)
    }
}

fn frame(svg: &mut String, label: &str, place: &Place) {
    let (left, top) = (place.x - place.width / 2.0, place.y - place.height / 2.0);
    let _ = write!(
        svg,
        r#"<g class="frame"><rect x="{left:.1}" y="{top:.1}" width="{:.1}" height="{:.1}" rx="8" fill="{FRAME}"/><text x="{:.1}" y="{:.1}" text-anchor="middle" fill="{INK}">{}</text></g>"#,
        place.width,
        place.height,
        place.x,
        top + TITLE * 0.75,
        escaped(label)
    );
}

fn draw(svg: &mut String, node: &Node, place: &Place) {
    let unit = node.unit.map_or(String::new(), |(layer, unit)| format!(r#" data-unit="{layer}:{unit}""#));
    let _ = write!(svg, r#"<g class="node"{unit}>"#);
    let Place { x, y, width, height } = *place;
    let text = |svg: &mut String, x: f64, y: f64, size: f64, text: &str| {
        let y = y + size * 0.35;
        let text = escaped(text);
        let _ = write!(
            svg,
            r#"<text x="{x:.1}" y="{y:.1}" text-anchor="middle" font-size="{size}" fill="{INK}">{text}</text>"#
        );
    };
    match &node.body {
        Body::Dots => text(svg, x, y - 3.0, FONT * 1.3, "..."),
        Body::Ellipse { label, note } => {
            let (rx, ry) = (width / 2.0, height / 2.0);
            let _ = write!(
                svg,
                r#"<ellipse cx="{x:.1}" cy="{y:.1}" rx="{rx:.1}" ry="{ry:.1}" fill="white" stroke="{INK}"/>"#
            );
            let raised = if note.is_some() { 7.0 } else { 0.0 };
            text(svg, x, y - raised, FONT, label);
            if let Some(note) = note {
                text(svg, x, y + 9.0, SMALL, note);
            }
        }
        Body::Record { title, rows } => {
            let (left, top) = (x - width / 2.0, y - height / 2.0);
            let [names, shapes] = columns(rows);
            let (first, second) = (left + width - names - shapes, left + width - shapes);
            let _ = write!(
                svg,
                r#"<rect x="{left:.1}" y="{top:.1}" width="{width:.1}" height="{height:.1}" fill="white" stroke="{INK}"/><path d="M{first:.1},{top:.1}v{height:.1}M{second:.1},{top:.1}v{height:.1}M{first:.1},{y:.1}h{:.1}" fill="none" stroke="{INK}"/>"#,
                names + shapes
            );
            text(svg, (left + first) / 2.0, y, FONT, title);
            for (row, (name, shape)) in rows.iter().enumerate() {
                let y = top + height * (0.25 + 0.5 * row as f64);
                text(svg, (first + second) / 2.0, y, FONT, name);
                text(svg, second + shapes / 2.0, y, FONT, shape);
            }
        }
    }
    svg.push_str("</g>");
}

pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
