//! What panels hold: numbers, what they are drawn as, and how that looks.

use std::sync::Arc;

use yhat_tensor::Array;

use crate::{
    Color, Colormap, Error, Result, Style,
    style::{Dash, Marker},
};

/// Numbers that frames of an animation share.
#[derive(Clone, Debug)]
pub(crate) struct Numbers(Arc<[f64]>);

impl std::ops::Deref for Numbers {
    type Target = [f64];
    fn deref(&self) -> &[f64] {
        &self.0
    }
}

/// Axes end here: beyond it, their length would not be a number.
pub(crate) const FARTHEST: f64 = 1e307;

/// The same bits: a gap equals itself.
impl PartialEq for Numbers {
    fn eq(&self, other: &Numbers) -> bool {
        let equal = || self.iter().zip(other.iter()).all(|(a, b)| a.to_bits() == b.to_bits());
        Arc::ptr_eq(&self.0, &other.0) || (self.len() == other.len() && equal())
    }
}

impl From<Vec<f64>> for Numbers {
    fn from(v: Vec<f64>) -> Numbers {
        Numbers(v.into())
    }
}

impl Numbers {
    /// Lowest and highest of the finite ones, and not so far out that an axis could not reach them.
    pub fn extent(&self) -> Option<(f64, f64)> {
        let finite = || self.iter().filter(|x| x.is_finite()).map(|x| x.clamp(-FARTHEST, FARTHEST));
        Some((finite().reduce(f64::min)?, finite().reduce(f64::max)?))
    }
}

/// Heights over a grid: `z[i * y.len() + j]` is the height at `x[i]`, `y[j]`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Grid {
    pub x: Numbers,
    pub y: Numbers,
    pub z: Numbers,
}

/// What an artist draws.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Shape {
    /// A line, or marks, or both.
    Series { x: Numbers, y: Numbers },
    /// The area between two lines.
    Area { x: Numbers, low: Numbers, high: Numbers },
    /// Bars of a width, from 0, centred at `x`.
    Bars { x: Numbers, height: Numbers, width: f64 },
    /// Lines of equal height, or the areas between them.
    Contour { grid: Grid, levels: Vec<f64>, filled: bool, map: Option<Colormap> },
    /// A straight line across the whole panel.
    Rule { at: f64, vertical: bool },
    /// A text that begins at a point.
    Note { x: f64, y: f64, text: String },
    /// In space: a line, or marks, or both.
    Series3 { x: Numbers, y: Numbers, z: Numbers },
    /// In space: a surface over a grid.
    Surface { grid: Grid, map: Option<Colormap> },
}

/// How an artist looks; no dash is no line, no marker is no marks.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Look {
    pub color: Color,
    pub dash: Option<Dash>,
    pub marker: Option<Marker>,
    pub alpha: f64,
    pub linewidth: f64,
    pub markersize: f64,
}

/// One thing that is drawn in a panel.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Artist {
    pub shape: Shape,
    pub look: Look,
    pub label: Option<String>,
    pub id: Option<String>,
}

impl Artist {
    pub fn new(shape: Shape, style: Style, color: Color) -> Artist {
        let look = Look {
            color,
            dash: style.dash,
            marker: style.marker,
            alpha: style.alpha.unwrap_or(1.0),
            linewidth: style.linewidth.unwrap_or(1.5),
            markersize: style.markersize.unwrap_or(6.0),
        };
        Artist { shape, look, label: style.label, id: style.id }
    }
}

/// One number at each point: shapes `(n,)`, `(n, 1)` and `()`.
pub(crate) fn points(call: &'static str, name: &str, data: Array) -> Result<Numbers> {
    let columns = columns(call, name, &data)?;
    match <[Numbers; 1]>::try_from(columns) {
        Ok([column]) => Ok(column),
        Err(_) => Err(shape_error(call, format!("{name} must be one column of numbers, got shape {}", data.shape()))),
    }
}

/// The columns of a matrix; a vector is one.
pub(crate) fn columns(call: &'static str, name: &str, data: &Array) -> Result<Vec<Numbers>> {
    if data.size() == 0 {
        return Err(Error::Data { call, message: format!("{name} has no points") });
    }
    match data.shape()[..] {
        [] | [_] => Ok(vec![data.to_vec().into()]),
        [_, columns] => Ok((0..columns).map(|j| data.column(j).to_vec().into()).collect()),
        _ => Err(shape_error(call, format!("{name} must have one or two axes, got shape {}", data.shape()))),
    }
}

/// That there are as many points in all of them, one of which is finite in all of them.
pub(crate) fn fit(call: &'static str, parts: &[(&str, &Numbers)]) -> Result<()> {
    let (first, n) = (parts[0].0, parts[0].1.len());
    if let Some((name, other)) = parts.iter().find(|(_, part)| part.len() != n) {
        let message = format!("{first} has {n} point{}, {name} has {}", if n == 1 { "" } else { "s" }, other.len());
        return Err(shape_error(call, message));
    }
    let drawn = (0..n).any(|i| parts.iter().all(|(_, part)| part[i].is_finite()));
    let gaps = || parts.iter().find(|(_, part)| part.extent().is_none()).map_or("every point", |(name, _)| name);
    match drawn {
        true => Ok(()),
        false => {
            Err(Error::Data { call, message: format!("nothing to draw: {} is NaN or infinite throughout", gaps()) })
        }
    }
}

/// A grid of `z` of shape `(len(x), len(y))`, with `x` and `y` as vectors or as `numpy.meshgrid(x, y, indexing='ij')`.
pub(crate) fn grid(call: &'static str, x: Array, y: Array, z: Array) -> Result<Grid> {
    let [n, m] = z.shape()[..] else {
        return Err(shape_error(call, format!("z must be a grid of shape (len(x), len(y)), got shape {}", z.shape())));
    };
    let side = |name: &str, of: &Array, length: usize, along: usize| {
        if of.shape() == z.shape() && n * m > 0 {
            let v = of.to_vec();
            let (stride, lines) = if along == 0 { (m, m) } else { (1, n) };
            let line = |k: usize| {
                (0..length).map(|i| v[i * stride + if along == 0 { k } else { k * m }]).collect::<Vec<f64>>()
            };
            return match (1..lines).all(|k| line(k) == line(0)) {
                true => Ok(Numbers::from(line(0))),
                false => Err(shape_error(call, format!("{name} must change along axis {along} only, as meshgrid's"))),
            };
        }
        match of.shape()[..] {
            [k] if k == length => Ok(Numbers::from(of.to_vec())),
            _ => Err(shape_error(
                call,
                format!("z has shape {}, so {name} must have {length} numbers, got shape {}", z.shape(), of.shape()),
            )),
        }
    };
    if n < 2 || m < 2 {
        return Err(shape_error(
            call,
            format!("z must have two rows and two columns at least, got shape {}", z.shape()),
        ));
    }
    let (x, y) = (side("x", &x, n, 0)?, side("y", &y, m, 1)?);
    for (name, line) in [("x", &x), ("y", &y)] {
        let rising = line.windows(2).all(|w| w[0] < w[1]);
        if !rising {
            return Err(Error::Data { call, message: format!("{name} must rise from number to number") });
        }
    }
    let z = Numbers::from(z.to_vec());
    fit(call, &[("z", &z)])?;
    Ok(Grid { x, y, z })
}

fn shape_error(call: &'static str, message: String) -> Error {
    Error::Shape { call, message }
}
