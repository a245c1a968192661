//! What a sweep found.

use yhat_tensor::Array;

use super::{Criterion, Rate, candidate::title, minima::Units};
use crate::Logs;

/// What a [`Sweep`](super::Sweep) found.
#[derive(Clone, Debug)]
pub struct Swept {
    /// The networks, in the order in which they were added.
    pub variants: Vec<Variant>,
    /// Whether every fit was done; not so if the sweep was stopped.
    pub complete: bool,
}

/// One network of a sweep, and how its trainings went.
#[derive(Clone, Debug)]
pub struct Variant {
    /// What is special about it: names and values.
    pub labels: Vec<(String, String)>,
    /// Its trainings, in the order of the seeds.
    pub trials: Vec<Trial>,
    /// How its hidden units lie in its weights, where that is known.
    pub(super) units: Option<Units>,
    /// The inputs that it was trained on.
    pub(super) x: Array,
}

/// One training of a sweep.
#[derive(Clone, Debug, PartialEq)]
pub struct Trial {
    /// What the weights were drawn from: `set_seed(seed)`.
    pub seed: i64,
    /// How many epochs it took.
    pub epochs: usize,
    /// The last epoch's loss and metrics.
    pub logs: Logs,
    /// The loss at some epochs, the first being 1, the last always among them.
    pub curve: Vec<(usize, f64)>,
    /// The trained weights, in the order of [`get_weights`](crate::Sequential::get_weights), if there are up to 1,000.
    pub weights: Option<Vec<Array>>,
}

impl Trial {
    /// The last epoch's loss.
    pub fn loss(&self) -> f64 {
        self.logs["loss"]
    }
}

/// Losses in order, with those that are no numbers last.
pub(super) fn by_loss(a: &Trial, b: &Trial) -> std::cmp::Ordering {
    a.loss().is_nan().cmp(&b.loss().is_nan()).then(a.loss().total_cmp(&b.loss()))
}

impl Variant {
    /// `hidden=2 optimizer=adam`
    pub fn title(&self) -> String {
        title(&self.labels)
    }

    /// The training with the lowest final loss that is a number.
    pub fn best(&self) -> Option<&Trial> {
        self.trials.iter().filter(|t| !t.loss().is_nan()).min_by(|a, b| by_loss(a, b))
    }

    /// A quantile of the final losses: 0.5 is their median. A loss that is no number counts as infinite.
    pub fn quantile(&self, q: f64) -> f64 {
        let finite = |t: &Trial| if t.loss().is_nan() { f64::INFINITY } else { t.loss() };
        let mut losses: Vec<f64> = self.trials.iter().map(finite).collect();
        losses.sort_by(f64::total_cmp);
        super::curves::quantile(&losses, q)
    }
}

impl Swept {
    fn best_loss(&self) -> f64 {
        let best = self.variants.iter().filter_map(Variant::best);
        best.map(Trial::loss).min_by(f64::total_cmp).unwrap_or(f64::NAN)
    }

    /// For each network its trainings that are successes, and those that are not.
    pub fn split(&self, criterion: Criterion) -> Vec<(Vec<&Trial>, Vec<&Trial>)> {
        let best = self.best_loss();
        let of = |v: &'_ Variant| v.best().map_or(f64::NAN, Trial::loss);
        self.variants.iter().map(|v| v.trials.iter().partition(|t| criterion.met(t.loss(), best, of(v)))).collect()
    }

    /// For each network how often it succeeds.
    pub fn rates(&self, criterion: Criterion) -> Vec<Rate> {
        let split = self.split(criterion).into_iter();
        split.map(|(yes, no)| Rate { successes: yes.len(), fits: yes.len() + no.len() }).collect()
    }

    /// The answer to "how often does it fail?" as a table of text: for each network its labels, how many of its fits
    /// succeeded with the 95 % confidence interval, how its final losses are spread, how many distinct minima they stand
    /// in, and the seed of its best fit and of its first failure.
    pub fn table(&self, criterion: Criterion) -> String {
        let rates = self.rates(criterion);
        let names: Vec<String> =
            self.variants.first().into_iter().flat_map(|v| v.labels.iter().map(|(name, _)| name.clone())).collect();
        let heads = ["fits", "succeed", "[95 %]", "best", "median", "worst", "minima", "best seed", "fails"];
        let mut rows = vec![names.into_iter().chain(heads.map(String::from)).collect::<Vec<_>>()];
        for ((variant, rate), (_, failed)) in self.variants.iter().zip(rates).zip(self.split(criterion)) {
            let mut row: Vec<String> = variant.labels.iter().map(|(_, value)| value.clone()).collect();
            let (low, high) = rate.interval();
            row.push(rate.fits.to_string());
            row.push(if rate.fits > 0 { format!("{:.1} %", 100.0 * rate.share()) } else { "-".into() });
            row.push(format!("[{:.1}, {:.1}]", 100.0 * low, 100.0 * high));
            row.extend([0.0, 0.5, 1.0].map(|q| number(variant.quantile(q))));
            row.push(variant.minima(super::minima::TOLERANCE).map_or("-".into(), |m| m.distinct.len().to_string()));
            row.push(variant.best().map_or("-".into(), |t| t.seed.to_string()));
            row.push(failed.first().map_or("-".into(), |t| t.seed.to_string()));
            rows.push(row);
        }
        format!("{}\nA success is {criterion}.\n", aligned(&rows))
    }
}

fn number(x: f64) -> String {
    match x {
        _ if x.is_nan() => "-".into(),
        _ if x.is_infinite() => "diverged".into(),
        _ if x != 0.0 && !(1e-4..1e5).contains(&x.abs()) => format!("{x:.2e}"),
        _ => format!("{x:.4}"),
    }
}

/// Rows as lines, columns two spaces apart and flush right.
fn aligned(rows: &[Vec<String>]) -> String {
    let widths: Vec<usize> = (0..rows.iter().map(Vec::len).max().unwrap_or(0))
        .map(|i| rows.iter().filter_map(|row| row.get(i)).map(|cell| cell.chars().count()).max().unwrap_or(0))
        .collect();
    let line = |row: &Vec<String>| {
        row.iter().zip(&widths).map(|(cell, width)| format!("{cell:>width$}")).collect::<Vec<_>>().join("  ")
    };
    rows.iter().map(line).collect::<Vec<_>>().join("\n") + "\n"
}
