//! Adam from far away.

use yhat::{
    landscape::{Landscape, Plane, Surface},
    optimizers::IntoOptimizer,
    prelude::*,
    random,
};
use yhat_plot::{Animation, Figure, Style};

use crate::{
    Findings, Page, case,
    chapters::{
        bce::bce_loss,
        logistic::TRUTH,
        mse::mse_loss,
        sgd::{described, keep, record, with_ones},
    },
    plots::{self, Recordings},
};
use map::{Optimizer, optimizers};

mod map;

/// Records both paths with Adam from far away.
pub fn run() -> yhat::Result<Findings> {
    // [verdict]
    // A net with these weights that has not made a step.
    let case = case("plateau")?;
    let verdict = case.net.diagnose(&case.x, &case.y)?;

    // [record_both]
    // Five nets have been drawn since `set_seed(43052)`: one in its chapter, two in each recording before this one.
    random::resume_seed(43052, 5);
    let start = [[-10.0], [-1.0]];
    let mse = record(Adam::new(0.1), mse_loss, start)?;
    let bce = record(Adam::new(0.1), bce_loss, start)?;

    // [found]
    let mut findings = Findings::new();
    findings.diagnosis("net", verdict);
    findings.say(described("MSE", &mse.path));
    findings.say(described("BCE", &bce.path));
    findings.number("ex3_mse", &mse.path);
    findings.number("ex3_bce", &bce.path);
    keep(&mut findings, mse, bce);
    Ok(findings)
}

// [race]
/// Four optimizers from three starts on the plane of the two weights, with the loss there.
fn race(loss: fn(&Tensor, &Tensor) -> Tensor) -> yhat::Result<Surface> {
    let (x, y) = with_ones()?;
    let mut net = Sequential::new();
    net.add(Dense::new(1).use_bias(false).activation("sigmoid"));
    net.build(2)?;

    let mut paths = Vec::new();
    for start in STARTS {
        let optimizers = [
            ("SGD", Sgd::new(0.1).into_optimizer()),
            ("momentum", Sgd::new(0.1).momentum(0.9).into_optimizer()),
            ("RMSprop", RmsProp::new(0.1).into_optimizer()),
            ("Adam", Adam::new(0.1).into_optimizer()),
        ];
        for (name, optimizer) in optimizers {
            net.set_weights([Array::from(start)])?;
            net.compile(optimizer, loss);
            let mut recorder = Recorder::every(2);
            net.fit(&x, &y, Fit::epochs(435).batch_size(2000).callback(&mut recorder))?;
            paths.push((name, recorder.into_path()));
        }
    }
    let plane = Plane::parameters(&net, (0, 0), (0, 1))?;
    let mut landscape = Landscape::new(plane).range(-11.0..=3.0, -2.0..=11.0).size(43, 40);
    for (name, path) in &paths {
        landscape = landscape.path(*name, path);
    }
    landscape.compute(&net, &x, &y)
}

// [starts]
/// Where the three recordings began, two of them at the first, and a third place.
const STARTS: [[[f64; 1]; 2]; 3] = [[[-3.0], [-1.0]], [[-10.0], [-1.0]], [[2.0], [9.0]]];

/// The chapter's part of the page.
pub fn page(found: &Findings) -> yhat::Result<Page> {
    let recordings = Recordings::of(found)?;
    let mut page = Page::new();
    recordings.describe(&mut page);
    page.text("try");
    page.code("record_both");
    recordings.show_first(&mut page);
    recordings.show_paths(&mut page);
    page.animation("moving", moving(&recordings)?);
    page.figure("losses", recordings.losses());
    page.text("seen");
    page.verdict(found.verdict("net")?);

    let surfaces = [race(mse_loss)?, race(bce_loss)?];
    map::describe(&mut page, &surfaces, STARTS);
    page.code("race");
    page.figure("on_one_map", on_one_map(&surfaces));
    page.text("arrived");
    page.text("map_seen");
    Ok(page)
}

fn on_one_map(surfaces: &[Surface; 2]) -> Figure {
    let mut figure = Figure::new();
    figure.size(10.0, 5.0);
    let [[left, right]] = figure.subplots();
    for (axes, name, surface) in [(left, "MSE", &surfaces[0]), (right, "BCE", &surfaces[1])] {
        // Heights on a logarithmic scale, an axis for w0 first.
        let heights: Vec<Array> = (0..surface.first.size()).map(|i| surface.loss.column(i).mapv(f64::ln)).collect();
        axes.contour(&surface.first, &surface.second, Array::stack(&heights), 8, Style::new("").linewidth(0.6));
        for (i, Optimizer { name, path: [x, y], ends: [x_end, y_end] }) in optimizers(surface, STARTS.len()).into_iter().enumerate() {
            let color = format!("C{i}");
            axes.plot(x, y, Style::new("-").color(&color).label(name));
            axes.plot(x_end, y_end, Style::new("o").color(&color).markersize(8.0 - 1.5 * i as f64));
        }
        axes.plot([TRUTH[0]], [TRUTH[1]], Style::new("r*").markersize(12.0));
        axes.title(name).xlabel("w0").ylabel("w1").legend_at("upper left");
    }
    figure
}

fn moving(recordings: &Recordings) -> yhat::Result<Animation> {
    plots::four_panels("Adam, Winit=(-10,-1)", recordings)
}
