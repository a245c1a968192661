//! What many fits came to.

use yhat::sweep::{Criterion, Swept};
use yhat_plot::{Axes, Figure, Style};

/// More networks than these have their spread as lines: areas upon areas could not be told apart.
const AREAS: usize = 3;

/// Two panels: the final losses of each network in order, with the share that succeeds in the legend; and the median of its
/// learning curves with the range in which four of five lie.
pub fn sweep(swept: &Swept, criterion: Criterion) -> Figure {
    let mut figure = Figure::new();
    figure.size(12.0, 4.8).alt("The final losses of many fits, sorted, and how their learning curves spread.");
    let [[left, right]] = figure.subplots::<1, 2>();
    final_losses(left, swept, criterion);
    curves(right, swept);
    figure
}

fn final_losses(axes: &mut Axes, swept: &Swept, criterion: Criterion) {
    for (i, (variant, rate)) in swept.variants.iter().zip(swept.rates(criterion)).enumerate() {
        let mut losses: Vec<f64> = variant.trials.iter().map(|t| t.loss()).filter(|l| l.is_finite()).collect();
        losses.sort_by(f64::total_cmp);
        let share: Vec<f64> = (0..losses.len()).map(|k| 100.0 * (k as f64 + 0.5) / losses.len() as f64).collect();
        let label = format!("{}: {:.1} %", variant.title(), 100.0 * rate.share());
        axes.plot(share, losses, Style::new("-").color(&format!("C{i}")).label(label));
    }
    axes.xlabel("share of the seeds in %").ylabel("final loss").yscale("log").title(criterion.to_string()).legend();
}

fn curves(axes: &mut Axes, swept: &Swept) {
    for (i, variant) in swept.variants.iter().enumerate() {
        let color = format!("C{i}");
        let curves = variant.curves(&[0.1, 0.5, 0.9]);
        let epochs: Vec<f64> = curves.epochs.iter().map(|e| *e as f64).collect();
        let [low, middle, high] = [0, 1, 2].map(|q| curves.loss[q].clone());
        if low.iter().chain(&high).all(|l| l.is_finite()) {
            if swept.variants.len() <= AREAS {
                axes.fill_between(epochs.clone(), low, high, Style::default().color(&color).alpha(0.15));
            } else {
                for side in [low, high] {
                    axes.plot(epochs.clone(), side, Style::new(":").color(&color).linewidth(0.8));
                }
            }
        }
        axes.plot(epochs, middle, Style::new("-").color(&color).label(variant.title()));
    }
    axes.xlabel("epoch").ylabel("loss").xscale("log").yscale("log").title("median, and 10 to 90 %").legend();
}
