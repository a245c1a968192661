//! A panel with two axes.

use yhat_tensor::Array;

use crate::{
    Color, Colormap, Error, Levels, Result, Style,
    artist::{Numbers, Shape, columns, fit, grid, points},
    artists::Artists,
    axis::Axis,
    contour,
    style::Dash,
};

/// A panel with an x axis and a y axis.
///
/// Its methods are those of matplotlib's `Axes` and can be chained. Data are whatever becomes an [`Array`]: slices,
/// vectors, `ndarray`s, arrays of a plan. A point that is NaN or infinite is a gap. A call that can't be drawn is
/// remembered, and reported when the figure is drawn.
///
/// ```
/// use yhat_plot::{Figure, Style};
/// let mut figure = Figure::new();
/// let x = [-1.0, 0.0, 1.0];
/// figure
///     .axes()
///     .plot(x, [1.2, -0.1, 0.9], Style::new(".").label("data"))
///     .plot(x, [1.0, 0.0, 1.0], Style::new("--").label("fit"))
///     .title("a fit")
///     .legend();
/// assert!(figure.to_svg()?.contains("a fit"));
/// # Ok::<(), yhat_plot::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Axes {
    pub(crate) artists: Artists,
    pub(crate) title: Option<String>,
    pub(crate) x: Axis,
    pub(crate) y: Axis,
    pub(crate) legend: Option<String>,
    pub(crate) grid: bool,
}

/// Where a legend may be.
const PLACES: [&str; 6] = ["best", "upper left", "upper right", "lower left", "lower right", "upper center"];

impl Axes {
    /// A line, marks, or both through the points: a short style says which ([`Style`]).
    ///
    /// `x` is one column; each column of `y`, of shape `(n,)` or `(n, k)`, becomes a line of its own.
    pub fn plot(&mut self, x: impl Into<Array>, y: impl Into<Array>, style: impl Into<Style>) -> &mut Self {
        let (x, y, style) = (x.into(), y.into(), style.into());
        self.attempt(|axes| {
            let x = points("plot(x, y)", "x", x)?;
            for y in columns("plot(x, y)", "y", &y)? {
                fit("plot(x, y)", &[("x", &x), ("y", &y)])?;
                axes.artists.line(Shape::Series { x: x.clone(), y }, style.clone())?;
            }
            Ok(())
        })
    }

    /// The area between two lines: matplotlib's `fill_between`.
    pub fn fill_between(
        &mut self,
        x: impl Into<Array>,
        low: impl Into<Array>,
        high: impl Into<Array>,
        style: impl Into<Style>,
    ) -> &mut Self {
        let (x, low, high, style) = (x.into(), low.into(), high.into(), style.into());
        const CALL: &str = "fill_between(x, low, high)";
        self.attempt(|axes| {
            let (x, low, high) = (points(CALL, "x", x)?, points(CALL, "low", low)?, points(CALL, "high", high)?);
            fit(CALL, &[("x", &x), ("low", &low), ("high", &high)])?;
            axes.artists.fill(Shape::Area { x, low, high }, style)
        })
    }

    /// Areas piled upon each other, one for each column of `ys`: matplotlib's `stackplot`. There are as many labels, or
    /// none.
    pub fn stackplot(&mut self, x: impl Into<Array>, ys: impl Into<Array>, labels: &[&str]) -> &mut Self {
        let (x, ys) = (x.into(), ys.into());
        const CALL: &str = "stackplot(x, ys, labels)";
        self.attempt(|axes| {
            let (x, ys) = (points(CALL, "x", x)?, columns(CALL, "ys", &ys)?);
            if !labels.is_empty() && labels.len() != ys.len() {
                let message = format!("ys has {} columns, there are {} labels", ys.len(), labels.len());
                return Err(Error::Shape { call: CALL, message });
            }
            let mut low = Numbers::from(vec![0.0; x.len()]);
            for (i, y) in ys.iter().enumerate() {
                fit(CALL, &[("x", &x), ("ys", y)])?;
                let high: Numbers = low.iter().zip(y.iter()).map(|(low, y)| low + y).collect::<Vec<_>>().into();
                let style = labels.get(i).map_or_else(Style::default, |label| Style::default().label(*label));
                // A pile takes its colours from the cycle of lines.
                let color = axes.artists.line_color(&style);
                axes.artists.add(Shape::Area { x: x.clone(), low, high: high.clone() }, style, color)?;
                low = high;
            }
            Ok(())
        })
    }

    /// Bars from 0 to `height`, centred at `x`, 0.8 wide (or eight tenths of the least distance, if that is less).
    pub fn bar(&mut self, x: impl Into<Array>, height: impl Into<Array>, style: impl Into<Style>) -> &mut Self {
        let (x, height, style) = (x.into(), height.into(), style.into());
        self.attempt(|axes| {
            let (x, height) = (points("bar(x, height)", "x", x)?, points("bar(x, height)", "height", height)?);
            fit("bar(x, height)", &[("x", &x), ("height", &height)])?;
            let mut sorted = x.to_vec();
            sorted.sort_by(f64::total_cmp);
            let gaps = sorted.windows(2).map(|w| w[1] - w[0]).filter(|gap| *gap > 0.0);
            let width = 0.8 * gaps.fold(1.0, f64::min);
            axes.artists.fill(Shape::Bars { x, height, width }, style)
        })
    }

    /// Lines of equal height of `z`, whose shape is `(len(x), len(y))`; `levels` is how many at most, or which.
    ///
    /// The lines are coloured by height (`viridis`) unless the style has a colour.
    pub fn contour(
        &mut self,
        x: impl Into<Array>,
        y: impl Into<Array>,
        z: impl Into<Array>,
        levels: impl Into<Levels>,
        style: impl Into<Style>,
    ) -> &mut Self {
        self.contours("contour(x, y, z, levels)", [x.into(), y.into(), z.into()], levels.into(), style.into(), false)
    }

    /// The areas between lines of equal height of `z`, whose shape is `(len(x), len(y))`, coloured by height.
    pub fn contourf(
        &mut self,
        x: impl Into<Array>,
        y: impl Into<Array>,
        z: impl Into<Array>,
        levels: impl Into<Levels>,
        style: impl Into<Style>,
    ) -> &mut Self {
        self.contours("contourf(x, y, z, levels)", [x.into(), y.into(), z.into()], levels.into(), style.into(), true)
    }

    fn contours(
        &mut self,
        call: &'static str,
        [x, y, z]: [Array; 3],
        levels: Levels,
        style: Style,
        filled: bool,
    ) -> &mut Self {
        self.attempt(|axes| {
            let grid = grid(call, x, y, z)?;
            let levels = contour::levels(call, levels, &grid, filled)?;
            let viridis = style.color.is_none().then_some(Colormap::Viridis);
            let map = style.cmap.or(viridis);
            let dash = style.dash.or(Some(Dash::Solid));
            axes.artists.add(Shape::Contour { grid, levels, filled, map }, Style { dash, ..style }, Color::Ink)
        })
    }

    /// A horizontal line across the panel.
    pub fn axhline(&mut self, y: f64, style: impl Into<Style>) -> &mut Self {
        self.rule("axhline(y)", y, style.into(), false)
    }

    /// A vertical line across the panel.
    pub fn axvline(&mut self, x: f64, style: impl Into<Style>) -> &mut Self {
        self.rule("axvline(x)", x, style.into(), true)
    }

    fn rule(&mut self, name: &'static str, at: f64, style: Style, vertical: bool) -> &mut Self {
        self.attempt(|axes| match at.is_finite() {
            true => axes.artists.line(Shape::Rule { at, vertical }, style),
            false => Err(Error::argument(name, "a finite number", at)),
        })
    }

    /// A text that begins at a point; the style's colour and alpha count.
    pub fn text(&mut self, x: f64, y: f64, text: impl Into<String>, style: impl Into<Style>) -> &mut Self {
        let (text, style) = (text.into(), style.into());
        self.attempt(|axes| match x.is_finite() && y.is_finite() {
            true => axes.artists.add(Shape::Note { x, y, text }, style, Color::Ink),
            false => Err(Error::argument("text(x, y)", "two finite numbers", format!("{x}, {y}"))),
        })
    }

    /// Other points for what was plotted with [`Style::id`]: the line of a frame of an animation.
    pub fn set_data(&mut self, id: &str, x: impl Into<Array>, y: impl Into<Array>) -> &mut Self {
        let (x, y) = (x.into(), y.into());
        self.attempt(|axes| {
            let (x, y) = (points("set_data(x, y)", "x", x)?, points("set_data(x, y)", "y", y)?);
            fit("set_data(x, y)", &[("x", &x), ("y", &y)])?;
            *axes.artists.find(id, |shape| matches!(shape, Shape::Series { .. }))? = Shape::Series { x, y };
            Ok(())
        })
    }

    /// What stands above the panel.
    pub fn title(&mut self, text: impl Into<String>) -> &mut Self {
        self.title = Some(text.into());
        self
    }

    /// What stands below the x axis.
    pub fn xlabel(&mut self, text: impl Into<String>) -> &mut Self {
        self.x.label = Some(text.into());
        self
    }

    /// What stands beside the y axis.
    pub fn ylabel(&mut self, text: impl Into<String>) -> &mut Self {
        self.y.label = Some(text.into());
        self
    }

    /// Where the x axis begins and ends; without it, 5 % beyond the data.
    pub fn xlim(&mut self, left: f64, right: f64) -> &mut Self {
        self.attempt(|axes| axes.x.set_limits("xlim(left, right)", left, right))
    }

    /// Where the y axis begins and ends; without it, 5 % beyond the data.
    pub fn ylim(&mut self, bottom: f64, top: f64) -> &mut Self {
        self.attempt(|axes| axes.y.set_limits("ylim(bottom, top)", bottom, top))
    }

    /// `"log"` or `"linear"`.
    pub fn xscale(&mut self, scale: &str) -> &mut Self {
        self.attempt(|axes| axes.x.set_scale(scale))
    }

    /// `"log"` or `"linear"`.
    pub fn yscale(&mut self, scale: &str) -> &mut Self {
        self.attempt(|axes| axes.y.set_scale(scale))
    }

    /// Thin lines at the ticks.
    pub fn grid(&mut self) -> &mut Self {
        self.grid = true;
        self
    }

    /// A legend of what has a label, in the corner with the fewest points.
    pub fn legend(&mut self) -> &mut Self {
        self.legend_at("best")
    }

    /// A legend of what has a label, at a place: `"upper left"`, `"lower right"`, ...
    pub fn legend_at(&mut self, place: &str) -> &mut Self {
        self.attempt(|axes| match PLACES.contains(&place) {
            true => {
                axes.legend = Some(place.to_string());
                Ok(())
            }
            false => Err(Error::unknown("legend place", place, &PLACES)),
        })
    }

    /// A bar beside the panel that says which colour is which height, for the last contours before it.
    ///
    /// ```
    /// use yhat_plot::Figure;
    /// let (x, y) = ([0.0, 1.0], [0.0, 1.0, 2.0]);
    /// let z = [[0.0, 1.0, 2.0], [1.0, 2.0, 3.0]];
    /// let mut figure = Figure::new();
    /// figure.axes().contourf(x, y, z, 6, "").colorbar();
    /// assert!(figure.to_svg()?.contains("linearGradient"));
    /// # Ok::<(), yhat_plot::Error>(())
    /// ```
    pub fn colorbar(&mut self) -> &mut Self {
        self.attempt(|axes| axes.artists.want_colorbar())
    }

    fn attempt(&mut self, f: impl FnOnce(&mut Self) -> Result<()>) -> &mut Self {
        let done = f(self);
        self.artists.note(done);
        self
    }
}
