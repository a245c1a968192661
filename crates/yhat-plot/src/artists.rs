//! What a panel holds, and what went wrong on the way there.

use std::ops::Deref;

use crate::{
    Color, Error, Result, Style,
    artist::{Artist, Shape},
    colorbar::Colorbar,
    layout::Rect,
    style::Dash,
};

/// Artists in the order in which they came, and the first mistake.
#[derive(Clone, Debug, Default)]
pub(crate) struct Artists {
    list: Vec<Artist>,
    colorbar: bool,
    error: Option<Error>,
    lines: usize,
    fills: usize,
}

impl Deref for Artists {
    type Target = [Artist];
    fn deref(&self) -> &[Artist] {
        &self.list
    }
}

impl Artists {
    /// Adds a line, or marks, or both; a style that says neither means a line.
    pub fn line(&mut self, shape: Shape, style: Style) -> Result<()> {
        let color = self.line_color(&style);
        let dash = style.dash.or(if style.marker.is_none() { Some(Dash::Solid) } else { None });
        self.add(shape, Style { dash, ..style }, color)
    }

    /// Adds what has an area or is scattered: these take their colours from a cycle of their own, as in matplotlib.
    pub fn fill(&mut self, shape: Shape, style: Style) -> Result<()> {
        let color = style.color.unwrap_or_else(|| Color::cycle(self.fills));
        self.fills += usize::from(style.color.is_none());
        self.add(shape, style, color)
    }

    /// Adds what has a colour of its own unless the style names one.
    pub fn add(&mut self, shape: Shape, style: Style, color: Color) -> Result<()> {
        let by_height = matches!(shape, Shape::Surface { .. } | Shape::Contour { .. });
        match style.error {
            Some(error) => Err(error),
            None if style.cmap.is_some() && !by_height => {
                Err(Error::argument("cmap(name)", "contours or a surface to colour by height", "something else"))
            }
            None => {
                let color = style.color.unwrap_or(color);
                self.list.push(Artist::new(shape, style, color));
                Ok(())
            }
        }
    }

    /// The style's colour, or the next of the cycle of lines.
    pub fn line_color(&mut self, style: &Style) -> Color {
        let color = style.color.unwrap_or_else(|| Color::cycle(self.lines));
        self.lines += usize::from(style.color.is_none());
        color
    }

    /// The shape of the artist with an id, for it to be replaced.
    pub fn find(&mut self, id: &str, right: fn(&Shape) -> bool) -> Result<&mut Shape> {
        let ids: Vec<String> = self.iter().filter(|a| right(&a.shape)).filter_map(|a| a.id.clone()).collect();
        let found = self.list.iter_mut().find(|a| a.id.as_deref() == Some(id) && right(&a.shape));
        found
            .map(|artist| &mut artist.shape)
            .ok_or_else(|| Error::unknown("id", id, &ids.iter().map(String::as_str).collect::<Vec<_>>()))
    }

    /// Puts a bar of colours beside the panel.
    pub fn want_colorbar(&mut self) -> Result<()> {
        self.colorbar = true;
        let expected = "something coloured by height before it: contours, or a surface with a cmap";
        let missing = || Error::argument("colorbar()", expected, "none");
        Colorbar::of(self).map(|_| ()).ok_or_else(missing)
    }

    /// The bar, if there is to be one.
    pub fn colorbar(&self) -> Option<Colorbar> {
        self.colorbar.then(|| Colorbar::of(self)).flatten()
    }

    /// The parts of a cell: the panel's, and the bar's if there is to be one, which has `high` of the cell's height.
    pub fn divided(&self, cell: Rect, high: f64) -> (Rect, Option<(Colorbar, Rect)>) {
        match self.colorbar() {
            None => (cell, None),
            Some(bar) => {
                let (panel, beside) = Colorbar::divide(cell, high);
                (panel, Some((bar, beside)))
            }
        }
    }

    /// Remembers a mistake if it is the first.
    pub fn note(&mut self, done: Result<()>) {
        if let Err(error) = done {
            self.error.get_or_insert(error);
        }
    }

    pub fn error(&self) -> Option<&Error> {
        self.error.as_ref()
    }
}
