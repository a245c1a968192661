//! How a line, a marker or an area looks: matplotlib's short styles and its keyword arguments.

use crate::{Color, Colormap, Error, Result};

/// The dashes of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Dash {
    Solid,
    Dashed,
    DashDot,
    Dotted,
}

/// The mark at each point.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Marker {
    /// `,`: a pixel.
    Pixel,
    /// `.`: half a circle's size.
    Point,
    /// `o`
    Circle,
    /// `*`: five points.
    Star,
    /// `s`
    Square,
    /// `^`
    Up,
    /// `v`
    Down,
    /// `d`
    Diamond,
    /// `+`
    Plus,
    /// `x`
    Cross,
}

const DASHES: [(&str, Dash); 4] =
    [("--", Dash::Dashed), ("-.", Dash::DashDot), ("-", Dash::Solid), (":", Dash::Dotted)];
const MARKERS: [(&str, Marker); 10] = [
    (",", Marker::Pixel),
    (".", Marker::Point),
    ("o", Marker::Circle),
    ("*", Marker::Star),
    ("s", Marker::Square),
    ("^", Marker::Up),
    ("v", Marker::Down),
    ("d", Marker::Diamond),
    ("+", Marker::Plus),
    ("x", Marker::Cross),
];
/// What an unknown style may have been meant as.
const USUAL: [&str; 22] = [
    ".", ",", "o", "*", "s", "^", "v", "d", "+", "x", "-", "--", "-.", ":", "r", "b", "k", "--r", "--b", "-r", "o-",
    ".k",
];

/// How something looks: a short style as matplotlib has it, and what can be said beyond it.
///
/// A short style is a colour, a marker and a line in any order, each of which may be missing: `"."`, `"--r"`, `"C1o-"`.
/// Without marker and line it is a solid line, without colour the next of the default cycle. Whatever takes a style
/// takes a short one as text. One that can't be read is reported when the figure is drawn.
///
/// ```
/// use yhat_plot::{Figure, Style};
/// let mut figure = Figure::new();
/// let style = Style::new(".").alpha(0.1).label("data");
/// figure.axes().plot([0.0, 1.0, 2.0], [0.0, 1.0, 4.0], style).plot([0.0, 2.0], [0.0, 4.0], "--r");
/// ```
#[derive(Clone, Debug, Default)]
pub struct Style {
    pub(crate) color: Option<Color>,
    pub(crate) dash: Option<Dash>,
    pub(crate) marker: Option<Marker>,
    pub(crate) alpha: Option<f64>,
    pub(crate) linewidth: Option<f64>,
    pub(crate) markersize: Option<f64>,
    pub(crate) label: Option<String>,
    pub(crate) id: Option<String>,
    pub(crate) cmap: Option<Colormap>,
    pub(crate) error: Option<Error>,
}

impl Style {
    /// A short style; `""` is matplotlib's default for what is drawn.
    pub fn new(short: &str) -> Style {
        parse(short).unwrap_or_else(|error| Style { error: Some(error), ..Style::default() })
    }

    /// The colour, by a name that [`Color::named`] knows.
    pub fn color(mut self, name: &str) -> Style {
        match Color::named(name) {
            Ok(color) => self.color = Some(color),
            Err(error) => self.fail(error),
        }
        self
    }

    /// The scale of colours for heights, by a name that [`Colormap::named`] knows: for contours and surfaces.
    pub fn cmap(mut self, name: &str) -> Style {
        match Colormap::named(name) {
            Ok(map) => self.cmap = Some(map),
            Err(error) => self.fail(error),
        }
        self
    }

    /// How opaque it is, from 0 to 1.
    pub fn alpha(mut self, alpha: f64) -> Style {
        if !(0.0..=1.0).contains(&alpha) {
            self.fail(Error::argument("alpha", "a number from 0 to 1", alpha));
        }
        self.alpha = Some(alpha);
        self
    }

    /// The width of the line in points (1/72 inch); 1.5 if not said.
    pub fn linewidth(mut self, points: f64) -> Style {
        self.positive("linewidth", points);
        self.linewidth = Some(points);
        self
    }

    /// The diameter of the markers in points; 6 if not said.
    pub fn markersize(mut self, points: f64) -> Style {
        self.positive("markersize", points);
        self.markersize = Some(points);
        self
    }

    /// The area of the markers in square points, as `s` of matplotlib's `scatter`; 20 if not said.
    pub fn s(mut self, area: f64) -> Style {
        self.positive("s", area);
        self.markersize(area.sqrt())
    }

    /// What the legend calls it.
    pub fn label(mut self, text: impl Into<String>) -> Style {
        self.label = Some(text.into());
        self
    }

    /// A name by which a page's script or a frame of an animation finds it again.
    ///
    /// In the SVG it is the attribute `data-id`, in the page's data the trace's `meta`.
    pub fn id(mut self, id: impl Into<String>) -> Style {
        self.id = Some(id.into());
        self
    }

    fn positive(&mut self, name: &'static str, x: f64) {
        if !(x > 0.0 && x.is_finite()) {
            self.fail(Error::argument(name, "a positive number", x));
        }
    }

    fn fail(&mut self, error: Error) {
        self.error.get_or_insert(error);
    }
}

impl From<&str> for Style {
    fn from(short: &str) -> Style {
        Style::new(short)
    }
}

/// Reads a short style as `matplotlib.axes._base._process_plot_format` does.
fn parse(short: &str) -> Result<Style> {
    let mut style = Style::default();
    if let Ok(color) = Color::named(short) {
        style.color = Some(color);
        return Ok(style);
    }
    let unknown = || Error::unknown("style", short, &USUAL);
    let mut rest = short;
    while let Some(first) = rest.chars().next() {
        let dash = DASHES.iter().find(|(s, _)| rest.starts_with(s));
        let marker = MARKERS.iter().find(|(s, _)| rest.starts_with(s));
        let length = match (dash, marker) {
            (Some((text, dash)), _) if style.dash.is_none() => {
                style.dash = Some(*dash);
                text.len()
            }
            (None, Some((text, marker))) if style.marker.is_none() => {
                style.marker = Some(*marker);
                text.len()
            }
            (None, None) if style.color.is_none() => {
                let length =
                    if first == 'C' { 1 + rest[1..].bytes().take_while(u8::is_ascii_digit).count() } else { 1 };
                style.color = Some(rest.get(..length).and_then(|c| Color::named(c).ok()).ok_or_else(unknown)?);
                length
            }
            _ => return Err(unknown()),
        };
        rest = &rest[length..];
    }
    Ok(style)
}
