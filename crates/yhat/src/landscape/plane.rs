//! Planes in the space of a net's weights.

use yhat_tensor::{Array, DType, Shape, Variable, random::RandomState};

use super::principal::principal;
use crate::{Error, Result, Sequential, callbacks::Path, hessian::Spectrum};

/// A plane in the space of a net's weights: an origin, and two directions whose multiples are added to it.
#[derive(Clone, Debug)]
pub struct Plane {
    /// All weights of the net one after another, in the order of [`get_weights`](Sequential::get_weights).
    origin: Vec<f64>,
    directions: [Vec<f64>; 2],
    names: [String; 2],
    shares: Option<[f64; 2]>,
    shapes: Vec<(Shape, DType)>,
}

/// Which two eigenvectors of the Hessian.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Eigenvectors {
    /// Those of the two highest eigenvalues: where the loss curves most, and a learning rate first becomes too high.
    Steepest,
    /// Those of the two lowest: valleys where they are next to 0, ways down from a saddle where they are below.
    Softest,
    /// That of the highest, and that of the lowest.
    Extremes,
}

/// One number among a net's weights: the name of the variable (`"dense/kernel"`) or its place in
/// [`weights`](Sequential::weights), and the number of the element in row-major order.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    variable: Place,
    element: usize,
}

#[derive(Clone, Debug, PartialEq)]
enum Place {
    Name(String),
    Number(usize),
}

impl From<(&str, usize)> for Parameter {
    fn from((name, element): (&str, usize)) -> Parameter {
        Parameter { variable: Place::Name(name.into()), element }
    }
}

impl From<(usize, usize)> for Parameter {
    fn from((number, element): (usize, usize)) -> Parameter {
        Parameter { variable: Place::Number(number), element }
    }
}

impl Plane {
    /// The plane of two parameters; the others are as they are in the net now. Its coordinates are the values of the two.
    ///
    /// ```
    /// use yhat::{landscape::{Landscape, Plane}, prelude::*};
    /// let mut net = Sequential::from_layers([Dense::new(1).input_shape(1).named("line")]);
    /// net.compile("sgd", "mse");
    /// let plane = Plane::parameters(&net, ("line/kernel", 0), ("line/bias", 0))?;
    /// let surface = Landscape::new(plane).range(0.0..=4.0, -1.0..=1.0).size(5, 3).compute(&net, [1.0], [3.0])?;
    /// assert_eq!(surface.axes, ["line/kernel[0, 0]", "line/bias[0]"]);
    /// assert_eq!(surface.loss.rows(1, 2).to_vec(), [9.0, 4.0, 1.0, 0.0, 1.0]); // the kernel from 0 to 4, the bias 0
    /// # Ok::<(), yhat::Error>(())
    /// ```
    ///
    /// # Errors
    /// If the net has no weights yet, there is no such parameter, or both are the same.
    pub fn parameters(net: &Sequential, first: impl Into<Parameter>, second: impl Into<Parameter>) -> Result<Plane> {
        let weights = net.weights()?;
        let mut plane = Plane::around(net)?;
        let both = [first.into(), second.into()].map(|p| p.found(&weights));
        let [(first, first_name), (second, second_name)] = [both[0].clone()?, both[1].clone()?];
        if first == second {
            return Err(Error::argument("Plane::parameters", "two parameters", format!("{first_name} twice")));
        }
        for (direction, at) in plane.directions.iter_mut().zip([first, second]) {
            direction[at] = 1.0;
            plane.origin[at] = 0.0;
        }
        plane.names = [first_name, second_name];
        Ok(plane)
    }

    /// Two random directions around the net's weights as they are now, drawn from `seed`, filter-normalised (Li, Xu, Taylor,
    /// Studer and Goldstein, *Visualizing the Loss Landscape of Neural Nets*, 2018): numbers of the normal distribution,
    /// scaled so that what leads into a unit is as long as the weights that lead into it. So a step of 1 changes every unit
    /// by as much as it is, and nets whose units are scaled differently can be compared. As in the paper's pictures,
    /// biases (weights with fewer than two axes) stay as they are; so do weights that are not trained.
    ///
    /// # Errors
    /// If the net has no weights yet, or none that is trained and has two axes.
    pub fn random(net: &Sequential, seed: u32) -> Result<Plane> {
        let mut plane = Plane::around(net)?;
        let (weights, trained) = (net.weights()?, net.trainable_weights()?);
        let mut random = RandomState::new(seed);
        for direction in &mut plane.directions {
            let mut from = 0;
            for variable in &weights {
                let to = from + variable.shape().size();
                if variable.shape().rank() >= 2 && trained.contains(variable) {
                    direction[from..to].iter_mut().for_each(|d| *d = random.normal(0.0, 1.0));
                    let units = variable.shape()[variable.shape().rank() - 1];
                    normalise(&mut direction[from..to], &plane.origin[from..to], units);
                }
                from = to;
            }
        }
        plane.names = ["first random direction", "second random direction"].map(String::from);
        plane.checked("Plane::random")
    }

    /// The plane in which the paths move most: through the net's weights as they are now, along the two principal
    /// directions of all records (the eigenvectors of their covariance with the largest eigenvalues), of length 1.
    /// [`Plane::shares`] says how much of the records' variance the two explain.
    ///
    /// # Errors
    /// If the net has no weights yet, the paths are of another net, or they have fewer than three different records.
    pub fn principal<'a>(net: &Sequential, paths: impl IntoIterator<Item = &'a Path>) -> Result<Plane> {
        let mut plane = Plane::around(net)?;
        let records = paths.into_iter().flat_map(|path| &path.weights).map(|record| plane.flat(record));
        let records = records.collect::<Result<Vec<_>>>()?;
        let Some((directions, shares)) = principal(&records) else {
            let got = format!("{} records", records.len());
            return Err(Error::argument("Plane::principal", "paths that span a plane", got));
        };
        plane.directions = directions;
        let name = |i: usize| format!("principal direction {} ({:.1} %)", i + 1, 100.0 * shares[i]);
        plane.names = [name(0), name(1)];
        plane.shares = Some(shares);
        Ok(plane)
    }

    /// Two eigenvectors of the Hessian around the net's weights as they are now, of length 1: `spectrum` is that of
    /// [`Sequential::hessian`] there. To second order the loss on the plane is `loss + slope + (k1 a^2 + k2 b^2) / 2` with the
    /// two eigenvalues `k1` and `k2`, which the axes are named after. Weights that are not trained stay as they are.
    ///
    /// ```
    /// use yhat::{landscape::{Eigenvectors, Landscape, Plane}, prelude::*};
    /// let x = Array::from([-1.0, 0.0, 1.0]);
    /// let mut net = Sequential::from_layers([Dense::new(1)]);
    /// net.compile(Sgd::new(0.1), "mse");
    /// net.build(1)?;
    /// net.set_weights([Array::from([[1.0]]), Array::from([0.0])])?; // The loss is 2/3 (w - 1)^2 + b^2.
    /// let plane = Plane::eigenvectors(&net, &net.hessian(&x, &x)?.spectrum()?, Eigenvectors::Steepest)?;
    /// assert_eq!(plane.names(), &["eigenvector 1, curvature 2.000", "eigenvector 2, curvature 1.333"]);
    /// let surface = Landscape::new(plane).range(0.0..=3.0, 0.0..=3.0).size(2, 2).compute(&net, &x, &x)?;
    /// assert!((surface.loss.at(&[0, 1]) - 9.0).abs() < 1e-5 && (surface.loss.at(&[1, 0]) - 6.0).abs() < 1e-5);
    /// # Ok::<(), yhat::Error>(())
    /// ```
    ///
    /// # Errors
    /// If the net has no weights yet, the spectrum is one of another net, or has no two directions.
    pub fn eigenvectors(net: &Sequential, spectrum: &Spectrum, which: Eigenvectors) -> Result<Plane> {
        let mut plane = Plane::around(net)?;
        let Spectrum { lowest_directions: lowest, highest_directions: highest, eigenvalues, .. } = spectrum;
        if lowest.len() < 2 {
            return Err(Error::argument("Plane::eigenvectors", "a spectrum of at least two eigenvalues", lowest.len()));
        }
        // Counted from the highest eigenvalue known.
        let (n, value) = (eigenvalues.len(), |number: usize| eigenvalues[eigenvalues.len() - number]);
        let both = match which {
            Eigenvectors::Steepest => [(&highest[0], 1), (&highest[1], 2)],
            Eigenvectors::Softest => [(&lowest[0], n), (&lowest[1], n - 1)],
            Eigenvectors::Extremes => [(&highest[0], 1), (&lowest[0], n)],
        };
        for (direction, (trained, _)) in plane.directions.iter_mut().zip(both) {
            *direction = among_all(net, trained)?;
        }
        plane.names = both.map(|(_, number)| match (spectrum.whole, number) {
            (true, _) | (false, ..3) => format!("eigenvector {number}, curvature {}", curvature(value(number))),
            (false, _) => format!("eigenvector of curvature {}", curvature(value(number))),
        });
        plane.checked("Plane::eigenvectors")
    }

    /// Any two directions from the net's weights as they are now, such as eigenvectors of the Hessian, in the order and the
    /// shapes of [`get_weights`](Sequential::get_weights).
    ///
    /// # Errors
    /// If the net has no weights yet, the directions do not fit them, or they point the same way or nowhere.
    pub fn directions(net: &Sequential, first: &[Array], second: &[Array]) -> Result<Plane> {
        let mut plane = Plane::around(net)?;
        plane.directions = [plane.flat(first)?, plane.flat(second)?];
        plane.names = ["first direction", "second direction"].map(String::from);
        plane.checked("Plane::directions")
    }

    /// Gives the axes other names.
    pub fn named(self, first: impl Into<String>, second: impl Into<String>) -> Plane {
        Plane { names: [first.into(), second.into()], ..self }
    }

    /// Which share of the variance of the paths each direction explains, for [`Plane::principal`].
    pub fn shares(&self) -> Option<[f64; 2]> {
        self.shares
    }

    /// The names of the axes.
    pub fn names(&self) -> &[String; 2] {
        &self.names
    }

    /// The weights at a point of the plane, in the net's types.
    pub fn weights_at(&self, [a, b]: [f64; 2]) -> Vec<Array> {
        let mut at = 0;
        let mut next = |(shape, dtype): &(Shape, DType)| {
            let range = at..at + shape.size();
            at = range.end;
            let number = |i: usize| self.origin[i] + a * self.directions[0][i] + b * self.directions[1][i];
            Array::new(shape, range.map(number).collect()).expect("as many as the shape has").cast(*dtype)
        };
        self.shapes.iter().map(&mut next).collect()
    }

    /// The point of the plane that is nearest to some weights, and how far they are from it.
    ///
    /// # Errors
    /// If they have other shapes than those of the net.
    pub fn project(&self, weights: &[Array]) -> Result<([f64; 2], f64)> {
        let from_origin: Vec<f64> = self.flat(weights)?.iter().zip(&self.origin).map(|(w, o)| w - o).collect();
        let [u, v] = &self.directions;
        // The normal equations of the least squares; directions need not be at right angles.
        let (uu, uv, vv) = (dot(u, u), dot(u, v), dot(v, v));
        let (wu, wv) = (dot(&from_origin, u), dot(&from_origin, v));
        let determinant = uu * vv - uv * uv;
        let (a, b) = ((wu * vv - wv * uv) / determinant, (wv * uu - wu * uv) / determinant);
        let rest = from_origin.iter().zip(u.iter().zip(v)).map(|(w, (u, v))| (w - a * u - b * v).powi(2));
        Ok(([a, b], rest.sum::<f64>().sqrt()))
    }

    /// The net's weights as origin, and no directions yet.
    fn around(net: &Sequential) -> Result<Plane> {
        let weights = net.get_weights()?;
        let origin: Vec<f64> = weights.iter().flat_map(Array::to_vec).collect();
        Ok(Plane {
            directions: [vec![0.0; origin.len()], vec![0.0; origin.len()]],
            names: Default::default(),
            shares: None,
            shapes: weights.iter().map(|w| (w.shape().clone(), w.dtype())).collect(),
            origin,
        })
    }

    /// Weights one after another, if they are those of the net.
    fn flat(&self, weights: &[Array]) -> Result<Vec<f64>> {
        if weights.len() != self.shapes.len() || weights.iter().zip(&self.shapes).any(|(w, (s, _))| w.shape() != s) {
            let shapes =
                |all: &mut dyn Iterator<Item = &Shape>| all.map(Shape::to_string).collect::<Vec<_>>().join(", ");
            let expected = format!("weights of the net, {}", shapes(&mut self.shapes.iter().map(|(s, _)| s)));
            return Err(Error::argument("plane", expected, shapes(&mut weights.iter().map(Array::shape))));
        }
        Ok(weights.iter().flat_map(Array::to_vec).collect())
    }

    /// An error, if the directions do not span a plane.
    fn checked(self, what: &str) -> Result<Plane> {
        let [u, v] = &self.directions;
        let (uu, uv, vv) = (dot(u, u), dot(u, v), dot(v, v));
        match uu * vv - uv * uv > 1e-12 * uu * vv {
            true => Ok(self),
            false => Err(Error::argument(what, "two directions that span a plane", "directions that do not")),
        }
    }
}

impl Parameter {
    /// Where the parameter is among all numbers, and its name.
    fn found(&self, weights: &[Variable]) -> Result<(usize, String)> {
        let names: Vec<String> = weights.iter().map(Variable::name).collect();
        let number = match &self.variable {
            Place::Number(number) => *number,
            Place::Name(name) => match names.iter().position(|n| n == name) {
                Some(number) => number,
                None => {
                    return Err(Error::unknown("weight", name, &names.iter().map(String::as_str).collect::<Vec<_>>()));
                }
            },
        };
        let Some(variable) = weights.get(number) else {
            let expected = format!("a number below {}, the number of weights", weights.len());
            return Err(Error::argument("parameter", expected, number));
        };
        if self.element >= variable.shape().size() {
            let expected = format!("an element of {} with shape {}", names[number], variable.shape());
            return Err(Error::argument("parameter", expected, self.element));
        }
        let (mut rest, mut index) = (self.element, Vec::new());
        for n in variable.shape().iter().rev() {
            index.insert(0, (rest % n).to_string());
            rest /= n;
        }
        let name = format!("{}[{}]", names[number], index.join(", "));
        let before: usize = weights[..number].iter().map(|w| w.shape().size()).sum();
        Ok((before + self.element, name))
    }
}

/// A curvature in a few digits.
fn curvature(x: f64) -> String {
    if x == 0.0 || (1e-3..1e5).contains(&x.abs()) { format!("{x:.3}") } else { format!("{x:.1e}") }
}

/// A direction in the space of the weights that are trained, as one in the space of all.
fn among_all(net: &Sequential, trained: &[f64]) -> Result<Vec<f64>> {
    let (weights, variables) = (net.weights()?, net.trainable_weights()?);
    let size: usize = variables.iter().map(|v| v.shape().size()).sum();
    if size != trained.len() {
        let got = format!("directions of {}", trained.len());
        return Err(Error::argument("Plane::eigenvectors", format!("a spectrum of {size} weights"), got));
    }
    let mut rest = trained;
    let parts = variables.iter().map(|variable| {
        let (part, after) = rest.split_at(variable.shape().size());
        rest = after;
        (variable, part)
    });
    let parts: Vec<(&Variable, &[f64])> = parts.collect();
    let part = |variable: &Variable| match parts.iter().find(|(trained, _)| *trained == variable) {
        Some((_, part)) => part.to_vec(),
        None => vec![0.0; variable.shape().size()],
    };
    Ok(weights.iter().flat_map(part).collect())
}

/// Scales what leads into each unit (a column of `units`) to the length of the weights there.
fn normalise(direction: &mut [f64], weights: &[f64], units: usize) {
    let length = |v: &[f64], j: usize| v.iter().skip(j).step_by(units).map(|x| x * x).sum::<f64>().sqrt();
    for j in 0..units {
        let scale = length(weights, j) / length(direction, j);
        direction.iter_mut().skip(j).step_by(units).for_each(|d| *d *= scale);
    }
}

pub(super) fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}
