//! Where everything goes: ranks along the arrows, nodes of a rank side by side, centred.

use super::{Body, Diagram, Direction, Node};

pub(super) const FONT: f64 = 14.0;
pub(super) const SMALL: f64 = 11.0;
/// Height of an ellipse, and of each line of a record.
const LINE: f64 = 36.0;
/// Space between nodes side by side, between ranks, around a frame.
const BESIDE: f64 = 24.0;
const BETWEEN: f64 = 54.0;
pub(super) const PAD: f64 = 12.0;
/// Height of a frame's title.
pub(super) const TITLE: f64 = 24.0;

/// A rectangle by its middle and its size.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Place {
    pub x: f64,
    pub y: f64,
    pub width: f64,
    pub height: f64,
}

/// A diagram with a place for everything.
pub(super) struct Layout {
    pub width: f64,
    pub height: f64,
    pub nodes: Vec<Place>,
    pub clusters: Vec<Place>,
}

/// Nearly the width of a text in Helvetica.
pub(super) fn text_width(text: &str, size: f64) -> f64 {
    let em = |c: char| match c {
        'i' | 'j' | 'l' | '\'' | '|' | '.' | ',' | ':' | ';' | '!' | ' ' | '[' | ']' | 'I' | 't' | 'f' => 0.3,
        '(' | ')' | 'r' | '-' | '*' => 0.36,
        'm' | 'w' | 'M' | 'W' => 0.85,
        'A'..='Z' => 0.7,
        c if !c.is_ascii() && c.is_alphabetic() => 1.0,
        _ => 0.56,
    };
    text.chars().map(em).sum::<f64>() * size
}

/// Width and height of a node.
fn size(node: &Node) -> (f64, f64) {
    match &node.body {
        Body::Ellipse { label, note } => {
            let note_width = note.as_ref().map_or(0.0, |note| text_width(note, SMALL));
            let height = if note.is_some() { LINE + 12.0 } else { LINE };
            ((text_width(label, FONT).max(note_width) + 30.0).max(54.0), height)
        }
        Body::Dots => (54.0, LINE * 0.6),
        Body::Record { title, rows } => {
            let [left, right] = columns(rows);
            (text_width(title, FONT) + 24.0 + left + right, 2.0 * LINE * 0.7)
        }
    }
}

/// The widths of a record's two columns.
pub(super) fn columns(rows: &[(String, String); 2]) -> [f64; 2] {
    let widest = |texts: [&String; 2]| texts.iter().fold(0.0, |m: f64, t| m.max(text_width(t, FONT))) + 18.0;
    [widest([&rows[0].0, &rows[1].0]), widest([&rows[0].1, &rows[1].1])]
}

impl Diagram {
    pub(super) fn layout(&self) -> Layout {
        let across = self.direction == Direction::LeftToRight;
        let sizes: Vec<(f64, f64)> = self.nodes.iter().map(size).collect();
        let (along, beside): (Vec<f64>, Vec<f64>) =
            sizes.iter().map(|(w, h)| if across { (*w, *h) } else { (*h, *w) }).unzip();
        let ranks = self.ranks();
        let starts = self.starts(&ranks, &along, across);
        let breadths: Vec<f64> = starts.iter().enumerate().map(|(r, _)| breadth(&ranks, &beside, r)).collect();
        let widest = breadths.iter().copied().fold(0.0, f64::max);
        let mut next: Vec<f64> = breadths.iter().map(|breadth| (widest - breadth) / 2.0).collect();

        let margin = if self.clusters.is_empty() { 6.0 } else { PAD + 6.0 };
        let top = if self.clusters.is_empty() { 6.0 } else { PAD + TITLE };
        let mut nodes = Vec::new();
        for (k, rank) in ranks.iter().enumerate() {
            let (start, room) = starts[*rank];
            let main = margin + start + room / 2.0;
            let cross = next[*rank] + beside[k] / 2.0;
            next[*rank] += beside[k] + BESIDE;
            let (width, height) = sizes[k];
            let (x, y) = if across { (main, top + cross) } else { (margin + cross, top - margin + main) };
            nodes.push(Place { x, y, width, height });
        }
        let end = starts.last().map_or(0.0, |(start, room)| start + room);
        let (width, height) = if across {
            (end + 2.0 * margin, widest + top + margin)
        } else {
            (widest + 2.0 * margin, end + top + margin)
        };
        let clusters = (0..self.clusters.len()).map(|c| self.frame(c, &ranks, &starts, margin, height)).collect();
        Layout { width, height, nodes, clusters }
    }

    /// How many arrows lead to each node, at most.
    fn ranks(&self) -> Vec<usize> {
        let mut ranks = vec![0; self.nodes.len()];
        // Nodes are added before what is computed from them, and edges after both ends.
        for node in 0..self.nodes.len() {
            let before = self.edges.iter().filter(|edge| edge.to == node).map(|edge| ranks[edge.from] + 1);
            ranks[node] = before.max().unwrap_or(0);
        }
        ranks
    }

    /// Where each rank starts along the arrows, and its room.
    fn starts(&self, ranks: &[usize], along: &[f64], across: bool) -> Vec<(f64, f64)> {
        let count = ranks.iter().max().map_or(0, |most| most + 1);
        let mut starts: Vec<(f64, f64)> = Vec::new();
        let mut at = 0.0;
        for rank in 0..count {
            let members = || (0..ranks.len()).filter(|k| ranks[*k] == rank);
            let title = match (across, self.alone(rank, ranks)) {
                (true, Some(cluster)) => text_width(&self.clusters[cluster], FONT) - PAD,
                _ => 0.0,
            };
            let room = members().map(|k| along[k]).fold(title, f64::max);
            starts.push((at, room));
            let labels = self.edges.iter().filter(|edge| ranks[edge.from] == rank);
            let label = labels.map(|edge| text_width(&edge.label, FONT)).fold(0.0, f64::max);
            let gap = if across && label > 0.0 { label + 34.0 } else { BETWEEN };
            at += room + if across { gap.max(BETWEEN) } else { BETWEEN * 0.75 };
        }
        starts
    }

    /// The frame that consists of this rank only.
    fn alone(&self, rank: usize, ranks: &[usize]) -> Option<usize> {
        let cluster = |k: usize| self.nodes[k].cluster;
        let mine = (0..ranks.len()).find(|k| ranks[*k] == rank).and_then(cluster)?;
        let elsewhere = (0..ranks.len()).any(|k| cluster(k) == Some(mine) && ranks[k] != rank);
        (!elsewhere).then_some(mine)
    }

    fn frame(&self, cluster: usize, ranks: &[usize], starts: &[(f64, f64)], margin: f64, height: f64) -> Place {
        let members = (0..ranks.len()).filter(|k| self.nodes[*k].cluster == Some(cluster)).map(|k| starts[ranks[k]]);
        let (from, to) = members.fold((f64::INFINITY, 0.0), |(from, to): (f64, f64), (start, room)| {
            (from.min(start), to.max(start + room))
        });
        let width = to - from + 2.0 * PAD;
        Place { x: margin - PAD + from + width / 2.0, y: height / 2.0, width, height: height - 8.0 }
    }
}

fn breadth(ranks: &[usize], beside: &[f64], rank: usize) -> f64 {
    let members = || (0..ranks.len()).filter(|k| ranks[*k] == rank);
    members().map(|k| beside[k]).sum::<f64>() + BESIDE * members().count().saturating_sub(1) as f64
}
