//! What an output is made of.

use yhat::Decomposition;
use yhat_plot::{Axes, Colormap, Figure, Style};

/// Units that are drawn as lines, the largest first.
const LINES: usize = 48;
/// Areas that units are stacked in; of a wider layer each is a group of units, one after another as they are sorted.
const AREAS: usize = 16;

/// Two panels: what each unit adds to the output along the input, with its kink; and the same stacked, the unit that varies
/// most at the bottom, up to the whole, with every kink where it bends it.
pub fn decomposition(parts: &Decomposition) -> Figure {
    let mut figure = Figure::new();
    figure.size(12.0, 4.8).alt("What each hidden unit adds to the output along an input, and all of it stacked.");
    let order = Order::of(parts);
    let [[left, right]] = figure.subplots::<1, 2>();
    each(left, parts, &order);
    stacked(right, parts, &order);
    figure
}

/// The rows in the order of the input.
struct Order {
    rows: Vec<usize>,
    x: Vec<f64>,
}

impl Order {
    fn of(parts: &Decomposition) -> Order {
        let mut rows: Vec<usize> = (0..parts.x.len()).collect();
        rows.sort_by(|&a, &b| parts.x[a].total_cmp(&parts.x[b]));
        Order { x: rows.iter().map(|&row| parts.x[row]).collect(), rows }
    }

    fn sorted(&self, values: &[f64]) -> Vec<f64> {
        self.rows.iter().map(|&row| values[row]).collect()
    }

    /// What `values`, which are sorted, are at `x`, on a straight line between two rows.
    fn at(&self, values: &[f64], x: f64) -> f64 {
        let above = self.x.partition_point(|other| *other < x).clamp(1, self.x.len() - 1);
        let (a, b) = (self.x[above - 1], self.x[above]);
        let part = if b > a { (x - a) / (b - a) } else { 0.0 };
        values[above - 1] + part * (values[above] - values[above - 1])
    }
}

fn each(axes: &mut Axes, parts: &Decomposition, order: &Order) {
    let all = parts.contributions.len();
    let shown = all.min(LINES);
    for (i, part) in parts.contributions.iter().take(shown).enumerate() {
        let (color, values) = (color(i, shown), order.sorted(&part.values));
        let style = Style::new("-").color(&color).linewidth(if shown <= AREAS { 1.5 } else { 0.8 });
        let named = if shown <= AREAS { style.label(format!("unit {}", part.unit)) } else { style };
        axes.plot(order.x.clone(), values.clone(), named);
        let at: Vec<f64> = part.kinks.iter().map(|x| order.at(&values, *x)).collect();
        if !at.is_empty() {
            axes.plot(part.kinks.clone(), at, Style::new("o").color(&color).markersize(5.0));
        }
    }
    let title = match shown < all {
        true => format!("what the {shown} largest of {all} units add, with their kinks"),
        false => "what each unit adds, with its kink".to_string(),
    };
    axes.title(title).xlabel(format!("input {}", parts.input)).ylabel(format!("part of output {}", parts.output));
    if shown <= AREAS {
        axes.legend();
    }
}

fn stacked(axes: &mut Axes, parts: &Decomposition, order: &Order) {
    let levels = parts.stacked();
    let (all, areas) = (parts.contributions.len(), parts.contributions.len().min(AREAS));
    let border = |area: usize| order.sorted(&levels[area * all / areas.max(1)]);
    for area in 0..areas {
        let style = Style::default().color(&color(area, areas)).alpha(0.5);
        axes.fill_between(order.x.clone(), border(area), border(area + 1), style);
    }
    let total = order.sorted(&parts.total);
    axes.plot(order.x.clone(), total.clone(), Style::new("-k").label("all together"));
    let kinks: Vec<f64> = parts.contributions.iter().flat_map(|part| part.kinks.iter().copied()).collect();
    let at: Vec<f64> = kinks.iter().map(|x| order.at(&total, *x)).collect();
    if !kinks.is_empty() {
        let size = if kinks.len() <= LINES { 5.0 } else { 2.0 };
        axes.plot(kinks, at, Style::new("ok").markersize(size).label("kinks"));
    }
    axes.plot(order.x.clone(), order.sorted(&levels[0]), Style::new(":k").linewidth(0.8).label("bias"));
    let title = match areas < all {
        true => format!("stacked, {all} units in {areas} areas"),
        false => "stacked".to_string(),
    };
    axes.title(title).xlabel(format!("input {}", parts.input)).legend();
}

/// The colour of number `i` of `n`: the cycle's for a few, a scale for many.
fn color(i: usize, n: usize) -> String {
    if n <= 10 {
        return format!("C{i}");
    }
    let [red, green, blue] = Colormap::Viridis.at(i as f64 / (n - 1) as f64);
    format!("#{red:02x}{green:02x}{blue:02x}")
}
