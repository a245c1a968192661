//! A diagram as text for Graphviz.

use std::fmt::Write;

use super::{Body, Diagram, Direction, Edge, Node};

impl Diagram {
    /// The diagram in Graphviz's language: `dot -Tsvg` draws what [`Diagram::svg`] draws, in its own manner.
    ///
    /// ```
    /// use yhat_plot::diagram::Network;
    /// let dot = Network::new(1).dense(1, "sigmoid").operations().dot();
    /// assert!(dot.starts_with("digraph G {") && dot.contains("\"x\" -> \"x*w, bias=True\" [label=\"*w\"]"));
    /// ```
    pub fn dot(&self) -> String {
        let direction = if self.direction == Direction::LeftToRight { "LR" } else { "TB" };
        let mut dot = format!("digraph G {{\n  rankdir=\"{direction}\";\n  ordering=\"out\";\n");
        dot.push_str(
            "  fontname=\"Helvetica\";\n  node [fontname=\"Helvetica\", style=\"filled\", fillcolor=\"white\"];\n",
        );
        dot.push_str("  edge [fontname=\"Helvetica\"];\n");
        for (number, label) in self.clusters.iter().enumerate() {
            let _ = writeln!(dot, "  subgraph cluster_{number} {{\n    style=\"filled\";\n    color=\"lightgrey\";");
            let _ = writeln!(dot, "    label={};", quoted(label));
            for node in self.nodes.iter().filter(|node| node.cluster == Some(number)) {
                let _ = writeln!(dot, "    {}", declared(node));
            }
            dot.push_str("  }\n");
        }
        for node in self.nodes.iter().filter(|node| node.cluster.is_none()) {
            let _ = writeln!(dot, "  {}", declared(node));
        }
        for edge in &self.edges {
            let (from, to) = (quoted(&self.nodes[edge.from].id), quoted(&self.nodes[edge.to].id));
            let _ = writeln!(dot, "  {from} -> {to}{};", settings(edge));
        }
        dot + "}\n"
    }
}

fn declared(node: &Node) -> String {
    let id = quoted(&node.id);
    match &node.body {
        Body::Ellipse { label, note } => {
            let lines = note.as_ref().map_or(label.clone(), |note| format!("{label}\n{note}"));
            format!("{id} [label={}];", quoted(&lines))
        }
        Body::Dots => format!("{id} [label=\"...\", shape=\"plaintext\", style=\"\"];"),
        Body::Record { title, rows } => {
            let [(input, taken), (output, given)] = rows;
            let label = format!("{}|{{{input}|{output}}}|{{{taken}|{given}}}", cell(title));
            format!("{id} [shape=\"record\", label=\"{label}\"];")
        }
    }
}

fn settings(edge: &Edge) -> String {
    let mut settings = Vec::new();
    if !edge.label.is_empty() {
        settings.push(format!("label={}", quoted(&edge.label)));
    }
    if let Some(weight) = edge.weight {
        let colour = if weight < 0.0 { "#c0392b" } else { "#1f66b5" };
        settings.push(format!("color=\"{colour}\", penwidth=\"{:.2}\"", 0.75 + 3.25 * weight.abs()));
    }
    if settings.is_empty() { String::new() } else { format!(" [{}]", settings.join(", ")) }
}

/// A text in a record, where brackets and bars have a meaning.
fn cell(text: &str) -> String {
    let escaped = |c: char| if "{}|<>\\\"".contains(c) { format!("\\{c}") } else { c.to_string() };
    text.chars().map(escaped).collect()
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"))
}
