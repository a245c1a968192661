use std::fmt::Display;

use yhat::Array;

/// What a chapter found: words for a person, numbers for a program, arrays for figures.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Findings {
    lines: Vec<Line>,
    numbers: Vec<(&'static str, Number)>,
    arrays: Vec<(&'static str, Array)>,
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

    /// Keeps an array that a figure of the chapter is drawn from.
    pub fn array(&mut self, name: &'static str, value: impl Into<Array>) {
        self.arrays.push((name, value.into()));
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
