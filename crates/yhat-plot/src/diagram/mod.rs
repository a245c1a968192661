//! Diagrams of a network, drawn from the network itself.
//!
//! A [`Network`] is a description: layers with their names, classes, shapes, activations and, if there are any, weights.
//! It is made from a net ([`Network::of`]) or written down ([`Network::new`]), and gives three views of itself, each a
//! [`Diagram`]:
//!
//! - [`Network::nodes`]: a column of nodes for every layer, as on a blackboard,
//! - [`Network::operations`]: what is computed from what, step by step,
//! - [`Network::plot_model`]: a box for every layer with its shapes, as Keras's `plot_model`.
//!
//! A diagram is written as [`Diagram::svg`], laid out here, or as [`Diagram::dot`] for Graphviz.
//!
//! ```
//! use yhat_plot::diagram::Network;
//! let net = Network::new(1).dense(2, "relu").dense(1, "linear");
//! assert!(net.nodes().svg().starts_with("<svg"));
//! assert!(net.nodes().dot().contains("label=\"Layer 1: relu\""));
//! ```

mod dot;
mod layout;
mod network;
mod svg;
mod views;

pub use network::{Network, NetworkLayer};
pub use views::NodeView;

/// Boxes and arrows: a view of a [`Network`].
#[derive(Clone, Debug, PartialEq)]
pub struct Diagram {
    direction: Direction,
    clusters: Vec<String>,
    nodes: Vec<Node>,
    edges: Vec<Edge>,
    description: String,
}

/// Which way the arrows go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Direction {
    LeftToRight,
    TopToBottom,
}

#[derive(Clone, Debug, PartialEq)]
struct Node {
    id: String,
    body: Body,
    /// The frame that the node stands in, as an index.
    cluster: Option<usize>,
    /// Layer and number of the unit that it stands for.
    unit: Option<(usize, usize)>,
}

/// What is written in a node.
#[derive(Clone, Debug, PartialEq)]
enum Body {
    /// A name in an ellipse, with a line of small print below it where there is one.
    Ellipse { label: String, note: Option<String> },
    /// What stands for all that is left out.
    Dots,
    /// A name beside two lines of a table.
    Record { title: String, rows: [(String, String); 2] },
}

#[derive(Clone, Debug, PartialEq)]
struct Edge {
    from: usize,
    to: usize,
    label: String,
    /// A weight as a part of the largest one, from -1 to 1.
    weight: Option<f64>,
}

impl Diagram {
    fn new(direction: Direction, description: String) -> Diagram {
        Diagram { direction, clusters: Vec::new(), nodes: Vec::new(), edges: Vec::new(), description }
    }

    /// Begins a frame for the nodes to come.
    fn cluster(&mut self, label: impl Into<String>) {
        self.clusters.push(label.into());
    }

    fn add(&mut self, id: impl Into<String>, body: Body, unit: Option<(usize, usize)>) -> usize {
        let cluster = self.clusters.len().checked_sub(1);
        self.nodes.push(Node { id: id.into(), body, cluster, unit });
        self.nodes.len() - 1
    }

    fn ellipse(&mut self, id: impl Into<String>, label: impl Into<String>, unit: Option<(usize, usize)>) -> usize {
        self.add(id, Body::Ellipse { label: label.into(), note: None }, unit)
    }

    fn connect(&mut self, from: usize, to: usize, label: impl Into<String>) {
        self.edges.push(Edge { from, to, label: label.into(), weight: None });
    }

    /// What the diagram shows, in a sentence: its text for whoever can't see it.
    pub fn description(&self) -> &str {
        &self.description
    }
}
