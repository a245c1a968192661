//! What a chapter shows, part by part.

use std::fmt::Display;

use yhat::{Array, Diagnosis};
use yhat_plot::{Animation, Figure, diagram::Diagram};

use crate::{
    plots,
    text::{Value, Values},
};

/// A chapter's part of the page: a list of [`Block`]s, and the values that its words name.
///
/// Each block has a key, under which the chapter's files of words say what belongs to it.
#[derive(Clone, Debug, Default)]
pub struct Page {
    pub(crate) blocks: Vec<(&'static str, Block)>,
    pub(crate) values: Values,
}

/// One part of a chapter.
#[derive(Clone, Debug)]
pub enum Block {
    /// Words only.
    Text,
    /// A region of the chapter's source, from the comment `// [key]` on, beside the same in Keras.
    Code,
    /// What a program prints.
    Output(String),
    /// Rows below a head.
    Table(Vec<Vec<String>>),
    /// A figure, and below it the function of that name that draws it.
    Figure(Box<Figure>),
    /// A figure that moves.
    Animation(Box<Animation>),
    /// A network. Where a node stands for a unit, it lights the lines with that unit's [`id`](fn@unit) in the chapter's
    /// figures.
    Diagram(Box<Diagram>),
    /// What state a network is in, and why, below the region of the chapter's source that asks.
    Verdict(Box<Diagnosis>),
}

/// The id of a line that shows unit `unit` of layer `layer`, for [`yhat_plot::Style::id`].
pub fn unit(layer: usize, unit: usize) -> String {
    format!("{layer}:{unit}")
}

impl Page {
    /// An empty page.
    pub fn new() -> Page {
        Page::default()
    }

    /// The blocks in order, with their keys.
    pub fn blocks(&self) -> &[(&'static str, Block)] {
        &self.blocks
    }

    /// Adds a block of any kind.
    pub fn add(&mut self, key: &'static str, block: Block) {
        self.blocks.push((key, block));
    }

    /// Adds words.
    pub fn text(&mut self, key: &'static str) {
        self.add(key, Block::Text);
    }

    /// Adds a region of the source.
    pub fn code(&mut self, key: &'static str) {
        self.add(key, Block::Code);
    }

    /// Adds what a program prints.
    pub fn output(&mut self, key: &'static str, printed: impl Display) {
        self.add(key, Block::Output(printed.to_string()));
    }

    /// Adds arrays as they are printed, each under its name.
    pub fn arrays(&mut self, key: &'static str, arrays: &[(&str, &Array)]) {
        let print = |(name, array): &(&str, &Array)| {
            let pad = format!("\n{}", " ".repeat(name.chars().count() + 3));
            format!("{name} = {}", plots::printed(array).replace('\n', &pad))
        };
        self.output(key, arrays.iter().map(print).collect::<Vec<_>>().join("\n"));
    }

    /// Adds a table; the first row is its head.
    pub fn table(&mut self, key: &'static str, rows: Vec<Vec<String>>) {
        self.add(key, Block::Table(rows));
    }

    /// Adds a figure.
    pub fn figure(&mut self, key: &'static str, figure: Figure) {
        self.add(key, Block::Figure(Box::new(figure)));
    }

    /// Adds a figure that moves.
    pub fn animation(&mut self, key: &'static str, animation: Animation) {
        self.add(key, Block::Animation(Box::new(animation)));
    }

    /// Adds a network.
    pub fn diagram(&mut self, key: &'static str, diagram: Diagram) {
        self.add(key, Block::Diagram(Box::new(diagram)));
    }

    /// Adds the verdict on a network.
    pub fn verdict(&mut self, diagnosis: &Diagnosis) {
        self.add("verdict", Block::Verdict(Box::new(diagnosis.clone())));
    }

    /// Adds the loss of a fit on an axis of powers of ten, and the values `epochs`, `loss_first` and `loss_last`.
    pub fn loss(&mut self, losses: &Array) {
        let n = losses.size();
        self.value("epochs", n as f64);
        if n > 0 {
            self.value("loss_first", losses.at(&[0]));
            self.value("loss_last", losses.at(&[n - 1]));
        }
        self.figure("curve", plots::loss(losses));
    }

    /// Gives the words a number by name.
    pub fn value(&mut self, name: &'static str, number: f64) {
        self.values.insert(name, Value::Number(number));
    }

    /// Gives the words a text by name.
    pub fn word(&mut self, name: &'static str, text: impl Into<String>) {
        self.values.insert(name, Value::Text(text.into()));
    }
}
