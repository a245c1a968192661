//! The table of a net's layers.

use std::fmt;

use yhat_tensor::Shape;

use super::{Sequential, net::Batch};
use crate::layers::{AnyLayer, batch_of};

mod keras2;
mod keras3;

/// A net's layers as a table: what [`Sequential::summary`] gives. It is printed as Keras 2 prints it, unless
/// [`Summary::keras3`] is asked for.
///
/// ```text
/// Model: "sequential"
/// _________________________________________________________________
///  Layer (type)                Output Shape              Param #
/// =================================================================
///  dense (Dense)               (None, 2)                 4
///
///  dense_1 (Dense)             (None, 1)                 3
///
/// =================================================================
/// Total params: 7
/// Trainable params: 7
/// Non-trainable params: 0
/// _________________________________________________________________
/// ```
///
/// ```
/// use yhat::prelude::*;
/// let net = Sequential::from_layers([Dense::new(2).input_shape(1).named("first"), Dense::new(1).named("last")]);
/// let summary = net.summary().to_string();
/// let line = summary.lines().find(|line| line.contains("first")).unwrap();
/// assert_eq!(line.trim_end(), " first (Dense)               (None, 2)                 4");
/// ```
#[derive(Clone, Debug)]
pub struct Summary {
    name: String,
    rows: Vec<Row>,
    totals: Option<Totals>,
    /// A mistake that an earlier call made and kept.
    mistake: Option<String>,
    line_length: Option<usize>,
    show_trainable: bool,
    expand_nested: bool,
    keras3: bool,
}

/// One layer.
#[derive(Clone, Debug)]
struct Row {
    name: String,
    kind: &'static str,
    /// As Python prints it, with `None` for a number of rows that varies; `None` where it is not known.
    shape: Option<String>,
    params: Option<usize>,
    trainable: bool,
    within: Vec<Row>,
}

/// Numbers of weights, and their bytes.
#[derive(Clone, Copy, Debug, Default)]
struct Totals {
    all: (usize, usize),
    trained: (usize, usize),
    /// The optimizer's own, once it has worked.
    optimizer: (usize, usize),
}

impl Sequential {
    /// The table of the layers with their output shapes and numbers of weights: `model.summary()`.
    ///
    /// Layers without weights yet are shown with `?`.
    pub fn summary(&self) -> Summary {
        let state = self.net.state();
        let (batch, row) = (state.batch, state.row.clone().or(state.seen_row.clone()));
        let batch = if state.row.is_some() { Batch::Varied } else { batch };
        let mistake = state.failed_add.clone().or(match &state.compiled {
            Some(Err(error)) => Some(error.clone()),
            _ => None,
        });
        drop(state);
        Summary {
            name: self.name().to_string(),
            rows: rows(&self.layers(), row.filter(|_| self.is_built()), batch),
            totals: self.totals(),
            mistake: mistake.map(|error| error.to_string()),
            line_length: None,
            show_trainable: false,
            expand_nested: false,
            keras3: false,
        }
    }

    fn totals(&self) -> Option<Totals> {
        let weights = self.weights().ok()?;
        let (trained, optimizer) = match self.compiled() {
            Ok(compiled) => (compiled.trained(&self.any()), self.optimizer_state().ok().flatten()),
            Err(_) => (self.trainable_weights().ok()?, None),
        };
        let count = |variables: &[yhat_tensor::Variable]| {
            let numbers = variables.iter().map(|v| v.shape().size());
            (numbers.clone().sum(), variables.iter().zip(numbers).map(|(v, n)| n * v.dtype().size()).sum())
        };
        let optimizer = optimizer.map_or_else(Default::default, |state| count(&state.variables()));
        Some(Totals { all: count(&weights), trained: count(&trained), optimizer })
    }
}

/// The rows for `layers` that are given rows of shape `row`.
fn rows(layers: &[AnyLayer], row: Option<Shape>, batch: Batch) -> Vec<Row> {
    let mut row = row;
    layers
        .iter()
        .map(|layer| {
            let within = rows(&layer.layers(), row.clone(), batch);
            row = row.take().and_then(|row| layer.output_row(&row).ok());
            Row {
                name: layer.name().to_string(),
                kind: layer.kind(),
                shape: row.as_ref().map(|row| printed(row, batch)),
                params: layer.count_params().ok(),
                trainable: layer.trainable(),
                within,
            }
        })
        .collect()
}

/// `(None, 2)`, or `(100, 2)` where the net has only ever seen 100 rows.
fn printed(row: &Shape, batch: Batch) -> String {
    match batch {
        Batch::Always(rows) => batch_of(rows, row).to_string(),
        _ if row.rank() == 0 => "(None,)".into(),
        _ => format!("(None, {})", row.iter().map(usize::to_string).collect::<Vec<_>>().join(", ")),
    }
}

impl Summary {
    /// Characters in a line: 65 if it is not set, fewer where the environment's `COLUMNS` says that the terminal is
    /// narrower. At least 30.
    pub fn line_length(self, line_length: usize) -> Summary {
        Summary { line_length: Some(line_length.max(30)), ..self }
    }

    /// Whether a column says which layers are trainable.
    pub fn show_trainable(self, show_trainable: bool) -> Summary {
        Summary { show_trainable, ..self }
    }

    /// Whether the layers of a net within the net have lines of their own.
    pub fn expand_nested(self, expand_nested: bool) -> Summary {
        Summary { expand_nested, ..self }
    }

    /// The table as Keras 3 prints it, in a box.
    pub fn keras3(self) -> Summary {
        Summary { keras3: true, ..self }
    }

    /// The length of a line of Keras 2's table: `usual`, unless it is set or the terminal is narrower.
    fn length(&self, usual: usize) -> usize {
        self.line_length.unwrap_or_else(|| columns().unwrap_or(usual).clamp(30, usual))
    }

    /// The same for Keras 3's, which leaves a margin and takes a terminal that says nothing to have 80 columns.
    fn length_in_box(&self, usual: usize) -> usize {
        self.line_length.unwrap_or_else(|| columns().unwrap_or(80).saturating_sub(4).clamp(30, usual))
    }

    fn notes(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.totals.is_none() {
            let how = "they are made when the net first sees data, or by build(...)";
            writeln!(f, "Not built yet: there are no weights, {how}.")?;
        }
        match &self.mistake {
            Some(mistake) => writeln!(f, "Mistake: {mistake}"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.keras3 {
            true => keras3::write(self, f)?,
            false => keras2::write(self, f)?,
        }
        self.notes(f)
    }
}

/// How wide the terminal says that it is.
fn columns() -> Option<usize> {
    std::env::var("COLUMNS").ok()?.parse().ok()
}

/// `1,537`
fn with_commas(n: usize) -> String {
    let digits = n.to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
