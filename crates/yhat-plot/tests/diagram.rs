//! Diagrams of nets of many shapes: nothing overlaps, nothing is lost, both languages say the same.

use std::collections::BTreeSet;

use yhat::prelude::*;
use yhat_plot::diagram::{Diagram, Network};

/// The numbers of an attribute, element by element.
fn attribute(svg: &str, element: &str, name: &str) -> Vec<f64> {
    let (start, label) = (format!("<{element} "), format!(" {name}=\""));
    let number = |rest: &str| {
        let tag = format!(" {}", rest.split('>').next().unwrap());
        tag.split(&label).nth(1).unwrap().split('"').next().unwrap().parse().unwrap()
    };
    svg.split(&start).skip(1).map(number).collect()
}

fn nets() -> Vec<Network> {
    let chain = |inputs: usize, widths: &[usize]| {
        widths.iter().fold(Network::new(inputs), |net, units| net.dense(*units, "relu")).dense(1, "linear")
    };
    let mut nets = vec![Network::new(1).dense(1, "sigmoid"), Network::new(3).dense(2, "softmax")];
    for inputs in [1, 2, 9] {
        nets.extend([&[2][..], &[512], &[6, 7], &[3, 3, 3], &[]].map(|widths| chain(inputs, widths)));
    }
    nets
}

#[test]
fn ellipses_stand_apart_and_within_the_page() {
    for net in nets() {
        for diagram in [net.nodes().diagram(), net.operations()] {
            let svg = diagram.svg();
            let [cx, cy, rx, ry] = ["cx", "cy", "rx", "ry"].map(|name| attribute(&svg, "ellipse", name));
            let (width, height) = (attribute(&svg, "svg", "width")[0], attribute(&svg, "svg", "height")[0]);
            for i in 0..cx.len() {
                assert!(cx[i] - rx[i] > 0.0 && cx[i] + rx[i] < width && cy[i] - ry[i] > 0.0 && cy[i] + ry[i] < height);
                for j in 0..i {
                    let apart = (cx[i] - cx[j]).abs() > rx[i] + rx[j] || (cy[i] - cy[j]).abs() > ry[i] + ry[j];
                    assert!(apart, "{i} and {j} of {}", diagram.description());
                }
            }
        }
    }
}

#[test]
fn frames_stand_apart() {
    for net in nets() {
        let svg = net.nodes().svg();
        let (left, width) = (attribute(&svg, "rect", "x"), attribute(&svg, "rect", "width"));
        for k in 1..left.len() {
            assert!(left[k - 1] + width[k - 1] < left[k], "{}", net.nodes().diagram().description());
        }
    }
}

/// What is written in the drawing, without the frames' titles and Graphviz's escapes.
fn words(diagram: &Diagram) -> [BTreeSet<String>; 2] {
    let svg = diagram.svg();
    let drawn = svg.split("</text>").filter_map(|part| part.rsplit_once('>')).map(|(_, text)| text.to_string());
    let drawn = drawn.filter(|text| !text.is_empty()).collect();
    let dot = diagram.dot();
    let labels = dot.split("label=\"").skip(1).map(|rest| rest.split('"').next().unwrap());
    let labels = labels.flat_map(|label| label.split("\\n")).flat_map(|label| label.split(['|', '{', '}']));
    [drawn, labels.filter(|label| !label.is_empty()).map(str::to_string).collect()]
}

#[test]
fn both_languages_hold_the_same_words() {
    for net in nets() {
        for diagram in [net.nodes().diagram(), net.operations(), net.plot_model()] {
            let [svg, dot] = words(&diagram);
            assert_eq!(svg, dot);
        }
    }
}

#[test]
fn the_views_of_the_course() {
    let dot = Network::new(1).dense(1, "linear").operations().dot();
    assert!(dot.contains("\"x*w, bias=True\" -> \"yhat\" [label=\"identity\"]"), "{dot}");
    let nodes = Network::new(1).dense(1, "sigmoid").nodes().dot();
    assert!(nodes.contains("node1=yhat") && nodes.contains("Layer 1: sigmoid"), "{nodes}");
    let [svg, _] = words(&Network::new(1).dense(512, "relu").dense(1, "linear").nodes().diagram());
    for word in ["Layer 0", "Layer 1: relu", "Layer 2", "X", "node1", "node2", "...", "node512", "yhat"] {
        assert!(svg.contains(word), "{word} in {svg:?}");
    }
    assert_eq!(svg.len(), 9);
}

#[test]
fn weights_are_signs_widths_and_numbers() {
    let mut net = Sequential::new();
    net.add(Dense::new(2));
    net.add(Activation::new("tanh"));
    net.add(Dense::new(1).use_bias(false));
    net.build(1).unwrap();
    net.set_weights([Array::from([[2.0, -1.0]]), Array::from([0.5, 0.0]), Array::from([[0.004], [0.0]])]).unwrap();
    let network = Network::of(&net).unwrap();
    let svg = network.nodes().weights(true).svg();
    for word in [">2.00<", ">\u{2212}1.00<", ">0.0040<", ">bias 0.50<", "Layer 1: tanh", "stroke-width=\"4.00\""] {
        assert!(svg.contains(word), "{word} in {svg}");
    }
    assert!(svg.contains("#c0392b") && svg.contains("data-from=\"0:0\" data-to=\"1:1\""));
    assert!(!network.nodes().svg().contains("bias") && !network.nodes().svg().contains("#c0392b"));
    assert!(network.plot_model().dot().contains("activation: Activation"));
}

#[test]
fn layers_without_weights_are_columns_or_functions() {
    let mut net = Sequential::new();
    net.add(Flatten::new().input_shape([2, 2]));
    net.add(Dense::new(3).activation("linear"));
    net.add(Softmax::new());
    let svg = Network::of(&net).unwrap().nodes().svg();
    for word in ["Layer 1: Flatten", "Layer 2: Softmax", "yhat[:,2]"] {
        assert!(svg.contains(word), "{word} in {svg}");
    }
    // A Flatten passes each number on: four arrows to it, twelve from it.
    assert_eq!(svg.matches("class=\"edge\"").count(), 4 + 12);
}

#[test]
fn a_net_that_can_not_be_drawn_says_why() {
    let mut net = Sequential::new();
    net.add(Dense::new(2));
    assert!(Network::of(&net).unwrap_err().to_string().contains("has no weights yet"));
    net.add(Dense::new(1).activation("Relu"));
    assert!(Network::of(&net).unwrap_err().to_string().contains("did you mean 'relu'?"));
}

#[test]
fn names_are_escaped() {
    let mut net = Sequential::new();
    net.add(Dense::new(1).input_shape(1).named("a\"<b>"));
    let network = Network::of(&net).unwrap();
    assert!(network.plot_model().svg().contains("a&quot;&lt;b&gt;: Dense"));
    assert!(network.plot_model().dot().contains("a\\\"\\<b\\>: Dense"));
}
