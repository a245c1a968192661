//! What can go wrong, in words that help.

use yhat_tensor::Shape;

use crate::{layers::AnyLayer, names::nearest};

/// An error of a network: what came, what was expected, and where.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A wrong expression, array or plan.
    #[error(transparent)]
    Tensor(#[from] yhat_tensor::Error),
    /// A name that stands for nothing.
    #[error("unknown {kind} '{name}'{}", hint(.nearest, .known))]
    UnknownName {
        /// What it should have been: "activation", "loss", ...
        kind: &'static str,
        /// What came.
        name: String,
        /// The nearest right spelling, if one is near.
        nearest: Option<String>,
        /// All the right ones.
        known: Vec<String>,
    },
    /// An argument with a value that can't be.
    #[error("{name}: expected {expected}, got {got}")]
    Argument {
        /// The argument, as in `Dense::new(units)`.
        name: String,
        /// What was expected.
        expected: String,
        /// What came.
        got: String,
    },
    /// A shape that a layer can't take.
    #[error("layer '{layer}' ({kind}): expected {expected}, got shape {got}")]
    LayerShape {
        /// The layer's name.
        layer: String,
        /// Its type.
        kind: String,
        /// What was expected.
        expected: String,
        /// What came.
        got: Shape,
    },
    /// A mistake inside of a layer.
    #[error("layer '{layer}' ({kind}): {source}")]
    Layer {
        /// The layer's name.
        layer: String,
        /// Its type.
        kind: String,
        /// What went wrong there.
        source: Box<Error>,
    },
    /// A mistake inside of a function that the user gave.
    #[error("{what}: {source}")]
    Within {
        /// The function, as in `loss 'custom'`.
        what: String,
        /// What went wrong there.
        source: Box<Error>,
    },
    /// A callback that failed or panicked.
    #[error("callback {hook}: {message}")]
    Callback {
        /// The method, as in `on_epoch_end`.
        hook: &'static str,
        /// What it said.
        message: String,
    },
    /// A file that can't be read, written, or is another than it should be.
    #[error("{path}: {message}")]
    File {
        /// Where it is.
        path: String,
        /// What is wrong with it.
        message: String,
    },
    /// Something asked for before what it needs was done: `fit` before `compile`, weights before `build`.
    #[error("{what} {needs}")]
    State {
        /// What was asked for.
        what: String,
        /// What must come first, and how.
        needs: String,
    },
}

/// The result of anything that can fail.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// An [`Error::UnknownName`] with the nearest of `known`.
    pub fn unknown(kind: &'static str, name: &str, known: &[&str]) -> Error {
        Error::UnknownName {
            kind,
            name: name.to_string(),
            nearest: nearest(name, known).map(str::to_string),
            known: known.iter().map(|k| k.to_string()).collect(),
        }
    }

    /// The error with the name of the layer it happened in, unless a layer within has put its name there.
    pub(crate) fn inside(self, layer: &AnyLayer) -> Error {
        match self {
            Error::Layer { .. } | Error::LayerShape { .. } => self,
            source => Error::Layer {
                layer: layer.name().to_string(),
                kind: layer.kind().to_string(),
                source: Box::new(source),
            },
        }
    }

    /// The error of an expression with the function that made it; any other error says enough itself.
    pub(crate) fn within(self, what: &str, name: &str) -> Error {
        match self {
            Error::Tensor(_) => Error::Within { what: format!("{what} '{name}'"), source: Box::new(self) },
            other => other,
        }
    }

    /// An [`Error::State`].
    pub(crate) fn state(what: impl Into<String>, needs: impl Into<String>) -> Error {
        Error::State { what: what.into(), needs: needs.into() }
    }

    /// An [`Error::File`].
    pub(crate) fn file(path: &std::path::Path, message: impl ToString) -> Error {
        Error::File { path: path.display().to_string(), message: message.to_string() }
    }

    /// An [`Error::Argument`].
    pub fn argument(name: impl Into<String>, expected: impl Into<String>, got: impl ToString) -> Error {
        Error::Argument { name: name.into(), expected: expected.into(), got: got.to_string() }
    }
}

fn hint(nearest: &Option<String>, known: &[String]) -> String {
    match nearest {
        Some(name) => format!("; did you mean '{name}'?"),
        None => format!("; known are {}", known.join(", ")),
    }
}
