//! Figures that several chapters draw.

use std::sync::OnceLock;

use yhat::prelude::*;
use yhat_plot::{Animation, Figure, Style};

use crate::{
    Findings, Page,
    chapters::{
        bce::log_likelihood,
        logistic::{self, TRUTH},
        mse::squared_error,
        surfaces,
    },
};

/// Epochs from one record to the next.
const EVERY: usize = 15;

/// A loss that falls, on an axis of powers of ten.
pub fn loss(losses: &Array) -> Figure {
    let n = losses.size();
    // Of a long training a thousand epochs are drawn, more at the beginning, where more happens.
    let mut epochs: Vec<usize> =
        (0..1000).map(|i| ((i as f64 / 999.0).powi(2) * (n.max(1) - 1) as f64) as usize).collect();
    epochs.dedup();
    let x: Vec<f64> = epochs.iter().map(|epoch| (epoch + 1) as f64).collect();
    let y: Vec<f64> = epochs.iter().map(|epoch| losses.at(&[*epoch])).collect();
    let mut figure = Figure::new();
    figure.size(6.4, 3.0);
    figure.axes().plot(x, y, "").yscale("log").ylabel("loss").grid();
    figure
}

/// Labels, the chance that they were drawn with, and the chance that a net has found.
pub fn sigmoid_fit(x: &Array, y: &Array, v: &Array, yhat: &Array) -> Figure {
    let mut figure = Figure::new();
    let axes = figure.axes();
    axes.plot(x, y, Style::new(".").alpha(0.1));
    axes.plot(x, v, Style::new("--r").label("the truth"));
    axes.plot(x, yhat, Style::new("--b").label("net(x)"));
    axes.xlabel("x").legend();
    figure
}

/// An array as NumPy prints it: eight digits, lines of 75 characters, and of more than a thousand numbers the first and
/// the last.
pub fn printed(array: &Array) -> String {
    if array.size() > 1000 || array.shape().len() > 2 || array.size() == 0 {
        return array.to_string();
    }
    let cells = cells(&array.to_vec());
    let row = |cells: &[String], indent: &str| {
        let per_line = ((75 - indent.len()) / (cells[0].len() + 2)).max(1);
        let lines: Vec<String> = cells.chunks(per_line).map(|line| line.join(", ")).collect();
        format!("[{}]", lines.join(&format!(",\n{indent}")))
    };
    match array.shape()[..] {
        [] => cells[0].trim().to_string(),
        [_] => row(&cells, " "),
        _ => {
            let rows: Vec<String> = cells.chunks(array.shape()[1]).map(|cells| row(cells, "  ")).collect();
            format!("[{}]", rows.join(",\n "))
        }
    }
}

/// Numbers of one width.
fn cells(numbers: &[f64]) -> Vec<String> {
    let sizes = || numbers.iter().map(|x| x.abs()).filter(|x| *x > 0.0);
    let (least, most) = (sizes().fold(f64::INFINITY, f64::min), sizes().fold(0.0, f64::max));
    let cells: Vec<String> = if least < 1e-4 || most >= 1e8 {
        numbers.iter().map(|x| format!("{x:.8e}")).collect()
    } else {
        let fixed: Vec<String> = numbers.iter().map(|x| format!("{x:.8}")).collect();
        let spare = |text: &String| text.len() - text.trim_end_matches('0').len();
        let least = fixed.iter().map(spare).min().unwrap_or(0);
        fixed.iter().map(|text| text.trim_end_matches('0').to_string() + &" ".repeat(spare(text) - least)).collect()
    };
    let width = cells.iter().map(String::len).max().unwrap_or(0);
    cells.iter().map(|cell| format!("{cell:>width$}")).collect()
}

/// The largest difference of two arrays of as many numbers.
pub fn furthest_apart(a: &Array, b: &Array) -> f64 {
    a.to_vec().iter().zip(b.to_vec()).fold(0.0, |most, (a, b)| most.max((a - b).abs()))
}

/// Two paths over two surfaces.
pub struct Recordings {
    mse: Path,
    bce: Path,
}

/// Where the weights of one net were, and how high.
struct Path {
    loss: f64,
    weights: Array,
    path: Array,
    heights: Vec<f64>,
}

impl Path {
    /// The weights of frame `i`.
    fn at(&self, i: usize) -> [f64; 2] {
        [self.path.at(&[0, i]), self.path.at(&[1, i])]
    }

    fn frames(&self) -> usize {
        self.heights.len()
    }

    /// How far the weights of frame `i` are from the truth.
    fn distance(&self, i: usize) -> f64 {
        let [w0, w1] = self.at(i);
        (w0 - TRUTH[0]).hypot(w1 - TRUTH[1])
    }
}

impl Recordings {
    /// The recordings that a chapter has found.
    pub fn of(found: &Findings) -> yhat::Result<Recordings> {
        let losses = found.get("losses")?;
        let path = |i: usize, weights: &str, path: &str| -> yhat::Result<Path> {
            let (weights, path) = (found.get(weights)?.clone(), found.get(path)?.clone());
            let heights = heights(&path)?[i].clone();
            Ok(Path { loss: losses.at(&[i]), weights, path, heights })
        };
        Ok(Recordings { mse: path(0, "mse_weights", "mse_path")?, bce: path(1, "bce_weights", "bce_path")? })
    }

    /// Gives the words where both paths begin, turn and end.
    pub fn describe(&self, page: &mut Page) {
        let last = self.mse.frames() - 1;
        page.value("every", EVERY as f64);
        page.value("frames", self.mse.frames() as f64);
        page.value("epochs", (EVERY * last) as f64);
        page.value("true_w0", TRUTH[0]);
        page.value("true_w1", TRUTH[1]);
        let [w0, w1] = self.mse.at(0);
        page.value("start_w0", w0);
        page.value("start_w1", w1);
        page.value("start_distance", self.mse.distance(0));
        let names = [
            [
                "mse_soon_w0",
                "mse_soon_w1",
                "mse_w0",
                "mse_w1",
                "mse_distance",
                "mse_first_loss",
                "mse_last_loss",
                "mse_warm",
            ],
            [
                "bce_soon_w0",
                "bce_soon_w1",
                "bce_w0",
                "bce_w1",
                "bce_distance",
                "bce_first_loss",
                "bce_last_loss",
                "bce_warm",
            ],
        ];
        for (names, path) in names.into_iter().zip([&self.mse, &self.bce]) {
            let ([soon_w0, soon_w1], [w0, w1]) = (path.at(1), path.at(last));
            let (first, end) = (path.heights[0], path.heights[last]);
            let numbers = [soon_w0, soon_w1, w0, w1, path.distance(last), first, end, path.loss];
            names.into_iter().zip(numbers).for_each(|(name, number)| page.value(name, number));
        }
    }

    /// What one epoch does before the recording.
    pub fn show_first(&self, page: &mut Page) {
        let told = |path: &Path| format!("1 epoch, loss: {:.4}", path.loss);
        page.output("one_epoch", format!("net_mse: {}\nnet_bce: {}", told(&self.mse), told(&self.bce)));
        page.arrays("own_weights", &[("net_mse", &self.mse.weights), ("net_bce", &self.bce.weights)]);
    }

    /// The recordings as they are.
    pub fn show_paths(&self, page: &mut Page) {
        page.arrays("paths", &[("What_mse", &self.mse.path), ("What_bce", &self.bce.path)]);
    }

    /// Both losses from record to record.
    pub fn losses(&self) -> Figure {
        let epochs: Vec<f64> = (0..self.mse.frames()).map(|i| (EVERY * i) as f64).collect();
        let mut figure = Figure::new();
        figure.size(6.4, 3.2);
        let axes = figure.axes();
        axes.plot(&epochs, &self.mse.heights, Style::new(".-").label("MSE"));
        axes.plot(&epochs, &self.bce.heights, Style::new(".-").label("BCE"));
        axes.yscale("log").ylabel("loss").grid().legend();
        figure
    }
}

/// Both losses at the weights of a path, or of any list of two rows.
fn heights(path: &Array) -> yhat::Result<[Vec<f64>; 2]> {
    let (x, _, y) = logistic::labels()?;
    let (x, y) = (Tensor::from(x), Tensor::from(y));
    let frames = path.shape()[1];
    let weights = path.to_vec();
    let column = |from: usize| Tensor::from(&weights[from..from + frames]).expand_dims(-1);
    let yhat = sigmoid(&(column(0) + column(frames) * x));
    let mse = squared_error(&y, &yhat).mean_axis(-1).eval()?;
    let bce = (-log_likelihood(&y, &yhat).mean_axis(-1)).eval()?;
    Ok([mse.to_vec(), bce.to_vec()])
}

/// Every second number of a vector, or of a matrix in both directions.
pub fn every_second(array: &Array) -> yhat::Result<Array> {
    let (numbers, width) = (array.to_vec(), array.shape().last().copied().unwrap_or(1).max(1));
    let rows = numbers.chunks(width).step_by(2).map(|row| row.iter().copied().step_by(2).collect::<Vec<_>>());
    let shape: Vec<usize> = array.shape().iter().map(|n| n.div_ceil(2)).collect();
    Ok(Array::from(rows.collect::<Vec<_>>().concat()).reshape(shape)?)
}

/// The points of a line without those that are less than `missed` away from a straight line between others (Ramer, 1972;
/// Douglas and Peucker, 1973).
pub fn bends(points: &[[f64; 2]], missed: f64) -> Vec<[f64; 2]> {
    let Some((from, to)) = points.first().zip(points.last()) else { return Vec::new() };
    let along = [to[0] - from[0], to[1] - from[1]];
    let square = along[0].powi(2) + along[1].powi(2);
    let off = |i: usize| {
        let p = [points[i][0] - from[0], points[i][1] - from[1]];
        let part = if square > 0.0 { ((p[0] * along[0] + p[1] * along[1]) / square).clamp(0.0, 1.0) } else { 0.0 };
        (p[0] - part * along[0]).hypot(p[1] - part * along[1])
    };
    match (1..points.len() - 1).max_by(|&i, &j| off(i).total_cmp(&off(j))) {
        Some(i) if off(i) > missed => {
            let mut kept = bends(&points[..=i], missed);
            kept.pop();
            kept.extend(bends(&points[i..], missed));
            kept
        }
        _ => vec![*from, *to],
    }
}

/// Every second point of the grid in both directions, and both surfaces there, computed once: as fine as one can see in
/// a small picture, and a quarter of the numbers.
fn coarse_surfaces() -> yhat::Result<(Array, Array, Array, Array)> {
    type Surfaces = yhat::Result<(Array, Array, Array, Array)>;
    static SURFACES: OnceLock<Surfaces> = OnceLock::new();
    let compute = || {
        let (w0, w1) = surfaces::grid();
        let (w0, w1) = (every_second(&w0)?, every_second(&w1)?);
        let (mse, bce) = surfaces::surfaces(&w0, &w1)?;
        Ok((w0, w1, mse, bce))
    };
    SURFACES.get_or_init(compute).clone()
}

/// Two surfaces with the path and the true point, and below them two fits that move with it.
pub fn four_panels(title: &str, recordings: &Recordings) -> yhat::Result<Animation> {
    let (w0, w1, mse, bce) = coarse_surfaces()?;
    let (x, _, y) = logistic::labels()?;
    // A curve needs fewer points than there are labels.
    let points = Array::linspace(-1.0, 1.0, 101);
    let curve = |[w0, w1]: [f64; 2]| points.mapv(|x| 1.0 / (1.0 + (-(w0 + w1 * x)).exp()));
    let goal = heights(&Array::from([[TRUTH[0]], [TRUTH[1]]]))?;

    let mut figure = Figure::new();
    figure.size(8.0, 8.0).suptitle(title);
    let tops = [("MSE", mse, &goal[0]), ("BCE", bce, &goal[1])];
    for (i, (name, surface, goal)) in tops.into_iter().enumerate() {
        let axes = figure.subplot_3d(2, 2, i + 1).elev(15.0).azim(75.0);
        axes.plot_surface(&w0, &w1, surface, Style::new("").cmap("viridis").alpha(0.8));
        axes.scatter(TRUTH[0], TRUTH[1], goal[0], Style::new("r*").s(200.0));
        axes.title(name).xlabel("w0").ylabel("w1");
    }
    for (i, path) in [&recordings.mse, &recordings.bce].into_iter().enumerate() {
        let axes = figure.subplot(2, 2, i + 3);
        axes.plot(&x, &y, ",").plot(&points, curve(TRUTH), "--r");
        axes.plot(&points, curve(path.at(0)), Style::new("--b").id("fit")).xlabel("x");
    }

    Ok(Animation::new(&figure, recordings.mse.frames(), |figure, frame| {
        for (i, path) in [&recordings.mse, &recordings.bce].into_iter().enumerate() {
            let [w0, w1] = path.at(frame);
            figure.subplot_3d(2, 2, i + 1).scatter(w0, w1, path.heights[frame], Style::new("").color("gray"));
            figure.subplot(2, 2, i + 3).set_data("fit", &points, curve([w0, w1]));
        }
    }))
}
