//! What a thousand seeds came to, for the words.

use yhat::{
    prelude::*,
    sweep::{Criterion, Rate, Swept, Trial, Variant},
};

use crate::{Page, plots::bends};

/// A fit that ends with such a loss or a higher one has failed; the noise alone makes 0.09.
const FAILURE: f64 = 0.1;

/// How often each net fails.
pub fn failures(swept: &Swept) -> Vec<Rate> {
    let failed = |rate: Rate| Rate { successes: rate.fits - rate.successes, ..rate };
    swept.rates(Criterion::below(FAILURE)).into_iter().map(failed).collect()
}

/// Gives the words how often each net fails, and where this chapter's fit stands among those of its net.
pub fn describe(page: &mut Page, swept: &Swept, here: f64) {
    let seeds = swept.variants[0].trials.len();
    page.value("seeds", seeds as f64);
    page.value("last_seed", seeds as f64 - 1.0);
    page.value("limit", FAILURE);
    page.value("confidence", 95.0);
    let names = [
        ["nodes_0", "fail_0", "percent_0", "low_0", "high_0", "median_0"],
        ["nodes_1", "fail_1", "percent_1", "low_1", "high_1", "median_1"],
        ["nodes_2", "fail_2", "percent_2", "low_2", "high_2", "median_2"],
        ["nodes_3", "fail_3", "percent_3", "low_3", "high_3", "median_3"],
    ];
    for (i, (names, rate)) in names.into_iter().zip(failures(swept)).enumerate() {
        let ((low, high), failed) = (rate.interval(), rate.successes as f64);
        let percent = [rate.share(), low, high].map(|share| 100.0 * share);
        let nodes = swept.variants[i].labels[0].1.parse().unwrap_or(0.0);
        let numbers = [&[nodes, failed], &percent[..], &[swept.variants[i].quantile(0.5)]].concat();
        names.into_iter().zip(numbers).for_each(|(name, number)| page.value(name, number));
    }
    let lower = swept.variants[0].trials.iter().filter(|trial| trial.loss() < 0.95 * here).count();
    let near = |trial: &&Trial| (0.95 * here..=1.05 * here).contains(&trial.loss());
    let near = swept.variants[0].trials.iter().filter(near).count();
    page.value("lower", lower as f64);
    page.value("lower_percent", 100.0 * lower as f64 / seeds as f64);
    page.value("near", near as f64);
    page.value("higher", (seeds - lower - near) as f64);
}

/// Gives the words the losses of the best constant and of the best straight line.
pub fn describe_simpler_answers(page: &mut Page, x: &Array, y: &Array) {
    let (x, y) = (x.to_vec(), y.to_vec());
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    let (x_mean, y_mean) = (mean(&x), mean(&y));
    let product = |a: &[f64], am: f64, b: &[f64], bm: f64| {
        mean(&a.iter().zip(b).map(|(a, b)| (a - am) * (b - bm)).collect::<Vec<_>>())
    };
    let (xx, xy, yy) = (product(&x, x_mean, &x, x_mean), product(&x, x_mean, &y, y_mean), product(&y, y_mean, &y, y_mean));
    page.value("constant", yy);
    page.value("straight", yy - xy * xy / xx);
}

/// The final losses in order, over the share of the seeds in percent: as much of the line as one can see.
pub fn final_losses(variant: &Variant) -> (Vec<f64>, Vec<f64>) {
    let point = |k: u32| {
        let share = f64::from(k) / 2.0;
        [share, SCALE * variant.quantile(share / 100.0).ln()]
    };
    // A tenfold loss is as far as a hundred percent, about.
    const SCALE: f64 = 40.0;
    let line = bends(&(0..=200).map(point).collect::<Vec<_>>(), 0.8);
    line.into_iter().map(|[share, loss]| (share, (loss / SCALE).exp())).unzip()
}
