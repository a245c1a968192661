//! A node with a relu behind it, and three slips of the pen.

use yhat::prelude::*;
use yhat_plot::{Figure, Style};

use crate::{Findings, Page, chapters::data, findings::signed};

/// Fits a line with a relu behind it.
pub fn run() -> yhat::Result<Findings> {
    let (x, y) = data::regression();
    let x = x.reshape([100, 1])?;

    // [build]
    let mut net = Sequential::new();
    set_seed(43053);
    let l1 = Dense::new(1).input_shape(1);
    let a1 = Activation::new(relu);
    net.add(&l1);
    net.add(&a1);

    // [same]
    let same = (l1 == net.layers()[0], a1 == net.layers()[1]);
    let first = net.get_weights()?;

    // [look]
    let u = l1.call(&x)?;
    let v = a1.call(&u)?;
    let (u_first, v_first) = (u.eval()?, v.eval()?);

    // [fit]
    net.compile(Sgd::new(0.1), "mse");
    let history = net.fit(&x, &y, Fit::epochs(1000).batch_size(100))?;

    // [ways]
    let weights = l1.weights()?;
    let layers = net.layers();
    let ways = [
        relu(&(Tensor::from(x.cast(DType::F32)).matmul(&weights[0]) + &weights[1])).eval()?,
        net.predict(&x)?,
        net.call(&x)?.eval()?,
        a1.call(l1.call(&x)?)?.eval()?,
        layers[1].call(layers[0].call(&x)?)?.eval()?,
    ];

    // [verdict]
    let verdict = net.diagnose(&x, &y)?;

    // [found]
    let trained = net.get_weights()?;
    let (w, b) = (trained[0].item(), trained[1].item());
    let negative = y.to_vec().iter().filter(|y| **y < 0.0).count();
    let mut findings = Findings::new();
    findings.diagnosis("net", verdict);
    findings.say(format!("yhat = relu({w:.4} x {}), loss {:.4}", signed(b), history.last("loss")));
    findings.say(format!("{negative} of {} points are below zero, where this net can't go", y.size()));
    findings.array("first_kernel", &first[0]);
    findings.array("first_bias", &first[1]);
    findings.array("kernel", &trained[0]);
    findings.array("bias", &trained[1]);
    findings.keep("layers", format!("{:?}", net.layers()));
    findings.keep("same", format!("l1 == net.layers()[0]: {}, a1 == net.layers()[1]: {}", same.0, same.1));
    for (name, message) in ["slip_activation", "slip_optimizer", "slip_order"].into_iter().zip(slips(&x, &y)) {
        findings.keep(name, message);
    }
    findings.list("sol2_init", first);
    findings.list("sol2", trained);
    findings.array("ways", Array::stack(&ways));
    findings.number("sol2_ways", Array::stack(&ways));
    findings.array("yhat", &ways[1]);
    findings.array("x", x);
    findings.array("y", y);
    findings.array("u_first", u_first);
    findings.array("v_first", v_first);
    findings.array("negative", negative as f64);
    findings.array("loss", &history["loss"]);
    Ok(findings)
}

// [slips]
/// What is said to three slips of the pen.
fn slips(x: &Array, y: &Array) -> [String; 3] {
    let told = |activation: &str, optimizer: &str, loss: &str| {
        let mut net = Sequential::new();
        net.add(Dense::new(1).activation(activation));
        net.compile(optimizer, loss);
        let fitted = net.fit(x, y, Fit::epochs(1000).batch_size(100));
        fitted.map_or_else(|error| error.to_string(), |_| "no complaint".into())
    };
    [told("Relu", "sgd", "mse"), told("relu", "sdg", "mse"), told("relu", "mse", "sgd")]
}

// [page]
/// The chapter's part of the page.
pub fn page(found: &Findings) -> yhat::Result<Page> {
    let ways = found.get("ways")?;
    let yhat = found.get("yhat")?.to_vec();
    let apart = ways.to_vec().chunks(yhat.len()).flat_map(|way| way.iter().zip(&yhat).map(|(a, b)| (a - b).abs()).collect::<Vec<_>>()).fold(0.0, f64::max);
    let mut page = Page::new();
    page.value("ways", ways.shape()[0] as f64);
    page.value("apart", apart);
    page.value("points", yhat.len() as f64);
    page.value("negative", found.get("negative")?.item());
    page.value("w_first", found.get("first_kernel")?.item());
    page.value("w", found.get("kernel")?.item());
    page.value("b", found.get("bias")?.item());
    page.value("bend_at", -found.get("bias")?.item() / found.get("kernel")?.item());
    page.value("default_rate", Sgd::default().learning_rate());
    page.text("try");
    page.code("build");
    page.code("same");
    page.output("layers", format!("{}\n{}", found.text("layers")?, found.text("same")?));
    page.arrays("first", &[("kernel", found.get("first_kernel")?), ("bias", found.get("first_bias")?)]);
    page.code("look");
    page.figure("before", before(found)?);
    page.code("fit");
    page.text("rate");
    page.code("ways");
    page.text("ways_text");
    page.figure("after", after(found)?);
    page.loss(found.get("loss")?);
    page.text("why");
    page.verdict(found.verdict("net")?);
    page.text("slips_text");
    page.code("slips");
    for slip in ["slip_activation", "slip_optimizer", "slip_order"] {
        page.output(slip, found.text(slip)?);
    }
    Ok(page)
}

fn before(found: &Findings) -> yhat::Result<Figure> {
    let (x, u, v) = (found.get("x")?, found.get("u_first")?, found.get("v_first")?);
    let mut figure = Figure::new();
    let axes = figure.axes();
    axes.plot(x, x, Style::new("").label("x"));
    axes.plot(x, u, Style::new("--r").label("u = l1(x)"));
    axes.plot(x, v, Style::new("--b").label("v = a1(u)"));
    axes.xlabel("x").legend();
    Ok(figure)
}

fn after(found: &Findings) -> yhat::Result<Figure> {
    let (x, y, yhat) = (found.get("x")?, found.get("y")?, found.get("yhat")?);
    let mut figure = Figure::new();
    figure.axes().plot(x, y, Style::new(".").label("y")).plot(x, yhat, Style::new("--").label("yhat")).xlabel("x").legend();
    Ok(figure)
}
