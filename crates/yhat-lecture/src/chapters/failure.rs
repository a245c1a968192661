//! Two nodes from another seed.

use yhat::{
    prelude::*,
    sweep::{Sweep, Swept},
};
use yhat_plot::{Figure, Style, diagram::Network};

use crate::{
    Findings, Page,
    chapters::{data, solution3::bent_line},
    unit,
};
use seeds::failures;

mod seeds;

/// Fits two bent lines from a start that leads nowhere, and looks at the gradient there.
pub fn run() -> yhat::Result<Findings> {
    let (x, y) = data::regression();
    let (x, y) = (x.reshape([100, 1])?, y.reshape([100, 1])?);

    // [fit]
    set_seed(43054);
    let mut net = Sequential::new();
    net.add(Dense::new(2));
    net.add(Activation::new("relu"));
    net.add(Dense::new(1));
    net.compile(Sgd::new(0.1), "mse");
    let early = net.fit(&x, &y, Fit::epochs(1000).batch_size(100))?;
    let yhat_early = net.predict(&x)?;

    // [longer]
    let late = net.fit(&x, &y, Fit::epochs(10_000).batch_size(100))?;

    // [inside]
    let layers = net.layers();
    let u = layers[0].call(&x)?.eval()?;
    let v = layers[1].call(&u)?.eval()?;

    // [verdict]
    let verdict = net.diagnose(&x, &y)?;

    // [found]
    let active = |node| v.column(node).to_vec().iter().filter(|v| **v > 0.0).count();
    let gradient = gradient_at_the_failure(&x, &y)?;
    let steepest = gradient.iter().flat_map(Array::to_vec).fold(0.0, |m: f64, g| m.max(g.abs()));

    let weights = net.get_weights()?;
    let mut findings = Findings::new();
    findings.diagnosis("net", verdict);
    let (after_1000, after_11000) = (early.last("loss"), late.last("loss"));
    findings.say(format!("loss {after_1000:.4} after 1,000 epochs, {after_11000:.4} after 10,000 more"));
    findings.say(format!("v0 = {}: not zero at {} of 100 points", bent_line(&weights, 0), active(0)));
    findings.say(format!("v1 = {}: not zero at {} of 100 points", bent_line(&weights, 1), active(1)));
    findings.say(format!("no slope of the loss is steeper than {steepest:.1e}: a local minimum"));
    findings.network("trained", Network::of(&net)?);
    findings.array("active", [active(0) as f64, active(1) as f64]);
    findings.array("steepest", steepest);
    for (name, array) in ["W1", "b1", "W2", "b2"].into_iter().zip(&weights) {
        findings.array(name, array);
    }
    for (name, array) in ["dW1", "db1", "dW2", "db2"].into_iter().zip(&gradient) {
        findings.array(name, array);
    }
    findings.list("fail", weights);
    findings.list("tape", gradient);
    findings.array("u", u);
    findings.array("v", v);
    findings.array("yhat_early", yhat_early);
    findings.array("yhat", net.predict(&x)?);
    findings.array("x", x);
    findings.array("y", y);
    findings.array("loss_early", &early["loss"]);
    findings.array("loss", [&early["loss"], &late["loss"]].concat());
    Ok(findings)
}

// [tape]
/// The gradient in float64, at the weights as the course's notebook prints them after these 11,000 epochs.
fn gradient_at_the_failure(x: &Array, y: &Array) -> yhat::Result<Vec<Array>> {
    let w1 = Variable::new("W1", [[-0.03077251, 1.8713338]]);
    let b1 = Variable::new("b1", [-0.04834982, 0.3259186]);
    let w2 = Variable::new("W2", [[0.65121335], [1.8592643]]);
    let b2 = Variable::new("b2", [-0.60076195]);

    let tape = GradientTape::new();
    let u = Tensor::from(x).matmul(&w1) + &b1;
    let v = relu(&u);
    let yhat = v.matmul(&w2) + &b2;
    let loss = mean_squared_error(&Tensor::from(y), &yhat);
    Ok(tape.gradient(&loss, &[w1.tensor(), b1.tensor(), w2.tensor(), b2.tensor()])?)
}

// [sweep]
/// This net and wider ones, each from a thousand seeds.
fn many_seeds(x: &Array, y: &Array) -> yhat::Result<Swept> {
    let mut sweep = Sweep::new(0..1000, || Fit::epochs(1000).batch_size(100));
    for nodes in [2, 3, 4, 8] {
        sweep.add(&[("nodes", &nodes)], move || {
            let mut net = Sequential::new();
            net.add(Dense::new(nodes).activation("relu"));
            net.add(Dense::new(1));
            net.compile(Sgd::new(0.1), "mse");
            net
        });
    }
    sweep.run(x, y)
}

// [page]
/// The chapter's part of the page.
pub fn page(found: &Findings) -> yhat::Result<Page> {
    let (active, losses, first) = (found.get("active")?, found.get("loss")?, found.get("loss_early")?);
    let mut page = Page::new();
    page.value("points", found.get("x")?.size() as f64);
    page.value("early", first.size() as f64);
    page.value("later", (losses.size() - first.size()) as f64);
    page.value("loss_early", first.at(&[first.size() - 1]));
    page.value("active_0", active.at(&[0]));
    page.value("active_1", active.at(&[1]));
    page.value("w_0", found.get("W2")?.at(&[0, 0]));
    page.value("steepest", found.get("steepest")?.item());
    page.text("try");
    page.code("fit");
    page.figure("early", early(found)?);
    page.text("longer_text");
    page.code("longer");
    page.figure("late", late(found)?);
    page.loss(losses);
    page.text("analysis");
    page.code("inside");
    page.arrays("weights", &[("W2", found.get("W2")?), ("b2", found.get("b2")?)]);
    page.diagram("trained", found.net("trained")?.nodes().weights(true).diagram());
    page.figure("four_panels", four_panels(found)?);
    page.text("why");
    page.arrays("all_weights", &[("W1", found.get("W1")?), ("b1", found.get("b1")?), ("W2", found.get("W2")?), ("b2", found.get("b2")?)]);
    page.code("tape");
    let slopes = [("dloss/dW1", found.get("dW1")?), ("dloss/db1", found.get("db1")?), ("dloss/dW2", found.get("dW2")?), ("dloss/db2", found.get("db2")?)];
    page.arrays("gradient", &slopes);
    page.text("minimum");
    page.verdict(found.verdict("net")?);

    let (x, y) = (found.get("x")?, found.get("y")?);
    let swept = many_seeds(x, y)?;
    seeds::describe(&mut page, &swept, losses.at(&[losses.size() - 1]));
    seeds::describe_simpler_answers(&mut page, x, y);
    page.code("sweep");
    page.figure("how_often", how_often(&swept));
    page.text("rates");
    page.text("luck");
    Ok(page)
}

fn how_often(swept: &Swept) -> Figure {
    let mut figure = Figure::new();
    figure.size(10.0, 4.0);
    let [[left, right]] = figure.subplots();
    for (i, (variant, rate)) in swept.variants.iter().zip(failures(swept)).enumerate() {
        let (nodes, (low, high)) = (&variant.labels[0].1, rate.interval());
        let (at, color) = (nodes.parse().unwrap_or(0.0), format!("C{i}"));
        left.plot([at, at], [100.0 * low, 100.0 * high], Style::new("-").color(&color));
        left.plot([at], [100.0 * rate.share()], Style::new("o").color(&color));
        let (shares, losses) = seeds::final_losses(variant);
        right.plot(shares, losses, Style::new("-").color(&color).label(nodes));
    }
    left.xlabel("nodes").ylabel("seeds that fail, %").ylim(0.0, 100.0).grid();
    right.xlabel("seeds in order, %").ylabel("loss").yscale("log").legend();
    figure
}

fn early(found: &Findings) -> yhat::Result<Figure> {
    let (x, y, yhat) = (found.get("x")?, found.get("y")?, found.get("yhat_early")?);
    let mut figure = Figure::new();
    figure.axes().plot(x, y, Style::new(".").label("y")).plot(x, yhat, Style::new("--").label("yhat")).xlabel("x").legend();
    Ok(figure)
}

fn late(found: &Findings) -> yhat::Result<Figure> {
    let (x, y, yhat) = (found.get("x")?, found.get("y")?, found.get("yhat")?);
    let mut figure = Figure::new();
    figure.axes().plot(x, y, Style::new(".").label("y")).plot(x, yhat, Style::new("--").label("yhat")).xlabel("x").legend();
    Ok(figure)
}

fn four_panels(found: &Findings) -> yhat::Result<Figure> {
    let (x, y, u, v) = (found.get("x")?, found.get("y")?, found.get("u")?, found.get("v")?);
    let (w, b) = (found.get("W2")?, found.get("b2")?.item());
    let red_part = v.column(0).mapv(|v| v * w.at(&[0, 0]));
    let blue_part = v.column(1).mapv(|v| v * w.at(&[1, 0]) + b);
    let sum = &red_part.to_f64() + &blue_part.to_f64();
    let (red, blue) = (|| Style::new("--r").id(unit(1, 0)), || Style::new("--b").id(unit(1, 1)));

    let mut figure = Figure::new();
    figure.size(16.0, 4.0);
    let [[ax1, ax2, ax3, ax4]] = figure.subplots();
    ax1.plot(x, y, ".").plot(x, u.column(0), red()).plot(x, u.column(1), blue()).title("u");
    ax2.plot(x, y, ".").plot(x, v.column(0), red()).plot(x, v.column(1), blue()).title("v");
    ax3.plot(x, y, ".").plot(x, red_part, red()).plot(x, blue_part, blue()).title("v * W2 (+ b2)");
    ax4.plot(x, y, ".").plot(x, sum, Style::new("--").id(unit(2, 0))).title("their sum: yhat");
    Ok(figure)
}
