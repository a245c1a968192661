//! The three views of a network.

use super::{Body, Diagram, Direction, Edge, Network, network::Stage};

/// Up to so many weights between two layers are written at their edges.
const WRITTEN: usize = 12;

/// The view with a node for every unit, and what it is to show: given by [`Network::nodes`].
#[derive(Clone, Debug)]
pub struct NodeView<'a> {
    network: &'a Network,
    weights: bool,
    most: usize,
}

impl Network {
    /// A column of nodes for every layer that has weights, framed and named after its activation. Of a layer of more
    /// than six nodes the first two and the last are drawn, and `...` between them.
    ///
    /// ```
    /// use yhat_plot::diagram::Network;
    /// let net = Network::new(1).dense(512, "relu").dense(1, "linear");
    /// let dot = net.nodes().dot();
    /// assert!(dot.contains("node512") && dot.contains("\"...\"") && !dot.contains("node100"));
    /// ```
    pub fn nodes(&self) -> NodeView<'_> {
        NodeView { network: self, weights: false, most: 6 }
    }

    /// What is computed from what: weighted sums `u`, what the activation makes of them, `v`, the answer `yhat`.
    ///
    /// A network of a single unit is drawn with its formula, and with the activation even where it is the identity.
    ///
    /// ```
    /// use yhat_plot::diagram::Network;
    /// let dot = Network::new(1).dense(2, "relu").dense(1, "linear").operations().dot();
    /// assert!(dot.contains("\"X\" -> \"u1[:,0]\" [label=\"*W1[0,0]\"]"));
    /// assert!(dot.contains("\"u1[:,0]\" -> \"v1[:,0]\" [label=\"relu\"]"));
    /// ```
    pub fn operations(&self) -> Diagram {
        let stages = self.stages();
        match &stages[..] {
            [input, only] if input.units == 1 && only.units == 1 && only.connected => single(only),
            _ => operations(&stages),
        }
    }

    /// A box for every layer with its name, class and shapes, from top to bottom: Keras's `plot_model` with
    /// `show_shapes` and `show_layer_names`.
    ///
    /// ```
    /// use yhat_plot::diagram::Network;
    /// let dot = Network::new(1).dense(2, "relu").plot_model().dot();
    /// assert!(dot.contains("dense: Dense|{input:|output:}|{(None, 1)|(None, 2)}"));
    /// ```
    pub fn plot_model(&self) -> Diagram {
        let names: Vec<String> = self.layers().iter().map(|l| format!("{} ({})", l.name, l.kind)).collect();
        let mut diagram = Diagram::new(Direction::TopToBottom, format!("The layers in order: {}.", names.join(", ")));
        let mut shape = batch(self.input());
        let first = self.layers().first().map_or("input".to_string(), |layer| format!("{}_input", layer.name));
        let mut last = record(&mut diagram, format!("{first}: InputLayer"), [&shape, &shape]);
        for layer in self.layers() {
            let next = batch(&layer.output);
            let node = record(&mut diagram, format!("{}: {}", layer.name, layer.kind), [&shape, &next]);
            diagram.connect(last, node, "");
            (shape, last) = (next, node);
        }
        diagram
    }
}

impl NodeView<'_> {
    /// Whether the weights are drawn: blue where positive, red where negative, the wider the larger, with their values
    /// where there are few. Without effect where the network has none.
    pub fn weights(self, weights: bool) -> Self {
        NodeView { weights, ..self }
    }

    /// Layers of more nodes than this are drawn with `...`; at least four.
    pub fn most(self, most: usize) -> Self {
        NodeView { most: most.max(4), ..self }
    }

    /// The view as a diagram.
    pub fn diagram(&self) -> Diagram {
        let stages = self.network.stages();
        let mut diagram = Diagram::new(Direction::LeftToRight, described(&stages));
        let mut before: Vec<Option<usize>> = Vec::new();
        let mut nodes_before = Vec::new();
        for (k, stage) in stages.iter().enumerate() {
            diagram.cluster(match stage.function() {
                Some(function) => format!("Layer {k}: {function}"),
                None => format!("Layer {k}"),
            });
            let units = shown(stage.units, self.most);
            let nodes: Vec<usize> = units.iter().map(|unit| self.node(&mut diagram, &stages, k, *unit)).collect();
            self.edges(&mut diagram, stage, (&before, &nodes_before), (&units, &nodes));
            (before, nodes_before) = (units, nodes);
        }
        diagram
    }

    /// [`Diagram::svg`] of the view.
    pub fn svg(&self) -> String {
        self.diagram().svg()
    }

    /// [`Diagram::dot`] of the view.
    pub fn dot(&self) -> String {
        self.diagram().dot()
    }

    fn node(&self, diagram: &mut Diagram, stages: &[Stage], k: usize, unit: Option<usize>) -> usize {
        let Some(unit) = unit else {
            return diagram.add(format!("dots{k}"), Body::Dots, None);
        };
        let (stage, last) = (&stages[k], stages.len() - 1);
        let label = match (k, stage.units) {
            (0, 1) => "X".to_string(),
            (0, _) => format!("X[:,{unit}]"),
            (_, 1) if k == last && last == 1 => "node1=yhat".to_string(),
            (_, 1) if k == last => "yhat".to_string(),
            _ if k == last => format!("yhat[:,{unit}]"),
            _ => format!("node{}", unit + 1),
        };
        let bias = stage.bias.as_ref().filter(|_| self.weights).map(|bias| bias.at(&[unit]));
        let note = bias.map(|bias| format!("bias {}", short(bias)));
        let id = if k == 0 || k == last { label.clone() } else { format!("layer{k}.{label}") };
        diagram.add(id, Body::Ellipse { label, note }, Some((k, unit)))
    }

    fn edges(
        &self,
        diagram: &mut Diagram,
        stage: &Stage,
        (sources, from): (&[Option<usize>], &[usize]),
        (targets, to): (&[Option<usize>], &[usize]),
    ) {
        let kernel = stage.kernel.as_ref().filter(|_| self.weights);
        let largest = kernel.map_or(0.0, |k| k.to_vec().iter().fold(0.0, |m: f64, w| m.max(w.abs())));
        let written = from.len() * to.len() <= WRITTEN;
        for (source, i) in sources.iter().zip(from) {
            for (target, j) in targets.iter().zip(to) {
                if !stage.connected && source != target {
                    continue;
                }
                let weight = match (kernel, source, target) {
                    (Some(kernel), Some(i), Some(j)) => Some(kernel.at(&[*i, *j])),
                    _ => None,
                };
                let label = weight.filter(|_| written).map_or(String::new(), short);
                let weight = weight.map(|w| if largest > 0.0 { w / largest } else { 0.0 });
                diagram.edges.push(Edge { from: *i, to: *j, label, weight });
            }
        }
    }
}

/// The units that are drawn, in order; `None` stands for those left out.
fn shown(units: usize, most: usize) -> Vec<Option<usize>> {
    match units {
        n if n <= most => (0..n).map(Some).collect(),
        n => vec![Some(0), Some(1), None, Some(n - 1)],
    }
}

/// x, the sum, the answer.
fn single(only: &Stage) -> Diagram {
    let function = only.function().unwrap_or_else(|| "identity".to_string());
    let sum = if only.uses_bias { "x*w, bias=True" } else { "x*w, bias=False" };
    let text = format!("x times a weight gives {sum}; {function} of that is yhat.");
    let mut diagram = Diagram::new(Direction::LeftToRight, text);
    diagram.cluster("Layer 0");
    let x = diagram.ellipse("x", "x", Some((0, 0)));
    diagram.cluster("Layer 1");
    let u = diagram.ellipse(sum, sum, Some((1, 0)));
    let yhat = diagram.ellipse("yhat", "yhat", Some((1, 0)));
    diagram.connect(x, u, "*w");
    diagram.connect(u, yhat, function);
    diagram
}

fn operations(stages: &[Stage]) -> Diagram {
    let mut diagram = Diagram::new(Direction::LeftToRight, described(stages));
    let last = stages.len() - 1;
    let mut before: Vec<(Option<usize>, usize)> = Vec::new();
    for (k, stage) in stages.iter().enumerate() {
        diagram.cluster(format!("Layer {k}"));
        let units = shown(stage.units, 6);
        let name = |letter: &str, unit: Option<usize>| match (letter, unit, stage.units) {
            (_, None, _) => format!("{letter}{k}..."),
            ("X" | "yhat", _, 1) => letter.to_string(),
            ("X" | "yhat", Some(j), _) => format!("{letter}[:,{j}]"),
            (_, Some(j), _) => format!("{letter}{k}[:,{j}]"),
        };
        let (function, answer) = (stage.function(), if k == last { "yhat" } else { "v" });
        let sum = match (k, &function) {
            (0, _) => "X",
            (_, Some(_)) => "u",
            (_, None) => answer,
        };
        let mut now = Vec::new();
        for unit in units {
            let u = step(&mut diagram, name(sum, unit), k, unit);
            for (source, from) in &before {
                match (source, unit) {
                    (Some(i), Some(j)) if stage.connected => diagram.connect(*from, u, format!("*W{k}[{i},{j}]")),
                    _ if stage.connected || *source == unit => diagram.connect(*from, u, ""),
                    _ => {}
                }
            }
            let Some(function) = &function else {
                now.push((unit, u));
                continue;
            };
            let v = step(&mut diagram, name(answer, unit), k, unit);
            diagram.connect(u, v, if unit.is_some() { function } else { "" });
            now.push((unit, v));
        }
        before = now;
    }
    diagram
}

fn step(diagram: &mut Diagram, label: String, k: usize, unit: Option<usize>) -> usize {
    match unit {
        Some(j) => diagram.ellipse(&label, &label, Some((k, j))),
        None => diagram.add(label, Body::Dots, None),
    }
}

fn record(diagram: &mut Diagram, title: String, shapes: [&String; 2]) -> usize {
    let id = title.split(':').next().unwrap_or(&title).to_string();
    let rows = [("input:".to_string(), shapes[0].clone()), ("output:".to_string(), shapes[1].clone())];
    diagram.add(id, Body::Record { title, rows }, None)
}

/// `(None, 2)`
fn batch(row: &[usize]) -> String {
    let lengths: Vec<String> = row.iter().map(usize::to_string).collect();
    match lengths.is_empty() {
        true => "(None,)".to_string(),
        false => format!("(None, {})", lengths.join(", ")),
    }
}

/// Three or four digits of a weight, with a true minus sign.
fn short(x: f64) -> String {
    let digits = if x.abs() >= 10.0 {
        1
    } else if x.abs() >= 0.01 || x == 0.0 {
        2
    } else {
        4
    };
    format!("{x:.digits$}").replace('-', "\u{2212}")
}

fn described(stages: &[Stage]) -> String {
    let counted = |n: usize, what: &str| if n == 1 { format!("1 {what}") } else { format!("{n} {what}s") };
    let parts: Vec<String> = stages
        .iter()
        .enumerate()
        .map(|(k, stage)| match (k, stage.function()) {
            (0, _) => counted(stage.units, "input"),
            (_, None) => counted(stage.units, "node"),
            (_, Some(function)) => format!("{} with {function}", counted(stage.units, "node")),
        })
        .collect();
    format!("A network from left to right: {}.", parts.join(", then "))
}
