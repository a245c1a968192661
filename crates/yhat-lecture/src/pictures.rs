//! Pictures of what a sweep and a landscape found.

use yhat::{
    Array,
    landscape::Surface,
    sweep::{Criterion, Swept},
};
use yhat_plot::{Animation, Figure, Style};

/// Heights at which lines are drawn.
const LINES: usize = 24;
/// Records of a path that are marked.
const MARKS: usize = 12;

/// The loss on a plane as lines of equal height, evenly spaced on a logarithmic scale, and the paths on it. The larger a mark
/// on a path, the farther is that record from the plane, and the less is what the plane shows there to be trusted.
pub fn landscape(surface: &Surface) -> Figure {
    let losses = surface.loss.to_vec();
    let positive = losses.iter().copied().filter(|l| *l > 0.0 && l.is_finite());
    let (low, high) = positive.fold((f64::INFINITY, 0.0f64), |(low, high), l| (low.min(l), high.max(l)));
    let level = |i: usize| low * (high / low).powf((i as f64 + 0.5) / LINES as f64);
    let levels: Vec<f64> = (0..LINES).map(level).collect();

    let mut figure = Figure::new();
    figure.alt("Lines of equal loss on a plane in the space of the weights, with the paths of trainings.");
    let axes = figure.axes();
    axes.contour(&surface.first, &surface.second, turned(surface), levels, Style::default().linewidth(0.8));
    let far = surface.tracks.iter().flat_map(|t| &t.distance).fold(0.0f64, |far, d| far.max(*d));
    for (i, track) in surface.tracks.iter().enumerate() {
        let color = format!("C{}", i + 1);
        let style = Style::new("-").color(&color).label(&track.name).id(&track.name);
        axes.plot(track.first.clone(), track.second.clone(), style);
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

/// [`landscape`] with paths that grow: as many frames as the longest path has records, or as `frames` if that is less.
pub fn landscape_animation(surface: &Surface, frames: usize) -> Animation {
    let longest = surface.tracks.iter().map(|t| t.first.len()).max().unwrap_or(1);
    let frames = frames.clamp(1, longest.max(1));
    Animation::new(&landscape(surface), frames, |figure, frame| {
        let shown = ((frame + 1) * longest).div_ceil(frames);
        for track in &surface.tracks {
            let shown = shown.min(track.first.len());
            figure.axes().set_data(&track.name, track.first[..shown].to_vec(), track.second[..shown].to_vec());
        }
    })
}

/// The logarithm of the loss on a plane as a surface, and the paths at the height of their own loss: where one floats above
/// or runs below the surface, it is off the plane.
pub fn landscape_3d(surface: &Surface) -> Figure {
    let log = |loss: &[f64]| loss.iter().map(|l| l.max(f64::MIN_POSITIVE).log10()).collect::<Vec<f64>>();
    let mut figure = Figure::new();
    figure
        .size(8.0, 6.4)
        .alt("The loss as a surface over a plane in the space of the weights, with the paths of trainings.");
    let axes = figure.axes_3d();
    let heights = turned(surface).mapv(|l| l.max(f64::MIN_POSITIVE).log10());
    axes.plot_surface(&surface.first, &surface.second, heights, Style::default().cmap("viridis").alpha(0.8));
    for (i, track) in surface.tracks.iter().enumerate() {
        let style = Style::new("-").color(&format!("C{}", i + 1)).label(&track.name);
        axes.plot(track.first.clone(), track.second.clone(), log(&track.loss), style);
    }
    axes.xlabel(&surface.axes[0]).ylabel(&surface.axes[1]).zlabel("log10 of the loss");
    if !surface.tracks.is_empty() {
        axes.legend();
    }
    figure
}

/// The losses with an axis for the first coordinate first, as a contour takes them.
fn turned(surface: &Surface) -> Array {
    let (columns, rows) = (surface.first.size(), surface.second.size());
    let losses = surface.loss.to_vec();
    let turned: Vec<f64> = (0..columns * rows).map(|k| losses[(k % rows) * columns + k / rows]).collect();
    Array::from(turned).reshape([columns, rows]).unwrap_or_else(|_| surface.loss.clone())
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
