//! Two nodes and a second layer.

use yhat::prelude::*;
use yhat_plot::{Figure, Style, diagram::Network};

use crate::{Findings, Page, chapters::data, findings::signed, unit};

/// Fits two bent lines.
pub fn run() -> yhat::Result<Findings> {
    let (x, y) = data::regression();
    let x = x.reshape([100, 1])?;

    // [first_layer]
    let mut net = Sequential::new();
    set_seed(43053);
    let l1 = Dense::new(2).input_shape(1);
    let a1 = Activation::new(relu);
    net.add(&l1);
    net.add(&a1);
    let (u_first, v_first) = (l1.call(&x)?.eval()?, a1.call(l1.call(&x)?)?.eval()?);

    // [second_layer]
    // The same seed again: the second layer starts with the numbers that the first one starts with.
    set_seed(43053);
    let l2 = Dense::new(1).input_shape(2);
    net.add(&l2);

    // [first_found]
    let shape = u_first.shape().to_vec();
    let first = net.get_weights()?;
    let start = Network::of(&net)?;

    // [fit]
    net.compile(Sgd::new(0.1), "mse");
    let history = net.fit(&x, &y, Fit::epochs(1000).batch_size(100))?;

    // [inside]
    let u = l1.call(&x)?;
    let v = a1.call(&u)?;
    let yhat = l2.call(&v)?;

    // [found]
    let trained = net.get_weights()?;
    let (w, b) = (trained[2].to_vec(), trained[3].item());
    let (u, v) = (u.eval()?, v.eval()?);

    let mut findings = Findings::new();
    findings.show(net.summary());
    let sum = format!("{:.4} v0 {} v1 {}", w[0], signed(w[1]), signed(b));
    findings.say(format!("yhat = {sum}, loss {:.4}", history.last("loss")));
    findings.say(format!("v0 = {}, v1 = {}", bent_line(&trained, 0), bent_line(&trained, 1)));
    findings.number("sol3_shape", shape);
    findings.keep("summary", net.summary());
    findings.keep("layers", format!("{:?}", net.layers()));
    findings.network("start", start);
    findings.network("trained", Network::of(&net)?);
    for (name, array) in ["W1_first", "b1_first", "W2_first", "b2_first"].into_iter().zip(&first) {
        findings.array(name, array);
    }
    for (name, array) in ["W1", "b1", "W2", "b2"].into_iter().zip(&trained) {
        findings.array(name, array);
    }
    findings.list("sol3_init", first);
    findings.list("sol3", trained);
    findings.number("sol3_yhat", yhat.eval()?);
    findings.array("x", x);
    findings.array("y", y);
    findings.array("u_first", u_first);
    findings.array("v_first", v_first);
    findings.array("u", u);
    findings.array("v", v);
    findings.array("yhat", yhat.eval()?);
    findings.array("loss", &history["loss"]);
    Ok(findings)
}

/// Node `i` of the first layer as a formula.
pub fn bent_line(weights: &[Array], i: usize) -> String {
    format!("relu({:.4} x {})", weights[0].at(&[0, i]), signed(weights[1].at(&[i])))
}

// [page]
/// The chapter's part of the page.
pub fn page(found: &Findings) -> yhat::Result<Page> {
    let (start, trained) = (found.net("start")?, found.net("trained")?);
    let mut page = Page::new();
    let names = ["W1", "b1", "W2", "b2"].map(|name| found.get(name));
    let [w1, b1, w2, b2] = names;
    let (w1, b1, w2, b2) = (w1?, b1?, w2?, b2?);
    let sizes = [w1, b1, w2, b2].map(Array::size);
    page.value("points", found.get("x")?.size() as f64);
    page.value("nodes", w1.size() as f64);
    page.value("params_first", (sizes[0] + sizes[1]) as f64);
    page.value("params_second", (sizes[2] + sizes[3]) as f64);
    page.value("params", sizes.iter().sum::<usize>() as f64);
    page.value("least_v", found.get("v_first")?.to_vec().into_iter().fold(f64::INFINITY, f64::min));
    for (name, x) in [("u_slope_0", w1.at(&[0, 0])), ("u_slope_1", w1.at(&[0, 1])), ("w_0", w2.at(&[0, 0])), ("w_1", w2.at(&[1, 0])), ("b", b2.item())] {
        page.value(name, x);
    }
    let first = found.get("W1_first")?;
    page.value("first_slope_0", first.at(&[0, 0]));
    page.value("first_slope_1", first.at(&[0, 1]));

    page.text("try");
    page.code("first_layer");
    page.output("shape", format!("l1(x).shape = {}", found.get("u_first")?.shape()));
    page.figure("two_lines", two_lines(found)?);
    page.figure("two_bent_lines", two_bent_lines(found)?);
    page.text("not_yet");
    page.code("second_layer");
    page.output("layers", found.text("layers")?);
    page.output("summary", found.text("summary")?);
    page.text("counting");
    page.diagram("boxes", start.plot_model());
    let initial = ["W1_first", "b1_first", "W2_first", "b2_first"].map(|name| found.get(name));
    let [w1_first, b1_first, w2_first, b2_first] = initial;
    page.arrays("first_weights", &[("W1", w1_first?), ("b1", b1_first?), ("W2", w2_first?), ("b2", b2_first?)]);
    page.text("formula");
    page.diagram("operations", start.operations());
    page.diagram("nodes", start.nodes().diagram());
    page.code("fit");
    page.arrays("weights", &[("W1", w1), ("b1", b1), ("W2", w2), ("b2", b2)]);
    page.figure("answer_fit", answer_fit(found)?);
    page.loss(found.get("loss")?);
    page.text("analysis");
    page.code("inside");
    page.diagram("trained", trained.nodes().weights(true).diagram());
    page.figure("lines", lines(found)?);
    page.figure("bent_lines", bent_lines(found)?);
    page.figure("answer", answer(found)?);
    page.figure("contributions", contributions(found)?);
    page.text("why");
    Ok(page)
}

fn two_lines(found: &Findings) -> yhat::Result<Figure> {
    let (x, u) = (found.get("x")?, found.get("u_first")?);
    let mut figure = Figure::new();
    let axes = figure.axes();
    axes.plot(x, x, Style::new("").label("x")).xlabel("x").ylabel("l1(x)");
    axes.plot(x, u.column(0), Style::new("--").id(unit(1, 0)));
    axes.plot(x, u.column(1), Style::new("--").id(unit(1, 1)));
    Ok(figure)
}

fn two_bent_lines(found: &Findings) -> yhat::Result<Figure> {
    let (x, v) = (found.get("x")?, found.get("v_first")?);
    let mut figure = Figure::new();
    let axes = figure.axes();
    axes.plot(x, x, Style::new("").label("x")).xlabel("x").ylabel("a1(l1(x))");
    axes.plot(x, v.column(0), Style::new("--").id(unit(1, 0)));
    axes.plot(x, v.column(1), Style::new("--").id(unit(1, 1)));
    Ok(figure)
}

fn answer_fit(found: &Findings) -> yhat::Result<Figure> {
    let (x, y, yhat) = (found.get("x")?, found.get("y")?, found.get("yhat")?);
    let mut figure = Figure::new();
    figure.axes().plot(x, y, Style::new(".").label("y")).plot(x, yhat, Style::new("--").label("yhat").id(unit(2, 0))).xlabel("x").legend();
    Ok(figure)
}

fn lines(found: &Findings) -> yhat::Result<Figure> {
    let (x, y, u) = (found.get("x")?, found.get("y")?, found.get("u")?);
    let mut figure = Figure::new();
    let axes = figure.axes();
    axes.plot(x, y, ".").xlabel("x").ylabel("l1(x)");
    axes.plot(x, u.column(0), Style::new("--C1").id(unit(1, 0)));
    axes.plot(x, u.column(1), Style::new("--C2").id(unit(1, 1)));
    Ok(figure)
}

fn bent_lines(found: &Findings) -> yhat::Result<Figure> {
    let (x, y, v) = (found.get("x")?, found.get("y")?, found.get("v")?);
    let mut figure = Figure::new();
    let axes = figure.axes();
    axes.plot(x, y, ".").xlabel("x").ylabel("a1(l1(x))");
    axes.plot(x, v.column(0), Style::new("--C1").id(unit(1, 0)));
    axes.plot(x, v.column(1), Style::new("--C2").id(unit(1, 1)));
    Ok(figure)
}

fn answer(found: &Findings) -> yhat::Result<Figure> {
    let (x, y, yhat) = (found.get("x")?, found.get("y")?, found.get("yhat")?);
    let mut figure = Figure::new();
    figure.axes().plot(x, y, ".").plot(x, yhat, Style::new("--").id(unit(2, 0))).xlabel("x").ylabel("l2(a1(l1(x)))");
    Ok(figure)
}

fn contributions(found: &Findings) -> yhat::Result<Figure> {
    let (x, y, v) = (found.get("x")?, found.get("y")?, found.get("v")?);
    let (w, b) = (found.get("W2")?, found.get("b2")?.item());
    let (red, blue) = (v.column(0), v.column(1));
    let red_part = red.mapv(|v| v * w.at(&[0, 0]));
    let blue_part = blue.mapv(|v| v * w.at(&[1, 0]) + b);
    let sum = &red_part.to_f64() + &blue_part.to_f64();

    let mut figure = Figure::new();
    figure.size(12.0, 4.0);
    let [[ax1, ax2, ax3]] = figure.subplots();
    ax1.plot(x, y, ".").title("v");
    ax1.plot(x, red, Style::new("--r").id(unit(1, 0))).plot(x, blue, Style::new("--b").id(unit(1, 1)));
    ax2.plot(x, y, ".").title("v * W2 (+ b2)");
    ax2.plot(x, red_part, Style::new("--r").id(unit(1, 0))).plot(x, blue_part, Style::new("--b").id(unit(1, 1)));
    ax3.plot(x, y, ".").plot(x, sum, Style::new("--").id(unit(2, 0))).title("their sum: yhat");
    Ok(figure)
}
