//! The course's networks as they stand at the end of their chapters, to be looked at: what state is each in, and why?

use yhat::{Diagnose, Diagnosis, prelude::*};

use crate::chapters::{bce::bce_loss, data, logistic, mse::mse_loss, overfit};

/// A network of the course, fit as in its chapter, with its data.
pub struct Case {
    /// The network.
    pub net: Sequential,
    /// The rows that it was fit to, or would be.
    pub x: Array,
    /// Their targets.
    pub y: Array,
    /// New rows from the same source, where the chapter draws some.
    pub held_out: Option<(Array, Array)>,
}

/// What makes a case.
type Make = fn() -> yhat::Result<Case>;

/// The cases: a name, what it is, and how it comes about.
pub const CASES: &[(&str, &str, Make)] = &[
    ("solution1", "a straight line", || fit_regression(None, &[Dense::new(1).any()], 1000)),
    ("solution2", "one bent line", || {
        fit_regression(Some(43053), &[Dense::new(1).any(), Activation::new(relu).any()], 1000)
    }),
    ("solution3", "two bent lines that find it", solution3),
    ("failure", "two bent lines under seed 43054", failure),
    ("solution4", "512 bent lines", || fit_regression(Some(43056), &[wide().any(), Dense::new(1).any()], 1000)),
    ("overfit", "512 bent lines on noise", over_fit),
    ("bce", "a sigmoid with cross-entropy", || logistic_net(bce_loss)),
    ("mse", "a sigmoid with squared error", || logistic_net(mse_loss)),
    ("plateau", "squared error from w0 = -10, w1 = -1", plateau),
];

/// The case of this name.
///
/// ```
/// let message = yhat_lecture::case("solution5").err().unwrap().to_string();
/// assert_eq!(message, "unknown case 'solution5'; did you mean 'solution1'?");
/// ```
///
/// # Errors
/// If there is none, with the nearest name, or if the computation fails.
pub fn case(name: &str) -> yhat::Result<Case> {
    let names: Vec<&str> = CASES.iter().map(|case| case.0).collect();
    match CASES.iter().find(|case| case.0 == name) {
        Some((_, _, make)) => make(),
        None => Err(yhat::Error::unknown("case", name, &names)),
    }
}

impl Case {
    /// What state the network is in, and why.
    ///
    /// ```
    /// use yhat::diagnose::Kind;
    /// let diagnosis = yhat_lecture::case("solution1")?.diagnose()?;
    /// assert_eq!(diagnosis.kinds(), [Kind::Capacity, Kind::Minimum]);
    /// # Ok::<(), yhat::Error>(())
    /// ```
    ///
    /// # Errors
    /// If the computation fails.
    pub fn diagnose(&self) -> yhat::Result<Diagnosis> {
        let options = match &self.held_out {
            Some((x, y)) => Diagnose::new().held_out(x, y),
            None => Diagnose::new(),
        };
        self.net.diagnose_with(&self.x, &self.y, options)
    }
}

fn wide() -> Dense {
    Dense::new(512).activation("relu")
}

/// A net on the points with a bend.
fn fit_regression(seed: Option<i64>, layers: &[AnyLayer], epochs: usize) -> yhat::Result<Case> {
    let (x, y) = data::regression();
    seed.into_iter().for_each(set_seed);
    let mut net = Sequential::from_layers(layers);
    net.compile(Sgd::new(0.1), "mse");
    net.fit(&x, &y, Fit::epochs(epochs).batch_size(100))?;
    Ok(Case { net, x, y, held_out: None })
}

fn solution3() -> yhat::Result<Case> {
    set_seed(43053);
    let l1 = Dense::new(2).input_shape(1);
    l1.build(1)?;
    // The second layer is drawn from the same seed anew, as in the chapter.
    fit_regression(Some(43053), &[l1.any(), Activation::new(relu).any(), Dense::new(1).any()], 1000)
}

fn failure() -> yhat::Result<Case> {
    fit_regression(Some(43054), &[Dense::new(2).any(), Activation::new("relu").any(), Dense::new(1).any()], 11_000)
}

fn over_fit() -> yhat::Result<Case> {
    let (x, y) = overfit::noise(&mut RandomState::new(43052));
    set_seed(43052);
    let mut net = Sequential::from_layers([wide(), Dense::new(1)]);
    net.compile(Sgd::new(0.5), "mse");
    net.fit(&x, &y, Fit::epochs(1000).batch_size(100))?;
    let held_out = Some(overfit::noise(&mut RandomState::new(1)));
    Ok(Case { net, x, y, held_out })
}

fn logistic_net(loss: fn(&Tensor, &Tensor) -> Tensor) -> yhat::Result<Case> {
    let (x, _, y) = logistic::labels()?;
    set_seed(43052);
    let mut net = Sequential::from_layers([Dense::new(1).activation("sigmoid")]);
    net.compile(Sgd::new(0.1), loss);
    net.fit(&x, &y, Fit::epochs(1000).batch_size(2000))?;
    Ok(Case { net, x, y, held_out: None })
}

fn plateau() -> yhat::Result<Case> {
    let (x, _, y) = logistic::labels()?;
    let mut net = Sequential::from_layers([Dense::new(1).activation("sigmoid")]);
    net.build(1)?;
    net.set_weights([Array::from([[-1.0]]), Array::from([-10.0])])?;
    net.compile(Sgd::new(0.1), mse_loss);
    Ok(Case { net, x, y, held_out: None })
}
