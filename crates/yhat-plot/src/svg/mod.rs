//! Figures as SVG, in the page's theme.

use std::{
    fmt::Write,
    hash::{DefaultHasher, Hash, Hasher},
};

use crate::{
    Color, Figure, Result,
    figure::Panel,
    layout,
    text::{FONTS, escaped, short},
};

mod colorbar;
mod flat;
mod legend;
mod marks;
mod solid;

pub(crate) use legend::resolved as legend_place;
pub(crate) use marks::{dashes, keep};

/// What paper a picture is on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// White.
    Light,
    /// Nearly black; colours that could not be seen on it are lightened.
    Dark,
    /// As the page or the reader's system wants it: a picture that follows when they change.
    #[default]
    Auto,
}

/// How a path is drawn.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Paint<'a> {
    pub fill: Option<Color>,
    pub stroke: Option<Color>,
    pub width: f64,
    pub dashes: &'a [f64],
    pub alpha: Option<f64>,
    pub round: bool,
    /// Lines along pixels, as axes want them.
    pub crisp: bool,
}

/// Where a text is, from its anchor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Anchor {
    Start,
    Middle,
    End,
}

/// An SVG that is being written. Units are points.
pub(crate) struct Svg {
    body: String,
    theme: Theme,
    /// Colours that are another on dark paper.
    themed: Vec<Color>,
    /// What elements refer to: rectangles that cut off, gradients. Equal ones share an id, in a page of many pictures too.
    defs: String,
}

impl Svg {
    pub fn new(theme: Theme) -> Svg {
        Svg { body: String::new(), theme, themed: Vec::new(), defs: String::new() }
    }

    /// The attributes that paint `what` ("fill" or "stroke") in a colour that follows the theme.
    fn paint(&mut self, what: &str, color: Color) -> String {
        let hex = |[r, g, b]: [u8; 3]| format!("#{r:02x}{g:02x}{b:02x}");
        match self.theme {
            Theme::Light => format!(" {what}=\"{}\"", hex(color.rgb())),
            Theme::Dark => format!(" {what}=\"{}\"", hex(color.rgb_on_dark())),
            Theme::Auto if color.rgb() == color.rgb_on_dark() => format!(" {what}=\"{}\"", color.hex()),
            Theme::Auto => {
                if !self.themed.contains(&color) {
                    self.themed.push(color);
                }
                format!(" {what}=\"{}\" style=\"{what}:var({})\"", color.hex(), variable(color))
            }
        }
    }

    fn painted(&mut self, paint: Paint) -> String {
        let mut out = String::new();
        let mut style = String::new();
        for (what, color) in [("fill", paint.fill), ("stroke", paint.stroke)] {
            match color {
                None if what == "fill" => out.push_str(" fill=\"none\""),
                None => {}
                Some(color) => {
                    let attributes = self.paint(what, color);
                    // Both may be themed, but an element has one style.
                    match attributes.split_once(" style=\"") {
                        Some((plain, themed)) => {
                            out.push_str(plain);
                            style.push_str(if style.is_empty() { "" } else { ";" });
                            style.push_str(themed.trim_end_matches('"'));
                        }
                        None => out.push_str(&attributes),
                    }
                }
            }
        }
        if !style.is_empty() {
            let _ = write!(out, " style=\"{style}\"");
        }
        if paint.stroke.is_some() {
            let _ = write!(out, " stroke-width=\"{}\"", short(paint.width, 3));
        }
        if !paint.dashes.is_empty() {
            let dashes: Vec<String> = paint.dashes.iter().map(|d| short(d * paint.width, 2)).collect();
            let _ = write!(out, " stroke-dasharray=\"{}\"", dashes.join(" "));
        }
        if let Some(alpha) = paint.alpha.filter(|alpha| *alpha < 1.0) {
            let _ = write!(out, " opacity=\"{}\"", short(alpha, 3));
        }
        if paint.round {
            out.push_str(" stroke-linecap=\"round\" stroke-linejoin=\"round\"");
        }
        if paint.crisp {
            out.push_str(" shape-rendering=\"crispEdges\"");
        }
        out
    }

    /// A path by its `d` attribute.
    pub fn path(&mut self, d: &str, paint: Paint) {
        let attributes = self.painted(paint);
        let _ = writeln!(self.body, "<path d=\"{d}\"{attributes}/>");
    }

    /// A group of elements that are painted alike; [`Svg::close`] ends it.
    pub fn open(&mut self, attributes: &str, paint: Option<Paint>) {
        let painted = paint.map(|paint| self.painted(paint)).unwrap_or_default();
        let _ = writeln!(self.body, "<g{attributes}{painted}>");
    }

    /// The end of a group.
    pub fn close(&mut self) {
        self.body.push_str("</g>\n");
    }

    /// Elements as they are.
    pub fn raw(&mut self, elements: &str) {
        self.body.push_str(elements);
    }

    /// A line of text whose baseline goes through a point, turned by some degrees around it.
    pub fn text(&mut self, [x, y]: [f64; 2], text: &str, size: f64, anchor: Anchor, turned: f64, color: Color) {
        let color = self.paint("fill", color);
        let anchor = match anchor {
            Anchor::Start => "",
            Anchor::Middle => " text-anchor=\"middle\"",
            Anchor::End => " text-anchor=\"end\"",
        };
        let (x, y) = (short(x, 2), short(y, 2));
        let turn =
            if turned == 0.0 { String::new() } else { format!(" transform=\"rotate({} {x} {y})\"", short(turned, 2)) };
        let size = if size == 10.0 { String::new() } else { format!(" font-size=\"{}\"", short(size, 1)) };
        let _ = writeln!(self.body, "<text x=\"{x}\" y=\"{y}\"{size}{anchor}{turn}{color}>{}</text>", escaped(text));
    }

    /// Everything until [`Svg::close`] is cut off at a rectangle.
    pub fn clip(&mut self, rect: layout::Rect) {
        let [x, y, w, h] = [rect.x, rect.y, rect.width, rect.height].map(|v| short(v, 2));
        let id = format!("clip-{x}-{y}-{w}-{h}").replace('.', "_");
        if !self.defs.contains(&format!("\"{id}\"")) {
            let _ = write!(
                self.defs,
                "<clipPath id=\"{id}\"><rect x=\"{x}\" y=\"{y}\" width=\"{w}\" height=\"{h}\"/></clipPath>"
            );
        }
        let _ = writeln!(self.body, "<g clip-path=\"url(#{id})\">");
    }

    /// A rectangle filled from its lower edge to its upper one with colours at parts from 0 to 1.
    pub fn graded(&mut self, rect: layout::Rect, stops: &[(f64, Color)], alpha: f64) {
        let stop =
            |(at, color): &(f64, Color)| format!("<stop offset=\"{}\" stop-color=\"{}\"/>", short(*at, 4), color.hex());
        let stops: String = stops.iter().map(stop).collect();
        let mut hash = DefaultHasher::new();
        stops.hash(&mut hash);
        let id = format!("graded-{:016x}", hash.finish());
        if !self.defs.contains(&id) {
            let _ = write!(
                self.defs,
                "<linearGradient id=\"{id}\" x1=\"0\" x2=\"0\" y1=\"1\" y2=\"0\">{stops}</linearGradient>"
            );
        }
        let [x, y, w, h] = [rect.x, rect.y, rect.width, rect.height].map(|v| short(v, 2));
        let _ = writeln!(
            self.body,
            "<rect x=\"{x}\" y=\"{y}\" width=\"{w}\" height=\"{h}\" fill=\"url(#{id})\" opacity=\"{}\"/>",
            short(alpha, 3)
        );
    }

    /// The whole file, `width` by `height` points.
    pub fn finish(self, width: f64, height: f64, alt: Option<&str>, title: Option<&str>) -> String {
        let (w, h) = (short(width, 2), short(height, 2));
        // A picture without a name says nothing to who can't see it.
        let role = if title.or(alt).is_some() { "role=\"img\"" } else { "aria-hidden=\"true\"" };
        let mut out = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{w}pt\" height=\"{h}pt\" viewBox=\"0 0 {w} {h}\" \
             class=\"yhat-svg\" font-family=\"{FONTS}\" font-size=\"10\" {role}>\n"
        );
        if let Some(title) = title.or(alt) {
            let _ = writeln!(out, "<title>{}</title>", escaped(title));
        }
        if let (Some(_), Some(alt)) = (title, alt) {
            let _ = writeln!(out, "<desc>{}</desc>", escaped(alt));
        }
        if self.theme == Theme::Auto && !self.themed.is_empty() {
            out.push_str(&theme_style(&self.themed));
        }
        if !self.defs.is_empty() {
            let _ = writeln!(out, "<defs>{}</defs>", self.defs);
        }
        out.push_str(&self.body);
        out.push_str("</svg>\n");
        out
    }
}

/// The CSS variable of a colour that is another on dark paper.
fn variable(color: Color) -> String {
    match color {
        Color::Ink => "--y-ink".into(),
        Color::Paper => "--y-paper".into(),
        Color::Rgb(r, g, b) => format!("--y-{r:02x}{g:02x}{b:02x}"),
    }
}

/// Both values of each variable: by the system's wish, unless the page says `data-theme`. A page that has an ink and a
/// paper of its own gives them as `--yhat-ink` and `--yhat-paper`.
fn theme_style(themed: &[Color]) -> String {
    let block = |rgb: fn(Color) -> [u8; 3]| {
        let value = |color: &Color| {
            let [r, g, b] = rgb(*color);
            let hex = format!("#{r:02x}{g:02x}{b:02x}");
            match color {
                Color::Ink => format!("var(--yhat-ink,{hex})"),
                Color::Paper => format!("var(--yhat-paper,{hex})"),
                Color::Rgb(..) => hex,
            }
        };
        themed.iter().map(|color| format!("{}:{}", variable(*color), value(color))).collect::<Vec<_>>().join(";")
    };
    let (light, dark) = (block(Color::rgb), block(Color::rgb_on_dark));
    format!(
        "<style>.yhat-svg{{{light}}}@media(prefers-color-scheme:dark){{.yhat-svg{{{dark}}}}}\
         [data-theme=light] .yhat-svg{{{light}}}[data-theme=dark] .yhat-svg{{{dark}}}</style>\n"
    )
}

impl Figure {
    /// The figure as an SVG file, or as an element of a page, in the reader's theme.
    ///
    /// Lines and marks are exact to a hundredth of a point. Texts are texts, in DejaVu Sans where the reader has it.
    ///
    /// # Errors
    /// What went wrong while the figure was described: the first mistake, or that it is empty.
    pub fn to_svg(&self) -> Result<String> {
        self.to_svg_on(Theme::Auto)
    }

    /// The figure as an SVG file on paper of a theme.
    ///
    /// # Errors
    /// As [`Figure::to_svg`].
    pub fn to_svg_on(&self, theme: Theme) -> Result<String> {
        self.check()?;
        let (width, height) = layout::points(self);
        let mut svg = Svg::new(theme);
        svg.path(
            &format!("M0 0h{}v{}H0z", short(width, 2), short(height, 2)),
            Paint { fill: Some(Color::Paper), ..Paint::default() },
        );
        for (i, (place, panel)) in self.panels.iter().enumerate() {
            let rect = layout::rect(self, *place);
            match panel {
                Panel::Flat(axes) => flat::draw(&mut svg, axes, rect).map_err(|e| self.within(i, e))?,
                Panel::Solid(axes) => solid::draw(&mut svg, axes, rect),
            }
        }
        if let Some(title) = &self.suptitle {
            // 2 % from the top, as in matplotlib, the text hanging from there.
            svg.text([width / 2.0, 0.02 * height + 9.3], title, 12.0, Anchor::Middle, 0.0, Color::Ink);
        }
        Ok(svg.finish(width, height, self.alt.as_deref(), self.suptitle.as_deref()))
    }
}
