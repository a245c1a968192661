//! Landscapes: the loss of a net on a plane in the space of its weights, and the paths of trainings on it.
//!
//! ```
//! use yhat::{landscape::{Landscape, Plane}, prelude::*};
//! let x = Array::linspace(-1.0, 1.0, 50);
//! let y = x.mapv(|x| (3.0 * x).sin());
//! let mut net = Sequential::from_layers([Dense::new(8).activation(tanh), Dense::new(1)]);
//! net.build(1)?;
//! let start = net.get_weights()?;
//!
//! // Two optimizers from one start.
//! let mut paths = Vec::new();
//! for optimizer in ["sgd", "adam"] {
//!     net.set_weights(&start)?;
//!     net.compile(optimizer, "mse");
//!     let mut recorder = Recorder::every(5);
//!     net.fit(&x, &y, Fit::epochs(200).batch_size(50).callback(&mut recorder))?;
//!     paths.push((optimizer, recorder.into_path()));
//! }
//!
//! // The plane in which they move most, and the loss on it.
//! let plane = Plane::principal(&net, paths.iter().map(|(_, path)| path))?;
//! println!("it shows {:.0} % of the movement", 100.0 * plane.shares().unwrap().iter().sum::<f64>());
//! let mut landscape = Landscape::new(plane).size(20, 15);
//! for (name, path) in &paths {
//!     landscape = landscape.path(*name, path);
//! }
//! let surface = landscape.compute(&net, &x, &y)?;
//! assert_eq!(surface.loss.shape()[..], [15, 20]);
//!
//! // A path is not on the plane: how far off it is, and what the plane says where the net really was.
//! let track = &surface.tracks[1];
//! println!("off by {:.2}, loss {:.4}, on the plane {:.4}", track.distance[40], track.loss[40], track.plane_loss[40]);
//! # Ok::<(), yhat::Error>(())
//! ```

mod plane;
mod principal;
mod surface;

use std::ops::RangeInclusive;

pub use plane::{Eigenvectors, Parameter, Plane};
pub use surface::{Surface, Track};

use crate::{Array, Result, Sequential, callbacks::Path};

/// What to compute of a landscape: the part of a plane, how finely, and which paths. [The module](self) has an example.
#[derive(Clone, Debug)]
pub struct Landscape<'a> {
    plane: Plane,
    size: [usize; 2],
    ranges: [Option<RangeInclusive<f64>>; 2],
    paths: Vec<(String, &'a Path)>,
}

impl<'a> Landscape<'a> {
    /// The loss on `plane`.
    pub fn new(plane: Plane) -> Landscape<'a> {
        Landscape { plane, size: [65, 55], ranges: [None, None], paths: Vec::new() }
    }

    /// How many points along the first and the second axis: 65 and 55 if it is not set.
    pub fn size(self, first: usize, second: usize) -> Landscape<'a> {
        Landscape { size: [first, second], ..self }
    }

    /// From where to where along the first and the second axis. If it is not set: so that the paths and the plane's origin
    /// are inside with a fifth to spare; without a path from -1 to 1 around the origin.
    pub fn range(self, first: RangeInclusive<f64>, second: RangeInclusive<f64>) -> Landscape<'a> {
        Landscape { ranges: [Some(first), Some(second)], ..self }
    }

    /// Shows a recorded path, under a name.
    pub fn path(mut self, name: impl Into<String>, path: &'a Path) -> Landscape<'a> {
        self.paths.push((name.into(), path));
        self
    }

    /// Computes the loss of `net` on rows `x` with targets `y`, penalties included, all rows at once, at every point. The
    /// net must be compiled; its weights are not touched. The points are divided among the threads, which does not change a
    /// bit.
    ///
    /// # Errors
    /// If the net was not compiled or has no weights, the plane is one of another net, the data do not fit, a size is 0, or
    /// a range is empty or not finite.
    pub fn compute(&self, net: &Sequential, x: impl Into<Array>, y: impl Into<Array>) -> Result<Surface> {
        surface::compute(self, net, x.into(), y.into())
    }
}
