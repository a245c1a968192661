//! A panel with three axes.

use yhat_tensor::Array;

use crate::{
    Error, Result, Style,
    artist::{Numbers, Shape, fit, grid, points},
    artists::Artists,
    axis::Axis,
    style::Marker,
};

/// A panel with three axes, seen from `elev` degrees above the x-y plane and `azim` degrees around the z axis.
///
/// Its methods are those of matplotlib's `Axes3D`; what [`Axes`](crate::Axes) says of data and errors holds here. Its axes are
/// linear: for powers of ten, draw the logarithms and say so in the label, as in `zlabel("log10 of the loss")`.
///
/// ```
/// use yhat_plot::{Figure, Style};
/// let mut figure = Figure::new();
/// let (x, y) = ([0.0, 1.0], [0.0, 1.0, 2.0]);
/// let z = [[0.0, 1.0, 2.0], [1.0, 2.0, 3.0]];
/// figure.axes_3d().elev(15.0).azim(75.0).plot_surface(x, y, z, "").scatter(0.5, 0.5, 3.0, Style::new("r*").s(200.0));
/// assert!(figure.to_svg()?.starts_with("<svg"));
/// # Ok::<(), yhat_plot::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Axes3d {
    pub(crate) artists: Artists,
    pub(crate) title: Option<String>,
    pub(crate) axes: [Axis; 3],
    pub(crate) elev: f64,
    pub(crate) azim: f64,
    pub(crate) legend: bool,
}

impl Default for Axes3d {
    fn default() -> Axes3d {
        let (artists, axes) = Default::default();
        Axes3d { artists, title: None, axes, elev: 30.0, azim: -60.0, legend: false }
    }
}

impl Axes3d {
    /// Marks at points, circles of 20 square points unless the style says otherwise. Arrays of any shape are taken
    /// element by element.
    pub fn scatter(
        &mut self,
        x: impl Into<Array>,
        y: impl Into<Array>,
        z: impl Into<Array>,
        style: impl Into<Style>,
    ) -> &mut Self {
        let (parts, mut style) = ([x.into(), y.into(), z.into()], style.into());
        self.attempt(|axes| {
            let [x, y, z] = parts.map(|part| part.to_vec().into());
            let shape = series("scatter(x, y, z)", [x, y, z])?;
            style.dash = None;
            style.marker.get_or_insert(Marker::Circle);
            style.markersize.get_or_insert(20f64.sqrt());
            axes.artists.fill(shape, style)
        })
    }

    /// A line, marks, or both through points.
    pub fn plot(
        &mut self,
        x: impl Into<Array>,
        y: impl Into<Array>,
        z: impl Into<Array>,
        style: impl Into<Style>,
    ) -> &mut Self {
        let (x, y, z, style) = (x.into(), y.into(), z.into(), style.into());
        const CALL: &str = "plot(x, y, z)";
        self.attempt(|axes| {
            let shape = series(CALL, [points(CALL, "x", x)?, points(CALL, "y", y)?, points(CALL, "z", z)?])?;
            axes.artists.line(shape, style)
        })
    }

    /// A surface of heights `z`, whose shape is `(len(x), len(y))`; `x` and `y` are vectors or what
    /// `numpy.meshgrid(x, y, indexing='ij')` gives. It is shaded in one colour, or coloured by height if the style has
    /// a [colour map](Style::cmap).
    pub fn plot_surface(
        &mut self,
        x: impl Into<Array>,
        y: impl Into<Array>,
        z: impl Into<Array>,
        style: impl Into<Style>,
    ) -> &mut Self {
        let (x, y, z, style) = (x.into(), y.into(), z.into(), style.into());
        self.attempt(|axes| {
            let grid = grid("plot_surface(x, y, z)", x, y, z)?;
            let map = style.cmap;
            axes.artists.fill(Shape::Surface { grid, map }, style)
        })
    }

    /// Other points for what was drawn with [`Style::id`]: the path of a frame of an animation.
    pub fn set_data(&mut self, id: &str, x: impl Into<Array>, y: impl Into<Array>, z: impl Into<Array>) -> &mut Self {
        let parts = [x.into(), y.into(), z.into()];
        self.attempt(|axes| {
            let [x, y, z] = parts.map(|part| part.to_vec().into());
            let shape = series("set_data(x, y, z)", [x, y, z])?;
            *axes.artists.find(id, |shape| matches!(shape, Shape::Series3 { .. }))? = shape;
            Ok(())
        })
    }

    /// Degrees above the x-y plane from which the panel is seen; 30 if not said.
    pub fn elev(&mut self, degrees: f64) -> &mut Self {
        self.attempt(|axes| {
            axes.elev = angle("elev(degrees)", degrees)?;
            Ok(())
        })
    }

    /// Degrees around the z axis from which the panel is seen; -60 if not said.
    pub fn azim(&mut self, degrees: f64) -> &mut Self {
        self.attempt(|axes| {
            axes.azim = angle("azim(degrees)", degrees)?;
            Ok(())
        })
    }

    /// What stands above the panel.
    pub fn title(&mut self, text: impl Into<String>) -> &mut Self {
        self.title = Some(text.into());
        self
    }

    /// What stands at the x axis.
    pub fn xlabel(&mut self, text: impl Into<String>) -> &mut Self {
        self.axes[0].label = Some(text.into());
        self
    }

    /// What stands at the y axis.
    pub fn ylabel(&mut self, text: impl Into<String>) -> &mut Self {
        self.axes[1].label = Some(text.into());
        self
    }

    /// What stands at the z axis.
    pub fn zlabel(&mut self, text: impl Into<String>) -> &mut Self {
        self.axes[2].label = Some(text.into());
        self
    }

    /// Where the x axis begins and ends.
    pub fn xlim(&mut self, low: f64, high: f64) -> &mut Self {
        self.attempt(|axes| axes.axes[0].set_limits("xlim(low, high)", low, high))
    }

    /// Where the y axis begins and ends.
    pub fn ylim(&mut self, low: f64, high: f64) -> &mut Self {
        self.attempt(|axes| axes.axes[1].set_limits("ylim(low, high)", low, high))
    }

    /// Where the z axis begins and ends.
    pub fn zlim(&mut self, low: f64, high: f64) -> &mut Self {
        self.attempt(|axes| axes.axes[2].set_limits("zlim(low, high)", low, high))
    }

    /// A legend of what has a label.
    pub fn legend(&mut self) -> &mut Self {
        self.legend = true;
        self
    }

    /// A bar beside the panel that says which colour is which height, for the last surface before it that has a
    /// [colour map](Style::cmap).
    ///
    /// ```
    /// use yhat_plot::{Figure, Style};
    /// let mut figure = Figure::new();
    /// figure.axes_3d().plot_surface([0.0, 1.0], [0.0, 1.0], [[0.0, 1.0], [1.0, 2.0]], "").colorbar();
    /// let error = figure.to_svg().unwrap_err().to_string();
    /// assert!(error.starts_with("colorbar(): expected something coloured by height before it"), "{error}");
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

fn series(call: &'static str, [x, y, z]: [Numbers; 3]) -> Result<Shape> {
    if x.is_empty() {
        return Err(Error::Data { call, message: "x has no points".into() });
    }
    fit(call, &[("x", &x), ("y", &y), ("z", &z)])?;
    Ok(Shape::Series3 { x, y, z })
}

fn angle(name: &'static str, degrees: f64) -> Result<f64> {
    if degrees.is_finite() { Ok(degrees) } else { Err(Error::argument(name, "a finite number", degrees)) }
}
