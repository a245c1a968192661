//! The loss on a plane, with the paths of trainings.

use yhat::{
    Array,
    landscape::{Surface, Track},
};
use yhat_plot::{Animation, Axes, Axes3d, Figure, Style};

/// Heights at which lines are drawn.
const LINES: usize = 24;
/// Records of a path that are marked.
const MARKS: usize = 12;

/// The loss on a plane, twice: as lines of equal height, evenly spaced on a logarithmic scale, and as a surface of its
/// logarithm; with the paths on both.
///
/// A projected path can lie. The larger a mark on the lines, the farther is that record from the plane, and the less is what
/// the plane shows there to be trusted; and a path is as high as its own loss, so where it floats above the surface or runs
/// below, it is off the plane.
pub fn landscape(surface: &Surface) -> Figure {
    let mut figure = Figure::new();
    figure.size(12.0, 5.4).alt(
        "Lines of equal loss on a plane in the space of the weights, and the same as a surface, with the paths of trainings.",
    );
    contours(figure.subplot(1, 2, 1), surface);
    heights(figure.subplot_3d(1, 2, 2), surface);
    figure
}

/// [`landscape`] with paths that grow: as many frames as the longest path has records, or as `frames` if that is less.
pub fn landscape_animation(surface: &Surface, frames: usize) -> Animation {
    let longest = surface.tracks.iter().map(|t| t.first.len()).max().unwrap_or(1);
    let frames = frames.clamp(1, longest.max(1));
    Animation::new(&landscape(surface), frames, |figure, frame| {
        let reached = ((frame + 1) * longest).div_ceil(frames);
        for track in &surface.tracks {
            let shown = reached.min(track.first.len());
            let (first, second) = (&track.first[..shown], &track.second[..shown]);
            let axes = figure.subplot(1, 2, 1);
            axes.set_data(&track.name, first.to_vec(), second.to_vec());
            for k in marked(track) {
                // A mark that is still to come waits where the path stands.
                let at = k.min(shown - 1);
                axes.set_data(&mark(track, k), [first[at]], [second[at]]);
            }
            let heights = logarithms(&track.loss[..shown]);
            figure.subplot_3d(1, 2, 2).set_data(&track.name, first.to_vec(), second.to_vec(), heights);
        }
    })
}

fn contours(axes: &mut Axes, surface: &Surface) {
    let losses = surface.loss.to_vec();
    let positive = losses.iter().copied().filter(|l| *l > 0.0 && l.is_finite());
    let (low, high) = positive.fold((f64::INFINITY, 0.0f64), |(low, high), l| (low.min(l), high.max(l)));
    let level = |i: usize| low * (high / low).powf((i as f64 + 0.5) / LINES as f64);
    let levels: Vec<f64> = (0..LINES).map(level).collect();
    axes.contour(&surface.first, &surface.second, turned(surface), levels, Style::default().linewidth(0.8));
    let far = surface.tracks.iter().flat_map(|t| &t.distance).fold(0.0f64, |far, d| far.max(*d));
    for (i, track) in surface.tracks.iter().enumerate() {
        let color = color(i);
        let style = Style::new("-").color(&color).label(&track.name).id(&track.name);
        axes.plot(track.first.clone(), track.second.clone(), style);
        for k in marked(track) {
            let size = 2.0 + if far > 0.0 { 10.0 * track.distance[k] / far } else { 0.0 };
            let style = Style::new("o").color(&color).markersize(size).alpha(0.5).id(mark(track, k));
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
}

fn heights(axes: &mut Axes3d, surface: &Surface) {
    let heights = Array::from(logarithms(&turned(surface).to_vec()));
    let heights = heights.reshape([surface.first.size(), surface.second.size()]).unwrap_or(heights);
    axes.plot_surface(&surface.first, &surface.second, heights, Style::default().cmap("viridis").alpha(0.8));
    for (i, track) in surface.tracks.iter().enumerate() {
        let style = Style::new("-").color(&color(i)).id(&track.name);
        axes.plot(track.first.clone(), track.second.clone(), logarithms(&track.loss), style);
    }
    axes.xlabel(&surface.axes[0]).ylabel(&surface.axes[1]).zlabel("log10 of the loss");
}

/// The records of a path that have a mark.
fn marked(track: &Track) -> impl Iterator<Item = usize> + use<> {
    let n = track.first.len();
    (0..n).step_by(n.div_ceil(MARKS).max(1))
}

fn mark(track: &Track, record: usize) -> String {
    format!("{}, record {record}", track.name)
}

fn color(track: usize) -> String {
    format!("C{}", track + 1)
}

fn logarithms(losses: &[f64]) -> Vec<f64> {
    losses.iter().map(|l| l.max(f64::MIN_POSITIVE).log10()).collect()
}

/// The losses with an axis for the first coordinate first, as a contour takes them.
fn turned(surface: &Surface) -> Array {
    let (columns, rows) = (surface.first.size(), surface.second.size());
    let losses = surface.loss.to_vec();
    let turned: Vec<f64> = (0..columns * rows).map(|k| losses[(k % rows) * columns + k / rows]).collect();
    Array::from(turned).reshape([columns, rows]).unwrap_or_else(|_| surface.loss.clone())
}
