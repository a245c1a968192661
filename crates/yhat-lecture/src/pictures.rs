//! Pictures of what a sweep and a landscape found.

use yhat::{
    Array,
    landscape::Surface,
    sweep::{Criterion, Swept},
};
use yhat_plot::{Figure, Style};

/// Heights at which lines are drawn.
const LINES: usize = 24;
/// Records of a path that are marked.
const MARKS: usize = 12;

/// The loss on a plane as lines of equal height, evenly spaced on a logarithmic scale, and the paths on it. The larger a mark
/// on a path, the farther is that record from the plane, and the less is what the plane shows there to be trusted.
pub fn landscape(surface: &Surface) -> Figure {
    let (columns, rows) = (surface.first.size(), surface.second.size());
    let losses = surface.loss.to_vec();
    let turned: Vec<f64> = (0..columns * rows).map(|k| losses[(k % rows) * columns + k / rows]).collect();
    let loss = Array::from(turned).reshape([columns, rows]).unwrap_or_else(|_| surface.loss.clone());

    let positive = losses.iter().copied().filter(|l| *l > 0.0 && l.is_finite());
    let (low, high) = positive.fold((f64::INFINITY, 0.0f64), |(low, high), l| (low.min(l), high.max(l)));
    let level = |i: usize| low * (high / low).powf((i as f64 + 0.5) / LINES as f64);
    let levels: Vec<f64> = (0..LINES).map(level).collect();

    let mut figure = Figure::new();
    figure.alt("Lines of equal loss on a plane in the space of the weights, with the paths of trainings.");
    let axes = figure.axes();
    axes.contour(&surface.first, &surface.second, loss, levels, Style::default().linewidth(0.8));
    let far = surface.tracks.iter().flat_map(|t| &t.distance).fold(0.0f64, |far, d| far.max(*d));
    for (i, track) in surface.tracks.iter().enumerate() {
        let color = format!("C{}", i + 1);
        axes.plot(track.first.clone(), track.second.clone(), Style::new("-").color(&color).label(&track.name));
        let step = track.first.len().div_ceil(MARKS).max(1);
        for k in (0..track.first.len()).step_by(step) {
            let size = 2.0 + if far > 0.0 { 10.0 * track.distance[k] / far } else { 0.0 };
            let style = Style::new("o").color(&color).markersize(size).alpha(0.5);
            axes.plot([track.first[k]], [track.second[k]], style);
        }
    }
    axes.xlabel(&surface.axes[0]).ylabel(&surface.axes[1]);
    if far > 0.0 {
        axes.title(format!("marks grow with the distance from the plane, up to {far:.2}"));
    }
    if !surface.tracks.is_empty() {
        axes.legend();
    }
    figure
}

/// Two panels: the final losses of each network in order, with the share that succeeds in the legend; and the median of its
/// learning curves with the range in which four of five lie.
pub fn sweep(swept: &Swept, criterion: Criterion) -> Figure {
    let mut figure = Figure::new();
    figure.size(12.0, 4.8).alt("The final losses of many fits, sorted, and how their learning curves spread.");
    let [[left, right]] = figure.subplots::<1, 2>();
    for (i, (variant, rate)) in swept.variants.iter().zip(swept.rates(criterion)).enumerate() {
        let color = format!("C{i}");
        let mut losses: Vec<f64> = variant.trials.iter().map(|t| t.loss()).filter(|l| l.is_finite()).collect();
        losses.sort_by(f64::total_cmp);
        let share: Vec<f64> = (0..losses.len()).map(|k| 100.0 * (k as f64 + 0.5) / losses.len() as f64).collect();
        let label = format!("{}: {:.1} %", variant.title(), 100.0 * rate.share());
        left.plot(share, losses, Style::new("-").color(&color).label(label));

        let curves = variant.curves(&[0.1, 0.5, 0.9]);
        let epochs: Vec<f64> = curves.epochs.iter().map(|e| *e as f64).collect();
        let [low, middle, high] = [0, 1, 2].map(|q| curves.loss[q].clone());
        if low.iter().chain(&high).all(|l| l.is_finite()) {
            right.fill_between(epochs.clone(), low, high, Style::default().color(&color).alpha(0.15));
        }
        right.plot(epochs, middle, Style::new("-").color(&color).label(variant.title()));
    }
    left.xlabel("share of the seeds in %").ylabel("final loss").yscale("log").title(criterion.to_string()).legend();
    right.xlabel("epoch").ylabel("loss").xscale("log").yscale("log").title("median, and 10 to 90 %").legend();
    figure
}
