//! A figure: a size, a title, and panels on it.

use crate::{Axes, Axes3d, Error, Result, layout};

/// Where a panel is on the figure: which cell of how many rows and columns, counted from 1 along rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub rows: usize,
    pub columns: usize,
    pub index: usize,
}

/// A panel of either kind.
#[derive(Clone, Debug)]
pub(crate) enum Panel {
    Flat(Box<Axes>),
    Solid(Box<Axes3d>),
}

impl Panel {
    pub fn title(&self) -> Option<&str> {
        match self {
            Panel::Flat(axes) => axes.title.as_deref(),
            Panel::Solid(axes) => axes.title.as_deref(),
        }
    }

    /// What the first, second or third axis is called.
    pub fn label(&self, axis: usize) -> Option<&str> {
        match (self, axis) {
            (Panel::Flat(axes), 0) => axes.x.label.as_deref(),
            (Panel::Flat(axes), _) => axes.y.label.as_deref(),
            (Panel::Solid(axes), i) => axes.axes[i].label.as_deref(),
        }
    }

    pub fn artists(&self) -> &[crate::artist::Artist] {
        match self {
            Panel::Flat(axes) => &axes.artists,
            Panel::Solid(axes) => &axes.artists,
        }
    }

    /// Where each axis begins and ends.
    pub fn limits(&self) -> Result<Vec<(f64, f64)>> {
        let ends = |span: &layout::Span| (span.low, span.high);
        Ok(match self {
            Panel::Flat(axes) => layout::spans(axes)?.iter().map(ends).collect(),
            Panel::Solid(axes) => layout::spans_3d(axes).iter().map(ends).collect(),
        })
    }

    pub fn set_limits(&mut self, limits: &[(f64, f64)]) {
        let axes = match self {
            Panel::Flat(axes) => vec![&mut axes.x, &mut axes.y],
            Panel::Solid(axes) => axes.axes.iter_mut().collect(),
        };
        axes.into_iter().zip(limits).for_each(|(axis, limits)| axis.limits = Some(*limits));
    }

    fn error(&self) -> Option<&Error> {
        match self {
            Panel::Flat(axes) => axes.artists.error(),
            Panel::Solid(axes) => axes.artists.error(),
        }
    }
}

/// A figure in matplotlib's spirit: panels on a page of a size.
///
/// ```
/// use yhat_plot::Figure;
/// let mut figure = Figure::new();
/// figure.size(12.0, 4.8).suptitle("three views").alt("Three parabolas, each steeper than the one before.");
/// let x: Vec<f64> = (0..11).map(|i| f64::from(i) / 10.0).collect();
/// let [row] = figure.subplots::<1, 3>();
/// for (i, axes) in row.into_iter().enumerate() {
///     let steep = (i + 1) as f64;
///     axes.plot(&x, x.iter().map(|x| steep * x * x).collect::<Vec<_>>(), "--r");
/// }
/// assert!(figure.to_svg()?.contains("three views"));
/// # Ok::<(), yhat_plot::Error>(())
/// ```
///
/// Everything is drawn when it is asked for: [`to_svg`](Figure::to_svg), [`to_html`](Figure::to_html),
/// [`to_page`](Figure::to_page), [`to_terminal`](Figure::to_terminal), `to_png` (with the feature `png`),
/// [`save`](Figure::save); in a notebook that runs evcxr, a figure as a cell's last value shows itself. A mistake on the
/// way is remembered and is the error of these.
#[derive(Clone, Debug)]
pub struct Figure {
    pub(crate) width: f64,
    pub(crate) height: f64,
    pub(crate) suptitle: Option<String>,
    pub(crate) alt: Option<String>,
    pub(crate) id: Option<String>,
    pub(crate) table: bool,
    pub(crate) panels: Vec<(Place, Panel)>,
    error: Option<Error>,
}

impl Default for Figure {
    fn default() -> Figure {
        Figure::new()
    }
}

impl Figure {
    /// An empty figure of matplotlib's size, 6.4 by 4.8 inches.
    pub fn new() -> Figure {
        Figure {
            width: 6.4,
            height: 4.8,
            suptitle: None,
            alt: None,
            id: None,
            table: false,
            panels: Vec::new(),
            error: None,
        }
    }

    /// Width and height in inches.
    pub fn size(&mut self, width: f64, height: f64) -> &mut Figure {
        let possible = |x: f64| (0.5..=100.0).contains(&x);
        if !(possible(width) && possible(height)) {
            self.fail(Error::argument("size(width, height)", "inches from 0.5 to 100", format!("{width}, {height}")));
        } else {
            (self.width, self.height) = (width, height);
        }
        self
    }

    /// What stands above all panels.
    pub fn suptitle(&mut self, text: impl Into<String>) -> &mut Figure {
        self.suptitle = Some(text.into());
        self
    }

    /// What is to be seen, for those who can't see it: SVG and page carry it for screen readers.
    pub fn alt(&mut self, text: impl Into<String>) -> &mut Figure {
        self.alt = Some(text.into());
        self
    }

    /// The `id` of the figure's element in a page, for links and for the page's own script.
    pub fn id(&mut self, id: impl Into<String>) -> &mut Figure {
        self.id = Some(id.into());
        self
    }

    /// Puts the numbers that are drawn below the figure of a page, folded away.
    pub fn data_table(&mut self) -> &mut Figure {
        self.table = true;
        self
    }

    /// The panel that fills the figure: `subplot(1, 1, 1)`.
    pub fn axes(&mut self) -> &mut Axes {
        self.subplot(1, 1, 1)
    }

    /// The panel with three axes that fills the figure: `subplot_3d(1, 1, 1)`.
    pub fn axes_3d(&mut self) -> &mut Axes3d {
        self.subplot_3d(1, 1, 1)
    }

    /// The panel in cell `index` (from 1, along rows) of so many rows and columns, made the first time.
    pub fn subplot(&mut self, rows: usize, columns: usize, index: usize) -> &mut Axes {
        let place = self.place("subplot(rows, columns, index)", rows, columns, index);
        let at = self.at(place, || Panel::Flat(Box::default()), |panel| matches!(panel, Panel::Flat(_)));
        match &mut self.panels[at].1 {
            Panel::Flat(axes) => axes,
            Panel::Solid(_) => unreachable!("a panel of this kind was found or made"),
        }
    }

    /// The panel with three axes in cell `index` (from 1, along rows) of so many rows and columns, made the first time.
    pub fn subplot_3d(&mut self, rows: usize, columns: usize, index: usize) -> &mut Axes3d {
        let place = self.place("subplot_3d(rows, columns, index)", rows, columns, index);
        let at = self.at(place, || Panel::Solid(Box::default()), |panel| matches!(panel, Panel::Solid(_)));
        match &mut self.panels[at].1 {
            Panel::Solid(axes) => axes,
            Panel::Flat(_) => unreachable!("a panel of this kind was found or made"),
        }
    }

    /// A whole grid of new panels, as many as the pattern asks for.
    ///
    /// ```
    /// use yhat_plot::Figure;
    /// let mut figure = Figure::new();
    /// let [[left, right]] = figure.subplots();
    /// left.plot([0.0, 1.0], [0.0, 1.0], "");
    /// right.plot([0.0, 1.0], [1.0, 0.0], "");
    /// ```
    pub fn subplots<const ROWS: usize, const COLUMNS: usize>(&mut self) -> [[&mut Axes; COLUMNS]; ROWS] {
        let first = self.panels.len();
        let place = |i| Place { rows: ROWS, columns: COLUMNS, index: i + 1 };
        self.panels.extend((0..ROWS * COLUMNS).map(|i| (place(i), Panel::Flat(Box::default()))));
        let mut panels = self.panels[first..].iter_mut();
        std::array::from_fn(|_| {
            std::array::from_fn(|_| match panels.next() {
                Some((_, Panel::Flat(axes))) => axes.as_mut(),
                _ => unreachable!("as many panels were made as are taken"),
            })
        })
    }

    fn place(&mut self, call: &'static str, rows: usize, columns: usize, index: usize) -> Place {
        if (1..=rows * columns).contains(&index) {
            return Place { rows, columns, index };
        }
        let expected = format!("an index from 1 to {rows} x {columns}, both at least 1");
        self.fail(Error::argument(call, expected, index));
        Place { rows: 1, columns: 1, index: 1 }
    }

    /// Where the panel at a place is in the list. A panel of the other kind there is an error; the caller, who can't be
    /// told yet, gets a new one.
    fn at(&mut self, place: Place, new: fn() -> Panel, right: fn(&Panel) -> bool) -> usize {
        if let Some(at) = self.panels.iter().position(|(there, panel)| *there == place && right(panel)) {
            return at;
        }
        if self.panels.iter().any(|(there, _)| *there == place) {
            self.fail(Error::argument(
                "subplot",
                "a cell for one kind of panel",
                "one with and one without a third axis",
            ));
        }
        self.panels.push((place, new()));
        self.panels.len() - 1
    }

    /// The first mistake that was made on the way here, or that nothing was.
    pub(crate) fn check(&self) -> Result<()> {
        if let Some(error) = &self.error {
            return Err(error.clone());
        }
        for (i, (_, panel)) in self.panels.iter().enumerate() {
            if let Some(error) = panel.error() {
                return Err(self.within(i, error.clone()));
            }
        }
        match self.panels.iter().all(|(_, panel)| panel.artists().is_empty()) {
            true => Err(Error::Empty),
            false => Ok(()),
        }
    }

    /// The error with the panel it is in, where there are several.
    pub(crate) fn within(&self, panel: usize, error: Error) -> Error {
        match self.panels.len() {
            1 => error,
            _ => {
                let title = self.panels[panel].1.title().map(str::to_string);
                Error::Panel { number: panel + 1, title, source: Box::new(error) }
            }
        }
    }

    fn fail(&mut self, error: Error) {
        self.error.get_or_insert(error);
    }
}
