use std::fmt::Display;

use yhat::{Array, Diagnosis, Error, Result};
use yhat_plot::diagram::Network;

/// What a chapter found: words for a person, numbers for a program, and by name what its page is made from.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Findings {
    lines: Vec<Line>,
    numbers: Vec<(&'static str, Number)>,
    arrays: Vec<(&'static str, Array)>,
    texts: Vec<(&'static str, String)>,
    networks: Vec<(&'static str, Network)>,
    verdicts: Vec<(&'static str, Diagnosis)>,
}

/// Something to read.
#[derive(Clone, Debug, PartialEq)]
pub enum Line {
    /// A sentence or two.
    Text(String),
    /// Lines in which every space counts, such as a table.
    Listing(String),
}

/// An array, or a list of arrays of different shapes, such as the weights of a net.
#[derive(Clone, Debug, PartialEq)]
pub enum Number {
    /// One array.
    Array(Array),
    /// Several.
    List(Vec<Array>),
}

impl Findings {
    /// Nothing yet.
    pub fn new() -> Findings {
        Findings::default()
    }

    /// Adds a sentence.
    pub fn say(&mut self, text: impl Into<String>) {
        self.lines.push(Line::Text(text.into()));
    }

    /// Adds lines that are to be shown as they are.
    pub fn show(&mut self, listing: impl Display) {
        self.lines.push(Line::Listing(listing.to_string()));
    }

    /// Adds numbers to the lecture's, under a key of their own.
    pub fn number(&mut self, key: &'static str, value: impl Into<Array>) {
        self.numbers.push((key, Number::Array(value.into())));
    }

    /// Adds a list of arrays to the lecture's numbers.
    pub fn list(&mut self, key: &'static str, values: Vec<Array>) {
        self.numbers.push((key, Number::List(values)));
    }

    /// Keeps an array for the chapter's page.
    pub fn array(&mut self, name: &'static str, value: impl Into<Array>) {
        self.arrays.push((name, value.into()));
    }

    /// Keeps a text for the chapter's page.
    pub fn keep(&mut self, name: &'static str, text: impl Display) {
        self.texts.push((name, text.to_string()));
    }

    /// Keeps a network, as it is now, for the diagrams of the chapter's page.
    pub fn network(&mut self, name: &'static str, network: Network) {
        self.networks.push((name, network));
    }

    /// Keeps the verdict on a network for the chapter's page.
    pub fn diagnosis(&mut self, name: &'static str, diagnosis: Diagnosis) {
        self.verdicts.push((name, diagnosis));
    }

    /// The array of this name.
    ///
    /// # Errors
    /// If there is none, with the nearest name.
    pub fn get(&self, name: &str) -> Result<&Array> {
        named("array", name, &self.arrays)
    }

    /// The text of this name.
    ///
    /// # Errors
    /// If there is none, with the nearest name.
    pub fn text(&self, name: &str) -> Result<&str> {
        named("text", name, &self.texts).map(String::as_str)
    }

    /// The network of this name.
    ///
    /// # Errors
    /// If there is none, with the nearest name.
    pub fn net(&self, name: &str) -> Result<&Network> {
        named("network", name, &self.networks)
    }

    /// The verdict of this name.
    ///
    /// # Errors
    /// If there is none, with the nearest name.
    pub fn verdict(&self, name: &str) -> Result<&Diagnosis> {
        named("verdict", name, &self.verdicts)
    }

    /// What there is to read.
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// The numbers by key.
    pub fn numbers(&self) -> &[(&'static str, Number)] {
        &self.numbers
    }

    /// The arrays by name.
    pub fn arrays(&self) -> &[(&'static str, Array)] {
        &self.arrays
    }
}

fn named<'a, T>(kind: &'static str, name: &str, list: &'a [(&'static str, T)]) -> Result<&'a T> {
    let found = list.iter().find(|entry| entry.0 == name);
    let names = || list.iter().map(|entry| entry.0).collect::<Vec<_>>();
    found.map(|entry| &entry.1).ok_or_else(|| Error::unknown(kind, name, &names()))
}

/// A term of a sum with its sign before it: `+ 0.5000`, `- 0.5000`.
pub(crate) fn signed(x: f64) -> String {
    let sign = if x < 0.0 { '-' } else { '+' };
    format!("{sign} {:.4}", x.abs())
}

impl Line {
    /// The words.
    pub fn text(&self) -> &str {
        match self {
            Line::Text(text) | Line::Listing(text) => text,
        }
    }
}

impl Number {
    /// The arrays; a single one is a list of one.
    pub fn arrays(&self) -> &[Array] {
        match self {
            Number::Array(array) => std::slice::from_ref(array),
            Number::List(arrays) => arrays,
        }
    }
}
