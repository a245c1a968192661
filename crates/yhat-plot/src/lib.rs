//! Figures in matplotlib's spirit: axes and subplots, lines and markers with the usual short styles, surfaces,
//! animations.
//!
//! ```
//! use yhat_plot::{Figure, Style};
//! let x: Vec<f64> = (0..100).map(|i| f64::from(i) / 50.0 - 1.0).collect();
//! let y: Vec<f64> = x.iter().map(|x| x.max(0.0)).collect();
//!
//! let mut figure = Figure::new();
//! figure.alt("A line that is flat on the left and rises from the middle on.");
//! figure.axes().plot(&x, &x, Style::new("--").label("x")).plot(&x, &y, Style::new("r").label("relu(x)")).legend();
//! let svg = figure.to_svg()?;
//! # assert!(svg.contains("relu(x)"));
//! # Ok::<(), yhat_plot::Error>(())
//! ```
//!
//! A [`Figure`] is a description: panels ([`Axes`], [`Axes3d`]) that hold numbers and how they look. It is drawn as SVG, as
//! a fragment of a page that can be turned and zoomed, as text, as PNG. Whatever becomes a
//! [`yhat_tensor::Array`] can be drawn.

mod animation;
mod artist;
mod artists;
mod axes;
mod axes3d;
mod axis;
mod color;
mod colorbar;
mod colormap;
mod contour;
pub mod diagram;
mod error;
mod figure;
#[cfg(feature = "gif")]
mod gif;
pub mod html;
mod layout;
#[cfg(feature = "png")]
mod png;
mod save;
mod space;
mod style;
mod svg;
mod terminal;
mod text;
mod ticks;

pub use animation::{Animation, Mode};
pub use axes::Axes;
pub use axes3d::Axes3d;
pub use color::Color;
pub use colormap::Colormap;
pub use contour::Levels;
pub use error::{Error, Result};
pub use figure::Figure;
pub use style::{Dash, Marker, Style};
pub use svg::Theme;
pub use terminal::Terminal;
